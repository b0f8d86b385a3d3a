//! The basic recipe: what the errors say, what to do next, and which method the problem asks for.
//!
//! Source: the lecture, *Basic recipe for machine learning* and *Which, what and when?*; Ng, *Machine Learning Yearning*,
//! 2018, chapters 20–27 (avoidable bias, variance, and which of them to go for first).

use serde::Serialize;

use crate::args::Range;
use crate::config::read::Reader;
use crate::config::{BatchSize, ProblemConfig, SessionConfig};
use crate::error::Error;
use crate::nn::Loss;
use crate::train::Session;
use crate::tune::path;
use crate::value::Value;

/// A gap below one percentage point is called small.
const SMALL_GAP: f64 = 0.01;
/// Unknowns up to which a matrix is factored without a thought.
const SMALL_SYSTEM: usize = 1000;
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

/// Names the method that the lecture would pick for the problem of `config`, among those that can run on it.
///
/// # Errors
/// Those of the config; a problem on which no method starts.
pub fn advise(config: &Value) -> Result<Pick, Error> {
    let checked = SessionConfig::from_value(config)?;
    let (candidates, facts) = candidates(&checked, config)?;
    let mut able = candidates
        .iter()
        .filter(|(method, _)| starts(config, method));
    let (method, reason) = able.next().ok_or_else(|| {
        Error::new(
            "problem",
            "none of the methods that would suit it starts on it",
        )
    })?;
    Ok(Pick {
        method,
        reason: (*reason).to_owned(),
        alternatives: able.map(|(method, _)| *method).collect(),
        facts,
    })
}

/// A method and why one would pick it.
type Candidate = (&'static str, &'static str);

const ADAM: Candidate = (
    "adam",
    "the standard on minibatches, and the one that needs the least tuning",
);
const MOMENTUM: Candidate = (
    "momentum",
    "SGD with momentum is the fallback where Adam does not do",
);
const LBFGS: Candidate = (
    "lbfgs",
    "the whole function is seen at every step, so a second-order method is just faster, and L-BFGS needs no matrix",
);
const BFGS: Candidate = (
    "bfgs",
    "the whole function is seen at every step, so a second-order method is just faster; BFGS needs only gradients and does not run to a saddle as Newton's method can",
);
const NEWTON: Candidate = (
    "newton",
    "exact second derivatives are at hand: near the minimum nothing is faster",
);
const ONE_STEP: Candidate = (
    "newton",
    "the loss is a quadratic in the parameters, so one Newton step solves it",
);
const MARQUARDT: Candidate = (
    "levenberg_marquardt",
    "half a sum of squares: JᵀJ is a Hessian for the price of first derivatives, and λ makes far starts safe",
);
const GAUSS_NEWTON: Candidate = (
    "gauss_newton",
    "half a sum of squares, and without λ the last steps are the fastest",
);
const CHOLESKY: Candidate = (
    "cholesky",
    "symmetric and small: if it is positive definite, factoring it is the cheapest exact answer",
);
const LU: Candidate = (
    "lu",
    "small enough to factor, and LU asks nothing of the matrix; gradient descent is not a way to solve a linear system",
);
const QR: Candidate = ("qr", "stable whatever the matrix, at twice the price of LU");
const INTERIOR_POINT: Candidate = (
    "interior_point",
    "a convex program by its matrices: an interior-point method takes a handful of steps, and proves it where there is no solution",
);
const LAGRANGE_NEWTON: Candidate = (
    "lagrange_newton",
    "equalities alone: Newton's method on the conditions of Lagrange converges quadratically",
);
const AUGMENTED: Candidate = (
    "augmented_lagrangian",
    "constraints of any kind: the multipliers are found as it goes, and the penalty stays moderate",
);
const PROXIMAL: Candidate = (
    "projected_gradient",
    "what is not smooth has a proximal map in closed form, so a gradient step and that map are all there is to do",
);
const ADMM: Candidate = (
    "admm",
    "it splits in a linear system, factored once, and a projection",
);
const CG: Candidate = (
    "cg",
    "symmetric and large: conjugate gradients need only products with the matrix",
);
const PCG: Candidate = (
    "pcg",
    "symmetric and large: conjugate gradients need only products with the matrix, and a preconditioner saves most of them",
);

