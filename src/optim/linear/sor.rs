//! Successive over-relaxation.

use super::{RADIUS, Residual, Solver, diverges, with_radius};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::spectrum::{Radius, spectral_radius};
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

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

/// xᵢᵏ⁺¹ = xᵢᵏ + ω(bᵢ − Σⱼ<ᵢ aᵢⱼxⱼᵏ⁺¹ − Σⱼ≥ᵢ aᵢⱼxⱼᵏ) / aᵢᵢ, for i = 1, …, n in this order.
#[derive(Debug, Clone)]
pub struct Sor {
    omega: f64,
    residual: Residual,
    /// a₁₁, …, aₙₙ.
    diagonal: Vec<f64>,
    /// The residual of each row when its turn came.
    r: Vec<f64>,
    radius: Radius,
}

impl Sor {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            omega: args.number("omega"),
            residual: Residual::default(),
            diagonal: Vec::new(),
            r: Vec::new(),
            radius: Radius::default(),
        }
    }
}

impl Solver for Sor {
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
