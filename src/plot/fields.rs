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

/// Where a pixel lies in a grid: the node below it to the left, and how far beyond that it is, as parts of a cell.
#[derive(Clone, Copy)]
struct Spot {
    i: usize,
    j: usize,
    a: f64,
    b: f64,
}

impl Image {
    /// Calls `colour` with the value of `grid` at each pixel, interpolated, and with where that is.
    fn of(
        grid: &Grid,
        width: usize,
        height: usize,
        mut colour: impl FnMut(f64, Spot) -> Rgb,
    ) -> Self {
        let (width, height) = (width.clamp(1, MOST), height.clamp(1, MOST));
        let cell = |t: f64, nodes: usize| {
            let v = t * (nodes - 1) as f64;
            let i = (v as usize).min(nodes - 2);
            (i, v - i as f64)
        };
        let columns: Vec<(usize, f64)> = (0..width)
            .map(|px| cell((px as f64 + 0.5) / width as f64, grid.nx()))
            .collect();
        let mut row = vec![0.0; grid.nx()];
        let mut rgba = Vec::with_capacity(4 * width * height);
        for py in 0..height {
            // The grid's first row is at the bottom.
            let (j, b) = cell(1.0 - (py as f64 + 0.5) / height as f64, grid.ny());
            for (i, value) in row.iter_mut().enumerate() {
                *value = grid.at(i, j) * (1.0 - b) + grid.at(i, j + 1) * b;
            }
            for &(i, a) in &columns {
                let value = row[i] * (1.0 - a) + row[i + 1] * a;
                let Rgb([red, green, blue]) = colour(value, Spot { i, j, a, b });
                rgba.extend_from_slice(&[red, green, blue, 255]);
            }
        }
        Self {
            width,
            height,
            rgba,
        }
    }

    /// The tint of the class that leads at each pixel; the scores are interpolated where the nodes around disagree.
    fn largest(grids: &[Grid], width: usize, height: usize, theme: &Theme) -> Option<Self> {
        let first = grids.first()?;
        let (winner, lead) = leads(grids);
        let lead = Grid::new(&lead, first.nx(), first.ny(), first.x, first.y)?;
        let colour = |class: usize, step: usize| {
            let strength = 0.4 + 0.6 * step as f64 / STEPS as f64;
            theme.class_mid.mix(theme.class(class).tint, strength)
        };
        let colours: Vec<[Rgb; STEPS + 1]> = (0..grids.len())
            .map(|k| std::array::from_fn(|step| colour(k, step)))
            .collect();
        Some(Self::of(
            &lead,
            width,
            height,
            |lead, Spot { i, j, a, b }| {
                let corner = |di: usize, dj: usize| winner[(j + dj) * first.nx() + i + di];
                let class = match [corner(0, 0), corner(1, 0), corner(0, 1), corner(1, 1)] {
                    [p, q, r, s] if p == q && q == r && r == s => p,
                    _ => largest(grids.len(), |k| grids[k].within(i, j, a, b)),
                };
                colours[class][((lead * STEPS as f64 + 0.5) as usize).min(STEPS)]
            },
        ))
    }
}

/// The ground of a contour map: a quiet band between each two of `levels` (which rise). What is not finite is paper.
pub fn bands(grid: &Grid, levels: &[f64], width: usize, height: usize, theme: &Theme) -> Image {
    let steps = levels.len().max(1) as f64;
    let colours: Vec<Rgb> = (0..=levels.len())
        .map(|i| theme.field_lo.mix(theme.field_hi, i as f64 / steps))
        .collect();
    Image::of(grid, width, height, |v, _| match v {
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
const STEPS: usize = 5;

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
        Shade::Diverging { lo, hi } => {
            let colours: [Rgb; 2 * STEPS + 1] =
                std::array::from_fn(|i| diverging(theme, i as f64 / STEPS as f64 - 1.0, false));
            let per_value = 2.0 * STEPS as f64 / (hi - lo);
            Image::of(first, width, height, |v, _| {
                // A conversion from a float saturates, and NaN is 0.
                colours[(((v - lo) * per_value + 0.5) as usize).min(2 * STEPS)]
            })
        }
        Shade::Largest => Image::largest(grids, width, height, theme)?,
    })
}

/// What a neuron computes, from −1 (the first class's colour) to 1 (the second's); stronger than a ground.
pub fn neuron(values: &[f64], side: usize, middle: f64, half: f64, theme: &Theme) -> Option<Image> {
    let grid = Grid::new(values, side, side, (0.0, 1.0), (0.0, 1.0))?;
    let half = if half > 0.0 { half } else { 1.0 };
    Some(Image::of(&grid, side, side, |v, _| {
        diverging(theme, (v - middle) / half, true)
    }))
}

/// Numbers as coloured cells, a pixel each, row by row from the top: 0 is the middle, ±`limit` the ends. A value that is
/// not finite is paper. `spread` brings small magnitudes out: the colour then follows the root.
pub fn heatmap(
    values: &[f64],
    columns: usize,
    limit: f64,
    spread: bool,
    theme: &Theme,
) -> Option<Image> {
    let rows = values.len().checked_div(columns)?;
    if rows == 0 || rows * columns != values.len() || rows.max(columns) > MOST {
        return None;
    }
    let limit = if limit > 0.0 && limit.is_finite() {
        limit
    } else {
        1.0
    };
    let colours: [Rgb; 2 * SHADES + 1] = std::array::from_fn(|i| {
        let t = i as f64 / SHADES as f64 - 1.0;
        let end = theme.class(usize::from(t >= 0.0)).colour;
        theme.class_mid.mix(end, libm::fabs(t))
    });
    let shade = |v: f64| {
        let part = (libm::fabs(v) / limit).min(1.0);
        let t = if spread { part.sqrt() } else { part };
        let i = (t.copysign(v) + 1.0) * SHADES as f64 + 0.5;
        colours[(i as usize).min(2 * SHADES)]
    };
    let pixel = |v: &f64| {
        let Rgb([red, green, blue]) = if v.is_finite() {
            shade(*v)
        } else {
            theme.paper
        };
        [red, green, blue, 255]
    };
    Some(Image {
        width: columns,
        height: rows,
        rgba: values.iter().flat_map(pixel).collect(),
    })
}

/// Steps of a heatmap on either side of zero.
const SHADES: usize = 64;

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

/// For each node the grid with the largest value, and by how much it leads.
fn leads(grids: &[Grid]) -> (Vec<usize>, Vec<f64>) {
    let nodes = grids.iter().map(|g| g.values().len()).min().unwrap_or(0);
    (0..nodes)
        .map(|n| {
            let score = |k: usize| grids[k].values()[n];
            let best = largest(grids.len(), score);
            let rest = (0..grids.len()).filter(|k| *k != best).map(score);
            let second = rest.fold(f64::NEG_INFINITY, f64::max);
            (best, (score(best) - second).clamp(0.0, 1.0))
        })
        .unzip()
}

/// The first of `count` with the largest score.
fn largest(count: usize, score: impl Fn(usize) -> f64) -> usize {
    (1..count).fold(0, |best, k| if score(k) > score(best) { k } else { best })
}
