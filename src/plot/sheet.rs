//! The sheet that a chart is drawn on: strokes, marks and text in CSS pixels, on any plotters backend.

use plotters::backend::DrawingBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};

use super::Point;
use super::axis::{Axis, Range, ticks};
use super::series::dash;
use super::style::{Lane, Mark, Rgb, Theme};

/// What drawing on a backend `DB` gives.
pub type Outcome<T, DB> = Result<T, DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// A rectangle of pixels, and what its axes show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Width, at least 1.
    pub width: f64,
    /// Height, at least 1.
    pub height: f64,
    /// The horizontal axis, from the left edge to the right.
    pub x: Axis,
    /// The vertical axis, from the lower edge to the upper.
    pub y: Axis,
}

impl Frame {
    /// A frame at `(left, top, width, height)`.
    pub fn new((left, top, width, height): (f64, f64, f64, f64), x: Range, y: Range) -> Self {
        let (width, height) = (width.max(1.0), height.max(1.0));
        Self {
            left,
            top,
            width,
            height,
            x: Axis::new(x, left, left + width),
            y: Axis::new(y, top + height, top),
        }
    }

    /// Right edge.
    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Lower edge.
    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// The pixel of a point.
    pub fn place(&self, p: Point) -> Point {
        (self.x.place(p.0), self.y.place(p.1))
    }

    /// Whether a pixel lies within the frame.
    pub fn holds(&self, px: Point) -> bool {
        (self.left..=self.right()).contains(&px.0) && (self.top..=self.bottom()).contains(&px.1)
    }

    /// The height nearest to `y` that is at least `above` below the upper edge and `below` above the lower; halfway
    /// between them if there is no such.
    pub fn inset(&self, y: f64, above: f64, below: f64) -> f64 {
        let (highest, lowest) = (self.top + above, self.bottom() - below);
        if highest <= lowest {
            y.clamp(highest, lowest)
        } else {
            0.5 * (highest + lowest)
        }
    }

    /// The pixel of the frame that is nearest to `px`.
    pub fn nearest(&self, px: Point) -> Point {
        (
            px.0.clamp(self.left, self.right()),
            px.1.clamp(self.top, self.bottom()),
        )
    }
}

/// Colour, opacity and width of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Colour.
    pub colour: Rgb,
    /// 1 is opaque.
    pub opacity: f64,
    /// Width in pixels.
    pub width: f64,
}

impl Stroke {
    /// An opaque stroke.
    pub fn new(colour: Rgb, width: f64) -> Self {
        Self {
            colour,
            opacity: 1.0,
            width,
        }
    }

    /// The same stroke, of another opacity.
    #[must_use]
    pub fn faint(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

/// Where text stands relative to its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// The text begins at the point.
    Start,
    /// The text is centred on the point.
    Middle,
    /// The text ends at the point.
    End,
}

/// How a piece of text looks; it is centred vertically on its point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// Colour.
    pub colour: Rgb,
    /// Font size in pixels.
    pub size: f64,
    /// Where it stands relative to its point.
    pub align: Align,
    /// Whether it is bold.
    pub bold: bool,
    /// A rim of this colour sets it off from what lies below.
    pub rim: Option<Rgb>,
}

/// A drawing surface with a theme. Everything is measured in CSS pixels and may lie between them.
pub struct Sheet<'a, DB: DrawingBackend> {
    area: DrawingArea<DB, Shift>,
    /// Colours, fonts, strokes.
    pub theme: &'a Theme,
    ratio: f64,
    fine: f64,
}

impl<'a, DB: DrawingBackend> Sheet<'a, DB> {
    /// A sheet on `backend`. `ratio` is how many device pixels make a CSS pixel; `fine` is how many units of the backend
    /// make a device pixel (plotters' coordinates and stroke widths are whole numbers, and curves need finer ones).
    pub fn new(backend: DB, theme: &'a Theme, ratio: f64, fine: f64) -> Self {
        let held = |v: f64| {
            if v.is_finite() {
                v.clamp(0.25, 64.0)
            } else {
                1.0
            }
        };
        Self {
            area: backend.into_drawing_area(),
            theme,
            ratio: held(ratio),
            fine: held(fine),
        }
    }

    /// Width and height in CSS pixels.
    pub fn size(&self) -> (f64, f64) {
        let (w, h) = self.area.dim_in_pixel();
        (f64::from(w) / self.scale(), f64::from(h) / self.scale())
    }

    /// Device pixels in a CSS pixel.
    pub fn ratio(&self) -> f64 {
        self.ratio
    }

    /// Finishes the drawing.
    pub fn present(&self) -> Outcome<(), DB> {
        self.area.present()
    }

