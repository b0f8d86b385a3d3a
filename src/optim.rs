//! Methods: each takes one step on a problem.
//!
//! An [`Optimizer`] knows the oracles of [`crate::problem`] and nothing of networks, data or pages. What it did is a
//! [`Step`]; what stopped it is a [`Breakdown`]. Both are data.

pub mod constrained;
pub mod first_order;
pub mod linear;
pub mod schedule;
pub mod second_order;
pub mod stochastic;

use std::fmt;

use crate::args::{Args, Field};
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

    /// The linear system that the next step from `x` will solve, to be looked at; none where the method solves none.
    /// May allocate.
    fn system(&mut self, _problem: &mut dyn Objective<T>, _x: &[T]) -> Option<System> {
        None
    }

    /// The points that the method works with, where it has several and has taken a step.
    fn population(&self) -> Option<Members<'_, T>> {
        None
    }

    /// What the last step has drawn, of a method that samples.
    fn draw(&self) -> Option<Draw<'_>> {
        None
    }

    /// The multipliers of the constraints as they stand now; none where the method has none. Allocates.
    fn multipliers(&self) -> Option<Multipliers> {
        None
    }

    /// Why the problem has no solution, once the method has found that out and can prove it. Allocates.
    fn certificate(&self) -> Option<Certificate> {
        None
    }
}

/// The points of a method that works with several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Members<'a, T> {
    /// n.
    pub dim: usize,
    /// Point after point.
    pub points: &'a [T],
    /// f at each; infinite where it is not defined.
    pub values: &'a [f64],
}

/// A step of a method that samples: one draw of each of C chains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Draw<'a> {
    /// n.
    pub dim: usize,
    /// Where the chains are, one after the other; C·n.
    pub points: &'a [f64],
    /// f at each.
    pub values: &'a [f64],
    /// Where they were before.
    pub from: &'a [f64],
    /// Where they were to go.
    pub trials: &'a [f64],
    /// 1 of a chain that went there, 0 of one that stayed.
    pub accepted: &'a [f64],
    /// Whether the step was one of the warm-up, so that the draws are not from the density yet.
    pub warming: bool,
    /// Whether the density changes from step to step.
    pub cooling: bool,
    /// What is sampled, as it is at the next step.
    pub density: Density,
    /// The lowest point that any chain has come to, and f there.
    pub best: (&'a [f64], f64),
}

/// What is sampled: exp(−U) for an energy U that depends on f alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Density {
    /// U = f/T.
    Temperature(f64),
    /// U = (m/2) ln f for m residuals: the likelihood exp(−‖r‖²/2σ²)/σᵐ integrated over σ² with the prior 1/σ².
    UnknownNoise(f64),
}

impl Density {
    /// U where f is `value`; infinite where f is not defined.
    pub fn energy(self, value: f64) -> f64 {
        match self {
            _ if value.is_nan() => f64::INFINITY,
            Self::Temperature(t) => value / t,
            Self::UnknownNoise(m) => 0.5 * m * libm::log(value.max(f64::MIN_POSITIVE)),
        }
    }

    /// dU/df.
    pub fn slope(self, value: f64) -> f64 {
        match self {
            Self::Temperature(t) => 1.0 / t,
            Self::UnknownNoise(m) => 0.5 * m / value.max(f64::MIN_POSITIVE),
        }
    }

    /// T; NaN where there is none.
    pub fn temperature(self) -> f64 {
        match self {
            Self::Temperature(t) => t,
            Self::UnknownNoise(_) => f64::NAN,
        }
    }
}

/// Multipliers of c(x) = 0 and g(x) ≤ 0, in the order of [`crate::problem::Constrained`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Multipliers {
    /// ν.
    pub nu: Vec<f64>,
    /// λ ≥ 0.
    pub lambda: Vec<f64>,
}

/// The proof that a quadratic program has no solution.
#[derive(Debug, Clone, PartialEq)]
pub enum Certificate {
    /// No point satisfies the constraints: Aᵀν + Gᵀλ = 0 with λ ≥ 0 and bᵀν + hᵀλ = −1 (bounds among G and h). The
    /// lemma of Farkas.
    Infeasible(Multipliers),
    /// f falls for ever along d: Pd = 0, Ad = 0, Gd ≤ 0 and qᵀd = −1.
    Unbounded(Vec<f64>),
}

/// A linear system that a method solves in a step: matrix · p = rhs for a step of p.
///
/// The same matrix B makes the method's model of the function, m(p) = f + ∇fᵀp + ½pᵀBp.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// n.
    pub dim: usize,
    /// n·n, row-major, symmetric.
    pub matrix: Vec<f64>,
    /// n; −∇f.
    pub rhs: Vec<f64>,
    /// What the matrix is, in Unicode: "∇²f", "JᵀJ + λI".
    pub name: &'static str,
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
    /// ‖∇f‖₂ there; NaN of a method that asks for no gradient.
    pub grad_norm: f64,
    /// ‖Δx‖₂ of the move; of the trial where it was rejected.
    pub step_norm: f64,
    /// Whether the trial point was taken.
    pub verdict: Verdict,
    /// Linear systems solved in this step.
    pub solves: u32,
    /// Products with the matrix of a linear system; each counts as a gradient, which there is one product.
    pub products: u32,
    /// What the method has measured, in the order of [`Method::measures`]; NaN behind them.
    pub measures: [f64; MEASURES],
}

/// As many numbers of its own may a method report with a step.
pub const MEASURES: usize = 4;

impl Step {
    /// An accepted step without linear algebra and without measures of its own.
    pub const fn accepted(loss: f64, grad_norm: f64, step_norm: f64) -> Self {
        Self {
            loss,
            grad_norm,
            step_norm,
            verdict: Verdict::Accepted,
            solves: 0,
            products: 0,
            measures: [f64::NAN; MEASURES],
        }
    }
}

