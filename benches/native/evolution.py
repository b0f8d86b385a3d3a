"""How often SciPy's `differential_evolution` and the package `cma` find a minimum, for tests/evolution.rs to compare with.

A run has found it when it comes within 1e-8 of the least value. Each has the same number of evaluations, its own seed,
and, for `cma`, its own start, drawn from the range. Writes tests/reference/evolution.json (an hour and a half):

    python benches/native/evolution.py
"""

import math
import multiprocessing
import pathlib
import sys

import cma
import numpy as np
from scipy.optimize import differential_evolution

sys.path.append(str(pathlib.Path(__file__).parents[2] / "tests" / "reference"))
import golden

SEEDS = 100
# Five points are compared; where the rate is in the middle, that of a hundred runs is off by as much by chance.
MANY = {("differential_evolution", "rastrigin"): 1000}
TARGET = 1e-8
TAU = 2 * math.pi


def rastrigin(x):
    return 10 * len(x) + sum(v * v - 10 * math.cos(TAU * v) for v in x)


def ackley(x):
    n = len(x)
    squares, waves = sum(v * v for v in x), sum(math.cos(TAU * v) for v in x)
    return -20 * math.exp(-0.2 * math.sqrt(squares / n)) - math.exp(waves / n) + 20 + math.e


def rosenbrock(x):
    return sum(100 * (y - v * v) ** 2 + (1 - v) ** 2 for v, y in zip(x, x[1:]))


# The function, and the range of every other coordinate.
FUNCTIONS = {
    "rastrigin": (rastrigin, [[-5.12, 5.12]]),
    "ackley": (ackley, [[-5.0, 5.0]]),
    "rosenbrock": (rosenbrock, [[-2.0, 2.0], [-1.0, 3.0]]),
}
BUDGETS = {2: 10_000, 10: 100_000}


class Found(Exception):
    pass


class Counted:
    """The function, until it has been found or the budget is spent."""

    def __init__(self, f, budget):
        self.f, self.budget, self.spent = f, budget, 0

    def __call__(self, x):
        if self.spent == self.budget:
            raise Found(None)
        self.spent += 1
        value = self.f(list(map(float, x)))
        if value <= TARGET:
            raise Found(self.spent)
        return value


def scipys(f, ranges, seed, _):
    differential_evolution(f, ranges, rng=seed, tol=0, atol=0, maxiter=10**6, polish=False)


def cmas(f, ranges, seed, population):
    """`sigma0` is 0.3 of the width of the range, as here."""
    low, high = np.array(ranges).T
    start = np.random.default_rng(seed).uniform(low, high)
    # Of the coordinates all are equally wide.
    options = {"seed": seed + 1, "verbose": -9, "maxfevals": f.budget}
    if population:
        options["popsize"] = population
    cma.CMAEvolutionStrategy(start, 0.3 * (high - low)[0], options).optimize(f)


PEERS = {"differential_evolution": scipys, "cma_es": cmas}


def run(case):
    """Evaluations until the minimum is found; None if it is not."""
    peer, name, n, population, seed = case
    f, pattern = FUNCTIONS[name]
    ranges = [pattern[i % len(pattern)] for i in range(n)]
    try:
        PEERS[peer](Counted(f, BUDGETS[n]), ranges, seed, population)
    except Found as found:
        return found.args[0]
    return None


def cases():
    for name in FUNCTIONS:
        for n in BUDGETS:
            yield "differential_evolution", name, n, 0
            yield "cma_es", name, n, 0
            yield "cma_es", name, n, 20 * n


def main():
    rows = []
    with multiprocessing.Pool() as pool:
        for peer, name, n, population in cases():
            seeds = MANY.get((peer, name), SEEDS)
            runs = [(peer, name, n, population, seed) for seed in range(seeds)]
            spent = [evaluations for evaluations in pool.imap(run, runs) if evaluations]
            rows.append(
                {
                    "method": peer,
                    "surface": name,
                    "dim": n,
                    "population": population,
                    "budget": BUDGETS[n],
                    "range": FUNCTIONS[name][1],
                    "seeds": seeds,
                    "found": 100 * len(spent) / seeds,
                    "evaluations": float(np.median(spent)) if spent else 0.0,
                }
            )
            print(rows[-1], flush=True)
    golden.write("evolution.json", {"versions": golden.versions("scipy", "cma", "numpy"), "target": TARGET}, rows)


if __name__ == "__main__":
    main()