    /// A line through `points`.
    pub fn line(&self, points: &[Point], stroke: Stroke) -> Outcome<(), DB> {
        if points.len() < 2 {
            return Ok(());
        }
        let path: Vec<(i32, i32)> = points.iter().map(|p| self.units(*p)).collect();
        self.area
            .draw(&PathElement::new(path, self.shape(stroke, false)))
    }

    /// A line through `points` in the dashes of `lane`.
    pub fn lane_line(&self, points: &[Point], lane: &Lane, stroke: Stroke) -> Outcome<(), DB> {
        dash(points, &lane.dash, |part| self.line(part, stroke))
    }

    /// A horizontal or vertical line, one device pixel or more wide, on whole device pixels.
    pub fn rule(&self, from: Point, to: Point, colour: Rgb) -> Outcome<(), DB> {
        let width = (self.theme.unit * self.ratio).round().max(1.0) / self.ratio;
        let snap = |v: f64| (v * self.ratio).round() / self.ratio + 0.5 * width;
        let on = |p: Point| (snap(p.0), snap(p.1));
        self.line(&[on(from), on(to)], Stroke::new(colour, width))
    }

    /// A filled polygon.
    pub fn fill(&self, corners: &[Point], colour: Rgb) -> Outcome<(), DB> {
        let path: Vec<(i32, i32)> = corners.iter().map(|p| self.units(*p)).collect();
        let style = ShapeStyle {
            color: rgb(colour).into(),
            filled: true,
            stroke_width: 0,
        };
        self.area.draw(&Polygon::new(path, style))
    }

    /// A mark of radius `r` in `colour`, with a rim of `rim` pixels of paper around it.
    pub fn mark(&self, mark: Mark, at: Point, r: f64, colour: Rgb, rim: f64) -> Outcome<(), DB> {
        if rim > 0.0 {
            self.shape_at(mark, at, r + rim, self.theme.paper)?;
        }
        self.shape_at(mark, at, r, colour)
    }

    /// A mark of radius `r` filled with paper, its outline `width` wide in `colour`.
    pub fn hollow(
        &self,
        mark: Mark,
        at: Point,
        r: f64,
        colour: Rgb,
        width: f64,
    ) -> Outcome<(), DB> {
        self.shape_at(mark, at, r + 0.5 * width, colour)?;
        self.shape_at(mark, at, r - 0.5 * width, self.theme.paper)
    }

    /// A cross, `r` from its centre to its ends.
    pub fn cross(&self, at: Point, r: f64, stroke: Stroke) -> Outcome<(), DB> {
        self.line(&[(at.0 - r, at.1 - r), (at.0 + r, at.1 + r)], stroke)?;
        self.line(&[(at.0 - r, at.1 + r), (at.0 + r, at.1 - r)], stroke)
    }

    /// Text at a point.
    pub fn text(&self, text: &str, at: Point, look: &Look) -> Outcome<(), DB> {
        if let Some(rim) = look.rim {
            let d = 1.6 * self.theme.unit;
            let e = 0.7 * d;
            for (dx, dy) in [
                (d, 0.0),
                (-d, 0.0),
                (0.0, d),
                (0.0, -d),
                (e, e),
                (e, -e),
                (-e, e),
                (-e, -e),
            ] {
                self.text_once(text, (at.0 + dx, at.1 + dy), look, rim)?;
            }
        }
        self.text_once(text, at, look, look.colour)
    }

    /// About how wide `text` comes out. The real width would have to be asked of the document, at the price of a layout.
    pub fn text_width(text: &str, size: f64) -> f64 {
        let em: f64 = text
            .chars()
            .map(|c| match c {
                '.' | ',' | ' ' | 'i' | 'l' | 't' | 'f' | 'r' | '(' | ')' | ':' | '·' => 0.36,
                '⁰'..='⁹' | '²' | '³' | '¹' | '⁻' => 0.42,
                'm' | 'w' | 'M' | 'W' | '−' | '∞' => 0.84,
                _ => 0.61,
            })
            .sum();
        em * size
    }

    /// The look of ticks and of the names of axes.
    pub fn tick_look(&self, align: Align) -> Look {
        Look {
            colour: self.theme.ink_3,
            size: self.theme.small,
            align,
            bold: false,
            rim: None,
        }
    }

    /// The look of a note in the picture.
    pub fn note_look(&self, colour: Rgb, align: Align) -> Look {
        Look {
            colour,
            size: self.theme.text,
            align,
            bold: false,
            rim: Some(self.theme.paper),
        }
    }

