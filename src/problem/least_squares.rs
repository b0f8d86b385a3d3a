//! A model fitted to data by its parameters: curves, planes, circles.

pub mod models;
mod statistics;
mod student;

pub use statistics::{Band, FitStatistics};

use crate::error::Error;
use crate::problem::formula::{Batch, Formula, LANES, Lanes, Variables};
use crate::problem::{Hessian, LeastSquares, Objective};
use crate::real::{Real, sum_of_squares};

/// The most parameters of a model.
pub const MOST_PARAMETERS: usize = 100;
/// The most inputs of a row.
pub const MOST_INPUTS: usize = 100;
/// The most numbers in the Jacobian, rows times parameters: 80 MB.
pub const MOST_CELLS: usize = 10_000_000;

/// Rows of numbers, and what the model is to give for each.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// `[rows][columns]`.
    pub inputs: Vec<f64>,
    /// Inputs of a row, at least 1.
    pub columns: usize,
    /// `[rows]`.
    pub targets: Vec<f64>,
}

impl Table {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.targets.len()
    }
}

/// Half the sum of the squared differences between a model and data.
///
/// ```text
/// f(b) = ½ Σᵢ rᵢ(b)²,   rᵢ(b) = m(xᵢ; b) − yᵢ,   ∇f = Jᵀr,   ∇²f = JᵀJ + Σᵢ rᵢ ∇²rᵢ
/// ```
///
/// The model m is a formula in x (or x1, x2, …) and b1, b2, …; J and ∇²rᵢ are its exact derivatives. In `f32` the
/// parameters are widened, everything is computed in `f64`, and the answer rounded.
///
/// ```
/// use descent::problem::Objective;
/// use descent::problem::least_squares::{CurveFit, Table};
///
/// let line = Table { inputs: vec![0.0, 1.0, 2.0], columns: 1, targets: vec![1.0, 3.0, 5.0] };
/// let mut fit = CurveFit::new("b1 + b2 x", line, None)?;
/// assert_eq!(fit.value(&[1.0, 2.0]), 0.0);
/// assert_eq!(fit.value(&[0.0, 2.0]), 1.5);
/// # Ok::<(), descent::error::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CurveFit {
    model: Formula,
    table: Table,
    start: Vec<f64>,
    /// The model for as many rows as it has lanes.
    batch: Batch,
    /// By group of rows, the inputs in lanes; the last row again where there are no more.
    inputs: Vec<Lanes>,
    /// One row's inputs, then the parameters.
    point: Vec<f64>,
    /// The gradient of the model by all of them.
    slope: Vec<f64>,
    residuals: Vec<f64>,
    gradient: Vec<f64>,
    /// ∇²m by the parameters.
    bend: Vec<f64>,
    hessian: Vec<f64>,
}

impl CurveFit {
    /// `model`, a formula in x (where a row has one input) or x1, x2, … and in b1, b2, …, for the rows of `table`,
    /// from `start`; from (1, …, 1) by default.
    ///
    /// # Errors
    /// At `model`: it does not parse, has no parameters or leaves one out. At `x` and `y`: no rows, lengths that do not
    /// fit, numbers that are not finite, fewer rows than parameters, more than fit in memory. At `start`: not one
    /// finite number a parameter.
    pub fn new(model: &str, table: Table, start: Option<Vec<f64>>) -> Result<Self, Error> {
        table.check()?;
        let formula = parse(model, table.columns)?;
        let n = formula.variables().len() - table.columns;
        if table.rows() < n {
            let rows = table.rows();
            return Err(Error::new(
                "x",
                format!(
                    "{rows} rows cannot determine the {n} parameters of the model; at least {n} are needed"
                ),
            ));
        }
        if table
            .rows()
            .checked_mul(n)
            .is_none_or(|cells| cells > MOST_CELLS)
        {
            let rows = table.rows();
            return Err(Error::new(
                "x",
                format!(
                    "{rows} rows by {n} parameters are too many; at most {MOST_CELLS} numbers in all"
                ),
            ));
        }
        let start = start.unwrap_or_else(|| vec![1.0; n]);
        if start.len() != n || start.iter().any(|v| !v.is_finite()) {
            return Err(Error::new(
                "start",
                format!("must be {n} finite numbers, one a parameter"),
            ));
        }
        Ok(Self {
            point: vec![0.0; table.columns + n],
            slope: vec![0.0; table.columns + n],
            residuals: vec![0.0; table.rows()],
            gradient: vec![0.0; n],
            bend: vec![0.0; n * n],
            hessian: vec![0.0; n * n],
            batch: formula.batch(),
            inputs: table.in_lanes(),
            model: formula,
            table,
            start,
        })
    }

