"""Problems with constraints: constrained.json (programs, lassos, ridges and problems without a solution, from Clarabel,
OSQP, SciPy's linprog and scikit-learn) and hock_schittkowski.json (the published optima, checked with SciPy).

Every program is solved by two codes, which must agree; whether its solution and its multipliers are the only ones is
decided from the rows that are active.
"""

import clarabel
import numpy as np
import osqp
import scipy.sparse as sparse
from scipy.optimize import linprog, minimize
from sklearn.linear_model import Lasso, Ridge

import golden

AGREE = 1e-7
INF = np.inf


def bounded(n, lower=None, upper=None):
    full = lambda v, none: np.full(n, none, float) if v is None else np.broadcast_to(np.asarray(v, float), n).copy()
    return full(lower, -INF), full(upper, INF)


def program(label, q, p=None, a=None, b=None, g=None, h=None, lower=None, upper=None):
    q = np.asarray(q, float)
    n = len(q)
    rows = lambda m: np.zeros((0, n)) if m is None else np.asarray(m, float)
    side = lambda v: np.zeros(0) if v is None else np.asarray(v, float)
    lower, upper = bounded(n, lower, upper)
    return {
        "label": label,
        "p": None if p is None else np.asarray(p, float),
        "q": q,
        "a": rows(a),
        "b": side(b),
        "g": rows(g),
        "h": side(h),
        "lower": lower,
        "upper": upper,
    }


def with_bounds(c):
    """Inequality rows with the finite bounds behind them: lower, then upper."""
    eye = np.eye(len(c["q"]))
    low, up = np.isfinite(c["lower"]), np.isfinite(c["upper"])
    return np.vstack([c["g"], -eye[low], eye[up]]), np.concatenate([c["h"], -c["lower"][low], c["upper"][up]])


def by_clarabel(c):
    n = len(c["q"])
    p = np.zeros((n, n)) if c["p"] is None else c["p"]
    g, h = with_bounds(c)
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = 1e-12
    cones = [clarabel.ZeroConeT(len(c["b"])), clarabel.NonnegativeConeT(len(h))]
    k = sparse.csc_matrix(np.vstack([c["a"], g]))
    found = clarabel.DefaultSolver(
        sparse.csc_matrix(np.triu(p)), c["q"], k, np.concatenate([c["b"], h]), cones, settings
    ).solve()
    z = np.array(found.z)
    return str(found.status), np.array(found.x), z[: len(c["b"])], z[len(c["b"]) :]


def by_osqp(c):
    n = len(c["q"])
    p = np.zeros((n, n)) if c["p"] is None else c["p"]
    g, h = with_bounds(c)
    solver = osqp.OSQP()
    solver.setup(
        sparse.csc_matrix(p), c["q"], sparse.csc_matrix(np.vstack([c["a"], g])),
        np.concatenate([c["b"], np.full(len(h), -INF)]), np.concatenate([c["b"], h]),
        verbose=False, eps_abs=1e-10, eps_rel=1e-10, max_iter=200_000, polishing=True,
    )
    return solver.solve().x


def by_linprog(c):
    bounds = [(l if np.isfinite(l) else None, u if np.isfinite(u) else None) for l, u in zip(c["lower"], c["upper"])]
    some = lambda m: None if len(m) == 0 else m
    found = linprog(
        c["q"], A_ub=some(c["g"]), b_ub=some(c["h"]), A_eq=some(c["a"]), b_eq=some(c["b"]), bounds=bounds, method="highs"
    )
    if found.status != 0:
        return found.status, None, None, None
    low, up = np.isfinite(c["lower"]), np.isfinite(c["upper"])
    lam = np.concatenate([found.ineqlin.marginals, -found.lower.marginals[low], found.upper.marginals[up]])
    return 0, found.x, -found.eqlin.marginals, -lam


def value(c, x):
    return float(c["q"] @ x + (0 if c["p"] is None else 0.5 * x @ c["p"] @ x))


def residual(c, x, nu, lam):
    g, h = with_bounds(c)
    slope = c["q"] + c["a"].T @ nu + g.T @ lam + (0 if c["p"] is None else c["p"] @ x)
    return max(
        np.abs(slope).max(),
        np.abs(c["a"] @ x - c["b"]).max(initial=0),
        (g @ x - h).max(initial=0),
        np.abs(lam * (g @ x - h)).max(initial=0),
        (-lam).max(initial=0),
    )


