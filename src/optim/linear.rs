//! Solvers of linear systems Ax = b, each a method on a problem that answers
//! [`as_linear_system`](crate::problem::Objective::as_linear_system).
//!
//! A method of this family is a [`Solver`]; [`Linear`] makes an [`Optimizer`] of it. All of them run in `f64`.

pub mod cg;
pub mod cholesky;
pub mod direct;
mod exact_step;
pub mod gauss_seidel;
pub mod jacobi;
pub mod lu;
pub mod pcg;
pub mod qr;
pub mod relaxation;
pub mod sor;
pub mod steepest_descent;

use crate::error::Error;
use crate::linalg::Pivot;
use crate::linalg::spectrum::Radius;
use crate::linalg::vector::dot;
use crate::optim::{
    Breakdown, Entry, MEASURES, Method, Optimizer, StateVisitor, Step, StepCx, Verdict,
};
use crate::problem::linear_system::{energy, residual};
use crate::problem::{LinearSystem, Objective};

/// A solver of Ax = b.
pub trait Solver {
    /// Checks that the method applies to `system`, allocates, and forgets all former steps.
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error>;

    /// Moves `x` once.
    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown>;

    /// See [`Optimizer::state`].
    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>);
}

/// The optimizer of a solver.
#[derive(Debug, Clone)]
pub struct Linear<S> {
    name: &'static str,
    solver: S,
}

impl<S: Solver> Optimizer<f64> for Linear<S> {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let system = problem.as_linear_system().ok_or_else(|| {
            let what = format!(
                "{} solves linear systems Ax = b; this problem is none, choose one of kind linear_system",
                self.name
            );
            Error::new("optimizer.name", what)
        })?;
        self.solver.reset(system)
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        _: StepCx,
    ) -> Result<Step, Breakdown> {
        // What `reset` has been shown is still there.
        let system = problem.as_linear_system().ok_or(Breakdown::NonFinite {
            quantity: "linear system",
            value: f64::NAN,
        })?;
        self.solver.step(system, x)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        self.solver.state(visitor);
    }
}

/// Every one of them, in the order of the lecture. A new one is one line here.
pub fn entries() -> Vec<Entry> {
    let entry = |method, build| Entry { method, build };
    vec![
        entry(&lu::METHOD, |_| lift(&lu::METHOD, lu::LuSolve::default())),
        entry(&qr::METHOD, |_| lift(&qr::METHOD, qr::QrSolve::default())),
        entry(&cholesky::METHOD, |_| {
            lift(&cholesky::METHOD, cholesky::CholeskySolve::default())
        }),
        entry(&jacobi::METHOD, |_| {
            lift(&jacobi::METHOD, jacobi::Jacobi::default())
        }),
        entry(&gauss_seidel::METHOD, |_| {
            lift(&gauss_seidel::METHOD, gauss_seidel::solver())
        }),
        entry(&sor::METHOD, |args| lift(&sor::METHOD, sor::solver(args))),
        entry(&steepest_descent::METHOD, |_| {
            lift(
                &steepest_descent::METHOD,
                steepest_descent::SteepestDescent::default(),
            )
        }),
        entry(&cg::METHOD, |_| {
            lift(&cg::METHOD, cg::ConjugateGradients::default())
        }),
        entry(&pcg::METHOD, |args| {
            lift(&pcg::METHOD, pcg::Preconditioned::from_args(args))
        }),
    ]
}

fn lift(method: &Method, solver: impl Solver + 'static) -> Box<dyn Optimizer<f64>> {
    let name = method.name;
    Box::new(Linear { name, solver })
}

/// What a step reports of the point it starts from.
#[derive(Debug, Clone, Copy)]
struct Start {
    loss: f64,
    grad_norm: f64,
    /// Whether rounding leaves nothing to gain.
    solved: bool,
}

impl Start {
    /// The report of a step that moved by `step_norm` after `products` products with the matrix. Those that serve the
    /// report alone are not counted.
    fn moved(self, step_norm: f64, products: u32) -> Step {
        Step {
            products,
            ..Step::accepted(self.loss, self.grad_norm, step_norm)
        }
    }

