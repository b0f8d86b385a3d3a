"""Statistics of fitted models and runs of Levenberg-Marquardt, from SciPy: fits.json.

Run with the versions that the file names: python tests/reference/generate_fits.py
"""

import csv
import json
import pathlib

import golden
import numpy as np
from scipy.optimize import curve_fit, least_squares
from scipy.stats import t as student

DATA = pathlib.Path(__file__).parent.parent.parent / "www" / "data" / "nist"


def derivatives(model, x, b):
    """By complex steps, exact to the last digits."""
    h = 1e-30
    columns = []
    for j in range(len(b)):
        moved = np.array(b, dtype=complex)
        moved[j] += h * 1j
        columns.append(np.imag(model(x, *moved)) / h)
    return np.stack(columns, axis=1)


def polished(model, x, y, b):
    """Gauss-Newton by QR until nothing changes: SciPy stops at half of the digits."""
    for _ in range(50):
        j = derivatives(model, x, b)
        step = np.linalg.lstsq(j / np.linalg.norm(j, axis=0), y - model(x, *b), rcond=None)[0]
        b = b + step / np.linalg.norm(j, axis=0)
    return b


def rows(x, k):
    """The places where the band is compared: between the data and beyond them."""
    span = x.max(axis=-1) - x.min(axis=-1)
    return np.array([x.min(axis=-1) + span * part for part in (-0.1, 0.03, 0.31, 0.77, 1.1)]).reshape(-1, k)


def case(name, text, model, x, y, start):
    """Our model as text, the same in NumPy, data, a start near the solution."""
    jac = lambda x, *b: derivatives(model, x, b)
    b, _ = curve_fit(model, x, y, p0=start, jac=jac, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15, maxfev=10000)
    b = polished(model, x, y, b)
    # From the polished point curve_fit takes no step, and so gives the covariance there.
    again, covariance = curve_fit(model, x, y, p0=b, jac=jac, method="lm")
    if not np.allclose(again, b, rtol=1e-7):
        raise SystemExit(f"{name}: {b} and {again}")
    m, n = len(y), len(b)
    residuals = model(x, *b) - y
    rss, total = float(residuals @ residuals), float(((y - y.mean()) ** 2).sum())
    quantile, errors = student.ppf(0.975, m - n), np.sqrt(np.diag(covariance))
    k = 1 if x.ndim == 1 else len(x)
    at = rows(np.atleast_2d(x), k)
    points = at[:, 0] if k == 1 else at.T
    slopes, value = derivatives(model, points, b), model(points, *b)
    half = quantile * np.sqrt(np.einsum("ij,jk,ik->i", slopes, covariance, slopes))
    return {
        "name": name,
        "model": text,
        "x": x if k == 1 else x.T,
        "y": y,
        "parameters": b,
        "rss": rss,
        "residual_standard_deviation": np.sqrt(rss / (m - n)),
        "r_squared": 1 - rss / total if total > 0 else "none",
        "standard_errors": errors,
        "intervals": np.stack([b - quantile * errors, b + quantile * errors], axis=1),
        "covariance": covariance.ravel(),
        "t": quantile,
        "band": {"at": at.ravel(), "value": value, "lower": value - half, "upper": value + half},
    }


def quotient(x, *b):
    return (b[0] + b[1] * x + b[2] * x**2 + b[3] * x**3) / (1 + b[4] * x + b[5] * x**2 + b[6] * x**3)


# The models of the NIST problems.
NIST = {
    "misra1a": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
    "chwirut2": lambda x, b1, b2, b3: np.exp(-b1 * x) / (b2 + b3 * x),
    "danwood": lambda x, b1, b2: b1 * x**b2,
    "hahn1": quotient,
    "kirby2": lambda x, b1, b2, b3, b4, b5: (b1 + b2 * x + b3 * x**2) / (1 + b4 * x + b5 * x**2),
    "mgh17": lambda x, b1, b2, b3, b4, b5: b1 + b2 * np.exp(-x * b4) + b3 * np.exp(-x * b5),
    "rat43": lambda x, b1, b2, b3, b4: b1 / (1 + np.exp(b2 - b3 * x)) ** (1 / b4),
    "thurber": quotient,
    "boxbod": lambda x, b1, b2: b1 * (1 - np.exp(-b2 * x)),
}


