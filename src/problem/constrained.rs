//! Objectives under constraints: formulas, matrices, or a mixture of the two.

use super::formula::Formula;
use super::lasso::{Composite, Term};
use super::quadratic_program::{QuadraticProgram, finite_bounds};
use super::{Constrained, Convex, Hessian, Objective, Proximal};
use crate::linalg::Definite;
use crate::linalg::vector::{axpy, dot};
use crate::real::Real;

/// What is minimised.
#[derive(Debug, Clone)]
pub enum Function {
    /// A formula of x.
    Formula(Box<Formula>),
    /// ½xᵀPx + qᵀx.
    Quadratic {
        /// P, n·n, symmetric.
        p: Vec<f64>,
        /// q, n.
        q: Vec<f64>,
    },
    /// Least squares with a term on x.
    Composite(Composite),
}

/// Constraints of one kind: each row = 0, or each ≤ 0.
#[derive(Debug, Clone)]
pub enum Rows {
    /// A formula each.
    Formulas(Vec<Formula>),
    /// Mx − v.
    Linear {
        /// M, row-major.
        matrix: Vec<f64>,
        /// v.
        rhs: Vec<f64>,
    },
}

/// min f(x) subject to c(x) = 0, g(x) ≤ 0, l ≤ x ≤ u.
///
/// Finite bounds are inequalities too: behind the others stand l − x ≤ 0, then x − u ≤ 0. Where all of it is linear or
/// quadratic, as a formula or by matrices, [`Objective::as_convex`] gives the matrices.
///
/// In `f32` the point is widened, the function evaluated in `f64`, and the answer rounded.
#[derive(Debug, Clone)]
pub struct ConstrainedProblem {
    function: Function,
    equality: Rows,
    inequality: Rows,
    lower: Vec<f64>,
    upper: Vec<f64>,
    program: Option<QuadraticProgram>,
    simple: Option<Simple>,
    point: Vec<f64>,
    slope: Vec<f64>,
    bend: Vec<f64>,
    residual: Vec<f64>,
    values: Vec<f64>,
}

/// A set that is easy to project on, or a term with a simple proximal map.
#[derive(Debug, Clone)]
enum Simple {
    /// l ≤ x ≤ u, which may be all of space.
    Box,
    /// Ax = b, by a factor of `AAᵀ`.
    Affine {
        a: Vec<f64>,
        b: Vec<f64>,
        gram: Definite,
        work: Vec<f64>,
    },
    /// The term of a composite.
    Term,
}

/// A matrix, row-major, and its right-hand side.
type Linear = (Vec<f64>, Vec<f64>);

impl Rows {
    /// No constraints.
    pub const NONE: Self = Self::Formulas(Vec::new());

    /// How many.
    pub fn count(&self) -> usize {
        match self {
            Self::Formulas(formulas) => formulas.len(),
            Self::Linear { rhs, .. } => rhs.len(),
        }
    }

    fn values(&mut self, x: &[f64], out: &mut [f64]) {
        match self {
            Self::Formulas(formulas) => {
                for (out, formula) in out.iter_mut().zip(formulas) {
                    *out = formula.value(x);
                }
            }
            Self::Linear { matrix, rhs } => {
                let rows = matrix.chunks_exact(x.len()).zip(rhs.iter());
                for (out, (row, v)) in out.iter_mut().zip(rows) {
                    *out = dot(row, x) - v;
                }
            }
        }
    }

    fn jacobian(&mut self, x: &[f64], out: &mut [f64], j: &mut [f64]) {
        match self {
            Self::Formulas(formulas) => {
                let rows = j.chunks_exact_mut(x.len()).zip(out);
                for ((j, out), formula) in rows.zip(formulas) {
                    *out = formula.gradient(x, j);
                }
            }
            Self::Linear { matrix, .. } => {
                j.copy_from_slice(matrix);
                self.values(x, out);
            }
        }
    }

    /// h ← h + Σ yᵢ∇²rowᵢ.
    fn bend(&mut self, x: &[f64], y: &[f64], h: &mut [f64], work: &mut [f64]) {
        if let Self::Formulas(formulas) = self {
            for (formula, y) in formulas.iter_mut().zip(y).filter(|(_, y)| **y != 0.0) {
                formula.hessian(x, work);
                axpy(*y, work, h);
            }
        }
    }

