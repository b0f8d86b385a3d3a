//! Adadelta.

use super::Rule;
use crate::args::{Args, Field, Range};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor, StepCx};
use crate::real::Real;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "adadelta",
    title: "Adadelta",
    family: Family::FirstOrder,
    about: "The step is the gradient times the ratio of two running means: of squared steps (u) and of squared gradients (s). With α = 1 it has no learning rate to tune.",
    fields: &[
        Field::number("lr", "α", "learning rate", 1.0, Range::NON_NEGATIVE),
        Field::number("rho", "ρ", "decay of both means", 0.9, Range::UNIT),
        Field::number("eps", "ε", "added inside both roots", 1e-6, Range::POSITIVE),
    ],
    equation: &[
        Line::new(
            r"s^{k+1} = \rho s^k + (1-\rho) [\nabla f \circ \nabla f]",
            r"\text{@s1} = \text{@rho} \cdot \text{@s0} + \text{@1-rho} \cdot \text{@gg}",
        ),
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha \frac{\sqrt{u^k + \varepsilon}}{\sqrt{s^{k+1} + \varepsilon}} \nabla f",
            super::adam::MOVE,
        ),
        Line::new(
            r"u^{k+1} = \rho u^k + (1-\rho) [d \circ d]",
            r"\text{@u1} = \text{@rho} \cdot \text{@u0} + \text{@1-rho} \cdot \text{@dd}",
        ),
    ],
    reference: "Zeiler 2012, ADADELTA: An Adaptive Learning Rate Method, algorithm 1; torch.optim.Adadelta",
    needs: Oracle::Gradient,
    measures: &[],
};

/// Adadelta: d = √(u + ε) / √(s + ε) · g with running means s of g∘g and u of d∘d.
///
/// Source: Zeiler 2012, algorithm 1; the learning rate is PyTorch's addition.
#[derive(Debug, Clone)]
pub struct Adadelta<T> {
    rho: f64,
    eps: f64,
    s: Vec<T>,
    u: Vec<T>,
}

impl<T: Real> Adadelta<T> {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            rho: args.number("rho"),
            eps: args.number("eps"),
            s: Vec::new(),
            u: Vec::new(),
        }
    }
}

impl<T: Real> Rule<T> for Adadelta<T> {
    fn reset(&mut self, dim: usize) {
        self.s = vec![T::ZERO; dim];
        self.u = vec![T::ZERO; dim];
    }

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        let (rho, rest, eps) = (T::of(self.rho), T::of(1.0 - self.rho), T::of(self.eps));
        for ((g, s), u) in g.iter_mut().zip(&mut self.s).zip(&mut self.u) {
            *s = rho * *s + rest * (*g * *g);
            let d = (*u + eps).sqrt() / (*s + eps).sqrt() * *g;
            *u = rho * *u + rest * (d * d);
            *g = d;
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.vector("s", &mut self.s);
        visitor.vector("u", &mut self.u);
    }
}
