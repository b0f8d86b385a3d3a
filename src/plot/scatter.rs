//! Data as marks: on a decision field, and predicted against true.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{Range, Scale, short};
use super::contour::{Grid, borders, iso_lines};
use super::fields::diverging;
use super::sheet::{Align, Axes, Frame, Outcome, Sheet, Stroke};
use super::style::Mark;

/// A set of points, of the training or the validation data.
#[derive(Debug, Clone, Copy)]
pub struct Dots<'a> {
    /// x of each.
    pub x: &'a [f64],
    /// y of each.
    pub y: &'a [f64],
    /// Training data is drawn filled, the rest hollow.
    pub filled: bool,
}

/// The frame of a field over the plane of two inputs: as large as fits, in the middle of the sheet.
///
/// The two inputs may have any units, so the axes need not have equal scales; the picture is square.
pub fn field_frame<DB: DrawingBackend>(sheet: &Sheet<DB>, x: Range, y: Range) -> Frame {
    let (width, height) = sheet.size();
    let u = sheet.theme.unit;
    let (w, h) = ((width - 52.0 * u).max(1.0), (height - 52.0 * u).max(1.0));
    let side = w.min(h);
    let left = 40.0 * u + 0.5 * (w - side);
    let top = 18.0 * u + 0.5 * (h - side);
    Frame::new((left, top, side, side), x, y)
}

/// Where one lane's network changes its mind.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// Whose it is, counted from 1.
    pub lane: usize,
    /// The selected lane is drawn last and stronger.
    pub selected: bool,
    /// One grid, or one of scores for each class.
    pub grids: &'a [Grid<'a>],
    /// The line of a single grid is drawn at this value.
    pub level: f64,
}

/// Draws the line of each lane in its own style.
pub fn draw_decisions<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    decisions: &[Decision],
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let mut order: Vec<&Decision> = decisions.iter().collect();
    order.sort_by_key(|d| d.selected);
    for decision in order {
        let lines = match decision.grids {
            [only] => iso_lines(only, decision.level),
            several => borders(several),
        };
        let lane = theme.lane(decision.lane);
        let width = if decision.selected {
            theme.line_on
        } else {
            theme.line
        };
        for line in lines {
            let line: Vec<Point> = line.into_iter().map(|p| frame.place(p)).collect();
            if decision.selected {
                sheet.line(
                    &line,
                    Stroke::new(theme.paper, width + 3.0 * theme.unit).faint(0.8),
                )?;
            }
            sheet.lane_line(&line, lane, Stroke::new(lane.colour, width))?;
        }
    }
    Ok(())
}

/// What the marks of a field mean.
#[derive(Debug, Clone, Copy)]
pub enum Answers<'a> {
    /// The class of each point: its colour and its shape.
    Classes(&'a [f64]),
    /// The number that belongs to each point, coloured from `lo` to `hi`.
    Numbers {
        /// As many as points.
        values: &'a [f64],
        /// Drawn in the first class's colour.
        lo: f64,
        /// Drawn in the second class's colour.
        hi: f64,
    },
}

/// Draws data over a field; marks outside the frame are left out.
pub fn draw_data<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    dots: &Dots,
    answers: Answers,
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let u = theme.unit;
    let r = radius(dots.x.len()) * u;
    for (i, (&x, &y)) in dots.x.iter().zip(dots.y).enumerate() {
        if !(x.is_finite() && y.is_finite()) {
            continue;
        }
        let at = frame.place((x, y));
        if !frame.holds(at) {
            continue;
        }
        match answers {
            Answers::Classes(classes) => {
                let class = classes.get(i).map_or(0, |c| *c as usize);
                let colour = theme.class(class).colour;
                if dots.filled {
                    sheet.mark(Mark::nth(class), at, r, colour, 0.7 * u)?;
                } else {
                    sheet.hollow(Mark::nth(class), at, r, colour, 1.4 * u)?;
                }
            }
            Answers::Numbers { values, lo, hi } => {
                let v = values.get(i).copied().unwrap_or(lo);
                let fill = diverging(theme, 2.0 * (v - lo) / (hi - lo) - 1.0, true);
                let rim = if dots.filled { theme.ink_2 } else { theme.ink };
                sheet.mark(
                    if dots.filled {
                        Mark::Circle
                    } else {
                        Mark::Diamond
                    },
                    at,
                    r + u,
                    rim,
                    0.0,
                )?;
                sheet.mark(
                    if dots.filled {
                        Mark::Circle
                    } else {
                        Mark::Diamond
                    },
                    at,
                    r,
                    fill,
                    0.0,
                )?;
            }
        }
    }
    Ok(())
}

