//! Curves: columns of the history against iterations, epochs, evaluations or time, a line for each lane.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{LARGEST, Range, Scale, short};
use super::series::{clip, ema, polylines};
use super::sheet::{Align, Axes, Frame, Look, Outcome, Sheet, Stroke};
use super::style::Mark;

/// What a series shows, and so how it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Every row as it was measured: thin and faint.
    Raw,
    /// The lane's own line, smoothed (see [`ema`]; 0 is not at all), with its mark at the end.
    Line {
        /// The weight of the past, in [0, 1).
        smoothing: f64,
    },
    /// The few rows at which the validation set was evaluated: a thin line through hollow marks.
    Validation,
}

/// One line of a chart.
#[derive(Debug, Clone, Copy)]
pub struct Series<'a> {
    /// Whose it is, counted from 1.
    pub lane: usize,
    /// Whether the lane is the selected one, which is drawn last and stronger.
    pub selected: bool,
    /// Whether the lane has diverged: its line ends in a cross, and its last values do not set the range.
    pub diverged: bool,
    /// How it is drawn.
    pub kind: Kind,
    /// Never falls from row to row.
    pub x: &'a [f64],
    /// As many as `x`; any values. NaN is a row without a value.
    pub y: &'a [f64],
}

/// A chart of curves over one common x.
#[derive(Debug, Clone)]
pub struct Curves<'a> {
    /// The lines.
    pub series: Vec<Series<'a>>,
    /// Name of the horizontal axis; empty where the chart below has the same.
    pub x_name: String,
    /// The x at which every lane's budget ends, if it does.
    pub x_end: Option<f64>,
    /// How y is laid out. Series with negative values are shown on a linear axis all the same.
    pub scale: Scale,
    /// Bounds that y is known to have (an accuracy has 0 and 1); only a linear axis minds them.
    pub bounds: Option<(f64, f64)>,
}

/// How much of a diverging line is shown above the others: this factor on a logarithmic axis.
const DIVERGED_FACTOR: f64 = 100.0;
/// And this share of the others' span on a linear one.
const DIVERGED_SHARE: f64 = 0.5;
/// How much raw rows may widen the range of the smoothed lines, likewise.
const RAW_FACTOR: f64 = 3.0;
const RAW_SHARE: f64 = 0.25;

impl Curves<'_> {
    /// Draws the chart over the whole sheet and returns where its axes came to lie.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let smooth: Vec<Option<Vec<f64>>> = self.series.iter().map(smoothed).collect();
        let lines: Vec<(&Series, &[f64])> = self
            .series
            .iter()
            .zip(&smooth)
            .map(|(s, y)| (s, y.as_deref().unwrap_or(s.y)))
            .collect();
        let frame = self.frame(sheet, &lines);
        sheet.axes(
            &frame,
            &Axes {
                x: self.x_name.clone(),
                y: String::new(),
                grid: true,
            },
        )?;

        let order = |s: &Series| (s.kind != Kind::Raw, s.selected);
        let mut drawn: Vec<&(&Series, &[f64])> = lines.iter().collect();
        drawn.sort_by_key(|(s, _)| order(s));
        for (series, y) in &drawn {
            draw_line(sheet, &frame, series, y)?;
        }
        for (series, y) in &drawn {
            draw_end(sheet, &frame, series, y)?;
        }
        Ok(frame)
    }

    fn frame<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, lines: &[(&Series, &[f64])]) -> Frame {
        let (width, height) = sheet.size();
        let u = sheet.theme.unit;
        let (left, right, top) = (42.0 * u, 10.0 * u, 8.0 * u);
        let below = if self.x_name.is_empty() {
            20.0 * u
        } else {
            35.0 * u
        };
        let place = (left, top, width - left - right, height - top - below);
        Frame::new(place, self.x_range(), self.y_range(lines))
    }

    /// From 0 to a round number above the last x, so that the axis rests while the lines grow.
    fn x_range(&self) -> Range {
        let last = |s: &Series| {
            s.x.iter()
                .rev()
                .copied()
                .find(|x| x.is_finite() && *x <= LARGEST)
        };
        let reached = self.series.iter().filter_map(last).fold(0.0, f64::max);
        let end = match self.x_end {
            Some(end) if end >= reached && end <= steady(reached) => end,
            _ => steady(reached),
        };
        Range::new(0.0, end, Scale::Linear)
    }

    fn y_range(&self, lines: &[(&Series, &[f64])]) -> Range {
        let negative = lines
            .iter()
            .any(|(s, y)| s.kind != Kind::Raw && y.iter().any(|v| *v < 0.0 && *v >= -LARGEST));
        let scale = if negative { Scale::Linear } else { self.scale };
        let mut span = Span::new(scale);
        let (wild, tame): (Vec<_>, Vec<_>) = lines
            .iter()
            .filter(|(s, _)| s.kind != Kind::Raw)
            .partition(|(s, y)| s.diverged || ran_away(y));
        for (_, y) in &tame {
            span.hold(y);
        }
        let healthy = !span.is_empty();
        for (_, y) in &wild {
            span.hold(&y[..y.len().min(1)]);
        }
        let limits = span.widened(DIVERGED_FACTOR, if healthy { DIVERGED_SHARE } else { 9.0 });
        for (_, y) in &wild {
            span.hold_within(y, limits);
        }
        let limits = span.widened(RAW_FACTOR, RAW_SHARE);
        for (_, y) in lines.iter().filter(|(s, _)| s.kind == Kind::Raw) {
            span.hold_within(y, limits);
        }
        let range = Range::around([span.lo, span.hi], scale);
        match self.bounds {
            Some((lo, hi)) if scale == Scale::Linear => {
                // The rim lets a line that runs along a bound be seen.
                let rim = 0.02 * (hi - lo);
                Range::new(range.lo().max(lo - rim), range.hi().min(hi + rim), scale)
            }
            _ => range,
        }
    }
}

