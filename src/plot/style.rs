//! Colours, strokes and marks, as the page's design tokens give them.

use serde::Deserialize;

/// An opaque colour, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// The colour `t` of the way from `self` to `other`; `t` is held within 0 and 1, and a `t` that is no number is 0.
    #[must_use]
    pub fn mix(self, other: Self, t: f64) -> Self {
        let t = t.clamp(0.0, 1.0);
        let channel = |i: usize| {
            let (a, b) = (f64::from(self.0[i]), f64::from(other.0[i]));
            (a + (b - a) * t + 0.5) as u8
        };
        Self([channel(0), channel(1), channel(2)])
    }

    /// The colour where it lies over `ground` at the opacity of marks that crowd.
    #[must_use]
    pub fn into_faint(self, ground: Self) -> Self {
        ground.mix(self, 0.62)
    }
}

impl TryFrom<String> for Rgb {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a colour, #rrggbb is allowed");
        let digits = text
            .strip_prefix('#')
            .filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))
            .ok_or_else(wrong)?;
        let channel = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).map_err(|_| wrong());
        Ok(Self([channel(0)?, channel(2)?, channel(4)?]))
    }
}

/// The shape at a lane's end, and of a class of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// ●
    Circle,
    /// ■
    Square,
    /// ▲
    Triangle,
    /// ◆
    Diamond,
    /// ▼
    Inverted,
    /// ✚
    Plus,
}

impl Mark {
    /// All shapes, in the order of lanes and of classes.
    pub const ALL: [Self; 6] = [
        Self::Circle,
        Self::Square,
        Self::Triangle,
        Self::Diamond,
        Self::Inverted,
        Self::Plus,
    ];

    /// The shape of the `i`-th lane or class, counted from 0; they repeat after six.
    pub fn nth(i: usize) -> Self {
        Self::ALL[i % Self::ALL.len()]
    }

    /// Corners around the origin at a radius of 1 px, or `None` for the circle.
    pub fn corners(self) -> Option<&'static [(f64, f64)]> {
        match self {
            Self::Circle => None,
            Self::Square => Some(&[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
            Self::Triangle => Some(&[(0.0, -1.2), (1.1, 0.8), (-1.1, 0.8)]),
            Self::Diamond => Some(&[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)]),
            Self::Inverted => Some(&[(0.0, 1.2), (1.1, -0.8), (-1.1, -0.8)]),
            Self::Plus => Some(&[
                (-0.4, -1.2),
                (0.4, -1.2),
                (0.4, -0.4),
                (1.2, -0.4),
                (1.2, 0.4),
                (0.4, 0.4),
                (0.4, 1.2),
                (-0.4, 1.2),
                (-0.4, 0.4),
                (-1.2, 0.4),
                (-1.2, -0.4),
                (-0.4, -0.4),
            ]),
        }
    }
}

/// How one lane is drawn, everywhere.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Lane {
    /// Line, mark.
    pub colour: Rgb,
    /// Lengths of strokes and gaps in turn, in pixels; empty is a solid line.
    #[serde(default)]
    pub dash: Vec<f64>,
}

/// How one class of data is drawn: its marks, and the ground where a network decides for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Class {
    /// Marks.
    pub colour: Rgb,
    /// Ground.
    pub tint: Rgb,
}

/// Everything a chart takes from the page's design tokens. Lengths are CSS pixels.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Theme {
    /// The ground of every chart.
    pub paper: Rgb,
    /// Strong text and marks.
    pub ink: Rgb,
    /// Notes, names of axes.
    pub ink_2: Rgb,
    /// Ticks.
    pub ink_3: Rgb,
    /// Axes.
    pub edge: Rgb,
    /// Grid lines.
    pub grid: Rgb,
    /// What went wrong.
    pub bad: Rgb,
    /// Iso lines.
    pub iso: Rgb,
    /// Ground of a map where the function is low.
    pub field_lo: Rgb,
    /// Ground of a map where the function is high.
    pub field_hi: Rgb,
    /// Ground of the worst score of a search.
    pub heat_lo: Rgb,
    /// Ground of the best.
    pub heat_hi: Rgb,
    /// Ground of a field halfway between two classes.
    pub class_mid: Rgb,
    /// Classes in order; they repeat. The first two are also the ends of a diverging field.
    pub classes: Vec<Class>,
    /// Lanes in order; they repeat.
    pub lanes: Vec<Lane>,
    /// CSS font family.
    pub font: String,
    /// Font size of ticks.
    pub small: f64,
    /// Font size of notes.
    pub text: f64,
    /// What 1 px of spacing is multiplied with: the root font size / 16.
    pub unit: f64,
    /// Stroke of a lane on a map.
    pub line: f64,
    /// Stroke of the selected lane on a map.
    pub line_on: f64,
}

impl Theme {
    /// The theme, if a chart can be drawn with it.
    ///
    /// # Errors
    /// No lane, fewer than two classes, or a length that is not a small positive number.
    pub fn checked(self) -> Result<Self, String> {
        if self.lanes.is_empty() || self.classes.len() < 2 {
            return Err("a theme has at least one lane and two classes".to_owned());
        }
        let lengths = [self.small, self.text, self.unit, self.line, self.line_on];
        if lengths.iter().any(|l| !(0.05..=200.0).contains(l)) {
            return Err(format!(
                "a length of the theme is outside [0.05, 200]: {lengths:?}"
            ));
        }
        Ok(self)
    }

    /// The style of lane `lane`, counted from 1.
    pub fn lane(&self, lane: usize) -> &Lane {
        &self.lanes[lane.saturating_sub(1) % self.lanes.len()]
    }

    /// The style of class `class`, counted from 0.
    pub fn class(&self, class: usize) -> Class {
        self.classes[class % self.classes.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_and_mixed() {
        let colour = |s: &str| Rgb::try_from(s.to_owned());
        assert_eq!(colour("#00599c"), Ok(Rgb([0, 0x59, 0x9c])));
        for wrong in ["", "#fff", "00599c", "#00599", "#00599g", "#+0+0+0", "#ééé"] {
            assert!(colour(wrong).is_err(), "{wrong}");
        }
        let (black, white) = (Rgb([0; 3]), Rgb([255; 3]));
        assert_eq!(black.mix(white, 0.5), Rgb([128; 3]));
        assert_eq!(black.mix(white, 7.0), white);
        assert_eq!(black.mix(white, f64::NAN), black);
    }
}
