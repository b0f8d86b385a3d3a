//! Folds for cross-validation, and training sets of a chosen size.

use rand::seq::SliceRandom;

use super::split::Split;
use crate::error::Error;
use crate::rng::{Stream, stream};

/// One of k folds: the rows of fold `index` validate, those of the other k − 1 train.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fold {
    /// k, from 2 to the number of rows; that many is leave-one-out.
    pub of: usize,
    /// Which of them, from 0.
    pub index: usize,
    /// Which dealing of the rows, from 0: another one deals them anew.
    pub repeat: u64,
}

/// Stream indices of [`Stream::Split`]: 0 is the split's own, a dealing of folds has 1 + its number.
const FIRST_DEALING: u64 = 1;
const LIMIT: u64 = u64::MAX;

/// `split` with another division of its training and validation rows: fold `fold.index` validates, the rest trains.
/// The test rows stay where they are, under seal.
///
/// * `labels`: the class of each row of the data, to give every fold its share of every class; `None` to deal all rows
///   alike.
///
/// The folds are disjoint and together hold each row once. Their sizes, and the counts of every class in them, are those
/// of scikit-learn's `KFold` and `StratifiedKFold`; which rows these are is up to the seed.
///
/// # Errors
/// `fold.of`: below 2, or more folds than rows. `fold.index`: no such fold.
pub fn fold(split: &Split, labels: Option<&[u32]>, fold: Fold, seed: u64) -> Result<Split, Error> {
    let mut rows = [split.train.as_slice(), &split.val].concat();
    rows.sort_unstable();
    if fold.of < 2 || fold.of > rows.len() {
        let rows = rows.len();
        let what = format!("{} folds of {rows} rows; 2 to {rows} can be made", fold.of);
        return Err(Error::new("fold.of", what));
    }
    if fold.index >= fold.of {
        let what = format!(
            "{} is not a whole number from 0 to {}",
            fold.index,
            fold.of - 1
        );
        return Err(Error::new("fold.index", what));
    }
    let dealt = deal(&rows, labels, fold, seed);
    let part = |validates: bool| {
        let pairs = rows.iter().zip(&dealt);
        let of_part = pairs.filter(|(_, f)| (**f == fold.index) == validates);
        of_part.map(|(row, _)| *row).collect()
    };
    Ok(Split {
        train: part(false),
        val: part(true),
        test: split.test.clone(),
    })
}

/// The fold of each of `rows`.
///
/// With the rows sorted by class, every k-th of them from the i-th on is counted for fold i; within a class it is then
/// drawn which row goes to which fold (`sklearn.model_selection.StratifiedKFold`; its classes, too, stand in the order of
/// their first row).
fn deal(rows: &[u32], labels: Option<&[u32]>, fold: Fold, seed: u64) -> Vec<usize> {
    let mut rng = stream(seed, Stream::Split, FIRST_DEALING + fold.repeat);
    let mut dealt = vec![0; rows.len()];
    let mut counted = 0;
    for members in classes(rows, labels) {
        let mut folds: Vec<usize> = (counted..counted + members.len())
            .map(|place| place % fold.of)
            .collect();
        folds.shuffle(&mut rng);
        counted += members.len();
        for (member, fold) in members.into_iter().zip(folds) {
            dealt[member] = fold;
        }
    }
    dealt
}

/// Which of `rows` belong to each class, the classes in the order of their first row.
fn classes(rows: &[u32], labels: Option<&[u32]>) -> Vec<Vec<usize>> {
    let mut classes: Vec<(u32, Vec<usize>)> = Vec::new();
    for (place, row) in rows.iter().enumerate() {
        let label = labels.map_or(0, |labels| labels[*row as usize]);
        match classes.iter_mut().find(|(known, _)| *known == label) {
            Some((_, members)) => members.push(place),
            None => classes.push((label, vec![place])),
        }
    }
    classes.into_iter().map(|(_, members)| members).collect()
}

/// At most `limit` of the training rows, for a learning curve: a larger set holds every smaller one of the same seed, and
/// each has its share of every class.
pub fn limit(train: &mut Vec<u32>, labels: Option<&[u32]>, limit: usize, seed: u64) {
    if limit >= train.len() {
        return;
    }
    train.shuffle(&mut stream(seed, Stream::Split, LIMIT));
    let mut order: Vec<(f64, u32)> = Vec::with_capacity(train.len());
    for members in classes(train, labels) {
        let size = members.len() as f64;
        let ranked = members.iter().enumerate();
        order.extend(ranked.map(|(rank, place)| ((rank as f64 + 0.5) / size, train[*place])));
    }
    order.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    *train = order.into_iter().take(limit).map(|(_, row)| row).collect();
    train.sort_unstable();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(n: u32, test: u32) -> Split {
        Split {
            train: (0..n).filter(|r| r % 3 > 0).collect(),
            val: (0..n).filter(|r| r % 3 == 0).collect(),
            test: (n..n + test).collect(),
        }
    }

    #[test]
    fn folds_hold_each_row_once_and_leave_the_test_rows_alone() {
        let split = parts(23, 5);
        for of in [2, 5, 23] {
            let mut seen = Vec::new();
            for index in 0..of {
                let one = Fold {
                    of,
                    index,
                    repeat: 0,
                };
                let folded = fold(&split, None, one, 9).unwrap();
                assert_eq!(folded.test, split.test);
                let mut all = [folded.train.as_slice(), &folded.val].concat();
                all.sort_unstable();
                assert_eq!(all, (0..23).collect::<Vec<_>>());
                seen.extend(folded.val);
            }
            seen.sort_unstable();
            assert_eq!(seen, (0..23).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_repeat_deals_anew_and_a_seed_does_too() {
        let split = parts(40, 0);
        let val = |repeat, seed| {
            let one = Fold {
                of: 4,
                index: 1,
                repeat,
            };
            fold(&split, None, one, seed).unwrap().val
        };
        assert_eq!(val(0, 1), val(0, 1));
        assert_ne!(val(0, 1), val(1, 1));
        assert_ne!(val(0, 1), val(0, 2));
    }

    #[test]
    fn a_limited_training_set_is_nested_and_has_its_share_of_every_class() {
        let labels: Vec<u32> = (0..90).map(|r| u32::from(r % 3 == 0)).collect();
        let limited = |n| {
            let mut train: Vec<u32> = (0..90).collect();
            limit(&mut train, Some(&labels), n, 4);
            train
        };
        let (small, large) = (limited(12), limited(60));
        assert_eq!((small.len(), large.len(), limited(900).len()), (12, 60, 90));
        assert!(small.iter().all(|row| large.contains(row)));
        let ones = small
            .iter()
            .filter(|row| labels[**row as usize] == 1)
            .count();
        assert_eq!(ones, 4);
    }
}
