//! Runs and searches as Python scripts: PyTorch for a run, Ray Tune for a search.
//!
//! A script stands alone. It holds the training and validation rows (the test rows stay under seal), the initial
//! parameters and the order of the batches, so that PyTorch, given the same variant of the method, repeats the run up to
//! rounding.

use super::search::Search;
use super::trial::{folded, with_budget};
use crate::config::{BatchSize, OptimizerConfig, Precision, ProblemConfig, SessionConfig};
use crate::data::batches::{Batches, Order};
use crate::data::dataset::Targets;
use crate::data::split::Standardizer;
use crate::error::Error;
use crate::optim::schedule::Schedule;
use crate::train::Session;
use crate::train::task::Points;
use crate::value::Value;

const RUN: &str = include_str!("export/run.py");
const MAIN_RUN: &str = include_str!("export/main_run.py");
const MAIN_SEARCH: &str = include_str!("export/main_search.py");

/// Most numbers of the orders of all epochs.
const MAX_ORDERS: usize = 2_000_000;
/// Most learning rates of a schedule.
const MAX_RATES: u64 = 200_000;
/// Most runs of a search.
const MAX_RUNS: usize = 2000;

/// A PyTorch script that repeats the run of `config` and prints its loss before each step.
///
/// # Errors
/// Those of the config; `problem.kind` if it is no network; `optimizer` if PyTorch has no such method or variant;
/// `stop.iterations` if the orders of so many epochs would not fit.
pub fn python_script(config: &Value) -> Result<String, Error> {
    let mut bundle = Bundle::default();
    bundle.add(&with_budget(config.clone())?)?;
    let head = format!(
        "\"\"\"One training run, exported from Descent {}.\n\nSame data, initial parameters, batches and method as there; needs PyTorch alone: pip install torch\n\"\"\"",
        env!("CARGO_PKG_VERSION")
    );
    Ok([head.as_str(), RUN, &bundle.literals(), MAIN_RUN].join("\n\n"))
}

/// A Ray Tune script that runs the same trials, each as [`python_script`] does, on as many machines as Ray has.
///
/// # Errors
/// Those of the spec and of [`python_script`], the latter at `trials[i]`; `halving`, whose trials depend on results.
pub fn ray_script(search: &Search) -> Result<String, Error> {
    search.check()?;
    let plans = search.trials();
    if plans.len() < search.len() {
        return Err(Error::new(
            "halving",
            "decides by results which trials there are, so they cannot be written down; leave it out",
        ));
    }
    let mut bundle = Bundle::default();
    let mut trials = Vec::new();
    for plan in plans {
        let at = format!("trials[{}]", plan.index);
        let configs = search
            .config(&plan)
            .and_then(|config| folded(config, search.folds()));
        let mut runs = Vec::new();
        for config in configs.map_err(|e| e.within(&at))? {
            runs.push(bundle.add(&config).map_err(|e| e.within(&at))? as f64);
        }
        trials.push(Value::map([
            ("values", plan.values),
            ("runs", Value::from(runs)),
        ]));
    }
    let score = search.score();
    let head = format!(
        "\"\"\"A search of {} trials, exported from Descent {}.\n\nSame trials, data, initial parameters and batches as there; needs: pip install torch \"ray[tune]\"\n\"\"\"",
        trials.len(),
        env!("CARGO_PKG_VERSION")
    );
    let literals = format!(
        "{}\n\nTRIALS = {}\nSCORE = {}\nMODE = {}",
        bundle.literals(),
        rows(&trials),
        literal(&Value::text(score.name())),
        literal(&Value::text(if score.rises() { "max" } else { "min" })),
    );
    Ok([head.as_str(), RUN, &literals, MAIN_SEARCH].join("\n\n"))
}

/// Runs, and what they share: each data set, start and list of orders is written once.
#[derive(Default)]
struct Bundle {
    data: Vec<Value>,
    starts: Vec<Value>,
    orders: Vec<Value>,
    runs: Vec<Value>,
}

