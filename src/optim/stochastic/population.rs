//! A population of points with their values, and the best point ever seen.

use rand::RngExt;

use super::below;
use crate::optim::{Breakdown, MEASURES, Members, StateVisitor, Step, Verdict};
use crate::problem::Objective;
use crate::rng::Rng;

/// Names of what every method with a population reports: the lowest value ever seen, the mean over the members (those
/// where f is defined), and their root-mean-square distance from their centre in a coordinate.
pub const BEST: &str = "best";
/// See [`BEST`].
pub const MEAN: &str = "mean";
/// See [`BEST`].
pub const SPREAD: &str = "spread";

/// The members have drawn together when their deviation is below this part of the first range in every coordinate:
/// Hansen's `TolX`.
const TOGETHER: f64 = 1e-12;

/// Where the values of all members are equal but for rounding, this will do, as nothing tells them apart any more.
const TOGETHER_IF_FLAT: f64 = 1e-6;

/// The rounding of a value that is a sum of some hundred terms, as a part of it.
const ROUNDING: f64 = 1e2 * f64::EPSILON;

/// What has happened to the session since the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// There was no step: the range is known now, and the members are to be drawn.
    Start,
    /// There was one.
    Step {
        /// The point was moved from outside.
        moved: bool,
        /// The function is another, so that the values of the members are of the past.
        changed: bool,
    },
}

/// Members, their values, and the best point ever seen, which is the session's.
#[derive(Debug, Clone, Default)]
pub struct Population {
    dim: usize,
    /// N·n.
    pub x: Vec<f64>,
    /// N.
    pub f: Vec<f64>,
    best: Vec<f64>,
    best_f: f64,
    edition: f64,
    /// The lower ends of the range of the first members.
    low: Vec<f64>,
    /// Its widths.
    pub width: Vec<f64>,
    centre: Vec<f64>,
    order: Vec<usize>,
}

impl Population {
    /// Room for `members` points; none is known.
    pub fn reset(&mut self, dim: usize, members: usize) {
        *self = Self {
            dim,
            x: vec![0.0; members * dim],
            f: vec![f64::INFINITY; members],
            best: vec![0.0; dim],
            best_f: f64::NAN,
            edition: 0.0,
            low: vec![0.0; dim],
            width: vec![0.0; dim],
            centre: vec![0.0; dim],
            order: (0..members).collect(),
        };
    }

    /// N.
    pub fn len(&self) -> usize {
        self.f.len()
    }

    /// The point of a member.
    pub fn member(&self, i: usize) -> &[f64] {
        &self.x[i * self.dim..(i + 1) * self.dim]
    }

    /// The member with the lowest value.
    pub fn fittest(&self) -> usize {
        (1..self.len()).fold(0, |best, i| if self.f[i] < self.f[best] { i } else { best })
    }

    /// Orders the members by their values, the lowest first.
    pub fn rank(&mut self) {
        let f = &self.f;
        self.order
            .sort_unstable_by(|a, b| f[*a].total_cmp(&f[*b]).then(a.cmp(b)));
    }

    /// The member that [`Population::rank`] has put at place `rank`.
    pub fn ranked(&self, rank: usize) -> usize {
        self.order[rank]
    }

    /// Takes in what has happened since the last step, so that f(`x`) is known.
    ///
    /// # Errors
    /// f is not finite at `x`.
    pub fn begin(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        sigma: f64,
    ) -> Result<Since, Breakdown> {
        let edition = problem.edition() as f64;
        let first = self.best_f.is_nan();
        let moved = self.best != x;
        let changed = edition != self.edition;
        if first || moved || changed {
            let value = problem.value(x);
            if !value.is_finite() {
                return Err(Breakdown::NonFinite {
                    quantity: "loss",
                    value,
                });
            }
            self.best_f = value;
            self.best.copy_from_slice(x);
        }
        self.edition = edition;
        if first {
            self.take_range(problem.search_range(), x, sigma);
            return Ok(Since::Start);
        }
        Ok(Since::Step { moved, changed })
    }

    /// The values of all members, anew.
    pub fn revalue(&mut self, problem: &mut dyn Objective<f64>) {
        for (x, f) in self.x.chunks_exact(self.dim).zip(&mut self.f) {
            *f = evaluate(problem, x);
        }
    }

    fn take_range(&mut self, range: &[[f64; 2]], x: &[f64], sigma: f64) {
        for (j, x) in x.iter().enumerate() {
            let [from, to] = range.get(j).copied().unwrap_or([x - sigma, x + sigma]);
            self.low[j] = from;
            self.width[j] = to - from;
        }
    }

