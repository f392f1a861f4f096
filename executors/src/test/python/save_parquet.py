"""Saves Parquet files of types and encodings that are not read: save_parquet.py FOLDER."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
label = pa.array([0, 1, 0, 1], pa.int32())
pq.write_table(
    pa.table({"x": pa.array([1, 2, 3, 4], pa.int64()), "y": label}),
    folder / "split-whole-numbers.parquet",
    use_dictionary=False,
    column_encoding={"x": "BYTE_STREAM_SPLIT", "y": "PLAIN"},
)
pq.write_table(
    pa.table({"x": pa.array(np.array([1, 2, 3, 4], np.float16)), "y": label}),
    folder / "halves.parquet",
)