impl Bundle {
    /// Takes in the run of a config; its number.
    fn add(&mut self, config: &Value) -> Result<usize, Error> {
        let checked = SessionConfig::from_value(config)?;
        let ProblemConfig::Network(network) = &checked.problem else {
            return Err(Error::new(
                "problem.kind",
                "only a network can be exported to PyTorch",
            ));
        };
        if checked.stop.early.is_some() {
            return Err(Error::new("stop.early", "is not exported; leave it out"));
        }
        if self.runs.len() >= MAX_RUNS {
            return Err(Error::new(
                "",
                format!("at most {MAX_RUNS} runs can be exported"),
            ));
        }
        let (optimizer, options) = torch(&checked.optimizer)?;
        let mut session = Session::new(config, || 0.0)?;
        let train = session.points("train")?;
        let val = session.points("val")?;
        let n = train.rows;
        let iterations = checked.stop.iterations.unwrap_or(0);
        let size = match checked.batch_size {
            BatchSize::Full => n,
            BatchSize::Rows(rows) => rows.min(n),
        };
        let orders = match checked.shuffle && size < n {
            true => Some(orders(n, size, iterations, checked.seeds.batch)?),
            false => None,
        };
        let scale = |values: &[f64], columns: usize| {
            if !network.standardize {
                return Value::Null;
            }
            let rows: Vec<u32> = (0..n as u32).collect();
            let fitted = Standardizer::fit(values, columns, &rows);
            Value::map([
                ("mean", Value::from(fitted.mean)),
                ("scale", Value::from(fitted.scale)),
            ])
        };
        let dataset = &network.dataset;
        let features = dataset.features.len();
        let (classes, width) = match &dataset.targets {
            Targets::Classes { names, .. } => {
                let names = names.iter().map(|name| Value::text(name.as_str()));
                (Value::List(names.collect()), None)
            }
            Targets::Values { outputs, .. } => (Value::Null, Some(*outputs)),
        };
        let part = |points: &Points| {
            let targets = match width {
                None => Value::from(points.targets.clone()),
                Some(outputs) => table(&points.targets, outputs),
            };
            Value::map([
                ("inputs", table(&points.inputs, features)),
                ("targets", targets),
            ])
        };
        let data = Value::map([
            ("train", part(&train)),
            ("val", part(&val)),
            ("classes", classes),
            ("input_scale", scale(&train.inputs, features)),
            (
                "target_scale",
                width.map_or(Value::Null, |outputs| scale(&train.targets, outputs)),
            ),
        ]);
        let a = &network.architecture;
        let sizes: Vec<f64> = a.sizes.iter().map(|n| *n as f64).collect();
        let activations = a
            .activations
            .iter()
            .map(|a| Value::text(a.name()))
            .collect();
        let index = |place: usize| Value::Number(place as f64);
        let run = Value::map([
            ("data", index(shared(&mut self.data, data))),
            (
                "start",
                index(shared(&mut self.starts, Value::from(session.parameters()))),
            ),
            (
                "orders",
                orders.map_or(Value::Null, |orders| {
                    index(shared(&mut self.orders, orders))
                }),
            ),
            ("sizes", Value::from(sizes)),
            ("activations", Value::List(activations)),
            ("loss", Value::text(a.loss.name())),
            ("l2", Value::Number(network.l2)),
            ("optimizer", Value::text(optimizer)),
            ("options", options),
            (
                "rates",
                rates(&checked, n.div_ceil(size.max(1)) as u64, iterations)?,
            ),
            (
                "batch_size",
                if size < n { index(size) } else { Value::Null },
            ),
            (
                "clip_norm",
                checked.clip_norm.map_or(Value::Null, Value::Number),
            ),
            (
                "dtype",
                Value::text(if checked.precision == Precision::F32 {
                    "float32"
                } else {
                    "float64"
                }),
            ),
            ("iterations", Value::Number(iterations as f64)),
        ]);
        self.runs.push(run);
        Ok(self.runs.len() - 1)
    }

    fn literals(&self) -> String {
        let lists = [
            ("DATA", &self.data),
            ("STARTS", &self.starts),
            ("ORDERS", &self.orders),
            ("RUNS", &self.runs),
        ];
        lists
            .map(|(name, items)| format!("{name} = {}", rows(items)))
            .join("\n")
    }
}

/// The place of `value` in `known`, where it is put if it is new.
fn shared(known: &mut Vec<Value>, value: Value) -> usize {
    known
        .iter()
        .position(|old| *old == value)
        .unwrap_or_else(|| {
            known.push(value);
            known.len() - 1
        })
}

/// The order of the training rows in each epoch of the run.
fn orders(n: usize, size: usize, iterations: u64, seed: u64) -> Result<Value, Error> {
    let epochs = iterations.div_ceil(n.div_ceil(size) as u64);
    if epochs.saturating_mul(n as u64) > MAX_ORDERS as u64 {
        let what = format!(
            "the orders of {epochs} epochs of {n} rows are more than the {MAX_ORDERS} numbers that a script may hold; take fewer iterations, or shuffle: false"
        );
        return Err(Error::new("stop.iterations", what));
    }
    let mut batches = Batches::new((0..n as u32).collect(), size, Order::Shuffled(seed));
    let epoch = |_| {
        let mut order = Vec::with_capacity(n);
        while order.len() < n {
            order.extend(batches.next_batch().iter().map(|row| f64::from(*row)));
        }
        Value::from(order)
    };
    Ok(Value::List((0..epochs).map(epoch).collect()))
}

/// The learning rate of each iteration; nothing where it is constant.
fn rates(config: &SessionConfig, per_epoch: u64, iterations: u64) -> Result<Value, Error> {
    if config.schedule == Schedule::default() {
        return Ok(Value::Null);
    }
    if iterations > MAX_RATES {
        let what = format!(
            "{iterations} learning rates are more than the {MAX_RATES} that a script may hold; take fewer iterations"
        );
        return Err(Error::new("stop.iterations", what));
    }
    let lr = config.optimizer.learning_rate();
    let at = |i: u64| config.schedule.at(lr, i as f64 / per_epoch as f64, i);
    Ok(Value::from((0..iterations).map(at).collect::<Vec<_>>()))
}

