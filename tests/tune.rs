#![cfg(not(target_arch = "wasm32"))]
//! Searches, folds and the recipe: the same trials and bits in any order, against scikit-learn where it has the answer.

use descent::train::Session;
use descent::tune::search::{Method, Ranked, Search};

use descent::tune::{SearchResult, TrialResult};
use descent::value::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// `patch` merged into `base`, objects key by key.
fn merged(base: &Value, patch: &Value) -> Value {
    let (Value::Map(base), Value::Map(patch)) = (base, patch) else {
        return patch.clone();
    };
    let mut pairs = base.clone();
    for (key, value) in patch {
        match pairs.iter_mut().find(|(known, _)| known == key) {
            Some((_, old)) => *old = merged(old, value),
            None => pairs.push((key.clone(), value.clone())),
        }
    }
    Value::Map(pairs)
}

fn search(spec: &Value) -> Search {
    Search::from_value(spec, Method::AsGiven).unwrap()
}

fn run(spec: &Value) -> SearchResult {
    search(spec).run(|| 0.0, |_, _, _| true).unwrap()
}

fn trial(search: &Search, index: usize) -> TrialResult {
    let mut trial = search.trial(index, || 0.0).unwrap();
    trial.advance(u64::MAX);
    trial.result()
}

const SPEC: &str = r#"{
    "base": {
        "problem": { "kind": "network", "data": { "name": "moons", "n": 120 }, "layers": [6], "activation": "tanh" },
        "optimizer": { "name": "adam", "lr": 0.02 }, "stop": { "iterations": 60 }, "seed": 3 },
    "axes": { "optimizer.lr": [0.001, 0.02], "problem.l2": [0, 0.001, 0.1], "stop.iterations": [20, 40] },
    "score": "val_accuracy" }"#;

const RANDOM: &str = r#"{
    "base": {
        "problem": { "kind": "network", "data": { "name": "moons", "n": 120 }, "layers": [6], "activation": "tanh" },
        "optimizer": { "name": "adam", "lr": 0.02 }, "stop": { "iterations": 60 }, "seed": 3 },
    "axes": { "optimizer.lr": { "min": 0.0001, "max": 1, "scale": "log" },
              "problem.layers[0]": { "min": 2, "max": 12, "integer": true },
              "problem.activation": ["tanh", "relu"] },
    "trials": 12, "seed": 5, "folds": 3 }"#;

#[test]
fn a_grid_is_row_major_and_a_trial_is_the_session_of_its_config() {
    let search = search(&json(SPEC));
    let plans = search.trials();
    assert_eq!((plans.len(), search.len()), (12, 12));
    let lr_l2_iterations = |index: usize| {
        let values = plans[index].values.entries();
        values
            .map(|(_, v)| v.as_number().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(lr_l2_iterations(0), [0.001, 0.0, 20.0]);
    assert_eq!(lr_l2_iterations(1), [0.001, 0.0, 40.0]);
    assert_eq!(lr_l2_iterations(2), [0.001, 0.001, 20.0]);
    assert_eq!(lr_l2_iterations(6), [0.02, 0.0, 20.0]);
    let config = search.config(&plans[9]).unwrap();
    let mut session = Session::new(&config, || 0.0).unwrap();
    session.train_step(1000);
    let result = trial(&search, 9);
    assert_eq!(result.iterations, 40);
    assert_eq!(
        result.train_loss,
        Some(session.evaluate("train").unwrap().loss)
    );
    assert_eq!(result.val_loss, Some(session.evaluate("val").unwrap().loss));
    assert_eq!(result.score_mean, session.evaluate("val").unwrap().accuracy);
}

#[test]
fn any_order_and_any_number_of_workers_give_the_same_trials_and_bits() {
    for text in [SPEC, RANDOM] {
        let spec = json(text);
        let whole = run(&spec);
        assert!(whole.complete);
        // Each trial from a spec of its own, in the order of a far stride, in slices of 7: what a pool of workers does.
        let n = whole.trials.len();
        let mut shared: Vec<TrialResult> = (0..n)
            .map(|i| {
                let search = search(&spec);
                let mut trial = search.trial(i * 5 % n, || 0.0).unwrap();
                while !trial.is_over() {
                    trial.advance(7);
                }
                trial.result()
            })
            .collect();
        shared.sort_by_key(|r| r.index);
        assert_eq!(shared, whole.trials);
        let ranked: Vec<Ranked> = shared.iter().rev().map(Ranked::from).collect();
        let best = search(&spec).best(&ranked).unwrap();
        assert_eq!(ranked[best].index, whole.best as usize);
    }
}

#[test]
fn random_trials_depend_on_the_seed_and_their_number_alone() {
    let plans = |patch: &str| search(&merged(&json(RANDOM), &json(patch))).trials();
    let (twelve, thirty) = (plans("{}"), plans(r#"{"trials": 30}"#));
    assert_eq!(twelve[..], thirty[..12]);
    assert_ne!(twelve, plans(r#"{"seed": 6}"#));
    for plan in thirty {
        let lr = plan
            .values
            .get("optimizer.lr")
            .unwrap()
            .as_number()
            .unwrap();
        let width = plan
            .values
            .get("problem.layers[0]")
            .unwrap()
            .as_number()
            .unwrap();
        assert!(
            (1e-4..=1.0).contains(&lr) && width.fract() == 0.0 && (2.0..=12.0).contains(&width)
        );
    }
}
