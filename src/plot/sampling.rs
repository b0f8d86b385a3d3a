//! What samplers draw: the cloud of their samples and their last proposals on a map, and the histogram of one parameter.

use plotters::backend::DrawingBackend;

use super::Point;
use super::axis::{Range, Scale};
use super::series::{clip, clip_segment, dash};
use super::sheet::{Axes, Frame, Outcome, Sheet, Stroke};
use super::style::Mark;

/// The draws of one lane on a map.
#[derive(Debug, Clone, Copy)]
pub struct Cloud<'a> {
    /// Whose they are, counted from 1.
    pub lane: usize,
    /// Of the selected lane the proposals are drawn too.
    pub selected: bool,
    /// x and y of each sample, in turn.
    pub samples: &'a [f64],
    /// For each proposal that was accepted x and y of where it started, then of where it led.
    pub accepted: &'a [f64],
    /// The same of each that was rejected.
    pub rejected: &'a [f64],
}

impl Cloud<'_> {
    /// Draws the samples as faint dots, those that were accepted as a line to a ring, those that were rejected as dots to a
    /// cross.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        let colour = theme.lane(self.lane).colour;
        let faint = theme.field_lo.mix(colour, 0.55);
        for p in self.samples.chunks_exact(2) {
            let at = frame.place((p[0], p[1]));
            if p[0].is_finite() && p[1].is_finite() && frame.holds(at) {
                sheet.mark(Mark::Circle, at, 1.3 * u, faint, 0.0)?;
            }
        }
        if !self.selected {
            return Ok(());
        }
        for way in self.rejected.chunks_exact(4) {
            self.draw_way(sheet, frame, way, false)?;
        }
        for way in self.accepted.chunks_exact(4) {
            self.draw_way(sheet, frame, way, true)?;
        }
        Ok(())
    }

    fn draw_way<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        frame: &Frame,
        way: &[f64],
        accepted: bool,
    ) -> Outcome<(), DB> {
        const DOTS: [f64; 2] = [2.0, 3.0];
        if !way.iter().all(|v| v.is_finite()) {
            return Ok(());
        }
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        let colour = theme.lane(self.lane).colour;
        let (from, to) = (frame.place((way[0], way[1])), frame.place((way[2], way[3])));
        let Some((a, b)) = clip_segment(from, to, frame) else {
            return Ok(());
        };
        if accepted {
            sheet.line(&[a, b], Stroke::new(colour, 1.2 * u))?;
        } else {
            dash(&[a, b], &DOTS.map(|d| d * u), |part| {
                sheet.line(part, Stroke::new(colour, u))
            })?;
        }
        if b != to {
            return Ok(());
        }
        if accepted {
            sheet.hollow(Mark::Circle, to, 2.6 * u, colour, 1.3 * u)
        } else {
            sheet.cross(to, 3.2 * u, Stroke::new(theme.paper, 3.4 * u))?;
            sheet.cross(to, 3.0 * u, Stroke::new(colour, 1.3 * u))
        }
    }
}

/// How the draws of one parameter are distributed, beside how they should be.
#[derive(Debug, Clone)]
pub struct Histogram<'a> {
    /// Whose they are, counted from 1.
    pub lane: usize,
    /// Where the first part begins and the last one ends.
    pub ends: (f64, f64),
    /// The density in each of equal parts.
    pub density: &'a [f64],
    /// x of the true density, rising; empty where that is not known.
    pub at: &'a [f64],
    /// The true density there.
    pub truth: &'a [f64],
    /// Name of the parameter.
    pub x_name: String,
}

impl Histogram<'_> {
    /// Draws the chart over the whole sheet and returns where its axes came to lie.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<Frame, DB> {
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        let colour = theme.lane(self.lane).colour;
        let frame = self.frame(sheet);
        sheet.axes(
            &frame,
            &Axes {
                x: self.x_name.clone(),
                y: String::new(),
                grid: true,
            },
        )?;
        let (from, to) = self.ends;
        let width = (to - from) / self.density.len().max(1) as f64;
        for (i, density) in self.density.iter().enumerate() {
            let place = |x: f64, y: f64| frame.nearest(frame.place((x, y)));
            let (left, right) = (from + width * i as f64, from + width * (i + 1) as f64);
            let corners = [
                (left, 0.0),
                (left, *density),
                (right, *density),
                (right, 0.0),
            ];
            let corners: Vec<Point> = corners.iter().map(|(x, y)| place(*x, *y)).collect();
            if *density > 0.0 {
                sheet.fill(&corners, theme.paper.mix(colour, 0.32))?;
                sheet.line(&corners, Stroke::new(colour, 0.7 * u).faint(0.7))?;
            }
        }
        let truth = self.at.iter().copied().zip(self.truth.iter().copied());
        let line: Vec<Point> = truth
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .map(|p| frame.place(p))
            .collect();
        for part in clip(&line, &frame) {
            sheet.line(&part, Stroke::new(theme.paper, 4.0 * u).faint(0.8))?;
            sheet.line(&part, Stroke::new(theme.ink, 1.6 * u))?;
        }
        Ok(frame)
    }

    /// The true density shows what the draws have missed, so it sets the range too, where it is not next to nothing.
    fn frame<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Frame {
        const NOTHING: f64 = 1e-3;
        let (width, height) = sheet.size();
        let u = sheet.theme.unit;
        let finite = |v: &&f64| v.is_finite();
        let highest = |values: &[f64]| values.iter().filter(finite).copied().fold(0.0, f64::max);
        let peak = highest(self.truth);
        let some = self
            .at
            .iter()
            .zip(self.truth)
            .filter(|(_, d)| **d > NOTHING * peak);
        let ends = some.map(|(x, _)| *x).chain([self.ends.0, self.ends.1]);
        let (low, high) = ends
            .filter(|x| x.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), x| {
                (a.min(x), b.max(x))
            });
        let top = 1.08 * peak.max(highest(self.density));
        let place = (
            42.0 * u,
            8.0 * u,
            (width - 52.0 * u).max(1.0),
            (height - 43.0 * u).max(1.0),
        );
        Frame::new(
            place,
            Range::new(low, high, Scale::Linear),
            Range::new(0.0, if top > 0.0 { top } else { 1.0 }, Scale::Linear),
        )
    }
}
