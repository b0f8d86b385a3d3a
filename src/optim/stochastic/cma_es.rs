//! CMA-ES: evolution of a normal distribution.

use super::population::{BEST, MEAN, Population, SPREAD, Since, evaluate};
use super::{MOST_MEMBERS, SIGMA, draws, within_means};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::vector::{axpy, dot};
use crate::linalg::{Eigen, eigen};
use crate::optim::{
    Breakdown, Family, Line, Members, Method, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::Objective;
use crate::real::norm;
use crate::rng::{Rng, normal};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "cma_es",
    title: "CMA-ES",
    family: Family::Stochastic,
    about: "Draws points from a normal distribution, moves its mean to the better half of them, and learns its covariance from the steps that were good: in the end it has the shape of the inverse Hessian. The step size grows while successive steps agree, and shrinks while they cancel out.",
    fields: &[
        Field::integer(
            "population",
            "λ",
            "points of a generation; 0 for 4 + ⌊3 ln n⌋",
            0,
            0,
            MOST_MEMBERS,
        ),
        Field::number(
            "step",
            "σ⁰",
            "first standard deviation, as a part of the width of the range",
            0.3,
            Range::POSITIVE,
        ),
        SIGMA,
    ],
    equation: &[
        Line::new(
            r"x_i = m + \sigma y_i, \quad y_i \sim N(0, C)",
            r"x_i = m + \text{@sigma0} \, y_i, \quad y_i \sim N(0, C)",
        ),
        Line::new(
            r"m^{k+1} = m + \sigma y_w, \quad y_w = \sum_{i=1}^{\mu} w_i y_{i:\lambda}",
            r"\text{@m1} = \text{@m0} + \text{@sigma0} \, y_w",
        ),
        Line::new(
            r"p_\sigma^{k+1} = (1 - c_\sigma) p_\sigma + \sqrt{c_\sigma (2 - c_\sigma) \mu_w}\; C^{-1/2} y_w",
            r"\text{@psigma1} = (1 - c_\sigma) \, \text{@psigma0} + \sqrt{c_\sigma (2 - c_\sigma) \mu_w}\; C^{-1/2} y_w",
        ),
        Line::new(
            r"\sigma^{k+1} = \sigma \exp\left(\frac{c_\sigma}{d_\sigma} \left(\frac{\lVert p_\sigma \rVert}{E\lVert N(0, I) \rVert} - 1\right)\right)",
            r"\text{@sigma1} = \text{@sigma0} \exp\left(\frac{c_\sigma}{d_\sigma} \left(\frac{\lVert p_\sigma \rVert}{E\lVert N(0, I) \rVert} - 1\right)\right)",
        ),
        Line::new(
            r"C^{k+1} = (1 - c_1 - c_\mu) C + c_1 p_c p_c^T + c_\mu \sum_{i=1}^{\mu} w_i y_{i:\lambda} y_{i:\lambda}^T",
            r"C^{k+1} = (1 - c_1 - c_\mu) C + c_1 p_c p_c^T + c_\mu \sum_{i=1}^{\mu} w_i y_{i:\lambda} y_{i:\lambda}^T",
        ),
    ],
    reference: "Hansen 2016, The CMA Evolution Strategy: A Tutorial, arXiv:1604.00772, figure 6; the package cma",
    needs: Oracle::Value,
    measures: &[BEST, MEAN, SPREAD, "step_size"],
};

/// The `(μ/μ_w, λ)`-CMA-ES with cumulation, rank-one and rank-μ update:
///
/// ```text
/// xᵢ  = m + σyᵢ, yᵢ ~ N(0, C)                    i = 1, …, λ
/// y_w = Σ wᵢ·y_{i:λ}                             over the μ = ⌊λ/2⌋ best; m ← m + σy_w
/// p_σ ← (1 − c_σ)p_σ + √(c_σ(2 − c_σ)μ_w)·C^(−1/2)·y_w
/// p_c ← (1 − c_c)p_c + h_σ√(c_c(2 − c_c)μ_w)·y_w
/// C   ← (1 + c₁δ(h_σ) − c₁ − c_μ)C + c₁p_c p_cᵀ + c_μ Σ wᵢ·y_{i:λ}·y_{i:λ}ᵀ
/// σ   ← σ·exp((c_σ/d_σ)(‖p_σ‖/E‖N(0, I)‖ − 1))
/// ```
///
/// Weights and constants are the tutorial's defaults (table 1) without its negative weights: the update of C is that of
/// its section 3.3, not the active one, which the package `cma` has by default. C = B·D²·Bᵀ is decomposed again
/// when about `1/(10n(c₁ + c_μ))` generations have passed, as there. The mean starts at the session's point, C as the
/// squares of the widths of the range, scaled to a trace of n. A point set from outside becomes the mean.
///
/// Source: Hansen 2016, arXiv:1604.00772, figure 6 and table 1.
#[derive(Debug, Clone)]
pub struct CmaEs {
    /// λ; 0 for the default.
    population: usize,
    step: f64,
    range: f64,
    constants: Constants,
    /// wᵢ, the largest first.
    weights: Vec<f64>,
    points: Population,
    mean: Vec<f64>,
    /// σ.
    sigma: f64,
    /// C, n·n.
    c: Vec<f64>,
    /// B.
    eigen: Eigen,
    /// D, the roots of the eigenvalues of C.
    d: Vec<f64>,
    p_sigma: Vec<f64>,
    p_c: Vec<f64>,
    /// `(1 − c_σ)^(2k)` after k generations.
    fading: f64,
    /// Generations since C was decomposed.
    age: f64,
    /// `y_w`.
    y: Vec<f64>,
    /// A vector in the coordinates of B.
    z: Vec<f64>,
}

