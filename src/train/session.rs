//! A session: one config, one run, its record. The only type that the outside world drives.

use std::collections::BTreeMap;
use std::ops::{Index, Range};

use serde::Serialize;

use super::best::BestPoint;
use super::codec::{ByteReader, Codec, Corrupt, Writer, read_value, write_value};
use super::constrained::ConstrainedTask;
use super::draws::Draws;
use super::history::History;
use super::landscape::Plane;
use super::least_squares::LeastSquaresTask;
use super::linear_system::LinearSystemTask;
use super::metrics::Metrics;
use super::network::NetworkTask;
use super::runner::{Chosen, ConstraintValues, Explained, Grid, Progress, Rules, Runner};
use super::sampling::{Histogram, Marginal, PosteriorBand, Sampling};
use super::solve::{MatrixPicture, SolveReport, matrix_picture, solve_report};
use super::surface::SurfaceTask;
use super::task::{Info, Part, Points, Task};
use crate::config::{BatchSize, OptimizerConfig, Precision, ProblemConfig, SessionConfig, Stop};
use crate::error::Error;
use crate::linalg::{Dense, Matrix};
use crate::optim::first_order::clip::ClipByNorm;
use crate::optim::schedule::Schedule;
use crate::optim::{
    Breakdown, Certificate, Entry, Multipliers, Optimizer, System, constrained, first_order,
    linear, second_order, stochastic,
};
use crate::problem::least_squares::{Band, FitStatistics};
use crate::problem::linear_system::SquareSystem;
use crate::real::Real;
use crate::value::Value;

/// Milliseconds since some moment; never part of a result, only of the time column.
pub type Clock = fn() -> f64;

/// First word of a snapshot: its format. Another format, another number.
const FORMAT: u64 = 0x3430_5343_5345_4431;

/// Whether a run goes on, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It goes on.
    Running,
    /// A tolerance or target was met.
    Converged(String),
    /// A budget was spent or progress ceased.
    Stopped(String),
    /// The loss or the gradient left the finite numbers, or the limit.
    Diverged(String),
    /// The arithmetic of the method could not go on: a pivot, a line search.
    Breakdown(String),
}

impl Status {
    /// The name in a report.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Converged(_) => "converged",
            Self::Stopped(_) => "stopped",
            Self::Diverged(_) => "diverged",
            Self::Breakdown(_) => "breakdown",
        }
    }

    /// Why the run ended, as a phrase with the numbers in it.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Running => None,
            Self::Converged(reason)
            | Self::Stopped(reason)
            | Self::Diverged(reason)
            | Self::Breakdown(reason) => Some(reason),
        }
    }

    pub(super) fn of_breakdown(breakdown: Breakdown, iteration: u64) -> Self {
        let reason = format!("{breakdown} at step {iteration}");
        match breakdown {
            Breakdown::NonFinite { .. } => Self::Diverged(reason),
            _ => Self::Breakdown(reason),
        }
    }

    pub(super) fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        let mut tag = match self {
            Self::Running => 0,
            Self::Converged(_) => 1,
            Self::Stopped(_) => 2,
            Self::Diverged(_) => 3,
            Self::Breakdown(_) => 4,
        };
        let mut reason = self.reason().unwrap_or_default().to_owned();
        codec.whole(&mut tag)?;
        codec.text(&mut reason)?;
        *self = match tag {
            0 => Self::Running,
            1 => Self::Converged(reason),
            2 => Self::Stopped(reason),
            3 => Self::Diverged(reason),
            4 => Self::Breakdown(reason),
            _ => return Err(Corrupt),
        };
        Ok(())
    }
}

/// What `train_step` reports.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StepReport {
    /// Steps taken.
    pub iteration: u64,
    /// Epochs done, fractional.
    pub epoch: f64,
    /// Loss on the batch where the last step started; NaN before the first.
    pub loss: f64,
    /// ‖∇f‖ there.
    pub grad_norm: f64,
    /// ‖Δx‖ of the last step.
    pub step_norm: f64,
    /// Learning rate of the last step.
    pub lr: f64,
    /// Values asked for alone, so far.
    pub value_evals: u64,
    /// Gradients asked for, each with its value.
    pub gradient_evals: u64,
    /// Hessians asked for.
    pub hessian_evals: u64,
    /// Jacobians asked for.
    pub jacobian_evals: u64,
    /// `accepted` or `rejected`.
    pub verdict: &'static str,
    /// `running`, `converged`, `stopped`, `diverged` or `breakdown`.
    pub status: &'static str,
    /// Why the run ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where the run was best by what is watched of its validation rows (`stop.early.watch`); after the first validation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best: Option<BestPlace>,
    /// What the method has of its own.
    pub extra: Extra,
}

