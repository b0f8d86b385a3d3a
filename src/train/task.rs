//! What a session runs a method on: an objective with a start, batches and, for a network, data.

use serde::Serialize;

use std::ops::Range;

use super::codec::{Codec, Corrupt};
use super::metrics::{Metrics, Validation};
use crate::config::BatchSize;
use crate::error::Error;
use crate::optim::Step;
use crate::problem::Objective;
use crate::problem::least_squares::models::Certified;
use crate::problem::least_squares::{Band, FitStatistics};
use crate::problem::linear_system::SquareSystem;
use crate::real::Real;

/// A part of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Trained on.
    Train,
    /// Chosen by.
    Val,
    /// Kept for the very end.
    Test,
}

impl Part {
    /// By its name: `train`, `val`, `test`.
    pub fn from_name(name: &str) -> Result<Self, Error> {
        match name {
            "train" => Ok(Self::Train),
            "val" => Ok(Self::Val),
            "test" => Ok(Self::Test),
            other => Err(Error::new(
                "split",
                format!("\"{other}\" is not one of train, val, test"),
            )),
        }
    }
}

/// Rows to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The current minibatch.
    Batch,
    /// All that are trained on.
    Training,
}

/// An objective that a session can run. As an [`Objective`] it is the function of the current batch.
pub trait Task<T: Real>: Objective<T> {
    /// The point that every run starts from.
    fn start(&self) -> Vec<T>;

    /// Selects the batch of the next iteration, where there are batches.
    fn next_batch(&mut self, _iteration: u64) {}

    /// Epochs done, fractional. Where there is no data an iteration counts as an epoch: each sees the whole function.
    fn epoch(&self, iteration: u64) -> f64 {
        iteration as f64
    }

    /// Batches in an epoch.
    fn batches_per_epoch(&self) -> u64 {
        1
    }

    /// Which rows the oracles of the second order answer for, from here on. They are asked for the batch by methods, and
    /// for all training data by people.
    fn look_at(&mut self, _scope: Scope) {}

    /// f and ∇f on all training data, without noise.
    fn full_gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        self.gradient(x, g)
    }

    /// f on all training data.
    fn full_value(&mut self, x: &[T]) -> f64 {
        self.value(x)
    }

    /// Groups of parameters that belong together: of a network the weights into each unit, else all of them.
    fn filters(&self) -> Vec<Range<usize>> {
        std::iter::once(0..self.dim()).collect()
    }

    /// What this task is, for the page.
    fn info(&self) -> Info;

    /// Saves or restores the place in the data.
    fn code(&mut self, _codec: &mut dyn Codec) -> Result<(), Corrupt> {
        Ok(())
    }

    /// Names of what the task measures at each recorded point, at most [`crate::optim::MEASURES`]; each becomes a column of the
    /// history.
    fn measures(&self) -> &'static [&'static str] {
        &[]
    }

    /// Measures `x`, from which `step` was taken. `out` is as long as [`Task::measures`].
    fn measure(&mut self, _x: &[T], _step: &Step, _out: &mut [f64]) {}

    /// The linear system behind it, if it is one.
    fn square_system(&self) -> Option<&SquareSystem> {
        None
    }

    /// The network behind it, if it is one.
    fn as_network(&mut self) -> Option<&mut dyn Network<T>> {
        None
    }

    /// The fitted model behind it, if it is one.
    fn as_curve(&mut self) -> Option<&mut dyn Curve<T>> {
        None
    }
}

/// What only a model fitted to data can do. Inputs are rows, one after the other.
pub trait Curve<T: Real> {
    /// The model's value for each row of inputs.
    fn predict(&mut self, b: &[T], inputs: &[f64]) -> Result<Vec<f64>, Error>;

    /// The data; all rows are for training.
    fn points(&self, part: Part) -> Points;

    /// Standard errors and the rest, with b for the solution.
    fn statistics(&mut self, b: &[T]) -> FitStatistics;

    /// The model's value and its 95 % band for each row of inputs.
    fn band(&mut self, b: &[T], inputs: &[f64]) -> Result<Band, Error>;
}

/// What only a network on data can do.
pub trait Network<T: Real> {
    /// Rows of a minibatch from now on; the place in the epoch is kept.
    fn set_batch_size(&mut self, size: BatchSize);

    /// Factor of ½‖weights‖² from now on.
    fn set_l2(&mut self, l2: f64);

    /// Whether a part has any rows.
    fn has_rows(&self, part: Part) -> bool;

    /// Loss and accuracy or R² on the validation rows: what a run records as it goes.
    fn validate(&mut self, x: &[T]) -> Validation;

    /// Accuracy, or R² of a regression, on as many training rows as a validation sees.
    fn train_score(&mut self, x: &[T]) -> f64;

    /// Quality on a part; all counts are 0 where the part is empty.
    fn evaluate(&mut self, x: &[T], part: Part) -> Metrics;

    /// Outputs `[rows][out]` for inputs `[rows][in]`, both in the data's own units; probabilities for classes.
    fn predict(&mut self, x: &[T], inputs: &[f64]) -> Result<Vec<f64>, Error>;

    /// Every layer's activations `[units][rows]`, inputs first (standardised) and outputs last.
    fn neurons(&mut self, x: &[T], inputs: &[f64]) -> Result<Vec<Vec<f64>>, Error>;

    /// The rows of a part in the data's own units.
    fn points(&self, part: Part) -> Points;
}

