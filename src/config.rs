//! The one JSON document that describes a run: read, checked, defaults filled in, written back.
//!
//! Everything is checked here, once, before anything is allocated; paths in errors are paths of this document.

pub mod constrained;
pub mod least_squares;
pub mod linear_system;
pub mod network;
pub mod read;

pub use constrained::ConstrainedConfig;
pub use least_squares::LeastSquaresConfig;
pub use linear_system::LinearSystemConfig;
pub use network::{BatchSize, DataConfig, NetworkConfig};

use crate::args::Args;
use crate::catalog;
use crate::data::dataset::Task;
use crate::error::Error;
use crate::optim::Method;
use crate::optim::schedule::Schedule;
use crate::problem::surface::Surface;
use crate::value::Value;
use read::Reader;

/// A whole run: problem, method, schedule, batches, seeds, record, stop.
#[derive(Debug, Clone)]
pub struct SessionConfig {
    /// What is solved.
    pub problem: ProblemConfig,
    /// The method.
    pub optimizer: OptimizerConfig,
    /// The learning-rate schedule.
    pub schedule: Schedule,
    /// Rows of a minibatch.
    pub batch_size: BatchSize,
    /// Whether every epoch has an order of its own.
    pub shuffle: bool,
    /// The seeds.
    pub seeds: Seeds,
    /// The type that parameters are kept in.
    pub precision: Precision,
    /// Largest gradient norm that passes unclipped, if any.
    pub clip_norm: Option<f64>,
    /// What is recorded.
    pub record: Record,
    /// When to stop.
    pub stop: Stop,
}

/// What is solved.
#[derive(Debug, Clone)]
pub enum ProblemConfig {
    /// A multilayer perceptron on data.
    Network(Box<NetworkConfig>),
    /// A function of a few variables.
    Surface(Box<Surface>),
    /// A model fitted to data.
    LeastSquares(Box<LeastSquaresConfig>),
    /// A square system of linear equations.
    LinearSystem(Box<LinearSystemConfig>),
    /// A function under constraints, or with a term that is not smooth.
    Constrained(Box<ConstrainedConfig>),
}

/// A method and its hyper-parameters.
#[derive(Debug, Clone)]
pub struct OptimizerConfig {
    /// The method, from the catalogue.
    pub method: &'static Method,
    /// Its checked fields.
    pub args: Args,
}

/// The type that parameters are kept in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 32 bits: two to five times faster.
    F32,
    /// 64 bits.
    F64,
}

/// The seeds of a run. One is enough; the others follow from it unless set apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    /// Everything that has no seed of its own.
    pub seed: u64,
    /// Generated data and the split.
    pub data: u64,
    /// Initial parameters.
    pub init: u64,
    /// Order of the batches.
    pub batch: u64,
}

/// What is recorded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// One row of the history every so many iterations.
    pub every: u64,
    /// Validation every so many iterations; 0 for never, `None` for once an epoch and at least ten iterations apart.
    pub validate_every: Option<u64>,
    /// Most validation rows that each validation sees, the same ones every time; `None` for all.
    pub validate_rows: Option<u64>,
    /// Whether each validation is accompanied by the score on as many training rows.
    pub train_score: bool,
    /// Decay of the smoothed loss, in [0, 1).
    pub ema: f64,
}

/// When to stop. A run without any of these goes on until it diverges.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Stop {
    /// Budget of iterations.
    pub iterations: Option<u64>,
    /// Converged when ‖∇f‖ is at most this.
    pub gradient_tol: Option<f64>,
    /// Converged when the loss is at most this.
    pub target: Option<f64>,
    /// Stopped when the loss has not fallen by `min_delta` for `patience` iterations.
    pub plateau: Option<Plateau>,
    /// Stopped when what is watched of the validation rows has not improved by `min_delta` for `patience` validations.
    pub early: Option<Early>,
    /// Diverged when the loss is above this.
    pub diverge_above: Option<f64>,
}

