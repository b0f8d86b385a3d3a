//! Text to records: lines, delimiters, quotes and spaces.

use ::csv::{Reader, ReaderBuilder, StringRecord};

use super::{MAX_COLUMNS, wrong};
use crate::error::Error;

/// The records of a text that are not blank, each with the number of its line.
pub(super) struct Records<'a> {
    reader: Reader<&'a [u8]>,
    record: StringRecord,
    text: &'a [u8],
    /// Bytes of `text` whose line ends are counted, and their number.
    counted: usize,
    line_ends: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(text: &'a str, delimiter: u8) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            reader: ReaderBuilder::new()
                .delimiter(delimiter)
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes()),
            record: StringRecord::new(),
            text: text.as_bytes(),
            counted: 0,
            line_ends: 0,
        }
    }

    /// The next one; `None` after the last.
    pub(super) fn read(&mut self) -> Result<Option<(usize, &StringRecord)>, Error> {
        loop {
            let start = self.reader.position().byte() as usize;
            if !self
                .reader
                .read_record(&mut self.record)
                .map_err(|e| wrong(e.to_string()))?
            {
                return Ok(None);
            }
            if cells(&self.record).any(|cell| !cell.is_empty()) {
                let line = self.line_at(start);
                return Ok(Some((line, &self.record)));
            }
        }
    }

    /// The line, from 1, of the record that begins at byte `start` or after the line ends there. (The reader's own
    /// count is that of the blank lines before the record.)
    fn line_at(&mut self, start: usize) -> usize {
        while let Some(byte) = self.text.get(self.counted) {
            let line_end = matches!(byte, b'\r' | b'\n');
            if self.counted >= start && !line_end {
                break;
            }
            let pair = *byte == b'\r' && self.text.get(self.counted + 1) == Some(&b'\n');
            self.line_ends += usize::from(line_end && !pair);
            self.counted += 1;
        }
        self.line_ends + 1
    }
}

/// The fields of a record without the spaces around them, and without quotes that spaces kept from being read as such.
pub(super) fn cells(record: &StringRecord) -> impl Iterator<Item = &str> {
    record.iter().map(|field| {
        let cell = field.trim();
        let inner = cell
            .strip_prefix('"')
            .and_then(|cell| cell.strip_suffix('"'));
        inner.map_or(cell, str::trim)
    })
}

/// The delimiter that divides the first lines into equally many fields, at least two; failing that, the one that
/// divides the very first into most. Comma last: with semicolons, it may stand in every number.
pub(super) fn delimiter(text: &str) -> u8 {
    const LINES: usize = 50;
    const BYTES: usize = 1 << 16;
    let sample = &text[..text.floor_char_boundary(BYTES)];
    let widths = |delimiter: u8| {
        let mut records = Records::new(sample, delimiter);
        let mut widths = Vec::new();
        while let Ok(Some((_, record))) = records.read()
            && widths.len() < LINES
        {
            widths.push(record.len());
        }
        if sample.len() < text.len() && (2..LINES).contains(&widths.len()) {
            widths.pop();
        }
        widths
    };
    let candidates = [b'\t', b';', b','];
    let even = |d: &u8| matches!(&widths(*d)[..], [first, rest @ ..] if *first > 1 && rest.iter().all(|w| w == first));
    let first_width = |d: &u8| widths(*d).first().copied();
    let found = candidates.into_iter().find(even);
    found
        .or_else(|| candidates.into_iter().max_by_key(first_width))
        .unwrap_or(b',')
}

/// Refuses lines of too many fields before the reader makes room for them.
pub(super) fn refuse_wide_lines(text: &str, delimiter: u8) -> Result<(), Error> {
    let (mut fields, mut line, mut in_quotes) = (1, 1, false);
    for byte in text.bytes() {
        match byte {
            b'"' => in_quotes = !in_quotes,
            b'\n' => {
                line += 1;
                if !in_quotes {
                    fields = 1;
                }
            }
            _ if byte == delimiter && !in_quotes => fields += 1,
            _ => {}
        }
        if fields > MAX_COLUMNS {
            return Err(wrong(format!(
                "line {line} has more than {MAX_COLUMNS} fields; at most so many are read"
            )));
        }
    }
    Ok(())
}
