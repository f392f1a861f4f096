"""A sweep every night by Airflow, then whether its frontier got worse.

Needs the provider apache-airflow-providers-apache-spark and a Spark connection named spark_default. Stages that have
not changed come from the store, so that a retry goes on where the sweep ended.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator

PARE = "/opt/pare"
CONFIGURATION = "hdfs:///sweeps/lenet.conf"
RESULTS = "hdfs:///sweeps/lenet"

with DAG(
    dag_id="pare_nightly",
    description="Sweeps compression settings and watches the frontier.",
    schedule="0 3 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    tags=["pare"],
) as dag:
    sweep = SparkSubmitOperator(
        task_id="sweep",
        conn_id="spark_default",
        name="pare",
        application=f"{PARE}/driver/target/pare.jar",
        java_class="dev.pare.cli.Main",
        application_args=["sweep", CONFIGURATION],
        num_executors=8,
        executor_cores=4,
        executor_memory="4g",
        driver_memory="4g",
        conf={
            "spark.task.cpus": "1",
            "spark.locality.wait": "0s",
            "spark.executor.memoryOverhead": "2g",
            "spark.executor.extraJavaOptions": "-Dorg.bytedeco.javacpp.maxBytes=2g"
            " -Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "spark.executorEnv.OMP_NUM_THREADS": "1",
            "spark.executorEnv.LC_ALL": "C.UTF-8",
            "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
        },
        env_vars={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LC_ALL": "C.UTF-8"},
        retries=2,
        retry_delay=timedelta(minutes=5),
    )

    # A worse frontier is no failure that another try would mend.
    diff = BashOperator(
        task_id="diff",
        bash_command=f"{PARE}/deploy/bin/pare diff {RESULTS} --fail-if-worse",
        retries=0,
    )

    sweep >> diff
