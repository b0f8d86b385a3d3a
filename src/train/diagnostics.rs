//! How far draws of Markov chains can be trusted: autocorrelation, effective sample size, R-hat, errors of means.
//!
//! Chains are slices of equal length, draws of one number. All but [`autocorrelation`] split each chain in two, so that a
//! chain which drifts disagrees with itself. The definitions are those of Stan and ArviZ.
//!
//! Source: Vehtari, Gelman, Simpson, Carpenter, Bürkner 2021, Bayesian Analysis 16, 667–718; Geyer 1992, Statistical
//! Science 7, 473–483.

use std::f64::consts::{SQRT_2, TAU};

/// Fewest draws of a chain that anything is said of.
const LEAST_DRAWS: usize = 8;

/// ρ(t) = γ(t)/γ(0) for t from 0 to `lags`, at most the last draw's: the mean over chains of γ(t) = Σ(xₛ − x̄)(xₛ₊ₜ − x̄)/N.
/// Empty where all draws are equal.
pub fn autocorrelation(chains: &[&[f64]], lags: usize) -> Vec<f64> {
    let draws = chains.iter().map(|c| c.len()).min().unwrap_or(0);
    let mut mean = vec![0.0; (lags + 1).min(draws)];
    for chain in chains {
        for (mean, value) in mean.iter_mut().zip(autocovariance(&chain[..draws])) {
            *mean += value;
        }
    }
    match mean.first() {
        Some(&variance) if variance > 0.0 => mean.iter().map(|c| c / variance).collect(),
        _ => Vec::new(),
    }
}

/// Of how many independent draws the mean would be as sure; NaN of fewer than 8 draws a chain, and where one is not finite.
pub fn ess_mean(chains: &[&[f64]]) -> f64 {
    ess(&split(chains))
}

/// The same of the ranks, as normal numbers: of the middle of the distribution, whatever its tails.
pub fn ess_bulk(chains: &[&[f64]]) -> f64 {
    ess(&z_scale(&split(chains)))
}

/// The lesser of those of the quantiles 0.05 and 0.95.
pub fn ess_tail(chains: &[&[f64]]) -> f64 {
    let [low, high] = [0.05, 0.95].map(|p| ess_quantile(chains, p));
    if low.is_nan() { low } else { low.min(high) }
}

/// Of how many independent draws the quantile `p` would be as sure.
pub fn ess_quantile(chains: &[&[f64]], p: f64) -> f64 {
    let quantile = quantiles(chains, &[p])[0];
    if chains.iter().any(|c| c.iter().any(|x| !x.is_finite())) {
        return f64::NAN;
    }
    let below: Vec<Vec<f64>> = chains
        .iter()
        .map(|c| {
            c.iter()
                .map(|x| f64::from(u8::from(*x <= quantile)))
                .collect()
        })
        .collect();
    ess(&split(&views(&below)))
}

/// R-hat: by what factor the interval of a chain might still shrink; the larger of that of the ranks and that of their
/// distances from the median. NaN where it is not defined.
pub fn r_hat(chains: &[&[f64]]) -> f64 {
    let parts = split(chains);
    let median = quantiles(&views(&parts), &[0.5])[0];
    let folded: Vec<Vec<f64>> = parts
        .iter()
        .map(|c| c.iter().map(|x| (x - median).abs()).collect())
        .collect();
    let (bulk, tail) = (potential(&z_scale(&parts)), potential(&z_scale(&folded)));
    if bulk.is_nan() { tail } else { bulk.max(tail) }
}

/// R-hat of the draws themselves.
///
/// Source: Gelman et al. 2013, Bayesian Data Analysis, 3rd ed., eq. 11.4.
pub fn split_r_hat(chains: &[&[f64]]) -> f64 {
    potential(&split(chains))
}

/// Mean and standard deviation of all draws (with N − 1).
pub fn moments(chains: &[&[f64]]) -> (f64, f64) {
    let all = || chains.iter().flat_map(|c| c.iter().copied());
    let count = all().count() as f64;
    let mean = all().sum::<f64>() / count;
    let squares: f64 = all().map(|x| (x - mean) * (x - mean)).sum();
    (mean, (squares / (count - 1.0)).sqrt())
}

/// Quantiles of all draws, linear between two of them (R's type 7).
pub fn quantiles(chains: &[&[f64]], p: &[f64]) -> Vec<f64> {
    let mut all: Vec<f64> = chains.iter().flat_map(|c| c.iter().copied()).collect();
    all.sort_by(f64::total_cmp);
    let at = |p: f64| {
        let Some(last) = all.len().checked_sub(1) else {
            return f64::NAN;
        };
        let place = p * last as f64;
        let below = place as usize;
        let (a, b) = (all[below], all[(below + 1).min(last)]);
        a + (b - a) * (place - below as f64)
    };
    p.iter().map(|p| at(*p)).collect()
}

