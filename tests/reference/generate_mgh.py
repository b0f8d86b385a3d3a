"""The Moré-Garbow-Hillstrom test set as formulas, and what SciPy's BFGS and L-BFGS-B pay for each.

f = ½Σr², half of the paper's. Of each problem are kept: residuals (in the syntax of the page), standard start, the least
value (from SciPy's `least_squares`, checked against the paper's six digits), and how many evaluations of value and
gradient SciPy needs until f is within 1e-8 of it, relatively (1e-10 absolutely where it is zero).

Source: Moré, Garbow, Hillstrom 1981, Testing Unconstrained Optimization Software, ACM TOMS 7(1); its numbers stand
before the names. Left out are those with data tables that are long or functions in branches.
"""

import jax
import jax.numpy as jnp
import numpy as np
import scipy.optimize

import golden

jax.config.update("jax_enable_x64", True)


def bard():
    y = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39]
    rows = []
    for i, v in enumerate(y, 1):
        rows.append(f"{v} - (x1 + {i}/({16 - i}*x2 + {min(i, 16 - i)}*x3))")
    return rows


def gaussian():
    y = [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989]
    y = y + y[-2::-1]
    return [f"x1*exp(-x2*({(8 - i) / 2} - x3)^2/2) - {v}" for i, v in enumerate(y, 1)]


def box():
    return [
        f"exp(-{i / 10}*x1) - exp(-{i / 10}*x2) - x3*(exp(-{i / 10}) - exp(-{i}))"
        for i in range(1, 11)
    ]


def kowalik_osborne():
    y = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246]
    u = [4.0, 2.0, 1.0, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625]
    return [f"{y} - x1*({u}^2 + {u}*x2)/({u}^2 + {u}*x3 + x4)" for y, u in zip(y, u)]


def brown_dennis():
    return [
        f"(x1 + {i / 5}*x2 - exp({i / 5}))^2 + (x3 + x4*sin({i / 5}) - cos({i / 5}))^2" for i in range(1, 21)
    ]


def osborne_1():
    y = [0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628]
    y += [0.603, 0.580, 0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420]
    y += [0.414, 0.411, 0.406]
    return [f"{v} - (x1 + x2*exp(-{10 * i}*x4) + x3*exp(-{10 * i}*x5))" for i, v in enumerate(y)]


def watson(n):
    rows = []
    for i in range(1, 30):
        t = i / 29
        first = " + ".join(f"{(j - 1) * t ** (j - 2)!r}*x{j}" for j in range(2, n + 1))
        second = " + ".join(f"{t ** (j - 1)!r}*x{j}" for j in range(1, n + 1))
        rows.append(f"{first} - ({second})^2 - 1")
    return [*rows, "x1", "x2 - x1^2 - 1"]


def extended_rosenbrock(n):
    return [r for i in range(1, n, 2) for r in (f"10*(x{i + 1} - x{i}^2)", f"1 - x{i}")]


def extended_powell(n):
    rows = []
    for i in range(1, n, 4):
        a, b, c, d = (f"x{i + k}" for k in range(4))
        rows += [
            f"{a} + 10*{b}",
            f"sqrt(5)*({c} - {d})",
            f"({b} - 2*{c})^2",
            f"sqrt(10)*({a} - {d})^2",
        ]
    return rows


def penalty_1(n):
    squares = " + ".join(f"x{i}^2" for i in range(1, n + 1))
    return [f"sqrt(1e-5)*(x{i} - 1)" for i in range(1, n + 1)] + [f"{squares} - 0.25"]


def variably_dimensioned(n):
    total = " + ".join(f"{i}*(x{i} - 1)" for i in range(1, n + 1))
    return [f"x{i} - 1" for i in range(1, n + 1)] + [total, f"({total})^2"]


def trigonometric(n):
    total = " + ".join(f"cos(x{i})" for i in range(1, n + 1))
    return [f"{n} - ({total}) + {i}*(1 - cos(x{i})) - sin(x{i})" for i in range(1, n + 1)]


