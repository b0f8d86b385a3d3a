//! The config of a network problem: data, split, layers, loss.

use std::rc::Rc;

use super::Seeds;
use super::read::Reader;
use crate::args::{Args, Range};
use crate::data::csv::{self, CsvOptions};
use crate::data::dataset::{Dataset, Targets, Task};
use crate::data::folds::Fold;
use crate::data::registry;
use crate::data::split::Fractions;
use crate::data::toy::{self, TOYS};
use crate::error::Error;
use crate::nn::{Activation, Architecture, Init, Loss};
use crate::rng::{Stream, stream};
use crate::value::Value;

/// Most parameters that a network may have: 32 MiB of them in `f64`, some six times that with gradient and moments.
const MAX_PARAMETERS: usize = 1 << 22;
const MAX_LAYERS: usize = 32;
const MAX_WIDTH: f64 = 4096.0;

/// A network problem, checked.
#[derive(Debug, Clone)]
pub struct NetworkConfig {
    /// Where the data come from.
    pub data: DataConfig,
    /// The data.
    pub dataset: Rc<Dataset>,
    /// Parts for training, validation and test.
    pub fractions: Fractions,
    /// Which of some folds of the training and validation rows validates, in place of the validation part.
    pub fold: Option<Fold>,
    /// Most training rows, for a learning curve.
    pub train_rows: Option<usize>,
    /// Whether every part has its share of every class.
    pub stratify: bool,
    /// Whether inputs (and the targets of a regression) are shifted and scaled to mean 0 and deviation 1.
    pub standardize: bool,
    /// Layers, activations, loss.
    pub architecture: Architecture,
    /// Initial parameters.
    pub init: InitConfig,
    /// Factor of ½‖weights‖².
    pub l2: f64,
}

/// Where the data come from.
#[derive(Debug, Clone, PartialEq)]
pub enum DataConfig {
    /// Generated.
    Toy {
        /// Name in the catalogue.
        name: &'static str,
        /// Number of rows, noise.
        args: Args,
    },
    /// Registered by name.
    Registered {
        /// The name.
        name: String,
    },
    /// A CSV text.
    Csv {
        /// The text.
        text: String,
        /// Column to predict and whether it names classes, where not left to the parser.
        options: CsvOptions,
    },
    /// Numbers in the config itself.
    Inline {
        /// The part of the config.
        value: Value,
    },
}

/// Initial parameters.
#[derive(Debug, Clone, PartialEq)]
pub enum InitConfig {
    /// Drawn.
    Random(Init),
    /// Given, layer by layer, W[out][in] row-major, then b[out].
    Given(Vec<f64>),
}

/// Rows of a minibatch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchSize {
    /// All training rows: gradient descent.
    Full,
    /// So many, or all where there are fewer.
    Rows(usize),
}

impl BatchSize {
    /// Reads a number from 1 or `"full"`; 32 where there is none.
    pub fn from_value(value: Option<&Value>) -> Result<Self, Error> {
        match value {
            None => Ok(Self::Rows(32)),
            Some(Value::Text(t)) if t == "full" => Ok(Self::Full),
            Some(Value::Number(v)) if v.fract() == 0.0 && (1.0..=1e9).contains(v) => {
                Ok(Self::Rows(*v as usize))
            }
            Some(other) => Err(Error::new(
                "batch_size",
                format!("{other} is neither a whole number from 1 nor \"full\""),
            )),
        }
    }

    /// As it stands in a config.
    pub fn to_value(self) -> Value {
        match self {
            Self::Full => Value::text("full"),
            Self::Rows(rows) => Value::Number(rows as f64),
        }
    }
}

