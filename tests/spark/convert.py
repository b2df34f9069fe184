"""Converts payloads, one per line, with Spark: spark-submit convert.py SOURCE OUTPUT REJECTS

olark2rudder must be on each worker's PATH, and REJECTS a directory that all workers share. For pretty-printed files,
replace sc.textFile(...) by sc.wholeTextFiles(source, 8).values(), which reads whole files.
"""

import os
import sys

from pyspark import SparkConf, SparkContext

source, output, rejects = sys.argv[1:]
# Without this Spark ends lines at carriage returns too, which may stand between the tokens of JSON.
conf = SparkConf().set("spark.hadoop.textinputformat.record.delimiter", "\n")
sc = SparkContext(conf=conf)
lines = sc.textFile(source, minPartitions=8)
# Exit code 1 means that something was rejected. Any higher code fails the task, and Spark tries again.
convert = 'olark2rudder --timestamp --jobs 1 --rejects "$(mktemp "$REJECTS/XXXXXXXXXX")"; [ $? -le 1 ]'
# The command sees no other environment variables.
env = {"PATH": os.environ["PATH"], "REJECTS": rejects}
lines.pipe(f"sh -c '{convert}'", env, checkCode=True).saveAsTextFile(output)
