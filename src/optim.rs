//! Methods: each takes one step on a problem.
//!
//! An [`Optimizer`] knows the oracles of [`crate::problem`] and nothing of networks, data or pages. What it did is a
//! [`Step`]; what stopped it is a [`Breakdown`]. Both are data.

pub mod first_order;
pub mod schedule;

use std::fmt;

use crate::args::Field;
use crate::error::Error;
use crate::problem::Objective;
use crate::real::Real;

/// A method that moves a point downhill (or tries to).
pub trait Optimizer<T: Real = f64> {
    /// Checks that `problem` has the oracles this method needs, allocates, and forgets all former steps.
    fn reset(&mut self, problem: &mut dyn Objective<T>) -> Result<(), Error>;

    /// Whether the method carries knowledge of the function from step to step, so that a changing minibatch misleads
    /// it.
    fn needs_fixed_batch(&self) -> bool {
        false
    }

    /// Moves `x` once. Allocates nothing. On a breakdown `x` is as it was.
    fn step(
        &mut self,
        problem: &mut dyn Objective<T>,
        x: &mut [T],
        cx: StepCx,
    ) -> Result<Step, Breakdown>;

    /// Shows every number that the method keeps to `visitor`: one list serves saving, restoring and the live
    /// equation.
    fn state(&mut self, visitor: &mut dyn StateVisitor<T>);
}

/// What a session tells a method at each step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepCx {
    /// Learning rate of this step, after the schedule.
    pub lr: f64,
    /// Number of steps taken before this one.
    pub iteration: u64,
    /// Seed of the session; a method draws from [`crate::rng::Stream::Method`] with the iteration as index.
    pub seed: u64,
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// f at the point the step started from, on the current batch.
    pub loss: f64,
    /// ‖∇f‖₂ there.
    pub grad_norm: f64,
    /// ‖Δx‖₂ of the move.
    pub step_norm: f64,
    /// Whether the trial point was taken.
    pub verdict: Verdict,
}

/// Whether a trial point was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The point moved.
    Accepted,
    /// The trial was worse; the point stayed.
    Rejected,
}

/// Why the arithmetic could not go on. The point stays where it was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Breakdown {
    /// A quantity became infinite or undefined.
    NonFinite {
        /// Which one, in words: "loss", "gradient".
        quantity: &'static str,
        /// Its value: NaN or ±∞.
        value: f64,
    },
}

impl fmt::Display for Breakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonFinite { quantity, value } if value.is_nan() => {
                write!(f, "{quantity} is not a number")
            }
            Self::NonFinite { quantity, .. } => write!(f, "{quantity} is infinite"),
        }
    }
}

/// Receives the state of a method, name by name, always in the same order.
pub trait StateVisitor<T: Real> {
    /// One value per parameter, such as the velocity `v`.
    fn vector(&mut self, name: &'static str, values: &mut [T]);
    /// One number.
    fn scalar(&mut self, name: &'static str, value: &mut f64);
}

/// What the catalogue says of a method: name, fields, equations, source. One constant per method, beside its code.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Method {
    /// The name that a config uses, such as `adam`.
    pub name: &'static str,
    /// The name that people use, such as `Adam`.
    pub title: &'static str,
    /// The part of the map it belongs to.
    pub family: Family,
    /// One sentence: what it does, and which variant this is where there are several.
    pub about: &'static str,
    /// Hyper-parameters.
    pub fields: &'static [Field],
    /// The update rule, line by line.
    pub equation: &'static [Line],
    /// Where it comes from: paper, section, equation.
    pub reference: &'static str,
}

/// A line of an update rule, in LaTeX.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// In symbols: `v^{k+1} = \\beta v^k + \\nabla f(\\theta^k)`.
    pub symbols: &'static str,
    /// The same with places for this step's numbers, each `\\text{@name}`: a state vector before (`@v0`) and after
    /// (`@v1`) the step, the point (`@x0`, `@x1`), the gradient (`@g`), what the method derives (`@mhat`), the
    /// learning rate (`@lr`), a hyper-parameter by its name (`@beta1`), or one minus it (`@1-beta1`).
    pub numbers: &'static str,
    /// Where the line depends on fields: it stands only if each of these has this value (flags as `true`, `false`).
    pub when: &'static [(&'static str, &'static str)],
}

impl Line {
    /// A line that always stands.
    pub const fn new(symbols: &'static str, numbers: &'static str) -> Self {
        Self {
            symbols,
            numbers,
            when: &[],
        }
    }

    /// The same line, but only where the fields have these values.
    #[must_use]
    pub const fn when(mut self, when: &'static [(&'static str, &'static str)]) -> Self {
        self.when = when;
        self
    }
}

/// A part of the map of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Uses the gradient.
    FirstOrder,
    /// Uses curvature, exact or estimated.
    SecondOrder,
}

impl Family {
    /// The name in the catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstOrder => "first_order",
            Self::SecondOrder => "second_order",
        }
    }
}
