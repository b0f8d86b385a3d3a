//! The record of a method that samples: what its chains have drawn since the warm-up, and the last proposals.

use super::codec::{Codec, Corrupt};
use crate::optim::Draw;

/// Draws of a chain beyond which every second one is dropped and the stride doubles.
const MOST_DRAWS: usize = 8192;
/// Numbers that all of them may hold: 4 MB.
const MOST_NUMBERS: usize = 1 << 19;
/// However long a draw is, so many are kept.
const LEAST_DRAWS: usize = 16;
/// Dimensions above which nothing is kept.
const MOST_DIM: usize = 1000;
/// Proposals that are kept to be looked at, all chains together, and numbers that they may hold.
const MOST_TRIALS: usize = 400;
const MOST_TRIAL_NUMBERS: usize = 1 << 14;

/// Draws in turn, each of all chains; thinned evenly, so that a run of any length fits.
#[derive(Debug, Clone, Default)]
pub struct Draws {
    dim: usize,
    chains: usize,
    /// `[draw][chain][n]`.
    points: Vec<f64>,
    /// `[draw][chain]`, f.
    values: Vec<f64>,
    /// One draw of so many is kept.
    stride: u64,
    /// Draws since the warm-up.
    seen: u64,
    /// The last proposals as a ring: from, to, and whether it was accepted; 2n + 1 numbers each.
    trials: Vec<f64>,
    /// Place of the next one in the ring, in proposals.
    next: u64,
}

/// A proposal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trial<'a> {
    /// Where the chain was.
    pub from: &'a [f64],
    /// Where it was to go.
    pub to: &'a [f64],
    /// Whether it went.
    pub accepted: bool,
}

impl Draws {
    /// Takes in a step. Allocates at the first one only.
    pub fn push(&mut self, draw: &Draw) {
        if draw.dim > MOST_DIM {
            return;
        }
        if self.chains == 0 {
            self.begin(draw);
        }
        self.push_trials(draw);
        if draw.warming {
            return;
        }
        if self.seen.is_multiple_of(self.stride) {
            if self.len() == self.capacity() {
                self.thin();
            }
            // The capacity is even, so the draw that filled it up is one of those that the doubled stride keeps.
            self.points.extend_from_slice(draw.points);
            self.values.extend_from_slice(draw.values);
        }
        self.seen += 1;
    }

    fn begin(&mut self, draw: &Draw) {
        (self.dim, self.chains, self.stride) = (draw.dim, draw.values.len(), 1);
        let all = self.capacity();
        self.points.reserve(all * draw.points.len());
        self.values.reserve(all * self.chains);
        self.trials.reserve(self.ring() * self.width());
    }

    fn push_trials(&mut self, draw: &Draw) {
        let (width, ring) = (self.width(), self.ring());
        let ways = draw
            .from
            .chunks_exact(self.dim)
            .zip(draw.trials.chunks_exact(self.dim))
            .zip(draw.accepted);
        for ((from, to), accepted) in ways {
            let at = self.next as usize * width;
            if at == self.trials.len() {
                self.trials.resize(at + width, 0.0);
            }
            let place = &mut self.trials[at..at + width];
            place[..self.dim].copy_from_slice(from);
            place[self.dim..2 * self.dim].copy_from_slice(to);
            place[2 * self.dim] = *accepted;
            self.next = (self.next + 1) % ring as u64;
        }
    }

    /// Draws of a chain that are kept at most; an even number.
    fn capacity(&self) -> usize {
        let numbers = self.chains * (self.dim + 1);
        (MOST_NUMBERS / numbers.max(1)).clamp(LEAST_DRAWS, MOST_DRAWS) / 2 * 2
    }

    fn ring(&self) -> usize {
        (MOST_TRIAL_NUMBERS / self.width()).clamp(1, MOST_TRIALS)
    }

    fn width(&self) -> usize {
        2 * self.dim + 1
    }

    /// Drops every second draw.
    fn thin(&mut self) {
        for (values, width) in [
            (&mut self.points, self.chains * self.dim),
            (&mut self.values, self.chains),
        ] {
            let kept = (values.len() / width).div_ceil(2);
            for i in 1..kept {
                values.copy_within(2 * i * width..(2 * i + 1) * width, i * width);
            }
            values.truncate(kept * width);
        }
        self.stride *= 2;
    }

    /// n.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// C; 0 where the method does not sample, or has not begun.
    pub fn chains(&self) -> usize {
        self.chains
    }

    /// Draws of each chain that are kept.
    pub fn len(&self) -> usize {
        self.values.len() / self.chains.max(1)
    }

