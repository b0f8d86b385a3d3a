//! What can be asked of a function: the oracles.
//!
//! A problem answers questions about f: ℝⁿ → ℝ at a point; it knows no method. Values are `f64` whatever the
//! precision of the point.

pub mod constrained;
pub mod formula;
pub mod lasso;
pub mod least_squares;
pub mod linear_system;
pub mod quadratic_program;
pub mod surface;

use crate::linalg::Matrix;
use crate::real::Real;
use lasso::Composite;
use quadratic_program::QuadraticProgram;

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

    /// Another number whenever this has become another function: the next minibatch, the next draw of noise. A method
    /// that keeps an answer from one step to the next asks whether it still holds.
    fn edition(&self) -> u64 {
        0
    }

    /// For each coordinate an interval in which to look for the minimum; empty where none is known. A method that draws
    /// points at random draws its first ones there.
    fn search_range(&self) -> &[[f64; 2]] {
        &[]
    }

    /// Second derivatives, where the objective has them.
    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        None
    }

    /// Residuals and their Jacobian, where the objective is half a sum of squares.
    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        None
    }

    /// Matrix and right-hand side, where the objective stands for a linear system.
    fn as_linear_system(&self) -> Option<&dyn LinearSystem> {
        None
    }

    /// Constraints with their derivatives, where there are smooth ones.
    fn as_constrained(&mut self) -> Option<&mut dyn Constrained> {
        None
    }

    /// A smooth part and the proximal map of the rest, where that has a closed form.
    fn as_proximal(&mut self) -> Option<&mut dyn Proximal> {
        None
    }

    /// The matrices of a convex problem, where it is one that they describe.
    fn as_convex(&self) -> Option<Convex<'_>> {
        None
    }
}

/// An objective f with equalities c(x) = 0, p of them, and inequalities g(x) ≤ 0, m of them.
///
/// The Lagrangian is L(x, ν, λ) = f + νᵀc + λᵀg; at a solution ∇L = 0, λ ≥ 0 and λᵀg = 0. Vectors of p + m numbers
/// hold those of the equalities first.
pub trait Constrained {
    /// p.
    fn equalities(&self) -> usize;

    /// m.
    fn inequalities(&self) -> usize;

    /// c(x) and g(x), written to `values` (p + m).
    fn constraints(&mut self, x: &[f64], values: &mut [f64]);

    /// The same, with their Jacobian written to `j` ((p + m)·n, row-major).
    fn constraint_jacobian(&mut self, x: &[f64], values: &mut [f64], j: &mut [f64]);

    /// ∇²f + Σ νᵢ∇²cᵢ + Σ λᵢ∇²gᵢ, written to `h` (n·n, row-major, symmetric); `y` holds ν and λ.
    fn lagrangian_hessian(&mut self, x: &[f64], y: &[f64], h: &mut [f64]);
}

/// An objective f = s + r with a smooth s, and an r whose proximal map has a closed form. Where r is 0 on a set and ∞
/// elsewhere, that map is the projection on the set.
pub trait Proximal {
    /// s(x).
    fn smooth(&mut self, x: &[f64]) -> f64;

    /// s(x), with ∇s(x) written to `g`.
    fn smooth_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64;

    /// v ← argmin r(u) + ‖u − v‖²/(2t) over u.
    fn proximal_map(&mut self, t: f64, v: &mut [f64]);

    /// p and m, how many multipliers there are.
    fn multiplier_counts(&self) -> (usize, usize);

    /// The multipliers that go with ∇s(x) = `g` at a solution x, written to `nu` and `lambda`.
    fn multipliers(&mut self, x: &[f64], g: &[f64], nu: &mut [f64], lambda: &mut [f64]);
}

/// A convex problem by its matrices.
#[derive(Debug, Clone, Copy)]
pub enum Convex<'a> {
    /// ½xᵀPx + qᵀx under linear constraints.
    Program(&'a QuadraticProgram),
    /// ½‖Ax − b‖² with a term or a bound on x.
    Composite(&'a Composite),
}

/// An objective that knows its second derivatives.
pub trait Hessian<T: Real = f64> {
    /// ∇²f(x), written to `h` (n·n, row-major, symmetric).
    fn hessian(&mut self, x: &[T], h: &mut [T]);

    /// Operations that one of them costs, about.
    fn work(&self) -> f64 {
        0.0
    }
}

/// An objective that is half a sum of squares: f(x) = ½‖r(x)‖², so ∇f = Jᵀr.
///
/// The convention of the half is Ceres' and SciPy's `least_squares`; without it (as on the lecture's slide) gradient
/// and Hessian double and the iterates of Gauss-Newton stay the same.
pub trait LeastSquares<T: Real = f64> {
    /// m, the number of residuals.
    fn residual_count(&self) -> usize;

    /// r(x), written to `r` (length m).
    fn residuals(&mut self, x: &[T], r: &mut [T]);

    /// r(x), written to `r` (length m), and J(x) = ∂r/∂x, written to `j` (m·n, row-major).
    fn jacobian(&mut self, x: &[T], r: &mut [T], j: &mut [T]);

    /// Operations that one Jacobian costs, about.
    fn work(&self) -> f64 {
        0.0
    }
}

/// An objective whose minimum solves Ax = b: ½xᵀAx − bᵀx where A is symmetric, ½‖Ax − b‖² where it is not.
pub trait LinearSystem {
    /// A, square.
    fn matrix(&self) -> &Matrix;

    /// b.
    fn rhs(&self) -> &[f64];

    /// Whether A = Aᵀ, but for rounding.
    fn is_symmetric(&self) -> bool;
}

/// An interval for each coordinate that holds `start` and the `others`, with a margin: for pictures of the plane of two
/// of them.
pub fn ranges<'a>(
    start: &[f64],
    others: &(impl Iterator<Item = &'a [f64]> + Clone),
) -> Vec<[f64; 2]> {
    const MARGIN: f64 = 0.4;
    let range = |(i, from): (usize, &f64)| {
        let coordinates = || others.clone().filter_map(|p| p.get(i)).copied();
        let (from, to) = coordinates().fold((*from, *from), |(a, b), v| (a.min(v), b.max(v)));
        let width = if from < to {
            to - from
        } else {
            2.0 * from.abs().max(1.0)
        };
        [from - MARGIN * width, to + MARGIN * width]
    };
    start.iter().enumerate().map(range).collect()
}
