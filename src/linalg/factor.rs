//! Factorisations of dense matrices, nalgebra's, and the pivot at which one fails.

use nalgebra::linalg::{Cholesky as CholeskyFactor, LU, QR};
use nalgebra::{DMatrix, DVectorViewMut, Dyn};

use crate::linalg::matrix::Dense;

/// Why a factorisation failed: a pivot that vanished, or was not positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pivot {
    /// Which one, from 1.
    pub pivot: usize,
    /// Its value.
    pub value: f64,
}

/// PA = LU, rows exchanged for the largest pivot.
///
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., algorithm 3.4.1.
#[derive(Debug, Clone)]
pub struct Lu(LU<f64, Dyn, Dyn>);

/// A = QR by Householder reflections.
///
/// Source: Golub & Van Loan, algorithm 5.2.1.
#[derive(Debug, Clone)]
pub struct Qr(QR<f64, Dyn, Dyn>);

/// `A = LLᵀ`, for a symmetric positive definite A; its lower triangle is read.
///
/// Source: Golub & Van Loan, algorithm 4.2.1.
#[derive(Debug, Clone)]
pub struct Cholesky(CholeskyFactor<f64, Dyn>);

impl Lu {
    /// Factorises.
    ///
    /// # Errors
    /// The first pivot that rounding cannot tell from zero: |uₖₖ| ≤ ε·max |aᵢₖ|.
    pub fn new(a: &Dense) -> Result<Self, Pivot> {
        let factor = LU::new(matrix(a));
        let upper = factor.u();
        vanished(a, |k| upper[(k, k)]).map_or(Ok(Self(factor)), Err)
    }

    /// x = A⁻¹b, in place of b.
    pub fn solve(&self, b: &mut [f64]) {
        self.0.solve_mut(&mut view(b));
    }
}

impl Qr {
    /// Factorises.
    ///
    /// # Errors
    /// The first pivot that rounding cannot tell from zero: |rₖₖ| ≤ ε·max |aᵢₖ|.
    pub fn new(a: &Dense) -> Result<Self, Pivot> {
        let factor = QR::new(matrix(a));
        let upper = factor.r();
        vanished(a, |k| upper[(k, k)]).map_or(Ok(Self(factor)), Err)
    }

    /// x = A⁻¹b, in place of b.
    pub fn solve(&self, b: &mut [f64]) {
        self.0.solve_mut(&mut view(b));
    }
}

impl Cholesky {
    /// Factorises.
    ///
    /// # Errors
    /// The first pivot that is not positive.
    pub fn new(a: &Dense) -> Result<Self, Pivot> {
        CholeskyFactor::new(matrix(a))
            .map(Self)
            .ok_or_else(|| failing_pivot(a))
    }

    /// x = A⁻¹b, in place of b.
    pub fn solve(&self, b: &mut [f64]) {
        self.0.solve_mut(&mut view(b));
    }
}

fn matrix(a: &Dense) -> DMatrix<f64> {
    DMatrix::from_row_slice(a.dim, a.dim, &a.values)
}

fn view(b: &mut [f64]) -> DVectorViewMut<'_, f64> {
    let n = b.len();
    DVectorViewMut::from_slice(b, n)
}

fn vanished(a: &Dense, pivot: impl Fn(usize) -> f64) -> Option<Pivot> {
    let largest = |k: usize| {
        let column = a.values.iter().skip(k).step_by(a.dim);
        column.fold(0.0_f64, |m, v| m.max(v.abs()))
    };
    (0..a.dim)
        .map(|k| (k, pivot(k)))
        .find(|(k, value)| value.abs() <= f64::EPSILON * largest(*k))
        .map(|(k, value)| Pivot {
            pivot: k + 1,
            value,
        })
}

/// Where `A = LLᵀ` breaks off: the library says only that it does.
fn failing_pivot(a: &Dense) -> Pivot {
    let n = a.dim;
    let mut l = a.values.clone();
    for k in 0..n {
        for i in k..n {
            let (row_i, row_k) = (&l[i * n..i * n + k], &l[k * n..k * n + k]);
            let sum: f64 = row_i.iter().zip(row_k).map(|(a, b)| a * b).sum();
            l[i * n + k] -= sum;
        }
        let value = l[k * n + k];
        if value <= 0.0 || value.is_nan() || k + 1 == n {
            return Pivot {
                pivot: k + 1,
                value,
            };
        }
        let root = value.sqrt();
        for i in k..n {
            l[i * n + k] /= root;
        }
    }
    Pivot {
        pivot: n,
        value: f64::NAN,
    }
}
