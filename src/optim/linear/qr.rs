//! Orthogonalisation by Householder reflections.

use super::{Residual, Solver, dense, require_small, solve_directly};
use crate::error::Error;
use crate::linalg::factor::Qr;
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "qr",
    title: "QR",
    family: Family::Linear,
    about: "Orthogonalises the columns by Householder reflections: solves in one step, in 4n³/3 operations, twice those of LU, and needs no pivoting to be stable.",
    fields: &[],
    equation: &[
        Line::new(r"A = Q R", r"A = Q R"),
        Line::new(r"R x^{k+1} = Q^{\top} b", r"\text{@x1} = [A^{-1} b]_i"),
    ],
    reference: "Golub & Van Loan, Matrix Computations, 4th ed., algorithm 5.2.1; nalgebra",
    needs: Oracle::LinearSystem,
    measures: &[],
};

/// x = R⁻¹Qᵀb, with A = QR. The first step factorises (and allocates the factor); a second one finds nothing left to
/// move.
#[derive(Debug, Clone, Default)]
pub struct QrSolve {
    factor: Option<Qr>,
    residual: Residual,
    solution: Vec<f64>,
}

impl Solver for QrSolve {
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
            None => Qr::new(&dense(system.matrix()))
                .map_err(|p| Breakdown::Singular { pivot: p.pivot })?,
        };
        let factor = self.factor.insert(factor);
        solve_directly(at, system, x, &mut self.solution, |b| factor.solve(b))
    }

    /// None: the factor follows from the matrix.
    fn state(&mut self, _: &mut dyn StateVisitor<f64>) {}
}
