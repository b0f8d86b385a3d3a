//! CSV text to rows of numbers.
//!
//! The text is read twice: once to learn what the columns hold, so that everything which cannot be right is refused
//! before memory is taken, and once to fill the rows.

use std::collections::BTreeSet;

use ::csv::{Reader, ReaderBuilder, StringRecord};

use super::dataset::{Dataset, Targets, Task};
use crate::error::Error;
use crate::value::Value;

/// Longest text, in bytes.
pub const MAX_BYTES: usize = 20_000_000;
/// Most rows.
pub const MAX_ROWS: usize = 200_000;
/// Most columns of the text, and most inputs that come of them.
pub const MAX_COLUMNS: usize = 2_000;
/// Most numbers in the inputs: 80 MB.
pub const MAX_CELLS: usize = 10_000_000;
/// Most different texts of a column that becomes inputs.
pub const MAX_CATEGORIES: usize = 20;
/// Most classes.
pub const MAX_CLASSES: usize = 100;
/// Largest magnitude of a number: squares and their sums stay finite.
pub const MAX_MAGNITUDE: f64 = 1e100;
/// Rows that a [`Preview`] shows.
pub const PREVIEW_ROWS: usize = 8;

/// What is left to the reader's judgement where it is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CsvOptions {
    /// The column to predict, by name; the last one by default.
    pub target: Option<String>,
    /// Whether it names classes; see [`parse`] for the default.
    pub task: Option<Task>,
}

/// Reads a data set.
///
/// * Delimiter: comma, semicolon or tab, whichever divides the first lines alike. With semicolons `1,5` is 1.5.
/// * Header: the first line, if it has text where numbers follow, or if all is text and its entries do not come
///   again. Without one the columns are called `x1`, `x2`, …
/// * Blank lines, spaces around fields and a byte-order mark are skipped; fields may be quoted.
/// * A column of text becomes one input for each of its (at most 20) values, 1 where the row has it, else 0, called
///   `column=value`. A column that is more than half numbers is one of numbers, and any text in it an error.
/// * Task: classification, if the target is text, or whole numbers of which there are 2, or 3 to 20 different ones
///   with at least three rows each on average; otherwise regression. Classes are sorted, as numbers or as text.
///
/// # Errors
/// At `csv`, with line and column; at `target`, if there is no such column; at `task`, if the column does not suit it.
pub fn parse(text: &str, options: &CsvOptions) -> Result<Dataset, Error> {
    let table = Table::scan(text)?;
    let target = match &options.target {
        None => table.columns.len() - 1,
        Some(name) => table.position(name)?,
    };
    let encoding = Encoding::new(&table, target, options.task)?;
    encoding.fill(&table, text)
}

/// What a page shows before it imports a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// The names of the columns.
    pub columns: Vec<String>,
    /// Whether the first line gave them.
    pub header: bool,
    /// Number of rows.
    pub rows: usize,
    /// The first rows, as they stand.
    pub first: Vec<Vec<String>>,
    /// The column that is predicted by default.
    pub target: String,
    /// What is learned by default, were this column the target; one a column.
    pub tasks: Vec<Task>,
}

/// What a text holds, without its rows.
///
/// # Errors
/// As [`parse`], but for what depends on the choice of the target.
pub fn preview(text: &str) -> Result<Preview, Error> {
    let table = Table::scan(text)?;
    let columns: Vec<String> = table.columns.iter().map(|c| c.name.clone()).collect();
    Ok(Preview {
        target: columns.last().cloned().unwrap_or_default(),
        tasks: (0..columns.len())
            .map(|c| table.suggested_task(c))
            .collect(),
        columns,
        header: table.header,
        rows: table.rows,
        first: table.first,
    })
}

impl Preview {
    /// As it goes to the page.
    pub fn to_value(&self) -> Value {
        let texts = |cells: &[String]| Value::List(cells.iter().map(Value::text).collect());
        let tasks = self.tasks.iter().map(|task| Value::text(task.name()));
        Value::map([
            ("columns", texts(&self.columns)),
            ("header", Value::Bool(self.header)),
            ("rows", Value::Number(self.rows as f64)),
            (
                "first",
                Value::List(self.first.iter().map(|row| texts(row)).collect()),
            ),
            ("target", Value::text(self.target.as_str())),
            ("tasks", Value::List(tasks.collect())),
        ])
    }
}

/// What the first reading learns.
struct Table {
    delimiter: u8,
    header: bool,
    columns: Vec<Column>,
    rows: usize,
    first: Vec<Vec<String>>,
}