def uniqueness(c, x, lam):
    """Whether there is no other solution, and no other multipliers."""
    g, h = with_bounds(c)
    active = np.vstack([c["a"], g[h - g @ x < 1e-6]])
    strict = np.vstack([c["a"], g[lam > 1e-6]])
    n = len(x)
    p = np.zeros((n, n)) if c["p"] is None else c["p"]
    rank = lambda m: np.linalg.matrix_rank(m) if len(m) else 0
    return bool(rank(np.vstack([p, strict])) == n), bool(rank(active) == len(active))


def problem(c):
    """As the config has it."""
    finite = lambda v: None if np.isinf(v).all() else [float(x) if np.isfinite(x) else None for x in v]
    objective = {"q": c["q"]} | ({} if c["p"] is None else {"p": c["p"]})
    kept = {"kind": "constrained", "objective": objective}
    if len(c["b"]):
        kept["equality"] = {"a": c["a"], "b": c["b"]}
    if len(c["h"]):
        kept["inequality"] = {"g": c["g"], "h": c["h"]}
    kept |= {key: finite(c[key]) for key in ("lower", "upper") if finite(c[key]) is not None}
    return kept


def solved(c):
    if c["p"] is None:
        _, x, nu, lam = by_linprog(c)
        other = by_clarabel(c)[1]
        source = ["SciPy linprog (HiGHS)", "Clarabel"]
    else:
        status, x, nu, lam = by_clarabel(c)
        assert status in ("Solved", "AlmostSolved"), (c["label"], status)
        other = by_osqp(c)
        source = ["Clarabel", "OSQP"]
    f = value(c, x)
    assert residual(c, x, nu, lam) < 1e-7, (c["label"], residual(c, x, nu, lam))
    assert abs(value(c, other) - f) < AGREE * (1 + abs(f)), (c["label"], f, value(c, other))
    only_x, only_y = uniqueness(c, x, lam)
    print(c["label"], f, "x" if only_x else "-", "y" if only_y else "-")
    return {
        "kind": "linear_program" if c["p"] is None else "quadratic_program",
        "label": c["label"],
        "problem": problem(c),
        "value": f,
        "x": x,
        "nu": nu,
        "lambda": lam,
        "only_x": only_x,
        "only_multipliers": only_y,
        "from": source,
    }


def unsolvable(c, expected):
    status = by_clarabel(c)[0]
    assert status == {"infeasible": "PrimalInfeasible", "unbounded": "DualInfeasible"}[expected], (c["label"], status)
    if c["p"] is None:
        assert by_linprog(c)[0] == {"infeasible": 2, "unbounded": 3}[expected], c["label"]
    return {"kind": "unsolvable", "label": c["label"], "problem": problem(c), "end": expected, "from": ["Clarabel"]}


def spd(rng, n, rank=None):
    root = rng.standard_normal((rank or n, n))
    return root.T @ root / n + (0 if rank else 0.1 * np.eye(n))


def around(rng, g, x, slack=1.0):
    """h with g·x < h."""
    return g @ x + slack * rng.uniform(0.05, 1, len(g))


