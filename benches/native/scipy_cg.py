"""SciPy's sparse conjugate gradients on Poisson's equation, 200 by 200, to 1e-8, and Descent's beside it.

Run from the repository: python benches/native/scipy_cg.py
"""

import json
import os
import pathlib
import statistics
import subprocess
import time

# One thread each: OpenBLAS's wait for one another where the machine is busy.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
import scipy.sparse
from scipy.sparse.linalg import cg

ROOT = pathlib.Path(__file__).parent.parent.parent
SIDE = 200
REPEATS = 10


def poisson(n):
    second = scipy.sparse.diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(n, n))
    one = scipy.sparse.eye_array(n)
    return (scipy.sparse.kron(one, second) + scipy.sparse.kron(second, one)).tocsr()


def scipys():
    a = poisson(SIDE)
    b = a @ np.ones(SIDE * SIDE)
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        _, failed = cg(a, b, rtol=1e-8)
        times.append(time.perf_counter() - began)
        assert failed == 0
    return statistics.median(times)


def ours(label):
    estimates = ROOT / "target" / "criterion" / label / "new" / "estimates.json"
    return json.loads(estimates.read_text())["median"]["point_estimate"] / 1e9


if __name__ == "__main__":
    before = scipys()
    subprocess.run(["cargo", "bench", "--bench", "linear"], cwd=ROOT, check=True)
    theirs = min(before, scipys())
    print(f"SciPy {theirs * 1e3:.1f} ms")
    for label in ("cg", "cg in a session"):
        print(f"Descent, {label}: {ours(label) * 1e3:.1f} ms, {ours(label) / theirs:.2f} of SciPy")
