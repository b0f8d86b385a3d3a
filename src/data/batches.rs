//! Minibatches: which training rows a step sees.

use std::ops::Range;

use rand::seq::SliceRandom;

use crate::rng::{Stream, stream};

/// The order in which the rows of an epoch are dealt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they stand, the same in every epoch.
    InOrder,
    /// A new order each epoch, made from this seed and the number of the epoch alone.
    Shuffled(u64),
}

/// Deals training rows to steps: each row once an epoch.
///
/// The last batch of an epoch holds what is left and so may be smaller (as with `drop_last=False` in
/// `torch.utils.data.DataLoader`). A batch of all rows is never shuffled: its sums would otherwise be added in another
/// order each epoch, and differ in the last bits.
///
/// A batch is a function of the place ([`Batches::position`]) and the size alone, so that a run which is restored
/// there sees the same batches.
#[derive(Debug, Clone)]
pub struct Batches {
    rows: Vec<u32>,
    order: Order,
    size: usize,
    epoch: u64,
    cursor: usize,
    shuffled: Vec<u32>,
    shuffled_for: Option<u64>,
    dealt: Range<usize>,
}

impl Batches {
    /// Batches of `size` of these rows; all of them, where `size` is larger. At least 1 row a batch.
    pub fn new(rows: Vec<u32>, size: usize, order: Order) -> Self {
        Self {
            shuffled: rows.clone(),
            shuffled_for: None,
            size: size.max(1),
            dealt: 0..size.max(1).min(rows.len()),
            rows,
            order,
            epoch: 0,
            cursor: 0,
        }
    }

    /// The rows of the next step. Allocates nothing.
    pub fn next_batch(&mut self) -> &[u32] {
        let (epoch, start) = (self.epoch, self.cursor);
        let end = self.rows.len().min(start.saturating_add(self.size));
        (self.epoch, self.cursor) = if end == self.rows.len() {
            (epoch.saturating_add(1), 0)
        } else {
            (epoch, end)
        };
        self.dealt = start..end;
        if let (Order::Shuffled(seed), false) = (self.order, self.dealt_all()) {
            self.shuffle(seed, epoch);
        }
        self.current()
    }

    /// The rows that [`Batches::next_batch`] dealt last. Before the first, and after a change of size, as many rows as the
    /// next batch will have.
    pub fn current(&self) -> &[u32] {
        match self.order {
            Order::Shuffled(_) if !self.dealt_all() => &self.shuffled[self.dealt.clone()],
            _ => &self.rows[self.dealt.clone()],
        }
    }

    fn dealt_all(&self) -> bool {
        self.dealt.len() == self.rows.len()
    }

    /// Batches of another size from here on; the place in the epoch stays, so every row is still dealt once in it.
    pub fn set_size(&mut self, size: usize) {
        self.size = size.max(1);
        self.dealt = self.cursor..self.rows.len().min(self.cursor.saturating_add(self.size));
    }

    /// Rows of a batch, but for the last of an epoch.
    pub fn size(&self) -> usize {
        self.size.min(self.rows.len())
    }

    /// All rows, in the order in which they were given.
    pub fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// Batches in a whole epoch.
    pub fn per_epoch(&self) -> usize {
        self.rows.len().div_ceil(self.size)
    }

    /// Epochs dealt so far, the present one as the part of its rows that has been dealt.
    pub fn epoch(&self) -> f64 {
        self.epoch as f64 + self.cursor as f64 / self.rows.len().max(1) as f64
    }

    /// Whole epochs dealt, and rows dealt of the present one.
    pub fn position(&self) -> (u64, usize) {
        (self.epoch, self.cursor)
    }

    /// Goes to a place that [`Batches::position`] named. A cursor beyond the last row means the start of the epoch
    /// after.
    pub fn seek(&mut self, epoch: u64, cursor: usize) {
        (self.epoch, self.cursor) = if cursor < self.rows.len() {
            (epoch, cursor)
        } else {
            (epoch.saturating_add(u64::from(cursor > 0)), 0)
        };
    }

