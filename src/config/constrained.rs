//! The `problem` of kind `constrained`.

use super::read::Reader;
use crate::args::Range;
use crate::error::Error;
use crate::problem::constrained::{ConstrainedProblem, Function, Rows};
use crate::problem::formula::{Formula, Variables};
use crate::problem::lasso::{Composite, Term};
use crate::value::Value;

/// The most unknowns by matrices: a step of the interior point factors a matrix of n + p + m rows.
pub const LARGEST_DIM: usize = 300;

/// The most constraints of a kind.
pub const LARGEST_ROWS: usize = 600;

/// The most unknowns of a formula.
const LARGEST_FORMULA: usize = 50;

/// The most numbers of the data of a lasso.
const LARGEST_DATA: usize = 1_000_000;

/// Largest magnitude of a number: squares and their sums stay finite.
const LARGEST_NUMBER: f64 = 1e100;

/// Pairs that mirror each other may differ by this part of the largest entry: rounding, not another matrix.
const ROUNDING: f64 = 1e-12;

const KEYS: [&str; 7] = [
    "kind",
    "objective",
    "equality",
    "inequality",
    "lower",
    "upper",
    "start",
];

/// A problem with constraints, checked.
#[derive(Debug, Clone)]
pub struct ConstrainedConfig {
    /// The functions.
    pub problem: ConstrainedProblem,
    /// Where runs start.
    pub start: Vec<f64>,
    /// `formula`, `quadratic_program`, `linear_program`, `lasso` or `ridge`.
    pub form: &'static str,
    /// What the unknowns are called.
    pub variables: Vec<String>,
    /// The constraints that are formulas as TeX, equalities first.
    pub latex: Vec<String>,
    normalized: Value,
}

/// An objective as far as it is known before the number of unknowns is.
enum Objective<'a> {
    Formula(&'a str),
    Matrices(Function),
}

/// Constraints of one kind, likewise.
enum Given<'a> {
    Texts(Vec<Relation<'a>>),
    Linear {
        matrix: Vec<f64>,
        rhs: Vec<f64>,
        columns: usize,
    },
}

/// `left` is to be 0, or `left` = `right`; an inequality that was written the other way round has its sides exchanged.
#[derive(Clone, Copy)]
struct Relation<'a> {
    text: &'a str,
    left: &'a str,
    right: Option<&'a str>,
    exchanged: bool,
}

impl ConstrainedConfig {
    /// Reads `{ kind, objective, equality?, inequality?, lower?, upper?, start? }`. Paths in errors are relative to it.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        let r = Reader::new(value, &KEYS)?;
        let (objective, form, mut dim) = objective(r.required("objective")?)?;
        let composite = matches!(form, "lasso" | "ridge");
        for key in ["equality", "inequality", "lower", "upper"] {
            if composite && r.get(key).is_some() {
                let what = format!("a {form} takes no further constraints; leave it out");
                return Err(r.error(key, what));
            }
        }
        let equality = given(&r, "equality", ["a", "b"], dim)?;
        dim = dim.or(equality.columns());
        let inequality = given(&r, "inequality", ["g", "h"], dim)?;
        dim = dim.or(inequality.columns());
        for key in ["start", "lower", "upper"] {
            dim = dim.or(r.get(key).and_then(Value::as_list).map(<[Value]>::len));
        }
        let texts: Vec<&str> = objective
            .text()
            .into_iter()
            .chain(equality.texts())
            .chain(inequality.texts())
            .collect();
        let variables = variables(&texts, dim)?;
        let n = variables.len();
        if let Some(columns) = dim.filter(|columns| *columns != n) {
            let what = format!("is in {n} variables, but the rest has {columns}");
            return Err(r.error("objective", what));
        }
        let names: Vec<&str> = variables.iter().map(String::as_str).collect();
        let names = Variables::default().named(&names);
        let function = match objective {
            Objective::Formula(text) => {
                Function::Formula(Box::new(parse(text, &names, "objective")?))
            }
            Objective::Matrices(function) => function,
        };
        let mut latex = Vec::new();
        let equality = equality.rows("equality", &names, &mut latex)?;
        let inequality = inequality.rows("inequality", &names, &mut latex)?;
        let lower = bounds(&r, "lower", n, f64::NEG_INFINITY)?;
        let upper = bounds(&r, "upper", n, f64::INFINITY)?;
        let crossed = lower.iter().zip(&upper).position(|(l, u)| l > u);
        if let Some(i) = crossed {
            let what = format!("{} is above upper[{i}], which is {}", lower[i], upper[i]);
            return Err(r.error(&format!("lower[{i}]"), what));
        }
        let start = if let Some(start) = r.get("start") {
            numbers("start", start, Some(n))?
        } else {
            let is_formula = matches!(function, Function::Formula(_));
            let from = f64::from(u8::from(is_formula));
            let ends = lower.iter().zip(&upper);
            ends.map(|(l, u)| from.max(*l).min(*u)).collect()
        };
        let kept = |key: &'static str| (key, r.get(key).cloned().unwrap_or(Value::Null));
        let normalized = Value::map([
            ("kind", Value::text("constrained")),
            kept("objective"),
            kept("equality"),
            kept("inequality"),
            ("lower", ends(&lower)),
            ("upper", ends(&upper)),
            ("start", Value::from(start.clone())),
        ]);
        Ok(Self {
            problem: ConstrainedProblem::new(function, equality, inequality, lower, upper),
            start,
            form,
            variables,
            latex,
            normalized,
        })
    }

    /// The config with every default filled in; `null` stands for constraints that there are none of.
    pub fn to_value(&self) -> Value {
        self.normalized.clone()
    }
}

