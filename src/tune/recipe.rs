//! The basic recipe: what the errors say, what to do next, and which method the problem asks for.
//!
//! Source: the lecture, *Basic recipe for machine learning* and *Which, what and when?*; Ng, *Machine Learning Yearning*,
//! 2018, chapters 20–27 (avoidable bias, variance, and which of them to go for first).

use serde::Serialize;

use crate::args::Range;
use crate::catalog;
use crate::config::read::Reader;
use crate::config::{BatchSize, ProblemConfig, SessionConfig};
use crate::data::dataset::Task;
use crate::error::Error;
use crate::nn::Loss;
use crate::value::Value;

/// A gap below one percentage point is called small.
const SMALL_GAP: f64 = 0.01;
/// Parameters up to which the full batch can be trained with a matrix of second derivatives.
const SMALL_NETWORK: usize = 2000;

/// What the errors say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diagnosis {
    /// Training error − human-level error: what a better fit could gain.
    pub bias: f64,
    /// Validation error − training error: what better generalisation could gain.
    pub variance: f64,
    /// Test error − validation error, if the test rows were opened: what choosing by the validation rows has cost.
    pub test_gap: Option<f64>,
    /// `bias`, `variance` or `done`: the larger of the two, unless both are small.
    pub verdict: &'static str,
    /// The verdict in a sentence.
    pub summary: String,
    /// How the numbers come about, line by line.
    pub arithmetic: Vec<String>,
    /// What to do next, the first thing first.
    pub actions: Vec<Action>,
}

/// Something to try.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Action {
    /// Its name in a program, such as `bigger_model`.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// Why it should help.
    pub about: &'static str,
    /// What to set in the config to try it, by path; `None` where no config was given or it has nothing to set.
    pub values: Option<Value>,
}

/// Reads `{ human_error?, train_error, val_error, test_error? }` and says what they mean. With a config, each action
/// says what to set in it.
///
/// # Errors
/// A missing, negative or infinite error, by its name; those of the config, at `config`.
pub fn diagnose(errors: &Value, config: Option<&Value>) -> Result<Diagnosis, Error> {
    let r = Reader::new(
        errors,
        &["human_error", "train_error", "val_error", "test_error"],
    )?;
    let error = |key| r.number_in(key, Range::NON_NEGATIVE);
    let needed = |key| error(key)?.ok_or_else(|| r.error(key, "is missing; a number from 0"));
    let (human, test) = (error("human_error")?, error("test_error")?);
    let (train, val) = (needed("train_error")?, needed("val_error")?);
    let config = config.map(|value| {
        let checked = SessionConfig::from_value(value);
        checked.map_err(|e| {
            if e.path.is_empty() {
                e.within("config")
            } else {
                e
            }
        })
    });
    let config = config.transpose()?;

    let floor = human.unwrap_or(0.0);
    let (bias, variance) = (train - floor, val - train);
    let percent = [Some(train), Some(val), human, test]
        .into_iter()
        .flatten()
        .all(|e| e <= 1.0);
    let show = |v: f64| shown(v, percent);
    // Errors above 1 are losses and have no percentage points.
    let small = if percent {
        SMALL_GAP
    } else {
        SMALL_GAP * val.max(train)
    };
    let verdict = match (bias > small, variance > small) {
        (true, _) if bias >= variance => "bias",
        (_, true) => "variance",
        (true, false) => "bias",
        (false, false) => "done",
    };
    let human_name = if human.is_some() {
        "human-level error"
    } else {
        "0, as no human-level error is given"
    };
    let mut arithmetic = vec![
        format!(
            "bias = training error − {human_name} = {} − {} = {}",
            show(train),
            show(floor),
            show(bias)
        ),
        format!(
            "variance = validation error − training error = {} − {} = {}",
            show(val),
            show(train),
            show(variance)
        ),
    ];
    let test_gap = test.map(|test| test - val);
    if let (Some(test), Some(gap)) = (test, test_gap) {
        arithmetic.push(format!(
            "test error − validation error = {} − {} = {}",
            show(test),
            show(val),
            show(gap)
        ));
    }
    let summary = match verdict {
        "bias" => format!("Underfitting: the bias of {} is the larger gap, so fit the training set better first.", show(bias)),
        "variance" => format!("Overfitting: the variance of {} is the larger gap, so generalise better.", show(variance)),
        _ if test_gap.is_some_and(|gap| gap > small) => {
            "Bias and variance are small, but the test error is higher: the choices have overfitted the validation set.".to_owned()
        }
        _ => "Done: bias and variance are both small.".to_owned(),
    };
    let mut actions = match verdict {
        "bias" => BIAS.to_vec(),
        "variance" => VARIANCE.to_vec(),
        _ => Vec::new(),
    };
    if verdict != "bias" && test_gap.is_some_and(|gap| gap > small) {
        actions.push(MORE_VALIDATION);
    }
    let actions = actions.into_iter().map(|(name, title, about)| Action {
        name,
        title,
        about,
        values: config.as_ref().and_then(|config| changes(name, config)),
    });
    Ok(Diagnosis {
        bias,
        variance,
        test_gap,
        verdict,
        summary,
        arithmetic,
        actions: actions.collect(),
    })
}