/// What a column holds.
#[derive(Default)]
struct Column {
    name: String,
    /// Cells that are numbers.
    numbers: usize,
    /// Whether any number is not whole.
    fractional: bool,
    /// The different cells, one more than may be classes at most.
    texts: BTreeSet<String>,
    /// The different numbers, sorted, one more than may be classes at most.
    values: Vec<f64>,
    /// Whether the cell of the first line comes again.
    repeats_first: bool,
}

impl Table {
    fn scan(text: &str) -> Result<Self, Error> {
        let text = without_mark(text);
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

    fn position(&self, name: &str) -> Result<usize, Error> {
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

    fn suggested_task(&self, column: usize) -> Task {
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
    fn is_numeric(&self, rows: usize) -> bool {
        2 * self.numbers > rows
    }
}

/// How the columns become inputs and targets.
struct Encoding {
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
    fn new(table: &Table, target: usize, task: Option<Task>) -> Result<Self, Error> {
        let mut features = Vec::new();
        let mut inputs = Vec::with_capacity(table.columns.len());
        for (i, column) in table.columns.iter().enumerate() {
            let input = Input::of(column, table.rows);
            if i != target {
                match &input {
                    Some(Input::Number) => features.push(column.name.clone()),
                    Some(Input::OneHot(texts)) => {
                        features.extend(texts.iter().map(|t| format!("{}={t}", column.name)))
                    }
                    None => return Err(too_many_texts(column)),
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

    /// The second reading.
    fn fill(self, table: &Table, text: &str) -> Result<Dataset, Error> {
        let mut records = Records::new(without_mark(text), table.delimiter);
        if table.header {
            records.read()?;
        }
        let mut inputs = Vec::with_capacity(table.rows * self.features.len());
        let mut labels = Vec::new();
        let mut values = Vec::new();
        while let Some((line, record)) = records.read()? {
            for (i, (cell, column)) in cells(record).zip(&table.columns).enumerate() {
                let number = || self.number(cell, line, &column.name);
                if i == self.target {
                    match &self.output {
                        Output::Number => values.push(number()?),
                        Output::Texts(texts) => {
                            labels.push(texts.partition_point(|t| t.as_str() < cell) as u32)
                        }
                        Output::Values(known) => {
                            let v = number()?;
                            labels.push(known.partition_point(|w| *w < v) as u32);
                        }
                    }
                } else {
                    match &self.inputs[i] {
                        Input::Number => inputs.push(number()?),
                        Input::OneHot(texts) => {
                            inputs.extend(texts.iter().map(|t| f64::from(u8::from(t == cell))))
                        }
                    }
                }
            }
        }
        let names = match self.output {
            Output::Number => Vec::new(),
            Output::Texts(texts) => texts,
            Output::Values(known) => known.iter().map(f64::to_string).collect(),
        };
        Ok(Dataset {
            name: "csv".to_owned(),
            features: self.features,
            target: table.columns[self.target].name.clone(),
            inputs,
            targets: if names.is_empty() {
                Targets::Values { values, outputs: 1 }
            } else {
                Targets::Classes { labels, names }
            },
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
            return match numeric {
                true => Ok(Self::Number),
                false => Err(Error::new(
                    "task",
                    format!("column {name} holds text, and a regression needs numbers"),
                )),
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
}

/// The records of a text that are not blank, each with the number of its line.
struct Records<'a> {
    reader: Reader<&'a [u8]>,
    record: StringRecord,
    text: &'a [u8],
    /// Bytes of `text` whose line ends are counted, and their number.
    counted: usize,
    line_ends: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: u8) -> Self {
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

    fn read(&mut self) -> Result<Option<(usize, &StringRecord)>, Error> {
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
fn cells(record: &StringRecord) -> impl Iterator<Item = &str> {
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
fn delimiter(text: &str) -> u8 {
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
fn refuse_wide_lines(text: &str, delimiter: u8) -> Result<(), Error> {
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

/// The number that a cell holds. Words such as `inf` and `nan` are text.
fn number(cell: &str, decimal_comma: bool) -> Option<f64> {
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

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn wrong(message: impl Into<String>) -> Error {
    Error::new("csv", message)
}

fn too_many_rows() -> Error {
    wrong(format!(
        "has more than {MAX_ROWS} rows; at most so many are read"
    ))
}

fn too_many_texts(column: &Column) -> Error {
    wrong(format!(
        "column {} holds more than {MAX_CATEGORIES} different texts, too many to become inputs; leave it out",
        quoted(&column.name)
    ))
}

/// A cell or a name in quotes, cut where it is long.
fn quoted(text: &str) -> String {
    Value::text(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Dataset, Error> {
        parse(text, &CsvOptions::default())
    }

    fn with(text: &str, target: Option<&str>, task: Option<Task>) -> Result<Dataset, Error> {
        let target = target.map(str::to_owned);
        parse(text, &CsvOptions { target, task })
    }

    fn classes(data: &Dataset) -> (&[u32], Vec<&str>) {
        match &data.targets {
            Targets::Classes { labels, names } => {
                (labels, names.iter().map(String::as_str).collect())
            }
            Targets::Values { .. } => panic!("values where classes were expected"),
        }
    }

    fn values(data: &Dataset) -> &[f64] {
        match &data.targets {
            Targets::Classes { .. } => panic!("classes where values were expected"),
            Targets::Values { values, .. } => values,
        }
    }

    /// Many ways to write the same three rows.
    #[test]
    fn notations_of_one_table() {
        for text in [
            "a,b,y\n1,2,0.5\n3,4,1.5\n5,-6,2.5",
            "a,b,y\n1,2,0.5\n3,4,1.5\n5,-6,2.5\n",
            "a,b,y\r\n1,2,0.5\r\n3,4,1.5\r\n5,-6,2.5\r\n",
            "a,b,y\r1,2,0.5\r3,4,1.5\r5,-6,2.5",
            "\u{feff}a,b,y\n1,2,0.5\n3,4,1.5\n5,-6,2.5\n",
            "\n\na,b,y\n\n1,2,0.5\n   \n3,4,1.5\n,,\n5,-6,2.5\n\n\n",
            " a , b , y\n 1 ,2  ,\t0.5\n3, 4 ,1.5\n5,-6, 2.5 ",
            "a;b;y\n1;2;0,5\n3;4;1,5\n5;-6;2,5",
            "a;b;y\n1;2;0.5\n3;4;1.5\n5;-6;2.5",
            "a\tb\ty\n1\t2\t0.5\n3\t4\t1.5\n5\t-6\t2.5\n",
            "\"a\",\"b\",\"y\"\n\"1\",\"2\",\"0.5\"\n3,4,1.5\n5,-6,2.5\n",
            "\"a\", \"b\", \"y\"\n\"1\", \"2\", \"0.5\"\n3, 4, 1.5\n5, -6, 2.5\n",
            "a,b,y\n+1,2e0,5e-1\n3.,4.0,15E-1\n5.000,-.6e1,+2.5\n",
        ] {
            let data = read(text).unwrap_or_else(|e| panic!("{text:?}: {e}"));
            assert_eq!(data.features, ["a", "b"], "{text:?}");
            assert_eq!(data.target, "y");
            assert_eq!(data.inputs, [1.0, 2.0, 3.0, 4.0, 5.0, -6.0], "{text:?}");
            assert_eq!(values(&data), [0.5, 1.5, 2.5], "{text:?}");
        }
    }

    #[test]
    fn headers_are_found() {
        for (text, header, names) in [
            ("1,2,3\n4,5,6", false, ["x1", "x2", "x3"]),
            ("5.1,3.5,setosa\n4.9,3.0,setosa", false, ["x1", "x2", "x3"]),
            (
                "a,b,kind\n4.9,3.0,setosa\n5,3,virginica",
                true,
                ["a", "b", "kind"],
            ),
            ("0,1,digit\n0,16,3\n2,5,4", true, ["0", "1", "digit"]),
            (",a,b\n1,2,3\n4,5,6", true, ["x1", "a", "b"]),
            (
                "size,colour,kind\nbig,red,a\nsmall,red,b",
                true,
                ["size", "colour", "kind"],
            ),
            ("big,red,a\nsmall,red,b", false, ["x1", "x2", "x3"]),
        ] {
            let preview = preview(text).unwrap();
            assert_eq!(
                (preview.header, &preview.columns[..]),
                (header, &names.map(str::to_owned)[..]),
                "{text:?}"
            );
        }
    }

    #[test]
    fn tasks_are_suggested() {
        let column = |cells: &[&str]| {
            let rows: Vec<String> = cells
                .iter()
                .enumerate()
                .map(|(i, c)| format!("{i}.5,{c}\n"))
                .collect();
            read(&rows.concat()).unwrap().task()
        };
        let (classes, values) = (Task::Classification, Task::Regression);
        for (cells, expected) in [
            (vec!["a", "b", "a"], classes),
            (vec!["0", "1", "1", "0"], classes),
            (vec!["0", "1", "2", "3"], values),
            (vec!["0.5", "1.5", "0.5"], values),
            (["1", "2", "3"].repeat(3), classes),
            (["1.0", "2.00", "3"].repeat(3), classes),
            (["1", "2", "3.5"].repeat(3), values),
            (vec!["7"; 9], values),
        ] {
            assert_eq!(column(&cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn classes_are_sorted() {
        let data = read("x,y\n1,10\n2,9\n3,10.0\n4,-0\n5,0\n6,9\n7,9\n8,10\n9,0").unwrap();
        assert_eq!(
            classes(&data),
            (&[2, 1, 2, 0, 0, 1, 1, 2, 0][..], vec!["0", "9", "10"])
        );
        let data = read("x,y\n1,b\n2,a\n3,10\n4,b").unwrap();
        assert_eq!(classes(&data), (&[2, 1, 0, 2][..], vec!["10", "a", "b"]));
    }

    #[test]
    fn target_and_task_can_be_chosen() {
        let text = "kind,size,y\na,1,0\nb,2,1\na,3,1\nb,4,0";
        let data = with(text, Some("kind"), None).unwrap();
        assert_eq!(data.features, ["size", "y"]);
        assert_eq!(classes(&data), (&[0, 1, 0, 1][..], vec!["a", "b"]));
        let data = with(text, None, Some(Task::Regression)).unwrap();
        assert_eq!(data.features, ["kind=a", "kind=b", "size"]);
        assert_eq!(data.inputs[..6], [1.0, 0.0, 1.0, 0.0, 1.0, 2.0]);
        assert_eq!(values(&data), [0.0, 1.0, 1.0, 0.0]);
        let data = with(text, Some("size"), Some(Task::Classification)).unwrap();
        assert_eq!(classes(&data).1, ["1", "2", "3", "4"]);
        let mixed = with(
            "x,y\n1,1\n2,2\n3,other\n4,1",
            None,
            Some(Task::Classification),
        )
        .unwrap();
        assert_eq!(classes(&mixed).1, ["1", "2", "other"]);
    }

    #[test]
    fn quoted_fields_may_hold_anything() {
        let data = read("\"a, b\",\"say \"\"y\"\"\"\n1,\"yes,\nno\"\n2,no\n").unwrap();
        assert_eq!(data.features, ["a, b"]);
        assert_eq!(data.target, "say \"y\"");
        assert_eq!(classes(&data).1, ["no", "yes,\nno"]);
    }

    #[test]
    fn a_preview_shows_what_would_be_read() {
        let mut text = "a;b;kind\n".to_owned();
        for i in 0..30 {
            text += &format!("{i},5;{};k{}\n", i % 2, i % 3);
        }
        let shown = preview(&text).unwrap();
        assert_eq!(shown.rows, 30);
        assert_eq!(shown.target, "kind");
        assert_eq!(
            shown.tasks,
            [Task::Regression, Task::Classification, Task::Classification]
        );
        assert_eq!(shown.first.len(), PREVIEW_ROWS);
        assert_eq!(shown.first[1], ["1,5", "1", "k1"]);
        assert_eq!(shown.to_value().get("rows"), Some(&Value::Number(30.0)));
    }

    #[test]
    fn errors_name_the_place_and_what_is_allowed() {
        let texts: String = (0..21).map(|i| format!("t{i},{i}\n")).collect();
        let numbers: String = (0..101).map(|i| format!("{i},{i}\n")).collect();
        let wide = ["1"; MAX_COLUMNS + 1].join(",");
        for (text, expected) in [
            ("", "csv: is empty; it needs a header and rows, or rows"),
            (
                " \n\n\t\n",
                "csv: is empty; it needs a header and rows, or rows",
            ),
            ("a,b\n", "csv: has a header but no rows"),
            (
                "a\n1\n2",
                "csv: line 1 has one column; at least one input and the target are needed, divided by commas, semicolons or tabs",
            ),
            (
                "a,b,c,d,e\n1,2,3,4,5\n1,2,3,4\n",
                "csv: line 3 has 4 fields where the header has 5",
            ),
            (
                "1,2\n\n\r\n3\n",
                "csv: line 4 has 1 field where the first line has 2",
            ),
            (
                "a,\"b\nb\"\n1,2\n\n3,4,5",
                "csv: line 5 has 3 fields where the header has 2",
            ),
            (
                "a,b\n1,2\n3,\n",
                "csv: line 3: column \"b\" is empty; every row needs a value there",
            ),
            (
                "1,\n1,2\n3,4\n",
                "csv: line 1: column \"x2\" is empty; every row needs a value there",
            ),
            (
                "age,y\n1,2\n2,3\n\n3,4\n\nabc,5\n",
                "csv: line 7: column \"age\" holds \"abc\", which is not a number",
            ),
            (
                "a,y\n1,0\n2,0\n3,1\n4,1\n5,NA\n",
                "csv: line 6: column \"y\" holds \"NA\", which is not a number",
            ),
            (
                "a,y\n1,2\ninf,3\n3,4",
                "csv: line 3: column \"a\" holds \"inf\", which is not a number",
            ),
            (
                "a,y\n1,2\n1e999,3\n3,4",
                "csv: line 3: column \"a\" holds \"1e999\", which is beyond ±1e100",
            ),
            (
                "a,a\n1,2",
                "csv: two columns are called \"a\"; each needs a name of its own",
            ),
            (
                "a,y\n1,k\n2,k",
                "csv: column \"y\" holds one class only; a classification needs at least two",
            ),
            (
                &texts,
                "csv: column \"x1\" holds more than 20 different texts, too many to become inputs; leave it out",
            ),
            (
                &wide,
                "csv: line 1 has more than 2000 fields; at most so many are read",
            ),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!(error.to_string(), expected, "{text:?}");
        }
        let chosen = with("a,b\n1,2", Some("c"), None).unwrap_err();
        assert_eq!(
            chosen.to_string(),
            "target: no column is called \"c\"; there are a, b"
        );
        let chosen = with("a,b\n1,p\n2,q", None, Some(Task::Regression)).unwrap_err();
        assert_eq!(
            chosen.to_string(),
            "task: column \"b\" holds text, and a regression needs numbers"
        );
        let chosen = with(&numbers, None, Some(Task::Classification)).unwrap_err();
        assert_eq!(
            chosen.to_string(),
            "csv: column \"x2\" holds more than 100 different values, too many for classes; choose another target"
        );
    }

    #[test]
    fn sizes_are_bounded() {
        let rows = "1,2\n".repeat(MAX_ROWS);
        assert_eq!(read(&rows).unwrap().rows(), MAX_ROWS);
        let more = rows.clone() + "1,2\n";
        assert_eq!(
            read(&more).unwrap_err().message,
            "has more than 200000 rows; at most so many are read"
        );
        assert_eq!(read(&format!("a,b\n{rows}")).unwrap().rows(), MAX_ROWS);
        let long = " ".repeat(MAX_BYTES + 1);
        assert_eq!(
            read(&long).unwrap_err().message,
            "has 20.0 MB; at most 20 MB are read"
        );
        // 50 columns of 20 texts become 1,000 inputs of 20,000 rows: 20 million numbers from 2 MB of text.
        let line = |i: usize| {
            [b'a' + (i % 20) as u8; 50]
                .map(char::from)
                .map(String::from)
                .join(",")
                + ",1\n"
        };
        let texts: String = (0..20_000).map(line).collect();
        assert_eq!(
            read(&texts).unwrap_err().message,
            "its columns become 1000 inputs in 20000 rows; at most 2000 inputs and 10000000 numbers in all are read"
        );
    }

    #[cfg(not(target_arch = "wasm32"))]
    proptest::proptest! {
        #[test]
        fn no_text_brings_it_down(
            text in proptest::prop_oneof!["\\PC{0,60}", "[0-9ab,;\t\r\n\" .e+-]{0,120}", "([0-9]{1,2}[,;][a-c]?[0-9.]{0,3}\n){1,12}"],
            target in proptest::option::of("[abx12]{1,2}"),
            task in proptest::option::of(proptest::bool::ANY),
        ) {
            let task = task.map(|t| if t { Task::Classification } else { Task::Regression });
            let _ = preview(&text);
            if let Ok(data) = parse(&text, &CsvOptions { target, task }) {
                proptest::prop_assert!(data.rows() > 0);
                proptest::prop_assert!(!data.features.is_empty());
                proptest::prop_assert_eq!(data.inputs.len(), data.rows() * data.features.len());
                proptest::prop_assert!(data.inputs.iter().all(|x| x.abs() <= MAX_MAGNITUDE));
                match &data.targets {
                    Targets::Classes { labels, names } => {
                        proptest::prop_assert!(names.len() >= 2);
                        for class in 0..names.len() as u32 {
                            proptest::prop_assert!(labels.contains(&class));
                        }
                    }
                    Targets::Values { values, outputs } => {
                        proptest::prop_assert_eq!(*outputs, 1);
                        proptest::prop_assert!(values.iter().all(|y| y.abs() <= MAX_MAGNITUDE));
                    }
                }
            }
        }
    }
}
