//! Bad input: every case is answered by an error that names the path and what is allowed.

#![cfg(not(target_arch = "wasm32"))]

use descent::train::Session;
use descent::value::Value;

/// A change to a good config (as JSON to be merged into it), and what the error must begin with and contain.
const CASES: &[(&str, &str, &str)] = &[
    (r#"{"colour": 1}"#, "colour: ", "known here: problem"),
    (r#"{"optimizer": null}"#, "optimizer: ", "missing"),
    (r#"{"optimizer": 3}"#, "optimizer.name: ", "missing"),
    (r#"{"optimizer": {"lr": 0.1}}"#, "optimizer.name: ", "adam"),
    (
        r#"{"optimizer": {"name": "adamm"}}"#,
        "optimizer.name: ",
        "is not one of sgd",
    ),
    (
        r#"{"optimizer": {"name": 7}}"#,
        "optimizer.name: ",
        "is not one of",
    ),
    (
        r#"{"optimizer": {"name": "adam", "beta1": 1.5}}"#,
        "optimizer.beta1: ",
        "1.5 is outside [0, 1)",
    ),
    (
        r#"{"optimizer": {"name": "adam", "beta1": 1}}"#,
        "optimizer.beta1: ",
        "outside [0, 1)",
    ),
    (
        r#"{"optimizer": {"name": "adam", "beta2": -0.1}}"#,
        "optimizer.beta2: ",
        "outside [0, 1)",
    ),
    (
        r#"{"optimizer": {"name": "adam", "lr": -1}}"#,
        "optimizer.lr: ",
        "outside [0, ∞)",
    ),
    (
        r#"{"optimizer": {"name": "adam", "lr": "fast"}}"#,
        "optimizer.lr: ",
        "\"fast\" is not a number",
    ),
    (
        r#"{"optimizer": {"name": "adam", "eps": -1e-8}}"#,
        "optimizer.eps: ",
        "outside (0, ∞)",
    ),
    (
        r#"{"optimizer": {"name": "adam", "beta": 0.9}}"#,
        "optimizer.beta: ",
        "known here: lr, beta1",
    ),
    (
        r#"{"optimizer": {"name": "adam", "amsgrad": 1}}"#,
        "optimizer.amsgrad: ",
        "true nor false",
    ),
    (
        r#"{"optimizer": {"name": "momentum", "form": "heavy"}}"#,
        "optimizer.form: ",
        "accumulate, ema, velocity",
    ),
    (
        r#"{"optimizer": {"name": "adadelta", "eps": 0}}"#,
        "optimizer.eps: ",
        "outside (0, ∞)",
    ),
    (
        r#"{"optimizer": {"name": "adamw", "weight_decay": -1}}"#,
        "optimizer.weight_decay: ",
        "outside",
    ),
    (r#"{"schedule": "cosine"}"#, "schedule: ", "not an object"),
    (r#"{"schedule": {}}"#, "schedule.name: ", "missing"),
    (
        r#"{"schedule": {"name": "linear"}}"#,
        "schedule.name: ",
        "is not one of constant",
    ),
    (
        r#"{"schedule": {"name": "step", "every": 0}}"#,
        "schedule.every: ",
        "whole number from 1",
    ),
    (
        r#"{"schedule": {"name": "step", "drop": 1.5}}"#,
        "schedule.drop: ",
        "outside [0, 1]",
    ),
    (
        r#"{"schedule": {"name": "exponential", "base": 0}}"#,
        "schedule.base: ",
        "outside (0, 1]",
    ),
    (
        r#"{"schedule": {"name": "cosine", "unit": "year"}}"#,
        "schedule.unit: ",
        "epoch, iteration",
    ),
    (
        r#"{"schedule": {"name": "cosine", "min_lr": -1}}"#,
        "schedule.min_lr: ",
        "outside",
    ),
    (
        r#"{"schedule": {"name": "piecewise"}}"#,
        "schedule.boundaries: ",
        "pairs [t, lr]",
    ),
    (
        r#"{"schedule": {"name": "piecewise", "boundaries": [[5, 1], [5, 2]]}}"#,
        "schedule.boundaries[1]: ",
        "rising",
    ),
    (
        r#"{"schedule": {"name": "warmup", "then": {"name": "x"}}}"#,
        "schedule.then.name: ",
        "is not one of",
    ),
    (
        r#"{"schedule": {"name": "warmup", "then": {"name": "warmup", "then": {"name": "cosine"}}}}"#,
        "schedule.then.then: ",
        "warm-up",
    ),
    (
        r#"{"batch_size": 0}"#,
        "batch_size: ",
        "whole number from 1",
    ),
    (r#"{"batch_size": 2.5}"#, "batch_size: ", "\"full\""),
    (r#"{"batch_size": "half"}"#, "batch_size: ", "\"full\""),
    (r#"{"shuffle": "yes"}"#, "shuffle: ", "true nor false"),
    (r#"{"seed": -1}"#, "seed: ", "whole number from 0"),
    (r#"{"seed": 1.5}"#, "seed: ", "whole number"),
    (r#"{"init_seed": 1e300}"#, "init_seed: ", "9007199254740991"),
    (r#"{"precision": "f16"}"#, "precision: ", "f64, f32"),
    (r#"{"clip_norm": 0}"#, "clip_norm: ", "outside (0, ∞)"),
    (r#"{"record": {"every": 0}}"#, "record.every: ", "from 1"),
    (
        r#"{"record": {"ema": 1}}"#,
        "record.ema: ",
        "outside [0, 1)",
    ),
    (
        r#"{"record": {"color": 1}}"#,
        "record.color: ",
        "known here: every",
    ),
    (r#"{"stop": 5}"#, "stop: ", "not an object"),
    (
        r#"{"stop": {"iterations": 0}}"#,
        "stop.iterations: ",
        "from 1",
    ),
    (
        r#"{"stop": {"gradient_tol": -1}}"#,
        "stop.gradient_tol: ",
        "outside",
    ),
    (
        r#"{"stop": {"plateau": {"patience": 0}}}"#,
        "stop.plateau.patience: ",
        "from 1",
    ),
    (r#"{"problem": null}"#, "problem: ", "missing"),
    (r#"{"problem": {}}"#, "problem.kind: ", "network, surface"),
    (
        r#"{"problem": {"kind": "knot"}}"#,
        "problem.kind: ",
        "network, surface",
    ),
    (r#"{"problem": {"kind": "surface"}}"#, "problem", "name"),
    (
        r#"{"problem": {"kind": "surface", "name": "everest"}}"#,
        "problem.name: ",
        "rosenbrock",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "start": [1]}}"#,
        "problem.start",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "start": [1, "a"]}}"#,
        "problem.start",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "noise": -1}}"#,
        "problem.noise: ",
        "outside",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "quadratic", "condition": 0.5}}"#,
        "problem.condition: ",
        "outside",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "rosenbrock", "dim": 1}}"#,
        "problem.dim: ",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "rosenbrock", "dim": 1e9}}"#,
        "problem.dim: ",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "x^2 + z"}}"#,
        "problem.formula: ",
        "column 7",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "x +"}}"#,
        "problem.formula: ",
        "column",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "(x"}}"#,
        "problem.formula: ",
        "column",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "x", "name": "booth"}}"#,
        "problem",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "quadratic", "a": [[1, 2], [3, 4]], "b": [0, 0]}}"#,
        "problem.a",
        "",
    ),
    (
        r#"{"problem": {"kind": "network"}}"#,
        "problem.data: ",
        "missing",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {}}}"#,
        "problem.data: ",
        "{ csv }",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "mnist"}}}"#,
        "problem.data.name: ",
        "iris",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "wine"}}}"#,
        "problem.data.name: ",
        "register_data",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons", "n": 3}}}"#,
        "problem.data.n: ",
        "whole number from",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons", "noise": -1}}}"#,
        "problem.data.noise: ",
        "outside",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons", "colour": 1}}}"#,
        "problem.data.colour: ",
        "known here",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": ""}}}"#,
        "problem.data.csv: ",
        "",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n3"}}}"#,
        "problem.data.csv: ",
        "line 3",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n,4\n5,6"}}}"#,
        "problem.data.csv: ",
        "line 3",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n3,4", "target": "c"}}}"#,
        "problem.data.",
        "a, b",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], [2]]}}}"#,
        "problem.data.targets: ",
        "missing",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [], "targets": []}}}"#,
        "problem.data.inputs: ",
        "non-empty",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1, 2], [3]], "targets": [1, 2]}}}"#,
        "problem.data.inputs[1]: ",
        "one length",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], [2]], "targets": [1]}}}"#,
        "problem.data.targets: ",
        "2",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], [2]], "targets": [0.5, 1], "task": "classification"}}}"#,
        "problem.data.targets: ",
        "class indices",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "split": {"train": 0.5, "val": 0.1}}}"#,
        "problem.split",
        "1",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "split": {"train": 0, "val": 1}}}"#,
        "problem.split",
        "",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "split": {"train": 2, "val": -1}}}"#,
        "problem.split.",
        "outside",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": 5}}"#,
        "problem.layers: ",
        "array",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [0]}}"#,
        "problem.layers[0]: ",
        "from 1 to 4096",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [4096, 4096]}}"#,
        "problem.layers: ",
        "parameters",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "activation": "swish"}}"#,
        "problem.activation: ",
        "relu",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [3, 3], "activation": ["relu"]}}"#,
        "problem.activation: ",
        "one a hidden layer",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "output_activation": 1}}"#,
        "problem.output_activation: ",
        "relu",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "loss": "hinge"}}"#,
        "problem.loss: ",
        "mse",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "sine"}, "loss": "cross_entropy"}}"#,
        "problem.loss: ",
        "use mse",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "sine"}, "loss": "binary_cross_entropy"}}"#,
        "problem.loss: ",
        "[0, 1]",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "init": "ones"}}"#,
        "problem.init: ",
        "he",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "init": {"parameters": [1, 2]}}}"#,
        "problem.init.parameters: ",
        "finite numbers",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "l2": -1}}"#,
        "problem.l2: ",
        "outside",
    ),
    // Kinds of value that stand where another is meant.
    (r#"{"optimizer": "adam"}"#, "optimizer", ""),
    (r#"{"optimizer": ["adam"]}"#, "optimizer", ""),
    (
        r#"{"optimizer": {"name": "adam", "lr": [0.1]}}"#,
        "optimizer.lr: ",
        "an array is not a number",
    ),
    (
        r#"{"optimizer": {"name": "adam", "lr": true}}"#,
        "optimizer.lr: ",
        "true is not a number",
    ),
    (
        r#"{"optimizer": {"name": "ADAM"}}"#,
        "optimizer.name: ",
        "\"ADAM\" is not one of",
    ),
    (
        r#"{"optimizer": {"name": ""}}"#,
        "optimizer.name: ",
        "is not one of",
    ),
    (
        r#"{"optimizer": {"name": "adam", "__proto__": {"lr": 1}}}"#,
        "optimizer.__proto__: ",
        "known here",
    ),
    (r#"{"constructor": {}}"#, "constructor: ", "known here"),
    (r#"{"problem": []}"#, "problem.kind: ", "network, surface"),
    (
        r#"{"problem": "network"}"#,
        "problem.kind: ",
        "network, surface",
    ),
    (
        r#"{"problem": {"kind": ["network"]}}"#,
        "problem.kind: ",
        "network, surface",
    ),
    (r#"{"schedule": ["constant"]}"#, "schedule", ""),
    (
        r#"{"schedule": {"name": "constant", "lr": 1}}"#,
        "schedule.lr: ",
        "known here",
    ),
    (
        r#"{"schedule": {"name": "piecewise", "boundaries": 5}}"#,
        "schedule.boundaries",
        "",
    ),
    (
        r#"{"schedule": {"name": "piecewise", "boundaries": [[1]]}}"#,
        "schedule.boundaries[0]",
        "",
    ),
    (
        r#"{"schedule": {"name": "piecewise", "boundaries": [[1, -2]]}}"#,
        "schedule.boundaries[0]",
        "",
    ),
    (
        r#"{"schedule": {"name": "piecewise", "boundaries": [[-1, 2]]}}"#,
        "schedule.boundaries[0]",
        "",
    ),
    (
        r#"{"schedule": {"name": "step", "every": 1.5}}"#,
        "schedule.every: ",
        "whole number",
    ),
    (
        r#"{"batch_size": -1}"#,
        "batch_size: ",
        "whole number from 1",
    ),
    (r#"{"batch_size": 1e10}"#, "batch_size: ", "whole number"),
    (r#"{"batch_size": "FULL"}"#, "batch_size: ", "\"full\""),
    (r#"{"batch_size": [32]}"#, "batch_size: ", "\"full\""),
    (r#"{"shuffle": 1}"#, "shuffle: ", "true nor false"),
    (r#"{"seed": "7"}"#, "seed: ", "\"7\" is not a whole number"),
    (
        r#"{"seed": 9007199254740992}"#,
        "seed: ",
        "9007199254740991",
    ),
    (r#"{"data_seed": -3}"#, "data_seed: ", "whole number from 0"),
    (
        r#"{"batch_seed": {}}"#,
        "batch_seed: ",
        "whole number from 0",
    ),
    (r#"{"precision": 64}"#, "precision: ", "f64, f32"),
    (r#"{"clip_norm": -1}"#, "clip_norm: ", "outside (0, ∞)"),
    (r#"{"clip_norm": "none"}"#, "clip_norm: ", "not a number"),
    (
        r#"{"record": {"every": 1.5}}"#,
        "record.every: ",
        "whole number from 1",
    ),
    (
        r#"{"record": {"every": 1e300}}"#,
        "record.every: ",
        "9007199254740991",
    ),
    (
        r#"{"record": {"validate_every": -1}}"#,
        "record.validate_every: ",
        "from 0",
    ),
    (
        r#"{"record": {"validate_rows": 0}}"#,
        "record.validate_rows: ",
        "from 1",
    ),
    (
        r#"{"stop": {"early": {"watch": "loss"}}}"#,
        "stop.early.watch: ",
        "val_loss, val_accuracy, val_r2",
    ),
    (
        r#"{"stop": {"early": {"patience": 0}}}"#,
        "stop.early.patience: ",
        "from 1",
    ),
    (
        r#"{"record": {"ema": -0.1}}"#,
        "record.ema: ",
        "outside [0, 1)",
    ),
    (r#"{"record": 1}"#, "record: ", "not an object"),
    (
        r#"{"stop": {"iterations": 2.5}}"#,
        "stop.iterations: ",
        "whole number",
    ),
    (
        r#"{"stop": {"target": "low"}}"#,
        "stop.target: ",
        "not a number",
    ),
    (
        r#"{"stop": {"plateau": 5}}"#,
        "stop.plateau: ",
        "not an object",
    ),
    (
        r#"{"stop": {"plateau": {"min_delta": -1}}}"#,
        "stop.plateau.min_delta: ",
        "outside",
    ),
    (
        r#"{"stop": {"plateau": {"patient": 1}}}"#,
        "stop.plateau.patient: ",
        "known here: patience",
    ),
    // Sizes that cannot fit.
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [1e9]}}"#,
        "problem.layers[0]: ",
        "from 1 to 4096",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [8, 2.5]}}"#,
        "problem.layers[1]: ",
        "whole number",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [8, -8]}}"#,
        "problem.layers[1]: ",
        "whole number",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": ["8"]}}"#,
        "problem.layers: ",
        "array",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}}"#,
        "problem.layers: ",
        "at most 32",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons", "n": 1e12}}}"#,
        "problem.data.n: ",
        "whole number from",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons", "n": 100.5}}}"#,
        "problem.data.n: ",
        "whole number from",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "rosenbrock", "dim": 2.5}}"#,
        "problem.dim: ",
        "whole number",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "rosenbrock", "dim": -2}}"#,
        "problem.dim: ",
        "whole number",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "dim": 3}}"#,
        "problem.dim: ",
        "2 variables",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "x1 + x999999999999"}}"#,
        "problem.formula: ",
        "column",
    ),
    // Surfaces.
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "start": 5}}"#,
        "problem.start: ",
        "numbers",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "start": [1, null]}}"#,
        "problem.start",
        "not a finite number",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "start": [1, 2, 3]}}"#,
        "problem.start",
        "2",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "booth", "a": [[1]]}}"#,
        "problem.a: ",
        "known here",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "quadratic", "b": [1, 1]}}"#,
        "problem.b: ",
        "a is missing",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "quadratic", "a": [[1, 0], [0]]}}"#,
        "problem.a",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "quadratic", "a": []}}"#,
        "problem.a",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "quadratic", "a": [[1, 0], [0, "1"]]}}"#,
        "problem.a",
        "",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "quadratic", "a": [[1, 0], [0, 1]], "b": [1]}}"#,
        "problem.b",
        "2",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": 5}}"#,
        "problem.formula: ",
        "not a string",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": ""}}"#,
        "problem.formula: ",
        "the formula ends",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "x ** * y"}}"#,
        "problem.formula: ",
        "column 6",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "x = y"}}"#,
        "problem.formula: ",
        "one expression",
    ),
    (
        r#"{"problem": {"kind": "surface", "formula": "x", "minimum": 0}}"#,
        "problem.minimum: ",
        "known here",
    ),
    // Networks and their data.
    (
        r#"{"problem": {"kind": "network", "data": "moons"}}"#,
        "problem.data: ",
        "{ name }",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": ["moons"]}}}"#,
        "problem.data.name: ",
        "is not one of",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "../iris"}}}"#,
        "problem.data.name: ",
        "one of",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "l1": 0.1}}"#,
        "problem.l1: ",
        "known here",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "l2": "much"}}"#,
        "problem.l2: ",
        "not a number",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "stratify": "yes"}}"#,
        "problem.stratify: ",
        "true nor false",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "standardize": 1}}"#,
        "problem.standardize: ",
        "true nor false",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "split": [0.6, 0.2, 0.2]}}"#,
        "problem.split: ",
        "not an object",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "split": {"train": 0.8, "dev": 0.2}}}"#,
        "problem.split.dev: ",
        "known here: train, val, test",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "activation": ["relu", "relu"]}}"#,
        "problem.activation: ",
        "one a hidden layer",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [3, 3], "activation": ["relu", "reluu"]}}"#,
        "problem.activation[1]: ",
        "relu",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "activation": null, "output_activation": "softmax"}}"#,
        "problem.output_activation: ",
        "identity",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "loss": ["mse"]}}"#,
        "problem.loss: ",
        "mse",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "init": {"parameters": "zeros"}}}"#,
        "problem.init.parameters: ",
        "finite numbers",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "init": {"weights": [1]}}}"#,
        "problem.init.weights: ",
        "parameters",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], null], "targets": [1, 2]}}}"#,
        "problem.data.inputs[1]: ",
        "finite numbers",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], ["2"]], "targets": [1, 2]}}}"#,
        "problem.data.inputs[1]: ",
        "finite numbers",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[], []], "targets": [1, 2]}}}"#,
        "problem.data.inputs[0]: ",
        "finite numbers",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": {"0": [1]}, "targets": [1]}}}"#,
        "problem.data.inputs: ",
        "array of rows",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"targets": [1, 2]}}}"#,
        "problem.data.inputs: ",
        "missing",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], [2]], "targets": [0, 100], "task": "classification"}}}"#,
        "problem.data.targets: ",
        "from 0 to 99",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], [2]], "targets": [[0, 1], [1, 0]], "task": "classification"}}}"#,
        "problem.data.targets: ",
        "class indices",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], [2]], "targets": [0, 1], "task": "clustering"}}}"#,
        "problem.data.task: ",
        "classification, regression",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [[1], [2]], "targets": [0, 1], "name": "moons"}}}"#,
        "problem.data.name: ",
        "known here",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"inputs": [1, 2], "targets": [3, 4]}}}"#,
        "problem",
        "2 rows",
    ),
    // CSV.
    (
        r#"{"problem": {"kind": "network", "data": {"csv": 5}}}"#,
        "problem.data.csv: ",
        "not a string",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "\n\n"}}}"#,
        "problem.data.csv: ",
        "is empty",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n"}}}"#,
        "problem.data.csv: ",
        "no rows",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a\n1\n2\n"}}}"#,
        "problem.data.csv: ",
        "one column",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,a\n1,2\n3,4"}}}"#,
        "problem.data.csv: ",
        "two columns",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n3,4\nNaN,5"}}}"#,
        "problem.data.csv: ",
        "line 4",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n1e999,4"}}}"#,
        "problem.data.csv: ",
        "line 3",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n3,4,5"}}}"#,
        "problem.data.csv: ",
        "line 3 has 3 fields",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,\"2\n3,4\n5,6"}}}"#,
        "problem.data.csv: ",
        "",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,x\n2,y", "task": "regression"}}}"#,
        "problem.data.task: ",
        "needs numbers",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,x\n2,x"}}}"#,
        "problem.data.csv: ",
        "one class only",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n3,4", "target": 1}}}"#,
        "problem.data.target: ",
        "not a string",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n3,4", "task": "both"}}}"#,
        "problem.data.task: ",
        "classification, regression",
    ),
    (
        r#"{"problem": {"kind": "network", "data": {"csv": "a,b\n1,2\n3,4", "separator": ";"}}}"#,
        "problem.data.separator: ",
        "known here: csv",
    ),
    (
        r#"{"problem": {"kind": "least_squares"}}"#,
        "problem.model: ",
        "is missing; a formula in x and b1, b2, …, or one of linear",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": 3}}"#,
        "problem.model: ",
        "3 is not a string",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "misra"}}"#,
        "problem.model: ",
        "\"misra\" is neither one of linear, polynomial",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "misra", "x": [1], "y": [1]}}"#,
        "problem.model: ",
        "\"misra\" is neither one of linear, polynomial",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "misra1a"}}"#,
        "problem.model: ",
        "call register_data(\"misra1a\", …) with www/data/nist/misra1a.csv",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 +", "x": [1], "y": [1]}}"#,
        "problem.model: ",
        "column 5: expected",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 + z", "x": [1], "y": [1]}}"#,
        "problem.model: ",
        "column 6: \"z\" is unknown; known are x, b1 … b100",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 + x2", "x": [1], "y": [1]}}"#,
        "problem.model: ",
        "column 6: \"x2\" is unknown",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x3", "x": [[1, 2]], "y": [1]}}"#,
        "problem.model: ",
        "known are x1 … x2, b1",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b101 x", "x": [1], "y": [1]}}"#,
        "problem.model: ",
        "\"b101\" is unknown",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "2 x", "x": [1], "y": [1]}}"#,
        "problem.model: ",
        "has no parameters; write b1",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 + b3 x", "x": [1, 2, 3], "y": [1, 2, 3]}}"#,
        "problem.model: ",
        "b2 does not stand in it, but b3 does",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x"}}"#,
        "problem.x: ",
        "is missing",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, 2]}}"#,
        "problem.y: ",
        "is missing",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "y": [1, 2]}}"#,
        "problem.x: ",
        "is missing",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [], "y": []}}"#,
        "problem.x: ",
        "non-empty",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, 2], "y": []}}"#,
        "problem.y: ",
        "has 0 numbers where x has 2 rows",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": 1, "y": [1]}}"#,
        "problem.x: ",
        "rows of finite numbers",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, "2"], "y": [1, 2]}}"#,
        "problem.x[1]: ",
        "rows of finite numbers",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x1", "x": [[1, 2], [3]], "y": [1, 2]}}"#,
        "problem.x[1]: ",
        "all of one length",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, 2], "y": [1, "2"]}}"#,
        "problem.y: ",
        "an array of numbers",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, 2], "y": [1, 2, 3]}}"#,
        "problem.y: ",
        "has 3 numbers where x has 2 rows",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x + b2", "x": [1], "y": [1]}}"#,
        "problem.x: ",
        "1 rows cannot determine the 2 parameters",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, 2], "y": [1, 2], "start": [1, 2]}}"#,
        "problem.start: ",
        "must be 1 finite numbers",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, 2], "y": [1, 2], "start": 1}}"#,
        "problem.start: ",
        "must be 1 finite numbers",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "b1 x", "x": [1, 2], "y": [1, 2], "n": 5}}"#,
        "problem.n: ",
        "known here: kind, model, x, y, data, start",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "x": [1, 2], "y": [1, 2], "noise": 1}}"#,
        "problem.noise: ",
        "no such field",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "noise": -1}}"#,
        "problem.noise: ",
        "outside [0, ∞)",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "n": 1}}"#,
        "problem.n: ",
        "from 2 to 10000",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "n": 1e300}}"#,
        "problem.n: ",
        "from 2 to 10000",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "polynomial", "degree": 13}}"#,
        "problem.degree: ",
        "from 1 to 12",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "polynomial", "degree": 5, "n": 4}}"#,
        "problem.n: ",
        "4 rows cannot determine the 6 parameters",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "polynomial", "x": [[1, 2], [3, 4]], "y": [1, 2]}}"#,
        "problem.x: ",
        "polynomial takes rows of 1, not of 2",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "circle", "x": [1, 2, 3]}}"#,
        "problem.x: ",
        "circle takes rows of 2, not of 1",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "exponential", "start": [1, 2, 3]}}"#,
        "problem.start: ",
        "must be 2 finite numbers",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "data": {"csv": "x,y\n1,2\n2,3"}, "y": [1, 2]}}"#,
        "problem.data: ",
        "x or y stands beside it",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "data": {}}}"#,
        "problem.data: ",
        "is none of { name }",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "data": {"csv": "x,y\n1,a\n2,b\n3,a\n4,b"}}}"#,
        "problem.data.target: ",
        "\"y\" holds text; a model gives numbers",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "data": {"csv": "x,y\n1,2"}}}"#,
        "problem.data: ",
        "1 rows cannot determine the 2 parameters",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "exponential", "data": {"csv": "u,v,y\n1,2,3\n2,3,4\n5,6,7.5"}}}"#,
        "problem.data: ",
        "exponential takes rows of 1, not of 2",
    ),
    (
        r#"{"problem": {"kind": "least_squares", "model": "linear", "data": {"inputs": [1, 2, 3], "targets": [[1, 2], [3, 4], [5, 6]]}}}"#,
        "problem.data: ",
        "has 2 targets a row; a model gives one",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "wood", "dim": 5}}"#,
        "problem.dim: ",
        "wood has 4 variables, not 5",
    ),
    (
        r#"{"problem": {"kind": "constrained", "equality": ["x"]}}"#,
        "problem.objective: ",
        "is missing",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": 5}}"#,
        "problem.objective: ",
        "5 is neither a formula nor an object with q, lasso or ridge",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x +"}}"#,
        "problem.objective: ",
        "column 4",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x + z"}}"#,
        "problem.objective: ",
        "\"z\" is unknown; known are x, y, pi, e",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "equality": "x = 1"}}"#,
        "problem.equality: ",
        "is neither an array of formulas nor an object with a and b",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "equality": ["x = 1", 7]}}"#,
        "problem.equality[1]: ",
        "7 is not a formula",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "inequality": ["x <= 1", "x >= y +"]}}"#,
        "problem.inequality[1]: ",
        "right of the sign, column 5",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "equality": ["x <= 1"]}}"#,
        "problem.equality[0]: ",
        "column 3",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "inequality": {"g": [[1, 2]]}}}"#,
        "problem.inequality.h: ",
        "is missing",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "inequality": {"g": [[1, 2]], "h": [1, 2]}}}"#,
        "problem.inequality.h: ",
        "2 numbers; must be 1",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "inequality": {"g": [[1, 2], [1]], "h": [1, 2]}}}"#,
        "problem.inequality.g[1]: ",
        "1 numbers; must be 2",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "inequality": {"g": [], "h": []}}}"#,
        "problem.inequality.g: ",
        "is not an array of rows of numbers",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x1 + x3", "inequality": {"g": [[1, 2]], "h": [1]}}}"#,
        "problem.objective: ",
        "is in 3 variables, but the rest has 2",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x99"}}"#,
        "problem.objective: ",
        "x99 is beyond x50",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"p": [[1]]}}}"#,
        "problem.objective.q: ",
        "is missing",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": []}}}"#,
        "problem.objective.q: ",
        "0 numbers; must be 1",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1, 2], "p": [[1, 2]]}}}"#,
        "problem.objective.p: ",
        "1 rows, but q has 2 numbers; must be 2",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1, 2], "p": [[1, 2], [3, 1]]}}}"#,
        "problem.objective.p[0][1]: ",
        "2 must equal p[1][0], which is 3",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1, "a"]}}}"#,
        "problem.objective.q[1]: ",
        "is not a number up to 1e100",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1], "r": 2}}}"#,
        "problem.objective.r: ",
        "no such field; known here: p, q, lasso, ridge",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"lasso": {"a": [[1]], "b": [1], "lambda": -1}}}}"#,
        "problem.objective.lasso.lambda: ",
        "-1 is outside [0, ∞)",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"lasso": {"a": [[1]], "b": [1, 2]}}}}"#,
        "problem.objective.lasso.b: ",
        "2 numbers; must be 1",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"ridge": {"a": [[1]], "b": [1], "radius": 0}}}}"#,
        "problem.objective.ridge.radius: ",
        "0 is outside (0, ∞)",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"lasso": {"a": [[1]], "b": [1]}, "q": [1]}}}"#,
        "problem.objective.q: ",
        "lasso stands beside it; give one of the two",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"lasso": {"a": [[1]], "b": [1]}}, "lower": [0]}}"#,
        "problem.lower: ",
        "a lasso takes no further constraints",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1, 2]}, "lower": [0]}}"#,
        "problem.lower: ",
        "1 numbers, but there are 2 unknowns; must be 2, or one for all",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1, 2]}, "lower": [0, "a"]}}"#,
        "problem.lower[1]: ",
        "is neither a number up to 1e100 nor null",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1, 2]}, "lower": 2, "upper": [null, 1]}}"#,
        "problem.lower[1]: ",
        "2 is above upper[1], which is 1",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1, 2]}, "start": [1]}}"#,
        "problem.start: ",
        "1 numbers; must be 2",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x", "bounds": 1}}"#,
        "problem.bounds: ",
        "no such field; known here: kind, objective, equality, inequality, lower, upper, start",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x^2", "inequality": ["x - 1"]}, "optimizer": {"name": "lagrange_newton"}}"#,
        "optimizer.name: ",
        "takes equalities alone, and this problem has 1 inequalities",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x^4"}, "optimizer": {"name": "interior_point"}}"#,
        "optimizer.name: ",
        "needs a quadratic objective and linear constraints",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x^2 - y^2"}, "optimizer": {"name": "admm"}}"#,
        "optimizer.name: ",
        "needs a convex objective; the least eigenvalue of this one is -2.000e0",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x^2", "inequality": ["x + y"]}, "optimizer": {"name": "projected_gradient"}}"#,
        "optimizer.name: ",
        "a set that is easy to project on",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"lasso": {"a": [[1]], "b": [1]}}}, "optimizer": {"name": "penalty"}}"#,
        "optimizer.name: ",
        "needs constraints with derivatives",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"lasso": {"a": [[1]], "b": [1]}}}, "optimizer": {"name": "interior_point"}}"#,
        "optimizer.name: ",
        "admm and primal_dual take this one",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1]}, "inequality": {"g": [[2]], "h": [1]}}, "optimizer": {"name": "primal_dual", "tau": 1, "sigma": 1}}"#,
        "optimizer.tau: ",
        "1 with sigma 1 is too long",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1]}, "lower": 0}, "optimizer": {"name": "admm", "blocks": 2}}"#,
        "optimizer.blocks: ",
        "only the rows of a lasso or a ridge can be shared out",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"lasso": {"a": [[1]], "b": [1]}}}, "optimizer": {"name": "admm", "blocks": 2}}"#,
        "optimizer.blocks: ",
        "2: there are 1 rows",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": {"q": [1]}, "lower": 0}, "optimizer": {"name": "admm", "relaxation": 2}}"#,
        "optimizer.relaxation: ",
        "2 is outside (0, 2)",
    ),
    (
        r#"{"problem": {"kind": "constrained", "objective": "x^2"}, "optimizer": {"name": "penalty"}, "precision": "f32"}"#,
        "precision: ",
        "penalty needs the digits of \"f64\"",
    ),
    (
        r#"{"optimizer": {"name": "admm"}}"#,
        "optimizer.name: ",
        "admm needs a quadratic objective and linear constraints",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "powell_singular", "dim": 6}}"#,
        "problem.dim: ",
        "powell_singular has a multiple of 4 up to 48 variables, not 6",
    ),
    (
        r#"{"problem": {"kind": "surface", "name": "trigonometric", "dim": 30}}"#,
        "problem.dim: ",
        "trigonometric has from 2 to 20 variables, not 30",
    ),
];

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn good() -> Value {
    json(
        r#"{ "problem": { "kind": "surface", "name": "booth" }, "optimizer": { "name": "adam" } }"#,
    )
}