/// What a method adds to a report.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Extra {
    /// What it measured in the last step, by name; NaN where it had nothing to measure.
    #[serde(flatten)]
    pub measures: BTreeMap<&'static str, f64>,
    /// Multipliers of the equalities, of a constrained method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nu: Option<Vec<f64>>,
    /// Multipliers of the inequalities, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lambda: Option<Vec<f64>>,
}

impl Index<&str> for Extra {
    type Output = f64;

    /// A measure by its name.
    fn index(&self, name: &str) -> &f64 {
        &self.measures[name]
    }
}

/// Where a run was best by its validation rows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BestPlace {
    /// Steps taken before it.
    pub iteration: u64,
    /// The validation loss there.
    pub val_loss: f64,
}

/// The parameters with the best validation.
#[derive(Debug, Clone, PartialEq)]
pub struct BestParameters {
    /// Where they were.
    pub place: BestPlace,
    /// θ.
    pub parameters: Vec<f64>,
}

/// The points that a method works with.
#[derive(Debug, Clone, PartialEq)]
pub struct Population {
    /// n.
    pub dim: usize,
    /// Point after point.
    pub points: Vec<f64>,
    /// f at each; infinite where it is not defined.
    pub values: Vec<f64>,
}

/// One config, one run, its record.
///
/// ```
/// use descent::train::Session;
/// use descent::value::Value;
///
/// let config = Value::map([
///     ("problem", Value::map([("kind", Value::from("surface")), ("name", Value::from("rosenbrock"))])),
///     ("optimizer", Value::map([("name", Value::from("adam")), ("lr", Value::from(0.05))])),
/// ]);
/// let mut session = Session::new(&config, || 0.0)?;
/// let report = session.train_step(2000);
/// assert!(report.loss < 1e-6);
/// # Ok::<(), descent::error::Error>(())
/// ```
pub struct Session {
    config: SessionConfig,
    clock: Clock,
    lane: Lane,
    test_openings: u64,
}

/// The run, in either precision.
enum Lane {
    F64(Runner<f64>),
    F32(Runner<f32>),
}

/// The same expression on the runner of either precision.
macro_rules! on {
    ($lane:expr, $runner:ident => $body:expr) => {
        match $lane {
            Lane::F64($runner) => $body,
            Lane::F32($runner) => $body,
        }
    };
}

impl Session {
    /// A run at its start.
    ///
    /// # Errors
    /// What [`SessionConfig::from_value`] refuses, and a method that the problem lacks the oracles for.
    pub fn new(config: &Value, clock: Clock) -> Result<Self, Error> {
        Self::from_config(SessionConfig::from_value(config)?, clock)
    }

    fn from_config(config: SessionConfig, clock: Clock) -> Result<Self, Error> {
        let lane = match config.precision {
            Precision::F64 => Lane::F64(runner(&config, clock)?),
            Precision::F32 => Lane::F32(runner(&config, clock)?),
        };
        Ok(Self {
            config,
            clock,
            lane,
            test_openings: 0,
        })
    }

    /// Up to `n` iterations; fewer if the run ends. Reports the last one.
    pub fn train_step(&mut self, n: u64) -> StepReport {
        on!(&mut self.lane, r => r.train(n));
        self.report()
    }

    /// Where the run stands, without a step.
    pub fn report(&self) -> StepReport {
        let Progress {
            iteration,
            epoch,
            last,
            method,
            evals,
            status,
        } = on!(&self.lane, r => r.progress());
        StepReport {
            iteration,
            epoch,
            loss: last.step.loss,
            grad_norm: last.step.grad_norm,
            step_norm: last.step.step_norm,
            lr: last.lr,
            value_evals: evals.value,
            gradient_evals: evals.gradient,
            hessian_evals: evals.hessian,
            jacobian_evals: evals.jacobian,
            verdict: last.step.verdict.name(),
            status: status.name(),
            reason: status.reason().map(str::to_owned),
            best: on!(&self.lane, r => r.best_point().map(place_of)),
            extra: {
                let measures = method.measures.iter().copied();
                let (nu, lambda) = self.multipliers().map(|y| (y.nu, y.lambda)).unzip();
                Extra {
                    measures: measures.zip(last.step.measures).collect(),
                    nu,
                    lambda,
                }
            },
        }
    }

