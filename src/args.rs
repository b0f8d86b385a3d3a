//! Declared fields: what may stand in a config, its range and its default, in one table.
//!
//! A method, a schedule or a problem lists its [`Field`]s once. From that list come the parser with its error
//! messages, the normalised config, the catalogue, and so the controls of the page.

use crate::error::Error;
use crate::value::Value;

/// One named entry of a config.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The key in the config, such as `beta1`.
    pub name: &'static str,
    /// The symbol of the equation, in Unicode, such as `β₁`.
    pub symbol: &'static str,
    /// What it is, in a few words.
    pub label: &'static str,
    /// Type, range and default.
    pub kind: Kind,
}

/// Type, range and default of a field.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A real number.
    Number {
        /// Value where none is given.
        default: f64,
        /// Allowed values.
        range: Range,
    },
    /// A whole number from `min` to `max`, both allowed.
    Integer {
        /// Value where none is given.
        default: u32,
        /// Smallest allowed value.
        min: u32,
        /// Largest allowed value.
        max: u32,
    },
    /// `true` or `false`.
    Flag {
        /// Value where none is given.
        default: bool,
    },
    /// One of some words.
    Choice {
        /// The words; the first is the default.
        options: &'static [&'static str],
    },
}

/// An interval of real numbers; infinite ends are never included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    /// Lower end.
    pub min: f64,
    /// Upper end.
    pub max: f64,
    /// Whether `min` itself is allowed.
    pub min_included: bool,
    /// Whether `max` itself is allowed.
    pub max_included: bool,
}

impl Range {
    /// x ≥ 0.
    pub const NON_NEGATIVE: Self = Self {
        min: 0.0,
        max: f64::INFINITY,
        min_included: true,
        max_included: false,
    };
    /// x > 0.
    pub const POSITIVE: Self = Self {
        min: 0.0,
        max: f64::INFINITY,
        min_included: false,
        max_included: false,
    };
    /// 0 ≤ x < 1.
    pub const UNIT: Self = Self {
        min: 0.0,
        max: 1.0,
        min_included: true,
        max_included: false,
    };
    /// Every finite number.
    pub const FINITE: Self = Self {
        min: f64::NEG_INFINITY,
        max: f64::INFINITY,
        min_included: false,
        max_included: false,
    };

    /// The closed interval from `min` to `max`.
    pub const fn closed(min: f64, max: f64) -> Self {
        Self {
            min,
            max,
            min_included: true,
            max_included: true,
        }
    }

    /// Whether `v` lies inside; NaN does not.
    pub fn contains(&self, v: f64) -> bool {
        (v > self.min || self.min_included && v == self.min)
            && (v < self.max || self.max_included && v == self.max)
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let left = if self.min_included { '[' } else { '(' };
        let right = if self.max_included { ']' } else { ')' };
        let end = |v: f64| {
            if v.is_infinite() {
                if v > 0.0 {
                    "∞".to_owned()
                } else {
                    "−∞".to_owned()
                }
            } else {
                v.to_string()
            }
        };
        write!(f, "{left}{}, {}{right}", end(self.min), end(self.max))
    }
}

impl Field {
    /// A real number.
    pub const fn number(
        name: &'static str,
        symbol: &'static str,
        label: &'static str,
        default: f64,
        range: Range,
    ) -> Self {
        Self {
            name,
            symbol,
            label,
            kind: Kind::Number { default, range },
        }
    }

    /// A whole number.
    pub const fn integer(
        name: &'static str,
        symbol: &'static str,
        label: &'static str,
        default: u32,
        min: u32,
        max: u32,
    ) -> Self {
        Self {
            name,
            symbol,
            label,
            kind: Kind::Integer { default, min, max },
        }
    }

    /// A yes or no.
    pub const fn flag(
        name: &'static str,
        symbol: &'static str,
        label: &'static str,
        default: bool,
    ) -> Self {
        Self {
            name,
            symbol,
            label,
            kind: Kind::Flag { default },
        }
    }

