//! What can be asked of a function: the oracles.
//!
//! A problem answers questions about f: ℝⁿ → ℝ at a point; it knows no method. Values are `f64` whatever the
//! precision of the point.

pub mod formula;
pub mod surface;

use crate::real::Real;

/// A function of a flat parameter slice.
///
/// Methods take `&mut self` because an objective may keep work space; the answers depend on the point (and on the
/// current minibatch) only.
pub trait Objective<T: Real = f64> {
    /// n, the number of parameters.
    fn dim(&self) -> usize;

    /// f(x). Not finite where f is not defined.
    fn value(&mut self, x: &[T]) -> f64;

    /// f(x), with ∇f(x) written to `g` (length n).
    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64;

    /// Second derivatives, where the objective has them.
    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        None
    }
}

/// An objective that knows its second derivatives.
pub trait Hessian<T: Real = f64> {
    /// ∇²f(x), written to `h` (n·n, row-major, symmetric).
    fn hessian(&mut self, x: &[T], h: &mut [T]);
}
