//! How good a network's predictions are.

use serde::Serialize;

/// Quality on one part of the data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metrics {
    /// Number of rows.
    pub rows: usize,
    /// The mean loss, without the L2 term.
    pub loss: f64,
    /// Part of the rows whose class is right; `None` for a regression.
    pub accuracy: Option<f64>,
    /// Rows by true class (first index) and predicted class (second); `None` for a regression.
    pub confusion: Option<Vec<Vec<u32>>>,
    /// Coefficient of determination, the mean over outputs; `None` for a classification.
    pub r2: Option<f64>,
    /// Mean absolute error in the target's own units; `None` for a classification.
    pub mae: Option<f64>,
}

/// The predicted class of each row of `outputs` (`[rows][width]`): the largest, or for a single output whether it is
/// at least ½. Ties go to the first.
pub fn classes(outputs: &[f64], width: usize) -> impl Iterator<Item = usize> {
    outputs.chunks_exact(width).map(|row| match row {
        [p] => usize::from(*p >= 0.5),
        _ => (1..row.len()).fold(0, |best, i| if row[i] > row[best] { i } else { best }),
    })
}

/// Counts of true class by predicted class.
pub fn confusion(
    truth: impl Iterator<Item = usize>,
    predicted: impl Iterator<Item = usize>,
    n: usize,
) -> Vec<Vec<u32>> {
    let mut counts = vec![vec![0; n]; n];
    for (t, p) in truth.zip(predicted) {
        counts[t][p] += 1;
    }
    counts
}

/// Part of the counts that lies on the diagonal; NaN where there is nothing to count.
pub fn accuracy(confusion: &[Vec<u32>]) -> f64 {
    let right: u32 = confusion.iter().enumerate().map(|(i, row)| row[i]).sum();
    let all: u32 = confusion.iter().flatten().sum();
    f64::from(right) / f64::from(all)
}

/// R² = 1 − Σ(t−y)² / Σ(t−t̄)², the mean over outputs; as scikit-learn's `r2_score`, an output whose target does not
/// vary counts 1 if it is met exactly and 0 otherwise. NaN for fewer than two rows.
pub fn r2(truth: &[f64], predicted: &[f64], width: usize) -> f64 {
    let rows = truth.len() / width;
    if rows < 2 {
        return f64::NAN;
    }
    let of_output = |o: usize| {
        let column = || truth.iter().skip(o).step_by(width);
        let mean = column().sum::<f64>() / rows as f64;
        let total: f64 = column().map(|t| (t - mean) * (t - mean)).sum();
        let left: f64 = column()
            .zip(predicted.iter().skip(o).step_by(width))
            .map(|(t, y)| (t - y) * (t - y))
            .sum();
        match (left == 0.0, total == 0.0) {
            (true, _) => 1.0,
            (false, true) => 0.0,
            (false, false) => 1.0 - left / total,
        }
    };
    (0..width).map(of_output).sum::<f64>() / width as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_output_is_a_threshold_and_several_an_argmax() {
        assert_eq!(classes(&[0.2, 0.5, 0.9], 1).collect::<Vec<_>>(), [0, 1, 1]);
        assert_eq!(
            classes(&[0.2, 0.5, 0.3, 0.4, 0.4, 0.2], 3).collect::<Vec<_>>(),
            [1, 0]
        );
    }

    #[test]
    fn r2_agrees_with_its_definition() {
        // scikit-learn's own example: r2_score([3, -0.5, 2, 7], [2.5, 0.0, 2, 8]).
        let r2 = r2(&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], 1);
        assert!((r2 - 0.948_608_137_044_967_9).abs() < 1e-15);
    }
}
