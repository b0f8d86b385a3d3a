//! Methods that draw points at random, in `f64`. All draws of a step come from one stream, [`Stream::Method`] with the
//! iteration as index.
//!
//! Those that search work with a population of points and keep what is good: a step is a generation, and the session's
//! point is the best that was ever seen. Those that sample have chains of points: in a step each chain moves once or stays,
//! and the session's point is that of the first.

mod adaptation;
mod chains;
pub mod cma_es;
pub mod differential_evolution;
pub mod genetic;
pub mod hamiltonian;
pub mod langevin;
pub mod metropolis;
mod population;
mod shape;

use rand::RngExt;

use crate::args::{Field, Range};
use crate::error::Error;
use crate::optim::{Entry, StepCx};
use crate::rng::{Rng, Stream, stream};

/// Every one of them, in the order of the lecture. A new one is one line here.
pub fn entries() -> Vec<Entry> {
    let entry = |method, build| Entry { method, build };
    vec![
        entry(&genetic::METHOD, |args| {
            Box::new(genetic::Genetic::from_args(args))
        }),
        entry(&differential_evolution::METHOD, |args| {
            Box::new(differential_evolution::DifferentialEvolution::from_args(
                args,
            ))
        }),
        entry(&cma_es::METHOD, |args| {
            Box::new(cma_es::CmaEs::from_args(args))
        }),
        entry(&metropolis::METHOD, |args| {
            Box::new(metropolis::Metropolis::from_args(args))
        }),
        entry(&langevin::METHOD, |args| {
            Box::new(langevin::Langevin::from_args(args))
        }),
        entry(&hamiltonian::METHOD, |args| {
            Box::new(hamiltonian::Hamiltonian::from_args(args))
        }),
    ]
}

/// Where to look on a problem that has no range of its own.
const SIGMA: Field = Field::number(
    "sigma",
    "σ",
    "where the problem has no range of its own, the first points lie within start ± σ",
    1.0,
    Range::POSITIVE,
);

/// Most members of a population.
const MOST_MEMBERS: u32 = 10_000;

/// Most bytes that a method may keep.
const MOST_BYTES: f64 = 256e6;

/// Most operations of a step besides its evaluations: one or two seconds in a browser.
const MOST_WORK: f64 = 2e9;

/// # Errors
/// `optimizer.population`: too few for the method. `optimizer.name`: it would not fit, or take too long.
fn within_means(
    name: &'static str,
    (members, least): (usize, usize),
    (bytes, work): (f64, f64),
) -> Result<(), Error> {
    if members < least {
        let what = format!("{members} is too few for {name}, at least {least}");
        return Err(Error::new("optimizer.population", what));
    }
    if bytes <= MOST_BYTES && work <= MOST_WORK {
        return Ok(());
    }
    let what = format!(
        "{name} would need {:.1} MB and about {:.1} s a step, at most {:.0} MB and {:.0} s; take a smaller population or fewer parameters",
        bytes / 1e6,
        work / 1e9,
        MOST_BYTES / 1e6,
        MOST_WORK / 1e9
    );
    Err(Error::new("optimizer.name", what))
}

/// The generator of a step.
fn draws(cx: &StepCx) -> Rng {
    stream(cx.seed, Stream::Method, cx.iteration)
}

/// A whole number below `n`, the same on targets of 32 and of 64 bits.
fn below(rng: &mut Rng, n: usize) -> usize {
    (rng.random::<f64>() * n as f64) as usize
}
