//! NAdam.

use super::Rule;
use super::adam::{FIRST_MOMENT, MOVE, SECOND_MOMENT, bias_correction, update_moments};
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "nadam",
    title: "NAdam",
    family: Family::FirstOrder,
    about: "Adam with Nesterov's look ahead, its momentum warming up as μₖ = β₁(1 − ½·0.96^(ψk)), as in the paper and in PyTorch (optax keeps μ at β₁).",
    fields: &[
        Field::number("lr", "α", "learning rate", 0.002, Range::NON_NEGATIVE),
        Field::number("beta1", "β₁", "decay of the first moment", 0.9, Range::UNIT),
        Field::number(
            "beta2",
            "β₂",
            "decay of the second moment",
            0.999,
            Range::UNIT,
        ),
        Field::number("eps", "ε", "added to the root", 1e-8, Range::POSITIVE),
        Field::number(
            "momentum_decay",
            "ψ",
            "how fast the momentum warms up",
            0.004,
            Range::NON_NEGATIVE,
        ),
    ],
    equation: &[
        FIRST_MOMENT,
        SECOND_MOMENT,
        Line::new(
            r"\theta^{k+1} = \theta^k - \frac{\alpha}{\sqrt{\hat v^{k+1}} + \varepsilon} \left( \frac{(1-\mu_k) \nabla f}{1-\prod_{i\le k}\mu_i} + \frac{\mu_{k+1} m^{k+1}}{1-\prod_{i\le k+1}\mu_i} \right)",
            MOVE,
        ),
    ],
    reference: "Dozat 2016, Incorporating Nesterov Momentum into Adam, algorithm 2; torch.optim.NAdam",
    needs: Oracle::Gradient,
    measures: &[],
};

/// NAdam: Adam whose first moment is taken one Nesterov step ahead.
///
/// ```text
/// μₖ = β₁(1 − ½·0.96^(ψk))
/// d  = [(1−μₖ)/(1−Πμ₁..ₖ)·g + μₖ₊₁/(1−Πμ₁..ₖ₊₁)·m] / (√v̂ + ε)
/// ```
///
/// Source: Dozat 2016, algorithm 2, with the warm-up of its section 2.
#[derive(Debug, Clone)]
pub struct NAdam<T> {
    beta1: f64,
    beta2: f64,
    eps: f64,
    momentum_decay: f64,
    steps: f64,
    mu_product: f64,
    m: Vec<T>,
    v: Vec<T>,
}

impl<T: Real> NAdam<T> {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            beta1: args.number("beta1"),
            beta2: args.number("beta2"),
            eps: args.number("eps"),
            momentum_decay: args.number("momentum_decay"),
            steps: 0.0,
            mu_product: 1.0,
            m: Vec::new(),
            v: Vec::new(),
        }
    }

    fn mu(&self, step: f64) -> f64 {
        self.beta1 * (1.0 - 0.5 * libm::pow(0.96, step * self.momentum_decay))
    }
}

impl<T: Real> Rule<T> for NAdam<T> {
    fn reset(&mut self, dim: usize) {
        self.steps = 0.0;
        self.mu_product = 1.0;
        self.m = vec![T::ZERO; dim];
        self.v = vec![T::ZERO; dim];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        self.steps += 1.0;
        let (mu, mu_next) = (self.mu(self.steps), self.mu(self.steps + 1.0));
        self.mu_product *= mu;
        update_moments(&mut self.m, &mut self.v, g, self.beta1, self.beta2);
        let of_g = T::of((1.0 - mu) / (1.0 - self.mu_product));
        let of_m = T::of(mu_next / (1.0 - self.mu_product * mu_next));
        let v_hat = T::of(bias_correction(self.beta2, self.steps));
        let eps = T::of(self.eps);
        for ((d, m), v) in g.iter_mut().zip(&self.m).zip(&self.v) {
            *d = (of_g * *d + of_m * *m) / ((v_hat * *v).sqrt() + eps);
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.scalar("steps", &mut self.steps);
        visitor.scalar("mu_product", &mut self.mu_product);
        visitor.vector("m", &mut self.m);
        visitor.vector("v", &mut self.v);
    }
}
