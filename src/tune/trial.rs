//! One trial: a config, trained on every fold, and scored.

use serde::Serialize;

use super::search::{Score, TrialPlan};
use crate::config::{ProblemConfig, SessionConfig};
use crate::data::dataset::Task;
use crate::error::Error;
use crate::train::Session;
use crate::train::session::{Clock, Status};
use crate::tune::path;
use crate::value::Value;

/// Iterations of a trial whose config sets no budget.
pub const DEFAULT_ITERATIONS: f64 = 1000.0;

/// What a trial came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialResult {
    /// Which trial of the search.
    pub index: usize,
    /// What it set, by path.
    pub values: Value,
    /// The rung of successive halving, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rung: Option<usize>,
    /// The mean of the folds' scores; `None` where the trial failed.
    pub score_mean: Option<f64>,
    /// Their standard deviation, √(Σ(s − s̄)²/k) as in NumPy and scikit-learn; 0 where there is one.
    pub score_std: Option<f64>,
    /// The score of each fold, the folds of one dealing after those of another; one where there are no folds.
    pub fold_scores: Vec<f64>,
    /// Loss on all training rows without the L2 term, or the value of a problem without data; the mean over folds.
    pub train_loss: Option<f64>,
    /// Accuracy on the training rows.
    pub train_accuracy: Option<f64>,
    /// R² on the training rows; `None` for a classification.
    pub train_r2: Option<f64>,
    /// Loss on the validation rows, without the L2 term.
    pub val_loss: Option<f64>,
    /// Accuracy on the validation rows; `None` for a regression.
    pub val_accuracy: Option<f64>,
    /// R² on the validation rows; `None` for a classification.
    pub val_r2: Option<f64>,
    /// `converged`, `stopped`, `breakdown`; `diverged` or `error` where the trial failed.
    pub status: &'static str,
    /// Why it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Steps taken, over all folds.
    pub iterations: u64,
    /// Milliseconds they took; not part of what is reproducible.
    pub ms: f64,
    /// The first fold's record, where the search asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curves: Option<Curves>,
}

/// A thinned record, to be drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Curves {
    /// Steps taken.
    pub iteration: Vec<f64>,
    /// The smoothed training loss there.
    pub loss: Vec<f64>,
    /// Steps taken before each validation.
    pub val_iteration: Vec<f64>,
    /// The validation loss there.
    pub val_loss: Vec<f64>,
    /// The validation accuracy there; NaN for a regression.
    pub val_accuracy: Vec<f64>,
}

/// A trial under way. [`Trial::advance`] it until it is over, then take the [`Trial::result`].
pub struct Trial {
    plan: TrialPlan,
    score: Option<Score>,
    configs: Vec<Value>,
    session: Option<Session>,
    outcomes: Vec<Outcome>,
    failure: Option<(&'static str, String)>,
    end: (&'static str, Option<String>),
    points: usize,
    curves: Option<Curves>,
    iterations: u64,
    clock: Clock,
    ms: f64,
}

/// What one fold came to.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    score: f64,
    train_loss: f64,
    train_accuracy: Option<f64>,
    train_r2: Option<f64>,
    val_loss: Option<f64>,
    val_accuracy: Option<f64>,
    val_r2: Option<f64>,
}

/// How a trial is to be run, apart from its config.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    /// What is scored; `None` for the task's own.
    pub score: Option<Score>,
    /// Over which folds.
    pub folds: Option<Folds>,
    /// Points of the curves to keep; 0 for none.
    pub points: usize,
    /// For the time.
    pub clock: Clock,
}

/// The folds of a cross-validation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folds {
    /// k; `None` for as many as there are rows (leave-one-out).
    pub of: Option<usize>,
    /// How often the rows are dealt anew.
    pub repeats: usize,
}

impl Folds {
    /// Reads a whole number from 2 or `"leave_one_out"`.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        let of = match value {
            Value::Text(word) if word == "leave_one_out" => None,
            Value::Number(k) if k.fract() == 0.0 && (2.0..=1e9).contains(k) => Some(*k as usize),
            other => {
                let what =
                    format!("{other} is neither a whole number from 2 nor \"leave_one_out\"");
                return Err(Error::new("folds", what));
            }
        };
        Ok(Self { of, repeats: 1 })
    }
}

impl Trial {
    /// A trial at its start. One whose config is refused is over at once, and its result says why.
    pub fn new(plan: TrialPlan, config: Result<Value, Error>, manner: Manner) -> Self {
        let (configs, failure) = match config.and_then(|config| folded(config, manner.folds)) {
            Ok(configs) => (configs, None),
            Err(error) => (Vec::new(), Some(("error", error.to_string()))),
        };
        Self {
            plan,
            score: manner.score,
            configs,
            session: None,
            outcomes: Vec::new(),
            failure,
            end: ("stopped", None),
            points: manner.points,
            curves: None,
            iterations: 0,
            clock: manner.clock,
            ms: 0.0,
        }
    }