    /// Makes the first members: the session's point, and the others spread over the range as a Latin hypercube, so that
    /// in each coordinate every N-th part of it holds one of N.
    ///
    /// Source: `McKay`, Beckman & Conover 1979, Technometrics 21, 239–245.
    pub fn scatter(&mut self, problem: &mut dyn Objective<f64>, rng: &mut Rng) {
        let (n, members) = (self.dim, self.len());
        for j in 0..n {
            for i in (1..members).rev() {
                self.order.swap(i, below(rng, i + 1));
            }
            for (i, stratum) in self.order.iter().enumerate() {
                let u = (*stratum as f64 + rng.random::<f64>()) / members as f64;
                self.x[i * n + j] = self.low[j] + self.width[j] * u;
            }
        }
        self.join(0);
        for (x, f) in self.x.chunks_exact(n).zip(&mut self.f).skip(1) {
            *f = evaluate(problem, x);
        }
    }

    /// Draws each coordinate of `x` anew that is outside the range.
    pub fn keep_inside(&self, x: &mut [f64], rng: &mut Rng) {
        for ((x, low), width) in x.iter_mut().zip(&self.low).zip(&self.width) {
            if !(*low..=low + width).contains(x) {
                *x = low + width * rng.random::<f64>();
            }
        }
    }

    /// Puts the session's point in the place of a member.
    pub fn join(&mut self, i: usize) {
        self.x[i * self.dim..(i + 1) * self.dim].copy_from_slice(&self.best);
        self.f[i] = self.best_f;
    }

    /// The member with the highest value.
    pub fn worst(&self) -> usize {
        (1..self.len()).fold(
            0,
            |worst, i| if self.f[i] > self.f[worst] { i } else { worst },
        )
    }

    /// Ends the step: `x` moves to the best point ever seen. The report has `own` as its fourth measure.
    ///
    /// # Errors
    /// f falls without end.
    pub fn finish(&mut self, x: &mut [f64], own: f64) -> Result<Step, Breakdown> {
        let loss = self.best_f;
        let fittest = self.fittest();
        let improved = self.f[fittest] < self.best_f;
        if improved {
            if self.f[fittest] == f64::NEG_INFINITY {
                return Err(Breakdown::NonFinite {
                    quantity: "loss",
                    value: f64::NEG_INFINITY,
                });
            }
            self.best_f = self.f[fittest];
            self.best
                .copy_from_slice(&self.x[fittest * self.dim..(fittest + 1) * self.dim]);
        }
        let moved: f64 = x
            .iter()
            .zip(&self.best)
            .map(|(x, b)| (b - x) * (b - x))
            .sum();
        x.copy_from_slice(&self.best);
        let (spread, widest) = self.spread();
        let mut measures = [f64::NAN; MEASURES];
        measures[..4].copy_from_slice(&[self.best_f, self.mean(), spread, own]);
        let verdict = if self.together(widest) {
            Verdict::Solved
        } else if improved {
            Verdict::Accepted
        } else {
            Verdict::Rejected
        };
        Ok(Step {
            verdict,
            measures,
            ..Step::accepted(loss, f64::NAN, moved.sqrt())
        })
    }

    /// The mean of the values that are finite.
    fn mean(&self) -> f64 {
        let finite = || self.f.iter().filter(|f| f.is_finite());
        finite().sum::<f64>() / finite().count() as f64
    }

    /// The root of the mean over coordinates of the members' variance, and the largest deviation in a coordinate as a
    /// part of the first range.
    fn spread(&mut self) -> (f64, f64) {
        let (n, members) = (self.dim, self.len() as f64);
        self.centre.fill(0.0);
        for x in self.x.chunks_exact(n) {
            for (c, x) in self.centre.iter_mut().zip(x) {
                *c += x / members;
            }
        }
        let (mut sum, mut widest) = (0.0, 0.0_f64);
        for j in 0..n {
            let c = self.centre[j];
            let squares = self.x[j..].iter().step_by(n).map(|x| (x - c) * (x - c));
            let variance = squares.sum::<f64>() / members;
            sum += variance;
            widest = widest.max(variance.sqrt() / self.width[j]);
        }
        ((sum / n as f64).sqrt(), widest)
    }

    fn together(&self, widest: f64) -> bool {
        if widest <= TOGETHER {
            return true;
        }
        let (low, high) = (self.f[self.fittest()], self.f[self.worst()]);
        widest <= TOGETHER_IF_FLAT && high - low <= ROUNDING * low.abs()
    }

    /// See [`crate::optim::Optimizer::population`].
    pub fn members(&self) -> Option<Members<'_, f64>> {
        if self.best_f.is_nan() {
            return None;
        }
        Some(Members {
            dim: self.dim,
            points: &self.x,
            values: &self.f,
        })
    }

    /// See [`crate::optim::Optimizer::state`].
    pub fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("best", &mut self.best);
        visitor.scalar("f", &mut self.best_f);
        visitor.scalar("edition", &mut self.edition);
        visitor.vector("low", &mut self.low);
        visitor.vector("width", &mut self.width);
        visitor.vector("members", &mut self.x);
        visitor.vector("values", &mut self.f);
    }
}

/// f(`x`), infinite where it is not defined: there no member survives.
pub fn evaluate(problem: &mut dyn Objective<f64>, x: &[f64]) -> f64 {
    let value = problem.value(x);
    if value.is_nan() { f64::INFINITY } else { value }
}
