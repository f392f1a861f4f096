"""Saves the small arrays of NumPy that the tests read: save_arrays.py FOLDER."""

import sys
from pathlib import Path

import numpy as np

folder = Path(sys.argv[1])
counted = np.arange(24).reshape(2, 3, 2, 2)
labels = np.array([1, 0])
for name in ["b1", "i1", "i2", "u2", "i4", "u4", "i8", "f2", "f4", "f8"]:
    values = counted % 2 if name == "b1" else counted / 4 if name[0] == "f" else counted
    np.save(folder / f"{name}.npy", values.astype(bool if name == "b1" else "<" + name))
np.save(folder / "u1.npy", counted.astype(np.uint8))
np.save(folder / "fortran-f4.npy", np.asfortranarray(counted.astype(np.float32)))
np.save(folder / "fortran-u1.npy", np.asfortranarray(counted.astype(np.uint8)))
np.save(folder / "rank2.npy", counted.reshape(4, 6).astype(np.float32))
np.save(folder / "rank3.npy", counted.reshape(4, 3, 2).astype(np.float32))
np.save(folder / "labels.npy", labels)
np.save(folder / "labels4.npy", np.array([0, 1, 1, 0], dtype=np.uint8))
np.save(folder / "column.npy", labels.reshape(2, 1))
np.save(folder / "texts.npy", np.array(["dog", "cät"]))
np.save(folder / "objects.npy", np.array([{}, {}], dtype=object), allow_pickle=True)
np.save(folder / "big.npy", counted.astype(">f4"))
np.save(folder / "records.npy", np.zeros(2, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save(folder / "nan.npy", np.array([[1, np.nan], [1, 2]], dtype=np.float32))
np.savez(folder / "both.npz", x_train=counted.astype(np.float32), y_train=labels)
np.savez_compressed(folder / "compressed.npz", x=counted.astype(np.float32))
halves = np.array([0, 6e-8, -1, 65504, 1 / 3, -2.0**-14], dtype=np.float16)
np.save(folder / "halves.npy", np.stack([halves, halves]))
np.save(folder / "halves-as-f4.npy", np.stack([halves, halves]).astype(np.float32))
