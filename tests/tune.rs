#![cfg(not(target_arch = "wasm32"))]
//! Searches, folds and the recipe: the same trials and bits in any order, against scikit-learn where it has the answer.

use descent::train::Session;
use descent::tune::search::{Method, Ranked, Search};

use descent::data::folds::{Fold, fold};
use descent::data::registry;
use descent::data::split::{Fractions, split};
use descent::train::metrics;
use descent::tune::trial::Folds;
use descent::tune::{SearchResult, TrialResult, cross_validate};
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

#[test]
fn a_trial_that_diverges_or_errs_is_marked_and_the_rest_goes_on() {
    let patch = r#"{"base": {"stop": {"diverge_above": 50}},
        "axes": {"optimizer.lr": [0.02, 1e300], "problem.l2": [0], "stop.iterations": [40],
                 "problem.layers": [[6], [6, 6]], "problem.activation": ["tanh", ["tanh", "tanh"]]}}"#;
    let found = run(&merged(&json(SPEC), &json(patch)));
    let statuses: Vec<&str> = found.trials.iter().map(|t| t.status).collect();
    assert_eq!(statuses[..4], ["stopped", "error", "stopped", "stopped"]);
    assert_eq!(statuses[4..], ["diverged", "error", "diverged", "diverged"]);
    assert!(found.complete && [0, 2, 3].contains(&found.best));
    let reason = |i: usize| found.trials[i].reason.clone().unwrap();
    assert!(
        reason(1).starts_with("problem.activation: has 2 entries where layers has 1"),
        "{}",
        reason(1)
    );
    assert!(reason(4).contains("loss is above 50"), "{}", reason(4));
    assert_eq!(found.trials[4].score_mean, None);
}

#[test]
fn another_method_leaves_the_bases_own_fields_behind() {
    let patch = r#"{"base": {"optimizer": {"beta1": 0.8}},
        "axes": {"optimizer.lr": [0.02], "problem.l2": [0], "stop.iterations": [5],
                 "optimizer.name": ["adam", "sgd", "momentum"]}}"#;
    let spec = merged(&json(SPEC), &json(patch));
    let search = search(&spec);
    for plan in search.trials() {
        let config = search.config(&plan).unwrap();
        let optimizer = config.get("optimizer").unwrap();
        let keeps = optimizer.get("name") == Some(&Value::from("adam"));
        assert_eq!(optimizer.get("beta1").is_some(), keeps);
        assert_eq!(optimizer.get("lr"), Some(&Value::Number(0.02)));
        assert_eq!(trial(&search, plan.index).status, "stopped");
    }
}

#[test]
fn successive_halving_keeps_the_best_part_of_each_rung() {
    let patch = r#"{"folds": null, "trials": 9, "halving": {"min_iterations": 10, "factor": 3},
        "base": {"stop": {"iterations": 60}}}"#;
    let spec = merged(&json(RANDOM), &json(patch));
    let halving = search(&spec);
    assert_eq!(halving.len(), 9 + 3 + 1);
    let found = run(&spec);
    assert_eq!(found.trials.len(), 13);
    let budgets: Vec<f64> = found
        .trials
        .iter()
        .map(|t| {
            t.values
                .get("stop.iterations")
                .unwrap()
                .as_number()
                .unwrap()
        })
        .collect();
    assert_eq!((budgets[0], budgets[9], budgets[12]), (10.0, 30.0, 60.0));
    let best = &found.trials[found.best as usize];
    assert_eq!(best.rung, Some(2));
    // The three that went on are the three best of the first rung.
    let score = |i: usize| found.trials[i].score_mean.unwrap();
    let worst_kept = found.trials[9..12]
        .iter()
        .map(|t| score(t.index - 9))
        .fold(f64::INFINITY, f64::min);
    let kept: Vec<usize> = found.trials[9..12].iter().map(|t| t.index - 9).collect();
    assert!(
        (0..9)
            .filter(|i| !kept.contains(i))
            .all(|i| score(i) <= worst_kept)
    );
    // After a reload with five results the other four are open, in the first rung still.
    let ranked: Vec<Ranked> = found.trials[..5].iter().map(Ranked::from).collect();
    let open: Vec<usize> = halving.next(&ranked).iter().map(|p| p.index).collect();
    assert_eq!(open, [5, 6, 7, 8]);
}

