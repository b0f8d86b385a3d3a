//! Random numbers: one seed, independent named streams.
//!
//! A stream is named by its purpose and an index (an epoch, an iteration, a trial), so a draw added to one never
//! shifts another, and the order of epoch 7 can be made without having made the six before it.

use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The generator of every stream: xoshiro256++, the same bits on every target.
pub type Rng = Xoshiro256PlusPlus;

/// What a stream of random numbers is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Points of a generated data set.
    Data = 1,
    /// Division into training, validation and test rows.
    Split = 2,
    /// Initial parameters.
    Init = 3,
    /// Order of the rows in one epoch (index: the epoch).
    Shuffle = 4,
    /// Noise added to a gradient (index: the iteration).
    Noise = 5,
    /// A method's own draws (index: the iteration).
    Method = 6,
    /// One trial of a search (index: the trial).
    Trial = 7,
}

/// The generator of `stream` number `index` under `seed`.
pub fn stream(seed: u64, stream: Stream, index: u64) -> Rng {
    Rng::seed_from_u64(mix(mix(seed ^ ((stream as u64) << 56)) ^ index))
}

/// One standard normal number, by the transformation of Box and Muller (1958): always two draws, so that what follows
/// in the stream does not depend on their values.
///
/// Not `rand_distr`'s: that takes its logarithm from `num-traits`, which is the platform's as soon as any crate in the
/// build enables the `std` feature there, and then the last bits differ between native and wasm.
pub fn normal(rng: &mut Rng) -> f64 {
    let radius = (-2.0 * libm::log(1.0 - rng.random::<f64>())).sqrt();
    radius * libm::cos(std::f64::consts::TAU * rng.random::<f64>())
}

/// A bijective scrambling of 64 bits (the finaliser of SplitMix64, Steele, Lea & Flood 2014).
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
