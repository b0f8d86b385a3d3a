//! Curves: columns of the history against iterations, epochs, evaluations or time, a line for each lane.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{LARGEST, Range, Scale, short};
use super::series::{self, clip, ema, reduce};
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
    /// The same of the training set, where the lane's own line is that of the validation set: a thin line.
    Training,
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

/// Where a lane's validations were best.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Best {
    /// Whose they are, counted from 1.
    pub lane: usize,
    /// The point, in the values of the axes.
    pub at: Point,
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
    /// Whether the horizontal axis reaches to there from the start, and does not grow with the lines.
    pub whole: bool,
    /// Whether the area between a lane's line and what was evaluated of the other part of the data is shaded.
    pub gaps: bool,
    /// The best points that are marked.
    pub best: Vec<Best>,
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
        let place = self.place(sheet);
        let x = self.x_range();
        let columns = place.2 * sheet.ratio().min(2.0);
        let mut traces: Vec<Trace> = self
            .series
            .iter()
            .map(|s| Trace::of(s, &x, columns))
            .collect();
        let frame = Frame::new(place, x, self.y_range(&traces));
        for trace in &mut traces {
            trace.lines = series::place(&trace.lines, &frame);
        }
        if self.gaps {
            Self::shade(sheet, &frame, &traces)?;
        }
        let axes = Axes {
            x: self.x_name.clone(),
            y: String::new(),
            grid: true,
        };
        sheet.axes(&frame, &axes)?;

        traces.sort_by_key(|t| (t.series.kind != Kind::Raw, t.series.selected));
        for trace in &traces {
            trace.draw_line(sheet, &frame)?;
        }
        for best in &self.best {
            best.draw(sheet, &frame)?;
        }
        for trace in &traces {
            trace.draw_end(sheet, &frame)?;
        }
        Ok(frame)
    }

    /// Shades what lies between a lane's line and the line of the other part of the data.
    fn shade<DB: DrawingBackend>(
        sheet: &Sheet<DB>,
        frame: &Frame,
        traces: &[Trace],
    ) -> Outcome<(), DB> {
        let others = traces
            .iter()
            .filter(|t| matches!(t.series.kind, Kind::Validation | Kind::Training));
        for other in others {
            let own = traces.iter().find(|t| {
                matches!(t.series.kind, Kind::Line { .. }) && t.series.lane == other.series.lane
            });
            let Some(own) = own.filter(|own| !own.series.diverged) else {
                continue;
            };
            let theme = sheet.theme;
            let tint = theme.paper.mix(theme.lane(own.series.lane).colour, 0.16);
            for (a, b) in own.lines.iter().zip(&other.lines) {
                let area: Vec<Point> = between(a, b).map(|p| frame.nearest(p)).collect();
                if area.len() > 2 {
                    sheet.fill(&area, tint)?;
                }
            }
        }
        Ok(())
    }

    /// Where the axes lie: left, top, width, height.
    fn place<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> (f64, f64, f64, f64) {
        let (width, height) = sheet.size();
        let u = sheet.theme.unit;
        let (left, right, top) = (42.0 * u, 10.0 * u, 8.0 * u);
        let below = if self.x_name.is_empty() {
            20.0 * u
        } else {
            35.0 * u
        };
        (
            left,
            top,
            (width - left - right).max(1.0),
            (height - top - below).max(1.0),
        )
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
            Some(end) if end >= reached && (self.whole || end <= steady(reached)) => end,
            _ => steady(reached),
        };
        Range::new(0.0, end, Scale::Linear)
    }

    fn y_range(&self, traces: &[Trace]) -> Range {
        let (raw, lines): (Vec<&Trace>, Vec<&Trace>) =
            traces.iter().partition(|t| t.series.kind == Kind::Raw);
        let negative = lines
            .iter()
            .any(|t| t.values().any(|v| (-LARGEST..0.0).contains(&v)));
        let scale = if negative { Scale::Linear } else { self.scale };
        let (wild, tame): (Vec<&Trace>, Vec<&Trace>) = lines
            .iter()
            .partition(|t| t.series.diverged || t.ran_away());

        let mut span = Span::new(scale);
        for trace in &tame {
            span.hold(trace);
        }
        let healthy = !span.is_empty();
        for trace in &wild {
            span.hold_within(trace.values().take(1), (-LARGEST, LARGEST));
        }
        let limits = span.widened(DIVERGED_FACTOR, if healthy { DIVERGED_SHARE } else { 9.0 });
        for trace in &wild {
            span.hold_within(trace.values(), limits);
        }
        let limits = span.widened(RAW_FACTOR, RAW_SHARE);
        for trace in &raw {
            span.hold_within(trace.values(), limits);
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

/// A series reduced to the lines that pixels can show: in its own values first, then in pixels.
struct Trace<'a> {
    series: &'a Series<'a>,
    lines: Vec<Vec<Point>>,
}

impl<'a> Trace<'a> {
    fn of(series: &'a Series<'a>, x: &Range, columns: f64) -> Self {
        let xs = series.x.iter().copied();
        let lines = match series.kind {
            Kind::Line { smoothing } if smoothing > 0.0 => {
                reduce(xs.zip(ema(series.y, smoothing)), x, columns)
            }
            _ => reduce(xs.zip(series.y.iter().copied()), x, columns),
        };
        Self { series, lines }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.lines.iter().flatten().map(|p| p.1)
    }

    /// Whether the line has ended so far above its beginning that nothing else could be seen beside it, whatever the
    /// lane's status says.
    fn ran_away(&self) -> bool {
        const FAR: f64 = 1e6;
        let first = self.values().next().unwrap_or(0.0);
        let last = self.values().last().unwrap_or(0.0);
        last.abs() > FAR.max(FAR * first.abs())
    }

    /// The parts within the frame, in order.
    fn visible(&self, frame: &Frame) -> impl Iterator<Item = Vec<Point>> {
        self.lines.iter().flat_map(|line| clip(line, frame))
    }

    fn draw_line<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let (theme, series) = (sheet.theme, self.series);
        let lane = theme.lane(series.lane);
        match series.kind {
            Kind::Raw => {
                let stroke = Stroke::new(lane.colour, theme.unit).faint(0.38);
                self.visible(frame)
                    .try_for_each(|part| sheet.line(&part, stroke))
            }
            Kind::Line { .. } => {
                let width = 0.75
                    * if series.selected {
                        theme.line_on
                    } else {
                        theme.line
                    };
                let stroke = Stroke::new(lane.colour, width);
                self.visible(frame)
                    .try_for_each(|part| sheet.lane_line(&part, lane, stroke))
            }
            Kind::Training => {
                let stroke = Stroke::new(lane.colour, theme.unit);
                self.visible(frame)
                    .try_for_each(|part| sheet.line(&part, stroke))
            }
            Kind::Validation => {
                let stroke = Stroke::new(lane.colour, theme.unit);
                self.visible(frame)
                    .try_for_each(|part| sheet.line(&part, stroke))?;
                self.draw_validations(sheet, frame)
            }
        }
    }

    /// Hollow marks where the validation set was evaluated, as far as they have room beside each other.
    fn draw_validations<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        frame: &Frame,
    ) -> Outcome<(), DB> {
        let u = sheet.theme.unit;
        let colour = sheet.theme.lane(self.series.lane).colour;
        let mut last = f64::NEG_INFINITY;
        for &at in self.lines.iter().flatten().filter(|p| frame.holds(**p)) {
            if at.0 - last >= 14.0 * u {
                sheet.hollow(self.mark(), at, 2.7 * u, colour, 1.4 * u)?;
                last = at.0;
            }
        }
        Ok(())
    }

    /// The lane's mark at its last value, or a cross where a diverged lane leaves the chart.
    fn draw_end<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        let colour = theme.lane(self.series.lane).colour;
        let Some(&last) = self.lines.last().and_then(|line| line.last()) else {
            return Ok(());
        };
        if !matches!(self.series.kind, Kind::Line { .. }) {
            return Ok(());
        }
        if !self.series.diverged {
            return sheet.mark(self.mark(), frame.nearest(last), 3.6 * u, colour, 1.25 * u);
        }
        let seen = self
            .visible(frame)
            .last()
            .and_then(|part| part.last().copied());
        let at = seen.unwrap_or_else(|| frame.nearest(last));
        sheet.cross(at, 5.5 * u, Stroke::new(theme.paper, 4.5 * u))?;
        sheet.cross(at, 4.0 * u, Stroke::new(colour, 2.0 * u))?;
        let Some(word) = unshown(self.series.y) else {
            return Ok(());
        };
        let near_edge = at.0 + 34.0 * u > frame.right();
        let (align, dx) = if near_edge {
            (Align::End, -8.0 * u)
        } else {
            (Align::Start, 8.0 * u)
        };
        let at = (at.0 + dx, frame.inset(at.1, 6.0 * u, 6.0 * u));
        let look = Look {
            bold: true,
            ..sheet.note_look(theme.bad, align)
        };
        sheet.text(&word, at, &look)
    }

    fn mark(&self) -> Mark {
        Mark::nth(self.series.lane.saturating_sub(1))
    }
}

