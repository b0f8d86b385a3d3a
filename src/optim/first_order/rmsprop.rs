//! RMSProp.

use super::Rule;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "rmsprop",
    title: "RMSProp",
    family: Family::FirstOrder,
    about: "s is the running mean of the squared gradient (∘ is element-wise), the uncentred variance. The lecture shows ε both inside and outside the root; PyTorch has it outside.",
    fields: &[
        Field::number("lr", "α", "learning rate", 0.01, Range::NON_NEGATIVE),
        Field::number(
            "beta",
            "β",
            "decay of the mean of squares",
            0.9,
            Range::UNIT,
        ),
        Field::number(
            "eps",
            "ε",
            "keeps the root from zero",
            1e-8,
            Range::POSITIVE,
        ),
        Field::flag("eps_inside_sqrt", "√(s+ε)", "ε inside the root", false),
    ],
    equation: &[
        Line::new(
            r"s^{k+1} = \beta s^k + (1-\beta) [\nabla f \circ \nabla f]",
            r"\text{@s1} = \text{@beta} \cdot \text{@s0} + \text{@1-beta} \cdot \text{@gg}",
        ),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \frac{\nabla f}{\sqrt{s^{k+1}} + \varepsilon}",
            super::adam::MOVE,
        )
        .when(&[("eps_inside_sqrt", "false")]),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \frac{\nabla f}{\sqrt{s^{k+1} + \varepsilon}}",
            super::adam::MOVE,
        )
        .when(&[("eps_inside_sqrt", "true")]),
    ],
    reference: "Tieleman & Hinton 2012, Neural Networks for Machine Learning, lecture 6.5; torch.optim.RMSprop (whose β defaults to 0.99)",
    needs: Oracle::Gradient,
    measures: &[],
};

/// RMSProp: s ← βs + (1−β)g∘g, direction g / (√s + ε), or g / √(s + ε).
///
/// Source: Tieleman, Hinton 2012, lecture 6.5. PyTorch calls β `alpha`.
#[derive(Debug, Clone)]
pub struct RmsProp<T> {
    beta: f64,
    eps: f64,
    eps_inside_sqrt: bool,
    s: Vec<T>,
}

impl<T: Real> RmsProp<T> {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            beta: args.number("beta"),
            eps: args.number("eps"),
            eps_inside_sqrt: args.flag("eps_inside_sqrt"),
            s: Vec::new(),
        }
    }
}

impl<T: Real> Rule<T> for RmsProp<T> {
    fn reset(&mut self, dim: usize) {
        self.s = vec![T::ZERO; dim];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        let (beta, rest) = (T::of(self.beta), T::of(1.0 - self.beta));
        let eps = T::of(self.eps);
        let (inside, outside) = if self.eps_inside_sqrt {
            (eps, T::ZERO)
        } else {
            (T::ZERO, eps)
        };
        for (g, s) in g.iter_mut().zip(&mut self.s) {
            *s = beta * *s + rest * (*g * *g);

            *g = *g / ((*s + inside).sqrt() + outside);
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.vector("s", &mut self.s);
    }
}
