#![cfg(not(target_arch = "wasm32"))]
//! Exported scripts: what they refuse, and that PyTorch and Ray, given one, repeat the run.
//!
//! The tests that run Python are ignored by default; `cargo xtask test export` installs PyTorch and Ray and runs them.

use std::path::PathBuf;
use std::process::Command;

use descent::data::registry;
use descent::train::Session;
use descent::tune::export::{python_script, ray_script};
use descent::tune::search::{Method, Search};
use descent::value::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const NETWORK: &str = r#""problem": {"kind": "network", "data": {"name": "moons"}, "layers": [8, 5],
    "activation": ["tanh", "softplus"], "l2": 0.001}, "batch_size": 16, "seed": 4"#;

#[test]
fn what_pytorch_has_not_is_refused_by_name() {
    for (config, expected) in [
        (
            r#"{"problem": {"kind": "surface", "name": "booth"}, "optimizer": {"name": "sgd"}}"#,
            "problem.kind: only a network",
        ),
        (
            r#""optimizer": {"name": "lion"}"#,
            "optimizer.name: lion is not in torch.optim as it is here; exported are sgd",
        ),
        (
            r#""optimizer": {"name": "momentum", "form": "ema"}"#,
            "optimizer.form: momentum of the form \"ema\" is no variant",
        ),
        (
            r#""optimizer": {"name": "adam", "bias_correction": false}"#,
            "optimizer.bias_correction: Adam without",
        ),
        (
            r#""optimizer": {"name": "rmsprop", "eps_inside_sqrt": true}"#,
            "optimizer.eps_inside_sqrt: ε inside",
        ),
        (
            r#""optimizer": {"name": "sgd"}, "stop": {"early": {}}"#,
            "stop.early: is not exported",
        ),
        (
            r#""optimizer": {"name": "sgd"}, "stop": {"iterations": 1000000}"#,
            "stop.iterations: the orders of",
        ),
        (r#""optimizer": {"name": "sgdd"}"#, "optimizer.name: "),
    ] {
        let config = if config.starts_with('{') {
            config.to_owned()
        } else {
            format!("{{{NETWORK}, {config}}}")
        };
        let message = python_script(&json(&config)).unwrap_err().to_string();
        assert!(message.starts_with(expected), "{message}");
    }
}

#[test]
fn a_script_holds_each_data_set_and_start_once_and_no_test_row() {
    let spec = format!(
        r#"{{"base": {{{NETWORK}, "optimizer": {{"name": "adam"}}, "stop": {{"iterations": 20}}}},
            "axes": {{"optimizer.lr": [0.01, 0.1], "problem.l2": [0, 0.1]}}}}"#
    );
    let search = Search::from_value(&json(&spec), Method::AsGiven).unwrap();
    let script = ray_script(&search).unwrap();
    let items = |name: &str| {
        let list = script.split(&format!("\n{name} = [\n")).nth(1).unwrap();
        list.lines().take_while(|line| *line != "]").count()
    };
    assert_eq!(
        ["DATA", "STARTS", "ORDERS", "RUNS", "TRIALS"].map(items),
        [1, 1, 1, 4, 4]
    );
    assert_eq!(
        script.matches("\"inputs\": [[").count(),
        2,
        "of training and validation"
    );
}

/// Python with PyTorch, and Ray for the search.
fn python() -> PathBuf {
    std::env::var_os("DESCENT_PYTHON")
        .expect("DESCENT_PYTHON, as `cargo xtask test export` sets it")
        .into()
}

