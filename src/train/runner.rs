//! The loop: one method on one task, in one precision.

use std::ops::Range;

use super::best::BestPoint;
use super::codec::{Codec, Corrupt};
use super::draws::Draws;
use super::history::{History, Row};
use super::landscape::Plane;
use super::metrics::Validation;
use super::sampling::{MOST_PARAMETERS, Marginal, Parameter, PosteriorBand, Sampling};
use super::session::{Clock, Status};
use super::task::{Curve, Info, Network, Part, Scope, Task};
use crate::config::{Early, Record, Stop, Watch};
use crate::error::Error;
use crate::optim::schedule::Schedule;
use crate::optim::{
    Breakdown, Certificate, Family, MEASURES, Members, Method, Multipliers, Optimizer, Oracle,
    StateVisitor, Step, StepCx, System, Verdict,
};
use crate::problem::linear_system::SquareSystem;
use crate::problem::{
    Constrained, Convex, Hessian, LeastSquares, LinearSystem, Objective, Proximal,
};
use crate::real::Real;

/// Iterations between two looks at the clock.
const CLOCK_EVERY: u64 = 64;

/// Which point is kept where no run is to be stopped early.
const KEEP_LOWEST: Early = Early {
    watch: Watch::Loss,
    patience: u64::MAX,
    min_delta: 0.0,
};

/// What has been asked of the objective so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evals {
    /// Values alone.
    pub value: u64,
    /// Gradients, each with its value.
    pub gradient: u64,
    /// Hessians.
    pub hessian: u64,
    /// Jacobians, each with its residuals.
    pub jacobian: u64,
    /// Linear systems solved.
    pub solves: u64,
}

/// The last step and its learning rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Last {
    /// What it did.
    pub step: Step,
    /// Learning rate.
    pub lr: f64,
}

/// What of a config the loop itself needs.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Learning rate before the schedule.
    pub lr: f64,
    /// The schedule.
    pub schedule: Schedule,
    /// When to stop.
    pub stop: Stop,
    /// What is recorded.
    pub record: Record,
    /// Seed of the method's own draws.
    pub seed: u64,
    /// For the time column.
    pub clock: Clock,
}

/// One method on one task.
pub struct Runner<T: Real> {
    task: Box<dyn Task<T>>,
    method: &'static Method,
    optimizer: Box<dyn Optimizer<T>>,
    x: Vec<T>,
    /// The last point where the loss was finite.
    good: Vec<T>,
    /// Work space: the point before the current step.
    before: Vec<T>,
    iteration: u64,
    elapsed_ms: f64,
    evals: Evals,
    last: Last,
    status: Status,
    best: Best,
    best_point: BestPoint<T>,
    history: History,
    draws: Draws,
    watched: Vec<usize>,
    explained: Option<Explained>,
    rules: Rules,
}

/// The lowest smoothed loss so far, for [`Stop::plateau`].
#[derive(Debug, Clone, Copy)]
struct Best {
    loss: f64,
    at: f64,
}

/// The numbers of the last step at the watched coordinates.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// Steps taken before it.
    pub iteration: u64,
    /// Name and one number a watched coordinate (scalars: one number).
    pub values: Vec<(String, Vec<f64>)>,
}

impl<T: Real> Runner<T> {
    /// At the task's start.
    pub fn new(
        mut task: Box<dyn Task<T>>,
        (method, mut optimizer): Chosen<T>,
        rules: Rules,
    ) -> Result<Self, Error> {
        optimizer.reset(&mut *task)?;
        let x = task.start();
        let mut history = History::new(rules.record.every, rules.record.ema, x.len());
        history.measure(measures(&*task, method));
        let network = task.as_network();
        let validates = network.is_some_and(|network| network.has_rows(Part::Val));
        Ok(Self {
            best_point: BestPoint::new(if validates { x.len() } else { 0 }),
            good: x.clone(),
            before: x.clone(),
            history,
            draws: Draws::default(),
            x,
            task,
            method,
            optimizer,
            iteration: 0,
            elapsed_ms: 0.0,
            evals: Evals::default(),
            last: Last {
                step: Step::accepted(f64::NAN, f64::NAN, f64::NAN),
                lr: f64::NAN,
            },
            status: Status::Running,
            best: Best {
                loss: f64::INFINITY,
                at: 0.0,
            },
            watched: Vec::new(),
            explained: None,
            rules,
        })
    }

