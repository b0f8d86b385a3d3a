//! The methods that sample: their draws against densities whose moments and quantiles are known, their acceptance against
//! theory, detailed balance (with a fault planted in a copy, which the same check finds), diagnostics against ArviZ
//! (`tests/reference/generate_sampling.py`), and the posterior of a fit against the theory of least squares.

#![cfg(not(target_arch = "wasm32"))]

use descent::args::Args;
use descent::optim::stochastic::hamiltonian::leapfrog;
use descent::optim::{StepCx, stochastic};
use descent::problem::Objective;
use descent::rng::{Rng, Stream, normal, stream};
use descent::train::Session;
use descent::train::diagnostics::{
    ess_bulk, ess_mean, ess_quantile, ess_tail, moments, normal_quantile, r_hat, split_r_hat,
};
use descent::train::draws::Draws;
use rand::RngExt;

fn session(config: &str) -> Session {
    Session::new(&serde_json::from_str(config).unwrap(), || 0.0).unwrap()
}

fn error(config: &str) -> String {
    match Session::new(&serde_json::from_str(config).unwrap(), || 0.0) {
        Ok(_) => panic!("{config} is no error"),
        Err(e) => e.to_string(),
    }
}

/// Φ.
fn cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
}

/// The density exp(−f) of x and y, and what is known of it.
struct Known {
    name: &'static str,
    formula: &'static str,
    mean: [f64; 2],
    /// Var x, Cov, Var y.
    covariance: [f64; 3],
    /// P(x ≤ t) and P(y ≤ t).
    below: [fn(f64) -> f64; 2],
}

/// Means 1 and −2, deviations 1 and 2, correlation 0.8: 1/(1 − 0.64) = 25/9.
const GAUSSIAN: Known = Known {
    name: "gaussian",
    formula: "25/18 * ((x - 1)^2 - 0.8 * (x - 1) * (y + 2) + (y + 2)^2 / 4)",
    mean: [1.0, -2.0],
    covariance: [1.0, 1.6, 4.0],
    below: [|t| cdf(t - 1.0), |t| cdf(0.5 * t + 1.0)],
};

/// x ~ N(0, 1.5²), y ~ N((x² − 1.5²)/4, 1): Var y = 1 + Var x²/16 = 1 + 2·1.5⁴/16, Cov(x, x²) = 0.
const BANANA: Known = Known {
    name: "banana",
    formula: "x^2 / 4.5 + (y - (x^2 - 2.25) / 4)^2 / 2",
    mean: [0.0, 0.0],
    covariance: [2.25, 0.0, 1.0 + 0.125 * 5.0625],
    below: [|t| cdf(t / 1.5), banana_below],
};

/// 0.3·N((−1.5, 0), I) + 0.7·N((1.5, 1), I).
const MIXTURE: Known = Known {
    name: "mixture",
    formula: "-log(0.3 * exp(-((x + 1.5)^2 + y^2) / 2) + 0.7 * exp(-((x - 1.5)^2 + (y - 1)^2) / 2))",
    mean: [0.6, 0.7],
    covariance: [1.0 + 0.21 * 9.0, 0.21 * 3.0, 1.0 + 0.21],
    below: [
        |t| 0.3 * cdf(t + 1.5) + 0.7 * cdf(t - 1.5),
        |t| 0.3 * cdf(t) + 0.7 * cdf(t - 1.0),
    ],
};

/// P(y ≤ t), integrated over x by equal steps: for a smooth function that falls to nothing, exact to rounding.
fn banana_below(t: f64) -> f64 {
    const STEPS: i32 = 400;
    let step = 16.0 / f64::from(STEPS);
    let term = |k: i32| {
        let z = -8.0 + step * f64::from(k);
        let x = 1.5 * z;
        (-0.5 * z * z).exp() * cdf(t - (x * x - 2.25) / 4.0)
    };
    (0..=STEPS).map(term).sum::<f64>() * step / std::f64::consts::TAU.sqrt()
}

