//! Decoupled weight decay, and AdamW made of it.

use super::Rule;
use super::adam::{self, Adam};
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// The decay factor, a field of every method that decays.
pub(super) const DECAY: Field = Field::number(
    "weight_decay",
    "λ",
    "decoupled weight decay",
    0.01,
    Range::NON_NEGATIVE,
);

const MOVE: &str = r"\text{@x1} = \text{@x0} - \text{@lr} \cdot \text{@d}";
const A: [Field; 7] = adam::FIELDS;

/// What the catalogue says of AdamW.
pub const ADAMW: Method = Method {
    name: "adamw",
    title: "AdamW",
    family: Family::FirstOrder,
    about: "Adam whose weight decay is applied to the weights directly, not through the moments, so that it does not fade where gradients are large.",
    fields: &[A[0], A[1], A[2], A[3], A[4], A[5], A[6], DECAY],
    equation: &[
        adam::FIRST_MOMENT,
        adam::SECOND_MOMENT,
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \left( \frac{\hat m^{k+1}}{\sqrt{\hat v^{k+1}} + \varepsilon} + \lambda \theta^k \right)",
            MOVE,
        )
        .when(&[("bias_correction", "true"), ("eps_inside_sqrt", "false")]),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \left( \frac{\hat m^{k+1}}{\sqrt{\hat v^{k+1} + \varepsilon}} + \lambda \theta^k \right)",
            MOVE,
        )
        .when(&[("bias_correction", "true"), ("eps_inside_sqrt", "true")]),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \left( \frac{m^{k+1}}{\sqrt{v^{k+1}} + \varepsilon} + \lambda \theta^k \right)",
            MOVE,
        )
        .when(&[("bias_correction", "false"), ("eps_inside_sqrt", "false")]),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \left( \frac{m^{k+1}}{\sqrt{v^{k+1} + \varepsilon}} + \lambda \theta^k \right)",
            MOVE,
        )
        .when(&[("bias_correction", "false"), ("eps_inside_sqrt", "true")]),
    ],
    reference: "Loshchilov & Hutter 2019, Decoupled Weight Decay Regularization, algorithm 2; torch.optim.AdamW",
    needs: Oracle::Gradient,
    measures: &[],
};

/// Decoupled weight decay: direction ← direction + λθ.
///
/// Behind another rule in a chain it gives θᵏ⁺¹ = θᵏ − α(d + λθᵏ), PyTorch's and optax's form; the paper leaves α out
/// of the decay. Biases decay too, as in PyTorch's default.
///
/// Source: Loshchilov, Hutter 2019, algorithm 2.
#[derive(Debug, Clone, Copy)]
pub struct WeightDecay {
    /// λ ≥ 0.
    pub decay: f64,
}

/// AdamW: [`Adam`], then [`WeightDecay`]. From the checked fields of [`ADAMW`].
pub fn adamw<T: Real>(args: &Args) -> (Adam<T>, WeightDecay) {
    (
        Adam::from_args(args),
        WeightDecay {
            decay: args.number("weight_decay"),
        },
    )
}

impl<T: Real> Rule<T> for WeightDecay {
    fn reset(&mut self, _: usize) {}

    fn apply(&mut self, x: &[T], g: &mut [T], _: &StepCx) {
        let decay = T::of(self.decay);
        for (d, x) in g.iter_mut().zip(x) {
            *d += decay * *x;
        }
    }

    fn state(&mut self, _: &mut dyn StateVisitor<T>) {}
}
