//! Steepest descent with the exact step length.

use super::Solver;
use super::exact_step::ExactStep;
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "steepest_descent",
    title: "Steepest descent",
    family: Family::Linear,
    about: "Gradient descent that goes to the lowest point of its line. Each direction is orthogonal to the one before, so it zigzags: the error falls by (κ − 1)/(κ + 1) a step, where conjugate gradients have √κ for κ. On ½‖Ax − b‖² where the matrix is not symmetric.",
    fields: &[],
    equation: &[
        Line::new(r"d^k = -\nabla f(x^k)", r"d^k_i = \text{@d}"),
        Line::new(
            r"\alpha^k = \frac{d^{\top} d}{d^{\top} H d},\quad H = \nabla^2 f",
            r"\alpha^k = \text{@dTd1} / \text{@dTHd1} = \text{@alpha1}",
        ),
        Line::new(
            r"x^{k+1} = x^k + \alpha^k d^k",
            r"\text{@x1} = \text{@x0} + \text{@alpha1} \cdot \text{@d}",
        ),
    ],
    reference: "Cauchy 1847; Golub & Van Loan, § 11.3.2; Saad, algorithm 5.2",
    needs: Oracle::LinearSystem,
    measures: &[],
};

/// α = dᵀd / dᵀHd with d = −∇f, xᵏ⁺¹ = xᵏ + αd, rᵏ⁺¹ = rᵏ − αAd. H is A where A is symmetric, else `AᵀA`.
///
/// Source: Saad, algorithm 5.2; for a matrix that is not symmetric algorithm 5.4 (residual norm steepest descent).
#[derive(Debug, Clone, Default)]
pub struct SteepestDescent {
    line: ExactStep,
    d: Vec<f64>,
    dd: f64,
}

impl Solver for SteepestDescent {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        *self = Self {
            line: ExactStep::new(system),
            d: vec![0.0; system.rhs().len()],
            ..Self::default()
        };
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        let (a, symmetric) = (system.matrix(), system.is_symmetric());
        let Self { line, d, .. } = self;
        let at = line.begin(system, x)?;
        // The residual taken afresh, and Aᵀr where it is not r itself.
        let products = u32::from(line.steps == 0.0) + u32::from(!symmetric);
        if at.solved || at.grad_norm == 0.0 {
            line.steps = 0.0;
            return Ok(at.stays(products));
        }
        d.copy_from_slice(if symmetric {
            &line.residual.r
        } else {
            &line.residual.slope
        });
        a.multiply(d, &mut line.q);
        self.dd = dot(d, d);
        line.curvature = if symmetric {
            dot(d, &line.q)
        } else {
            dot(&line.q, &line.q)
        };
        let moved = line.go(x, d, self.dd)?;
        Ok(at.moved(moved, 1 + products))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("r", &mut self.line.residual.r);
        visitor.vector("d", &mut self.d);
        visitor.vector("q", &mut self.line.q);
        visitor.vector("last", &mut self.line.last);
        visitor.scalar("steps", &mut self.line.steps);
        visitor.scalar("dTd", &mut self.dd);
        visitor.scalar("dTHd", &mut self.line.curvature);
        visitor.scalar("alpha", &mut self.line.alpha);
    }
}
