//! What the draws of a method that samples say: of each parameter, of their density, and of a fit.

use rand::RngExt;
use serde::Serialize;

use super::diagnostics::{
    autocorrelation, ess_bulk, ess_mean, ess_tail, histogram, moments, quantiles, r_hat,
};
use super::draws::Draws;
use crate::error::Error;
use crate::optim::Density;
use crate::rng::{Rng, Stream, normal, stream};

/// Parameters that a report tells of at most.
pub const MOST_PARAMETERS: usize = 50;
/// Lags of the autocorrelation.
const LAGS: usize = 200;
/// Which quantiles are told.
pub const QUANTILES: [f64; 5] = [0.025, 0.25, 0.5, 0.75, 0.975];

/// See [`crate::train::Session::sampling`].
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sampling {
    /// C.
    pub chains: usize,
    /// Draws of each chain that are kept.
    pub draws: usize,
    /// One draw of so many is kept.
    pub stride: u64,
    /// Whether the last step was one of the warm-up.
    pub warming: bool,
    /// Whether T falls, so that the draws are from no one density.
    pub cooling: bool,
    /// T as it is now; NaN where the noise of a fit is not known.
    pub temperature: f64,
    /// Part of the proposals that were accepted, as the last step reports it.
    pub acceptance_rate: f64,
    /// The lowest f that any chain has come to.
    pub best_value: f64,
    /// Where that is.
    pub best: Vec<f64>,
    /// Of each parameter, at most [`MOST_PARAMETERS`].
    pub parameters: Vec<Parameter>,
}

/// The draws of one parameter. What cannot be said of so few is NaN.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Parameter {
    /// Of all draws.
    pub mean: f64,
    /// Their standard deviation.
    pub sd: f64,
    /// Monte-Carlo standard error of the mean, sd/√ESS.
    pub mcse: f64,
    /// At [`QUANTILES`].
    pub quantiles: Vec<f64>,
    /// Effective sample size in the middle of the distribution.
    pub ess_bulk: f64,
    /// In its tails.
    pub ess_tail: f64,
    /// Of ranks, the larger of bulk and tail.
    pub r_hat: f64,
    /// At lags 0, 1, …, in draws that are kept.
    pub autocorrelation: Vec<f64>,
}

/// The density of a coordinate, on a grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Marginal {
    /// Places, rising in equal steps.
    pub at: Vec<f64>,
    /// The density there; its integral over the whole line is 1.
    pub density: Vec<f64>,
}

/// How the draws of a coordinate are distributed.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    /// Where the first part begins.
    pub from: f64,
    /// Where the last one ends.
    pub to: f64,
    /// Draws a part, per draw and unit.
    pub density: Vec<f64>,
}

impl Histogram {
    /// Of coordinate `i` in `bins` parts, from the lowest draw to the highest, but not farther beyond the middle 99 %
    /// than half their width; none where nothing was drawn.
    pub fn of(draws: &Draws, i: usize, bins: usize) -> Option<Self> {
        const ENDS: [f64; 4] = [0.0, 0.005, 0.995, 1.0];
        if draws.is_empty() {
            return None;
        }
        let chains = draws.coordinate(i);
        let views: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        let ends = quantiles(&views, &ENDS);
        let (low, high) = (ends[1], ends[2]);
        let reach = 0.5 * (high - low);
        let (from, to) = (ends[0].max(low - reach), ends[3].min(high + reach));
        let half = 0.5 * f64::EPSILON.max(1e-9 * from.abs());
        let (from, to) = if from < to {
            (from, to)
        } else {
            (from - half, to + half)
        };
        let all = chains.iter().flatten().copied();
        Some(Self {
            from,
            to,
            density: histogram(all, (from, to), bins),
        })
    }
}

/// A fit's prediction by the draws of its parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct PosteriorBand {
    /// The median of the model's value.
    pub median: Vec<f64>,
    /// From which 95 % of the model's values begin.
    pub lower: Vec<f64>,
    /// And where they end.
    pub upper: Vec<f64>,
    /// From which 95 % of new observations begin.
    pub predictive_lower: Vec<f64>,
    /// And where they end.
    pub predictive_upper: Vec<f64>,
}

impl Parameter {
    /// Of coordinate `i`.
    pub fn of(draws: &Draws, i: usize) -> Self {
        let chains = draws.coordinate(i);
        let views: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
        let (mean, sd) = moments(&views);
        Self {
            mean,
            sd,
            mcse: sd / ess_mean(&views).sqrt(),
            quantiles: quantiles(&views, &QUANTILES),
            ess_bulk: ess_bulk(&views),
            ess_tail: ess_tail(&views),
            r_hat: r_hat(&views),
            autocorrelation: autocorrelation(&views, LAGS.min(draws.len() / 2)),
        }
    }
}