/// Whether a column has ended so far above its beginning that nothing else could be seen beside it, whatever its lane's
/// status says.
fn ran_away(y: &[f64]) -> bool {
    const FAR: f64 = 1e6;
    let mut finite = y.iter().copied().filter(|v| v.is_finite());
    let first = finite.next().unwrap_or(0.0);
    finite
        .next_back()
        .is_some_and(|last| last.abs() > FAR.max(FAR * first.abs()))
}

fn smoothed(series: &Series) -> Option<Vec<f64>> {
    match series.kind {
        Kind::Line { smoothing } if smoothing > 0.0 => Some(ema(series.y, smoothing)),
        _ => None,
    }
}

/// The lowest and the highest value that can be shown.
#[derive(Debug, Clone, Copy)]
struct Span {
    lo: f64,
    hi: f64,
    scale: Scale,
}

impl Span {
    fn new(scale: Scale) -> Self {
        Self {
            lo: f64::INFINITY,
            hi: f64::NEG_INFINITY,
            scale,
        }
    }

    fn is_empty(&self) -> bool {
        self.lo > self.hi
    }

    fn hold(&mut self, values: &[f64]) {
        self.hold_within(values, (-LARGEST, LARGEST));
    }

    /// Takes in the values that can be shown, each moved within `limits`.
    fn hold_within(&mut self, values: &[f64], (least, most): (f64, f64)) {
        let positive_only = self.scale == Scale::Log;
        for &v in values {
            if v.abs() <= f64::MAX && !(positive_only && v <= 0.0) {
                let v = v.clamp(least, most);
                self.lo = self.lo.min(v);
                self.hi = self.hi.max(v);
            }
        }
    }

    /// Limits beyond the span: by a factor if it is logarithmic, else by a share of its width.
    fn widened(&self, factor: f64, share: f64) -> (f64, f64) {
        if self.is_empty() {
            return (-LARGEST, LARGEST);
        }
        match self.scale {
            Scale::Log => (self.lo / factor, self.hi * factor),
            Scale::Linear => {
                let width = match self.hi - self.lo {
                    w if w > 0.0 => w,
                    _ => self.hi.abs().max(1e-12),
                };
                (self.lo - share * width, self.hi + share * width)
            }
        }
    }
}

/// The first of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 · 10ᵏ that is not below `v`; 1 for `v` ≤ 0.
fn steady(v: f64) -> f64 {
    if v <= 0.0 {
        return 1.0;
    }
    let unit = libm::pow(10.0, libm::log10(v).floor());
    [1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0]
        .into_iter()
        .map(|m| m * unit)
        .find(|end| *end >= v)
        .unwrap_or(v)
}

fn draw_line<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    series: &Series,
    y: &[f64],
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let lane = theme.lane(series.lane);
    let columns = frame.width * sheet.ratio().min(2.0);
    let parts = polylines(series.x, y, frame, columns);
    match series.kind {
        Kind::Raw => {
            let stroke = Stroke::new(lane.colour, theme.unit).faint(0.38);
            visible(&parts, frame).try_for_each(|part| sheet.line(&part, stroke))
        }
        Kind::Line { .. } => {
            let stroke = Stroke::new(lane.colour, width_of(sheet, series));
            visible(&parts, frame).try_for_each(|part| sheet.lane_line(&part, lane, stroke))
        }
        Kind::Validation => {
            let stroke = Stroke::new(lane.colour, theme.unit);
            visible(&parts, frame).try_for_each(|part| sheet.line(&part, stroke))?;
            let mut last = f64::NEG_INFINITY;
            for &at in parts.iter().flatten().filter(|p| frame.holds(**p)) {
                if at.0 - last >= 14.0 * theme.unit {
                    sheet.hollow(
                        Mark::nth(series.lane.saturating_sub(1)),
                        at,
                        2.7 * theme.unit,
                        lane.colour,
                        1.4 * theme.unit,
                    )?;
                    last = at.0;
                }
            }
            Ok(())
        }
    }
}