impl NetworkConfig {
    /// Reads a network problem. Paths in errors are relative to it.
    pub fn from_value(value: &Value, seeds: &Seeds) -> Result<Self, Error> {
        const KEYS: &[&str] = &[
            "kind",
            "data",
            "split",
            "fold",
            "train_rows",
            "stratify",
            "standardize",
            "layers",
            "activation",
            "output_activation",
            "loss",
            "init",
            "l2",
        ];
        let r = Reader::new(value, KEYS)?;
        let (data, dataset) = data(r.required("data")?, &r, seeds).map_err(|e| e.within("data"))?;
        let task = dataset.task();
        let loss = loss(&r, &dataset)?;
        let architecture = architecture(&r, &dataset, loss)?;
        let generated = matches!(data, DataConfig::Toy { .. } | DataConfig::Inline { .. });
        Ok(Self {
            fractions: fractions(&r)?,
            fold: fold(&r)?,
            train_rows: r.whole("train_rows", 1.0, 1e9)?.map(|n| n as usize),
            stratify: r.flag("stratify")?.unwrap_or(true) && task == Task::Classification,
            standardize: r.flag("standardize")?.unwrap_or(!generated),
            init: init(&r, &architecture)?,
            l2: r.number_in("l2", Range::NON_NEGATIVE)?.unwrap_or(0.0),
            data,
            dataset,
            architecture,
        })
    }

    /// The config with every default filled in.
    pub fn to_value(&self) -> Value {
        let a = &self.architecture;
        let (output, hidden) = a
            .activations
            .split_last()
            .map_or((Activation::Identity, &[][..]), |(o, h)| (*o, h));
        let widths = &a.sizes[1..a.sizes.len() - 1];
        let mut pairs = vec![
            ("kind", Value::text("network")),
            ("data", self.data.to_value()),
            (
                "split",
                Value::map([
                    ("train", Value::Number(self.fractions.train)),
                    ("val", Value::Number(self.fractions.val)),
                    ("test", Value::Number(self.fractions.test)),
                ]),
            ),
            ("stratify", Value::Bool(self.stratify)),
            ("standardize", Value::Bool(self.standardize)),
            (
                "layers",
                Value::from(widths.iter().map(|w| *w as f64).collect::<Vec<_>>()),
            ),
            (
                "activation",
                Value::List(hidden.iter().map(|a| Value::text(a.name())).collect()),
            ),
            ("output_activation", Value::text(output.name())),
            ("loss", Value::text(a.loss.name())),
            (
                "init",
                match &self.init {
                    InitConfig::Random(init) => Value::text(init.name()),
                    InitConfig::Given(p) => Value::map([("parameters", Value::from(p.clone()))]),
                },
            ),
            ("l2", Value::Number(self.l2)),
        ];
        pairs.extend(self.fold.map(|fold| {
            let fold = Value::map([
                ("of", Value::Number(fold.of as f64)),
                ("index", Value::Number(fold.index as f64)),
                ("repeat", Value::Number(fold.repeat as f64)),
            ]);
            ("fold", fold)
        }));
        pairs.extend(
            self.train_rows
                .map(|rows| ("train_rows", Value::Number(rows as f64))),
        );
        Value::map(pairs)
    }
}

impl DataConfig {
    /// As it stands in a config.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Toy { name, args } => {
                let name = [("name", Value::text(*name))];
                Value::map(
                    name.into_iter()
                        .chain(args.entries().map(|(k, v)| (k, v.clone()))),
                )
            }
            Self::Registered { name } => Value::map([("name", Value::text(name.as_str()))]),
            Self::Csv { text, options } => {
                let mut pairs = vec![("csv", Value::text(text.as_str()))];
                pairs.extend(
                    options
                        .target
                        .iter()
                        .map(|t| ("target", Value::text(t.as_str()))),
                );
                pairs.extend(options.task.map(|t| ("task", Value::text(t.name()))));
                Value::map(pairs)
            }
            Self::Inline { value } => value.clone(),
        }
    }
}