#[test]
fn a_manual_search_and_sweeps_over_the_size_of_model_and_data() {
    let spec = r#"{"base": {"problem": {"kind": "network", "data": {"name": "spiral"}, "layers": [4]},
        "optimizer": {"name": "adam"}, "stop": {"iterations": 30}},
        "points": [{"problem.layers": [2]}, {"problem.layers": [8, 8], "optimizer.lr": 0.01}, {"problem.train_rows": 20}, {"problem.data.n": 60}]}"#;
    let found = run(&json(spec));
    assert!(found.trials.iter().all(|t| t.status == "stopped"));
    let rows = |points: &str| {
        let search = search(&json(spec));
        let plan = search
            .trials()
            .into_iter()
            .find(|p| p.values.get(points).is_some())
            .unwrap();
        let mut session = Session::new(&search.config(&plan).unwrap(), || 0.0).unwrap();
        session.info().network.unwrap().rows
    };
    let (limited, whole) = (rows("problem.train_rows"), rows("problem.layers"));
    assert_eq!(
        (limited.train, limited.val, limited.test),
        (20, whole.val, whole.test)
    );
}

#[test]
fn early_stopping_keeps_the_best_point_and_gives_it_back() {
    let config = r#"{"problem": {"kind": "network", "data": {"name": "moons", "n": 60, "noise": 0.5}, "layers": [32]},
        "optimizer": {"name": "adam", "lr": 0.05}, "seed": 2,
        "stop": {"iterations": 3000, "early": {"patience": 5}}, "record": {"validate_every": 5}}"#;
    let mut session = Session::new(&json(config), || 0.0).unwrap();
    assert!(
        session
            .restore_best()
            .unwrap_err()
            .to_string()
            .starts_with("parameters: none are kept")
    );
    let report = session.train_step(3000);
    assert_eq!(report.status, "stopped");
    assert!(report.iteration < 3000);
    assert!(
        report
            .reason
            .unwrap()
            .starts_with("validation loss has not fallen for 5 validations")
    );
    let history = session.history().column("val_loss").unwrap().to_vec();
    let lowest = history
        .iter()
        .copied()
        .filter(|v| !v.is_nan())
        .fold(f64::INFINITY, f64::min);
    let best = session.best_parameters().unwrap();
    assert_eq!(best.place.val_loss, lowest);
    assert_eq!(session.report().best, Some(best.place));
    // Through a snapshot as well.
    let mut restored = Session::restore(&session.snapshot().unwrap(), || 0.0).unwrap();
    assert_eq!(restored.best_parameters().unwrap(), best);
    restored.restore_best().unwrap();
    assert_eq!(restored.evaluate("val").unwrap().loss, lowest);
}

