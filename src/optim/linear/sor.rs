//! Successive over-relaxation.

use super::RADIUS;
use super::relaxation::Relaxation;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "sor",
    title: "SOR",
    family: Family::Linear,
    about: "Gauss-Seidel with each change made ω times as long; ω = 1 is Gauss-Seidel. For a symmetric positive definite matrix it converges for every ω from 0 to 2; the best is 2/(1 + √(1 − ρ²)), with ρ the spectral radius of Jacobi's iteration, where the matrix is consistently ordered (tridiagonal, Poisson).",
    fields: &[Field::number(
        "omega",
        "ω",
        "relaxation",
        1.5,
        Range {
            min: 0.0,
            max: 2.0,
            min_included: false,
            max_included: false,
        },
    )],
    equation: &[
        Line::new(
            r"r_i = b_i - \sum_{j<i} a_{ij} x_j^{k+1} - \sum_{j \ge i} a_{ij} x_j^k",
            r"r_i = \text{@r1}",
        ),
        Line::new(
            r"x_i^{k+1} = x_i^k + \omega r_i / a_{ii}",
            r"\text{@x1} = \text{@x0} + \text{@omega} \cdot \text{@r1} / \text{@a1}",
        ),
    ],
    reference: "Young 1954, Trans. Amer. Math. Soc. 76; Saad, eq. (4.12) and theorem 4.15; Golub & Van Loan, § 11.2.7; Ostrowski 1954",
    needs: Oracle::LinearSystem,
    measures: RADIUS,
};

/// The relaxation by the field `omega` of [`METHOD`].
pub fn solver(args: &Args) -> Relaxation {
    Relaxation::new(args.number("omega"))
}
