//! Rows of numbers without names, as a matrix is typed.

use super::records::{Records, cells, delimiter, refuse_wide_lines};
use super::table::number;
use super::{MAX_BYTES, MAX_MAGNITUDE, quoted, wrong};
use crate::error::Error;

/// See [`super::numbers`].
pub(super) fn read(text: &str, largest: usize) -> Result<Vec<Vec<f64>>, Error> {
    if text.len() > MAX_BYTES {
        let megabytes = text.len() as f64 / 1e6;
        return Err(wrong(format!(
            "has {megabytes:.1} MB; at most 20 MB are read"
        )));
    }
    let mut rows = Vec::new();
    if text.contains([',', ';', '\t']) {
        let delimiter = delimiter(text);
        refuse_wide_lines(text, delimiter)?;
        let mut records = Records::new(text, delimiter);
        while let Some((line, record)) = records.read()? {
            push(&mut rows, line, cells(record), delimiter == b';', largest)?;
        }
    } else {
        for (i, line) in text.lines().enumerate() {
            if !line.trim().is_empty() {
                push(&mut rows, i + 1, line.split_whitespace(), false, largest)?;
            }
        }
    }
    Ok(rows)
}

fn push<'a>(
    rows: &mut Vec<Vec<f64>>,
    line: usize,
    cells: impl Iterator<Item = &'a str>,
    decimal_comma: bool,
    largest: usize,
) -> Result<(), Error> {
    if rows.len() == largest {
        return Err(wrong(format!(
            "has more than {largest} rows; at most so many are read"
        )));
    }
    let row = cells.enumerate().map(|(column, cell)| {
        let here = |what: &str| wrong(format!("line {line}, column {}: {what}", column + 1));
        if column == largest {
            return Err(here(&format!("at most {largest} columns are read")));
        }
        number(cell, decimal_comma)
            .filter(|v| v.abs() <= MAX_MAGNITUDE)
            .ok_or_else(|| {
                here(&format!(
                    "{} is no number up to {MAX_MAGNITUDE:e}",
                    quoted(cell)
                ))
            })
    });
    rows.push(row.collect::<Result<_, _>>()?);
    Ok(())
}
