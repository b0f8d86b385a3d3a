//! Trials of a search over many axes: parallel coordinates, the score on the last.
//!
//! Source: Inselberg, *The plane with parallel coordinates*, 1985.

use plotters::backend::DrawingBackend;

use super::Point;
use super::heatmap::Shading;
use super::sheet::{Align, Frame, Look, Outcome, Sheet, Stroke};
use super::span::Span;
use super::style::Lane;

/// One trial: where it stands on each axis, the score last.
#[derive(Debug, Clone, PartialEq)]
pub struct Trace {
    /// NaN where it has no place.
    pub at: Vec<f64>,
    /// Its score; NaN where it failed.
    pub score: f64,
}

/// Trials over many axes.
#[derive(Debug, Clone, PartialEq)]
pub struct Parallel {
    /// The axes, that of the score last.
    pub axes: Vec<Span>,
    /// The trials that are over.
    pub traces: Vec<Trace>,
    /// The best of them.
    pub best: Option<usize>,
    /// The one that is looked at.
    pub chosen: Option<usize>,
    /// Whether more is better.
    pub rises: bool,
}

/// Where a chart of parallel coordinates came to lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Lain {
    /// The rectangle of the axes.
    pub frame: Frame,
    /// x of each axis.
    pub xs: Vec<f64>,
    /// y on each axis, of each trace; NaN where it has no place.
    pub ys: Vec<Vec<f64>>,
}

impl Parallel {
    /// Draws it over the whole sheet.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Lain, DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let (width, height) = sheet.size();
        let unit = Span::numbers("", (0.0, 1.0), super::axis::Scale::Linear, false).range();
        let place = (56.0 * u, 34.0 * u, width - 92.0 * u, height - 52.0 * u);
        let frame = Frame::new(place, unit, unit);
        let gaps = self.axes.len().saturating_sub(1).max(1) as f64;
        let xs: Vec<f64> = (0..self.axes.len())
            .map(|i| frame.left + frame.width * i as f64 / gaps)
            .collect();
        let scales: Vec<Frame> = self
            .axes
            .iter()
            .map(|axis| Frame::new(place, unit, axis.range()))
            .collect();
        let ys: Vec<Vec<f64>> = self
            .traces
            .iter()
            .map(|trace| {
                let on = |(at, scale): (&f64, &Frame)| {
                    if at.is_finite() {
                        frame.inset(scale.y.place(*at), 0.0, 0.0)
                    } else {
                        f64::NAN
                    }
                };
                trace.at.iter().zip(&scales).map(on).collect()
            })
            .collect();
        for ((axis, scale), x) in self.axes.iter().zip(&scales).zip(&xs) {
            sheet.rule((*x, frame.top), (*x, frame.bottom()), theme.edge)?;
            let name = Look {
                colour: theme.ink_2,
                ..sheet.tick_look(Align::Middle)
            };
            let half = 0.5 * Sheet::<DB>::text_width(&axis.name, name.size);
            let held = x.clamp(half + 1.0, (width - half - 1.0).max(half + 1.0));
            sheet.text(&axis.name, (held, frame.top - 16.0 * u), &name)?;
            for tick in axis.ticks((frame.height / (36.0 * u)).clamp(2.0, 8.0)) {
                let y = scale.y.place(tick.at);
                sheet.rule((x - 4.0 * u, y), (*x, y), theme.edge)?;
            }
        }
        self.lines(sheet, &xs, &ys)?;
        // Labels last, as lines run over them.
        for ((axis, scale), x) in self.axes.iter().zip(&scales).zip(&xs) {
            for tick in axis.ticks((frame.height / (36.0 * u)).clamp(2.0, 8.0)) {
                let look = Look {
                    rim: Some(theme.paper),
                    ..sheet.tick_look(Align::End)
                };
                let y = scale.y.place(tick.at);
                sheet.text(&tick.label, (x - 7.0 * u, y), &look)?;
            }
        }
        Ok(Lain { frame, xs, ys })
    }

    fn lines<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        xs: &[f64],
        ys: &[Vec<f64>],
    ) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let shading = Shading::of(self.traces.iter().map(|t| t.score), self.rises);
        let line = |i: usize| -> Vec<Point> {
            let points = xs.iter().copied().zip(ys[i].iter().copied());
            points.filter(|(_, y)| y.is_finite()).collect()
        };
        // The better ones above the worse.
        let mut order: Vec<usize> = (0..self.traces.len()).collect();
        let key = |i: &usize| match self.traces[*i].score {
            s if !s.is_finite() => f64::NEG_INFINITY,
            s if self.rises => s,
            s => -s,
        };
        order.sort_by(|a, b| key(a).total_cmp(&key(b)));
        for i in order {
            let score = self.traces[i].score;
            if score.is_finite() {
                let colour = shading.colour(score, theme).mix(theme.ink_3, 0.15);
                sheet.line(&line(i), Stroke::new(colour, 1.4 * u))?;
            } else {
                let dashed = Lane {
                    colour: theme.bad,
                    dash: vec![2.0, 4.0],
                };
                sheet.lane_line(&line(i), &dashed, Stroke::new(theme.bad, 1.2 * u))?;
            }
        }
        for (which, width) in [(self.chosen, 2.5), (self.best, 3.0)] {
            let Some(i) = which.filter(|i| *i < self.traces.len()) else {
                continue;
            };
            sheet.line(&line(i), Stroke::new(theme.paper, (width + 3.0) * u))?;
            let colour = if self.best == Some(i) {
                theme.ink
            } else {
                theme.ink_2
            };
            sheet.line(&line(i), Stroke::new(colour, width * u))?;
        }
        Ok(())
    }
}
