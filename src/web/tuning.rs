//! The JavaScript API of searches: the free functions of docs/api.md that run, plan and rank trials.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;

use super::bindings::{now, write};
use super::read;
use crate::error::Error;
use crate::tune;
use crate::tune::search::{Method, Ranked, Search};
use crate::tune::trial::Folds;
use crate::tune::{export, recipe};
use crate::value::Value;

/// Most trials that a number may name.
const MAX_INDEX: f64 = 4e9;
/// 2⁵³ − 1.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;
/// Most points of a curve.
const MAX_POINTS: f64 = 100_000.0;

/// One trial of a search, run in slices: for a worker that shows its curves and can be stopped in between.
#[wasm_bindgen]
pub struct Trial(tune::Trial);

#[wasm_bindgen]
impl Trial {
    /// Trial `index` at its start. Throws where the spec is wrong; a config that is refused makes a trial that is over.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] index: &JsValue,
    ) -> Result<Trial, JsError> {
        Ok(Self(given(spec)?.trial(trial_index(index)?, now)?))
    }

    /// Up to `n` iterations, of one fold after another; says whether the trial is over.
    pub fn advance(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] n: &JsValue,
    ) -> Result<bool, JsError> {
        self.0.advance(read::whole(n, "n", 0.0, MAX_EXACT)? as u64);
        Ok(self.0.is_over())
    }

    /// Steps taken, over all folds.
    pub fn iterations(&self) -> f64 {
        self.0.iterations() as f64
    }

    /// The record of the fold at work, thinned to so many points.
    #[wasm_bindgen(unchecked_return_type = "TrialCurves")]
    pub fn curves(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] points: &JsValue,
    ) -> Result<JsValue, JsError> {
        let points = read::whole(points, "points", 2.0, MAX_POINTS)?;
        write(&self.0.curves(points as usize))
    }

    /// What it came to; before the end, what the folds that are done came to.
    #[wasm_bindgen(unchecked_return_type = "TrialResult")]
    pub fn result(&self) -> Result<JsValue, JsError> {
        write(&self.0.result())
    }
}

/// A spec that is read once, for a worker that runs many of its trials.
#[wasm_bindgen]
pub struct SearchTrials(Search);

#[wasm_bindgen]
impl SearchTrials {
    /// Throws where the spec is wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
    ) -> Result<SearchTrials, JsError> {
        Ok(Self(given(spec)?))
    }

    /// As `new Trial(spec, index)`.
    pub fn trial(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] index: &JsValue,
    ) -> Result<Trial, JsError> {
        Ok(Trial(self.0.trial(trial_index(index)?, now)?))
    }
}

/// Runs every combination of the axes' values, the last axis varying fastest.
#[wasm_bindgen(unchecked_return_type = "SearchResult")]
pub fn grid_search(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
    #[wasm_bindgen(
        unchecked_optional_param_type = "(done: number, total: number, trial: TrialResult) => boolean | void"
    )]
    on_progress: &JsValue,
) -> Result<JsValue, JsValue> {
    search(spec, Method::Grid, on_progress)
}

/// Runs `spec.trials` draws from the axes, each from a stream of its own.
#[wasm_bindgen(unchecked_return_type = "SearchResult")]
pub fn random_search(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
    #[wasm_bindgen(
        unchecked_optional_param_type = "(done: number, total: number, trial: TrialResult) => boolean | void"
    )]
    on_progress: &JsValue,
) -> Result<JsValue, JsValue> {
    search(spec, Method::Random, on_progress)
}

/// Trains and scores the config on every fold of its training and validation rows.
#[wasm_bindgen(unchecked_return_type = "TrialResult")]
pub fn cross_validate(
    #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number | \"leave_one_out\"")] folds: &JsValue,
) -> Result<JsValue, JsError> {
    let folds = Folds::from_value(&read::value(folds, "folds")?)?;
    write(&tune::cross_validate(
        &read::value(config, "")?,
        folds,
        now,
    )?)
}

/// What there is to run, so that workers can share it out. Checks the spec against the config first.
#[wasm_bindgen(unchecked_return_type = "TrialPlan[]")]
pub fn trials(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
) -> Result<JsValue, JsError> {
    let search = given(spec)?;
    search.check()?;
    write(&search.trials())
}

/// What there is to run now, given the results so far: what has none yet, or the present rung of successive halving.
#[wasm_bindgen(unchecked_return_type = "TrialPlan[]")]
pub fn next_trials(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TrialResult[]")] results: &JsValue,
) -> Result<JsValue, JsError> {
    write(&given(spec)?.next(&ranked(results)?))
}

/// How many trials there are, over all rungs.
#[wasm_bindgen]
pub fn trial_count(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
) -> Result<f64, JsError> {
    Ok(given(spec)?.len() as f64)
}

