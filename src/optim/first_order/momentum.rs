//! Gradient descent with momentum, in its three forms, and Nesterov's.

use super::Rule;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

const LR: Field = Field::number("lr", "α", "learning rate", 0.01, Range::NON_NEGATIVE);
const BETA: Field = Field::number(
    "beta",
    "β",
    "accumulation rate (momentum)",
    0.9,
    Range::UNIT,
);

/// What the catalogue says of momentum.
pub const METHOD: Method = Method {
    name: "momentum",
    title: "Momentum",
    family: Family::FirstOrder,
    about: "v is the velocity. Form “accumulate” is the lecture's and PyTorch's; “ema” averages the gradient, so its steps are 1 − β as long; “velocity” keeps the learning rate in v, which matters when a schedule changes it.",
    fields: &[
        LR,
        BETA,
        Field::choice(
            "form",
            "v",
            "what the velocity accumulates",
            &["accumulate", "ema", "velocity"],
        ),
    ],
    equation: &[
        Line::new(
            r"v^{k+1} = \beta v^k + \nabla f(\theta^k)",
            r"\text{@v1} = \text{@beta} \cdot \text{@v0} + \text{@g}",
        )
        .when(&[("form", "accumulate")]),
        Line::new(
            r"v^{k+1} = \beta v^k + (1-\beta) \nabla f(\theta^k)",
            r"\text{@v1} = \text{@beta} \cdot \text{@v0} + \text{@1-beta} \cdot \text{@g}",
        )
        .when(&[("form", "ema")]),
        Line::new(
            r"v^{k+1} = \beta v^k - \alpha \nabla f(\theta^k)",
            r"\text{@v1} = \text{@beta} \cdot \text{@v0} - \text{@lr} \cdot \text{@g}",
        )
        .when(&[("form", "velocity")]),
        MOVE.when(&[("form", "accumulate")]),
        MOVE.when(&[("form", "ema")]),
        Line::new(
            r"\theta^{k+1} = \theta^k + v^{k+1}",
            r"\text{@x1} = \text{@x0} + \text{@v1}",
        )
        .when(&[("form", "velocity")]),
    ],
    reference: "Polyak 1964, eq. (9); Sutskever et al. 2013, eq. (1)–(2) (form “velocity”); torch.optim.SGD (form “accumulate”)",
    needs: Oracle::Gradient,
    measures: &[],
};

/// What the catalogue says of Nesterov's momentum.
pub const NESTEROV: Method = Method {
    name: "nesterov",
    title: "Nesterov",
    family: Family::FirstOrder,
    about: "Momentum that looks one step ahead: the direction is the gradient plus β times the new velocity (PyTorch's and Bengio's form).",
    fields: &[LR, BETA],
    equation: &[
        Line::new(
            r"v^{k+1} = \beta v^k + \nabla f(\theta^k)",
            r"\text{@v1} = \text{@beta} \cdot \text{@v0} + \text{@g}",
        ),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha [\nabla f(\theta^k) + \beta v^{k+1}]",
            r"\text{@x1} = \text{@x0} - \text{@lr} \cdot \text{@d}",
        ),
    ],
    reference: "Nesterov 1983; Sutskever et al. 2013, eq. (3)–(4), rewritten as in Bengio et al. 2012, eq. (7); torch.optim.SGD(nesterov=True)",
    needs: Oracle::Gradient,
    measures: &[],
};

const MOVE: Line = Line::new(
    r"\theta^{k+1} = \theta^k - \alpha v^{k+1}",
    r"\text{@x1} = \text{@x0} - \text{@lr} \cdot \text{@v1}",
);

/// What the velocity accumulates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// v ← βv + g, θ ← θ − αv.
    Accumulate,
    /// v ← βv + (1−β)g, θ ← θ − αv.
    Ema,
    /// v ← βv − αg, θ ← θ + v.
    Velocity,
    /// v ← βv + g, θ ← θ − α(g + βv).
    Nesterov,
}

/// Gradient descent with momentum.
///
/// ```text
/// accumulate  vᵏ⁺¹ = βvᵏ + g         θᵏ⁺¹ = θᵏ − αvᵏ⁺¹          (the lecture, PyTorch)
/// ema         vᵏ⁺¹ = βvᵏ + (1−β)g    θᵏ⁺¹ = θᵏ − αvᵏ⁺¹
/// velocity    vᵏ⁺¹ = βvᵏ − αg        θᵏ⁺¹ = θᵏ + vᵏ⁺¹           (Sutskever et al., Keras)
/// nesterov    vᵏ⁺¹ = βvᵏ + g         θᵏ⁺¹ = θᵏ − α(g + βvᵏ⁺¹)   (PyTorch)
/// ```
///
/// The first three trace the same path while α is constant, if α is scaled by 1/(1−β) for `ema`.
///
/// Source: Polyak 1964, eq. (9); Sutskever, Martens, Dahl, Hinton 2013, eq. (1)–(4).
#[derive(Debug, Clone)]
pub struct Momentum<T> {
    beta: f64,
    form: Form,
    v: Vec<T>,
}

impl<T: Real> Momentum<T> {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        let form = match args.choice("form") {
            "ema" => Form::Ema,
            "velocity" => Form::Velocity,
            _ => Form::Accumulate,
        };
        Self {
            beta: args.number("beta"),
            form,
            v: Vec::new(),
        }
    }

    /// From the checked fields of [`NESTEROV`].
    pub fn nesterov(args: &Args) -> Self {
        Self {
            beta: args.number("beta"),
            form: Form::Nesterov,
            v: Vec::new(),
        }
    }
}

impl<T: Real> Rule<T> for Momentum<T> {
    fn reset(&mut self, dim: usize) {
        self.v = vec![T::ZERO; dim];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], cx: &StepCx) {
        let beta = T::of(self.beta);
        let gain = T::of(match self.form {
            Form::Accumulate | Form::Nesterov => 1.0,
            Form::Ema => 1.0 - self.beta,
            Form::Velocity => -cx.lr,
        });
        for (v, g) in self.v.iter_mut().zip(g.iter()) {
            *v = beta * *v + gain * *g;
        }
        match self.form {
            Form::Accumulate | Form::Ema => g.copy_from_slice(&self.v),
            Form::Velocity => {
                for (d, v) in g.iter_mut().zip(&self.v) {
                    *d = -*v;
                }
            }
            Form::Nesterov => {
                for (d, v) in g.iter_mut().zip(&self.v) {
                    *d += beta * *v;
                }
            }
        }
    }

    fn step_size(&self, lr: f64) -> f64 {
        if self.form == Form::Velocity { 1.0 } else { lr }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.vector("v", &mut self.v);
    }
}