impl Best {
    /// A ring around the point, and a line down to the axis.
    fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        let at = frame.place(self.at);
        if !frame.holds(at) {
            return Ok(());
        }
        let colour = theme.lane(self.lane).colour;
        let stroke = Stroke::new(colour, 1.25 * u);
        let down = [at, (at.0, frame.bottom())];
        series::dash(&down, &[2.0 * u, 3.0 * u], |part| sheet.line(part, stroke))?;
        sheet.mark(Mark::Circle, at, 6.0 * u, colour, 1.5 * u)?;
        sheet.mark(Mark::Circle, at, 4.0 * u, theme.paper, 0.0)?;
        sheet.mark(Mark::Circle, at, 2.2 * u, colour, 0.0)?;
        let (align, dx) = if at.0 + 40.0 * u > frame.right() {
            (Align::End, -9.0 * u)
        } else {
            (Align::Start, 9.0 * u)
        };
        let at = (at.0 + dx, frame.inset(at.1 - 9.0 * u, 7.0 * u, 7.0 * u));
        let look = Look {
            size: theme.small,
            ..sheet.note_look(theme.ink, align)
        };
        sheet.text("best", at, &look)
    }
}

/// The outline of what lies between two lines, where both are: along the one and back along the other.
fn between(a: &[Point], b: &[Point]) -> impl Iterator<Item = Point> {
    let ends = |line: &[Point]| Some((line.first()?.0, line.last()?.0));
    let span = match (ends(a), ends(b)) {
        (Some(a), Some(b)) => (a.0.max(b.0), a.1.min(b.1)),
        _ => (0.0, 0.0),
    };
    let there = within(a, span);
    let mut back = within(b, span);
    back.reverse();
    there.into_iter().chain(back)
}

