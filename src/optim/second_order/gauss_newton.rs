//! Gauss-Newton.

use super::{afford, gram, least_squares, negligible};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::Qr;
use crate::optim::{
    Breakdown, Family, Line, Method, Optimizer, Oracle, StateVisitor, Step, StepCx, System, Verdict,
};
use crate::problem::Objective;
use crate::real::norm;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "gauss_newton",
    title: "Gauss-Newton",
    family: Family::SecondOrder,
    about: "Replaces the residuals by their tangents and solves that linear least-squares problem, by QR of J. At α = 1 it jumps to its solution; nothing holds it back.",
    fields: &[Field::number(
        "lr",
        "α",
        "part of the step that is taken",
        1.0,
        Range::NON_NEGATIVE,
    )],
    equation: &[Line::new(
        r"\theta^{k+1} = \theta^k - \alpha (J^T J)^{-1} J^T r",
        super::MOVE,
    )],
    reference: "Gauss 1809, Theoria Motus; Nocedal & Wright 2006, Numerical Optimization, section 10.3, eq. 10.23",
    needs: Oracle::LeastSquares,
    measures: &[],
};

/// θᵏ⁺¹ = θᵏ − αd, where d solves min ‖Jd − r‖.
///
/// The normal equations JᵀJ·d = Jᵀr have the same solution, at the square of the condition number; so J is factored,
/// not JᵀJ. Residuals r and Jacobian J are scaled so that f = ½‖r‖². On the lecture's slide f = ‖r‖², so ∇f = 2Jᵀr and
/// the Hessian is about 2JᵀJ: the twos cancel, and the iterates are these.
///
/// Breaks down where the columns of J are linearly dependent: then d is not unique.
///
/// Source: Nocedal, Wright 2006, section 10.3, eq. 10.23 and 10.26.
#[derive(Debug, Clone, Default)]
pub struct GaussNewton {
    r: Vec<f64>,
    j: Vec<f64>,
    g: Vec<f64>,
    d: Vec<f64>,
    alpha: f64,
    qr: Qr,
}

impl Optimizer<f64> for GaussNewton {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let (m, n) = afford(METHOD.name, problem)?;
        if m < n {
            let what = format!(
                "{} needs at least as many residuals as parameters, here {m} for {n}; levenberg and \
                 levenberg_marquardt do with fewer",
                METHOD.name
            );
            return Err(Error::new("optimizer.name", what));
        }
        self.r = vec![0.0; m];
        self.j = vec![0.0; m * n];
        self.g = vec![0.0; n];
        self.d = vec![0.0; n];
        self.alpha = 0.0;
        self.qr.start(m, n);
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
        let (r, j) = (&mut self.r, &mut self.j);
        let point = super::linearise(problem, x, r, j, &mut self.g)?;
        let mut step = point.stays();
        if point.grad_norm == 0.0 {
            return Ok(step);
        }
        super::load(&mut self.qr, r, j, x.len());
        self.qr.reduce();
        self.qr
            .solve(&mut self.d)
            .map_err(|pivot| Breakdown::Singular { pivot })?;
        step.solves = 1;
        let length = super::finite("step", norm(&self.d))?;
        self.alpha = cx.lr;
        if negligible(length, x) {
            return Ok(step);
        }
        step.step_norm = self.alpha * length;
        step.verdict = Verdict::Accepted;
        super::walk(x, self.alpha, &self.d);
        Ok(step)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("d", &mut self.d);
        visitor.scalar("alpha", &mut self.alpha);
    }

    fn system(&mut self, problem: &mut dyn Objective<f64>, x: &[f64]) -> Option<System> {
        let (r, j) = least_squares(problem, x)?;
        Some(gram(&r, &j, x.len(), "JᵀJ"))
    }
}

impl GaussNewton {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(_: &Args) -> Self {
        Self::default()
    }
}
