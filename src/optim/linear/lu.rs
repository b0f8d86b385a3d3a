//! Gaussian elimination with row exchanges.

use super::{Residual, Solver, dense, require_small, solve_directly};
use crate::error::Error;
use crate::linalg::Lu;
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "lu",
    title: "LU",
    family: Family::Linear,
    about: "Gaussian elimination with row exchanges: solves in one step, in 2n³/3 operations; for any square matrix that is not singular.",
    fields: &[],
    equation: &[
        Line::new(r"P A = L U", r"P A = L U"),
        Line::new(
            r"L y = P b,\quad U x^{k+1} = y",
            r"\text{@x1} = [A^{-1} b]_i",
        ),
    ],
    reference: "Golub & Van Loan, Matrix Computations, 4th ed., algorithm 3.4.1; nalgebra",
    needs: Oracle::LinearSystem,
    measures: &[],
};

/// x = U⁻¹L⁻¹Pb, with PA = LU. The first step factorises (and allocates the factor); a second one finds nothing left to
/// move.
#[derive(Debug, Clone, Default)]
pub struct LuSolve {
    factor: Option<Lu>,
    residual: Residual,
    solution: Vec<f64>,
}

impl Solver for LuSolve {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
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
            None => Lu::new(&dense(system.matrix()))
                .map_err(|p| Breakdown::Singular { pivot: p.pivot })?,
        };
        let factor = self.factor.insert(factor);
        solve_directly(at, system, x, &mut self.solution, |b| factor.solve(b))
    }

    /// None: the factor follows from the matrix.
    fn state(&mut self, _: &mut dyn StateVisitor<f64>) {}
}
