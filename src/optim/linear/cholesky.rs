//! Elimination for symmetric positive definite matrices.

use super::direct::{Direct, Factor};
use super::require_symmetric;
use crate::error::Error;
use crate::linalg::{Cholesky, Dense};
use crate::optim::{Breakdown, Family, Line, Method, Oracle};
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

/// x = L⁻ᵀL⁻¹b, with `A = LLᵀ`.
pub type CholeskySolve = Direct<Cholesky>;

impl Factor for Cholesky {
    const NAME: &'static str = METHOD.name;

    fn admits(system: &dyn LinearSystem) -> Result<(), Error> {
        require_symmetric(METHOD.name, system)
    }

    fn of(a: &Dense) -> Result<Self, Breakdown> {
        Ok(Self::new(a)?)
    }

    fn solve(&self, b: &mut [f64]) {
        Cholesky::solve(self, b);
    }
}