    /// Puts the order of `epoch` into `self.shuffled`, unless it is there.
    fn shuffle(&mut self, seed: u64, epoch: u64) {
        if self.shuffled_for != Some(epoch) {
            self.shuffled.copy_from_slice(&self.rows);
            self.shuffled
                .shuffle(&mut stream(seed, Stream::Shuffle, epoch));
            self.shuffled_for = Some(epoch);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(n: u32) -> Vec<u32> {
        (0..n).map(|i| 10 + i).collect()
    }

    fn epoch_of(batches: &mut Batches) -> Vec<Vec<u32>> {
        (0..batches.per_epoch())
            .map(|_| batches.next_batch().to_vec())
            .collect()
    }

    #[test]
    fn every_row_once_an_epoch() {
        for (n, size) in [(10, 3), (10, 5), (10, 1), (1, 1), (7, 6), (100, 32)] {
            for order in [Order::InOrder, Order::Shuffled(4)] {
                let mut batches = Batches::new(rows(n), size, order);
                for epoch in 0..3 {
                    assert_eq!(batches.position(), (epoch, 0));
                    let dealt = epoch_of(&mut batches);
                    assert!(dealt[..dealt.len() - 1].iter().all(|b| b.len() == size));
                    let mut all = dealt.concat();
                    all.sort_unstable();
                    assert_eq!(all, rows(n));
                }
            }
        }
    }

    #[test]
    fn rows_in_order_come_cyclically() {
        let mut batches = Batches::new(rows(5), 2, Order::InOrder);
        let dealt = [epoch_of(&mut batches), epoch_of(&mut batches)].concat();
        let once: [&[u32]; 3] = [&[10, 11], &[12, 13], &[14]];
        assert_eq!(dealt, [once, once].concat());
    }

    #[test]
    fn epochs_differ_and_depend_on_the_seed_alone() {
        let two = |seed| {
            let mut batches = Batches::new(rows(50), 8, Order::Shuffled(seed));
            (epoch_of(&mut batches), epoch_of(&mut batches))
        };
        let (first, second) = two(1);
        assert_ne!(first, second);
        assert_eq!(two(1), (first.clone(), second));
        assert_ne!(two(2).0, first);
    }

    #[test]
    fn a_full_batch_keeps_the_order() {
        for size in [50, 51, usize::MAX] {
            let mut batches = Batches::new(rows(50), size, Order::Shuffled(1));
            assert_eq!((batches.size(), batches.per_epoch()), (50, 1));
            assert_eq!(batches.next_batch(), rows(50));
            assert_eq!(batches.next_batch(), rows(50));
            assert_eq!(batches.epoch(), 2.0);
        }
    }

    #[test]
    fn seek_continues_as_if_never_stopped() {
        let mut batches = Batches::new(rows(23), 4, Order::Shuffled(9));
        for _ in 0..20 {
            let (epoch, cursor) = batches.position();
            let mut restored = Batches::new(rows(23), 4, Order::Shuffled(9));
            restored.seek(epoch, cursor);
            assert_eq!(restored.epoch(), batches.epoch());
            for _ in 0..9 {
                assert_eq!(restored.next_batch(), batches.next_batch());
            }
        }
    }

    #[test]
    fn a_new_size_keeps_the_place() {
        let mut batches = Batches::new(rows(10), 3, Order::Shuffled(2));
        let mut dealt = batches.next_batch().to_vec();
        batches.set_size(usize::MAX);
        assert_eq!(batches.epoch(), 0.3);
        dealt.extend(batches.next_batch());
        assert_eq!(batches.position(), (1, 0));
        dealt.sort_unstable();
        assert_eq!(dealt, rows(10));
        assert_eq!(batches.next_batch(), rows(10));
    }

    #[test]
    fn odd_places_and_sizes_do_no_harm() {
        let mut none = Batches::new(Vec::new(), 4, Order::Shuffled(0));
        assert!(none.next_batch().is_empty());
        assert_eq!(none.epoch(), 1.0);
        let mut batches = Batches::new(rows(3), 0, Order::Shuffled(0));
        assert_eq!(batches.size(), 1);
        batches.seek(u64::MAX - 1, 77);
        assert_eq!(batches.position(), (u64::MAX, 0));
        assert_eq!(batches.next_batch().len(), 1);
    }
}
