//! What a chart takes with it when it leaves the page: its title above, what its lines are below.

use plotters::backend::DrawingBackend;

use super::series::dash;
use super::sheet::{Align, Look, Outcome, Sheet, Stroke};
use super::style::{Mark, Theme};

/// A title and the lanes, around a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caption<'a> {
    /// Above, bold; may be empty.
    pub title: &'a str,
    /// After the title; may be empty.
    pub note: &'a str,
    /// Below, in as many rows as it takes.
    pub lanes: Vec<Entry<'a>>,
}

/// A lane by its line, its mark and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Counted from 1.
    pub lane: usize,
    /// The selected one is bold.
    pub selected: bool,
    /// Its method.
    pub name: &'a str,
}

/// Length of a line with its mark, and what stands to its right and left, in units of spacing.
const SWATCH: f64 = 32.0;
const GAP: f64 = 6.0;
const APART: f64 = 16.0;
/// Height of a row of lanes, and of the title.
const ROW: f64 = 20.0;
const HEAD: f64 = 26.0;

impl Caption<'_> {
    /// How much room it takes above and below a chart of so many CSS pixels.
    pub fn room<DB: DrawingBackend>(&self, width: f64, theme: &Theme) -> (f64, f64) {
        let u = theme.unit;
        let above = if self.title.is_empty() && self.note.is_empty() {
            0.0
        } else {
            HEAD * u
        };
        let rows = self
            .places::<DB>(width, theme)
            .last()
            .map_or(0, |p| p.row + 1);
        let below = if rows == 0 {
            0.0
        } else {
            (rows as f64 * ROW + 8.0) * u
        };
        (above, below)
    }

    /// Draws it over the whole sheet, whose middle is left to the chart.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let (width, height) = sheet.size();
        let (_, below) = self.room::<DB>(width, theme);
        let title = Look {
            colour: theme.ink,
            size: theme.text * 1.15,
            align: Align::Start,
            bold: true,
            rim: None,
        };
        let middle = 0.5 * HEAD * u;
        sheet.text(self.title, (APART * u, middle), &title)?;
        let after = if self.title.is_empty() {
            APART * u
        } else {
            // Bold is wider than the estimate, which is for regular text.
            (APART + GAP) * u + 1.1 * Sheet::<DB>::text_width(self.title, title.size)
        };
        let note = Look {
            colour: theme.ink_2,
            size: theme.text,
            bold: false,
            ..title
        };
        sheet.text(self.note, (after, middle), &note)?;
        let first = height - below + 0.5 * ROW * u;
        for (entry, place) in self.lanes.iter().zip(self.places::<DB>(width, theme)) {
            let y = first + place.row as f64 * ROW * u;
            entry.draw(sheet, (place.left, y), &note)?;
        }
        Ok(())
    }

    /// Where each lane stands: a row, and its left edge there.
    fn places<DB: DrawingBackend>(&self, width: f64, theme: &Theme) -> Vec<Place> {
        let u = theme.unit;
        let mut at = Place {
            row: 0,
            left: APART * u,
        };
        let mut places = Vec::with_capacity(self.lanes.len());
        for entry in &self.lanes {
            let name = 1.1 * Sheet::<DB>::text_width(entry.name, theme.text);
            let wide = (SWATCH + GAP) * u + name;
            if at.left + wide > width && at.left > APART * u {
                at = Place {
                    row: at.row + 1,
                    left: APART * u,
                };
            }
            places.push(at);
            at.left += wide + APART * u;
        }
        places
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    row: usize,
    left: f64,
}

impl Entry<'_> {
    fn draw<DB: DrawingBackend>(
        &self,
        sheet: &Sheet<DB>,
        (x, y): (f64, f64),
        look: &Look,
    ) -> Outcome<(), DB> {
        let theme = sheet.theme;
        let u = theme.unit;
        let lane = theme.lane(self.lane);
        let width = if self.selected {
            theme.line_on
        } else {
            theme.line
        };
        let stroke = Stroke::new(lane.colour, width);
        let line = [(x, y), (x + SWATCH * u, y)];
        dash(&line, &lane.dash, |part| sheet.line(part, stroke))?;
        let mark = Mark::nth(self.lane.saturating_sub(1));
        sheet.mark(
            mark,
            (x + 0.5 * SWATCH * u, y),
            3.6 * u,
            lane.colour,
            1.25 * u,
        )?;
        let look = Look {
            bold: self.selected,
            ..*look
        };
        sheet.text(self.name, (x + (SWATCH + GAP) * u, y), &look)
    }
}
