//! What a search found over one hyper-parameter: folds as points, their mean with error bars, and losses.

use plotters::backend::DrawingBackend;

use super::Point;
use super::series::clip;
use super::sheet::{Align, Frame, Outcome, Sheet, Stroke};
use super::span::{Span, axes};
use super::style::{Lane, Mark};

/// How means look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// Filled marks on a solid line: what is judged.
    Solid,
    /// Hollow marks on a dashed line: beside it.
    Dashed,
    /// A strong line without marks, for many points.
    Bare,
    /// A thin and faint one: as it was measured, where a smoothed line stands before it.
    Raw,
}

/// A value of the hyper-parameter that is pointed out.
#[derive(Debug, Clone, PartialEq)]
pub struct Flag {
    /// Where it stands.
    pub x: f64,
    /// What is said of it.
    pub label: String,
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
    /// Vertical lines with a word, the words below each other in this order.
    pub flags: Vec<Flag>,
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
        for flag in &self.flags {
            flag.rule(sheet, &frame)?;
        }
        for line in &self.lines {
            Self::line(sheet, &frame, line)?;
        }
        for (i, flag) in self.flags.iter().enumerate() {
            flag.word(sheet, &frame, i)?;
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
        let colour = match line.manner {
            Manner::Solid | Manner::Bare => theme.ink,
            Manner::Dashed | Manner::Raw => theme.ink_2,
        };
        let stroke = match line.manner {
            Manner::Raw => Stroke::new(colour, u).faint(0.45),
            Manner::Bare => Stroke::new(colour, 2.0 * u),
            Manner::Solid | Manner::Dashed => Stroke::new(colour, 1.5 * u),
        };
        let dash = if line.manner == Manner::Dashed {
            vec![5.0, 3.0]
        } else {
            Vec::new()
        };
        let style = Lane { colour, dash };
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
        if matches!(line.manner, Manner::Bare | Manner::Raw) {
            return Ok(());
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

impl Flag {
    /// Its line, if it is in the picture.
    fn rule<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let x = frame.x.place(self.x);
        if !frame.holds((x, frame.top)) {
            return Ok(());
        }
        let style = Lane {
            colour: sheet.theme.ink_2,
            dash: vec![2.0, 3.0],
        };
        let stroke = Stroke::new(style.colour, sheet.theme.unit);
        sheet.lane_line(&[(x, frame.top), (x, frame.bottom())], &style, stroke)
    }

    /// Its word, on the side that has room.
    fn word<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        frame: &Frame,
        row: usize,
    ) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let x = frame.x.place(self.x);
        if !frame.holds((x, frame.top)) {
            return Ok(());
        }
        let look = |align| sheet.note_look(theme.ink, align);
        let y = frame.top + (10.0 + 18.0 * row as f64) * u;
        let width = Sheet::<DB>::text_width(&self.label, look(Align::Start).size);
        if x + 5.0 * u + width <= frame.right() {
            sheet.text(&self.label, (x + 5.0 * u, y), &look(Align::Start))
        } else {
            sheet.text(&self.label, (x - 5.0 * u, y), &look(Align::End))
        }
    }
}
