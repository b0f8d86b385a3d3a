//! Iso lines of a grid of values: levels, marching squares, and the joining of segments to lines.

use std::collections::HashMap;

use super::Point;

/// Values at the nodes of a regular grid: `nx` columns and `ny` rows, row 0 at `y0`, with nodes on all four edges.
#[derive(Debug, Clone, Copy)]
pub struct Grid<'a> {
    values: &'a [f64],
    nx: usize,
    ny: usize,
    /// x of the first and of the last column.
    pub x: (f64, f64),
    /// y of the first and of the last row.
    pub y: (f64, f64),
}

impl<'a> Grid<'a> {
    /// A grid, if there are `nx`·`ny` values, at least 2 by 2, over a finite area.
    pub fn new(
        values: &'a [f64],
        nx: usize,
        ny: usize,
        x: (f64, f64),
        y: (f64, f64),
    ) -> Option<Self> {
        let fits = nx >= 2 && ny >= 2 && nx.checked_mul(ny) == Some(values.len());
        let proper = |(a, b): (f64, f64)| a.is_finite() && b.is_finite() && a < b;
        (fits && proper(x) && proper(y)).then_some(Self {
            values,
            nx,
            ny,
            x,
            y,
        })
    }

    /// All values, row by row.
    pub fn values(&self) -> &'a [f64] {
        self.values
    }

    /// Columns.
    pub fn nx(&self) -> usize {
        self.nx
    }

    /// Rows.
    pub fn ny(&self) -> usize {
        self.ny
    }

    /// The value at a node.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.values[j * self.nx + i]
    }

    /// The point at fractional node coordinates.
    fn point(&self, (i, j): Point) -> Point {
        let along = |(a, b): (f64, f64), t: f64, n: usize| a + (b - a) * t / (n - 1) as f64;
        (along(self.x, i, self.nx), along(self.y, j, self.ny))
    }

    /// The value at a fraction of the way along both sides, bilinearly.
    pub fn sample(&self, s: f64, t: f64) -> f64 {
        let cell = |v: f64, n: usize| {
            let v = v.clamp(0.0, 1.0) * (n - 1) as f64;
            let i = (v as usize).min(n - 2);
            (i, v - i as f64)
        };
        let ((i, a), (j, b)) = (cell(s, self.nx), cell(t, self.ny));
        self.within(i, j, a, b)
    }

    /// The value in the cell above and to the right of node (i, j), at parts a and b of its sides, bilinearly.
    pub(super) fn within(&self, i: usize, j: usize, a: f64, b: f64) -> f64 {
        let row = |j: usize| self.at(i, j) * (1.0 - a) + self.at(i + 1, j) * a;
        row(j) * (1.0 - b) + row(j + 1) * b
    }
}

/// Round values at which to draw lines, so that some fifteen of them tell the shape of the function: evenly spaced where
/// the values are spread evenly; else, or if `log` asks for it, 1, 3, 10, 30 ..., on both sides of zero if the function
/// is negative somewhere.
pub fn levels(values: &[f64], log: bool) -> Vec<f64> {
    // A few thousand values tell how they are spread.
    let stride = values.len().div_ceil(8192).max(1);
    let mut sorted: Vec<f64> = values
        .iter()
        .step_by(stride)
        .copied()
        .filter(|v| v.abs() <= super::axis::LARGEST)
        .collect();
    sorted.sort_unstable_by(f64::total_cmp);
    if sorted.first() == sorted.last() {
        return Vec::new();
    }
    let quantile = |q: f64| sorted[((sorted.len() - 1) as f64 * q) as usize];
    let (lo, most, hi) = (quantile(0.0), quantile(0.75), quantile(1.0));
    if !log && hi - lo <= 3.0 * (most - lo) {
        let range = super::axis::Range::new(lo, hi, super::axis::Scale::Linear);
        let marks = super::axis::ticks(&range, 10.0);
        return marks
            .into_iter()
            .map(|t| t.at)
            .filter(|l| *l > lo && *l < hi)
            .collect();
    }
    // Below the lowest of these the function is flat within a few cells, and lines would fall together.
    let near = match quantile(0.004).abs().max(quantile(0.5).abs() * 1e-4) {
        n if n > 0.0 => n,
        _ => hi * 1e-6,
    };
    let far = lo.abs().max(hi.abs());
    let decades = libm::log10(far / near).ceil().clamp(1.0, 60.0);
    let steps: &[f64] = if decades <= 7.0 { &[1.0, 3.0] } else { &[1.0] };
    let first = libm::log10(near).floor();
    let sizes: Vec<f64> = (0..=decades as usize + 1)
        .flat_map(|d| {
            steps
                .iter()
                .map(move |m| m * libm::pow(10.0, first + d as f64))
        })
        .filter(|l| *l >= near && *l <= far)
        .collect();
    let mut all: Vec<f64> = sizes
        .iter()
        .rev()
        .map(|l| -l)
        .chain([0.0])
        .chain(sizes.iter().copied())
        .collect();
    all.retain(|l| *l > lo && *l < hi && (*l != 0.0 || lo < 0.0));
    let thin = all.len().div_ceil(16).max(1);
    all.into_iter().step_by(thin).collect()
}