    /// Whether none is kept.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// One draw of so many is kept.
    pub fn stride(&self) -> u64 {
        self.stride.max(1)
    }

    /// `[draw][chain][n]`.
    pub fn points(&self) -> &[f64] {
        &self.points
    }

    /// `[draw][chain]`, f there.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Coordinate `i` of each chain, draw after draw.
    pub fn coordinate(&self, i: usize) -> Vec<Vec<f64>> {
        let of_chain = |c: usize| {
            let every = self.chains * self.dim;
            let numbers = self.points.iter().skip(c * self.dim + i);
            numbers.step_by(every).copied().collect()
        };
        (0..self.chains).map(of_chain).collect()
    }

    /// The last proposals, the oldest first.
    pub fn trials(&self) -> impl Iterator<Item = Trial<'_>> {
        let (n, width) = (self.dim, self.width());
        let (new, old) = self
            .trials
            .split_at((self.next as usize * width).min(self.trials.len()));
        let both = old.chunks_exact(width).chain(new.chunks_exact(width));
        both.map(move |t| Trial {
            from: &t[..n],
            to: &t[n..2 * n],
            accepted: t[2 * n] > 0.0,
        })
    }

    /// Saves or restores; see [`Codec`].
    pub fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        let (mut dim, mut chains) = (self.dim as u64, self.chains as u64);
        codec.whole(&mut dim)?;
        codec.whole(&mut chains)?;
        if dim > MOST_DIM as u64 || chains > u64::from(u16::MAX) {
            return Err(Corrupt);
        }
        (self.dim, self.chains) = (dim as usize, chains as usize);
        codec.numbers(&mut self.points)?;
        codec.numbers(&mut self.values)?;
        codec.whole(&mut self.stride)?;
        codec.whole(&mut self.seen)?;
        codec.numbers(&mut self.trials)?;
        codec.whole(&mut self.next)?;
        let draws = self.len();
        let begun = self.chains > 0 && self.dim > 0 && self.stride > 0;
        let whole = self.values.len() == draws * self.chains
            && self.points.len() == draws * self.chains * self.dim
            && draws <= self.capacity()
            && self.trials.len().is_multiple_of(self.width())
            && self.trials.len() <= self.ring() * self.width()
            && self.next as usize * self.width() <= self.trials.len();
        let empty = self.chains == 0 && self.points.is_empty() && self.trials.is_empty();
        if whole && (begun || empty) {
            Ok(())
        } else {
            Err(Corrupt)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::optim::Density;

    /// Step `k` of two chains in one dimension, at k and −k.
    fn pushed(steps: u64, warmup: u64) -> Draws {
        let mut draws = Draws::default();
        for k in 0..steps {
            let v = k as f64;
            draws.push(&Draw {
                dim: 1,
                points: &[v, -v],
                values: &[v * v, v],
                from: &[v - 1.0, 1.0 - v],
                trials: &[v, 7.0],
                accepted: &[1.0, 0.0],
                warming: k < warmup,
                cooling: false,
                density: Density::Temperature(1.0),
                best: (&[0.0], 0.0),
            });
        }
        draws
    }

    #[test]
    fn the_warm_up_is_left_out() {
        let draws = pushed(30, 20);
        assert_eq!((draws.len(), draws.chains(), draws.stride()), (10, 2, 1));
        assert_eq!(draws.coordinate(0)[1][..2], [-20.0, -21.0]);
        assert_eq!(draws.values()[..2], [400.0, 20.0]);
    }

    #[test]
    fn a_long_run_is_thinned_evenly() {
        let draws = pushed(5 * MOST_DRAWS as u64, 0);
        assert_eq!(draws.stride(), 8);
        assert_eq!(draws.len(), 5 * MOST_DRAWS / 8);
        let chain = &draws.coordinate(0)[0];
        assert!(chain.iter().enumerate().all(|(i, x)| *x == 8.0 * i as f64));
    }

    #[test]
    fn the_last_proposals_come_in_turn() {
        let draws = pushed(300, 0);
        let trials: Vec<Trial> = draws.trials().collect();
        assert_eq!(trials.len(), MOST_TRIALS);
        let last = [
            Trial {
                from: &[298.0],
                to: &[299.0],
                accepted: true,
            },
            Trial {
                from: &[-298.0],
                to: &[7.0],
                accepted: false,
            },
        ];
        assert_eq!(trials[MOST_TRIALS - 2..], last);
        assert_eq!(trials[0].to, [100.0]);
    }
}