    /// The multipliers of the constraints as the method has them now; none of a method that has none.
    pub fn multipliers(&self) -> Option<Multipliers> {
        on!(&self.lane, r => r.multipliers())
    }

    /// The proof that the problem has no solution, once the method has found one.
    pub fn certificate(&self) -> Option<Certificate> {
        on!(&self.lane, r => r.certificate())
    }

    /// The constraints, their Jacobian and ∇f at the current parameters.
    ///
    /// # Errors
    /// `problem`: it has no constraints.
    pub fn constraints(&mut self) -> Result<ConstraintValues, Error> {
        on!(&mut self.lane, r => r.constraints()).ok_or_else(no_constraints)
    }

    /// Each constraint on a grid of the plane of coordinates `i` and `j` through the current point: row 0 at y0.
    ///
    /// # Errors
    /// `problem`: it has no constraints. As [`Session::plane_values`].
    pub fn plane_constraints(
        &mut self,
        plane: (usize, usize),
        view: [f64; 4],
        size: (usize, usize),
    ) -> Result<Vec<Vec<f64>>, Error> {
        let grid = self.grid(plane, view, size)?;
        on!(&mut self.lane, r => r.plane_constraints(plane, &grid)).ok_or_else(no_constraints)
    }

    /// Another method from here on: parameters and history stay, the method's own state starts afresh.
    pub fn set_optimizer(&mut self, config: &Value) -> Result<(), Error> {
        let optimizer = OptimizerConfig::from_value(config).map_err(|e| e.within("optimizer"))?;
        let lr = optimizer.learning_rate();
        let clip = self.config.clip_norm;
        on!(&mut self.lane, r => r.set_optimizer(build(&optimizer, clip)?, lr))?;
        self.config.optimizer = optimizer;
        Ok(())
    }

    /// Another schedule from here on.
    pub fn set_schedule(&mut self, config: &Value) -> Result<(), Error> {
        let schedule = Schedule::from_value(config).map_err(|e| e.within("schedule"))?;
        on!(&mut self.lane, r => r.set_schedule(schedule.clone()));
        self.config.schedule = schedule;
        Ok(())
    }

    /// Other stopping rules from here on; a run that had ended goes on.
    pub fn set_stop(&mut self, config: &Value) -> Result<(), Error> {
        let stop = Stop::from_value(Some(config))?;
        stop.check_watch(&self.config.problem)?;
        on!(&mut self.lane, r => r.set_stop(stop));
        self.config.stop = stop;
        Ok(())
    }

    /// Rows of a minibatch from now on. A surface has no rows, so there it changes nothing.
    pub fn set_batch_size(&mut self, config: &Value) -> Result<(), Error> {
        let size = BatchSize::from_value(Some(config))?;
        let before = self.config.batch_size;
        on!(&mut self.lane, r => r.change_network(
            |network| network.set_batch_size(size),
            |network| network.set_batch_size(before),
        ))?;
        self.config.batch_size = size;
        Ok(())
    }

    /// Factor of ½‖weights‖² from now on.
    ///
    /// # Errors
    /// `problem.l2`: negative, not finite, or the problem is no network.
    pub fn set_l2(&mut self, l2: f64) -> Result<(), Error> {
        if !crate::args::Range::NON_NEGATIVE.contains(l2) {
            return Err(Error::new(
                "problem.l2",
                format!("{l2} is outside {}", crate::args::Range::NON_NEGATIVE),
            ));
        }
        let ProblemConfig::Network(network) = &mut self.config.problem else {
            return Err(Error::new(
                "problem.l2",
                "only a network has weights to penalise",
            ));
        };
        let before = network.l2;
        on!(&mut self.lane, r => r.change_network(
            |network| network.set_l2(l2),
            |network| network.set_l2(before),
        ))?;
        network.l2 = l2;
        Ok(())
    }