    /// The model.
    pub fn model(&self) -> &Formula {
        &self.model
    }

    /// The data.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// Where a run starts.
    pub fn start(&self) -> &[f64] {
        &self.start
    }

    /// The names of the parameters: b1, b2, ….
    pub fn parameters(&self) -> &[String] {
        &self.model.variables()[self.table.columns..]
    }

    /// m(x; b) for rows of inputs, `[rows][columns]`.
    ///
    /// # Errors
    /// `inputs`: no whole rows.
    pub fn predict(&mut self, b: &[f64], inputs: &[f64]) -> Result<Vec<f64>, Error> {
        self.check_inputs(inputs)?;
        self.set(b);
        let rows = inputs.chunks_exact(self.table.columns);
        Ok(rows
            .map(|row| {
                self.point[..row.len()].copy_from_slice(row);
                self.model.value(&self.point)
            })
            .collect())
    }

    fn check_inputs(&self, inputs: &[f64]) -> Result<(), Error> {
        let (numbers, columns) = (inputs.len(), self.table.columns);
        if numbers.is_multiple_of(columns) {
            return Ok(());
        }
        let what = format!("{numbers} numbers are no whole rows of {columns}");
        Err(Error::new("inputs", what))
    }

    /// Takes the parameters over into the work space.
    fn set<T: Real>(&mut self, b: &[T]) {
        let k = self.table.columns;
        for (j, from) in b.iter().enumerate() {
            self.point[k + j] = from.f64();
            self.batch.set(k + j, [from.f64(); LANES]);
        }
    }

    /// Row `i`'s inputs into the work space.
    fn select(&mut self, i: usize) {
        let k = self.table.columns;
        self.point[..k].copy_from_slice(&self.table.inputs[i * k..][..k]);
    }

    /// r, into the work space.
    fn evaluate(&mut self) {
        let groups = self
            .residuals
            .chunks_mut(LANES)
            .zip(self.table.targets.chunks(LANES));
        for ((residuals, targets), inputs) in
            groups.zip(self.inputs.chunks_exact(self.table.columns))
        {
            load(&mut self.batch, inputs);
            subtract(residuals, &self.batch.value(), targets);
        }
    }

    /// r, into the work space, and its gradients by the parameters: `take` gets each row's rᵢ and ∇rᵢ.
    fn linearise(&mut self, mut take: impl FnMut(f64, &[f64])) {
        let k = self.table.columns;
        let groups = self
            .residuals
            .chunks_mut(LANES)
            .zip(self.table.targets.chunks(LANES));
        for ((residuals, targets), inputs) in groups.zip(self.inputs.chunks_exact(k)) {
            load(&mut self.batch, inputs);
            subtract(residuals, &self.batch.gradient(), targets);
            for (lane, r) in residuals.iter().enumerate() {
                for (j, slope) in self.slope.iter_mut().enumerate().skip(k) {
                    *slope = self.batch.slope(j)[lane];
                }
                take(*r, &self.slope[k..]);
            }
        }
    }

    /// rᵢ, with its gradient by the parameters in the end of `slope`.
    fn differentiate(&mut self, i: usize) -> f64 {
        self.select(i);
        self.model.gradient(&self.point, &mut self.slope) - self.table.targets[i]
    }
}

fn load(batch: &mut Batch, inputs: &[Lanes]) {
    for (variable, values) in inputs.iter().enumerate() {
        batch.set(variable, *values);
    }
}

fn subtract(residuals: &mut [f64], values: &Lanes, targets: &[f64]) {
    for ((r, value), target) in residuals.iter_mut().zip(values).zip(targets) {
        *r = value - target;
    }
}

impl Table {
    /// See [`CurveFit::inputs`].
    fn in_lanes(&self) -> Vec<Lanes> {
        let (rows, k) = (self.rows(), self.columns);
        let of_group = |first: usize| {
            (0..k).map(move |column| {
                std::array::from_fn(|lane| self.inputs[(first + lane).min(rows - 1) * k + column])
            })
        };
        (0..rows).step_by(LANES).flat_map(of_group).collect()
    }