    /// Up to `n` iterations; fewer if the run ends.
    pub fn train(&mut self, n: u64) {
        let budget = self
            .rules
            .stop
            .iterations
            .map(|b| b.saturating_sub(self.iteration).max(1));
        let mut left = budget.map_or(n, |budget| n.min(budget));
        while left > 0 && self.status == Status::Running {
            let chunk = left.min(CLOCK_EVERY);
            let (row, from) = (self.history.rows(), (self.rules.clock)());
            for i in 0..chunk {
                let last = i + 1 == left || self.rules.stop.may_end_early();
                self.iterate(last && !self.watched.is_empty());
                if self.status != Status::Running {
                    break;
                }
            }
            let began = self.elapsed_ms;
            self.elapsed_ms += ((self.rules.clock)() - from).max(0.0);
            self.history.set_times(row, began, self.elapsed_ms);
            left -= chunk;
        }
    }

    fn iterate(&mut self, explain: bool) {
        let epoch = self.task.epoch(self.iteration);
        let lr = self.rules.schedule.at(self.rules.lr, epoch, self.iteration);
        let (seen, train_score) = self.validation();
        self.task.next_batch(self.iteration);
        self.before.copy_from_slice(&self.x);
        self.history.push_point(self.x.iter().map(|v| v.f64()));
        let watched = if explain {
            self.watched.as_slice()
        } else {
            &[]
        };
        let earlier = explain.then(|| look(&mut *self.optimizer, watched, "0"));
        let mut gradient = Vec::new();
        let mut counted = Counted {
            inner: &mut *self.task,
            evals: &mut self.evals,
            watched,
            gradient: &mut gradient,
            residual_count: 0,
            counts: (0, 0),
        };
        let cx = StepCx {
            lr,
            iteration: self.iteration,
            seed: self.rules.seed,
        };
        let result = self.optimizer.step(&mut counted, &mut self.x, cx);
        let step = match result {
            Ok(step) => {
                std::mem::swap(&mut self.before, &mut self.good);
                if let Some(draw) = self.optimizer.draw() {
                    self.draws.push(&draw);
                }
                step
            }
            Err(breakdown) => {
                self.x.copy_from_slice(&self.good);
                self.status = Status::of_breakdown(breakdown, self.iteration);
                let last = &self.last.step;
                let nothing = [f64::NAN; MEASURES];
                let (loss, grad_norm, measures) = match breakdown {
                    Breakdown::NonFinite {
                        quantity: "loss",
                        value,
                    } => (value, f64::NAN, nothing),
                    Breakdown::NonFinite { value, .. } => (last.loss, value, nothing),
                    _ => (last.loss, last.grad_norm, last.measures),
                };
                Step {
                    verdict: Verdict::Rejected,
                    measures,
                    ..Step::accepted(loss, grad_norm, 0.0)
                }
            }
        };
        self.evals.gradient += u64::from(step.products);
        self.evals.solves += u64::from(step.solves);
        self.last = Last { step, lr };
        if let Some(earlier) = earlier {
            self.explained = Some(self.explain(earlier, gradient, lr));
        }
        let row = Row {
            iteration: self.iteration,
            epoch,
            loss: step.loss,
            grad_norm: step.grad_norm,
            step_norm: step.step_norm,
            lr,
            value_evals: self.evals.value,
            gradient_evals: self.evals.gradient,
            val_loss: seen.loss,
            val_accuracy: seen.accuracy,
            val_r2: seen.r2,
            hessian_evals: self.evals.hessian,
            jacobian_evals: self.evals.jacobian,
            solves: self.evals.solves,
            accepted: step.verdict != Verdict::Rejected,
            train_score,
        };
        let mut measures = [f64::NAN; 2 * MEASURES];
        let of_task = self.task.measures().len();
        if of_task > 0 && self.history.wants(&row) {
            // After an accepted step the point it started from is the last good one.
            self.task
                .measure(&self.good, &step, &mut measures[..of_task]);
        }
        measures[of_task..of_task + MEASURES].copy_from_slice(&step.measures);
        let ema = self.history.push(&row, &measures);
        if self.status == Status::Running {
            self.iteration += 1;
            self.status = self.stop(&step, ema);
        }
    }

    /// What the validation rows say if this iteration has its turn, else NaN; and the score on training rows, if it is
    /// wanted.
    fn validation(&mut self) -> (Validation, f64) {
        const NONE: (Validation, f64) = (
            Validation {
                loss: f64::NAN,
                accuracy: f64::NAN,
                r2: f64::NAN,
            },
            f64::NAN,
        );
        let record = self.rules.record;
        let every = record
            .validate_every
            .unwrap_or_else(|| self.task.batches_per_epoch().max(10));
        if every == 0 || !self.iteration.is_multiple_of(every) {
            return NONE;
        }
        match self.task.as_network() {
            Some(network) if network.has_rows(Part::Val) => {
                let seen = network.validate(&self.x);
                let rule = self.rules.stop.early.unwrap_or(KEEP_LOWEST);
                self.best_point.see(&self.x, seen, self.iteration, &rule);
                let train_score = if record.train_score {
                    network.train_score(&self.x)
                } else {
                    f64::NAN
                };
                (seen, train_score)
            }
            _ => NONE,
        }
    }