/// See [`Stop::plateau`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plateau {
    /// Iterations without progress.
    pub patience: u64,
    /// What counts as progress.
    pub min_delta: f64,
}

/// See [`Stop::early`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Early {
    /// What is to improve.
    pub watch: Watch,
    /// Validations without progress.
    pub patience: u64,
    /// What counts as progress.
    pub min_delta: f64,
}

/// What of the validation rows says which point of a run is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Watch {
    /// The loss, which is to fall.
    #[default]
    Loss,
    /// The part of the rows whose class is right, which is to rise.
    Accuracy,
    /// The coefficient of determination, which is to rise.
    R2,
}

impl Watch {
    const ALL: [Self; 3] = [Self::Loss, Self::Accuracy, Self::R2];

    /// Its column of the history.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loss => "val_loss",
            Self::Accuracy => "val_accuracy",
            Self::R2 => "val_r2",
        }
    }
}

/// The largest whole number that a JavaScript number holds exactly: the bound of seeds and counts.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

impl SessionConfig {
    /// Reads and checks a config.
    ///
    /// # Errors
    /// The first thing that is wrong, with its path: an unknown key, a missing or ill-typed value, a number out of
    /// range, a formula or CSV that does not parse, sizes that would not fit.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        const KEYS: &[&str] = &[
            "problem",
            "optimizer",
            "schedule",
            "batch_size",
            "shuffle",
            "seed",
            "data_seed",
            "init_seed",
            "batch_seed",
            "precision",
            "clip_norm",
            "record",
            "stop",
        ];
        let r = Reader::new(value, KEYS)?;
        let seed = r.whole("seed", 0.0, MAX_EXACT)?.unwrap_or(0.0);
        let own_seed = |key| Ok::<u64, Error>(r.whole(key, 0.0, MAX_EXACT)?.unwrap_or(seed) as u64);
        let seeds = Seeds {
            seed: seed as u64,
            data: own_seed("data_seed")?,
            init: own_seed("init_seed")?,
            batch: own_seed("batch_seed")?,
        };
        let stop = Stop::from_value(value.get("stop"))?;
        let problem = ProblemConfig::from_value(r.required("problem")?, &seeds)
            .map_err(|e| e.within("problem"))?;
        stop.check_watch(&problem)?;
        Ok(Self {
            optimizer: OptimizerConfig::from_value(r.required("optimizer")?)
                .map_err(|e| e.within("optimizer"))?,
            schedule: match value.get("schedule") {
                None => Schedule::default(),
                Some(schedule) => {
                    Schedule::from_value(schedule).map_err(|e| e.within("schedule"))?
                }
            },
            batch_size: BatchSize::from_value(value.get("batch_size"))?,
            shuffle: r.flag("shuffle")?.unwrap_or(true),
            precision: match r.choice("precision", &["f64", "f32"])? {
                Some("f32") => Precision::F32,
                _ => Precision::F64,
            },
            clip_norm: r.positive("clip_norm")?,
            record: Record::from_value(value.get("record"))?,
            stop,
            problem,
            seeds,
        })
    }

    /// The config with every default filled in.
    pub fn to_value(&self) -> Value {
        let seed = |v: u64| Value::Number(v as f64);
        Value::map([
            ("problem", self.problem.to_value()),
            ("optimizer", self.optimizer.to_value()),
            ("schedule", self.schedule.to_value()),
            ("batch_size", self.batch_size.to_value()),
            ("shuffle", Value::Bool(self.shuffle)),
            ("seed", seed(self.seeds.seed)),
            ("data_seed", seed(self.seeds.data)),
            ("init_seed", seed(self.seeds.init)),
            ("batch_seed", seed(self.seeds.batch)),
            (
                "precision",
                Value::text(if self.precision == Precision::F32 {
                    "f32"
                } else {
                    "f64"
                }),
            ),
            ("clip_norm", optional(self.clip_norm)),
            ("record", self.record.to_value()),
            ("stop", self.stop.to_value()),
        ])
    }
}

