//! The loops that training spends its time in.
//!
//! A block of rows is kept *by unit*: panel p of unit u (at `p·units + u`) holds that unit's numbers for the rows of
//! panel p, side by side, so forward and backward passes read memory in order, multiply a vector of rows by one weight,
//! and treat each row alone. For the gradient of the weights, which sums over rows, a block is also kept *by row*:
//! panel q of row r (at `q·BLOCK + r`) holds units q·width, q·width + 1, … of that row.
//!
//! Every sum has one order, whatever the number of lanes: the result is that of the plain loops, to the last bit. (The
//! gradient of the biases alone is summed lane by lane first.) Lanes beyond the last row are computed and never used.
//!
//! Each kernel is kept a function of its own: in one large function the engines' register allocators spill the sums.

use crate::real::Real;
use crate::real::lanes::{Lanes, Panel, panel_width};

/// How many rows are handled at a time, at most: a multiple of every panel's width.
pub(super) const BLOCK: usize = 64;

/// How many units one tile computes: with two vectors of rows each it keeps eight sums in registers, of the sixteen.
const TILE: usize = 4;

/// How many panels hold `n` numbers.
pub(super) const fn panels<T: Real>(n: usize) -> usize {
    n.div_ceil(panel_width::<T>())
}

/// A panel of zeros.
fn zeros<T: Real>() -> Panel<T> {
    [T::Lanes::default(); 2]
}

/// Calls `$kernel` with the number of units in a tile as its last type argument: [`TILE`], or what is left.
macro_rules! tiled {
    ($units:expr, $kernel:ident :: <$t:ty $(, $n:ident)?> $args:tt) => {
        match $units {
            TILE => $kernel::<$t, $($n,)? TILE> $args,
            3 => $kernel::<$t, $($n,)? 3> $args,
            2 => $kernel::<$t, $($n,)? 2> $args,
            _ => $kernel::<$t, $($n,)? 1> $args,
        }
    };
}

/// z = b + W·a for `rows` rows: zⱼ = bⱼ + Σₖ aₖ wⱼₖ, added from k = 0 on. `w` is \[outputs]\[inputs].
#[inline(never)]
pub(super) fn forward<T: Real>(rows: usize, w: &[T], b: &[T], a: &[Panel<T>], z: &mut [Panel<T>]) {
    let (outputs, inputs) = (b.len(), w.len() / b.len());
    let blocks = a.chunks_exact(inputs).zip(z.chunks_exact_mut(outputs));
    for (p, (a, z)) in blocks.take(panels::<T>(rows)).enumerate() {
        if fits_one_vector::<T>(rows - p * panel_width::<T>()) {
            forward_panel::<T, 1>(w, b, a, z);
        } else {
            forward_panel::<T, 2>(w, b, a, z);
        }
    }
}

fn forward_panel<T: Real, const N: usize>(w: &[T], b: &[T], a: &[Panel<T>], z: &mut [Panel<T>]) {
    let tiles = w
        .chunks(TILE * a.len())
        .zip(b.chunks(TILE))
        .zip(z.chunks_mut(TILE));
    for ((w, b), z) in tiles {
        tiled!(b.len(), forward_tile::<T, N>(w, b, a, z));
    }
}

#[inline]
fn forward_tile<T: Real, const N: usize, const M: usize>(
    w: &[T],
    b: &[T],
    a: &[Panel<T>],
    z: &mut [Panel<T>],
) {
    let inputs = a.len();
    let w: [&[T]; M] = std::array::from_fn(|m| &w[m * inputs..][..inputs]);
    let mut sum: [[T::Lanes; N]; M] = std::array::from_fn(|m| [T::Lanes::splat(b[m]); N]);
    for k in 0..inputs {
        for m in 0..M {
            let weight = T::Lanes::splat(w[m][k]);
            for n in 0..N {
                sum[m][n] += weight * a[k][n];
            }
        }
    }
    for (z, sum) in z.iter_mut().zip(sum) {
        z[..N].copy_from_slice(&sum);
    }
}

/// d ← (Wᵀ·e) ∘ slope for `rows` rows: dₖ = slopeₖ Σⱼ eⱼ wⱼₖ, added from j = 0 on. `w` is \[outputs]\[inputs].
#[inline(never)]
pub(super) fn backward<T: Real>(
    rows: usize,
    (outputs, inputs): (usize, usize),
    w: &[T],
    e: &[Panel<T>],
    slope: &[Panel<T>],
    d: &mut [Panel<T>],
) {
    let blocks = e
        .chunks_exact(outputs)
        .zip(slope.chunks_exact(inputs))
        .zip(d.chunks_exact_mut(inputs));
    for (p, ((e, slope), d)) in blocks.take(panels::<T>(rows)).enumerate() {
        if fits_one_vector::<T>(rows - p * panel_width::<T>()) {
            backward_panel::<T, 1>(w, e, slope, d);
        } else {
            backward_panel::<T, 2>(w, e, slope, d);
        }
    }
}

