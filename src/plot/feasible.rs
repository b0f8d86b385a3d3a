//! Constraints on a map: what they leave is bare, what they forbid is veiled, and their borders are lines.

use plotters::backend::DrawingBackend;

use super::Point;
use super::contour::{Grid, iso_lines};
use super::fields::Image;
use super::series::clip;
use super::sheet::{Align, Frame, Look, Outcome, Sheet, Stroke};
use super::style::{Rgb, Theme};

/// Stripes of the veil, in pixels of the image: how far apart, and which part of them is dark.
const STRIPE: usize = 8;
const DARK: usize = 2;
/// Opacities of the veil between its stripes and on them, of 255.
const VEIL: [u8; 2] = [70, 150];

/// Constraints c(x) = 0 and g(x) ≤ 0 over a map.
#[derive(Debug, Clone, Copy)]
pub struct Feasible<'a> {
    /// c, then g, over the frame; all of one size.
    pub grids: &'a [Grid<'a>],
    /// How many of them are c.
    pub equalities: usize,
    /// Which of them hold with equality at the point of the selected lane; as many as grids.
    pub active: &'a [bool],
}

impl Feasible<'_> {
    /// A veil over all that an inequality forbids, with stripes, so that it is no mere matter of colour; none where there
    /// are no inequalities.
    pub fn veil(&self, width: usize, height: usize, theme: &Theme) -> Option<Image> {
        let limits = self.grids.get(self.equalities..)?;
        if limits.is_empty() {
            return None;
        }
        let Rgb([red, green, blue]) = theme.ink_3;
        let mut rgba = Vec::with_capacity(4 * width * height);
        for py in 0..height {
            let t = 1.0 - (py as f64 + 0.5) / height as f64;
            for px in 0..width {
                let s = (px as f64 + 0.5) / width as f64;
                // What is not a number is not allowed either.
                let allowed = limits.iter().all(|grid| grid.sample(s, t) <= 0.0);
                let dark = (px + py) % STRIPE < DARK;
                let opacity = if allowed { 0 } else { VEIL[usize::from(dark)] };
                rgba.extend_from_slice(&[red, green, blue, opacity]);
            }
        }
        Some(Image {
            width,
            height,
            rgba,
        })
    }

    /// Draws the borders: of an equality all there is of it, of an inequality the edge of its veil; thick where active.
    pub fn draw<DB: DrawingBackend>(&self, sheet: &Sheet<DB>, frame: &Frame) -> Outcome<(), DB> {
        let (theme, u) = (sheet.theme, sheet.theme.unit);
        for (i, grid) in self.grids.iter().enumerate() {
            let active = self.active.get(i).copied().unwrap_or(false);
            let width = if active { 3.2 } else { 1.4 } * u;
            for line in iso_lines(grid, 0.0) {
                let placed: Vec<Point> = line.into_iter().map(|p| frame.place(p)).collect();
                for part in clip(&placed, frame) {
                    sheet.line(&part, Stroke::new(theme.paper, width + 2.4 * u).faint(0.8))?;
                    sheet.line(&part, Stroke::new(theme.ink, width))?;
                }
            }
        }
        Ok(())
    }
}

/// A gradient at a point: −∇f, or that of a constraint times its multiplier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrow<'a> {
    /// In the map's own units.
    pub vector: Point,
    /// What it is: "−∇f", "λ₁∇g₁".
    pub name: &'a str,
    /// Whether it is that of the objective.
    pub of_objective: bool,
}

/// Draws `arrows` at a point, the longest of them a sixth of the frame long. At a solution those of the constraints add
/// up to that of the objective.
pub fn draw_arrows<DB: DrawingBackend>(
    sheet: &Sheet<DB>,
    frame: &Frame,
    at: Point,
    arrows: &[Arrow],
) -> Outcome<(), DB> {
    let (theme, u) = (sheet.theme, sheet.theme.unit);
    let from = frame.place(at);
    let finite = arrows
        .iter()
        .filter(|a| a.vector.0.is_finite() && a.vector.1.is_finite());
    let pixels = |arrow: &Arrow| {
        let to = frame.place((at.0 + arrow.vector.0, at.1 + arrow.vector.1));
        (to.0 - from.0, to.1 - from.1)
    };
    let longest = finite
        .clone()
        .map(|a| length(pixels(a)))
        .fold(0.0, f64::max);
    if !frame.holds(from) || longest <= 0.0 || !longest.is_finite() {
        return Ok(());
    }
    let scale = frame.width.min(frame.height) / 6.0 / longest;
    for arrow in finite {
        let (dx, dy) = pixels(arrow);
        let long = scale * length((dx, dy));
        if long < 4.0 * u {
            continue;
        }
        let to = (from.0 + scale * dx, from.1 + scale * dy);
        let colour = if arrow.of_objective {
            theme.bad
        } else {
            theme.ink
        };
        let (along, head) = ((scale * dx / long, scale * dy / long), 7.0 * u);
        let side = |sign: f64| {
            (
                to.0 - head * (along.0 - sign * 0.45 * along.1),
                to.1 - head * (along.1 + sign * 0.45 * along.0),
            )
        };
        let neck = (to.0 - 0.8 * head * along.0, to.1 - 0.8 * head * along.1);
        sheet.line(&[from, to], Stroke::new(theme.paper, 5.0 * u).faint(0.8))?;
        sheet.line(&[from, neck], Stroke::new(colour, 2.0 * u))?;
        sheet.fill(&[to, side(1.0), side(-1.0)], colour)?;
        let look = Look {
            rim: Some(theme.paper),
            bold: true,
            ..sheet.note_look(
                colour,
                if along.0 < -0.3 {
                    Align::End
                } else {
                    Align::Start
                },
            )
        };
        let beyond = (to.0 + 5.0 * u * along.0.signum(), to.1 + 10.0 * u * along.1);
        sheet.text(arrow.name, frame.nearest(beyond), &look)?;
    }
    Ok(())
}

fn length((x, y): Point) -> f64 {
    libm::hypot(x, y)
}