    fn stop(&mut self, step: &Step, ema: f64) -> Status {
        if step.verdict == Verdict::Solved && step.grad_norm.is_nan() {
            return Status::Converged(format!(
                "all points have drawn together at step {}: the search is over",
                self.iteration
            ));
        }
        if step.verdict == Verdict::Solved {
            let what = match self.method.family {
                Family::Constrained => "KKT residual",
                _ => "gradient norm",
            };
            return Status::Converged(format!(
                "{what} is {:.3e} at step {}: a solution",
                step.grad_norm, self.iteration
            ));
        }
        let Stop {
            iterations,
            gradient_tol,
            target,
            plateau,
            early,
            diverge_above,
        } = self.rules.stop;
        if diverge_above.is_some_and(|limit| step.loss > limit) {
            return Status::Diverged(format!(
                "loss is above {} at step {}",
                diverge_above.unwrap_or(0.0),
                self.iteration
            ));
        }
        if gradient_tol.is_some_and(|tol| step.grad_norm <= tol) {
            return Status::Converged(format!(
                "gradient norm is {:.3e} at step {}",
                step.grad_norm, self.iteration
            ));
        }
        if target.is_some_and(|target| step.loss <= target) {
            return Status::Converged(format!(
                "loss is {:.6e} at step {}",
                step.loss, self.iteration
            ));
        }
        if let Some(plateau) = plateau {
            if ema < self.best.loss - plateau.min_delta {
                self.best = Best {
                    loss: ema,
                    at: self.iteration as f64,
                };
            } else if self.iteration as f64 - self.best.at >= plateau.patience as f64 {
                return Status::Stopped(format!("no progress for {} iterations", plateau.patience));
            }
        }
        if let Some(early) = early.filter(|early| self.best_point.waited >= early.patience) {
            return Status::Stopped(self.best_point.reason(early.watch));
        }
        match iterations {
            Some(budget) if self.iteration >= budget => {
                Status::Stopped(format!("budget of {budget} iterations spent"))
            }
            _ => Status::Running,
        }
    }

    fn explain(
        &mut self,
        earlier: Vec<(String, Vec<f64>)>,
        gradient: Vec<f64>,
        lr: f64,
    ) -> Explained {
        let at = |x: &[T]| self.watched.iter().map(|i| x[*i].f64()).collect::<Vec<_>>();
        // After an accepted step the point it started from is the last good one.
        let mut values = vec![
            ("x0".to_owned(), at(&self.good)),
            ("x1".to_owned(), at(&self.x)),
        ];
        values.push(("gg".to_owned(), gradient.iter().map(|g| g * g).collect()));
        values.push(("g".to_owned(), gradient));
        values.push(("lr".to_owned(), vec![lr]));
        values.extend(earlier.into_iter().filter(|(name, _)| name != "d0"));
        for (name, v) in look(&mut *self.optimizer, &self.watched, "1") {
            if name == "d1" {
                values.push(("dd".to_owned(), v.iter().map(|d| d * d).collect()));
                values.push(("d".to_owned(), v));
            } else {
                values.push((name, v));
            }
        }
        Explained {
            iteration: self.iteration,
            values,
        }
    }
}

/// The state of a method at some coordinates, each name with `suffix` behind it.
fn look<T: Real>(
    optimizer: &mut dyn Optimizer<T>,
    watched: &[usize],
    suffix: &'static str,
) -> Vec<(String, Vec<f64>)> {
    struct Look<'a> {
        watched: &'a [usize],
        suffix: &'static str,
        seen: Vec<(String, Vec<f64>)>,
    }
    impl<T: Real> StateVisitor<T> for Look<'_> {
        fn vector(&mut self, name: &'static str, values: &mut [T]) {
            if !values.is_empty() {
                let numbers = self.watched.iter().filter_map(|i| values.get(*i));
                let picked = numbers.map(|v| v.f64()).collect();
                self.seen.push((format!("{name}{}", self.suffix), picked));
            }
        }
        fn scalar(&mut self, name: &'static str, value: &mut f64) {
            self.seen
                .push((format!("{name}{}", self.suffix), vec![*value]));
        }
    }
    let mut visitor = Look {
        watched,
        suffix,
        seen: Vec::new(),
    };
    optimizer.state(&mut visitor);
    visitor.seen
}

/// An objective that counts what it is asked, and notes the gradient at the watched coordinates.
struct Counted<'a, T: Real> {
    inner: &'a mut dyn Task<T>,
    evals: &'a mut Evals,
    watched: &'a [usize],
    gradient: &'a mut Vec<f64>,
    residual_count: usize,
    /// Equalities and inequalities.
    counts: (usize, usize),
}

