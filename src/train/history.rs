//! The record of a run: columns of `f64`, one row a recorded iteration. Charts read nothing else.

use super::codec::{Codec, Corrupt};

/// Rows beyond which every second one is dropped and the stride doubles, so that a run of any length fits.
const MAX_ROWS: usize = 1 << 17;
/// Numbers that the recorded path may hold before it is thinned likewise.
const MAX_PATH: usize = 1 << 20;
/// Columns that a record can come to: those of every run, and the measures of all methods.
const MAX_COLUMNS: u64 = 256;
/// Dimensions above which no path is kept: nothing draws it, and copying it would cost more than the step.
const MAX_PATH_DIM: usize = 1000;

/// The columns of every [`History`], in order; behind them stand those of its task's and method's own measures.
pub const COLUMNS: [&str; 18] = [
    "iteration",
    "epoch",
    "loss",
    "ema",
    "grad_norm",
    "step_norm",
    "lr",
    "value_evals",
    "gradient_evals",
    "ms",
    "val_loss",
    "val_accuracy",
    "val_r2",
    "hessian_evals",
    "jacobian_evals",
    "solves",
    "accepted",
    "train_score",
];
const ITERATION: usize = 0;
const MS: usize = 9;
const VAL_LOSS: usize = 10;

/// One recorded iteration: where it started, what was measured there, what the step did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Row {
    /// Steps taken before this one.
    pub iteration: u64,
    /// Epochs begun, fractional.
    pub epoch: f64,
    /// Loss on the batch.
    pub loss: f64,
    /// ‖∇f‖ on the batch.
    pub grad_norm: f64,
    /// ‖Δx‖.
    pub step_norm: f64,
    /// Learning rate after the schedule.
    pub lr: f64,
    /// Evaluations of the value so far.
    pub value_evals: u64,
    /// Evaluations of the gradient so far.
    pub gradient_evals: u64,
    /// Loss on the validation rows; NaN where not evaluated.
    pub val_loss: f64,
    /// Accuracy on the validation rows; NaN where not evaluated, and for a regression.
    pub val_accuracy: f64,
    /// R² on the validation rows; NaN where not evaluated, and for a classification.
    pub val_r2: f64,
    /// Evaluations of the Hessian so far.
    pub hessian_evals: u64,
    /// Evaluations of the Jacobian so far.
    pub jacobian_evals: u64,
    /// Linear systems solved so far.
    pub solves: u64,
    /// Whether the trial was taken.
    pub accepted: bool,
    /// Accuracy or R² on as many training rows as a validation sees; NaN where not evaluated.
    pub train_score: f64,
}

/// Columns of `f64`, and the path of iterates.
#[derive(Debug, Clone)]
pub struct History {
    names: Vec<String>,
    columns: Vec<Vec<f64>>,
    /// Where the measures that are pushed now belong.
    measures: Vec<usize>,
    stride: u64,
    ema: Ema,
    path: Path,
    rewritten: bool,
}

/// A thinned record of iterates.
#[derive(Debug, Clone)]
struct Path {
    dim: usize,
    points: Vec<f64>,
    stride: u64,
    seen: u64,
    rewritten: bool,
}

/// Bias-corrected exponential moving average: the mean starts at the first value, not at zero.
#[derive(Debug, Clone, Copy)]
struct Ema {
    decay: f64,
    sum: f64,
    weight: f64,
}

impl Ema {
    fn next(&mut self, v: f64) -> f64 {
        self.sum = self.decay * self.sum + (1.0 - self.decay) * v;
        self.weight = self.decay * self.weight + (1.0 - self.decay);
        self.sum / self.weight
    }
}

impl History {
    /// Empty; one row every `every` iterations, the loss smoothed with `decay`, iterates of `dim` numbers.
    pub fn new(every: u64, decay: f64, dim: usize) -> Self {
        let dim = if dim <= MAX_PATH_DIM { dim } else { 0 };
        Self {
            names: COLUMNS.map(str::to_owned).to_vec(),
            columns: vec![Vec::new(); COLUMNS.len()],
            measures: Vec::new(),
            stride: every,
            ema: Ema {
                decay,
                sum: 0.0,
                weight: 0.0,
            },
            path: Path {
                dim,
                points: Vec::new(),
                stride: 1,
                seen: 0,
                rewritten: false,
            },
            rewritten: false,
        }
    }

    /// From here on these measures come with each row, each in a column of its name; rows that lack one have NaN there.
    pub fn measure(&mut self, names: impl Iterator<Item = &'static str>) {
        self.measures.clear();
        for name in names {
            let known = self.names.iter().position(|n| n == name);
            let at = known.unwrap_or_else(|| {
                self.names.push(name.to_owned());
                self.columns.push(vec![f64::NAN; self.rows()]);
                self.names.len() - 1
            });
            self.measures.push(at);
        }
    }