/// The t with `below(t)` = p.
fn quantile(below: fn(f64) -> f64, p: f64) -> f64 {
    let (mut low, mut high) = (-50.0, 50.0);
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if below(middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// How many standard errors the mean of a number over the draws is from what it should be; the error is that of as many
/// independent draws as the effective sample size says.
fn deviation(chains: &[Vec<f64>], expected: f64) -> f64 {
    let views: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
    let (mean, sd) = moments(&views);
    (mean - expected) / (sd / ess_mean(&views).sqrt())
}

/// The deviations of means, covariances and the probabilities of five quantiles.
fn deviations(draws: &Draws, known: &Known) -> Vec<(String, f64)> {
    let coordinates = [draws.coordinate(0), draws.coordinate(1)];
    let product = |i: usize, j: usize| -> Vec<Vec<f64>> {
        let pairs = coordinates[i].iter().zip(&coordinates[j]);
        let (m, n) = (known.mean[i], known.mean[j]);
        pairs
            .map(|(x, y)| x.iter().zip(y).map(|(x, y)| (x - m) * (y - n)).collect())
            .collect()
    };
    let mut found = Vec::new();
    for (i, name) in ["x", "y"].iter().enumerate() {
        let mean = deviation(&coordinates[i], known.mean[i]);
        found.push((format!("mean of {name}"), mean));
        for p in [0.05, 0.25, 0.5, 0.75, 0.95] {
            let at = quantile(known.below[i], p);
            let below = |c: &Vec<f64>| c.iter().map(|x| f64::from(u8::from(*x <= at))).collect();
            let below: Vec<Vec<f64>> = coordinates[i].iter().map(below).collect();
            found.push((format!("quantile {p} of {name}"), deviation(&below, p)));
        }
    }
    for ((i, j), expected) in [(0, 0), (0, 1), (1, 1)].into_iter().zip(known.covariance) {
        let of = deviation(&product(i, j), expected);
        found.push((format!("covariance {i} {j}"), of));
    }
    found
}

const SAMPLERS: [&str; 5] = [
    r#""name":"metropolis","sd":1"#,
    r#""name":"metropolis","sd":1,"proposal":"learnt""#,
    r#""name":"metropolis","sd":1,"proposal":"drifted""#,
    r#""name":"langevin""#,
    r#""name":"hamiltonian","steps":6"#,
];

/// Each mean, covariance and quantile within four Monte-Carlo standard errors, on 20 seeds; and all deviations together as
/// large as standard errors should be: their mean square is 1, as of a normal variable. The 15 numbers of a run depend on
/// each other like some five that do not, so over 20 runs that mean has the error √(2/100) = 0.14; four of them are allowed.
fn draws_are_of_the_density(known: &Known) {
    for sampler in SAMPLERS {
        let (mut squares, mut count) = (0.0, 0.0);
        for seed in 1..=20 {
            let mut session = session(&format!(
                r#"{{"problem":{{"kind":"surface","formula":"{}"}},"seed":{seed},
                    "optimizer":{{{sampler},"chains":8,"scatter":2,"warmup":1000}}}}"#,
                known.formula
            ));
            session.train_step(5000);
            assert_eq!(session.draws().len(), 4000);
            for (what, deviation) in deviations(session.draws(), known) {
                assert!(
                    deviation.abs() < 4.0,
                    "{} by {sampler}, seed {seed}: {what} is {deviation:.2} standard errors off",
                    known.name
                );
                squares += deviation * deviation;
                count += 1.0;
            }
        }
        let scale = squares / count;
        println!("{} by {sampler}: mean square {scale:.3}", known.name);
        assert!(
            (scale - 1.0).abs() < 0.56,
            "{} by {sampler}: {scale}",
            known.name
        );
    }
}

#[test]
fn draws_are_of_a_correlated_gaussian() {
    draws_are_of_the_density(&GAUSSIAN);
}

#[test]
fn draws_are_of_a_banana() {
    draws_are_of_the_density(&BANANA);
}

#[test]
fn draws_are_of_a_mixture() {
    draws_are_of_the_density(&MIXTURE);
}

/// ln x ~ N(0.5, 0.6²), ln y ~ N(−1, 1): f = (ln x − μ)²/2s² + ln x, which is not defined below 0.
#[test]
fn a_factor_as_proposal_samples_what_is_positive() {
    for seed in 1..=20 {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"surface","formula":"(log(x) - 0.5)^2 / 0.72 + log(x) + (log(y) + 1)^2 / 2 + log(y)"}},
                "optimizer":{{"name":"metropolis","sd":1,"proposal":"log_normal","chains":4,"scatter":0.5,"warmup":1000}},
                "seed":{seed}}}"#
        ));
        session.train_step(9000);
        for (i, (mean, sd)) in [(0.5, 0.6), (-1.0, 1.0)].into_iter().enumerate() {
            let logarithms = session.draws().coordinate(i);
            let z = |c: &Vec<f64>| c.iter().map(|x| (x.ln() - mean) / sd).collect();
            let z: Vec<Vec<f64>> = logarithms.iter().map(z).collect();
            let squares: Vec<Vec<f64>> = z
                .iter()
                .map(|c| c.iter().map(|z| z * z).collect())
                .collect();
            for (numbers, expected) in [(&z, 0.0), (&squares, 1.0)] {
                let deviation = deviation(numbers, expected);
                assert!(deviation.abs() < 4.0, "seed {seed}, {i}: {deviation:.2}");
            }
        }
    }
}