fn backward_panel<T: Real, const N: usize>(
    w: &[T],
    e: &[Panel<T>],
    slope: &[Panel<T>],
    d: &mut [Panel<T>],
) {
    let inputs = d.len();
    for (i, (slope, d)) in slope.chunks(TILE).zip(d.chunks_mut(TILE)).enumerate() {
        let w = &w[i * TILE..];
        tiled!(d.len(), backward_tile::<T, N>(inputs, w, e, slope, d));
    }
}

#[inline]
fn backward_tile<T: Real, const N: usize, const M: usize>(
    inputs: usize,
    w: &[T],
    e: &[Panel<T>],
    slope: &[Panel<T>],
    d: &mut [Panel<T>],
) {
    let mut sum = [[T::Lanes::default(); N]; M];
    for (e, w) in e.iter().zip(w.chunks(inputs)) {
        let w = &w[..M];
        for m in 0..M {
            let weight = T::Lanes::splat(w[m]);
            for n in 0..N {
                sum[m][n] += weight * e[n];
            }
        }
    }
    for ((d, slope), sum) in d.iter_mut().zip(slope).zip(sum) {
        for n in 0..N {
            d[n] = sum[n] * slope[n];
        }
    }
}

/// g ← d·aᵀ, or g + d·aᵀ where `add`: gⱼₖ = Σᵣ dⱼᵣ aₖᵣ, added from row 0 on. `g` is \[outputs]\[inputs], `d` by unit,
/// `a` by row.
#[inline(never)]
pub(super) fn weight_gradient<T: Real>(
    rows: usize,
    (outputs, inputs): (usize, usize),
    d: &[Panel<T>],
    a: &[Panel<T>],
    g: &mut [T],
    add: bool,
) {
    let d = Block { d, outputs, rows };
    let width = panel_width::<T>();
    for (q, a) in a.chunks_exact(BLOCK).take(panels::<T>(inputs)).enumerate() {
        let first = q * width;
        let columns = width.min(inputs - first);
        for unit in (0..outputs).step_by(TILE) {
            let g = &mut g[unit * inputs + first..];
            let units = TILE.min(outputs - unit);
            let place = Place {
                inputs,
                columns,
                add,
            };
            if fits_one_vector::<T>(columns) {
                gradient_units::<T, 1>(units, d, unit, a, g, place);
            } else {
                gradient_units::<T, 2>(units, d, unit, a, g, place);
            }
        }
    }
}

/// A block of rows, by unit.
#[derive(Clone, Copy)]
struct Block<'a, T: Real> {
    d: &'a [Panel<T>],
    outputs: usize,
    rows: usize,
}

/// Where a tile of the weights' gradient goes: rows of length `inputs`, of which it holds `columns` numbers.
#[derive(Clone, Copy)]
struct Place {
    inputs: usize,
    columns: usize,
    add: bool,
}

fn gradient_units<T: Real, const N: usize>(
    units: usize,
    d: Block<'_, T>,
    unit: usize,
    a: &[Panel<T>],
    g: &mut [T],
    place: Place,
) {
    tiled!(units, gradient_tile::<T, N>(d, unit, a, g, place));
}

#[inline]
fn gradient_tile<T: Real, const N: usize, const M: usize>(
    block: Block<'_, T>,
    unit: usize,
    a: &[Panel<T>],
    g: &mut [T],
    place: Place,
) {
    let lanes = T::Lanes::LANES;
    let full = place.columns == N * lanes;
    let mut sum = [[T::Lanes::default(); N]; M];
    if place.add {
        for m in 0..M {
            let row = &g[m * place.inputs..][..place.columns];
            for n in 0..N {
                let part = &row[n * lanes..];
                sum[m][n] = if full {
                    T::Lanes::load(part)
                } else {
                    T::Lanes::load_some(part)
                };
            }
        }
    }
    let width = panel_width::<T>();
    let panels = block
        .d
        .chunks_exact(block.outputs)
        .zip(a[..block.rows].chunks(width));
    for (d, a) in panels {
        let d = T::Lanes::numbers(&d[unit..][..M]);
        for (i, a) in a.iter().enumerate() {
            for m in 0..M {
                let d = T::Lanes::splat(d[m * width + i]);
                for n in 0..N {
                    sum[m][n] += d * a[n];
                }
            }
        }
    }
    for m in 0..M {
        let row = &mut g[m * place.inputs..][..place.columns];
        for n in 0..N {
            let part = &mut row[n * lanes..];
            if full {
                sum[m][n].store(part);
            } else {
                sum[m][n].store_some(part);
            }
        }
    }
}

