//! The JavaScript API: `Session` and the free functions of docs/api.md.
//!
//! Only conversion happens here. Configs come in as plain objects, columns go out as typed arrays, errors as
//! exceptions whose message is `<config path>: <what is wrong>`.

use js_sys::{Array, Float64Array, Function, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::catalog;
use crate::config::SessionConfig;
use crate::data::{csv, registry};
use crate::error::Error;
use crate::optim::schedule::Schedule;
use crate::problem::surface::Surface;
use crate::train;
use crate::tune;
use crate::tune::search::{Method, Ranked, Search};
use crate::tune::trial::Folds;
use crate::value::Value;

/// The types of the API, for the `.d.ts`.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    /// `SessionConfig` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "SessionConfig")]
    pub type JsConfig;
    /// `OptimizerConfig` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "OptimizerConfig")]
    pub type JsOptimizer;
    /// `ScheduleConfig` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "ScheduleConfig")]
    pub type JsSchedule;
    /// `StopConfig` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "StopConfig")]
    pub type JsStop;
    /// `number | "full"` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "number | \"full\"")]
    pub type JsBatchSize;
    /// `StepReport` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "StepReport")]
    pub type JsReport;
    /// `Metrics` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Metrics")]
    pub type JsMetrics;
    /// `History` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "History")]
    pub type JsHistory;
    /// `HistoryPart` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "HistoryPart")]
    pub type JsHistoryPart;
    /// `Path` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Path")]
    pub type JsPath;
    /// `PathPart` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "PathPart")]
    pub type JsPathPart;
    /// `ValueAndGradient` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "ValueAndGradient")]
    pub type JsValueAndGradient;
    /// `Info` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Info")]
    pub type JsInfo;
    /// `Points` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Points")]
    pub type JsPoints;
    /// `Explained | null` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Explained | null")]
    pub type JsExplained;
    /// `Catalog` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Catalog")]
    pub type JsCatalog;
    /// `CsvPreview` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "CsvPreview")]
    pub type JsCsvPreview;
    /// `SurfaceProblem` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "SurfaceProblem")]
    pub type JsSurface;
    /// `Float64Array[]` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Float64Array[]")]
    pub type JsArrays;

    /// `SearchSpec` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "SearchSpec")]
    pub type JsSearch;
    /// `TrialPlan[]` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "TrialPlan[]")]
    pub type JsTrialPlans;
    /// `TrialResult` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "TrialResult")]
    pub type JsTrialResult;
    /// `TrialResult[]` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Pick<TrialResult, \"index\" | \"score_mean\">[]")]
    pub type JsTrialResults;
    /// `SearchResult` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "SearchResult")]
    pub type JsSearchResult;
    /// `TrialCurves` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "TrialCurves")]
    pub type JsTrialCurves;
    /// `number | "leave_one_out"` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "number | \"leave_one_out\"")]
    pub type JsFolds;
    /// Told after each trial; `false` ends the search.
    #[wasm_bindgen(
        typescript_type = "(done: number, total: number, trial: TrialResult) => boolean | void"
    )]
    pub type JsOnProgress;

    /// `performance` of the page, the worker or Node.
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: web_sys::Performance;
}

/// One config, one run, its record.
#[wasm_bindgen]
pub struct Session(train::Session);

#[wasm_bindgen]
impl Session {
    /// A run at its start. Throws `<config path>: <what is wrong>, <what is allowed>`.
    #[wasm_bindgen(constructor)]
    pub fn new(config: &JsConfig) -> Result<Session, JsError> {
        Ok(Self(train::Session::new(&read(config)?, now)?))
    }

    /// `n` iterations (1 by default); fewer if the run ends.
    pub fn train_step(&mut self, n: Option<f64>) -> Result<JsReport, JsError> {
        let n = n.unwrap_or(1.0);
        if !(n.fract() == 0.0 && (0.0..=1e15).contains(&n)) {
            return Err(Error::new(
                "n",
                format!("{n} is not a whole number of iterations, 0 or more"),
            )
            .into());
        }
        write(&self.0.train_step(n as u64))
    }