#[test]
fn early_stopping_watches_what_it_is_told_to() {
    let config = |data: &str, watch: &str| {
        json(&format!(
            r#"{{"problem": {{"kind": "network", "data": {data}, "layers": [32]}}, "seed": 2,
                "optimizer": {{"name": "adam", "lr": 0.05}}, "record": {{"validate_every": 5}},
                "stop": {{"iterations": 3000, "early": {{"patience": 5, "watch": "{watch}"}}}}}}"#
        ))
    };
    let (moons, sine) = (
        r#"{"name": "moons", "n": 60, "noise": 0.5}"#,
        r#"{"name": "sine", "n": 40, "noise": 0.3}"#,
    );
    for (data, watch, reason) in [
        (moons, "val_accuracy", "validation accuracy has not risen"),
        (sine, "val_r2", "validation R² has not risen"),
    ] {
        let mut session = Session::new(&config(data, watch), || 0.0).unwrap();
        let report = session.train_step(3000);
        assert!(report.reason.unwrap().starts_with(reason));
        let column = session.history().column(watch).unwrap();
        let known = |v: &&f64| !v.is_nan();
        let highest = column
            .iter()
            .filter(known)
            .copied()
            .fold(f64::NEG_INFINITY, f64::max);
        // The first of equals is kept.
        let first = column.iter().position(|v| *v == highest).unwrap();
        assert_eq!(report.best.unwrap().iteration, first as u64);
        session.restore_best().unwrap();
        let metrics = session.evaluate("val").unwrap();
        assert_eq!(metrics.accuracy.or(metrics.r2), Some(highest));
    }
    for (data, watch, lacks) in [(moons, "val_r2", "R²"), (sine, "val_accuracy", "accuracy")] {
        let error = Session::new(&config(data, watch), || 0.0).err().unwrap();
        let error = error.to_string();
        assert!(
            error.starts_with("stop.early.watch: ") && error.contains(lacks),
            "{error}"
        );
    }
    // Another quantity is another comparison: what was best by the loss says nothing of the accuracy.
    let mut session = Session::new(&config(moons, "val_loss"), || 0.0).unwrap();
    session.train_step(20);
    assert!(session.report().best.is_some());
    session
        .set_stop(&json(r#"{"early": {"watch": "val_accuracy"}}"#))
        .unwrap();
    assert!(session.report().best.is_none());
}

#[test]
fn a_validation_sees_as_many_rows_as_it_is_told_to() {
    let run = |rows: &str, watch: &str| {
        let config = format!(
            r#"{{"problem": {{"kind": "network", "data": {{"name": "moons", "noise": 0.4}}, "layers": [8]}},
                "optimizer": {{"name": "adam", "lr": 0.02}}, "record": {{"validate_every": 10, "validate_rows": {rows}}}}}"#
        );
        let mut session = Session::new(&json(&config), || 0.0).unwrap();
        session.train_step(60);
        let column = session.history().column(watch).unwrap();
        let seen: Vec<f64> = column.iter().copied().filter(|v| !v.is_nan()).collect();
        (seen, session.digest())
    };
    let (all, digest) = run("null", "val_loss");
    // The 48 validation rows of 240; more are all of them.
    assert_eq!(run("48", "val_loss"), (all.clone(), digest.clone()));
    assert_eq!(run("1000", "val_loss"), (all.clone(), digest.clone()));
    let (some, same) = run("7", "val_loss");
    assert_ne!(some, all);
    assert_eq!(run("7", "val_loss").0, some);
    assert_eq!(same, digest, "training does not depend on it");
    let scored = run(r#"7, "train_score": true"#, "train_score");
    assert_eq!((scored.0.len(), scored.1), (6, digest));
    for accuracy in [run("7", "val_accuracy").0, scored.0].concat() {
        let right = 7.0 * accuracy;
        assert!((right - right.round()).abs() < 1e-12, "{accuracy}");
    }
}

#[test]
fn a_range_test_climbs_and_points_at_a_rate() {
    let config = r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "layers": [8]}, "optimizer": {"name": "sgd"}}"#;
    let options = r#"{"min_lr": 0.0001, "max_lr": 100, "iterations": 150}"#;
    let test =
        descent::tune::range_test::range_test(&json(config), &json(options), || 0.0).unwrap();
    assert_eq!(test.lr[0], 1e-4);
    assert!(test.lr.windows(2).all(|pair| pair[1] > pair[0]));
    let (steepest, lowest) = (test.steepest.unwrap(), test.lowest.unwrap());
    assert!(steepest < lowest && lowest < 100.0, "{steepest} {lowest}");
    Session::new(&test.config, || 0.0).unwrap();
}

const REAL: [&str; 5] = ["iris", "wine", "breast_cancer", "digits", "diabetes"];

fn register(name: &str) {
    let root = env!("CARGO_MANIFEST_DIR");
    let csv = std::fs::read_to_string(format!("{root}/www/data/{name}.csv")).unwrap();
    registry::register(name, &csv, None).unwrap();
}

/// Folds of all rows of a set, stratified where it has classes.
fn folds_of(name: &str, of: usize) -> Vec<Vec<u32>> {
    register(name);
    let data = registry::get(name).unwrap();
    let parts = Fractions {
        train: 0.8,
        val: 0.2,
        test: 0.0,
    };
    let whole = split(data.rows(), data.labels(), parts, 0).unwrap();
    let one = |index| {
        fold(
            &whole,
            data.labels(),
            Fold {
                of,
                index,
                repeat: 0,
            },
            0,
        )
        .unwrap()
        .val
    };
    (0..of).map(one).collect()
}

