#!/usr/bin/env bash
# What Zeppelin calls to start an interpreter. For Spark it runs the interpreter on PARE_SPARK_CLASSPATH, with the
# Java options of PARE_SPARK_OPTIONS, where Zeppelin's own script would call spark-submit.
set -euo pipefail

while getopts "c:p:r:i:d:l:u:g:n" option; do
  case $option in
    c) host=$OPTARG ;;
    p) port=$OPTARG ;;
    r) range=$OPTARG ;;
    i) group=$OPTARG ;;
    d) folder=$OPTARG ;;
    *) ;;
  esac
done

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export ZEPPELIN_HOME=$home
classpath="$home/conf:$folder/*:$home/interpreter/*"
options=()
if [ "$(basename "$folder")" = spark ]; then
  # The class of this build stands in for one that Zeppelin publishes under the same name.
  classpath="$folder/pare-zeppelin-0.jar:$classpath:$PARE_SPARK_CLASSPATH"
  read -ra options <<<"$PARE_SPARK_OPTIONS"
fi
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" "${options[@]}" -XX:+UseSerialGC -Xmx2g \
  "-Dzeppelin.log.file=$home/logs/interpreter-$group.log" -cp "$classpath" \
  org.apache.zeppelin.interpreter.remote.RemoteInterpreterServer "$host" "$port" "$group" "$range"
