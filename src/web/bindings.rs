//! The JavaScript API: `Session` and the free functions of docs/api.md.
//!
//! Only conversion happens here. Configs come in as plain objects, columns go out as typed arrays, errors as
//! exceptions whose message is `<config path>: <what is wrong>`.

use js_sys::{Array, Float64Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::catalog;
use crate::config::SessionConfig;
use crate::data::{csv, registry};
use crate::error::Error;
use crate::optim::schedule::Schedule;
use crate::optim::{Certificate, Multipliers};
use crate::problem::surface::Surface;
use crate::train;

use super::read;

/// The types of the API, for the `.d.ts`.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen]
extern "C" {
    /// `SessionConfig` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "SessionConfig")]
    pub type JsConfig;
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
    /// `SolveReport` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "SolveReport")]
    pub type JsSolveReport;
    /// `Multipliers | null` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Multipliers | null")]
    pub type JsMultipliers;
    /// `Certificate | null` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Certificate | null")]
    pub type JsCertificate;
    /// `Constraints` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Constraints")]
    pub type JsConstraints;
    /// `MatrixPicture` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "MatrixPicture")]
    pub type JsMatrixPicture;
    /// `Catalog` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Catalog")]
    pub type JsCatalog;
    /// `CsvPreview` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "CsvPreview")]
    pub type JsCsvPreview;
    /// `FitStatistics` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "FitStatistics")]
    pub type JsFitStatistics;
    /// `FitBand` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "FitBand")]
    pub type JsFitBand;
    /// `Float64Array[]` of the `.d.ts`.
    #[wasm_bindgen(typescript_type = "Float64Array[]")]
    pub type JsArrays;

    /// `performance` of the page, the worker or Node.
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: web_sys::Performance;
}

/// The largest whole number that a JavaScript number holds exactly.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;
/// The largest index of 32 bits.
const MAX_COUNT: f64 = 4_294_967_295.0;

/// One config, one run, its record.
#[wasm_bindgen]
pub struct Session(pub(super) train::Session);

#[wasm_bindgen]
impl Session {
    /// A run at its start. Throws `<config path>: <what is wrong>, <what is allowed>`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: &JsValue,
    ) -> Result<Session, JsError> {
        let config = read::value(config, "").map_err(rooted)?;
        Ok(Self(train::Session::new(&config, now).map_err(rooted)?))
    }

    /// `n` iterations (1 by default); fewer if the run ends.
    pub fn train_step(
        &mut self,
        #[wasm_bindgen(unchecked_optional_param_type = "number")] n: &JsValue,
    ) -> Result<JsReport, JsError> {
        let n = if n.is_undefined() {
            1.0
        } else {
            read::whole(n, "n", 0.0, MAX_EXACT)?
        };
        write(&self.0.train_step(n as u64))
    }

    /// Where the run stands, without a step.
    pub fn report(&self) -> Result<JsReport, JsError> {
        write(&self.0.report())
    }

    /// Another method: keeps parameters and history, starts the method's own state afresh.
    pub fn set_optimizer(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "OptimizerConfig")] config: &JsValue,
    ) -> Result<(), JsError> {
        Ok(self.0.set_optimizer(&read::value(config, "optimizer")?)?)
    }

    /// Another schedule from here on.
    pub fn set_schedule(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "ScheduleConfig")] config: &JsValue,
    ) -> Result<(), JsError> {
        Ok(self.0.set_schedule(&read::value(config, "schedule")?)?)
    }

    /// Other stopping rules from here on; a run that had ended goes on.
    pub fn set_stop(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "StopConfig")] config: &JsValue,
    ) -> Result<(), JsError> {
        Ok(self.0.set_stop(&read::value(config, "stop")?)?)
    }

    /// Rows of a minibatch from here on, or `"full"`.
    pub fn set_batch_size(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number | \"full\"")] m: &JsValue,
    ) -> Result<(), JsError> {
        Ok(self.0.set_batch_size(&read::value(m, "batch_size")?)?)
    }

    /// Factor of ½‖weights‖² from here on.
    pub fn set_l2(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] l2: &JsValue,
    ) -> Result<(), JsError> {
        Ok(self.0.set_l2(read::number(l2, "problem.l2")?)?)
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
    pub fn set_parameters(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] p: &JsValue,
    ) -> Result<(), JsError> {
        Ok(self.0.set_parameters(&read::numbers(p, "parameters")?)?)
    }

    /// The parameters with the best validation so far; null before the first validation.
    #[wasm_bindgen(unchecked_return_type = "BestParameters | null")]
    pub fn best_parameters(&self) -> JsValue {
        self.0.best_parameters().map_or(JsValue::NULL, |best| {
            object([
                ("iteration", JsValue::from_f64(best.place.iteration as f64)),
                ("val_loss", best.place.val_loss.into()),
                (
                    "parameters",
                    Float64Array::from(best.parameters.as_slice()).into(),
                ),
            ])
            .into()
        })
    }

    /// Moves to the parameters with the best validation so far.
    pub fn restore_best(&mut self) -> Result<(), JsError> {
        Ok(self.0.restore_best()?)
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

    /// The points that the method works with, as they are after the last step, and f at each; null before the first, and
    /// of a method that has one point only.
    #[wasm_bindgen(unchecked_return_type = "Population | null")]
    pub fn population(&self) -> JsValue {
        self.0.population().map_or(JsValue::NULL, |population| {
            let column = |values: &[f64]| Float64Array::from(values).into();
            object([
                ("dim", JsValue::from_f64(population.dim as f64)),
                ("points", column(&population.points)),
                ("values", column(&population.values)),
            ])
            .into()
        })
    }

    /// What the chains of a method that samples have drawn since its warm-up; null before the first step, and of other
    /// methods.
    #[wasm_bindgen(unchecked_return_type = "Samples | null")]
    pub fn samples(&self) -> JsValue {
        let draws = self.0.draws();
        if draws.chains() == 0 {
            return JsValue::NULL;
        }
        let column = |values: &[f64]| Float64Array::from(values).into();
        object([
            ("dim", JsValue::from_f64(draws.dim() as f64)),
            ("chains", JsValue::from_f64(draws.chains() as f64)),
            ("draws", JsValue::from_f64(draws.len() as f64)),
            ("stride", JsValue::from_f64(draws.stride() as f64)),
            ("points", column(draws.points())),
            ("values", column(draws.values())),
        ])
        .into()
    }

    /// The last proposals, the oldest first, at most 400; null as for `samples`.
    #[wasm_bindgen(unchecked_return_type = "Trials | null")]
    pub fn trials(&self) -> JsValue {
        let draws = self.0.draws();
        if draws.chains() == 0 {
            return JsValue::NULL;
        }
        let (mut from, mut to, mut accepted) = (Vec::new(), Vec::new(), Vec::new());
        for trial in draws.trials() {
            from.extend_from_slice(trial.from);
            to.extend_from_slice(trial.to);
            accepted.push(u8::from(trial.accepted));
        }
        object([
            ("dim", JsValue::from_f64(draws.dim() as f64)),
            ("from", Float64Array::from(from.as_slice()).into()),
            ("to", Float64Array::from(to.as_slice()).into()),
            ("accepted", Uint8Array::from(accepted.as_slice()).into()),
        ])
        .into()
    }

    /// What the draws say: acceptance, and of each parameter mean, quantiles, autocorrelation, effective sample size, R-hat;
    /// null as for `samples`.
    #[wasm_bindgen(unchecked_return_type = "Sampling | null")]
    pub fn sampling(&self) -> Result<JsValue, JsError> {
        match self.0.sampling() {
            Some(sampling) => write(&sampling),
            None => Ok(JsValue::NULL),
        }
    }

    /// The draws of coordinate `i` in `bins` equal parts, as a density.
    #[wasm_bindgen(unchecked_return_type = "Histogram")]
    pub fn histogram(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] i: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] bins: &JsValue,
    ) -> Result<JsValue, JsError> {
        let found = self.0.histogram(count(i, "i")?, count(bins, "bins")?)?;
        Ok(object([
            ("from", found.from.into()),
            ("to", found.to.into()),
            (
                "density",
                Float64Array::from(found.density.as_slice()).into(),
            ),
        ])
        .into())
    }

    /// The density that is sampled, of coordinate `i` of one or two, by numerical integration.
    #[wasm_bindgen(unchecked_return_type = "Marginal")]
    pub fn marginal(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] i: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] points: &JsValue,
    ) -> Result<JsValue, JsError> {
        let found = self.0.marginal(count(i, "i")?, count(points, "points")?)?;
        Ok(object([
            ("at", Float64Array::from(found.at.as_slice()).into()),
            (
                "density",
                Float64Array::from(found.density.as_slice()).into(),
            ),
        ])
        .into())
    }

    /// What the draws of a fit's parameters predict for inputs `[rows][in]`.
    #[wasm_bindgen(unchecked_return_type = "PosteriorBand")]
    pub fn posterior_band(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] inputs: &JsValue,
    ) -> Result<JsValue, JsError> {
        let band = self.0.posterior_band(&read::numbers(inputs, "inputs")?)?;
        let column = |values: &[f64]| Float64Array::from(values).into();
        Ok(object([
            ("median", column(&band.median)),
            ("lower", column(&band.lower)),
            ("upper", column(&band.upper)),
            ("predictive_lower", column(&band.predictive_lower)),
            ("predictive_upper", column(&band.predictive_upper)),
        ])
        .into())
    }

    /// How each linear solver fares on the problem's system, or on that of the method's next step.
    pub fn solve_report(&mut self) -> Result<JsSolveReport, JsError> {
        write(&self.0.solve_report()?)
    }

    /// The matrix of that system in at most `size` (1 to 200) cells a side, its right-hand side and its solution.
    pub fn matrix_picture(&mut self, size: usize) -> Result<JsMatrixPicture, JsError> {
        let picture = self.0.matrix_picture(size)?;
        let solution = picture
            .solution
            .map_or(JsValue::NULL, |x| Float64Array::from(x.as_slice()).into());
        let object = object([
            ("dim", JsValue::from_f64(picture.dim as f64)),
            ("size", JsValue::from_f64(picture.size as f64)),
            (
                "values",
                Float64Array::from(picture.values.as_slice()).into(),
            ),
            ("rhs", Float64Array::from(picture.rhs.as_slice()).into()),
            ("solution", solution),
        ]);
        Ok(object.unchecked_into())
    }

    /// Outputs `[rows][out]` for inputs `[rows][in]`, in the data's own units.
    pub fn predict(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] inputs: &JsValue,
    ) -> Result<Float64Array, JsError> {
        let inputs = read::numbers(inputs, "inputs")?;
        Ok(Float64Array::from(self.0.predict(&inputs)?.as_slice()))
    }

    /// Standard errors, 95 % intervals and the rest of a fitted model at the current parameters.
    pub fn fit_statistics(&mut self) -> Result<JsFitStatistics, JsError> {
        write(&self.0.fit_statistics()?)
    }

    /// A fitted model's values and 95 % band for inputs `[rows][in]`.
    pub fn fit_band(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] inputs: &JsValue,
    ) -> Result<JsFitBand, JsError> {
        let band = self.0.fit_band(&read::numbers(inputs, "inputs")?)?;
        let column = |values: &[f64]| Float64Array::from(values).into();
        let object = object([
            ("value", column(&band.value)),
            ("lower", column(&band.lower)),
            ("upper", column(&band.upper)),
        ]);
        Ok(object.unchecked_into())
    }

    /// f on a grid of `nx`·`ny` points over `view` = [x0, x1, y0, y1], row 0 at y0; in the plane of coordinates `i`
    /// and `j` through the current point.
    pub fn plane_values(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] i: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] j: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] view: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] nx: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] ny: &JsValue,
    ) -> Result<Float64Array, JsError> {
        let coordinate = |js, path| read::whole(js, path, 0.0, 1e9).map(|n| n as usize);
        let plane = (coordinate(i, "i")?, coordinate(j, "j")?);
        let values = self
            .0
            .plane_values(plane, rectangle(view)?, grid(nx, ny)?)?;
        Ok(Float64Array::from(values.as_slice()))
    }

    /// ν and λ as the method has them now; null of a method that has none.
    pub fn multipliers(&self) -> JsMultipliers {
        let y = self.0.multipliers();
        y.map_or(JsValue::NULL, |y| multipliers(&y).into())
            .unchecked_into()
    }

    /// The proof that the problem has no solution; null as long as there is none.
    pub fn certificate(&self) -> JsCertificate {
        let object = match self.0.certificate() {
            None => return JsValue::NULL.unchecked_into(),
            Some(Certificate::Infeasible(y)) => {
                let proof = multipliers(&y);
                set(&proof, "kind", &JsValue::from_str("infeasible"));
                proof
            }
            Some(Certificate::Unbounded(d)) => object([
                ("kind", JsValue::from_str("unbounded")),
                ("direction", Float64Array::from(d.as_slice()).into()),
            ]),
        };
        object.unchecked_into()
    }

    /// c and g at the current parameters, their Jacobians, and ∇f.
    pub fn constraints(&mut self) -> Result<JsConstraints, JsError> {
        let found = self.0.constraints()?;
        let (c, g) = found.values.split_at(found.equalities);
        let column = |values: &[f64]| Float64Array::from(values).into();
        let object = object([
            ("equality", column(c)),
            ("inequality", column(g)),
            ("jacobian", column(&found.jacobian)),
            ("gradient", column(&found.gradient)),
        ]);
        Ok(object.unchecked_into())
    }

    /// Each constraint, c first, on the grid of `plane_values`.
    pub fn plane_constraints(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] i: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] j: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] view: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] nx: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] ny: &JsValue,
    ) -> Result<JsArrays, JsError> {
        let coordinate = |js, path| read::whole(js, path, 0.0, 1e9).map(|n| n as usize);
        let plane = (coordinate(i, "i")?, coordinate(j, "j")?);
        let grids = self
            .0
            .plane_constraints(plane, rectangle(view)?, grid(nx, ny)?)?;
        let arrays: Array = grids
            .iter()
            .map(|grid| Float64Array::from(grid.as_slice()))
            .collect();
        Ok(arrays.unchecked_into())
    }

    /// Every layer's activations `[units][rows]`, inputs first and outputs last.
    pub fn neurons(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] inputs: &JsValue,
    ) -> Result<JsArrays, JsError> {
        let layers = self.0.neurons(&read::numbers(inputs, "inputs")?)?;
        let arrays: Array = layers
            .iter()
            .map(|layer| Float64Array::from(layer.as_slice()))
            .collect();
        Ok(arrays.unchecked_into())
    }

    /// Quality on `"train"`, `"val"` or `"test"`. Opening `"test"` is counted.
    pub fn evaluate(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "\"train\" | \"val\" | \"test\"")] split: &JsValue,
    ) -> Result<JsMetrics, JsError> {
        write(&self.0.evaluate(&read::text(split, "split")?)?)
    }

    /// How often `"test"` has been opened.
    pub fn test_openings(&self) -> f64 {
        self.0.test_openings() as f64
    }

    /// The training or validation rows, in the data's own units.
    pub fn points(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "\"train\" | \"val\"")] split: &JsValue,
    ) -> Result<JsPoints, JsError> {
        let points = self.0.points(&read::text(split, "split")?)?;
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
    pub fn history_since(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] row: &JsValue,
    ) -> Result<JsHistoryPart, JsError> {
        let row = count(row, "row")?;
        let history = self.0.history();
        let from = history.first_new_row(row);
        let part = object([
            ("from", JsValue::from_f64(from as f64)),
            ("rows", JsValue::from_f64(history.rows() as f64)),
            ("columns", columns(history.columns(), from).into()),
        ]);
        Ok(part.unchecked_into())
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
    pub fn path_since(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] point: &JsValue,
    ) -> Result<JsPathPart, JsError> {
        let point = count(point, "point")?;
        let history = self.0.history();
        let from = history.first_new_point(point);
        let (dim, points) = history.path();
        let part = object([
            ("from", JsValue::from_f64(from as f64)),
            ("dim", JsValue::from_f64(dim as f64)),
            (
                "points",
                Float64Array::from(&points[(from * dim).min(points.len())..]).into(),
            ),
        ]);
        Ok(part.unchecked_into())
    }

    /// Chooses the coordinates of the live equation.
    pub fn watch(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint32Array | number[]")] indices: &JsValue,
    ) -> Result<(), JsError> {
        let indices = read::numbers(indices, "indices")?;
        let whole = |v: &f64| v.fract() == 0.0 && (0.0..=MAX_COUNT).contains(v);
        if let Some(v) = indices.iter().find(|v| !whole(v)) {
            return Err(Error::new("indices", format!("{v} is not a whole number from 0")).into());
        }
        let indices: Vec<u32> = indices.into_iter().map(|v| v as u32).collect();
        self.0.watch(&indices);
        Ok(())
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
    pub fn restore(
        #[wasm_bindgen(unchecked_param_type = "Uint8Array")] bytes: &JsValue,
    ) -> Result<Session, JsError> {
        let bytes = read::bytes(bytes, "snapshot")?;
        Ok(Self(train::Session::restore(&bytes, now)?))
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

/// All problems, data sets, methods and schedules with their parameters, ranges, defaults, equations and references.
#[wasm_bindgen]
pub fn catalog() -> Result<JsCatalog, JsError> {
    write(&catalog::catalog())
}

/// The config with every default filled in; throws as the constructor does.
#[wasm_bindgen]
pub fn check(
    #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: &JsValue,
) -> Result<JsConfig, JsError> {
    let config = read::value(config, "").map_err(rooted)?;
    write(
        &SessionConfig::from_value(&config)
            .map_err(rooted)?
            .to_value(),
    )
}

/// Makes a CSV available as a data set of this name.
#[wasm_bindgen]
pub fn register_data(
    #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] csv: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "string")] target: &JsValue,
) -> Result<(), JsError> {
    let name = read::text(name, "name")?;
    let csv = read::text(csv, "csv")?;
    let target = read::optional_text(target, "target")?;
    Ok(registry::register(&name, &csv, target.as_deref())?)
}

/// What a CSV seems to hold, for an import dialog.
#[wasm_bindgen]
pub fn preview_csv(
    #[wasm_bindgen(unchecked_param_type = "string")] csv: &JsValue,
) -> Result<JsCsvPreview, JsError> {
    write(&csv::preview(&read::text(csv, "csv")?)?.to_value())
}

/// f on a grid of `nx`·`ny` points over `view` = [x0, x1, y0, y1], row 0 at y0; in the plane of the first two
/// coordinates through the start.
#[wasm_bindgen]
pub fn surface_values(
    #[wasm_bindgen(unchecked_param_type = "SurfaceProblem")] problem: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Float64Array | number[]")] view: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] nx: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] ny: &JsValue,
) -> Result<Float64Array, JsError> {
    let [x0, x1, y0, y1] = rectangle(view)?;
    let (nx, ny) = grid(nx, ny)?;
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
pub fn surface_at(
    #[wasm_bindgen(unchecked_param_type = "SurfaceProblem")] problem: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] x: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] y: &JsValue,
) -> Result<JsValueAndGradient, JsError> {
    let (x, y) = (read::number(x, "x")?, read::number(y, "y")?);
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
    #[wasm_bindgen(unchecked_param_type = "ScheduleConfig")] schedule: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] lr: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] iterations_per_epoch: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] iterations: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] points: &JsValue,
) -> Result<Float64Array, JsError> {
    let schedule = read::value(schedule, "schedule")?;
    let schedule = Schedule::from_value(&schedule).map_err(|e| e.within("schedule"))?;
    let lr = read::number(lr, "lr")?;
    let per_epoch = read::number(iterations_per_epoch, "iterations_per_epoch")?.max(1.0);
    let iterations = read::number(iterations, "iterations")?;
    let points = read::whole(points, "points", 2.0, 100_000.0)? as usize;
    let rates: Vec<f64> = (0..points)
        .map(|i| {
            let iteration = (iterations * i as f64 / (points - 1) as f64).floor();
            schedule.at(lr, iteration / per_epoch, iteration as u64)
        })
        .collect();
    Ok(Float64Array::from(rates.as_slice()))
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

pub(super) fn rectangle(view: &JsValue) -> Result<[f64; 4], Error> {
    <[f64; 4]>::try_from(read::numbers(view, "view")?)
        .map_err(|_| Error::new("view", "must be [x0, x1, y0, y1]"))
}

/// Points of a grid along each of its sides.
pub(super) fn grid(nx: &JsValue, ny: &JsValue) -> Result<(usize, usize), Error> {
    let points = |js, path| read::whole(js, path, 2.0, 2000.0).map(|n| n as usize);
    Ok((points(nx, "nx")?, points(ny, "ny")?))
}

/// A surface of two or more variables.
fn surface(problem: &JsValue) -> Result<Surface, JsError> {
    let problem = read::value(problem, "problem")?;
    let surface = Surface::from_value(&problem).map_err(|e| e.within("problem"))?;
    if surface.start().len() < 2 {
        return Err(Error::new("problem", "a map needs two coordinates").into());
    }
    Ok(surface)
}

/// Milliseconds of the page's clock.
pub(super) fn now() -> f64 {
    PERFORMANCE.with(web_sys::Performance::now)
}

/// An error about the whole config names it.
fn rooted(error: Error) -> Error {
    if error.path.is_empty() {
        error.within("config")
    } else {
        error
    }
}

/// A number of rows or points that a reader has.
fn count(js: &JsValue, path: &str) -> Result<usize, Error> {
    read::whole(js, path, 0.0, MAX_COUNT).map(|n| n as usize)
}

/// A plain JavaScript value.
pub(super) fn write<T: Serialize + ?Sized, J: JsCast>(value: &T) -> Result<J, JsError> {
    let serializer = Serializer::new()
        .serialize_maps_as_objects(true)
        .serialize_missing_as_null(true);
    Ok(value
        .serialize(&serializer)
        .map_err(|e| JsError::new(&e.to_string()))?
        .unchecked_into())
}

fn multipliers(y: &Multipliers) -> Object {
    object([
        ("nu", Float64Array::from(y.nu.as_slice()).into()),
        ("lambda", Float64Array::from(y.lambda.as_slice()).into()),
    ])
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

pub(super) fn object<const N: usize>(pairs: [(&str, JsValue); N]) -> Object {
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
