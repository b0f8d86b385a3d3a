//! Scores of a search as a heatmap over two axes, and the colours of scores, which other charts share.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{Range, Scale, ticks};
use super::sheet::{Align, Frame, Look, Outcome, Sheet, Stroke};
use super::span::{Span, axes};
use super::style::{Lane, Rgb, Theme};

/// The smallest contrast of text on a cell comes out at about 4.6 : 1, where black and white are equally far.
const EQUAL_LUMINANCE: f64 = 0.179;
/// Losses of which the largest is this many times the smallest are shaded by their logarithm.
const WIDE: f64 = 20.0;

/// How scores become colours: the best is darkest on paper, brightest on a dark ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shading {
    range: Range,
    rises: bool,
}

impl Shading {
    /// The shading that tells all of `scores` apart; `rises` says whether more is better.
    pub fn of(scores: impl Iterator<Item = f64> + Clone, rises: bool) -> Self {
        let finite = scores.filter(|s| s.is_finite());
        let lo = finite.clone().fold(f64::INFINITY, f64::min);
        let hi = finite.fold(f64::NEG_INFINITY, f64::max);
        let scale = if !rises && lo > 0.0 && hi / lo > WIDE {
            Scale::Log
        } else {
            Scale::Linear
        };
        let range = if lo > hi {
            Range::new(0.0, 1.0, Scale::Linear)
        } else {
            Range::new(lo, hi, scale)
        };
        Self { range, rises }
    }

    /// The range of scores that it tells apart.
    pub fn range(&self) -> Range {
        self.range
    }

    /// The colour of a score.
    pub fn colour(&self, score: f64, theme: &Theme) -> Rgb {
        let (lo, hi) = (self.range.lo(), self.range.hi());
        let part = match self.range.scale() {
            Scale::Linear => (score - lo) / (hi - lo),
            Scale::Log if score > 0.0 => libm::log(score / lo) / libm::log(hi / lo),
            Scale::Log => 0.0,
        };
        let good = if self.rises { part } else { 1.0 - part };
        // Squared, so that the best ones can be told apart.
        let good = good.clamp(0.0, 1.0);
        theme.heat_lo.mix(theme.heat_hi, good * good)
    }
}

/// Black or white, whichever is read better on `ground`.
pub fn ink_on(ground: Rgb) -> Rgb {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            libm::pow((c + 0.055) / 1.055, 2.4)
        }
    };
    let [r, g, b] = ground.0.map(linear);
    if 0.2126 * r + 0.7152 * g + 0.0722 * b > EQUAL_LUMINANCE {
        Rgb([0; 3])
    } else {
        Rgb([255; 3])
    }
}

/// One cell of a heatmap.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// No trial stands here.
    Empty,
    /// Yet to be run.
    Pending,
    /// Being run.
    Running,
    /// Over, without a score.
    Failed,
    /// Its score, and how that is written.
    Score(f64, String),
}

/// Scores over two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Heatmap {
    /// The columns, from the left.
    pub x: Span,
    /// The rows, from below.
    pub y: Span,
    /// Columns in a row.
    pub columns: usize,
    /// Row by row, from below.
    pub cells: Vec<Cell>,
    /// The cell with the best score.
    pub best: Option<usize>,
    /// The cell that is looked at.
    pub chosen: Option<usize>,
    /// Whether more is better.
    pub rises: bool,
    /// What stands behind the highest number of the key.
    pub unit: String,
}

impl Heatmap {
    /// Draws it over the whole sheet, with a key of its colours, and returns where its axes came to lie.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let shading = self.shading();
        let frame = frame_with_key(sheet, (&self.x, &self.y));
        axes(sheet, &frame, (&self.x, &self.y), false)?;
        for (at, cell) in self.cells.iter().enumerate() {
            self.cell(sheet, &frame, at, cell, &shading)?;
        }
        for (at, colour, width) in [
            (self.chosen, theme.ink_2, 1.5 * u),
            (self.best, theme.ink, 2.5 * u),
        ] {
            let Some(at) = at.filter(|at| *at < self.cells.len()) else {
                continue;
            };
            let corners = outline(self.corners(&frame, at, 0.5 * width));
            sheet.line(&corners, Stroke::new(theme.paper, width + 3.0 * u))?;
            sheet.line(&corners, Stroke::new(colour, width))?;
        }
        key(sheet, &frame, &shading, &self.unit)?;
        Ok(frame)
    }

    fn shading(&self) -> Shading {
        let score = |cell: &Cell| match cell {
            Cell::Score(score, _) => Some(*score),
            _ => None,
        };
        Shading::of(self.cells.iter().filter_map(score), self.rises)
    }

    /// Left, top, right and bottom of a cell, `inset` within it.
    fn corners(&self, frame: &Frame, at: usize, inset: f64) -> (Point, Point) {
        let columns = self.columns.max(1);
        let (column, row) = ((at % columns) as f64, (at / columns) as f64);
        let (left, bottom) = frame.place((column - 0.5, row - 0.5));
        let (right, top) = frame.place((column + 0.5, row + 0.5));
        ((left + inset, top + inset), (right - inset, bottom - inset))
    }

    fn cell<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        frame: &Frame,
        at: usize,
        cell: &Cell,
        shading: &Shading,
    ) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let rect = self.corners(frame, at, u);
        let ((left, top), (right, bottom)) = rect;
        let middle = (0.5 * (left + right), 0.5 * (top + bottom));
        match cell {
            Cell::Empty => Ok(()),
            Cell::Pending => {
                sheet.fill(&corners_of(rect), theme.heat_lo)?;
                hatch(sheet, rect)
            }
            Cell::Running => {
                sheet.fill(&corners_of(rect), theme.heat_lo)?;
                let dashed = Lane {
                    colour: theme.ink,
                    dash: vec![3.0, 3.0],
                };
                let inner = ((left + u, top + u), (right - u, bottom - u));
                sheet.lane_line(&outline(inner), &dashed, Stroke::new(theme.ink, 1.5 * u))
            }
            Cell::Failed => {
                sheet.fill(&corners_of(rect), theme.heat_lo)?;
                sheet.cross(middle, 5.0 * u, Stroke::new(theme.bad, 2.0 * u))
            }
            Cell::Score(score, text) => {
                let ground = shading.colour(*score, theme);
                sheet.fill(&corners_of(rect), ground)?;
                let look = Look {
                    colour: ink_on(ground),
                    size: theme.text,
                    align: Align::Middle,
                    bold: self.best == Some(at),
                    rim: None,
                };
                let fits = Sheet::<DB>::text_width(text, look.size) + 4.0 * u <= right - left
                    && bottom - top >= look.size;
                if fits {
                    sheet.text(text, middle, &look)
                } else {
                    Ok(())
                }
            }
        }
    }
}

