//! Grid, random and manual search, and successive halving, as data.

use std::cmp::Ordering;
use std::collections::HashMap;

use serde::Serialize;

use super::axis::Axis;
use super::path;
use super::trial::{Folds, Manner, Trial, TrialResult, with_budget};
use crate::args::Args;
use crate::catalog;
use crate::config::read::Reader;
use crate::config::{ProblemConfig, SessionConfig};
use crate::error::Error;
use crate::optim::schedule::SCHEDULES;
use crate::rng::{Stream, stream};
use crate::train::session::Clock;
use crate::value::Value;

/// Most trials of a search.
const MAX_TRIALS: usize = 100_000;
/// Combinations of other axes that are tried to find one in which a value may stand.
const MAX_CONTEXTS: usize = 64;
/// Trials of a random search that does not say how many.
const DEFAULT_TRIALS: usize = 20;
/// 2⁵³ − 1.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// What trials are ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Score {
    /// Accuracy on the validation rows; the higher the better.
    ValAccuracy,
    /// Loss on the validation rows.
    ValLoss,
    /// R² on the validation rows; the higher the better.
    ValR2,
    /// Loss on the training rows, or the value of a problem without data.
    Loss,
}

impl Score {
    const ALL: [Self; 4] = [Self::ValAccuracy, Self::ValLoss, Self::ValR2, Self::Loss];

    /// The word in a config.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ValAccuracy => "val_accuracy",
            Self::ValLoss => "val_loss",
            Self::ValR2 => "val_r2",
            Self::Loss => "loss",
        }
    }

    /// Whether more of it is better.
    pub const fn rises(self) -> bool {
        matches!(self, Self::ValAccuracy | Self::ValR2)
    }

    /// The error where there is no such score.
    pub(super) fn missing(self, has_rows: bool) -> Error {
        let name = self.name();
        let what = match (has_rows, self) {
            (false, _) => {
                format!("{name} needs validation rows; give problem.split.val a share, or folds")
            }
            (true, Self::ValR2) => {
                format!("{name} needs a regression; one of val_accuracy, val_loss, loss")
            }
            (true, _) => format!("{name} needs classes; one of val_loss, val_r2, loss"),
        };
        Error::new("score", what)
    }
}

/// How trials are chosen.
#[derive(Debug, Clone, PartialEq)]
enum Choice {
    /// Every combination, row-major: the last axis varies fastest.
    Grid(Vec<Vec<Value>>),
    /// Drawn, each trial from a stream of its own.
    Random(usize),
    /// As given: one object of paths and values a trial.
    Manual(Vec<Vec<(String, Value)>>),
}

/// Successive halving: all candidates on a small budget, the best part of them on a larger one, and so on.
///
/// Source: Jamieson, Talwalkar, *Non-stochastic Best Arm Identification and Hyperparameter Optimization*, 2016,
/// algorithm 1, with the budget of a rung a power of η times the first as in Li et al., *Hyperband*, 2018. A rung trains
/// anew, so that each trial can be run and repeated alone; as runs are reproducible, it passes through the points where
/// the rung before it stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Halving {
    /// Iterations of the first rung.
    min_iterations: u64,
    /// η: the budget grows by this factor from rung to rung, the number of candidates falls by it.
    factor: usize,
    /// Iterations of the last rung.
    max_iterations: u64,
}

/// One trial that is to be run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TrialPlan {
    /// Its number, from which alone it can be run.
    pub index: usize,
    /// What it sets, by path.
    pub values: Value,
    /// The rung of successive halving, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rung: Option<usize>,
}

/// All trials and which is best.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SearchResult {
    /// Those that were run, in the order of their numbers.
    pub trials: Vec<TrialResult>,
    /// Where in `trials` the best stands, the first of equals; −1 where none has a score.
    pub best: i64,
    /// Whether all trials were run.
    pub complete: bool,
}

/// What ranks a trial that has been run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranked {
    /// Its number.
    pub index: usize,
    /// Its score; `None` where it failed.
    pub score: Option<f64>,
}

impl From<&TrialResult> for Ranked {
    fn from(result: &TrialResult) -> Self {
        Self {
            index: result.index,
            score: result.score_mean,
        }
    }
}

/// How the caller wants trials to be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// As the spec says: by its `method`, else at random where it names a number of trials, else by grid.
    AsGiven,
    /// A grid.
    Grid,
    /// At random.
    Random,
}