def brown_almost_linear(n):
    total = " + ".join(f"x{i}" for i in range(1, n + 1))
    product = "*".join(f"x{i}" for i in range(1, n + 1))
    return [f"x{i} + {total} - {n + 1}" for i in range(1, n)] + [f"{product} - 1"]


def boundary_value(n):
    h = 1 / (n + 1)
    rows = []
    for i in range(1, n + 1):
        left = f" - x{i - 1}" if i > 1 else ""
        right = f" - x{i + 1}" if i < n else ""
        rows.append(f"2*x{i}{left}{right} + {h * h / 2!r}*(x{i} + {i * h!r} + 1)^3")
    return rows


def integral_equation(n):
    h = 1 / (n + 1)
    t = [i * h for i in range(n + 1)]

    def cube(j):
        return f"(x{j} + {t[j]!r} + 1)^3"

    rows = []
    for i in range(1, n + 1):
        below = " + ".join(f"{t[j]!r}*{cube(j)}" for j in range(1, i + 1))
        above = " + ".join(f"{1 - t[j]!r}*{cube(j)}" for j in range(i + 1, n + 1))
        rest = f" + {t[i]!r}*({above})" if above else ""
        rows.append(f"x{i} + {h / 2!r}*({1 - t[i]!r}*({below}){rest})")
    return rows


def broyden_tridiagonal(n):
    rows = []
    for i in range(1, n + 1):
        left = f" - x{i - 1}" if i > 1 else ""
        right = f" - 2*x{i + 1}" if i < n else ""
        rows.append(f"(3 - 2*x{i})*x{i}{left}{right} + 1")
    return rows


def broyden_banded(n):
    rows = []
    for i in range(1, n + 1):
        band = [f"x{j}*(1 + x{j})" for j in range(max(1, i - 5), min(n, i + 1) + 1) if j != i]
        rows.append(f"x{i}*(2 + 5*x{i}^2) + 1 - ({' + '.join(band)})")
    return rows


def linear_full_rank(n, m):
    total = " + ".join(f"x{j}" for j in range(1, n + 1))
    return [f"x{i} - {2 / m}*({total}) - 1" for i in range(1, n + 1)] + [f"-{2 / m}*({total}) - 1"] * (m - n)


# Number and name, residuals, start, the paper's least Σr².
PROBLEMS = [
    ("1 Rosenbrock", ["10*(x2 - x1^2)", "1 - x1"], [-1.2, 1], 0),
    (
        "2 Freudenstein and Roth",
        ["-13 + x1 + ((5 - x2)*x2 - 2)*x2", "-29 + x1 + ((x2 + 1)*x2 - 14)*x2"],
        [0.5, -2],
        48.9842,
    ),
    ("3 Powell badly scaled", ["10000*x1*x2 - 1", "exp(-x1) + exp(-x2) - 1.0001"], [0, 1], 0),
    ("4 Brown badly scaled", ["x1 - 1000000", "x2 - 0.000002", "x1*x2 - 2"], [1, 1], 0),
    ("5 Beale", [f"{y} - x1*(1 - x2^{i})" for i, y in enumerate([1.5, 2.25, 2.625], 1)], [1, 1], 0),
    ("6 Jennrich and Sampson", [f"{2 + 2 * i} - (exp({i}*x1) + exp({i}*x2))" for i in range(1, 11)], [0.3, 0.4], 124.362),
    ("8 Bard", bard(), [1, 1, 1], 8.21487e-3),
    ("9 Gaussian", gaussian(), [0.4, 1, 0], 1.12793e-8),
    ("12 Box three-dimensional", box(), [0, 10, 20], 0),
    ("13 Powell singular", extended_powell(4), [3, -1, 0, 1], 0),
    (
        "14 Wood",
        ["10*(x2 - x1^2)", "1 - x1", "sqrt(90)*(x4 - x3^2)", "1 - x3", "sqrt(10)*(x2 + x4 - 2)", "(x2 - x4)/sqrt(10)"],
        [-3, -1, -3, -1],
        0,
    ),
    ("15 Kowalik and Osborne", kowalik_osborne(), [0.25, 0.39, 0.415, 0.39], 3.07505e-4),
    ("16 Brown and Dennis", brown_dennis(), [25, 5, -5, -1], 85822.2),
    ("17 Osborne 1", osborne_1(), [0.5, 1.5, -1, 0.01, 0.02], 5.46489e-5),
    ("20 Watson", watson(6), [0] * 6, 2.28767e-3),
    ("21 Extended Rosenbrock", extended_rosenbrock(10), [-1.2, 1] * 5, 0),
    ("22 Extended Powell singular", extended_powell(12), [3, -1, 0, 1] * 3, 0),
    ("23 Penalty I", penalty_1(10), list(range(1, 11)), 7.08765e-5),
    ("25 Variably dimensioned", variably_dimensioned(10), [1 - i / 10 for i in range(1, 11)], 0),
    ("26 Trigonometric", trigonometric(10), [1 / 10] * 10, None),
    ("27 Brown almost-linear", brown_almost_linear(10), [0.5] * 10, None),
    ("28 Discrete boundary value", boundary_value(10), [i / 11 * (i / 11 - 1) for i in range(1, 11)], 0),
    ("29 Discrete integral equation", integral_equation(10), [i / 11 * (i / 11 - 1) for i in range(1, 11)], 0),
    ("30 Broyden tridiagonal", broyden_tridiagonal(10), [-1] * 10, 0),
    ("31 Broyden banded", broyden_banded(10), [-1] * 10, 0),
    ("32 Linear, full rank", linear_full_rank(5, 10), [1] * 5, 5),
]