/// Where a chart with a key of colours on its right lies.
pub(super) fn frame_with_key<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    (x, y): (&Span, &Span),
) -> Frame {
    let (width, height) = sheet.size();
    let u = sheet.theme.unit;
    let left = (y.label_width(sheet, height / (24.0 * u)) + 14.0 * u).max(40.0 * u);
    let place = (
        left,
        22.0 * u,
        width - left - 74.0 * u,
        height - 22.0 * u - 38.0 * u,
    );
    Frame::new(place, x.range(), y.range())
}

/// The key of colours, right of `frame`.
pub(super) fn key<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    shading: &Shading,
    unit: &str,
) -> Outcome<(), DB> {
    const PARTS: usize = 48;
    let theme = sheet.theme;
    let u = theme.unit;
    let left = frame.right() + 16.0 * u;
    let scale = Frame::new(
        (left, frame.top, 12.0 * u, frame.height),
        Range::new(0.0, 1.0, Scale::Linear),
        shading.range(),
    );
    let part = scale.height / PARTS as f64;
    for i in 0..PARTS {
        let top = scale.top + i as f64 * part;
        let score = scale.y.value_at(top + 0.5 * part);
        // A little longer, so that no seam shows between two.
        let rect = (
            (left, top),
            (scale.right(), (top + part + 0.6).min(scale.bottom())),
        );
        sheet.fill(&corners_of(rect), shading.colour(score, theme))?;
    }
    sheet.line(
        &outline(((left, scale.top), (scale.right(), scale.bottom()))),
        Stroke::new(theme.edge, u),
    )?;
    let marks = ticks(
        &shading.range(),
        (scale.height / (30.0 * u)).clamp(2.0, 6.0),
    );
    let highest = marks.iter().map(|t| t.at).fold(f64::MIN, f64::max);
    for tick in marks {
        let y = scale.y.place(tick.at);
        sheet.rule((scale.right(), y), (scale.right() + 4.0 * u, y), theme.edge)?;
        let label = if tick.at == highest {
            format!("{}{unit}", tick.label)
        } else {
            tick.label
        };
        sheet.text(
            &label,
            (scale.right() + 7.0 * u, y),
            &sheet.tick_look(Align::Start),
        )?;
    }
    Ok(())
}

fn corners_of(((left, top), (right, bottom)): (Point, Point)) -> [Point; 4] {
    [(left, top), (right, top), (right, bottom), (left, bottom)]
}

fn outline(((left, top), (right, bottom)): (Point, Point)) -> [Point; 5] {
    [
        (left, top),
        (right, top),
        (right, bottom),
        (left, bottom),
        (left, top),
    ]
}

/// Slanting strokes over a rectangle.
fn hatch<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    ((left, top), (right, bottom)): (Point, Point),
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let step = 7.0 * theme.unit;
    let stroke = Stroke::new(theme.iso, theme.unit);
    // On each stroke x + y is the same; it is counted from the sheet's corner, so that cells match.
    let mut sum = ((left + top) / step).ceil() * step;
    while sum < right + bottom {
        let from = (sum - bottom).max(left);
        let to = (sum - top).min(right);
        if to > from {
            sheet.line(&[(from, sum - from), (to, sum - to)], stroke)?;
        }
        sum += step;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_the_one_of_two_with_more_contrast() {
        assert_eq!(ink_on(Rgb([255; 3])), Rgb([0; 3]));
        assert_eq!(ink_on(Rgb([0x0b, 0x4a, 0x73])), Rgb([255; 3]));
    }

    #[test]
    fn shading_is_by_the_logarithm_where_losses_span_decades() {
        let scale =
            |scores: &[f64], rises| Shading::of(scores.iter().copied(), rises).range().scale();
        assert_eq!(scale(&[0.01, 10.0], false), Scale::Log);
        assert_eq!(scale(&[0.5, 0.9], false), Scale::Linear);
        assert_eq!(scale(&[0.01, 0.9], true), Scale::Linear);
        assert_eq!(scale(&[-1.0, 10.0], false), Scale::Linear);
        assert_eq!(scale(&[f64::NAN], false), Scale::Linear);
    }
}
