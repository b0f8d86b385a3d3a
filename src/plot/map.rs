//! The map of a function of two variables: iso lines, minima, the start, and the path of every lane.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{Range, Scale, plain};
use super::contour::{Grid, iso_lines};
use super::series::clip_segment;
use super::sheet::{Align, Axes, Frame, Look, Outcome, Sheet, Stroke};
use super::style::Mark;

/// What a map shows of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Left and right edge.
    pub x: (f64, f64),
    /// Lower and upper edge.
    pub y: (f64, f64),
}

/// The frame of a map that shows at least `view`, with equal scales, so that a gradient stands at right angles to the
/// lines; what the shape of the sheet leaves over shows more of the plane.
pub fn map_frame<DB: DrawingBackend>(sheet: &Sheet<DB>, view: &View) -> Frame {
    let (width, height) = sheet.size();
    let u = sheet.theme.unit;
    let place = (
        44.0 * u,
        18.0 * u,
        (width - 58.0 * u).max(1.0),
        (height - 52.0 * u).max(1.0),
    );
    let x = Range::new(view.x.0, view.x.1, Scale::Linear);
    let y = Range::new(view.y.0, view.y.1, Scale::Linear);
    let per_pixel = ((x.hi() - x.lo()) / place.2).max((y.hi() - y.lo()) / place.3);
    let about = |r: Range, pixels: f64| {
        let (middle, half) = (0.5 * (r.lo() + r.hi()), 0.5 * per_pixel * pixels);
        Range::new(middle - half, middle + half, Scale::Linear)
    };
    Frame::new(place, about(x, place.2), about(y, place.3))
}

/// What stays while the lanes run: iso lines, axes and minima.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// The values over the frame.
    pub grid: Grid<'a>,
    /// Where the iso lines are.
    pub levels: &'a [f64],
    /// x, y of each known minimum.
    pub minima: &'a [Point],
}

impl Ground<'_> {
    /// Draws the iso lines with their labels, the minima and the axes.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let lines: Vec<(f64, Vec<Vec<Point>>)> = self
            .levels
            .iter()
            .map(|l| (*l, self.lines(frame, *l)))
            .collect();
        for line in lines.iter().flat_map(|(_, lines)| lines) {
            sheet.line(line, Stroke::new(theme.iso, 0.9 * u))?;
        }
        let minima: Vec<Point> = self
            .minima
            .iter()
            .map(|p| frame.place(*p))
            .filter(|p| frame.holds(*p))
            .collect();
        // The names of the minima stand below and to the right of them.
        let named = minima.iter().map(|at| (at.0 + 40.0 * u, at.1 + 13.0 * u));
        let mut taken = Taken(minima.iter().copied().chain(named).collect());
        let every = lines.len().div_ceil(9).max(1);
        for (level, lines) in lines.iter().rev().step_by(every) {
            let label = plain(*level);
            let width = Sheet::<DB>::text_width(&label, theme.small);
            if let Some(at) = taken.room_for(lines, frame, width, u) {
                let look = Look {
                    colour: theme.ink_2,
                    rim: Some(self.ground_at(sheet, frame, at)),
                    ..sheet.tick_look(Align::Middle)
                };
                sheet.text(&label, at, &look)?;
                taken.0.push(at);
            }
        }
        for at in &minima {
            let (x, y) = *at;
            let r = 6.0 * u;
            sheet.line(&[(x - r, y), (x + r, y)], Stroke::new(theme.ink, 1.75 * u))?;
            sheet.line(&[(x, y - r), (x, y + r)], Stroke::new(theme.ink, 1.75 * u))?;
        }
        self.name_minima(sheet, frame, &minima)?;
        sheet.axes(
            frame,
            &Axes {
                x: "x".to_owned(),
                y: "y".to_owned(),
                grid: false,
            },
        )
    }

    fn lines(&self, frame: &Frame, level: f64) -> Vec<Vec<Point>> {
        let placed = |line: Vec<Point>| line.into_iter().map(|p| frame.place(p)).collect();
        iso_lines(&self.grid, level)
            .into_iter()
            .map(placed)
            .collect()
    }

    /// A single minimum is named with its coordinates, several by what they are.
    fn name_minima<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        frame: &Frame,
        minima: &[Point],
    ) -> Outcome<(), DB> {
        let u = sheet.theme.unit;
        for (at, p) in minima.iter().zip(self.minima) {
            let long = format!("minimum ({}, {})", plain(p.0), plain(p.1));
            let fits = |text: &str| {
                at.0 + 13.0 * u + Sheet::<DB>::text_width(text, sheet.theme.text) < frame.right()
            };
            let text = if minima.len() == 1 && fits(&long) {
                long
            } else {
                "minimum".to_owned()
            };
            let (align, dx) = if fits(&text) {
                (Align::Start, 10.0 * u)
            } else {
                (Align::End, -10.0 * u)
            };
            let dy = if at.1 + 22.0 * u > frame.bottom() {
                -13.0 * u
            } else {
                13.0 * u
            };
            if minima.len() <= 4 {
                sheet.text(
                    &text,
                    (at.0 + dx, at.1 + dy),
                    &sheet.note_look(sheet.theme.ink_2, align),
                )?;
            }
        }
        Ok(())
    }

    /// The colour of the bands under a pixel.
    fn ground_at<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        frame: &Frame,
        at: Point,
    ) -> super::Rgb {
        let v = self.grid.sample(
            (at.0 - frame.left) / frame.width,
            (frame.bottom() - at.1) / frame.height,
        );
        let band = self.levels.partition_point(|l| *l < v) as f64 / self.levels.len().max(1) as f64;
        sheet.theme.field_lo.mix(sheet.theme.field_hi, band)
    }
}

