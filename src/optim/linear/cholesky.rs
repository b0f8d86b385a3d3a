//! Elimination for symmetric positive definite matrices.

use super::{Residual, Solver, dense, require_small, require_symmetric, solve_directly};
use crate::error::Error;
use crate::linalg::Cholesky;
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "cholesky",
    title: "Cholesky",
    family: Family::Linear,
    about: "Elimination that keeps the symmetry: solves in one step, in n³/3 operations, half of those of LU, if the matrix is positive definite. If it is not, a pivot says so: the cheapest test there is.",
    fields: &[],
    equation: &[
        Line::new(r"A = L L^{\top}", r"A = L L^{\top}"),
        Line::new(
            r"L y = b,\quad L^{\top} x^{k+1} = y",
            r"\text{@x1} = [A^{-1} b]_i",
        ),
    ],
    reference: "Golub & Van Loan, Matrix Computations, 4th ed., algorithm 4.2.1; nalgebra",
    needs: Oracle::LinearSystem,
    measures: &[],
};

/// x = L⁻ᵀL⁻¹b, with `A = LLᵀ`. The first step factorises (and allocates the factor); a second one finds nothing left to
/// move.
#[derive(Debug, Clone, Default)]
pub struct CholeskySolve {
    factor: Option<Cholesky>,
    residual: Residual,
    solution: Vec<f64>,
}

impl Solver for CholeskySolve {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        require_symmetric(METHOD.name, system)?;
        require_small(METHOD.name, system)?;
        self.factor = None;
        self.residual = Residual::new(system);
        self.solution = vec![0.0; system.rhs().len()];
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        let at = self.residual.take(system, x)?;
        let factor = match self.factor.take() {
            Some(factor) => factor,
            None => Cholesky::new(&dense(system.matrix()))?,
        };
        let factor = self.factor.insert(factor);
        solve_directly(at, system, x, &mut self.solution, |b| factor.solve(b))
    }

    /// None: the factor follows from the matrix.
    fn state(&mut self, _: &mut dyn StateVisitor<f64>) {}
}