    /// Where the run stands, without a step.
    pub fn report(&self) -> Result<JsReport, JsError> {
        write(&self.0.report())
    }

    /// Another method: keeps parameters and history, starts the method's own state afresh.
    pub fn set_optimizer(&mut self, config: &JsOptimizer) -> Result<(), JsError> {
        Ok(self.0.set_optimizer(&read(config)?)?)
    }

    /// Another schedule from here on.
    pub fn set_schedule(&mut self, config: &JsSchedule) -> Result<(), JsError> {
        Ok(self.0.set_schedule(&read(config)?)?)
    }

    /// Other stopping rules from here on; a run that had ended goes on.
    pub fn set_stop(&mut self, config: &JsStop) -> Result<(), JsError> {
        Ok(self.0.set_stop(&read(config)?)?)
    }

    /// Rows of a minibatch from here on, or `"full"`.
    pub fn set_batch_size(&mut self, m: &JsBatchSize) -> Result<(), JsError> {
        Ok(self.0.set_batch_size(&read(m)?)?)
    }

    /// Factor of ½‖weights‖² from here on.
    pub fn set_l2(&mut self, l2: f64) -> Result<(), JsError> {
        Ok(self.0.set_l2(l2)?)
    }

    /// Back to the start: same seeds, so the same run, bit for bit.
    pub fn reset(&mut self) -> Result<(), JsError> {
        Ok(self.0.reset()?)
    }

    /// θ, a copy; for a network layer by layer, `W[out][in]` row-major, then `b[out]`.
    pub fn parameters(&self) -> Float64Array {
        Float64Array::from(self.0.parameters().as_slice())
    }

    /// Moves to these parameters.
    pub fn set_parameters(&mut self, p: &[f64]) -> Result<(), JsError> {
        Ok(self.0.set_parameters(p)?)
    }

    /// f and ∇f on the full training set, L2 included.
    pub fn value_and_gradient(&mut self) -> JsValueAndGradient {
        let (value, gradient) = self.0.value_and_gradient();
        object([
            ("value", value.into()),
            ("gradient", Float64Array::from(gradient.as_slice()).into()),
        ])
        .unchecked_into()
    }

    /// ∇²f, n·n row-major.
    pub fn hessian(&mut self) -> Result<Float64Array, JsError> {
        Ok(Float64Array::from(self.0.hessian()?.as_slice()))
    }

    /// r, where the function is ½‖r‖².
    pub fn residuals(&mut self) -> Result<Float64Array, JsError> {
        Ok(Float64Array::from(self.0.residuals()?.as_slice()))
    }

    /// ∂r/∂x, m·n row-major.
    pub fn jacobian(&mut self) -> Result<Float64Array, JsError> {
        Ok(Float64Array::from(self.0.jacobian()?.as_slice()))
    }

    /// Outputs `[rows][out]` for inputs `[rows][in]`, in the data's own units.
    pub fn predict(&mut self, inputs: &[f64]) -> Result<Float64Array, JsError> {
        Ok(Float64Array::from(self.0.predict(inputs)?.as_slice()))
    }

    /// Every layer's activations `[units][rows]`, inputs first and outputs last.
    pub fn neurons(&mut self, inputs: &[f64]) -> Result<JsArrays, JsError> {
        let layers = self.0.neurons(inputs)?;
        let arrays: Array = layers
            .iter()
            .map(|layer| Float64Array::from(layer.as_slice()))
            .collect();
        Ok(arrays.unchecked_into())
    }

    /// Quality on `"train"`, `"val"` or `"test"`. Opening `"test"` is counted.
    pub fn evaluate(&mut self, split: &str) -> Result<JsMetrics, JsError> {
        write(&self.0.evaluate(split)?)
    }

