//! Square matrices, dense or sparse, with the products that solvers need.

use crate::linalg::vector::{axpy, dot};

/// Pairs of entries that mirror each other may differ by this part of the largest entry: rounding, not another matrix.
const ROUNDING: f64 = 1e-12;

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

/// One row of a matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Row<'a> {
    /// All its entries.
    Dense(&'a [f64]),
    /// Columns, ascending, and the entries there.
    Sparse(&'a [u32], &'a [f64]),
}

impl Matrix {
    /// n.
    pub fn dim(&self) -> usize {
        match self {
            Self::Dense(a) => a.dim,
            Self::Sparse(a) => a.dim(),
        }
    }

    /// Row i, from 0.
    pub fn row(&self, i: usize) -> Row<'_> {
        match self {
            Self::Dense(a) => Row::Dense(&a.values[i * a.dim..(i + 1) * a.dim]),
            Self::Sparse(a) => a.row(i),
        }
    }

    /// y = Ax; both of length n.
    pub fn multiply(&self, x: &[f64], y: &mut [f64]) {
        match self {
            Self::Dense(a) => {
                for (y, row) in y.iter_mut().zip(a.values.chunks_exact(a.dim)) {
                    *y = dot(row, x);
                }
            }
            Self::Sparse(a) => {
                let mut entries = a.columns.iter().zip(&a.values);
                for (y, ends) in y.iter_mut().zip(a.starts.windows(2)) {
                    let row = entries.by_ref().take(ends[1] - ends[0]);
                    *y = row.map(|(j, a)| a * x[*j as usize]).sum();
                }
            }
        }
    }

    /// y = Aᵀx; both of length n.
    pub fn multiply_transposed(&self, x: &[f64], y: &mut [f64]) {
        y.fill(0.0);
        for (i, x) in x.iter().enumerate() {
            match self.row(i) {
                Row::Dense(row) => axpy(*x, row, y),
                Row::Sparse(columns, values) => {
                    for (j, a) in columns.iter().zip(values) {
                        y[*j as usize] += a * x;
                    }
                }
            }
        }
    }

    /// Entry (i, j), from 0.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        match self.row(i) {
            Row::Dense(row) => row[j],
            Row::Sparse(columns, values) => columns
                .binary_search(&(j as u32))
                .map_or(0.0, |place| values[place]),
        }
    }

    /// a₁₁, …, aₙₙ.
    pub fn diagonal(&self) -> Vec<f64> {
        (0..self.dim()).map(|i| self.at(i, i)).collect()
    }

    /// Number of entries that are not zero.
    pub fn nonzeros(&self) -> usize {
        let values = match self {
            Self::Dense(a) => &a.values,
            Self::Sparse(a) => &a.values,
        };
        values.iter().filter(|v| **v != 0.0).count()
    }

    /// Whether A = Aᵀ, but for rounding.
    pub fn is_symmetric(&self) -> bool {
        let n = self.dim();
        let largest = (0..n)
            .flat_map(|i| self.row(i).entries())
            .fold(0.0_f64, |m, (_, a)| m.max(a.abs()));
        (0..n).all(|i| {
            let mut row = self.row(i).entries();
            row.all(|(j, a)| (a - self.at(j, i)).abs() <= ROUNDING * largest)
        })
    }

    /// ‖A‖∞, the largest sum of magnitudes in a row.
    pub fn norm(&self) -> f64 {
        let sum = |i| self.row(i).entries().map(|(_, a)| a.abs()).sum::<f64>();
        (0..self.dim()).map(sum).fold(0.0, f64::max)
    }

    /// The entry of largest magnitude, with its sign, in each of size·size cells, row by row; size ≤ n.
    pub fn picture(&self, size: usize) -> Vec<f64> {
        let n = self.dim();
        let mut cells = vec![0.0_f64; size * size];
        for i in 0..n {
            for (j, a) in self.row(i).entries() {
                let cell = &mut cells[i * size / n * size + j * size / n];
                if a.abs() > cell.abs() {
                    *cell = a;
                }
            }
        }
        cells
    }

    /// All n² entries, row-major; the caller knows that they fit.
    pub fn to_dense(&self) -> Vec<f64> {
        match self {
            Self::Dense(a) => a.values.clone(),
            Self::Sparse(a) => {
                let n = a.dim();
                let mut values = vec![0.0; n * n];
                for (i, out) in values.chunks_exact_mut(n).enumerate() {
                    for (j, v) in a.row(i).entries() {
                        out[j] = v;
                    }
                }
                values
            }
        }
    }
}

impl Csr {
    /// From the entries of each row, columns ascending.
    pub fn from_rows<R: IntoIterator<Item = (usize, f64)>>(
        rows: impl IntoIterator<Item = R>,
    ) -> Self {
        let mut csr = Self {
            starts: vec![0],
            columns: Vec::new(),
            values: Vec::new(),
        };
        for row in rows {
            for (j, v) in row {
                csr.columns.push(j as u32);
                csr.values.push(v);
            }
            csr.starts.push(csr.values.len());
        }
        csr
    }

    /// n.
    pub fn dim(&self) -> usize {
        self.starts.len() - 1
    }

    /// Row i, from 0.
    pub fn row(&self, i: usize) -> Row<'_> {
        let range = self.starts[i]..self.starts[i + 1];
        Row::Sparse(&self.columns[range.clone()], &self.values[range])
    }
}

impl<'a> Row<'a> {
    /// Σⱼ aⱼxⱼ over its columns.
    pub fn dot(self, x: &[f64]) -> f64 {
        match self {
            Self::Dense(row) => dot(row, &x[..row.len()]),
            Self::Sparse(columns, values) => {
                let terms = columns.iter().zip(values);
                terms.map(|(j, a)| a * x[*j as usize]).sum()
            }
        }
    }

    /// The part in the columns before i.
    #[must_use]
    pub fn before(self, i: usize) -> Self {
        match self {
            Self::Dense(row) => Self::Dense(&row[..i]),
            Self::Sparse(columns, values) => {
                let end = columns.partition_point(|j| (*j as usize) < i);
                Self::Sparse(&columns[..end], &values[..end])
            }
        }
    }

    /// Σⱼ aⱼxⱼ over the columns j > i.
    pub fn dot_after(self, i: usize, x: &[f64]) -> f64 {
        match self {
            Self::Dense(row) => dot(&row[i + 1..], &x[i + 1..]),
            Self::Sparse(columns, values) => {
                let start = columns.partition_point(|j| (*j as usize) <= i);
                Self::Sparse(&columns[start..], &values[start..]).dot(x)
            }
        }
    }

    /// Columns, ascending, and entries; zeros of a dense row among them.
    pub fn entries(self) -> impl Iterator<Item = (usize, f64)> + 'a {
        let (dense, columns, sparse) = match self {
            Self::Dense(row) => (row, &[][..], &[][..]),
            Self::Sparse(columns, values) => (&[][..], columns, values),
        };
        let sparse = columns.iter().map(|j| *j as usize).zip(sparse);
        dense.iter().enumerate().chain(sparse).map(|(j, a)| (j, *a))
    }
}
