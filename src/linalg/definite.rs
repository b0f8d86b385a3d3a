//! A symmetric matrix made positive definite, in storage that is kept from one matrix to the next.
//!
//! nalgebra's `Cholesky` takes its matrix by value and drops it where it fails, and here failing is the rule: hence this
//! short one, which a test compares with it.

use super::vector::dot;

/// `A + τI = LLᵀ`, with the first τ of a growing sequence for which that exists: 0 where A is positive definite.
///
/// Source: Nocedal, Wright 2006, Numerical Optimization, algorithm 3.3; β = 10⁻³ is taken relative to the largest
/// diagonal entry.
#[derive(Debug, Clone, Default)]
pub struct Definite {
    dim: usize,
    /// L, row-major; what is above the diagonal is not used.
    l: Vec<f64>,
}

/// β of algorithm 3.3.
const LEAST_SHIFT: f64 = 1e-3;

impl Definite {
    /// Makes room for matrices of n·n.
    pub fn reserve(&mut self, n: usize) {
        self.dim = n;
        self.l = vec![0.0; n * n];
    }

    /// Factors `a` (n·n, row-major, symmetric) with at least the shift `least`; τ, infinite where `a` is not finite.
    pub fn factor(&mut self, a: &[f64], least: f64) -> f64 {
        let n = self.dim;
        let diagonal = || a.iter().step_by(n + 1);
        let largest = diagonal().fold(0.0_f64, |m, a| m.max(a.abs()));
        let beta = LEAST_SHIFT * if largest > 0.0 { largest } else { 1.0 };
        let smallest = diagonal().copied().fold(f64::INFINITY, f64::min);
        let mut tau = least.max(if smallest > 0.0 { 0.0 } else { beta - smallest });
        while tau.is_finite() && !self.try_factor(a, tau) {
            tau = (2.0 * tau).max(beta);
        }
        tau
    }

    /// Whether A + τI has a factor; it is in `self.l` then.
    fn try_factor(&mut self, a: &[f64], tau: f64) -> bool {
        let n = self.dim;
        for i in 0..n {
            let (done, row) = self.l.split_at_mut(i * n);
            let row = &mut row[..n];
            for (j, above) in done.chunks_exact(n).enumerate() {
                row[j] = (a[i * n + j] - dot(&row[..j], &above[..j])) / above[j];
            }
            let own = a[i * n + i] + tau;
            let pivot = own - dot(&row[..i], &row[..i]);
            // Below that the pivot is the rounding of what was taken off.
            if pivot.is_nan() || pivot <= f64::EPSILON * own.abs() {
                return false;
            }
            row[i] = pivot.sqrt();
        }
        true
    }

    /// The numbers of L, to be saved and restored.
    pub fn entries(&mut self) -> &mut [f64] {
        &mut self.l
    }

    /// v ← Lv.
    pub fn multiply(&self, v: &mut [f64]) {
        for (i, row) in self.l.chunks_exact(self.dim.max(1)).enumerate().rev() {
            v[i] = dot(&row[..=i], &v[..=i]);
        }
    }

    /// v ← L⁻ᵀv.
    pub fn solve_transposed(&self, v: &mut [f64]) {
        for (i, row) in self.l.chunks_exact(self.dim.max(1)).enumerate().rev() {
            v[i] /= row[i];
            let (above, own) = v.split_at_mut(i);
            for (v, l) in above.iter_mut().zip(row) {
                *v -= l * own[0];
            }
        }
    }

    /// b ← (A + τI)⁻¹b, by two triangular systems.
    pub fn solve(&self, b: &mut [f64]) {
        let n = self.dim;
        for (i, row) in self.l.chunks_exact(n).enumerate() {
            b[i] = (b[i] - dot(&row[..i], &b[..i])) / row[i];
        }
        self.solve_transposed(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};

    /// Symmetric, with these eigenvalues.
    fn with_eigenvalues(values: &[f64]) -> DMatrix<f64> {
        let n = values.len();
        let entry = |i: usize, j: usize| ((3 * i + 5 * j * j + 1) as f64).sin();
        let q = DMatrix::from_fn(n, n, entry).qr().q();
        &q * DMatrix::from_diagonal(&DVector::from_row_slice(values)) * q.transpose()
    }

    fn factored(a: &DMatrix<f64>, least: f64) -> (Definite, f64) {
        let mut definite = Definite::default();
        definite.reserve(a.nrows());
        let tau = definite.factor(a.as_slice(), least);
        (definite, tau)
    }

    #[test]
    fn a_positive_definite_matrix_is_solved_as_it_is() {
        let a = with_eigenvalues(&[0.5, 1.0, 2.0, 7.0, 30.0, 31.0, 32.0, 33.0, 34.0, 100.0]);
        let (definite, tau) = factored(&a, 0.0);
        assert_eq!(tau, 0.0);
        let b = DVector::from_fn(10, |i, _| i as f64 - 3.0);
        let mut x = b.clone();
        definite.solve(x.as_mut_slice());
        let expected = a.cholesky().unwrap().solve(&b);
        assert!((x - expected).amax() < 1e-13);
    }

    #[test]
    fn an_indefinite_one_is_shifted_beyond_its_least_eigenvalue() {
        for least in [-1e-3, -0.5, -20.0] {
            let a = with_eigenvalues(&[least, 0.1, 3.0, 5.0]);
            let (definite, tau) = factored(&a, 0.0);
            assert!(tau > -least && tau < 4.0 * -least + 0.1, "{least}: {tau}");
            let b = DVector::from_row_slice(&[1.0, -2.0, 0.5, 4.0]);
            let mut x = b.clone();
            definite.solve(x.as_mut_slice());
            let residual = (a + DMatrix::identity(4, 4) * tau) * x - b;
            assert!(residual.amax() < 1e-10);
        }
        assert_eq!(factored(&DMatrix::zeros(3, 3), 0.25).1, 0.25);
        assert!(factored(&DMatrix::zeros(3, 3), 0.0).1 > 0.0);
        assert!(
            factored(&DMatrix::from_element(2, 2, f64::NAN), 0.0)
                .1
                .is_infinite()
        );
    }
}