/// Table 1 of the tutorial.
#[derive(Debug, Clone, Copy, Default)]
struct Constants {
    mu_w: f64,
    c_sigma: f64,
    d_sigma: f64,
    c_c: f64,
    c_1: f64,
    c_mu: f64,
    /// E‖N(0, I)‖.
    chi: f64,
    /// Generations between two decompositions of C.
    lazy: f64,
}

/// μ is half of them, and 2 at least.
const LEAST_POINTS: usize = 4;

/// The condition number of C that its rounding allows.
const LARGEST_CONDITION: f64 = 1e14;

impl Constants {
    /// From the weights, whose sum is 1.
    fn new(n: f64, weights: &[f64]) -> Self {
        let mu_w = 1.0 / dot(weights, weights);
        let c_sigma = (mu_w + 2.0) / (n + mu_w + 5.0);
        let c_1 = 2.0 / ((n + 1.3) * (n + 1.3) + mu_w);
        let c_mu = 2.0 * (0.25 + mu_w - 2.0 + 1.0 / mu_w) / ((n + 2.0) * (n + 2.0) + mu_w);
        let c_mu = c_mu.min(1.0 - c_1);
        Self {
            mu_w,
            c_sigma,
            d_sigma: 1.0 + 2.0 * (((mu_w - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + c_sigma,
            c_c: (4.0 + mu_w / n) / (n + 4.0 + 2.0 * mu_w / n),
            c_1,
            c_mu,
            chi: n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n)),
            lazy: (1.0 / (10.0 * n * (c_1 + c_mu))).floor().max(1.0),
        }
    }
}

impl CmaEs {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            population: args.number("population") as usize,
            step: args.number("step"),
            range: args.number("sigma"),
            constants: Constants::default(),
            weights: Vec::new(),
            points: Population::default(),
            mean: Vec::new(),
            sigma: 0.0,
            c: Vec::new(),
            eigen: Eigen::default(),
            d: Vec::new(),
            p_sigma: Vec::new(),
            p_c: Vec::new(),
            fading: 1.0,
            age: 0.0,
            y: Vec::new(),
            z: Vec::new(),
        }
    }

    /// The first distribution, about `x`.
    fn start(&mut self, x: &[f64]) {
        let n = x.len();
        let width = &self.points.width;
        let mean_square = dot(width, width) / n as f64;
        self.sigma = self.step * mean_square.sqrt();
        self.c.fill(0.0);
        for (own, width) in self.c.iter_mut().step_by(n + 1).zip(width) {
            *own = width * width / mean_square;
        }
        self.decompose();
        self.centre(x);
    }

    /// Moves the mean to `x`, which the paths did not lead to.
    fn centre(&mut self, x: &[f64]) {
        self.mean.copy_from_slice(x);
        self.p_sigma.fill(0.0);
        self.p_c.fill(0.0);
        self.fading = 1.0;
    }

    fn decompose(&mut self) {
        self.eigen.decompose(&self.c, &mut self.d);
        let largest = self.d.iter().fold(0.0_f64, |m, d| m.max(*d));
        for d in &mut self.d {
            *d = d.max(largest / LARGEST_CONDITION).sqrt();
        }
        self.age = 0.0;
    }

    /// Draws the points of a generation and evaluates them.
    fn draw(&mut self, problem: &mut dyn Objective<f64>, rng: &mut Rng) {
        let n = self.mean.len();
        let points = self.points.x.chunks_exact_mut(n).zip(&mut self.points.f);
        for (x, f) in points {
            x.copy_from_slice(&self.mean);
            for (d, b) in self.d.iter().zip(self.eigen.vectors().chunks_exact(n)) {
                axpy(self.sigma * d * normal(rng), b, x);
            }
            *f = evaluate(problem, x);
        }
    }

    /// Moves the mean, the paths, C and σ by what the points have shown.
    fn learn(&mut self) {
        let n = self.mean.len();
        let Constants {
            mu_w,
            c_sigma,
            d_sigma,
            c_c,
            c_1,
            c_mu,
            chi,
            ..
        } = self.constants;
        self.points.rank();
        self.y.fill(0.0);
        for (i, w) in self.weights.iter().enumerate() {
            let x = self.points.member(self.points.ranked(i));
            for ((y, x), m) in self.y.iter_mut().zip(x).zip(&self.mean) {
                *y += w * (x - m) / self.sigma;
            }
        }

        // C^(−1/2)·y_w = B·D⁻¹·Bᵀ·y_w.
        let rows = || self.eigen.vectors().chunks_exact(n);
        for ((z, d), b) in self.z.iter_mut().zip(&self.d).zip(rows()) {
            *z = dot(b, &self.y) / d;
        }
        scale(&mut self.p_sigma, 1.0 - c_sigma);
        let push = (c_sigma * (2.0 - c_sigma) * mu_w).sqrt();
        for (z, b) in self.z.iter().zip(rows()) {
            axpy(push * z, b, &mut self.p_sigma);
        }
        self.fading *= (1.0 - c_sigma) * (1.0 - c_sigma);
        let length = norm(&self.p_sigma);
        let stalls = length / (1.0 - self.fading).sqrt() >= (1.4 + 2.0 / (n as f64 + 1.0)) * chi;

        scale(&mut self.p_c, 1.0 - c_c);
        if !stalls {
            axpy((c_c * (2.0 - c_c) * mu_w).sqrt(), &self.y, &mut self.p_c);
        }
        let lost = if stalls { c_c * (2.0 - c_c) } else { 0.0 };
        scale(&mut self.c, 1.0 + c_1 * lost - c_1 - c_mu);
        add_square(&mut self.c, c_1, &self.p_c);
        for (i, w) in self.weights.iter().enumerate() {
            let x = self.points.member(self.points.ranked(i));
            for ((z, x), m) in self.z.iter_mut().zip(x).zip(&self.mean) {
                *z = (x - m) / self.sigma;
            }
            add_square(&mut self.c, c_mu * w, &self.z);
        }

        axpy(self.sigma, &self.y, &mut self.mean);
        self.sigma *= libm::exp(c_sigma / d_sigma * (length / chi - 1.0));
        self.age += 1.0;
    }
}

