//! Gradient descent.

use super::Rule;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "sgd",
    title: "Gradient descent (SGD)",
    family: Family::FirstOrder,
    about: "The step is the gradient, scaled by the learning rate. On minibatches it is stochastic gradient descent; on the full batch, gradient descent.",
    fields: &[Field::number(
        "lr",
        "α",
        "learning rate",
        0.01,
        Range::NON_NEGATIVE,
    )],
    equation: &[Line::new(
        r"\theta^{k+1} = \theta^k - \alpha \nabla f(\theta^k)",
        r"\text{@x1} = \text{@x0} - \text{@lr} \cdot \text{@g}",
    )],
    reference: "Robbins & Monro 1951, A Stochastic Approximation Method, eq. (6); torch.optim.SGD",
    needs: Oracle::Gradient,
    measures: &[],
};

/// Gradient descent: θᵏ⁺¹ = θᵏ − α∇f(θᵏ).
///
/// Whether it is stochastic is a matter of the batch, not of the rule.
///
/// Source: H. Robbins, S. Monro, *A Stochastic Approximation Method*, 1951, eq. (6).
#[derive(Debug, Clone, Copy, Default)]
pub struct Sgd;

impl Sgd {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(_: &Args) -> Self {
        Self
    }
}

impl<T: Real> Rule<T> for Sgd {
    fn reset(&mut self, _: usize) {}
    fn apply(&mut self, _: &[T], _: &mut [T], _: &StepCx) {}
    fn state(&mut self, _: &mut dyn StateVisitor<T>) {}
}
