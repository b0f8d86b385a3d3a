//! Problems with constraints, against Clarabel, OSQP, SciPy, scikit-learn and the book of Hock and Schittkowski.

#![cfg(not(target_arch = "wasm32"))]

use descent::config::ConstrainedConfig;
use descent::linalg::vector::dot;
use descent::optim::Certificate;
use descent::problem::{Constrained, Objective};
use descent::train::Session;
use descent::value::Value;

const GOLDENS: &str = include_str!("reference/constrained.json");
const HOCK_SCHITTKOWSKI: &str = include_str!("reference/hock_schittkowski.json");

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn named(name: &str) -> String {
    format!(r#"{{ "name": "{name}" }}"#)
}

fn config(problem: &Value, optimizer: &str) -> Value {
    Value::map([("problem", problem.clone()), ("optimizer", json(optimizer))])
}

fn session(problem: &Value, optimizer: &str) -> Session {
    Session::new(&config(problem, optimizer), || 0.0).unwrap_or_else(|e| panic!("{e}"))
}

fn typed(problem: &str, optimizer: &str) -> Session {
    let text = format!(r#"{{ "kind": "constrained", {problem} }}"#);
    session(&json(&text), optimizer)
}

fn cases(text: &str) -> Vec<Value> {
    let goldens = json(text);
    goldens.get("cases").unwrap().as_list().unwrap().to_vec()
}

fn of_kind(kinds: &[&str]) -> Vec<Value> {
    let wanted = |case: &Value| kinds.contains(&text(case, "kind"));
    cases(GOLDENS).into_iter().filter(wanted).collect()
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case.get(key).and_then(Value::as_text).unwrap_or_default()
}

/// None where there is no such key.
fn numbers(case: &Value, key: &str) -> Vec<f64> {
    case.get(key)
        .and_then(Value::as_numbers)
        .unwrap_or_default()
}

fn number(case: &Value, key: &str) -> f64 {
    case.get(key).unwrap().as_number().unwrap()
}

fn is(case: &Value, key: &str) -> bool {
    case.get(key) == Some(&true.into())
}

fn size(v: &[f64]) -> f64 {
    v.iter().fold(0.0, |m, v| m.max(v.abs()))
}

/// The largest difference, relative to the largest number or to 1.
fn difference(own: &[f64], theirs: &[f64]) -> f64 {
    assert_eq!(own.len(), theirs.len());
    let apart: Vec<f64> = own.iter().zip(theirs).map(|(a, b)| a - b).collect();
    size(&apart) / size(theirs).max(1.0)
}

fn violation(s: &mut Session) -> f64 {
    s.constraints().map_or(0.0, |found| {
        let (c, g) = found.values.split_at(found.equalities);
        let c = c.iter().map(|c| c.abs());
        c.chain(g.iter().copied()).fold(0.0, f64::max)
    })
}

/// ‖∇f + Jᵀy‖∞ with the multipliers that the session gives.
fn slope_of_lagrangian(s: &mut Session) -> f64 {
    let y = s.multipliers().unwrap();
    let found = s.constraints().unwrap();
    let n = found.gradient.len();
    let mut slope = found.gradient;
    let rows = found.jacobian.chunks_exact(n);
    for (y, row) in y.nu.iter().chain(&y.lambda).zip(rows) {
        for (s, j) in slope.iter_mut().zip(row) {
            *s += y * j;
        }
    }
    size(&slope)
}

/// A run to its solution. Value, violation, and x and the multipliers where there is only one such, agree to `tolerance`;
/// x and the multipliers to seven digits at most, as they are worse conditioned than the value, whose error is of second
/// order.
fn solves(case: &Value, optimizer: &str, steps: u64, tolerance: f64) {
    let mut s = session(case.get("problem").unwrap(), optimizer);
    let report = s.train_step(steps);
    let label = format!(
        "{optimizer} on {} ({})",
        text(case, "label"),
        text(case, "kind")
    );
    assert_eq!(report.status, "converged", "{label}: {:?}", report.reason);
    let expected = number(case, "value");
    let error = (s.value_and_gradient().0 - expected).abs() / (1.0 + expected.abs());
    assert!(error <= tolerance, "{label}: f is off by {error:e}");
    let outside = violation(&mut s);
    assert!(outside <= tolerance, "{label}: violation {outside:e}");
    let close = tolerance.max(1e-7);
    let single = matches!(text(case, "kind"), "lasso" | "ridge");
    if single || is(case, "only_x") {
        let error = difference(&s.parameters(), &numbers(case, "x"));
        assert!(error <= close, "{label}: x is off by {error:e}");
    }
    let y = s.multipliers().unwrap();
    assert!(
        y.lambda.iter().all(|l| *l >= 0.0),
        "{label}: {:?}",
        y.lambda
    );
    if text(case, "kind") == "ridge" || is(case, "only_multipliers") {
        let of_nu = difference(&y.nu, &numbers(case, "nu"));
        let error = of_nu.max(difference(&y.lambda, &numbers(case, "lambda")));
        assert!(error <= close, "{label}: multipliers are off by {error:e}");
    }
}

fn programs() -> Vec<Value> {
    of_kind(&["quadratic_program", "linear_program"])
}

#[test]
fn there_are_as_many_references_as_were_promised() {
    let solvable = of_kind(&["quadratic_program", "linear_program", "lasso", "ridge"]);
    assert!(solvable.len() >= 25);
    assert!(of_kind(&["unsolvable"]).len() >= 6);
    assert!(cases(HOCK_SCHITTKOWSKI).len() >= 12);
}

/// The tolerance of the method is relative to the data; what is promised is absolute.
#[test]
fn interior_points_agree_and_satisfy_the_conditions_to_eight_digits() {
    for case in programs() {
        solves(&case, &named("interior_point"), 50, 1e-8);
        let mut s = session(case.get("problem").unwrap(), &named("interior_point"));
        let report = s.train_step(50);
        let label = text(&case, "label");
        assert!(report.grad_norm <= 1e-8, "{label}: {:e}", report.grad_norm);
        let slope = slope_of_lagrangian(&mut s);
        assert!(slope <= 1e-8, "{label}: {slope:e}");
        let found = s.constraints().unwrap();
        let y = s.multipliers().unwrap();
        let slack = y.lambda.iter().zip(&found.values[found.equalities..]);
        assert!(
            slack.map(|(l, g)| (l * g).abs()).fold(0.0, f64::max) <= 1e-8,
            "{label}"
        );
    }
}

#[test]
fn first_order_methods_agree_on_programs() {
    for case in programs() {
        solves(&case, &named("admm"), 20_000, 1e-6);
        solves(&case, &named("primal_dual"), 50_000, 1e-6);
    }
    // Without restarts it is the plain method, which is slower.
    for case in of_kind(&["quadratic_program"]) {
        let plain = r#"{ "name": "primal_dual", "restart": false, "tolerance": 1e-8 }"#;
        solves(&case, plain, 200_000, 1e-6);
        let plain = r#"{ "name": "admm", "adaptive": false, "relaxation": 1, "tolerance": 1e-8 }"#;
        solves(&case, plain, 200_000, 1e-6);
    }
}

/// The penalty's own tolerance is 1e-6, since its violation is the multiplier over ρ.
#[test]
fn augmented_lagrangians_and_penalties_agree_on_programs() {
    for case in programs() {
        solves(&case, &named("augmented_lagrangian"), 200, 1e-6);
        solves(&case, &named("penalty"), 200, 1e-5);
    }
}

#[test]
fn lassos_agree() {
    for case in of_kind(&["lasso"]) {
        for optimizer in [
            r#"{ "name": "projected_gradient" }"#,
            r#"{ "name": "projected_gradient", "acceleration": "nesterov" }"#,
            r#"{ "name": "admm" }"#,
            r#"{ "name": "admm", "blocks": 4 }"#,
            r#"{ "name": "primal_dual" }"#,
        ] {
            solves(&case, optimizer, 20_000, 1e-8);
            let mut s = session(case.get("problem").unwrap(), optimizer);
            s.train_step(20_000);
            let zeros = |x: &[f64]| x.iter().map(|x| *x == 0.0).collect::<Vec<_>>();
            let expected = zeros(&numbers(&case, "x"));
            assert_eq!(
                zeros(&s.parameters()),
                expected,
                "{optimizer} {}",
                text(&case, "label")
            );
        }
    }
}

/// The multiplier of the bound on the norm is the α of the ridge regression that the bound was made from.
#[test]
fn ridges_agree() {
    for case in of_kind(&["ridge"]) {
        for optimizer in [
            r#"{ "name": "projected_gradient" }"#,
            r#"{ "name": "projected_gradient", "acceleration": "nesterov" }"#,
            r#"{ "name": "admm" }"#,
            r#"{ "name": "admm", "blocks": 3 }"#,
            r#"{ "name": "primal_dual" }"#,
            r#"{ "name": "augmented_lagrangian" }"#,
        ] {
            solves(&case, optimizer, 20_000, 1e-8);
        }
    }
}

#[test]
fn projected_gradients_agree_on_boxes_and_on_planes() {
    for case in programs() {
        let label = text(&case, "label");
        let problem = case.get("problem").unwrap();
        let is_box = problem.get("equality").is_none() && problem.get("inequality").is_none();
        if is_box || label == "equalities" {
            solves(&case, &named("projected_gradient"), 20_000, 1e-8);
        }
    }
}

fn matrix_product(rows: &Value, x: &[f64]) -> Vec<f64> {
    let rows = rows.as_list().unwrap().iter();
    rows.map(|row| dot(&row.as_numbers().unwrap(), x)).collect()
}

/// The proof is checked here from the numbers of the config alone. With 1e-7 for the rounding of a sum of products, a
/// feasible point would have a norm beyond 1e7.
#[test]
fn problems_without_a_solution_are_said_to_be_so_and_proved() {
    for case in of_kind(&["unsolvable"]) {
        let problem = case.get("problem").unwrap();
        let n = problem
            .get("objective")
            .unwrap()
            .get("q")
            .unwrap()
            .as_list()
            .unwrap()
            .len();
        for name in ["interior_point", "admm", "primal_dual"] {
            let mut s = session(problem, &named(name));
            let report = s.train_step(20_000);
            let label = format!("{name} on {}", text(&case, "label"));
            assert_eq!(report.status, "breakdown", "{label}");
            let reason = report.reason.unwrap();
            assert!(reason.starts_with(text(&case, "end")), "{label}: {reason}");
            let finite = |key: &str| {
                let ends = problem
                    .get(key)
                    .and_then(Value::as_list)
                    .unwrap_or_default();
                let known = ends.iter().enumerate();
                known
                    .filter_map(|(i, v)| Some((i, v.as_number()?)))
                    .collect::<Vec<_>>()
            };
            let (lower, upper) = (finite("lower"), finite("upper"));
            match s
                .certificate()
                .unwrap_or_else(|| panic!("{label}: no proof"))
            {
                Certificate::Infeasible(y) => {
                    let mut sum = vec![0.0; n];
                    let mut below = 0.0;
                    let mut add = |rows: &Value, rhs: &[f64], y: &[f64]| {
                        assert_eq!(rhs.len(), y.len());
                        for (row, y) in rows.as_list().unwrap().iter().zip(y) {
                            let row = row.as_numbers().unwrap();
                            sum.iter_mut().zip(&row).for_each(|(s, r)| *s += y * r);
                        }
                        below += dot(rhs, y);
                    };
                    if let Some(rows) = problem.get("equality") {
                        add(rows.get("a").unwrap(), &numbers(rows, "b"), &y.nu);
                    }
                    let mut of_ends = y.lambda.as_slice();
                    if let Some(rows) = problem.get("inequality") {
                        let h = numbers(rows, "h");
                        add(rows.get("g").unwrap(), &h, &of_ends[..h.len()]);
                        of_ends = &of_ends[h.len()..];
                    }
                    let (of_lower, of_upper) = of_ends.split_at(lower.len());
                    for ((i, l), y) in lower.iter().zip(of_lower) {
                        sum[*i] -= y;
                        below -= l * y;
                    }
                    for ((i, u), y) in upper.iter().zip(of_upper) {
                        sum[*i] += y;
                        below += u * y;
                    }
                    assert!(y.lambda.iter().all(|l| *l >= 0.0), "{label}");
                    assert!((below + 1.0).abs() < 1e-12, "{label}: {below}");
                    assert!(size(&sum) < 1e-7, "{label}: {sum:?}");
                    assert_eq!(text(&case, "end"), "infeasible");
                }
                Certificate::Unbounded(d) => {
                    let objective = problem.get("objective").unwrap();
                    assert!(
                        (dot(&numbers(objective, "q"), &d) + 1.0).abs() < 1e-12,
                        "{label}"
                    );
                    if let Some(p) = objective.get("p") {
                        assert!(size(&matrix_product(p, &d)) < 1e-7, "{label}");
                    }
                    if let Some(rows) = problem.get("equality") {
                        let along = matrix_product(rows.get("a").unwrap(), &d);
                        assert!(size(&along) < 1e-7, "{label}");
                    }
                    if let Some(rows) = problem.get("inequality") {
                        let along = matrix_product(rows.get("g").unwrap(), &d);
                        assert!(along.iter().all(|v| *v < 1e-7), "{label}");
                    }
                    assert!(lower.iter().all(|(i, _)| d[*i] > -1e-7), "{label}");
                    assert!(upper.iter().all(|(i, _)| d[*i] < 1e-7), "{label}");
                    assert_eq!(text(&case, "end"), "unbounded");
                }
            }
            let again = Session::restore(&s.snapshot().unwrap(), || 0.0).unwrap();
            assert_eq!(again.certificate(), s.certificate(), "{label}");
        }
    }
}

/// These have no proof, only a violation that stays.
#[test]
fn penalties_say_that_they_find_no_feasible_point() {
    for case in of_kind(&["unsolvable"]) {
        for name in ["augmented_lagrangian", "penalty"] {
            let mut s = session(case.get("problem").unwrap(), &named(name));
            let report = s.train_step(1000);
            let label = format!("{name} on {}", text(&case, "label"));
            let reason = report.reason.unwrap_or_default();
            if text(&case, "end") == "infeasible" {
                assert_eq!(report.status, "breakdown", "{label}");
                assert!(
                    reason.starts_with("infeasible as far as can be seen"),
                    "{label}: {reason}"
                );
                // No more than rounding can be taken off the violation: it is a minimum of its own.
                assert!(violation(&mut s) > 0.1, "{label}");
            } else if report.status == "breakdown" {
                assert!(
                    reason.starts_with("unbounded as far as can be seen"),
                    "{label}: {reason}"
                );
            } else {
                // Along equalities alone it falls slowly: each step leaves them by its rounding.
                assert_eq!(report.status, "running", "{label}");
                assert!(report.loss < -1e6, "{label}: {}", report.loss);
            }
            assert!(s.certificate().is_none());
        }
    }
}

fn of_book(case: &Value) -> Value {
    let keys = [
        "objective",
        "equality",
        "inequality",
        "lower",
        "upper",
        "start",
    ];
    let given = keys
        .iter()
        .filter_map(|key| Some((*key, case.get(key)?.clone())));
    Value::map(
        [("kind", Value::from("constrained"))]
            .into_iter()
            .chain(given),
    )
}

/// f* is printed to ten digits, x* to seven or so. The penalty stops at a KKT residual of 1e-6, so its f is off by
/// about ‖multipliers‖ times that.
#[test]
fn problems_of_hock_and_schittkowski_reach_the_published_optimum() {
    for case in cases(HOCK_SCHITTKOWSKI) {
        let problem = of_book(&case);
        let (book, value) = (number(&case, "number"), number(&case, "value"));
        let equalities = ["inequality", "lower", "upper"]
            .iter()
            .all(|key| case.get(key).is_none());
        for (name, tolerance) in [
            ("augmented_lagrangian", 1e-8),
            ("penalty", 1e-5),
            ("lagrange_newton", 1e-8),
        ] {
            // At its start, the origin, the gradients of the constraints of problem 61 depend on each other.
            if name == "lagrange_newton" && (!equalities || book == 61.0) {
                continue;
            }
            let mut s = session(&problem, &named(name));
            let report = s.train_step(200);
            let label = format!("{name} on problem {book}");
            assert_eq!(report.status, "converged", "{label}: {:?}", report.reason);
            let (found, _) = s.value_and_gradient();
            let error = (found - value).abs() / (1.0 + value.abs());
            assert!(error <= tolerance, "{label}: {found} for {value}");
            let error = difference(&s.parameters(), &numbers(&case, "x"));
            assert!(error <= 1e-5, "{label}: {:?}", s.parameters());
            assert!(violation(&mut s) <= 1e-5, "{label}");
        }
    }
}

#[test]
fn newton_on_the_conditions_converges_quadratically_and_breaks_down_where_gradients_depend() {
    let problem = r#""objective": "log(1 + x1^2) - x2", "equality": ["(1 + x1^2)^2 + x2^2 - 4"], "start": [0.5, 1.5]"#;
    let mut s = typed(
        problem,
        r#"{ "name": "lagrange_newton", "line_search": "none", "tolerance": 1e-14 }"#,
    );
    let residuals: Vec<f64> = (0..7).map(|_| s.train_step(1).grad_norm).collect();
    let falling = residuals.windows(2).filter(|w| w[0] < 1e-1 && w[0] > 1e-7);
    let quadratic: Vec<bool> = falling.map(|w| w[1] <= 10.0 * w[0] * w[0]).collect();
    assert!(
        quadratic.len() >= 2 && quadratic.iter().all(|q| *q),
        "{residuals:?}"
    );
    let dependent = r#""objective": "x^2 + y^2", "equality": ["x + y - 1", "2*x + 2*y - 3"]"#;
    let report = typed(dependent, &named("lagrange_newton")).train_step(10);
    assert_eq!(report.status, "breakdown");
    assert!(report.reason.unwrap().starts_with("singular"));
}

/// From a start near the maximum the pure method goes there; with the merit function it does not.
#[test]
fn the_merit_function_keeps_newton_from_a_maximum() {
    let circle = r#""objective": "x + y", "equality": ["x^2 + y^2 - 2"], "start": [1.1, 1]"#;
    let mut pure = typed(
        circle,
        r#"{ "name": "lagrange_newton", "line_search": "none" }"#,
    );
    pure.train_step(50);
    assert!((pure.value_and_gradient().0 - 2.0).abs() < 1e-8);
    let mut guarded = typed(circle, &named("lagrange_newton"));
    guarded.train_step(50);
    assert!((guarded.value_and_gradient().0 + 2.0).abs() < 1e-8);
}

#[test]
fn formulas_that_are_linear_or_quadratic_are_programs() {
    // The first example of the linear programs, typed.
    let typed_program = r#""objective": "-3x - 5y", "inequality": ["x <= 4", "2y <= 12", "18 >= 3x + 2y", "-x", "-y"]"#;
    for name in [
        "interior_point",
        "admm",
        "primal_dual",
        "augmented_lagrangian",
    ] {
        let mut s = typed(typed_program, &named(name));
        assert_eq!(s.train_step(10_000).status, "converged", "{name}");
        assert!(difference(&s.parameters(), &[2.0, 6.0]) < 1e-6, "{name}");
        let expected = [0.0, 1.5, 1.0, 0.0, 0.0];
        assert!(
            difference(&s.multipliers().unwrap().lambda, &expected) < 1e-6,
            "{name}"
        );
    }
    let oracles = |problem: &str| {
        typed(problem, &named("augmented_lagrangian"))
            .info()
            .oracles
    };
    assert!(oracles(typed_program).contains(&"convex"));
    assert!(oracles(r#""objective": "x*y/2 + pi*x^2 - (y - 1)^2/3 + 2""#).contains(&"convex"));
    for other in [
        "x^3", "x^2*y", "sin(x)", "1/x", "2^x", "abs(x)", "x^-1", "(x*y)^2",
    ] {
        let problem = format!(r#""objective": "{other}""#);
        assert!(!oracles(&problem).contains(&"convex"), "{other}");
    }
    assert!(!oracles(r#""objective": "x", "inequality": ["x*y"]"#).contains(&"convex"));
}

/// The constant of a formula counts in the value; matrices have none.
#[test]
fn the_value_of_a_typed_program_has_its_constant() {
    let mut s = typed(
        r#""objective": "(x - 2)^2 + 7", "inequality": ["x - 1"]"#,
        &named("interior_point"),
    );
    s.train_step(50);
    assert!((s.value_and_gradient().0 - 8.0).abs() < 1e-8);
}

/// Central differences err by about h² ≈ 1e-10 and ε/h ≈ 1e-11 for third derivatives of order one.
#[test]
fn derivatives_of_constraints_and_lagrangian_agree_with_differences() {
    for problem in [
        r#"{ "kind": "constrained", "objective": "exp(x1) * x2 + x3^3", "equality": ["sin(x1*x2) - x3"],
             "inequality": ["x1^2 + x2^2*x3 - 4", "x1 - x2"], "lower": [-3, null, -3], "upper": [null, 2, 3] }"#,
        r#"{ "kind": "constrained", "objective": { "p": [[2, 1, 0], [1, 3, 1], [0, 1, 4]], "q": [1, -1, 2] },
             "equality": { "a": [[1, 2, 3]], "b": [1] }, "inequality": ["x1^2 + x3^4 - 1"] }"#,
        r#"{ "kind": "constrained", "objective": { "ridge": { "a": [[1, 2, 0], [0, 1, 4]], "b": [1, 2], "radius": 0.4 } } }"#,
    ] {
        let mut problem = ConstrainedConfig::from_value(&json(problem))
            .unwrap()
            .problem;
        let (n, h) = (3, 1e-5);
        let x = [0.3, -0.7, 0.9];
        let rows = problem.equalities() + problem.inequalities();
        let y: Vec<f64> = (0..rows).map(|i| 0.5 + 0.3 * i as f64).collect();
        let (mut values, mut j) = (vec![0.0; rows], vec![0.0; rows * n]);
        let mut bent = vec![0.0; n * n];
        problem.lagrangian_hessian(&x, &y, &mut bent);
        problem.constraint_jacobian(&x, &mut values, &mut j);
        let mut slope_at = |x: &[f64]| {
            let (mut values, mut j, mut g) = (vec![0.0; rows], vec![0.0; rows * n], vec![0.0; n]);
            Objective::<f64>::gradient(&mut problem, x, &mut g);
            problem.constraint_jacobian(x, &mut values, &mut j);
            for (y, row) in y.iter().zip(j.chunks_exact(n)) {
                g.iter_mut().zip(row).for_each(|(g, j)| *g += y * j);
            }
            (values, g)
        };
        for i in 0..n {
            let moved = |by: f64| {
                let mut to = x;
                to[i] += by;
                to
            };
            let ((above, slope_above), (below, slope_below)) =
                (slope_at(&moved(h)), slope_at(&moved(-h)));
            for k in 0..rows {
                let difference = (above[k] - below[k]) / (2.0 * h);
                assert!(
                    (j[k * n + i] - difference).abs() < 1e-8,
                    "constraint {k}, {i}"
                );
            }
            for k in 0..n {
                let difference = (slope_above[k] - slope_below[k]) / (2.0 * h);
                assert!(
                    (bent[k * n + i] - difference).abs() < 1e-8,
                    "hessian {k}, {i}"
                );
            }
        }
    }
}

const RUNS: [(&str, &str); 12] = [
    (
        "lagrange_newton",
        r#""objective": "exp(x1) + x2^2 + x1*x3", "equality": ["x1^2 + x2^2 + x3^2 - 4"]"#,
    ),
    (
        "penalty",
        r#""objective": "exp(x) - y", "inequality": ["x^2 + y^2 - 1"], "upper": [null, 0.9]"#,
    ),
    (
        "augmented_lagrangian",
        r#""objective": "exp(x) - y", "inequality": ["x^2 + y^2 - 1"], "equality": ["y - x^3"]"#,
    ),
    (
        "projected_gradient",
        r#""objective": "(x - 2)^2 + 10*(y + x)^2", "lower": -1, "upper": 1"#,
    ),
    (
        "projected_gradient",
        r#""objective": {"lasso": {"a": [[1, 2], [3, 1], [0, 1]], "b": [1, 2, 3], "lambda": 1}}"#,
    ),
    (
        "admm",
        r#""objective": {"lasso": {"a": [[1, 2], [3, 1], [0, 1]], "b": [1, 2, 3], "lambda": 1}}"#,
    ),
    (
        "primal_dual",
        r#""objective": {"lasso": {"a": [[1, 2], [3, 1], [0, 1]], "b": [1, 2, 3], "lambda": 1}}"#,
    ),
    (
        "admm",
        r#""objective": {"ridge": {"a": [[1, 2], [3, 1], [0, 1]], "b": [1, 2, 3], "radius": 0.5}}"#,
    ),
    (
        "admm",
        r#""objective": "x^2 + x*y + y^2 - 3x", "inequality": ["x + 2*y - 1"], "lower": [0.2, null]"#,
    ),
    (
        "primal_dual",
        r#""objective": "-3x - 5y", "inequality": ["x - 4", "2y - 12", "3x + 2y - 18"], "lower": 0"#,
    ),
    (
        "primal_dual",
        r#""objective": {"ridge": {"a": [[1, 2], [3, 1], [0, 1]], "b": [1, 2, 3], "radius": 0.5}}"#,
    ),
    (
        "interior_point",
        r#""objective": "x^2 + x*y + y^2 - 3x", "inequality": ["x + 2*y - 1"], "lower": [0.2, null]"#,
    ),
];

#[test]
fn save_restore_step_is_the_same_as_step() {
    for (name, problem) in RUNS {
        for steps in [0, 3, 31] {
            let mut s = typed(problem, &named(name));
            s.train_step(steps);
            let mut again = Session::restore(&s.snapshot().unwrap(), || 0.0).unwrap();
            let (a, b) = (s.train_step(40), again.train_step(40));
            // Before the first step NaN stands in the report.
            assert_eq!(format!("{a:?}"), format!("{b:?}"), "{name} after {steps}");
            assert_eq!(s.digest(), again.digest(), "{name} after {steps}");
        }
    }
}

/// Whoever moves the point in the middle of a run gets the run from there.
#[test]
fn a_point_that_was_moved_is_where_the_method_goes_on() {
    for (name, problem) in RUNS {
        let mut s = typed(problem, &named(name));
        s.train_step(5000);
        let end = s.parameters();
        let elsewhere: Vec<f64> = end.iter().map(|x| x + 0.3).collect();
        s.set_parameters(&elsewhere).unwrap();
        assert_eq!(s.train_step(5000).status, "converged", "{name}");
        assert!(
            difference(&s.parameters(), &end) < 1e-5,
            "{name}: {:?} {end:?}",
            s.parameters()
        );
        s.reset().unwrap();
        s.train_step(5000);
        assert_eq!(s.parameters(), end, "{name}");
    }
}

#[test]
fn residuals_and_violation_are_columns_and_multipliers_stand_in_the_report() {
    let mut s = typed(RUNS[2].1, &named("augmented_lagrangian"));
    let report = s.train_step(200);
    assert_eq!(report.status, "converged");
    for name in [
        "primal_residual",
        "dual_residual",
        "gap",
        "rho",
        "violation",
    ] {
        let column = s.history().column(name).unwrap();
        assert!(column.iter().all(|v| v.is_finite()), "{name}");
        if name != "rho" {
            assert!(column.last().is_some_and(|v| *v < 1e-8), "{name}");
        }
    }
    assert!(report.extra["primal_residual"] < 1e-8);
    let y = s.multipliers().unwrap();
    assert_eq!(report.extra.nu, Some(y.nu.clone()));
    assert_eq!(report.extra.lambda, Some(y.lambda.clone()));
    assert!(slope_of_lagrangian(&mut s) < 1e-7);
    let grids = s
        .plane_constraints((0, 1), [-1.0, 1.0, 0.0, 2.0], (3, 2))
        .unwrap();
    assert_eq!(
        grids,
        [
            [1.0, 0.0, -1.0, 3.0, 2.0, 1.0],
            [0.0, -1.0, 0.0, 4.0, 3.0, 4.0]
        ]
    );
    assert!(typed(RUNS[4].1, &named("admm")).constraints().is_err());
}

#[test]
fn a_method_that_does_not_see_the_constraints_is_warned_of() {
    let warnings = |name: &str| typed(RUNS[1].1, &named(name)).info().warnings;
    assert!(
        warnings("sgd")
            .iter()
            .any(|w| w.contains("does not see the constraints"))
    );
    assert!(
        warnings("bfgs")
            .iter()
            .any(|w| w.contains("does not see the constraints"))
    );
    assert!(warnings("penalty").is_empty());
}

#[test]
fn the_normalised_config_describes_the_same_problem() {
    for (name, problem) in RUNS {
        let s = typed(problem, &named(name));
        let mut again = Session::new(&s.config(), || 0.0).unwrap();
        assert_eq!(again.config(), s.config());
        let mut s = s;
        s.train_step(10);
        again.train_step(10);
        assert_eq!(again.digest(), s.digest(), "{name}");
    }
}

/// Whatever is typed, a method answers with an error or a status; its point stays finite.
#[test]
fn odd_problems_end_in_a_status() {
    let objectives = [
        r#""5""#,
        r#""x""#,
        r#""log(x) - y""#,
        r#""1/x + y^2""#,
        r#""sqrt(x - 3)""#,
        r#""exp(exp(x + y))""#,
        r#""x^3 - y^3""#,
        r#""abs(x) + abs(y)""#,
        r#""1e90*x^2 - y""#,
        r#"{"q": [0, 0]}"#,
        r#"{"q": [1, -1], "p": [[0, 0], [0, 0]]}"#,
        r#"{"q": [1e-90, 1e90], "p": [[1, 1], [1, 1]]}"#,
        r#"{"lasso": {"a": [[0, 0]], "b": [1], "lambda": 0}}"#,
        r#"{"ridge": {"a": [[0, 0], [0, 0]], "b": [0, 0], "radius": 1e-90}}"#,
    ];
    let constraints = [
        "",
        r#", "equality": ["0"]"#,
        r#", "equality": ["1"]"#,
        r#", "equality": ["x*y", "x", "y", "x + y"]"#,
        r#", "inequality": ["x^2 + y^2 + 1"]"#,
        r#", "inequality": ["log(-x)"]"#,
        r#", "inequality": {"g": [[0, 0], [1e90, 0]], "h": [0, 1]}"#,
        r#", "equality": {"a": [[1, 1], [1, 1]], "b": [1, 1]}, "lower": 0"#,
        r#", "lower": [1, 2], "upper": [1, 2]"#,
        r#", "lower": [-1e100, null], "upper": 1e100"#,
    ];
    for objective in objectives {
        for constraint in constraints {
            let problem =
                format!(r#"{{ "kind": "constrained", "objective": {objective}{constraint} }}"#);
            for method in descent::optim::constrained::entries() {
                let name = method.method.name;
                let Ok(mut s) = Session::new(&config(&json(&problem), &named(name)), || 0.0) else {
                    continue;
                };
                let report = s.train_step(300);
                let label = format!("{name} on {problem}: {:?}", report.reason);
                assert!(s.parameters().iter().all(|x| x.is_finite()), "{label}");
                if report.status == "converged" {
                    assert!(violation(&mut s) <= 1e-4, "{label}");
                }
            }
        }
    }
}

/// The table of docs/methods.md: `cargo test --test constrained steps -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn steps() {
    for (kind, methods) in [
        (
            "quadratic_program",
            &[
                "interior_point",
                "augmented_lagrangian",
                "penalty",
                "admm",
                "primal_dual",
            ][..],
        ),
        (
            "linear_program",
            &[
                "interior_point",
                "augmented_lagrangian",
                "penalty",
                "admm",
                "primal_dual",
            ],
        ),
        ("lasso", &["projected_gradient", "admm", "primal_dual"]),
        (
            "ridge",
            &[
                "projected_gradient",
                "augmented_lagrangian",
                "admm",
                "primal_dual",
            ],
        ),
    ] {
        for name in methods {
            let run = |case: &Value| {
                let mut s = session(case.get("problem").unwrap(), &named(name));
                s.train_step(100_000).iteration
            };
            let mut counts: Vec<u64> = of_kind(&[kind]).iter().map(run).collect();
            counts.sort_unstable();
            let (median, most) = (counts[counts.len() / 2], counts[counts.len() - 1]);
            println!("{kind:<18} {name:<22} median {median:>6}, most {most:>6}");
        }
    }
}