    /// Matrix and right-hand side where every row is linear.
    fn linear(&mut self, n: usize) -> Option<Linear> {
        match self {
            Self::Linear { matrix, rhs } => Some((matrix.clone(), rhs.clone())),
            Self::Formulas(formulas) => {
                let is_linear = |f: &Formula| f.degree().is_some_and(|d| d <= 1);
                if !formulas.iter().all(is_linear) {
                    return None;
                }
                let origin = vec![0.0; n];
                let mut matrix = vec![0.0; n * formulas.len()];
                let rows = matrix.chunks_exact_mut(n).zip(formulas);
                let rhs = rows
                    .map(|(row, f)| 0.0 - f.gradient(&origin, row))
                    .collect();
                Some((matrix, rhs))
            }
        }
    }
}

impl ConstrainedProblem {
    /// From parts that fit together: every formula has n variables, every matrix n columns, `lower` and `upper` n
    /// numbers.
    pub fn new(
        function: Function,
        mut equality: Rows,
        mut inequality: Rows,
        lower: Vec<f64>,
        upper: Vec<f64>,
    ) -> Self {
        let n = lower.len();
        let linear = equality.linear(n).zip(inequality.linear(n));
        let simple = simple(&function, linear.as_ref(), &lower, &upper);
        let mut problem = Self {
            residual: match &function {
                Function::Composite(composite) => vec![0.0; composite.b.len()],
                _ => Vec::new(),
            },
            function,
            equality,
            inequality,
            program: None,
            simple,
            point: vec![0.0; n],
            slope: vec![0.0; n],
            bend: vec![0.0; n * n],
            values: Vec::new(),
            lower,
            upper,
        };
        problem.values = vec![0.0; problem.equalities() + problem.inequalities()];
        problem.program =
            linear.and_then(|(equality, inequality)| problem.program(equality, inequality));
        problem
    }

    /// The matrices, where the objective is quadratic.
    fn program(&mut self, (a, b): Linear, (g, h): Linear) -> Option<QuadraticProgram> {
        let n = self.lower.len();
        let (p, q, constant) = match &mut self.function {
            Function::Composite(_) => return None,
            Function::Quadratic { p, q } => (p.clone(), q.clone(), 0.0),
            Function::Formula(formula) => {
                formula.degree()?;
                let (origin, mut p, mut q) = (vec![0.0; n], vec![0.0; n * n], vec![0.0; n]);
                formula.hessian(&origin, &mut p);
                let constant = formula.gradient(&origin, &mut q);
                (p, q, constant)
            }
        };
        Some(QuadraticProgram {
            p,
            q,
            constant,
            a,
            b,
            g,
            h,
            lower: self.lower.clone(),
            upper: self.upper.clone(),
        })
    }

    /// What is minimised.
    pub fn function(&self) -> &Function {
        &self.function
    }

    /// l and u, infinite where there are none.
    pub fn bounds(&self) -> (&[f64], &[f64]) {
        (&self.lower, &self.upper)
    }

    /// The largest violation of a constraint at x: max(‖c‖∞, ‖max(g, 0)‖∞).
    pub fn violation<T: Real>(&mut self, x: &[T]) -> f64 {
        let point = std::mem::take(&mut self.point);
        let mut point = widen(x, point);
        let mut values = std::mem::take(&mut self.values);
        self.constraints(&point, &mut values);
        let largest = violation(&values, self.equality.count());
        self.values = values;
        std::mem::swap(&mut self.point, &mut point);
        largest
    }

    fn is_ball(&self) -> Option<f64> {
        match &self.function {
            Function::Composite(Composite {
                term: Term::Ball { radius },
                ..
            }) => Some(*radius),
            _ => None,
        }
    }

    fn is_lasso(&self) -> bool {
        matches!(&self.function, Function::Composite(c) if matches!(c.term, Term::L1 { .. }))
    }

    fn value_at(&mut self, x: &[f64]) -> f64 {
        let rest = match &self.function {
            Function::Composite(composite) => composite.term.value(x),
            _ => 0.0,
        };
        self.smooth(x) + rest
    }

    fn gradient_at(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        let value = self.smooth_gradient(x, g);
        let Function::Composite(composite) = &self.function else {
            return value;
        };
        if let Term::L1 { lambda } = composite.term {
            // A subgradient: 0 is one of those of |x| at 0.
            for (g, x) in g.iter_mut().zip(x).filter(|(_, x)| **x != 0.0) {
                *g += lambda.copysign(*x);
            }
        }
        value + composite.term.value(x)
    }

    fn hessian_at(&mut self, x: &[f64], h: &mut [f64]) {
        match &mut self.function {
            Function::Formula(formula) => {
                formula.hessian(x, h);
            }
            Function::Quadratic { p, .. } => h.copy_from_slice(p),
            Function::Composite(composite) => {
                h.fill(0.0);
                let n = composite.dim;
                for row in composite.a.chunks_exact(n) {
                    for (h, r) in h.chunks_exact_mut(n).zip(row) {
                        axpy(*r, row, h);
                    }
                }
            }
        }
    }
}

