"""Linear systems: SciPy's conjugate gradients with and without preconditioners, NumPy's solve, eigvals and cond, and
plain transcriptions of the stationary iterations: linear.json.

Every iterative run is made a second time in 80-bit arithmetic; what is kept ends where the two differ by more than
ROUNDING of the residual, since from there on rounding, and not the method, decides.
"""

import numpy as np
import scipy.linalg
import scipy.sparse
from scipy.sparse.linalg import LinearOperator, cg

import golden

ROUNDING = 1e-9
STEPS = 300
LONG = np.longdouble


def poisson(n):
    second = scipy.sparse.diags_array([-1.0, 2.0, -1.0], offsets=[-1, 0, 1], shape=(n, n))
    one = scipy.sparse.eye_array(n)
    return (scipy.sparse.kron(one, second) + scipy.sparse.kron(second, one)).tocsr()


def tridiagonal(n):
    return 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)


def convection_diffusion(n, gamma):
    """Unknown k = row · n + column; the wind blows along the columns."""
    wind = 4 * np.eye(n) - (1 + gamma) * np.eye(n, k=-1) - (1 - gamma) * np.eye(n, k=1)
    return np.kron(np.eye(n), wind) - np.kron(np.eye(n, k=1) + np.eye(n, k=-1), np.eye(n))


def spd(n, condition, seed):
    rng = np.random.default_rng(seed)
    q, _ = np.linalg.qr(rng.standard_normal((n, n)))
    a = (q * np.geomspace(1, 1 / condition, n)) @ q.T
    return (a + a.T) / 2


def dominant(n, seed):
    """Not symmetric; diagonally dominant by rows, so that every stationary iteration converges."""
    a = np.random.default_rng(seed).uniform(-1, 1, (n, n))
    np.fill_diagonal(a, 1.1 * np.abs(a).sum(axis=1))
    return a


def holes(n, seed):
    """Symmetric positive definite, two thirds of its entries zero."""
    rng = np.random.default_rng(seed)
    a = np.where(rng.random((n, n)) < 0.2, rng.uniform(-1, 1, (n, n)), 0.0)
    a = a + a.T
    np.fill_diagonal(a, 0.7 * np.abs(a).sum(axis=1) + rng.uniform(0.5, 3, n))
    return a


def named(name, **fields):
    return {"name": name} | fields


SYSTEMS = {
    "poisson": (named("poisson_2d", n=9), poisson(9).toarray()),
    "tridiagonal": (named("tridiagonal", n=30), tridiagonal(30)),
    "hilbert": (named("hilbert", n=7), scipy.linalg.hilbert(7)),
    "convection": (named("convection_diffusion", n=8, peclet=0.5), convection_diffusion(8, 0.5)),
    "wind": (named("convection_diffusion", n=5, peclet=3.0), convection_diffusion(5, 3.0)),
    "spd": (None, spd(12, 100, 1)),
    "holes": (None, holes(20, 5)),
    "dominant": (None, dominant(10, 2)),
    "random": (None, np.random.default_rng(3).standard_normal((15, 15))),
    "indefinite": (None, np.array([[1.0, 2.0, 0.0], [2.0, 1.0, 1.0], [0.0, 1.0, 3.0]])),
}


def matrix(label):
    config, a = SYSTEMS[label]
    return a if config is None else config


def right_side(a, seed=7):
    return np.random.default_rng(seed).standard_normal(len(a))


def parts(a):
    return np.diag(np.diag(a)), np.tril(a, -1), np.triu(a, 1)


def incomplete_cholesky(a):
    """IC(0), column by column (Saad, algorithm 10.6, without its scaling): the other order than Descent's."""
    low = np.tril(a).astype(a.dtype)
    n = len(a)
    for k in range(n):
        low[k, k] = np.sqrt(low[k, k])
        for i in range(k + 1, n):
            low[i, k] /= low[k, k]
        for j in range(k + 1, n):
            for i in range(j, n):
                if low[i, j] != 0:
                    low[i, j] -= low[i, k] * low[j, k]
    return low


