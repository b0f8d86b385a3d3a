//! Misuse: an input that cannot be run as it stands.

use std::fmt;

/// A wrong input: where it stands and what is allowed there.
///
/// Displayed as `<config path>: <what is wrong, and what is allowed>`, for example
/// `optimizer.beta1: 1.5 is outside [0, 1)`. It reaches JavaScript as the message of an exception.
///
/// Failures of the arithmetic are no `Error`: see [`crate::optim::Breakdown`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// Dotted path into the config; empty where the whole input is meant.
    pub path: String,
    /// What is wrong and what is allowed, as a phrase without a full stop.
    pub message: String,
}

impl Error {
    /// An error at `path`.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            message: message.into(),
        }
    }

    /// The same error, seen from one level further out: `prefix` is put before the path.
    #[must_use]
    pub fn within(mut self, prefix: &str) -> Self {
        self.path = match (prefix.is_empty(), self.path.is_empty()) {
            (true, _) => self.path,
            (_, true) => prefix.to_owned(),
            _ if self.path.starts_with('[') => format!("{prefix}{}", self.path),
            _ => format!("{prefix}.{}", self.path),
        };
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl std::error::Error for Error {}
