//! The session as a whole: reproducible, resumable, fair, and honest about divergence.

#![cfg(not(target_arch = "wasm32"))]

use descent::optim::{Family, Method, Oracle};
use descent::train::Session;
use descent::value::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn session(text: &str) -> Session {
    Session::new(&json(text), || 0.0).unwrap()
}

fn of_family(family: Family) -> impl Iterator<Item = &'static Method> {
    descent::catalog::methods().filter(move |m| m.family == family)
}

const MOONS: &str = r#"{
    "problem": { "kind": "network", "data": { "name": "moons" }, "layers": [8, 4], "activation": "tanh", "l2": 0.001 },
    "optimizer": { "name": "adam", "lr": 0.02 }, "batch_size": 16, "seed": 7 }"#;

#[test]
fn the_same_config_gives_the_same_bits_and_reset_repeats_them() {
    let (mut a, mut b) = (session(MOONS), session(MOONS));
    a.train_step(300);
    for _ in 0..30 {
        b.train_step(10);
    }
    assert_eq!(a.digest(), b.digest());
    a.reset().unwrap();
    a.train_step(300);
    assert_eq!(a.digest(), b.digest());
}

#[test]
fn another_seed_is_another_run_and_its_parts_can_be_set_apart() {
    let run = |extra: &str| {
        let mut s = session(&MOONS.replace("\"seed\": 7", &format!("\"seed\": 7{extra}")));
        let start = s.digest();
        s.train_step(50);
        (start, s.digest())
    };
    let base = run("");
    let other_init = run(", \"init_seed\": 8");
    let other_batches = run(", \"batch_seed\": 8");
    assert_ne!(base.0, other_init.0);
    assert_eq!(
        base.0, other_batches.0,
        "the batch seed does not touch the start"
    );
    assert_ne!(base.1, other_batches.1);
}

/// Save, restore, step gives the same bits as never having stopped, for every method.
#[test]
fn a_restored_session_goes_on_exactly_where_it_was() {
    for precision in ["f64", "f32"] {
        for method in of_family(Family::FirstOrder) {
            let mut config = json(MOONS);
            let Value::Map(pairs) = &mut config else {
                unreachable!()
            };
            pairs.push(("precision".into(), Value::from(precision)));
            pairs[1].1 = Value::map([("name", Value::from(method.name))]);
            let mut whole = Session::new(&config, || 0.0).unwrap();
            whole.train_step(37);
            let bytes = whole.snapshot().unwrap();
            let mut restored = Session::restore(&bytes, || 0.0).unwrap();
            assert_eq!(restored.digest(), whole.digest());
            let (a, b) = (whole.train_step(41), restored.train_step(41));
            assert_eq!(a, b, "{}", method.name);
            assert_eq!(
                restored.digest(),
                whole.digest(),
                "{} in {precision}",
                method.name
            );
            let column = |s: &mut Session| s.history().column("ema").unwrap().to_vec();
            assert_eq!(column(&mut restored), column(&mut whole));
        }
    }
}

/// The same for those of second order, in which a run may end: on a sum of squares, full batch and minibatches.
#[test]
fn a_restored_session_of_second_order_goes_on_exactly_where_it_was() {
    for method in of_family(Family::SecondOrder) {
        for batch in ["\"full\"", "9"] {
            let mut whole = session(&format!(
                r#"{{ "problem": {{ "kind": "network", "data": {{ "name": "sine", "n": 60 }}, "layers": [3], "activation": "tanh",
                      "loss": "mse", "l2": 0.001 }}, "optimizer": {{ "name": "{}" }}, "batch_size": {batch} }}"#,
                method.name
            ));
            for steps in [3, 4, 40] {
                let bytes = whole.snapshot().unwrap();
                let mut restored = Session::restore(&bytes, || 0.0).unwrap();
                let (a, b) = (whole.train_step(steps), restored.train_step(steps));
                // Measures may be NaN, which is not equal to itself.
                assert_eq!(format!("{a:?}"), format!("{b:?}"), "{}", method.name);
                assert_eq!(restored.digest(), whole.digest(), "{}", method.name);
            }
        }
    }
}

#[test]
fn a_damaged_snapshot_is_refused() {
    let mut s = session(MOONS);
    s.train_step(5);
    let bytes = s.snapshot().unwrap();
    for cut in [0, 1, 8, 9, 100, bytes.len() / 2, bytes.len() - 1] {
        let message = Session::restore(&bytes[..cut], || 0.0)
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        assert!(message.starts_with("snapshot: "), "cut at {cut}: {message}");
    }
    for at in (0..bytes.len()).step_by(7) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x55;
        let _ = Session::restore(&damaged, || 0.0);
    }
}

