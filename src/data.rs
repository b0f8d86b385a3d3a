//! Data: rows of numbers with targets, where they come from, and how they are dealt out.
//!
//! A [`Dataset`] is generated ([`toy`]), read from text ([`csv`]) or looked up by name ([`registry`]).
//! [`mod@split`] deals its rows to training, validation and test; [`batches`] deals the training rows to steps.

pub mod batches;
pub mod csv;
pub mod dataset;
pub mod folds;
pub mod registry;
pub mod split;
pub mod toy;

pub use batches::{Batches, Order};
pub use dataset::{Dataset, Targets, Task};
pub use split::{Fractions, Split, Standardizer, split};