/// The data of a config. Paths in errors are relative to it.
pub(super) fn data(
    value: &Value,
    parent: &Reader,
    seeds: &Seeds,
) -> Result<(DataConfig, Rc<Dataset>), Error> {
    const ALLOWED: &str = "is none of { name }, { csv }, { inputs, targets }";
    let open = |keys| parent.child("", Some(value), keys);
    if value.get("csv").is_some() {
        let r = open(&["csv", "target", "task"])?;
        let text = r.text("csv")?.unwrap_or_default().to_owned();
        let options = CsvOptions {
            target: r.text("target")?.map(str::to_owned),
            task: task(&r)?,
        };
        let dataset = csv::parse(&text, &options)?;
        Ok((DataConfig::Csv { text, options }, Rc::new(dataset)))
    } else if value.get("inputs").is_some() || value.get("targets").is_some() {
        let r = open(&["inputs", "targets", "task"])?;
        Ok((
            DataConfig::Inline {
                value: value.clone(),
            },
            Rc::new(inline(&r)?),
        ))
    } else if let Some(name) = value.get("name") {
        named(name, value, seeds)
    } else {
        Err(Error::new("", ALLOWED))
    }
}

fn named(name: &Value, value: &Value, seeds: &Seeds) -> Result<(DataConfig, Rc<Dataset>), Error> {
    let known = || {
        let names = TOYS
            .iter()
            .map(|t| t.name)
            .chain(registry::REAL.iter().map(|s| s.name));
        names.collect::<Vec<_>>().join(", ")
    };
    let Some(name) = name.as_text() else {
        return Err(Error::new(
            "name",
            format!("{name} is not one of {}", known()),
        ));
    };
    if let Some(toy) = TOYS.iter().find(|t| t.name == name) {
        let args = Args::read(toy.fields, value, &["name"])?;
        let mut rng = stream(seeds.data, Stream::Data, 0);
        let mut dataset = (toy.generate)(args.number("n") as usize, args.number("noise"), &mut rng);
        let mut rng = stream(seeds.data, Stream::Data, 1);
        toy::flip(&mut dataset, args.number("flips"), &mut rng);
        return Ok((
            DataConfig::Toy {
                name: toy.name,
                args,
            },
            Rc::new(dataset),
        ));
    }
    Args::read(&[], value, &["name"])?;
    let unknown = || match registry::REAL.iter().find(|s| s.name == name) {
        Some(set) => format!(
            "\"{name}\" is not loaded yet; call register_data(\"{name}\", …) with {}",
            set.file
        ),
        None => format!("\"{name}\" is neither registered nor one of {}", known()),
    };
    let dataset = registry::get(name).ok_or_else(|| Error::new("name", unknown()))?;
    Ok((
        DataConfig::Registered {
            name: name.to_owned(),
        },
        dataset,
    ))
}

fn task(r: &Reader) -> Result<Option<Task>, Error> {
    Ok(r.choice("task", &["classification", "regression"])?
        .map(|t| match t {
            "classification" => Task::Classification,
            _ => Task::Regression,
        }))
}

/// Rows given as numbers. Whole, non-negative one-column targets of at most 100 classes are class indices if `task`
/// says so; otherwise they are values.
fn inline(r: &Reader) -> Result<Dataset, Error> {
    let (inputs, columns) = table(r, "inputs")?;
    let rows = inputs.len() / columns;
    if rows > csv::MAX_ROWS {
        return Err(r.error(
            "inputs",
            format!("has {rows} rows; at most {} are read", csv::MAX_ROWS),
        ));
    }
    let (values, outputs) = table(r, "targets")?;
    if values.len() / outputs != rows {
        return Err(r.error(
            "targets",
            format!(
                "has {} rows where inputs has {rows}",
                values.len() / outputs
            ),
        ));
    }
    let targets = if task(r)? == Some(Task::Classification) {
        let is_class = |v: &f64| v.fract() == 0.0 && (0.0..100.0).contains(v);
        if outputs != 1 || !values.iter().all(is_class) {
            return Err(r.error(
                "targets",
                "must be class indices, whole numbers from 0 to 99, for a classification",
            ));
        }
        let labels: Vec<u32> = values.iter().map(|v| *v as u32).collect();
        let classes = labels.iter().max().map_or(2, |m| (m + 1).max(2));
        Targets::Classes {
            labels,
            names: (0..classes).map(|c| c.to_string()).collect(),
        }
    } else {
        Targets::Values { values, outputs }
    };
    Ok(Dataset {
        name: "inline".to_owned(),
        features: (1..=columns).map(|i| format!("x{i}")).collect(),
        target: "y".to_owned(),
        inputs,
        targets,
    })
}