def nist_data(name):
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        table = np.array([[float(cell) for cell in row] for row in list(csv.reader(file))[1:]])
    return table[:, 0], table[:, 1]


def statistics():
    rng = np.random.default_rng(5)
    noise = lambda n, sd: sd * rng.standard_normal(n)
    x = np.linspace(0.2, 8, 30)
    yield case(
        "exponential", "b1*exp(-b2*x)", lambda x, b1, b2: b1 * np.exp(-b2 * x),
        x, 5 * np.exp(-0.6 * x) + noise(30, 0.2), [4, 0.5],
    )
    yield case(
        "michaelis_menten", "b1*x/(b2 + x)", lambda x, b1, b2: b1 * x / (b2 + x),
        x, 10 * x / (2.5 + x) + noise(30, 0.3), [9, 2],
    )
    yield case(
        "logistic", "b1/(1 + exp(-b2*(x - b3)))", lambda x, b1, b2, b3: b1 / (1 + np.exp(-b2 * (x - b3))),
        x, 10 / (1 + np.exp(-1.2 * (x - 4))) + noise(30, 0.3), [9, 1, 4],
    )
    peaks = lambda x, a, b, c, d, e, f: a * np.exp(-(((x - b) / c) ** 2)) + d * np.exp(-(((x - e) / f) ** 2))
    x = np.linspace(0, 10, 60)
    yield case(
        "gaussian_peaks", "b1*exp(-((x - b2)/b3)^2) + b4*exp(-((x - b5)/b6)^2)", peaks,
        x, peaks(x, 3, 3.2, 0.9, 2, 6, 1.4) + noise(60, 0.1), [3, 3, 1, 2, 6, 1.5],
    )
    x = np.linspace(-1, 2, 25)
    yield case(
        "polynomial", "b1 + b2 x + b3 x^2 + b4 x^3", lambda x, b1, b2, b3, b4: b1 + b2 * x + b3 * x**2 + b4 * x**3,
        x, 0.5 - 2 * x - x**2 + 1.2 * x**3 + noise(25, 0.3), [0, 0, 0, 0],
    )
    x = rng.uniform(-3, 3, (3, 20))
    yield case(
        "plane", "b1 + b2 x1 + b3 x2 + b4 x3", lambda x, b1, b2, b3, b4: b1 + b2 * x[0] + b3 * x[1] + b4 * x[2],
        x, 1 + x[0] - 2 * x[1] + 0.1 * x[2] + noise(20, 0.5), [0, 0, 0, 0],
    )
    angle = np.linspace(0, 4, 24)
    x = np.stack([1 + 2 * np.cos(angle), 0.5 + 2 * np.sin(angle)]) + 0.1 * rng.standard_normal((2, 24))
    circle = lambda x, b1, b2, b3: np.sqrt((x[0] - b1) ** 2 + (x[1] - b2) ** 2) - b3
    yield case("circle", "sqrt((x1 - b1)^2 + (x2 - b2)^2) - b3", circle, x, np.zeros(24), [1, 0.5, 2])


def runs():
    """SciPy's Levenberg-Marquardt (MINPACK) on the NIST problems, with exact derivatives: with its default, scaling by
    the columns of the Jacobian, and without scaling."""
    models = json.loads((pathlib.Path(__file__).parent / "nist.json").read_text(encoding="utf-8"))
    for name, model in NIST.items():
        x, y = nist_data(name)
        certified = np.array(models[name]["parameters"])
        for which in ("start1", "start2"):
            best = {}
            for title, scale in (("scaled", "jac"), ("unscaled", 1.0)):
                with np.errstate(all="ignore"):
                    found = least_squares(
                        lambda b: model(x, *b) - y, models[name][which], jac=lambda b: derivatives(model, x, b),
                        method="lm", x_scale=scale, xtol=1e-15, ftol=1e-15, gtol=1e-15, max_nfev=20000,
                    )
                    error = np.max(np.abs(found.x - certified) / np.abs(certified))
                digits = 11.0 if error == 0 else min(11.0, -np.log10(error))
                best[title] = {"digits": digits, "residuals": found.nfev, "jacobians": found.njev}
            yield {"name": name, "start": models[name][which], "which": which} | best


def main():
    versions = golden.versions("numpy", "scipy")
    head = {"versions": versions, "runs": list(runs())}
    golden.write("fits.json", head, list(statistics()))


if __name__ == "__main__":
    main()
