//! RAdam.

use super::Rule;
use super::adam::{FIRST_MOMENT, MOVE, SECOND_MOMENT, bias_correction, update_moments};
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "radam",
    title: "RAdam",
    family: Family::FirstOrder,
    about: "Adam that trusts its second moment only once enough gradients have been seen: before that (ρ ≤ 5) it is momentum, after that the step is scaled by r.",
    fields: &[
        Field::number("lr", "α", "learning rate", 0.001, Range::NON_NEGATIVE),
        Field::number("beta1", "β₁", "decay of the first moment", 0.9, Range::UNIT),
        Field::number(
            "beta2",
            "β₂",
            "decay of the second moment",
            0.999,
            Range::UNIT,
        ),
        Field::number("eps", "ε", "added to the root", 1e-8, Range::NON_NEGATIVE),
    ],
    equation: &[
        FIRST_MOMENT,
        SECOND_MOMENT,
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \cdot \begin{cases} r\,\hat m^{k+1} / \sqrt{\hat v^{k+1}} & \rho > 5 \\ \hat m^{k+1} & \rho \le 5 \end{cases}",
            MOVE,
        ),
    ],
    reference: "Liu et al. 2020, On the Variance of the Adaptive Learning Rate and Beyond, algorithm 2; torch.optim.RAdam",
    needs: Oracle::Gradient,
    measures: &[],
};

/// RAdam: Adam with the variance of its learning rate rectified.
///
/// ```text
/// ρ∞ = 2/(1−β₂) − 1,   ρₖ = ρ∞ − 2kβ₂ᵏ/(1−β₂ᵏ)
/// r  = √[(ρₖ−4)(ρₖ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρₖ)]
/// d  = r·m̂·√(1−β₂ᵏ)/(√v + ε)  if ρₖ > 5,   m̂  otherwise
/// ```
///
/// The paper asks for ρₖ > 4; PyTorch and optax for 5. ε stands beside √v before its correction, as in PyTorch.
///
/// Source: Liu, Jiang, He, Chen, Liu, Gao, Han 2020, algorithm 2.
#[derive(Debug, Clone)]
pub struct RAdam<T> {
    beta1: f64,
    beta2: f64,
    eps: f64,
    steps: f64,
    m: Vec<T>,
    v: Vec<T>,
}

impl<T: Real> RAdam<T> {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            beta1: args.number("beta1"),
            beta2: args.number("beta2"),
            eps: args.number("eps"),
            steps: 0.0,
            m: Vec::new(),
            v: Vec::new(),
        }
    }

    /// r, or `None` while the variance is not tractable (ρₖ ≤ 5).
    fn rectification(&self) -> Option<f64> {
        let decayed = libm::pow(self.beta2, self.steps);
        let rho_inf = 2.0 / (1.0 - self.beta2) - 1.0;
        let rho = rho_inf - 2.0 * self.steps * decayed / (1.0 - decayed);
        let ratio = (rho - 4.0) * (rho - 2.0) * rho_inf / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho);
        (rho > 5.0).then(|| ratio.sqrt())
    }
}

impl<T: Real> Rule<T> for RAdam<T> {
    fn reset(&mut self, dim: usize) {
        self.steps = 0.0;
        self.m = vec![T::ZERO; dim];
        self.v = vec![T::ZERO; dim];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        self.steps += 1.0;
        update_moments(&mut self.m, &mut self.v, g, self.beta1, self.beta2);
        let m_hat = bias_correction(self.beta1, self.steps);
        if let Some(r) = self.rectification() {
            let factor = T::of(r * m_hat * (1.0 - libm::pow(self.beta2, self.steps)).sqrt());
            let eps = T::of(self.eps);
            for ((d, m), v) in g.iter_mut().zip(&self.m).zip(&self.v) {
                // ε may be 0 here, and then a coordinate that has never had a gradient stays.
                let root = v.sqrt() + eps;
                *d = if root == T::ZERO {
                    T::ZERO
                } else {
                    factor * *m / root
                };
            }
        } else {
            let factor = T::of(m_hat);
            for (d, m) in g.iter_mut().zip(&self.m) {
                *d = factor * *m;
            }
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.scalar("steps", &mut self.steps);
        visitor.vector("m", &mut self.m);
        visitor.vector("v", &mut self.v);
    }
}
