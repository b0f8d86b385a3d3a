"""What scikit-learn says of folds, metrics and cross-validation on the five real sets: learning.json.

The folds are ours: `UPDATE_FOLDS=1 cargo test --test tune` writes them to folds.json, which this program reads, so that
the same rows are compared. Run with the versions that the file names: python tests/reference/generate_learning.py
"""

import csv
import json
import pathlib
import warnings

import numpy
from sklearn import metrics
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.model_selection import KFold, RepeatedStratifiedKFold, StratifiedKFold, cross_val_score
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import golden

DATA = golden.HERE.parent.parent / "www" / "data"
CLASSES = ["iris", "wine", "breast_cancer", "digits"]
L2 = 0.01


def load(name):
    """Inputs, targets; classes as indices, numbered as our CSV reader does."""
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    x = numpy.array([[float(cell) for cell in row[:-1]] for row in rows])
    if name == "diabetes":
        return x, numpy.array([float(row[-1]) for row in rows])
    names = class_names([row[-1] for row in rows])
    return x, numpy.array([names.index(row[-1]) for row in rows])


def class_names(cells):
    """Numbers in rising order, words in that of the alphabet."""
    return sorted(set(cells), key=float) if all(cell.isdigit() for cell in cells) else sorted(set(cells))


def fold_sizes(name, k):
    """Rows of each fold, and of every class in it."""
    x, y = load(name)
    if name == "diabetes":
        return {"what": "folds", "set": name, "k": k, "sizes": [len(val) for _, val in KFold(k).split(x)]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folds = [val for _, val in StratifiedKFold(k).split(x, y)]
    classes = [numpy.bincount(y[val], minlength=y.max() + 1) for val in folds]
    return {"what": "folds", "set": name, "k": k, "sizes": [len(val) for val in folds], "classes": classes}


def classified(name):
    """The metrics of some predictions that are neither all right nor all wrong."""
    x, y = load(name)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.003)).fit(x[::2], y[::2])
    x, y = x[1::2], y[1::2]
    probabilities = numpy.round(model.predict_proba(x), 3)
    predicted = probabilities.argmax(1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(y, predicted, zero_division=0)
    case = {"what": "classes", "set": name, "true": y, "predicted": predicted,
            "accuracy": metrics.accuracy_score(y, predicted), "confusion": metrics.confusion_matrix(y, predicted),
            "precision": precision, "recall": recall, "f1": f1, "support": support}
    if probabilities.shape[1] == 2:
        scores = probabilities[:, 1]
        fpr, tpr, thresholds = metrics.roc_curve(y, scores)
        case |= {"scores": scores, "fpr": fpr, "tpr": tpr, "thresholds": thresholds[1:], "auc": metrics.roc_auc_score(y, scores)}
    return case


def regressed():
    x, y = load("diabetes")
    model = LinearRegression().fit(x[::2], y[::2])
    predicted = model.predict(x[1::2])
    y = y[1::2]
    return {"what": "values", "set": "diabetes", "true": y, "predicted": predicted,
            "r2": metrics.r2_score(y, predicted), "mae": metrics.mean_absolute_error(y, predicted)}


def cross_validated(name, folds):
    """Ridge regression, onto one-hot targets for classes, on each fold; standardised by its training rows.

    Our network without hidden layers minimises mean((z − t)²) + ½·l2·‖W‖², which times rows·outputs is Ridge's function
    with alpha = ½·l2·rows·outputs.
    """
    x, y = load(name)
    case = {"what": "cross_validation", "set": name, "accuracy": [], "auc": [], "r2": [], "mae": [], "loss": []}
    for val in folds:
        train = numpy.setdiff1d(numpy.arange(len(x)), val)
        scaler = StandardScaler().fit(x[train])
        if name == "diabetes":
            mean, deviation = y[train].mean(), y[train].std()
            targets = ((y - mean) / deviation)[:, None]
        else:
            targets = numpy.eye(y.max() + 1)[y]
        ridge = Ridge(alpha=0.5 * L2 * len(train) * targets.shape[1], solver="cholesky", tol=1e-14)
        z = ridge.fit(scaler.transform(x[train]), targets[train]).predict(scaler.transform(x[val])).reshape(len(val), -1)
        case["loss"].append(((z - targets[val]) ** 2).mean())
        if name == "diabetes":
            predicted = z[:, 0] * deviation + mean
            case["r2"].append(metrics.r2_score(y[val], predicted))
            case["mae"].append(metrics.mean_absolute_error(y[val], predicted))
        else:
            case["accuracy"].append(metrics.accuracy_score(y[val], z.argmax(1)))
            if z.shape[1] == 2:
                case["auc"].append(metrics.roc_auc_score(y[val], z[:, 1]))
    return case


def perceptron(name):
    """Mean accuracy of MLPClassifier over dealings of five folds: more of them where the sets are small and scores vary."""
    repeats = 10 if name in ("iris", "wine") else 3
    x, y = load(name)
    network = MLPClassifier((16,), activation="relu", solver="adam", alpha=0, batch_size=32, learning_rate_init=0.01,
                            max_iter=40, n_iter_no_change=1000, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=repeats, random_state=0)
        scores = cross_val_score(make_pipeline(StandardScaler(), network), x, y, cv=folds)
    return {"what": "perceptron", "set": name, "epochs": 40, "repeats": repeats, "mean": scores.mean(), "deviation": scores.std()}


def main():
    folds = json.loads(pathlib.Path(golden.HERE / "folds.json").read_text(encoding="utf-8"))
    cases = [fold_sizes(name, k) for name in [*CLASSES, "diabetes"] for k in (2, 5, 10)]
    cases += [classified(name) for name in CLASSES] + [regressed()]
    cases += [cross_validated(name, folds[name]) for name in [*CLASSES, "diabetes"]]
    cases += [perceptron(name) for name in CLASSES]
    golden.write("learning.json", {"versions": golden.versions("numpy", "scikit-learn")}, cases)


if __name__ == "__main__":
    main()