fn cases(what: &str) -> Vec<serde_json::Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/learning.json");
    let golden: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = golden["cases"].as_array().unwrap();
    cases
        .iter()
        .filter(|case| case["what"] == what)
        .cloned()
        .collect()
}

fn numbers(value: &serde_json::Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

/// Folds to cross-validate on: fewer of the large set, which takes longest.
fn tested_folds(name: &str) -> usize {
    if name == "digits" { 3 } else { 5 }
}

#[test]
fn the_folds_that_scikit_learn_was_given_are_ours() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference/folds.json");
    let ours: serde_json::Map<String, serde_json::Value> = REAL
        .iter()
        .map(|name| {
            (
                (*name).to_owned(),
                serde_json::json!(folds_of(name, tested_folds(name))),
            )
        })
        .collect();
    let text = serde_json::to_string(&ours).unwrap() + "\n";
    if std::env::var_os("UPDATE_FOLDS").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path).unwrap(), text);
}

#[test]
fn folds_have_the_sizes_and_strata_of_scikit_learn() {
    let cases = cases("folds");
    assert_eq!(cases.len(), 15);
    for case in cases {
        let name = case["set"].as_str().unwrap();
        let k = case["k"].as_u64().unwrap() as usize;
        let folds = folds_of(name, k);
        let sizes: Vec<f64> = folds.iter().map(|f| f.len() as f64).collect();
        assert_eq!(sizes, numbers(&case["sizes"]), "{name} {k}");
        let data = registry::get(name).unwrap();
        let Some(labels) = data.labels() else {
            continue;
        };
        for (fold, theirs) in folds.iter().zip(case["classes"].as_array().unwrap()) {
            let of = |class: usize| {
                fold.iter()
                    .filter(|r| labels[**r as usize] == class as u32)
                    .count()
            };
            let counts: Vec<f64> = (0..data.outputs()).map(|class| of(class) as f64).collect();
            assert_eq!(counts, numbers(theirs), "{name} {k}");
        }
    }
}

#[test]
fn metrics_agree_with_scikit_learn() {
    // Counts are exact; what is divided or summed differs by rounding alone.
    let close = |ours: &[f64], theirs: &serde_json::Value| {
        approx::assert_relative_eq!(ours, numbers(theirs).as_slice(), max_relative = 1e-13);
    };
    for case in cases("classes") {
        let whole = |key: &str| numbers(&case[key]).into_iter().map(|v| v as usize);
        let n = case["confusion"].as_array().unwrap().len();
        let confusion = metrics::confusion(whole("true"), whole("predicted"), n);
        let theirs: Vec<Vec<u32>> = serde_json::from_value(case["confusion"].clone()).unwrap();
        assert_eq!(confusion, theirs);
        close(
            &[metrics::accuracy(&confusion)],
            &serde_json::json!([case["accuracy"]]),
        );
        let classes = metrics::by_class(&confusion);
        let of = |f: fn(&metrics::ClassMetrics) -> f64| classes.iter().map(f).collect::<Vec<_>>();
        close(&of(|c| c.precision), &case["precision"]);
        close(&of(|c| c.recall), &case["recall"]);
        close(&of(|c| c.f1), &case["f1"]);
        close(&of(|c| f64::from(c.support)), &case["support"]);
        if case.get("scores").is_some() {
            let positive: Vec<bool> = whole("true").map(|t| t == 1).collect();
            let roc = metrics::roc(&positive, &numbers(&case["scores"])).unwrap();
            close(&roc.fpr, &case["fpr"]);
            close(&roc.tpr, &case["tpr"]);
            close(&roc.thresholds[1..], &case["thresholds"]);
            close(&[roc.auc], &serde_json::json!([case["auc"]]));
        }
    }
    for case in cases("values") {
        let (truth, predicted) = (numbers(&case["true"]), numbers(&case["predicted"]));
        close(
            &[metrics::r2(&truth, &predicted, 1)],
            &serde_json::json!([case["r2"]]),
        );
        close(
            &[metrics::mae(&truth, &predicted)],
            &serde_json::json!([case["mae"]]),
        );
    }
}