/// A search: a base config, axes, and how trials are chosen and scored.
///
/// ```
/// use descent::tune::search::{Method, Search};
/// use descent::value::Value;
///
/// let base = Value::map([
///     ("problem", Value::map([("kind", Value::from("surface")), ("name", Value::from("booth"))])),
///     ("optimizer", Value::map([("name", Value::from("sgd"))])),
///     ("stop", Value::map([("iterations", Value::from(50.0))])),
/// ]);
/// let spec = Value::map([
///     ("base", base),
///     ("axes", Value::map([("optimizer.lr", Value::from(vec![0.001, 0.01, 0.1]))])),
/// ]);
/// let found = Search::from_value(&spec, Method::AsGiven)?.run(|| 0.0, |_, _, _| true)?;
/// assert_eq!(found.best, 2);
/// # Ok::<(), descent::error::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    base: Value,
    axes: Vec<Axis>,
    choice: Choice,
    halving: Option<Halving>,
    score: Option<Score>,
    folds: Option<Folds>,
    seed: u64,
    points: usize,
}

impl Search {
    /// Reads a spec. Whether the configs of its trials are sound is for [`Search::check`], which may take longer.
    ///
    /// # Errors
    /// The first thing that is wrong with the spec itself, with its path: `axes.optimizer.lr.max: …`.
    pub fn from_value(spec: &Value, method: Method) -> Result<Self, Error> {
        const KEYS: &[&str] = &[
            "base", "axes", "points", "method", "score", "folds", "repeats", "trials", "seed",
            "halving", "curves",
        ];
        let r = Reader::new(spec, KEYS)?;
        let base = r.required("base")?;
        if !matches!(base, Value::Map(_)) {
            return Err(r.error(
                "base",
                format!("{base} is not a config, an object with problem and optimizer"),
            ));
        }
        let axes = axes(&r)?;
        let choice = choice(&r, &axes, method)?;
        let search = Self {
            base: with_budget(base.clone()).map_err(|e| e.within("base.stop"))?,
            halving: halving(&r, base, &axes)?,
            axes,
            choice,
            score: r
                .choice("score", &Score::ALL.map(Score::name))?
                .and_then(|name| Score::ALL.into_iter().find(|s| s.name() == name)),
            folds: folds(&r)?,
            seed: r.whole("seed", 0.0, MAX_EXACT)?.unwrap_or(0.0) as u64,
            points: r.whole("curves", 0.0, 10_000.0)?.unwrap_or(0.0) as usize,
        };
        Ok(search)
    }

    /// Checks the base, every value of a list and both ends of an interval against the config, so that a misspelt path
    /// or a value out of range is found before the first trial. A value passes if one of the trials it may stand in
    /// would start; a trial whose values do not go together is marked when it is run.
    ///
    /// # Errors
    /// `axes.<path>: …` for a path that the config does not know, `axes.<path>[i]: …` for a value, `base.…`, `score`,
    /// `folds`.
    pub fn check(&self) -> Result<(), Error> {
        let alone = SessionConfig::from_value(&self.base);
        let base_stands = alone.is_ok();
        let first = match (&self.choice, alone) {
            (_, Ok(config)) => config,
            (_, Err(error)) => {
                let plan = self.plan(0)?;
                let tried = self
                    .config(&plan)
                    .and_then(|c| SessionConfig::from_value(&c));
                tried.map_err(|_| error.within("base"))?
            }
        };
        self.check_score(&first)?;
        if let Choice::Manual(points) = &self.choice {
            for (i, point) in points.iter().enumerate() {
                self.try_values(point)
                    .map_err(|e| e.within(&format!("points[{i}]")))?;
            }
            return Ok(());
        }
        for (at, axis) in self.axes.iter().enumerate() {
            for (i, value) in axis.samples().into_iter().enumerate() {
                self.check_value(at, &value, base_stands)
                    .map_err(|e| located(e, axis, i))?;
            }
        }
        Ok(())
    }

    /// How many trials there are; of successive halving, over all rungs.
    pub fn len(&self) -> usize {
        match self.halving {
            None => self.candidates(),
            Some(halving) => (0..halving.rungs())
                .map(|r| halving.size(r, self.candidates()))
                .sum(),
        }
    }