/// The part of a line from one x to another, with its values there.
fn within(line: &[Point], (from, to): (f64, f64)) -> Vec<Point> {
    if from >= to {
        return Vec::new();
    }
    let at = |x: f64| {
        let after = line.iter().position(|p| p.0 >= x)?;
        let (p, q) = (line[after.saturating_sub(1)], line[after]);
        let part = match q.0 - p.0 {
            width if width > 0.0 => (x - p.0) / width,
            _ => 1.0,
        };
        Some((x, p.1 + part * (q.1 - p.1)))
    };
    let inner = line.iter().copied().filter(|p| p.0 > from && p.0 < to);
    at(from).into_iter().chain(inner).chain(at(to)).collect()
}

/// What the last row holds, where no axis can show it.
fn unshown(y: &[f64]) -> Option<String> {
    match *y {
        [.., v] if v.is_infinite() => Some(short(v)),
        // Where the row before has no value either, the column is one that is filled now and then only.
        [.., before, v] if v.is_nan() && before.is_finite() => Some("NaN".to_owned()),
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

    fn hold(&mut self, trace: &Trace) {
        self.hold_within(trace.values(), (-LARGEST, LARGEST));
    }

    /// Takes in the values that can be shown, each moved within `limits`.
    fn hold_within(&mut self, values: impl Iterator<Item = f64>, (least, most): (f64, f64)) {
        let positive_only = self.scale == Scale::Log;
        for v in values {
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
            whole: false,
            gaps: false,
            best: Vec::new(),
        };
        let traces: Vec<Trace> = chart
            .series
            .iter()
            .map(|s| Trace::of(s, &chart.x_range(), 300.0))
            .collect();
        chart.y_range(&traces)
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
    fn the_area_between_two_lines_is_where_both_are() {
        let a = [(0.0, 0.0), (4.0, 8.0)];
        let b = [(1.0, 1.0), (2.0, 0.0), (3.0, 1.0), (9.0, 1.0)];
        let outline: Vec<Point> = between(&a, &b).collect();
        let expected = [
            (1.0, 2.0),
            (4.0, 8.0),
            (4.0, 1.0),
            (3.0, 1.0),
            (2.0, 0.0),
            (1.0, 1.0),
        ];
        assert_eq!(outline, expected);
        assert_eq!(between(&a, &[(5.0, 1.0), (6.0, 1.0)]).count(), 0);
        assert_eq!(between(&a, &[]).count(), 0);
    }

    #[test]
    fn the_horizontal_axis_may_reach_to_the_end_from_the_start() {
        let end_of = |x: &[f64], whole| {
            let chart = Curves {
                series: vec![line(x, x, false)],
                x_name: String::new(),
                x_end: Some(400.0),
                whole,
                gaps: false,
                best: Vec::new(),
                scale: Scale::Linear,
                bounds: None,
            };
            chart.x_range().hi()
        };
        assert_eq!([end_of(&[], false), end_of(&[], true)], [1.0, 400.0]);
        assert_eq!(
            [end_of(&[90.0], false), end_of(&[90.0], true)],
            [100.0, 400.0]
        );
        // A run that has gone on beyond its budget is shown all the same.
        assert_eq!(end_of(&[450.0], true), 500.0);
    }

    #[test]
    fn the_horizontal_axis_rests_while_lines_grow() {
        assert_eq!(
            [0.0, 1.0, 101.0, 149.0, 151.0].map(steady),
            [1.0, 1.0, 150.0, 150.0, 200.0]
        );
    }
}
