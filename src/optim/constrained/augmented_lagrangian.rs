//! The augmented Lagrangian.

use super::penalised::{At, Moved, Penalised};
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
    name: "augmented_lagrangian",
    title: "Augmented Lagrangian",
    family: Family::Constrained,
    about: "The penalty method with multipliers: at each minimum of φ the multipliers take over what the penalty pulled, so that ρ need not grow without end, and the solution is reached with a moderate one. Also called the method of multipliers.",
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
            10.0,
            Range::POSITIVE,
        ),
        Field::number(
            "growth",
            "β",
            "factor of ρ where the violation has not fallen to a quarter",
            10.0,
            ABOVE_ONE,
        ),
        Field::number(
            "tolerance",
            "ε",
            "KKT residual at which it has converged",
            1e-9,
            Range::POSITIVE,
        ),
    ],
    equation: &[
        Line::new(
            r"\varphi(x) = f + \nu^{\top} c + \tfrac{\rho}{2} \|c\|^2 + \tfrac{1}{2\rho} \left( \|\max(\lambda + \rho g, 0)\|^2 - \|\lambda\|^2 \right)",
            r"\rho = \text{@rho0}",
        ),
        Line::new(
            r"x^{k+1} = x^k + \alpha d,\quad (\nabla^2 \varphi + \delta I)\, d = -\nabla \varphi",
            r"\text{@x1} = \text{@x0} + \text{@alpha1} \cdot \text{@d}",
        ),
        Line::new(
            r"\nu \leftarrow \nu + \rho c,\quad \lambda \leftarrow \max(\lambda + \rho g, 0)",
            r"",
        ),
    ],
    reference: "Hestenes 1969; Powell 1969; Rockafellar 1973; Nocedal & Wright 2006, Numerical Optimization, eq. 17.36 and framework 17.3",
    needs: Oracle::Constrained,
    measures: &["primal_residual", "dual_residual", "gap", "rho"],
};

/// Beyond this ρ a violation that stays is taken for one that cannot be lessened.
const LARGEST_RHO: f64 = 1e12;

/// ```text
/// φ(x) = f + νᵀc + ½ρ‖c‖² + (‖max(λ + ρg, 0)‖² − ‖λ‖²)/(2ρ)     x ← x + αd, (∇²φ + δI)d = −∇φ
/// at a minimum of φ:  ν ← ν + ρc,  λ ← max(λ + ρg, 0),  and ρ ← βρ unless the violation has fallen to a quarter
/// ```
///
/// A minimum is where ‖∇φ‖∞ is below a tenth of the violation at the last one. Where φ falls without end far from the
/// constraints, ρ is too small for it: the method goes back to the last minimum with a larger one.
#[derive(Debug, Clone)]
pub struct AugmentedLagrangian {
    rho: f64,
    growth: f64,
    tolerance: f64,
    /// The incompatibility at the last minimum.
    violation: f64,
    inner: Penalised,
}

impl AugmentedLagrangian {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            rho: args.number("rho"),
            growth: args.number("growth"),
            tolerance: args.number("tolerance"),
            violation: f64::INFINITY,
            inner: Penalised::default(),
        }
    }

    /// At a minimum of φ: the next multipliers, the next ρ.
    fn update(&mut self, x: &[f64], loss: f64) -> Result<(), Breakdown> {
        let now = self.inner.incompatibility();
        let Penalised {
            multipliers,
            estimate,
            rho,
            ..
        } = &mut self.inner;
        multipliers.copy_from_slice(estimate);
        if now > 0.25 * self.violation {
            if *rho >= LARGEST_RHO {
                return Err(Breakdown::NoFeasiblePoint { violation: now });
            }
            *rho = (*rho * self.growth).min(LARGEST_RHO);
        }
        self.violation = now;
        self.inner.anchor_at(x, loss);
        Ok(())
    }

    fn is_minimum(&self, at: &At) -> bool {
        let close = (0.1 * self.violation).clamp(0.1 * self.tolerance, 0.1);
        at.kkt.dual <= close * (1.0 + at.scale.dual)
    }
}

impl Optimizer<f64> for AugmentedLagrangian {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let constraints = constrained(problem, METHOD.name)?;
        let counts = (constraints.equalities(), constraints.inequalities());
        self.inner.reserve(n, counts, self.rho);
        self.violation = f64::INFINITY;
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
        if self.is_minimum(&at) {
            self.update(x, at.loss)?;
            at = self.inner.at(at.loss);
        }
        let report = Step {
            solves: 1,
            ..report
        };
        match self.inner.descend(problem, x, &at, cx.lr)? {
            Moved::By(step_norm) => Ok(Step {
                step_norm,
                ..report
            }),
            Moved::NoFurther => {
                self.update(x, at.loss)?;
                Ok(report)
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
        visitor.scalar("violation", &mut self.violation);
    }

    fn multipliers(&self) -> Option<Multipliers> {
        Some(self.inner.split_estimate())
    }
}
