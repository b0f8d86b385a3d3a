//! Columns to polylines: smoothing, reduction to what pixels can show, clipping, dashes.

use super::Point;
use super::axis::Range;
use super::sheet::Frame;

/// The exponential moving average of a column, corrected for its start (as Adam corrects its moments):
///
/// m ← s·m + (1 − s)·y,  ŷ = m / (1 − sᵏ)
///
/// `smoothing` s lies in [0, 1); 0 leaves the column as it is. A value that is not finite is passed on, and left out of
/// the average.
pub fn ema(column: &[f64], smoothing: f64) -> impl Iterator<Item = f64> {
    let s = if (0.0..1.0).contains(&smoothing) {
        smoothing
    } else {
        0.0
    };
    let (mut m, mut power) = (0.0, 1.0);
    column.iter().map(move |&y| {
        if !y.is_finite() {
            return y;
        }
        m = s * m + (1.0 - s) * y;
        power *= s;
        // Once sᵏ is lost beside 1, so is the correction, and with it a division.
        if power < f64::EPSILON / 4.0 {
            m
        } else {
            m / (1.0 - power)
        }
    })
}

/// The rows (x, y) reduced to at most two for each of `columns` parts of `range`, the lowest and the highest, in the order
/// in which they come; so the extremes are kept. NaN is a row without a value, which is passed over; an infinite value
/// ends a line and begins another.
///
/// Costs one pass over the rows, whatever they hold.
pub fn reduce(rows: impl Iterator<Item = Point>, range: &Range, columns: f64) -> Vec<Vec<Point>> {
    // Parts in proportion to the value are right for a linear axis, the only kind that x has.
    let per_value = columns.clamp(1.0, 1e5) / (range.hi() - range.lo());
    let mut lines = Vec::new();
    let mut bin = Bin::default();
    let mut line = Vec::new();
    for (x, y) in rows {
        if x.is_nan() || y.is_nan() {
            continue;
        }
        if x.is_infinite() || y.is_infinite() {
            bin.empty_into(&mut line);
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            continue;
        }
        let column = ((x - range.lo()) * per_value).floor();
        if column != bin.column {
            bin.empty_into(&mut line);
            bin.column = column;
        }
        bin.add((x, y));
    }
    bin.empty_into(&mut line);
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// Lines in pixels. Values that a logarithmic axis cannot show lie below it.
pub fn place(lines: &[Vec<Point>], frame: &Frame) -> Vec<Vec<Point>> {
    lines
        .iter()
        .map(|line| line.iter().map(|p| frame.place(*p)).collect())
        .collect()
}

/// The rows of one pixel column: the lowest and the highest, and which came first.
#[derive(Default)]
struct Bin {
    column: f64,
    ends: Option<(Point, Point)>,
    highest_last: bool,
}

impl Bin {
    fn add(&mut self, p: Point) {
        let Some((lowest, highest)) = &mut self.ends else {
            self.ends = Some((p, p));
            return;
        };
        if p.1 < lowest.1 {
            *lowest = p;
            self.highest_last = false;
        } else if p.1 > highest.1 {
            *highest = p;
            self.highest_last = true;
        }
    }

    fn empty_into(&mut self, line: &mut Vec<Point>) {
        let Some((lowest, highest)) = self.ends.take() else {
            return;
        };
        let (first, second) = if self.highest_last {
            (lowest, highest)
        } else {
            (highest, lowest)
        };
        line.push(first);
        if first != second {
            line.push(second);
        }
        self.highest_last = false;
    }
}

/// The parts of `line` that lie within `frame`, in order.
pub fn clip(line: &[Point], frame: &Frame) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    let mut joined = false;
    for pair in line.windows(2) {
        let Some((from, to)) = clip_segment(pair[0], pair[1], frame) else {
            joined = false;
            continue;
        };
        match parts.last_mut() {
            Some(part) if joined => part.push(to),
            _ => parts.push(vec![from, to]),
        }
        joined = to == pair[1];
    }
    if let [only] = line
        && frame.holds(*only)
    {
        parts.push(vec![*only]);
    }
    parts
}

/// The part of a segment within the frame (Liang and Barsky, ACM Trans. Graph. 3, 1984).
pub fn clip_segment(from: Point, to: Point, frame: &Frame) -> Option<(Point, Point)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (p, q) in [
        (-dx, from.0 - frame.left),
        (dx, frame.right() - from.0),
        (-dy, from.1 - frame.top),
        (dy, frame.bottom() - from.1),
    ] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            enter = enter.max(q / p);
        } else {
            leave = leave.min(q / p);
        }
    }
    if enter > leave {
        return None;
    }
    let at = |t: f64| (from.0 + t * dx, from.1 + t * dy);
    Some((
        if enter > 0.0 { at(enter) } else { from },
        if leave < 1.0 { at(leave) } else { to },
    ))
}