    /// Whether an iteration becomes a row: every stride-th, and one with a validation or a loss that is not finite.
    pub fn wants(&self, row: &Row) -> bool {
        row.iteration.is_multiple_of(self.stride) || !row.val_loss.is_nan() || !row.loss.is_finite()
    }

    /// Takes in one iteration and returns the smoothed loss, for which every one counts. `measures` stand in the order
    /// of [`History::measure`].
    pub fn push(&mut self, row: &Row, measures: &[f64]) -> f64 {
        let ema = self.ema.next(row.loss);
        if !self.wants(row) {
            return ema;
        }
        let values = [
            row.iteration as f64,
            row.epoch,
            row.loss,
            ema,
            row.grad_norm,
            row.step_norm,
            row.lr,
            row.value_evals as f64,
            row.gradient_evals as f64,
            f64::NAN,
            row.val_loss,
            row.val_accuracy,
            row.val_r2,
            row.hessian_evals as f64,
            row.jacobian_evals as f64,
            row.solves as f64,
            f64::from(u8::from(row.accepted)),
            row.train_score,
        ];
        let others = self.columns.len() - values.len();
        let values = values
            .into_iter()
            .chain(std::iter::repeat_n(f64::NAN, others));
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
        for (at, value) in self.measures.iter().zip(measures) {
            if let Some(last) = self.columns[*at].last_mut() {
                *last = *value;
            }
        }
        if self.rows() >= MAX_ROWS {
            self.thin();
        }
        ema
    }

    /// Takes in the iterate that a step starts from, `x` converted by the caller.
    pub fn push_point(&mut self, x: impl ExactSizeIterator<Item = f64>) {
        let path = &mut self.path;
        if path.dim > 0 {
            if path.seen.is_multiple_of(path.stride) {
                path.points.extend(x);
            }
            path.seen += 1;
            if path.points.len() > MAX_PATH.max(64 * path.dim) {
                path.thin();
            }
        }
    }

    /// Gives the rows from `first` on their time: the run stood at `from` ms before them and at `to` after the last.
    pub fn set_times(&mut self, first: usize, from: f64, to: f64) {
        let ms = &mut self.columns[MS];
        let first = first.min(ms.len());
        let n = (ms.len() - first) as f64;
        for (i, slot) in ms[first..].iter_mut().enumerate() {
            *slot = from + (to - from) * (i as f64 + 1.0) / n;
        }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns[ITERATION].len()
    }

    /// A column by its name: one of [`COLUMNS`], or a measure.
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        let at = self.names.iter().position(|n| n == name)?;
        Some(&self.columns[at])
    }

    /// All columns: [`COLUMNS`] in their order, then the measures.
    pub fn columns(&self) -> impl Iterator<Item = (&str, &[f64])> {
        self.names
            .iter()
            .map(String::as_str)
            .zip(self.columns.iter().map(Vec::as_slice))
    }

    /// The recorded iterates, one after the other, and the numbers in each (0 where no path is kept).
    pub fn path(&self) -> (usize, &[f64]) {
        (self.path.dim, &self.path.points)
    }

    /// First row that a reader who has the first `known` rows must read: `known`, or 0 if rows have been dropped since
    /// the last call.
    pub fn first_new_row(&mut self, known: usize) -> usize {
        if std::mem::take(&mut self.rewritten) {
            0
        } else {
            known.min(self.rows())
        }
    }

    /// The same for the points of the path.
    pub fn first_new_point(&mut self, known: usize) -> usize {
        let points = self.path.points.len() / self.path.dim.max(1);
        if std::mem::take(&mut self.path.rewritten) {
            0
        } else {
            known.min(points)
        }
    }

    /// Room for `n` more rows and points, so that as many pushes do not allocate.
    pub fn reserve(&mut self, n: usize) {
        let rows = n.min(MAX_ROWS);
        for column in &mut self.columns {
            column.reserve(rows);
        }
        self.path
            .points
            .reserve(n.saturating_mul(self.path.dim).min(MAX_PATH));
    }

    /// Saves or restores; see [`Codec`].
    pub fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        let mut count = self.columns.len() as u64;
        codec.whole(&mut count)?;
        if count > MAX_COLUMNS {
            return Err(Corrupt);
        }
        self.names.resize(count as usize, String::new());
        self.columns.resize(count as usize, Vec::new());
        for (name, column) in self.names.iter_mut().zip(&mut self.columns) {
            codec.text(name)?;
            codec.numbers(column)?;
        }
        codec.whole(&mut self.stride)?;
        codec.number(&mut self.ema.sum)?;
        codec.number(&mut self.ema.weight)?;
        codec.numbers(&mut self.path.points)?;
        codec.whole(&mut self.path.stride)?;
        codec.whole(&mut self.path.seen)?;
        let rows = self.rows();
        let whole_points =
            self.path.dim == 0 || self.path.points.len().is_multiple_of(self.path.dim);
        let sane = self.names.iter().zip(COLUMNS).all(|(name, c)| name == c)
            && self.names.len() >= COLUMNS.len()
            && self.columns.iter().all(|c| c.len() == rows)
            && self.stride > 0
            && self.path.stride > 0;
        if sane && whole_points {
            Ok(())
        } else {
            Err(Corrupt)
        }
    }

    /// Drops every second row, but keeps validations.
    fn thin(&mut self) {
        self.stride *= 2;
        self.rewritten = true;
        let (iteration, val_loss) = (&self.columns[ITERATION], &self.columns[VAL_LOSS]);
        // Iterations are whole numbers; a remainder of floats would be a call.
        let mut keep: Vec<bool> = iteration
            .iter()
            .zip(val_loss)
            .map(|(i, v)| (*i as u64).is_multiple_of(self.stride) || !v.is_nan())
            .collect();
        if keep.iter().filter(|k| **k).count() * 4 > keep.len() * 3 {
            // Nearly every row has a validation: thin those too.
            for (i, keep) in keep.iter_mut().enumerate() {
                *keep = i % 2 == 0;
            }
        }
        for column in &mut self.columns {
            let mut kept = keep.iter();
            column.retain(|_| kept.next().copied().unwrap_or(true));
        }
    }
}

