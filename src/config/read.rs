//! Reading one object of the config: keys checked, each value with its path in the error.

use crate::args::{Range, unknown_key};
use crate::error::Error;
use crate::value::Value;

/// An object whose keys have been checked.
#[derive(Debug)]
pub struct Reader<'a> {
    map: Option<&'a Value>,
    path: String,
}

impl<'a> Reader<'a> {
    /// The whole document. `keys` are all that may stand in it.
    pub fn new(value: &'a Value, keys: &[&str]) -> Result<Self, Error> {
        Self::open(String::new(), Some(value), keys)
    }

    /// The object at `key`; an empty one where there is none.
    pub fn child<'b>(
        &self,
        key: &str,
        value: Option<&'b Value>,
        keys: &[&str],
    ) -> Result<Reader<'b>, Error> {
        Reader::open(self.path_of(key), value, keys)
    }

    /// The object at `path`; an empty one where there is none.
    pub fn open(path: String, map: Option<&'a Value>, keys: &[&str]) -> Result<Self, Error> {
        match map {
            None => {}
            Some(Value::Map(pairs)) => {
                if let Some((key, _)) = pairs.iter().find(|(k, _)| !keys.contains(&k.as_str())) {
                    return Err(unknown_key(key, keys.iter().copied()).within(&path));
                }
            }
            Some(other) => {
                return Err(Error::new(
                    path,
                    format!("{other} is not an object with {}", keys.join(", ")),
                ));
            }
        }
        Ok(Self { map, path })
    }

    /// The value at `key`, unless it is missing or null.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.and_then(|m| m.get(key))
    }

    /// The value at `key`, which must be there.
    pub fn required(&self, key: &str) -> Result<&'a Value, Error> {
        self.get(key).ok_or_else(|| self.error(key, "is missing"))
    }

    /// An error at `key`.
    pub fn error(&self, key: &str, message: impl Into<String>) -> Error {
        Error::new(self.path_of(key), message)
    }

    /// A whole number from `min` to `max`.
    pub fn whole(&self, key: &str, min: f64, max: f64) -> Result<Option<f64>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Number(v)) if v.fract() == 0.0 && *v >= min && *v <= max => Ok(Some(*v)),
            Some(other) => Err(self.error(
                key,
                format!("{other} is not a whole number from {min} to {max}"),
            )),
        }
    }

    /// A number in `range`.
    pub fn number_in(&self, key: &str, range: Range) -> Result<Option<f64>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Number(v)) if range.contains(*v) => Ok(Some(*v)),
            Some(Value::Number(v)) => Err(self.error(key, format!("{v} is outside {range}"))),
            Some(other) => Err(self.error(key, format!("{other} is not a number in {range}"))),
        }
    }

    /// A number above 0.
    pub fn positive(&self, key: &str) -> Result<Option<f64>, Error> {
        self.number_in(key, Range::POSITIVE)
    }

    /// `true` or `false`.
    pub fn flag(&self, key: &str) -> Result<Option<bool>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Bool(b)) => Ok(Some(*b)),
            Some(other) => Err(self.error(key, format!("{other} is neither true nor false"))),
        }
    }

    /// A string.
    pub fn text(&self, key: &str) -> Result<Option<&'a str>, Error> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::Text(t)) => Ok(Some(t)),
            Some(other) => Err(self.error(key, format!("{other} is not a string"))),
        }
    }

    /// One of some words.
    pub fn choice(
        &self,
        key: &str,
        options: &[&'static str],
    ) -> Result<Option<&'static str>, Error> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let word = options.iter().find(|o| Some(**o) == value.as_text());
        word.map(|w| Some(*w))
            .ok_or_else(|| self.error(key, format!("{value} is not one of {}", options.join(", "))))
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        }
    }
}
