//! Adapting the length of a step until a given part of the trials is accepted.

use crate::optim::StateVisitor;

/// ε by Nesterov's dual averaging: after step m with the acceptance probability αₘ
///
/// ```text
/// H̄ ← (1 − 1/(m + t₀)) H̄ + (δ − αₘ)/(m + t₀),   ln ε = μ − √m/γ · H̄,   ln ε̄ ← m^(−κ) ln ε + (1 − m^(−κ)) ln ε̄
/// ```
///
/// with μ = ln 10ε₀, γ = 0.05, t₀ = 10 and κ = 0.75. When the warm-up ends, ε is ε̄.
///
/// Source: Hoffman, Gelman 2014, Journal of Machine Learning Research 15, 1593–1623, algorithm 5.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepSize {
    /// ε.
    pub value: f64,
    /// δ.
    rate: f64,
    mu: f64,
    /// H̄.
    error: f64,
    /// ln ε̄.
    mean: f64,
    /// m.
    count: f64,
}

const GAMMA: f64 = 0.05;
const T_0: f64 = 10.0;
const KAPPA: f64 = 0.75;

impl StepSize {
    /// From `value` on towards the acceptance `rate`; nothing is known.
    pub fn new(value: f64, rate: f64) -> Self {
        Self {
            value,
            rate,
            mu: libm::log(10.0 * value),
            error: 0.0,
            mean: 0.0,
            count: 0.0,
        }
    }

    /// Takes in the acceptance probability of a step.
    pub fn learn(&mut self, probability: f64) {
        self.count += 1.0;
        let weight = 1.0 / (self.count + T_0);
        self.error = (1.0 - weight) * self.error + weight * (self.rate - probability);
        let logarithm = self.mu - self.count.sqrt() / GAMMA * self.error;
        let weight = libm::pow(self.count, -KAPPA);
        self.mean = weight * logarithm + (1.0 - weight) * self.mean;
        self.value = libm::exp(logarithm);
    }

    /// Ends the adaptation.
    pub fn settle(&mut self) {
        if self.count > 0.0 {
            self.value = libm::exp(self.mean);
        }
    }

    /// See [`crate::optim::Optimizer::state`].
    pub fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        for (name, number) in [
            ("length", &mut self.value),
            ("mu", &mut self.mu),
            ("error", &mut self.error),
            ("mean", &mut self.mean),
            ("count", &mut self.count),
        ] {
            visitor.scalar(name, number);
        }
    }
}
