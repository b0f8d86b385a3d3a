//! The iteration of Gauss and Seidel.

use super::{RADIUS, Residual, Solver, diverges, with_radius};
use crate::error::Error;
use crate::linalg::spectrum::{Radius, spectral_radius};
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

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

/// xᵢᵏ⁺¹ = (bᵢ − Σⱼ<ᵢ aᵢⱼxⱼᵏ⁺¹ − Σⱼ>ᵢ aᵢⱼxⱼᵏ) / aᵢᵢ, for i = 1, …, n in this order.
#[derive(Debug, Clone, Default)]
pub struct GaussSeidel {
    residual: Residual,
    /// a₁₁, …, aₙₙ.
    diagonal: Vec<f64>,
    /// The residual of each row when its turn came.
    r: Vec<f64>,
    radius: Radius,
}

impl Solver for GaussSeidel {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        let a = system.matrix();
        self.residual = Residual::new(system);
        self.diagonal = a.diagonal();
        self.r = vec![0.0; a.dim()];
        self.radius = spectral_radius(a.dim(), |v| {
            for (i, d) in self.diagonal.iter().enumerate() {
                v[i] -= a.row(i).dot(v) / d;
            }
        });
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        if let Some(breakdown) = diverges(&self.diagonal, self.radius) {
            return Err(breakdown);
        }
        let at = self.residual.take(system, x)?;
        if at.solved {
            return Ok(with_radius(at.stays(0), self.radius));
        }
        let (a, b) = (system.matrix(), system.rhs());
        let mut moved = 0.0;
        for (i, d) in self.diagonal.iter().enumerate() {
            let r = b[i] - a.row(i).dot(x);
            let change = r / d;
            x[i] += change;
            self.r[i] = r;
            moved += change * change;
        }
        Ok(with_radius(at.moved(moved.sqrt(), 1), self.radius))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("r", &mut self.r);
        visitor.vector("a", &mut self.diagonal);
    }
}
