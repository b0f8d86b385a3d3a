//! Least squares by Householder's reflections, in storage that is kept from one problem to the next.
//!
//! nalgebra's `QR` allocates its diagonal with every factorisation and solves square systems only, and a step may not
//! allocate; hence this short one, which a test compares with it.

use super::vector::{axpy, dot};

/// The least-squares problem min ‖Ad − b‖, and A = QR once it is reduced.
///
/// ```
/// use descent::linalg::Qr;
///
/// // A line through three points: 1 + 2t at t = 0, 1, 2.
/// let mut qr = Qr::default();
/// qr.start(3, 2);
/// for (i, (row, b)) in [([1.0, 0.0], 1.0), ([1.0, 1.0], 3.0), ([1.0, 2.0], 5.0)].iter().enumerate() {
///     qr.set_row(i, row, *b);
/// }
/// qr.reduce();
/// let mut d = [0.0; 2];
/// assert_eq!(qr.solve(&mut d), Ok(()));
/// assert!((d[0] - 1.0).abs() < 1e-14 && (d[1] - 2.0).abs() < 1e-14);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Qr {
    rows: usize,
    cols: usize,
    /// A, column by column; in and above the diagonal R once reduced.
    a: Vec<f64>,
    /// b; Qᵀb once reduced.
    b: Vec<f64>,
    /// ‖column‖ of A.
    norms: Vec<f64>,
}

impl Qr {
    /// Begins a problem of this size with A = 0, b = 0. Allocates only if none before was as large.
    pub fn start(&mut self, rows: usize, cols: usize) {
        (self.rows, self.cols) = (rows, cols);
        for (values, len) in [
            (&mut self.a, rows * cols),
            (&mut self.b, rows),
            (&mut self.norms, cols),
        ] {
            values.clear();
            values.resize(len, 0.0);
        }
    }

    /// Row i of A, from its first column on, and bᵢ.
    pub fn set_row(&mut self, i: usize, row: &[f64], b: f64) {
        for (a, v) in self.a[i..].iter_mut().step_by(self.rows).zip(row) {
            *a = *v;
        }
        self.b[i] = b;
    }

    /// One entry of A.
    pub fn set(&mut self, i: usize, j: usize, value: f64) {
        self.a[j * self.rows + i] = value;
    }

    /// A ← R, b ← Qᵀb.
    ///
    /// Source: Golub, Van Loan, Matrix Computations, 4th ed., algorithms 5.1.1 and 5.2.1.
    pub fn reduce(&mut self) {
        let m = self.rows;
        for (norm, column) in self.norms.iter_mut().zip(self.a.chunks_exact(m.max(1))) {
            *norm = scaled_norm(column);
        }
        for k in 0..m.min(self.cols) {
            let (done, rest) = self.a.split_at_mut((k + 1) * m);
            let v = &mut done[k * m + k..];
            let norm = scaled_norm(v);
            if norm == 0.0 {
                continue;
            }
            // H = 1 − vvᵀ/(‖v‖·v₀), with the sign that cancels nothing; v is scaled so that v₀ = 1 + |aₖₖ|/‖a‖.
            let r = if v[0] > 0.0 { -norm } else { norm };
            for v in v.iter_mut() {
                *v /= -r;
            }
            v[0] += 1.0;
            let v0 = v[0];
            let others = rest.chunks_exact_mut(m).map(|column| &mut column[k..]);
            for column in others.chain([&mut self.b[k..]]) {
                let along = dot(v, column) / v0;
                axpy(-along, v, column);
            }
            v[0] = r;
            v[1..].fill(0.0);
        }
    }

    /// The entry of R in row i and column j ≥ i.
    pub fn r(&self, i: usize, j: usize) -> f64 {
        self.a[j * self.rows + i]
    }

    /// Qᵀb.
    pub fn qtb(&self) -> &[f64] {
        &self.b
    }