impl<'a> Objective<'a> {
    fn text(&self) -> Option<&'a str> {
        match self {
            Self::Formula(text) => Some(text),
            Self::Matrices(_) => None,
        }
    }
}

impl<'a> Given<'a> {
    fn columns(&self) -> Option<usize> {
        match self {
            Self::Texts(_) => None,
            Self::Linear { columns, .. } => Some(*columns),
        }
    }

    fn texts(&self) -> Vec<&'a str> {
        match self {
            Self::Texts(relations) => relations.iter().map(|r| r.text).collect(),
            Self::Linear { .. } => Vec::new(),
        }
    }

    /// The constraints; those that are formulas add their TeX to `latex`.
    fn rows(self, key: &str, names: &Variables, latex: &mut Vec<String>) -> Result<Rows, Error> {
        match self {
            Self::Linear { matrix, rhs, .. } => Ok(Rows::Linear { matrix, rhs }),
            Self::Texts(relations) => {
                let mut formulas = Vec::with_capacity(relations.len());
                for (i, relation) in relations.iter().enumerate() {
                    let (formula, line) = relation.parse(names, key, &format!("{key}[{i}]"))?;
                    formulas.push(formula);
                    latex.push(line);
                }
                Ok(Rows::Formulas(formulas))
            }
        }
    }
}

