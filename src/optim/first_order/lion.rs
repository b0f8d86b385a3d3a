//! Lion.

use super::Rule;
use super::weight_decay::WeightDecay;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "lion",
    title: "Lion",
    family: Family::FirstOrder,
    about: "Only the sign of an average of momentum and gradient is used, so every coordinate moves by α.",
    fields: &[
        Field::number("lr", "α", "learning rate", 1e-4, Range::NON_NEGATIVE),
        Field::number(
            "beta1",
            "β₁",
            "weight of the momentum in the step",
            0.9,
            Range::UNIT,
        ),
        Field::number("beta2", "β₂", "decay of the momentum", 0.99, Range::UNIT),
        Field::number(
            "weight_decay",
            "λ",
            "decoupled weight decay",
            0.0,
            Range::NON_NEGATIVE,
        ),
    ],
    equation: &[
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \left( \operatorname{sign}[\beta_1 m^k + (1-\beta_1) \nabla f] + \lambda \theta^k \right)",
            super::adam::MOVE,
        ),
        Line::new(
            r"m^{k+1} = \beta_2 m^k + (1-\beta_2) \nabla f",
            r"\text{@m1} = \text{@beta2} \cdot \text{@m0} + \text{@1-beta2} \cdot \text{@g}",
        ),
    ],
    reference: "Chen et al. 2023, Symbolic Discovery of Optimization Algorithms, algorithm 2; optax.lion",
    needs: Oracle::Gradient,
    measures: &[],
};

/// Lion: d = sign(β₁m + (1−β₁)g), then m ← β₂m + (1−β₂)g; sign(0) = 0.
///
/// Source: Chen et al. 2023, algorithm 2.
#[derive(Debug, Clone)]
pub struct Lion<T> {
    beta1: f64,
    beta2: f64,
    m: Vec<T>,
}

impl<T: Real> Lion<T> {
    /// With its weight decay, from the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> (Self, WeightDecay) {
        let lion = Self {
            beta1: args.number("beta1"),
            beta2: args.number("beta2"),
            m: Vec::new(),
        };
        (
            lion,
            WeightDecay {
                decay: args.number("weight_decay"),
            },
        )
    }
}

impl<T: Real> Rule<T> for Lion<T> {
    fn reset(&mut self, dim: usize) {
        self.m = vec![T::ZERO; dim];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        let (b1, c1) = (T::of(self.beta1), T::of(1.0 - self.beta1));
        let (b2, c2) = (T::of(self.beta2), T::of(1.0 - self.beta2));
        for (g, m) in g.iter_mut().zip(&mut self.m) {
            let average = b1 * *m + c1 * *g;
            *m = b2 * *m + c2 * *g;
            *g = sign(average);
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.vector("m", &mut self.m);
    }
}

fn sign<T: Real>(v: T) -> T {
    if v > T::ZERO {
        T::ONE
    } else if v < T::ZERO {
        -T::ONE
    } else {
        T::ZERO
    }
}
