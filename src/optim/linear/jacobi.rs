//! Jacobi's iteration.

use super::{RADIUS, Residual, Solver, diverges, with_radius};
use crate::error::Error;
use crate::linalg::spectrum::{Radius, spectral_radius};
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "jacobi",
    title: "Jacobi",
    family: Family::Linear,
    about: "Solves each row for its own unknown, all at once, from the values before. Converges from every start if and only if the spectral radius of I − D⁻¹A is below 1, as it is for a diagonally dominant matrix.",
    fields: &[],
    equation: &[
        Line::new(r"r^k = b - A x^k", r"r^k_i = \text{@r1}"),
        Line::new(
            r"x^{k+1} = x^k + D^{-1} r^k",
            r"\text{@x1} = \text{@x0} + \text{@r1} / \text{@a1}",
        ),
    ],
    reference: "Jacobi 1845; Saad, Iterative Methods for Sparse Linear Systems, 2nd ed., eq. (4.4); Golub & Van Loan, § 11.2.2",
    needs: Oracle::LinearSystem,
    measures: RADIUS,
};

/// xᵏ⁺¹ = xᵏ + D⁻¹(b − Axᵏ), with D the diagonal of A.
#[derive(Debug, Clone, Default)]
pub struct Jacobi {
    residual: Residual,
    /// a₁₁, …, aₙₙ.
    diagonal: Vec<f64>,
    radius: Radius,
}

impl Solver for Jacobi {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        let a = system.matrix();
        self.residual = Residual::new(system);
        self.diagonal = a.diagonal();
        let mut product = vec![0.0; a.dim()];
        self.radius = spectral_radius(a.dim(), |v| {
            a.multiply(v, &mut product);
            for ((v, p), d) in v.iter_mut().zip(&product).zip(&self.diagonal) {
                *v -= p / d;
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
            return Ok(with_radius(at.stays(1), self.radius));
        }
        let mut moved = 0.0;
        for ((x, r), d) in x.iter_mut().zip(&self.residual.r).zip(&self.diagonal) {
            let change = r / d;
            *x += change;
            moved += change * change;
        }
        Ok(with_radius(at.moved(moved.sqrt(), 1), self.radius))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("r", &mut self.residual.r);
        visitor.vector("a", &mut self.diagonal);
    }
}
