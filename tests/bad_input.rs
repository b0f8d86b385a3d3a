#![cfg(not(target_arch = "wasm32"))]
//! Bad input: every case is answered by an error that names the path and what is allowed.

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

#[test]
fn numbers_that_json_cannot_hold_are_refused_too() {
    for v in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let optimizer = Value::map([("name", Value::from("adam")), ("lr", Value::from(v))]);
        let config = Value::map([
            ("problem", good().get("problem").unwrap().clone()),
            ("optimizer", optimizer),
        ]);
        let message = Session::new(&config, || 0.0).err().unwrap().to_string();
        assert!(
            message.starts_with("optimizer.lr: ") && message.contains("outside"),
            "{message}"
        );
    }
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
