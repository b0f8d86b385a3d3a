//! The charts on an HTML canvas: specs and columns in, `plot` draws, placements out. No logic lives here.
//!
//! Columns travel as typed arrays beside the spec, which refers to them by their index.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;

use js_sys::Float64Array;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind,
};
use plotters_canvas::CanvasBackend;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::plot::axis::{Range, Scale, short};
use crate::plot::caption::{Caption, Entry};
use crate::plot::contour::{Grid, levels};
use crate::plot::curves::{Best, Curves, Kind, Series};
use crate::plot::feasible::{Arrow, Feasible, draw_arrows};
use crate::plot::fields::{Image, Shade, answers, bands, heatmap, neuron};
use crate::plot::fit::{Answer, Band, Fit};
use crate::plot::map::{Ground, Model, Path, Paths, Scales, View, map_frame};
use crate::plot::metrics::{Residuals, RocChart, RocCurve};
use crate::plot::sampling::{Cloud, Histogram};
use crate::plot::scatter::{
    Answers, Decision, Dots, Predicted, draw_data, draw_decisions, field_frame,
};
use crate::plot::sheet::Axes;
use crate::plot::vector::Vector;
use crate::plot::{Frame, Point, Sheet, Theme, series};

/// plotters places marks on whole numbers; this many make a device pixel.
const FINE: u32 = 16;

/// Draws charts in one theme, on canvases or as vectors.
#[wasm_bindgen]
pub struct Painter {
    theme: Theme,
    /// What was drawn as vectors.
    elements: Option<Rc<RefCell<String>>>,
}

#[wasm_bindgen]
#[expect(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands over objects and lists of typed arrays by value"
)]
impl Painter {
    /// A painter in the colours, strokes and fonts of `theme`.
    #[wasm_bindgen(constructor)]
    pub fn new(theme: JsValue) -> Result<Painter, JsError> {
        let theme: Theme = read(theme)?;
        Ok(Self {
            theme: theme.checked().map_err(|e| JsError::new(&e))?,
            elements: None,
        })
    }

    /// A painter of vectors: lines, marks and text become elements of an SVG, and the canvas that a chart is drawn on says
    /// no more than how large it is. Coloured grounds are images, and are put on their canvas all the same.
    pub fn vector(theme: JsValue) -> Result<Painter, JsError> {
        Ok(Self {
            elements: Some(Rc::default()),
            ..Self::new(theme)?
        })
    }

    /// The elements that a painter of vectors has drawn since it was last asked, with lengths in CSS pixels.
    pub fn elements(&self) -> String {
        self.elements
            .as_ref()
            .map_or_else(String::new, |elements| elements.take())
    }

    /// How much room a caption takes above and below a chart of so many CSS pixels: two numbers. The spec is a `CaptionSpec`.
    pub fn caption_room(&self, spec: JsValue, width: f64) -> Result<Vec<f64>, JsError> {
        let spec: CaptionSpec = read(spec)?;
        let (above, below) = spec.caption().room::<Canvas>(width, &self.theme);
        Ok(vec![above, below])
    }

    /// Title and lanes around a chart, on a canvas as large as all of it. The spec is a `CaptionSpec`.
    pub fn caption(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
    ) -> Result<(), JsError> {
        let spec: CaptionSpec = read(spec)?;
        let sheet = self.sheet(canvas, ratio)?;
        spec.caption().draw(&sheet).map_err(failed)?;
        sheet.present().map_err(failed)
    }