/// Cuts `line` into the strokes of a dash pattern (stroke, gap, stroke, ... in pixels), which runs on across corners, and
/// hands each to `stroke`. An empty pattern, or one without length, gives the whole line.
pub fn dash<E>(
    line: &[Point],
    pattern: &[f64],
    mut stroke: impl FnMut(&[Point]) -> Result<(), E>,
) -> Result<(), E> {
    // Shorter dashes than these nobody can see; they would only cost time.
    const SHORTEST: f64 = 0.5;
    let solid = pattern.len() < 2 || pattern.iter().any(|l| !(SHORTEST..=1e4).contains(l));
    if solid || line.len() < 2 {
        return stroke(line);
    }
    let mut pattern = pattern.iter().copied().cycle();
    let mut left = pattern.next().unwrap_or(SHORTEST);
    let mut down = true;
    let mut part = vec![line[0]];
    for pair in line.windows(2) {
        let (mut at, to) = (pair[0], pair[1]);
        let mut rest = libm::hypot(to.0 - at.0, to.1 - at.1);
        while rest > left {
            let t = left / rest;
            at = (at.0 + t * (to.0 - at.0), at.1 + t * (to.1 - at.1));
            rest -= left;
            if down {
                part.push(at);
                stroke(&part)?;
                part.clear();
            } else {
                part.push(at);
            }
            down = !down;
            left = pattern.next().unwrap_or(SHORTEST);
        }
        left -= rest;
        if down {
            part.push(to);
        }
    }
    if down && part.len() > 1 {
        stroke(&part)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::axis::{Range, Scale};

    fn frame() -> Frame {
        Frame::new(
            (0.0, 0.0, 100.0, 50.0),
            Range::new(0.0, 10.0, Scale::Linear),
            Range::new(0.0, 1.0, Scale::Linear),
        )
    }

    #[test]
    fn a_constant_is_its_own_average() {
        let smooth: Vec<f64> = ema(&[3.0, 3.0, f64::NAN, 3.0], 0.9).collect();
        assert!(smooth[2].is_nan());
        assert!([0, 1, 3].iter().all(|&i| (smooth[i] - 3.0).abs() < 1e-15));
        assert_eq!(ema(&[1.0, 2.0], 0.0).collect::<Vec<_>>(), [1.0, 2.0]);
        let long = ema(&[3.0; 2000], 0.9).last().unwrap();
        assert!((long - 3.0).abs() < 1e-14);
    }

    #[test]
    fn each_pixel_column_keeps_its_extremes() {
        let rows = (0..10_000).map(|i| (f64::from(i) * 1e-3, f64::from(i % 7) / 7.0));
        let lines = reduce(rows, frame().x.range(), 100.0);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].len(), 200);
        let low = place(&lines, &frame())[0]
            .iter()
            .fold(f64::NEG_INFINITY, |m, p| m.max(p.1));
        assert_eq!(low, 50.0);
    }

    #[test]
    fn an_infinite_value_splits_the_line_and_a_missing_one_does_not() {
        let rows = [
            (0.0, 0.5),
            (1.0, f64::INFINITY),
            (2.0, 0.2),
            (3.0, f64::NAN),
            (4.0, 0.1),
        ];
        let lines = reduce(rows.into_iter(), frame().x.range(), 100.0);
        assert_eq!(lines.iter().map(Vec::len).collect::<Vec<_>>(), [1, 2]);
    }

    #[test]
    fn clipping_keeps_what_is_inside() {
        let parts = clip(
            &[(-10.0, 25.0), (110.0, 25.0), (110.0, 10.0), (50.0, 10.0)],
            &frame(),
        );
        assert_eq!(
            parts,
            [
                vec![(0.0, 25.0), (100.0, 25.0)],
                vec![(100.0, 10.0), (50.0, 10.0)]
            ]
        );
        assert!(clip(&[(-10.0, -1.0), (200.0, -1.0)], &frame()).is_empty());
    }

    #[test]
    fn dashes_run_on_across_corners() {
        let mut strokes = Vec::new();
        let line = [(0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (3.0, 10.0)];
        dash(&line, &[4.0, 2.0], |s| {
            strokes.push(s.to_vec());
            Ok::<(), ()>(())
        })
        .unwrap();
        assert_eq!(
            strokes,
            [
                vec![(0.0, 0.0), (3.0, 0.0), (3.0, 1.0)],
                vec![(3.0, 3.0), (3.0, 7.0)],
                vec![(3.0, 9.0), (3.0, 10.0)]
            ]
        );
    }
}