/// Of N(0, Iₙ) and steps N(0, s²Iₙ). Given ‖z‖ = r the logarithm of the ratio is normal with mean −s²r²/2 and variance
/// s²r², and E min{1, exp N(−v/2, v)} = 2Φ(−√v/2); so the acceptance is E 2Φ(−sr/2) over r ~ χₙ, which for n = 1 is
/// (2/π) arctan(2/s).
fn acceptance(n: u8, s: f64) -> f64 {
    const STEPS: usize = 4000;
    let end = 12.0 + f64::from(n).sqrt();
    let (mut sum, mut norm) = (0.0, 0.0);
    for k in 0..=STEPS {
        let r = end * k as f64 / STEPS as f64;
        let density = r.powi(i32::from(n) - 1) * (-0.5 * r * r).exp();
        let weight = if k == 0 || k == STEPS { 0.5 } else { 1.0 };
        sum += weight * density * 2.0 * cdf(-0.5 * s * r);
        norm += weight * density;
    }
    sum / norm
}

/// Within four standard errors of the mean over ten seeds, which are below 0.002.
#[test]
fn the_acceptance_of_a_random_walk_is_that_of_theory() {
    for s in [0.3_f64, 1.0, 2.4, 6.0] {
        let closed = std::f64::consts::FRAC_2_PI * (2.0 / s).atan();
        // The trapezia have an error of the order of the square of their width, 0.003, where the integrand has a slope.
        assert!(
            (acceptance(1, s) - closed).abs() < 1e-5,
            "{s}: {} {closed}",
            acceptance(1, s)
        );
    }
    for (n, s) in [
        (1, 0.5),
        (1, 2.4),
        (1, 6.0),
        (2, 1.0),
        (2, 2.4),
        (5, 1.0),
        (10, 0.75),
    ] {
        let problem = if n == 1 {
            r#"{"kind":"least_squares","model":"b1 * x","x":[1],"y":[0],"start":[0.5]}"#.to_owned()
        } else {
            let squares: Vec<String> = (1..=n).map(|i| format!("x{i}^2")).collect();
            format!(
                r#"{{"kind":"surface","formula":"({})/2","start":{:?}}}"#,
                squares.join(" + "),
                vec![0.5; usize::from(n)]
            )
        };
        let rates: Vec<f64> = (1..=10)
            .map(|seed| {
                let mut session = session(&format!(
                    r#"{{"problem":{problem},"seed":{seed},
                        "optimizer":{{"name":"metropolis","sd":{s},"chains":8,"scatter":0.7}}}}"#
                ));
                session.train_step(8000).extra["acceptance_rate"]
            })
            .collect();
        let (mean, sd) = moments(&[&rates]);
        let error = sd / (rates.len() as f64).sqrt();
        let expected = acceptance(n, s);
        assert!(error < 0.002, "{n}, {s}: {error}");
        assert!(
            (mean - expected).abs() < 4.0 * error,
            "n = {n}, s = {s}: {mean} ± {error}, not {expected}"
        );
    }
}

/// A function of nine cells, 3 by 3 over [0, 3)²; not defined outside. In a cell it is constant.
struct Cells;

impl Cells {
    const ENERGIES: [f64; 9] = [0.0, 1.0, 0.3, 0.8, 2.0, 0.1, 1.2, 0.5, 0.9];

    fn of(x: &[f64]) -> Option<usize> {
        let inside = x.iter().all(|v| (0.0..3.0).contains(v));
        inside.then(|| 3 * x[1] as usize + x[0] as usize)
    }
}

impl Objective<f64> for Cells {
    fn dim(&self) -> usize {
        2
    }

    fn value(&mut self, x: &[f64]) -> f64 {
        Self::of(x).map_or(f64::INFINITY, |cell| Self::ENERGIES[cell])
    }

    fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        g.fill(0.0);
        self.value(x)
    }
}

/// Of a chain that has detailed balance with π, as many steps go from cell i to cell j as back, and cells are visited in
/// proportion to π. The largest of the deviations: of flows in units of √(Nᵢⱼ + Nⱼᵢ), and of occupations in parts.
fn imbalance(step: &mut dyn FnMut(&mut [f64])) -> (f64, f64) {
    const STEPS: usize = 400_000;
    let mut x = [0.5, 0.5];
    let mut flows = [[0.0; 9]; 9];
    let mut cell = 0;
    for _ in 0..STEPS {
        step(&mut x);
        let next = Cells::of(&x).unwrap();
        flows[cell][next] += 1.0;
        cell = next;
    }
    let total: f64 = Cells::ENERGIES.iter().map(|e| (-e).exp()).sum();
    let (mut worst, mut off) = (0.0_f64, 0.0_f64);
    for (i, out) in flows.iter().enumerate() {
        for (j, forth) in out.iter().enumerate().take(i) {
            let back: f64 = flows[j][i];
            if forth + back > 0.0 {
                worst = worst.max((forth - back).abs() / (forth + back).sqrt());
            }
        }
        let visits: f64 = out.iter().sum();
        let expected = STEPS as f64 * (-Cells::ENERGIES[i]).exp() / total;
        off = off.max((visits / expected - 1.0).abs());
    }
    (worst, off)
}

