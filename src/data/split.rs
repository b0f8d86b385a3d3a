//! Division of the rows into training, validation and test, and the scaling that is learned from the training rows.

use rand::seq::SliceRandom;

use crate::error::Error;
use crate::rng::{Stream, stream};

/// The parts of the rows for training, validation and test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fractions {
    /// Rows that the parameters are fitted to.
    pub train: f64,
    /// Rows that choices are made by.
    pub val: f64,
    /// Rows that are opened at the end.
    pub test: f64,
}

impl Fractions {
    /// 60 %, 20 %, 20 %.
    pub const DEFAULT: Self = Self {
        train: 0.6,
        val: 0.2,
        test: 0.2,
    };

    /// Each part in [0, 1], `train` above 0, the sum 1 to within 10⁻⁹.
    ///
    /// # Errors
    /// At `train`, `val` or `test`; at the empty path for the sum.
    pub fn check(&self) -> Result<(), Error> {
        for (name, part) in ["train", "val", "test"].into_iter().zip(self.parts()) {
            if !(0.0..=1.0).contains(&part) {
                return Err(Error::new(name, format!("{part} is outside [0, 1]")));
            }
        }
        if self.train == 0.0 {
            return Err(Error::new(
                "train",
                "0 is outside (0, 1]; something must be left to train on",
            ));
        }
        let sum = self.train + self.val + self.test;
        if (sum - 1.0).abs() > 1e-9 {
            return Err(Error::new(
                "",
                format!("train + val + test is {sum} where it must be 1"),
            ));
        }
        Ok(())
    }

    /// Rows of each part when there are `n`, by largest remainder (Hamilton's method): the whole part of each quota,
    /// and the rows that are left to the largest remainders, the earlier part first. The counts add up to `n`.
    pub fn counts(&self, n: usize) -> [usize; PARTS] {
        let quotas = self.quotas(n);
        let mut counts = quotas.map(whole);
        let left = n.saturating_sub(counts.iter().sum());
        let remainders = std::array::from_fn(|part| (0.0, quotas[part] - counts[part] as f64));
        for part in descending(remainders).take(left) {
            counts[part] += 1;
        }
        counts
    }

    fn parts(&self) -> [f64; PARTS] {
        [self.train, self.val, self.test]
    }

    fn quotas(&self, n: usize) -> [f64; PARTS] {
        let sum: f64 = self.parts().iter().sum();
        self.parts().map(|part| part / sum * n as f64)
    }
}

/// Rows for training, validation and test: disjoint, together all rows, each in ascending order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    /// Rows that the parameters are fitted to.
    pub train: Vec<u32>,
    /// Rows that choices are made by.
    pub val: Vec<u32>,
    /// Rows that are opened at the end.
    pub test: Vec<u32>,
}

/// Deals `n` rows at random to training, validation and test.
///
/// * `labels`: the class of each row, to give every part its share of every class (a stratified split); `None` to
///   deal all rows alike.
///
/// The parts have the sizes of [`Fractions::counts`], and within each class every part gets its quota rounded down or
/// up, with two exceptions: every class has at least one training row, and every part with a fraction above 0 has at
/// least one row.
///
/// # Errors
/// [`Fractions::check`]; fewer rows than parts; labels of another length.
pub fn split(
    n: usize,
    labels: Option<&[u32]>,
    fractions: Fractions,
    seed: u64,
) -> Result<Split, Error> {
    fractions.check()?;
    let used = fractions.parts().iter().filter(|part| **part > 0.0).count();
    let Ok(rows) = u32::try_from(n) else {
        return Err(Error::new("", format!("{n} rows are more than 4294967295")));
    };
    if n < used {
        return Err(Error::new(
            "",
            format!("{n} rows cannot be divided into {used} parts"),
        ));
    }
    if let Some(labels) = labels.filter(|labels| labels.len() != n) {
        return Err(Error::new(
            "",
            format!("{} labels for {n} rows", labels.len()),
        ));
    }
    let label = |row: u32| labels.map_or(0, |labels| labels[row as usize]);
    let mut classes: Vec<u32> = (0..rows).map(label).collect();
    classes.sort_unstable();
    let sizes: Vec<usize> = classes.chunk_by(u32::eq).map(<[u32]>::len).collect();
    classes.dedup();
    let mut left = shares(&sizes, fractions);

    let mut order: Vec<u32> = (0..rows).collect();
    order.shuffle(&mut stream(seed, Stream::Split, 0));
    let mut parts: [Vec<u32>; PARTS] = Default::default();
    for row in order {
        let class = classes.partition_point(|c| *c < label(row));
        if let Some(part) = left[class].iter().position(|count| *count > 0) {
            left[class][part] -= 1;
            parts[part].push(row);
        }
    }
    let [train, val, test] = parts.map(|mut rows| {
        rows.sort_unstable();
        rows
    });
    Ok(Split { train, val, test })
}

