//! One linear system, opened: its spectrum, its picture, and how each solver fares on it.

use serde::Serialize;

use super::session::Clock;
use crate::args::{Args, Kind};
use crate::error::Error;
use crate::linalg::spectrum::{condition, symmetric_eigenvalues};
use crate::linalg::vector::dot;
use crate::optim::{Entry, StepCx, Verdict, linear};
use crate::problem::LinearSystem;
use crate::problem::linear_system::{SquareSystem, residual};

/// The largest system that is opened: its eigenvalues and eleven solvers within about a second.
pub const LARGEST: usize = 200;

/// ‖b − Ax‖/‖b‖ at which a solver has done its work.
const TOLERANCE: f64 = 1e-10;

/// Multiplications of matrix entries that a solver may spend.
const WORK: f64 = 1e8;

/// Steps that a solver may take at most.
const STEPS: f64 = 10_000.0;

/// A linear system and how each solver fares on it, from zeros.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SolveReport {
    /// What the matrix is, in Unicode: "A", "∇²f", "JᵀJ + λI".
    pub name: &'static str,
    /// n.
    pub dim: usize,
    /// Whether A = Aᵀ, but for rounding.
    pub symmetric: bool,
    /// Ascending, where A is symmetric.
    pub eigenvalues: Option<Vec<f64>>,
    /// κ₂, the largest singular value over the smallest; infinite where A is singular.
    pub condition: Option<f64>,
    /// One for each solver and variant.
    pub solvers: Vec<SolverReport>,
}

/// How a solver fared.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SolverReport {
    /// Name in the catalogue.
    pub name: &'static str,
    /// Name for people, the variant in parentheses.
    pub title: String,
    /// What became of it.
    pub outcome: Outcome,
    /// Steps taken.
    pub iterations: u64,
    /// Products with the matrix.
    pub products: u64,
    /// ‖b − Ax‖/‖b‖ at the end.
    pub residual: f64,
    /// Milliseconds, the factorisation or the preconditioner included.
    pub ms: f64,
    /// Why it was refused or broke off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What became of a solver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// ‖b − Ax‖ ≤ 10⁻¹⁰‖b‖, or as small as rounding lets it be.
    Solved,
    /// Its steps were spent before that.
    Slow,
    /// It does not apply to this matrix, or broke off.
    Refused,
}

/// Opens `system`.
///
/// # Errors
/// `system`: more than [`LARGEST`] unknowns.
pub fn solve_report(
    system: &mut SquareSystem,
    name: &'static str,
    clock: Clock,
) -> Result<SolveReport, Error> {
    let n = system.rhs().len();
    if n > LARGEST {
        let what = format!("{n} unknowns; a system of at most {LARGEST} is opened");
        return Err(Error::new("system", what));
    }
    let (values, symmetric) = (system.matrix().to_dense(), system.is_symmetric());
    let eigenvalues = symmetric
        .then(|| symmetric_eigenvalues(n, &values))
        .flatten();
    let solvers = linear::entries()
        .iter()
        .flat_map(|entry| variants(entry).into_iter().map(move |v| (*entry, v)))
        .map(|(entry, variant)| solver_report(system, &entry, variant, clock))
        .collect();
    Ok(SolveReport {
        name,
        dim: n,
        symmetric,
        eigenvalues,
        condition: condition(n, &values),
        solvers,
    })
}

/// Field and option of each variant of a method; one without either where it has no choice.
fn variants(entry: &Entry) -> Vec<Option<(&'static str, &'static str)>> {
    let choices = entry
        .method
        .fields
        .iter()
        .find_map(|field| match field.kind {
            Kind::Choice { options } => Some((field.name, options)),
            _ => None,
        });
    choices.map_or_else(
        || vec![None],
        |(name, options)| options.iter().map(|o| Some((name, *o))).collect(),
    )
}

fn solver_report(
    system: &mut SquareSystem,
    entry: &Entry,
    variant: Option<(&str, &str)>,
    clock: Clock,
) -> SolverReport {
    let defaults = Args::defaults(entry.method.fields);
    let (args, title) = match variant {
        None => (defaults, entry.method.title.to_owned()),
        Some((field, option)) => (
            defaults.with(field, option),
            format!("{} ({})", entry.method.title, option.replace('_', " ")),
        ),
    };
    let began = clock();
    let mut report = SolverReport {
        name: entry.method.name,
        title,
        outcome: Outcome::Slow,
        iterations: 0,
        products: 0,
        residual: 1.0,
        ms: 0.0,
        reason: None,
    };
    let mut x = vec![0.0; system.rhs().len()];
    let mut solver = (entry.build)(&args);
    if let Err(error) = solver.reset(system) {
        report.refuse(error.message);
        return report;
    }
    let limit = (WORK / system.matrix().nonzeros().max(1) as f64).clamp(100.0, STEPS) as u64;
    while report.outcome == Outcome::Slow && report.iterations < limit {
        let cx = StepCx {
            lr: 1.0,
            iteration: report.iterations,
            seed: 0,
        };
        match solver.step(system, &mut x, cx) {
            Err(breakdown) => report.refuse(breakdown.to_string()),
            Ok(step) => {
                report.products += u64::from(step.products);
                if step.verdict == Verdict::Solved {
                    report.outcome = Outcome::Solved;
                } else {
                    report.iterations += 1;
                    report.residual = relative_residual(system, &x);
                    if report.residual <= TOLERANCE {
                        report.outcome = Outcome::Solved;
                    }
                }
            }
        }
    }
    report.ms = (clock() - began).max(0.0);
    report
}

impl SolverReport {
    fn refuse(&mut self, reason: String) {
        self.outcome = Outcome::Refused;
        self.reason = Some(reason);
    }
}

fn relative_residual(system: &SquareSystem, x: &[f64]) -> f64 {
    let mut r = vec![0.0; x.len()];
    residual(system.matrix(), system.rhs(), x, &mut r);
    let b = dot(system.rhs(), system.rhs()).sqrt();
    dot(&r, &r).sqrt() / if b > 0.0 { b } else { 1.0 }
}

/// What a page draws of a system.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixPicture {
    /// n.
    pub dim: usize,
    /// Cells a side, at most n.
    pub size: usize,
    /// size·size cells, row by row: the entry of largest magnitude in each, with its sign.
    pub values: Vec<f64>,
    /// b.
    pub rhs: Vec<f64>,
    /// x*, where it is known.
    pub solution: Option<Vec<f64>>,
}

/// The picture of `system` with at most `size` cells a side.
///
/// # Errors
/// `size`: not from 1 to 200.
pub fn matrix_picture(system: &SquareSystem, size: usize) -> Result<MatrixPicture, Error> {
    if !(1..=200).contains(&size) {
        let what = format!("{size} is not a whole number from 1 to 200");
        return Err(Error::new("size", what));
    }
    let n = system.rhs().len();
    let size = size.min(n);
    Ok(MatrixPicture {
        dim: n,
        size,
        values: system.matrix().picture(size),
        rhs: system.rhs().to_vec(),
        solution: system.solution().map(<[f64]>::to_vec),
    })
}