/// A method of the engine on the cells.
fn of_engine(name: &str, args: &[(&str, &str)], sd: f64) -> (f64, f64) {
    let entry = stochastic::entries()
        .into_iter()
        .find(|e| e.method.name == name)
        .unwrap();
    let fields = args
        .iter()
        .fold(Args::defaults(entry.method.fields), |a, (name, v)| {
            a.with(name, *v)
        });
    let fields = fields.with("sd", sd).with("step_size", sd);
    let mut method = (entry.build)(&fields);
    method.reset(&mut Cells).unwrap();
    let mut iteration = 0;
    imbalance(&mut |x| {
        let cx = StepCx {
            lr: 0.0,
            iteration,
            seed: 3,
        };
        method.step(&mut Cells, x, cx).unwrap();
        iteration += 1;
    })
}

/// A copy of the drifted random walk, with a correction of Hastings that can be wrong.
fn of_copy(correction: fn(f64) -> f64) -> (f64, f64) {
    let mut rng: Rng = stream(3, Stream::Method, 0);
    imbalance(&mut |x| {
        let steps = [normal(&mut rng) + 0.5, normal(&mut rng) + 0.5];
        let trial = [x[0] + 0.7 * steps[0], x[1] + 0.7 * steps[1]];
        let along = -2.0 * 0.5 * (steps[0] + steps[1]);
        let ratio = Cells.value(x) - Cells.value(&trial) + correction(along);
        if 1.0 - rng.random::<f64>() <= ratio.exp() {
            x.copy_from_slice(&trial);
        }
    })
}

/// The flows between 36 pairs are within four and a half of their deviations, which are √(Nᵢⱼ + Nⱼᵢ) of independent steps
/// (a reversible chain comes back: they are smaller), and the cells are visited as often as they should, within 4 %.
#[test]
fn steps_there_are_as_many_as_steps_back() {
    let good = |(flow, off): (f64, f64)| flow < 4.5 && off < 0.04;
    for (name, args) in [
        ("metropolis", vec![]),
        ("metropolis", vec![("proposal", "drifted")]),
        ("metropolis", vec![("proposal", "log_normal")]),
        ("langevin", vec![]),
        ("hamiltonian", vec![]),
    ] {
        let sd = if name == "hamiltonian" { 0.1 } else { 0.7 };
        let found = of_engine(name, &args, sd);
        assert!(good(found), "{name} {args:?}: {found:?}");
    }
    let right = of_copy(|along| along);
    assert!(good(right), "{right:?}");
    for (fault, correction) in [
        ("left out", (|_| 0.0) as fn(f64) -> f64),
        ("upside down", |along| -along),
        ("half of it", |along| 0.5 * along),
        ("too large", |along| 1.1 * along),
    ] {
        let found = of_copy(correction);
        assert!(!good(found), "{fault}: {found:?}");
    }
}

/// ½(x² + 4y²) + x²y²/10, with its gradient.
fn bowl(x: &[f64], g: &mut [f64]) -> f64 {
    let (a, b) = (x[0], x[1]);
    g[0] = a + 0.2 * a * b * b;
    g[1] = 4.0 * b + 0.2 * a * a * b;
    0.5 * (a * a + 4.0 * b * b) + 0.1 * a * a * b * b
}

/// Where a way of `steps` steps of length `epsilon` leads from (x, p), and the error of the energy.
fn way(mut x: [f64; 2], mut p: [f64; 2], epsilon: f64, steps: u32) -> ([f64; 2], [f64; 2], f64) {
    let mut g = [0.0; 2];
    let start = bowl(&x, &mut g);
    let kinetic = |p: &[f64; 2]| 0.5 * (p[0] * p[0] + p[1] * p[1]);
    let before = start + kinetic(&p);
    let end = leapfrog(&mut bowl, (&mut x, &mut p, &mut g), start, (epsilon, steps));
    (x, p, end + kinetic(&p) - before)
}

#[test]
fn leapfrog_leads_back() {
    let (x, p) = ([1.0, -0.5], [0.3, 1.2]);
    let (y, q, _) = way(x, p, 0.07, 200);
    let (x_back, p_back, _) = way(y, [-q[0], -q[1]], 0.07, 200);
    for i in 0..2 {
        // 400 steps, each with some roundings of numbers of the order 1.
        assert!((x_back[i] - x[i]).abs() < 1e-12, "{x_back:?}");
        assert!((p_back[i] + p[i]).abs() < 1e-12, "{p_back:?}");
    }
}

/// Over the same time the error of the energy is of the order ε²: half the step, a quarter of it; the next term makes a
/// difference of a hundredth.
#[test]
fn the_energy_error_of_leapfrog_is_of_second_order() {
    let errors: Vec<f64> = (0..4)
        .map(|k| way([1.0, -0.5], [0.3, 1.2], 0.04 / f64::from(1 << k), 40 << k).2)
        .collect();
    for pair in errors.windows(2) {
        let order = (pair[0] / pair[1]).log2();
        assert!((order - 2.0).abs() < 0.02, "{errors:?}: order {order}");
    }
}