def quadratic():
    rng = np.random.default_rng(5)
    normal = rng.standard_normal
    yield program("textbook", [-2, -5], [[2, 0], [0, 2]], g=[[-1, 2], [1, 2], [1, -2]], h=[2, 6, 2], lower=0)
    yield program("osqp demo", [1, 1], [[4, 1], [1, 2]], a=[[1, 1]], b=[1], lower=0, upper=0.7)
    n = 6
    yield program("equalities", normal(n), spd(rng, n), a=normal((3, n)), b=normal(3))
    g = normal((9, n))
    yield program("inequalities", 3 * normal(n), spd(rng, n), g=g, h=around(rng, g, normal(n)))
    g, a, x = normal((6, n)), normal((2, n)), normal(n)
    yield program("both", 3 * normal(n), spd(rng, n), a=a, b=a @ x, g=g, h=around(rng, g, x))
    yield program("box", 4 * normal(12), spd(rng, 12), lower=-1, upper=1)
    g = normal((8, 5))
    yield program("one-sided", 2 * normal(5), spd(rng, 5), g=g, h=around(rng, g, np.ones(5)), lower=0)
    n = 8
    mean, cov = rng.uniform(0, 0.2, n), spd(rng, n) / 10
    yield program("portfolio", -mean, cov, a=np.ones((1, n)), b=[1], lower=0)
    points = normal((10, 2)) + np.outer(np.tile([1, -1], 5), [1.5, 1.0])
    signs = np.tile([1.0, -1.0], 5)
    gram = (points @ points.T) * np.outer(signs, signs)
    yield program("support vectors", -np.ones(10), gram, a=[signs], b=[0], lower=0, upper=1)
    g = normal((10, 6))
    yield program("semidefinite", normal(6), spd(rng, 6, 3), g=g, h=around(rng, g, normal(6)), lower=-3, upper=3)
    a = normal((3, 7))
    a[2] = a[0] + a[1]
    yield program("dependent equalities", normal(7), spd(rng, 7), a=a, b=a @ normal(7))
    g = normal((40, 20))
    yield program("larger", 5 * normal(20), spd(rng, 20), a=normal((4, 20)), b=normal(4) / 9, g=g,
                  h=around(rng, g, np.zeros(20), 3), lower=-2, upper=2)


def linear():
    rng = np.random.default_rng(8)
    normal = rng.standard_normal
    yield program("two variables", [-3, -5], g=[[1, 0], [0, 2], [3, 2]], h=[4, 12, 18], lower=0)
    yield program("diet", [0.6, 0.35], g=[[-5, -7], [-4, -2], [-2, -1]], h=[-8, -15, -3], lower=0, upper=10)
    c, supply, demand = rng.uniform(1, 9, (3, 4)), [30, 25, 21], [15, 17, 22, 22]
    a = np.vstack([np.kron(np.eye(3), np.ones(4)), np.kron(np.ones(3), np.eye(4))])
    yield program("transport", c.ravel(), a=a, b=[*supply, *demand], lower=0)
    yield program("klee-minty", [-4, -2, -1], g=[[1, 0, 0], [4, 1, 0], [8, 4, 1]], h=[5, 25, 125], lower=0)
    g = np.vstack([normal((12, 5)), np.eye(5), -np.eye(5)])
    yield program("polytope", normal(5), g=g, h=np.concatenate([rng.uniform(1, 2, 12), np.full(10, 3)]))
    a, x = normal((4, 9)), rng.uniform(0.5, 2, 9)
    yield program("standard form", rng.uniform(0.1, 2, 9), a=a, b=a @ x, lower=0)
    yield program("box", normal(8), a=np.ones((1, 8)), b=[1.5], lower=-1, upper=1)
    points = rng.uniform(-1, 1, 9)
    data = np.vander(points, 3)
    target = points**2 + 0.1 * normal(9)
    fit = np.vstack([np.hstack([data, -np.ones((9, 1))]), np.hstack([-data, -np.ones((9, 1))])])
    yield program("chebyshev fit", [0, 0, 0, 1], g=fit, h=np.concatenate([target, -target]))
    g = rng.uniform(0, 1, (15, 10))
    yield program("packing", -rng.uniform(0.5, 1.5, 10), g=g, h=np.full(15, 3.0), lower=0, upper=1)


def without_solution():
    yield program("empty strip", [1, 1], g=[[1, 1], [-1, -1]], h=[1, -2]), "infeasible"
    yield program("crossed box", [1, 0, 0], a=[[1, 1, 1]], b=[10], lower=0, upper=2), "infeasible"
    yield program("contrary equalities", [1, 1, 1], np.eye(3), a=[[1, 2, 3], [2, 4, 6]], b=[1, 3]), "infeasible"
    rng = np.random.default_rng(3)
    g = rng.standard_normal((6, 4))
    weights = rng.uniform(0.5, 1, 6)
    g[5] = -(weights[:5] @ g[:5]) / weights[5]
    h = rng.uniform(0, 1, 6)
    h[5] = -(weights[:5] @ h[:5] + 1) / weights[5]
    yield program("farkas", rng.standard_normal(4), np.eye(4), g=g, h=h), "infeasible"
    yield program("open wedge", [-1, -1], g=[[1, -1], [-1, 1]], h=[1, 1], lower=0), "unbounded"
    yield program("valley", [0, -1], [[2, 0], [0, 0]], g=[[1, 0]], h=[1]), "unbounded"
    yield program("free line", [1, -1, 0], a=[[1, 1, 1]], b=[1]), "unbounded"


