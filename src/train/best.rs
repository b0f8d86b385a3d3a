//! The best point of a run by its validation loss, and how long ago it was.

use super::codec::{Codec, Corrupt};
use crate::real::Real;

/// The point with the lowest validation loss so far, kept so that a run that has begun to overfit can go back to it.
#[derive(Debug, Clone)]
pub struct BestPoint<T> {
    /// θ there; empty where nothing is validated.
    pub x: Vec<T>,
    /// The validation loss there; infinite before the first validation.
    pub loss: f64,
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
            loss: f64::INFINITY,
            iteration: 0,
            waited: 0,
        }
    }

    /// Takes in one validation: kept if its loss is lower by more than `min_delta`.
    pub fn see(&mut self, x: &[T], loss: f64, iteration: u64, min_delta: f64) {
        if loss < self.loss - min_delta && self.x.len() == x.len() {
            self.x.copy_from_slice(x);
            self.loss = loss;
            self.iteration = iteration;
            self.waited = 0;
        } else {
            self.waited += 1;
        }
    }

    /// Whether there has been a validation with a finite loss.
    pub fn is_known(&self) -> bool {
        self.loss.is_finite()
    }

    /// Saves or restores all but θ.
    pub fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        codec.number(&mut self.loss)?;
        codec.whole(&mut self.iteration)?;
        codec.whole(&mut self.waited)
    }
}