/// Training, validation, test.
const PARTS: usize = 3;

/// How many rows of each class go to each part, for classes of these `sizes`.
///
/// Every quota is rounded down; the rows that are left of a class go to different parts, to those first that lack the
/// most rows of their count. (Filling row by row like this meets all counts whenever they can be met: Gale 1957,
/// Ryser 1957.)
fn shares(sizes: &[usize], fractions: Fractions) -> Vec<[usize; PARTS]> {
    let mut shares: Vec<[usize; PARTS]> = sizes
        .iter()
        .map(|size| {
            let [train, val, test] = fractions.quotas(*size).map(whole);
            [train.max(1), val, test]
        })
        .collect();
    let counts = fractions.counts(sizes.iter().sum());
    let mut lacking = [0.0; PARTS];
    for part in 0..PARTS {
        lacking[part] = counts[part] as f64 - dealt(&shares, part) as f64;
    }
    for (share, size) in shares.iter_mut().zip(sizes) {
        let quotas = fractions.quotas(*size);
        let left = size.saturating_sub(share.iter().sum());
        let low = *share;
        let needs = std::array::from_fn(|part| (lacking[part], quotas[part] - low[part] as f64));
        let may_rise = |part: &usize| quotas[*part] > 0.0 && whole(quotas[*part]) == low[*part];
        for part in descending(needs).filter(may_rise).take(left) {
            share[part] += 1;
            lacking[part] -= 1.0;
        }
    }
    fill_empty_parts(&mut shares, fractions);
    shares
}

/// Moves a row to each part that has none and should have some, from where there are most.
fn fill_empty_parts(shares: &mut [[usize; PARTS]], fractions: Fractions) {
    for part in 0..PARTS {
        if fractions.parts()[part] == 0.0 || dealt(shares, part) > 0 {
            continue;
        }
        let spare = [0, 1, 2].map(|from| dealt(shares, from) > 1);
        let cells = shares.iter_mut().filter_map(|share| {
            let most = (0..PARTS).filter(|p| spare[*p]).max_by_key(|p| share[*p]);
            most.map(|from| (from, share))
        });
        if let Some((from, share)) = cells.max_by_key(|(from, share)| share[*from]) {
            share[from] -= 1;
            share[part] += 1;
        }
    }
}

/// Rows that a part has of all classes together.
fn dealt(shares: &[[usize; PARTS]], part: usize) -> usize {
    shares.iter().map(|share| share[part]).sum()
}

/// The whole part of a quota; 7.999… that stands for 8 is 8.
fn whole(quota: f64) -> usize {
    (quota + 1e-9).floor() as usize
}

/// The parts in the order of falling keys; equal keys keep the order of the parts.
fn descending(keys: [(f64, f64); PARTS]) -> impl Iterator<Item = usize> {
    let mut parts = [0, 1, 2];
    parts.sort_by(|a, b| {
        let ((lacking_a, a), (lacking_b, b)) = (keys[*a], keys[*b]);
        lacking_b.total_cmp(&lacking_a).then(b.total_cmp(&a))
    });
    parts.into_iter()
}

