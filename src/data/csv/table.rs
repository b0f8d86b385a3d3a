//! The first reading: what the columns hold.

use std::collections::BTreeSet;

use ::csv::StringRecord;

use super::records::{Records, cells, delimiter, refuse_wide_lines};
use super::{MAX_BYTES, MAX_CATEGORIES, MAX_CLASSES, MAX_ROWS, PREVIEW_ROWS, quoted, wrong};
use crate::data::dataset::Task;
use crate::error::Error;

/// What the first reading learns.
pub(super) struct Table {
    pub(super) delimiter: u8,
    pub(super) header: bool,
    pub(super) columns: Vec<Column>,
    pub(super) rows: usize,
    pub(super) first: Vec<Vec<String>>,
}

/// What a column holds.
#[derive(Default)]
pub(super) struct Column {
    pub(super) name: String,
    /// Cells that are numbers.
    pub(super) numbers: usize,
    /// Whether any number is not whole.
    pub(super) fractional: bool,
    /// The different cells, one more than may be classes at most.
    pub(super) texts: BTreeSet<String>,
    /// The different numbers, sorted, one more than may be classes at most.
    pub(super) values: Vec<f64>,
    /// Whether the cell of the first line comes again.
    pub(super) repeats_first: bool,
}

impl Table {
    /// Reads `text` once, keeping no more than its first rows.
    pub(super) fn scan(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_BYTES {
            let megabytes = text.len() as f64 / 1e6;
            return Err(wrong(format!(
                "has {megabytes:.1} MB; at most 20 MB are read"
            )));
        }
        let delimiter = delimiter(text);
        refuse_wide_lines(text, delimiter)?;
        let mut records = Records::new(text, delimiter);
        let Some((line, first)) = records.read()? else {
            return Err(wrong("is empty; it needs a header and rows, or rows"));
        };
        if first.len() < 2 {
            return Err(wrong(format!(
                "line {line} has one column; at least one input and the target are needed, divided by commas, \
                 semicolons or tabs"
            )));
        }
        let head: Vec<String> = cells(first).map(str::to_owned).collect();
        let mut table = Self {
            delimiter,
            header: false,
            columns: head.iter().map(|_| Column::default()).collect(),
            rows: 0,
            first: Vec::new(),
        };
        while let Some((line, record)) = records.read()? {
            if record.len() != head.len() || cells(record).any(str::is_empty) {
                table.decide_header(&head)?;
                return Err(table.bad_record(line, record));
            }
            if table.rows == MAX_ROWS {
                return Err(too_many_rows());
            }
            if table.first.len() < PREVIEW_ROWS {
                table.first.push(cells(record).map(str::to_owned).collect());
            }
            for ((column, cell), above) in table.columns.iter_mut().zip(cells(record)).zip(&head) {
                column.learn(cell, delimiter);
                column.repeats_first |= cell == above;
            }
            table.rows += 1;
        }
        table.decide_header(&head)?;
        if !table.header {
            table.take_first_line(head, line)?;
        }
        if table.rows == 0 {
            return Err(wrong("has a header but no rows"));
        }
        Ok(table)
    }

    /// Decides, by what is known of the columns, whether the first line names them, and names them.
    fn decide_header(&mut self, head: &[String]) -> Result<(), Error> {
        let decimal_comma = self.delimiter == b';';
        let is_text = |cell: &String| number(cell, decimal_comma).is_none();
        let above_numbers = |(cell, column): (&String, &Column)| {
            !cell.is_empty() && is_text(cell) && column.is_numeric(self.rows)
        };
        let all_text = || head.iter().all(is_text) && !self.columns.iter().any(|c| c.repeats_first);
        self.header = head.iter().zip(&self.columns).any(above_numbers) || all_text();
        let mut taken = BTreeSet::new();
        for (i, (column, cell)) in self.columns.iter_mut().zip(head).enumerate() {
            let named = self.header && !cell.is_empty();
            column.name = if named {
                cell.clone()
            } else {
                format!("x{}", i + 1)
            };
            if !taken.insert(column.name.clone()) {
                let name = quoted(&column.name);
                return Err(wrong(format!(
                    "two columns are called {name}; each needs a name of its own"
                )));
            }
        }
        Ok(())
    }

