//! Charts as vectors: a plotters backend that writes the elements of an SVG, lengths in CSS pixels, text as text.
//!
//! plotters has such a backend of its own. It holds whole numbers only, makes text 1.24 times smaller than a canvas does,
//! and writes an element for each stroke of a dash; a figure for print needs the sizes of the page, and few elements.

use std::cell::RefCell;
use std::convert::Infallible;
use std::fmt::{Display, Formatter, Result as Written, Write};
use std::rc::Rc;

use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
    FontStyle,
};

/// From what a canvas calls the middle of a line of text to its baseline, as a part of the font size: half the height of
/// an x. It is 0.26 in `DejaVu` Sans and Arial, 0.276 in Liberation Sans.
const MIDDLE: f64 = 0.265;

/// The elements of an SVG, one after the other. Strokes of one style become one element.
#[derive(Debug)]
pub struct Vector {
    out: Rc<RefCell<String>>,
    size: (u32, u32),
    /// CSS pixels in a unit of the backend.
    unit: f64,
    gathered: Option<(Pen, String)>,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// What strokes are drawn with.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pen {
    colour: Paint,
    width: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Paint {
    rgb: (u8, u8, u8),
    alpha: f64,
}

impl Vector {
    /// A backend of `size` units, `per_pixel` of which make a CSS pixel. It adds to `out`, and has done so once it is
    /// presented or dropped.
    pub fn new(out: Rc<RefCell<String>>, size: (u32, u32), per_pixel: f64) -> Self {
        Self {
            out,
            size,
            unit: 1.0 / per_pixel,
            gathered: None,
        }
    }

    /// Writes the strokes that are gathered.
    fn flush(&mut self) {
        if let Some((pen, path)) = self.gathered.take() {
            let width = self.length(f64::from(pen.width));
            self.write(format_args!(
                "<path fill=\"none\"{} stroke-width=\"{width}\" d=\"{path}\"/>\n",
                pen.colour.as_attribute("stroke")
            ));
        }
    }

    fn write(&self, text: std::fmt::Arguments) {
        // A String takes all that there is memory for.
        let _ = self.out.borrow_mut().write_fmt(text);
    }

    fn length(&self, units: f64) -> Length {
        Length(units * self.unit)
    }

    fn path(&self, points: impl IntoIterator<Item = BackendCoord>) -> String {
        let mut path = String::new();
        let mut last = None;
        for (x, y) in points {
            if last == Some((x, y)) {
                continue;
            }
            let command = if last.is_none() { 'M' } else { 'L' };
            let (px, py) = (self.length(f64::from(x)), self.length(f64::from(y)));
            let _ = write!(path, "{command}{px} {py}");
            last = Some((x, y));
        }
        path
    }
}

impl Drop for Vector {
    fn drop(&mut self) {
        self.flush();
    }
}

impl DrawingBackend for Vector {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        self.flush();
        Ok(())
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        let (x, y) = point;
        self.fill_polygon([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)], &color)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        let pen = Pen {
            colour: Paint::of(style.color()),
            width: style.stroke_width(),
        };
        if pen.colour.alpha == 0.0 {
            return Ok(());
        }
        let more = self.path(path);
        match &mut self.gathered {
            // Strokes that shine through add up where they cross, so each of them is an element.
            Some((gathered, path)) if *gathered == pen && pen.colour.alpha >= 1.0 => {
                path.push_str(&more);
            }
            _ => {
                self.flush();
                self.gathered = Some((pen, more));
            }
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        self.flush();
        let colour = Paint::of(style.color());
        if colour.alpha > 0.0 {
            let path = self.path(path);
            self.write(format_args!(
                "<path{} d=\"{path}Z\"/>\n",
                colour.as_attribute("fill")
            ));
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        self.flush();
        let colour = Paint::of(style.color());
        if colour.alpha == 0.0 {
            return Ok(());
        }
        let (x, y) = (self.length(f64::from(x)), self.length(f64::from(y)));
        let r = self.length(f64::from(radius));
        let place = format_args!("cx=\"{x}\" cy=\"{y}\" r=\"{r}\"");
        if fill {
            self.write(format_args!(
                "<circle{} {place}/>\n",
                colour.as_attribute("fill")
            ));
        } else {
            let width = self.length(f64::from(style.stroke_width()));
            self.write(format_args!(
                "<circle fill=\"none\"{} stroke-width=\"{width}\" {place}/>\n",
                colour.as_attribute("stroke")
            ));
        }
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &S,
        (x, y): BackendCoord,
    ) -> Drawn {
        self.flush();
        let colour = Paint::of(style.color());
        if colour.alpha == 0.0 {
            return Ok(());
        }
        let anchor = match style.anchor().h_pos {
            HPos::Left => "",
            HPos::Center => " text-anchor=\"middle\"",
            HPos::Right => " text-anchor=\"end\"",
        };
        let down = match style.anchor().v_pos {
            VPos::Top => 0.9,
            VPos::Center => MIDDLE,
            VPos::Bottom => -0.2,
        };
        let weight = match style.style() {
            FontStyle::Normal => "",
            FontStyle::Bold => " font-weight=\"bold\"",
            FontStyle::Italic | FontStyle::Oblique => " font-style=\"italic\"",
        };
        let (x, base) = (
            self.length(f64::from(x)),
            self.length(f64::from(y) + down * style.size()),
        );
        let size = self.length(style.size());
        self.write(format_args!(
            "<text x=\"{x}\" y=\"{base}\"{anchor} font-family=\"{}\" font-size=\"{size}\"{weight}{}>{}</text>\n",
            Escaped(style.family().as_str()),
            colour.as_attribute("fill"),
            Escaped(text),
        ));
        Ok(())
    }
}

impl Paint {
    fn of(colour: BackendColor) -> Self {
        Self {
            rgb: colour.rgb,
            alpha: colour.alpha,
        }
    }

    /// ` fill="#rrggbb"`, with its opacity where it is not opaque.
    fn as_attribute(self, name: &str) -> String {
        let (r, g, b) = self.rgb;
        if self.alpha >= 1.0 {
            format!(" {name}=\"#{r:02x}{g:02x}{b:02x}\"")
        } else {
            let alpha = Length(self.alpha);
            format!(" {name}=\"#{r:02x}{g:02x}{b:02x}\" {name}-opacity=\"{alpha}\"")
        }
    }
}

/// A number to two digits behind the point, and no more than it takes.
struct Length(f64);

impl Display for Length {
    fn fmt(&self, f: &mut Formatter) -> Written {
        let text = format!("{:.2}", self.0);
        let short = text.trim_end_matches('0').trim_end_matches('.');
        f.write_str(if short == "-0" { "0" } else { short })
    }
}

/// Text within an element or an attribute. What XML cannot hold at all becomes a replacement character.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter) -> Written {
        self.0.chars().try_for_each(|c| match c {
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '&' => f.write_str("&amp;"),
            '"' => f.write_str("&quot;"),
            '\t' | '\n' | '\r' => f.write_char(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => f.write_char('\u{fffd}'),
            c => f.write_char(c),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_short_as_can_be() {
        let text = |v| Length(v).to_string();
        assert_eq!([text(1.0), text(-0.001), text(100.0)], ["1", "0", "100"]);
        assert_eq!(
            [text(1.5), text(0.126), text(-20.25)],
            ["1.5", "0.13", "-20.25"]
        );
    }

    #[test]
    fn text_cannot_become_markup() {
        assert_eq!(
            Escaped("a<b & \"c\"\n\u{1}").to_string(),
            "a&lt;b &amp; &quot;c&quot; \u{fffd}"
        );
    }
}