/// How many of the draws fall into each of `bins` equal parts of [`from`, `to`], per draw and unit: a density, but for the
/// draws outside.
pub fn histogram(
    draws: impl Iterator<Item = f64>,
    (from, to): (f64, f64),
    bins: usize,
) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    let width = (to - from) / bins as f64;
    let mut all = 0.0;
    for x in draws {
        all += 1.0;
        let place = (x - from) / width;
        if place >= 0.0 && place < bins as f64 {
            counts[place as usize] += 1.0;
        } else if x == to && bins > 0 {
            counts[bins - 1] += 1.0;
        }
    }
    for count in &mut counts {
        *count /= all * width;
    }
    counts
}

fn views(chains: &[Vec<f64>]) -> Vec<&[f64]> {
    chains.iter().map(Vec::as_slice).collect()
}

/// The halves of each chain; of an odd number of draws the middle one is left out.
fn split(chains: &[&[f64]]) -> Vec<Vec<f64>> {
    let draws = chains.iter().map(|c| c.len()).min().unwrap_or(0);
    let half = draws / 2;
    let halves = |c: &&[f64]| [c[..half].to_vec(), c[draws - half..draws].to_vec()];
    chains.iter().flat_map(halves).collect()
}

/// Each draw replaced by the normal quantile of its rank among all, (rank − 3/8)/(N + 1/4); equal draws have the mean of
/// their ranks, and one that is not finite stays so.
fn z_scale(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let all: Vec<f64> = chains.iter().flatten().copied().collect();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| all[*a].total_cmp(&all[*b]));
    let mut z = vec![0.0; all.len()];
    let mut before = 0;
    for tied in order.chunk_by(|a, b| all[*a] == all[*b]) {
        let rank = before as f64 + 0.5 * (tied.len() as f64 + 1.0);
        before += tied.len();
        let known = all[tied[0]].is_finite();
        let p = (rank - 0.375) / (all.len() as f64 + 0.25);
        let quantile = if known { normal_quantile(p) } else { f64::NAN };
        for i in tied {
            z[*i] = quantile;
        }
    }
    let mut rest = z.as_slice();
    chains
        .iter()
        .map(|c| {
            let (own, others) = rest.split_at(c.len());
            rest = others;
            own.to_vec()
        })
        .collect()
}

/// ESS of chains as they are: M·N/τ, where τ sums Geyer's initial monotone sequence of the autocorrelations.
fn ess(chains: &[Vec<f64>]) -> f64 {
    let (m, n) = (chains.len(), chains.first().map_or(0, Vec::len));
    let all = || chains.iter().flatten();
    if n < LEAST_DRAWS / 2 || all().any(|x| !x.is_finite()) {
        return f64::NAN;
    }
    let (low, high) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| {
        (a.min(*x), b.max(*x))
    });
    let total = (m * n) as f64;
    if high - low < 1e-15 {
        return total;
    }
    let length = n as f64;
    let mut covariance = vec![0.0; n];
    for chain in chains {
        for (sum, value) in covariance.iter_mut().zip(autocovariance(chain)) {
            *sum += value / m as f64;
        }
    }
    let within = covariance[0] * length / (length - 1.0);
    let means: Vec<f64> = chains.iter().map(|c| mean(c)).collect();
    let plus = covariance[0] + if m > 1 { variance(&means) } else { 0.0 };
    let rho = |t: usize| 1.0 - (within - covariance[t]) / plus;

    // Pairs of an even and an odd lag, while their sums are positive (Geyer's initial positive sequence).
    let mut kept = vec![0.0; n];
    (kept[0], kept[1]) = (1.0, rho(1));
    let (mut even, mut odd) = (1.0, kept[1]);
    let mut t = 1;
    while t + 3 < n && even + odd > 0.0 {
        (even, odd) = (rho(t + 1), rho(t + 2));
        if even + odd >= 0.0 {
            (kept[t + 1], kept[t + 2]) = (even, odd);
        }
        t += 2;
    }
    let last = t.saturating_sub(2);
    if even > 0.0 && last + 1 < n {
        kept[last + 1] = even;
    }
    // Sums that do not rise (the initial monotone sequence).
    let mut t = 1;
    while t + 2 <= last {
        let (now, before) = (kept[t + 1] + kept[t + 2], kept[t - 1] + kept[t]);
        if now > before {
            (kept[t + 1], kept[t + 2]) = (0.5 * before, 0.5 * before);
        }
        t += 2;
    }
    let sum: f64 = kept[..=last].iter().sum();
    let tau = -1.0 + 2.0 * sum + kept[last + 1];
    total / tau.max(1.0 / libm::log10(total))
}