impl<'a> Relation<'a> {
    const SIGNS: [(&'static str, bool); 4] =
        [("<=", false), (">=", true), ("≤", false), ("≥", true)];

    fn new(text: &'a str, key: &str) -> Self {
        let signs: &[(&str, bool)] = if key == "equality" {
            &[("=", false)]
        } else {
            &Self::SIGNS
        };
        let found = signs
            .iter()
            .find_map(|(sign, exchanged)| text.split_once(sign).map(|sides| (sides, *exchanged)));
        match found {
            None => Self {
                text,
                left: text,
                right: None,
                exchanged: false,
            },
            Some(((left, right), exchanged)) => Self {
                text,
                left,
                right: Some(right),
                exchanged,
            },
        }
    }

    /// The formula that is to be 0 (or at most 0), and the constraint as TeX. Each side is read alone first, so that
    /// columns in errors are those of the text.
    fn parse(&self, names: &Variables, key: &str, path: &str) -> Result<(Formula, String), Error> {
        let left = parse(self.left, names, path)?;
        let sign = match (key, self.exchanged) {
            ("equality", _) => "=",
            (_, false) => r"\le",
            (_, true) => r"\ge",
        };
        let Some(right) = self.right else {
            let latex = format!("{} {sign} 0", left.latex());
            return Ok((left, latex));
        };
        let parsed = parse(right, names, path)
            .map_err(|e| Error::new(e.path, format!("right of the sign, {}", e.message)))?;
        let latex = format!("{} {sign} {}", left.latex(), parsed.latex());
        let (first, second) = if self.exchanged {
            (right, self.left)
        } else {
            (self.left, right)
        };
        let formula = match (right.trim(), self.exchanged) {
            ("0", false) => left,
            _ => parse(&format!("({first}) - ({second})"), names, path)?,
        };
        Ok((formula, latex))
    }
}

fn parse(text: &str, names: &Variables, path: &str) -> Result<Formula, Error> {
    Formula::parse(text, names).map_err(|e| Error::new(path, e.message))
}

/// The objective, its form, and the number of its unknowns where matrices say it.
fn objective(value: &Value) -> Result<(Objective<'_>, &'static str, Option<usize>), Error> {
    const PATH: &str = "objective";
    if let Value::Text(text) = value {
        return Ok((Objective::Formula(text), "formula", None));
    }
    let r =
        Reader::open(PATH.to_owned(), Some(value), &["p", "q", "lasso", "ridge"]).map_err(|e| {
            match value {
                Value::Map(_) => e,
                _ => Error::new(
                    PATH,
                    format!("{value} is neither a formula nor an object with q, lasso or ridge"),
                ),
            }
        })?;
    for (form, parameter) in [("lasso", "lambda"), ("ridge", "radius")] {
        let Some(given) = r.get(form) else { continue };
        if let Some((other, _)) = value.entries().find(|(key, _)| *key != form) {
            return Err(r.error(
                other,
                format!("{form} stands beside it; give one of the two"),
            ));
        }
        let data = r.child(form, Some(given), &["a", "b", parameter])?;
        let path = |key: &str| format!("{PATH}.{form}.{key}");
        let (a, columns) = matrix(&path("a"), data.required("a")?, None, LARGEST_DATA)?;
        let b = numbers(&path("b"), data.required("b")?, Some(a.len() / columns))?;
        let parameter = match form {
            "lasso" => Term::L1 {
                lambda: data
                    .number_in(parameter, Range::NON_NEGATIVE)?
                    .unwrap_or(1.0),
            },
            _ => Term::Ball {
                radius: data.positive(parameter)?.unwrap_or(1.0),
            },
        };
        let composite = Composite {
            a,
            b,
            term: parameter,
            dim: columns,
        };
        return Ok((
            Objective::Matrices(Function::Composite(composite)),
            form,
            Some(columns),
        ));
    }
    let q = numbers(&format!("{PATH}.q"), r.required("q")?, None)?;
    let n = q.len();
    if n > LARGEST_DIM {
        return Err(r.error("q", format!("{n} unknowns; at most {LARGEST_DIM}")));
    }
    let Some(given) = r.get("p") else {
        let function = Function::Quadratic {
            p: vec![0.0; n * n],
            q,
        };
        return Ok((Objective::Matrices(function), "linear_program", Some(n)));
    };
    let path = format!("{PATH}.p");
    let (mut p, _) = matrix(&path, given, Some(n), LARGEST_DATA)?;
    if p.len() != n * n {
        let what = format!("{} rows, but q has {n} numbers; must be {n}", p.len() / n);
        return Err(Error::new(path, what));
    }
    symmetrize(&mut p, n)?;
    Ok((
        Objective::Matrices(Function::Quadratic { p, q }),
        "quadratic_program",
        Some(n),
    ))
}

/// Puts the mean of both into each pair of entries that mirror each other.
fn symmetrize(p: &mut [f64], n: usize) -> Result<(), Error> {
    let largest = p.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
    for i in 0..n {
        for j in 0..i {
            let (below, above) = (p[i * n + j], p[j * n + i]);
            if (below - above).abs() > ROUNDING * largest {
                let what =
                    format!("{above} must equal p[{i}][{j}], which is {below}: p is symmetric");
                return Err(Error::new(format!("objective.p[{j}][{i}]"), what));
            }
            let mean = 0.5 * (below + above);
            (p[i * n + j], p[j * n + i]) = (mean, mean);
        }
    }
    Ok(())
}

/// `equality` or `inequality`: texts, or a matrix and its right-hand side under the names `keys`.
fn given<'a>(
    r: &Reader<'a>,
    key: &str,
    keys: [&str; 2],
    dim: Option<usize>,
) -> Result<Given<'a>, Error> {
    let Some(value) = r.get(key) else {
        return Ok(Given::Texts(Vec::new()));
    };
    let [m, v] = keys;
    let too_many =
        |rows: usize| r.error(key, format!("{rows} constraints; at most {LARGEST_ROWS}"));
    if let Some(items) = value.as_list() {
        if items.len() > LARGEST_ROWS {
            return Err(too_many(items.len()));
        }
        let texts = items.iter().enumerate().map(|(i, item)| {
            let text = item.as_text().ok_or_else(|| {
                r.error(&format!("{key}[{i}]"), format!("{item} is not a formula"))
            })?;
            Ok(Relation::new(text, key))
        });
        return Ok(Given::Texts(texts.collect::<Result<_, Error>>()?));
    }
    if !matches!(value, Value::Map(_)) {
        let what =
            format!("{value} is neither an array of formulas nor an object with {m} and {v}");
        return Err(r.error(key, what));
    }
    let rows = r.child(key, Some(value), &keys)?;
    let (matrix, columns) = matrix(&format!("{key}.{m}"), rows.required(m)?, dim, LARGEST_DATA)?;
    let rhs = numbers(
        &format!("{key}.{v}"),
        rows.required(v)?,
        Some(matrix.len() / columns),
    )?;
    if rhs.len() > LARGEST_ROWS {
        return Err(too_many(rhs.len()));
    }
    Ok(Given::Linear {
        matrix,
        rhs,
        columns,
    })
}