    /// d with Rd = Qᵀb: the least-squares solution.
    ///
    /// # Errors
    /// The first column, counted from 1, that the ones before it span up to rounding (so always where there are fewer
    /// rows than columns).
    pub fn solve(&self, d: &mut [f64]) -> Result<(), usize> {
        let (m, n) = (self.rows, self.cols);
        let rounding = f64::EPSILON * m.max(n) as f64;
        let dependent = |k: usize| k >= m || self.r(k, k).abs() <= rounding * self.norms[k];
        if let Some(k) = (0..n).find(|k| dependent(*k)) {
            return Err(k + 1);
        }
        d.copy_from_slice(&self.b[..n]);
        for k in (0..n).rev() {
            let column = &self.a[k * m..][..=k];
            let pivot = d[k] / column[k];
            d[k] = pivot;
            axpy(-pivot, &column[..k], &mut d[..k]);
        }
        Ok(())
    }
}

/// ‖v‖, without overflow or underflow on the way.
fn scaled_norm(v: &[f64]) -> f64 {
    let largest = v.iter().fold(0.0_f64, |largest, v| largest.max(v.abs()));
    if largest == 0.0 || (1e-100..1e100).contains(&largest) {
        return dot(v, v).sqrt();
    }
    let sum: f64 = v.iter().map(|v| (v / largest) * (v / largest)).sum();
    largest * sum.sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::{DMatrix, DVector};

    fn random(rows: usize, cols: usize, seed: u64) -> (DMatrix<f64>, DVector<f64>) {
        let mut state = seed;
        let mut draw = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        let a = DMatrix::from_fn(rows, cols, |_, _| draw());
        let b = DVector::from_fn(rows, |_, _| draw());
        (a, b)
    }

    fn reduced(a: &DMatrix<f64>, b: &DVector<f64>) -> Qr {
        let mut qr = Qr::default();
        qr.start(a.nrows(), a.ncols());
        for (i, row) in a.row_iter().enumerate() {
            qr.set_row(i, &row.iter().copied().collect::<Vec<_>>(), b[i]);
        }
        qr.reduce();
        qr
    }

    #[test]
    fn the_solution_and_r_are_those_of_nalgebra() {
        for (rows, cols) in [(1, 1), (5, 1), (5, 5), (9, 4), (40, 17), (130, 31)] {
            let (a, b) = random(rows, cols, (rows * 100 + cols) as u64);
            let qr = reduced(&a, &b);
            let mut d = vec![0.0; cols];
            assert_eq!(qr.solve(&mut d), Ok(()));
            let expected = a.clone().svd(true, true).solve(&b, 0.0).unwrap();
            // Condition numbers stay below 1e3 here.
            for (d, e) in d.iter().zip(expected.iter()) {
                assert!((d - e).abs() < 1e-11, "{rows}x{cols}: {d} {e}");
            }
            let r = a.qr().r();
            for i in 0..cols {
                for j in i..cols {
                    assert!((qr.r(i, j).abs() - r[(i, j)].abs()).abs() < 1e-12 * rows as f64);
                }
            }
        }
    }

    #[test]
    fn a_dependent_column_is_named() {
        let (mut a, b) = random(8, 4, 3);
        let sum = a.column(0) * 2.0 - a.column(1);
        a.set_column(2, &sum);
        assert_eq!(reduced(&a, &b).solve(&mut [0.0; 4]), Err(3));
        let (wide, b) = random(3, 5, 4);
        assert_eq!(reduced(&wide, &b).solve(&mut [0.0; 5]), Err(4));
        let zero = DMatrix::zeros(4, 2);
        assert_eq!(
            reduced(&zero, &DVector::zeros(4)).solve(&mut [0.0; 2]),
            Err(1)
        );
    }

    #[test]
    fn columns_of_any_scale_are_solved() {
        let (mut a, b) = random(7, 3, 5);
        for (j, scale) in [1e-180, 1.0, 1e180].into_iter().enumerate() {
            let scaled = a.column(j) * scale;
            a.set_column(j, &scaled);
        }
        let mut d = [0.0; 3];
        assert_eq!(reduced(&a, &b).solve(&mut d), Ok(()));
        let (plain, _) = random(7, 3, 5);
        let expected = plain.svd(true, true).solve(&b, 0.0).unwrap();
        for (j, scale) in [1e-180, 1.0, 1e180].into_iter().enumerate() {
            assert!((d[j] * scale - expected[j]).abs() < 1e-12);
        }
    }
}
