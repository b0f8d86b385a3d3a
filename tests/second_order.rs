#![cfg(not(target_arch = "wasm32"))]
//! Second-order methods where the answer is known, and against SciPy where it is a matter of cost.

use descent::args::Args;
use descent::optim::{Breakdown, Optimizer, Step, StepCx, Verdict, second_order};
use descent::problem::formula::{Formula, Variables};
use descent::problem::{LeastSquares, Objective};
use descent::value::Value;

// Problems and runs ---------------------------------------------------------------------------------------------------

/// Residuals that are formulas in x1, x2, …, with what is asked of them counted.
struct Squares {
    n: usize,
    residuals: Vec<Formula>,
    values: usize,
    jacobians: usize,
}

impl Squares {
    fn new(n: usize, residuals: &[String]) -> Self {
        let variables = Variables::default().indexed("x", n..=n);
        Self {
            n,
            residuals: residuals
                .iter()
                .map(|r| Formula::parse(r, &variables).unwrap())
                .collect(),
            values: 0,
            jacobians: 0,
        }
    }
}

impl Objective for Squares {
    fn dim(&self) -> usize {
        self.n
    }

    fn value(&mut self, x: &[f64]) -> f64 {
        let squares = self.residuals.iter_mut().map(|r| r.value(x).powi(2));
        0.5 * squares.sum::<f64>()
    }

    fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        let mut row = vec![0.0; self.n];
        g.fill(0.0);
        let mut sum = 0.0;
        for residual in &mut self.residuals {
            let r = residual.gradient(x, &mut row);
            sum += 0.5 * r * r;
            for (g, j) in g.iter_mut().zip(&row) {
                *g += r * j;
            }
        }
        sum
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares> {
        Some(self)
    }
}

impl LeastSquares for Squares {
    fn residual_count(&self) -> usize {
        self.residuals.len()
    }

    fn residuals(&mut self, x: &[f64], r: &mut [f64]) {
        self.values += 1;
        for (r, formula) in r.iter_mut().zip(&mut self.residuals) {
            *r = formula.value(x);
        }
    }

    fn jacobian(&mut self, x: &[f64], r: &mut [f64], j: &mut [f64]) {
        self.jacobians += 1;
        let rows = r.iter_mut().zip(j.chunks_exact_mut(self.n));
        for ((r, row), formula) in rows.zip(&mut self.residuals) {
            *r = formula.gradient(x, row);
        }
    }
}

fn method(name: &str, fields: &[(&str, Value)]) -> Box<dyn Optimizer> {
    let entry = second_order::entries()
        .into_iter()
        .find(|e| e.method.name == name)
        .unwrap();
    let args = fields
        .iter()
        .fold(Args::defaults(entry.method.fields), |args, (key, value)| {
            args.with(key, value.clone())
        });
    (entry.build)(&args)
}

/// Up to `n` steps; the steps taken, and the breakdown that ended them.
fn run(
    optimizer: &mut dyn Optimizer,
    problem: &mut dyn Objective,
    x: &mut [f64],
    n: u64,
) -> (Vec<Step>, Option<Breakdown>) {
    optimizer.reset(problem).unwrap();
    let mut steps = Vec::new();
    for iteration in 0..n {
        let cx = StepCx {
            lr: 1.0,
            iteration,
            seed: 0,
        };
        match optimizer.step(problem, x, cx) {
            Ok(step) => steps.push(step),
            Err(breakdown) => return (steps, Some(breakdown)),
        }
        if steps.last().unwrap().verdict == Verdict::Solved {
            break;
        }
    }
    (steps, None)
}

fn texts(residuals: &[&str]) -> Vec<String> {
    residuals.iter().map(|r| (*r).to_owned()).collect()
}

fn largest_difference(a: &[f64], b: &[f64]) -> f64 {
    a.iter()
        .zip(b)
        .fold(0.0, |worst: f64, (a, b)| worst.max((a - b).abs()))
}

const SQUARES: [&str; 3] = ["gauss_newton", "levenberg", "levenberg_marquardt"];

// Least squares -------------------------------------------------------------------------------------------------------

#[test]
fn rosenbrock_as_least_squares_is_solved_exactly() {
    for name in SQUARES {
        let mut problem = Squares::new(2, &texts(&["10(x2 - x1^2)", "1 - x1"]));
        let mut x = [-1.2, 1.0];
        let (steps, breakdown) = run(&mut *method(name, &[]), &mut problem, &mut x, 200);
        assert_eq!(breakdown, None, "{name}");
        assert_eq!(steps.last().unwrap().verdict, Verdict::Solved, "{name}");
        assert!(largest_difference(&x, &[1.0, 1.0]) < 1e-14, "{name}: {x:?}");
        assert!(steps.len() < 40, "{name} took {}", steps.len());
    }
}

