//! Gaussian elimination with row exchanges.

use super::direct::{Direct, Factor};
use crate::linalg::{Dense, Lu};
use crate::optim::{Breakdown, Family, Line, Method, Oracle};

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

/// x = U⁻¹L⁻¹Pb, with PA = LU.
pub type LuSolve = Direct<Lu>;

impl Factor for Lu {
    const NAME: &'static str = METHOD.name;

    fn of(a: &Dense) -> Result<Self, Breakdown> {
        Self::new(a).map_err(|p| Breakdown::Singular { pivot: p.pivot })
    }

    fn solve(&self, b: &mut [f64]) {
        Lu::solve(self, b);
    }
}