def preconditioner(a, name, omega):
    """M itself."""
    d, low, _ = parts(a)
    match name:
        case "none":
            return np.eye(len(a), dtype=a.dtype)
        case "jacobi":
            return d
        case "ssor":
            left = d + omega * low
            return left @ np.diag(1 / np.diag(d)) @ left.T / (omega * (2 - omega))
    factor = incomplete_cholesky(a)
    return factor @ factor.T


def eliminate(m, r):
    """m⁻¹r by elimination in the precision of m: NumPy's solve has no 80-bit form."""
    m, r = m.copy(), r.copy()
    n = len(m)
    for k in range(n):
        for i in range(k + 1, n):
            if m[i, k] != 0:
                factor = m[i, k] / m[k, k]
                m[i, k:] -= factor * m[k, k:]
                r[i] -= factor * r[k]
    for k in reversed(range(n)):
        r[k] = (r[k] - m[k, k + 1 :] @ r[k + 1 :]) / m[k, k]
    return r


def conjugate_gradients(a, b, m):
    """Hestenes and Stiefel, preconditioned, in the precision of a."""
    x = np.zeros_like(b)
    r = b.copy()
    p = rz = None
    points = [x]
    for _ in range(STEPS):
        z = eliminate(m, r)
        rz, before = r @ z, rz
        p = z if p is None else z + rz / before * p
        q = a @ p
        alpha = rz / (p @ q)
        x = x + alpha * p
        r = r - alpha * q
        points.append(x)
        if np.linalg.norm(r.astype(float)) <= 1e-13 * np.linalg.norm(b.astype(float)):
            break
    return points


def scipy_cg(a, b, m):
    points = [np.zeros_like(b)]
    factor = scipy.linalg.lu_factor(m)
    inverse = LinearOperator(a.shape, matvec=lambda r: scipy.linalg.lu_solve(factor, r))
    cg(a, b, rtol=1e-13, maxiter=STEPS, M=inverse, callback=lambda x: points.append(x.copy()))
    return points


def steepest_descent(a, b):
    x = np.zeros_like(b)
    points = [x]
    for _ in range(STEPS):
        r = b - a @ x
        x = x + (r @ r) / (r @ (a @ r)) * r
        points.append(x)
    return points


def stationary(a, b, method, omega):
    """x ← x + M⁻¹(b − Ax), M the diagonal, or the lower triangle with its diagonal over ω."""
    d, low, _ = parts(a)
    m = d if method == "jacobi" else d / omega + low
    x = np.zeros_like(b)
    points = [x]
    for _ in range(STEPS):
        x = x + eliminate(m, b - a @ x)
        points.append(x)
    return points


def history(points, exact, a, b):
    """Residual norms and the last point, up to where rounding decides."""
    norm = lambda x: float(np.linalg.norm((b.astype(LONG) - a.astype(LONG) @ x.astype(LONG)).astype(float)))
    kept = []
    for x, sure in zip(points, exact):
        if kept and abs(norm(x) - norm(sure)) > ROUNDING * norm(sure):
            break
        kept.append(norm(x))
    return {"residuals": kept, "x": points[len(kept) - 1]}


def run(label, optimizer, make, exact):
    a = SYSTEMS[label][1]
    b = right_side(a)
    kept = history(make(a, b), exact(a.astype(LONG), b.astype(LONG)), a, b)
    assert len(kept["residuals"]) > 4, (label, optimizer, len(kept["residuals"]))
    print(label, optimizer, len(kept["residuals"]), f"{kept['residuals'][-1] / kept['residuals'][0]:.1e}")
    return {"kind": "run", "a": matrix(label), "b": b, "optimizer": optimizer} | kept