/// max(‖c‖∞, ‖max(g, 0)‖∞) of values of which the first `equalities` are c.
pub fn violation(values: &[f64], equalities: usize) -> f64 {
    let (c, g) = values.split_at(equalities);
    let c = c.iter().map(|c| c.abs());
    // NaN must not be lost, as it would be in `f64::max`.
    let larger = |m: f64, v: f64| if v.is_nan() || v > m { v } else { m };
    c.chain(g.iter().copied()).fold(0.0, larger)
}

fn simple(
    function: &Function,
    linear: Option<&(Linear, Linear)>,
    lower: &[f64],
    upper: &[f64],
) -> Option<Simple> {
    if matches!(function, Function::Composite(_)) {
        return Some(Simple::Term);
    }
    let ((a, b), (_, h)) = linear?;
    let bounded = finite_bounds(lower, upper).next().is_some();
    match (b.is_empty(), h.is_empty(), bounded) {
        (true, true, _) => Some(Simple::Box),
        (false, true, false) => {
            let (n, rows) = (lower.len(), b.len());
            let row = |i: usize| &a[i * n..(i + 1) * n];
            let pairs = (0..rows).flat_map(|i| (0..rows).map(move |j| (i, j)));
            let gram_matrix: Vec<f64> = pairs.map(|(i, j)| dot(row(i), row(j))).collect();
            let mut gram = Definite::default();
            gram.reserve(rows);
            // Rows that depend on each other leave AAᵀ without a factor.
            (gram.factor(&gram_matrix, 0.0) == 0.0).then(|| Simple::Affine {
                a: a.clone(),
                b: b.clone(),
                gram,
                work: vec![0.0; rows],
            })
        }
        _ => None,
    }
}

fn widen<T: Real>(x: &[T], mut to: Vec<f64>) -> Vec<f64> {
    for (to, x) in to.iter_mut().zip(x) {
        *to = x.f64();
    }
    to
}

impl<T: Real> Objective<T> for ConstrainedProblem {
    fn dim(&self) -> usize {
        self.lower.len()
    }

    fn value(&mut self, x: &[T]) -> f64 {
        let point = widen(x, std::mem::take(&mut self.point));
        let value = self.value_at(&point);
        self.point = point;
        value
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        let point = widen(x, std::mem::take(&mut self.point));
        let mut slope = std::mem::take(&mut self.slope);
        let value = self.gradient_at(&point, &mut slope);
        for (g, s) in g.iter_mut().zip(&slope) {
            *g = T::of(*s);
        }
        (self.point, self.slope) = (point, slope);
        value
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        (!self.is_lasso()).then_some(self)
    }

    fn as_constrained(&mut self) -> Option<&mut dyn Constrained> {
        (!self.is_lasso()).then_some(self)
    }

    fn as_proximal(&mut self) -> Option<&mut dyn Proximal> {
        self.simple.is_some().then_some(self)
    }

    fn as_convex(&self) -> Option<Convex<'_>> {
        match (&self.function, &self.program) {
            (Function::Composite(composite), _) => Some(Convex::Composite(composite)),
            (_, Some(program)) => Some(Convex::Program(program)),
            _ => None,
        }
    }
}

impl<T: Real> Hessian<T> for ConstrainedProblem {
    fn hessian(&mut self, x: &[T], h: &mut [T]) {
        let point = widen(x, std::mem::take(&mut self.point));
        let mut bend = std::mem::take(&mut self.bend);
        self.hessian_at(&point, &mut bend);
        for (h, b) in h.iter_mut().zip(&bend) {
            *h = T::of(*b);
        }
        (self.point, self.bend) = (point, bend);
    }
}

impl Constrained for ConstrainedProblem {
    fn equalities(&self) -> usize {
        self.equality.count()
    }

    fn inequalities(&self) -> usize {
        let bounds = finite_bounds(&self.lower, &self.upper).count();
        self.inequality.count() + bounds + usize::from(self.is_ball().is_some())
    }

    fn constraints(&mut self, x: &[f64], values: &mut [f64]) {
        let (c, g) = values.split_at_mut(self.equality.count());
        self.equality.values(x, c);
        let (g, others) = g.split_at_mut(self.inequality.count());
        self.inequality.values(x, g);
        let ball = self.is_ball().map(|t| 0.5 * (dot(x, x) - t * t));
        let bounds = finite_bounds(&self.lower, &self.upper);
        let bounds = bounds.map(|bound| bound.sign * (x[bound.at] - bound.value));
        for (out, value) in others.iter_mut().zip(bounds.chain(ball)) {
            *out = value;
        }
    }

