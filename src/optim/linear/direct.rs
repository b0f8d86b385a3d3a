//! What the factorisations have in common: one step, A factorised in it, and a point that no further step moves.

use super::{Residual, Solver, Start};
use crate::error::Error;
use crate::linalg::{Dense, Matrix};
use crate::optim::{Breakdown, StateVisitor, Step};
use crate::problem::LinearSystem;

/// The largest order that a factorisation takes: its 8n² bytes, and the time of n³ operations in one step.
pub const LARGEST_FACTOR: usize = 1500;

/// A factor of A.
pub trait Factor: Sized {
    /// The name of the method that makes it.
    const NAME: &'static str;

    /// Checks that there is such a factor of every matrix of this kind.
    ///
    /// # Errors
    /// `optimizer.name`: what the matrix would have to be.
    fn admits(_: &dyn LinearSystem) -> Result<(), Error> {
        Ok(())
    }

    /// Factorises.
    ///
    /// # Errors
    /// The pivot at which this matrix has none.
    fn of(a: &Dense) -> Result<Self, Breakdown>;

    /// x = A⁻¹b, in place of b.
    fn solve(&self, b: &mut [f64]);
}

/// x = A⁻¹b. The first step factorises (and allocates the factor); a second one finds nothing left to move.
#[derive(Debug, Clone)]
pub struct Direct<F> {
    factor: Option<F>,
    residual: Residual,
    solution: Vec<f64>,
}

impl<F> Default for Direct<F> {
    fn default() -> Self {
        Self {
            factor: None,
            residual: Residual::default(),
            solution: Vec::new(),
        }
    }
}

impl<F: Factor> Solver for Direct<F> {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        F::admits(system)?;
        require_small(F::NAME, system)?;
        self.factor = None;
        self.residual = Residual::new(system);
        self.solution = vec![0.0; system.rhs().len()];
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        let at = self.residual.take(system, x)?;
        let factor = match self.factor.take() {
            Some(factor) => factor,
            None => F::of(&dense(system.matrix()))?,
        };
        let factor = self.factor.insert(factor);
        solve_directly(at, system, x, &mut self.solution, |b| factor.solve(b))
    }

    /// None: the factor follows from the matrix.
    fn state(&mut self, _: &mut dyn StateVisitor<f64>) {}
}

/// One step of a factorisation: x ← A⁻¹b by `solve`, which works in place. A point that this leaves where it is, is the
/// solution.
fn solve_directly(
    at: Start,
    system: &dyn LinearSystem,
    x: &mut [f64],
    solved: &mut [f64],
    solve: impl FnOnce(&mut [f64]),
) -> Result<Step, Breakdown> {
    solved.copy_from_slice(system.rhs());
    solve(solved);
    if let Some(value) = solved.iter().find(|v| !v.is_finite()) {
        return Err(Breakdown::NonFinite {
            quantity: "solution",
            value: *value,
        });
    }
    if x == solved {
        return Ok(at.stays(0));
    }
    let moved: f64 = x.iter().zip(&*solved).map(|(x, s)| (s - x) * (s - x)).sum();
    x.copy_from_slice(solved);
    Ok(Step {
        solves: 1,
        ..at.moved(moved.sqrt(), 0)
    })
}

/// # Errors
/// `optimizer.name`: A is too large to be factorised, and the memory that it would take.
fn require_small(name: &str, system: &dyn LinearSystem) -> Result<(), Error> {
    let n = system.matrix().dim();
    if n <= LARGEST_FACTOR {
        return Ok(());
    }
    let bytes = |n: usize| 8.0 * (n as f64) * (n as f64);
    let what = format!(
        "{name} would fill a dense factor of {n} by {n} numbers, {}; it takes at most {LARGEST_FACTOR} unknowns ({}), an iterative method such as cg any number",
        size(bytes(n)),
        size(bytes(LARGEST_FACTOR)),
    );
    Err(Error::new("optimizer.name", what))
}

fn size(bytes: f64) -> String {
    if bytes < 1e9 {
        format!("{:.0} MB", bytes / 1e6)
    } else {
        format!("{:.1} GB", bytes / 1e9)
    }
}

fn dense(a: &Matrix) -> Dense {
    Dense {
        dim: a.dim(),
        values: a.to_dense(),
    }
}