/// The lines on which `grid` has the value `level`, each joined end to end. Cells with a value that is not finite have
/// none.
pub fn iso_lines(grid: &Grid, level: f64) -> Vec<Vec<Point>> {
    let mut segments = Vec::new();
    for j in 0..grid.ny - 1 {
        for i in 0..grid.nx - 1 {
            let corners = [
                grid.at(i, j),
                grid.at(i + 1, j),
                grid.at(i + 1, j + 1),
                grid.at(i, j + 1),
            ];
            let d = corners.map(|v| v - level);
            if d.iter().all(|v| *v < 0.0)
                || d.iter().all(|v| *v >= 0.0)
                || d.iter().any(|v| !v.is_finite())
            {
                continue;
            }
            cut(
                i,
                j,
                grid.nx,
                |a, b| {
                    if (d[a] < 0.0) == (d[b] < 0.0) {
                        None
                    } else {
                        Some(d[a] / (d[a] - d[b]))
                    }
                },
                &mut segments,
            );
        }
    }
    join(&segments, grid)
}

/// The borders between the areas in which a different one of several grids is the largest: where a network that gives a
/// score for each class changes its mind. The grids have the same shape.
pub fn borders(scores: &[Grid]) -> Vec<Vec<Point>> {
    let Some(grid) = scores.first() else {
        return Vec::new();
    };
    let winner = |i: usize, j: usize| {
        let best = |best: usize, k: usize| {
            if scores[k].at(i, j) > scores[best].at(i, j) {
                k
            } else {
                best
            }
        };
        (1..scores.len()).fold(0, best)
    };
    let won: Vec<usize> = (0..grid.ny)
        .flat_map(|j| (0..grid.nx).map(move |i| (i, j)))
        .map(|(i, j)| winner(i, j))
        .collect();
    let mut segments = Vec::new();
    for j in 0..grid.ny - 1 {
        for i in 0..grid.nx - 1 {
            let nodes = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)];
            let classes = nodes.map(|(i, j)| won[j * grid.nx + i]);
            if classes.iter().all(|c| *c == classes[0]) {
                continue;
            }
            // Between two nodes the two winning scores cross once, if they are linear there.
            let crossing = |a: usize, b: usize| {
                if classes[a] == classes[b] {
                    return None;
                }
                let lead = |n: usize| {
                    scores[classes[a]].at(nodes[n].0, nodes[n].1)
                        - scores[classes[b]].at(nodes[n].0, nodes[n].1)
                };
                let (from, to) = (lead(a), lead(b));
                let t = from / (from - to);
                Some(if t.is_finite() {
                    t.clamp(0.0, 1.0)
                } else {
                    0.5
                })
            };
            cut(i, j, grid.nx, crossing, &mut segments);
        }
    }
    join(&segments, grid)
}

/// A segment between two crossings; a crossing is known by the edge of the grid that it lies on.
struct Segment {
    ends: [(usize, Point); 2],
}

/// Adds the segments of one cell. `crossing(a, b)` says how far from corner `a` to corner `b` (0 below left, then
/// anticlockwise) the line crosses the edge between them, if it does.
fn cut(
    i: usize,
    j: usize,
    nx: usize,
    crossing: impl Fn(usize, usize) -> Option<f64>,
    segments: &mut Vec<Segment>,
) {
    let (x, y) = (i as f64, j as f64);
    // Every edge is walked in the direction in which its other cell walks it, so that both find the same point.
    let below = crossing(0, 1).map(|t| (2 * (j * nx + i), (x + t, y)));
    let right = crossing(1, 2).map(|t| (2 * (j * nx + i + 1) + 1, (x + 1.0, y + t)));
    let above = crossing(3, 2).map(|t| (2 * ((j + 1) * nx + i), (x + t, y + 1.0)));
    let left = crossing(0, 3).map(|t| (2 * (j * nx + i) + 1, (x, y + t)));
    let crossings: Vec<(usize, Point)> =
        [below, right, above, left].into_iter().flatten().collect();
    match crossings[..] {
        [a, b] => segments.push(Segment { ends: [a, b] }),
        // A saddle: two lines, paired the same way in every such cell.
        [below, right, above, left] => {
            segments.push(Segment {
                ends: [below, left],
            });
            segments.push(Segment {
                ends: [right, above],
            });
        }
        // Three areas meet.
        [a, b, c] => {
            let centre = ((a.1.0 + b.1.0 + c.1.0) / 3.0, (a.1.1 + b.1.1 + c.1.1) / 3.0);
            let own = usize::MAX - (j * nx + i);
            segments.extend([a, b, c].map(|end| Segment {
                ends: [end, (own, centre)],
            }));
        }
        _ => {}
    }
}