#[test]
fn divergence_ends_the_run_and_keeps_the_last_good_point() {
    let mut s = session(
        r#"{ "problem": { "kind": "surface", "name": "rosenbrock", "start": [-1.5, 1] },
             "optimizer": { "name": "sgd", "lr": 0.01 } }"#,
    );
    let report = s.train_step(100);
    assert_eq!(report.status, "diverged");
    let reason = report.reason.unwrap();
    assert!(reason.contains("at step"), "{reason}");
    assert!(s.parameters().iter().all(|p| p.is_finite()));
    let (value, _) = s.value_and_gradient();
    assert!(value.is_finite());
    assert!(
        !s.history()
            .column("loss")
            .unwrap()
            .last()
            .unwrap()
            .is_finite()
    );
    let before = s.report();
    let after = s.train_step(10);
    assert_eq!(
        format!("{after:?}"),
        format!("{before:?}"),
        "a run that has ended stays as it is"
    );
    s.set_optimizer(&json(r#"{ "name": "adam", "lr": 0.1 }"#))
        .unwrap();
    assert_eq!(s.train_step(10).status, "running");
}

#[test]
fn settings_change_during_the_run_without_losing_it() {
    let mut s = session(MOONS);
    s.train_step(100);
    let (rows, parameters) = (s.history().rows(), s.parameters());
    s.set_optimizer(&json(r#"{ "name": "sgd", "lr": 0.5 }"#))
        .unwrap();
    s.set_schedule(&json(r#"{ "name": "inverse_time", "decay_rate": 1 }"#))
        .unwrap();
    s.set_batch_size(&json("\"full\"")).unwrap();
    s.set_l2(0.1).unwrap();
    assert_eq!(s.parameters(), parameters);
    let report = s.train_step(3);
    assert_eq!(s.history().rows(), rows + 3);
    assert_eq!(report.iteration, 103);
    let config = s.config();
    let problem = config.get("problem").unwrap();
    assert_eq!(problem.get("l2"), Some(&Value::from(0.1)));
    assert_eq!(config.get("batch_size"), Some(&Value::from("full")));
}

#[test]
fn the_normalised_config_is_a_fixed_point_and_runs_the_same() {
    let mut a = session(MOONS);
    let config = a.config();
    let mut b = Session::new(&config, || 0.0).unwrap();
    assert_eq!(b.config(), config);
    a.train_step(20);
    b.train_step(20);
    assert_eq!(a.digest(), b.digest());
}

#[test]
fn stopping_rules_end_the_run_with_their_reason() {
    let run = |stop: &str, n: u64| {
        let mut s = session(&format!(
            r#"{{ "problem": {{ "kind": "surface", "name": "booth", "start": [4, -4] }},
                  "optimizer": {{ "name": "sgd", "lr": 0.05 }}, "stop": {stop} }}"#
        ));
        let report = s.train_step(n);
        (
            report.iteration,
            report.status,
            report.reason.unwrap_or_default(),
        )
    };
    assert_eq!(
        run(r#"{ "iterations": 7 }"#, 100),
        (7, "stopped", "budget of 7 iterations spent".into())
    );
    assert_eq!(run(r#"{ "gradient_tol": 1e-6 }"#, 10_000).1, "converged");
    assert_eq!(run(r#"{ "target": 1e-3 }"#, 10_000).1, "converged");
    assert_eq!(run(r#"{ "diverge_above": 1 }"#, 10).1, "diverged");
    assert_eq!(
        run(
            r#"{ "plateau": { "patience": 20, "min_delta": 1e-9 } }"#,
            100_000
        )
        .1,
        "stopped"
    );
}

#[test]
fn opening_the_test_set_is_counted_and_survives_a_reset() {
    let mut s = session(MOONS);
    assert!(s.points("test").is_err());
    s.evaluate("val").unwrap();
    assert_eq!(s.test_openings(), 0);
    s.evaluate("test").unwrap();
    s.evaluate("test").unwrap();
    s.reset().unwrap();
    assert_eq!(s.test_openings(), 2);
}

#[test]
fn the_step_that_converged_is_explained() {
    let mut s = session(
        r#"{ "problem": { "kind": "surface", "name": "sphere" }, "optimizer": { "name": "sgd", "lr": 0.1 },
             "stop": { "gradient_tol": 0.01 } }"#,
    );
    s.watch(&[0, 1]);
    let report = s.train_step(1 << 16);
    assert_eq!(report.status, "converged");
    assert_eq!(s.explain().unwrap().iteration, report.iteration - 1);
}

#[test]
fn the_equation_can_be_checked_from_its_numbers() {
    for method in of_family(Family::FirstOrder).chain(of_family(Family::SecondOrder)) {
        let problem = if method.needs == Oracle::LeastSquares {
            r#"{ "kind": "least_squares", "model": "b1 * exp(b2 * x)", "x": [0, 1, 2, 3], "y": [2, 1.2, 0.8, 0.45], "start": [1, 0] }"#
        } else {
            r#"{ "kind": "surface", "name": "rosenbrock" }"#
        };
        let mut s = session(&format!(
            r#"{{ "problem": {problem}, "optimizer": {{ "name": "{}" }} }}"#,
            method.name
        ));
        s.watch(&[0, 1, 99]);
        s.train_step(5);
        let explained = s.explain().unwrap();
        assert_eq!(explained.iteration, 4);
        let get = |name: &str| {
            explained
                .values
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
        };
        for line in method.equation {
            for name in line
                .numbers
                .split("\\text{@")
                .skip(1)
                .filter_map(|s| s.split('}').next())
            {
                assert!(
                    get(name).is_some(),
                    "{}: the equation asks for {name}",
                    method.name
                );
            }
        }
        let (x0, x1, d) = (get("x0").unwrap(), get("x1").unwrap(), get("d").unwrap());
        // Those of second order have a step length of their own, from a search or a rejection.
        let lr = get("alpha1").or(get("lr")).unwrap()[0];
        for i in 0..2 {
            assert!(
                (x0[i] - lr * d[i] - x1[i]).abs() <= 1e-15 * x1[i].abs().max(1.0),
                "{}",
                method.name
            );
        }
    }
}