FUNCTIONS = {name: getattr(jnp, name) for name in ["exp", "sin", "cos", "sqrt"]}


def compiled(residuals, n):
    """r(x) of a list of formulas."""
    code = [compile(r.replace("^", "**"), r, "eval") for r in residuals]

    def r(x):
        names = FUNCTIONS | {f"x{i + 1}": x[i] for i in range(n)}
        return jnp.stack([jnp.asarray(eval(c, {"__builtins__": {}}, names), float) for c in code])

    return r


class Reached(Exception):
    pass


def evaluations(value_and_gradient, start, enough, method):
    """How many evaluations `method` makes until f ≤ `enough`; None if it stops before."""
    count = 0

    def counted(x):
        nonlocal count
        count += 1
        f, g = value_and_gradient(x)
        if float(f) <= enough:
            raise Reached
        return float(f), np.asarray(g)

    options = {"BFGS": {"gtol": 0, "maxiter": 5000}, "L-BFGS-B": {"gtol": 0, "ftol": 0, "maxiter": 5000, "maxfun": 20000}}
    try:
        scipy.optimize.minimize(counted, start, jac=True, method=method, options=options[method])
    except Reached:
        return count
    return None


def compute(name, residuals, start, published):
    start = np.array(start, float)
    r = compiled(residuals, len(start))
    residual, jacobian = jax.jit(r), jax.jit(jax.jacfwd(r))
    value_and_gradient = jax.jit(jax.value_and_grad(lambda x: 0.5 * jnp.sum(r(x) ** 2)))
    found = scipy.optimize.least_squares(
        residual, start, jac=jacobian, method="trf", x_scale="jac", xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=20000
    )
    least = float(found.cost)
    if published == 0 or least < 1e-20:
        assert least < 1e-12, (name, least)
        least = 0.0
    elif published is not None:
        assert abs(2 * least - published) < 1e-5 * published, (name, 2 * least, published)
    enough = least * (1 + 1e-8) if least > 0 else 1e-10
    costs = {m: evaluations(value_and_gradient, start, enough, m) for m in ["BFGS", "L-BFGS-B"]}
    print(f"{name}: least {least:.6g}, {costs}")
    return {
        "name": name,
        "residuals": residuals,
        "start": start,
        "least": least,
        "enough": enough,
        "bfgs": costs["BFGS"] or 0,
        "lbfgs": costs["L-BFGS-B"] or 0,
    }


def main():
    head = {
        "about": "Moré-Garbow-Hillstrom problems, and SciPy's evaluations until f ≤ enough; 0 where it never is.",
        "versions": golden.versions("scipy", "jax", "numpy"),
    }
    golden.write("mgh.json", head, [compute(*problem) for problem in PROBLEMS])


if __name__ == "__main__":
    main()