/// Joins segments that share an end, so that dashes run along the whole line.
fn join(segments: &[Segment], grid: &Grid) -> Vec<Vec<Point>> {
    let mut at: HashMap<usize, Vec<usize>> = HashMap::with_capacity(segments.len());
    for (n, s) in segments.iter().enumerate() {
        for (key, _) in s.ends {
            at.entry(key).or_default().push(n);
        }
    }
    let mut used = vec![false; segments.len()];
    let mut grow = |line: &mut Vec<(usize, Point)>, used: &mut Vec<bool>| {
        while let Some(&(end, _)) = line.last() {
            let next = at.get_mut(&end).and_then(|list| {
                list.retain(|n| !used[*n]);
                list.pop()
            });
            let Some(n) = next else { return };
            used[n] = true;
            let [a, b] = segments[n].ends;
            line.push(if a.0 == end { b } else { a });
        }
    };
    let mut lines = Vec::new();
    for n in 0..segments.len() {
        if used[n] {
            continue;
        }
        used[n] = true;
        let mut line = segments[n].ends.to_vec();
        grow(&mut line, &mut used);
        line.reverse();
        grow(&mut line, &mut used);
        lines.push(line.into_iter().map(|(_, p)| grid.point(p)).collect());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sampled(n: usize, f: impl Fn(f64, f64) -> f64) -> Vec<f64> {
        let at = |i: usize| -2.0 + 4.0 * i as f64 / (n - 1) as f64;
        (0..n)
            .flat_map(|j| (0..n).map(move |i| (i, j)))
            .map(|(i, j)| f(at(i), at(j)))
            .collect()
    }

    fn grid(values: &[f64], n: usize) -> Grid<'_> {
        Grid::new(values, n, n, (-2.0, 2.0), (-2.0, 2.0)).unwrap()
    }

    #[test]
    fn a_circle_is_one_closed_line() {
        let values = sampled(41, |x, y| x * x + y * y);
        let lines = iso_lines(&grid(&values, 41), 1.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].first(), lines[0].last());
        assert!(
            lines[0]
                .iter()
                .all(|(x, y)| (libm::hypot(*x, *y) - 1.0).abs() < 2e-3)
        );
    }

    #[test]
    fn three_classes_meet_in_one_point() {
        let angles = [0.0, 2.1, 4.2];
        let scores: Vec<Vec<f64>> = angles
            .iter()
            .map(|a| sampled(30, |x, y| x * libm::cos(*a) + y * libm::sin(*a)))
            .collect();
        let grids: Vec<Grid> = scores.iter().map(|s| grid(s, 30)).collect();
        let lines = borders(&grids);
        assert_eq!(
            lines.len(),
            2,
            "three arms: one line runs through the point, the other ends there"
        );
    }

    #[test]
    fn values_that_are_not_finite_have_no_lines() {
        let values = sampled(9, |x, _| if x > 0.0 { f64::NAN } else { x });
        assert_eq!(iso_lines(&grid(&values, 9), -1.0).len(), 1);
        assert!(iso_lines(&grid(&[f64::INFINITY; 81], 9), 0.0).is_empty());
    }

    #[test]
    fn levels_are_round() {
        let rosenbrock = sampled(60, |x, y| {
            (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x)
        });
        let found = levels(&rosenbrock, false);
        assert!(
            found.contains(&100.0) && found.contains(&300.0) && (6..=16).contains(&found.len()),
            "{found:?}"
        );
        let saddle = sampled(20, |x, y| x * x - y * y);
        assert!(levels(&saddle, false).contains(&0.0));
        assert!(
            levels(&[1.0; 9], false).is_empty()
                && levels(&[f64::NAN; 9], false).is_empty()
                && levels(&[], false).is_empty()
        );
    }

    #[test]
    fn shapes_that_do_not_fit_are_no_grid() {
        assert!(Grid::new(&[0.0; 4], 2, 3, (0.0, 1.0), (0.0, 1.0)).is_none());
        assert!(Grid::new(&[0.0; 4], 2, 2, (0.0, f64::NAN), (0.0, 1.0)).is_none());
        assert!(Grid::new(&[0.0; 4], 2, 2, (1.0, 1.0), (0.0, 1.0)).is_none());
        assert!(Grid::new(&[0.0; 4], usize::MAX, 2, (0.0, 1.0), (0.0, 1.0)).is_none());
    }
}
