"""Values, gradients and minima of the functions of Moré, Garbow and Hillstrom: surfaces.json.

Transcribed from the paper (ACM TOMS 7 (1981) 17-41) in 50 digits. Minima are polished by Newton's method from where
SciPy's least_squares ends after the standard start, and compared with the values that the paper prints.

Run with the versions that the file names: python tests/reference/generate_surfaces.py
"""

import golden
import mpmath as mp
import numpy
from scipy.optimize import least_squares

mp.mp.dps = 50


def freudenstein_roth(x):
    return [-13 + x[0] + ((5 - x[1]) * x[1] - 2) * x[1], -29 + x[0] + ((x[1] + 1) * x[1] - 14) * x[1]]


def powell_badly_scaled(x):
    return [10**4 * x[0] * x[1] - 1, mp.exp(-x[0]) + mp.exp(-x[1]) - mp.mpf("1.0001")]


def brown_badly_scaled(x):
    return [x[0] - 10**6, x[1] - mp.mpf("2e-6"), x[0] * x[1] - 2]


def beale(x):
    return [mp.mpf(y) - x[0] * (1 - x[1] ** i) for i, y in enumerate(("1.5", "2.25", "2.625"), 1)]


def rosenbrock(x):
    return [10 * (x[1] - x[0] ** 2), 1 - x[0]]


def jennrich_sampson(x):
    return [2 + 2 * i - (mp.exp(i * x[0]) + mp.exp(i * x[1])) for i in range(1, 11)]


def helical_valley(x):
    turn = mp.atan(x[1] / x[0]) / (2 * mp.pi) + (mp.mpf(1) / 2 if x[0] < 0 else 0)
    return [10 * (x[2] - 10 * turn), 10 * (mp.sqrt(x[0] ** 2 + x[1] ** 2) - 1), x[2]]


BARD = "0.14 0.18 0.22 0.25 0.29 0.32 0.35 0.39 0.37 0.58 0.73 0.96 1.34 2.10 4.39".split()


def bard(x):
    rows = []
    for u, y in enumerate(BARD, 1):
        v = 16 - u
        rows.append(mp.mpf(y) - (x[0] + u / (v * x[1] + min(u, v) * x[2])))
    return rows


GAUSSIAN = "0.0009 0.0044 0.0175 0.0540 0.1295 0.2420 0.3521 0.3989".split()


def gaussian(x):
    data = GAUSSIAN + GAUSSIAN[-2::-1]
    rows = []
    for i, y in enumerate(data, 1):
        t = mp.mpf(8 - i) / 2
        rows.append(x[0] * mp.exp(-x[1] * (t - x[2]) ** 2 / 2) - mp.mpf(y))
    return rows


MEYER = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872]


def meyer(x):
    return [x[0] * mp.exp(x[1] / (45 + 5 * i + x[2])) - y for i, y in enumerate(MEYER, 1)]


def box_3d(x):
    rows = []
    for i in range(1, 11):
        t = mp.mpf(i) / 10
        rows.append(mp.exp(-t * x[0]) - mp.exp(-t * x[1]) - x[2] * (mp.exp(-t) - mp.exp(-10 * t)))
    return rows


def powell_singular(x):
    rows = []
    for k in range(0, len(x), 4):
        a, b, c, d = x[k : k + 4]
        rows += [a + 10 * b, mp.sqrt(5) * (c - d), (b - 2 * c) ** 2, mp.sqrt(10) * (a - d) ** 2]
    return rows


def wood(x):
    a, b, c, d = x
    return [
        10 * (b - a**2),
        1 - a,
        mp.sqrt(90) * (d - c**2),
        1 - c,
        mp.sqrt(10) * (b + d - 2),
        (b - d) / mp.sqrt(10),
    ]


KOWALIK_Y = "0.1957 0.1947 0.1735 0.1600 0.0844 0.0627 0.0456 0.0342 0.0323 0.0235 0.0246".split()
KOWALIK_U = "4 2 1 0.5 0.25 0.167 0.125 0.1 0.0833 0.0714 0.0625".split()


def kowalik_osborne(x):
    rows = []
    for y, u in zip(KOWALIK_Y, map(mp.mpf, KOWALIK_U)):
        rows.append(mp.mpf(y) - x[0] * (u**2 + u * x[1]) / (u**2 + u * x[2] + x[3]))
    return rows