    fn constraint_jacobian(&mut self, x: &[f64], values: &mut [f64], j: &mut [f64]) {
        let n = x.len();
        let (p, m) = (self.equality.count(), self.inequality.count());
        self.constraints(x, values);
        let (of_c, rest) = j.split_at_mut(p * n);
        let (of_g, others) = rest.split_at_mut(m * n);
        self.equality.jacobian(x, &mut values[..p], of_c);
        self.inequality.jacobian(x, &mut values[p..p + m], of_g);
        others.fill(0.0);
        let mut rows = others.chunks_exact_mut(n);
        for (row, bound) in rows.by_ref().zip(finite_bounds(&self.lower, &self.upper)) {
            row[bound.at] = bound.sign;
        }
        if self.is_ball().is_some()
            && let Some(row) = others.chunks_exact_mut(n).next_back()
        {
            row.copy_from_slice(x);
        }
    }

    fn lagrangian_hessian(&mut self, x: &[f64], y: &[f64], h: &mut [f64]) {
        self.hessian_at(x, h);
        let (nu, lambda) = y.split_at(self.equality.count());
        self.equality.bend(x, nu, h, &mut self.bend);
        self.inequality.bend(x, lambda, h, &mut self.bend);
        if let (Some(_), Some(lambda)) = (self.is_ball(), lambda.last()) {
            for own in h.iter_mut().step_by(x.len() + 1) {
                *own += lambda;
            }
        }
    }
}

impl Proximal for ConstrainedProblem {
    fn smooth(&mut self, x: &[f64]) -> f64 {
        match &mut self.function {
            Function::Formula(formula) => formula.value(x),
            Function::Quadratic { p, q } => {
                let rows = p.chunks_exact(x.len()).zip(x).zip(&*q);
                rows.map(|((row, x_i), q)| x_i * (0.5 * dot(row, x) + q))
                    .sum()
            }
            Function::Composite(composite) => {
                composite.residual(x, &mut self.residual);
                0.5 * dot(&self.residual, &self.residual)
            }
        }
    }

    fn smooth_gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        match &mut self.function {
            Function::Formula(formula) => formula.gradient(x, g),
            Function::Quadratic { p, q } => {
                let mut value = 0.0;
                let rows = p.chunks_exact(x.len()).zip(x).zip(&*q).zip(g);
                for (((row, x_i), q), g) in rows {
                    let product = dot(row, x);
                    value += x_i * (0.5 * product + q);
                    *g = product + q;
                }
                value
            }
            Function::Composite(composite) => {
                composite.residual(x, &mut self.residual);
                composite.transposed(&self.residual, g);
                0.5 * dot(&self.residual, &self.residual)
            }
        }
    }

    fn proximal_map(&mut self, t: f64, v: &mut [f64]) {
        match (&mut self.simple, &self.function) {
            (Some(Simple::Term), Function::Composite(composite)) => {
                composite.term.proximal_map(t, v);
            }
            (Some(Simple::Affine { a, b, gram, work }), _) => {
                let n = v.len();
                for ((w, row), b) in work.iter_mut().zip(a.chunks_exact(n)).zip(&*b) {
                    *w = dot(row, v) - b;
                }
                gram.solve(work);
                for (w, row) in work.iter().zip(a.chunks_exact(n)) {
                    axpy(-w, row, v);
                }
            }
            _ => {
                for ((v, l), u) in v.iter_mut().zip(&self.lower).zip(&self.upper) {
                    *v = v.max(*l).min(*u);
                }
            }
        }
    }

    fn multiplier_counts(&self) -> (usize, usize) {
        if self.is_lasso() {
            return (0, 0);
        }
        (self.equalities(), self.inequalities())
    }

    fn multipliers(&mut self, x: &[f64], g: &[f64], nu: &mut [f64], lambda: &mut [f64]) {
        match &mut self.simple {
            Some(Simple::Term) => {
                if let Some(lambda) = lambda.first_mut() {
                    // g = −λx on the sphere; 0 within.
                    *lambda = (-dot(g, x) / dot(x, x).max(f64::MIN_POSITIVE)).max(0.0);
                }
            }
            Some(Simple::Affine { a, gram, .. }) => {
                for (nu, row) in nu.iter_mut().zip(a.chunks_exact(x.len())) {
                    *nu = -dot(row, g);
                }
                gram.solve(nu);
            }
            _ => {
                let bounds = finite_bounds(&self.lower, &self.upper);
                for (lambda, bound) in lambda.iter_mut().zip(bounds) {
                    let active = x[bound.at] == bound.value;
                    *lambda = if active {
                        (-bound.sign * g[bound.at]).max(0.0)
                    } else {
                        0.0
                    };
                }
            }
        }
    }
}
