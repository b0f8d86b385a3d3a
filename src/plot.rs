//! Charts: slices in, marks out, on any plotters backend.
//!
//! A chart is a plain struct of borrowed columns with a `draw` method. It draws on a [`Sheet`], which carries a plotters
//! [`DrawingBackend`](plotters::backend::DrawingBackend), the [`Theme`] and the pixel ratio; the page hands it a canvas or,
//! for print, a [`vector::Vector`], the tests an SVG. All lengths are CSS pixels.
//!
//! plotters brings the elements and the backends; the axes are our own ([`axis`]). plotters' own ranged coordinates do not
//! return on a range that is infinite or reaches 1e±300, and a diverging run produces just that, so every chart gets its
//! range from [`axis::Range`], which cannot hold one.
//!
//! A lane is told apart by colour, dash and end mark ([`Lane`]), never by colour alone.

pub mod axis;
pub mod caption;
pub mod contour;
pub mod curves;
pub mod feasible;
pub mod fields;
pub mod fit;
pub mod heatmap;
pub mod map;
pub mod metrics;
pub mod parallel;
pub mod plane;
pub mod sampling;
pub mod scatter;
pub mod series;
pub mod sheet;
pub mod span;
pub mod style;
pub mod sweep;
pub mod vector;

pub use sheet::{Frame, Outcome, Sheet};
pub use style::{Lane, Mark, Rgb, Theme};

/// A point: x, y.
pub type Point = (f64, f64);
