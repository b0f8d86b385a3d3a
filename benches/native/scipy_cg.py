"""SciPy's sparse conjugate gradients on Poisson's equation, 200 by 200, to 1e-8, and Descent's beside it.

Run from the repository: python benches/native/scipy_cg.py
"""

import ours

import numpy as np
import scipy.sparse
from scipy.sparse.linalg import cg

SIDE = 200


def poisson(n):
    second = scipy.sparse.diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(n, n))
    one = scipy.sparse.eye_array(n)
    return (scipy.sparse.kron(one, second) + scipy.sparse.kron(second, one)).tocsr()


def scipys():
    a = poisson(SIDE)
    b = a @ np.ones(SIDE * SIDE)

    def solve():
        _, failed = cg(a, b, rtol=1e-8)
        assert failed == 0

    return ours.median_seconds(solve, repeats=10)


if __name__ == "__main__":
    before = scipys()
    ours.run("linear")
    theirs = min(before, scipys())
    print(f"SciPy {theirs * 1e3:.1f} ms")
    for function in ("cg", "cg in a session"):
        time = ours.seconds(function)
        print(f"Descent, {function}: {time * 1e3:.1f} ms, {time / theirs:.2f} of SciPy")
