# Writes the files of test/io/npy with NumPy itself, which the tests read:
#     /usr/bin/python3 test/io/npy.py
from pathlib import Path
import numpy as np
from numpy.lib import format as npy

HERE = Path(__file__).parent / "npy"
HERE.mkdir(exist_ok=True)


def write(name, array, version=(1, 0)):
    with open(HERE / f"{name}.npy", "wb") as file:
        npy.write_array(file, array, version=version)


grid = np.array([[1.5, -2.0, 3.25], [0.1, -0.0, 1e-3]])
write("f4", grid.astype("<f4"))
write("f4-v2", grid.astype("<f4"), (2, 0))
write("f4-v3", grid.astype("<f4"), (3, 0))
write("f4-fortran", np.asfortranarray(grid.astype("<f4")))
write("f4-rank3-fortran", np.asfortranarray(np.arange(24, dtype="<f4").reshape(2, 3, 4)))
write("f4-scalar", np.float32(7.5) * np.ones((), "<f4"))
write("f4-empty", np.zeros((0, 3), "<f4"))
write("f4-special", np.array([np.nan, np.inf, -np.inf, 1e-45, 3.4028235e38], "<f4"))
write("f8", np.array([0.1, 1 / 3, 1e300, -1e-300], "<f8"))
write("i4", np.array([[1, -2], [2147483647, -2147483648]], "<i4"))
write("i8", np.array([5, -6, 2147483647, -2147483648], "<i8"))
write("i8-large", np.array([5, 2147483648], "<i8"))
write("u1", np.array([0, 127, 255], "u1"))
write("f4-big-endian", grid.astype(">f4"))
write("c8", np.array([1 + 2j], "<c8"))
write("structured", np.array([(1, 2.0)], [("a", "<i4"), ("b", "<f4")]))

ints = [0, 1, 100]
for kind in ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]:
    info = np.iinfo(kind)
    held = np.array([*ints, max(info.min, -(2**31)), min(info.max, 2**31 - 1)])
    for order, name in [("<", "little"), (">", "big")]:
        write(f"{kind}-{name}", held.astype(order + kind))
halves = np.array([0.1, -0.0, 65504, 2**-24, 2**-14, np.inf, -np.inf, np.nan, -1.5], "f2")
for order, name in [("<", "little"), (">", "big")]:
    write(f"f2-{name}", halves.astype(order + "f2"))
write("f8-big", np.array([0.1, 1 / 3, 1e300], ">f8"))
write("b1", np.array([[True, False], [False, True], [True, True]]))
write("i4-fortran-big", np.asfortranarray(np.arange(6).reshape(2, 3).astype(">i4")))
write("u4-large", np.array([[1, 2], [3, 4294967295]], "<u4"))
write("u8-large-fortran", np.asfortranarray(np.array([[1, 2, 3], [2**63, 5, 6]], ">u8")))

arrays = {"grid": grid.astype("<f4"), "labels": np.array([3, 1, 2], "<i8")}
np.savez(HERE / "stored.npz", **arrays)
np.savez_compressed(HERE / "deflated.npz", **arrays)