/// √((B/W + N − 1)/N) with the variance between chains B and within them W.
fn potential(chains: &[Vec<f64>]) -> f64 {
    let n = chains.first().map_or(0, Vec::len);
    if n < LEAST_DRAWS / 2 || chains.iter().flatten().any(|x| !x.is_finite()) {
        return f64::NAN;
    }
    let means: Vec<f64> = chains.iter().map(|c| mean(c)).collect();
    let within: Vec<f64> = chains.iter().map(|c| variance(c)).collect();
    let n = n as f64;
    ((n * variance(&means) / mean(&within) + n - 1.0) / n).sqrt()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// With N − 1.
fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|x| (x - mean) * (x - mean)).sum();
    squares / (values.len() as f64 - 1.0)
}

/// γ(t) = Σ(xₛ − x̄)(xₛ₊ₜ − x̄)/N for every lag, by the Fourier transform of the draws with as many zeros behind them.
fn autocovariance(x: &[f64]) -> Vec<f64> {
    let n = x.len();
    let size = (2 * n).next_power_of_two();
    let mean = mean(x);
    let mut re: Vec<f64> = x.iter().map(|x| x - mean).collect();
    re.resize(size, 0.0);
    let mut im = vec![0.0; size];
    fourier(&mut re, &mut im);
    for (a, b) in re.iter_mut().zip(&mut im) {
        (*a, *b) = (*a * *a + *b * *b, 0.0);
    }
    fourier(&mut re, &mut im);
    let scale = 1.0 / (size as f64 * n as f64);
    re[..n].iter().map(|c| c * scale).collect()
}

/// The discrete Fourier transform of as many numbers as a power of two, in place.
///
/// Source: Cooley, Tukey 1965, Mathematics of Computation 19, 297–301.
fn fourier(re: &mut [f64], im: &mut [f64]) {
    let n = re.len();
    if n < 2 {
        return;
    }
    let bits = n.trailing_zeros();
    for i in 0..n {
        let j = i.reverse_bits() >> (usize::BITS - bits);
        if i < j {
            re.swap(i, j);
            im.swap(i, j);
        }
    }
    let turn = |k: usize| TAU * k as f64 / n as f64;
    let (cos, sin): (Vec<f64>, Vec<f64>) = (0..n / 2)
        .map(|k| (libm::cos(turn(k)), -libm::sin(turn(k))))
        .unzip();
    let mut half = 1;
    while half < n {
        let every = n / (2 * half);
        for start in (0..n).step_by(2 * half) {
            for k in 0..half {
                let (c, s) = (cos[k * every], sin[k * every]);
                let (i, j) = (start + k, start + k + half);
                let (a, b) = (re[j] * c - im[j] * s, re[j] * s + im[j] * c);
                (re[j], im[j]) = (re[i] - a, im[i] - b);
                (re[i], im[i]) = (re[i] + a, im[i] + b);
            }
        }
        half *= 2;
    }
}

/// Φ⁻¹(p): Acklam's rational approximation, of a relative error of 1.2e−9, and one step of Halley's method.
pub fn normal_quantile(p: f64) -> f64 {
    const A: [f64; 6] = [
        -3.969_683_028_665_376e1,
        2.209_460_984_245_205e2,
        -2.759_285_104_469_687e2,
        1.383_577_518_672_69e2,
        -3.066_479_806_614_716e1,
        2.506_628_277_459_239,
    ];
    const B: [f64; 6] = [
        -5.447_609_879_822_406e1,
        1.615_858_368_580_409e2,
        -1.556_989_798_598_866e2,
        6.680_131_188_771_972e1,
        -1.328_068_155_288_572e1,
        1.0,
    ];
    const C: [f64; 6] = [
        -7.784_894_002_430_293e-3,
        -3.223_964_580_411_365e-1,
        -2.400_758_277_161_838,
        -2.549_732_539_343_734,
        4.374_664_141_464_968,
        2.938_163_982_698_783,
    ];
    const D: [f64; 5] = [
        7.784_695_709_041_462e-3,
        3.224_671_290_700_398e-1,
        2.445_134_137_142_996,
        3.754_408_661_907_416,
        1.0,
    ];
    const TAIL: f64 = 0.02425;
    let polynomial = |c: &[f64], x: f64| c.iter().fold(0.0, |sum, c| sum * x + c);
    let tail = |p: f64| {
        let q = (-2.0 * libm::log(p)).sqrt();
        polynomial(&C, q) / polynomial(&D, q)
    };
    let x = match p {
        _ if !(0.0..=1.0).contains(&p) => return f64::NAN,
        0.0 => return f64::NEG_INFINITY,
        1.0 => return f64::INFINITY,
        _ if p < TAIL => tail(p),
        _ if p > 1.0 - TAIL => -tail(1.0 - p),
        _ => {
            let (q, r) = (p - 0.5, (p - 0.5) * (p - 0.5));
            polynomial(&A, r) * q / polynomial(&B, r)
        }
    };
    let error = 0.5 * libm::erfc(-x / SQRT_2) - p;
    let u = error * TAU.sqrt() * libm::exp(0.5 * x * x);
    x - u / (1.0 + 0.5 * x * u)
}