    /// How often `"test"` has been opened.
    pub fn test_openings(&self) -> f64 {
        self.0.test_openings() as f64
    }

    /// The training or validation rows, in the data's own units.
    pub fn points(&mut self, split: &str) -> Result<JsPoints, JsError> {
        let points = self.0.points(split)?;
        let object = object([
            ("rows", JsValue::from_f64(points.rows as f64)),
            (
                "inputs",
                Float64Array::from(points.inputs.as_slice()).into(),
            ),
            (
                "targets",
                Float64Array::from(points.targets.as_slice()).into(),
            ),
        ]);
        Ok(object.unchecked_into())
    }

    /// What is solved: kind, sizes, names, warnings.
    pub fn info(&mut self) -> Result<JsInfo, JsError> {
        write(&self.0.info())
    }

    /// The whole record, a `Float64Array` a column.
    pub fn history(&mut self) -> JsHistory {
        columns(self.0.history().columns(), 0).unchecked_into()
    }

    /// The record from a row on; from row 0 if rows were dropped since the last call.
    pub fn history_since(&mut self, row: usize) -> JsHistoryPart {
        let history = self.0.history();
        let from = history.first_new_row(row);
        object([
            ("from", JsValue::from_f64(from as f64)),
            ("rows", JsValue::from_f64(history.rows() as f64)),
            ("columns", columns(history.columns(), from).into()),
        ])
        .unchecked_into()
    }

    /// The recorded iterates.
    pub fn path(&mut self) -> JsPath {
        let (dim, points) = self.0.history().path();
        object([
            ("dim", JsValue::from_f64(dim as f64)),
            ("points", Float64Array::from(points).into()),
        ])
        .unchecked_into()
    }

    /// The recorded iterates from a point on; from point 0 if points were dropped since the last call.
    pub fn path_since(&mut self, point: usize) -> JsPathPart {
        let history = self.0.history();
        let from = history.first_new_point(point);
        let (dim, points) = history.path();
        object([
            ("from", JsValue::from_f64(from as f64)),
            ("dim", JsValue::from_f64(dim as f64)),
            (
                "points",
                Float64Array::from(&points[(from * dim).min(points.len())..]).into(),
            ),
        ])
        .unchecked_into()
    }

    /// Chooses the coordinates of the live equation.
    pub fn watch(&mut self, indices: &[u32]) {
        self.0.watch(indices);
    }

    /// The last step's numbers at the watched coordinates.
    pub fn explain(&self) -> JsExplained {
        let Some(explained) = self.0.explain() else {
            return JsValue::NULL.unchecked_into();
        };
        let values = Object::new();
        for (name, numbers) in explained.values {
            set(
                &values,
                &name,
                &numbers
                    .into_iter()
                    .map(JsValue::from_f64)
                    .collect::<Array>(),
            );
        }
        object([
            ("iteration", JsValue::from_f64(explained.iteration as f64)),
            ("values", values.into()),
        ])
        .unchecked_into()
    }

    /// Everything the run depends on, and its record.
    pub fn snapshot(&mut self) -> Result<Uint8Array, JsError> {
        Ok(Uint8Array::from(self.0.snapshot()?.as_slice()))
    }

    /// The session of a snapshot; continues exactly where it was.
    pub fn restore(bytes: &[u8]) -> Result<Session, JsError> {
        Ok(Self(train::Session::restore(bytes, now)?))
    }

    /// The config with every default filled in.
    pub fn config(&self) -> Result<JsConfig, JsError> {
        write(&self.0.config())
    }

    /// A digest of the parameters' bits: equal digests, equal runs.
    pub fn digest(&self) -> String {
        self.0.digest()
    }
}

/// One trial of a search, run in slices: for a worker that shows its curves and can be stopped in between.
#[wasm_bindgen]
pub struct Trial(tune::Trial);

