//! Second-order methods: from curvature, exact or estimated. All of them run in `f64`.
//!
//! Each makes a direction d and goes against it, θᵏ⁺¹ = θᵏ − αd, as those of first order do. None forms an inverse of
//! what the problem gives; systems are solved by QR or Cholesky.

pub mod bfgs;
pub mod gauss_newton;
pub mod lbfgs;
pub mod levenberg;
pub mod line_search;
pub mod newton;
pub mod quasi_newton;

use nalgebra::DMatrix;

use self::line_search::LineSearch;
use crate::error::Error;
use crate::linalg::{Qr, vector::axpy, vector::dot};
use crate::optim::{Breakdown, Entry, StateVisitor, Step, System, Verdict};
use crate::problem::Objective;
use crate::real::norm;

/// Every one of them, in the order of the lecture. A new one is one line here.
pub fn entries() -> Vec<Entry> {
    let entry = |method, build| Entry { method, build };
    vec![
        entry(&newton::METHOD, |args| {
            Box::new(newton::Newton::from_args(args))
        }),
        entry(&bfgs::METHOD, |args| Box::new(bfgs::Bfgs::from_args(args))),
        entry(&lbfgs::METHOD, |args| {
            Box::new(lbfgs::Lbfgs::from_args(args))
        }),
        entry(&gauss_newton::METHOD, |args| {
            Box::new(gauss_newton::GaussNewton::from_args(args))
        }),
        entry(&levenberg::LEVENBERG, |args| {
            Box::new(levenberg::Levenberg::from_args(args))
        }),
        entry(&levenberg::MARQUARDT, |args| {
            Box::new(levenberg::Levenberg::marquardt(args))
        }),
    ]
}

/// The last line of an equation in numbers: the point, the length of the step, the direction.
const MOVE: &str = r"\text{@x1} = \text{@x0} - \text{@alpha1} \cdot \text{@d}";

/// Most bytes that a method may keep.
const MOST_BYTES: f64 = 256e6;

/// Most operations of a step: one or two seconds in a browser, where a worker that is silent for long is taken for dead.
const MOST_WORK: f64 = 2e9;

/// Below this part of f a difference of two values of f is their rounding: some hundred terms, each with the error of a
/// few operations.
const ROUNDING: f64 = 1e3 * f64::EPSILON;

/// f and ‖∇f‖ at a point.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    loss: f64,
    grad_norm: f64,
}

impl Point {
    const UNKNOWN: Self = Self {
        loss: f64::NAN,
        grad_norm: f64::NAN,
    };

    fn is_known(self) -> bool {
        !self.loss.is_nan()
    }

    /// # Errors
    /// The quantity that is not finite.
    fn checked(loss: f64, g: &[f64]) -> Result<Self, Breakdown> {
        Ok(Self {
            loss: finite("loss", loss)?,
            grad_norm: finite("gradient", norm(g))?,
        })
    }

    /// The report of a step that finds a solution here: nothing moved.
    fn stays(self) -> Step {
        Step {
            verdict: Verdict::Solved,
            ..Step::accepted(self.loss, self.grad_norm, 0.0)
        }
    }
}

/// f and ∇f at the point that the last step ended at, for the next step to begin with.
#[derive(Debug, Clone)]
struct Known {
    point: Point,
    edition: f64,
    at: Vec<f64>,
    g: Vec<f64>,
}

impl Known {
    const NOTHING: Self = Self {
        point: Point::UNKNOWN,
        edition: 0.0,
        at: Vec::new(),
        g: Vec::new(),
    };

    fn reset(&mut self, n: usize) {
        self.point = Point::UNKNOWN;
        self.edition = 0.0;
        self.at = vec![0.0; n];
        self.g = vec![0.0; n];
    }

    /// Whether f is still the same function, and `x` the point.
    fn holds(&self, problem: &dyn Objective<f64>, x: &[f64]) -> bool {
        self.point.is_known() && self.edition == problem.edition() as f64 && self.at == x
    }

    fn note(&mut self, problem: &dyn Objective<f64>, x: &[f64], point: Point) {
        self.at.copy_from_slice(x);
        self.edition = problem.edition() as f64;
        self.point = point;
    }

    /// f and ‖∇f‖ at `x`, with ∇f in `self.g`; evaluated unless known.
    fn at(&mut self, problem: &mut dyn Objective<f64>, x: &[f64]) -> Result<Point, Breakdown> {
        if !self.holds(problem, x) {
            self.point = Point::UNKNOWN;
            let loss = problem.gradient(x, &mut self.g);
            let point = Point::checked(loss, &self.g)?;
            self.note(problem, x, point);
        }
        Ok(self.point)
    }

    /// Moves `x` to where `search` has ended, which is `point`.
    fn follow(
        &mut self,
        search: &LineSearch,
        problem: &dyn Objective<f64>,
        x: &mut [f64],
        point: Point,
    ) {
        x.copy_from_slice(&search.trial);
        self.g.copy_from_slice(&search.g);
        self.note(problem, x, point);
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.scalar("loss", &mut self.point.loss);
        visitor.scalar("grad_norm", &mut self.point.grad_norm);
        visitor.scalar("edition", &mut self.edition);
        visitor.vector("at", &mut self.at);
        visitor.vector("slope", &mut self.g);
    }
}

fn finite(quantity: &'static str, value: f64) -> Result<f64, Breakdown> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(Breakdown::NonFinite { quantity, value })
    }
}