impl ProblemConfig {
    fn from_value(value: &Value, seeds: &Seeds) -> Result<Self, Error> {
        match value.get("kind").and_then(Value::as_text) {
            Some("network") => Ok(Self::Network(Box::new(NetworkConfig::from_value(
                value, seeds,
            )?))),
            Some("surface") => Ok(Self::Surface(Box::new(Surface::from_value(value)?))),
            Some("least_squares") => Ok(Self::LeastSquares(Box::new(
                LeastSquaresConfig::from_value(value, seeds)?,
            ))),
            Some("linear_system") => Ok(Self::LinearSystem(Box::new(
                LinearSystemConfig::from_value(value)?,
            ))),
            Some("constrained") => Ok(Self::Constrained(Box::new(ConstrainedConfig::from_value(
                value,
            )?))),
            _ => {
                let given = value
                    .get("kind")
                    .map_or_else(|| "is missing".to_owned(), |v| format!("{v} is not known"));
                Err(Error::new(
                    "kind",
                    format!(
                        "{given}; one of network, surface, least_squares, linear_system, constrained"
                    ),
                ))
            }
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Network(network) => network.to_value(),
            Self::Surface(surface) => surface.normalized().clone(),
            Self::LeastSquares(problem) => problem.to_value(),
            Self::LinearSystem(system) => system.to_value(),
            Self::Constrained(problem) => problem.to_value(),
        }
    }
}

impl OptimizerConfig {
    /// Reads `{ name, … }`. Paths in errors are relative to it.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        let names = || {
            catalog::methods()
                .map(|m| m.name)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let name = value
            .get("name")
            .ok_or_else(|| Error::new("name", format!("is missing; one of {}", names())))?;
        let method = catalog::methods()
            .find(|m| Some(m.name) == name.as_text())
            .ok_or_else(|| Error::new("name", format!("{name} is not one of {}", names())))?;
        Ok(Self {
            method,
            args: Args::read(method.fields, value, &["name"])?,
        })
    }

    /// Its learning rate; 1 for a method without one.
    pub fn learning_rate(&self) -> f64 {
        let lr = self.args.number("lr");
        if lr.is_nan() { 1.0 } else { lr }
    }

    /// The config with every default filled in.
    pub fn to_value(&self) -> Value {
        let name = [("name", Value::text(self.method.name))];
        Value::map(
            name.into_iter()
                .chain(self.args.entries().map(|(k, v)| (k, v.clone()))),
        )
    }
}

impl Record {
    fn from_value(value: Option<&Value>) -> Result<Self, Error> {
        let r = Reader::open(
            "record".to_owned(),
            value,
            &[
                "every",
                "validate_every",
                "validate_rows",
                "train_score",
                "ema",
            ],
        )?;
        Ok(Self {
            every: r.whole("every", 1.0, MAX_EXACT)?.unwrap_or(1.0) as u64,
            validate_every: r.whole("validate_every", 0.0, MAX_EXACT)?.map(|v| v as u64),
            validate_rows: r.whole("validate_rows", 1.0, MAX_EXACT)?.map(|v| v as u64),
            train_score: r.flag("train_score")?.unwrap_or(false),
            ema: r.number_in("ema", crate::args::Range::UNIT)?.unwrap_or(0.9),
        })
    }

    fn to_value(self) -> Value {
        Value::map([
            ("every", Value::Number(self.every as f64)),
            (
                "validate_every",
                optional(self.validate_every.map(|v| v as f64)),
            ),
            (
                "validate_rows",
                optional(self.validate_rows.map(|v| v as f64)),
            ),
            ("train_score", Value::Bool(self.train_score)),
            ("ema", Value::Number(self.ema)),
        ])
    }
}

impl Stop {
    /// Whether a step before the last of the budget may turn out to be the last.
    pub const fn may_end_early(&self) -> bool {
        self.gradient_tol.is_some()
            || self.target.is_some()
            || self.plateau.is_some()
            || self.early.is_some()
            || self.diverge_above.is_some()
    }

