//! What a search found over one hyper-parameter: folds as points, their mean with error bars, and losses.

use plotters::backend::DrawingBackend;

use super::Point;
use super::series::clip;
use super::sheet::{Frame, Outcome, Sheet, Stroke};
use super::span::{Span, axes};
use super::style::{Lane, Mark};

/// How means look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Filled marks on a solid line: what is judged.
    Solid,
    /// Hollow marks on a dashed line: beside it.
    Dashed,
}

/// A mean at one value of the hyper-parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mean {
    /// Where it stands.
    pub at: Point,
    /// The standard deviation; 0 for none.
    pub deviation: f64,
}

/// Means over a hyper-parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// How it looks.
    pub manner: Manner,
    /// Whether a line joins the marks; it does not where trials differ in more than this.
    pub joined: bool,
    /// From the left.
    pub means: Vec<Mean>,
}

/// Folds, means and deviations over a hyper-parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The hyper-parameter.
    pub x: Span,
    /// What was measured.
    pub y: Span,
    /// Means.
    pub lines: Vec<Line>,
    /// Single folds; those at one x are moved apart by their number.
    pub folds: Vec<(Point, usize)>,
    /// How many folds there are at one x.
    pub of: usize,
}

impl Sweep {
    /// Draws it over the whole sheet and returns where its axes came to lie.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let (width, height) = sheet.size();
        let left = (self.y.label_width(sheet, height / (24.0 * u)) + 14.0 * u).max(40.0 * u);
        let top = if self.y.name.is_empty() { 8.0 } else { 22.0 } * u;
        let place = (left, top, width - left - 12.0 * u, height - top - 36.0 * u);
        let frame = Frame::new(place, self.x.range(), self.y.range());
        axes(sheet, &frame, (&self.x, &self.y), true)?;
        sheet.rule((left, top), (left, frame.bottom()), theme.edge)?;
        sheet.rule(
            (left, frame.bottom()),
            (frame.right(), frame.bottom()),
            theme.edge,
        )?;
        let apart = (3.4 * u).min(0.25 * frame.width / (self.x_places() * self.of.max(1)) as f64);
        for ((x, y), fold) in &self.folds {
            let at = frame.place((*x, *y));
            let aside = (*fold as f64 - 0.5 * (self.of.max(1) - 1) as f64) * apart;
            if y.is_finite() && frame.holds(at) {
                sheet.hollow(
                    Mark::Circle,
                    (at.0 + aside, at.1),
                    2.6 * u,
                    theme.ink_3,
                    1.1 * u,
                )?;
            }
        }
        for line in &self.lines {
            Self::line(sheet, &frame, line)?;
        }
        Ok(frame)
    }

    /// Different values of the hyper-parameter.
    fn x_places(&self) -> usize {
        let most = self.lines.iter().map(|l| l.means.len()).max();
        most.unwrap_or(1).max(1)
    }

    fn line<DB: DrawingBackend>(sheet: &Sheet<DB>, frame: &Frame, line: &Line) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let solid = line.manner == Manner::Solid;
        let colour = if solid { theme.ink } else { theme.ink_2 };
        let stroke = Stroke::new(colour, 1.5 * u);
        let style = Lane {
            colour,
            dash: if solid { Vec::new() } else { vec![5.0, 3.0] },
        };
        let points: Vec<Point> = line
            .means
            .iter()
            .filter(|mean| mean.at.1.is_finite())
            .map(|mean| frame.place(mean.at))
            .collect();
        let joined = if line.joined { &points[..] } else { &[] };
        for part in clip(joined, frame) {
            sheet.lane_line(&part, &style, stroke)?;
        }
        for Mean { at, deviation } in &line.means {
            let (x, y) = frame.place(*at);
            if !at.1.is_finite() {
                continue;
            }
            if *deviation > 0.0 {
                let end = |v: f64| frame.inset(frame.y.place(v), 0.0, 0.0);
                let (high, low) = (end(at.1 + deviation), end(at.1 - deviation));
                sheet.line(&[(x, high), (x, low)], stroke)?;
                for end in [high, low] {
                    sheet.line(&[(x - 5.0 * u, end), (x + 5.0 * u, end)], stroke)?;
                }
            }
            if !frame.holds((x, y)) {
                continue;
            }
            if solid {
                sheet.mark(Mark::Circle, (x, y), 3.6 * u, colour, 0.0)?;
            } else {
                sheet.hollow(Mark::Circle, (x, y), 3.0 * u, colour, 1.3 * u)?;
            }
        }
        Ok(())
    }
}
