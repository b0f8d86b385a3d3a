//! Losses over a block of rows.

use crate::real::Real;
use crate::real::lanes::{Elementary, Lanes, Panel};

/// What is minimised: the mean, over the rows, of a distance between the outputs z and the targets t.
///
/// Definitions are PyTorch's, with `reduction="mean"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// (z − t)², mean over rows and outputs.
    Mse,
    /// −Σ t ln softmax(z), mean over rows; targets are one-hot or probabilities.
    CrossEntropy,
    /// −t ln σ(z) − (1−t) ln(1−σ(z)), mean over rows and outputs, σ the logistic function.
    BinaryCrossEntropy,
    /// ½e² for |e| ≤ 1, |e| − ½ elsewhere, with e = z − t; mean over rows and outputs.
    Huber,
}

impl Loss {
    /// All of them, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[
        Self::Mse,
        Self::CrossEntropy,
        Self::BinaryCrossEntropy,
        Self::Huber,
    ];

    /// The name in a config.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mse => "mse",
            Self::CrossEntropy => "cross_entropy",
            Self::BinaryCrossEntropy => "binary_cross_entropy",
            Self::Huber => "huber",
        }
    }

    /// The name on the page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Mse => "Mean squared error",
            Self::CrossEntropy => "Cross-entropy (softmax)",
            Self::BinaryCrossEntropy => "Binary cross-entropy (sigmoid)",
            Self::Huber => "Huber",
        }
    }

    /// The loss of that [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|l| l.name() == name)
    }

    /// What the sum over rows (and outputs) is divided by.
    pub(super) fn terms(self, rows: usize, outputs: usize) -> f64 {
        match self {
            Self::CrossEntropy => rows as f64,
            Self::Mse | Self::BinaryCrossEntropy | Self::Huber => rows as f64 * outputs as f64,
        }
    }

    /// The loss of each row of one panel (one lane a row), summed over the outputs; with `scale`·∂/∂z written to `d`.
    ///
    /// `z`, `t` and `d` hold one panel for each output.
    pub(super) fn rows_with_gradient<T: Real>(
        self,
        e: &Elementary<T>,
        z: &[Panel<T>],
        t: &[Panel<T>],
        scale: T,
        d: &mut [Panel<T>],
    ) -> Panel<T> {
        let scale = T::Lanes::splat(scale);
        [0, 1].map(|side| match self {
            Self::CrossEntropy => cross_entropy(e, z, t, scale, d, side),
            Self::Mse => each::<T>(z, t, d, side, |z, t| {
                let error = z - t;
                (error * error, (error + error) * scale)
            }),
            Self::BinaryCrossEntropy => each::<T>(z, t, d, side, |z, t| {
                let loss = z.at_least(T::Lanes::default()) - z * t + e.ln_1p(e.exp_of_minus_abs(z));
                (loss, (e.sigmoid(z) - t) * scale)
            }),
            Self::Huber => each::<T>(z, t, d, side, |z, t| {
                let (one, half) = (T::Lanes::splat(T::ONE), T::Lanes::splat(T::of(0.5)));
                let error = z - t;
                let near = error.at_most(one).at_least(-one);
                (near * (error - half * near), near * scale)
            }),
        })
    }

    /// Outputs z of one panel of rows, made into what is predicted: probabilities where the loss contains them.
    pub(super) fn predict<T: Real>(self, e: &Elementary<T>, z: &mut [Panel<T>]) {
        match self {
            Self::Mse | Self::Huber => {}
            Self::BinaryCrossEntropy => {
                for z in z {
                    *z = z.map(|z| e.sigmoid(z));
                }
            }
            Self::CrossEntropy => {
                for side in 0..2 {
                    let max = max::<T>(z, side);
                    let mut sum = T::Lanes::default();
                    for z in z.iter_mut() {
                        z[side] = e.exp(z[side] - max);
                        sum += z[side];
                    }
                    for z in z.iter_mut() {
                        z[side] = z[side] / sum;
                    }
                }
            }
        }
    }
}

/// Cross-entropy of softmax z: Σ t(ln Σeᶻ − z), and its gradient Σt · eᶻ/Σeᶻ − t; the largest z is taken off first.
#[inline]
fn cross_entropy<T: Real>(
    e: &Elementary<T>,
    z: &[Panel<T>],
    t: &[Panel<T>],
    scale: T::Lanes,
    d: &mut [Panel<T>],
    side: usize,
) -> T::Lanes {
    let max = max::<T>(z, side);
    let mut sum = T::Lanes::default();
    for (z, d) in z.iter().zip(d.iter_mut()) {
        d[side] = e.exp(z[side] - max);
        sum += d[side];
    }
    let log_sum = e.ln(sum);
    let mut loss = T::Lanes::default();
    let mut total = T::Lanes::default();
    for (z, t) in z.iter().zip(t) {
        loss += t[side] * (log_sum - (z[side] - max));
        total += t[side];
    }
    let share = total / sum;
    for (t, d) in t.iter().zip(d) {
        d[side] = (d[side] * share - t[side]) * scale;
    }
    loss
}

/// The largest output of each row.
#[inline]
fn max<T: Real>(z: &[Panel<T>], side: usize) -> T::Lanes {
    z.iter()
        .map(|z| z[side])
        .reduce(Lanes::at_least)
        .unwrap_or_default()
}

/// Σ over the outputs of the first of `f`'s results; the second goes to `d`.
#[inline]
fn each<T: Real>(
    z: &[Panel<T>],
    t: &[Panel<T>],
    d: &mut [Panel<T>],
    side: usize,
    f: impl Fn(T::Lanes, T::Lanes) -> (T::Lanes, T::Lanes),
) -> T::Lanes {
    let mut loss = T::Lanes::default();
    for ((z, t), d) in z.iter().zip(t).zip(d) {
        let (l, g) = f(z[side], t[side]);
        loss += l;
        d[side] = g;
    }
    loss
}
