//! `LDLᵀ` of symmetric quasi-definite matrices, in storage that is kept from one matrix to the next.

use super::vector::dot;

/// A symmetric matrix with a positive definite block above and a negative definite one below:
///
/// ```text
/// [ H + δI   Bᵀ      ]
/// [ B       −C − δI  ]  = LDLᵀ,   H and C positive semidefinite
/// ```
///
/// Such a matrix has a factor in every order of its rows, so no pivot is looked for. δ makes it quasi-definite where H or C
/// are singular; [`QuasiDefinite::solve`] takes what that costs back by iterative refinement.
///
/// Source: Vanderbei 1995, SIAM J. Optim. 5, 100–113; the regularisation as in Clarabel (Goulart, Chen 2024, § 4).
#[derive(Debug, Clone, Default)]
pub struct QuasiDefinite {
    dim: usize,
    /// The matrix without δ.
    a: Vec<f64>,
    /// L, row-major; what is on and above the diagonal is not used.
    l: Vec<f64>,
    d: Vec<f64>,
    work: Vec<f64>,
    residual: Vec<f64>,
    solution: Vec<f64>,
}

/// Rounds of refinement: each multiplies the error by about δ/|D|.
const ROUNDS: u32 = 6;

impl QuasiDefinite {
    /// Makes room for matrices of n·n.
    pub fn reserve(&mut self, n: usize) {
        *self = Self {
            dim: n,
            a: vec![0.0; n * n],
            l: vec![0.0; n * n],
            d: vec![0.0; n],
            work: vec![0.0; n],
            residual: vec![0.0; n],
            solution: vec![0.0; n],
        };
    }

    /// The matrix to be factored, n·n row-major; its lower triangle counts.
    pub fn matrix(&mut self) -> &mut [f64] {
        &mut self.a
    }

    /// Factors the matrix, of which the first `positive` rows are the positive block, with the shift δ.
    pub fn factor(&mut self, positive: usize, delta: f64) {
        let n = self.dim;
        for i in 0..n {
            let sign = if i < positive { 1.0 } else { -1.0 };
            let (done, row) = self.l.split_at_mut(i * n);
            let row = &mut row[..n];
            let work = &mut self.work;
            for (j, above) in done.chunks_exact(n).enumerate() {
                work[j] = self.a[i * n + j] - dot(&work[..j], &above[..j]);
                row[j] = work[j] / self.d[j];
            }
            let pivot = self.a[i * n + i] + sign * delta - dot(&work[..i], &row[..i]);
            // Rounding may have eaten the pivot up to its sign.
            self.d[i] = if sign * pivot > delta {
                pivot
            } else {
                sign * delta
            };
        }
    }

    /// b ← A⁻¹b, for the matrix without δ as far as that has an inverse.
    pub fn solve(&mut self, b: &mut [f64]) {
        let n = self.dim;
        self.residual.copy_from_slice(b);
        self.solution.fill(0.0);
        let mut before = f64::INFINITY;
        for _ in 0..=ROUNDS {
            self.work.copy_from_slice(&self.residual);
            self.substitute();
            for (s, w) in self.solution.iter_mut().zip(&self.work) {
                *s += w;
            }
            for (i, b) in b.iter().enumerate() {
                let row = &self.a[i * n..=i * n + i];
                let column = self.a.iter().skip((i + 1) * n + i).step_by(n);
                let below: f64 = column
                    .zip(&self.solution[i + 1..])
                    .map(|(a, s)| a * s)
                    .sum();
                self.residual[i] = b - dot(row, &self.solution[..=i]) - below;
            }
            let left = self.residual.iter().fold(0.0_f64, |m, r| m.max(r.abs()));
            if left.is_nan() || left >= 0.5 * before || left == 0.0 {
                // A round that made it worse is taken back.
                if left > before {
                    for (s, w) in self.solution.iter_mut().zip(&self.work) {
                        *s -= w;
                    }
                }
                break;
            }
            before = left;
        }
        b.copy_from_slice(&self.solution);
    }

    /// work ← (LDLᵀ)⁻¹ work.
    fn substitute(&mut self) {
        let n = self.dim;
        let b = &mut self.work;
        for (i, row) in self.l.chunks_exact(n).enumerate() {
            b[i] -= dot(&row[..i], &b[..i]);
        }
        for (b, d) in b.iter_mut().zip(&self.d) {
            *b /= d;
        }
        for (i, row) in self.l.chunks_exact(n).enumerate().rev() {
            let (above, own) = b.split_at_mut(i);
            for (b, l) in above.iter_mut().zip(row) {
                *b -= l * own[0];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};

    /// Whatever the shift, the solution is that of the matrix without it; H is singular, and so is C.
    #[test]
    fn the_solution_is_that_of_the_matrix_without_the_shift() {
        let entry = |i: usize, j: usize| (((i + 2) * (2 * j + 1) + i * i * j) as f64).sin();
        let (n, m) = (5, 3);
        let root = DMatrix::from_fn(2, n, entry);
        let h = root.transpose() * root;
        let b = DMatrix::from_fn(m, n, |i, j| entry(i + 7, j));
        let mut a = DMatrix::zeros(n + m, n + m);
        a.view_mut((0, 0), (n, n)).copy_from(&h);
        a.view_mut((n, 0), (m, n)).copy_from(&b);
        a.view_mut((0, n), (n, m)).copy_from(&b.transpose());
        a[(n, n)] = -0.5;
        let mut factor = QuasiDefinite::default();
        factor.reserve(n + m);
        factor.matrix().copy_from_slice(a.as_slice());
        factor.factor(n, 1e-8);
        let rhs = DVector::from_fn(n + m, |i, _| i as f64 - 2.0);
        let mut x = rhs.clone();
        factor.solve(x.as_mut_slice());
        let expected = a.lu().solve(&rhs).unwrap();
        assert!((x - expected).amax() < 1e-10);
    }
}
