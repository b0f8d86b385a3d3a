//! Running a method on a problem, fairly and reproducibly, and keeping the record.

pub mod best;
pub mod codec;
pub mod constrained;
pub mod diagnostics;
pub mod draws;
pub mod history;
pub mod landscape;
pub mod least_squares;
pub mod linear_system;
pub mod metrics;
pub mod network;
pub mod runner;
pub mod sampling;
pub mod session;
pub mod solve;
pub mod surface;
pub mod task;

pub use session::Session;