/// Linear residuals are their own tangents: Gauss-Newton's first step is the solution.
#[test]
fn gauss_newton_solves_linear_least_squares_in_one_step() {
    let line = (0..9).map(|i| format!("x1 + {i} x2 - {}", f64::from(i * i) * 0.25 - 1.0));
    let mut problem = Squares::new(2, &line.collect::<Vec<_>>());
    let mut x = [3.0, -7.0];
    let (steps, _) = run(&mut *method("gauss_newton", &[]), &mut problem, &mut x, 5);
    assert!(steps[1].step_norm < 1e-14);
    // By hand: the slope of i²/4 on 0 … 8 is 2, its mean 17/3, that of i is 4.
    let expected = [17.0 / 3.0 - 1.0 - 8.0, 2.0];
    assert!(largest_difference(&x, &expected) < 1e-13, "{x:?}");
}

/// A rejected trial leaves the point, raises λ and asks for no further Jacobian.
#[test]
fn a_worse_trial_is_rejected_and_seen() {
    for name in ["levenberg", "levenberg_marquardt"] {
        let mut problem = Squares::new(2, &texts(&["10(x2 - x1^2)", "1 - x1"]));
        let mut x = [-1.2, 1.0];
        let mut optimizer = method(name, &[("lambda", Value::from(1e-6))]);
        let (steps, _) = run(&mut *optimizer, &mut problem, &mut x, 200);
        let rejected = |s: &&Step| s.verdict == Verdict::Rejected;
        assert!(steps.iter().any(|s| rejected(&s)), "{name}");
        for pair in steps.windows(2) {
            let [lambda, gain, trial, _] = pair[0].measures;
            if rejected(&&pair[0]) {
                assert!(gain <= 0.0 && trial >= pair[0].loss, "{name}");
                assert!(pair[1].measures[0] > lambda && pair[1].loss == pair[0].loss);
            } else if pair[1].verdict == Verdict::Accepted {
                assert_eq!(pair[1].loss, trial, "{name}");
            }
        }
        let accepted = steps.iter().filter(|s| s.verdict == Verdict::Accepted);
        assert!(problem.jacobians <= accepted.count() + 1, "{name}");
    }
}

/// One residual for two parameters: JᵀJ is singular, and only damping makes the step unique.
#[test]
fn fewer_residuals_than_parameters_need_damping() {
    let circle = texts(&["x1^2 + x2^2 - 4"]);
    let refused = method("gauss_newton", &[]).reset(&mut Squares::new(2, &circle));
    let message = refused.unwrap_err().to_string();
    assert!(message.starts_with("optimizer.name: gauss_newton needs at least as many residuals"));
    for name in ["levenberg", "levenberg_marquardt"] {
        let mut x = [3.0, 1.0];
        let mut problem = Squares::new(2, &circle);
        let (_, breakdown) = run(&mut *method(name, &[]), &mut problem, &mut x, 100);
        assert_eq!(breakdown, None);
        assert!((x[0] * x[0] + x[1] * x[1] - 4.0).abs() < 1e-14, "{name}");
    }
}

#[test]
fn dependent_columns_break_gauss_newton_down() {
    let mut problem = Squares::new(2, &texts(&["x1 + x2 - 1", "2 x1 + 2 x2 - 5", "x1 + x2"]));
    let mut x = [1.0, 1.0];
    let (_, breakdown) = run(&mut *method("gauss_newton", &[]), &mut problem, &mut x, 9);
    assert_eq!(breakdown, Some(Breakdown::Singular { pivot: 2 }));
    assert_eq!(x, [1.0, 1.0]);
}

/// |x| has no tangent that holds beyond 0: from a point where every trial is worse the run ends with the limit of λ.
#[test]
fn damping_without_a_better_point_breaks_down() {
    let mut problem = Squares::new(1, &texts(&["2 + abs(x1) - x1 / 2"]));
    let mut x = [0.0];
    let (_, breakdown) = run(&mut *method("levenberg", &[]), &mut problem, &mut x, 500);
    assert!(
        matches!(breakdown, Some(Breakdown::Damping { .. })),
        "{breakdown:?} at {x:?}"
    );
}
