//! Gradient clipping.

use super::Rule;
use crate::optim::{StateVisitor, StepCx};
use crate::real::{Real, norm};

/// Clipping by norm: g ← g · min(1, c / ‖g‖₂).
///
/// `torch.nn.utils.clip_grad_norm_` divides by ‖g‖ + 10⁻⁶ instead; optax's `clip_by_global_norm` is this form.
///
/// Source: Pascanu, Mikolov, Bengio, *On the difficulty of training recurrent neural networks*, 2013, algorithm 1.
#[derive(Debug, Clone, Copy)]
pub struct ClipByNorm {
    /// c, the largest norm that passes unchanged; positive.
    pub max_norm: f64,
}

impl<T: Real> Rule<T> for ClipByNorm {
    fn reset(&mut self, _: usize) {}

    fn apply(&mut self, _: &[T], g: &mut [T], _: &StepCx) {
        let norm = norm(g);
        if norm > self.max_norm {
            let factor = T::of(self.max_norm / norm);
            for g in g.iter_mut() {
                *g *= factor;
            }
        }
    }

    fn state(&mut self, _: &mut dyn StateVisitor<T>) {}
}
