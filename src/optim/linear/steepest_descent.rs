//! Steepest descent with the exact step length.

use super::{Residual, Solver, norm};
use crate::error::Error;
use crate::linalg::vector::{axpy, dot};
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
/// As in [`super::cg`] the residual is carried along, and taken afresh where the point has been moved from outside.
///
/// Source: Saad, algorithm 5.2; for a matrix that is not symmetric algorithm 5.4 (residual norm steepest descent).
#[derive(Debug, Clone, Default)]
pub struct SteepestDescent {
    residual: Residual,
    d: Vec<f64>,
    /// Ad.
    q: Vec<f64>,
    /// Where the last step ended.
    last: Vec<f64>,
    /// Steps since the start; 0 starts afresh.
    steps: f64,
    dd: f64,
    curvature: f64,
    alpha: f64,
}

impl Solver for SteepestDescent {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        let zeros = vec![0.0; system.rhs().len()];
        *self = Self {
            residual: Residual::new(system),
            d: zeros.clone(),
            q: zeros.clone(),
            last: zeros,
            ..Self::default()
        };
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        let (a, symmetric) = (system.matrix(), system.is_symmetric());
        let Self { residual, d, q, .. } = self;
        // Ad, and Aᵀr where it is not r itself.
        let mut products = if symmetric { 1 } else { 2 };
        let at = if self.steps == 0.0 || self.last != x {
            self.steps = 0.0;
            products += 1;
            residual.take(system, x)?
        } else {
            axpy(-self.alpha, q, &mut residual.r);
            residual.report(system, x)?
        };
        if at.solved || at.grad_norm == 0.0 {
            self.steps = 0.0;
            return Ok(at.stays(products - 1));
        }
        d.copy_from_slice(if symmetric {
            &residual.r
        } else {
            &residual.slope
        });
        a.multiply(d, q);
        self.dd = dot(d, d);
        self.curvature = if symmetric { dot(d, q) } else { dot(q, q) };
        self.steps += 1.0;
        if self.curvature <= 0.0 {
            let pivot = self.steps as usize;
            self.steps = 0.0;
            return Err(Breakdown::NotPositiveDefinite {
                pivot,
                value: self.curvature / self.dd,
            });
        }
        self.alpha = self.dd / self.curvature;
        axpy(self.alpha, d, x);
        self.last.copy_from_slice(x);
        Ok(at.moved(self.alpha * norm(d), products))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("r", &mut self.residual.r);
        visitor.vector("d", &mut self.d);
        visitor.vector("q", &mut self.q);
        visitor.vector("last", &mut self.last);
        visitor.scalar("steps", &mut self.steps);
        visitor.scalar("dTd", &mut self.dd);
        visitor.scalar("dTHd", &mut self.curvature);
        visitor.scalar("alpha", &mut self.alpha);
    }
}
