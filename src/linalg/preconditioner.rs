//! Preconditioners M ≈ A for which Mz = r is cheap to solve: Jacobi, SSOR, incomplete Cholesky.

use crate::linalg::factor::Pivot;
use crate::linalg::matrix::{Csr, Matrix, Row};

/// An approximation of a symmetric positive definite A.
#[derive(Debug, Clone)]
pub enum Preconditioner {
    /// M = D, the diagonal of A.
    Jacobi {
        /// a₁₁, …, aₙₙ.
        diagonal: Vec<f64>,
    },
    /// M = (D + ωL) D⁻¹ (D + ωLᵀ) / (ω(2 − ω)), with L the part of A below its diagonal.
    ///
    /// Source: Saad, Iterative Methods for Sparse Linear Systems, 2nd ed., eq. (10.9).
    Ssor {
        /// a₁₁, …, aₙₙ.
        diagonal: Vec<f64>,
        /// ω in (0, 2).
        omega: f64,
    },
    /// `M = LLᵀ`, with L zero wherever A is: IC(0).
    ///
    /// Source: Meijerink & van der Vorst 1977; Saad, § 10.3.
    IncompleteCholesky {
        /// The rows of L, the diagonal last in each.
        lower: Csr,
    },
}

impl Preconditioner {
    /// M = D.
    ///
    /// # Errors
    /// A number on the diagonal that is not positive.
    pub fn jacobi(a: &Matrix) -> Result<Self, Pivot> {
        let diagonal = positive_diagonal(a)?;
        Ok(Self::Jacobi { diagonal })
    }

    /// The symmetric sweep with relaxation ω.
    ///
    /// # Errors
    /// A number on the diagonal that is not positive.
    pub fn ssor(a: &Matrix, omega: f64) -> Result<Self, Pivot> {
        let diagonal = positive_diagonal(a)?;
        Ok(Self::Ssor { diagonal, omega })
    }

    /// The factor without fill-in.
    ///
    /// # Errors
    /// A pivot that is not positive. It may be so although A is positive definite; it is not where A is an M-matrix.
    pub fn incomplete_cholesky(a: &Matrix) -> Result<Self, Pivot> {
        let n = a.dim();
        let mut lower = Csr::from_rows((0..n).map(|i| {
            a.row(i)
                .entries()
                .filter(move |(j, v)| *j <= i && *v != 0.0)
        }));
        for i in 0..n {
            let (start, end) = (lower.starts[i], lower.starts[i + 1]);
            let mut square = 0.0;
            // Columns ascend, so the diagonal comes last, if it is there.
            for place in start..end {
                let k = lower.columns[place] as usize;
                if k == i {
                    break;
                }
                let row_i = Row::Sparse(&lower.columns[start..place], &lower.values[start..place]);
                let (sum, pivot) = (common(row_i, lower.row(k).before(k)), last(lower.row(k)));
                let entry = (lower.values[place] - sum) / pivot;
                lower.values[place] = entry;
                square += entry * entry;
            }
            let own = (end > start && lower.columns[end - 1] as usize == i).then(|| end - 1);
            let value = own.map_or(0.0, |place| lower.values[place]) - square;
            match own {
                Some(place) if value > 0.0 => lower.values[place] = value.sqrt(),
                _ => {
                    return Err(Pivot {
                        pivot: i + 1,
                        value,
                    });
                }
            }
        }
        Ok(Self::IncompleteCholesky { lower })
    }

    /// z = M⁻¹r. `a` is the matrix it was made from.
    pub fn solve(&self, a: &Matrix, r: &[f64], z: &mut [f64]) {
        match self {
            Self::Jacobi { diagonal } => {
                for ((z, r), d) in z.iter_mut().zip(r).zip(diagonal) {
                    *z = r / d;
                }
            }
            Self::Ssor { diagonal, omega } => {
                for (i, d) in diagonal.iter().enumerate() {
                    z[i] = (r[i] - omega * a.row(i).before(i).dot(z)) / d;
                }
                for (i, d) in diagonal.iter().enumerate().rev() {
                    z[i] -= omega / d * a.row(i).dot_after(i, z);
                }
                for z in z {
                    *z *= omega * (2.0 - omega);
                }
            }
            Self::IncompleteCholesky { lower } => {
                for i in 0..z.len() {
                    let row = lower.row(i);
                    z[i] = (r[i] - row.before(i).dot(z)) / last(row);
                }
                for i in (0..z.len()).rev() {
                    let row = lower.row(i);
                    z[i] /= last(row);
                    let solved = z[i];
                    for (j, l) in row.before(i).entries() {
                        z[j] -= l * solved;
                    }
                }
            }
        }
    }
}

fn positive_diagonal(a: &Matrix) -> Result<Vec<f64>, Pivot> {
    let diagonal = a.diagonal();
    match diagonal.iter().position(|d| *d <= 0.0) {
        None => Ok(diagonal),
        Some(i) => Err(Pivot {
            pivot: i + 1,
            value: diagonal[i],
        }),
    }
}

/// Σ aⱼbⱼ over the columns that both rows have.
fn common(a: Row<'_>, b: Row<'_>) -> f64 {
    let mut b = b.entries().peekable();
    let mut sum = 0.0;
    for (j, a) in a.entries() {
        while b.next_if(|(k, _)| *k < j).is_some() {}
        if let Some((_, b)) = b.next_if(|(k, _)| *k == j) {
            sum += a * b;
        }
    }
    sum
}

fn last(row: Row<'_>) -> f64 {
    match row {
        Row::Dense(values) | Row::Sparse(_, values) => values.last().copied().unwrap_or(f64::NAN),
    }
}
