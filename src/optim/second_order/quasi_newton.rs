//! What BFGS and L-BFGS have in common: a line search along a direction that is learnt from gradients.

use super::line_search::{Found, LineSearch, Rule, modest};
use super::{Known, LARGEST_SHOWN, Point, inverted, is_blind, settled};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::optim::{Breakdown, Optimizer, StateVisitor, Step, StepCx, System, Verdict};
use crate::problem::Objective;
use crate::real::norm;

/// A positive definite guess H of the inverse Hessian.
pub trait Model {
    /// What it is called as a matrix, inverted: "B of BFGS".
    const NAME: &'static str;

    /// Allocates for n parameters.
    fn reset(&mut self, n: usize) -> Result<(), Error>;

    /// Back to H = I.
    fn forget(&mut self);

    /// Whether nothing has been learnt yet, so that H = I.
    fn is_blank(&self) -> bool;

    /// d = Hg.
    fn direction(&mut self, g: &[f64], d: &mut [f64]);

    /// Learns that the gradient changed by `y` over the step `s`, where sᵀy = `sy` > 0.
    fn learn(&mut self, s: &[f64], y: &[f64], sy: f64);

    /// See [`Optimizer::state`].
    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>);
}

/// The field that both have besides the line search.
pub const LR: Field = Field::number(
    "lr",
    "α₀",
    "first trial of the line search; without a search the step length",
    1.0,
    Range::POSITIVE,
);

/// The line in numbers on what has been learnt.
pub const LEARNT: &str = r"s = \text{@s1}, \quad y = \text{@y1}";

/// What both measure: α, and sᵀy/sᵀs, the curvature along the step.
pub const MEASURES: &[&str] = &["step_length", "curvature"];

/// θᵏ⁺¹ = θᵏ − αHg, with α from the line search.
///
/// The first step is at most 1 long, as in L-BFGS-B, because nothing is known of the scale yet. Where sᵀy is not above
/// the rounding of its factors the step teaches nothing (the strong Wolfe conditions exclude it). A search that fails
/// starts once more from H = I.
///
/// Source: Nocedal, Wright 2006, algorithms 6.1 and 7.5.
#[derive(Debug, Clone)]
pub struct QuasiNewton<M> {
    model: M,
    search: LineSearch,
    alpha: f64,
    d: Vec<f64>,
    s: Vec<f64>,
    y: Vec<f64>,
    known: Known,
}

impl<M: Model> QuasiNewton<M> {
    /// With the field `line_search` of `args`.
    pub fn new(model: M, args: &Args) -> Self {
        Self {
            model,
            search: LineSearch::new(Rule::from_args(args)),
            alpha: 0.0,
            d: Vec::new(),
            s: Vec::new(),
            y: Vec::new(),
            known: Known::NOTHING,
        }
    }

    /// Along Hg; and whether a failure means that `x` is a solution.
    fn search(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        point: Point,
        lr: f64,
    ) -> (Result<Found, Breakdown>, bool) {
        self.model.direction(&self.known.g, &mut self.d);
        let slope = -dot(&self.known.g, &self.d);
        let unknown_scale = self.model.is_blank() && self.search.rule() != Rule::None;
        let scale = if unknown_scale { modest(&self.d) } else { 1.0 };
        let found = if slope < 0.0 {
            self.search
                .search(problem, x, &self.d, (point.loss, slope), lr * scale)
        } else {
            Err(Breakdown::LineSearch { trials: 0 })
        };
        (found, settled(point.loss, slope, &self.d, x))
    }
}

impl<M: Model> Optimizer<f64> for QuasiNewton<M> {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        self.model.reset(n)?;
        self.search.reset(n);
        self.known.reset(n);
        for vector in [&mut self.d, &mut self.s, &mut self.y] {
            *vector = vec![0.0; n];
        }
        self.alpha = 0.0;
        Ok(())
    }

    fn needs_fixed_batch(&self) -> bool {
        true
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let point = self.known.at(problem, x)?;
        let mut step = point.stays();
        if point.grad_norm == 0.0 {
            return Ok(step);
        }
        let (mut found, mut settled) = self.search(problem, x, point, cx.lr);
        let failed = matches!(found, Err(Breakdown::LineSearch { .. }));
        if failed && !settled && !self.model.is_blank() {
            self.model.forget();
            (found, settled) = self.search(problem, x, point, cx.lr);
        }
        let found = match found {
            Err(_) if settled => return Ok(step),
            found => found?,
        };
        for (i, s) in self.s.iter_mut().enumerate() {
            *s = self.search.trial[i] - x[i];
            self.y[i] = self.search.g[i] - self.known.g[i];
        }
        self.alpha = found.alpha;
        step.step_norm = norm(&self.s);
        if step.step_norm == 0.0 {
            return Ok(step);
        }
        let next = Point::checked(found.loss, &self.search.g)?;
        let slope = -dot(&self.known.g, &self.d);
        let searched = self.search.rule() != Rule::None;
        if searched && is_blind(point.loss, slope) && next.grad_norm >= point.grad_norm {
            step.step_norm = 0.0;
            return Ok(step);
        }
        let (ss, sy, yy) = (
            dot(&self.s, &self.s),
            dot(&self.s, &self.y),
            dot(&self.y, &self.y),
        );
        if sy > f64::EPSILON * (ss * yy).sqrt() {
            self.model.learn(&self.s, &self.y, sy);
        }
        step.verdict = Verdict::Accepted;
        step.measures[..2].copy_from_slice(&[found.alpha, sy / ss]);
        self.known.follow(&self.search, problem, x, next);
        Ok(step)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("d", &mut self.d);
        visitor.scalar("alpha", &mut self.alpha);
        visitor.vector("s", &mut self.s);
        visitor.vector("y", &mut self.y);
        self.model.state(visitor);
        self.known.state(visitor);
    }

    fn system(&mut self, problem: &mut dyn Objective<f64>, x: &[f64]) -> Option<System> {
        let n = x.len();
        if n > LARGEST_SHOWN {
            return None;
        }
        let (mut g, mut h) = (vec![0.0; n], vec![0.0; n * n]);
        for (i, row) in h.chunks_exact_mut(n).enumerate() {
            g.fill(0.0);
            g[i] = 1.0;
            self.model.direction(&g, row);
        }
        problem.gradient(x, &mut g);
        inverted(&h, &g, M::NAME)
    }
}