    /// Whether there is nothing to run.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What trial `index` sets.
    ///
    /// # Errors
    /// `index`: no such trial.
    pub fn plan(&self, index: usize) -> Result<TrialPlan, Error> {
        let candidates = self.candidates();
        let (rung, candidate) = (index / candidates.max(1), index % candidates.max(1));
        let rungs = self.halving.map_or(1, |halving| halving.rungs());
        if rung >= rungs {
            let what = format!(
                "{index} is not a whole number from 0 to {}",
                rungs * candidates - 1
            );
            return Err(Error::new("index", what));
        }
        let mut values = self.values(candidate);
        if let Some(halving) = self.halving {
            let budget = halving.budget(rung);
            values.push(("stop.iterations".to_owned(), Value::Number(budget as f64)));
        }
        Ok(TrialPlan {
            index,
            values: Value::Map(values),
            rung: self.halving.map(|_| rung),
        })
    }

    /// The trials that can be run at once: all of them, or the first rung of successive halving.
    pub fn trials(&self) -> Vec<TrialPlan> {
        self.next(&[])
    }

    /// The trials that can be run now, given the results so far: those that have no result yet, or of successive halving
    /// those of the present rung. Nothing once all are done.
    pub fn next(&self, done: &[Ranked]) -> Vec<TrialPlan> {
        let candidates = self.candidates();
        let done: HashMap<usize, Option<f64>> = done.iter().map(|d| (d.index, d.score)).collect();
        let has = |index: usize| done.contains_key(&index);
        let Some(halving) = self.halving else {
            return self.plans((0..candidates).filter(|i| !has(*i)));
        };
        let mut alive: Vec<usize> = (0..candidates).collect();
        for rung in 0..halving.rungs() {
            let index = |candidate: usize| rung * candidates + candidate;
            let open: Vec<usize> = alive
                .iter()
                .map(|c| index(*c))
                .filter(|i| !has(*i))
                .collect();
            if !open.is_empty() {
                return self.plans(open.into_iter());
            }
            let score = |candidate: usize| *done.get(&index(candidate))?;
            let rises = self.score().rises();
            alive.retain(|candidate| score(*candidate).is_some());
            alive.sort_by(|a, b| compare(rises, score(*a), score(*b)));
            alive.truncate(halving.size(rung + 1, candidates));
            alive.sort_unstable();
        }
        Vec::new()
    }

    /// Where in `results` the best stands, the first of equals: of successive halving, the best of the last rung that
    /// has any; `None` where none has a score.
    pub fn best(&self, results: &[Ranked]) -> Option<usize> {
        let candidates = self.candidates().max(1);
        let rung = |r: &Ranked| r.index / candidates;
        let scored = || {
            results
                .iter()
                .enumerate()
                .filter(|(_, r)| r.score.is_some())
        };
        let last = scored().map(|(_, r)| rung(r)).max()?;
        let finalists = scored().filter(|(_, r)| rung(r) == last);
        let rises = self.score().rises();
        let best = finalists
            .min_by(|(_, a), (_, b)| compare(rises, a.score, b.score).then(a.index.cmp(&b.index)));
        best.map(|(place, _)| place)
    }

    /// Trial `index` at its start.
    ///
    /// # Errors
    /// `index`: no such trial. A config that is refused is no error: the trial's result says so.
    pub fn trial(&self, index: usize, clock: Clock) -> Result<Trial, Error> {
        let plan = self.plan(index)?;
        let config = self.config(&plan);
        let manner = Manner {
            score: self.score,
            folds: self.folds,
            points: self.points,
            clock,
        };
        Ok(Trial::new(plan, config, manner))
    }

    /// The whole config of a trial.
    pub fn config(&self, plan: &TrialPlan) -> Result<Value, Error> {
        let pairs: Vec<(String, Value)> = plan
            .values
            .entries()
            .map(|(path, value)| (path.to_owned(), value.clone()))
            .collect();
        self.with_values(&pairs)
    }

    /// Runs all trials, one after another. `progress` gets the number done, the number of all and the last result, and
    /// says whether to go on.
    ///
    /// # Errors
    /// Those of [`Search::check`].
    pub fn run(
        &self,
        clock: Clock,
        mut progress: impl FnMut(usize, usize, &TrialResult) -> bool,
    ) -> Result<SearchResult, Error> {
        self.check()?;
        let mut trials: Vec<TrialResult> = Vec::new();
        let mut done: Vec<Ranked> = Vec::new();
        let mut go_on = true;
        while go_on {
            let open = self.next(&done);
            if open.is_empty() {
                break;
            }
            for plan in open {
                let mut trial = self.trial(plan.index, clock)?;
                trial.advance(u64::MAX);
                let result = trial.result();
                done.push(Ranked::from(&result));
                go_on = progress(done.len(), self.len(), &result);
                trials.push(result);
                if !go_on {
                    break;
                }
            }
        }
        let complete = go_on || self.next(&done).is_empty();
        let best = self.best(&done).map_or(-1, |place| place as i64);
        Ok(SearchResult {
            trials,
            best,
            complete,
        })
    }