    /// The report of a step from a solution: nothing moved.
    fn stays(self, products: u32) -> Step {
        Step {
            verdict: Verdict::Solved,
            ..self.moved(0.0, products)
        }
    }
}

/// Work space for the residual and what is reported of it.
#[derive(Debug, Clone, Default)]
struct Residual {
    /// b − Ax.
    r: Vec<f64>,
    /// Aᵀr, where A is not symmetric.
    slope: Vec<f64>,
    /// ‖r‖².
    rr: f64,
    /// ‖A‖∞ and ‖b‖.
    a_norm: f64,
    b_norm: f64,
}

impl Residual {
    fn new(system: &dyn LinearSystem) -> Self {
        let (a, b) = (system.matrix(), system.rhs());
        let n = a.dim();
        Self {
            r: vec![0.0; n],
            slope: vec![0.0; if system.is_symmetric() { 0 } else { n }],
            rr: 0.0,
            a_norm: a.norm(),
            b_norm: norm(b),
        }
    }

    /// Computes the residual at `x`, and reports of it.
    fn take(&mut self, system: &dyn LinearSystem, x: &[f64]) -> Result<Start, Breakdown> {
        residual(system.matrix(), system.rhs(), x, &mut self.r);
        self.report(system, x)
    }

    /// Reports of the residual that stands in `r`.
    ///
    /// The point is a solution if rounding explains its residual, ‖r‖ ≤ ε(‖A‖∞‖x‖ + ‖b‖): it solves exactly a system
    /// that differs from this one by no more than the rounding of its numbers (Rigal & Gaches 1967).
    fn report(&mut self, system: &dyn LinearSystem, x: &[f64]) -> Result<Start, Breakdown> {
        self.rr = dot(&self.r, &self.r);
        let r_norm = self.rr.sqrt();
        let (loss, grad_norm) = if system.is_symmetric() {
            (energy(system.rhs(), x, &self.r), r_norm)
        } else {
            system
                .matrix()
                .multiply_transposed(&self.r, &mut self.slope);
            (0.5 * self.rr, norm(&self.slope))
        };
        for (quantity, value) in [("loss", loss), ("gradient", grad_norm)] {
            if !value.is_finite() {
                return Err(Breakdown::NonFinite { quantity, value });
            }
        }
        let rounding = f64::EPSILON * (self.a_norm * norm(x) + self.b_norm);
        Ok(Start {
            loss,
            grad_norm,
            solved: r_norm <= rounding,
        })
    }
}

fn norm(v: &[f64]) -> f64 {
    dot(v, v).sqrt()
}

/// # Errors
/// `optimizer.name`: A is not symmetric, and which methods would do.
fn require_symmetric(name: &str, system: &dyn LinearSystem) -> Result<(), Error> {
    if system.is_symmetric() {
        return Ok(());
    }
    let what = format!(
        "{name} needs a symmetric matrix and this one is not; lu, qr, jacobi, gauss_seidel, sor and steepest_descent do without"
    );
    Err(Error::new("optimizer.name", what))
}

/// The breakdown of a stationary iteration: a zero on the diagonal, or a spectral radius of 1 or more.
fn diverges(diagonal: &[f64], Radius { value, .. }: Radius) -> Option<Breakdown> {
    if let Some(row) = diagonal.iter().position(|d| *d == 0.0) {
        return Some(Breakdown::Singular { pivot: row + 1 });
    }
    (value >= 1.0 || value.is_nan()).then_some(Breakdown::SpectralRadius { radius: value })
}

/// What a stationary iteration reports besides: its spectral radius, where that is more than an estimate.
const RADIUS: &[&str] = &["spectral_radius"];

fn with_radius(step: Step, radius: Radius) -> Step {
    let mut measures = [f64::NAN; MEASURES];
    if radius.exact {
        measures[0] = radius.value;
    }
    Step { measures, ..step }
}

impl From<Pivot> for Breakdown {
    /// A pivot that was not positive.
    fn from(Pivot { pivot, value }: Pivot) -> Self {
        Self::NotPositiveDefinite { pivot, value }
    }
}
