//! The charts of searches on an HTML canvas: specs in, `plot` draws, placements out.

use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use super::canvas::{Painter, failed, finished, read};
use crate::plot::Point;
use crate::plot::axis::Scale;
use crate::plot::heatmap::{Cell, Heatmap};
use crate::plot::parallel::{Parallel, Trace};
use crate::plot::plane::{Dot, Plane};
use crate::plot::span::Span;
use crate::plot::sweep::{Flag, Line, Manner, Mean, Sweep};

#[wasm_bindgen]
impl Painter {
    /// Scores of a search over two axes. The spec is a `ScoreMapSpec`; returns a `Placed`.
    pub fn score_map(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
    ) -> Result<JsValue, JsError> {
        let spec: ScoreMapSpec = read(spec)?;
        let cell = |c: CellSpec| match (c.state, c.score) {
            (State::Empty, _) => Cell::Empty,
            (State::Pending, _) => Cell::Pending,
            (State::Running, _) => Cell::Running,
            (State::Over, None) => Cell::Failed,
            (State::Over, Some(score)) => Cell::Score(score, c.text),
        };
        let chart = Heatmap {
            columns: spec.columns,
            x: spec.x.span(),
            y: spec.y.span(),
            cells: spec.cells.into_iter().map(cell).collect(),
            best: spec.best,
            chosen: spec.chosen,
            rises: spec.rises,
            unit: spec.unit,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// Trials as marks over two axes. The spec is a `TrialPlaneSpec`; returns a `Placed`.
    pub fn trial_plane(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
    ) -> Result<JsValue, JsError> {
        let spec: TrialPlaneSpec = read(spec)?;
        let dot = |d: DotSpec| Dot {
            at: (d.x, d.y),
            score: d.score.unwrap_or(f64::NAN),
            over: d.over,
            search: d.search,
        };
        let chart = Plane {
            x: spec.x.span(),
            y: spec.y.span(),
            dots: spec.dots.into_iter().map(dot).collect(),
            best: spec.best,
            chosen: spec.chosen,
            rises: spec.rises,
            unit: spec.unit,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }

    /// Trials over many axes. The spec is a `ParallelSpec`; returns a `Lain`.
    pub fn parallel(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
    ) -> Result<JsValue, JsError> {
        let spec: ParallelSpec = read(spec)?;
        let trace = |t: TraceSpec| Trace {
            at: t.at.into_iter().map(|v| v.unwrap_or(f64::NAN)).collect(),
            score: t.score.unwrap_or(f64::NAN),
        };
        let chart = Parallel {
            axes: spec.axes.iter().map(SpanSpec::span).collect(),
            traces: spec.traces.into_iter().map(trace).collect(),
            best: spec.best,
            chosen: spec.chosen,
            rises: spec.rises,
        };
        let sheet = self.sheet(canvas, ratio)?;
        let lain = chart.draw(&sheet).map_err(failed)?;
        sheet.present().map_err(failed)?;
        let frame = lain.frame;
        let lain = Lain {
            left: frame.left,
            top: frame.top,
            width: frame.width,
            height: frame.height,
            xs: lain.xs,
            ys: lain.ys,
        };
        serde_wasm_bindgen::to_value(&lain).map_err(JsError::from)
    }

    /// Folds and means over one hyper-parameter. The spec is a `SweepSpec`; returns a `Placed`.
    pub fn sweep(
        &self,
        canvas: &HtmlCanvasElement,
        ratio: f64,
        spec: JsValue,
    ) -> Result<JsValue, JsError> {
        let spec: SweepSpec = read(spec)?;
        let line = |l: LineSpec| Line {
            manner: match l.manner {
                MannerSpec::Solid => Manner::Solid,
                MannerSpec::Dashed => Manner::Dashed,
                MannerSpec::Bare => Manner::Bare,
                MannerSpec::Raw => Manner::Raw,
            },
            joined: l.joined,
            means: l
                .means
                .into_iter()
                .map(|(x, y, deviation)| Mean {
                    at: (x, y.unwrap_or(f64::NAN)),
                    deviation,
                })
                .collect(),
        };
        let chart = Sweep {
            x: spec.x.span(),
            y: spec.y.span(),
            lines: spec.lines.into_iter().map(line).collect(),
            folds: spec.folds,
            of: spec.of,
            flags: spec
                .flags
                .into_iter()
                .map(|(x, label)| Flag { x, label })
                .collect(),
        };
        let sheet = self.sheet(canvas, ratio)?;
        let frame = chart.draw(&sheet).map_err(failed)?;
        finished(&sheet, &frame)
    }
}

/// Names, or numbers from one end to the other.
#[derive(Deserialize)]
struct SpanSpec {
    name: String,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    ends: (f64, f64),
    #[serde(default)]
    log: bool,
    /// Whether marks stand at its ends.
    #[serde(default)]
    room: bool,
}

impl SpanSpec {
    fn span(&self) -> Span {
        if !self.labels.is_empty() {
            return Span::names(&self.name, self.labels.clone());
        }
        let scale = if self.log { Scale::Log } else { Scale::Linear };
        Span::numbers(&self.name, self.ends, scale, self.room)
    }
}

#[derive(Deserialize)]
struct ScoreMapSpec {
    x: SpanSpec,
    y: SpanSpec,
    columns: usize,
    cells: Vec<CellSpec>,
    best: Option<usize>,
    chosen: Option<usize>,
    rises: bool,
    unit: String,
}

#[derive(Deserialize)]
struct CellSpec {
    state: State,
    score: Option<f64>,
    #[serde(default)]
    text: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Empty,
    Pending,
    Running,
    Over,
}

#[derive(Deserialize)]
struct TrialPlaneSpec {
    x: SpanSpec,
    y: SpanSpec,
    dots: Vec<DotSpec>,
    best: Vec<usize>,
    chosen: Option<usize>,
    rises: bool,
    unit: String,
}

#[derive(Deserialize)]
struct DotSpec {
    x: f64,
    y: f64,
    score: Option<f64>,
    over: bool,
    search: usize,
}

#[derive(Deserialize)]
struct ParallelSpec {
    axes: Vec<SpanSpec>,
    traces: Vec<TraceSpec>,
    best: Option<usize>,
    chosen: Option<usize>,
    rises: bool,
}

#[derive(Deserialize)]
struct TraceSpec {
    at: Vec<Option<f64>>,
    score: Option<f64>,
}

#[derive(Deserialize)]
struct SweepSpec {
    x: SpanSpec,
    y: SpanSpec,
    lines: Vec<LineSpec>,
    folds: Vec<(Point, usize)>,
    of: usize,
    /// x and a word.
    #[serde(default)]
    flags: Vec<(f64, String)>,
}

#[derive(Deserialize)]
struct LineSpec {
    manner: MannerSpec,
    joined: bool,
    /// x, y, standard deviation.
    means: Vec<(f64, Option<f64>, f64)>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum MannerSpec {
    Solid,
    Dashed,
    Bare,
    Raw,
}

/// Where parallel coordinates came to lie, in CSS pixels of the canvas.
#[derive(Serialize)]
struct Lain {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
    xs: Vec<f64>,
    ys: Vec<Vec<f64>>,
}