impl<T: Real> Objective<T> for Counted<'_, T> {
    fn dim(&self) -> usize {
        self.inner.dim()
    }

    fn value(&mut self, x: &[T]) -> f64 {
        self.evals.value += 1;
        self.inner.value(x)
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        self.evals.gradient += 1;
        let value = self.inner.gradient(x, g);
        if !self.watched.is_empty() {
            self.gradient.clear();
            self.gradient
                .extend(self.watched.iter().map(|i| g[*i].f64()));
        }
        value
    }

    fn edition(&self) -> u64 {
        self.inner.edition()
    }

    fn search_range(&self) -> &[[f64; 2]] {
        self.inner.search_range()
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        self.inner.as_hessian().is_some().then_some(self)
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        self.residual_count = self.inner.as_least_squares()?.residual_count();
        Some(self)
    }

    fn as_linear_system(&self) -> Option<&dyn LinearSystem> {
        self.inner.as_linear_system()
    }

    fn as_constrained(&mut self) -> Option<&mut dyn Constrained> {
        let inner = self.inner.as_constrained()?;
        self.counts = (inner.equalities(), inner.inequalities());
        Some(self)
    }

    fn as_proximal(&mut self) -> Option<&mut dyn Proximal> {
        self.counts = self.inner.as_proximal()?.multiplier_counts();
        Some(self)
    }

    fn as_convex(&self) -> Option<Convex<'_>> {
        self.inner.as_convex()
    }
}

/// Constraints are counted as what they cost: values with values, a Jacobian as one, the Hessian of the Lagrangian as
/// one.
impl<T: Real> Constrained for Counted<'_, T> {
    fn equalities(&self) -> usize {
        self.counts.0
    }

    fn inequalities(&self) -> usize {
        self.counts.1
    }

    fn constraints(&mut self, x: &[f64], values: &mut [f64]) {
        if let Some(inner) = self.inner.as_constrained() {
            inner.constraints(x, values);
        }
    }

    fn constraint_jacobian(&mut self, x: &[f64], values: &mut [f64], j: &mut [f64]) {
        self.evals.jacobian += 1;
        if let Some(inner) = self.inner.as_constrained() {
            inner.constraint_jacobian(x, values, j);
        }
    }

    fn lagrangian_hessian(&mut self, x: &[f64], y: &[f64], h: &mut [f64]) {
        self.evals.hessian += 1;
        if let Some(inner) = self.inner.as_constrained() {
            inner.lagrangian_hessian(x, y, h);
        }
    }
}

impl<T: Real> Proximal for Counted<'_, T> {
    fn smooth(&mut self, x: &[f64]) -> f64 {
        self.evals.value += 1;
        self.inner
            .as_proximal()
            .map_or(f64::NAN, |inner| inner.smooth(x))
    }

    fn smooth_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        self.evals.gradient += 1;
        self.inner
            .as_proximal()
            .map_or(f64::NAN, |inner| inner.smooth_gradient(x, g))
    }

    fn proximal_map(&mut self, t: f64, v: &mut [f64]) {
        if let Some(inner) = self.inner.as_proximal() {
            inner.proximal_map(t, v);
        }
    }

    fn multiplier_counts(&self) -> (usize, usize) {
        self.counts
    }

    fn multipliers(&mut self, x: &[f64], g: &[f64], nu: &mut [f64], lambda: &mut [f64]) {
        if let Some(inner) = self.inner.as_proximal() {
            inner.multipliers(x, g, nu, lambda);
        }
    }
}

impl<T: Real> LeastSquares<T> for Counted<'_, T> {
    fn residual_count(&self) -> usize {
        self.residual_count
    }

    fn residuals(&mut self, x: &[T], r: &mut [T]) {
        self.evals.value += 1;
        if let Some(inner) = self.inner.as_least_squares() {
            inner.residuals(x, r);
        }
    }

    fn jacobian(&mut self, x: &[T], r: &mut [T], j: &mut [T]) {
        self.evals.jacobian += 1;
        if let Some(inner) = self.inner.as_least_squares() {
            inner.jacobian(x, r, j);
        }
    }
}

impl<T: Real> Hessian<T> for Counted<'_, T> {
    fn hessian(&mut self, x: &[T], h: &mut [T]) {
        self.evals.hessian += 1;
        if let Some(inner) = self.inner.as_hessian() {
            inner.hessian(x, h);
        }
    }
}

/// Constraints at a point.
#[derive(Debug, Clone, PartialEq)]
pub struct ConstraintValues {
    /// How many of the values are c; the others are g.
    pub equalities: usize,
    /// c, then g.
    pub values: Vec<f64>,
    /// Their Jacobian, row-major.
    pub jacobian: Vec<f64>,
    /// ∇f.
    pub gradient: Vec<f64>,
}