def brown_dennis(x):
    rows = []
    for i in range(1, 21):
        t = mp.mpf(i) / 5
        rows.append((x[0] + t * x[1] - mp.exp(t)) ** 2 + (x[2] + x[3] * mp.sin(t) - mp.cos(t)) ** 2)
    return rows


def biggs_exp6(x):
    rows = []
    for i in range(1, 14):
        t = mp.mpf(i) / 10
        y = mp.exp(-t) - 5 * mp.exp(-10 * t) + 3 * mp.exp(-4 * t)
        rows.append(x[2] * mp.exp(-t * x[0]) - x[3] * mp.exp(-t * x[1]) + x[5] * mp.exp(-t * x[4]) - y)
    return rows


def watson(x):
    rows = []
    for i in range(1, 30):
        t = mp.mpf(i) / 29
        slope = sum(j * v * t ** (j - 1) for j, v in enumerate(x) if j > 0)
        rows.append(slope - sum(v * t**j for j, v in enumerate(x)) ** 2 - 1)
    return rows + [x[0], x[1] - x[0] ** 2 - 1]


def extended_rosenbrock(x):
    rows = []
    for k in range(0, len(x), 2):
        rows += [10 * (x[k + 1] - x[k] ** 2), 1 - x[k]]
    return rows


def penalty_1(x):
    root = mp.sqrt(mp.mpf("1e-5"))
    return [root * (v - 1) for v in x] + [sum(v**2 for v in x) - mp.mpf(1) / 4]


def penalty_2(x):
    n, root = len(x), mp.sqrt(mp.mpf("1e-5"))
    rows = [x[0] - mp.mpf("0.2")]
    for i in range(2, n + 1):
        y = mp.exp(mp.mpf(i) / 10) + mp.exp(mp.mpf(i - 1) / 10)
        rows.append(root * (mp.exp(x[i - 1] / 10) + mp.exp(x[i - 2] / 10) - y))
    for i in range(n + 1, 2 * n):
        rows.append(root * (mp.exp(x[i - n] / 10) - mp.exp(mp.mpf(-1) / 10)))
    return rows + [sum((n - j) * v**2 for j, v in enumerate(x)) - 1]


def variably_dimensioned(x):
    total = sum(j * (v - 1) for j, v in enumerate(x, 1))
    return [v - 1 for v in x] + [total, total**2]


def trigonometric(x):
    n, cosines = len(x), sum(mp.cos(v) for v in x)
    return [n - cosines + i * (1 - mp.cos(v)) - mp.sin(v) for i, v in enumerate(x, 1)]


def brown_almost_linear(x):
    n, total, product = len(x), sum(x), mp.mpf(1)
    for v in x:
        product *= v
    return [v + total - (n + 1) for v in x[:-1]] + [product - 1]


def discrete_boundary_value(x):
    n = len(x)
    h = mp.mpf(1) / (n + 1)
    padded = [0, *x, 0]
    return [
        2 * padded[i] - padded[i - 1] - padded[i + 1] + h**2 * (padded[i] + i * h + 1) ** 3 / 2
        for i in range(1, n + 1)
    ]


def broyden_tridiagonal(x):
    padded = [0, *x, 0]
    return [(3 - 2 * padded[i]) * padded[i] - padded[i - 1] - 2 * padded[i + 1] + 1 for i in range(1, len(x) + 1)]


def broyden_banded(x):
    n, rows = len(x), []
    for i in range(n):
        others = [j for j in range(max(0, i - 5), min(n - 1, i + 1) + 1) if j != i]
        rows.append(x[i] * (2 + 5 * x[i] ** 2) + 1 - sum(x[j] * (1 + x[j]) for j in others))
    return rows


