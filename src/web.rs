//! The browser's side: the only modules that name wasm-bindgen and its relatives.

pub mod bindings;
pub mod canvas;
pub mod landscape;
mod read;
mod trial_charts;
pub mod tuning;
