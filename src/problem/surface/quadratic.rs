//! The quadratic form of a given matrix.

use nalgebra::{DMatrix, DVector};

use super::finite_numbers;
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::value::Value;

const LARGEST: usize = 500;

/// Off-diagonal pairs may differ by this part of the largest entry: rounding, not another matrix.
const ROUNDING: f64 = 1e-12;

/// f(x) = ½xᵀAx − bᵀx, with ∇f = Ax − b and ∇²f = A, for a symmetric A of any definiteness.
#[derive(Debug, Clone)]
pub(super) struct Quadratic {
    /// A: [n][n].
    a: Vec<f64>,
    /// b: [n].
    b: Vec<f64>,
}

impl Quadratic {
    /// From `a`, an array of n rows of n numbers, and `b`, n numbers (0 if not given).
    pub(super) fn from_values(a: &Value, b: Option<&Value>) -> Result<Self, Error> {
        let rows = a
            .as_list()
            .filter(|rows| (1..=LARGEST).contains(&rows.len()));
        let rows = rows.ok_or_else(|| {
            let found = a
                .as_list()
                .map_or_else(|| a.to_string(), |r| format!("{} rows", r.len()));
            Error::new(
                "a",
                format!("{found}; must be an array of n rows of n numbers, 1 ≤ n ≤ {LARGEST}"),
            )
        })?;
        let n = rows.len();
        let mut entries = Vec::with_capacity(n * n);
        for (i, row) in rows.iter().enumerate() {
            entries.extend(finite_numbers(&format!("a[{i}]"), row, n)?);
        }
        symmetrize(&mut entries, n)?;
        let b = match b {
            None => vec![0.0; n],
            Some(given) => finite_numbers("b", given, n)?,
        };
        Ok(Self { a: entries, b })
    }

    pub(super) fn dim(&self) -> usize {
        self.b.len()
    }

    pub(super) fn matrix(&self) -> Value {
        let rows = self.a.chunks_exact(self.b.len());
        Value::List(rows.map(|row| row.to_vec().into()).collect())
    }

    pub(super) fn vector(&self) -> &[f64] {
        &self.b
    }

    pub(super) fn value(&self, x: &[f64]) -> f64 {
        let rows = self.a.chunks_exact(x.len());
        rows.zip(x)
            .zip(&self.b)
            .map(|((row, x_i), b)| x_i * (0.5 * dot(row, x) - b))
            .sum()
    }

    pub(super) fn gradient(&self, x: &[f64], g: &mut [f64]) -> f64 {
        let rows = self.a.chunks_exact(x.len());
        let mut value = 0.0;
        for (((row, x_i), b), g) in rows.zip(x).zip(&self.b).zip(g) {
            let product = dot(row, x);
            value += x_i * (0.5 * product - b);
            *g = product - b;
        }
        value
    }

    pub(super) fn hessian(&self, h: &mut [f64]) {
        h.copy_from_slice(&self.a);
    }

    /// The solution of Ax = b where A is positive definite; otherwise there is no single minimum.
    pub(super) fn minimum(&self) -> Option<Vec<f64>> {
        let n = self.dim();
        let factor = DMatrix::from_row_slice(n, n, &self.a).cholesky()?;
        let x = factor.solve(&DVector::from_column_slice(&self.b));
        x.iter()
            .all(|v| v.is_finite())
            .then(|| x.as_slice().to_vec())
    }
}

/// Puts the mean of both into each pair of off-diagonal entries.
///
/// # Errors
/// Where a pair differs by more than rounding: then ½(A + Aᵀ), and not A, would be the Hessian.
fn symmetrize(a: &mut [f64], n: usize) -> Result<(), Error> {
    let largest = a.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for i in 0..n {
        for j in 0..i {
            let (below, above) = (a[i * n + j], a[j * n + i]);
            if (below - above).abs() > ROUNDING * largest {
                return Err(Error::new(
                    format!("a[{j}][{i}]"),
                    format!("{above} must equal a[{i}][{j}], which is {below}: a is symmetric"),
                ));
            }
            let mean = if below == above {
                below
            } else {
                0.5 * below + 0.5 * above
            };
            (a[i * n + j], a[j * n + i]) = (mean, mean);
        }
    }
    Ok(())
}
