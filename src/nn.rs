//! Multilayer perceptrons over flat parameters.

pub mod activation;
pub mod curvature;
pub mod init;
mod kernels;
pub mod loss;
pub mod mlp;

pub use activation::Activation;
pub use curvature::Curvature;
pub use init::Init;
pub use loss::Loss;
pub use mlp::{Architecture, Mlp, Rows};
