//! Orthogonalisation by Householder reflections.

use super::direct::{Direct, Factor};
use crate::linalg::Dense;
use crate::linalg::factor::Qr;
use crate::optim::{Breakdown, Family, Line, Method, Oracle};

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

/// x = R⁻¹Qᵀb, with A = QR.
pub type QrSolve = Direct<Qr>;

impl Factor for Qr {
    const NAME: &'static str = METHOD.name;

    fn of(a: &Dense) -> Result<Self, Breakdown> {
        Self::new(a).map_err(|p| Breakdown::Singular { pivot: p.pivot })
    }

    fn solve(&self, b: &mut [f64]) {
        Qr::solve(self, b);
    }
}