/// A method and what runs it.
pub type Chosen<T> = (&'static Method, Box<dyn Optimizer<T>>);

/// Points in equal steps over a rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// [x0, x1, y0, y1].
    pub view: [f64; 4],
    /// Points a row, at least 2.
    pub nx: usize,
    /// Rows, at least 2; the first is at y0.
    pub ny: usize,
}

impl Grid {
    /// Both coordinates of a point.
    pub fn at(&self, column: usize, row: usize) -> [f64; 2] {
        let [x0, x1, y0, y1] = self.view;
        [
            x0 + (x1 - x0) * column as f64 / (self.nx - 1) as f64,
            y0 + (y1 - y0) * row as f64 / (self.ny - 1) as f64,
        ]
    }
}

/// Most bytes of a matrix that is given away.
const MOST_BYTES: f64 = 1e9;

/// # Errors
/// `problem`: a matrix of this size is too large to be looked at.
fn fits(what: &str, rows: usize, cols: usize) -> Result<(), Error> {
    let bytes = 8.0 * rows as f64 * cols as f64;
    if bytes <= MOST_BYTES {
        return Ok(());
    }
    let what = format!(
        "{what} of {rows} × {cols} numbers needs {:.1} GB, at most {:.0} GB",
        bytes / 1e9,
        MOST_BYTES / 1e9
    );
    Err(Error::new("problem", what))
}

fn no_least_squares() -> Error {
    Error::new("problem", "it is no sum of squares, so it has no residuals")
}

fn widened<T: Real>(values: &[T]) -> Vec<f64> {
    values.iter().map(|v| v.f64()).collect()
}

/// The names of what a task and a method measure, in the order of the record.
fn measures<T: Real>(
    task: &dyn Task<T>,
    method: &Method,
) -> impl Iterator<Item = &'static str> + use<T> {
    task.measures().iter().chain(method.measures).copied()
}

/// Where a run stands.
#[derive(Debug, Clone, Copy)]
pub struct Progress<'a> {
    /// Steps taken.
    pub iteration: u64,
    /// Epochs done, fractional.
    pub epoch: f64,
    /// The last step.
    pub last: Last,
    /// The method.
    pub method: &'static Method,
    /// What has been asked of the objective.
    pub evals: Evals,
    /// Whether it goes on.
    pub status: &'a Status,
}

/// What can be asked and changed between steps. Numbers cross as `f64`, whatever the precision of the run.
impl<T: Real> Runner<T> {
    /// Another method from here on: parameters and history stay, the method's own state starts afresh, and a run that
    /// had ended goes on.
    pub fn set_optimizer(
        &mut self,
        (method, mut optimizer): Chosen<T>,
        lr: f64,
    ) -> Result<(), Error> {
        optimizer.reset(&mut *self.task)?;
        self.method = method;
        self.optimizer = optimizer;
        self.draws = Draws::default();
        self.history.measure(measures(&*self.task, method));
        self.rules.lr = lr;
        self.resume();
        Ok(())
    }

    /// Another schedule from here on.
    pub fn set_schedule(&mut self, schedule: Schedule) {
        self.rules.schedule = schedule;
    }

    /// Other stopping rules from here on; a run that had ended goes on.
    pub fn set_stop(&mut self, stop: Stop) {
        let watch = |stop: &Stop| stop.early.unwrap_or(KEEP_LOWEST).watch;
        if watch(&stop) != watch(&self.rules.stop) {
            self.best_point.forget();
        }
        self.rules.stop = stop;
        self.resume();
    }

    /// θ, a copy.
    pub fn parameters(&self) -> Vec<f64> {
        self.x.iter().map(|v| v.f64()).collect()
    }

    /// Moves to `parameters`, whose length the caller has checked; a run that had ended goes on.
    pub fn set_parameters(&mut self, parameters: &[f64]) {
        for (x, p) in self.x.iter_mut().zip(parameters) {
            *x = T::of(*p);
        }
        self.good.copy_from_slice(&self.x);
        self.resume();
    }

    /// θ with the best validation so far, if there has been one.
    pub fn best_point(&self) -> Option<&BestPoint<T>> {
        Some(&self.best_point).filter(|best| best.is_known())
    }

    /// f and ∇f on all training data.
    pub fn value_and_gradient(&mut self) -> (f64, Vec<f64>) {
        let mut g = vec![T::ZERO; self.x.len()];
        let value = self.task.full_gradient(&self.x, &mut g);
        (value, g.iter().map(|v| v.f64()).collect())
    }