/// What a script prints.
fn output(script: &str, name: &str) -> String {
    let path = std::env::temp_dir().join(format!("descent-{}-{name}.py", std::process::id()));
    std::fs::write(&path, script).unwrap();
    let output = Command::new(python()).arg(&path).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {error}");
    std::fs::remove_file(path).unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// The largest relative difference of the losses before each of the steps, and the number of steps.
fn compared(config: &str, name: &str) -> (f64, usize) {
    let config = json(config);
    let printed = output(&python_script(&config).unwrap(), name);
    let theirs: Vec<f64> = printed
        .lines()
        .filter_map(|line| {
            line.split_once(',')
                .filter(|_| !line.starts_with('#'))?
                .1
                .parse()
                .ok()
        })
        .collect();
    let mut session = Session::new(&config, || 0.0).unwrap();
    session.train_step(10_000);
    let ours = session.history().column("loss").unwrap().to_vec();
    assert_eq!(ours.len(), theirs.len(), "{name}");
    let differences = ours
        .iter()
        .zip(&theirs)
        .map(|(a, b)| (a - b).abs() / a.abs().max(1e-300));
    let val = session.evaluate("val").unwrap();
    let said = printed
        .lines()
        .find(|line| line.starts_with("# val"))
        .unwrap();
    let shown = val.accuracy.or(val.r2).unwrap();
    let theirs: f64 = said
        .rsplit(": ")
        .next()
        .unwrap()
        .trim_end_matches('}')
        .parse()
        .unwrap();
    assert!(
        (shown - theirs).abs() < 1e-8,
        "{name}: {shown} against {said}"
    );
    (differences.fold(0.0, f64::max), ours.len())
}

const MOONS: &str = r#""data": {"name": "moons"}, "layers": [8, 5], "activation": ["tanh", "softplus"], "l2": 0.001}, "batch_size": 16"#;
const SPIRAL: &str = r#""data": {"name": "spiral"}, "layers": [12], "activation": "elu", "loss": "binary_cross_entropy"}, "batch_size": 10"#;
const IRIS: &str = r#""data": {"name": "iris"}, "layers": [9], "activation": "gelu"}, "batch_size": 32, "shuffle": false"#;
const DIABETES: &str = r#""data": {"name": "diabetes"}, "layers": [6, 6], "activation": "sigmoid", "loss": "huber", "l2": 0.01}, "batch_size": "full""#;
const SINE: &str = r#""data": {"name": "sine"}, "layers": [10], "activation": "leaky_relu", "loss": "mse"}, "batch_size": 25"#;

/// A name, a network with its batches, a method, and what else stands in the config.
const RUNS: [(&str, &str, &str, &str); 13] = [
    ("sgd", MOONS, r#"{"name": "sgd", "lr": 0.1}"#, ""),
    (
        "momentum",
        IRIS,
        r#"{"name": "momentum", "lr": 0.02, "beta": 0.9}"#,
        "",
    ),
    (
        "rmsprop",
        SINE,
        r#"{"name": "rmsprop", "lr": 0.01, "beta": 0.95}"#,
        "",
    ),
    ("adam", DIABETES, r#"{"name": "adam", "lr": 0.02}"#, ""),
    (
        "adamw",
        SPIRAL,
        r#"{"name": "adamw", "lr": 0.02, "weight_decay": 0.05}"#,
        "",
    ),
    (
        "nesterov",
        MOONS,
        r#"{"name": "nesterov", "lr": 0.05, "beta": 0.8}"#,
        "",
    ),
    ("adagrad", IRIS, r#"{"name": "adagrad", "lr": 0.1}"#, ""),
    ("adadelta", SINE, r#"{"name": "adadelta", "lr": 1}"#, ""),
    ("nadam", MOONS, r#"{"name": "nadam", "lr": 0.01}"#, ""),
    ("radam", IRIS, r#"{"name": "radam", "lr": 0.01}"#, ""),
    (
        "amsgrad",
        MOONS,
        r#"{"name": "adam", "lr": 0.02, "amsgrad": true}"#,
        "",
    ),
    (
        "decay",
        MOONS,
        r#"{"name": "sgd", "lr": 0.2}"#,
        r#", "schedule": {"name": "exponential", "base": 0.9}"#,
    ),
    (
        "clip",
        SINE,
        r#"{"name": "momentum", "lr": 0.01}"#,
        r#", "clip_norm": 0.5"#,
    ),
];

#[test]
#[ignore = "needs PyTorch: cargo xtask test export"]
fn exported_runs_repeat_in_pytorch() {
    let root = env!("CARGO_MANIFEST_DIR");
    for name in ["iris", "diabetes"] {
        let csv = std::fs::read_to_string(format!("{root}/www/data/{name}.csv")).unwrap();
        registry::register(name, &csv, None).unwrap();
    }
    for (name, network, method, more) in RUNS {
        let config = format!(
            r#"{{"problem": {{"kind": "network", {network}, "optimizer": {method}{more}, "stop": {{"iterations": 200}}, "seed": 6}}"#
        );
        let (difference, steps) = compared(&config, name);
        println!(
            "{name:<10} {steps} steps, largest relative difference of the loss {difference:.1e}"
        );
        assert_eq!(steps, 200);
        // Both add in another order, and 200 steps let rounding errors grow; the issue asks for 1e-8.
        assert!(difference < 1e-8, "{name}: {difference:e}");
    }
}

#[test]
#[ignore = "needs PyTorch and Ray: cargo xtask test export"]
fn an_exported_search_finds_the_same_best_trial_with_ray() {
    let spec = format!(
        r#"{{"base": {{{NETWORK}, "optimizer": {{"name": "adam"}}, "stop": {{"iterations": 100}}}},
            "axes": {{"optimizer.lr": [0.001, 0.05], "problem.l2": [0.5, 0]}}, "score": "val_loss"}}"#
    );
    let search = Search::from_value(&json(&spec), Method::AsGiven).unwrap();
    let printed = output(&ray_script(&search).unwrap(), "ray");
    let found = search.run(|| 0.0, |_, _, _| true).unwrap();
    for trial in &found.trials {
        let head = format!("trial {}: ", trial.index);
        let line = printed
            .lines()
            .find_map(|line| line.strip_prefix(&head))
            .unwrap();
        let (theirs, ours): (f64, f64) = (line.parse().unwrap(), trial.score_mean.unwrap());
        println!("{head}{ours:.9}, Ray {theirs:.9}");
        assert!((theirs - ours).abs() < 1e-8 * ours);
    }
    let best = printed
        .lines()
        .find_map(|line| line.strip_prefix("best: trial "))
        .unwrap();
    assert!(best.starts_with(&format!("{},", found.best)), "{best}");
}
