#![cfg(not(target_arch = "wasm32"))]
//! Models fitted to data: the reference problems of the NIST, SciPy's statistics, derivatives, and the session's part.

use descent::problem::least_squares::models::{MODELS, Model};
use descent::problem::least_squares::{CurveFit, Table};
use descent::problem::{Hessian, LeastSquares, Objective};
use descent::rng::{Rng, Stream, stream};
use descent::train::Session;
use descent::train::session::StepReport;
use descent::value::Value;
use proptest::prelude::*;
use rand::RngExt;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn session(problem: &str, optimizer: &str) -> Session {
    let config = format!(r#"{{ "problem": {problem}, "optimizer": {optimizer} }}"#);
    Session::new(&json(&config), || 0.0).unwrap_or_else(|e| panic!("{problem}: {e}"))
}

fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or_else(|| panic!("no {key}"))
}

fn number(value: &Value, key: &str) -> f64 {
    at(value, key).as_number().unwrap()
}

fn numbers(value: &Value, key: &str) -> Vec<f64> {
    at(value, key).as_numbers().unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    at(value, key).as_text().unwrap()
}

fn goldens() -> Value {
    json(include_str!("reference/fits.json"))
}

/// All models with data of their own.
fn models() -> impl Iterator<Item = &'static Model> {
    for name in NIST {
        nist(name);
    }
    MODELS.iter()
}

// The reference problems ----------------------------------------------------------------------------------------------

const NIST: [&str; 9] = [
    "misra1a", "chwirut2", "danwood", "hahn1", "kirby2", "mgh17", "rat43", "thurber", "boxbod",
];

