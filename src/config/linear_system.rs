//! The `problem` of kind `linear_system`.

use super::read::Reader;
use crate::args::Args;
use crate::data::csv;
use crate::error::Error;
use crate::linalg::{Dense, Matrix};
use crate::problem::linear_system::{Entry, SquareSystem};
use crate::value::Value;

/// The largest order of a matrix that is typed: n² numbers, 8 MB.
pub const LARGEST_TYPED: usize = 1000;

/// Largest magnitude of a number: squares and their sums stay finite.
const LARGEST_NUMBER: f64 = 1e100;

/// A linear system Ax = b and where runs start.
#[derive(Debug, Clone)]
pub struct LinearSystemConfig {
    /// Where A comes from.
    pub matrix: MatrixConfig,
    /// b; A·(1, …, 1) where none is given.
    pub b: Option<Vec<f64>>,
    /// x⁰; zeros where none is given.
    pub start: Option<Vec<f64>>,
}

/// Where a matrix comes from.
#[derive(Debug, Clone)]
pub enum MatrixConfig {
    /// Rows of numbers.
    Typed(Dense),
    /// Text, and the numbers in it.
    Csv {
        /// As it was given.
        text: String,
        /// What it holds.
        dense: Dense,
    },
    /// A name with its fields.
    Named {
        /// The catalogue's entry.
        entry: &'static Entry,
        /// Its checked fields.
        args: Args,
    },
}

impl LinearSystemConfig {
    /// Reads `{ kind, a, b?, start? }`. Paths in errors are relative to it. Nothing is generated here.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        let r = Reader::new(value, &["kind", "a", "b", "start"])?;
        let matrix = MatrixConfig::from_value(r.required("a")?)?;
        let n = matrix.unknowns();
        let vector = |key: &str| r.get(key).map(|v| numbers(key, v, n)).transpose();
        Ok(Self {
            b: vector("b")?,
            start: vector("start")?,
            matrix,
        })
    }

    /// The config with every default filled in; `null` stands for a `b` or a `start` that follow from the matrix.
    pub fn to_value(&self) -> Value {
        let vector = |v: &Option<Vec<f64>>| v.clone().map_or(Value::Null, Value::from);
        Value::map([
            ("kind", Value::text("linear_system")),
            ("a", self.matrix.to_value()),
            ("b", vector(&self.b)),
            ("start", vector(&self.start)),
        ])
    }

    /// The system. `seed` is that of the data.
    pub fn build(&self, seed: u64) -> SquareSystem {
        let a = match &self.matrix {
            MatrixConfig::Typed(dense) | MatrixConfig::Csv { dense, .. } => {
                Matrix::Dense(dense.clone())
            }
            MatrixConfig::Named { entry, args } => (entry.build)(args, seed),
        };
        SquareSystem::new(a, self.b.clone())
    }
}

impl MatrixConfig {
    fn from_value(value: &Value) -> Result<Self, Error> {
        match value {
            Value::List(rows) => {
                let n = order("a", rows.len())?;
                let mut values = Vec::with_capacity(n * n);
                for (i, row) in rows.iter().enumerate() {
                    values.extend(numbers(&format!("a[{i}]"), row, n)?);
                }
                Ok(Self::Typed(Dense { dim: n, values }))
            }
            Value::Map(_) if value.get("csv").is_some() => {
                let r = Reader::open("a".to_owned(), Some(value), &["csv"])?;
                let text = r.text("csv")?.unwrap_or_default();
                let rows = csv::numbers(text, LARGEST_TYPED).map_err(|e| e.within("a"))?;
                let n = order("a.csv", rows.len())?;
                if let Some(i) = rows.iter().position(|row| row.len() != n) {
                    let (row, columns) = (i + 1, rows[i].len());
                    let what = format!(
                        "row {row} has {columns} numbers, but there are {n} rows; the matrix must be square"
                    );
                    return Err(r.error("csv", what));
                }
                Ok(Self::Csv {
                    text: text.to_owned(),
                    dense: Dense {
                        dim: n,
                        values: rows.concat(),
                    },
                })
            }
            Value::Map(_) => {
                let name = value.get("name").ok_or_else(|| {
                    Error::new(
                        "a",
                        "has neither name nor csv; give one, or rows of numbers",
                    )
                })?;
                let entry = Entry::find(name).map_err(|e| e.within("a"))?;
                let args = Args::read(entry.fields, value, &["name"]).map_err(|e| e.within("a"))?;
                Ok(Self::Named { entry, args })
            }
            other => {
                let what =
                    format!("{other} is neither rows of numbers nor an object with name or csv");
                Err(Error::new("a", what))
            }
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Typed(dense) => {
                let rows = dense.values.chunks_exact(dense.dim);
                Value::List(rows.map(|row| row.to_vec().into()).collect())
            }
            Self::Csv { text, .. } => Value::map([("csv", Value::text(text))]),
            Self::Named { entry, args } => {
                let name = [("name", Value::text(entry.name))];
                let args = args.entries().map(|(k, v)| (k, v.clone()));
                Value::map(name.into_iter().chain(args))
            }
        }
    }

    /// The order of the matrix.
    pub fn unknowns(&self) -> usize {
        match self {
            Self::Typed(dense) | Self::Csv { dense, .. } => dense.dim,
            Self::Named { entry, args } => entry.unknowns(args),
        }
    }

    /// The name in the catalogue, `typed` or `csv`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Typed(_) => "typed",
            Self::Csv { .. } => "csv",
            Self::Named { entry, .. } => entry.name,
        }
    }

    /// The name for people.
    pub fn title(&self) -> &'static str {
        match self {
            Self::Typed(_) | Self::Csv { .. } => "Linear system",
            Self::Named { entry, .. } => entry.title,
        }
    }

    /// Points a side of the grid whose unknowns these are, where there is one.
    pub fn grid(&self) -> Option<usize> {
        match self {
            Self::Typed(_) | Self::Csv { .. } => None,
            Self::Named { entry, args } => entry.grid(args),
        }
    }

    /// κ₂, where it is known without computing it.
    pub fn condition(&self) -> Option<f64> {
        match self {
            Self::Typed(_) | Self::Csv { .. } => None,
            Self::Named { entry, args } => (entry.condition)(args),
        }
    }
}

fn order(path: &str, rows: usize) -> Result<usize, Error> {
    if (1..=LARGEST_TYPED).contains(&rows) {
        return Ok(rows);
    }
    let what = format!("{rows} rows; must be n rows of n numbers, 1 ≤ n ≤ {LARGEST_TYPED}");
    Err(Error::new(path, what))
}

fn numbers(path: &str, value: &Value, n: usize) -> Result<Vec<f64>, Error> {
    let items = value
        .as_list()
        .ok_or_else(|| Error::new(path, format!("{value} is not an array of {n} numbers")))?;
    if items.len() != n {
        let what = format!(
            "{} numbers, but the matrix has {n} rows; must be {n} numbers",
            items.len()
        );
        return Err(Error::new(path, what));
    }
    let number = |(i, item): (usize, &Value)| match item {
        Value::Number(v) if v.abs() <= LARGEST_NUMBER => Ok(*v),
        _ => Err(Error::new(
            format!("{path}[{i}]"),
            format!("{item} is not a number up to {LARGEST_NUMBER:e}"),
        )),
    };
    items.iter().enumerate().map(number).collect()
}