    /// Back to the start of the run, with the present config: same seeds, so the same run, bit for bit.
    pub fn reset(&mut self) -> Result<(), Error> {
        let openings = self.test_openings;
        *self = Self::from_config(self.config.clone(), self.clock)?;
        self.test_openings = openings;
        Ok(())
    }

    /// θ, a copy; for a network layer by layer, W\[out\]\[in\] row-major, then b\[out\].
    pub fn parameters(&self) -> Vec<f64> {
        on!(&self.lane, r => r.parameters())
    }

    /// Moves to `parameters`.
    ///
    /// # Errors
    /// `parameters`: another length than the run's, or a number that is not finite.
    pub fn set_parameters(&mut self, parameters: &[f64]) -> Result<(), Error> {
        let n = self.info().dim;
        let fits = |p: &f64| match self.lane {
            Lane::F64(_) => p.is_finite(),
            Lane::F32(_) => (*p as f32).is_finite(),
        };
        if parameters.len() != n || !parameters.iter().all(fits) {
            let precision = match self.lane {
                Lane::F64(_) => "f64",
                Lane::F32(_) => "f32",
            };
            return Err(Error::new(
                "parameters",
                format!("must be {n} finite numbers of precision {precision}"),
            ));
        }
        on!(&mut self.lane, r => r.set_parameters(parameters));
        Ok(())
    }

    /// θ with the best validation so far, by the loss unless `stop.early` watches something else; `None` before the first
    /// validation.
    pub fn best_parameters(&self) -> Option<BestParameters> {
        on!(&self.lane, r => r.best_point().map(|best| BestParameters {
            place: place_of(best),
            parameters: best.x.iter().map(|v| v.f64()).collect(),
        }))
    }

    /// Moves to the parameters with the best validation so far.
    ///
    /// # Errors
    /// `parameters`: there has been no validation.
    pub fn restore_best(&mut self) -> Result<(), Error> {
        let best = self.best_parameters().ok_or_else(|| {
            let what =
                "none are kept: this run has not been validated; give problem.split.val a share";
            Error::new("parameters", what)
        })?;
        self.set_parameters(&best.parameters)
    }

    /// f and ∇f on all training data at the current parameters, the L2 term included, noise not.
    pub fn value_and_gradient(&mut self) -> (f64, Vec<f64>) {
        on!(&mut self.lane, r => r.value_and_gradient())
    }

    /// ∇²f on all training data at the current parameters, the L2 term included, n·n row-major.
    ///
    /// # Errors
    /// `problem`: it has no second derivatives, or too many parameters.
    pub fn hessian(&mut self) -> Result<Vec<f64>, Error> {
        on!(&mut self.lane, r => r.hessian())
    }

    /// r on all training data at the current parameters, where f = ½‖r‖². For a network with the loss `mse` it is
    /// √(2/(rows·outputs))·(y − t), row-major, and behind that √l2·w of every weight.
    ///
    /// # Errors
    /// `problem`: it is no sum of squares.
    pub fn residuals(&mut self) -> Result<Vec<f64>, Error> {
        on!(&mut self.lane, r => r.residuals())
    }

    /// J = ∂r/∂x at the current parameters, m·n row-major.
    ///
    /// # Errors
    /// `problem`: it is no sum of squares, or J would not fit.
    pub fn jacobian(&mut self) -> Result<Vec<f64>, Error> {
        on!(&mut self.lane, r => r.jacobian())
    }

    /// The points that the method works with, as they are after the last step; none before the first, and none of a
    /// method that has one point only.
    pub fn population(&self) -> Option<Population> {
        on!(&self.lane, r => r.population()).map(|(dim, points, values)| Population {
            dim,
            points,
            values,
        })
    }

    /// What the chains of a method that samples have drawn since its warm-up; empty of other methods. A long record is
    /// thinned, so that it stays bounded.
    pub fn draws(&self) -> &Draws {
        on!(&self.lane, r => r.draws())
    }

    /// What these draws say: acceptance, mean, quantiles, autocorrelation, effective sample size and R-hat of each
    /// parameter; none before the first step, and of a method that does not sample.
    pub fn sampling(&self) -> Option<Sampling> {
        on!(&self.lane, r => r.sampling())
    }