/// Shifts and scales columns to mean 0 and standard deviation 1.
///
/// ```text
/// z = (x − mean) / scale        mean = Σx/n        scale = √(Σ(x − mean)²/n)
/// ```
///
/// The standard deviation is the population's, as in scikit-learn's `StandardScaler`; R and pandas divide by n − 1.
/// A column that is constant, up to rounding, has scale 1, so that it becomes 0; so has a column whose mean or
/// deviation overflows, which is left as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Standardizer {
    /// The mean of each column.
    pub mean: Vec<f64>,
    /// The standard deviation of each column, or 1; never 0.
    pub scale: Vec<f64>,
}

impl Standardizer {
    /// Changes nothing, bit for bit, in `columns` columns.
    pub fn identity(columns: usize) -> Self {
        Self {
            mean: vec![0.0; columns],
            scale: vec![1.0; columns],
        }
    }

    /// Learns from these `rows` of `values` (`[rows][columns]`, row-major) and from no other.
    pub fn fit(values: &[f64], columns: usize, rows: &[u32]) -> Self {
        let mut fitted = Self::identity(columns);
        if rows.is_empty() {
            return fitted;
        }
        let n = rows.len() as f64;
        for column in 0..columns {
            let cells = || {
                rows.iter()
                    .map(|row| values[*row as usize * columns + column])
            };
            let mean = cells().sum::<f64>() / n;
            // The second sum takes out the rounding error of the mean (Chan, Golub, LeVeque 1983, equation 1.7).
            let squares: f64 = cells().map(|x| (x - mean) * (x - mean)).sum();
            let rest: f64 = cells().map(|x| x - mean).sum();
            let variance = (squares - rest * rest / n) / n;
            if mean.is_finite() && variance.is_finite() {
                fitted.mean[column] = mean;
                if variance > rounding(mean, variance, n) {
                    fitted.scale[column] = variance.sqrt();
                }
            }
        }
        fitted
    }

    /// Standardises whole rows in place.
    pub fn apply(&self, values: &mut [f64]) {
        self.each(values, |x, mean, scale| (x - mean) / scale);
    }

    /// Undoes [`Standardizer::apply`] in place.
    pub fn invert(&self, values: &mut [f64]) {
        self.each(values, |z, mean, scale| z * scale + mean);
    }

    fn each(&self, values: &mut [f64], f: impl Fn(f64, f64, f64) -> f64) {
        for row in values.chunks_exact_mut(self.mean.len().max(1)) {
            for ((v, mean), scale) in row.iter_mut().zip(&self.mean).zip(&self.scale) {
                *v = f(*v, *mean, *scale);
            }
        }
    }
}