/// A linear network with a penalty is ridge regression, so every fold has one answer, which scikit-learn finds by
/// Cholesky and we by walking downhill until the gradient is 1e-11.
#[test]
fn cross_validated_metrics_on_the_same_folds_agree_with_scikit_learn() {
    let cases = cases("cross_validation");
    assert_eq!(cases.len(), 5);
    for case in cases {
        let name = case["set"].as_str().unwrap();
        register(name);
        let of = tested_folds(name);
        let mut found: [Vec<f64>; 5] = Default::default();
        for index in 0..of {
            let config = format!(
                r#"{{"problem": {{"kind": "network", "data": {{"name": "{name}"}}, "layers": [], "loss": "mse", "l2": 0.01,
                    "split": {{"train": 0.8, "val": 0.2}}, "fold": {{"of": {of}, "index": {index}}}}},
                    "optimizer": {{"name": "nesterov", "lr": 0.05, "beta": 0.95}}, "batch_size": "full",
                    "stop": {{"gradient_tol": 1e-11, "iterations": 5000}}, "record": {{"validate_every": 0, "every": 1000}}}}"#
            );
            let mut session = Session::new(&json(&config), || 0.0).unwrap();
            let report = session.train_step(5000);
            assert_eq!(
                report.status, "converged",
                "{name}: {:?} {}",
                report.reason, report.grad_norm
            );
            let m = session.evaluate("val").unwrap();
            let values = [Some(m.loss), m.accuracy, m.roc.map(|r| r.auc), m.r2, m.mae];
            for (column, value) in found.iter_mut().zip(values) {
                column.extend(value);
            }
        }
        for (ours, key) in found.iter().zip(["loss", "accuracy", "auc", "r2", "mae"]) {
            // The smallest curvature is that of the penalty, 0.01: the parameters are within 1e-9 of the minimum.
            approx::assert_relative_eq!(
                ours.as_slice(),
                numbers(&case[key]).as_slice(),
                max_relative = 1e-8
            );
        }
    }
}

/// Five folds, some dealings, the same architecture, learning rate, batches and number of epochs as of `MLPClassifier`.
#[test]
fn perceptrons_are_as_accurate_as_scikit_learns() {
    let cases = cases("perceptron");
    assert_eq!(cases.len(), 4);
    for case in cases {
        let name = case["set"].as_str().unwrap();
        register(name);
        let rows = registry::get(name).unwrap().rows();
        let iterations = case["epochs"].as_u64().unwrap() as usize * (rows * 4 / 5).div_ceil(32);
        let config = format!(
            r#"{{"problem": {{"kind": "network", "data": {{"name": "{name}"}}, "layers": [16],
                "split": {{"train": 0.8, "val": 0.2}}}}, "optimizer": {{"name": "adam", "lr": 0.01}},
                "precision": "f32", "stop": {{"iterations": {iterations}}}, "record": {{"validate_every": 0, "every": 100}}}}"#
        );
        let folds = Folds {
            of: Some(5),
            repeats: case["repeats"].as_u64().unwrap() as usize,
        };
        let ours = cross_validate(&json(&config), folds, || 0.0).unwrap();
        assert_eq!(ours.fold_scores.len(), 5 * folds.repeats);
        let (ours, theirs) = (ours.score_mean.unwrap(), case["mean"].as_f64().unwrap());
        println!("{name}: {ours:.4}, scikit-learn {theirs:.4}");
        assert!(ours > theirs - 0.01, "{name}: {ours} against {theirs}");
    }
}

#[test]
fn leaving_one_out_is_as_many_folds_as_rows() {
    let config = r#"{"problem": {"kind": "network", "data": {"name": "gauss", "n": 40}, "layers": []},
        "optimizer": {"name": "adam", "lr": 0.1}, "stop": {"iterations": 20}}"#;
    let folds = Folds {
        of: None,
        repeats: 1,
    };
    let result = cross_validate(&json(config), folds, || 0.0).unwrap();
    assert_eq!(result.fold_scores.len(), 32);
    assert!(result.fold_scores.iter().all(|s| *s == 0.0 || *s == 1.0));
}