    /// Curves over a common x. The spec is a `CurvesSpec`; returns a `Placed`.
    pub fn curves(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<JsValue, JsError> {
        let spec: CurvesSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let series = spec.series.iter().map(|s| {
            let kind = match s.kind {
                SeriesKind::Raw => Kind::Raw,
                SeriesKind::Line => Kind::Line {
                    smoothing: s.smoothing,
                },
                SeriesKind::Validation => Kind::Validation,
                SeriesKind::Training => Kind::Training,
            };
            let (x, y) = columns.pair(s.x, s.y, s.rows)?;
            Ok(Series {
                lane: s.lane,
                selected: s.selected,
                diverged: s.diverged,
                kind,
                x,
                y,
            })
        });
        let chart = Curves {
            series: series.collect::<Result<_, JsError>>()?,
            x_name: spec.x_name,
            x_end: spec.x_end,
            scale: if spec.log { Scale::Log } else { Scale::Linear },
            bounds: spec.bounds,
            whole: spec.whole,
            gaps: spec.gaps,
            best: spec
                .best
                .into_iter()
                .map(|b| Best {
                    lane: b.lane,
                    at: b.at,
                })
                .collect(),
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// Where a map lies on the canvas, and what it shows: a `Placed`. The spec is a `PlaneSpec`.
    pub fn map_place(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        plane: JsValue,
    ) -> Result<JsValue, JsError> {
        let plane: PlaneSpec = read(plane)?;
        let sheet = self.sheet(canvas, ratio)?;
        placed(&map_frame(&sheet, &plane.view()?))
    }

    /// The still part of a map: bands on `field`, iso lines, minima and axes on `canvas`. `values` are [ny][nx] over the
    /// placed map, row 0 below; `minima` are x, y in turn; `log`
    /// asks for lines that are spaced by the logarithm. Returns the levels of the lines. The spec is a `PlaneSpec`.
    #[expect(
        clippy::too_many_arguments,
        reason = "flat numbers cross to wasm without being copied into objects"
    )]
    pub fn map_ground(
        &self,
        field: &HtmlCanvasElement,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        plane: JsValue,
        values: &[f64],
        nx: usize,
        minima: &[f64],
        log: bool,
    ) -> Result<Vec<f64>, JsError> {
        let plane: PlaneSpec = read(plane)?;
        let sheet = self.sheet(canvas, ratio)?;
        let frame = map_frame(&sheet, &plane.view()?);
        let over = |r: &Range| (r.lo(), r.hi());
        let ny = values.len().checked_div(nx).unwrap_or(0);
        let grid = Grid::new(values, nx, ny, over(frame.x.range()), over(frame.y.range()))
            .ok_or_else(misfit)?;
        let levels = levels(values, log);
        put(
            field,
            &bands(
                &grid,
                &levels,
                field.width() as usize,
                field.height() as usize,
                &self.theme,
            ),
        )?;
        let minima: Vec<Point> = minima.chunks_exact(2).map(|p| (p[0], p[1])).collect();
        Ground {
            grid,
            levels: &levels,
            minima: &minima,
            names: [&plane.names.0, &plane.names.1],
        }
        .draw(&sheet, &frame)
        .map_err(failed)?;
        sheet.present().map_err(failed)?;
        Ok(levels)
    }

    /// The moving part of a map: the start and the paths. The spec is a `PathsSpec`.
    pub fn map_paths(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<(), JsError> {
        let spec: PathsSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let paths = spec.paths.iter().map(|p| {
            let points = columns.first(p.points, p.rows.saturating_mul(2))?;
            let rejected = p.rejected.map_or(Ok(&[][..]), |i| columns.all(i))?;
            let members = p.members.map_or(Ok(&[][..]), |i| columns.all(i))?;
            Ok(Path {
                lane: p.lane,
                selected: p.selected,
                diverged: p.diverged,
                points,
                rejected,
                members,
            })
        });
        let paths = Paths {
            paths: paths.collect::<Result<_, JsError>>()?,
            start: spec.start,
            model: spec.model.map(|m| Model {
                lane: m.lane,
                at: m.at,
                slope: m.slope,
                matrix: m.matrix,
            }),
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = map_frame(&sheet, &spec.plane.view()?);
        paths.draw(&sheet, &frame).map_err(failed)?;
        if let Some(ArrowsSpec { at, arrows }) = &spec.arrows {
            let arrows: Vec<Arrow> = arrows
                .iter()
                .map(|a| Arrow {
                    vector: a.vector,
                    name: &a.name,
                    of_objective: a.of_objective,
                })
                .collect();
            draw_arrows(&sheet, &frame, *at, &arrows).map_err(failed)?;
        }
        sheet.present().map_err(failed)
    }

    /// The samples and last proposals of a map. The spec is a `CloudsSpec`.
    pub fn map_samples(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<(), JsError> {
        let spec: CloudsSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let sheet = self.sheet(canvas, ratio)?;
        let frame = map_frame(&sheet, &spec.plane.view()?);
        for cloud in &spec.clouds {
            Cloud {
                lane: cloud.lane,
                selected: cloud.selected,
                samples: columns.all(cloud.samples)?,
                accepted: columns.all(cloud.accepted)?,
                rejected: columns.all(cloud.rejected)?,
            }
            .draw(&sheet, &frame)
            .map_err(failed)?;
        }
        sheet.present().map_err(failed)
    }

    /// How the draws of a parameter are distributed; columns are the density, and where it is known x and the true density.
    /// The spec is a `HistogramSpec`; returns a `Placed`.
    pub fn histogram(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<JsValue, JsError> {
        let spec: HistogramSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let (at, truth) = if spec.known {
            columns.pair(1, 2, usize::MAX)?
        } else {
            (&[][..], &[][..])
        };
        let chart = Histogram {
            lane: spec.lane,
            ends: (spec.from, spec.to),
            density: columns.all(0)?,
            at,
            truth,
            x_name: spec.x_name,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// The constraints of a map: a veil on `veil` over what they forbid, their borders on `canvas`. Columns are the values
    /// of each constraint, [ny][nx] over the placed map, row 0 below. The spec is a `FeasibleSpec`.
    pub fn map_feasible(
        &self,
        veil: &HtmlCanvasElement,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<(), JsError> {
        let spec: FeasibleSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let sheet = self.sheet(canvas, ratio)?;
        let frame = map_frame(&sheet, &spec.plane.view()?);
        let over = |r: &Range| (r.lo(), r.hi());
        let (x, y) = (over(frame.x.range()), over(frame.y.range()));
        let grids = columns.0.iter().map(|values| {
            let ny = values.len().checked_div(spec.nx).unwrap_or(0);
            Grid::new(values, spec.nx, ny, x, y).ok_or_else(misfit)
        });
        let grids: Vec<Grid> = grids.collect::<Result<_, JsError>>()?;
        let feasible = Feasible {
            grids: &grids,
            equalities: spec.equalities,
            active: &spec.active,
        };
        let size = (veil.width() as usize, veil.height() as usize);
        if let Some(image) = feasible.veil(size.0, size.1, &self.theme) {
            put(veil, &image)?;
        }
        feasible.draw(&sheet, &frame).map_err(failed)?;
        sheet.present().map_err(failed)
    }

    /// Where a field of two inputs lies on the canvas: a `Placed`.
    pub fn field_place(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        view: &[f64],
    ) -> Result<JsValue, JsError> {
        let sheet = self.sheet(canvas, ratio)?;
        placed(&square(&sheet, view)?)
    }

    /// The answers of the selected lane as a coloured ground. The spec is a `FieldSpec`; `values` are [grids][ny][nx].
    pub fn field(
        &self,
        field: &HtmlCanvasElement,
        spec: JsValue,
        values: &[f64],
    ) -> Result<(), JsError> {
        let spec: FieldSpec = read(spec)?;
        let grids = grids_of(values, &spec.grid)?;
        let shade = match spec.between {
            Some((lo, hi)) => Shade::Diverging { lo, hi },
            None => Shade::Largest,
        };
        let image = answers(
            &grids,
            shade,
            field.width() as usize,
            field.height() as usize,
            &self.theme,
        );
        put(field, &image.ok_or_else(misfit)?)
    }

    /// What a neuron computes, [side][side] values from `middle` − `half` to `middle` + `half`, on a canvas of that size.
    pub fn neuron(
        &self,
        canvas: &HtmlCanvasElement,
        values: &[f64],
        side: usize,
        middle: f64,
        half: f64,
    ) -> Result<(), JsError> {
        put(
            canvas,
            &neuron(values, side, middle, half, &self.theme).ok_or_else(misfit)?,
        )
    }

    /// Numbers as coloured cells on a canvas of `columns` by as many rows as there are; see `plot::fields::heatmap`.
    pub fn heatmap(
        &self,
        canvas: &HtmlCanvasElement,
        values: &[f64],
        columns: usize,
        limit: f64,
        spread: bool,
    ) -> Result<(), JsError> {
        let image = heatmap(values, columns, limit, spread, &self.theme).ok_or_else(misfit)?;
        canvas.set_width(image.width as u32);
        canvas.set_height(image.height as u32);
        put(canvas, &image)
    }

    /// The lines along which each lane changes its mind, and the axes. The spec is a `DecisionsSpec`.
    pub fn decisions(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<(), JsError> {
        let spec: DecisionsSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let sheet = self.sheet(canvas, ratio)?;
        let frame = square(&sheet, &spec.view)?;
        let grids = spec
            .lanes
            .iter()
            .map(|l| grids_of(columns.all(l.values)?, &spec.grid));
        let grids: Vec<Vec<Grid>> = grids.collect::<Result<_, JsError>>()?;
        let decisions: Vec<Decision> = spec
            .lanes
            .iter()
            .zip(&grids)
            .map(|(l, grids)| Decision {
                lane: l.lane,
                selected: l.selected,
                grids,
                level: spec.level,
            })
            .collect();
        draw_decisions(&sheet, &frame, &decisions).map_err(failed)?;
        let axes = Axes {
            x: spec.x_name,
            y: spec.y_name,
            grid: false,
        };
        sheet.axes(&frame, &axes).map_err(failed)?;
        sheet.present().map_err(failed)
    }

    /// Data over a field of two inputs. The spec is a `DataSpec`; the columns are x, y, answer of each set.
    pub fn data(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<(), JsError> {
        let spec: DataSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let sheet = self.sheet(canvas, ratio)?;
        let frame = square(&sheet, &spec.view)?;
        for (n, filled) in spec.sets.iter().enumerate() {
            let (x, y, values) = (
                columns.all(3 * n)?,
                columns.all(3 * n + 1)?,
                columns.all(3 * n + 2)?,
            );
            let meant = match spec.between {
                Some((lo, hi)) => Answers::Numbers { values, lo, hi },
                None => Answers::Classes(values),
            };
            draw_data(
                &sheet,
                &frame,
                &Dots {
                    x,
                    y,
                    filled: *filled,
                },
                meant,
            )
            .map_err(failed)?;
        }
        sheet.present().map_err(failed)
    }

    /// The fit of a function of one input. The spec is a `FitSpec`; returns a `Placed`.
    pub fn fit(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<JsValue, JsError> {
        let spec: FitSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let answer = |l: &FitLane| {
            let (x, y) = columns.pair(l.x, l.y, usize::MAX)?;
            Ok(Answer {
                lane: l.lane,
                selected: l.selected,
                x,
                y,
            })
        };
        let band = |b: &BandSpec| {
            let (x, lower) = columns.pair(b.x, b.lower, usize::MAX)?;
            Ok::<_, JsError>(Band {
                lane: b.lane,
                x,
                lower,
                upper: columns.all(b.upper)?,
            })
        };
        let chart = Fit {
            outer: spec.outer.as_ref().map(band).transpose()?,
            band: spec.band.as_ref().map(band).transpose()?,
            whole: spec.whole,
            data: dots(&spec.sets, &columns)?,
            answers: spec
                .lanes
                .iter()
                .map(answer)
                .collect::<Result<_, JsError>>()?,
            x_name: spec.x_name,
            y_name: spec.y_name,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// Predicted against true. The spec is a `PredictedSpec`; returns a `Placed`.
    pub fn predicted(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<JsValue, JsError> {
        let spec: PredictedSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let chart = Predicted {
            lane: spec.lane,
            sets: dots(&spec.sets, &columns)?,
            name: spec.name,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// The true positive rate against the false positive rate. The spec is a `RocSpec`; returns a `Placed`.
    pub fn roc(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<JsValue, JsError> {
        let spec: RocSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let curve = |c: &RocCurveSpec| {
            let (fpr, tpr) = columns.pair(c.fpr, c.tpr, usize::MAX)?;
            Ok::<_, JsError>(RocCurve {
                name: c.name.clone(),
                shown: c.shown,
                fpr,
                tpr,
                auc: c.auc,
            })
        };
        let chart = RocChart {
            lane: spec.lane,
            curves: spec.curves.iter().map(curve).collect::<Result<_, _>>()?,
            class: spec.class,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// What predictions miss over the predictions. The spec is a `PredictedSpec`; returns a `Placed`.
    pub fn residuals(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
        columns: Vec<Float64Array>,
    ) -> Result<JsValue, JsError> {
        let spec: PredictedSpec = read(spec)?;
        let columns = Columns::new(&columns);
        let chart = Residuals {
            lane: spec.lane,
            sets: dots(&spec.sets, &columns)?,
            name: spec.name,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// A cleared sheet on a canvas, whose width and height are `ratio` times its size on the page.
    pub(super) fn sheet(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
    ) -> Result<Sheet<'_, Canvas>, JsError> {
        let backend = match &self.elements {
            Some(elements) => Canvas::vector(canvas, ratio, elements),
            None => {
                Canvas::new(canvas).ok_or_else(|| JsError::new("the canvas has no 2d context"))?
            }
        };
        Ok(Sheet::new(backend, &self.theme, ratio, f64::from(FINE)))
    }
}

/// The smoothed value of `column` at `row`, as the curves show it.
#[wasm_bindgen]
pub fn smoothed_at(column: &[f64], row: usize, smoothing: f64) -> f64 {
    let upto = &column[..column.len().min(row.saturating_add(1))];
    series::ema(upto, smoothing).last().unwrap_or(f64::NAN)
}

/// A number to three digits, typeset as on the charts.
#[wasm_bindgen]
pub fn short_number(v: f64) -> String {
    short(v)
}

#[derive(Deserialize)]
struct CaptionSpec {
    title: String,
    note: String,
    lanes: Vec<EntrySpec>,
}

#[derive(Deserialize)]
struct EntrySpec {
    lane: usize,
    selected: bool,
    name: String,
}

impl CaptionSpec {
    fn caption(&self) -> Caption<'_> {
        Caption {
            title: &self.title,
            note: &self.note,
            lanes: self.lanes.iter().map(EntrySpec::entry).collect(),
        }
    }
}

impl EntrySpec {
    fn entry(&self) -> Entry<'_> {
        Entry {
            lane: self.lane,
            selected: self.selected,
            name: &self.name,
        }
    }
}

#[derive(Deserialize)]
struct CurvesSpec {
    series: Vec<SeriesSpec>,
    x_name: String,
    x_end: Option<f64>,
    log: bool,
    bounds: Option<(f64, f64)>,
    #[serde(default)]
    whole: bool,
    #[serde(default)]
    gaps: bool,
    #[serde(default)]
    best: Vec<BestSpec>,
}

#[derive(Deserialize)]
struct BestSpec {
    lane: usize,
    at: Point,
}

#[derive(Deserialize)]
struct SeriesSpec {
    lane: usize,
    selected: bool,
    diverged: bool,
    kind: SeriesKind,
    #[serde(default)]
    smoothing: f64,
    /// Indices of columns.
    x: usize,
    y: usize,
    rows: usize,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum SeriesKind {
    Raw,
    Line,
    Validation,
    Training,
}

/// What a map shows: [x0, x1, y0, y1], whether a unit is as long on both axes, and their names.
#[derive(Deserialize)]
struct PlaneSpec {
    view: Vec<f64>,
    equal: bool,
    names: (String, String),
}

impl PlaneSpec {
    fn view(&self) -> Result<View, JsError> {
        let (x, y) = ends_of(&self.view)?;
        let scales = if self.equal {
            Scales::Equal
        } else {
            Scales::Free
        };
        Ok(View { x, y, scales })
    }
}

#[derive(Deserialize)]
struct PathsSpec {
    plane: PlaneSpec,
    start: Point,
    paths: Vec<PathSpec>,
    model: Option<ModelSpec>,
    arrows: Option<ArrowsSpec>,
}

#[derive(Deserialize)]
struct ArrowsSpec {
    at: Point,
    arrows: Vec<ArrowSpec>,
}

#[derive(Deserialize)]
struct ArrowSpec {
    vector: Point,
    name: String,
    of_objective: bool,
}

#[derive(Deserialize)]
struct CloudsSpec {
    plane: PlaneSpec,
    clouds: Vec<CloudSpec>,
}

/// Indices of columns.
#[derive(Deserialize)]
struct CloudSpec {
    lane: usize,
    selected: bool,
    samples: usize,
    accepted: usize,
    rejected: usize,
}

#[derive(Deserialize)]
struct HistogramSpec {
    lane: usize,
    from: f64,
    to: f64,
    /// Whether the true density is known.
    known: bool,
    x_name: String,
}

#[derive(Deserialize)]
struct FeasibleSpec {
    plane: PlaneSpec,
    nx: usize,
    equalities: usize,
    active: Vec<bool>,
}

#[derive(Deserialize)]
struct ModelSpec {
    lane: usize,
    at: Point,
    slope: [f64; 2],
    matrix: [f64; 3],
}

#[derive(Deserialize)]
struct PathSpec {
    lane: usize,
    selected: bool,
    diverged: bool,
    points: usize,
    rows: usize,
    /// Index of a column.
    rejected: Option<usize>,
    /// Index of a column.
    members: Option<usize>,
}

#[derive(Deserialize)]
struct GridSpec {
    x0: f64,
    x1: f64,
    y0: f64,
    y1: f64,
    nx: usize,
    ny: usize,
}

#[derive(Deserialize)]
struct FieldSpec {
    grid: GridSpec,
    /// The ends of a diverging field; without them the values are scores of classes.
    between: Option<(f64, f64)>,
}

#[derive(Deserialize)]
struct DecisionsSpec {
    view: Vec<f64>,
    grid: GridSpec,
    level: f64,
    lanes: Vec<DecisionLane>,
    x_name: String,
    y_name: String,
}

#[derive(Deserialize)]
struct DecisionLane {
    lane: usize,
    selected: bool,
    values: usize,
}

#[derive(Deserialize)]
struct DataSpec {
    view: Vec<f64>,
    /// Whether each set is drawn filled.
    sets: Vec<bool>,
    between: Option<(f64, f64)>,
}

#[derive(Deserialize)]
struct SetSpec {
    filled: bool,
    x: usize,
    y: usize,
}

#[derive(Deserialize)]
struct FitSpec {
    sets: Vec<SetSpec>,
    lanes: Vec<FitLane>,
    outer: Option<BandSpec>,
    band: Option<BandSpec>,
    #[serde(default)]
    whole: bool,
    x_name: String,
    y_name: String,
}

#[derive(Deserialize)]
struct BandSpec {
    lane: usize,
    x: usize,
    lower: usize,
    upper: usize,
}

#[derive(Deserialize)]
struct FitLane {
    lane: usize,
    selected: bool,
    x: usize,
    y: usize,
}

#[derive(Deserialize)]
struct PredictedSpec {
    lane: usize,
    sets: Vec<SetSpec>,
    name: String,
}

#[derive(Deserialize)]
struct RocSpec {
    lane: usize,
    curves: Vec<RocCurveSpec>,
    class: String,
}

#[derive(Deserialize)]
struct RocCurveSpec {
    name: String,
    shown: bool,
    /// Indices of columns.
    fpr: usize,
    tpr: usize,
    auc: f64,
}

/// Where a chart's axes came to lie, in CSS pixels of its canvas, and what they show.
#[derive(Serialize)]
struct Placed {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    x: (f64, f64),
    y: (f64, f64),
    log: bool,
}

/// The columns that a spec refers to.
struct Columns(Vec<Vec<f64>>);

impl Columns {
    fn new(columns: &[Float64Array]) -> Self {
        Self(columns.iter().map(Float64Array::to_vec).collect())
    }

    fn all(&self, index: usize) -> Result<&[f64], JsError> {
        let missing = || {
            JsError::new(&format!(
                "column {index} is missing, {} were given",
                self.0.len()
            ))
        };
        self.0.get(index).map(Vec::as_slice).ok_or_else(missing)
    }

    fn first(&self, index: usize, rows: usize) -> Result<&[f64], JsError> {
        let all = self.all(index)?;
        Ok(&all[..all.len().min(rows)])
    }

    fn pair(&self, x: usize, y: usize, rows: usize) -> Result<(&[f64], &[f64]), JsError> {
        Ok((self.first(x, rows)?, self.first(y, rows)?))
    }
}

fn dots<'a>(sets: &[SetSpec], columns: &'a Columns) -> Result<Vec<Dots<'a>>, JsError> {
    let dots = |s: &SetSpec| {
        Ok(Dots {
            x: columns.all(s.x)?,
            y: columns.all(s.y)?,
            filled: s.filled,
        })
    };
    sets.iter().map(dots).collect()
}

fn grids_of<'a>(values: &'a [f64], spec: &GridSpec) -> Result<Vec<Grid<'a>>, JsError> {
    let nodes = spec
        .nx
        .checked_mul(spec.ny)
        .filter(|n| *n > 0)
        .ok_or_else(misfit)?;
    let grid = |values: &'a [f64]| {
        Grid::new(
            values,
            spec.nx,
            spec.ny,
            (spec.x0, spec.x1),
            (spec.y0, spec.y1),
        )
    };
    let grids: Option<Vec<Grid>> = values.chunks(nodes).map(grid).collect();
    grids.filter(|g| !g.is_empty()).ok_or_else(misfit)
}

fn ends_of(view: &[f64]) -> Result<(Point, Point), JsError> {
    match *view {
        [x0, x1, y0, y1] => Ok(((x0, x1), (y0, y1))),
        _ => Err(JsError::new("a view is [x0, x1, y0, y1]")),
    }
}

fn square(sheet: &Sheet<Canvas>, view: &[f64]) -> Result<Frame, JsError> {
    let (x, y) = ends_of(view)?;
    let range = |(lo, hi)| Range::new(lo, hi, Scale::Linear);
    Ok(field_frame(sheet, range(x), range(y)))
}

fn placed(frame: &Frame) -> Result<JsValue, JsError> {
    let (x, y) = (frame.x.range(), frame.y.range());
    let placed = Placed {
        left: frame.left,
        top: frame.top,
        width: frame.width,
        height: frame.height,
        x: (x.lo(), x.hi()),
        y: (y.lo(), y.hi()),
        log: y.scale() == Scale::Log,
    };
    serde_wasm_bindgen::to_value(&placed).map_err(JsError::from)
}

pub(super) fn finished(sheet: &Sheet<Canvas>, frame: &Frame) -> Result<JsValue, JsError> {
    sheet.present().map_err(failed)?;
    placed(frame)
}

pub(super) fn read<T: DeserializeOwned>(spec: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(spec).map_err(JsError::from)
}

pub(super) fn failed(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}

fn misfit() -> JsError {
    JsError::new("the values do not fill a grid of at least 2 by 2 nodes over a finite area")
}

/// Puts an image at the upper left corner of a canvas.
fn put(canvas: &HtmlCanvasElement, image: &Image) -> Result<(), JsError> {
    let context = context_of(canvas).ok_or_else(|| JsError::new("the canvas has no 2d context"))?;
    let refused = |_| JsError::new("the canvas refused the image");
    let (width, height) = (image.width as u32, image.height as u32);
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&image.rgba), width, height)
        .map_err(refused)?;
    context.put_image_data(&data, 0.0, 0.0).map_err(refused)
}

fn context_of(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// What a sheet lies on: the pixels of a canvas, or vectors in their place.
pub(super) enum Canvas {
    Pixels(Pixels),
    Vector(Vector),
}

/// plotters' canvas, in units of 1/[`FINE`] device pixel, with strokes of one style drawn together: a dashed curve is
/// hundreds of strokes, and on a canvas each call of `stroke` costs more than the line itself.
pub(super) struct Pixels {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    size: (u32, u32),
    /// Colour and width of the strokes that are gathered in the context's path.
    gathered: Option<(BackendColor, u32)>,
}

type Drawn = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl Canvas {
    fn new(canvas: &HtmlCanvasElement) -> Option<Self> {
        let context = context_of(canvas)?;
        let (width, height) = (canvas.width(), canvas.height());
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
        context.clear_rect(0.0, 0.0, f64::from(width), f64::from(height));
        let unit = 1.0 / f64::from(FINE);
        context.set_transform(unit, 0.0, 0.0, unit, 0.0, 0.0).ok()?;
        context.set_line_join("round");
        Some(Self::Pixels(Pixels {
            inner: CanvasBackend::with_canvas_object(canvas.clone())?,
            context,
            size: units(canvas),
            gathered: None,
        }))
    }

    fn vector(canvas: &HtmlCanvasElement, ratio: f64, elements: &Rc<RefCell<String>>) -> Self {
        let per_pixel = ratio * f64::from(FINE);
        Self::Vector(Vector::new(Rc::clone(elements), units(canvas), per_pixel))
    }

    /// Draws on what it is, with all that was gathered below.
    fn now(&mut self) -> &mut Self {
        if let Self::Pixels(pixels) = self {
            pixels.flush();
        }
        self
    }
}

impl Pixels {
    /// Strokes what is gathered.
    fn flush(&mut self) {
        let Some((
            BackendColor {
                rgb: (r, g, b),
                alpha,
            },
            width,
        )) = self.gathered.take()
        else {
            return;
        };
        self.context
            .set_stroke_style_str(&format!("rgba({r},{g},{b},{alpha})"));
        self.context.set_line_width(f64::from(width));
        self.context.stroke();
    }

    fn gather(&mut self, path: impl IntoIterator<Item = BackendCoord>, style: &impl BackendStyle) {
        let look = (style.color(), style.stroke_width());
        let same = |(c, w): (BackendColor, u32)| {
            c.rgb == look.0.rgb && c.alpha == look.0.alpha && w == look.1
        };
        // Strokes that shine through would not add up where they cross, so each of them is drawn by itself.
        if !self.gathered.is_some_and(same) || look.0.alpha < 1.0 {
            self.flush();
            self.context.begin_path();
            self.gathered = Some(look);
        }
        let mut path = path.into_iter().map(|(x, y)| (f64::from(x), f64::from(y)));
        if let Some((x, y)) = path.next() {
            self.context.move_to(x, y);
            path.for_each(|(x, y)| self.context.line_to(x, y));
        }
    }
}

/// The units of a canvas.
fn units(canvas: &HtmlCanvasElement) -> (u32, u32) {
    let units = |pixels: u32| pixels.saturating_mul(FINE);
    (units(canvas.width()), units(canvas.height()))
}

/// Vectors cannot fail. Never inlined, so that the page opens without them.
#[inline(never)]
fn written(draw: impl FnOnce() -> Result<(), DrawingErrorKind<Infallible>>) -> Drawn {
    draw().or(Ok(()))
}

impl DrawingBackend for Canvas {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        match self {
            Self::Pixels(pixels) => pixels.size,
            Self::Vector(vector) => vector.get_size(),
        }
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        match self.now() {
            Self::Pixels(pixels) => pixels.inner.present(),
            Self::Vector(vector) => written(|| vector.present()),
        }
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn {
        match self.now() {
            Self::Pixels(pixels) => pixels.inner.draw_pixel(point, color),
            Self::Vector(vector) => written(|| vector.draw_pixel(point, color)),
        }
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        match self {
            Self::Pixels(pixels) => pixels.gather(path, style),
            Self::Vector(vector) => written(|| vector.draw_path(path, style))?,
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Drawn {
        match self.now() {
            Self::Pixels(pixels) => pixels.inner.fill_polygon(path, style),
            Self::Vector(vector) => written(|| vector.fill_polygon(path, style)),
        }
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        centre: BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Drawn {
        match self.now() {
            Self::Pixels(pixels) => pixels.inner.draw_circle(centre, radius, style, fill),
            Self::Vector(vector) => written(|| vector.draw_circle(centre, radius, style, fill)),
        }
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        match self.now() {
            Self::Pixels(pixels) => pixels.inner.draw_text(text, style, at),
            Self::Vector(vector) => written(|| vector.draw_text(text, style, at)),
        }
    }
}