/// A non-empty array of rows of equal length (or of numbers, one a row), all finite: values row-major, columns.
pub(super) fn table(r: &Reader, key: &str) -> Result<(Vec<f64>, usize), Error> {
    const ALLOWED: &str = "must be a non-empty array of rows of finite numbers";
    let rows = r
        .required(key)?
        .as_list()
        .filter(|l| !l.is_empty())
        .ok_or_else(|| r.error(key, ALLOWED))?;
    let mut values = Vec::with_capacity(rows.len());
    let mut columns = None;
    for (i, row) in rows.iter().enumerate() {
        let before = values.len();
        match row {
            Value::Number(v) => values.push(*v),
            Value::List(items) => {
                for item in items {
                    values.push(
                        item.as_number()
                            .ok_or_else(|| r.error(&format!("{key}[{i}]"), ALLOWED))?,
                    );
                }
            }
            _ => return Err(r.error(&format!("{key}[{i}]"), ALLOWED)),
        }
        let width = values.len() - before;
        if width == 0
            || *columns.get_or_insert(width) != width
            || values[before..].iter().any(|v| !v.is_finite())
        {
            return Err(r.error(
                &format!("{key}[{i}]"),
                format!("{ALLOWED}, all of one length"),
            ));
        }
    }
    Ok((values, columns.unwrap_or(1)))
}