/// A change to a good spec, what the error must begin with, and what it must contain.
const BAD_SPECS: &[(&str, &str, &str)] = &[
    (r#"{"base": null}"#, "base: ", "is missing"),
    (r#"{"base": 3}"#, "base: ", "3 is not a config"),
    (r#"{"bases": {}}"#, "bases: ", "known here: base, axes"),
    (
        r#"{"axes": {"optimizer.lrr": [1]}}"#,
        "axes.optimizer.lrr: ",
        "no such field; known here: lr, beta1",
    ),
    (
        r#"{"axes": {"optimiser.lr": [1]}}"#,
        "axes.optimiser.lr: ",
        "no such field; known here: problem",
    ),
    (
        r#"{"axes": {"optimizer.lr.x": [1]}}"#,
        "axes.optimizer.lr.x: ",
        "stands there in the base, and has no field \"x\"",
    ),
    (
        r#"{"axes": {"problem.layers[3]": [1]}}"#,
        "axes.problem.layers[3]: ",
        "an array of 1 stands there in the base",
    ),
    (
        r#"{"axes": {"problem..l2": [1]}}"#,
        "axes.problem..l2: ",
        "no path of the config",
    ),
    (
        r#"{"axes": {"optimizer.lr": []}}"#,
        "axes.optimizer.lr: ",
        "an empty array is neither",
    ),
    (
        r#"{"axes": {"optimizer.lr": 0.1}}"#,
        "axes.optimizer.lr: ",
        "0.1 is neither an array of values nor { min",
    ),
    (
        r#"{"axes": {"optimizer.lr": [0.1, -1]}}"#,
        "axes.optimizer.lr[1]: ",
        "-1 is outside [0, ∞)",
    ),
    (
        r#"{"axes": {"optimizer.lr": [0.1, "fast"]}}"#,
        "axes.optimizer.lr[1]: ",
        "\"fast\" is not a number",
    ),
    (
        r#"{"axes": {"problem.layers": [[4], [0]]}}"#,
        "axes.problem.layers[1][0]: ",
        "0 is not a whole number from 1",
    ),
    (
        r#"{"axes": {"optimizer.name": ["adam", "adamm"]}}"#,
        "axes.optimizer.name[1]: ",
        "is not one of sgd",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": 0.1}}}"#,
        "axes.optimizer.lr.max: ",
        "is missing",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": 1, "max": 0.1}}}"#,
        "axes.optimizer.lr.max: ",
        "0.1 is below min",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": 0, "max": 1, "scale": "log"}}}"#,
        "axes.optimizer.lr.min: ",
        "0 is outside (0, ∞)",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": 0.5, "max": 2, "integer": true}}}"#,
        "axes.optimizer.lr.integer: ",
        "whole numbers",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": 0.1, "max": 1, "scale": "cubic"}}}"#,
        "axes.optimizer.lr.scale: ",
        "linear, log",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": 0.1, "max": 1, "step": 2}}}"#,
        "axes.optimizer.lr.step: ",
        "known here: min, max",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": 0.1, "max": 1}}}"#,
        "axes.optimizer.lr.steps: ",
        "a grid needs the number of points",
    ),
    (
        r#"{"axes": {"optimizer.lr": {"min": -1, "max": 1, "steps": 3}}}"#,
        "axes.optimizer.lr[0]: ",
        "-1 is outside",
    ),
    (r#"{"axes": null}"#, "axes: ", "is missing"),
    (r#"{"axes": []}"#, "axes: ", "is not an object of paths"),
    (
        r#"{"axes": {"seed": {"min": 0, "max": 1000000, "integer": true, "steps": 10000}}}"#,
        "axes: ",
        "trials are too many; at most 100000",
    ),
    (
        r#"{"score": "accuracy"}"#,
        "score: ",
        "val_accuracy, val_loss",
    ),
    (
        r#"{"score": "val_r2"}"#,
        "score: ",
        "val_r2 needs a regression",
    ),
    (
        r#"{"base": {"problem": {"split": {"train": 1}}}}"#,
        "score: ",
        "needs validation rows",
    ),
    (
        r#"{"folds": 1}"#,
        "folds: ",
        "1 is neither a whole number from 2",
    ),
    (r#"{"folds": 2.5}"#, "folds: ", "2.5 is neither"),
    (r#"{"folds": "all"}"#, "folds: ", "leave_one_out"),
    (r#"{"repeats": 2}"#, "repeats: ", "there are none"),
    (
        r#"{"folds": 3, "repeats": 0}"#,
        "repeats: ",
        "0 is not a whole number from 1",
    ),
    (
        r#"{"trials": 0}"#,
        "trials: ",
        "0 is not a whole number from 1",
    ),
    (r#"{"trials": 1e9}"#, "trials: ", "to 100000"),
    (r#"{"seed": -1}"#, "seed: ", "-1 is not a whole number"),
    (r#"{"method": "bayes"}"#, "method: ", "grid, random, manual"),
    (
        r#"{"method": "manual"}"#,
        "axes: ",
        "no place beside points",
    ),
    (r#"{"points": []}"#, "axes: ", "no place beside points"),
    (
        r#"{"axes": null, "points": []}"#,
        "points: ",
        "non-empty array",
    ),
    (
        r#"{"axes": null, "points": [3]}"#,
        "points[0]: ",
        "3 is not an object",
    ),
    (
        r#"{"axes": null, "points": [{"optimizer.lr": 1}, {"optimizer.lr": -1}]}"#,
        "points[1].optimizer.lr: ",
        "-1 is outside",
    ),
    (
        r#"{"halving": {"factor": 1}}"#,
        "halving.min_iterations: ",
        "leave it out of the axes",
    ),
    (r#"{"curves": -1}"#, "curves: ", "-1 is not a whole number"),
    (
        r#"{"base": {"optimizer": {"name": "adamm"}}}"#,
        "base.optimizer.name: ",
        "is not one of",
    ),
    (
        r#"{"base": {"problem": {"data": {"name": "never"}}}}"#,
        "base.problem.data.n: ",
        "no such field; known here: name",
    ),
];

#[test]
fn bad_specs_are_refused_by_the_path_of_what_is_wrong() {
    for (patch, path, allowed) in BAD_SPECS {
        let spec = merged(&json(SPEC), &json(patch));
        let refused = Search::from_value(&spec, Method::AsGiven).and_then(|search| search.check());
        let message = refused.expect_err(patch).to_string();
        assert!(
            message.starts_with(path) && message.contains(allowed),
            "{patch}: {message}"
        );
    }
    let search = search(&json(SPEC));
    assert!(
        search
            .plan(12)
            .unwrap_err()
            .to_string()
            .starts_with("index: 12 is not")
    );
}

/// Bad folds in a config, and what the error must say.
#[test]
fn bad_folds_are_refused() {
    let with = |fold: &str| {
        let patch = format!(r#"{{"problem": {fold}}}"#);
        let config = merged(json(SPEC).get("base").unwrap(), &json(&patch));
        Session::new(&config, || 0.0).err().unwrap().to_string()
    };
    for (fold, expected) in [
        (
            r#"{"fold": 3}"#,
            "problem.fold: 3 is not an object with of, index, repeat",
        ),
        (r#"{"fold": {}}"#, "problem.fold.of: is missing"),
        (
            r#"{"fold": {"of": 1}}"#,
            "problem.fold.of: 1 is not a whole number from 2 to 1000000000",
        ),
        (
            r#"{"fold": {"of": 5, "index": 5}}"#,
            "problem.fold.index: 5 is not a whole number from 0 to 4",
        ),
        (
            r#"{"fold": {"of": 97}}"#,
            "problem.fold.of: 97 folds of 96 rows; 2 to 96 can be made",
        ),
        (
            r#"{"train_rows": 0}"#,
            "problem.train_rows: 0 is not a whole number from 1 to 1000000000",
        ),
    ] {
        assert_eq!(with(fold), expected);
    }
    let config =
        r#"{"problem": {"kind": "surface", "name": "booth"}, "optimizer": {"name": "sgd"}}"#;
    let folds = Folds {
        of: Some(5),
        repeats: 1,
    };
    let error = cross_validate(&json(config), folds, || 0.0).unwrap_err();
    assert_eq!(
        error.to_string(),
        "folds: only a network has rows to divide into folds"
    );
}