/// x and y, or x1 … xn: as many as matrices, bounds or start have, else as the highest index.
fn variables(texts: &[&str], dim: Option<usize>) -> Result<Vec<String>, Error> {
    let indexed = |n: usize| (1..=n).map(|i| format!("x{i}")).collect::<Vec<_>>();
    let plane = || vec!["x".to_owned(), "y".to_owned()];
    if texts.is_empty() {
        return Ok(indexed(dim.unwrap_or(1)));
    }
    let highest = texts.iter().filter_map(|text| highest_index(text)).max();
    match (highest, dim) {
        (None, None | Some(2)) => Ok(plane()),
        (None, Some(1)) => Ok(vec!["x".to_owned()]),
        (None, Some(n)) => Ok(indexed(n)),
        (Some(n), _) if n > LARGEST_FORMULA => {
            let what = format!("x{n} is beyond x{LARGEST_FORMULA}, the last variable of a formula");
            Err(Error::new("objective", what))
        }
        (Some(n), dim) => Ok(indexed(dim.unwrap_or(n).max(n))),
    }
}

/// The highest i of an xi in the text.
fn highest_index(text: &str) -> Option<usize> {
    let indices = text.match_indices('x').filter_map(|(at, _)| {
        let within_name = text[..at].ends_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let digits = text[at + 1..].split(|c: char| !c.is_ascii_digit()).next()?;
        (!within_name && !digits.is_empty()).then(|| digits.parse().unwrap_or(usize::MAX))
    });
    indices.max()
}

/// n numbers, or `null` in place of one that bounds nothing; one number for all.
fn bounds(r: &Reader<'_>, key: &str, n: usize, none: f64) -> Result<Vec<f64>, Error> {
    let number = |path: &str, value: &Value| match value {
        Value::Number(v) if v.abs() <= LARGEST_NUMBER => Ok(*v),
        other => {
            let what = format!("{other} is neither a number up to {LARGEST_NUMBER:e} nor null");
            Err(r.error(path, what))
        }
    };
    let Some(value) = r.get(key) else {
        return Ok(vec![none; n]);
    };
    let Some(items) = value.as_list() else {
        return Ok(vec![number(key, value)?; n]);
    };
    if items.len() != n {
        let what = format!(
            "{} numbers, but there are {n} unknowns; must be {n}, or one for all",
            items.len()
        );
        return Err(r.error(key, what));
    }
    let of_item = |(i, item): (usize, &Value)| match item {
        Value::Null => Ok(none),
        item => number(&format!("{key}[{i}]"), item),
    };
    items.iter().enumerate().map(of_item).collect()
}

/// Bounds as they stand in a config: `null` for one that there is not, and for all of them where there are none.
fn ends(values: &[f64]) -> Value {
    if values.iter().all(|v| v.is_infinite()) {
        return Value::Null;
    }
    let end = |v: &f64| {
        if v.is_finite() {
            Value::Number(*v)
        } else {
            Value::Null
        }
    };
    Value::List(values.iter().map(end).collect())
}

/// Rows of numbers, all of the same length, which is `columns` where that is known.
fn matrix(
    path: &str,
    value: &Value,
    columns: Option<usize>,
    most: usize,
) -> Result<(Vec<f64>, usize), Error> {
    let rows = value
        .as_list()
        .filter(|rows| !rows.is_empty())
        .ok_or_else(|| Error::new(path, format!("{value} is not an array of rows of numbers")))?;
    let first = rows[0].as_list().map_or(0, <[Value]>::len);
    let columns = columns.unwrap_or(first);
    if columns == 0 || columns > LARGEST_DIM {
        let what = format!("{columns} columns; must be from 1 to {LARGEST_DIM}");
        return Err(Error::new(format!("{path}[0]"), what));
    }
    if rows.len().saturating_mul(columns) > most {
        let what = format!(
            "{} rows of {columns} numbers; at most {most} numbers",
            rows.len()
        );
        return Err(Error::new(path, what));
    }
    let mut values = Vec::with_capacity(rows.len() * columns);
    for (i, row) in rows.iter().enumerate() {
        values.extend(numbers(&format!("{path}[{i}]"), row, Some(columns))?);
    }
    Ok((values, columns))
}

fn numbers(path: &str, value: &Value, count: Option<usize>) -> Result<Vec<f64>, Error> {
    let items = value
        .as_list()
        .ok_or_else(|| Error::new(path, format!("{value} is not an array of numbers")))?;
    let wanted = count.unwrap_or(items.len());
    if items.len() != wanted || wanted == 0 {
        let what = format!("{} numbers; must be {}", items.len(), wanted.max(1));
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
