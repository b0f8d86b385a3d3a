"""Our side of a comparison: a bench of this repository, run and read."""

import json
import os
import pathlib
import statistics
import subprocess
import time

# One thread each: OpenBLAS's wait for one another where the machine is busy. To be imported before NumPy.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

ROOT = pathlib.Path(__file__).parent.parent.parent


def run(bench, *only):
    """Runs `cargo bench`, or those of its functions whose names hold `only`."""
    subprocess.run(["cargo", "bench", "--bench", bench, "--", *only], cwd=ROOT, check=True)


def seconds(function):
    """The median of the last run."""
    estimates = ROOT / "target" / "criterion" / function / "new" / "estimates.json"
    return json.loads(estimates.read_text())["median"]["point_estimate"] / 1e9


def median_seconds(call, repeats):
    """The same for a peer."""
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return statistics.median(times)