    /// How the draws of coordinate `i` are distributed over `bins` equal parts.
    ///
    /// # Errors
    /// `i`: no such coordinate. `bins`: not from 1 to 1000. `optimizer`: nothing was drawn (yet).
    pub fn histogram(&mut self, i: usize, bins: usize) -> Result<Histogram, Error> {
        let n = self.info().dim;
        if i >= n {
            let what = format!("{i} is not a coordinate below {n}");
            return Err(Error::new("i", what));
        }
        if !(1..=1000).contains(&bins) {
            let what = format!("{bins} is not a whole number from 1 to 1000");
            return Err(Error::new("bins", what));
        }
        Histogram::of(self.draws(), i, bins).ok_or_else(no_draws)
    }

    /// The density that is sampled, of coordinate `i` alone, at `points` places: by numerical integration over the other
    /// one.
    ///
    /// # Errors
    /// `optimizer`: it does not sample, or has not begun. `i`: not one of at most two coordinates. `points`: not from 2 to
    /// 2000.
    pub fn marginal(&mut self, i: usize, points: usize) -> Result<Marginal, Error> {
        let n = self.info().dim;
        if n > 2 || i >= n {
            let what = format!("{i} is not one of at most two coordinates; the problem has {n}");
            return Err(Error::new("i", what));
        }
        if !(2..=2000).contains(&points) {
            let what = format!("{points} is not a whole number from 2 to 2000");
            return Err(Error::new("points", what));
        }
        on!(&mut self.lane, r => r.marginal(i, points)).ok_or_else(no_draws)
    }

    /// What the draws of a fit's parameters predict for rows of inputs, in the data's own units: the model's value, and a
    /// new observation.
    ///
    /// # Errors
    /// `problem`: it is no model fitted to data. `optimizer`: nothing was drawn yet. `inputs`: no whole rows, or more than
    /// 2000 numbers.
    pub fn posterior_band(&mut self, inputs: &[f64]) -> Result<PosteriorBand, Error> {
        const MOST: usize = 2000;
        if inputs.len() > MOST {
            let what = format!("{} numbers, at most {MOST}", inputs.len());
            return Err(Error::new("inputs", what));
        }
        if on!(&mut self.lane, r => r.curve().is_none()) {
            return Err(no_curve());
        }
        on!(&mut self.lane, r => r.posterior_band(inputs)).unwrap_or_else(|| Err(no_draws()))
    }

    /// The linear system that the method's next step will solve.
    ///
    /// # Errors
    /// `optimizer`: it solves none.
    pub fn system(&mut self) -> Result<System, Error> {
        on!(&mut self.lane, r => r.system()).ok_or_else(|| {
            Error::new(
                "optimizer",
                format!(
                    "{} solves no linear system",
                    self.config.optimizer.method.name
                ),
            )
        })
    }

    /// How each linear solver fares on the problem's own system, or on that which the method's next step will solve.
    ///
    /// # Errors
    /// `optimizer`: there is no such system. `system`: it is too large.
    pub fn solve_report(&mut self) -> Result<SolveReport, Error> {
        let (mut system, name) = self.opened()?;
        solve_report(&mut system, name, self.clock)
    }

    /// The matrix of that system in at most `size` cells a side, its right-hand side, and its solution where it is
    /// known.
    ///
    /// # Errors
    /// `optimizer`: there is no such system. `size`: not from 1 to 200.
    pub fn matrix_picture(&mut self, size: usize) -> Result<MatrixPicture, Error> {
        let (system, _) = self.opened()?;
        matrix_picture(&system, size)
    }

    fn opened(&mut self) -> Result<(SquareSystem, &'static str), Error> {
        if let Some(system) = on!(&self.lane, r => r.square_system()) {
            return Ok((system.clone(), "A"));
        }
        let System {
            dim,
            matrix,
            rhs,
            name,
        } = self.system()?;
        let dense = Dense {
            dim,
            values: matrix,
        };
        Ok((SquareSystem::new(Matrix::Dense(dense), Some(rhs)), name))
    }