    /// The folds of each trial.
    pub(super) fn folds(&self) -> Option<Folds> {
        self.folds
    }

    fn candidates(&self) -> usize {
        match &self.choice {
            Choice::Grid(axes) => axes.iter().map(Vec::len).product(),
            Choice::Random(trials) => *trials,
            Choice::Manual(points) => points.len(),
        }
    }

    fn values(&self, candidate: usize) -> Vec<(String, Value)> {
        let paths = self.axes.iter().map(|axis| axis.path.clone());
        match &self.choice {
            Choice::Manual(points) => points[candidate].clone(),
            Choice::Random(_) => {
                let mut rng = stream(self.seed, Stream::Trial, candidate as u64);
                let drawn = self.axes.iter().map(|axis| axis.draw(&mut rng));
                paths.zip(drawn).collect()
            }
            Choice::Grid(grid) => {
                let mut rest = candidate;
                let mut values: Vec<Value> = grid
                    .iter()
                    .rev()
                    .map(|points| {
                        let value = points[rest % points.len()].clone();
                        rest /= points.len();
                        value
                    })
                    .collect();
                values.reverse();
                paths.zip(values).collect()
            }
        }
    }

    fn plans(&self, indices: impl Iterator<Item = usize>) -> Vec<TrialPlan> {
        indices.filter_map(|index| self.plan(index).ok()).collect()
    }

    /// What trials are ranked by: what the spec says, else what suits the base's problem.
    pub fn score(&self) -> Score {
        self.score.unwrap_or_else(|| {
            let config = self.plan(0).and_then(|plan| self.config(&plan));
            match config.and_then(|config| SessionConfig::from_value(&config)) {
                Ok(config) => default_score(&config),
                Err(_) => Score::Loss,
            }
        })
    }

    /// The base with these values set, those of shorter paths first.
    fn with_values(&self, values: &[(String, Value)]) -> Result<Value, Error> {
        let mut config = self.base.clone();
        let mut ordered: Vec<&(String, Value)> = values.iter().collect();
        ordered.sort_by_key(|(path, _)| path::depth(path).unwrap_or(0));
        for (path, value) in &ordered {
            leave_out_strangers(&mut config, path, value);
        }
        for (path, value) in ordered {
            path::set(&mut config, path, value.clone()).map_err(|e| e.within(path))?;
        }
        Ok(config)
    }

    fn try_values(&self, values: &[(String, Value)]) -> Result<(), Error> {
        let config = self.with_values(values)?;
        SessionConfig::from_value(&config).map(|_| ())
    }