    /// ∇²f on all training data, row-major.
    pub fn hessian(&mut self) -> Result<Vec<f64>, Error> {
        let n = self.x.len();
        fits("its Hessian", n, n)?;
        self.on_all_rows(|task, x| {
            let hessian = task
                .as_hessian()
                .ok_or_else(|| Error::new("problem", "it has no second derivatives"))?;
            let mut h = vec![T::ZERO; n * n];
            hessian.hessian(x, &mut h);
            Ok(widened(&h))
        })
    }

    /// r on all training data.
    pub fn residuals(&mut self) -> Result<Vec<f64>, Error> {
        self.on_all_rows(|task, x| {
            let squares = task.as_least_squares().ok_or_else(no_least_squares)?;
            let mut r = vec![T::ZERO; squares.residual_count()];
            squares.residuals(x, &mut r);
            Ok(widened(&r))
        })
    }

    /// ∂r/∂x on all training data, m·n row-major.
    pub fn jacobian(&mut self) -> Result<Vec<f64>, Error> {
        self.on_all_rows(|task, x| {
            let squares = task.as_least_squares().ok_or_else(no_least_squares)?;
            let m = squares.residual_count();
            fits("its Jacobian", m, x.len())?;
            let (mut r, mut j) = (vec![T::ZERO; m], vec![T::ZERO; m * x.len()]);
            squares.jacobian(x, &mut r, &mut j);
            Ok(widened(&j))
        })
    }

    /// What the task answers when it is asked for all training data.
    fn on_all_rows<V>(&mut self, ask: impl FnOnce(&mut dyn Task<T>, &[T]) -> V) -> V {
        self.task.look_at(Scope::Training);
        let answer = ask(&mut *self.task, &self.x);
        self.task.look_at(Scope::Batch);
        answer
    }

    /// Changes the network behind the task, if there is one. A method that has learnt from the function as it was starts
    /// afresh; if it refuses the new one, `undo` is called.
    pub fn change_network(
        &mut self,
        change: impl FnOnce(&mut dyn Network<T>),
        undo: impl FnOnce(&mut dyn Network<T>),
    ) -> Result<(), Error> {
        let Some(network) = self.task.as_network() else {
            return Ok(());
        };
        change(network);
        if !self.optimizer.needs_fixed_batch() {
            return Ok(());
        }
        let result = self.optimizer.reset(&mut *self.task);
        if result.is_err() {
            if let Some(network) = self.task.as_network() {
                undo(network);
            }
            self.optimizer.reset(&mut *self.task)?;
        }
        result
    }

    /// The linear system that the method's next step will solve, where it solves one. Counts no evaluations.
    pub fn system(&mut self) -> Option<System> {
        self.optimizer.system(&mut *self.task, &self.x)
    }

    /// The points that the method works with, where it has several and has taken a step.
    pub fn population(&self) -> Option<(usize, Vec<f64>, Vec<f64>)> {
        let Members {
            dim,
            points,
            values,
        } = self.optimizer.population()?;
        Some((dim, widened(points), values.to_vec()))
    }

    /// What a method that samples has drawn.
    pub fn draws(&self) -> &Draws {
        &self.draws
    }

    /// What the draws say; none where the method does not sample, or has taken no step.
    pub fn sampling(&self) -> Option<Sampling> {
        let draw = self.optimizer.draw()?;
        let (best, best_value) = draw.best;
        let told = if self.draws.is_empty() { 0 } else { draw.dim };
        Some(Sampling {
            chains: draw.values.len(),
            draws: self.draws.len(),
            stride: self.draws.stride(),
            warming: draw.warming,
            cooling: draw.cooling,
            temperature: draw.density.temperature(),
            acceptance_rate: self.last.step.measures[0],
            best_value,
            best: best.to_vec(),
            parameters: (0..told.min(MOST_PARAMETERS))
                .map(|i| Parameter::of(&self.draws, i))
                .collect(),
        })
    }

    /// The density of coordinate `i` at `points` places, by integration over the other one; none where the method does
    /// not sample, or there are more than two coordinates.
    pub fn marginal(&mut self, i: usize, points: usize) -> Option<Marginal> {
        let density = self.optimizer.draw()?.density;
        let ranges = self.task.info().ranges;
        let task = &mut *self.task;
        Marginal::integrate(&self.draws, &ranges, i, points, &mut |x| {
            let x: Vec<T> = x.iter().map(|v| T::of(*v)).collect();
            density.energy(task.full_value(&x))
        })
    }

    /// What the draws of a fit's parameters predict for rows of inputs; none where it is no fit, or nothing was drawn.
    pub fn posterior_band(&mut self, inputs: &[f64]) -> Option<Result<PosteriorBand, Error>> {
        let density = self.optimizer.draw()?.density;
        let curve = self.task.as_curve().filter(|_| !self.draws.is_empty())?;
        let seed = self.rules.seed;
        Some(PosteriorBand::predict(&self.draws, density, seed, |b| {
            let b: Vec<T> = b.iter().map(|v| T::of(*v)).collect();
            curve.predict(&b, inputs)
        }))
    }