/// Places of the coordinate that is integrated over.
const INTEGRATED: usize = 301;
/// Places a side of the grid by which the density is found.
const COARSE: usize = 101;
/// How often it is looked at more closely.
const LOOKS: usize = 3;
/// Where the energy is higher by this the density is next to nothing, e⁻¹⁴.
const NOTHING: f64 = 14.0;

impl Marginal {
    /// Of coordinate `i` of one or two: exp(−`energy`) at `points` places, integrated over the other coordinate and normed.
    /// Where it is to be found is seen on a coarse grid over the coordinates' ranges, widened to where the draws have been,
    /// and then on ever finer ones; a peak much narrower than a hundredth of the range may be overlooked. Sums over equal
    /// steps: for a smooth density that has fallen to nothing at the ends they are as exact as they get. None in more than
    /// two coordinates.
    pub(super) fn integrate(
        draws: &Draws,
        ranges: &[[f64; 2]],
        i: usize,
        points: usize,
        energy: &mut dyn FnMut(&[f64]) -> f64,
    ) -> Option<Self> {
        let n = draws.dim();
        if !(1..=2).contains(&n) || i >= n || points < 2 {
            return None;
        }
        // Of one coordinate the other is a single place that nothing depends on.
        let mut at = |x: f64, y: f64| match (n, i) {
            (1, _) => energy(&[x]),
            (_, 0) => energy(&[x, y]),
            _ => energy(&[y, x]),
        };
        let mut own = span(draws, ranges, i);
        // What a picture cuts off belongs to the integral.
        let mut other = if n == 2 {
            wide(span(draws, ranges, 1 - i))
        } else {
            [0.0; 2]
        };
        let across = |places: usize| if n == 2 { places } else { 1 };
        let mut energies = Vec::new();
        for _ in 0..LOOKS {
            fill(
                &mut energies,
                (own, COARSE),
                (other, across(COARSE)),
                &mut at,
            );
            let lowest = energies.iter().copied().fold(f64::INFINITY, f64::min);
            if !lowest.is_finite() {
                return None;
            }
            let columns = across(COARSE);
            let seen = |k: &usize| energies[*k] < lowest + NOTHING;
            let found = || (0..energies.len()).filter(seen);
            own = closer(own, COARSE, found().map(|k| k / columns));
            other = closer(other, columns, found().map(|k| k % columns));
        }
        let columns = across(INTEGRATED);
        fill(&mut energies, (own, points), (other, columns), &mut at);
        let lowest = energies.iter().copied().fold(f64::INFINITY, f64::min);
        let mut density: Vec<f64> = energies
            .chunks_exact(columns)
            .map(|e| e.iter().map(|e| libm::exp(lowest - e)).sum())
            .collect();
        let total = density.iter().sum::<f64>() * (own[1] - own[0]) / (points - 1) as f64;
        for density in &mut density {
            *density /= total;
        }
        Some(Self {
            at: (0..points).map(|k| place(own, k, points)).collect(),
            density,
        })
    }
}

/// Place `k` of `of` in equal steps.
fn place([from, to]: [f64; 2], k: usize, of: usize) -> f64 {
    from + (to - from) * k as f64 / (of.max(2) - 1) as f64
}

fn wide([from, to]: [f64; 2]) -> [f64; 2] {
    let half = 0.5 * (to - from);
    [from - half, to + half]
}

/// The energies on a grid, row after row of equal x; infinite where they are not defined.
fn fill(
    energies: &mut Vec<f64>,
    (own, rows): ([f64; 2], usize),
    (other, columns): ([f64; 2], usize),
    at: &mut dyn FnMut(f64, f64) -> f64,
) {
    energies.clear();
    for row in 0..rows {
        let x = place(own, row, rows);
        for column in 0..columns {
            let energy = at(x, place(other, column, columns));
            energies.push(if energy.is_nan() {
                f64::INFINITY
            } else {
                energy
            });
        }
    }
}

/// From the first to the last of `found` of the `of` places over `range`, and two steps more on either side.
fn closer(range: [f64; 2], of: usize, found: impl Iterator<Item = usize>) -> [f64; 2] {
    let (first, last) = found.fold((of, 0), |(a, b), k| (a.min(k), b.max(k)));
    let margin = 2.0 * (range[1] - range[0]) / (of.max(2) - 1) as f64;
    [
        place(range, first, of) - margin,
        place(range, last, of) + margin,
    ]
}

