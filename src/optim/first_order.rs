//! First-order methods: from the gradient alone.
//!
//! A method of this family is a [`Rule`]: it turns a gradient into a direction. [`FirstOrder`] makes an
//! [`Optimizer`] of it, θᵏ⁺¹ = θᵏ − α·direction. Rules chain as tuples, so clipping by norm in front of Adam is
//! `(ClipByNorm, Adam)`.

pub mod adadelta;
pub mod adagrad;
pub mod adam;
pub mod clip;
pub mod lion;
pub mod momentum;
pub mod nadam;
pub mod radam;
pub mod rmsprop;
pub mod sgd;
pub mod weight_decay;

use crate::args::Args;
use crate::error::Error;
use crate::optim::{Breakdown, Method, Optimizer, StateVisitor, Step, StepCx};
use crate::problem::Objective;
use crate::real::{Real, norm};
use clip::ClipByNorm;
use momentum::Momentum;

/// A first-order update: gradient in, direction out.
pub trait Rule<T: Real> {
    /// Allocates for `dim` parameters and forgets all former steps.
    fn reset(&mut self, dim: usize);

    /// Replaces the gradient in `g` by the direction to go against. `x` is the point before the step.
    fn apply(&mut self, x: &[T], g: &mut [T], cx: &StepCx);

    /// The factor on the direction: the learning rate, unless the rule has put it in already.
    fn step_size(&self, lr: f64) -> f64 {
        lr
    }

    /// See [`Optimizer::state`].
    fn state(&mut self, visitor: &mut dyn StateVisitor<T>);
}

/// The optimizer of a rule: θᵏ⁺¹ = θᵏ − α·direction(∇f(θᵏ)).
#[derive(Debug, Clone)]
pub struct FirstOrder<T, R> {
    rule: R,
    direction: Vec<T>,
}

impl<T: Real, R: Rule<T>> FirstOrder<T, R> {
    /// Lifts `rule`.
    pub fn new(rule: R) -> Self {
        Self {
            rule,
            direction: Vec::new(),
        }
    }
}

impl<T: Real, R: Rule<T>> Optimizer<T> for FirstOrder<T, R> {
    fn reset(&mut self, problem: &mut dyn Objective<T>) -> Result<(), Error> {
        self.direction = vec![T::ZERO; problem.dim()];
        self.rule.reset(problem.dim());
        Ok(())
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<T>,
        x: &mut [T],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let d = self.direction.as_mut_slice();
        let loss = problem.gradient(x, d);
        if !loss.is_finite() {
            return Err(Breakdown::NonFinite {
                quantity: "loss",
                value: loss,
            });
        }
        let grad_norm = norm(d);
        if !grad_norm.is_finite() {
            return Err(Breakdown::NonFinite {
                quantity: "gradient",
                value: grad_norm,
            });
        }
        self.rule.apply(x, d, &cx);
        let step_size = self.rule.step_size(cx.lr);
        let alpha = T::of(step_size);
        for (x, d) in x.iter_mut().zip(d.iter()) {
            *x -= alpha * *d;
        }
        Ok(Step::accepted(loss, grad_norm, step_size.abs() * norm(d)))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        visitor.vector("d", &mut self.direction);
        self.rule.state(visitor);
    }
}

/// A method and how to make it from its checked fields, with the clipping in front of it.
#[derive(Debug, Clone, Copy)]
pub struct Entry<T> {
    /// What the catalogue says.
    pub method: &'static Method,
    /// Its maker.
    pub build: fn(&Args, Option<ClipByNorm>) -> Box<dyn Optimizer<T>>,
}

/// Every first-order method, in the order of the lecture. A new one is one line here.
pub fn entries<T: Real>() -> [Entry<T>; 11] {
    let entry = |method, build| Entry { method, build };
    [
        entry(&sgd::METHOD, |args, clip| {
            lift(clip, sgd::Sgd::from_args(args))
        }),
        entry(&momentum::METHOD, |args, clip| {
            lift(clip, Momentum::from_args(args))
        }),
        entry(&momentum::NESTEROV, |args, clip| {
            lift(clip, Momentum::nesterov(args))
        }),
        entry(&adagrad::METHOD, |args, clip| {
            lift(clip, adagrad::Adagrad::from_args(args))
        }),
        entry(&adadelta::METHOD, |args, clip| {
            lift(clip, adadelta::Adadelta::from_args(args))
        }),
        entry(&rmsprop::METHOD, |args, clip| {
            lift(clip, rmsprop::RmsProp::from_args(args))
        }),
        entry(&adam::METHOD, |args, clip| {
            lift(clip, adam::Adam::from_args(args))
        }),
        entry(&weight_decay::ADAMW, |args, clip| {
            lift(clip, weight_decay::adamw(args))
        }),
        entry(&nadam::METHOD, |args, clip| {
            lift(clip, nadam::NAdam::from_args(args))
        }),
        entry(&radam::METHOD, |args, clip| {
            lift(clip, radam::RAdam::from_args(args))
        }),
        entry(&lion::METHOD, |args, clip| {
            lift(clip, lion::Lion::from_args(args))
        }),
    ]
}

fn lift<T: Real>(clip: Option<ClipByNorm>, rule: impl Rule<T> + 'static) -> Box<dyn Optimizer<T>> {
    let rule: Box<dyn Rule<T>> = Box::new(rule);
    Box::new(FirstOrder::new((clip, rule)))
}

impl<T: Real, A: Rule<T>, B: Rule<T>> Rule<T> for (A, B) {
    fn reset(&mut self, dim: usize) {
        self.0.reset(dim);
        self.1.reset(dim);
    }
    fn apply(&mut self, x: &[T], g: &mut [T], cx: &StepCx) {
        self.0.apply(x, g, cx);
        self.1.apply(x, g, cx);
    }
    fn step_size(&self, lr: f64) -> f64 {
        self.1.step_size(self.0.step_size(lr))
    }
    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        self.0.state(visitor);
        self.1.state(visitor);
    }
}

/// A rule that is chosen at run time.
impl<T: Real> Rule<T> for Box<dyn Rule<T>> {
    fn reset(&mut self, dim: usize) {
        (**self).reset(dim);
    }
    fn apply(&mut self, x: &[T], g: &mut [T], cx: &StepCx) {
        (**self).apply(x, g, cx);
    }
    fn step_size(&self, lr: f64) -> f64 {
        (**self).step_size(lr)
    }
    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        (**self).state(visitor);
    }
}

/// A rule that may be left out.
impl<T: Real, R: Rule<T>> Rule<T> for Option<R> {
    fn reset(&mut self, dim: usize) {
        if let Some(rule) = self {
            rule.reset(dim);
        }
    }
    fn apply(&mut self, x: &[T], g: &mut [T], cx: &StepCx) {
        if let Some(rule) = self {
            rule.apply(x, g, cx);
        }
    }
    fn step_size(&self, lr: f64) -> f64 {
        self.as_ref().map_or(lr, |rule| rule.step_size(lr))
    }
    fn state(&mut self, visitor: &mut dyn StateVisitor<T>) {
        if let Some(rule) = self {
            rule.state(visitor);
        }
    }
}
