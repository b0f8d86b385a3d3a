//! The quadratic penalty method.

use super::penalised::{Moved, Penalised};
use super::{ABOVE_ONE, constrained};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::optim::{
    Breakdown, Family, Line, Method, Multipliers, Optimizer, Oracle, StateVisitor, Step, StepCx,
    Verdict,
};
use crate::problem::Objective;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "penalty",
    title: "Quadratic penalty",
    family: Family::Constrained,
    about: "Minimises f + ½ρ‖violation‖² for a growing ρ, each time by Newton steps from the last minimum. The minima come from outside and reach the solution only as ρ → ∞: the violation is the multiplier over ρ, and the condition number grows with ρ. That is what the augmented Lagrangian mends.",
    fields: &[
        Field::number(
            "lr",
            "α",
            "first trial of the line search",
            1.0,
            Range::POSITIVE,
        ),
        Field::number(
            "rho",
            "ρ",
            "first weight of the violation",
            1.0,
            Range::POSITIVE,
        ),
        Field::number(
            "growth",
            "β",
            "factor of ρ from one minimum to the next",
            10.0,
            ABOVE_ONE,
        ),
        Field::number(
            "tolerance",
            "ε",
            "KKT residual at which it has converged",
            1e-6,
            Range::POSITIVE,
        ),
    ],
    equation: &[
        Line::new(
            r"\varphi(x) = f + \tfrac{\rho}{2} \|c\|^2 + \tfrac{\rho}{2} \|\max(g, 0)\|^2",
            r"\rho = \text{@rho0}",
        ),
        Line::new(
            r"x^{k+1} = x^k + \alpha d,\quad (\nabla^2 \varphi + \delta I)\, d = -\nabla \varphi",
            r"\text{@x1} = \text{@x0} + \text{@alpha1} \cdot \text{@d}",
        ),
    ],
    reference: "Nocedal & Wright 2006, Numerical Optimization, framework 17.1; Courant 1943",
    needs: Oracle::Constrained,
    measures: &["primal_residual", "dual_residual", "gap", "rho"],
};

/// The largest ρ: beyond, the rounding of ∇φ is above every useful tolerance.
const LARGEST_RHO: f64 = 1e10;

/// ```text
/// φ(x) = f + ½ρ‖c‖² + ½ρ‖max(g, 0)‖²      x ← x + αd, (∇²φ + δI)d = −∇φ      ρ ← βρ at a minimum of φ
/// ```
///
/// A minimum is where ‖∇φ‖∞ is below a tenth of the violation. Multipliers are estimated by ρc and ρ·max(g, 0).
#[derive(Debug, Clone)]
pub struct Penalty {
    rho: f64,
    growth: f64,
    tolerance: f64,
    inner: Penalised,
}

impl Penalty {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            rho: args.number("rho"),
            growth: args.number("growth"),
            tolerance: args.number("tolerance"),
            inner: Penalised::default(),
        }
    }
}

impl Optimizer<f64> for Penalty {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let constraints = constrained(problem, METHOD.name)?;
        let counts = (constraints.equalities(), constraints.inequalities());
        self.inner.reserve(n, counts, self.rho);
        Ok(())
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let mut at = self.inner.look(problem, x)?;
        let rho = self.inner.rho;
        if at.kkt.within(self.tolerance, at.scale) {
            return Ok(at.kkt.solved(at.loss, rho));
        }
        let report = at.kkt.report(at.loss, rho);
        let close = (0.1 * at.kkt.primal).clamp(0.5 * self.tolerance.min(0.1), 0.1);
        if at.kkt.dual <= close * (1.0 + at.scale.dual) {
            self.inner.anchor_at(x, at.loss);
            self.raise(at.kkt.primal)?;
            at = self.inner.at(at.loss);
        }
        match self.inner.descend(problem, x, &at, cx.lr)? {
            Moved::By(step_norm) => Ok(Step {
                step_norm,
                solves: 1,
                ..report
            }),
            Moved::NoFurther => {
                self.raise(at.kkt.primal)?;
                Ok(Step {
                    solves: 1,
                    ..report
                })
            }
            Moved::Fell(value) => {
                let limits = (self.growth, LARGEST_RHO);
                self.inner.retreat(problem, x, value, limits)?;
                Ok(Step {
                    verdict: Verdict::Rejected,
                    ..report
                })
            }
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        self.inner.state(visitor);
    }

    fn multipliers(&self) -> Option<Multipliers> {
        Some(self.inner.split_estimate())
    }
}

impl Penalty {
    /// The next ρ.
    fn raise(&mut self, violation: f64) -> Result<(), Breakdown> {
        if self.inner.rho >= LARGEST_RHO {
            return Err(Breakdown::NoFeasiblePoint { violation });
        }
        self.inner.rho = (self.inner.rho * self.growth).min(LARGEST_RHO);
        Ok(())
    }
}
