//! Eigenvalues, condition numbers and spectral radii.

use nalgebra::DMatrix;
use nalgebra::linalg::{SVD, Schur, SymmetricEigen};

use crate::linalg::vector::dot;

/// Sweeps of an eigenvalue iteration before it is given up: thirty for each eigenvalue are LAPACK's habit.
const SWEEPS: usize = 30;

/// The largest order of an iteration matrix whose eigenvalues are all computed.
pub const LARGEST_SPECTRUM: usize = 100;

/// Products with the iteration matrix where only the largest eigenvalue is estimated.
const PRODUCTS: u32 = 200;

/// The eigenvalues of a symmetric matrix of n·n entries, ascending; none where the iteration fails.
pub fn symmetric_eigenvalues(dim: usize, values: &[f64]) -> Option<Vec<f64>> {
    let a = DMatrix::from_row_slice(dim, dim, values);
    let found = SymmetricEigen::try_new(a, f64::EPSILON, SWEEPS * dim.max(1))?;
    let mut eigenvalues = found.eigenvalues.as_slice().to_vec();
    eigenvalues.sort_by(f64::total_cmp);
    Some(eigenvalues)
}

/// κ₂, the largest over the smallest singular value, of a matrix of n·n entries; infinite where it is singular, none where the iteration fails.
pub fn condition(dim: usize, values: &[f64]) -> Option<f64> {
    let a = DMatrix::from_row_slice(dim, dim, values);
    let svd = SVD::try_new_unordered(a, false, false, f64::EPSILON, SWEEPS * dim.max(1))?;
    let singular = svd.singular_values;
    Some(singular.max() / singular.min())
}

/// The spectral radius ρ(M) = max |λ| of an iteration matrix.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Radius {
    /// ρ.
    pub value: f64,
    /// Whether it is the largest of all eigenvalues, and not the growth of a vector under many products.
    pub exact: bool,
}

/// ρ of the matrix M of order n that `apply` multiplies by, v ← Mv.
///
/// Up to [`LARGEST_SPECTRUM`] from all eigenvalues. Beyond, from 200 products with one vector, as the mean growth of
/// its norm over the last hundred, (‖M²⁰⁰v‖/‖M¹⁰⁰v‖)^(1/100): the mean, because a pair of complex eigenvalues makes
/// the growth oscillate. Where M is symmetric this does not exceed ρ, so a slow iteration is not taken for a divergent
/// one.
pub fn spectral_radius(dim: usize, mut apply: impl FnMut(&mut [f64])) -> Radius {
    if dim <= LARGEST_SPECTRUM
        && let Some(value) = all_eigenvalues(dim, &mut apply)
    {
        return Radius { value, exact: true };
    }
    Radius {
        value: growth(dim, &mut apply),
        exact: false,
    }
}

fn all_eigenvalues(dim: usize, apply: &mut dyn FnMut(&mut [f64])) -> Option<f64> {
    let mut m = DMatrix::zeros(dim, dim);
    let mut column = vec![0.0; dim];
    for j in 0..dim {
        column.fill(0.0);
        column[j] = 1.0;
        apply(&mut column);
        m.set_column(j, &nalgebra::DVectorView::from_slice(&column, dim));
    }
    if !m.iter().all(|v| v.is_finite()) {
        return None;
    }
    // The library's iteration can stand still where eigenvalues come in pairs ±λ, as those of Jacobi's on a grid do
    // (shifted they are no pairs), or lie close together on a circle, as those of SOR do (a looser tolerance parts them).
    let shifts = [0.0, 0.37 * m.norm(), -0.61 * m.norm()];
    let tolerances = [1.0, 16.0, 256.0].map(|t| t * f64::EPSILON);
    let mut attempts = tolerances
        .into_iter()
        .flat_map(|t| shifts.map(|shift| (t, shift)));
    attempts.find_map(|(tolerance, shift)| {
        let mut shifted = m.clone();
        for i in 0..dim {
            shifted[(i, i)] += shift;
        }
        let schur = Schur::try_new(shifted, tolerance, SWEEPS * dim)?;
        let eigenvalues = schur.complex_eigenvalues();
        let magnitudes = eigenvalues.iter().map(|l| libm::hypot(l.re - shift, l.im));
        Some(magnitudes.fold(0.0, f64::max))
    })
}

fn growth(dim: usize, apply: &mut dyn FnMut(&mut [f64])) -> f64 {
    let mut v = scattered(dim);
    let mut logarithm = 0.0;
    for k in 0..PRODUCTS {
        apply(&mut v);
        let norm = dot(&v, &v).sqrt();
        if norm == 0.0 || !norm.is_finite() {
            return norm;
        }
        if k >= PRODUCTS / 2 {
            logarithm += libm::log(norm);
        }
        for v in &mut v {
            *v /= norm;
        }
    }
    libm::exp(logarithm / f64::from(PRODUCTS - PRODUCTS / 2))
}

/// A vector of norm 1 without the symmetries of a grid, so that no eigenvector is orthogonal to it: the multiples of
/// the golden ratio modulo 1, about their mean.
fn scattered(dim: usize) -> Vec<f64> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let mut v: Vec<f64> = (1..=dim)
        .map(|i| (i as f64 * GOLDEN).fract() - 0.5)
        .collect();
    let norm = dot(&v, &v).sqrt();
    for v in &mut v {
        *v /= norm;
    }
    v
}
