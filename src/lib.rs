//! Descent: optimisation methods, fairly compared, on the same problem.
//!
//! > A **problem** answers questions about a function, a **method** takes one step on it, a **session** runs the loop
//! > and keeps the record, a **chart** draws the record, and the **page** sends one config and shows what comes back.
//!
//! Modules stand in reading order.

pub mod real;
pub mod error;
pub mod rng;
pub mod value;
pub mod args;
pub mod linalg;
pub mod problem;
pub mod nn;
pub mod data;
pub mod optim;
pub mod config;
pub mod catalog;
pub mod train;
pub mod tune;
pub mod plot;
#[cfg(target_arch = "wasm32")]
pub mod web;

/// The README's example in Rust, run with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
