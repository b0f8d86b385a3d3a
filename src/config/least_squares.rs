//! The config of a least-squares problem: a model and data.

use super::Seeds;
use super::network::{self, DataConfig};
use super::read::Reader;
use crate::args::{Args, Field};
use crate::data::dataset::{Dataset, Targets};
use crate::data::registry;
use crate::error::Error;
use crate::problem::least_squares::models::{Data, MODELS, Model};
use crate::problem::least_squares::{CurveFit, Table};
use crate::rng::{Stream, stream};
use crate::value::Value;

/// A least-squares problem, checked.
#[derive(Debug, Clone)]
pub struct LeastSquaresConfig {
    /// The model on its data.
    pub fit: CurveFit,
    /// The entry of the table, where the model has a name.
    pub model: Option<&'static Model>,
    /// Whether the data are the entry's own.
    pub own_data: bool,
    /// What the inputs of a row are called.
    pub features: Vec<String>,
    /// What the model is to give.
    pub target: String,
    normalized: Value,
}

/// Rows, what their columns are called, and how they stand in the normalised config.
struct Rows {
    table: Table,
    features: Vec<String>,
    target: String,
    entries: Vec<(&'static str, Value)>,
}

const KEYS: [&str; 6] = ["kind", "model", "x", "y", "data", "start"];

impl LeastSquaresConfig {
    /// Reads a least-squares problem:
    ///
    /// - `{ model, x, y, start? }`: a formula or a name, and numbers;
    /// - `{ model, data, start? }`: the same on the data of a network problem, for a regression;
    /// - `{ model, start?, … }`: a name with its own data, and the fields of these.
    ///
    /// Paths in errors are relative to it.
    pub fn from_value(value: &Value, seeds: &Seeds) -> Result<Self, Error> {
        let text = value.get("model").ok_or_else(|| {
            Error::new(
                "model",
                format!(
                    "is missing; a formula in x and b1, b2, …, or one of {}",
                    names()
                ),
            )
        })?;
        let text = text
            .as_text()
            .ok_or_else(|| Error::new("model", format!("{text} is not a string")))?;
        let model = Model::find(text);
        let given = ["x", "y", "data"]
            .iter()
            .any(|key| value.get(key).is_some());
        let mut fields: Vec<Field> = Vec::new();
        if let Some(model) = model {
            fields.extend(model.fields);
            fields.extend(model.data_fields().iter().filter(|_| !given));
        }
        let args = Args::read(&fields, value, &KEYS)?;
        let reader = Reader::new(value, &all_keys(&fields))?;
        let implicit = model.is_some_and(Model::is_implicit);
        let source = match (value.get("data"), given) {
            (Some(_), _) => "data",
            (None, true) => "x",
            (None, false) => "n",
        };
        let data = match (model, value.get("data")) {
            (_, Some(_)) if value.get("x").or(value.get("y")).is_some() => {
                let what = "x or y stands beside it; give data, or x and y";
                return Err(Error::new("data", what));
            }
            (_, Some(given)) => from_source(given, &reader, seeds, implicit)?,
            (Some(model), None) if !given => own(model, &args, seeds)?,
            (None, None) if !given && is_word(text) => {
                return Err(neither(text, "x and y are missing"));
            }
            _ => inline(&reader, implicit)?,
        };
        let (formula, start) = match model {
            None => (text.to_owned(), None),
            Some(model) => {
                let columns = data.table.columns;
                check_columns(model, columns, source)?;
                (
                    (model.formula)(columns, &args),
                    Some(default_start(model, columns, &args)),
                )
            }
        };
        let start = match value.get("start") {
            None => start,
            Some(given) => Some(given.as_numbers().unwrap_or_default()),
        };
        let fit = CurveFit::new(&formula, data.table, start)
            .map_err(|e| explained(e, text, model, source))?;
        let first = [
            ("kind", Value::text("least_squares")),
            ("model", Value::text(text)),
        ];
        let fields = args.entries().map(|(name, value)| (name, value.clone()));
        let start = [("start", Value::from(fit.start().to_vec()))];
        Ok(Self {
            normalized: Value::map(
                first
                    .into_iter()
                    .chain(fields)
                    .chain(data.entries)
                    .chain(start),
            ),
            own_data: !given,
            features: data.features,
            target: data.target,
            fit,
            model,
        })
    }

    /// The config with every default filled in.
    pub fn to_value(&self) -> Value {
        self.normalized.clone()
    }

    /// The parameters that the data were made with, where that is known.
    pub fn truth(&self) -> Option<&'static [f64]> {
        match self.model.filter(|_| self.own_data)?.data {
            Data::Generated { truth, .. } => {
                Some(truth).filter(|t| t.len() == self.fit.start().len())
            }
            Data::File { .. } => None,
        }
    }
}

fn names() -> String {
    MODELS.iter().map(|m| m.name).collect::<Vec<_>>().join(", ")
}

fn all_keys(fields: &[Field]) -> Vec<&'static str> {
    KEYS.into_iter()
        .chain(fields.iter().map(|f| f.name))
        .collect()
}

/// A word that is no formula was meant as a name; rows that are not numbers of the config stand elsewhere.
fn explained(e: Error, text: &str, model: Option<&Model>, source: &str) -> Error {
    if source != "x" && (e.path == "x" || e.path == "y") {
        return Error::new(source, e.message);
    }
    if model.is_none() && e.path == "model" && is_word(text) {
        return neither(text, &e.message);
    }
    e
}