    /// Axes, ticks and names around `frame`.
    pub fn axes(&self, frame: &Frame, axes: &Axes) -> Outcome<(), DB> {
        let u = self.theme.unit;
        for tick in ticks(frame.y.range(), y_room(frame.height / u)) {
            let y = frame.y.place(tick.at);
            if axes.grid {
                self.rule((frame.left, y), (frame.right(), y), self.theme.grid)?;
            }
            self.rule((frame.left - 4.0 * u, y), (frame.left, y), self.theme.edge)?;
            self.text(
                &tick.label,
                (frame.left - 7.0 * u, y),
                &self.tick_look(Align::End),
            )?;
        }
        self.x_ticks(frame)?;
        let (left, bottom) = (frame.left, frame.bottom());
        self.rule((left, frame.top), (left, bottom), self.theme.edge)?;
        self.rule((left, bottom), (frame.right(), bottom), self.theme.edge)?;
        let name = Look {
            colour: self.theme.ink_2,
            ..self.tick_look(Align::End)
        };
        self.text(&axes.x, (frame.right(), bottom + 26.0 * u), &name)?;
        // A short name ends where the ticks do; a long one begins at the edge of the sheet.
        let width = Self::text_width(&axes.y, name.size);
        let (at, align) = if width <= left - 7.0 * u {
            (left - 7.0 * u, Align::End)
        } else {
            ((left - 36.0 * u).max(1.0), Align::Start)
        };
        self.text(&axes.y, (at, frame.top - 12.0 * u), &Look { align, ..name })
    }

    /// Ticks below the frame, as many as have room beside each other.
    fn x_ticks(&self, frame: &Frame) -> Outcome<(), DB> {
        let u = self.theme.unit;
        let wide = |label: &str| Self::text_width(label, self.theme.small) + 16.0 * u;
        let mut room = (frame.width / (52.0 * u)).min(6.0);
        let marks = loop {
            let marks = ticks(frame.x.range(), room);
            let widest = marks.iter().map(|t| wide(&t.label)).fold(0.0, f64::max);
            if widest * marks.len() as f64 <= frame.width + widest || room <= 2.0 {
                break marks;
            }
            room -= 1.0;
        };
        for tick in marks {
            let x = frame.x.place(tick.at);
            self.rule(
                (x, frame.bottom()),
                (x, frame.bottom() + 4.0 * u),
                self.theme.edge,
            )?;
            // A label at the sheet's edge is moved inwards rather than cut off.
            let half = 0.5 * Self::text_width(&tick.label, self.theme.small);
            let x = x.min(self.size().0 - half - 1.0);
            self.text(
                &tick.label,
                (x, frame.bottom() + 12.0 * u),
                &self.tick_look(Align::Middle),
            )?;
        }
        Ok(())
    }

    fn shape_at(&self, mark: Mark, at: Point, r: f64, colour: Rgb) -> Outcome<(), DB> {
        let Some(corners) = mark.corners() else {
            let style = ShapeStyle {
                color: rgb(colour).into(),
                filled: true,
                stroke_width: 0,
            };
            return self.area.draw(&Circle::new(
                self.units(at),
                (r * self.scale()).round() as i32,
                style,
            ));
        };
        let moved: Vec<Point> = corners
            .iter()
            .map(|c| (at.0 + r * c.0, at.1 + r * c.1))
            .collect();
        self.fill(&moved, colour)
    }

    fn text_once(&self, text: &str, at: Point, look: &Look, colour: Rgb) -> Outcome<(), DB> {
        if text.is_empty() {
            return Ok(());
        }
        let weight = if look.bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let font = FontDesc::new(
            FontFamily::Name(&self.theme.font),
            look.size * self.scale(),
            weight,
        );
        let h = match look.align {
            Align::Start => HPos::Left,
            Align::Middle => HPos::Center,
            Align::End => HPos::Right,
        };
        let colour = rgb(colour);
        let style = TextStyle::from(font)
            .color(&colour)
            .pos(Pos::new(h, VPos::Center));
        self.area.draw(&Text::new(text, self.units(at), style))
    }

    fn shape(&self, stroke: Stroke, filled: bool) -> ShapeStyle {
        use plotters::style::Color;
        let width = (stroke.width * self.scale()).round().max(1.0);
        ShapeStyle {
            color: rgb(stroke.colour).mix(stroke.opacity),
            filled,
            stroke_width: width as u32,
        }
    }

    fn units(&self, (x, y): Point) -> (i32, i32) {
        let whole = |v: f64| (v * self.scale()).round() as i32;
        (whole(x), whole(y))
    }

    fn scale(&self) -> f64 {
        self.ratio * self.fine
    }
}

/// What stands along the axes of a chart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Axes {
    /// Name of the horizontal axis; may be empty.
    pub x: String,
    /// Name of the vertical axis; may be empty.
    pub y: String,
    /// Whether horizontal grid lines are drawn.
    pub grid: bool,
}

fn rgb(Rgb([r, g, b]): Rgb) -> RGBColor {
    RGBColor(r, g, b)
}

/// How many ticks a vertical axis of so many pixels has room for: close in a small chart, airy on a large one.
fn y_room(height: f64) -> f64 {
    (height / 24.0).min(2.5 + height / 90.0)
}
