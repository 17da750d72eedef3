# Writes the files of test/io/safetensors with the safetensors library itself, which the tests read:
#     pip install safetensors==0.8.0 numpy && python3 test/io/safetensors-files.py
from pathlib import Path
import numpy as np
from safetensors import TensorSpec, serialize
from safetensors.numpy import save_file

HERE = Path(__file__).parent / "safetensors"
HERE.mkdir(exist_ok=True)

floats = [0.5, -0.0, 1 / 3, 1e-7, np.inf, -np.inf, 60000, np.nan]
tensors = {kind: np.array(floats).astype(kind).reshape(2, 4) for kind in ["float64", "float32", "float16"]}
for kind in ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]:
    info = np.iinfo(kind)
    tensors[kind] = np.array([0, 1, max(info.min, -(2**31)), min(info.max, 2**31 - 1)]).astype(kind)
tensors["bool"] = np.array([[True], [False]])
tensors["scalar"] = np.array(7, dtype="int64")
tensors["empty"] = np.zeros((0, 3), dtype="float32")
save_file(tensors, HERE / "all.safetensors", metadata={"by": "safetensors", "ü": "ö"})
save_file({"w": np.array([[1, 2], [3, 2**31]])}, HERE / "large.safetensors")
# NumPy has no bfloat16: the upper halves of float32 numbers, as torch would save them.
halves = (np.array([1.5, -2, 0.1, np.inf], dtype="<f4").view("<u4") >> 16).astype("<u2")
spec = TensorSpec(dtype="bfloat16", shape=[4], data_ptr=halves.ctypes.data, data_len=halves.nbytes)
(HERE / "bf16.safetensors").write_bytes(bytes(serialize({"half": spec})))