/// Whether a trial point was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The point moved.
    Accepted,
    /// The trial was worse; the point stayed.
    Rejected,
    /// The point is a solution, as far as the method can tell; there is no further step.
    Solved,
}

impl Verdict {
    /// The name in a report: a solution was accepted.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Accepted | Self::Solved => "accepted",
            Self::Rejected => "rejected",
        }
    }
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
    /// A matrix that had to be positive definite is not.
    NotPositiveDefinite {
        /// The pivot that showed it, counted from 1.
        pivot: usize,
        /// Its value, not above zero.
        value: f64,
    },
    /// A matrix has no inverse.
    Singular {
        /// The pivot that vanished, counted from 1.
        pivot: usize,
    },
    /// No step along the direction satisfies the conditions of the line search.
    LineSearch {
        /// Trials made.
        trials: u32,
    },
    /// A stationary iteration would not converge.
    SpectralRadius {
        /// That of its iteration matrix, 1 or more.
        radius: f64,
    },
    /// The damping grew to its limit and no trial was better.
    Damping {
        /// The limit.
        lambda: f64,
    },
    /// No point satisfies the constraints; [`Optimizer::certificate`] has the proof.
    Infeasible {
        /// ‖Aᵀν + Gᵀλ‖∞ of the proof; a feasible point would have a norm ‖x‖₁ of its inverse or more.
        residual: f64,
    },
    /// The constraints are violated and no small step lessens that, however large their weight.
    NoFeasiblePoint {
        /// The largest violation.
        violation: f64,
    },
    /// f falls for ever within the constraints; [`Optimizer::certificate`] has the direction.
    Unbounded {
        /// By how much the direction misses its conditions, relative to its slope.
        residual: f64,
    },
    /// f has fallen so far that it is taken for unbounded.
    NoMinimum {
        /// f.
        value: f64,
    },
    /// Rounding lets the method come no closer to a solution.
    Stalled {
        /// How far the point is from satisfying the conditions of a solution.
        residual: f64,
    },
}

impl fmt::Display for Breakdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonFinite { quantity, value } if value.is_nan() => {
                write!(f, "{quantity} is not a number")
            }
            Self::NonFinite { quantity, .. } => write!(f, "{quantity} is infinite"),
            Self::NotPositiveDefinite { pivot, value } => {
                write!(f, "not positive definite: pivot {pivot} is {value:.3e}")
            }
            Self::Singular { pivot } => write!(f, "singular: pivot {pivot} is zero"),
            Self::LineSearch { trials } => {
                write!(f, "line search exhausted after {trials} trials")
            }
            Self::SpectralRadius { radius } if *radius >= 1e6 => write!(
                f,
                "does not converge: the spectral radius of its iteration is {radius:.3e}, it must be below 1"
            ),
            Self::SpectralRadius { radius } => write!(
                f,
                "does not converge: the spectral radius of its iteration is {radius:.4}, it must be below 1"
            ),
            Self::Damping { lambda } => write!(f, "no better point up to λ = {lambda:.0e}"),
            Self::Infeasible { residual } => write!(
                f,
                "infeasible: no point satisfies all constraints (multipliers prove it, to {residual:.0e})"
            ),
            Self::NoFeasiblePoint { violation } => write!(
                f,
                "infeasible as far as can be seen: a violation of {violation:.3e} stays, and no small step lessens it"
            ),
            Self::Unbounded { residual } => write!(
                f,
                "unbounded: the function falls for ever along a direction within the constraints (to {residual:.0e})"
            ),
            Self::NoMinimum { value } => {
                write!(
                    f,
                    "unbounded as far as can be seen: the function fell to {value:.1e}"
                )
            }
            Self::Stalled { residual } => {
                write!(
                    f,
                    "stalled: rounding leaves a KKT residual of {residual:.3e}"
                )
            }
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
    /// What it must be able to ask of a problem.
    pub needs: Oracle,
    /// Names of the numbers that it reports with each step, at most [`MEASURES`]; each becomes a column of the history.
    pub measures: &'static [&'static str],
}

/// What can be asked of a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Oracle {
    /// The value alone.
    Value,
    /// Value and gradient.
    Gradient,
    /// Second derivatives.
    Hessian,
    /// Residuals and their Jacobian.
    LeastSquares,
    /// Matrix and right-hand side.
    LinearSystem,
    /// Constraints and their derivatives.
    Constrained,
    /// A smooth part and the proximal map of the rest.
    Proximal,
    /// The matrices of a convex problem.
    Convex,
}

impl Oracle {
    /// The name in the catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Gradient => "gradient",
            Self::Hessian => "hessian",
            Self::LeastSquares => "least_squares",
            Self::LinearSystem => "linear_system",
            Self::Constrained => "constrained",
            Self::Proximal => "proximal",
            Self::Convex => "convex",
        }
    }
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

/// A method and how to make it from its checked fields. Those of first order have [`first_order::Entry`], with clipping.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// What the catalogue says.
    pub method: &'static Method,
    /// Its maker. Curvature needs the digits of `f64`.
    pub build: fn(&Args) -> Box<dyn Optimizer<f64>>,
}

/// A part of the map of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Uses the gradient.
    FirstOrder,
    /// Uses curvature, exact or estimated.
    SecondOrder,
    /// Solves a linear system.
    Linear,
    /// Draws points at random.
    Stochastic,
    /// Minimises under constraints, or a function with a part that is not smooth.
    Constrained,
}

impl Family {
    /// The name in the catalogue.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FirstOrder => "first_order",
            Self::SecondOrder => "second_order",
            Self::Linear => "linear",
            Self::Stochastic => "stochastic",
            Self::Constrained => "constrained",
        }
    }
}
