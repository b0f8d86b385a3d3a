//! Linear algebra: matrices, and what solves with them.
//!
//! Factorisations are nalgebra's; the iterative solvers are methods and stand in `optim::linear`.

pub mod matrix;
pub mod qr;
pub mod vector;

pub use matrix::{Csr, Dense, Matrix};
pub use qr::Qr;
