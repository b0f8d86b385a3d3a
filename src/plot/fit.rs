//! The fit of a function of one input: the data, what every lane makes of it, and how sure one of them can be.

use plotters::backend::DrawingBackend;

use super::axis::{Range, Scale};
use super::scatter::Dots;
use super::series::{clip, place, reduce};
use super::sheet::{Axes, Frame, Outcome, Sheet, Stroke};
use super::style::Mark;

/// One lane's answers over the inputs.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// Whose it is, counted from 1.
    pub lane: usize,
    /// The selected lane is drawn last and stronger.
    pub selected: bool,
    /// Inputs, rising.
    pub x: &'a [f64],
    /// The network's answer at each.
    pub y: &'a [f64],
}

/// The interval in which one lane's answer lies, over the inputs.
#[derive(Debug, Clone, Copy)]
pub struct Band<'a> {
    /// Whose it is, counted from 1.
    pub lane: usize,
    /// Inputs, rising.
    pub x: &'a [f64],
    /// The lower end at each; what is not finite is left out.
    pub lower: &'a [f64],
    /// The upper end at each.
    pub upper: &'a [f64],
}

/// Data and answers over one input.
#[derive(Debug, Clone)]
pub struct Fit<'a> {
    /// Training and validation data.
    pub data: Vec<Dots<'a>>,
    /// The lanes.
    pub answers: Vec<Answer<'a>>,
    /// The interval of new data, drawn below everything else.
    pub outer: Option<Band<'a>>,
    /// Drawn below the data and the answers.
    pub band: Option<Band<'a>>,
    /// Whether the answers set the range as the data do; else one that runs away is cut.
    pub whole: bool,
    /// Name of the input.
    pub x_name: String,
    /// Name of what is predicted.
    pub y_name: String,
}

impl Fit<'_> {
    /// Draws the chart over the whole sheet and returns where its axes came to lie.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let frame = self.frame(sheet);
        sheet.axes(
            &frame,
            &Axes {
                x: self.x_name.clone(),
                y: self.y_name.clone(),
                grid: true,
            },
        )?;
        for (band, shade) in [(&self.outer, 0.07), (&self.band, 0.16)] {
            if let Some(band) = band {
                band.draw(sheet, &frame, shade)?;
            }
        }
        for dots in &self.data {
            for (&x, &y) in dots
                .x
                .iter()
                .zip(dots.y)
                .filter(|(x, y)| x.is_finite() && y.is_finite())
            {
                let at = frame.place((x, y));
                if !frame.holds(at) {
                    continue;
                }
                if dots.filled {
                    sheet.mark(Mark::Circle, at, 2.6 * u, theme.ink_3, 0.6 * u)?;
                } else {
                    sheet.hollow(Mark::Circle, at, 2.8 * u, theme.ink_3, 1.2 * u)?;
                }
            }
        }
        let mut order: Vec<&Answer> = self.answers.iter().collect();
        order.sort_by_key(|a| a.selected);
        for answer in order {
            Self::draw_answer(sheet, &frame, answer)?;
        }
        Ok(frame)
    }

    /// The data set the range, and a third of its height on either side; a network that runs away does not.
    fn frame<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Frame {
        let (width, height) = sheet.size();
        let u = sheet.theme.unit;
        let xs = self
            .answers
            .iter()
            .flat_map(|a| [a.x.first(), a.x.last()])
            .flatten()
            .copied();
        let x = Range::around(
            self.data.iter().flat_map(|d| d.x.iter().copied()),
            Scale::Linear,
        );
        let (lo, hi) = xs
            .filter(|v| v.is_finite())
            .fold((x.lo(), x.hi()), |(lo, hi), v| (lo.min(v), hi.max(v)));
        let y = Range::around(
            self.data.iter().flat_map(|d| d.y.iter().copied()),
            Scale::Linear,
        );
        let part = if self.whole { f64::INFINITY } else { 0.33 };
        let room = part * (y.hi() - y.lo());
        let inner = self
            .answers
            .iter()
            .flat_map(|a| a.y.iter().copied())
            .filter(|v| v.is_finite());
        let held = inner.map(|v| v.clamp(y.lo() - room, y.hi() + room));
        let (low, high) = held.fold((y.lo(), y.hi()), |(lo, hi), v| (lo.min(v), hi.max(v)));
        let place = (46.0 * u, 22.0 * u, width - 62.0 * u, height - 57.0 * u);
        Frame::new(
            place,
            Range::new(lo, hi, Scale::Linear),
            Range::new(low, high, Scale::Linear),
        )
    }

    fn draw_answer<DB: DrawingBackend>(
        sheet: &Sheet<DB>,
        frame: &Frame,
        answer: &Answer,
    ) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let lane = theme.lane(answer.lane);
        let width = if answer.selected {
            theme.line_on
        } else {
            theme.line
        };
        let rows = answer.x.iter().copied().zip(answer.y.iter().copied());
        for part in place(&reduce(rows, frame.x.range(), 2.0 * frame.width), frame) {
            for part in clip(&part, frame) {
                sheet.line(&part, Stroke::new(theme.paper, width + 3.0 * u).faint(0.8))?;
                sheet.lane_line(&part, lane, Stroke::new(lane.colour, width))?;
                if let Some(end) = part.last() {
                    sheet.mark(
                        Mark::nth(answer.lane.saturating_sub(1)),
                        *end,
                        4.5 * u,
                        lane.colour,
                        1.5 * u,
                    )?;
                }
            }
        }
        Ok(())
    }
}

impl Band<'_> {
    /// A faint ground, `shade` of the lane's colour, with its edges.
    fn draw<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        frame: &Frame,
        shade: f64,
    ) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let colour = theme.lane(self.lane).colour;
        let rows: Vec<(f64, f64, f64)> = (self.x.iter().zip(self.lower).zip(self.upper))
            .map(|((x, lower), upper)| (*x, *lower, *upper))
            .collect();
        let known = |(x, lower, upper): &(f64, f64, f64)| {
            x.is_finite() && lower.is_finite() && upper.is_finite()
        };
        let within = |y: f64| frame.inset(frame.y.place(y), 0.0, 0.0);
        for part in rows.split(|row| !known(row)).filter(|part| part.len() > 1) {
            let place = |x: f64, y: f64| frame.nearest((frame.x.place(x), within(y)));
            let lower: Vec<_> = part.iter().map(|(x, l, _)| place(*x, *l)).collect();
            let upper: Vec<_> = part.iter().map(|(x, _, u)| place(*x, *u)).collect();
            let outline: Vec<_> = lower.iter().chain(upper.iter().rev()).copied().collect();
            sheet.fill(&outline, theme.paper.mix(colour, shade))?;
            for edge in [&lower, &upper] {
                sheet.line(edge, Stroke::new(colour, 0.8 * theme.unit).faint(0.6))?;
            }
        }
        Ok(())
    }
}
