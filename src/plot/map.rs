//! The map of a function of two variables, or of a plane of one of more: iso lines, minima, the start, the path of every
//! lane, the population of a method that has one, and the model that a method has made of the function.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{Range, Scale, plain};
use super::contour::{Grid, iso_lines};
use super::series::{clip, clip_segment, dash};
use super::sheet::{Align, Axes, Frame, Look, Outcome, Sheet, Stroke};
use super::style::Mark;

/// What a map shows of the plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Left and right edge.
    pub x: (f64, f64),
    /// Lower and upper edge.
    pub y: (f64, f64),
    /// How the two axes go together.
    pub scales: Scales,
}

/// How the axes of a map go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scales {
    /// A unit is as long on both, so a gradient stands at right angles to the lines.
    Equal,
    /// Each fills its side: parameters of different units have no common scale.
    Free,
}

/// The frame of a map that shows at least `view`; with equal scales what the shape of the sheet leaves over shows more of
/// the plane.
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
    if view.scales == Scales::Free {
        return Frame::new(place, x, y);
    }
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
    /// Names of the axes.
    pub names: [&'a str; 2],
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
                x: self.names[0].to_owned(),
                y: self.names[1].to_owned(),
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
    /// For each trial that was rejected x and y of where it started, then of where it would have led.
    pub rejected: &'a [f64],
    /// x and y of each point of the method's population, in turn.
    pub members: &'a [f64],
}

/// A quadratic model of the function around a point: m(d) = f + sᵀd + ½dᵀBd.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// Whose it is, counted from 1.
    pub lane: usize,
    /// Where d is zero.
    pub at: Point,
    /// s.
    pub slope: [f64; 2],
    /// B₁₁, B₁₂, B₂₂.
    pub matrix: [f64; 3],
}

/// What moves: the start, the paths, and the model that the selected lane's next step minimises.
#[derive(Debug, Clone)]
pub struct Paths<'a> {
    /// The lanes.
    pub paths: Vec<Path<'a>>,
    /// Where all of them start.
    pub start: Point,
    /// The model, where the method has one.
    pub model: Option<Model>,
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
        for path in &order {
            draw_rejected(sheet, frame, path)?;
            draw_members(sheet, frame, path)?;
        }
        if let Some(model) = &self.model {
            model.draw(sheet, frame)?;
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

impl Model {
    /// d where the model is stationary: −B⁻¹s.
    fn step(&self) -> Option<Point> {
        let ([s, t], [a, b, c]) = (self.slope, self.matrix);
        let det = a * c - b * b;
        let step = ((b * t - c * s) / det, (b * s - a * t) / det);
        (step.0.is_finite() && step.1.is_finite()).then_some(step)
    }

    /// m(d) − f.
    fn value(&self, (d, e): Point) -> f64 {
        let ([s, t], [a, b, c]) = (self.slope, self.matrix);
        s * d + t * e + 0.5 * (a * d * d + 2.0 * b * d * e + c * e * e)
    }

    /// The line on which the model is as high as at its point: an ellipse around the minimum, as the affine image of a
    /// circle by the Cholesky factor of B. Where B is not positive definite, the iso line of the model over the frame.
    fn contour(&self, frame: &Frame) -> Vec<Vec<Point>> {
        const CORNERS: usize = 120;
        const SIDE: usize = 81;
        let [a, b, c] = self.matrix;
        let rest = c - b * b / a;
        match self.step() {
            Some(step) if a > 0.0 && rest > 0.0 => {
                let radius = (-2.0 * self.value(step)).max(0.0).sqrt();
                let corner = |i: usize| {
                    let turn = std::f64::consts::TAU * i as f64 / CORNERS as f64;
                    let v = radius * libm::sin(turn) / rest.sqrt();
                    let u = (radius * libm::cos(turn) - b * v / a.sqrt()) / a.sqrt();
                    (self.at.0 + step.0 + u, self.at.1 + step.1 + v)
                };
                vec![(0..=CORNERS).map(corner).collect()]
            }
            _ => {
                let ends = |r: &Range| (r.lo(), r.hi());
                let (x, y) = (ends(frame.x.range()), ends(frame.y.range()));
                let along =
                    |(lo, hi): (f64, f64), i: usize| lo + (hi - lo) * i as f64 / (SIDE - 1) as f64;
                let values: Vec<f64> = (0..SIDE * SIDE)
                    .map(|n| {
                        let p = (along(x, n % SIDE), along(y, n / SIDE));
                        self.value((p.0 - self.at.0, p.1 - self.at.1))
                    })
                    .collect();
                Grid::new(&values, SIDE, SIDE, x, y)
                    .map_or_else(Vec::new, |grid| iso_lines(&grid, 0.0))
            }
        }
    }

    /// Draws the contour, and a ring where the model has its minimum.
    fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        let colour = theme.lane(self.lane).colour;
        for line in self.contour(frame) {
            let finite = line.iter().all(|p| p.0.is_finite() && p.1.is_finite());
            let placed: Vec<Point> = line.into_iter().map(|p| frame.place(p)).collect();
            for part in clip(&placed, frame).iter().filter(|_| finite) {
                sheet.line(part, Stroke::new(theme.paper, 3.6 * u).faint(0.7))?;
                sheet.line(part, Stroke::new(colour, 1.3 * u))?;
            }
        }
        let Some((d, e)) = self.step() else {
            return Ok(());
        };
        let at = frame.place((self.at.0 + d, self.at.1 + e));
        if frame.holds(at) {
            sheet.hollow(Mark::Circle, at, 3.6 * u, colour, 1.4 * u)?;
        }
        Ok(())
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

/// The selected lane's trials that were no better: a thin line to a cross.
fn draw_rejected<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    path: &Path,
) -> Outcome<(), DB> {
    const DOTS: [f64; 2] = [2.0, 3.0];
    let (theme, u) = (sheet.theme, sheet.theme.unit);
    let colour = theme.lane(path.lane).colour;
    for trial in path.rejected.chunks_exact(4).filter(|_| path.selected) {
        if !trial.iter().all(|v| v.is_finite()) {
            continue;
        }
        let (from, to) = (
            frame.place((trial[0], trial[1])),
            frame.place((trial[2], trial[3])),
        );
        let Some((a, b)) = clip_segment(from, to, frame) else {
            continue;
        };
        let dots = DOTS.map(|d| d * u);
        dash(&[a, b], &dots, |part| {
            sheet.line(part, Stroke::new(colour, 1.1 * u))
        })?;
        if b == to {
            sheet.cross(to, 3.2 * u, Stroke::new(theme.paper, 3.4 * u))?;
            sheet.cross(to, 3.0 * u, Stroke::new(colour, 1.3 * u))?;
        }
    }
    Ok(())
}

/// The population as dots, those of the selected lane larger; of very many, some.
fn draw_members<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    path: &Path,
) -> Outcome<(), DB> {
    const MOST: usize = 500;
    let (theme, u) = (sheet.theme, sheet.theme.unit);
    let colour = theme.lane(path.lane).colour;
    let radius = if path.selected { 2.6 } else { 1.9 };
    let every = (path.members.len() / 2).div_ceil(MOST).max(1);
    for p in path.members.chunks_exact(2).step_by(every) {
        let at = frame.place((p[0], p[1]));
        if p[0].is_finite() && p[1].is_finite() && frame.holds(at) {
            sheet.mark(Mark::Circle, at, radius * u, colour, 0.9 * u)?;
        }
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
