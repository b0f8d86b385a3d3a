"""Means and scales of scikit-learn's StandardScaler on the real data sets: standardize.json.

Run with the versions that the file names: python tests/reference/generate_standardize.py
"""

import csv
import importlib.metadata
import json
import pathlib
import platform

import numpy
from sklearn.preprocessing import StandardScaler

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent.parent / "www" / "data"
SETS = ["iris", "wine", "breast_cancer", "digits", "diabetes"]


def inputs(name):
    """All columns but the last."""
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return numpy.array([[float(cell) for cell in row[:-1]] for row in rows])


def case(name, start, every):
    """The scaler fitted to the rows start, start + every, start + 2 every, ..."""
    scaler = StandardScaler().fit(inputs(name)[start::every])
    return {"set": name, "start": start, "every": every, "mean": scaler.mean_.tolist(), "scale": scaler.scale_.tolist()}


def main():
    versions = {"python": platform.python_version()}
    versions |= {package: importlib.metadata.version(package) for package in ("numpy", "scikit-learn")}
    cases = [case(name, start, every) for name in SETS for start, every in ((0, 1), (1, 3))]
    lines = ",\n".join("    " + json.dumps(each) for each in cases)
    text = '{\n  "versions": ' + json.dumps(versions) + ',\n  "cases": [\n' + lines + "\n  ]\n}\n"
    (HERE / "standardize.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
