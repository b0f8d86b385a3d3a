//! Coloured grounds as RGBA pixels: the bands of a contour map, what a network answers, what a neuron computes.
//!
//! They are images rather than plotters elements because a canvas takes an image in one call, and a rectangle a pixel
//! costs a hundred times as much.

use super::contour::Grid;
use super::style::{Rgb, Theme};

/// An image, row 0 at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// Width in pixels.
    pub width: usize,
    /// Height in pixels.
    pub height: usize,
    /// Red, green, blue, opacity of each pixel.
    pub rgba: Vec<u8>,
}

/// The largest side of an image.
const MOST: usize = 4096;

impl Image {
    /// Calls `colour` with the values of `grids` at each pixel, interpolated.
    fn of<const N: usize>(
        grids: [&Grid; N],
        width: usize,
        height: usize,
        mut colour: impl FnMut([f64; N]) -> Rgb,
    ) -> Self {
        let (width, height) = (width.clamp(1, MOST), height.clamp(1, MOST));
        let mut rgba = Vec::with_capacity(4 * width * height);
        let cells = |n: usize, nodes: usize| -> Vec<(usize, f64)> {
            let along = |p: usize| (p as f64 + 0.5) / n as f64 * (nodes - 1) as f64;
            (0..n)
                .map(along)
                .map(|v| ((v as usize).min(nodes - 2), v))
                .map(|(i, v)| (i, v - i as f64))
                .collect()
        };
        let columns = grids.map(|g| cells(width, g.nx()));
        let mut rows = grids.map(|g| vec![0.0; g.nx()]);
        for py in 0..height {
            // The grid's first row is at the bottom.
            let t = 1.0 - (py as f64 + 0.5) / height as f64;
            for (row, grid) in rows.iter_mut().zip(grids) {
                let v = t * (grid.ny() - 1) as f64;
                let j = (v as usize).min(grid.ny() - 2);
                let b = v - j as f64;
                for (i, out) in row.iter_mut().enumerate() {
                    *out = grid.at(i, j) * (1.0 - b) + grid.at(i, j + 1) * b;
                }
            }
            for px in 0..width {
                let at = |g: usize| {
                    let (i, a) = columns[g][px];
                    rows[g][i] * (1.0 - a) + rows[g][i + 1] * a
                };
                let Rgb([r, g, b]) = colour(std::array::from_fn(at));
                rgba.extend_from_slice(&[r, g, b, 255]);
            }
        }
        Self {
            width,
            height,
            rgba,
        }
    }
}

/// The ground of a contour map: a quiet band between each two of `levels` (which rise). What is not finite is paper.
pub fn bands(grid: &Grid, levels: &[f64], width: usize, height: usize, theme: &Theme) -> Image {
    let steps = levels.len().max(1) as f64;
    let colours: Vec<Rgb> = (0..=levels.len())
        .map(|i| theme.field_lo.mix(theme.field_hi, i as f64 / steps))
        .collect();
    Image::of([grid], width, height, |[v]| match v {
        v if v.is_nan() => theme.paper,
        v => colours[levels.partition_point(|l| *l < v)],
    })
}

/// How a network's answers are coloured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shade {
    /// From the tint of the first class at `lo` over the middle to that of the second at `hi`.
    Diverging {
        /// This and less.
        lo: f64,
        /// This and more.
        hi: f64,
    },
    /// The tint of the class with the largest score, stronger the larger its lead.
    Largest,
}

/// Steps of a shaded field on either side of its middle.
const STEPS: f64 = 5.0;

/// The ground of a field of answers: one grid, or one for each class.
pub fn answers(
    grids: &[Grid],
    shade: Shade,
    width: usize,
    height: usize,
    theme: &Theme,
) -> Option<Image> {
    let first = grids.first()?;
    Some(match shade {
        Shade::Diverging { lo, hi } => Image::of([first], width, height, |[v]| {
            let t = 2.0 * (v - lo) / (hi - lo) - 1.0;
            diverging(theme, (t * STEPS).round() / STEPS, false)
        }),
        Shade::Largest => {
            let (winner, lead) = leads(grids);
            let lead = Grid::new(&lead, first.nx(), first.ny(), first.x, first.y)?;
            let mut image = Image::of([&lead], width, height, |_| theme.class_mid);
            nearest_class(&mut image, grids, &winner, &lead, theme);
            image
        }
    })
}

/// What a neuron computes, from −1 (the first class's colour) to 1 (the second's); stronger than a ground.
pub fn neuron(values: &[f64], side: usize, middle: f64, half: f64, theme: &Theme) -> Option<Image> {
    let grid = Grid::new(values, side, side, (0.0, 1.0), (0.0, 1.0))?;
    let half = if half > 0.0 { half } else { 1.0 };
    Some(Image::of([&grid], side, side, |[v]| {
        diverging(theme, (v - middle) / half, true)
    }))
}

/// The colour of a value between −1 and 1 in a diverging field.
pub fn diverging(theme: &Theme, t: f64, strong: bool) -> Rgb {
    let class = theme.class(usize::from(t >= 0.0));
    let end = if strong {
        class.tint.mix(class.colour, 0.35)
    } else {
        class.tint
    };
    theme.class_mid.mix(end, t.abs())
}

/// For each node the class with the largest score, and by how much it leads.
fn leads(grids: &[Grid]) -> (Vec<usize>, Vec<f64>) {
    let nodes = grids.iter().map(|g| g.values().len()).min().unwrap_or(0);
    (0..nodes)
        .map(|n| {
            let score = |k: usize| grids[k].values()[n];
            let best = (1..grids.len()).fold(0, |b, k| if score(k) > score(b) { k } else { b });
            let second = (0..grids.len())
                .filter(|k| *k != best)
                .map(score)
                .fold(f64::NEG_INFINITY, f64::max);
            (best, (score(best) - second).clamp(0.0, 1.0))
        })
        .unzip()
}

/// Colours each pixel by the class that leads there; the scores are interpolated where the nodes around disagree.
fn nearest_class(image: &mut Image, grids: &[Grid], winner: &[usize], lead: &Grid, theme: &Theme) {
    let (nx, ny) = (lead.nx(), lead.ny());
    for py in 0..image.height {
        let t = 1.0 - (py as f64 + 0.5) / image.height as f64;
        let j = ((t * (ny - 1) as f64) as usize).min(ny - 2);
        for px in 0..image.width {
            let s = (px as f64 + 0.5) / image.width as f64;
            let i = ((s * (nx - 1) as f64) as usize).min(nx - 2);
            let around = [
                winner[j * nx + i],
                winner[j * nx + i + 1],
                winner[(j + 1) * nx + i],
                winner[(j + 1) * nx + i + 1],
            ];
            let class = if around.iter().all(|c| *c == around[0]) {
                around[0]
            } else {
                let score = |k: usize| grids[k].sample(s, t);
                (1..grids.len()).fold(0, |b, k| if score(k) > score(b) { k } else { b })
            };
            let strength = 0.4 + 0.6 * (lead.sample(s, t) * STEPS).round() / STEPS;
            let Rgb([r, g, b]) = theme.class_mid.mix(theme.class(class).tint, strength);
            let at = 4 * (py * image.width + px);
            image.rgba[at..at + 4].copy_from_slice(&[r, g, b, 255]);
        }
    }
}