def runs():
    for label in ("poisson", "tridiagonal", "spd", "holes"):
        for name, omega in (("none", 1.0), ("jacobi", 1.0), ("ssor", 1.0), ("ssor", 1.4), ("incomplete_cholesky", 1.0)):
            if label in ("tridiagonal", "spd") and name == "incomplete_cholesky":
                # There is no fill-in to leave out, so this is the solution in one step.
                continue
            optimizer = {"name": "cg"}
            if name != "none":
                optimizer = {"name": "pcg", "preconditioner": name, "omega": omega}
            m = lambda a, name=name, omega=omega: preconditioner(a, name, omega)
            yield run(
                label,
                optimizer,
                lambda a, b: scipy_cg(a, b, m(a)),
                lambda a, b: conjugate_gradients(a, b, m(a)),
            )
        yield run(label, {"name": "steepest_descent"}, steepest_descent, steepest_descent)
    for label in ("poisson", "tridiagonal", "convection", "dominant", "spd"):
        for method, omega in (("jacobi", 1.0), ("gauss_seidel", 1.0), ("sor", 0.7), ("sor", 1.5)):
            if radius(SYSTEMS[label][1], method, omega) >= 1:
                continue
            optimizer = {"name": method} | ({"omega": omega} if method == "sor" else {})
            iterate = lambda a, b, method=method, omega=omega: stationary(a, b, method, omega)
            yield run(label, optimizer, iterate, iterate)


def radius(a, method, omega):
    d, low, up = parts(a)
    if method == "jacobi":
        m = np.eye(len(a)) - np.linalg.solve(d, a)
    else:
        m = np.linalg.solve(d + omega * low, (1 - omega) * d - omega * up)
    return float(np.abs(np.linalg.eigvals(m)).max())


def radii():
    for label, (_, a) in SYSTEMS.items():
        for method, omega in (("jacobi", 1.0), ("gauss_seidel", 1.0), ("sor", 1.3)):
            optimizer = {"name": method} | ({"omega": omega} if method == "sor" else {})
            value = radius(a, method, omega)
            yield {"kind": "radius", "a": matrix(label), "optimizer": optimizer, "radius": value, "exact": True}
    large = poisson(22).toarray()
    wide = convection_diffusion(14, 0.3)
    for config, a in ((named("poisson_2d", n=22), large), (named("convection_diffusion", n=14, peclet=0.3), wide)):
        for method in ("jacobi", "gauss_seidel"):
            value = radius(a, method, 1.0)
            yield {"kind": "radius", "a": config, "optimizer": {"name": method}, "radius": value, "exact": False}


def solutions():
    for label in ("random", "spd", "dominant", "poisson", "hilbert", "wind", "indefinite"):
        a = SYSTEMS[label][1]
        b = right_side(a, 11)
        x = np.linalg.solve(a, b)
        yield {
            "kind": "solution",
            "a": matrix(label),
            "b": b,
            "x": x,
            "condition": np.linalg.cond(a),
            "positive_definite": bool(np.allclose(a, a.T) and np.linalg.eigvalsh(a).min() > 0),
        }


def matrices():
    for config, a in SYSTEMS.values():
        if config is not None:
            yield {"kind": "matrix", "a": config, "values": a.ravel()}


def count():
    """Iterations of SciPy's CG on Poisson's equation to 1e-8, from zeros, with a right side of A·1."""
    for n in (50, 200):
        a = poisson(n)
        b = a @ np.ones(n * n)
        steps = []
        x, failed = cg(a, b, rtol=1e-8, callback=lambda _: steps.append(1))
        assert failed == 0
        yield {"kind": "count", "a": named("poisson_2d", n=n), "tolerance": 1e-8, "iterations": len(steps)}


if __name__ == "__main__":
    cases = [*matrices(), *solutions(), *radii(), *runs(), *count()]
    golden.write("linear.json", {"versions": golden.versions("numpy", "scipy")}, cases)
