//! The iteration of Gauss and Seidel.

use super::RADIUS;
use super::relaxation::Relaxation;
use crate::optim::{Family, Line, Method, Oracle};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "gauss_seidel",
    title: "Gauss-Seidel",
    family: Family::Linear,
    about: "Solves each row for its own unknown, one after the other, with the values just found. Converges for every symmetric positive definite matrix; where Jacobi converges on a tridiagonal one, twice as fast.",
    fields: &[],
    equation: &[
        Line::new(
            r"r_i = b_i - \sum_{j<i} a_{ij} x_j^{k+1} - \sum_{j \ge i} a_{ij} x_j^k",
            r"r_i = \text{@r1}",
        ),
        Line::new(
            r"x_i^{k+1} = x_i^k + r_i / a_{ii}",
            r"\text{@x1} = \text{@x0} + \text{@r1} / \text{@a1}",
        ),
    ],
    reference: "Seidel 1874; Saad, eq. (4.7); Golub & Van Loan, § 11.2.2; Reich 1949 for the convergence",
    needs: Oracle::LinearSystem,
    measures: RADIUS,
};

/// xᵢᵏ⁺¹ = (bᵢ − Σⱼ<ᵢ aᵢⱼxⱼᵏ⁺¹ − Σⱼ>ᵢ aᵢⱼxⱼᵏ) / aᵢᵢ, for i = 1, …, n in this order: the relaxation with ω = 1, whose
/// product with 1 is exact.
pub fn solver() -> Relaxation {
    Relaxation::new(1.0)
}