/// The data of a reference problem as the page gets them, and what is certified of it.
fn nist(name: &str) -> (Vec<Vec<f64>>, Vec<f64>, Vec<f64>, f64) {
    let file = format!("{}/www/data/nist/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let csv = std::fs::read_to_string(file).unwrap();
    descent::data::registry::register(name, &csv, None).unwrap();
    let model = descent::problem::least_squares::models::Model::find(name).unwrap();
    let certified = model.certified().unwrap();
    (
        model.starts_in(certified.parameters.len()),
        certified.parameters.to_vec(),
        certified.standard_deviations.to_vec(),
        certified.rss,
    )
}

/// The least number of equal digits.
fn digits(found: &[f64], wanted: &[f64]) -> f64 {
    let each = found
        .iter()
        .zip(wanted)
        .map(|(f, w)| -((f - w).abs() / w.abs()).log10());
    each.fold(11.0, f64::min)
}

/// Digits of a run of 20,000 steps at most: of the parameters, their standard deviations, Σ r².
struct Run {
    parameters: f64,
    deviations: f64,
    rss: f64,
    report: StepReport,
}

fn fit(name: &str, start: &[f64], optimizer: &str) -> Run {
    let (_, parameters, deviations, rss) = nist(name);
    let problem =
        format!(r#"{{ "kind": "least_squares", "model": "{name}", "start": {start:?} }}"#);
    let mut s = session(&problem, optimizer);
    let report = s.train_step(20_000);
    let statistics = s.fit_statistics().unwrap();
    let errors = statistics
        .standard_errors
        .unwrap_or(vec![f64::INFINITY; start.len()]);
    Run {
        parameters: digits(&s.parameters(), &parameters),
        deviations: digits(&errors, &deviations),
        rss: digits(&[statistics.rss], &[rss]),
        report,
    }
}

/// At least ten of the eleven certified digits, of the parameters, of their standard deviations and of Σ r², from either
/// start; and no fewer than SciPy's, which stops at about eight.
///
/// One run of the 18 fails, as SciPy's does with its default scaling: from the first start of `BoxBOD` the first steps
/// carry b2 to where the model is a constant, and a scaled step never brings it back. Levenberg's does not go there.
#[test]
fn the_certified_values_are_reached() {
    let golden = goldens();
    let runs = at(&golden, "runs").as_list().unwrap();
    assert_eq!(runs.len(), 2 * NIST.len());
    for scipy in runs {
        let (name, start) = (text(scipy, "name"), numbers(scipy, "start"));
        let theirs = number(at(scipy, "scaled"), "digits");
        let run = fit(name, &start, r#"{ "name": "levenberg_marquardt" }"#);
        assert_eq!(run.report.status, "converged", "{name}");
        if name == "boxbod" && text(scipy, "which") == "start1" {
            assert!(run.parameters < 0.0 && theirs < 0.0);
        } else {
            let least = run.parameters.min(run.deviations).min(run.rss);
            assert!(least >= 10.0, "{name} from {start:?}: {least}");
            // The last certified digit is rounded, so from ten on they do not tell one answer from the other.
            assert!(run.parameters >= theirs.min(10.0), "{name} from {start:?}");
        }
        let run = fit(name, &start, r#"{ "name": "levenberg" }"#);
        assert!(
            run.parameters >= 10.0,
            "{name} from {start:?}: {}",
            run.parameters
        );
    }
}

#[test]
fn the_table_has_the_certified_values() {
    let wanted = json(include_str!("reference/nist.json"));
    for name in NIST {
        let (starts, parameters, deviations, rss) = nist(name);
        let wanted = at(&wanted, name);
        assert_eq!(
            starts,
            [numbers(wanted, "start2"), numbers(wanted, "start1")],
            "{name}"
        );
        assert_eq!(parameters, numbers(wanted, "parameters"), "{name}");
        assert_eq!(deviations, numbers(wanted, "standard_deviations"), "{name}");
        assert_eq!(rss, number(wanted, "rss"), "{name}");
    }
}

/// Prints the table of docs/methods.md: `cargo test --test least_squares -- --ignored --nocapture`.
#[test]
#[ignore = "prints a table"]
fn nist_table() {
    for method in ["levenberg_marquardt", "levenberg", "gauss_newton"] {
        for name in NIST {
            for (start, which) in nist(name).0.iter().zip([2, 1]) {
                let run = fit(name, start, &format!(r#"{{ "name": "{method}" }}"#));
                println!(
                    "| {method} {name} | {which} | {:.1} | {:.1} | {:.1} | {} | {} | {} | {}",
                    run.parameters,
                    run.deviations,
                    run.rss,
                    run.report.iteration,
                    run.report.value_evals,
                    run.report.jacobian_evals,
                    run.report.reason.unwrap_or_default(),
                );
            }
        }
    }
}

// Statistics ----------------------------------------------------------------------------------------------------------

/// Both programs take a Jacobian with all digits; theirs takes the covariance by a singular value decomposition. What is
/// lost is the condition of the Jacobian, below 1000 here.
#[test]
fn statistics_agree_with_scipy() {
    let close = |name: &str, ours: &[f64], theirs: &[f64]| {
        assert_eq!(ours.len(), theirs.len(), "{name}");
        let size = theirs.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        for (a, b) in ours.iter().zip(theirs) {
            assert!((a - b).abs() <= 1e-11 * size, "{name}: {a} {b}");
        }
    };
    let golden = goldens();
    let cases = at(&golden, "cases").as_list().unwrap();
    assert_eq!(cases.len(), 7);
    for case in cases {
        let name = text(case, "name");
        let config = Value::map([
            (
                "problem",
                Value::map([
                    ("kind", Value::from("least_squares")),
                    ("model", at(case, "model").clone()),
                    ("x", at(case, "x").clone()),
                    ("y", at(case, "y").clone()),
                    ("start", at(case, "parameters").clone()),
                ]),
            ),
            ("optimizer", Value::map([("name", Value::from("sgd"))])),
        ]);
        let mut s = Session::new(&config, || 0.0).unwrap();
        let ours = s.fit_statistics().unwrap();
        assert_eq!(ours.reason, None);
        close(name, &[ours.rss], &[number(case, "rss")]);
        let sigma = number(case, "residual_standard_deviation");
        close(name, &[ours.residual_standard_deviation.unwrap()], &[sigma]);
        match at(case, "r_squared").as_number() {
            Some(theirs) => close(name, &[ours.r_squared.unwrap()], &[theirs]),
            None => assert_eq!(ours.r_squared, None),
        }
        close(
            name,
            &ours.standard_errors.unwrap(),
            &numbers(case, "standard_errors"),
        );
        close(
            name,
            &ours.covariance.unwrap(),
            &numbers(case, "covariance"),
        );
        close(name, &[ours.t.unwrap()], &[number(case, "t")]);
        let intervals = at(case, "intervals").as_list().unwrap();
        for (ours, theirs) in ours.intervals.unwrap().iter().zip(intervals) {
            close(name, ours, &theirs.as_numbers().unwrap());
        }
        let theirs = at(case, "band");
        let band = s.fit_band(&numbers(theirs, "at")).unwrap();
        close(name, &band.value, &numbers(theirs, "value"));
        close(name, &band.lower, &numbers(theirs, "lower"));
        close(name, &band.upper, &numbers(theirs, "upper"));
        assert_eq!(band.value, s.predict(&numbers(theirs, "at")).unwrap());
    }
}

#[test]
fn where_there_are_no_standard_errors_a_reason_says_why() {
    let reason = |model: &str, x: &str, y: &str, start: &str| {
        let mut s = session(
            &format!(
                r#"{{ "kind": "least_squares", "model": "{model}", "x": {x}, "y": {y}, "start": {start} }}"#
            ),
            r#"{ "name": "sgd" }"#,
        );
        let inputs = vec![0.5; s.info().least_squares.unwrap().features.len()];
        let band = s.fit_band(&inputs).unwrap();
        assert!(band.lower[0].is_nan() && band.upper[0].is_nan());
        let statistics = s.fit_statistics().unwrap();
        assert_eq!(
            (
                statistics.standard_errors,
                statistics.intervals,
                statistics.covariance,
                statistics.t
            ),
            (None, None, None, None)
        );
        statistics.reason.unwrap()
    };
    let cases = [
        (
            "b1 + b2 x",
            "[1, 2]",
            "[3, 4]",
            "[0, 0]",
            "leave no degree of freedom",
        ),
        (
            "b1 + b2 x + b3 x",
            "[1, 2, 3, 4]",
            "[1, 2, 3, 5]",
            "[1, 1, 1]",
            "do not tell b3 from",
        ),
        (
            "b1 x + b2 exp(b3 x)",
            "[1, 2, 3, 4]",
            "[1, 2, 3, 5]",
            "[1, 0, 1]",
            "b3 has no influence",
        ),
        (
            "b1 log(b2 x)",
            "[1, 2, 3, 4]",
            "[1, 2, 3, 5]",
            "[1, -1]",
            "not finite",
        ),
    ];
    for (model, x, y, start, wanted) in cases {
        let found = reason(model, x, y, start);
        assert!(found.contains(wanted), "{model}: {found}");
    }
}

// Derivatives ---------------------------------------------------------------------------------------------------------

/// How `at` changes with `b[i]`: central differences over h and h/2, whose errors in h² cancel. A model that is not smooth
/// somewhere bends so much beside it that h² alone would show.
fn slopes(b: &[f64], i: usize, at: &mut dyn FnMut(&[f64]) -> Vec<f64>) -> Vec<f64> {
    let mut central = |step: f64| -> Vec<f64> {
        let (mut above, mut below) = (b.to_vec(), b.to_vec());
        above[i] += step;
        below[i] -= step;
        let width = above[i] - below[i];
        let pairs = at(&above).into_iter().zip(at(&below));
        pairs.map(|(a, b)| (a - b) / width).collect()
    };
    let step = 1e-5 * (1.0 + b[i].abs());
    let pairs = central(0.5 * step).into_iter().zip(central(step));
    pairs
        .map(|(half, whole)| (4.0 * half - whole) / 3.0)
        .collect()
}

/// Steps of 1e-5 in central differences leave about ten digits, of the largest entry.
fn derivatives_agree_with_differences(title: &str, fit: &mut CurveFit, b: &[f64]) {
    let n = b.len();
    let m = LeastSquares::<f64>::residual_count(fit);
    let (mut r, mut j, mut g, mut h) = (
        vec![0.0; m],
        vec![0.0; m * n],
        vec![0.0; n],
        vec![0.0; n * n],
    );
    LeastSquares::<f64>::jacobian(fit, b, &mut r, &mut j);
    let value = fit.gradient(b, &mut g);
    Hessian::<f64>::hessian(fit, b, &mut h);
    assert_eq!(value, fit.value(b), "{title}");
    let half: f64 = 0.5 * r.iter().map(|r| r * r).sum::<f64>();
    assert!((half - value).abs() <= 1e-12 * value, "{title}");
    let largest = |values: &[f64]| values.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
    for i in 0..n {
        let slope: f64 = (0..m).map(|k| j[k * n + i] * r[k]).sum();
        assert!(
            (slope - g[i]).abs() <= 1e-12 * (1.0 + largest(&r) * largest(&j) * m as f64),
            "{title}"
        );
        let residuals = slopes(b, i, &mut |b| {
            let mut r = vec![0.0; m];
            LeastSquares::<f64>::residuals(fit, b, &mut r);
            r
        });
        for (k, slope) in residuals.iter().enumerate() {
            let (exact, size) = (j[k * n + i], 1.0 + largest(&j) + largest(&r));
            assert!(
                (slope - exact).abs() <= 1e-6 * size,
                "{title}: {slope} {exact}"
            );
        }
        let gradient = slopes(b, i, &mut |b| {
            let mut g = vec![0.0; n];
            fit.gradient(b, &mut g);
            g
        });
        for (k, bend) in gradient.iter().enumerate() {
            let (exact, size) = (h[i * n + k], 1.0 + largest(&h) + largest(&g));
            assert!(
                (bend - exact).abs() <= 1e-6 * size,
                "{title}: {bend} {exact}"
            );
            assert_eq!(exact, h[k * n + i]);
        }
    }
}

fn uniform(rng: &mut Rng, count: usize, from: f64, to: f64) -> Vec<f64> {
    (0..count).map(|_| rng.random_range(from..to)).collect()
}

proptest! {
    #[test]
    fn exact_derivatives_agree_with_differences(seed in 0_u64..1000, rows in 6_usize..20) {
        const FORMULAS: [(&str, usize, usize); 8] = [
            ("b1 exp(-b2 x)", 1, 2),
            ("b1 x/(3 + b2 + x)", 1, 2),
            ("b1/(1 + exp(-b2(x - b3)))", 1, 3),
            ("b1 exp(-((x - b2)/(2 + b3))^2) + b4 sin(b5 x)", 1, 5),
            ("sqrt((x1 - b1)^2 + (x2 - b2)^2) - b3", 2, 3),
            ("b1 + b2 x1 + b3 x2 + b4 x3", 3, 4),
            ("atan2(b1 x1, 3 + b2 x2)", 2, 2),
            ("(2 + b1)^b2 x", 1, 2),
        ];
        let mut rng = stream(seed, Stream::Data, 0);
        for (formula, columns, n) in FORMULAS {
            let table = Table {
                inputs: uniform(&mut rng, rows * columns, 0.1, 2.0),
                columns,
                targets: uniform(&mut rng, rows, -1.0, 1.0),
            };
            let b = uniform(&mut rng, n, -1.0, 1.0);
            let mut fit = CurveFit::new(formula, table, None).unwrap();
            derivatives_agree_with_differences(formula, &mut fit, &b);
        }
    }

    /// The normal equations of a line, solved by hand.
    #[test]
    fn one_step_of_gauss_newton_solves_a_linear_regression(seed in 0_u64..1000, rows in 3_usize..30) {
        let mut rng = stream(seed, Stream::Data, 0);
        let (x, y) = (uniform(&mut rng, rows, -5.0, 5.0), uniform(&mut rng, rows, -5.0, 5.0));
        let mut s = session(
            &format!(r#"{{ "kind": "least_squares", "model": "linear", "x": {x:?}, "y": {y:?} }}"#),
            r#"{ "name": "gauss_newton" }"#,
        );
        s.train_step(1);
        let mean = |v: &[f64]| v.iter().sum::<f64>() / v.len() as f64;
        let (mx, my) = (mean(&x), mean(&y));
        let products: f64 = x.iter().zip(&y).map(|(x, y)| (x - mx) * (y - my)).sum();
        let slope = products / x.iter().map(|x| (x - mx) * (x - mx)).sum::<f64>();
        let found = s.parameters();
        prop_assert!((found[1] - slope).abs() < 1e-10 * (1.0 + slope.abs()));
        prop_assert!((found[0] - (my - slope * mx)).abs() < 1e-10 * (1.0 + my.abs()));
    }
}

#[test]
fn single_precision_is_the_rounded_answer() {
    let table = Table {
        inputs: vec![0.5, 1.0, 2.0],
        columns: 1,
        targets: vec![1.0, 0.5, 0.25],
    };
    let mut fit = CurveFit::new("b1 exp(-b2 x)", table, None).unwrap();
    let (wide, b) = ([1.5, 0.25], [1.5_f32, 0.25]);
    let (mut g, mut g32) = ([0.0; 2], [0.0_f32; 2]);
    assert_eq!(fit.gradient(&wide, &mut g), fit.gradient(&b, &mut g32));
    assert_eq!(g32, g.map(|v| v as f32));
    let (mut r, mut j, mut r32, mut j32) = ([0.0; 3], [0.0; 6], [0.0_f32; 3], [0.0_f32; 6]);
    LeastSquares::<f64>::jacobian(&mut fit, &wide, &mut r, &mut j);
    LeastSquares::<f32>::jacobian(&mut fit, &b, &mut r32, &mut j32);
    assert_eq!((r32, j32), (r.map(|v| v as f32), j.map(|v| v as f32)));
}

// The session ---------------------------------------------------------------------------------------------------------

#[test]
fn every_model_is_fitted_from_each_of_its_starts() {
    for model in models().filter(|m| m.certified().is_none()) {
        let name = model.name;
        let config = format!(r#"{{ "kind": "least_squares", "model": "{name}" }}"#);
        let info = session(&config, r#"{ "name": "sgd" }"#).info();
        let info = info.least_squares.unwrap();
        assert_eq!(info.start, info.starts[0], "{name}");
        for start in info.starts {
            let problem =
                format!(r#"{{ "kind": "least_squares", "model": "{name}", "start": {start:?} }}"#);
            let mut s = session(&problem, r#"{ "name": "levenberg_marquardt" }"#);
            let report = s.train_step(500);
            assert_eq!(report.status, "converged", "{name} from {start:?}");
            let statistics = s.fit_statistics().unwrap();
            let found = statistics
                .parameters
                .iter()
                .zip(statistics.standard_errors.unwrap());
            for ((b, error), truth) in found.zip(info.truth.as_ref().unwrap()) {
                // Five standard errors: with the default seed no model is so unlucky.
                assert!(
                    (b.abs() - truth.abs()).abs() < 5.0 * error,
                    "{name}: {b} {truth}"
                );
            }
        }
    }
}

/// Methods of every family on every model: no panic, no point that is not finite.
#[test]
fn every_method_runs_on_every_model() {
    for method in descent::catalog::methods() {
        for model in models() {
            let config = format!(
                r#"{{ "problem": {{ "kind": "least_squares", "model": "{}" }}, "optimizer": {{ "name": "{}" }} }}"#,
                model.name, method.name
            );
            let Ok(mut s) = Session::new(&json(&config), || 0.0) else {
                let others = ["linear_system", "constrained", "proximal", "convex"];
                assert!(others.contains(&method.needs.name()), "{}", method.name);
                continue;
            };
            s.train_step(40);
            assert!(
                s.parameters().iter().all(|b| b.is_finite()),
                "{} on {}",
                method.name,
                model.name
            );
        }
    }
}

#[test]
fn a_restored_session_goes_on_exactly_where_it_was() {
    for method in ["adam", "gauss_newton", "levenberg", "levenberg_marquardt"] {
        for model in models() {
            let problem = format!(
                r#"{{ "kind": "least_squares", "model": "{}" }}"#,
                model.name
            );
            let mut whole = session(&problem, &format!(r#"{{ "name": "{method}" }}"#));
            whole.train_step(7);
            let mut restored = Session::restore(&whole.snapshot().unwrap(), || 0.0).unwrap();
            let (a, b) = (whole.train_step(5), restored.train_step(5));
            // NaN stands where a method has nothing to measure.
            assert_eq!(
                format!("{a:?}"),
                format!("{b:?}"),
                "{method} on {}",
                model.name
            );
            assert_eq!(whole.digest(), restored.digest());
        }
    }
}

#[test]
fn normalized_configs_make_the_same_problem() {
    let csv = r#"{ "csv": "weight,height\n1,2\n2,4.5\n3,5\n" }"#;
    for (given, target) in [
        (r#"{ "kind": "least_squares", "model": "polynomial", "degree": 2, "n": 12 }"#.to_owned(), "y"),
        (r#"{ "kind": "least_squares", "model": "circle" }"#.to_owned(), "y"),
        (r#"{ "kind": "least_squares", "model": "circle", "x": [[0, 1], [1, 0], [0, -1], [-1, 0]] }"#.to_owned(), "y"),
        (r#"{ "kind": "least_squares", "model": "b1 x1 + b2", "x": [1, 2], "y": [3, 4] }"#.to_owned(), "y"),
        (format!(r#"{{ "kind": "least_squares", "model": "linear", "data": {csv} }}"#), "height"),
        (r#"{ "kind": "least_squares", "model": "b1 sin(b2 x) + b3", "data": { "name": "sine", "n": 30 } }"#.to_owned(), "y"),
    ] {
        let mut first = session(&given, r#"{ "name": "sgd", "lr": 0.001 }"#);
        let config = first.config();
        let mut again = Session::new(&config, || 0.0).unwrap();
        assert_eq!(again.config(), config, "{given}");
        assert_eq!(again.info(), first.info(), "{given}");
        assert_eq!(again.info().least_squares.unwrap().target, target);
        first.train_step(10);
        again.train_step(10);
        assert_eq!(again.digest(), first.digest(), "{given}");
    }
}

#[test]
fn whole_numbers_are_not_taken_for_classes() {
    let problem = r#"{ "kind": "least_squares", "model": "linear", "data": { "csv": "x,y\n0,1\n1,0\n2,1\n3,0\n" } }"#;
    let points = session(problem, r#"{ "name": "sgd" }"#)
        .points("train")
        .unwrap();
    assert_eq!((points.rows, points.targets), (4, vec![1.0, 0.0, 1.0, 0.0]));
    // The target of an implicit model is one more coordinate.
    let problem = r#"{ "kind": "least_squares", "model": "circle", "data": { "csv": "x,y\n0,1\n1,0\n0,-1\n-1,0\n" } }"#;
    let mut s = session(problem, r#"{ "name": "levenberg_marquardt" }"#);
    s.train_step(20);
    assert!((s.parameters()[2].abs() - 1.0).abs() < 1e-12);
    assert_eq!(s.info().least_squares.unwrap().features, ["x", "y"]);
}

#[test]
fn data_follow_their_seed() {
    let points = |seed: &str| {
        let config = format!(
            r#"{{ "problem": {{ "kind": "least_squares", "model": "exponential" }}, "optimizer": {{ "name": "sgd" }}, {seed} }}"#
        );
        Session::new(&json(&config), || 0.0)
            .unwrap()
            .points("train")
            .unwrap()
    };
    assert_eq!(
        points(r#""seed": 3"#),
        points(r#""seed": 4, "data_seed": 3"#)
    );
    assert_ne!(points(r#""seed": 3"#), points(r#""seed": 4"#));
}

#[test]
fn a_plane_is_the_function_with_two_coordinates_moved() {
    for (problem, n) in [
        (
            r#"{ "kind": "least_squares", "model": "logistic_growth" }"#,
            3,
        ),
        (r#"{ "kind": "surface", "name": "wood" }"#, 4),
        (
            r#"{ "kind": "network", "data": { "name": "moons" }, "layers": [2] }"#,
            12,
        ),
    ] {
        let mut s = session(problem, r#"{ "name": "adam" }"#);
        s.train_step(5);
        let (here, (value, _)) = (s.parameters(), s.value_and_gradient());
        let (i, j) = (n - 1, 1);
        let view = [here[i] - 1.0, here[i] + 1.0, here[j] - 0.5, here[j] + 0.5];
        let values = s.plane_values((i, j), view, (3, 5)).unwrap();
        assert_eq!(values.len(), 15);
        approx::assert_relative_eq!(values[7], value, max_relative = 1e-13);
        let mut moved = here.clone();
        (moved[i], moved[j]) = (view[0], view[3]);
        s.set_parameters(&moved).unwrap();
        approx::assert_relative_eq!(values[12], s.value_and_gradient().0, max_relative = 1e-13);
        for (pair, view, size, wanted) in [
            ((0, 0), view, (3, 3), "i, j: 0 and 0 are not two different"),
            ((0, n), view, (3, 3), "i, j: "),
            ((0, 1), [0.0, f64::NAN, 0.0, 1.0], (3, 3), "view: "),
            ((0, 1), view, (1, 3), "nx, ny: "),
            ((0, 1), view, (3, 2001), "nx, ny: "),
        ] {
            let error = s.plane_values(pair, view, size).unwrap_err().to_string();
            assert!(error.starts_with(wanted), "{error}");
        }
    }
}

#[test]
fn what_only_a_fit_can_answer_is_refused_elsewhere() {
    let mut s = session(
        r#"{ "kind": "surface", "name": "beale" }"#,
        r#"{ "name": "sgd" }"#,
    );
    assert!(s.fit_statistics().is_err() && s.fit_band(&[1.0]).is_err());
    let mut s = session(
        r#"{ "kind": "least_squares", "model": "circle" }"#,
        r#"{ "name": "sgd" }"#,
    );
    let error = s.predict(&[1.0, 2.0, 3.0]).unwrap_err().to_string();
    assert_eq!(error, "inputs: 3 numbers are no whole rows of 2");
    assert!(s.fit_band(&[1.0]).is_err());
    assert!(s.evaluate("train").is_err() && s.neurons(&[1.0]).is_err() && s.set_l2(1.0).is_err());
    assert_eq!(s.points("val").unwrap().rows, 0);
    assert_eq!(s.residuals().unwrap().len(), 40);
    assert_eq!(s.jacobian().unwrap().len(), 120);
}

/// The same bits as in the browser: `tests/node/least_squares.test.js` has the same digest.
#[test]
fn bits_are_those_of_the_browser() {
    let mut s = session(
        r#"{ "kind": "least_squares", "model": "gaussian_peaks" }"#,
        r#"{ "name": "levenberg_marquardt" }"#,
    );
    s.train_step(8);
    let of_newton = s.digest();
    s.reset().unwrap();
    s.set_optimizer(&json(r#"{ "name": "adam" }"#)).unwrap();
    s.train_step(1000);
    let node = include_str!("node/least_squares.test.js");
    assert!(
        node.contains(&of_newton) && node.contains(&s.digest()),
        "{of_newton} {}",
        s.digest()
    );
}

#[test]
fn first_order_methods_fit_a_line() {
    let mut s = session(
        r#"{ "kind": "least_squares", "model": "b1 + b2 x", "x": [0, 1, 2, 3], "y": [1, 3, 5, 7], "start": [0, 0] }"#,
        r#"{ "name": "momentum", "lr": 0.03 }"#,
    );
    let report = s.train_step(500);
    assert!(report.loss < 1e-12, "{report:?}");
    for (b, wanted) in s.parameters().iter().zip([1.0, 2.0]) {
        assert!((b - wanted).abs() < 1e-6, "{b}");
    }
    let y = s.predict(&[10.0, -1.0]).unwrap();
    assert!(
        (y[0] - 21.0).abs() < 1e-5 && (y[1] + 1.0).abs() < 1e-5,
        "{y:?}"
    );
}

/// The sums of squares of Moré, Garbow and Hillstrom from their standard starts, to 1e-8 of what the paper says can be
/// reached from there, or below.
#[test]
fn levenberg_marquardt_reaches_the_known_minima() {
    let golden = json(include_str!("reference/surfaces.json"));
    for case in at(&golden, "cases").as_list().unwrap() {
        let name = text(case, "name");
        let problem = format!(r#"{{ "kind": "surface", "name": "{name}" }}"#);
        for method in ["levenberg_marquardt", "levenberg"] {
            let mut s = session(&problem, &format!(r#"{{ "name": "{method}" }}"#));
            s.train_step(1000);
            let (value, _) = s.value_and_gradient();
            let wanted = number(case, "minimum_value");
            // Where it is 0: ten digits of every residual.
            assert!(
                value <= wanted * (1.0 + 1e-8) + 1e-20,
                "{method} on {name}: {value:e}, {wanted:e}"
            );
        }
    }
}
