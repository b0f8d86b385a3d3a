//! Newton's method: pure, damped, and safeguarded.

use super::line_search::{LineSearch, Rule};
use super::{Known, MOVE, Point, is_blind, negligible, settled, walk, within_means};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::{Definite, Qr, vector::dot};
use crate::optim::{
    Breakdown, Family, Line, Method, Optimizer, Oracle, StateVisitor, Step, StepCx, System, Verdict,
};
use crate::problem::Objective;
use crate::real::norm;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "newton",
    title: "Newton",
    family: Family::SecondOrder,
    about: "Jumps to the stationary point of the quadratic that f looks like here: θ* = θ⁰ − H⁻¹∇f, which may be a saddle or a maximum. α < 1 or δ > 0 damp it. With a line search it is safeguarded: δ grows until the matrix is positive definite, so that the way leads down.",
    fields: &[
        Field::number(
            "lr",
            "α",
            "part of the step that is taken; the first trial of a line search",
            1.0,
            Range::POSITIVE,
        ),
        Field::number(
            "damping",
            "δ",
            "added to the diagonal of the Hessian",
            0.0,
            Range::NON_NEGATIVE,
        ),
        Field::choice(
            "line_search",
            "α",
            "none: the pure or damped step; else the safeguarded one",
            &["none", "strong_wolfe", "exact"],
        ),
    ],
    equation: &[Line::new(
        r"\theta^{k+1} = \theta^k - \alpha (\nabla^2 f + \delta I)^{-1} \nabla f",
        MOVE,
    )],
    reference: "Nocedal & Wright 2006, Numerical Optimization, eq. 3.30; safeguarded: algorithms 3.2 and 3.3",
    needs: Oracle::Hessian,
    measures: &["step_length", "shift"],
};

/// θᵏ⁺¹ = θᵏ − αd with (∇²f + δI)d = ∇f.
///
/// Pure (α = 1, δ = 0) and damped steps solve by QR, whatever the signs of the curvature, and break down where the
/// matrix is singular. With a line search δ is the first of a growing sequence for which Cholesky's factor exists, and α
/// satisfies the strong Wolfe conditions.
///
/// Source: Nocedal, Wright 2006, section 3.3, eq. 3.30; section 3.4, algorithms 3.2 and 3.3.
#[derive(Debug, Clone)]
pub struct Newton {
    damping: f64,
    search: LineSearch,
    alpha: f64,
    /// δ of the last step.
    shift: f64,
    d: Vec<f64>,
    /// ∇²f.
    h: Vec<f64>,
    qr: Qr,
    definite: Definite,
    known: Known,
}

impl Newton {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            damping: args.number("damping"),
            search: LineSearch::new(Rule::from_args(args)),
            alpha: 0.0,
            shift: 0.0,
            d: Vec::new(),
            h: Vec::new(),
            qr: Qr::default(),
            definite: Definite::default(),
            known: Known::NOTHING,
        }
    }

    /// d, with the Hessian in `self.h` and ∇f in `self.known`.
    fn solve(&mut self) -> Result<(), Breakdown> {
        if self.search.rule() != Rule::None {
            self.shift = super::finite("hessian", self.definite.factor(&self.h, self.damping))?;
            self.d.copy_from_slice(&self.known.g);
            self.definite.solve(&mut self.d);
            return Ok(());
        }
        let n = self.d.len();
        self.shift = self.damping;
        self.qr.start(n, n);
        for (i, (row, g)) in self.h.chunks_exact_mut(n).zip(&self.known.g).enumerate() {
            row[i] += self.damping;
            self.qr.set_row(i, row, *g);
        }
        self.qr.reduce();
        self.qr
            .solve(&mut self.d)
            .map_err(|pivot| Breakdown::Singular { pivot })
    }
}

impl Optimizer<f64> for Newton {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let hessian = problem.as_hessian().ok_or_else(|| {
            let what = format!(
                "{} needs second derivatives, which this problem has not",
                METHOD.name
            );
            Error::new("optimizer.name", what)
        })?;
        let cube = (n as f64).powi(3);
        let square = (n as f64).powi(2);
        let what = format!("a Hessian of {n} × {n}");
        // The Hessian beside its factor; and the operations of a QR.
        let work = hessian.work() + 4.0 / 3.0 * cube;
        within_means(METHOD.name, &what, 16.0 * square, work)?;
        self.alpha = 0.0;
        self.shift = 0.0;
        self.d = vec![0.0; n];
        self.h = vec![0.0; n * n];
        self.known.reset(n);
        if self.search.rule() == Rule::None {
            self.qr.start(n, n);
        } else {
            self.search.reset(n);
            self.definite.reserve(n);
        }
        Ok(())
    }

    fn needs_fixed_batch(&self) -> bool {
        true
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let point = self.known.at(problem, x)?;
        let mut step = point.stays();
        if point.grad_norm == 0.0 {
            return Ok(step);
        }
        if let Some(hessian) = problem.as_hessian() {
            hessian.hessian(x, &mut self.h);
        }
        super::finite("hessian", norm(&self.h))?;
        self.solve()?;
        step.solves = 1;
        let length = super::finite("step", norm(&self.d))?;
        if negligible(length, x) {
            return Ok(step);
        }
        self.alpha = cx.lr;
        if self.search.rule() == Rule::None {
            walk(x, self.alpha, &self.d);
        } else {
            let slope = -dot(&self.known.g, &self.d);
            let found = self
                .search
                .search(problem, x, &self.d, (point.loss, slope), cx.lr);
            let found = match found {
                Err(_) if settled(point.loss, slope, &self.d, x) => return Ok(step),
                found => found?,
            };
            let next = Point::checked(found.loss, &self.search.g)?;
            if is_blind(point.loss, slope) && next.grad_norm >= point.grad_norm {
                return Ok(step);
            }
            self.alpha = found.alpha;
            self.known.follow(&self.search, problem, x, next);
        }
        step.verdict = Verdict::Accepted;
        step.step_norm = self.alpha * length;
        step.measures[..2].copy_from_slice(&[self.alpha, self.shift]);
        Ok(step)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("d", &mut self.d);
        visitor.scalar("alpha", &mut self.alpha);
        visitor.scalar("shift", &mut self.shift);
        self.known.state(visitor);
    }

    fn system(&mut self, problem: &mut dyn Objective<f64>, x: &[f64]) -> Option<System> {
        let n = x.len();
        let (mut g, mut matrix) = (vec![0.0; n], vec![0.0; n * n]);
        problem.gradient(x, &mut g);
        problem.as_hessian()?.hessian(x, &mut matrix);
        let shift = match self.search.rule() {
            Rule::None => self.damping,
            _ => self.definite.factor(&matrix, self.damping),
        };
        for own in matrix.iter_mut().step_by(n + 1) {
            *own += shift;
        }
        let name = if shift == 0.0 {
            "∇²f"
        } else {
            "∇²f + δI"
        };
        Some(System {
            dim: n,
            matrix,
            rhs: g.iter().map(|g| -g).collect(),
            name,
        })
    }
}