/// Leapfrog keeps volumes: the determinant of the derivative of the end by the start is 1 (by central differences, whose
/// error is of the order 1e-8).
#[test]
fn leapfrog_keeps_volumes() {
    let start = [0.8, -0.3, 0.4, 1.1];
    let end = |v: [f64; 4]| {
        let (x, p, _) = way([v[0], v[1]], [v[2], v[3]], 0.15, 12);
        [x[0], x[1], p[0], p[1]]
    };
    let h = 1e-5;
    let jacobian = nalgebra::Matrix4::from_fn(|i, j| {
        let (mut up, mut down) = (start, start);
        up[j] += h;
        down[j] -= h;
        (end(up)[i] - end(down)[i]) / (2.0 * h)
    });
    assert!((jacobian.determinant() - 1.0).abs() < 1e-7);
}

#[derive(serde::Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    name: String,
    chains: Vec<Vec<f64>>,
    ess_mean: f64,
    ess_bulk: f64,
    ess_tail: f64,
    ess_quantile: f64,
    r_hat: f64,
    split_r_hat: f64,
}

/// The same definitions, so the difference is rounding, and that of the normal quantile, far below the five per cent that
/// would do.
#[test]
fn diagnostics_are_those_of_arviz() {
    let golden: Golden = serde_json::from_str(include_str!("reference/sampling.json")).unwrap();
    for case in golden.cases {
        let chains: Vec<&[f64]> = case.chains.iter().map(Vec::as_slice).collect();
        for (what, found, expected) in [
            ("ess_mean", ess_mean(&chains), case.ess_mean),
            ("ess_bulk", ess_bulk(&chains), case.ess_bulk),
            ("ess_tail", ess_tail(&chains), case.ess_tail),
            (
                "ess_quantile",
                ess_quantile(&chains, 0.3),
                case.ess_quantile,
            ),
            ("r_hat", r_hat(&chains), case.r_hat),
            ("split_r_hat", split_r_hat(&chains), case.split_r_hat),
        ] {
            assert!(
                (found / expected - 1.0).abs() < 1e-8,
                "{}: {what} is {found}, not {expected}",
                case.name
            );
        }
    }
}

#[test]
fn of_too_few_or_broken_draws_nothing_is_said() {
    let few: [&[f64]; 2] = [&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]];
    let broken: [&[f64]; 1] = [&[1.0, 2.0, f64::NAN, 1.0, 2.0, 3.0, 1.0, 2.0, 3.0, 4.0]];
    for chains in [few.as_slice(), broken.as_slice(), [].as_slice()] {
        assert!(ess_bulk(chains).is_nan() && ess_tail(chains).is_nan());
        assert!(ess_mean(chains).is_nan() && r_hat(chains).is_nan());
    }
}

#[test]
fn normal_quantiles_are_inverse_to_the_distribution() {
    for k in 1..1000 {
        let p = f64::from(k) / 1000.0;
        assert!((cdf(normal_quantile(p)) - p).abs() < 1e-15, "{p}");
    }
    for p in [1e-300, 1e-20, 1e-5] {
        assert!((cdf(normal_quantile(p)) / p - 1.0).abs() < 1e-11, "{p}");
    }
    assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
    assert_eq!(normal_quantile(1.0), f64::INFINITY);
    assert!(normal_quantile(1.5).is_nan());
}

const RASTRIGIN: &str = r#"{"kind":"surface","name":"rastrigin"}"#;
const METHODS: [&str; 3] = ["metropolis", "langevin", "hamiltonian"];

/// Of 20 runs that cool slowly nearly all end in the dent of the least minimum, 0; the next has 0.995.
#[test]
fn annealing_finds_the_least_dent_of_rastrigin() {
    let found = (1..=20).filter(|seed| {
        let mut session = session(&format!(
            r#"{{"problem":{RASTRIGIN},"seed":{seed},
                "optimizer":{{"name":"metropolis","temperature":10,"cooling":0.9998,"sd":0.5}}}}"#
        ));
        session.train_step(40_000).extra["best"] < 0.5
    });
    let found = found.count();
    assert!(found >= 19, "{found}");
}

#[test]
fn temperature_falls_by_its_law() {
    for (law, expected) in [
        ("geometric", 3.0 * 0.99_f64.powi(50)),
        ("logarithmic", 3.0 / (1.0 + 0.01 * 51.0_f64.ln())),
    ] {
        let mut session = session(&format!(
            r#"{{"problem":{RASTRIGIN},
                "optimizer":{{"name":"metropolis","temperature":3,"cooling":0.99,"cooling_law":"{law}"}}}}"#
        ));
        let found = session.train_step(51).extra["temperature"];
        assert!((found / expected - 1.0).abs() < 1e-12, "{law}: {found}");
        assert!(session.sampling().unwrap().cooling);
    }
}

