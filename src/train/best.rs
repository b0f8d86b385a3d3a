//! The best point of a run by its validations, and how long ago it was.

use super::codec::{Codec, Corrupt};
use super::metrics::Validation;
use crate::config::{Early, Watch};
use crate::real::Real;

/// The point with the best validation so far, kept so that a run that has begun to overfit can go back to it.
#[derive(Debug, Clone)]
pub struct BestPoint<T> {
    /// θ there; empty where nothing is validated.
    pub x: Vec<T>,
    /// What the validation rows said there.
    pub seen: Validation,
    /// What was watched of it, the sign such that less is better; infinite before the first validation.
    score: f64,
    /// Steps taken before it.
    pub iteration: u64,
    /// Validations since then.
    pub waited: u64,
}

impl<T: Real> BestPoint<T> {
    /// None yet; allocates for `dim` parameters, so that a step need not.
    pub fn new(dim: usize) -> Self {
        Self {
            x: vec![T::ZERO; dim],
            seen: Validation {
                loss: f64::INFINITY,
                accuracy: f64::NAN,
                r2: f64::NAN,
            },
            score: f64::INFINITY,
            iteration: 0,
            waited: 0,
        }
    }

    /// Takes in one validation: kept if what is watched is better by more than `min_delta`.
    pub fn see(&mut self, x: &[T], seen: Validation, iteration: u64, rule: &Early) {
        let score = match rule.watch {
            Watch::Loss => seen.loss,
            Watch::Accuracy => -seen.accuracy,
            Watch::R2 => -seen.r2,
        };
        if score < self.score - rule.min_delta && self.x.len() == x.len() {
            self.x.copy_from_slice(x);
            self.seen = seen;
            self.score = score;
            self.iteration = iteration;
            self.waited = 0;
        } else {
            self.waited += 1;
        }
    }

    /// Whether there has been a validation that could be compared.
    pub fn is_known(&self) -> bool {
        self.score.is_finite()
    }

    /// Nothing is known any more: something else is watched from here on.
    pub fn forget(&mut self) {
        self.score = f64::INFINITY;
        self.waited = 0;
    }

    /// Why a run that watches it has stopped.
    pub fn reason(&self, watch: Watch) -> String {
        let (what, moved, was) = match watch {
            Watch::Loss => ("loss", "fallen", format!("{:.6e}", self.seen.loss)),
            Watch::Accuracy => ("accuracy", "risen", format!("{:.4}", self.seen.accuracy)),
            Watch::R2 => ("R²", "risen", format!("{:.4}", self.seen.r2)),
        };
        let (waited, at) = (self.waited, self.iteration);
        format!(
            "validation {what} has not {moved} for {waited} validations; it was {was} at step {at}"
        )
    }

    /// Saves or restores all but θ.
    pub fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        let Validation { loss, accuracy, r2 } = &mut self.seen;
        for number in [loss, accuracy, r2, &mut self.score] {
            codec.number(number)?;
        }
        codec.whole(&mut self.iteration)?;
        codec.whole(&mut self.waited)
    }
}