fn loss(r: &Reader, dataset: &Dataset) -> Result<Loss, Error> {
    let names = || {
        Loss::ALL
            .iter()
            .map(|l| l.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let classes = dataset.task() == Task::Classification;
    let Some(given) = r.get("loss") else {
        return Ok(if classes {
            Loss::CrossEntropy
        } else {
            Loss::Mse
        });
    };
    let loss = *Loss::ALL
        .iter()
        .find(|l| Some(l.name()) == given.as_text())
        .ok_or_else(|| r.error("loss", format!("{given} is not one of {}", names())))?;
    let wrong = match (loss, &dataset.targets) {
        (Loss::CrossEntropy, Targets::Values { .. }) => Some(
            "cross_entropy needs classes, and these targets are values; use mse or huber, or task \"classification\"",
        ),
        (Loss::BinaryCrossEntropy, Targets::Values { values, .. })
            if values.iter().any(|v| !(0.0..=1.0).contains(v)) =>
        {
            Some("binary_cross_entropy needs targets in [0, 1]; use mse or huber")
        }
        _ => None,
    };
    wrong.map_or(Ok(loss), |message| Err(r.error("loss", message)))
}

fn architecture(r: &Reader, dataset: &Dataset, loss: Loss) -> Result<Architecture, Error> {
    const WIDTHS: &str = "must be an array of at most 32 whole numbers from 1 to 4096, the widths of the hidden layers";
    let widths = match r.get("layers") {
        None => vec![16.0],
        Some(v) => v.as_numbers().ok_or_else(|| r.error("layers", WIDTHS))?,
    };
    if widths.len() > MAX_LAYERS {
        return Err(r.error("layers", WIDTHS));
    }
    if let Some(i) = widths
        .iter()
        .position(|w| w.fract() != 0.0 || !(1.0..=MAX_WIDTH).contains(w))
    {
        return Err(r.error(
            &format!("layers[{i}]"),
            format!("{} is not a whole number from 1 to 4096", widths[i]),
        ));
    }
    let outputs = match (&dataset.targets, loss) {
        (Targets::Classes { names, .. }, Loss::BinaryCrossEntropy) if names.len() == 2 => 1,
        (Targets::Classes { names, .. }, _) => names.len(),
        (Targets::Values { outputs, .. }, _) => *outputs,
    };
    let mut sizes = vec![dataset.features.len()];
    sizes.extend(widths.iter().map(|w| *w as usize));
    sizes.push(outputs);
    let mut activations = hidden_activations(r, widths.len())?;
    activations.push(match r.get("output_activation") {
        None => Activation::Identity,
        Some(v) => activation(r, "output_activation", v)?,
    });
    let architecture = Architecture {
        sizes,
        activations,
        loss,
    };
    match architecture.parameters() {
        Some(n) if n <= MAX_PARAMETERS => Ok(architecture),
        n => {
            let n = n.map_or_else(|| "too many to count".to_owned(), |n| n.to_string());
            Err(r.error(
                "layers",
                format!("these widths give {n} parameters; at most {MAX_PARAMETERS} fit"),
            ))
        }
    }
}

fn hidden_activations(r: &Reader, layers: usize) -> Result<Vec<Activation>, Error> {
    match r.get("activation") {
        None => Ok(vec![Activation::Relu; layers]),
        Some(Value::List(each)) if each.len() == layers => each
            .iter()
            .enumerate()
            .map(|(i, v)| activation(r, &format!("activation[{i}]"), v))
            .collect(),
        Some(Value::List(each)) => Err(r.error(
            "activation",
            format!(
                "has {} entries where layers has {layers}; give one for all, or one a hidden layer",
                each.len()
            ),
        )),
        Some(one) => Ok(vec![activation(r, "activation", one)?; layers]),
    }
}

fn activation(r: &Reader, key: &str, value: &Value) -> Result<Activation, Error> {
    let names = || {
        Activation::ALL
            .iter()
            .map(|a| a.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let found = Activation::ALL
        .iter()
        .find(|a| Some(a.name()) == value.as_text());
    found
        .copied()
        .ok_or_else(|| r.error(key, format!("{value} is not one of {}", names())))
}

fn init(r: &Reader, architecture: &Architecture) -> Result<InitConfig, Error> {
    let names = || {
        Init::ALL
            .iter()
            .map(|i| i.name())
            .collect::<Vec<_>>()
            .join(", ")
    };
    match r.get("init") {
        None => Ok(InitConfig::Random(match architecture.activations.first() {
            Some(Activation::Tanh | Activation::Sigmoid) => Init::Xavier,
            _ => Init::He,
        })),
        Some(value @ Value::Map(_)) => {
            let given = r.child("init", Some(value), &["parameters"])?;
            let parameters = given
                .required("parameters")?
                .as_numbers()
                .unwrap_or_default();
            let n = architecture.parameters().unwrap_or(0);
            if parameters.len() != n || parameters.iter().any(|v| !v.is_finite()) {
                return Err(given.error(
                    "parameters",
                    format!("must be {n} finite numbers for this network"),
                ));
            }
            Ok(InitConfig::Given(parameters))
        }
        Some(value) => {
            let found = Init::ALL.iter().find(|i| Some(i.name()) == value.as_text());
            let refused = || {
                r.error(
                    "init",
                    format!("{value} is neither one of {} nor {{ parameters }}", names()),
                )
            };
            found.map(|i| InitConfig::Random(*i)).ok_or_else(refused)
        }
    }
}

fn fold(r: &Reader) -> Result<Option<Fold>, Error> {
    let Some(value) = r.get("fold") else {
        return Ok(None);
    };
    let f = r.child("fold", Some(value), &["of", "index", "repeat"])?;
    let whole = |key, min, max| Ok::<f64, Error>(f.whole(key, min, max)?.unwrap_or(0.0));
    f.required("of")?;
    let of = whole("of", 2.0, 1e9)?;
    Ok(Some(Fold {
        of: of as usize,
        index: whole("index", 0.0, of - 1.0)? as usize,
        repeat: whole("repeat", 0.0, 1e6)? as u64,
    }))
}

fn fractions(r: &Reader) -> Result<Fractions, Error> {
    let Some(value) = r.get("split") else {
        return Ok(Fractions {
            train: 0.6,
            val: 0.2,
            test: 0.2,
        });
    };
    let s = r.child("split", Some(value), &["train", "val", "test"])?;
    let part = |key| {
        s.number_in(key, Range::closed(0.0, 1.0))
            .map(|v| v.unwrap_or(0.0))
    };
    let fractions = Fractions {
        train: part("train")?,
        val: part("val")?,
        test: part("test")?,
    };
    fractions.check().map_err(|e| e.within("split"))?;
    Ok(fractions)
}