#[wasm_bindgen]
impl Trial {
    /// Trial `index` at its start. Throws where the spec is wrong; a config that is refused makes a trial that is over.
    #[wasm_bindgen(constructor)]
    pub fn new(spec: &JsSearch, index: f64) -> Result<Trial, JsError> {
        let search = Search::from_value(&read(spec)?, Method::AsGiven)?;
        Ok(Self(search.trial(trial_index(index)?, now)?))
    }

    /// Up to `n` iterations, of one fold after another; says whether the trial is over.
    pub fn advance(&mut self, n: f64) -> bool {
        self.0.advance(n as u64);
        self.0.is_over()
    }

    /// Steps taken, over all folds.
    pub fn iterations(&self) -> f64 {
        self.0.iterations() as f64
    }

    /// The record of the fold at work, thinned to so many points.
    pub fn curves(&mut self, points: usize) -> Result<JsTrialCurves, JsError> {
        write(&self.0.curves(points))
    }

    /// What it came to; before the end, what the folds that are done came to.
    pub fn result(&self) -> Result<JsTrialResult, JsError> {
        write(&self.0.result())
    }
}

/// Runs every combination of the axes' values, the last axis varying fastest.
#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value)] // wasm-bindgen has no optional borrowed imports.
pub fn grid_search(
    spec: &JsSearch,
    on_progress: Option<JsOnProgress>,
) -> Result<JsSearchResult, JsValue> {
    search(spec, Method::Grid, on_progress.as_ref())
}

/// Runs `spec.trials` draws from the axes, each from a stream of its own.
#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value)] // wasm-bindgen has no optional borrowed imports.
pub fn random_search(
    spec: &JsSearch,
    on_progress: Option<JsOnProgress>,
) -> Result<JsSearchResult, JsValue> {
    search(spec, Method::Random, on_progress.as_ref())
}

/// Trains and scores the config on every fold of its training and validation rows.
#[wasm_bindgen]
pub fn cross_validate(config: &JsConfig, folds: &JsFolds) -> Result<JsTrialResult, JsError> {
    let folds = Folds::from_value(&read(folds)?)?;
    write(&tune::cross_validate(&read(config)?, folds, now)?)
}

/// What there is to run, so that workers can share it out. Checks the spec against the config first.
#[wasm_bindgen]
pub fn trials(spec: &JsSearch) -> Result<JsTrialPlans, JsError> {
    let search = Search::from_value(&read(spec)?, Method::AsGiven)?;
    search.check()?;
    write(&search.trials())
}

/// What there is to run now, given the results so far: what has none yet, or the present rung of successive halving.
#[wasm_bindgen]
pub fn next_trials(spec: &JsSearch, results: &JsTrialResults) -> Result<JsTrialPlans, JsError> {
    let search = Search::from_value(&read(spec)?, Method::AsGiven)?;
    write(&search.next(&ranked(results)?))
}

/// How many trials there are, over all rungs.
#[wasm_bindgen]
pub fn trial_count(spec: &JsSearch) -> Result<f64, JsError> {
    Ok(Search::from_value(&read(spec)?, Method::AsGiven)?.len() as f64)
}

/// Runs trial `index`. A trial that diverges or whose config is refused says so in its result.
#[wasm_bindgen]
pub fn run_trial(spec: &JsSearch, index: f64) -> Result<JsTrialResult, JsError> {
    let search = Search::from_value(&read(spec)?, Method::AsGiven)?;
    let mut trial = search.trial(trial_index(index)?, now)?;
    trial.advance(u64::MAX);
    write(&trial.result())
}

/// The whole config of trial `index`, to open it as a session.
#[wasm_bindgen]
pub fn trial_config(spec: &JsSearch, index: f64) -> Result<JsConfig, JsError> {
    let search = Search::from_value(&read(spec)?, Method::AsGiven)?;
    write(&search.config(&search.plan(trial_index(index)?)?)?)
}