    /// Counts the first line as a row after all.
    fn take_first_line(&mut self, head: Vec<String>, line: usize) -> Result<(), Error> {
        if let Some(empty) = head.iter().position(String::is_empty) {
            return Err(self.empty_cell(line, empty));
        }
        if self.rows == MAX_ROWS {
            return Err(too_many_rows());
        }
        for (column, cell) in self.columns.iter_mut().zip(&head) {
            column.learn(cell, self.delimiter);
        }
        self.rows += 1;
        self.first.insert(0, head);
        self.first.truncate(PREVIEW_ROWS);
        Ok(())
    }

    fn bad_record(&self, line: usize, record: &StringRecord) -> Error {
        let (fields, expected) = (record.len(), self.columns.len());
        if fields != expected {
            let noun = if fields == 1 { "field" } else { "fields" };
            let there = if self.header {
                "the header"
            } else {
                "the first line"
            };
            return wrong(format!(
                "line {line} has {fields} {noun} where {there} has {expected}"
            ));
        }
        self.empty_cell(line, cells(record).position(str::is_empty).unwrap_or(0))
    }

    fn empty_cell(&self, line: usize, column: usize) -> Error {
        let name = quoted(&self.columns[column].name);
        wrong(format!(
            "line {line}: column {name} is empty; every row needs a value there"
        ))
    }

    pub(super) fn position(&self, name: &str) -> Result<usize, Error> {
        const SHOWN: usize = 20;
        self.columns
            .iter()
            .position(|c| c.name == name)
            .ok_or_else(|| {
                let names = self.columns.iter().take(SHOWN).map(|c| c.name.as_str());
                let more = if self.columns.len() > SHOWN {
                    ", …"
                } else {
                    ""
                };
                let names = names.collect::<Vec<_>>().join(", ");
                Error::new(
                    "target",
                    format!(
                        "no column is called {}; there are {names}{more}",
                        quoted(name)
                    ),
                )
            })
    }

    pub(super) fn suggested_task(&self, column: usize) -> Task {
        let column = &self.columns[column];
        let classes = if !column.is_numeric(self.rows) {
            true
        } else if column.fractional {
            false
        } else {
            match column.values.len() {
                2 => true,
                n => (3..=MAX_CATEGORIES).contains(&n) && 3 * n <= self.rows,
            }
        };
        if classes {
            Task::Classification
        } else {
            Task::Regression
        }
    }
}

impl Column {
    fn learn(&mut self, cell: &str, delimiter: u8) {
        if self.texts.len() <= MAX_CLASSES && !self.texts.contains(cell) {
            self.texts.insert(cell.to_owned());
        }
        if let Some(v) = number(cell, delimiter == b';') {
            self.numbers += 1;
            self.fractional |= v.fract() != 0.0;
            if self.values.len() <= MAX_CLASSES
                && let Err(place) = self.values.binary_search_by(|w| w.total_cmp(&v))
            {
                self.values.insert(place, v);
            }
        }
    }

    /// Whether more than half of the cells are numbers.
    pub(super) fn is_numeric(&self, rows: usize) -> bool {
        2 * self.numbers > rows
    }
}

/// The number that a cell holds. Words such as `inf` and `nan` are text.
pub(super) fn number(cell: &str, decimal_comma: bool) -> Option<f64> {
    if !cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let parsed = if decimal_comma && cell.contains(',') && !cell.contains('.') {
        cell.replacen(',', ".", 1).parse::<f64>()
    } else {
        cell.parse()
    };
    // −0 becomes 0, so that both are one class.
    parsed.ok().map(|v| v + 0.0)
}

fn too_many_rows() -> Error {
    wrong(format!(
        "has more than {MAX_ROWS} rows; at most so many are read"
    ))
}
