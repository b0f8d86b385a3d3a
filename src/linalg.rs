//! Linear algebra: matrices, what solves with them, and what can be known of them beforehand.
//!
//! Factorisations are nalgebra's; the iterative solvers are methods and stand in `optim::linear`.

pub mod definite;
pub mod eigen;
pub mod factor;
pub mod matrix;
pub mod preconditioner;
pub mod qr;
pub mod quasi_definite;
pub mod spectrum;
pub mod vector;

pub use definite::Definite;
pub use eigen::Eigen;
pub use factor::{Cholesky, Lu, Pivot};
pub use matrix::{Csr, Dense, Matrix, Row};
pub use preconditioner::Preconditioner;
pub use qr::Qr;
pub use quasi_definite::QuasiDefinite;
