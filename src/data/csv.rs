//! CSV text to rows of numbers.
//!
//! The text is read twice: once to learn what the columns hold, so that everything which cannot be right is refused
//! before memory is taken, and once to fill the rows.

mod encoding;
mod numbers;
mod records;
mod table;

use self::encoding::Encoding;
use self::table::Table;
use super::dataset::{Dataset, Task};
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

/// Reads rows of numbers alone: no header, any width, up to `largest` rows of as many numbers.
///
/// Delimiters, decimal commas and blank lines are as in [`parse`]; where no comma, semicolon or tab stands, spaces
/// divide.
///
/// # Errors
/// At `csv`, with line and column.
pub fn numbers(text: &str, largest: usize) -> Result<Vec<Vec<f64>>, Error> {
    numbers::read(text, largest)
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

fn wrong(message: impl Into<String>) -> Error {
    Error::new("csv", message)
}

/// A cell or a name in quotes, cut where it is long.
fn quoted(text: &str) -> String {
    Value::text(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::dataset::Targets;

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
        let rows: Vec<String> = (0..30)
            .map(|i| format!("{i},5;{};k{}", i % 2, i % 3))
            .collect();
        let shown = preview(&format!("a;b;kind\n{}", rows.join("\n"))).unwrap();
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
        let lines =
            |n: u32, line: fn(u32) -> String| (0..n).map(line).collect::<Vec<_>>().join("\n");
        let texts = lines(21, |i| format!("t{i},{i}"));
        let numbers = lines(101, |i| format!("{i},{i}"));
        let wide = vec!["1"; MAX_COLUMNS + 1].join(",");
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
