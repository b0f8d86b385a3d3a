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
    /// Precision, recall and F1 of each class; `None` for a regression.
    pub classes: Option<Vec<ClassMetrics>>,
    /// The curve of two classes; `None` for another number of them, and where one of the two has no rows.
    pub roc: Option<Roc>,
}

/// How well one class is found.
///
/// As in scikit-learn with `zero_division=0`, a ratio whose denominator is 0 is 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ClassMetrics {
    /// Part of the rows said to be of the class that are.
    pub precision: f64,
    /// Part of the rows of the class that are said to be.
    pub recall: f64,
    /// Their harmonic mean.
    pub f1: f64,
    /// Rows of the class.
    pub support: u32,
}

/// The receiver operating characteristic: what is found against what is wrongly found, as the threshold falls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Roc {
    /// Part of the rows of the first class whose score reaches the threshold, rising from 0 to 1.
    pub fpr: Vec<f64>,
    /// Part of the rows of the second class whose score does.
    pub tpr: Vec<f64>,
    /// The thresholds, falling; the first is ∞.
    pub thresholds: Vec<f64>,
    /// The area under the curve, by trapezia: the probability that a row of the second class has the higher score.
    pub auc: f64,
}

/// What a run watches of its validation rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Validation {
    /// The mean loss, without the L2 term.
    pub loss: f64,
    /// NaN for a regression.
    pub accuracy: f64,
    /// NaN for a classification.
    pub r2: f64,
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

/// Precision, recall and F1 of each class, from the counts of true class by predicted class.
pub fn by_class(confusion: &[Vec<u32>]) -> Vec<ClassMetrics> {
    let ratio = |part: u32, whole: u32| match whole {
        0 => 0.0,
        _ => f64::from(part) / f64::from(whole),
    };
    let of_class = |(class, row): (usize, &Vec<u32>)| {
        let found = row[class];
        let support: u32 = row.iter().sum();
        let claimed: u32 = confusion.iter().map(|row| row[class]).sum();
        ClassMetrics {
            precision: ratio(found, claimed),
            recall: ratio(found, support),
            f1: ratio(2 * found, claimed + support),
            support,
        }
    };
    confusion.iter().enumerate().map(of_class).collect()
}

/// The curve for rows that are of the second class where `positive` says so, by their `scores`; `None` unless there are
/// rows of both. Points on a straight line between their neighbours are left out, as by scikit-learn's `roc_curve`.
pub fn roc(positive: &[bool], scores: &[f64]) -> Option<Roc> {
    let positives = positive.iter().filter(|p| **p).count();
    let negatives = positive.len() - positives;
    if positives == 0 || negatives == 0 {
        return None;
    }
    let mut order: Vec<usize> = (0..positive.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    // Counts of false and true positives at each distinct threshold, with the point where nothing is found in front.
    let mut points: Vec<(i64, i64, f64)> = vec![(0, 0, f64::INFINITY)];
    let (mut wrong, mut right) = (0, 0);
    for (place, row) in order.iter().enumerate() {
        right += i64::from(positive[*row]);
        wrong += i64::from(!positive[*row]);
        let ties = order
            .get(place + 1)
            .is_some_and(|next| scores[*next] == scores[*row]);
        if !ties {
            points.push((wrong, right, scores[*row]));
        }
    }
    let part = |count: i64, of: usize| count as f64 / of as f64;
    let area = |pair: &[(i64, i64, f64)]| {
        (pair[1].0 - pair[0].0) as f64 * (pair[1].1 + pair[0].1) as f64 / 2.0
    };
    let auc = points.windows(2).map(area).sum::<f64>() / (positives as f64 * negatives as f64);
    let last = points.len() - 1;
    // The first threshold stays, although it may lie on a line with (0, 0): scikit-learn adds that point last.
    let bends = |i: usize| {
        let (a, b, c) = (points[i - 1], points[i], points[i + 1]);
        (c.0 - b.0, c.1 - b.1) != (b.0 - a.0, b.1 - a.1)
    };
    let stays = |i: &usize| *i <= 1 || *i == last || bends(*i);
    let kept: Vec<usize> = (0..=last).filter(stays).collect();
    Some(Roc {
        fpr: kept.iter().map(|i| part(points[*i].0, negatives)).collect(),
        tpr: kept.iter().map(|i| part(points[*i].1, positives)).collect(),
        thresholds: kept.iter().map(|i| points[*i].2).collect(),
        auc,
    })
}

/// Part of the counts that lies on the diagonal; NaN where there is nothing to count.
pub fn accuracy(confusion: &[Vec<u32>]) -> f64 {
    let right: u32 = confusion.iter().enumerate().map(|(i, row)| row[i]).sum();
    let all: u32 = confusion.iter().flatten().sum();
    f64::from(right) / f64::from(all)
}

/// Mean absolute error over all numbers; NaN where there are none.
pub fn mae(truth: &[f64], predicted: &[f64]) -> f64 {
    let errors = truth.iter().zip(predicted).map(|(t, y)| (t - y).abs());
    errors.sum::<f64>() / truth.len() as f64
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