def data(seed, rows, n, noise=0.5):
    rng = np.random.default_rng(seed)
    a = rng.standard_normal((rows, n))
    truth = np.where(rng.random(n) < 0.4, rng.standard_normal(n) * 3, 0)
    return a, a @ truth + noise * rng.standard_normal(rows)


def lassos():
    for seed, rows, n, lam in ((1, 20, 5, 2.0), (2, 30, 10, 5.0), (3, 15, 25, 3.0), (4, 50, 12, 0.5), (5, 8, 4, 1000.0),
                               (6, 40, 20, 12.0)):
        a, b = data(seed, rows, n)
        model = Lasso(alpha=lam / rows, fit_intercept=False, tol=1e-14, max_iter=1_000_000).fit(a, b)
        x = model.coef_
        slope = a.T @ (a @ x - b)
        assert np.abs(slope[x != 0] + lam * np.sign(x[x != 0])).max(initial=0) < 1e-8
        assert np.abs(slope).max() <= lam * (1 + 1e-9)
        yield {
            "kind": "lasso",
            "label": f"{rows} rows, {n} unknowns",
            "problem": {"kind": "constrained", "objective": {"lasso": {"a": a, "b": b, "lambda": lam}}},
            "value": float(0.5 * np.sum((a @ x - b) ** 2) + lam * np.abs(x).sum()),
            "x": x,
            "from": ["scikit-learn Lasso"],
        }


def ridges():
    """α is chosen, and the bound is the norm that comes of it; so α is the multiplier of the bound."""
    for seed, rows, n, alpha in ((11, 20, 5, 3.0), (12, 12, 8, 0.7), (13, 60, 15, 40.0)):
        a, b = data(seed, rows, n)
        x = Ridge(alpha=alpha, fit_intercept=False, solver="cholesky").fit(a, b).coef_
        yield {
            "kind": "ridge",
            "label": f"{rows} rows, {n} unknowns",
            "problem": {"kind": "constrained", "objective": {"ridge": {"a": a, "b": b, "radius": float(np.linalg.norm(x))}}},
            "value": float(0.5 * np.sum((a @ x - b) ** 2)),
            "x": x,
            "lambda": [alpha],
            "from": ["scikit-learn Ridge"],
        }


PRODUCT = "x1*x2*x3*x4*x5"
SPHERE = ["x1^2 + x2^2 + x3^2 + x4^2 + x5^2 - 10", "x2*x3 - 5*x4*x5", "x1^3 + x2^3 + 1"]
R2, R3, R7 = np.sqrt(2), np.sqrt(3), np.sqrt(7)