/// The point is the first chain's, the loss is f there before the step, a rejected step leaves it; the rate is that of all
/// chains since the warm-up.
#[test]
fn a_step_is_reported_as_it_was() {
    for method in METHODS {
        let mut session = session(&format!(
            r#"{{"problem":{RASTRIGIN},"optimizer":{{"name":"{method}","chains":3,"warmup":20}},"seed":3}}"#
        ));
        assert!(session.population().is_none() && session.sampling().is_none());
        let (mut taken, mut lowest) = (0.0, f64::INFINITY);
        let mut before: Option<Vec<f64>> = None;
        for k in 0..120 {
            let (value, point) = (session.value_and_gradient().0, session.parameters());
            let report = session.train_step(1);
            assert_eq!(report.loss, value, "{method}, step {k}");
            let moved = session.parameters() != point;
            assert_eq!(moved, report.verdict == "accepted", "{method}, step {k}");
            let seen = session.population().unwrap();
            assert_eq!(seen.points[..2], session.parameters(), "{method}, step {k}");
            lowest = seen
                .values
                .iter()
                .copied()
                .fold(lowest.min(value), f64::min);
            if k >= 20 {
                let before = before.unwrap();
                let pairs = seen.points.chunks(2).zip(before.chunks(2));
                taken += pairs.filter(|(a, b)| a != b).count() as f64;
                let rate = taken / (3.0 * f64::from(k - 19));
                let found = report.extra["acceptance_rate"];
                assert!((found - rate).abs() < 1e-15, "{method}, step {k}");
            } else {
                assert!(session.draws().is_empty(), "{method}, step {k}");
            }
            before = Some(seen.points);
        }
        // The other chains' starts are points that were come to, but no step shows them.
        assert!(session.report().extra["best"] <= lowest, "{method}");
        let draws = session.draws();
        assert_eq!((draws.len(), draws.chains(), draws.dim()), (100, 3, 2));
        assert_eq!(draws.points()[594..596], session.parameters()[..]);
        let trial = draws.trials().last().unwrap();
        let last = &before.unwrap()[4..];
        assert_eq!(
            if trial.accepted { trial.to } else { trial.from },
            last,
            "{method}"
        );
    }
}