    /// Outputs `[rows][out]` for inputs `[rows][in]`, both in the data's own units; probabilities for classes.
    pub fn predict(&mut self, inputs: &[f64]) -> Result<Vec<f64>, Error> {
        if let Some(outputs) =
            on!(&mut self.lane, r => r.curve().map(|(c, b)| c.predict(b, inputs)))
        {
            return outputs;
        }
        on!(&mut self.lane, r => r.network().map(|(n, x)| n.predict(x, inputs)))
            .unwrap_or_else(no_network)
    }

    /// Standard errors, 95 % intervals and the rest of a fitted model, with the current parameters for the solution.
    ///
    /// # Errors
    /// `problem`: it is no model fitted to data.
    pub fn fit_statistics(&mut self) -> Result<FitStatistics, Error> {
        on!(&mut self.lane, r => r.curve().map(|(c, b)| c.statistics(b))).ok_or_else(no_curve)
    }

    /// A fitted model's values and 95 % band for rows of inputs, in the data's own units.
    ///
    /// # Errors
    /// `problem`: it is no model fitted to data. `inputs`: no whole rows.
    pub fn fit_band(&mut self, inputs: &[f64]) -> Result<Band, Error> {
        on!(&mut self.lane, r => r.curve().map(|(c, b)| c.band(b, inputs)))
            .ok_or_else(no_curve)
            .flatten()
    }

    /// f on all training data on a grid of `nx`·`ny` points over `view` = [x0, x1, y0, y1], row 0 at y0, in the plane
    /// of coordinates `i` and `j` through the current point.
    ///
    /// # Errors
    /// `i, j`: not two different coordinates. `view`: not finite. `nx, ny`: no grid from 2 by 2 to 2000 by 2000.
    pub fn plane_values(
        &mut self,
        plane: (usize, usize),
        view: [f64; 4],
        size: (usize, usize),
    ) -> Result<Vec<f64>, Error> {
        let grid = self.grid(plane, view, size)?;
        Ok(on!(&mut self.lane, r => r.plane(plane, &grid)))
    }

    /// A grid of `nx`·`ny` points of the plane of two coordinates.
    fn grid(
        &mut self,
        (i, j): (usize, usize),
        view: [f64; 4],
        size: (usize, usize),
    ) -> Result<Grid, Error> {
        let n = self.info().dim;
        if i == j || i >= n || j >= n {
            let what = format!("{i} and {j} are not two different coordinates below {n}");
            return Err(Error::new("i, j", what));
        }
        grid_over(view, size)
    }

    /// A plane through the current parameters: along the principal directions of `points` (points of paths, one after the
    /// other) about them, or along directions of chance, normalised filter by filter.
    ///
    /// # Errors
    /// `points`: no whole points.
    pub fn landscape_plane(&mut self, points: &[f64], seed: u64) -> Result<Plane, Error> {
        let n = self.info().dim;
        if points.len() % n != 0 {
            let what = format!("must be whole points, of {n} numbers each");
            return Err(Error::new("points", what));
        }
        Ok(on!(&mut self.lane, r => r.landscape_plane(points, seed)))
    }

    /// f on all training data over a plane: rows `rows` of a grid of `nx`·`ny` points over `view` = [a0, a1, b0, b1], row 0
    /// at b0.
    ///
    /// # Errors
    /// `plane`: it is of another number of parameters. `view`, `nx, ny`: as [`Session::plane_values`]. `rows`: not within
    /// the grid.
    pub fn landscape_values(
        &mut self,
        plane: &Plane,
        view: [f64; 4],
        size: (usize, usize),
        rows: Range<usize>,
    ) -> Result<Vec<f64>, Error> {
        let n = self.info().dim;
        if [&plane.origin, &plane.u, &plane.v]
            .iter()
            .any(|x| x.len() != n)
        {
            let what = format!("origin, u and v must have {n} numbers each");
            return Err(Error::new("plane", what));
        }
        let grid = grid_over(view, size)?;
        if rows.start > rows.end || rows.end > grid.ny {
            let what = format!("{} to {} are not rows of {}", rows.start, rows.end, grid.ny);
            return Err(Error::new("rows", what));
        }
        Ok(on!(&mut self.lane, r => r.landscape(plane, &grid, rows)))
    }

    /// Every layer's activations `[units][rows]`, inputs first and outputs last.
    pub fn neurons(&mut self, inputs: &[f64]) -> Result<Vec<Vec<f64>>, Error> {
        on!(&mut self.lane, r => r.network().map(|(n, x)| n.neurons(x, inputs)))
            .unwrap_or_else(no_network)
    }