    /// Up to `n` iterations, of one fold after another; fewer if the trial ends.
    pub fn advance(&mut self, n: u64) {
        let began = (self.clock)();
        let mut left = n;
        while left > 0 && !self.is_over() {
            let taken = self.fold(left);
            self.iterations += taken;
            left = left.saturating_sub(taken.max(1));
        }
        self.ms += ((self.clock)() - began).max(0.0);
    }

    /// Whether all folds are done, or one has failed.
    pub fn is_over(&self) -> bool {
        self.failure.is_some() || self.outcomes.len() == self.configs.len()
    }

    /// Folds done and the number of folds.
    pub fn progress(&self) -> (usize, usize) {
        (self.outcomes.len(), self.configs.len())
    }

    /// Steps taken.
    pub fn iterations(&self) -> u64 {
        self.iterations
    }

    /// The record of the fold at work, or of the first where none is.
    pub fn curves(&mut self, points: usize) -> Curves {
        match (&mut self.session, &self.curves) {
            (Some(session), _) => curves(session, points),
            (None, kept) => kept.clone().unwrap_or_default(),
        }
    }

    /// What it came to; before the end, what the folds that are done came to.
    pub fn result(&self) -> TrialResult {
        let scores: Vec<f64> = self.outcomes.iter().map(|o| o.score).collect();
        let (status, reason) = match &self.failure {
            Some((status, reason)) => (*status, Some(reason.clone())),
            None => self.end.clone(),
        };
        let scored =
            (self.failure.is_none() && !scores.is_empty()).then(|| mean_and_deviation(&scores));
        let mean = |of: fn(&Outcome) -> Option<f64>| {
            let values: Option<Vec<f64>> = self.outcomes.iter().map(of).collect();
            let values = values.filter(|v| !v.is_empty())?;
            Some(mean_and_deviation(&values).0)
        };
        TrialResult {
            index: self.plan.index,
            values: self.plan.values.clone(),
            rung: self.plan.rung,
            score_mean: scored.map(|(mean, _)| mean),
            score_std: scored.map(|(_, deviation)| deviation),
            train_loss: mean(|o| Some(o.train_loss)),
            train_accuracy: mean(|o| o.train_accuracy),
            train_r2: mean(|o| o.train_r2),
            val_loss: mean(|o| o.val_loss),
            val_accuracy: mean(|o| o.val_accuracy),
            val_r2: mean(|o| o.val_r2),
            fold_scores: scores,
            status,
            reason,
            iterations: self.iterations,
            ms: self.ms,
            curves: self.curves.clone(),
        }
    }

    /// Works on the current fold; the number of steps taken.
    fn fold(&mut self, n: u64) -> u64 {
        let at = self.outcomes.len();
        let mut session = match self.session.take() {
            Some(session) => session,
            None => match Session::new(&self.configs[at], self.clock) {
                Ok(session) => session,
                Err(error) => {
                    self.fail("error", &error.to_string());
                    return 0;
                }
            },
        };
        let before = session.report().iteration;
        let report = session.train_step(n);
        let taken = report.iteration - before;
        if report.status == Status::Running.name() {
            self.session = Some(session);
            return taken;
        }
        if at == 0 && self.points > 0 {
            self.curves = Some(curves(&mut session, self.points));
        }
        if report.status == "diverged" {
            self.fail(report.status, report.reason.as_deref().unwrap_or_default());
            return taken;
        }
        match outcome(&mut session, self.score) {
            Ok(outcome) => {
                self.outcomes.push(outcome);
                self.end = (report.status, report.reason);
            }
            Err(error) => self.fail("error", &error.to_string()),
        }
        taken
    }

    fn fail(&mut self, status: &'static str, reason: &str) {
        let fold = match self.configs.len() {
            0 | 1 => String::new(),
            _ => format!("fold {}: ", self.outcomes.len() + 1),
        };
        self.failure = Some((status, format!("{fold}{reason}")));
    }
}

/// Trains and scores `config` on every fold of its training and validation rows; the test rows stay under seal.
///
/// # Errors
/// What the config refuses; `folds` below 2 or above the number of rows. A fold that diverges is no error: the result
/// says so.
pub fn cross_validate(config: &Value, folds: Folds, clock: Clock) -> Result<TrialResult, Error> {
    let checked = SessionConfig::from_value(config)?;
    if !matches!(checked.problem, ProblemConfig::Network(_)) {
        return Err(no_rows_to_fold());
    }
    let config = with_budget(config.clone())?;
    let first = folded(config.clone(), Some(folds))?;
    for config in first.iter().take(1) {
        Session::new(config, clock)?;
    }
    let plan = TrialPlan {
        index: 0,
        values: Value::Map(Vec::new()),
        rung: None,
    };
    let manner = Manner {
        score: None,
        folds: Some(folds),
        points: 0,
        clock,
    };
    let mut trial = Trial::new(plan, Ok(config), manner);
    trial.advance(u64::MAX);
    Ok(trial.result())
}