type Advice = (&'static str, &'static str, &'static str);

const BIAS: [Advice; 4] = [
    (
        "bigger_model",
        "Bigger model",
        "More units or layers can represent more.",
    ),
    (
        "train_longer",
        "Train longer",
        "The training error may still be falling.",
    ),
    (
        "other_optimizer",
        "Other optimiser",
        "The parameters may be there and not be found: Adam, or another learning rate.",
    ),
    (
        "less_regularization",
        "Less regularisation",
        "The penalty on the weights holds the fit back.",
    ),
];
const VARIANCE: [Advice; 4] = [
    (
        "more_data",
        "More data",
        "More rows leave less room for a function that fits them by chance.",
    ),
    (
        "regularize",
        "Regularise",
        "A penalty on the weights prefers smoother functions.",
    ),
    (
        "stop_early",
        "Stop early",
        "Keep the parameters where the validation loss was lowest.",
    ),
    (
        "smaller_model",
        "Other architecture",
        "Fewer units cannot learn the noise by heart.",
    ),
];
const MORE_VALIDATION: Advice = (
    "cross_validate",
    "More validation data",
    "Choices made by few rows fit those rows; validate on more of them, or on folds.",
);

/// What to set in `config` for an action, if it applies.
fn changes(action: &str, config: &SessionConfig) -> Option<Value> {
    let ProblemConfig::Network(network) = &config.problem else {
        return None;
    };
    let number = |path: &str, v: f64| Some(Value::map([(path, Value::Number(v))]));
    let sizes = &network.architecture.sizes;
    let hidden = &sizes[1..sizes.len() - 1];
    let widths = |of: fn(usize) -> usize| {
        let widths = hidden.iter().map(|w| of(*w) as f64).collect::<Vec<_>>();
        Some(Value::map([("problem.layers", Value::from(widths))]))
    };
    match action {
        "bigger_model" if hidden.is_empty() => {
            Some(Value::map([("problem.layers", Value::from(vec![16.0]))]))
        }
        "bigger_model" => widths(|w| (2 * w).min(4096)),
        "smaller_model" if hidden.is_empty() => None,
        "smaller_model" => widths(|w| (w / 2).max(1)),
        "train_longer" => number("stop.iterations", 3.0 * config.stop.iterations? as f64),
        "other_optimizer" if config.optimizer.method.name == "adam" => {
            number("optimizer.lr", 3.0 * config.optimizer.learning_rate())
        }
        "other_optimizer" => {
            let adam = Value::map([("name", Value::from("adam")), ("lr", Value::Number(0.01))]);
            Some(Value::map([("optimizer", adam)]))
        }
        "less_regularization" if network.l2 > 0.0 => number("problem.l2", network.l2 / 10.0),
        "regularize" => number("problem.l2", (10.0 * network.l2).max(1e-3)),
        "more_data" => match &network.data {
            crate::config::DataConfig::Toy { args, .. } => {
                number("problem.data.n", (4.0 * args.number("n")).min(20_000.0))
            }
            _ => None,
        },
        "stop_early" => {
            let early = Value::map([("patience", Value::Number(10.0))]);
            Some(Value::map([("stop.early", early)]))
        }
        _ => None,
    }
}

/// 5 % or 0.05, without digits that say nothing.
fn shown(v: f64, percent: bool) -> String {
    let (v, unit) = if percent { (100.0 * v, " %") } else { (v, "") };
    let text = format!("{v:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    let text = if text == "-0" { "0" } else { text };
    format!("{}{unit}", text.replace('-', "−"))
}

/// Which method the lecture would pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pick {
    /// Its name in the catalogue.
    pub method: &'static str,
    /// Why.
    pub reason: String,
    /// What else would do, in the order of preference.
    pub alternatives: Vec<&'static str>,
    /// The facts that decided.
    pub facts: Vec<String>,
}

/// Names the method that the lecture would pick for the problem of `config`.
///
/// # Errors
/// Those of the config.
pub fn advise(config: &Value) -> Result<Pick, Error> {
    let config = SessionConfig::from_value(config)?;
    let (candidates, reason, facts) = match &config.problem {
        ProblemConfig::Network(network) => {
            let rows = network.dataset.rows() as f64 * network.fractions.train;
            let full = match config.batch_size {
                BatchSize::Full => true,
                BatchSize::Rows(batch) => batch as f64 >= rows,
            };
            let parameters = network.architecture.parameters().unwrap_or(usize::MAX);
            let linear = network.architecture.sizes.len() == 2;
            let squares = network.architecture.loss == Loss::Mse;
            let mut facts = vec![
                if full {
                    "full batch".to_owned()
                } else {
                    "minibatches".to_owned()
                },
                format!("{parameters} parameters"),
            ];
            if linear {
                facts.push("linear in its parameters".to_owned());
            }
            if squares && network.dataset.task() == Task::Regression {
                facts.push("least squares".to_owned());
            }
            let (candidates, reason) = network_pick(full, linear, squares, parameters);
            (candidates, reason, facts)
        }
        ProblemConfig::Surface(surface) => {
            let n = surface.start().len();
            let facts = vec![
                format!("{n} variables"),
                "exact second derivatives".to_owned(),
            ];
            (
                &["bfgs", "newton", "lbfgs", "adam"][..],
                "the whole function is seen at every step, so a second-order method is just faster; BFGS needs only gradients and cannot run to a saddle as Newton's can",
                facts,
            )
        }
        _ => (
            &["levenberg_marquardt", "gauss_newton", "lbfgs", "adam"][..],
            "half a sum of squared residuals: JᵀJ is a Hessian for the price of first derivatives, and λ keeps far starts safe",
            vec!["least squares".to_owned()],
        ),
    };
    let mut known = candidates
        .iter()
        .filter_map(|name| catalog::methods().find(|m| m.name == *name))
        .map(|m| m.name);
    let method = known.next().unwrap_or("adam");
    Ok(Pick {
        method,
        reason: reason.to_owned(),
        alternatives: known.collect(),
        facts,
    })
}

fn network_pick(
    full: bool,
    linear: bool,
    squares: bool,
    parameters: usize,
) -> (&'static [&'static str], &'static str) {
    match (full, linear, squares, parameters <= SMALL_NETWORK) {
        (false, ..) => (
            &["adam", "momentum"],
            "on minibatches the standard is Adam, the fallback SGD with momentum; second-order methods are misled by them",
        ),
        (true, true, true, true) => (
            &["newton", "gauss_newton", "lbfgs", "adam"],
            "linear least squares: the loss is a quadratic, so one Newton step solves it",
        ),
        (true, _, true, true) => (
            &["levenberg_marquardt", "lbfgs", "bfgs", "adam"],
            "a sum of squares on the full batch: Levenberg-Marquardt uses that, and the full batch allows it",
        ),
        (true, ..) => (
            &["lbfgs", "bfgs", "adam", "momentum"],
            "the full batch allows a second-order method, and L-BFGS needs no matrix",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(human: Option<f64>, train: f64, val: f64, test: Option<f64>) -> Value {
        let pair =
            |key: &str, v: Option<f64>| (key.to_owned(), v.map_or(Value::Null, Value::Number));
        Value::Map(vec![
            pair("human_error", human),
            pair("train_error", Some(train)),
            pair("val_error", Some(val)),
            pair("test_error", test),
        ])
    }

    #[test]
    fn the_lectures_example_is_bias() {
        let d = diagnose(&errors(Some(0.01), 0.05, 0.08, None), None).unwrap();
        assert_eq!(d.verdict, "bias");
        assert_eq!(
            d.arithmetic,
            [
                "bias = training error − human-level error = 5 % − 1 % = 4 %",
                "variance = validation error − training error = 8 % − 5 % = 3 %",
            ]
        );
        assert_eq!(d.actions[0].name, "bigger_model");
    }

    #[test]
    fn the_larger_gap_decides() {
        for (human, train, val, test, verdict) in [
            (Some(0.01), 0.02, 0.15, None, "variance"),
            (Some(0.01), 0.15, 0.16, None, "bias"),
            (Some(0.01), 0.15, 0.30, None, "variance"),
            (Some(0.14), 0.15, 0.155, None, "done"),
            (None, 0.005, 0.01, Some(0.012), "done"),
            (Some(0.05), 0.02, 0.03, None, "done"),
            (None, 0.0, 0.0, None, "done"),
        ] {
            let d = diagnose(&errors(human, train, val, test), None).unwrap();
            assert_eq!(d.verdict, verdict, "{human:?} {train} {val}");
            assert_eq!(d.actions.is_empty(), verdict == "done");
        }
        let overfitted = diagnose(&errors(None, 0.005, 0.01, Some(0.09)), None).unwrap();
        assert_eq!(overfitted.verdict, "done");
        assert_eq!(overfitted.actions[0].name, "cross_validate");
    }

    #[test]
    fn wrong_errors_are_named() {
        for (text, expected) in [
            (
                r#"{"train_error": 0.1}"#,
                "val_error: is missing; a number from 0",
            ),
            (
                r#"{"train_error": -0.1, "val_error": 0}"#,
                "train_error: -0.1 is outside [0, ∞)",
            ),
            (
                r#"{"train_error": "x", "val_error": 0}"#,
                "train_error: \"x\" is not a number in [0, ∞)",
            ),
            (
                r#"{"training": 1}"#,
                "training: no such field; known here: human_error, train_error, val_error, test_error",
            ),
            (
                "3",
                "3 is not an object with human_error, train_error, val_error, test_error",
            ),
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(diagnose(&value, None).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn every_action_of_a_config_makes_a_config() {
        let config = r#"{"problem": {"kind": "network", "data": {"name": "moons"}, "l2": 0.01},
            "optimizer": {"name": "sgd"}, "stop": {"iterations": 100}}"#;
        let config: Value = serde_json::from_str(config).unwrap();
        let mut tried = 0;
        for (train, val) in [(0.3, 0.31), (0.01, 0.3)] {
            let d = diagnose(&errors(None, train, val, None), Some(&config)).unwrap();
            for action in d.actions {
                let mut changed = config.clone();
                for (path, value) in action.values.unwrap().entries() {
                    crate::tune::path::set(&mut changed, path, value.clone()).unwrap();
                }
                SessionConfig::from_value(&changed).unwrap();
                tried += 1;
            }
        }
        assert_eq!(tried, 8);
    }

    #[test]
    fn the_adviser_looks_at_the_problem() {
        let pick = |problem: &str, batch: &str| {
            let text = format!(
                r#"{{"problem": {problem}, "optimizer": {{"name": "sgd"}}, "batch_size": {batch}}}"#
            );
            let pick = advise(&serde_json::from_str(&text).unwrap()).unwrap();
            assert!(catalog::methods().any(|m| m.name == pick.method));
            [pick.method]
                .into_iter()
                .chain(pick.alternatives)
                .collect::<Vec<_>>()
        };
        assert_eq!(
            pick(r#"{"kind": "network", "data": {"name": "moons"}}"#, "16"),
            ["adam", "momentum"]
        );
        let surface = pick(r#"{"kind": "surface", "name": "rosenbrock"}"#, "16");
        assert!(surface.contains(&"adam"));
    }
}