    fn check(&self) -> Result<(), Error> {
        let rows = self.targets.len();
        if self.columns == 0 || self.columns > MOST_INPUTS {
            let columns = self.columns;
            return Err(Error::new(
                "x",
                format!("a row has {columns} numbers; from 1 to {MOST_INPUTS} are allowed"),
            ));
        }
        if self.inputs.is_empty() {
            return Err(Error::new("x", "has no rows; at least one is needed"));
        }
        if self.inputs.len() != rows * self.columns {
            let given = self.inputs.len() / self.columns;
            return Err(Error::new(
                "y",
                format!("has {rows} numbers where x has {given} rows"),
            ));
        }
        for (path, values, width) in [("x", &self.inputs, self.columns), ("y", &self.targets, 1)] {
            if let Some(at) = values.iter().position(|v| !v.is_finite()) {
                let what = format!("{} is not a finite number", values[at]);
                return Err(Error::new(format!("{path}[{}]", at / width), what));
            }
        }
        Ok(())
    }
}

/// Reads a model for rows of `columns` inputs.
fn parse(text: &str, columns: usize) -> Result<Formula, Error> {
    let at_model = |e: Error| Error::new("model", e.message);
    let inputs = if columns == 1 && !names_first_input(text) {
        Variables::default().named(&["x"])
    } else {
        Variables::default().indexed("x", columns..=columns)
    };
    let variables = inputs.indexed("b", 0..=MOST_PARAMETERS);
    let formula = Formula::parse(text, &variables).map_err(at_model)?;
    let n = formula.variables().len() - columns;
    if n == 0 {
        return Err(Error::new(
            "model",
            "has no parameters; write b1, b2, … for what is to be found",
        ));
    }
    if let Some(gap) = (0..n).find(|i| !formula.mentions(columns + i)) {
        let gap = gap + 1;
        let what = format!(
            "b{gap} does not stand in it, but b{n} does; number the parameters b1, b2, … without gaps"
        );
        return Err(Error::new("model", what));
    }
    Ok(formula)
}

/// Whether x1 stands in the text as a name of its own.
fn names_first_input(text: &str) -> bool {
    text.match_indices("x1").any(|(at, _)| {
        let within = text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        !within && !text[at + 2..].starts_with(|c: char| c.is_ascii_digit())
    })
}

impl<T: Real> Objective<T> for CurveFit {
    fn dim(&self) -> usize {
        self.start.len()
    }

    fn value(&mut self, b: &[T]) -> f64 {
        self.set(b);
        self.evaluate();
        0.5 * sum_of_squares(&self.residuals)
    }

    fn gradient(&mut self, b: &[T], g: &mut [T]) -> f64 {
        self.set(b);
        let mut gradient = std::mem::take(&mut self.gradient);
        gradient.fill(0.0);
        self.linearise(|r, slope| {
            for (sum, slope) in gradient.iter_mut().zip(slope) {
                *sum += r * slope;
            }
        });
        round(&gradient, g);
        self.gradient = gradient;
        0.5 * sum_of_squares(&self.residuals)
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        Some(self)
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        Some(self)
    }
}

impl<T: Real> LeastSquares<T> for CurveFit {
    fn residual_count(&self) -> usize {
        self.table.rows()
    }

    fn residuals(&mut self, b: &[T], r: &mut [T]) {
        self.set(b);
        self.evaluate();
        round(&self.residuals, r);
    }

    fn jacobian(&mut self, b: &[T], r: &mut [T], j: &mut [T]) {
        self.set(b);
        let n = self.start.len();
        let mut rows = r.iter_mut().zip(j.chunks_exact_mut(n));
        self.linearise(|value, slope| {
            if let Some((r, row)) = rows.next() {
                *r = T::of(value);
                round(slope, row);
            }
        });
    }
}

impl<T: Real> Hessian<T> for CurveFit {
    fn hessian(&mut self, b: &[T], h: &mut [T]) {
        self.set(b);
        self.hessian.fill(0.0);
        let (k, n) = (self.table.columns, self.start.len());
        for i in 0..self.table.rows() {
            let r = self.differentiate(i);
            self.model.hessian_from(&self.point, k, &mut self.bend);
            let slope = &self.slope[k..];
            let rows = self
                .hessian
                .chunks_exact_mut(n)
                .zip(self.bend.chunks_exact(n));
            for ((sums, bends), s) in rows.zip(slope) {
                for ((sum, bend), t) in sums.iter_mut().zip(bends).zip(slope) {
                    *sum += s * t + r * bend;
                }
            }
        }
        round(&self.hessian, h);
    }
}

fn round<T: Real>(from: &[f64], to: &mut [T]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = T::of(*from);
    }
}
