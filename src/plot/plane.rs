//! Trials of one or two searches as marks in the plane of two axes: grid against random at the same budget.

use plotters::backend::DrawingBackend;

use super::Point;
use super::heatmap::{Shading, frame_with_key, key};
use super::sheet::{Frame, Outcome, Sheet, Stroke};
use super::span::{Span, axes};
use super::style::Mark;

/// One trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dot {
    /// Where it stands on the two axes.
    pub at: Point,
    /// Its score; NaN where it has none yet, or failed.
    pub score: f64,
    /// Whether it is over.
    pub over: bool,
    /// Which of the searches it is of: the first has squares, the second circles.
    pub search: usize,
}

/// Trials over two axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// The horizontal axis.
    pub x: Span,
    /// The vertical axis.
    pub y: Span,
    /// All trials.
    pub dots: Vec<Dot>,
    /// The best of each search.
    pub best: Vec<usize>,
    /// The one that is looked at.
    pub chosen: Option<usize>,
    /// Whether more is better.
    pub rises: bool,
    /// What stands behind the highest number of the key.
    pub unit: String,
}

impl Plane {
    /// Draws it over the whole sheet. Along the upper and the right edge a stroke for each trial shows how many different
    /// values of each axis a search has tried.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let shading = Shading::of(self.dots.iter().map(|d| d.score), self.rises);
        let frame = frame_with_key(sheet, (&self.x, &self.y));
        axes(sheet, &frame, (&self.x, &self.y), true)?;
        sheet.rule(
            (frame.left, frame.top),
            (frame.left, frame.bottom()),
            theme.edge,
        )?;
        sheet.rule(
            (frame.left, frame.bottom()),
            (frame.right(), frame.bottom()),
            theme.edge,
        )?;
        for dot in &self.dots {
            let (x, y) = frame.place(dot.at);
            let away = 5.0 * u * dot.search as f64;
            let stroke = Stroke::new(theme.ink_3, u);
            let top = frame.top + away;
            sheet.line(&[(x, top), (x, top + 4.0 * u)], stroke)?;
            let right = frame.right() - away;
            sheet.line(&[(right, y), (right - 4.0 * u, y)], stroke)?;
        }
        for (i, dot) in self.dots.iter().enumerate() {
            let at = frame.place(dot.at);
            let mark = if dot.search == 0 {
                Mark::Square
            } else {
                Mark::Circle
            };
            let best = self.best.contains(&i);
            if best || self.chosen == Some(i) {
                let (r, colour) = if best {
                    (11.0 * u, theme.ink)
                } else {
                    (9.5 * u, theme.ink_2)
                };
                sheet.mark(mark, at, r, colour, 1.5 * u)?;
                sheet.mark(mark, at, r - 2.0 * u, theme.paper, 0.0)?;
            }
            if dot.score.is_finite() {
                sheet.mark(mark, at, 7.0 * u, theme.ink_3, 0.0)?;
                sheet.mark(mark, at, 6.0 * u, shading.colour(dot.score, theme), 0.0)?;
            } else if dot.over {
                sheet.cross(at, 4.0 * u, Stroke::new(theme.bad, 2.0 * u))?;
            } else {
                sheet.hollow(mark, at, 4.0 * u, theme.edge, u)?;
            }
        }
        key(sheet, &frame, &shading, &self.unit)?;
        Ok(frame)
    }
}
