//! One axis of a search: the values that a path of the config takes.

use rand::RngExt;

use crate::args::{Range, unknown_key};
use crate::config::read::Reader;
use crate::error::Error;
use crate::rng::Rng;
use crate::value::Value;

/// Most points of a grid along one axis.
const MAX_STEPS: f64 = 10_000.0;

/// A path of the config and the values that it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The path, such as `optimizer.lr`.
    pub path: String,
    /// Its values.
    pub values: Values,
}

/// The values of an axis.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// These; any value that may stand at the path.
    List(Vec<Value>),
    /// All numbers from one to another.
    Interval(Interval),
}

/// All numbers, or whole numbers, from `min` to `max`, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub min: f64,
    /// Upper end, at least `min`.
    pub max: f64,
    /// What is evenly spread over it.
    pub scale: Scale,
    /// Whether only whole numbers are meant.
    pub integer: bool,
    /// Points of a grid.
    pub steps: Option<usize>,
}

/// What is evenly spread over an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// The numbers.
    Linear,
    /// Their logarithms: as many between 0.001 and 0.01 as between 0.1 and 1.
    Log,
}

impl Axis {
    /// Reads an array of values or `{ min, max, scale?, integer?, steps? }`. Paths in errors are relative to it.
    pub fn from_value(path: &str, value: &Value) -> Result<Self, Error> {
        let values = match value {
            Value::List(items) if !items.is_empty() => Values::List(items.clone()),
            Value::Map(_) => Values::Interval(Interval::from_value(value)?),
            other => {
                let what = match other {
                    Value::List(_) => "an empty array".to_owned(),
                    other => other.to_string(),
                };
                return Err(Error::new(
                    "",
                    format!(
                        "{what} is neither an array of values nor {{ min, max, scale, integer, steps }}"
                    ),
                ));
            }
        };
        Ok(Self {
            path: path.to_owned(),
            values,
        })
    }

    /// The points of a grid along this axis.
    ///
    /// # Errors
    /// At the empty path: an interval that does not say of how many points.
    pub fn grid(&self) -> Result<Vec<Value>, Error> {
        match &self.values {
            Values::List(items) => Ok(items.clone()),
            Values::Interval(interval) => interval.grid(),
        }
    }

    /// One value, drawn. Always one draw, whatever the axis.
    pub fn draw(&self, rng: &mut Rng) -> Value {
        let u = rng.random::<f64>();
        match &self.values {
            Values::List(items) => {
                let at = (u * items.len() as f64) as usize;
                items[at.min(items.len() - 1)].clone()
            }
            Values::Interval(interval) => Value::Number(interval.draw(u)),
        }
    }

    /// Values to try before a search begins: all of a list, both ends of an interval.
    pub fn samples(&self) -> Vec<Value> {
        match &self.values {
            Values::List(items) => items.clone(),
            Values::Interval(i) => vec![Value::Number(i.min), Value::Number(i.max)],
        }
    }
}

impl Interval {
    fn from_value(value: &Value) -> Result<Self, Error> {
        const KEYS: &[&str] = &["min", "max", "scale", "integer", "steps"];
        if let Some((key, _)) = value.entries().find(|(key, _)| !KEYS.contains(key)) {
            return Err(unknown_key(key, KEYS.iter().copied()));
        }
        let r = Reader::new(value, KEYS)?;
        let end = |key| {
            let number = r.number_in(key, Range::FINITE)?;
            number.ok_or_else(|| r.error(key, "is missing; an interval needs min and max"))
        };
        let interval = Self {
            min: end("min")?,
            max: end("max")?,
            scale: match r.choice("scale", &["linear", "log"])? {
                Some("log") => Scale::Log,
                _ => Scale::Linear,
            },
            integer: r.flag("integer")?.unwrap_or(false),
            steps: r.whole("steps", 1.0, MAX_STEPS)?.map(|n| n as usize),
        };
        let Self { min, max, .. } = interval;
        if max < min {
            return Err(r.error("max", format!("{max} is below min, which is {min}")));
        }
        if interval.scale == Scale::Log && min <= 0.0 {
            return Err(r.error(
                "min",
                format!("{min} is outside {}, where logarithms are", Range::POSITIVE),
            ));
        }
        if interval.integer && (min.fract() != 0.0 || max.fract() != 0.0) {
            return Err(r.error("integer", "min and max must then be whole numbers"));
        }
        Ok(interval)
    }