/// The class of `torch.optim` that is this method in this variant, and its arguments.
fn torch(config: &OptimizerConfig) -> Result<(&'static str, Value), Error> {
    let a = &config.args;
    let number = |name| Value::Number(a.number(name));
    let lr = || ("lr", number("lr"));
    let betas = || {
        (
            "betas",
            Value::from(vec![a.number("beta1"), a.number("beta2")]),
        )
    };
    let no = |field: &str, what: &str| {
        Err(Error::new(
            format!("optimizer.{field}"),
            format!(
                "{what} is no variant of torch.optim; choose another, or leave the run in the page"
            ),
        ))
    };
    if a.flag("eps_inside_sqrt") {
        return no("eps_inside_sqrt", "ε inside the root");
    }
    let adam = || {
        let pairs = [
            lr(),
            betas(),
            ("eps", number("eps")),
            ("amsgrad", Value::Bool(a.flag("amsgrad"))),
        ];
        pairs.to_vec()
    };
    let (name, pairs) = match config.method.name {
        "sgd" => ("SGD", vec![lr()]),
        "momentum" if a.choice("form") != "accumulate" => {
            return no(
                "form",
                &format!("momentum of the form \"{}\"", a.choice("form")),
            );
        }
        "momentum" => ("SGD", vec![lr(), ("momentum", number("beta"))]),
        "nesterov" => {
            let nesterov = ("nesterov", Value::Bool(a.number("beta") > 0.0));
            ("SGD", vec![lr(), ("momentum", number("beta")), nesterov])
        }
        "adagrad" => ("Adagrad", vec![lr(), ("eps", number("eps"))]),
        "adadelta" => (
            "Adadelta",
            vec![lr(), ("rho", number("rho")), ("eps", number("eps"))],
        ),
        "rmsprop" => (
            "RMSprop",
            vec![lr(), ("alpha", number("beta")), ("eps", number("eps"))],
        ),
        "adam" | "adamw" if !a.flag("bias_correction") => {
            return no("bias_correction", "Adam without bias correction");
        }
        "adam" => ("Adam", adam()),
        "adamw" => {
            let mut pairs = adam();
            pairs.push(("weight_decay", number("weight_decay")));
            ("AdamW", pairs)
        }
        "nadam" => {
            let decay = ("momentum_decay", number("momentum_decay"));
            ("NAdam", vec![lr(), betas(), ("eps", number("eps")), decay])
        }
        "radam" => ("RAdam", vec![lr(), betas(), ("eps", number("eps"))]),
        other => {
            return Err(Error::new(
                "optimizer.name",
                format!(
                    "{other} is not in torch.optim as it is here; exported are sgd, momentum, nesterov, adagrad, adadelta, rmsprop, adam, adamw, nadam, radam"
                ),
            ));
        }
    };
    Ok((name, Value::map(pairs)))
}

/// Rows of `width` numbers.
fn table(values: &[f64], width: usize) -> Value {
    let rows = values
        .chunks_exact(width)
        .map(|row| Value::from(row.to_vec()));
    Value::List(rows.collect())
}

/// A Python list, one item a line.
fn rows(items: &[Value]) -> String {
    let lines: String = items
        .iter()
        .map(|item| format!("    {},\n", literal(item)))
        .collect();
    format!("[\n{lines}]")
}

/// A Python literal. Numbers are the shortest decimals that read back equal.
fn literal(value: &Value) -> String {
    let mut out = String::new();
    write_literal(value, &mut out);
    out
}

fn write_literal(value: &Value, out: &mut String) {
    let separated = |out: &mut String, i: usize| {
        if i > 0 {
            out.push_str(", ");
        }
    };
    match value {
        Value::Null => out.push_str("None"),
        Value::Bool(true) => out.push_str("True"),
        Value::Bool(false) => out.push_str("False"),
        Value::Number(v) if v.is_nan() => out.push_str("float(\"nan\")"),
        Value::Number(v) if v.is_infinite() => {
            out.push_str(if *v > 0.0 {
                "float(\"inf\")"
            } else {
                "float(\"-inf\")"
            });
        }
        Value::Number(v) if v.fract() == 0.0 && v.abs() < 1e15 => out.push_str(&format!("{v}")),
        Value::Number(v) => out.push_str(&format!("{v:?}")),
        Value::Text(text) => {
            out.push('"');
            for c in text.chars() {
                match c {
                    '"' | '\\' => out.extend(['\\', c]),
                    '\n' => out.push_str("\\n"),
                    c if c.is_control() => out.push_str(&format!("\\u{:04x}", c as u32)),
                    c => out.push(c),
                }
            }
            out.push('"');
        }
        Value::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                separated(out, i);
                write_literal(item, out);
            }
            out.push(']');
        }
        Value::Map(pairs) => {
            out.push('{');
            for (i, (key, item)) in pairs.iter().enumerate() {
                separated(out, i);
                write_literal(&Value::text(key.as_str()), out);
                out.push_str(": ");
                write_literal(item, out);
            }
            out.push('}');
        }
    }
}