fn is_word(text: &str) -> bool {
    text.len() > 2 && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn neither(text: &str, why: &str) -> Error {
    let what = format!(
        "\"{text}\" is neither one of {} nor a formula: {why}",
        names()
    );
    Error::new("model", what)
}

fn default_start(model: &Model, columns: usize, args: &Args) -> Vec<f64> {
    let degree = args.number("degree");
    let terms = if degree.is_nan() {
        columns
    } else {
        degree as usize
    };
    model.starts_in(terms + 1).swap_remove(0)
}

/// A line may be a plane; the other models have a fixed number of inputs.
fn check_columns(model: &Model, columns: usize, path: &str) -> Result<(), Error> {
    let wanted = model.inputs();
    if columns == wanted || model.name == "linear" {
        return Ok(());
    }
    let what = format!("{} takes rows of {wanted}, not of {columns}", model.name);
    Err(Error::new(path, what))
}

/// The data that come with a model.
fn own(model: &Model, args: &Args, seeds: &Seeds) -> Result<Rows, Error> {
    let mut rng = stream(seeds.data, Stream::Data, 0);
    if let Some(table) =
        model.generate(args.number("n") as usize, args.number("noise"), &mut rng)?
    {
        return Ok(Rows {
            features: features(table.columns),
            target: "y".to_owned(),
            entries: Vec::new(),
            table,
        });
    }
    let name = model.name;
    let dataset = registry::get(name).ok_or_else(|| {
        let file = model.file().unwrap_or_default();
        let what = format!("the data of \"{name}\" are not loaded yet; call register_data(\"{name}\", …) with {file}");
        Error::new("model", what)
    })?;
    Ok(Rows {
        entries: Vec::new(),
        ..from_dataset(&dataset, false).map_err(|e| Error::new("model", e.message))?
    })
}

fn from_source(
    given: &Value,
    reader: &Reader,
    seeds: &Seeds,
    implicit: bool,
) -> Result<Rows, Error> {
    let (config, dataset) = network::data(given, reader, seeds).map_err(|e| e.within("data"))?;
    let data = from_dataset(&dataset, implicit).map_err(|e| e.within("data"))?;
    Ok(Rows {
        entries: vec![("data", DataConfig::to_value(&config))],
        ..data
    })
}

/// The rows of a data set. Where the model is implicit its target is one more input.
fn from_dataset(dataset: &Dataset, implicit: bool) -> Result<Rows, Error> {
    let targets = match &dataset.targets {
        Targets::Values { values, outputs: 1 } => values.clone(),
        Targets::Values { outputs, .. } => {
            let what = format!("has {outputs} targets a row; a model gives one");
            return Err(Error::new("", what));
        }
        Targets::Classes { labels, names } => numbers(names)
            .map(|values| labels.iter().map(|l| values[*l as usize]).collect())
            .ok_or_else(|| {
                let what = format!("\"{}\" holds text; a model gives numbers", dataset.target);
                Error::new("target", what)
            })?,
    };
    let (mut features, columns) = (dataset.features.clone(), dataset.features.len());
    if !implicit {
        return Ok(Rows {
            table: Table {
                inputs: dataset.inputs.clone(),
                columns,
                targets,
            },
            features,
            target: dataset.target.clone(),
            entries: Vec::new(),
        });
    }
    features.push(dataset.target.clone());
    let rows = dataset.inputs.chunks_exact(columns.max(1)).zip(&targets);
    Ok(Rows {
        table: Table {
            inputs: rows
                .flat_map(|(row, y)| row.iter().chain([y]).copied())
                .collect(),
            columns: columns + 1,
            targets: vec![0.0; targets.len()],
        },
        features,
        target: String::new(),
        entries: Vec::new(),
    })
}

/// The names of classes as numbers, if all of them are: a column of few whole numbers is taken for classes.
fn numbers(names: &[String]) -> Option<Vec<f64>> {
    let number = |name: &String| name.parse::<f64>().ok().filter(|v| v.is_finite());
    names.iter().map(number).collect()
}

/// `x`, numbers or rows of numbers, and `y`, a number a row; an implicit model has none.
fn inline(reader: &Reader, implicit: bool) -> Result<Rows, Error> {
    let (inputs, columns) = network::table(reader, "x")?;
    let rows = inputs.len() / columns;
    let given = if implicit {
        reader.get("y")
    } else {
        Some(reader.required("y")?)
    };
    let targets = match given {
        None => vec![0.0; rows],
        Some(y) => y
            .as_numbers()
            .ok_or_else(|| reader.error("y", "must be an array of numbers, one a row of x"))?,
    };
    let mut entries = vec![("x", reader.required("x")?.clone())];
    entries.extend(given.map(|y| ("y", y.clone())));
    Ok(Rows {
        table: Table {
            inputs,
            columns,
            targets,
        },
        features: features(columns),
        target: "y".to_owned(),
        entries,
    })
}

fn features(columns: usize) -> Vec<String> {
    match columns {
        1 => vec!["x".to_owned()],
        _ => (1..=columns).map(|i| format!("x{i}")).collect(),
    }
}
