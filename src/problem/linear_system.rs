//! Linear systems Ax = b, as functions to be minimised.

mod matrices;

pub use matrices::{Entry, MATRICES};

use crate::linalg::vector::dot;
use crate::linalg::{Dense, Lu, Matrix};
use crate::problem::{Hessian, LeastSquares, LinearSystem, Objective};
use crate::real::Real;

/// The largest order of which second derivatives are offered: n² numbers.
pub const LARGEST_HESSIAN: usize = 500;

/// The largest order for which the solution is computed beforehand, by LU.
const LARGEST_KNOWN: usize = 300;

/// Ax = b with a square A.
///
/// ```text
/// A = Aᵀ   f(x) = ½xᵀAx − bᵀx     ∇f = Ax − b          ∇²f = A
/// else     f(x) = ½‖Ax − b‖²      ∇f = Aᵀ(Ax − b)      ∇²f = AᵀA
/// ```
///
/// In `f32` the point is widened, the function evaluated in `f64`, and the answer rounded.
///
/// ```
/// use descent::linalg::{Dense, Matrix};
/// use descent::problem::Objective;
/// use descent::problem::linear_system::SquareSystem;
///
/// let a = Matrix::Dense(Dense { dim: 2, values: vec![4.0, 1.0, 1.0, 3.0] });
/// let mut system = SquareSystem::new(a, Some(vec![1.0, 2.0]));
/// let mut g = [0.0; 2];
/// assert_eq!(system.gradient(&[0.0, 0.0], &mut g), 0.0);
/// assert_eq!(g, [-1.0, -2.0]);
/// ```
#[derive(Debug, Clone)]
pub struct SquareSystem {
    a: Matrix,
    b: Vec<f64>,
    symmetric: bool,
    solution: Option<Vec<f64>>,
    point: Vec<f64>,
    residual: Vec<f64>,
    slope: Vec<f64>,
}

impl SquareSystem {
    /// From A and b. Without a b it is A·(1, …, 1), so that the solution is known: all ones, but for the rounding of b.
    /// With one the solution is computed where n ≤ 300 and A is not singular.
    pub fn new(a: Matrix, b: Option<Vec<f64>>) -> Self {
        let n = a.dim();
        let (b, solution) = if let Some(b) = b {
            let solution = solve(&a, &b);
            (b, solution)
        } else {
            let ones = vec![1.0; n];
            let mut b = vec![0.0; n];
            a.multiply(&ones, &mut b);
            (b, Some(ones))
        };
        Self {
            symmetric: a.is_symmetric(),
            a,
            b,
            solution,
            point: vec![0.0; n],
            residual: vec![0.0; n],
            slope: vec![0.0; n],
        }
    }

    /// Whether A = Aᵀ, but for rounding.
    pub fn is_symmetric(&self) -> bool {
        self.symmetric
    }

    /// x*, where it is known.
    pub fn solution(&self) -> Option<&[f64]> {
        self.solution.as_deref()
    }

    /// ‖b − Ax‖.
    pub fn residual_norm<T: Real>(&mut self, x: &[T]) -> f64 {
        self.take_residual(x);
        dot(&self.residual, &self.residual).sqrt()
    }

    /// Writes x to `point` and b − Ax to `residual`.
    fn take_residual<T: Real>(&mut self, x: &[T]) {
        for (p, x) in self.point.iter_mut().zip(x) {
            *p = x.f64();
        }
        residual(&self.a, &self.b, &self.point, &mut self.residual);
    }

    fn value_of_residual(&self) -> f64 {
        if self.symmetric {
            energy(&self.b, &self.point, &self.residual)
        } else {
            0.5 * dot(&self.residual, &self.residual)
        }
    }
}

/// r = b − Ax.
pub fn residual(a: &Matrix, b: &[f64], x: &[f64], r: &mut [f64]) {
    a.multiply(x, r);
    for (r, b) in r.iter_mut().zip(b) {
        *r = b - *r;
    }
}

/// ½xᵀAx − bᵀx from the residual r = b − Ax, without another product: −½xᵀ(b + r).
pub fn energy(b: &[f64], x: &[f64], r: &[f64]) -> f64 {
    -0.5 * (dot(x, b) + dot(x, r))
}

fn solve(a: &Matrix, b: &[f64]) -> Option<Vec<f64>> {
    if a.dim() > LARGEST_KNOWN {
        return None;
    }
    let dense = Dense {
        dim: a.dim(),
        values: a.to_dense(),
    };
    let mut x = b.to_vec();
    Lu::new(&dense).ok()?.solve(&mut x);
    x.iter().all(|x| x.is_finite()).then_some(x)
}

impl LinearSystem for SquareSystem {
    fn matrix(&self) -> &Matrix {
        &self.a
    }

    fn rhs(&self) -> &[f64] {
        &self.b
    }

    fn is_symmetric(&self) -> bool {
        self.symmetric
    }
}

impl<T: Real> Objective<T> for SquareSystem {
    fn dim(&self) -> usize {
        self.b.len()
    }

    fn value(&mut self, x: &[T]) -> f64 {
        self.take_residual(x);
        self.value_of_residual()
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        self.take_residual(x);
        let residual = if self.symmetric {
            &self.residual
        } else {
            self.a.multiply_transposed(&self.residual, &mut self.slope);
            &self.slope
        };
        for (g, r) in g.iter_mut().zip(residual) {
            *g = T::of(-r);
        }
        self.value_of_residual()
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        (self.b.len() <= LARGEST_HESSIAN).then_some(self)
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        (!self.symmetric && self.b.len() <= LARGEST_HESSIAN).then_some(self)
    }

    fn as_linear_system(&self) -> Option<&dyn LinearSystem> {
        Some(self)
    }
}

impl<T: Real> Hessian<T> for SquareSystem {
    fn hessian(&mut self, _: &[T], h: &mut [T]) {
        let n = self.b.len();
        for (i, out) in h.chunks_exact_mut(n).enumerate() {
            // Row i of A, or of AᵀA: A applied to the i-th unit vector, then Aᵀ.
            self.point.fill(0.0);
            self.point[i] = 1.0;
            self.a.multiply(&self.point, &mut self.residual);
            let row = if self.symmetric {
                &self.residual
            } else {
                self.a.multiply_transposed(&self.residual, &mut self.slope);
                &self.slope
            };
            for (h, v) in out.iter_mut().zip(row) {
                *h = T::of(*v);
            }
        }
    }
}

/// f = ½‖r‖² with r = Ax − b and J = A, where A is not symmetric.
impl<T: Real> LeastSquares<T> for SquareSystem {
    fn residual_count(&self) -> usize {
        self.b.len()
    }

    fn residuals(&mut self, x: &[T], r: &mut [T]) {
        self.take_residual(x);
        for (r, own) in r.iter_mut().zip(&self.residual) {
            *r = T::of(-own);
        }
    }

    fn jacobian(&mut self, x: &[T], r: &mut [T], j: &mut [T]) {
        LeastSquares::<T>::residuals(self, x, r);
        j.fill(T::ZERO);
        for (i, out) in j.chunks_exact_mut(self.b.len()).enumerate() {
            for (k, v) in self.a.row(i).entries() {
                out[k] = T::of(v);
            }
        }
    }
}
