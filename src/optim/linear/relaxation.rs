//! What Gauss-Seidel and SOR have in common: one row after the other is solved for its own unknown, and the change is
//! made ω times as long.

use super::{Residual, Solver, diverges, with_radius};
use crate::error::Error;
use crate::linalg::spectrum::{Radius, spectral_radius};
use crate::optim::{Breakdown, StateVisitor, Step};
use crate::problem::LinearSystem;

/// xᵢᵏ⁺¹ = xᵢᵏ + ω(bᵢ − Σⱼ<ᵢ aᵢⱼxⱼᵏ⁺¹ − Σⱼ≥ᵢ aᵢⱼxⱼᵏ) / aᵢᵢ, for i = 1, …, n in this order.
///
/// Source: Saad, eq. (4.12).
#[derive(Debug, Clone)]
pub struct Relaxation {
    omega: f64,
    residual: Residual,
    /// a₁₁, …, aₙₙ.
    diagonal: Vec<f64>,
    /// The residual of each row when its turn came.
    r: Vec<f64>,
    radius: Radius,
}

impl Relaxation {
    /// With this ω.
    pub fn new(omega: f64) -> Self {
        Self {
            omega,
            residual: Residual::default(),
            diagonal: Vec::new(),
            r: Vec::new(),
            radius: Radius::default(),
        }
    }
}

impl Solver for Relaxation {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        let a = system.matrix();
        self.residual = Residual::new(system);
        self.diagonal = a.diagonal();
        self.r = vec![0.0; a.dim()];
        self.radius = spectral_radius(a.dim(), |v| {
            for (i, d) in self.diagonal.iter().enumerate() {
                v[i] -= self.omega * a.row(i).dot(v) / d;
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
            let change = self.omega * r / d;
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