    fn grid(&self) -> Result<Vec<Value>, Error> {
        let steps = self.steps.ok_or_else(|| {
            Error::new(
                "steps",
                "is missing; a grid needs the number of points between min and max",
            )
        })?;
        let mut points: Vec<f64> = (0..steps)
            .map(|i| match (i, steps) {
                (0, _) => self.min,
                (i, n) if i + 1 == n => self.max,
                (i, n) => self.at(i as f64 / (n - 1) as f64),
            })
            .map(|v| if self.integer { v.round() } else { v })
            .collect();
        points.dedup();
        Ok(points.into_iter().map(Value::Number).collect())
    }

    /// The point `part` of the way along.
    fn at(&self, part: f64) -> f64 {
        let v = match self.scale {
            Scale::Linear => self.min + part * (self.max - self.min),
            Scale::Log => {
                let (low, high) = (libm::log(self.min), libm::log(self.max));
                libm::exp(low + part * (high - low))
            }
        };
        v.clamp(self.min, self.max)
    }

    /// The number for a u that is uniform in [0, 1).
    fn draw(&self, u: f64) -> f64 {
        if !self.integer {
            return self.at(u);
        }
        // Every whole number has the unit interval above it.
        let wider = Self {
            max: self.max + 1.0,
            ..*self
        };
        wider.at(u).floor().clamp(self.min, self.max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Stream, stream};

    fn interval(min: f64, max: f64, scale: Scale, integer: bool, steps: usize) -> Interval {
        let steps = Some(steps);
        Interval {
            min,
            max,
            scale,
            integer,
            steps,
        }
    }

    #[test]
    fn grids_are_even_on_their_scale_and_end_where_they_should() {
        let numbers = |i: Interval| -> Vec<f64> {
            let grid = i.grid().unwrap();
            grid.iter().map(|v| v.as_number().unwrap()).collect()
        };
        assert_eq!(
            numbers(interval(0.0, 1.0, Scale::Linear, false, 5)),
            [0.0, 0.25, 0.5, 0.75, 1.0]
        );
        let log = numbers(interval(1e-4, 1e-1, Scale::Log, false, 4));
        for (ours, expected) in log.iter().zip([1e-4, 1e-3, 1e-2, 1e-1]) {
            // Two logarithms and an exponential, each within one unit in the last place of a number below 10.
            approx::assert_relative_eq!(*ours, expected, max_relative = 1e-14);
        }
        assert_eq!(
            numbers(interval(1.0, 3.0, Scale::Linear, true, 9)),
            [1.0, 2.0, 3.0]
        );
    }

    #[test]
    fn draws_are_uniform_on_their_scale() {
        let mut rng = stream(3, Stream::Trial, 0);
        let mut counts = [0; 4];
        let log = interval(1e-4, 1.0, Scale::Log, false, 1);
        let mut whole = [0; 3];
        let integers = interval(2.0, 4.0, Scale::Linear, true, 1);
        for _ in 0..4000 {
            let v = log.draw(rng.random());
            assert!((1e-4..=1.0).contains(&v));
            counts[((v.log10() + 4.0) as usize).min(3)] += 1;
            whole[integers.draw(rng.random()) as usize - 2] += 1;
        }
        // Five standard deviations of a binomial count of 4,000 at 1/4 and 1/3.
        assert!(
            counts.iter().all(|n| (*n - 1000_i32).abs() < 137),
            "{counts:?}"
        );
        assert!(
            whole.iter().all(|n| (*n - 1333_i32).abs() < 149),
            "{whole:?}"
        );
    }
}