    /// Whether some trial with this value would start; the error says why it would not with the value alone.
    fn check_value(&self, at: usize, value: &Value, base_stands: bool) -> Result<(), Error> {
        let alone = [(self.axes[at].path.clone(), value.clone())];
        let mut refused = None;
        if base_stands {
            match self.try_values(&alone) {
                Ok(()) => return Ok(()),
                Err(error) => refused = Some(error),
            }
        }
        let others = self.axes.iter().enumerate().filter(|(i, _)| *i != at);
        let mut contexts = vec![alone.to_vec()];
        for (_, axis) in others {
            let samples = axis.samples();
            let extended = contexts.iter().flat_map(|context| {
                samples.iter().map(|sample| {
                    let mut context = context.clone();
                    context.push((axis.path.clone(), sample.clone()));
                    context
                })
            });
            contexts = extended.take(MAX_CONTEXTS).collect();
        }
        for context in contexts {
            match self.try_values(&context) {
                Ok(()) => return Ok(()),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        refused.map_or(Ok(()), Err)
    }

    fn check_score(&self, config: &SessionConfig) -> Result<(), Error> {
        let ProblemConfig::Network(network) = &config.problem else {
            if self.folds.is_some() {
                return Err(Error::new(
                    "folds",
                    "only a network has rows to divide into folds",
                ));
            }
            return match self.score {
                None | Some(Score::Loss) => Ok(()),
                Some(score) => Err(score.missing(false)),
            };
        };
        let score = self.score.unwrap_or_else(|| default_score(config));
        let has_rows =
            network.fractions.val > 0.0 || network.fold.is_some() || self.folds.is_some();
        let classes = network.dataset.labels().is_some();
        let wrong = match score {
            Score::Loss => false,
            Score::ValLoss => !has_rows,
            Score::ValAccuracy => !has_rows || !classes,
            Score::ValR2 => !has_rows || classes,
        };
        if wrong {
            Err(score.missing(has_rows))
        } else {
            Ok(())
        }
    }
}

impl Halving {
    /// How many rungs there are, the last with the whole budget.
    fn rungs(&self) -> usize {
        let mut rungs = 1;
        while self.grown(rungs - 1) < self.max_iterations {
            rungs += 1;
        }
        rungs
    }

    fn budget(&self, rung: usize) -> u64 {
        self.grown(rung).min(self.max_iterations)
    }

    fn grown(&self, rung: usize) -> u64 {
        let factor = (self.factor as u64).saturating_pow(rung as u32);
        self.min_iterations.saturating_mul(factor)
    }

    /// How many candidates reach a rung.
    fn size(&self, rung: usize, candidates: usize) -> usize {
        (0..rung).fold(candidates, |n, _| n.div_ceil(self.factor))
    }
}

/// The better score first; none last.
fn compare(rises: bool, a: Option<f64>, b: Option<f64>) -> Ordering {
    let key = |score: Option<f64>| score.map_or(f64::INFINITY, |s| if rises { -s } else { s });
    key(a).total_cmp(&key(b))
}

/// Accuracy for classes, the validation loss for values, the value where there are no data.
fn default_score(config: &SessionConfig) -> Score {
    match &config.problem {
        ProblemConfig::Network(network) if network.dataset.labels().is_some() => Score::ValAccuracy,
        ProblemConfig::Network(_) => Score::ValLoss,
        _ => Score::Loss,
    }
}

/// Where another method or schedule is named, takes out the base's own fields that it does not have.
fn leave_out_strangers(config: &mut Value, path: &str, name: &Value) {
    let (Some(parent), Some(name)) = (path.strip_suffix(".name"), name.as_text()) else {
        return;
    };
    let fields = match parent {
        "optimizer" => catalog::methods()
            .find(|m| m.name == name)
            .map(|m| m.fields),
        "schedule" => SCHEDULES.iter().find(|s| s.name == name).map(|s| s.fields),
        _ => None,
    };
    let Some(fields) = fields else {
        return;
    };
    let Value::Map(pairs) = config else {
        return;
    };
    if let Some((_, Value::Map(own))) = pairs.iter_mut().find(|(key, _)| key == parent) {
        let besides: &[&str] = match name {
            "piecewise" => &["name", "unit", "boundaries"],
            "warmup" => &["name", "unit", "then"],
            _ => &["name", "unit"],
        };
        own.retain(|(key, value)| {
            let of_method = fields.iter().find(|f| f.name == key);
            let fits = of_method.is_some_and(|f| {
                let one = Value::map([(key.clone(), value.clone())]);
                Args::read(&[*f], &one, &[]).is_ok()
            });
            besides.contains(&key.as_str()) || fits
        });
    }
}

/// An error of a config, as one of the axis that caused it.
fn located(error: Error, axis: &Axis, i: usize) -> Error {
    let of_axis = format!("axes.{}", axis.path);
    let inside = error.path.strip_prefix(axis.path.as_str());
    let unknown = error.message.starts_with("no such field");
    match inside {
        Some(rest) if rest.is_empty() && (unknown || error.message.contains(" in the base")) => {
            Error::new(of_axis, error.message)
        }
        Some(rest) if rest.is_empty() || rest.starts_with(['.', '[']) => {
            Error::new(format!("{of_axis}[{i}]{rest}"), error.message)
        }
        _ if unknown && axis.path.starts_with(error.path.as_str()) => {
            Error::new(of_axis, format!("{}: {}", error.path, error.message))
        }
        _ => Error::new(format!("{of_axis}[{i}]"), error.to_string()),
    }
}

fn axes(r: &Reader) -> Result<Vec<Axis>, Error> {
    match r.get("axes") {
        None => Ok(Vec::new()),
        Some(Value::Map(pairs)) => pairs
            .iter()
            .map(|(path, value)| {
                path::depth(path)
                    .and_then(|_| Axis::from_value(path, value))
                    .map_err(|e| e.within(&format!("axes.{path}")))
            })
            .collect(),
        Some(other) => {
            let what = format!(
                "{other} is not an object of paths and their values, such as {{ \"optimizer.lr\": [0.1, 0.01] }}"
            );
            Err(r.error("axes", what))
        }
    }
}

fn choice(r: &Reader, axes: &[Axis], method: Method) -> Result<Choice, Error> {
    let trials = r
        .whole("trials", 1.0, MAX_TRIALS as f64)?
        .map(|n| n as usize);
    let named = r.choice("method", &["grid", "random", "manual"])?;
    let points = r.get("points");
    let name = match (method, named) {
        (Method::Grid, _) => "grid",
        (Method::Random, _) => "random",
        (Method::AsGiven, Some(name)) => name,
        (Method::AsGiven, None) if points.is_some() => "manual",
        (Method::AsGiven, None) if trials.is_some() => "random",
        (Method::AsGiven, None) => "grid",
    };
    if name == "manual" {
        return manual(r, points, axes);
    }
    if let Some(points) = points {
        return Err(r.error(
            "points",
            format!("{points} is for the method \"manual\", and this is \"{name}\""),
        ));
    }
    if axes.is_empty() {
        return Err(r.error("axes", "is missing; an object of paths and their values"));
    }
    if name == "random" {
        return Ok(Choice::Random(trials.unwrap_or(DEFAULT_TRIALS)));
    }
    let grid: Vec<Vec<Value>> = axes
        .iter()
        .map(|axis| {
            axis.grid()
                .map_err(|e| e.within(&format!("axes.{}", axis.path)))
        })
        .collect::<Result<_, _>>()?;
    let size = grid
        .iter()
        .try_fold(1_usize, |n, points| n.checked_mul(points.len()));
    if size.is_none_or(|n| n > MAX_TRIALS) {
        let product: Vec<String> = grid.iter().map(|points| points.len().to_string()).collect();
        let what = format!(
            "{} trials are too many; at most {MAX_TRIALS}",
            product.join(" · ")
        );
        return Err(r.error("axes", what));
    }
    Ok(Choice::Grid(grid))
}

fn manual(r: &Reader, points: Option<&Value>, axes: &[Axis]) -> Result<Choice, Error> {
    const ALLOWED: &str = "must be a non-empty array of objects of paths and their values";
    if !axes.is_empty() {
        return Err(r.error("axes", "has no place beside points; put the values there"));
    }
    let items = points
        .and_then(Value::as_list)
        .filter(|items| !items.is_empty());
    let items = items.ok_or_else(|| r.error("points", ALLOWED))?;
    if items.len() > MAX_TRIALS {
        return Err(r.error(
            "points",
            format!("{} trials are too many; at most {MAX_TRIALS}", items.len()),
        ));
    }
    let point = |(i, item): (usize, &Value)| match item {
        Value::Map(pairs) => Ok(pairs.clone()),
        other => Err(r.error(
            &format!("points[{i}]"),
            format!("{other} is not an object; the whole {ALLOWED}"),
        )),
    };
    items
        .iter()
        .enumerate()
        .map(point)
        .collect::<Result<_, _>>()
        .map(Choice::Manual)
}

fn halving(r: &Reader, base: &Value, axes: &[Axis]) -> Result<Option<Halving>, Error> {
    let Some(value) = r.get("halving") else {
        return Ok(None);
    };
    let h = r.child("halving", Some(value), &["min_iterations", "factor"])?;
    if axes
        .iter()
        .any(|axis| axis.path == "stop.iterations" || axis.path == "stop")
    {
        return Err(h.error(
            "min_iterations",
            "sets stop.iterations itself; leave it out of the axes",
        ));
    }
    let budget = base
        .get("stop")
        .and_then(|stop| stop.get("iterations")?.as_number());
    let max = budget
        .filter(|b| *b >= 1.0)
        .unwrap_or(super::trial::DEFAULT_ITERATIONS);
    Ok(Some(Halving {
        min_iterations: h
            .whole("min_iterations", 1.0, max)?
            .unwrap_or((max / 27.0).ceil()) as u64,
        factor: h.whole("factor", 2.0, 100.0)?.unwrap_or(3.0) as usize,
        max_iterations: max as u64,
    }))
}

fn folds(r: &Reader) -> Result<Option<Folds>, Error> {
    let repeats = r.whole("repeats", 1.0, 1000.0)?.map(|n| n as usize);
    match (r.get("folds"), repeats) {
        (None, Some(_)) => Err(r.error("repeats", "is for folds, and there are none")),
        (None, None) => Ok(None),
        (Some(value), repeats) => Ok(Some(Folds {
            repeats: repeats.unwrap_or(1),
            ..Folds::from_value(value)?
        })),
    }
}