# Number, objective, equalities (= 0), inequalities (≤ 0: the book has ≥ 0), lower, upper, start, f*, x* as published.
HOCK_SCHITTKOWSKI = [
    (6, "(1 - x1)^2", ["10*(x2 - x1^2)"], [], None, None, [-1.2, 1], 0, [1, 1]),
    (7, "log(1 + x1^2) - x2", ["(1 + x1^2)^2 + x2^2 - 4"], [], None, None, [2, 2], -R3, [0, R3]),
    (10, "x1 - x2", [], ["3*x1^2 - 2*x1*x2 + x2^2 - 1"], None, None, [-10, 10], -1, [0, 1]),
    (11, "(x1 - 5)^2 + x2^2 - 25", [], ["x1^2 - x2"], None, None, [4.9, 0.1], -8.498464223, None),
    (12, "0.5*x1^2 + x2^2 - x1*x2 - 7*x1 - 7*x2", [], ["4*x1^2 + x2^2 - 25"], None, None, [0, 0], -30, [2, 3]),
    (14, "(x1 - 2)^2 + (x2 - 1)^2", ["x1 - 2*x2 + 1"], ["0.25*x1^2 + x2^2 - 1"], None, None, [2, 2], 9 - 2.875 * R7,
     [0.5 * (R7 - 1), 0.25 * (R7 + 1)]),
    (21, "0.01*x1^2 + x2^2 - 100", [], ["10 - 10*x1 + x2"], [2, -50], [50, 50], [-1, -1], -99.96, [2, 0]),
    (22, "(x1 - 2)^2 + (x2 - 1)^2", [], ["x1 + x2 - 2", "x1^2 - x2"], None, None, [2, 2], 1, [1, 1]),
    (24, "((x1 - 3)^2 - 9)*x2^3/(27*sqrt(3))", [], ["x2 - x1/sqrt(3)", "-x1 - sqrt(3)*x2", "x1 + sqrt(3)*x2 - 6"],
     [0, 0], None, [1, 0.5], -1, [3, R3]),
    (27, "0.01*(x1 - 1)^2 + (x2 - x1^2)^2", ["x1 + x3^2 + 1"], [], None, None, [2, 2, 2], 0.04, [-1, 1, 0]),
    (28, "(x1 + x2)^2 + (x2 + x3)^2", ["x1 + 2*x2 + 3*x3 - 1"], [], None, None, [-4, 1, 1], 0, [0.5, -0.5, 0.5]),
    (35, "9 - 8*x1 - 6*x2 - 4*x3 + 2*x1^2 + 2*x2^2 + x3^2 + 2*x1*x2 + 2*x1*x3", [], ["x1 + x2 + 2*x3 - 3"], [0, 0, 0],
     None, [0.5, 0.5, 0.5], 1 / 9, [4 / 3, 7 / 9, 4 / 9]),
    (39, "-x1", ["x2 - x1^3 - x3^2", "x1^2 - x2 - x4^2"], [], None, None, [2, 2, 2, 2], -1, [1, 1, 0, 0]),
    (40, "-x1*x2*x3*x4", ["x1^3 + x2^2 - 1", "x1^2*x4 - x3", "x4^2 - x2"], [], None, None, [0.8] * 4, -0.25,
     [2 ** (-1 / 3), 2**-0.5, 2 ** (-11 / 12), 2**-0.25]),
    (42, "(x1 - 1)^2 + (x2 - 2)^2 + (x3 - 3)^2 + (x4 - 4)^2", ["x1 - 2", "x3^2 + x4^2 - 2"], [], None, None, [1] * 4,
     28 - 10 * R2, [2, 2, 0.6 * R2, 0.8 * R2]),
    (43, "x1^2 + x2^2 + 2*x3^2 + x4^2 - 5*x1 - 5*x2 - 21*x3 + 7*x4", [],
     ["x1^2 + x2^2 + x3^2 + x4^2 + x1 - x2 + x3 - x4 - 8", "x1^2 + 2*x2^2 + x3^2 + 2*x4^2 - x1 - x4 - 10",
      "2*x1^2 + x2^2 + x3^2 + 2*x1 - x2 - x4 - 5"], None, None, [0] * 4, -44, [0, 1, 2, -1]),
    (48, "(x1 - 1)^2 + (x2 - x3)^2 + (x4 - x5)^2", ["x1 + x2 + x3 + x4 + x5 - 5", "x3 - 2*(x4 + x5) + 3"], [], None, None,
     [3, 5, -3, 2, -2], 0, [1] * 5),
    (51, "(x1 - x2)^2 + (x2 + x3 - 2)^2 + (x4 - 1)^2 + (x5 - 1)^2", ["x1 + 3*x2 - 4", "x3 + x4 - 2*x5", "x2 - x5"], [],
     None, None, [2.5, 0.5, 2, -1, 0.5], 0, [1] * 5),
    (52, "(4*x1 - x2)^2 + (x2 + x3 - 2)^2 + (x4 - 1)^2 + (x5 - 1)^2", ["x1 + 3*x2", "x3 + x4 - 2*x5", "x2 - x5"], [], None,
     None, [2] * 5, 1859 / 349, [-33 / 349, 11 / 349, 180 / 349, -158 / 349, 11 / 349]),
    (60, "(x1 - 1)^2 + (x1 - x2)^2 + (x2 - x3)^4", ["x1*(1 + x2^2) + x3^4 - 4 - 3*sqrt(2)"], [], [-10] * 3, [10] * 3,
     [2] * 3, 0.03256820025, [1.104859024, 1.196674194, 1.535262257]),
    (61, "4*x1^2 + 2*x2^2 + 2*x3^2 - 33*x1 + 16*x2 - 24*x3", ["3*x1 - 2*x2^2 - 7", "4*x1 - x3^2 - 11"], [], None, None,
     [0] * 3, -143.6461422, [5.326770157, -2.118998639, 3.210464239]),
    (63, "1000 - x1^2 - 2*x2^2 - x3^2 - x1*x2 - x1*x3", ["8*x1 + 14*x2 + 7*x3 - 56", "x1^2 + x2^2 + x3^2 - 25"], [],
     [0] * 3, None, [2] * 3, 961.7151721, [3.512118414, 0.2169881741, 3.552174034]),
    (65, "(x1 - x2)^2 + (x1 + x2 - 10)^2/9 + (x3 - 5)^2", [], ["x1^2 + x2^2 + x3^2 - 48"], [-4.5, -4.5, -5], [4.5, 4.5, 5],
     [-5, 5, 0], 0.9535288567, [3.650461821, 3.65046168, 4.6204170507]),
    (71, "x1*x4*(x1 + x2 + x3) + x3", ["x1^2 + x2^2 + x3^2 + x4^2 - 40"], ["25 - x1*x2*x3*x4"], [1] * 4, [5] * 4,
     [1, 5, 5, 1], 17.0140173, [1, 4.7429994, 3.8211503, 1.3794082]),
    (76, "x1^2 + 0.5*x2^2 + x3^2 + 0.5*x4^2 - x1*x3 + x3*x4 - x1 - 3*x2 + x3 - x4", [],
     ["x1 + 2*x2 + x3 + x4 - 5", "3*x1 + x2 + 2*x3 - x4 - 4", "1.5 - x2 - 4*x3"], [0] * 4, None, [0.5] * 4, -4.681818181,
     [0.2727273, 2.090909, 0, 0.5454545]),
    (77, "(x1 - 1)^2 + (x1 - x2)^2 + (x3 - 1)^2 + (x4 - 1)^4 + (x5 - 1)^6",
     ["x1^2*x4 + sin(x4 - x5) - 2*sqrt(2)", "x2 + x3^4*x4^2 - 8 - sqrt(2)"], [], None, None, [2] * 5, 0.24150513,
     [1.166172, 1.182111, 1.380257, 1.506036, 0.6109203]),
    (78, PRODUCT, SPHERE, [], None, None, [-2, 1.5, 2, -1, -1], -2.91970041,
     [-1.717142, 1.595708, 1.827248, -0.7636429, -0.7636435]),
    (79, "(x1 - 1)^2 + (x1 - x2)^2 + (x2 - x3)^2 + (x3 - x4)^4 + (x4 - x5)^4",
     ["x1 + x2^2 + x3^3 - 2 - 3*sqrt(2)", "x2 - x3^2 + x4 + 2 - 2*sqrt(2)", "x1*x5 - 2"], [], None, None, [2] * 5,
     0.0787768209, [1.191127, 1.362603, 1.472818, 1.635017, 1.679081]),
    (80, f"exp({PRODUCT})", SPHERE, [], [-2.3, -2.3, -3.2, -3.2, -3.2], [2.3, 2.3, 3.2, 3.2, 3.2], [-2, 2, 2, -1, -1],
     0.0539498478, [-1.717143, 1.595709, 1.827247, -0.7636413, -0.7636450]),
    (81, f"exp({PRODUCT}) - 0.5*(x1^3 + x2^3 + 1)^2", SPHERE, [], [-2.3, -2.3, -3.2, -3.2, -3.2],
     [2.3, 2.3, 3.2, 3.2, 3.2], [-2, 2, 2, -1, -1], 0.0539498478, [-1.717142, 1.595708, 1.827248, -0.7636429, -0.7636435]),
    (100, "(x1 - 10)^2 + 5*(x2 - 12)^2 + x3^4 + 3*(x4 - 11)^2 + 10*x5^6 + 7*x6^2 + x7^4 - 4*x6*x7 - 10*x6 - 8*x7", [],
     ["2*x1^2 + 3*x2^4 + x3 + 4*x4^2 + 5*x5 - 127", "7*x1 + 3*x2 + 10*x3^2 + x4 - x5 - 282",
      "23*x1 + x2^2 + 6*x6^2 - 8*x7 - 196", "4*x1^2 + x2^2 - 3*x1*x2 + 2*x3^2 + 5*x6 - 11*x7"], None, None,
     [1, 2, 0, 4, 0, 1, 1], 680.6300573, [2.330499, 1.951372, -0.4775414, 4.365726, -0.6244870, 1.038131, 1.594227]),
    (113, "x1^2 + x2^2 + x1*x2 - 14*x1 - 16*x2 + (x3 - 10)^2 + 4*(x4 - 5)^2 + (x5 - 3)^2 + 2*(x6 - 1)^2 + 5*x7^2"
     " + 7*(x8 - 11)^2 + 2*(x9 - 10)^2 + (x10 - 7)^2 + 45", [],
     ["4*x1 + 5*x2 - 3*x7 + 9*x8 - 105", "10*x1 - 8*x2 - 17*x7 + 2*x8", "-8*x1 + 2*x2 + 5*x9 - 2*x10 - 12",
      "3*(x1 - 2)^2 + 4*(x2 - 3)^2 + 2*x3^2 - 7*x4 - 120", "5*x1^2 + 8*x2 + (x3 - 6)^2 - 2*x4 - 40",
      "0.5*(x1 - 8)^2 + 2*(x2 - 4)^2 + 3*x5^2 - x6 - 30", "x1^2 + 2*(x2 - 2)^2 - 2*x1*x2 + 14*x5 - 6*x6",
      "-3*x1 + 6*x2 + 12*(x9 - 8)^2 - 7*x10"], None, None, [2, 3, 5, 5, 1, 2, 7, 3, 6, 10], 24.3062091,
     [2.171996, 2.363683, 8.773926, 5.095984, 0.9906548, 1.430574, 1.321644, 9.828726, 8.280092, 8.375927]),
]