/// Places in the picture that are taken.
struct Taken(Vec<Point>);

impl Taken {
    /// The point on `lines` that is farthest from what is taken, level enough to write on and off the edges.
    fn room_for(&self, lines: &[Vec<Point>], frame: &Frame, width: f64, u: f64) -> Option<Point> {
        let margin = (0.5 * width + 8.0 * u, 14.0 * u);
        let apart = |p: Point| {
            let d = |q: &Point| libm::hypot(0.8 * (p.0 - q.0), p.1 - q.1);
            self.0.iter().map(d).fold(f64::INFINITY, f64::min)
        };
        let inside = |p: &Point| {
            (p.0 - frame.left).min(frame.right() - p.0) > margin.0
                && (p.1 - frame.top).min(frame.bottom() - p.1) > margin.1
        };
        let candidates = lines
            .iter()
            .filter(|l| l.len() > 12)
            .flat_map(|l| l.iter().step_by(6).copied());
        candidates
            .filter(inside)
            .map(|p| (p, apart(p).min(160.0 * u)))
            .filter(|(_, d)| *d > 46.0 * u)
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|(p, _)| p)
    }
}

/// The path of one lane.
#[derive(Debug, Clone, Copy)]
pub struct Path<'a> {
    /// Whose it is, counted from 1.
    pub lane: usize,
    /// The selected lane is drawn last, stronger, and with its iterates.
    pub selected: bool,
    /// Whether it ended by diverging.
    pub diverged: bool,
    /// x and y of each iterate, in turn.
    pub points: &'a [f64],
}

/// What moves: the start and the paths.
#[derive(Debug, Clone)]
pub struct Paths<'a> {
    /// The lanes.
    pub paths: Vec<Path<'a>>,
    /// Where all of them start.
    pub start: Point,
}

impl Paths<'_> {
    /// Draws the paths, their ends and the start.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let mut order: Vec<&Path> = self.paths.iter().collect();
        order.sort_by_key(|p| p.selected);
        let traces: Vec<Trace> = order.iter().map(|p| Trace::of(p.points, frame)).collect();
        for (path, trace) in order.iter().zip(&traces) {
            draw_trace(sheet, frame, path, trace)?;
        }
        let mut notes = Vec::new();
        for (path, trace) in order.iter().zip(&traces) {
            draw_end(sheet, frame, path, trace, &mut notes)?;
        }
        self.draw_start(sheet, frame)
    }

    fn draw_start<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        let at = frame.place(self.start);
        if !frame.holds(at) {
            return Ok(());
        }
        sheet.hollow(Mark::Circle, at, 5.5 * u, theme.ink, 1.75 * u)?;
        let fits = at.0 - frame.left > 48.0 * u;
        let (align, dx) = if fits {
            (Align::End, -10.0 * u)
        } else {
            (Align::Start, 10.0 * u)
        };
        let dy = if at.1 + 22.0 * u > frame.bottom() {
            -13.0 * u
        } else {
            13.0 * u
        };
        sheet.text(
            "start",
            (at.0 + dx, at.1 + dy),
            &sheet.note_look(theme.ink_2, align),
        )
    }
}

/// A path as it lies on the map.
struct Trace {
    /// The parts of it that are on the map; iterates closer than half a pixel to the one before are left out.
    parts: Vec<Vec<Point>>,
    /// The last iterate, if it is on the map.
    end: Option<Point>,
    /// Where the path was last seen on its way out, and whence it came there.
    exit: Option<(Point, Point)>,
}

