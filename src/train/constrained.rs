//! A problem with constraints as a session's task.

use super::task::{ConstrainedInfo, Info, Task};
use crate::args::Args;
use crate::config::ConstrainedConfig;
use crate::optim::constrained::augmented_lagrangian::{self, AugmentedLagrangian};
use crate::optim::constrained::projected_gradient::{self, ProjectedGradient};
use crate::optim::{Optimizer, Step, StepCx, Verdict};
use crate::problem::constrained::Function;
use crate::problem::{Constrained, Convex, Hessian, Objective, Proximal, ranges};
use crate::real::Real;

/// What is measured at each recorded point, where there are constraints.
const MEASURES: &[&str] = &["violation"];

/// A problem with constraints and its start.
///
/// Measures `violation`, max(‖c(x)‖∞, ‖max(g(x), 0)‖∞).
#[derive(Debug)]
pub struct ConstrainedTask {
    config: ConstrainedConfig,
    /// A solution, if a few steps find one; only for pictures.
    found: Option<Vec<f64>>,
}

/// The most unknowns of a problem that is solved for its picture, and the steps that this may take.
const LARGEST_PICTURED: usize = 20;
const STEPS: u64 = 200;

impl ConstrainedTask {
    /// From a checked config.
    pub fn new(mut config: ConstrainedConfig) -> Self {
        Self {
            found: solution(&mut config),
            config,
        }
    }

    fn counts(&self) -> (usize, usize) {
        let problem = &self.config.problem;
        (problem.equalities(), problem.inequalities())
    }

    fn latex(&self) -> String {
        match self.config.problem.function() {
            Function::Formula(formula) => formula.latex(),
            Function::Quadratic { .. } if self.config.form == "linear_program" => {
                r"q^{\top} x".to_owned()
            }
            Function::Quadratic { .. } => r"\tfrac{1}{2} x^{\top} P x + q^{\top} x".to_owned(),
            Function::Composite(_) if self.config.form == "lasso" => {
                r"\tfrac{1}{2} ‖Ax - b‖^2 + λ ‖x‖_1".to_owned()
            }
            Function::Composite(_) => r"\tfrac{1}{2} ‖Ax - b‖^2,\quad ‖x‖ \le t".to_owned(),
        }
    }
}

/// Where the augmented Lagrangian comes to from the start, or the projected gradient where there are no derivatives.
fn solution(config: &mut ConstrainedConfig) -> Option<Vec<f64>> {
    if config.start.len() > LARGEST_PICTURED {
        return None;
    }
    let mut smooth =
        AugmentedLagrangian::from_args(&Args::defaults(augmented_lagrangian::METHOD.fields));
    let mut proximal =
        ProjectedGradient::from_args(&Args::defaults(projected_gradient::METHOD.fields));
    let method: &mut dyn Optimizer = if smooth.reset(&mut config.problem).is_ok() {
        &mut smooth
    } else {
        proximal.reset(&mut config.problem).ok()?;
        &mut proximal
    };
    let mut x = config.start.clone();
    for iteration in 0..STEPS {
        let cx = StepCx {
            lr: 1.0,
            iteration,
            seed: 0,
        };
        if method.step(&mut config.problem, &mut x, cx).ok()?.verdict == Verdict::Solved {
            return Some(x);
        }
    }
    None
}

impl<T: Real> Objective<T> for ConstrainedTask {
    fn dim(&self) -> usize {
        self.config.start.len()
    }

    fn value(&mut self, x: &[T]) -> f64 {
        self.config.problem.value(x)
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        self.config.problem.gradient(x, g)
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        self.config.problem.as_hessian()
    }

    fn as_constrained(&mut self) -> Option<&mut dyn Constrained> {
        Objective::<T>::as_constrained(&mut self.config.problem)
    }

    fn as_proximal(&mut self) -> Option<&mut dyn Proximal> {
        Objective::<T>::as_proximal(&mut self.config.problem)
    }

    fn as_convex(&self) -> Option<Convex<'_>> {
        Objective::<T>::as_convex(&self.config.problem)
    }
}

impl<T: Real> Task<T> for ConstrainedTask {
    fn start(&self) -> Vec<T> {
        self.config.start.iter().map(|v| T::of(*v)).collect()
    }

    fn info(&self) -> Info {
        let ConstrainedConfig {
            problem,
            start,
            form,
            variables,
            latex,
            ..
        } = &self.config;
        let (equalities, inequalities) = self.counts();
        let (lower, upper) = problem.bounds();
        let finite = |ends: &[f64]| -> Vec<Option<f64>> {
            ends.iter()
                .map(|v| Some(*v).filter(|v| v.is_finite()))
                .collect()
        };
        // The solution in the middle, with as much behind it as before.
        let beyond = |found: &Vec<f64>| {
            let pairs = found.iter().zip(start);
            pairs.map(|(found, start)| 2.0 * found - start).collect()
        };
        let around: Vec<Vec<f64>> = self.found.iter().map(beyond).collect();
        let title = match problem.function() {
            Function::Formula(formula) => formula.to_string(),
            _ => match *form {
                "lasso" => "Lasso".to_owned(),
                "ridge" => "Ridge regression with a bound".to_owned(),
                "linear_program" => "Linear program".to_owned(),
                _ => "Quadratic program".to_owned(),
            },
        };
        Info {
            kind: "constrained",
            dim: start.len(),
            title,
            ranges: ranges(start, &around.iter().map(Vec::as_slice)),
            constrained: Some(ConstrainedInfo {
                form,
                latex: self.latex(),
                constraints: latex.clone(),
                variables: variables.clone(),
                equalities,
                inequalities,
                bounds: lower.iter().chain(upper).filter(|v| v.is_finite()).count(),
                lower: finite(lower),
                upper: finite(upper),
                start: start.clone(),
            }),
            ..Info::default()
        }
    }

    fn measures(&self) -> &'static [&'static str] {
        match self.counts() {
            (0, 0) => &[],
            _ => MEASURES,
        }
    }

    fn measure(&mut self, x: &[T], _: &Step, out: &mut [f64]) {
        if let [violation] = out {
            *violation = self.config.problem.violation(x);
        }
    }
}
