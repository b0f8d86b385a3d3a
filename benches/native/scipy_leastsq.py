"""SciPy's `leastsq` (MINPACK's Levenberg-Marquardt) on problems of the NIST, and Descent's beside it.

Both start at the NIST's second start. SciPy stops by its default tolerances, which on Thurber leaves it four digits;
Descent where rounding leaves nothing to gain, with ten.

Run from the repository: python benches/native/scipy_leastsq.py
"""

import ours

import numpy as np
from scipy.optimize import leastsq


def misra1a(b, x):
    return b[0] * (1 - np.exp(-b[1] * x))


def misra1a_slopes(b, x):
    decay = np.exp(-b[1] * x)
    return np.array([1 - decay, b[0] * x * decay])


def thurber(b, x):
    return (b[0] + x * (b[1] + x * (b[2] + x * b[3]))) / (1 + x * (b[4] + x * (b[5] + x * b[6])))


def thurber_slopes(b, x):
    powers = np.array([np.ones_like(x), x, x * x, x * x * x])
    below = 1 + b[4:] @ powers[1:]
    by_above = powers / below
    return np.concatenate([by_above, -(b[:4] @ by_above) * by_above[1:]])


# Model, ∂/∂b, start, certified parameters.
PROBLEMS = {
    "misra1a": (misra1a, misra1a_slopes, [250, 5e-4], [238.94212918, 5.5015643181e-4]),
    "thurber": (
        thurber,
        thurber_slopes,
        [1300, 1500, 500, 75, 1, 0.4, 0.05],
        [1288.13968, 1491.0792535, 583.23836877, 75.416644291, 0.96629502864, 0.39797285797, 0.049727297349],
    ),
}


def scipys(name):
    """Seconds with derivatives by differences, as it is mostly called, and with exact ones."""
    model, slopes, start, certified = PROBLEMS[name]
    x, y = np.loadtxt(ours.ROOT / "www" / "data" / "nist" / f"{name}.csv", delimiter=",", skiprows=1).T

    def fit(derivatives):
        b, _ = leastsq(lambda b: model(b, x) - y, start, Dfun=derivatives, col_deriv=True)
        assert np.allclose(b, certified, rtol=1e-4, atol=0)

    exact = lambda b: slopes(b, x)
    return np.array([ours.median_seconds(lambda: fit(derivatives), repeats=200) for derivatives in (None, exact)])


if __name__ == "__main__":
    before = {name: scipys(name) for name in PROBLEMS}
    ours.run("second_order", "levenberg_marquardt")
    for name in PROBLEMS:
        theirs = np.minimum(before[name], scipys(name))
        time = ours.seconds(f"levenberg_marquardt {name}")
        print(f"{name}: Descent {time * 1e6:.0f} µs")
        for what, seconds in zip(("differences", "exact derivatives"), theirs):
            print(f"SciPy, {what}: {seconds * 1e6:.0f} µs; Descent {time / seconds:.2f} of it")