    /// One of `options`, the first by default.
    pub const fn choice(
        name: &'static str,
        symbol: &'static str,
        label: &'static str,
        options: &'static [&'static str],
    ) -> Self {
        Self {
            name,
            symbol,
            label,
            kind: Kind::Choice { options },
        }
    }

    /// The value where none is given.
    pub fn default(&self) -> Value {
        match self.kind {
            Kind::Number { default, .. } => Value::Number(default),
            Kind::Integer { default, .. } => Value::Number(f64::from(default)),
            Kind::Flag { default } => Value::Bool(default),
            Kind::Choice { options } => Value::text(options.first().copied().unwrap_or_default()),
        }
    }

    /// `value` if it is allowed here; otherwise an error at `self.name` that says what is.
    pub fn check(&self, value: &Value) -> Result<Value, Error> {
        let wrong = |what: String| Err(Error::new(self.name, what));
        match (self.kind, value) {
            (Kind::Number { range, .. }, Value::Number(v)) if range.contains(*v) => {
                Ok(Value::Number(*v))
            }
            (Kind::Number { range, .. }, Value::Number(v)) => {
                wrong(format!("{v} is outside {range}"))
            }
            (Kind::Number { range, .. }, other) => {
                wrong(format!("{other} is not a number in {range}"))
            }
            (Kind::Integer { min, max, .. }, Value::Number(v))
                if v.fract() == 0.0 && *v >= f64::from(min) && *v <= f64::from(max) =>
            {
                Ok(Value::Number(*v))
            }
            (Kind::Integer { min, max, .. }, other) => {
                wrong(format!("{other} is not a whole number from {min} to {max}"))
            }
            (Kind::Flag { .. }, Value::Bool(b)) => Ok(Value::Bool(*b)),
            (Kind::Flag { .. }, other) => wrong(format!("{other} is neither true nor false")),
            (Kind::Choice { options }, Value::Text(t)) if options.contains(&t.as_str()) => {
                Ok(value.clone())
            }
            (Kind::Choice { options }, other) => {
                wrong(format!("{other} is not one of {}", options.join(", ")))
            }
        }
    }
}

/// The checked values of a list of fields, defaults filled in.
#[derive(Debug, Clone, PartialEq)]
pub struct Args(Vec<(&'static str, Value)>);

impl Args {
    /// Reads `fields` from `map`. Keys in `besides` belong to the caller; any other key that is no field is an error.
    pub fn read(fields: &[Field], map: &Value, besides: &[&str]) -> Result<Self, Error> {
        let known = || fields.iter().map(|f| f.name).chain(besides.iter().copied());
        for (key, _) in map.entries() {
            if !known().any(|k| k == key) {
                return Err(unknown_key(key, known()));
            }
        }
        fields
            .iter()
            .map(|field| match map.get(field.name) {
                None => Ok((field.name, field.default())),
                Some(value) => Ok((field.name, field.check(value)?)),
            })
            .collect::<Result<Vec<_>, Error>>()
            .map(Self)
    }

    /// The defaults of `fields`.
    pub fn defaults(fields: &[Field]) -> Self {
        Self(fields.iter().map(|f| (f.name, f.default())).collect())
    }

    /// The same with `name` set to `value`; for code that builds a config by hand.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        if let Some(slot) = self.0.iter_mut().find(|(n, _)| *n == name) {
            slot.1 = value.into();
        }
        self
    }

    /// A [`Kind::Number`] or [`Kind::Integer`]; NaN if there is no such field (a fault of the program, found by the
    /// catalogue's own test).
    pub fn number(&self, name: &str) -> f64 {
        match self.value(name) {
            Some(Value::Number(v)) => *v,
            _ => f64::NAN,
        }
    }

    /// A [`Kind::Flag`].
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Bool(true)))
    }

    /// A [`Kind::Choice`].
    pub fn choice(&self, name: &str) -> &str {
        match self.value(name) {
            Some(Value::Text(t)) => t,
            _ => "",
        }
    }

    /// All values, in the order of the fields.
    pub fn entries(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    fn value(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

/// The error for a key that means nothing here; names the keys that would.
pub fn unknown_key<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let key: String = key.chars().take(60).collect();
    Error::new(
        key,
        format!(
            "no such field; known here: {}",
            known.collect::<Vec<_>>().join(", ")
        ),
    )
}
