//! Least squares with a term on the parameters: the lasso, and ridge regression as a bound on their norm.

use crate::linalg::vector::{axpy, dot};

/// ```text
/// lasso   f(x) = ½‖Ax − b‖² + λ‖x‖₁
/// ridge   f(x) = ½‖Ax − b‖²          subject to ‖x‖ ≤ t
/// ```
///
/// The half and the sum, not the mean, over rows: scikit-learn's `Lasso` has α = λ/rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// A, rows·n, row-major.
    pub a: Vec<f64>,
    /// b.
    pub b: Vec<f64>,
    /// What is added.
    pub term: Term,
    /// n.
    pub dim: usize,
}

/// What is added to ½‖Ax − b‖².
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Term {
    /// λ‖x‖₁.
    L1 {
        /// λ.
        lambda: f64,
    },
    /// 0 where ‖x‖ ≤ t, else ∞. As a constraint it is ½(‖x‖² − t²) ≤ 0, so that its multiplier is the λ of ridge
    /// regression, `(AᵀA + λI)x = Aᵀb`.
    Ball {
        /// t.
        radius: f64,
    },
}

impl Composite {
    /// r = Ax − b.
    pub fn residual(&self, x: &[f64], r: &mut [f64]) {
        for ((r, row), b) in r.iter_mut().zip(self.a.chunks_exact(self.dim)).zip(&self.b) {
            *r = dot(row, x) - b;
        }
    }

    /// g = Aᵀr.
    pub fn transposed(&self, r: &[f64], g: &mut [f64]) {
        g.fill(0.0);
        for (r, row) in r.iter().zip(self.a.chunks_exact(self.dim)) {
            axpy(*r, row, g);
        }
    }

    /// How far ½‖r‖² + term is above the dual function at the best multiple of −r, where `r` is Ax − b and `g` is Aᵀr:
    /// 0 at a solution only.
    ///
    /// ```text
    /// dual of the lasso   −½‖y‖² − bᵀy where ‖Aᵀy‖∞ ≤ λ
    /// dual of the ridge   −½‖y‖² − bᵀy − t‖Aᵀy‖
    /// ```
    pub fn gap(&self, x: &[f64], r: &[f64], g: &[f64]) -> f64 {
        let half = 0.5 * dot(r, r);
        let along = dot(&self.b, r);
        match self.term {
            Term::L1 { lambda } => {
                let steepest = g.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
                let scale = if steepest > lambda {
                    lambda / steepest
                } else {
                    1.0
                };
                let norm: f64 = x.iter().map(|x| x.abs()).sum();
                half + lambda * norm + scale * (scale * half + along)
            }
            Term::Ball { radius } => 2.0 * half + along + radius * dot(g, g).sqrt(),
        }
    }
}

impl Term {
    /// The term's value; that of the ball is 0, in and out of it.
    pub fn value(&self, x: &[f64]) -> f64 {
        match self {
            Self::L1 { lambda } => lambda * x.iter().map(|x| x.abs()).sum::<f64>(),
            Self::Ball { .. } => 0.0,
        }
    }

    /// v ← argmin term(u) + ‖u − v‖²/(2t): the soft threshold tλ, or the projection on the ball.
    pub fn proximal_map(&self, t: f64, v: &mut [f64]) {
        match self {
            Self::L1 { lambda } => {
                for v in v {
                    *v = (v.abs() - t * lambda).max(0.0).copysign(*v);
                }
            }
            Self::Ball { radius } => {
                let norm = dot(v, v).sqrt();
                if norm > *radius {
                    for v in v {
                        *v *= radius / norm;
                    }
                }
            }
        }
    }
}