fn scale(values: &mut [f64], by: f64) {
    for v in values {
        *v *= by;
    }
}

/// C ← C + αvvᵀ, the same bits on either side of the diagonal.
fn add_square(c: &mut [f64], alpha: f64, v: &[f64]) {
    for (row, vi) in c.chunks_exact_mut(v.len()).zip(v) {
        for (c, vj) in row.iter_mut().zip(v) {
            *c += alpha * (vi * vj);
        }
    }
}

/// wᵢ ∝ ln((λ + 1)/2) − ln i for the best half, with the sum 1.
fn weights(points: usize) -> Vec<f64> {
    let middle = libm::log(0.5 * (points as f64 + 1.0));
    let raw = (1..=points / 2).map(|i| middle - libm::log(i as f64));
    let sum: f64 = raw.clone().sum();
    raw.map(|w| w / sum).collect()
}

impl Optimizer<f64> for CmaEs {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let size = match self.population {
            0 => LEAST_POINTS + (3.0 * libm::log(n as f64)) as usize,
            given => given,
        };
        let (rows, cols) = (size as f64, n as f64);
        let bytes = 8.0 * (cols + 2.0) * (rows + 3.0 * cols);
        let work = eigen::work(n) + 4.0 * rows * cols * cols;
        within_means(METHOD.name, (size, LEAST_POINTS), (bytes, work))?;
        self.weights = weights(size);
        self.constants = Constants::new(cols, &self.weights);
        self.points.reset(n, size);
        self.c = vec![0.0; n * n];
        self.eigen.reserve(n);
        for v in [
            &mut self.mean,
            &mut self.d,
            &mut self.p_sigma,
            &mut self.p_c,
            &mut self.y,
            &mut self.z,
        ] {
            *v = vec![0.0; n];
        }
        self.sigma = 0.0;
        self.fading = 1.0;
        self.age = 0.0;
        Ok(())
    }

    fn needs_fixed_batch(&self) -> bool {
        true
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let mut rng = draws(&cx);
        match self.points.begin(problem, x, self.range)? {
            Since::Start => self.start(x),
            Since::Step { moved: true, .. } => self.centre(x),
            Since::Step { moved: false, .. } => {}
        }
        if self.age >= self.constants.lazy {
            self.decompose();
        }
        self.draw(problem, &mut rng);
        self.learn();
        for (quantity, value) in [("step size", self.sigma), ("mean", norm(&self.mean))] {
            if !value.is_finite() {
                return Err(Breakdown::NonFinite { quantity, value });
            }
        }
        self.points.finish(x, self.sigma)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        self.points.state(visitor);
        visitor.vector("m", &mut self.mean);
        visitor.scalar("sigma", &mut self.sigma);
        visitor.vector("psigma", &mut self.p_sigma);
        visitor.vector("pc", &mut self.p_c);
        visitor.vector("C", &mut self.c);
        visitor.vector("B", self.eigen.vectors_mut());
        visitor.vector("D", &mut self.d);
        visitor.scalar("fading", &mut self.fading);
        visitor.scalar("age", &mut self.age);
    }

    fn population(&self) -> Option<Members<'_, f64>> {
        self.points.members()
    }
}