impl Path {
    fn thin(&mut self) {
        let dim = self.dim;
        let points = self.points.len() / dim;
        for i in 0..points.div_ceil(2) {
            self.points
                .copy_within(2 * i * dim..(2 * i + 1) * dim, i * dim);
        }
        self.points.truncate(points.div_ceil(2) * dim);
        self.stride *= 2;
        self.rewritten = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(iteration: u64, loss: f64) -> Row {
        Row {
            iteration,
            epoch: 0.0,
            loss,
            grad_norm: 1.0,
            step_norm: 1.0,
            lr: 0.1,
            value_evals: 0,
            gradient_evals: iteration,
            val_loss: f64::NAN,
            val_accuracy: f64::NAN,
            val_r2: f64::NAN,
            hessian_evals: 0,
            jacobian_evals: 0,
            solves: 0,
            accepted: true,
            train_score: f64::NAN,
        }
    }

    #[test]
    fn smoothed_loss_of_a_constant_is_that_constant_from_the_first_row() {
        let mut history = History::new(1, 0.9, 2);
        for i in 0..5 {
            history.push(&row(i, 3.0), &[]);
        }
        assert!(
            history
                .column("ema")
                .is_some_and(|c| c.iter().all(|v| (v - 3.0).abs() < 1e-15))
        );
    }

    #[test]
    fn a_long_run_is_thinned_evenly_and_says_so() {
        let mut history = History::new(1, 0.9, 2);
        let n = 3 * MAX_ROWS as u64;
        for i in 0..n {
            history.push(&row(i, 1.0), &[]);
            history.push_point([i as f64, 0.0].into_iter());
        }
        assert!(history.rows() < MAX_ROWS);
        let iterations = history.column("iteration").unwrap();
        assert!(iterations.windows(2).all(|w| w[1] - w[0] == 4.0));
        assert_eq!(history.first_new_row(history.rows()), 0);
        assert_eq!(history.first_new_row(history.rows()), history.rows());
        let (dim, points) = history.path();
        assert!(points.len() <= MAX_PATH && points.chunks(dim).all(|p| p[0] % 1.0 == 0.0));
    }

    #[test]
    fn measures_have_columns_of_their_own_and_nan_where_they_were_not_taken() {
        let mut history = History::new(1, 0.9, 2);
        history.push(&row(0, 1.0), &[]);
        history.measure(["lambda"].into_iter());
        history.push(&row(1, 1.0), &[0.5]);
        history.measure(["gain", "lambda"].into_iter());
        history.push(&row(2, 1.0), &[2.0, 0.25]);
        let lambda = history.column("lambda").unwrap();
        assert!(lambda[0].is_nan() && lambda[1..] == [0.5, 0.25]);
        let gain = history.column("gain").unwrap();
        assert!(gain[0].is_nan() && gain[1].is_nan() && gain[2] == 2.0);
    }

    #[test]
    fn a_loss_that_is_not_finite_is_always_recorded() {
        let mut history = History::new(100, 0.9, 2);
        history.push(&row(0, 1.0), &[]);
        history.push(&row(1, f64::INFINITY), &[]);
        assert_eq!(
            history.column("loss"),
            Some([1.0, f64::INFINITY].as_slice())
        );
    }
}