#[test]
fn a_run_that_was_saved_goes_on_as_if_it_had_not_been() {
    let fit = r#"{"kind":"least_squares","model":"exponential"}"#;
    for (problem, optimizer) in [
        (RASTRIGIN, r#""name":"metropolis","cooling":0.999"#),
        (RASTRIGIN, r#""name":"metropolis","proposal":"learnt""#),
        (
            fit,
            r#""name":"metropolis","proposal":"learnt","target":"unknown_noise""#,
        ),
        (RASTRIGIN, r#""name":"langevin""#),
        (RASTRIGIN, r#""name":"hamiltonian""#),
    ] {
        let config = format!(
            r#"{{"problem":{problem},"optimizer":{{{optimizer},"chains":2,"warmup":100}},"seed":8}}"#
        );
        for pause in [37, 100, 160] {
            let mut whole = session(&config);
            whole.train_step(250);
            let mut first = session(&config);
            first.train_step(pause);
            let mut second = Session::restore(&first.snapshot().unwrap(), || 0.0).unwrap();
            second.train_step(250 - pause);
            assert_eq!(whole.digest(), second.digest(), "{optimizer}, {pause}");
            // Compared as text, where what is not a number is equal to itself.
            let said = |s: &Session| format!("{:?}", s.sampling());
            assert_eq!(said(&whole), said(&second), "{optimizer}, {pause}");
            let trials = |s: &Session| {
                s.draws()
                    .trials()
                    .map(|t| t.to.to_vec())
                    .collect::<Vec<_>>()
            };
            assert_eq!(trials(&whole), trials(&second), "{optimizer}, {pause}");
        }
    }
}

#[test]
fn a_point_set_from_outside_is_the_first_chains_and_another_method_starts_afresh() {
    for method in METHODS {
        let mut session = session(&format!(
            r#"{{"problem":{RASTRIGIN},"optimizer":{{"name":"{method}","chains":2}},"seed":3}}"#
        ));
        session.train_step(5);
        session.set_parameters(&[0.0, 0.0]).unwrap();
        let report = session.train_step(1);
        assert_eq!((report.loss, report.extra["best"]), (0.0, 0.0), "{method}");
        let metropolis = serde_json::from_str(r#"{"name":"metropolis"}"#).unwrap();
        session.set_optimizer(&metropolis).unwrap();
        assert!(
            session.draws().is_empty() && session.sampling().is_none(),
            "{method}"
        );
        session.train_step(10);
        assert_eq!((session.draws().len(), session.draws().chains()), (10, 1));
    }
}

#[test]
fn what_cannot_be_sampled_is_refused() {
    let with = |problem: &str, optimizer: &str| {
        error(&format!(
            r#"{{"problem":{problem},"optimizer":{{{optimizer}}}}}"#
        ))
    };
    let plain = r#"{"kind":"surface","formula":"x^2 + y^2"}"#;
    let unknown = r#""name":"metropolis","target":"unknown_noise""#;
    assert!(
        with(plain, unknown).starts_with("optimizer.target: unknown_noise needs a sum of squares")
    );
    let fit = r#"{"kind":"least_squares","model":"linear"}"#;
    let cooled = format!(r#"{unknown},"cooling":0.9"#);
    assert!(with(fit, &cooled).starts_with("optimizer.cooling: 0.9 lets T fall"));
    let wide = r#"{"kind":"network","data":{"name":"digits"},"layers":[100]}"#;
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/www/data/digits.csv");
    let csv = std::fs::read_to_string(file).unwrap();
    descent::data::registry::register("digits", &csv, None).unwrap();
    let learnt = r#""name":"metropolis","proposal":"learnt""#;
    assert!(with(wide, learnt).starts_with("optimizer.proposal: learnt keeps a matrix"));
    for (field, message) in [
        (r#""sd":0"#, "optimizer.sd: 0 is outside (0, ∞)"),
        (
            r#""temperature":-1"#,
            "optimizer.temperature: -1 is outside (0, ∞)",
        ),
        (
            r#""cooling":1.1"#,
            "optimizer.cooling: 1.1 is outside (0, 1]",
        ),
        (
            r#""chains":0"#,
            "optimizer.chains: 0 is not a whole number from 1 to 64",
        ),
    ] {
        assert_eq!(
            with(plain, &format!(r#""name":"metropolis",{field}"#)),
            message
        );
    }
    let mut adam = session(&format!(
        r#"{{"problem":{plain},"optimizer":{{"name":"adam"}}}}"#
    ));
    adam.train_step(3);
    assert!(adam.sampling().is_none() && adam.draws().is_empty());
    assert!(
        adam.marginal(0, 50)
            .unwrap_err()
            .to_string()
            .starts_with("optimizer: ")
    );
    assert!(
        adam.marginal(2, 50)
            .unwrap_err()
            .to_string()
            .starts_with("i: ")
    );
    assert!(
        adam.marginal(0, 1)
            .unwrap_err()
            .to_string()
            .starts_with("points: ")
    );
    assert!(
        adam.posterior_band(&[1.0])
            .unwrap_err()
            .to_string()
            .starts_with("problem: ")
    );
}

/// A function that falls without end ends the run and keeps the last point.
#[test]
fn a_fall_without_end_is_a_breakdown() {
    for method in METHODS {
        let mut session = session(
            &format!(
                r#"{{"problem":{{"kind":"surface","formula":"-exp(x^2)","dim":2}},
                "optimizer":{{"name":"{method}","sd":3,"step_size":0.1}}}}"#
            )
            .replace(
                if method == "metropolis" {
                    r#","step_size":0.1"#
                } else {
                    r#","sd":3"#
                },
                "",
            ),
        );
        let report = session.train_step(10_000);
        assert!(
            session.parameters().iter().all(|x| x.is_finite()),
            "{method}"
        );
        if report.status != "running" {
            assert_eq!(report.status, "diverged", "{method}");
        }
    }
}

/// The density that is drawn beside the histogram: of the Gaussian it is known. Also where it is so narrow that no picture
/// of the whole range shows it.
#[test]
fn the_marginal_density_is_that_of_the_function() {
    for temperature in [1.0_f64, 1e-3] {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"surface","formula":"{}","start":[1,-2]}},
                "optimizer":{{"name":"langevin","temperature":{temperature},"step_size":0.01}}}}"#,
            GAUSSIAN.formula
        ));
        session.train_step(200);
        for (i, (mean, sd)) in [(1.0, 1.0), (-2.0, 2.0)].into_iter().enumerate() {
            let sd = sd * temperature.sqrt();
            let marginal = session.marginal(i, 201).unwrap();
            // At a temperature of 1 the whole range ends within the density; there the integral is over less.
            let ends = [0, 200].map(|k| cdf((marginal.at[k] - mean) / sd));
            let mass = ends[1] - ends[0];
            assert!(mass > 0.9, "{mass}");
            for (x, density) in marginal.at.iter().zip(&marginal.density) {
                let z = (x - mean) / sd;
                let peak = 1.0 / (sd * std::f64::consts::TAU.sqrt() * mass);
                let expected = (-0.5 * z * z).exp() * peak;
                assert!(
                    (density - expected).abs() < 0.02 * peak,
                    "{i} at {x}: {density}, not {expected}"
                );
            }
        }
    }
}

/// A line through data with errors of known variance σ² = T: the posterior is normal with the covariance σ²(XᵀX)⁻¹ about
/// the least-squares solution. With σ² unknown and the prior 1/σ² it is Student's t with m − n degrees of freedom, so its
/// quantiles are the classical 95 % interval. Both within four Monte-Carlo standard errors.
#[test]
fn the_posterior_of_a_line_is_that_of_theory() {
    let problem = r#"{"kind":"least_squares","model":"b1 + b2 * x",
        "x":[0,1,2,3,4,5,6,7],"y":[1.2,1.4,2.3,2.1,3.4,3.2,4.4,4.1]}"#;
    let mut solved = session(&format!(
        r#"{{"problem":{problem},"optimizer":{{"name":"gauss_newton"}}}}"#
    ));
    solved.train_step(5);
    let theory = solved.fit_statistics().unwrap();
    let at: Vec<f64> = (0..15).map(|k| f64::from(k) * 0.5).collect();
    let band = solved.fit_band(&at).unwrap();
    let sigma = theory.residual_standard_deviation.unwrap();
    let errors = theory.standard_errors.clone().unwrap();
    let intervals = theory.intervals.clone().unwrap();
    let known = 0.3_f64;
    for target in [
        format!(r#""target":"temperature","temperature":{}"#, known * known),
        r#""target":"unknown_noise""#.to_owned(),
    ] {
        let is_known = !target.contains("unknown");
        for sampler in [
            r#""name":"metropolis","sd":1.7,"proposal":"learnt""#,
            r#""name":"langevin","step_size":0.1"#,
            r#""name":"hamiltonian","step_size":0.1"#,
        ] {
            let mut session = session(&format!(
                r#"{{"problem":{problem},"seed":5,
                    "optimizer":{{{sampler},{target},"chains":8,"warmup":1000}}}}"#
            ));
            session.train_step(7000);
            for i in 0..2 {
                let chains = session.draws().coordinate(i);
                let what = format!("{sampler}, {target}, b{}", i + 1);
                let mean = deviation(&chains, theory.parameters[i]);
                assert!(mean.abs() < 4.0, "{what}: mean {mean:.2}");
                let [low, high] = if is_known {
                    let half = 1.959_964 * errors[i] * known / sigma;
                    [theory.parameters[i] - half, theory.parameters[i] + half]
                } else {
                    intervals[i]
                };
                for (end, p) in [(low, 0.025), (high, 0.975)] {
                    let below = |c: &Vec<f64>| {
                        c.iter()
                            .map(|x| f64::from(u8::from(*x <= end)))
                            .collect::<Vec<_>>()
                    };
                    let below: Vec<Vec<f64>> = chains.iter().map(below).collect();
                    let off = deviation(&below, p);
                    assert!(off.abs() < 4.0, "{what}: quantile {p}, {off:.2}");
                }
            }
            let parameters = session.sampling().unwrap().parameters;
            let enough = parameters.iter().all(|p| p.ess_tail > 1000.0);
            assert!(enough || !sampler.contains("learnt"), "{parameters:?}");
            if !is_known && enough {
                // The quantile of 500 draws deviates by some tenths of σ: √(0.025·0.975/500)/φ_t, about a tenth of the band.
                let posterior = session.posterior_band(&at).unwrap();
                for k in 0..at.len() {
                    let half = 0.5 * (band.upper[k] - band.lower[k]);
                    assert!(
                        (posterior.median[k] - band.value[k]).abs() < 0.15 * half,
                        "{sampler}"
                    );
                    assert!(
                        (posterior.lower[k] - band.lower[k]).abs() < 0.4 * half,
                        "{sampler}"
                    );
                    assert!(
                        (posterior.upper[k] - band.upper[k]).abs() < 0.4 * half,
                        "{sampler}"
                    );
                    let wide = (half * half + (2.447 * sigma).powi(2)).sqrt();
                    let found =
                        0.5 * (posterior.predictive_upper[k] - posterior.predictive_lower[k]);
                    assert!(
                        (found / wide - 1.0).abs() < 0.25,
                        "{sampler}: {found} {wide}"
                    );
                }
            }
        }
    }
}

/// Four weights and a bias less than nothing: a network of one neuron on XOR's inputs with a target it can learn. The
/// density of a small network is sampled like any other, and the chains agree.
#[test]
fn a_small_network_is_sampled() {
    for method in METHODS {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"network","data":{{"inputs":[[0],[1],[2],[3]],"targets":[0,1,2,3],"task":"regression"}},
                "split":{{"train":1,"val":0,"test":0}},"layers":[],"loss":"mse"}},"batch_size":"full","seed":1,
                "optimizer":{{"name":"{method}","temperature":0.05,"chains":4,"warmup":1000}}}}"#
        ));
        session.train_step(8000);
        let sampling = session.sampling().unwrap();
        for parameter in &sampling.parameters {
            assert!(parameter.r_hat < 1.05, "{method}: {parameter:?}");
        }
    }
}