/// Marks shrink where they are many.
pub(super) fn radius(count: usize) -> f64 {
    match count {
        0..=400 => 3.3,
        401..=1200 => 2.6,
        _ => 2.0,
    }
}

/// Predicted against true, for the selected lane.
#[derive(Debug, Clone)]
pub struct Predicted<'a> {
    /// Whose predictions, counted from 1.
    pub lane: usize,
    /// True values over x, predicted over y.
    pub sets: Vec<Dots<'a>>,
    /// Name of what is predicted.
    pub name: String,
}

impl Predicted<'_> {
    /// Draws the scatter over the whole sheet, with the diagonal on which a perfect prediction lies.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let all = || {
            self.sets
                .iter()
                .flat_map(|s| s.x.iter().chain(s.y.iter()).copied())
        };
        // One wild prediction must not squeeze the rest: the true values set the range, and as much again.
        let truth = Range::around(
            self.sets.iter().flat_map(|s| s.x.iter().copied()),
            Scale::Linear,
        );
        let span = truth.hi() - truth.lo();
        let range = Range::around(
            all().map(|v| v.clamp(truth.lo() - 0.5 * span, truth.hi() + 0.5 * span)),
            Scale::Linear,
        );
        let mut frame = field_frame(sheet, range, range);
        frame = Frame::new(
            (frame.left, frame.top, frame.width, frame.height),
            range,
            range,
        );
        sheet.axes(
            &frame,
            &Axes {
                x: format!("{}, true", self.name),
                y: "predicted".to_owned(),
                grid: false,
            },
        )?;
        let corner = |v: f64| frame.place((v, v));
        sheet.line(
            &[corner(range.lo()), corner(range.hi())],
            Stroke::new(theme.edge, 1.25 * u),
        )?;
        let lane = theme.lane(self.lane);
        let mark = Mark::nth(self.lane.saturating_sub(1));
        for set in &self.sets {
            let r = 0.85 * radius(set.x.len()) * u;
            for (&x, &y) in set
                .x
                .iter()
                .zip(set.y)
                .filter(|(x, y)| x.is_finite() && !y.is_nan())
            {
                let at = frame.nearest(frame.place((x, y)));
                if set.filled {
                    sheet.mark(mark, at, r, lane.colour.into_faint(theme.paper), 0.5 * u)?;
                } else {
                    sheet.hollow(mark, at, r + 0.4 * u, lane.colour, 1.3 * u)?;
                }
            }
        }
        let mut y = frame.top + 12.0 * u;
        for set in &self.sets {
            let which = if set.filled { "training" } else { "validation" };
            if let Some(r2) = r_squared(set.x, set.y) {
                let text = format!("R² {} ({which})", short(r2));
                sheet.text(
                    &text,
                    (frame.left + 10.0 * u, y),
                    &sheet.note_look(theme.ink, Align::Start),
                )?;
                y += 17.0 * u;
            }
        }
        Ok(frame)
    }
}

/// The coefficient of determination, R² = 1 − Σ(t − y)² / Σ(t − t̄)², of `y` as a prediction of `t`. `None` where it is
/// not defined: without two different true values, or with a prediction that is not finite.
pub fn r_squared(t: &[f64], y: &[f64]) -> Option<f64> {
    let n = t.len().min(y.len());
    let (t, y) = (&t[..n], &y[..n]);
    let mean = t.iter().sum::<f64>() / n as f64;
    let total: f64 = t.iter().map(|t| (t - mean) * (t - mean)).sum();
    let rest: f64 = t.iter().zip(y).map(|(t, y)| (t - y) * (t - y)).sum();
    let r2 = 1.0 - rest / total;
    r2.is_finite().then_some(r2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_squared_is_one_for_the_truth_and_zero_for_its_mean() {
        let t = [1.0, 2.0, 6.0];
        assert_eq!(r_squared(&t, &t), Some(1.0));
        assert_eq!(r_squared(&t, &[3.0; 3]), Some(0.0));
        assert_eq!(r_squared(&t, &[f64::NAN; 3]), None);
        assert_eq!(r_squared(&[1.0, 1.0], &[1.0, 1.0]), None);
        assert_eq!(r_squared(&[], &[]), None);
    }
}
