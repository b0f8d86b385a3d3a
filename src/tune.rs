//! Learning, and not only optimising: searches over any path of the config, cross-validation, the basic recipe.
//!
//! A search is data: it says which trials there are, and runs one. It knows no thread, so that a page may share the
//! trials among as many workers as it likes; every trial has the same bits wherever and whenever it runs.

pub mod axis;
pub mod export;
pub mod path;
pub mod range_test;
pub mod recipe;
pub mod search;
pub mod trial;

pub use search::{Search, SearchResult, TrialPlan};
pub use trial::{Trial, TrialResult, cross_validate};
