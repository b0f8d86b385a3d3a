//! How good a classifier or a regression is: the receiver operating characteristic, and what the predictions miss.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{Range, Scale, short};
use super::scatter::{Dots, field_frame, radius};
use super::series::place;
use super::sheet::{Align, Axes, Frame, Outcome, Sheet, Stroke};
use super::style::Mark;

/// The curve of one part of the data.
#[derive(Debug, Clone)]
pub struct RocCurve<'a> {
    /// What the part is called.
    pub name: String,
    /// Whether it is the part that is looked at: drawn last, in the lane's own line, its area said first.
    pub shown: bool,
    /// Part of the first class that is wrongly found, rising from 0 to 1.
    pub fpr: &'a [f64],
    /// Part of the second class that is found.
    pub tpr: &'a [f64],
    /// The area under the curve.
    pub auc: f64,
}

/// The true positive rate against the false positive rate, of one lane.
#[derive(Debug, Clone)]
pub struct RocChart<'a> {
    /// Whose it is, counted from 1.
    pub lane: usize,
    /// One for each part of the data.
    pub curves: Vec<RocCurve<'a>>,
    /// Name of the second class.
    pub class: String,
}

impl RocChart<'_> {
    /// Draws the chart over the whole sheet, with the diagonal of a guess.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let unit = Range::new(0.0, 1.0, Scale::Linear);
        let frame = field_frame(sheet, unit, unit);
        let axes = Axes {
            x: "false positive rate".to_owned(),
            y: format!("true positive rate, {}", self.class),
            grid: true,
        };
        sheet.axes(&frame, &axes)?;
        let diagonal = [frame.place((0.0, 0.0)), frame.place((1.0, 1.0))];
        sheet.line(&diagonal, Stroke::new(theme.edge, u))?;
        let lane = theme.lane(self.lane);
        let mut order: Vec<&RocCurve> = self.curves.iter().collect();
        order.sort_by_key(|curve| curve.shown);
        for curve in &order {
            let points: Vec<Point> = curve
                .fpr
                .iter()
                .copied()
                .zip(curve.tpr.iter().copied())
                .collect();
            for line in place(&[points], &frame) {
                if curve.shown {
                    sheet.line(&line, Stroke::new(lane.colour, theme.line_on))?;
                } else {
                    let stroke = Stroke::new(lane.colour, 0.75 * theme.line).faint(0.55);
                    sheet.lane_line(&line, lane, stroke)?;
                }
            }
        }
        let mut y = frame.bottom() - 12.0 * u;
        for curve in &order {
            let text = format!("area {} ({})", short(curve.auc), curve.name);
            let colour = if curve.shown { theme.ink } else { theme.ink_2 };
            let at = (frame.right() - 8.0 * u, y);
            sheet.text(&text, at, &sheet.note_look(colour, Align::End))?;
            y -= 17.0 * u;
        }
        Ok(frame)
    }
}

/// What a regression's predictions miss: true − predicted over predicted, of one lane.
#[derive(Debug, Clone)]
pub struct Residuals<'a> {
    /// Whose predictions, counted from 1.
    pub lane: usize,
    /// Predicted over x, true − predicted over y.
    pub sets: Vec<Dots<'a>>,
    /// Name of what is predicted.
    pub name: String,
}

impl Residuals<'_> {
    /// Draws the scatter over the whole sheet, with the line at 0 on which a perfect prediction lies.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let (width, height) = sheet.size();
        let over =
            |of: fn(&Dots) -> Vec<f64>| Range::around(self.sets.iter().flat_map(of), Scale::Linear);
        let x = over(|set| set.x.to_vec());
        let y = over(|set| set.y.to_vec());
        // The line at 0 in the middle: what matters is whether it is missed on one side more than on the other.
        let reach = y.lo().abs().max(y.hi().abs());
        let y = Range::new(-reach, reach, Scale::Linear);
        let (left, top) = (52.0 * u, 24.0 * u);
        let frame = Frame::new(
            (left, top, width - left - 12.0 * u, height - top - 36.0 * u),
            x,
            y,
        );
        let axes = Axes {
            x: format!("{}, predicted", self.name),
            y: "true − predicted".to_owned(),
            grid: true,
        };
        sheet.axes(&frame, &axes)?;
        let zero = frame.y.place(0.0);
        sheet.line(
            &[(frame.left, zero), (frame.right(), zero)],
            Stroke::new(theme.ink_3, 1.25 * u),
        )?;
        let lane = theme.lane(self.lane);
        let mark = Mark::nth(self.lane.saturating_sub(1));
        for set in &self.sets {
            let r = 0.85 * radius(set.x.len()) * u;
            let finite = |(x, y): &(&f64, &f64)| x.is_finite() && y.is_finite();
            for (&x, &y) in set.x.iter().zip(set.y).filter(finite) {
                let at = frame.nearest(frame.place((x, y)));
                if set.filled {
                    sheet.mark(mark, at, r, lane.colour.into_faint(theme.paper), 0.5 * u)?;
                } else {
                    sheet.hollow(mark, at, r + 0.4 * u, lane.colour, 1.3 * u)?;
                }
            }
        }
        Ok(frame)
    }
}
