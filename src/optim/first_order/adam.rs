//! Adam, with and without bias correction and AMSGrad.

use super::Rule;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// The fields that Adam shares with AdamW.
pub const FIELDS: [Field; 7] = [
    Field::number("lr", "α", "learning rate", 0.001, Range::NON_NEGATIVE),
    Field::number("beta1", "β₁", "decay of the first moment", 0.9, Range::UNIT),
    Field::number(
        "beta2",
        "β₂",
        "decay of the second moment",
        0.999,
        Range::UNIT,
    ),
    Field::number("eps", "ε", "added to the root", 1e-8, Range::POSITIVE),
    Field::flag(
        "bias_correction",
        "1−βᵏ",
        "divide the moments by 1 − βᵏ",
        true,
    ),
    Field::flag("eps_inside_sqrt", "√(v+ε)", "ε inside the root", false),
    Field::flag(
        "amsgrad",
        "max v",
        "use the largest second moment so far",
        false,
    ),
];

/// The line on the first moment.
pub(super) const FIRST_MOMENT: Line = Line::new(
    r"m^{k+1} = \beta_1 m^k + (1-\beta_1) \nabla f",
    r"\text{@m1} = \text{@beta1} \cdot \text{@m0} + \text{@1-beta1} \cdot \text{@g}",
);
/// The line on the second moment.
pub(super) const SECOND_MOMENT: Line = Line::new(
    r"v^{k+1} = \beta_2 v^k + (1-\beta_2) [\nabla f \circ \nabla f]",
    r"\text{@v1} = \text{@beta2} \cdot \text{@v0} + \text{@1-beta2} \cdot \text{@gg}",
);
/// The last line in numbers: the point, the rate, the direction.
pub(super) const MOVE: &str = r"\text{@x1} = \text{@x0} - \text{@lr} \cdot \text{@d}";

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "adam",
    title: "Adam",
    family: Family::FirstOrder,
    about: "m and v are the first and second moments; a hat means divided by 1 − βᵏ (the lecture's slide drops the exponent).",
    fields: &FIELDS,
    equation: &[
        FIRST_MOMENT,
        SECOND_MOMENT,
        Line::new(r"\theta^{k+1} = \theta^k - \alpha \frac{\hat m^{k+1}}{\sqrt{\hat v^{k+1}} + \varepsilon}", MOVE)
            .when(&[("bias_correction", "true"), ("eps_inside_sqrt", "false")]),
        Line::new(r"\theta^{k+1} = \theta^k - \alpha \frac{\hat m^{k+1}}{\sqrt{\hat v^{k+1} + \varepsilon}}", MOVE)
            .when(&[("bias_correction", "true"), ("eps_inside_sqrt", "true")]),
        Line::new(r"\theta^{k+1} = \theta^k - \alpha \frac{m^{k+1}}{\sqrt{v^{k+1}} + \varepsilon}", MOVE)
            .when(&[("bias_correction", "false"), ("eps_inside_sqrt", "false")]),
        Line::new(r"\theta^{k+1} = \theta^k - \alpha \frac{m^{k+1}}{\sqrt{v^{k+1} + \varepsilon}}", MOVE)
            .when(&[("bias_correction", "false"), ("eps_inside_sqrt", "true")]),
    ],
    reference: "Kingma & Ba 2015, Adam: A Method for Stochastic Optimization, algorithm 1; torch.optim.Adam",
    needs: Oracle::Gradient,
    measures: &[],
};

/// Adam: moments m, v of the gradient, direction m̂ / (√v̂ + ε).
///
/// ```text
/// mᵏ⁺¹ = β₁mᵏ + (1−β₁)g        m̂ = mᵏ⁺¹ / (1−β₁ᵏ⁺¹)
/// vᵏ⁺¹ = β₂vᵏ + (1−β₂)g∘g      v̂ = vᵏ⁺¹ / (1−β₂ᵏ⁺¹)
/// ```
///
/// AMSGrad replaces v by its running maximum before the correction, as PyTorch does (optax corrects first).
/// With `eps_inside_sqrt` the direction is m̂ / √(v̂ + ε).
///
/// Source: Kingma, Ba 2015, algorithm 1; AMSGrad: Reddi, Kale, Kumar 2018, algorithm 2.
#[derive(Debug, Clone)]
pub struct Adam<T> {
    beta1: f64,
    beta2: f64,
    eps: f64,
    bias_correction: bool,
    eps_inside_sqrt: bool,
    amsgrad: bool,
    steps: f64,
    m: Vec<T>,
    v: Vec<T>,
    v_max: Vec<T>,
}

impl<T: Real> Adam<T> {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            beta1: args.number("beta1"),
            beta2: args.number("beta2"),
            eps: args.number("eps"),
            bias_correction: args.flag("bias_correction"),
            eps_inside_sqrt: args.flag("eps_inside_sqrt"),
            amsgrad: args.flag("amsgrad"),
            steps: 0.0,
            m: Vec::new(),
            v: Vec::new(),
            v_max: Vec::new(),
        }
    }

    fn correction(&self, beta: f64) -> f64 {
        if self.bias_correction {
            bias_correction(beta, self.steps)
        } else {
            1.0
        }
    }
}

/// 1 / (1 − βᵏ), which takes out the pull towards the zero that a moment starts from.
pub(super) fn bias_correction(beta: f64, steps: f64) -> f64 {
    1.0 / (1.0 - libm::pow(beta, steps))
}

/// m ← β₁m + (1−β₁)g and v ← β₂v + (1−β₂)g∘g.
pub(super) fn update_moments<T: Real>(m: &mut [T], v: &mut [T], g: &[T], beta1: f64, beta2: f64) {
    let (b1, c1) = (T::of(beta1), T::of(1.0 - beta1));
    let (b2, c2) = (T::of(beta2), T::of(1.0 - beta2));
    for ((g, m), v) in g.iter().zip(m).zip(v) {
        *m = b1 * *m + c1 * *g;
        *v = b2 * *v + c2 * (*g * *g);
    }
}

impl<T: Real> Rule<T> for Adam<T> {
    fn reset(&mut self, dim: usize) {
        self.steps = 0.0;
        self.m = vec![T::ZERO; dim];
        self.v = vec![T::ZERO; dim];
        self.v_max = vec![T::ZERO; if self.amsgrad { dim } else { 0 }];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        self.steps += 1.0;
        update_moments(&mut self.m, &mut self.v, g, self.beta1, self.beta2);
        if self.amsgrad {
            for (v_max, v) in self.v_max.iter_mut().zip(&self.v) {
                *v_max = v_max.at_least(*v);
            }
        }
        let v = if self.amsgrad { &self.v_max } else { &self.v };
        let (m_hat, v_hat) = (
            T::of(self.correction(self.beta1)),
            T::of(self.correction(self.beta2)),
        );
        let eps = T::of(self.eps);
        if self.eps_inside_sqrt {
            for ((d, m), v) in g.iter_mut().zip(&self.m).zip(v) {
                *d = m_hat * *m / (v_hat * *v + eps).sqrt();
            }
        } else {
            for ((d, m), v) in g.iter_mut().zip(&self.m).zip(v) {
                *d = m_hat * *m / ((v_hat * *v).sqrt() + eps);
            }
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.scalar("steps", &mut self.steps);
        visitor.vector("m", &mut self.m);
        visitor.vector("v", &mut self.v);
        visitor.vector("v_max", &mut self.v_max);
    }
}