/// Where in `results` the best stands, −1 where none has a score.
#[wasm_bindgen]
pub fn best_trial(spec: &JsSearch, results: &JsTrialResults) -> Result<f64, JsError> {
    let search = Search::from_value(&read(spec)?, Method::AsGiven)?;
    Ok(search
        .best(&ranked(results)?)
        .map_or(-1.0, |place| place as f64))
}

/// All problems, data sets, methods and schedules with their parameters, ranges, defaults, equations and references.
#[wasm_bindgen]
pub fn catalog() -> Result<JsCatalog, JsError> {
    write(&catalog::catalog())
}

/// The config with every default filled in; throws as the constructor does.
#[wasm_bindgen]
pub fn check(config: &JsConfig) -> Result<JsConfig, JsError> {
    write(&SessionConfig::from_value(&read(config)?)?.to_value())
}

/// Makes a CSV available as a data set of this name.
#[wasm_bindgen]
#[allow(clippy::needless_pass_by_value)] // wasm-bindgen has no optional borrowed strings.
pub fn register_data(name: &str, csv: &str, target: Option<String>) -> Result<(), JsError> {
    Ok(registry::register(name, csv, target.as_deref())?)
}

/// What a CSV seems to hold, for an import dialog.
#[wasm_bindgen]
pub fn preview_csv(csv: &str) -> Result<JsCsvPreview, JsError> {
    write(&csv::preview(csv)?.to_value())
}

/// f on a grid of `nx`·`ny` points over `view` = [x0, x1, y0, y1], row 0 at y0; in the plane of the first two
/// coordinates through the start.
#[wasm_bindgen]
pub fn surface_values(
    problem: &JsSurface,
    view: &[f64],
    nx: usize,
    ny: usize,
) -> Result<Float64Array, JsError> {
    let [x0, x1, y0, y1] =
        <[f64; 4]>::try_from(view).map_err(|_| Error::new("view", "must be [x0, x1, y0, y1]"))?;
    if !(2..=2000).contains(&nx) || !(2..=2000).contains(&ny) {
        return Err(Error::new(
            "nx, ny",
            format!("{nx} by {ny} is no grid from 2 by 2 to 2000 by 2000"),
        )
        .into());
    }
    let mut surface = surface(problem)?;
    let mut point = surface.start().to_vec();
    let mut values = Vec::with_capacity(nx * ny);
    for j in 0..ny {
        for i in 0..nx {
            point[0] = x0 + (x1 - x0) * i as f64 / (nx - 1) as f64;
            point[1] = y0 + (y1 - y0) * j as f64 / (ny - 1) as f64;
            values.push(surface.value_at(&point));
        }
    }
    Ok(Float64Array::from(values.as_slice()))
}

/// f and ∇f at a point of the plane of the first two coordinates through the start.
#[wasm_bindgen]
pub fn surface_at(problem: &JsSurface, x: f64, y: f64) -> Result<JsValueAndGradient, JsError> {
    let mut surface = surface(problem)?;
    let mut point = surface.start().to_vec();
    (point[0], point[1]) = (x, y);
    let mut gradient = vec![0.0; point.len()];
    let value = surface.gradient_at(&point, &mut gradient);
    let object = object([
        ("value", value.into()),
        ("gradient", Float64Array::from(gradient.as_slice()).into()),
    ]);
    Ok(object.unchecked_into())
}

/// The learning rate at `points` equally spaced iterations from 0 to `iterations`.
#[wasm_bindgen]
pub fn schedule_values(
    schedule: &JsSchedule,
    lr: f64,
    iterations_per_epoch: f64,
    iterations: f64,
    points: usize,
) -> Result<Float64Array, JsError> {
    let schedule = Schedule::from_value(&read(schedule)?).map_err(|e| e.within("schedule"))?;
    let at = |i: usize| {
        let iteration = (iterations * i as f64 / (points.max(2) - 1) as f64).floor();
        schedule.at(
            lr,
            iteration / iterations_per_epoch.max(1.0),
            iteration as u64,
        )
    };
    Ok(Float64Array::from(
        (0..points.min(100_000))
            .map(at)
            .collect::<Vec<_>>()
            .as_slice(),
    ))
}

