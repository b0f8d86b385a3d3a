"""Effective sample sizes and R-hat of chains of several kinds, by ArviZ."""

import arviz
import golden
import numpy as np


def autoregressive(rng, chains, draws, rho, shift=0.0):
    """x(t + 1) = rho x(t) + noise of variance 1 - rho^2; chain c is moved by c times `shift`."""
    x = np.empty((chains, draws))
    x[:, 0] = rng.standard_normal(chains)
    for t in range(1, draws):
        x[:, t] = rho * x[:, t - 1] + np.sqrt(1 - rho**2) * rng.standard_normal(chains)
    return x + shift * np.arange(chains)[:, None]


def metropolis(rng, chains, draws, step):
    """A random walk on the standard normal density: draws repeat."""
    x = np.empty((chains, draws))
    now = rng.standard_normal(chains)
    for t in range(draws):
        trial = now + step * rng.standard_normal(chains)
        accept = np.log(rng.random(chains)) < 0.5 * (now**2 - trial**2)
        now = np.where(accept, trial, now)
        x[:, t] = now
    return x


def cases():
    rng = np.random.default_rng(20)
    yield "independent", rng.standard_normal((4, 250))
    yield "positively correlated", autoregressive(rng, 4, 300, 0.7)
    yield "slow", autoregressive(rng, 2, 400, 0.95)
    yield "antithetic", autoregressive(rng, 4, 250, -0.5)
    yield "chains apart", autoregressive(rng, 4, 200, 0.3, shift=0.4)
    yield "heavy tails", rng.standard_t(1.5, (4, 200))
    yield "an odd number of draws", autoregressive(rng, 2, 401, 0.5)
    yield "drifting", autoregressive(rng, 2, 150, 0.2) + np.linspace(0, 3, 150)
    yield "random walk", metropolis(rng, 3, 333, 2.4)
    yield "small steps", metropolis(rng, 4, 200, 0.3)


def case(name, x):
    # What the test reads is what ArviZ is given.
    x = np.round(x, 6)
    return {
        "name": name,
        "chains": x.tolist(),
        "ess_mean": float(arviz.ess(x, method="mean")),
        "ess_bulk": float(arviz.ess(x, method="bulk")),
        "ess_tail": float(arviz.ess(x, method="tail")),
        "ess_quantile": float(arviz.ess(x, method="quantile", prob=0.3)),
        "r_hat": float(arviz.rhat(x, method="rank")),
        "split_r_hat": float(arviz.rhat(x, method="split")),
    }


def main():
    head = {"versions": golden.versions("arviz", "numpy", "scipy")}
    golden.write("sampling.json", head, [case(name, x) for name, x in cases()])


main()