def function(text):
    code = compile(text.replace("^", "**"), text, "eval")
    names = {"log": np.log, "sqrt": np.sqrt, "exp": np.exp, "sin": np.sin}
    return lambda x: eval(code, names | {f"x{i + 1}": v for i, v in enumerate(x)})


def hock_schittkowski():
    for number, f, c, g, lower, upper, start, least, x in HOCK_SCHITTKOWSKI:
        n = len(start)
        value = function(f)
        parts = [{"type": "eq", "fun": function(text)} for text in c]
        parts += [{"type": "ineq", "fun": lambda x, h=function(text): -h(x)} for text in g]
        low, up = bounded(n, lower, upper)
        bounds = list(zip(low, up))
        solve = lambda start: minimize(value, start, constraints=parts, bounds=bounds, method="SLSQP",
                                       options={"ftol": 1e-15, "maxiter": 1000})
        found = solve(x if x is not None else start)
        scale = 1 + abs(least)
        assert abs(found.fun - least) < 2e-7 * scale, (number, found.fun, least)
        if x is not None:
            worst = max([abs(p["fun"](np.array(x, float))) for p in parts if p["type"] == "eq"], default=0)
            worst = max([worst] + [-p["fun"](np.array(x, float)) for p in parts if p["type"] == "ineq"])
            assert abs(value(np.array(x, float)) - least) < 2e-5 * scale and worst < 2e-4, (number, value(x), worst)
        case = {"number": number, "objective": f, "start": start, "value": least, "x": found.x if x is None else x}
        case |= {"equality": c} if c else {}
        case |= {"inequality": g} if g else {}
        case |= {"lower": lower} if lower else {}
        case |= {"upper": upper} if upper else {}
        print("HS", number, found.fun, least)
        yield case


if __name__ == "__main__":
    cases = [solved(c) for c in quadratic()] + [solved(c) for c in linear()]
    cases += [*lassos(), *ridges()] + [unsolvable(c, end) for c, end in without_solution()]
    head = {"versions": golden.versions("clarabel", "osqp", "scipy", "scikit-learn", "numpy")}
    golden.write("constrained.json", head, cases)
    source = (
        "Hock, Schittkowski 1981, Test Examples for Nonlinear Programming Codes, LNEMS 187; inequalities are written as ≤ 0"
    )
    head = {"source": source, "versions": golden.versions("scipy")}
    golden.write("hock_schittkowski.json", head, [*hock_schittkowski()])