    /// Reads the `stop` of a config.
    pub fn from_value(value: Option<&Value>) -> Result<Self, Error> {
        const KEYS: &[&str] = &[
            "iterations",
            "gradient_tol",
            "target",
            "plateau",
            "early",
            "diverge_above",
        ];
        let r = Reader::open("stop".to_owned(), value, KEYS)?;
        let rule = |key, keys: &[&str]| {
            let value = value.and_then(|v| v.get(key));
            value.map(|v| r.child(key, Some(v), keys)).transpose()
        };
        let plateau = rule("plateau", &["patience", "min_delta"])?;
        let early = rule("early", &["watch", "patience", "min_delta"])?;
        Ok(Self {
            iterations: r.whole("iterations", 1.0, MAX_EXACT)?.map(|v| v as u64),
            gradient_tol: r.number_in("gradient_tol", crate::args::Range::NON_NEGATIVE)?,
            target: r.number_in("target", crate::args::Range::FINITE)?,
            plateau: plateau.as_ref().map(Plateau::read).transpose()?,
            early: early.as_ref().map(Early::read).transpose()?,
            diverge_above: r.number_in("diverge_above", crate::args::Range::FINITE)?,
        })
    }

    /// Whether the problem has what early stopping is to watch.
    ///
    /// # Errors
    /// `stop.early.watch`: an accuracy without classes, or R² without numbers to predict.
    pub fn check_watch(&self, problem: &ProblemConfig) -> Result<(), Error> {
        let task = match problem {
            ProblemConfig::Network(network) => Some(network.dataset.task()),
            _ => None,
        };
        let lacks = match (self.early.map(|early| early.watch), task) {
            (Some(Watch::Accuracy), task) if task != Some(Task::Classification) => {
                "only a classification has an accuracy"
            }
            (Some(Watch::R2), task) if task != Some(Task::Regression) => {
                "only a regression has an R²"
            }
            _ => return Ok(()),
        };
        Err(Error::new(
            "stop.early.watch",
            format!("{lacks}; val_loss is always there"),
        ))
    }

    fn to_value(self) -> Value {
        Value::map([
            ("iterations", optional(self.iterations.map(|v| v as f64))),
            ("gradient_tol", optional(self.gradient_tol)),
            ("target", optional(self.target)),
            (
                "plateau",
                self.plateau.map_or(Value::Null, Plateau::to_value),
            ),
            ("early", self.early.map_or(Value::Null, Early::to_value)),
            ("diverge_above", optional(self.diverge_above)),
        ])
    }
}

impl Plateau {
    fn read(r: &Reader) -> Result<Self, Error> {
        Ok(Self {
            patience: r.whole("patience", 1.0, MAX_EXACT)?.unwrap_or(100.0) as u64,
            min_delta: min_delta(r)?,
        })
    }

    fn to_value(self) -> Value {
        Value::map([
            ("patience", Value::Number(self.patience as f64)),
            ("min_delta", Value::Number(self.min_delta)),
        ])
    }
}

impl Early {
    fn read(r: &Reader) -> Result<Self, Error> {
        let name = r.choice("watch", &Watch::ALL.map(Watch::name))?;
        let watch = Watch::ALL.into_iter().find(|w| Some(w.name()) == name);
        Ok(Self {
            watch: watch.unwrap_or_default(),
            patience: r.whole("patience", 1.0, MAX_EXACT)?.unwrap_or(10.0) as u64,
            min_delta: min_delta(r)?,
        })
    }

    fn to_value(self) -> Value {
        Value::map([
            ("watch", Value::text(self.watch.name())),
            ("patience", Value::Number(self.patience as f64)),
            ("min_delta", Value::Number(self.min_delta)),
        ])
    }
}

fn min_delta(r: &Reader) -> Result<f64, Error> {
    let given = r.number_in("min_delta", crate::args::Range::NON_NEGATIVE)?;
    Ok(given.unwrap_or(0.0))
}

fn optional(v: Option<f64>) -> Value {
    v.map_or(Value::Null, Value::Number)
}
