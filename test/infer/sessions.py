# Writes sessions.npz, which test/infer/reading.test.ts reads: two recordings of three steps, with two inputs and one neuron.
import numpy as np

np.savez_compressed(
    "sessions.npz",
    inputs=np.arange(12.0).reshape(2, 3, 2),
    start=np.array([[0.5, -0.5]], dtype=np.float32),
    outputs=np.array([[[1], [0], [np.nan]], [[0], [1], [1]]]),
    weights=np.arange(12).reshape(2, 3, 1, 2),
    rewards=np.array([[1, 0, -1], [0, 1, 0]], dtype=np.int64),
)