/// Runs trial `index`. A trial that diverges or whose config is refused says so in its result.
#[wasm_bindgen(unchecked_return_type = "TrialResult")]
pub fn run_trial(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] index: &JsValue,
) -> Result<JsValue, JsError> {
    let mut trial = given(spec)?.trial(trial_index(index)?, now)?;
    trial.advance(u64::MAX);
    write(&trial.result())
}

/// The whole config of trial `index`, to open it as a session.
#[wasm_bindgen(unchecked_return_type = "SessionConfig")]
pub fn trial_config(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] index: &JsValue,
) -> Result<JsValue, JsError> {
    let search = given(spec)?;
    write(&search.config(&search.plan(trial_index(index)?)?)?)
}

/// Where in `results` the best stands, −1 where none has a score.
#[wasm_bindgen]
pub fn best_trial(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TrialResult[]")] results: &JsValue,
) -> Result<f64, JsError> {
    let best = given(spec)?.best(&ranked(results)?);
    Ok(best.map_or(-1.0, |place| place as f64))
}

/// What the errors say, and what to do next; with a config, what to set in it to try that.
#[wasm_bindgen(unchecked_return_type = "Diagnosis")]
pub fn diagnose(
    #[wasm_bindgen(unchecked_param_type = "Errors")] errors: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "SessionConfig")] config: &JsValue,
) -> Result<JsValue, JsError> {
    let config = if config.is_undefined() || config.is_null() {
        None
    } else {
        Some(read::value(config, "config")?)
    };
    write(&recipe::diagnose(
        &read::value(errors, "")?,
        config.as_ref(),
    )?)
}

/// The method that the lecture would pick for the problem, and why.
#[wasm_bindgen(unchecked_return_type = "Advice")]
pub fn advise(
    #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: &JsValue,
) -> Result<JsValue, JsError> {
    write(&recipe::advise(&read::value(config, "")?)?)
}

/// A run whose learning rate climbs, to see from where on it learns and where it breaks.
#[wasm_bindgen(unchecked_return_type = "RangeTest")]
pub fn range_test(
    #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: &JsValue,
    #[wasm_bindgen(
        unchecked_optional_param_type = "{ min_lr?: number; max_lr?: number; iterations?: number }"
    )]
    options: &JsValue,
) -> Result<JsValue, JsError> {
    let options = if options.is_undefined() || options.is_null() {
        Value::Map(Vec::new())
    } else {
        read::value(options, "")?
    };
    write(&tune::range_test::range_test(
        &read::value(config, "")?,
        &options,
        now,
    )?)
}

/// A PyTorch script that repeats the run of a config: same data, start, batches and method.
#[wasm_bindgen]
pub fn python_script(
    #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: &JsValue,
) -> Result<String, JsError> {
    Ok(export::python_script(&read::value(config, "")?)?)
}

/// A Ray Tune script that runs the trials of a spec.
#[wasm_bindgen]
pub fn ray_script(
    #[wasm_bindgen(unchecked_param_type = "SearchSpec")] spec: &JsValue,
) -> Result<String, JsError> {
    Ok(export::ray_script(&given(spec)?)?)
}

/// The search of a spec, with the method that it names.
fn given(spec: &JsValue) -> Result<Search, Error> {
    Search::from_value(&read::value(spec, "")?, Method::AsGiven)
}

/// Runs a whole search on this thread. What the callback throws is thrown on.
fn search(spec: &JsValue, method: Method, on_progress: &JsValue) -> Result<JsValue, JsValue> {
    let search = read::value(spec, "").and_then(|spec| Search::from_value(&spec, method));
    let search = search.map_err(JsError::from)?;
    let callback = on_progress.dyn_ref::<Function>();
    if callback.is_none() && !on_progress.is_undefined() && !on_progress.is_null() {
        let error = Error::new("on_progress", "is not a function");
        return Err(JsError::from(error).into());
    }
    let mut thrown = None;
    let found = search.run(now, |done, total, trial| {
        let Some(callback) = callback else {
            return true;
        };
        let told = write(trial)
            .map_err(JsValue::from)
            .and_then(|trial: JsValue| {
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

/// The numbers and scores of results; the rest of them is not looked at, as there may be thousands.
fn ranked(results: &JsValue) -> Result<Vec<Ranked>, Error> {
    let results = results
        .dyn_ref::<Array>()
        .ok_or_else(|| Error::new("results", "is not an array of the results of trials"))?;
    let of = |(place, result): (usize, JsValue)| {
        let at = |key: &str| format!("results[{place}].{key}");
        let field = |key: &str| {
            Reflect::get(&result, &key.into()).map_err(|_| Error::new(at(key), "cannot be read"))
        };
        let index = read::whole(&field("index")?, &at("index"), 0.0, MAX_INDEX)?;
        Ok(Ranked {
            index: index as usize,
            score: field("score_mean")?.as_f64().filter(|s| s.is_finite()),
        })
    };
    results.iter().enumerate().map(of).collect()
}

fn trial_index(index: &JsValue) -> Result<usize, Error> {
    read::whole(index, "index", 0.0, MAX_INDEX).map(|index| index as usize)
}
