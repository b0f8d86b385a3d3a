//! Quadratic and linear programs, by their matrices.

use crate::linalg::spectrum::symmetric_eigenvalues;
use crate::linalg::vector::dot;

/// P is taken for positive semidefinite if no eigenvalue is below minus this part of the largest: rounding.
const ROUNDING: f64 = 1e-12;

/// ```text
/// min ½xᵀPx + qᵀx + r   subject to   Ax = b,  Gx ≤ h,  l ≤ x ≤ u
/// ```
///
/// A linear program has P = 0. Matrices are row-major. The multipliers λ ≥ 0 are those of Gx ≤ h, then of the finite
/// lower bounds, then of the finite upper ones; the Lagrangian is f + νᵀ(Ax − b) + λᵀ(Gx − h, l − x, x − u).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QuadraticProgram {
    /// P, n·n, symmetric.
    pub p: Vec<f64>,
    /// q, n.
    pub q: Vec<f64>,
    /// r.
    pub constant: f64,
    /// A.
    pub a: Vec<f64>,
    /// b.
    pub b: Vec<f64>,
    /// G.
    pub g: Vec<f64>,
    /// h.
    pub h: Vec<f64>,
    /// l, n; −∞ where there is no bound.
    pub lower: Vec<f64>,
    /// u, n; ∞ where there is no bound.
    pub upper: Vec<f64>,
}

/// One side of a bound as a row: sign·xᵢ ≤ sign·value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// i.
    pub at: usize,
    /// −1 for a lower bound, 1 for an upper one.
    pub sign: f64,
    /// lᵢ or uᵢ.
    pub value: f64,
}

/// The finite ones: all lower bounds, then all upper ones.
pub fn finite_bounds<'a>(lower: &'a [f64], upper: &'a [f64]) -> impl Iterator<Item = Bound> + 'a {
    let side = |values: &'a [f64], sign: f64| {
        let finite = values.iter().enumerate().filter(|(_, v)| v.is_finite());
        finite.map(move |(at, value)| Bound {
            at,
            sign,
            value: *value,
        })
    };
    side(lower, -1.0).chain(side(upper, 1.0))
}

impl QuadraticProgram {
    /// n.
    pub fn dim(&self) -> usize {
        self.q.len()
    }

    /// The finite bounds as rows.
    pub fn bounds(&self) -> impl Iterator<Item = Bound> + '_ {
        finite_bounds(&self.lower, &self.upper)
    }

    /// p and m.
    pub fn multiplier_counts(&self) -> (usize, usize) {
        (self.b.len(), self.h.len() + self.bounds().count())
    }

    /// f(x).
    pub fn value(&self, x: &[f64]) -> f64 {
        let rows = self.p.chunks_exact(x.len()).zip(x).zip(&self.q);
        let terms = rows.map(|((row, x_i), q)| x_i * (0.5 * dot(row, x) + q));
        terms.sum::<f64>() + self.constant
    }

    /// f(x), with ∇f(x) = Px + q written to `g`.
    pub fn gradient(&self, x: &[f64], g: &mut [f64]) -> f64 {
        let rows = self.p.chunks_exact(x.len()).zip(x).zip(&self.q).zip(g);
        let mut value = self.constant;
        for (((row, x_i), q), g) in rows {
            let product = dot(row, x);
            value += x_i * (0.5 * product + q);
            *g = product + q;
        }
        value
    }

    /// The least eigenvalue of P where it is below 0 by more than rounding: then f is not convex.
    pub fn negative_curvature(&self) -> Option<f64> {
        let eigenvalues = symmetric_eigenvalues(self.dim(), &self.p)?;
        let largest = eigenvalues.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let least = eigenvalues.first().copied()?;
        (least < -ROUNDING * largest).then_some(least)
    }
}
