//! Adagrad.

use super::Rule;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "adagrad",
    title: "Adagrad",
    family: Family::FirstOrder,
    about: "s is the sum of all squared gradients, so every coordinate has a learning rate of its own that only falls.",
    fields: &[
        Field::number("lr", "α", "learning rate", 0.01, Range::NON_NEGATIVE),
        Field::number("eps", "ε", "added to the root", 1e-10, Range::POSITIVE),
    ],
    equation: &[
        Line::new(
            r"s^{k+1} = s^k + [\nabla f \circ \nabla f]",
            r"\text{@s1} = \text{@s0} + \text{@gg}",
        ),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \frac{\nabla f}{\sqrt{s^{k+1}} + \varepsilon}",
            super::adam::MOVE,
        ),
    ],
    reference: "Duchi, Hazan & Singer 2011, Adaptive Subgradient Methods, section 1.1 (diagonal form); torch.optim.Adagrad",
    needs: Oracle::Gradient,
    measures: &[],
};

/// Adagrad: s ← s + g∘g, direction g / (√s + ε).
///
/// s starts at 0, as in PyTorch; optax starts it at 0.1 and puts ε inside the root.
///
/// Source: Duchi, Hazan, Singer 2011, section 1.1.
#[derive(Debug, Clone)]
pub struct Adagrad<T> {
    eps: f64,
    s: Vec<T>,
}

impl<T: Real> Adagrad<T> {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            eps: args.number("eps"),
            s: Vec::new(),
        }
    }
}

impl<T: Real> Rule<T> for Adagrad<T> {
    fn reset(&mut self, dim: usize) {
        self.s = vec![T::ZERO; dim];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        let eps = T::of(self.eps);
        for (g, s) in g.iter_mut().zip(&mut self.s) {
            *s += *g * *g;
            // 0 / 0 where a coordinate has never had a gradient and ε = 0: it stays.

            *g = *g / (s.sqrt() + eps);
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.vector("s", &mut self.s);
    }
}