    /// The linear system behind the task, if it is one.
    pub fn square_system(&self) -> Option<&SquareSystem> {
        self.task.square_system()
    }

    /// The network behind the task and the current parameters, if it is one.
    pub fn network(&mut self) -> Option<(&mut dyn Network<T>, &[T])> {
        Some((self.task.as_network()?, &self.x))
    }

    /// The fitted model behind the task and the current parameters, if it is one.
    pub fn curve(&mut self) -> Option<(&mut dyn Curve<T>, &[T])> {
        Some((self.task.as_curve()?, &self.x))
    }

    /// f on all training data with coordinates `i` and `j` on a grid and the others as they are.
    pub fn plane(&mut self, (i, j): (usize, usize), grid: &Grid) -> Vec<f64> {
        let mut x = self.x.clone();
        let mut values = Vec::with_capacity(grid.nx * grid.ny);
        for row in 0..grid.ny {
            for column in 0..grid.nx {
                let [first, second] = grid.at(column, row);
                (x[i], x[j]) = (T::of(first), T::of(second));
                values.push(self.task.full_value(&x));
            }
        }
        values
    }

    /// A plane through the current point, along the principal directions of `points` or, without any, of chance.
    pub fn landscape_plane(&self, points: &[f64], seed: u64) -> Plane {
        let (origin, filters) = (widened(&self.x), self.task.filters());
        if points.is_empty() {
            return Plane::random(&origin, &filters, seed);
        }
        Plane::principal(&origin, points, &filters, seed)
    }

    /// f on all training data in some rows of a grid over a plane.
    pub fn landscape(&mut self, plane: &Plane, grid: &Grid, rows: Range<usize>) -> Vec<f64> {
        let mut wide = vec![0.0; self.x.len()];
        let mut x = self.x.clone();
        let mut values = Vec::with_capacity(rows.len() * grid.nx);
        for row in rows {
            for column in 0..grid.nx {
                plane.at(grid.at(column, row), &mut wide);
                for (x, wide) in x.iter_mut().zip(&wide) {
                    *x = T::of(*wide);
                }
                values.push(self.task.full_value(&x));
            }
        }
        values
    }

    /// The multipliers of the constraints as the method has them now.
    pub fn multipliers(&self) -> Option<Multipliers> {
        self.optimizer.multipliers()
    }

    /// The proof that there is no solution, once the method has one.
    pub fn certificate(&self) -> Option<Certificate> {
        self.optimizer.certificate()
    }

    /// The constraints at the current point, where there are any. Counts no evaluations.
    pub fn constraints(&mut self) -> Option<ConstraintValues> {
        let x = widened(&self.x);
        let mut gradient = vec![T::ZERO; x.len()];
        self.task.full_gradient(&self.x, &mut gradient);
        let constrained = self.task.as_constrained()?;
        let equalities = constrained.equalities();
        let rows = equalities + constrained.inequalities();
        let (mut values, mut jacobian) = (vec![0.0; rows], vec![0.0; rows * x.len()]);
        constrained.constraint_jacobian(&x, &mut values, &mut jacobian);
        Some(ConstraintValues {
            equalities,
            values,
            jacobian,
            gradient: widened(&gradient),
        })
    }

    /// Each constraint with coordinates `i` and `j` on a grid and the others as they are.
    pub fn plane_constraints(
        &mut self,
        (i, j): (usize, usize),
        grid: &Grid,
    ) -> Option<Vec<Vec<f64>>> {
        let mut x = widened(&self.x);
        let constrained = self.task.as_constrained()?;
        let rows = constrained.equalities() + constrained.inequalities();
        let mut values = vec![0.0; rows];
        let mut grids = vec![Vec::with_capacity(grid.nx * grid.ny); rows];
        for row in 0..grid.ny {
            for column in 0..grid.nx {
                [x[i], x[j]] = grid.at(column, row);
                constrained.constraints(&x, &mut values);
                for (grid, value) in grids.iter_mut().zip(&values) {
                    grid.push(*value);
                }
            }
        }
        Some(grids)
    }