/// Methods for the problem, the first choice first, and the facts that led to them.
fn candidates(
    config: &SessionConfig,
    value: &Value,
) -> Result<(Vec<Candidate>, Vec<String>), Error> {
    match &config.problem {
        ProblemConfig::Network(network) => {
            let rows = network.dataset.rows() as f64 * network.fractions.train;
            let full = match config.batch_size {
                BatchSize::Full => true,
                BatchSize::Rows(batch) => batch as f64 >= rows,
            };
            let parameters = network.architecture.parameters().unwrap_or(usize::MAX);
            let linear = network.architecture.sizes.len() == 2;
            let squares = network.architecture.loss == Loss::Mse;
            let batch = if full { "full batch" } else { "minibatches" };
            let mut facts = vec![batch.to_owned(), format!("{parameters} parameters")];
            facts.extend(linear.then(|| "linear in its parameters".to_owned()));
            facts.extend(squares.then(|| "least squares".to_owned()));
            Ok((network_candidates(full, linear, squares, parameters), facts))
        }
        ProblemConfig::Surface(surface) => {
            let facts = vec![
                format!("{} variables", surface.start().len()),
                "no data: every step sees the whole function".to_owned(),
            ];
            Ok((vec![BFGS, NEWTON, LBFGS, ADAM], facts))
        }
        ProblemConfig::LeastSquares(_) => Ok((
            vec![MARQUARDT, GAUSS_NEWTON, LBFGS, ADAM],
            vec!["least squares".to_owned()],
        )),
        ProblemConfig::LinearSystem(_) => {
            let info = Session::new(value, || 0.0)?.info();
            let system = info.linear_system.as_ref();
            let symmetric = system.is_some_and(|system| system.symmetric);
            let indefinite = system.is_some_and(|system| system.positive_definite == Some(false));
            let kind = match (symmetric, indefinite) {
                (true, false) => "symmetric",
                (true, true) => "symmetric, not positive definite",
                (false, _) => "not symmetric",
            };
            let facts = vec![format!("{} unknowns", info.dim), kind.to_owned()];
            let candidates = match (symmetric && !indefinite, info.dim <= SMALL_SYSTEM) {
                (true, true) => vec![CHOLESKY, CG, LU],
                (true, false) => vec![PCG, CG],
                (false, _) => vec![LU, QR],
            };
            Ok((candidates, facts))
        }
        ProblemConfig::Constrained(_) => {
            let info = Session::new(value, || 0.0)?.info();
            let mut facts = vec![format!("{} unknowns", info.dim)];
            facts.extend(info.constrained.map(|constrained| {
                let (p, m) = (constrained.equalities, constrained.inequalities);
                format!("{p} equalities, {m} inequalities")
            }));
            let candidates = vec![INTERIOR_POINT, LAGRANGE_NEWTON, PROXIMAL, AUGMENTED, ADMM];
            Ok((candidates, facts))
        }
    }
}

fn network_candidates(
    full: bool,
    linear: bool,
    squares: bool,
    parameters: usize,
) -> Vec<Candidate> {
    match (full, linear, squares, parameters <= SMALL_NETWORK) {
        (false, ..) => vec![ADAM, MOMENTUM],
        (true, true, true, true) => vec![ONE_STEP, GAUSS_NEWTON, LBFGS, ADAM],
        (true, _, true, true) => vec![MARQUARDT, LBFGS, BFGS, ADAM],
        (true, _, _, true) => vec![LBFGS, BFGS, ADAM, MOMENTUM],
        (true, ..) => vec![LBFGS, ADAM, MOMENTUM],
    }
}

/// Whether a run with this method and its defaults would start.
fn starts(config: &Value, method: &str) -> bool {
    let mut config = config.clone();
    let optimizer = Value::map([("name", Value::from(method))]);
    let settings = [
        ("optimizer", optimizer),
        ("precision", Value::from("f64")),
        ("clip_norm", Value::Null),
    ];
    let set = settings
        .into_iter()
        .try_for_each(|(at, value)| path::set(&mut config, at, value));
    set.and_then(|()| Session::new(&config, || 0.0)).is_ok()
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
            advise(&serde_json::from_str(&text).unwrap())
                .unwrap()
                .method
        };
        let moons = r#"{"kind": "network", "data": {"name": "moons"}}"#;
        assert_eq!(pick(moons, "16"), "adam");
        assert_eq!(
            pick(r#"{"kind": "surface", "name": "rosenbrock"}"#, "16"),
            "bfgs"
        );
        let model = r#"{"kind": "least_squares", "model": "b1*exp(b2*x)", "x": [0, 1, 2], "y": [1, 2, 5], "start": [1, 1]}"#;
        assert_eq!(pick(model, "16"), "levenberg_marquardt");
        let system = |a: &str| pick(&format!(r#"{{"kind": "linear_system", "a": {a}}}"#), "16");
        assert_eq!(system("[[4, 1], [1, 3]]"), "cholesky");
        assert_eq!(system("[[4, 1], [2, 3]]"), "lu");
        assert_eq!(system("[[1, 2], [2, 1]]"), "lu");
        assert_eq!(system(r#"{"name": "poisson_2d", "n": 60}"#), "pcg");
        let under = |rest: &str| {
            pick(
                &format!(r#"{{"kind": "constrained", "objective": {rest}}}"#),
                "16",
            )
        };
        assert_eq!(under(r#"{"q": [1, 2]}, "lower": 0"#), "interior_point");
        assert_eq!(
            under(r#""x^4 + y", "equality": ["x*y"]"#),
            "lagrange_newton"
        );
        assert_eq!(
            under(r#""x^4 + y", "inequality": ["x*y"]"#),
            "augmented_lagrangian"
        );
        assert_eq!(under(r#""x^4 - y", "upper": [1, 2]"#), "projected_gradient");
        assert_eq!(
            under(r#"{"lasso": {"a": [[1]], "b": [2]}}"#),
            "projected_gradient"
        );
    }
}
