//! The second reading: columns to inputs and targets.

use super::records::{Records, cells};
use super::table::{Column, Table, number};
use super::{MAX_CATEGORIES, MAX_CELLS, MAX_CLASSES, MAX_COLUMNS, MAX_MAGNITUDE, quoted, wrong};
use crate::data::dataset::{Dataset, Targets, Task};
use crate::error::Error;

/// How the columns become inputs and targets.
pub(super) struct Encoding {
    features: Vec<String>,
    inputs: Vec<Input>,
    target: usize,
    output: Output,
    decimal_comma: bool,
}

/// How a column becomes inputs.
enum Input {
    /// One number.
    Number,
    /// One number for each of these texts.
    OneHot(Vec<String>),
}

/// How the target becomes a class or a number.
enum Output {
    /// As it stands.
    Number,
    /// The place among these texts.
    Texts(Vec<String>),
    /// The place among these numbers.
    Values(Vec<f64>),
}

impl Encoding {
    /// The encoding of a table for this target; refuses what would not fit.
    pub(super) fn new(table: &Table, target: usize, task: Option<Task>) -> Result<Self, Error> {
        let mut features = Vec::new();
        let mut inputs = Vec::with_capacity(table.columns.len());
        for (i, column) in table.columns.iter().enumerate() {
            let input = Input::of(column, table.rows);
            let name = &column.name;
            match &input {
                _ if i == target => {}
                None => return Err(too_many_texts(column)),
                Some(Input::Number) => features.push(name.clone()),
                Some(Input::OneHot(texts)) => {
                    features.extend(texts.iter().map(|text| format!("{name}={text}")));
                }
            }
            inputs.push(input.unwrap_or(Input::Number));
        }
        let cells = table.rows.checked_mul(features.len());
        if features.len() > MAX_COLUMNS || cells.is_none_or(|cells| cells > MAX_CELLS) {
            return Err(wrong(format!(
                "its columns become {} inputs in {} rows; at most {MAX_COLUMNS} inputs and {MAX_CELLS} numbers in all \
                 are read",
                features.len(),
                table.rows
            )));
        }
        Ok(Self {
            features,
            inputs,
            target,
            output: Output::of(table, target, task)?,
            decimal_comma: table.delimiter == b';',
        })
    }

    /// The rows.
    pub(super) fn fill(self, table: &Table, text: &str) -> Result<Dataset, Error> {
        let mut records = Records::new(text, table.delimiter);
        if table.header {
            records.read()?;
        }
        let mut inputs = Vec::with_capacity(table.rows * self.features.len());
        let mut answers = Vec::with_capacity(table.rows);
        while let Some((line, record)) = records.read()? {
            for (i, (cell, column)) in cells(record).zip(&table.columns).enumerate() {
                let number = || self.number(cell, line, &column.name);
                match &self.inputs[i] {
                    _ if i == self.target => answers.push(self.output.encode(cell, number)?),
                    Input::Number => inputs.push(number()?),
                    Input::OneHot(texts) => {
                        inputs.extend(texts.iter().map(|text| f64::from(u8::from(text == cell))));
                    }
                }
            }
        }
        Ok(Dataset {
            name: "csv".to_owned(),
            features: self.features,
            target: table.columns[self.target].name.clone(),
            inputs,
            targets: self.output.targets(answers),
        })
    }

    fn number(&self, cell: &str, line: usize, column: &str) -> Result<f64, Error> {
        let refused = |why: &str| {
            let (column, cell) = (quoted(column), quoted(cell));
            Err(wrong(format!(
                "line {line}: column {column} holds {cell}, which is {why}"
            )))
        };
        match number(cell, self.decimal_comma) {
            None => refused("not a number"),
            Some(v) if v.abs() > MAX_MAGNITUDE => refused("beyond ±1e100"),
            Some(v) => Ok(v),
        }
    }
}

impl Input {
    /// `None` if there are too many texts.
    fn of(column: &Column, rows: usize) -> Option<Self> {
        if column.is_numeric(rows) {
            return Some(Self::Number);
        }
        let texts = &column.texts;
        (texts.len() <= MAX_CATEGORIES).then(|| Self::OneHot(texts.iter().cloned().collect()))
    }
}

impl Output {
    fn of(table: &Table, target: usize, task: Option<Task>) -> Result<Self, Error> {
        let column = &table.columns[target];
        let name = quoted(&column.name);
        let numeric = column.is_numeric(table.rows);
        if task.unwrap_or_else(|| table.suggested_task(target)) == Task::Regression {
            let message = || format!("column {name} holds text, and a regression needs numbers");
            return if numeric {
                Ok(Self::Number)
            } else {
                Err(Error::new("task", message()))
            };
        }
        // Some text among numbers is a slip, unless the caller has said that these are classes.
        let by_value = column.numbers == table.rows || numeric && task.is_none();
        let classes = if by_value {
            column.values.len()
        } else {
            column.texts.len()
        };
        match classes {
            0 | 1 => Err(wrong(format!(
                "column {name} holds one class only; a classification needs at least two"
            ))),
            2..=MAX_CLASSES if by_value => Ok(Self::Values(column.values.clone())),
            2..=MAX_CLASSES => Ok(Self::Texts(column.texts.iter().cloned().collect())),
            _ => Err(wrong(format!(
                "column {name} holds more than {MAX_CLASSES} different values, too many for classes; \
                 choose another target"
            ))),
        }
    }

    /// The number, or the class.
    fn encode(&self, cell: &str, number: impl Fn() -> Result<f64, Error>) -> Result<f64, Error> {
        match self {
            Self::Number => number(),
            Self::Texts(texts) => Ok(texts.partition_point(|text| text.as_str() < cell) as f64),
            Self::Values(values) => {
                let v = number()?;
                Ok(values.partition_point(|w| *w < v) as f64)
            }
        }
    }

    /// What [`Output::encode`] gave, as targets.
    fn targets(self, answers: Vec<f64>) -> Targets {
        let names = match self {
            Self::Number => {
                return Targets::Values {
                    values: answers,
                    outputs: 1,
                };
            }
            Self::Texts(texts) => texts,
            Self::Values(values) => values.iter().map(f64::to_string).collect(),
        };
        Targets::Classes {
            labels: answers.iter().map(|class| *class as u32).collect(),
            names,
        }
    }
}

fn too_many_texts(column: &Column) -> Error {
    wrong(format!(
        "column {} holds more than {MAX_CATEGORIES} different texts, too many to become inputs; leave it out",
        quoted(&column.name)
    ))
}