/// Where a coordinate is looked at: its range, widened to where the draws have been.
fn span(draws: &Draws, ranges: &[[f64; 2]], i: usize) -> [f64; 2] {
    let all = draws.points().iter().skip(i).step_by(draws.dim());
    let [from, to] = ranges
        .get(i)
        .copied()
        .unwrap_or([f64::INFINITY, f64::NEG_INFINITY]);
    let (low, high) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| {
        (a.min(*x), b.max(*x))
    });
    let margin = 0.1 * (high - low);
    let (low, high) = (low - margin, high + margin);
    if low < high {
        [from.min(low), to.max(high)]
    } else if from < to {
        [from, to]
    } else {
        [low - 1.0, low + 1.0]
    }
}

/// Draws that a band is made of, at most.
const BAND_DRAWS: usize = 500;
/// Between which quantiles it lies.
const BAND: [f64; 3] = [0.025, 0.5, 0.975];

impl PosteriorBand {
    /// From at most 500 of the draws, evenly chosen; `predict` gives the model's values for parameters. A new observation
    /// has the error √σ²·z besides, with σ² = T, or where the noise is not known drawn from its posterior given the
    /// parameters, 2f/χ²ₘ.
    pub(super) fn predict(
        draws: &Draws,
        density: Density,
        seed: u64,
        mut predict: impl FnMut(&[f64]) -> Result<Vec<f64>, Error>,
    ) -> Result<Self, Error> {
        let mut rng = stream(seed, Stream::Trial, 0);
        let total = draws.values().len();
        let chosen = total.min(BAND_DRAWS);
        let (mut means, mut news) = (Vec::new(), Vec::new());
        for k in 0..chosen {
            let draw = k * total / chosen;
            let b = &draws.points()[draw * draws.dim()..(draw + 1) * draws.dim()];
            let variance = match density {
                Density::Temperature(t) => t,
                Density::UnknownNoise(m) => draws.values()[draw] / gamma(0.5 * m, &mut rng),
            };
            let values = predict(b)?;
            let sigma = variance.sqrt();
            news.push(
                values
                    .iter()
                    .map(|v| v + sigma * normal(&mut rng))
                    .collect::<Vec<f64>>(),
            );
            means.push(values);
        }
        let [lower, median, upper] = by_row(&means);
        let [predictive_lower, _, predictive_upper] = by_row(&news);
        Ok(Self {
            median,
            lower,
            upper,
            predictive_lower,
            predictive_upper,
        })
    }
}

/// The quantiles of [`BAND`] for each row, over draws.
fn by_row(draws: &[Vec<f64>]) -> [Vec<f64>; 3] {
    let mut bands = [const { Vec::new() }; 3];
    let rows = draws.first().map_or(0, Vec::len);
    for row in 0..rows {
        let values: Vec<f64> = draws
            .iter()
            .map(|d| d[row])
            .filter(|v| v.is_finite())
            .collect();
        for (band, q) in bands.iter_mut().zip(quantiles(&[&values], &BAND)) {
            band.push(q);
        }
    }
    bands
}

/// A draw from the gamma distribution of this shape, at least 1/2, and scale 1.
///
/// Source: Marsaglia, Tsang 2000, ACM Transactions on Mathematical Software 26, 363–372.
fn gamma(shape: f64, rng: &mut Rng) -> f64 {
    if shape < 1.0 {
        let u = 1.0 - rng.random::<f64>();
        return gamma(shape + 1.0, rng) * libm::pow(u, 1.0 / shape);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    loop {
        let z = normal(rng);
        let v = (1.0 + c * z) * (1.0 + c * z) * (1.0 + c * z);
        let u = 1.0 - rng.random::<f64>();
        if v > 0.0 && libm::log(u) < 0.5 * z * z + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean and variance of the gamma distribution are both its shape; of 40,000 draws the mean deviates by
    /// √(shape/40,000), the variance by at most √(8·shape + 6)·√shape/200 (its fourth moment is 3k² + 6k).
    #[test]
    fn gamma_draws_have_mean_and_variance_of_their_shape() {
        const N: usize = 40_000;
        for shape in [0.5, 1.0, 3.5, 60.0] {
            let mut rng = stream(1, Stream::Trial, 0);
            let draws: Vec<f64> = (0..N).map(|_| gamma(shape, &mut rng)).collect();
            let (mean, sd) = moments(&[&draws]);
            let error = (shape / N as f64).sqrt();
            assert!((mean - shape).abs() < 4.0 * error, "{shape}: mean {mean}");
            let error = ((2.0 * shape * shape + 6.0 * shape) / N as f64).sqrt();
            assert!(
                (sd * sd - shape).abs() < 4.0 * error,
                "{shape}: {}",
                sd * sd
            );
        }
    }
}
