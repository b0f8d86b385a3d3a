//! What steepest descent and conjugate gradients have in common: a step to the lowest point of a line, and a residual
//! that is carried along.

use super::{Residual, Start, norm};
use crate::linalg::vector::axpy;
use crate::optim::Breakdown;
use crate::problem::LinearSystem;

/// xᵏ⁺¹ = xᵏ + αp, rᵏ⁺¹ = rᵏ − αAp.
///
/// The residual is brought up to date at the start of the next step, so that what stands in the state is what the step
/// used. It starts afresh where the point has been moved from outside.
#[derive(Debug, Clone, Default)]
pub(super) struct ExactStep {
    pub residual: Residual,
    /// Ap.
    pub q: Vec<f64>,
    /// Where the last step ended.
    pub last: Vec<f64>,
    /// Steps since the start; 0 starts afresh.
    pub steps: f64,
    /// That of the function along p.
    pub curvature: f64,
    pub alpha: f64,
}

impl ExactStep {
    pub fn new(system: &dyn LinearSystem) -> Self {
        let zeros = vec![0.0; system.rhs().len()];
        Self {
            residual: Residual::new(system),
            q: zeros.clone(),
            last: zeros,
            ..Self::default()
        }
    }

    /// Brings the residual to `x`; afterwards `steps` is 0 if it was taken afresh, for a product with the matrix.
    pub fn begin(&mut self, system: &dyn LinearSystem, x: &[f64]) -> Result<Start, Breakdown> {
        if self.steps == 0.0 || self.last != x {
            self.steps = 0.0;
            return self.residual.take(system, x);
        }
        axpy(-self.alpha, &self.q, &mut self.residual.r);
        self.residual.report(system, x)
    }

    /// Goes from `x` along `p` by α = `fall` / `curvature`, and says how far that was.
    ///
    /// # Errors
    /// A curvature that is not positive, for a unit of the `fall`.
    pub fn go(&mut self, x: &mut [f64], p: &[f64], fall: f64) -> Result<f64, Breakdown> {
        self.steps += 1.0;
        if self.curvature <= 0.0 {
            let pivot = self.steps as usize;
            self.steps = 0.0;
            return Err(Breakdown::NotPositiveDefinite {
                pivot,
                value: self.curvature / fall,
            });
        }
        self.alpha = fall / self.curvature;
        axpy(self.alpha, p, x);
        self.last.copy_from_slice(x);
        Ok(self.alpha * norm(p))
    }
}