/// The config with a budget of iterations, if it had none.
pub fn with_budget(mut config: Value) -> Result<Value, Error> {
    if config
        .get("stop")
        .and_then(|stop| stop.get("iterations"))
        .is_none()
    {
        path::set(
            &mut config,
            "stop.iterations",
            Value::Number(DEFAULT_ITERATIONS),
        )?;
    }
    Ok(config)
}

/// One config a fold.
pub(super) fn folded(config: Value, folds: Option<Folds>) -> Result<Vec<Value>, Error> {
    let Some(Folds { of, repeats }) = folds else {
        return Ok(vec![config]);
    };
    let of = match of {
        Some(of) => of,
        None => rows_to_fold(&config)?,
    };
    let mut configs = Vec::with_capacity(of * repeats);
    for repeat in 0..repeats {
        for index in 0..of {
            let fold = [("of", of), ("index", index), ("repeat", repeat)];
            let fold = Value::map(fold.map(|(key, n)| (key, Value::Number(n as f64))));
            let mut config = config.clone();
            path::set(&mut config, "problem.fold", fold)?;
            configs.push(config);
        }
    }
    Ok(configs)
}

/// Training and validation rows together.
fn rows_to_fold(config: &Value) -> Result<usize, Error> {
    match SessionConfig::from_value(config)?.problem {
        ProblemConfig::Network(network) => {
            let [train, val, _] = network.fractions.counts(network.dataset.rows());
            Ok(train + val)
        }
        _ => Err(no_rows_to_fold()),
    }
}

fn no_rows_to_fold() -> Error {
    Error::new("folds", "only a network has rows to divide into folds")
}

/// Scores a run that has ended; after early stopping its best point, for that is the one it keeps.
fn outcome(session: &mut Session, score: Option<Score>) -> Result<Outcome, Error> {
    let info = session.info();
    let Some(network) = info.network else {
        let value = session.value_and_gradient().0;
        if score.is_some_and(|score| score != Score::Loss) {
            return Err(Error::new(
                "score",
                "a problem without data has no validation rows; use \"loss\"",
            ));
        }
        return Ok(Outcome {
            score: value,
            train_loss: value,
            train_accuracy: None,
            train_r2: None,
            val_loss: None,
            val_accuracy: None,
            val_r2: None,
        });
    };
    if early_stopping(session) && session.best_parameters().is_some() {
        session.restore_best()?;
    }
    let train = session.evaluate("train")?;
    let val = match network.rows.val {
        0 => None,
        _ => Some(session.evaluate("val")?),
    };
    let val = val.as_ref();
    let score = score.unwrap_or(if network.task == Task::Classification.name() {
        Score::ValAccuracy
    } else {
        Score::ValLoss
    });
    let scored = match score {
        Score::Loss => Some(train.loss),
        Score::ValLoss => val.map(|m| m.loss),
        Score::ValAccuracy => val.and_then(|m| m.accuracy),
        Score::ValR2 => val.and_then(|m| m.r2),
    };
    let scored = scored.ok_or_else(|| score.missing(val.is_some()))?;
    if !scored.is_finite() {
        return Err(Error::new("score", format!("{} is {scored}", score.name())));
    }
    Ok(Outcome {
        score: scored,
        train_loss: train.loss,
        train_accuracy: train.accuracy,
        train_r2: train.r2,
        val_loss: val.map(|m| m.loss),
        val_accuracy: val.and_then(|m| m.accuracy),
        val_r2: val.and_then(|m| m.r2),
    })
}

fn early_stopping(session: &Session) -> bool {
    let config = session.config();
    config
        .get("stop")
        .is_some_and(|stop| stop.get("early").is_some())
}

/// x̄ and √(Σ(x − x̄)²/n).
fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (mean, (squares / n).sqrt())
}

/// At most `points` rows of a record, evenly spaced, the last among them.
fn curves(session: &mut Session, points: usize) -> Curves {
    let history = session.history();
    let column = |name| history.column(name).unwrap_or_default();
    let (iteration, loss) = (column("iteration"), column("ema"));
    let val_loss = column("val_loss");
    let all: Vec<usize> = (0..iteration.len()).collect();
    let validated: Vec<usize> = all
        .iter()
        .copied()
        .filter(|row| !val_loss[*row].is_nan())
        .collect();
    let (rows, validated) = (thinned(&all, points), thinned(&validated, points));
    let take = |values: &[f64], rows: &[usize]| rows.iter().map(|row| values[*row]).collect();
    Curves {
        iteration: take(iteration, &rows),
        loss: take(loss, &rows),
        val_iteration: take(iteration, &validated),
        val_loss: take(val_loss, &validated),
        val_accuracy: take(column("val_accuracy"), &validated),
    }
}

fn thinned(rows: &[usize], points: usize) -> Vec<usize> {
    if rows.len() <= points.max(2) {
        return rows.to_vec();
    }
    let (last, gaps) = (rows.len() - 1, points.max(2) - 1);
    (0..=gaps).map(|i| rows[i * last / gaps]).collect()
}
