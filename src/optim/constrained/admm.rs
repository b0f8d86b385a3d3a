//! The alternating direction method of multipliers.

mod consensus;
mod program;

use super::{GONE, convex};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::optim::{
    Breakdown, Certificate, Family, Line, Method, Multipliers, Optimizer, Oracle, StateVisitor,
    Step, StepCx,
};
use crate::problem::{Convex, Objective};
use consensus::Consensus;
use program::Program;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "admm",
    title: "ADMM",
    family: Family::Constrained,
    about: "Splits the problem in two that are easy alone, a linear system and a projection (for a lasso the soft threshold), and lets multipliers bring their answers together. With blocks > 1 the rows of a lasso or a ridge are shared out to as many agents, who each solve their own part and agree by consensus.",
    fields: &[
        Field::number(
            "rho",
            "ρ",
            "weight of the disagreement",
            0.1,
            Range::POSITIVE,
        ),
        Field::number(
            "relaxation",
            "α",
            "over-relaxation; 1 is the plain method",
            1.6,
            RELAXATION,
        ),
        Field::flag("adaptive", "ρ", "ρ follows the two residuals", true),
        Field::integer(
            "blocks",
            "N",
            "agents among whom the rows of the data are shared out",
            1,
            1,
            100,
        ),
        Field::number(
            "tolerance",
            "ε",
            "KKT residual at which it has converged, relative to the data",
            1e-9,
            Range::POSITIVE,
        ),
    ],
    equation: &[
        Line::new(
            r"x^{k+1} = \operatorname{argmin}_x\ f(x) + \tfrac{\rho}{2} \|Kx - z^k + u^k\|^2",
            r"\text{@x1}",
        ),
        Line::new(
            r"z^{k+1} = \operatorname{prox}\left( Kx^{k+1} + u^k \right)",
            r"",
        ),
        Line::new(
            r"u^{k+1} = u^k + Kx^{k+1} - z^{k+1}",
            r"\rho = \text{@rho1}",
        ),
    ],
    reference: "Boyd, Parikh, Chu, Peleato & Eckstein 2011, Found. Trends Mach. Learn. 3, §§ 3.1, 3.4.3, 6.4 and 7.1; for programs: Stellato et al. 2020, OSQP, Math. Prog. Comp. 12, algorithm 1 and § 3.4",
    needs: Oracle::Convex,
    measures: &["primal_residual", "dual_residual", "gap", "rho"],
};

/// 0 < α < 2.
const RELAXATION: Range = Range {
    min: 0.0,
    max: 2.0,
    min_included: false,
    max_included: false,
};

/// ρ is looked at after so many steps, and again after twice as many, and so on: it must come to rest for the method to
/// converge.
const FIRST_LOOK: f64 = 25.0;
/// ρ is changed where it is off by more than this factor.
const OFF: f64 = 5.0;
const LEAST_RHO: f64 = 1e-6;
const LARGEST_RHO: f64 = 1e6;

/// What both forms are made with.
#[derive(Debug, Clone, Copy)]
struct Settings {
    rho: f64,
    relaxation: f64,
    adaptive: bool,
    blocks: usize,
    tolerance: f64,
}

impl Settings {
    /// The next ρ, from the residuals relative to the sizes that they are made of; none where it is good as it is.
    fn adapted(&self, steps: f64, rho: f64, primal: f64, dual: f64) -> Option<f64> {
        let looks = (steps / FIRST_LOOK) as u64;
        let is_due = self.adaptive && looks as f64 * FIRST_LOOK == steps && looks.is_power_of_two();
        let next =
            (rho * (primal / dual.max(f64::MIN_POSITIVE)).sqrt()).clamp(LEAST_RHO, LARGEST_RHO);
        let off = next.is_finite() && (next > OFF * rho || OFF * next < rho);
        (is_due && off).then_some(next)
    }
}

/// See [`program`] and [`consensus`] for the steps of the two forms.
#[derive(Debug, Clone)]
pub struct Admm {
    settings: Settings,
    form: Option<Form>,
}

#[derive(Debug, Clone)]
enum Form {
    Program(Box<Program>),
    Consensus(Box<Consensus>),
}

impl Admm {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            settings: Settings {
                rho: args.number("rho"),
                relaxation: args.number("relaxation"),
                adaptive: args.flag("adaptive"),
                blocks: args.number("blocks") as usize,
                tolerance: args.number("tolerance"),
            },
            form: None,
        }
    }
}

impl Optimizer<f64> for Admm {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let blocks = self.settings.blocks;
        self.form = Some(match convex(problem, METHOD.name)? {
            Convex::Program(_) if blocks > 1 => {
                let what = format!(
                    "{blocks}: only the rows of a lasso or a ridge can be shared out; must be 1 here"
                );
                return Err(Error::new("optimizer.blocks", what));
            }
            Convex::Composite(composite) if blocks > composite.b.len() => {
                let what = format!(
                    "{blocks}: there are {} rows to be shared out",
                    composite.b.len()
                );
                return Err(Error::new("optimizer.blocks", what));
            }
            Convex::Program(program) => {
                Form::Program(Box::new(Program::new(self.settings, program)))
            }
            Convex::Composite(composite) => {
                Form::Consensus(Box::new(Consensus::new(self.settings, composite)))
            }
        });
        Ok(())
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        _: StepCx,
    ) -> Result<Step, Breakdown> {
        let loss = super::finite("loss", problem.value(x))?;
        match (&mut self.form, problem.as_convex()) {
            (Some(Form::Program(form)), Some(Convex::Program(program))) => {
                form.step(program, loss, x)
            }
            (Some(Form::Consensus(form)), Some(Convex::Composite(composite))) => {
                form.step(composite, loss, x)
            }
            _ => Err(GONE),
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        match &mut self.form {
            Some(Form::Program(form)) => form.state(visitor),
            Some(Form::Consensus(form)) => form.state(visitor),
            None => {}
        }
    }

    fn multipliers(&self) -> Option<Multipliers> {
        match &self.form {
            Some(Form::Program(form)) => Some(form.multipliers()),
            Some(Form::Consensus(form)) => Some(form.multipliers()),
            None => None,
        }
    }

    fn certificate(&self) -> Option<Certificate> {
        match &self.form {
            Some(Form::Program(form)) => form.certificate(),
            _ => None,
        }
    }
}