fn merged(change: &str) -> Value {
    let (Value::Map(mut base), Value::Map(changes)) = (good(), json(change)) else {
        unreachable!()
    };
    for (key, value) in changes {
        base.retain(|(k, _)| *k != key);
        base.push((key, value));
    }
    Value::Map(base)
}

#[test]
fn every_bad_config_is_answered_by_its_path_and_what_is_allowed() {
    assert!(Session::new(&good(), || 0.0).is_ok());
    assert!(CASES.len() >= 60);
    let document = |text: &'static str| {
        Session::new(&json(text), || 0.0)
            .err()
            .map(|e| e.to_string())
    };
    for text in ["null", "[]", "5", "\"adam\"", "true"] {
        assert!(
            document(text).is_some_and(|e| e.contains("is not an object with problem, optimizer")),
            "{text}"
        );
    }
    let mut wrong = Vec::new();
    for (change, begins, contains) in CASES {
        match Session::new(&merged(change), || 0.0) {
            Ok(_) => wrong.push(format!("{change}\n    was accepted")),
            Err(e) => {
                let message = e.to_string();
                if !(message.starts_with(begins) && message.contains(contains)) {
                    wrong.push(format!(
                        "{change}\n    said   {message}\n    wanted {begins}…{contains}…"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every number of a good config in turn becomes one that JSON cannot hold.
#[test]
fn numbers_that_json_cannot_hold_are_refused_wherever_they_stand() {
    let config = json(
        r#"{ "problem": { "kind": "network", "data": { "inputs": [[1, 2], [3, 4]], "targets": [1, 0] },
                          "split": { "train": 0.5, "val": 0.5, "test": 0 }, "layers": [2], "l2": 0.1,
                          "init": { "parameters": [1, 2, 3, 4, 5, 6, 7, 8, 9] } },
             "optimizer": { "name": "adam", "lr": 0.1, "beta1": 0.9, "beta2": 0.9, "eps": 1e-8 },
             "schedule": { "name": "piecewise", "boundaries": [[1, 0.1], [2, 0.01]] },
             "batch_size": 1, "seed": 1, "data_seed": 1, "init_seed": 1, "batch_seed": 1, "clip_norm": 1,
             "record": { "every": 1, "validate_every": 1, "ema": 0.5 },
             "stop": { "iterations": 1, "gradient_tol": 1, "target": 1, "diverge_above": 1,
                       "plateau": { "patience": 1, "min_delta": 1 } } }"#,
    );
    assert!(Session::new(&config, || 0.0).is_ok());
    let surface = json(
        r#"{ "problem": { "kind": "surface", "name": "quadratic", "a": [[2, 1], [1, 2]], "b": [1, 1], "start": [1, 2],
                          "noise": 0.1 }, "optimizer": { "name": "sgd" } }"#,
    );
    assert!(Session::new(&surface, || 0.0).is_ok());
    let constrained = json(
        r#"{ "problem": { "kind": "constrained", "objective": { "p": [[2, 1], [1, 2]], "q": [1, 1] },
                          "equality": { "a": [[1, 2]], "b": [1] }, "inequality": { "g": [[1, 1]], "h": [2] },
                          "lower": [0, 1], "upper": [5, 6], "start": [1, 2] }, "optimizer": { "name": "interior_point" } }"#,
    );
    assert!(Session::new(&constrained, || 0.0).is_ok());
    for config in [config, surface, constrained] {
        let mut n = 0;
        for v in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            n = 0;
            while let Some((path, changed)) = with_number(&config, n, v) {
                let message = Session::new(&changed, || 0.0)
                    .err()
                    .unwrap_or_else(|| panic!("{v} at {path} was accepted"))
                    .to_string();
                let (at, _) = message.split_once(": ").unwrap();
                assert!(path.starts_with(at), "{v} at {path}: {message}");
                n += 1;
            }
        }
        assert!(n > 8);
    }
}