fn visible<'a>(parts: &'a [Vec<Point>], frame: &'a Frame) -> impl Iterator<Item = Vec<Point>> + 'a {
    parts.iter().flat_map(|part| clip(part, frame))
}

fn width_of<DB: DrawingBackend>(sheet: &Sheet<DB>, series: &Series) -> f64 {
    0.75 * if series.selected {
        sheet.theme.line_on
    } else {
        sheet.theme.line
    }
}

/// The lane's mark at its last value, or a cross where a diverged lane leaves the chart.
fn draw_end<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    series: &Series,
    y: &[f64],
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let u = theme.unit;
    let lane = theme.lane(series.lane);
    if !matches!(series.kind, Kind::Line { .. }) {
        return Ok(());
    }
    let columns = frame.width * sheet.ratio().min(2.0);
    let parts = polylines(series.x, y, frame, columns);
    let Some(last) = parts.last().and_then(|part| part.last()).copied() else {
        return Ok(());
    };
    if !series.diverged {
        let at = frame.nearest(last);
        return sheet.mark(
            Mark::nth(series.lane.saturating_sub(1)),
            at,
            3.6 * u,
            lane.colour,
            1.25 * u,
        );
    }
    let seen = visible(&parts, frame)
        .last()
        .and_then(|part| part.last().copied());
    let at = seen.unwrap_or_else(|| frame.nearest(last));
    sheet.cross(at, 5.5 * u, Stroke::new(theme.paper, 4.5 * u))?;
    sheet.cross(at, 4.0 * u, Stroke::new(lane.colour, 2.0 * u))?;
    let word = match *y {
        [.., v] if v.is_infinite() => short(v),
        // Where the row before has no value either, the column is one that is filled now and then only.
        [.., before, v] if v.is_nan() && before.is_finite() => "NaN".to_owned(),
        _ => return Ok(()),
    };
    let beside = if at.0 + 34.0 * u > frame.right() {
        (Align::End, -8.0 * u)
    } else {
        (Align::Start, 8.0 * u)
    };
    let at = (
        at.0 + beside.1,
        at.1.clamp(frame.top + 6.0 * u, frame.bottom() - 6.0 * u),
    );
    sheet.text(
        &word,
        at,
        &Look {
            bold: true,
            ..sheet.note_look(theme.bad, beside.0)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(x: &'a [f64], y: &'a [f64], diverged: bool) -> Series<'a> {
        Series {
            lane: 1,
            selected: false,
            diverged,
            kind: Kind::Line { smoothing: 0.0 },
            x,
            y,
        }
    }

    fn range(series: Vec<Series>, scale: Scale) -> Range {
        let chart = Curves {
            series,
            x_name: String::new(),
            x_end: None,
            scale,
            bounds: None,
        };
        let lines: Vec<(&Series, &[f64])> = chart.series.iter().map(|s| (s, s.y)).collect();
        chart.y_range(&lines)
    }

    #[test]
    fn a_diverging_lane_does_not_set_the_range() {
        let x = [0.0, 1.0, 2.0, 3.0];
        let good = line(&x, &[100.0, 50.0, 20.0, 10.0], false);
        let bad = line(&x, &[100.0, 1e9, 1e80, f64::INFINITY], true);
        let log = range(vec![good, bad], Scale::Log);
        assert!(log.lo() > 5.0 && log.hi() < 1e6, "{log:?}");
        let linear = range(vec![good, bad], Scale::Linear);
        assert!(linear.hi() < 160.0, "{linear:?}");
        let alone = range(vec![bad], Scale::Linear);
        assert!(alone.contains(100.0) && alone.hi() < 2000.0, "{alone:?}");
    }

    #[test]
    fn negative_values_are_shown_on_a_linear_axis() {
        let x = [0.0, 1.0];
        assert_eq!(
            range(vec![line(&x, &[3.0, -2.0], false)], Scale::Log).scale(),
            Scale::Linear
        );
        assert_eq!(
            range(vec![line(&x, &[3.0, 0.0], false)], Scale::Log).scale(),
            Scale::Log
        );
    }

    #[test]
    fn the_horizontal_axis_rests_while_lines_grow() {
        assert_eq!(
            [0.0, 1.0, 101.0, 149.0, 151.0].map(steady),
            [1.0, 1.0, 150.0, 150.0, 200.0]
        );
    }
}
