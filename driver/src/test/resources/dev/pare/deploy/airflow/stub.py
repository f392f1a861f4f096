"""Stands in for Airflow: runs a DAG's file and prints its tasks as JSON. Arguments that Airflow lacks are errors."""

import json
import runpy
import sys
import types


class DAG:
    current = None

    def __init__(self, dag_id, *, description=None, schedule=None, start_date=None, catchup=True,
                 max_active_runs=None, tags=None, default_args=None):
        self.facts = {"dag_id": dag_id, "schedule": schedule, "start_date": start_date.isoformat(),
                      "catchup": catchup, "max_active_runs": max_active_runs, "tasks": {}}

    def __enter__(self):
        DAG.current = self
        return self

    def __exit__(self, *error):
        return False


class BaseOperator:
    """The arguments of every operator that the DAG may use."""

    def __init__(self, *, task_id, retries=0, retry_delay=None):
        self.task_id = task_id
        self.facts = {"retries": retries, "downstream": []}
        DAG.current.facts["tasks"][task_id] = self.facts

    def __rshift__(self, other):
        self.facts["downstream"].append(other.task_id)
        return other


class BashOperator(BaseOperator):
    def __init__(self, *, bash_command, env=None, append_env=False, cwd=None, **kwargs):
        super().__init__(**kwargs)
        self.facts["bash_command"] = bash_command


class SparkSubmitOperator(BaseOperator):
    """With the arguments of apache-airflow-providers-apache-spark 4."""

    ARGUMENTS = {
        "application", "conf", "conn_id", "files", "py_files", "archives", "driver_class_path", "jars", "java_class",
        "packages", "exclude_packages", "repositories", "total_executor_cores", "executor_cores", "executor_memory",
        "driver_memory", "keytab", "principal", "proxy_user", "name", "num_executors", "status_poll_interval",
        "application_args", "env_vars", "verbose", "spark_binary", "properties_file", "yarn_queue", "deploy_mode",
        "use_krb5ccache",
    }

    def __init__(self, *, task_id, retries=0, retry_delay=None, **kwargs):
        super().__init__(task_id=task_id, retries=retries, retry_delay=retry_delay)
        unknown = set(kwargs) - self.ARGUMENTS
        if unknown:
            raise TypeError(f"SparkSubmitOperator has no {sorted(unknown)}")
        self.facts.update(kwargs)


def module(name, **members):
    made = types.ModuleType(name)
    vars(made).update(members)
    sys.modules[name] = made


module("airflow", DAG=DAG)
module("airflow.operators")
module("airflow.operators.bash", BashOperator=BashOperator)
for parent in ("airflow.providers", "airflow.providers.apache", "airflow.providers.apache.spark",
               "airflow.providers.apache.spark.operators"):
    module(parent)
module("airflow.providers.apache.spark.operators.spark_submit", SparkSubmitOperator=SparkSubmitOperator)

print(json.dumps(runpy.run_path(sys.argv[1])["dag"].facts))
