//! Methods for constraints, and for functions with a part that is not smooth. All of them run in `f64`.
//!
//! Each reports the same three numbers of the point that a step starts from, with the multipliers that the method has
//! there; they are 0 at a solution, the first two where the conditions of Karush, Kuhn and Tucker hold:
//!
//! ```text
//! primal_residual   how far the constraints are from being satisfied, ‖·‖∞
//! dual_residual     ‖∇L‖∞, how far the gradients are from balancing each other
//! gap               how far f is above the dual function; where that is not known, |λᵀg|
//! ```
//!
//! The largest of them is the KKT residual, which stands in place of the gradient norm.

pub mod admm;
pub mod augmented_lagrangian;
pub mod certificate;
pub mod interior_point;
pub mod lagrange_newton;
pub mod penalised;
pub mod penalty;
pub mod primal_dual;
pub mod projected_gradient;

use crate::args::Range;
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::optim::{Breakdown, Entry, MEASURES, Step, Verdict};
use crate::problem::{Constrained, Convex, Objective, Proximal};

/// Every one of them, in the order of the lecture. A new one is one line here.
pub fn entries() -> Vec<Entry> {
    let entry = |method, build| Entry { method, build };
    vec![
        entry(&lagrange_newton::METHOD, |args| {
            Box::new(lagrange_newton::LagrangeNewton::from_args(args))
        }),
        entry(&penalty::METHOD, |args| {
            Box::new(penalty::Penalty::from_args(args))
        }),
        entry(&augmented_lagrangian::METHOD, |args| {
            Box::new(augmented_lagrangian::AugmentedLagrangian::from_args(args))
        }),
        entry(&projected_gradient::METHOD, |args| {
            Box::new(projected_gradient::ProjectedGradient::from_args(args))
        }),
        entry(&admm::METHOD, |args| Box::new(admm::Admm::from_args(args))),
        entry(&primal_dual::METHOD, |args| {
            Box::new(primal_dual::PrimalDual::from_args(args))
        }),
        entry(&interior_point::METHOD, |args| {
            Box::new(interior_point::InteriorPoint::from_args(args))
        }),
    ]
}

/// A factor above 1.
const ABOVE_ONE: Range = Range {
    min: 1.0,
    max: f64::INFINITY,
    min_included: false,
    max_included: false,
};

/// How far a point with its multipliers is from a solution, and what each distance is to be measured by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Kkt {
    primal: f64,
    dual: f64,
    gap: f64,
}

impl Kkt {
    /// The largest of the three; NaN if one of them is.
    fn residual(self) -> f64 {
        let larger = |m: f64, v: f64| if v.is_nan() || v > m { v } else { m };
        [self.primal, self.dual, self.gap.abs()]
            .into_iter()
            .fold(0.0, larger)
    }

    /// Whether all three are at most `tolerance`, each relative to 1 + its scale.
    fn within(self, tolerance: f64, scale: Self) -> bool {
        self.primal <= tolerance * (1.0 + scale.primal)
            && self.dual <= tolerance * (1.0 + scale.dual)
            && self.gap.abs() <= tolerance * (1.0 + scale.gap.abs())
    }

    /// The report of a step from here that has not moved yet; `own` is a fourth measure.
    fn report(self, loss: f64, own: f64) -> Step {
        let measures: [f64; MEASURES] = [self.primal, self.dual, self.gap, own];
        Step {
            measures,
            ..Step::accepted(loss, self.residual(), 0.0)
        }
    }

    /// The report of a step from a solution.
    fn solved(self, loss: f64, own: f64) -> Step {
        Step {
            verdict: Verdict::Solved,
            ..self.report(loss, own)
        }
    }
}

/// The constraints of a problem that has some for `name`.
fn constrained<'a>(
    problem: &'a mut dyn Objective<f64>,
    name: &str,
) -> Result<&'a mut dyn Constrained, Error> {
    problem.as_constrained().ok_or_else(|| {
        let what = format!(
            "{name} needs constraints with derivatives; choose a problem of kind constrained, with another objective than a lasso"
        );
        Error::new("optimizer.name", what)
    })
}

fn proximal<'a>(
    problem: &'a mut dyn Objective<f64>,
    name: &str,
) -> Result<&'a mut dyn Proximal, Error> {
    problem.as_proximal().ok_or_else(|| {
        let what = format!(
            "{name} needs a set that is easy to project on: bounds alone, linear equalities alone, a lasso or a ridge"
        );
        Error::new("optimizer.name", what)
    })
}

fn convex<'a>(problem: &'a dyn Objective<f64>, name: &str) -> Result<Convex<'a>, Error> {
    let convex = problem.as_convex().ok_or_else(|| {
        let what = format!(
            "{name} needs a quadratic objective and linear constraints (or a lasso or a ridge)"
        );
        Error::new("optimizer.name", what)
    })?;
    if let Convex::Program(program) = convex
        && let Some(least) = program.negative_curvature()
    {
        let what = format!(
            "{name} needs a convex objective; the least eigenvalue of this one is {least:.3e}"
        );
        return Err(Error::new("optimizer.name", what));
    }
    Ok(convex)
}

/// An oracle that `reset` has been shown and that is gone.
const GONE: Breakdown = Breakdown::NonFinite {
    quantity: "problem",
    value: f64::NAN,
};

/// # Errors
/// NaN or ±∞, by the name of the quantity.
fn finite(quantity: &'static str, value: f64) -> Result<f64, Breakdown> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Breakdown::NonFinite { quantity, value })
    }
}

/// ‖v‖∞; NaN where an entry is.
fn largest(v: &[f64]) -> f64 {
    let larger = |m: f64, v: f64| if v.is_nan() || v > m { v } else { m };
    v.iter().map(|v| v.abs()).fold(0.0, larger)
}

/// y = Mx.
fn multiply(m: &[f64], x: &[f64], y: &mut [f64]) {
    for (y, row) in y.iter_mut().zip(m.chunks_exact(x.len())) {
        *y = dot(row, x);
    }
}

/// y ← y + Mᵀx.
fn add_transposed(m: &[f64], x: &[f64], y: &mut [f64]) {
    for (x, row) in x.iter().zip(m.chunks_exact(y.len())) {
        crate::linalg::vector::axpy(*x, row, y);
    }
}

/// ‖a − b‖.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f64>().sqrt()
}
