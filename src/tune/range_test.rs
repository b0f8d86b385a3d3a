//! The learning-rate range test: one run whose rate climbs, to see from where on it learns and where it breaks.
//!
//! Source: Smith, *Cyclical Learning Rates for Training Neural Networks*, 2017, section 3.3; with the rate growing by a
//! constant factor, as in Gugger's and Howard's `lr_find`.

use serde::Serialize;

use super::path;
use crate::args::Range;
use crate::config::read::Reader;
use crate::error::Error;
use crate::train::Session;
use crate::train::session::Clock;
use crate::value::Value;

/// Most steps of a climb.
const MAX_STEPS: f64 = 100_000.0;
/// A smoothed loss of so many times the lowest ends the test.
const BLOWN: f64 = 4.0;

/// What the climb showed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RangeTest {
    /// The rate of each step.
    pub lr: Vec<f64>,
    /// The loss of its batch.
    pub loss: Vec<f64>,
    /// The smoothed loss.
    pub ema: Vec<f64>,
    /// The rate where the smoothed loss falls fastest against log α: a good rate. `None` where it never falls.
    pub steepest: Option<f64>,
    /// The rate of the lowest smoothed loss: the largest that may do.
    pub lowest: Option<f64>,
    /// `config` with the schedule of the test, to watch it as a session.
    pub config: Value,
}

/// Runs `config` with a rate that climbs from `min_lr` (10⁻⁶) to `max_lr` (10) over `iterations` (200), α growing by the
/// same factor with each. It ends early when the smoothed loss is four times the lowest.
///
/// # Errors
/// Those of the config; of the options by their names.
pub fn range_test(config: &Value, options: &Value, clock: Clock) -> Result<RangeTest, Error> {
    let r = Reader::new(options, &["min_lr", "max_lr", "iterations"])?;
    let min = r.number_in("min_lr", Range::POSITIVE)?.unwrap_or(1e-6);
    let max = r.number_in("max_lr", Range::POSITIVE)?.unwrap_or(10.0);
    if max <= min {
        return Err(r.error(
            "max_lr",
            format!("{max} is not above min_lr, which is {min}"),
        ));
    }
    let steps = r.whole("iterations", 2.0, MAX_STEPS)?.unwrap_or(200.0) as u64;
    let growth = libm::log(max / min) / (steps - 1) as f64;
    let boundaries = (0..steps).map(|t| {
        let lr = (min * libm::exp(growth * t as f64)).clamp(min, max);
        Value::from(vec![t as f64, lr])
    });
    let schedule = Value::map([
        ("name", Value::from("piecewise")),
        ("unit", Value::from("iteration")),
        ("boundaries", Value::List(boundaries.collect())),
    ]);
    let mut config = config.clone();
    let stop = Value::map([("iterations", Value::Number(steps as f64))]);
    let record = [("record.every", 1.0), ("record.validate_every", 0.0)];
    path::set(&mut config, "schedule", schedule)?;
    path::set(&mut config, "stop", stop)?;
    for (at, value) in record {
        path::set(&mut config, at, Value::Number(value))?;
    }
    let mut session = Session::new(&config, clock)?;
    climb(&mut session, steps);
    let history = session.history();
    let column = |name| history.column(name).unwrap_or_default().to_vec();
    let (lr, loss, ema) = (column("lr"), column("loss"), column("ema"));
    let (steepest, lowest) = suggestions(&lr, &ema);
    Ok(RangeTest {
        lr,
        loss,
        ema,
        steepest,
        lowest,
        config,
    })
}

fn climb(session: &mut Session, steps: u64) {
    let mut lowest = f64::INFINITY;
    for _ in 0..steps {
        let report = session.train_step(1);
        let ema = session
            .history()
            .column("ema")
            .and_then(|ema| ema.last().copied());
        let ema = ema.unwrap_or(f64::NAN);
        lowest = lowest.min(ema);
        if report.status != "running" || ema > BLOWN * lowest && lowest > 0.0 {
            return;
        }
    }
}

/// The rates of the steepest fall and of the lowest point of the smoothed loss.
fn suggestions(lr: &[f64], ema: &[f64]) -> (Option<f64>, Option<f64>) {
    let finite = ema.iter().take_while(|v| v.is_finite()).count();
    let lowest = (0..finite).min_by(|a, b| ema[*a].total_cmp(&ema[*b]));
    let Some(lowest) = lowest else {
        return (None, None);
    };
    // Rates are evenly spaced on the logarithmic axis, so differences of the loss are its slopes.
    let slope = |i: usize| ema[i + 1] - ema[i - 1];
    let steepest = (1..lowest).min_by(|a, b| slope(*a).total_cmp(&slope(*b)));
    let steepest = steepest.filter(|i| slope(*i) < 0.0).map(|i| lr[i]);
    (steepest, Some(lr[lowest]))
}