/// A seed from the system's entropy, a whole number below 2³².
#[wasm_bindgen]
pub fn fresh_seed() -> Result<f64, JsError> {
    getrandom::u32()
        .map(f64::from)
        .map_err(|e| JsError::new(&format!("seed: no entropy: {e}")))
}

/// The version of this package.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// A surface of two or more variables.
fn surface(problem: &JsSurface) -> Result<Surface, JsError> {
    let surface = Surface::from_value(&read(problem)?).map_err(|e| e.within("problem"))?;
    if surface.start().len() < 2 {
        return Err(Error::new("problem", "a map needs two coordinates").into());
    }
    Ok(surface)
}

/// Runs a whole search on this thread. What the callback throws is thrown on.
fn search(
    spec: &JsSearch,
    method: Method,
    on_progress: Option<&JsOnProgress>,
) -> Result<JsSearchResult, JsValue> {
    let search = Search::from_value(&read(spec)?, method).map_err(JsError::from)?;
    let mut thrown = None;
    let found = search.run(now, |done, total, trial| {
        let Some(on_progress) = on_progress else {
            return true;
        };
        let told = write(trial)
            .map_err(JsValue::from)
            .and_then(|trial: JsValue| {
                let callback: &Function = on_progress.unchecked_ref();
                callback.call3(&JsValue::NULL, &done.into(), &total.into(), &trial)
            });
        match told {
            Ok(answer) => answer != JsValue::FALSE,
            Err(error) => {
                thrown = Some(error);
                false
            }
        }
    });
    match thrown {
        Some(error) => Err(error),
        None => Ok(write(&found.map_err(JsError::from)?)?),
    }
}

fn ranked(results: &JsTrialResults) -> Result<Vec<Ranked>, JsError> {
    let results = read(results)?;
    let items = results
        .as_list()
        .ok_or_else(|| Error::new("results", format!("{results} is not an array")))?;
    let ranked = items.iter().enumerate();
    let ranked: Result<Vec<Ranked>, Error> = ranked
        .map(|(place, item)| Ranked::from_value(item, place))
        .collect();
    Ok(ranked?)
}

fn trial_index(index: f64) -> Result<usize, Error> {
    if index.fract() == 0.0 && (0.0..4e9).contains(&index) {
        Ok(index as usize)
    } else {
        let what = format!("{index} is not the number of a trial, a whole number from 0");
        Err(Error::new("index", what))
    }
}

fn now() -> f64 {
    PERFORMANCE.with(web_sys::Performance::now)
}

fn read(value: &JsValue) -> Result<Value, JsError> {
    serde_wasm_bindgen::from_value(value.clone()).map_err(|e| JsError::new(&format!("config: {e}")))
}

fn write<T: Serialize + ?Sized, J: JsCast>(value: &T) -> Result<J, JsError> {
    let serializer = Serializer::new()
        .serialize_maps_as_objects(true)
        .serialize_missing_as_null(true);
    Ok(value
        .serialize(&serializer)
        .map_err(|e| JsError::new(&e.to_string()))?
        .unchecked_into())
}

fn columns<'a>(columns: impl Iterator<Item = (&'a str, &'a [f64])>, from: usize) -> Object {
    let object = Object::new();
    for (name, values) in columns {
        set(
            &object,
            name,
            &Float64Array::from(&values[from.min(values.len())..]),
        );
    }
    object
}

fn object<const N: usize>(pairs: [(&str, JsValue); N]) -> Object {
    let object = Object::new();
    for (key, value) in pairs {
        set(&object, key, &value);
    }
    object
}

fn set(object: &Object, key: &str, value: &JsValue) {
    // Setting a key of a fresh plain object cannot fail.
    let _ = Reflect::set(object, &JsValue::from_str(key), value);
}