/// The largest variance that rounding alone can give `n` equal numbers (scikit-learn's `_is_constant_feature`).
fn rounding(mean: f64, variance: f64, n: f64) -> f64 {
    let shift = n * mean * f64::EPSILON;
    n * f64::EPSILON * variance + shift * shift
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Fractions = Fractions {
        train: 0.8,
        val: 0.1,
        test: 0.1,
    };
    const ALL: Fractions = Fractions {
        train: 1.0,
        val: 0.0,
        test: 0.0,
    };

    fn sizes(split: &Split) -> [usize; 3] {
        [split.train.len(), split.val.len(), split.test.len()]
    }

    fn labels_of(sizes: &[usize]) -> Vec<u32> {
        let classes = sizes.iter().enumerate();
        classes
            .flat_map(|(c, size)| vec![7 * c as u32; *size])
            .collect()
    }

    #[test]
    fn counts_go_by_largest_remainder() {
        let thirds = Fractions {
            train: 1.0 / 3.0,
            val: 1.0 / 3.0,
            test: 1.0 / 3.0,
        };
        for (fractions, n, expected) in [
            (Fractions::DEFAULT, 150, [90, 30, 30]),
            (Fractions::DEFAULT, 178, [107, 36, 35]),
            (Fractions::DEFAULT, 569, [341, 114, 114]),
            (Fractions::DEFAULT, 5, [3, 1, 1]),
            (SMALL, 1797, [1437, 180, 180]),
            (SMALL, 10, [8, 1, 1]),
            (ALL, 7, [7, 0, 0]),
            (thirds, 10, [4, 3, 3]),
            (thirds, 11, [4, 4, 3]),
            (SMALL, 0, [0, 0, 0]),
        ] {
            assert_eq!(fractions.counts(n), expected, "{n} rows");
        }
    }

    #[test]
    fn a_split_depends_on_the_seed() {
        let with = |seed| split(150, None, Fractions::DEFAULT, seed).unwrap();
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
        assert_eq!(
            split(4, None, ALL, 3).unwrap().train,
            [0, 1, 2, 3],
            "rows stay in order"
        );
    }

    #[test]
    fn stratified_parts_have_their_share_of_every_class() {
        for (classes, fractions, expected) in [
            (
                vec![50, 50, 50],
                Fractions::DEFAULT,
                vec![[30, 10, 10], [30, 10, 10], [30, 10, 10]],
            ),
            (
                vec![212, 357],
                Fractions::DEFAULT,
                vec![[127, 43, 42], [214, 71, 72]],
            ),
            (
                vec![59, 71, 48],
                Fractions::DEFAULT,
                vec![[36, 12, 11], [43, 14, 14], [28, 10, 10]],
            ),
            (vec![2, 2], Fractions::DEFAULT, vec![[1, 1, 0], [1, 0, 1]]),
            (
                vec![100, 1, 1],
                Fractions::DEFAULT,
                vec![[60, 20, 20], [1, 0, 0], [1, 0, 0]],
            ),
        ] {
            let labels = labels_of(&classes);
            let parts = split(labels.len(), Some(&labels), fractions, 5).unwrap();
            let count = |part: &[u32], class: usize| {
                let of_class = |row: &&u32| labels[**row as usize] == 7 * class as u32;
                part.iter().filter(of_class).count()
            };
            let shares: Vec<[usize; 3]> = (0..classes.len())
                .map(|c| [&parts.train, &parts.val, &parts.test].map(|part| count(part, c)))
                .collect();
            assert_eq!(shares, expected, "classes of {classes:?}");
        }
    }

    #[test]
    fn no_part_that_is_wanted_stays_empty() {
        let most = Fractions {
            train: 0.98,
            val: 0.01,
            test: 0.01,
        };
        assert_eq!(sizes(&split(10, None, most, 0).unwrap()), [8, 1, 1]);
        let labels = labels_of(&[1, 1, 1]);
        assert_eq!(sizes(&split(3, Some(&labels), most, 0).unwrap()), [1, 1, 1]);
    }

    #[test]
    fn misuse_is_named() {
        let of = |train, val, test| Fractions { train, val, test };
        for (n, fractions, expected) in [
            (
                9,
                of(0.5, 0.2, 0.2),
                "train + val + test is 0.8999999999999999 where it must be 1",
            ),
            (
                9,
                of(0.0, 0.5, 0.5),
                "train: 0 is outside (0, 1]; something must be left to train on",
            ),
            (9, of(1.2, -0.2, 0.0), "train: 1.2 is outside [0, 1]"),
            (9, of(0.9, f64::NAN, 0.1), "val: NaN is outside [0, 1]"),
            (
                2,
                Fractions::DEFAULT,
                "2 rows cannot be divided into 3 parts",
            ),
            (0, ALL, "0 rows cannot be divided into 1 parts"),
        ] {
            let error = split(n, None, fractions, 0).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
        let error = split(4, Some(&[1, 2]), ALL, 0).unwrap_err();
        assert_eq!(error.to_string(), "2 labels for 4 rows");
    }

    #[test]
    fn standardizing_agrees_with_the_definition() {
        let values: Vec<f64> = (0..60).map(|i| f64::from(i * i % 17) + 100.0).collect();
        let rows = [3, 0, 11, 7, 19];
        let s = Standardizer::fit(&values, 3, &rows);
        for column in 0..3 {
            let cells = rows.map(|r| values[r as usize * 3 + column]);
            let mean = cells.iter().sum::<f64>() / 5.0;
            let variance = cells.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 5.0;
            approx::assert_relative_eq!(s.mean[column], mean, max_relative = 1e-15);
            approx::assert_relative_eq!(s.scale[column], variance.sqrt(), max_relative = 1e-14);
        }
        let mut there = values.clone();
        s.apply(&mut there);
        approx::assert_relative_eq!(
            there[3 * 3 + 1],
            (values[10] - s.mean[1]) / s.scale[1],
            max_relative = 1e-15
        );
        s.invert(&mut there);
        approx::assert_relative_eq!(there.as_slice(), values.as_slice(), max_relative = 1e-14);
    }

    #[test]
    fn constant_and_overflowing_columns_have_scale_1() {
        let values = [0.1, 1e308, 5.0, 0.1, 1e308, 7.0, 0.1, 1e308, 9.0];
        let s = Standardizer::fit(&values, 3, &[0, 1, 2]);
        assert_eq!(s.scale[..2], [1.0, 1.0]);
        assert_eq!(s.mean[1], 0.0);
        assert_eq!(s.mean[2], 7.0);
        assert_eq!(
            Standardizer::fit(&values, 3, &[]),
            Standardizer::identity(3)
        );
    }

    #[test]
    #[cfg(not(target_arch = "wasm32"))]
    fn standardizing_agrees_with_scikit_learn() {
        use crate::data::registry;
        let root = env!("CARGO_MANIFEST_DIR");
        let read = |path: &str| std::fs::read_to_string(format!("{root}/{path}")).unwrap();
        let golden = read("tests/reference/standardize.json");
        let golden: serde_json::Value = serde_json::from_str(&golden).unwrap();
        let cases = golden["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 2 * registry::REAL.len());
        for case in cases {
            let name = case["set"].as_str().unwrap();
            let whole = |key: &str| case[key].as_u64().unwrap() as usize;
            let numbers = |key: &str| -> Vec<f64> {
                let list = case[key].as_array().unwrap();
                list.iter().map(|v| v.as_f64().unwrap()).collect()
            };
            registry::register(name, &read(&format!("www/data/{name}.csv")), None).unwrap();
            let data = registry::get(name).unwrap();
            let rows = (0..data.rows() as u32).skip(whole("start"));
            let rows: Vec<u32> = rows.step_by(whole("every")).collect();
            let fitted = Standardizer::fit(&data.inputs, data.features.len(), &rows);
            for (ours, theirs) in [
                (&fitted.mean, numbers("mean")),
                (&fitted.scale, numbers("scale")),
            ] {
                approx::assert_relative_eq!(ours[..], theirs[..], max_relative = 1e-13);
            }
        }
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn the_parts_partition_the_rows(
            classes in proptest::collection::vec(0_usize..40, 1..8),
            train in 0.05..0.95_f64,
            val in 0.0..1.0_f64,
            seed: u64,
            stratified: bool,
        ) {
            let fractions = Fractions { train, val: (1.0 - train) * val, test: (1.0 - train) * (1.0 - val) };
            let labels = labels_of(&classes);
            let n = labels.len();
            proptest::prop_assume!(n >= 3);
            let parts = split(n, stratified.then_some(&labels), fractions, seed).unwrap();
            let mut all = [parts.train.as_slice(), &parts.val, &parts.test].concat();
            all.sort_unstable();
            proptest::prop_assert_eq!(all, (0..n as u32).collect::<Vec<_>>());
            for (size, fraction) in sizes(&parts).into_iter().zip(fractions.parts()) {
                proptest::prop_assert_eq!(size > 0, fraction > 0.0);
            }
            let roomy = classes.iter().all(|size| *size as f64 * train >= 1.0);
            if roomy && fractions.parts().iter().all(|part| part * n as f64 >= 1.0) {
                proptest::prop_assert_eq!(sizes(&parts), fractions.counts(n));
            }
        }
    }
}
