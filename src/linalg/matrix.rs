//! Square matrices, dense or sparse, with the products that solvers need.

/// A square matrix.
#[derive(Debug, Clone, PartialEq)]
pub enum Matrix {
    /// All n² entries.
    Dense(Dense),
    /// Only those that are not zero.
    Sparse(Csr),
}

/// n·n numbers, row-major.
#[derive(Debug, Clone, PartialEq)]
pub struct Dense {
    /// n.
    pub dim: usize,
    /// The entries, row by row.
    pub values: Vec<f64>,
}

/// Compressed sparse rows: row i holds `values[starts[i]..starts[i + 1]]` in the columns `columns[..]`, ascending.
#[derive(Debug, Clone, PartialEq)]
pub struct Csr {
    /// n + 1 places in `columns` and `values`.
    pub starts: Vec<usize>,
    /// The column of each entry.
    pub columns: Vec<u32>,
    /// The entries.
    pub values: Vec<f64>,
}

impl Matrix {
    /// n.
    pub fn dim(&self) -> usize {
        match self {
            Self::Dense(a) => a.dim,
            Self::Sparse(a) => a.starts.len() - 1,
        }
    }

    /// y = Ax; both of length n.
    pub fn multiply(&self, x: &[f64], y: &mut [f64]) {
        match self {
            Self::Dense(a) => {
                for (y, row) in y.iter_mut().zip(a.values.chunks_exact(a.dim)) {
                    *y = row.iter().zip(x).map(|(a, x)| a * x).sum();
                }
            }
            Self::Sparse(a) => {
                for (y, pair) in y.iter_mut().zip(a.starts.windows(2)) {
                    let range = pair[0]..pair[1];
                    let columns = &a.columns[range.clone()];
                    *y = columns
                        .iter()
                        .zip(&a.values[range])
                        .map(|(j, a)| a * x[*j as usize])
                        .sum();
                }
            }
        }
    }
}
