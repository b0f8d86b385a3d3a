//! Eigenvalues and eigenvectors of a symmetric matrix, in storage that is kept from one matrix to the next.
//!
//! nalgebra's `SymmetricEigen` takes memory for every matrix, and a step of a method may not: hence this short one,
//! which a test compares with it.

/// A = Σₖ λₖ·vₖvₖᵀ by Jacobi's cyclic rotations.
///
/// Source: Golub & Van Loan, Matrix Computations, 4th ed., algorithms 8.5.1 and 8.5.3.
#[derive(Debug, Clone, Default)]
pub struct Eigen {
    dim: usize,
    /// The matrix on its way to a diagonal.
    a: Vec<f64>,
    /// vₖ in row k.
    vectors: Vec<f64>,
}

/// Each sweep squares what is off the diagonal once that is small; eight are usual.
const MOST_SWEEPS: usize = 30;

/// Operations of a whole decomposition of order n, about: seven sweeps of n²/2 rotations of 12n.
pub fn work(n: usize) -> f64 {
    42.0 * (n as f64).powi(3)
}

impl Eigen {
    /// Makes room for matrices of n·n.
    pub fn reserve(&mut self, n: usize) {
        self.dim = n;
        self.a = vec![0.0; n * n];
        self.vectors = vec![0.0; n * n];
    }

    /// Decomposes `a` (n·n, row-major, symmetric). The eigenvalues λₖ go to `values`, in no order. What is not finite
    /// stays so.
    pub fn decompose(&mut self, a: &[f64], values: &mut [f64]) {
        let n = self.dim;
        self.a.copy_from_slice(a);
        self.vectors.fill(0.0);
        for own in self.vectors.iter_mut().step_by(n + 1) {
            *own = 1.0;
        }
        for _ in 0..MOST_SWEEPS {
            if !self.sweep() {
                break;
            }
        }
        for (value, own) in values.iter_mut().zip(self.a.iter().step_by(n + 1)) {
            *value = *own;
        }
    }

    /// Row k is the unit eigenvector of the k-th eigenvalue.
    pub fn vectors(&self) -> &[f64] {
        &self.vectors
    }

    /// The same, to be restored.
    pub fn vectors_mut(&mut self) -> &mut [f64] {
        &mut self.vectors
    }

    /// Turns every pair of axes once; whether any turn was worth it.
    fn sweep(&mut self) -> bool {
        let n = self.dim;
        let mut turned = false;
        for p in 0..n {
            for q in p + 1..n {
                let (app, aqq, apq) = (self.a[p * n + p], self.a[q * n + q], self.a[p * n + q]);
                // Below that the entry is the rounding of its row and column.
                if apq.abs() <= 0.1 * f64::EPSILON * (app.abs() * aqq.abs()).sqrt()
                    || !apq.is_finite()
                {
                    continue;
                }
                turned = true;
                let tau = (aqq - app) / (2.0 * apq);
                let t = if tau >= 0.0 {
                    1.0 / (tau + (1.0 + tau * tau).sqrt())
                } else {
                    1.0 / (tau - (1.0 + tau * tau).sqrt())
                };
                let c = 1.0 / (1.0 + t * t).sqrt();
                self.turn((p, q), c, t * c);
            }
        }
        turned
    }

    /// `A ← JᵀAJ` and `V ← VJ`, where J turns the plane of axes p < q by the angle with cosine c and sine s.
    fn turn(&mut self, (p, q): (usize, usize), c: f64, s: f64) {
        let n = self.dim;
        for row in self.a.chunks_exact_mut(n) {
            (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
        }
        rotate(&mut self.a, n, (p, q), c, s);
        rotate(&mut self.vectors, n, (p, q), c, s);
        self.a[p * n + q] = 0.0;
        self.a[q * n + p] = 0.0;
    }
}

/// Turns rows p < q of a matrix with n columns.
fn rotate(rows: &mut [f64], n: usize, (p, q): (usize, usize), c: f64, s: f64) {
    let (before, after) = rows.split_at_mut(q * n);
    for (p, q) in before[p * n..(p + 1) * n].iter_mut().zip(after) {
        (*p, *q) = (c * *p - s * *q, s * *p + c * *q);
    }
}

#[cfg(test)]
mod tests {
    use super::Eigen;
    use crate::linalg::vector::dot;
    use nalgebra::DMatrix;

    /// Symmetric, with entries spread over `decades` powers of ten.
    fn matrix(n: usize, decades: f64) -> Vec<f64> {
        let noise =
            |i: usize, j: usize| ((i * 7919 + j * 104_729) as f64 * 0.618_033_988_75).fract() - 0.5;
        let scale = |i: usize| 10f64.powf(-decades * i as f64 / n as f64);
        (0..n * n)
            .map(|k| {
                let (i, j) = (k / n, k % n);
                let (i, j) = (i.min(j), i.max(j));
                (noise(i, j) + if i == j { 1.0 } else { 0.0 }) * scale(i) * scale(j)
            })
            .collect()
    }

    #[test]
    fn agrees_with_nalgebra() {
        let mut eigen = Eigen::default();
        for (n, decades) in [
            (1, 0.0),
            (2, 0.0),
            (3, 2.0),
            (10, 0.0),
            (17, 4.0),
            (60, 1.0),
        ] {
            eigen.reserve(n);
            let a = matrix(n, decades);
            let mut values = vec![0.0; n];
            eigen.decompose(&a, &mut values);
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let theirs = DMatrix::from_row_slice(n, n, &a).symmetric_eigen();
            let mut expected = theirs.eigenvalues.as_slice().to_vec();
            expected.sort_by(f64::total_cmp);
            let largest = expected.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
            // Both algorithms are backward stable: errors of some n·ε of the largest eigenvalue.
            let tolerance = 10.0 * n as f64 * f64::EPSILON * largest;
            for (found, expected) in sorted.iter().zip(&expected) {
                assert!(
                    (found - expected).abs() <= tolerance,
                    "{n}: {found} is not {expected}"
                );
            }
            for (k, v) in eigen.vectors().chunks_exact(n).enumerate() {
                for (i, row) in a.chunks_exact(n).enumerate() {
                    let rest = dot(row, v) - values[k] * v[i];
                    assert!(rest.abs() <= tolerance, "{n}: Av − λv is {rest}");
                }
                for (l, w) in eigen.vectors().chunks_exact(n).enumerate() {
                    let expected = if k == l { 1.0 } else { 0.0 };
                    assert!((dot(v, w) - expected).abs() <= 10.0 * n as f64 * f64::EPSILON);
                }
            }
        }
    }

    #[test]
    fn what_is_not_finite_ends() {
        let mut eigen = Eigen::default();
        eigen.reserve(3);
        let mut values = [0.0; 3];
        eigen.decompose(&[f64::NAN; 9], &mut values);
        assert!(values.iter().all(|v| v.is_nan()));
    }
}