# The function, its standard start, what the paper prints for the minimum that is reached from there, and where it is, if
# that is known exactly or Newton's method has a singular matrix there.
HALF = mp.mpf(1) / 2
PROBLEMS = [
    (rosenbrock, ["-1.2", 1], 0),
    (freudenstein_roth, [HALF, -2], 48.9842),
    (powell_badly_scaled, [0, 1], 0),
    (brown_badly_scaled, [1, 1], 0),
    (beale, [1, 1], 0),
    (jennrich_sampson, ["0.3", "0.4"], 124.362),
    (helical_valley, [-1, 0, 0], 0, [1, 0, 0]),
    (bard, [1, 1, 1], 8.21487e-3),
    (gaussian, ["0.4", 1, 0], 1.12793e-8),
    (meyer, ["0.02", 4000, 250], 87.9458),
    (box_3d, [0, 10, 20], 0),
    (powell_singular, [3, -1, 0, 1], 0, [0] * 4),
    (wood, [-3, -1, -3, -1], 0),
    (kowalik_osborne, ["0.25", "0.39", "0.415", "0.39"], 3.07505e-4),
    (brown_dennis, [25, 5, -5, -1], 85822.2),
    # Other methods end at 5.65565e-3, where two of the exponentials are the same.
    (biggs_exp6, [1, 2, 1, 1, 1, 1], 0, [1, 10, 1, 5, 4, 3]),
    (watson, [0] * 6, 2.28767e-3),
    (extended_rosenbrock, ["-1.2", 1] * 5, 0),
    (penalty_1, [1, 2, 3, 4], 2.24997e-5),
    (penalty_2, [HALF] * 4, 9.37629e-6),
    (variably_dimensioned, [1 - mp.mpf(j) / 10 for j in range(1, 11)], 0),
    (trigonometric, [mp.mpf(1) / 10] * 10, 2.79506e-5),
    (brown_almost_linear, [HALF] * 10, 1, [0] * 9 + [11]),
    (discrete_boundary_value, [mp.mpf(j) / 11 * (mp.mpf(j) / 11 - 1) for j in range(1, 11)], 0),
    (broyden_tridiagonal, [-1] * 10, 0),
    (broyden_banded, [-1] * 10, 0),
]


def value(f, x):
    return sum(v**2 for v in f(x))


def gradient(f, x):
    """Central differences: with a step of 1e-15 in 50 digits, exact to 25."""
    h, slopes = mp.mpf("1e-15"), []
    for i in range(len(x)):
        above, below = list(x), list(x)
        above[i] += h
        below[i] -= h
        slopes.append((value(f, above) - value(f, below)) / (2 * h))
    return slopes


def hessian(f, x):
    h, n = mp.mpf("1e-12"), len(x)
    columns = []
    for i in range(n):
        above, below = list(x), list(x)
        above[i] += h
        below[i] -= h
        columns.append([(a - b) / (2 * h) for a, b in zip(gradient(f, above), gradient(f, below))])
    return mp.matrix(columns)


def minimize(f, start):
    """From SciPy's answer on, Newton's method until the step is below 1e-25; a singular minimum is left to itself."""
    found = least_squares(
        lambda x: numpy.array([float(v) for v in f([mp.mpf(float(c)) for c in x])]),
        numpy.array([float(v) for v in start]),
        method="lm", x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=20000,
    )
    x = [mp.mpf(float(v)) for v in found.x]
    for _ in range(50):
        step = mp.lu_solve(hessian(f, x), -mp.matrix(gradient(f, x)))
        x = [v + s for v, s in zip(x, step)]
        if max(abs(s) / (1 + abs(v)) for s, v in zip(step, x)) < mp.mpf("1e-25"):
            break
    return x


def case(f, start, printed, known=None):
    start = [mp.mpf(v) for v in start]
    # The numbers that are compared are doubles, so the start is one too.
    start = [mp.mpf(float(v)) for v in start]
    moved = [v + mp.mpf(1) / 8 for v in start]
    minimum = [mp.mpf(v) for v in known] if known else minimize(f, start)
    least = value(f, minimum)
    if abs(least - printed) > 1e-5 * abs(printed) + mp.mpf("1e-15"):
        raise SystemExit(f"{f.__name__}: {mp.nstr(least, 12)}, but the paper has {printed}")
    return {
        "name": f.__name__,
        "dim": len(start),
        "start": [float(v) for v in start],
        "start_value": float(value(f, start)),
        "near": [float(v) for v in moved],
        "near_value": float(value(f, moved)),
        "near_gradient": [float(v) for v in gradient(f, moved)],
        "minimum": [float(v) if abs(v) > 1e-30 else 0.0 for v in minimum],
        "minimum_value": float(least) if printed else 0.0,
    }


def main():
    cases = [case(*problem) for problem in PROBLEMS]
    golden.write("surfaces.json", {"versions": golden.versions("mpmath", "numpy", "scipy")}, cases)


if __name__ == "__main__":
    main()