impl Trace {
    fn of(points: &[f64], frame: &Frame) -> Self {
        let mut trace = Self {
            parts: Vec::new(),
            end: None,
            exit: None,
        };
        let mut last: Option<Point> = None;
        let mut joined = false;
        for p in points.chunks_exact(2) {
            if !(p[0].is_finite() && p[1].is_finite()) {
                break;
            }
            let at = frame.place((p[0], p[1]));
            trace.end = frame.holds(at).then_some(at);
            let Some(from) = last else {
                last = Some(at);
                continue;
            };
            if libm::fabs(at.0 - from.0) + libm::fabs(at.1 - from.1) < 0.5 {
                continue;
            }
            joined = trace.add(from, at, frame, joined);
            last = Some(at);
        }
        trace
    }

    /// Adds the visible part of one step; returns whether the next one joins on.
    fn add(&mut self, from: Point, to: Point, frame: &Frame, joined: bool) -> bool {
        let Some((a, b)) = clip_segment(from, to, frame) else {
            return false;
        };
        match self.parts.last_mut() {
            Some(part) if joined => part.push(b),
            _ => self.parts.push(vec![a, b]),
        }
        if b != to {
            self.exit = Some((b, from));
        }
        b == to
    }
}

fn draw_trace<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    path: &Path,
    trace: &Trace,
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let u = theme.unit;
    let lane = theme.lane(path.lane);
    let width = if path.selected {
        theme.line_on
    } else {
        theme.line
    };
    for part in &trace.parts {
        sheet.line(part, Stroke::new(theme.paper, width + 3.0 * u).faint(0.8))?;
        sheet.lane_line(part, lane, Stroke::new(lane.colour, width))?;
    }
    if !path.selected {
        return Ok(());
    }
    // The iterates, as long as they can be told apart.
    let mut last: Option<Point> = None;
    for p in path.points.chunks_exact(2) {
        let at = frame.place((p[0], p[1]));
        let apart = last.is_none_or(|q| libm::hypot(at.0 - q.0, at.1 - q.1) > 7.0 * u);
        if apart && last.is_some() && frame.holds(at) && trace.end != Some(at) {
            sheet.hollow(Mark::Circle, at, 2.0 * u, lane.colour, 1.1 * u)?;
        }
        last = Some(at);
    }
    Ok(())
}

/// The mark where a path ends; a cross and a note where it left the map for good.
fn draw_end<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    path: &Path,
    trace: &Trace,
    notes: &mut Vec<f64>,
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let u = theme.unit;
    let lane = theme.lane(path.lane);
    let mark = Mark::nth(path.lane.saturating_sub(1));
    if let Some(at) = trace.end.filter(|_| !path.diverged) {
        return sheet.mark(
            mark,
            at,
            if path.selected { 6.0 } else { 5.0 } * u,
            lane.colour,
            2.0 * u,
        );
    }
    let Some((at, from)) = trace.exit.or(trace.end.map(|at| (at, at))) else {
        return Ok(());
    };
    sheet.cross(at, 6.5 * u, Stroke::new(theme.paper, 5.0 * u))?;
    sheet.cross(at, 5.0 * u, Stroke::new(lane.colour, 2.25 * u))?;
    let what = if path.diverged {
        "diverges"
    } else {
        "leaves the map"
    };
    let text = format!("lane {} {what}", path.lane);
    let need = Sheet::<DB>::text_width(&text, theme.text) + 16.0 * u;
    let leftwards = if at.0 - frame.left < need {
        false
    } else if frame.right() - at.0 < need {
        true
    } else {
        from.0 > at.0
    };
    let beyond = if from.1 > at.1 { -10.0 } else { 14.0 };
    let mut y = frame.inset(at.1 + beyond * u, 12.0 * u, 10.0 * u);
    while let Some(other) = notes.iter().find(|n| (**n - y).abs() < 15.0 * u).copied() {
        // Several may leave at one place: their notes stand below each other.
        y = if y + 16.0 * u < frame.bottom() {
            other + 16.0 * u
        } else {
            other
        };
        if y + 16.0 * u >= frame.bottom() {
            break;
        }
    }
    notes.push(y);
    let (align, dx) = if leftwards {
        (Align::End, -12.0 * u)
    } else {
        (Align::Start, 12.0 * u)
    };
    let near = at.0 + dx;
    let far = near + (need - 12.0 * u).copysign(dx);
    // Letters between the labels of iso lines could not be told from them.
    let plate = Stroke::new(theme.paper, 17.0 * u);
    sheet.line(&[(near, y), (far, y)], plate)?;
    sheet.text(
        &text,
        (near, y),
        &Look {
            bold: true,
            ..sheet.note_look(theme.bad, align)
        },
    )
}