    /// Quality on a part of the data. Every look at the test rows is counted; see [`Session::test_openings`].
    ///
    /// # Errors
    /// `split`: no such part, or it has no rows. `problem`: no network.
    pub fn evaluate(&mut self, part: &str) -> Result<Metrics, Error> {
        let part = Part::from_name(part)?;
        let metrics = on!(&mut self.lane, r => r.network().map(|(network, x)| {
            if network.has_rows(part) {
                Ok(network.evaluate(x, part))
            } else {
                Err(Error::new("split", "this part has no rows; give it a share in problem.split"))
            }
        }))
        .unwrap_or_else(no_network)?;
        self.test_openings += u64::from(part == Part::Test);
        Ok(metrics)
    }

    /// How often the test rows have been looked at.
    pub fn test_openings(&self) -> u64 {
        self.test_openings
    }

    /// The training or validation rows in the data's own units. The test rows stay under seal.
    pub fn points(&mut self, part: &str) -> Result<Points, Error> {
        let part = Part::from_name(part)?;
        if part == Part::Test {
            return Err(Error::new(
                "split",
                "the test rows are sealed; one of train, val",
            ));
        }
        if let Some(points) = on!(&mut self.lane, r => r.curve().map(|(c, _)| c.points(part))) {
            return Ok(points);
        }
        on!(&mut self.lane, r => r.network().map(|(n, _)| Ok(n.points(part))))
            .unwrap_or_else(no_network)
    }

    /// What is solved, for the page.
    pub fn info(&mut self) -> Info {
        on!(&mut self.lane, r => r.info())
    }

    /// The record of the run.
    pub fn history(&mut self) -> &mut History {
        on!(&mut self.lane, r => r.history())
    }

    /// Chooses the coordinates of the live equation.
    pub fn watch(&mut self, indices: &[u32]) {
        on!(&mut self.lane, r => r.watch(indices));
    }

    /// The last step's numbers at the watched coordinates, hyper-parameters included; `None` before the first step.
    pub fn explain(&self) -> Option<Explained> {
        let mut explained = on!(&self.lane, r => r.explained())?.clone();
        for (name, value) in self.config.optimizer.args.entries() {
            if let (Value::Number(v), true) = (value, name != "lr") {
                explained.values.push((name.to_owned(), vec![*v]));
                explained.values.push((format!("1-{name}"), vec![1.0 - v]));
            }
        }
        Some(explained)
    }

    /// Everything that the run depends on and its record; [`Session::restore`] goes on exactly there.
    pub fn snapshot(&mut self) -> Result<Vec<u8>, Error> {
        let mut writer = Writer::default();
        let written = writer
            .whole(&mut { FORMAT })
            .and_then(|()| write_value(&mut writer, &self.config.to_value()))
            .and_then(|()| writer.whole(&mut self.test_openings))
            .and_then(|()| on!(&mut self.lane, r => r.code(&mut writer)));
        written.map(|()| writer.bytes).map_err(corrupt)
    }

    /// The session of a snapshot.
    ///
    /// # Errors
    /// `snapshot`: not the bytes of a snapshot of this version; or its config is refused (data that are not registered
    /// here).
    pub fn restore(bytes: &[u8], clock: Clock) -> Result<Self, Error> {
        let mut reader = ByteReader::new(bytes);
        let mut format = 0;
        reader.whole(&mut format).map_err(corrupt)?;
        if format != FORMAT {
            return Err(corrupt(Corrupt));
        }
        let mut session = Self::new(&read_value(&mut reader).map_err(corrupt)?, clock)?;
        reader
            .whole(&mut session.test_openings)
            .and_then(|()| on!(&mut session.lane, r => r.code(&mut reader)))
            .and_then(|()| {
                if reader.is_empty() {
                    Ok(())
                } else {
                    Err(Corrupt)
                }
            })
            .map_err(corrupt)?;
        Ok(session)
    }

    /// The config with every default filled in, changes made during the run included.
    pub fn config(&self) -> Value {
        self.config.to_value()
    }

    /// A digest of the parameters' bits: equal digests, equal runs.
    pub fn digest(&self) -> String {
        format!("{:016x}", on!(&self.lane, r => r.digest()))
    }
}

