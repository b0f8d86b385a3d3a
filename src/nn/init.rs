//! Initial parameters.

use rand::RngExt;

use crate::rng::{Rng, normal};

/// How the weights of a layer with `fan_in` inputs and `fan_out` outputs are drawn. Biases start at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Init {
    /// Normal, σ = √(2 / `fan_in`): keeps the variance through ReLU (He et al. 2015, eq. 10).
    He,
    /// Uniform in ±√(6 / (`fan_in` + `fan_out`)) (Glorot, Bengio 2010, eq. 16).
    Xavier,
    /// Normal, σ = √(1 / `fan_in`) (LeCun et al. 1998, eq. 16).
    Lecun,
    /// 0: all units of a layer stay alike, which is what makes it worth watching.
    Zeros,
}

impl Init {
    /// All of them, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[Self::He, Self::Xavier, Self::Lecun, Self::Zeros];

    /// The name in a config.
    pub const fn name(self) -> &'static str {
        match self {
            Self::He => "he",
            Self::Xavier => "xavier",
            Self::Lecun => "lecun",
            Self::Zeros => "zeros",
        }
    }

    /// The name on the page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::He => "He",
            Self::Xavier => "Xavier (Glorot)",
            Self::Lecun => "LeCun",
            Self::Zeros => "Zeros",
        }
    }

    /// The initialisation of that [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|i| i.name() == name)
    }

    /// One weight, drawn in `f64` whatever the precision of the network, so that both start from the same numbers.
    pub(super) fn draw(self, fan_in: usize, fan_out: usize, rng: &mut Rng) -> f64 {
        match self {
            Self::He => normal(rng) * (2.0 / fan_in as f64).sqrt(),
            Self::Xavier => {
                let unit: f64 = rng.random();
                (2.0 * unit - 1.0) * (6.0 / (fan_in + fan_out) as f64).sqrt()
            }
            Self::Lecun => normal(rng) * (1.0 / fan_in as f64).sqrt(),
            Self::Zeros => 0.0,
        }
    }
}