/// g ← Σᵣ dⱼᵣ, or g + Σᵣ dⱼᵣ where `add`: each lane over the panels, then lane by lane. `g` has one number a unit.
#[inline(never)]
pub(super) fn bias_gradient<T: Real>(rows: usize, d: &[Panel<T>], g: &mut [T], add: bool) {
    let outputs = g.len();
    let width = panel_width::<T>();
    let whole = rows / width;
    for (unit, g) in g.iter_mut().enumerate() {
        let mut sum = zeros::<T>();
        for p in 0..whole {
            let d = d[p * outputs + unit];
            sum = [sum[0] + d[0], sum[1] + d[1]];
        }
        let mut total = if add { *g } else { T::ZERO };
        for &v in (sum[0] + sum[1]).lanes() {
            total += v;
        }
        for i in whole * width..rows {
            total +=
                d[whole * outputs + unit][i % width / T::Lanes::LANES].lanes()[i % T::Lanes::LANES];
        }
        *g = total;
    }
}

/// Copies some rows of `from`, each of `width` numbers, into a block by row. What is left of a panel stays as it was.
#[inline(never)]
pub(super) fn gather<T: Real>(
    from: &[T],
    width: usize,
    index: &(impl ExactSizeIterator<Item = usize> + Clone),
    block: &mut [Panel<T>],
) {
    let (panel, lanes) = (panel_width::<T>(), T::Lanes::LANES);
    let whole = width / panel;
    if whole > 0 {
        for (r, i) in index.clone().enumerate() {
            for (q, row) in from[i * width..][..width].chunks_exact(panel).enumerate() {
                block[q * BLOCK + r] = [T::Lanes::load(row), T::Lanes::load(&row[lanes..])];
            }
        }
    }
    for column in whole * panel..width {
        let (side, lane) = (column % panel / lanes, column % lanes);
        let to = &mut block[whole * BLOCK..][..index.len()];
        for (to, i) in to.iter_mut().zip(index.clone()) {
            to[side].lanes_mut()[lane] = from[i * width + column];
        }
    }
}

/// A block by row → the same block by unit.
#[inline(never)]
pub(super) fn by_unit<T: Real>(rows: usize, units: usize, from: &[Panel<T>], to: &mut [Panel<T>]) {
    let width = panel_width::<T>();
    for p in 0..panels::<T>(rows) {
        for (q, to) in to[p * units..][..units].chunks_mut(width).enumerate() {
            let from = &from[q * BLOCK + p * width..][..width];
            if to.len() == width {
                T::Lanes::transpose(from, &mut to[..width]);
            } else {
                T::Lanes::transpose(from, to);
            }
        }
    }
}

/// A block by unit → the same block by row.
#[inline(never)]
pub(super) fn by_row<T: Real>(rows: usize, units: usize, from: &[Panel<T>], to: &mut [Panel<T>]) {
    let width = panel_width::<T>();
    for p in 0..panels::<T>(rows) {
        for (q, from) in from[p * units..][..units].chunks(width).enumerate() {
            let to = &mut to[q * BLOCK + p * width..][..width];
            if from.len() == width {
                T::Lanes::transpose(&from[..width], to);
            } else {
                T::Lanes::transpose(from, to);
            }
        }
    }
}