/// Rows of data.
#[derive(Debug, Clone, PartialEq)]
pub struct Points {
    /// How many.
    pub rows: usize,
    /// `[rows][in]`.
    pub inputs: Vec<f64>,
    /// Class indices, or values `[rows][out]`.
    pub targets: Vec<f64>,
}

/// What a task is, for the page.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Info {
    /// `surface`, `network`, `least_squares`, `linear_system` or `constrained`.
    pub kind: &'static str,
    /// Number of parameters.
    pub dim: usize,
    /// Name for people.
    pub title: String,
    /// For a surface.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surface: Option<SurfaceInfo>,
    /// For a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkInfo>,
    /// For a model fitted to data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_squares: Option<LeastSquaresInfo>,
    /// For each parameter an interval that holds its start and where it is known to go, for a picture of the plane of
    /// two of them; empty for a network.
    pub ranges: Vec<[f64; 2]>,
    /// For a linear system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub linear_system: Option<LinearSystemInfo>,
    /// For a problem with constraints.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constrained: Option<ConstrainedInfo>,
    /// What can be asked of it: `value`, `gradient`, `hessian`, `least_squares`, `linear_system`, `constrained`,
    /// `proximal`, `convex`.
    pub oracles: Vec<&'static str>,
    /// What a user should know: a method misled by minibatches, a part without rows.
    pub warnings: Vec<String>,
}

/// See [`Info`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SurfaceInfo {
    /// Name in the catalogue, or `formula`.
    pub name: String,
    /// f(x, y) = … in LaTeX.
    pub latex: String,
    /// Known minima.
    pub minima: Vec<Vec<f64>>,
    /// A good view: `[x0, x1, y0, y1]`.
    pub view: [f64; 4],
    /// Whether contour levels are best spaced by the logarithm.
    pub log_levels: bool,
    /// Where runs start.
    pub start: Vec<f64>,
}

/// See [`Info`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeastSquaresInfo {
    /// Name in the catalogue, or `formula`.
    pub model: &'static str,
    /// The model as text, in x (or x1, x2, …) and the parameters.
    pub formula: String,
    /// The same in LaTeX.
    pub latex: String,
    /// b1, b2, ….
    pub parameters: Vec<String>,
    /// Number of rows, which is that of the residuals.
    pub rows: usize,
    /// What the inputs of a row are called.
    pub features: Vec<String>,
    /// What the model is to give.
    pub target: String,
    /// Whether the model itself is to be 0, so that a row has inputs only.
    pub implicit: bool,
    /// Where runs start.
    pub start: Vec<f64>,
    /// Other good starts, the model's default first; empty for a formula.
    pub starts: Vec<Vec<f64>>,
    /// The parameters that the data were made with, where that is known.
    pub truth: Option<Vec<f64>>,
    /// The certified answer, where there is one.
    pub certified: Option<Certified>,
}

/// See [`Info`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetworkInfo {
    /// Widths, inputs and outputs included.
    pub sizes: Vec<usize>,
    /// Activation of each layer, the output's last.
    pub activations: Vec<&'static str>,
    /// The loss.
    pub loss: &'static str,
    /// `classification` or `regression`.
    pub task: &'static str,
    /// Names of the inputs.
    pub features: Vec<String>,
    /// Names of the classes; empty for a regression.
    pub classes: Vec<String>,
    /// Name of what is predicted.
    pub target: String,
    /// Rows in each part.
    pub rows: PartRows,
    /// Batches in an epoch.
    pub batches_per_epoch: u64,
}

/// See [`Info`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinearSystemInfo {
    /// Name in the catalogue, `typed` or `csv`.
    pub name: &'static str,
    /// Unknowns.
    pub n: usize,
    /// Entries that are not zero.
    pub nonzeros: usize,
    /// Whether only those are kept.
    pub sparse: bool,
    /// Whether A = Aᵀ, but for rounding.
    pub symmetric: bool,
    /// Whether all eigenvalues are above 0; not known where A is large, and false where A is not symmetric.
    pub positive_definite: Option<bool>,
    /// κ₂, the largest singular value over the smallest; not known where A is large, infinite where it is singular.
    pub condition: Option<f64>,
    /// Whether the solution is known, and with it the error.
    pub solution_known: bool,
    /// Points a side of the grid whose unknowns these are, row by row.
    pub grid: Option<usize>,
}

/// See [`Info`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConstrainedInfo {
    /// `formula`, `quadratic_program`, `linear_program`, `lasso` or `ridge`.
    pub form: &'static str,
    /// The objective in LaTeX.
    pub latex: String,
    /// The constraints in LaTeX, where they are formulas: equalities, inequalities.
    pub constraints: Vec<String>,
    /// What the unknowns are called.
    pub variables: Vec<String>,
    /// p.
    pub equalities: usize,
    /// m, the finite bounds among them.
    pub inequalities: usize,
    /// Lower bounds, then upper ones; the last so many inequalities.
    pub bounds: usize,
    /// l; `null` where there is none.
    pub lower: Vec<Option<f64>>,
    /// u; `null` where there is none.
    pub upper: Vec<Option<f64>>,
    /// Where runs start.
    pub start: Vec<f64>,
}

/// Rows in each part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PartRows {
    /// For training.
    pub train: usize,
    /// For validation.
    pub val: usize,
    /// Under seal.
    pub test: usize,
}
