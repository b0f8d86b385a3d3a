//! Axes of the charts of a search: numbers on a scale, or names one after another.

use plotters::backend::DrawingBackend;

use super::axis::{Range, Scale, Tick, ticks};
use super::sheet::{Align, Frame, Look, Outcome, Sheet};

/// What stands along an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// Its name.
    pub name: String,
    range: Range,
    /// Names that stand at 0, 1, …; none on an axis of numbers.
    labels: Vec<String>,
}

impl Span {
    /// Numbers from `lo` to `hi`, with room on both sides where they are to be marked.
    pub fn numbers(name: &str, (lo, hi): (f64, f64), scale: Scale, room: bool) -> Self {
        let range = if room {
            Range::around([lo, hi], scale)
        } else {
            Range::new(lo, hi, scale)
        };
        Self {
            name: name.to_owned(),
            range,
            labels: Vec::new(),
        }
    }

    /// Names, each with a unit of length.
    pub fn names(name: &str, labels: Vec<String>) -> Self {
        let n = labels.len().max(1) as f64;
        Self {
            name: name.to_owned(),
            range: Range::new(-0.5, n - 0.5, Scale::Linear),
            labels,
        }
    }

    /// What is shown of it.
    pub fn range(&self) -> Range {
        self.range
    }

    /// Whether names stand along it.
    pub fn is_named(&self) -> bool {
        !self.labels.is_empty()
    }

    /// Marks for about `room` labels.
    pub fn ticks(&self, room: f64) -> Vec<Tick> {
        if self.labels.is_empty() {
            return ticks(&self.range, room);
        }
        let every = (self.labels.len() as f64 / room.max(1.0)).ceil().max(1.0) as usize;
        let tick = |(i, label): (usize, &String)| Tick {
            at: i as f64,
            label: label.clone(),
        };
        self.labels
            .iter()
            .enumerate()
            .step_by(every)
            .map(tick)
            .collect()
    }

    /// How wide its labels come out.
    pub fn label_width<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, room: f64) -> f64 {
        self.ticks(room)
            .iter()
            .map(|t| Sheet::<DB>::text_width(&t.label, sheet.theme.small))
            .fold(0.0, f64::max)
    }
}

/// Axes, ticks and names around `frame`, whose ranges are those of `x` and `y`.
pub fn axes<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    (x, y): (&Span, &Span),
    grid: bool,
) -> Outcome<(), DB> {
    let theme = sheet.theme;
    let u = theme.unit;
    for tick in y.ticks((frame.height / (24.0 * u)).max(2.0)) {
        let at = frame.y.place(tick.at);
        if grid {
            sheet.rule((frame.left, at), (frame.right(), at), theme.grid)?;
        }
        if !y.is_named() {
            sheet.rule((frame.left - 4.0 * u, at), (frame.left, at), theme.edge)?;
        }
        sheet.text(
            &tick.label,
            (frame.left - 7.0 * u, at),
            &sheet.tick_look(Align::End),
        )?;
    }
    let mut room = (frame.width / (30.0 * u)).max(2.0);
    let marks = loop {
        let marks = x.ticks(room);
        let widest = x.label_width(sheet, room) + 10.0 * u;
        if widest * marks.len() as f64 <= frame.width + widest || room <= 2.0 {
            break marks;
        }
        room -= 1.0;
    };
    for tick in marks {
        let at = frame.x.place(tick.at);
        if !x.is_named() {
            sheet.rule(
                (at, frame.bottom()),
                (at, frame.bottom() + 4.0 * u),
                theme.edge,
            )?;
        }
        let half = 0.5 * Sheet::<DB>::text_width(&tick.label, theme.small);
        let at = at.min(sheet.size().0 - half - 1.0);
        sheet.text(
            &tick.label,
            (at, frame.bottom() + 12.0 * u),
            &sheet.tick_look(Align::Middle),
        )?;
    }
    let name = Look {
        colour: theme.ink_2,
        ..sheet.tick_look(Align::End)
    };
    sheet.text(&x.name, (frame.right(), frame.bottom() + 27.0 * u), &name)?;
    let width = Sheet::<DB>::text_width(&y.name, name.size);
    let at = (frame.left - 7.0 * u).max(width + 1.0);
    sheet.text(&y.name, (at, frame.top - 12.0 * u), &name)
}