/// The config with its n-th number replaced by `v`, and the number's path; nothing if there are not so many.
fn with_number(config: &Value, mut n: usize, v: f64) -> Option<(String, Value)> {
    fn replace(value: &mut Value, path: String, n: &mut usize, v: f64) -> Option<String> {
        match value {
            Value::Number(number) if *n == 0 => {
                *number = v;
                Some(path)
            }
            Value::Number(_) => {
                *n -= 1;
                None
            }
            Value::List(items) => items
                .iter_mut()
                .enumerate()
                .find_map(|(i, item)| replace(item, format!("{path}[{i}]"), n, v)),
            Value::Map(pairs) => pairs.iter_mut().find_map(|(key, item)| {
                let dot = if path.is_empty() { "" } else { "." };
                replace(item, format!("{path}{dot}{key}"), n, v)
            }),
            _ => None,
        }
    }
    let mut changed = config.clone();
    let path = replace(&mut changed, String::new(), &mut n, v)?;
    Some((path, changed))
}

#[test]
fn a_refused_change_leaves_the_run_as_it_was() {
    let mut s = Session::new(&good(), || 0.0).unwrap();
    s.train_step(20);
    let (digest, config) = (s.digest(), s.config());
    assert!(
        s.set_optimizer(&json(r#"{ "name": "adam", "beta1": 2 }"#))
            .is_err()
    );
    assert!(s.set_schedule(&json(r#"{ "name": "x" }"#)).is_err());
    assert!(s.set_batch_size(&json("0")).is_err());
    assert!(s.set_l2(0.1).is_err(), "a surface has no weights");
    assert!(s.set_parameters(&[1.0]).is_err());
    assert!(s.set_parameters(&[1.0, f64::NAN]).is_err());
    assert!(s.predict(&[1.0]).is_err());
    assert!(s.evaluate("val").is_err());
    assert!(s.evaluate("everything").is_err());
    assert_eq!((s.digest(), s.config()), (digest, config));
}
