//! The shape of a proposal: a covariance, learnt from where the chains have been.

use crate::linalg::definite::Definite;
use crate::optim::StateVisitor;
use crate::problem::Objective;

/// Largest m·n of a Jacobian that is asked for to begin with.
const MOST_CELLS: usize = 2_000_000;

/// Turns normal numbers z into steps of a covariance Σ = DCD, where D holds the deviations and C the correlations:
/// `DLz` with `C = LLᵀ`.
///
/// Of a sum of squares the first Σ is (JᵀJ)⁻¹ at the start, the covariance of the parameters by the linear theory; else
/// the identity. Later it is that of the points that were drawn, correlations shrunk by N/(N + 5) as in Stan.
///
/// Source: Haario, Saksman, Tamminen 2001, Bernoulli 7, 223–242; in windows, so that it rests when the warm-up ends.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// D.
    deviations: Vec<f64>,
    /// L, or the factor of C⁻¹.
    factor: Definite,
    /// Whether `factor` is that of C⁻¹, so that z is solved with it.
    inverse: bool,
    mean: Vec<f64>,
    /// Σ(x − x̄)(x − x̄)ᵀ, n·n.
    scatter: Vec<f64>,
    /// N.
    count: f64,
    /// m, and m·n.
    residuals: Vec<f64>,
    jacobian: Vec<f64>,
    work: Vec<f64>,
}

impl Shape {
    /// Room for `problem`; round.
    pub fn reset(&mut self, problem: &mut dyn Objective<f64>) {
        let n = problem.dim();
        let m = problem
            .as_least_squares()
            .map_or(0, |squares| squares.residual_count());
        let m = if m.saturating_mul(n) <= MOST_CELLS {
            m
        } else {
            0
        };
        self.deviations = vec![1.0; n];
        self.mean = vec![0.0; n];
        self.scatter = vec![0.0; n * n];
        self.work = vec![0.0; n];
        self.residuals = vec![0.0; m];
        self.jacobian = vec![0.0; m * n];
        self.inverse = false;
        self.factor.reserve(n);
        for i in 0..n {
            self.scatter[i * n + i] = 1.0;
        }
        self.factor.factor(&self.scatter, 0.0);
        self.forget();
    }

    /// Σ = `variance`·(JᵀJ)⁻¹ at `x`, where there is a Jacobian. Returns whether there was.
    pub fn linearise(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        variance: f64,
    ) -> bool {
        let n = x.len();
        let Some(squares) = problem
            .as_least_squares()
            .filter(|_| !self.residuals.is_empty())
        else {
            return false;
        };
        squares.jacobian(x, &mut self.residuals, &mut self.jacobian);
        self.scatter.fill(0.0);
        for row in self.jacobian.chunks_exact(n) {
            for (i, a) in row.iter().enumerate() {
                for (s, b) in self.scatter[i * n..].iter_mut().zip(row) {
                    *s += a * b;
                }
            }
        }
        let known = self.correlate(1.0);
        if known {
            for d in &mut self.deviations {
                *d = variance.sqrt() / *d;
            }
            self.inverse = true;
        }
        self.forget();
        known
    }

    /// Takes in a point.
    pub fn learn(&mut self, x: &[f64]) {
        let n = x.len();
        self.count += 1.0;
        for ((away, mean), x) in self.work.iter_mut().zip(&mut self.mean).zip(x) {
            *away = x - *mean;
            *mean += *away / self.count;
        }
        let weight = (self.count - 1.0) / self.count;
        for (i, a) in self.work.iter().enumerate() {
            for (s, b) in self.scatter[i * n..].iter_mut().zip(&self.work) {
                *s += weight * a * b;
            }
        }
    }

    /// Σ becomes the covariance of the points taken in, which are forgotten. It stays as it is where they do not differ in
    /// some coordinate. Returns whether it changed.
    pub fn settle(&mut self) -> bool {
        let count = self.count;
        let n = self.mean.len();
        let varied = self.scatter.iter().step_by(n + 1).all(|s| *s > 0.0);
        let changed = count > 1.0 && varied && self.correlate(count / (count + 5.0));
        if changed {
            for d in &mut self.deviations {
                *d /= (count - 1.0).sqrt();
            }
            self.inverse = false;
        }
        self.forget();
        changed
    }

    /// z ← a step of covariance Σ.
    pub fn apply(&mut self, z: &mut [f64]) {
        if self.inverse {
            self.factor.solve_transposed(z);
        } else {
            self.factor.multiply(z);
        }
        for (z, d) in z.iter_mut().zip(&self.deviations) {
            *z *= d;
        }
    }

    /// Splits `scatter` into D and the factor of C, whose entries off the diagonal are multiplied by `shrink`. False where it is not
    /// finite.
    fn correlate(&mut self, shrink: f64) -> bool {
        let n = self.mean.len();
        for i in 0..n {
            let d = self.scatter[i * n + i].sqrt();
            self.work[i] = if d > 0.0 { d } else { 1.0 };
        }
        for (i, row) in self.scatter.chunks_exact_mut(n).enumerate() {
            for (j, s) in row.iter_mut().enumerate() {
                let factor = if i == j { 1.0 } else { shrink };
                *s *= factor / (self.work[i] * self.work[j]);
            }
        }
        let finite = self.scatter.iter().all(|s| s.is_finite());
        if finite {
            self.factor.factor(&self.scatter, 0.0);
            self.deviations.copy_from_slice(&self.work);
        }
        finite
    }

    fn forget(&mut self) {
        self.count = 0.0;
        self.mean.fill(0.0);
        self.scatter.fill(0.0);
    }

    /// See [`crate::optim::Optimizer::state`].
    pub fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("deviations", &mut self.deviations);
        visitor.vector("factor", self.factor.entries());
        visitor.vector("centre", &mut self.mean);
        visitor.vector("products", &mut self.scatter);
        visitor.scalar("points", &mut self.count);
        let mut inverse = f64::from(u8::from(self.inverse));
        visitor.scalar("inverse", &mut inverse);
        self.inverse = inverse != 0.0;
    }
}