/// x ← x − αd.
fn walk(x: &mut [f64], alpha: f64, d: &[f64]) {
    axpy(-alpha, d, x);
}

/// Whether a step of this length is below the last digit of `x`.
fn negligible(length: f64, x: &[f64]) -> bool {
    length <= f64::EPSILON * norm(x)
}

/// Whether the fall that a full step promises, −½φ′(0), would be lost in the rounding of f. There steps are taken as long
/// as the gradient shrinks; then the point is the solution.
fn is_blind(loss: f64, slope: f64) -> bool {
    -0.5 * slope <= ROUNDING * loss.abs()
}

/// Whether a point that a search along `d` could not improve is a solution: f could not have shown the fall, or the step
/// was at the square root of what `f64` resolves.
fn settled(loss: f64, slope: f64, d: &[f64], x: &[f64]) -> bool {
    is_blind(loss, slope) || norm(d) <= f64::EPSILON.sqrt() * norm(x)
}

/// The sizes m, n of a least-squares problem, if a method can afford its Jacobian and the QR of it.
///
/// # Errors
/// `optimizer.name`: no residuals, or too many.
fn afford(name: &'static str, problem: &mut dyn Objective<f64>) -> Result<(usize, usize), Error> {
    let n = problem.dim();
    let squares = problem.as_least_squares().ok_or_else(|| {
        let what = format!(
            "{name} needs residuals, and this problem is no sum of squares; a network is one with the loss \"mse\""
        );
        Error::new("optimizer.name", what)
    })?;
    let (m, work) = (squares.residual_count(), squares.work());
    // J and its copy that is reduced; or, where there are fewer rows, the triangle on the damping.
    let (rows, cols) = (m.max(n) as f64, n as f64);
    let what = format!("a Jacobian of {m} × {n}");
    let work = work + 2.0 * (rows + cols) * cols * cols;
    within_means(name, &what, 8.0 * (2.0 * rows + cols) * cols, work)?;
    Ok((m, n))
}

/// Refuses what would not fit or would take too long.
fn within_means(name: &'static str, what: &str, bytes: f64, work: f64) -> Result<(), Error> {
    if bytes <= MOST_BYTES && work <= MOST_WORK {
        return Ok(());
    }
    let what = format!(
        "{name} needs {what}: {:.1} MB and about {:.1} s a step, at most {:.0} MB and {:.0} s; lbfgs takes any size",
        bytes / 1e6,
        work / 1e9,
        MOST_BYTES / 1e6,
        MOST_WORK / 1e9
    );
    Err(Error::new("optimizer.name", what))
}

/// r, J and ∇f = Jᵀr at `x`. The buffers grow only where a batch is larger than any before.
fn linearise(
    problem: &mut dyn Objective<f64>,
    x: &[f64],
    r: &mut Vec<f64>,
    j: &mut Vec<f64>,
    g: &mut [f64],
) -> Result<Point, Breakdown> {
    let Some(squares) = problem.as_least_squares() else {
        return Ok(Point::UNKNOWN);
    };
    let m = squares.residual_count();
    r.resize(m, 0.0);
    j.resize(m * x.len(), 0.0);
    squares.jacobian(x, r, j);
    slope(r, j, g);
    Point::checked(0.5 * dot(r, r), g)
}

/// g = Jᵀr.
fn slope(r: &[f64], j: &[f64], g: &mut [f64]) {
    g.fill(0.0);
    for (r, row) in r.iter().zip(j.chunks_exact(g.len())) {
        axpy(*r, row, g);
    }
}

/// Begins min ‖Jd − r‖, for d of length `n`.
fn load(qr: &mut Qr, r: &[f64], j: &[f64], n: usize) {
    qr.start(r.len(), n);
    for (i, (row, r)) in j.chunks_exact(n).zip(r).enumerate() {
        qr.set_row(i, row, *r);
    }
}

/// r and J, to be looked at.
fn least_squares(problem: &mut dyn Objective<f64>, x: &[f64]) -> Option<(Vec<f64>, Vec<f64>)> {
    let squares = problem.as_least_squares()?;
    let m = squares.residual_count();
    let (mut r, mut j) = (vec![0.0; m], vec![0.0; m * x.len()]);
    squares.jacobian(x, &mut r, &mut j);
    Some((r, j))
}

/// JᵀJ·p = −Jᵀr, to be looked at.
fn gram(r: &[f64], j: &[f64], n: usize, name: &'static str) -> System {
    let mut system = System {
        dim: n,
        matrix: vec![0.0; n * n],
        rhs: vec![0.0; n],
        name,
    };
    slope(r, j, &mut system.rhs);
    for rhs in &mut system.rhs {
        *rhs = -*rhs;
    }
    for row in j.chunks_exact(n) {
        for (v, line) in row.iter().zip(system.matrix.chunks_exact_mut(n)) {
            axpy(*v, row, line);
        }
    }
    system
}

/// The largest matrix that is made of an inverse, to be looked at.
const LARGEST_SHOWN: usize = 512;

/// Bp = −g for B the inverse of `h`, to be looked at.
fn inverted(h: &[f64], g: &[f64], name: &'static str) -> Option<System> {
    let n = g.len();
    let inverse = DMatrix::from_row_slice(n, n, h).try_inverse()?;
    let symmetric = (&inverse + inverse.transpose()) * 0.5;
    Some(System {
        dim: n,
        matrix: symmetric.as_slice().to_vec(),
        rhs: g.iter().map(|g| -g).collect(),
        name,
    })
}