    /// What the task is, with a warning where the method and the batches do not go together.
    pub fn info(&mut self) -> Info {
        let mut info = self.task.info();
        let answers = [
            (Oracle::Value, true),
            (Oracle::Gradient, true),
            (Oracle::Hessian, self.task.as_hessian().is_some()),
            (Oracle::LeastSquares, self.task.as_least_squares().is_some()),
            (Oracle::LinearSystem, self.task.as_linear_system().is_some()),
            (Oracle::Constrained, self.task.as_constrained().is_some()),
            (Oracle::Proximal, self.task.as_proximal().is_some()),
            (Oracle::Convex, self.task.as_convex().is_some()),
        ];
        let known = answers.into_iter().filter(|(_, answers)| *answers);
        info.oracles = known.map(|(oracle, _)| oracle.name()).collect();
        let constrained = info.constrained.as_ref();
        if constrained.is_some_and(|c| c.equalities + c.inequalities > 0)
            && self.method.family != Family::Constrained
        {
            info.warnings
                .push("this method does not see the constraints".to_owned());
        }
        if self.optimizer.needs_fixed_batch() && self.task.batches_per_epoch() > 1 {
            info.warnings
                .push("this method needs the full batch; on minibatches it is misled".to_owned());
        }
        info
    }

    /// The record.
    pub fn history(&mut self) -> &mut History {
        &mut self.history
    }

    /// Where the run stands.
    pub fn progress(&self) -> Progress<'_> {
        Progress {
            iteration: self.iteration,
            epoch: self.task.epoch(self.iteration),
            last: self.last,
            method: self.method,
            evals: self.evals,
            status: &self.status,
        }
    }

    /// Which coordinates the live equation shows; those beyond the last are left out.
    pub fn watch(&mut self, indices: &[u32]) {
        self.watched = indices
            .iter()
            .map(|i| *i as usize)
            .filter(|i| *i < self.x.len())
            .collect();
    }

    /// The numbers of the last step at the watched coordinates.
    pub fn explained(&self) -> Option<&Explained> {
        self.explained.as_ref()
    }

    /// 64 bits that depend on every bit of θ (FNV-1a over the words of its precision).
    pub fn digest(&self) -> u64 {
        self.x.iter().fold(0xcbf2_9ce4_8422_2325, |hash, v| {
            (hash ^ v.f64().to_bits()).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// Goes on if the run had ended.
    fn resume(&mut self) {
        self.status = Status::Running;
        self.best = Best {
            loss: f64::INFINITY,
            at: self.iteration as f64,
        };
        self.best_point.waited = 0;
    }

    /// Saves or restores everything that the next step depends on, and the record.
    pub fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        codec.whole(&mut self.iteration)?;
        codec.number(&mut self.elapsed_ms)?;
        for count in [
            &mut self.evals.value,
            &mut self.evals.gradient,
            &mut self.evals.hessian,
            &mut self.evals.jacobian,
            &mut self.evals.solves,
        ] {
            codec.whole(count)?;
        }
        let Last { step, lr } = &mut self.last;
        for number in [&mut step.loss, &mut step.grad_norm, &mut step.step_norm, lr]
            .into_iter()
            .chain(&mut step.measures)
        {
            codec.number(number)?;
        }
        code_verdict(codec, &mut step.verdict)?;
        codec.number(&mut self.best.loss)?;
        codec.number(&mut self.best.at)?;
        self.best_point.code(codec)?;
        code_vector(codec, &mut self.best_point.x)?;
        self.status.code(codec)?;
        code_vector(codec, &mut self.x)?;
        code_vector(codec, &mut self.good)?;
        let mut state = StateCodec {
            codec,
            result: Ok(()),
        };
        self.optimizer.state(&mut state);
        state.result?;
        self.task.code(codec)?;
        self.draws.code(codec)?;
        self.history.code(codec)
    }
}

fn code_verdict(codec: &mut dyn Codec, verdict: &mut Verdict) -> Result<(), Corrupt> {
    const ALL: [Verdict; 3] = [Verdict::Accepted, Verdict::Rejected, Verdict::Solved];
    let mut tag = ALL.iter().position(|v| v == verdict).unwrap_or(0) as u64;
    codec.whole(&mut tag)?;
    *verdict = *ALL.get(tag as usize).ok_or(Corrupt)?;
    Ok(())
}

/// A vector in the run's own precision; its length is known.
fn code_vector<T: Real>(codec: &mut dyn Codec, values: &mut [T]) -> Result<(), Corrupt> {
    let mut numbers: Vec<f64> = values.iter().map(|v| v.f64()).collect();
    codec.numbers(&mut numbers)?;
    if numbers.len() != values.len() {
        return Err(Corrupt);
    }
    for (to, from) in values.iter_mut().zip(numbers) {
        *to = T::of(from);
    }
    Ok(())
}

/// Shows the state of a method to a codec.
struct StateCodec<'a> {
    codec: &'a mut dyn Codec,
    result: Result<(), Corrupt>,
}

impl<T: Real> StateVisitor<T> for StateCodec<'_> {
    fn vector(&mut self, _: &'static str, values: &mut [T]) {
        if self.result.is_ok() {
            self.result = code_vector(self.codec, values);
        }
    }

    fn scalar(&mut self, _: &'static str, value: &mut f64) {
        if self.result.is_ok() {
            self.result = self.codec.number(value);
        }
    }
}