/// Whether one vector of a panel is enough for `n` numbers.
fn fits_one_vector<T: Real>(n: usize) -> bool {
    n <= T::Lanes::LANES
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Rng, Stream, normal, stream};

    /// A block of rows, [rows][units], and what kernels make of it.
    struct Matrix<T: Real> {
        rows: usize,
        units: usize,
        plain: Vec<T>,
        by_row: Vec<Panel<T>>,
        by_unit: Vec<Panel<T>>,
    }

    impl<T: Real> Matrix<T> {
        /// Random numbers; NaN in every place that belongs to no row and no unit.
        fn random(rows: usize, units: usize, rng: &mut Rng) -> Self {
            let plain = numbers(rows * units, rng);
            let nan = [T::Lanes::splat(T::of(f64::NAN)); 2];
            let mut rows_first = vec![nan; panels::<T>(units) * BLOCK];
            let mut units_first = vec![nan; panels::<T>(BLOCK) * units];
            gather(&plain, units, &(0..rows), &mut rows_first);
            by_unit::<T>(rows, units, &rows_first, &mut units_first);
            Self {
                rows,
                units,
                plain,
                by_row: rows_first,
                by_unit: units_first,
            }
        }

        fn at(&self, row: usize, unit: usize) -> T {
            self.plain[row * self.units + unit]
        }

        /// What a block by unit holds, [rows][units].
        fn read(&self, block: &[Panel<T>]) -> Vec<T> {
            let (width, lanes) = (panel_width::<T>(), T::Lanes::LANES);
            let at = |i: usize| (i / self.units, i % self.units);
            let number = |(r, u): (usize, usize)| {
                block[r / width * self.units + u][r % width / lanes].lanes()[r % lanes]
            };
            (0..self.rows * self.units).map(|i| number(at(i))).collect()
        }
    }

    fn numbers<T: Real>(n: usize, rng: &mut Rng) -> Vec<T> {
        (0..n).map(|_| T::of(normal(rng))).collect()
    }

    /// Σ in the order of the terms, from `first` on.
    fn sum<T: Real>(first: T, terms: impl Iterator<Item = T>) -> T {
        terms.fold(first, |sum, term| sum + term)
    }

    fn assert_plain<T: Real>(rows: usize, inputs: usize, outputs: usize) {
        let mut rng = stream(7, Stream::Data, (rows * inputs * outputs) as u64);
        let a = Matrix::<T>::random(rows, inputs, &mut rng);
        let d = Matrix::<T>::random(rows, outputs, &mut rng);
        let (w, b): (Vec<T>, Vec<T>) = (
            numbers(inputs * outputs, &mut rng),
            numbers(outputs, &mut rng),
        );
        let case = format!("{} {rows} rows, {inputs} to {outputs}", T::NAME);

        let mut z = d.by_unit.clone();
        forward(rows, &w, &b, &a.by_unit, &mut z);
        let want =
            |r: usize, j: usize| sum(b[j], (0..inputs).map(|k| w[j * inputs + k] * a.at(r, k)));
        let want: Vec<T> = (0..rows * outputs)
            .map(|i| want(i / outputs, i % outputs))
            .collect();
        assert_eq!(d.read(&z), want, "forward, {case}");

        let mut e = a.by_unit.clone();
        backward(rows, (outputs, inputs), &w, &d.by_unit, &a.by_unit, &mut e);
        let want = |r: usize, k: usize| {
            let terms = (0..outputs).map(|j| w[j * inputs + k] * d.at(r, j));
            sum(T::ZERO, terms) * a.at(r, k)
        };
        let want: Vec<T> = (0..rows * inputs)
            .map(|i| want(i / inputs, i % inputs))
            .collect();
        assert_eq!(a.read(&e), want, "backward, {case}");

        for add in [false, true] {
            let mut g = w.clone();
            weight_gradient(rows, (outputs, inputs), &d.by_unit, &a.by_row, &mut g, add);
            let want = |j: usize, k: usize| {
                let first = if add { w[j * inputs + k] } else { T::ZERO };
                sum(first, (0..rows).map(|r| d.at(r, j) * a.at(r, k)))
            };
            let want: Vec<T> = (0..outputs * inputs)
                .map(|i| want(i / inputs, i % inputs))
                .collect();
            assert_eq!(g, want, "weights' gradient, {case}");

            let mut g = b.clone();
            bias_gradient(rows, &d.by_unit, &mut g, add);
            for (j, &g) in g.iter().enumerate() {
                let first = if add { b[j] } else { T::ZERO };
                let want = sum(first, (0..rows).map(|r| d.at(r, j)));
                let error = (g.f64() - want.f64()).abs();
                assert!(
                    error < 1e-4,
                    "biases' gradient, {case}: {g:?}, not {want:?}"
                );
            }
        }

        let mut back = vec![[T::Lanes::default(); 2]; a.by_row.len()];
        by_row::<T>(rows, inputs, &a.by_unit, &mut back);
        for (r, panel) in (0..rows).flat_map(|r| (0..panels::<T>(inputs)).map(move |q| (r, q))) {
            let width = panel_width::<T>().min(inputs - panel * panel_width::<T>());
            let row = T::Lanes::numbers(&back[panel * BLOCK + r..][..1]);
            let want = &a.plain[r * inputs + panel * panel_width::<T>()..][..width];
            assert_eq!(&row[..width], want, "by row, {case}");
        }
    }

    /// Equal to the last bit, on awkward sizes, with NaN in all places that must not be used.
    #[test]
    fn kernels_are_the_plain_loops() {
        for rows in [1, 2, 3, 4, 5, 7, 8, 9, 17, 31, 63, 64] {
            for (inputs, outputs) in [
                (1, 1),
                (2, 3),
                (3, 2),
                (4, 5),
                (5, 7),
                (8, 4),
                (9, 6),
                (17, 13),
            ] {
                assert_plain::<f32>(rows, inputs, outputs);
                assert_plain::<f64>(rows, inputs, outputs);
            }
        }
    }
}