/// The runner of a config.
fn place_of<T: Real>(best: &BestPoint<T>) -> BestPlace {
    BestPlace {
        iteration: best.iteration,
        val_loss: best.seen.loss,
    }
}

fn runner<T: Methods>(config: &SessionConfig, clock: Clock) -> Result<Runner<T>, Error> {
    let task: Box<dyn Task<T>> = match &config.problem {
        ProblemConfig::Surface(surface) => {
            Box::new(SurfaceTask::new((**surface).clone(), config.seeds.seed))
        }
        ProblemConfig::LeastSquares(problem) => {
            Box::new(LeastSquaresTask::new((**problem).clone()))
        }
        ProblemConfig::LinearSystem(system) => {
            Box::new(LinearSystemTask::new(system, config.seeds.data))
        }
        ProblemConfig::Constrained(problem) => Box::new(ConstrainedTask::new((**problem).clone())),
        ProblemConfig::Network(network) => Box::new(NetworkTask::new(
            network,
            &config.seeds,
            config.batch_size,
            config.shuffle,
            config.record.validate_rows,
        )?),
    };
    let rules = Rules {
        lr: config.optimizer.learning_rate(),
        schedule: config.schedule.clone(),
        stop: config.stop,
        record: config.record,
        seed: config.seeds.seed,
        clock,
    };
    Runner::new(task, build(&config.optimizer, config.clip_norm)?, rules)
}

/// A precision, with the methods that run in it besides those of first order.
trait Methods: Real {
    fn build(config: &OptimizerConfig) -> Option<Box<dyn Optimizer<Self>>>;
}

impl Methods for f64 {
    fn build(config: &OptimizerConfig) -> Option<Box<dyn Optimizer<Self>>> {
        let entries = second_order::entries()
            .into_iter()
            .chain(linear::entries())
            .chain(stochastic::entries())
            .chain(constrained::entries());
        let entry = entries
            .into_iter()
            .find(|e: &Entry| e.method.name == config.method.name)?;
        Some((entry.build)(&config.args))
    }
}

impl Methods for f32 {
    fn build(_: &OptimizerConfig) -> Option<Box<dyn Optimizer<Self>>> {
        None
    }
}

fn build<T: Methods>(config: &OptimizerConfig, clip_norm: Option<f64>) -> Result<Chosen<T>, Error> {
    let name = config.method.name;
    let first_order = first_order::entries::<T>()
        .into_iter()
        .find(|e| e.method.name == name);
    let optimizer = match (first_order, clip_norm) {
        (Some(entry), clip) => {
            (entry.build)(&config.args, clip.map(|max_norm| ClipByNorm { max_norm }))
        }
        (None, Some(_)) => {
            let what = format!("{name} has no gradient step to clip; leave it out");
            return Err(Error::new("clip_norm", what));
        }
        (None, None) => T::build(config).ok_or_else(|| {
            let what = format!("{name} needs the digits of \"f64\"");
            Error::new("precision", what)
        })?,
    };
    Ok((config.method, optimizer))
}

fn no_network<V>() -> Result<V, Error> {
    Err(Error::new("problem", "it has no data to predict"))
}

fn no_draws() -> Error {
    Error::new("optimizer", "it has drawn no samples (yet)")
}

/// A grid of `nx`·`ny` points over `view`.
fn grid_over(view: [f64; 4], (nx, ny): (usize, usize)) -> Result<Grid, Error> {
    if view.iter().any(|v| !v.is_finite()) {
        return Err(Error::new(
            "view",
            "must be four finite numbers, [x0, x1, y0, y1]",
        ));
    }
    if !(2..=2000).contains(&nx) || !(2..=2000).contains(&ny) {
        let what = format!("{nx} by {ny} is no grid from 2 by 2 to 2000 by 2000");
        return Err(Error::new("nx, ny", what));
    }
    Ok(Grid { view, nx, ny })
}

fn no_constraints() -> Error {
    Error::new("problem", "it has no constraints")
}

fn no_curve() -> Error {
    Error::new(
        "problem",
        "it is no model fitted to data, so it has no statistics",
    )
}

fn corrupt(_: Corrupt) -> Error {
    Error::new(
        "snapshot",
        "these are not the bytes of a snapshot that this version wrote",
    )
}
