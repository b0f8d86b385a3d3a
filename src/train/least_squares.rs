//! A fitted model as a session's task.

use super::task::{Curve, Info, LeastSquaresInfo, Part, Points, Task};
use crate::config::LeastSquaresConfig;
use crate::error::Error;
use crate::problem::least_squares::models::Model;
use crate::problem::least_squares::{Band, FitStatistics};
use crate::problem::{Hessian, LeastSquares, Objective, ranges};
use crate::real::Real;

/// A model on its data. Every step sees all rows, so an iteration is an epoch.
#[derive(Debug)]
pub struct LeastSquaresTask {
    config: LeastSquaresConfig,
}

impl LeastSquaresTask {
    /// Of a checked config.
    pub fn new(config: LeastSquaresConfig) -> Self {
        Self { config }
    }

    fn least_squares_info(&self) -> LeastSquaresInfo {
        let LeastSquaresConfig { fit, model, .. } = &self.config;
        let n = fit.start().len();
        let certified = model
            .filter(|_| self.config.own_data)
            .and_then(|m| m.certified());
        LeastSquaresInfo {
            model: model.map_or("formula", |model| model.name),
            formula: fit.model().to_string(),
            latex: fit.model().latex(),
            parameters: fit.parameters().to_vec(),
            rows: fit.table().rows(),
            features: self.config.features.clone(),
            target: self.config.target.clone(),
            implicit: model.is_some_and(Model::is_implicit),
            start: fit.start().to_vec(),
            starts: model.map_or_else(Vec::new, |model| model.starts_in(n)),
            truth: self.config.truth().map(<[f64]>::to_vec),
            certified: certified.copied(),
        }
    }
}

impl<T: Real> Objective<T> for LeastSquaresTask {
    fn dim(&self) -> usize {
        self.config.fit.start().len()
    }

    fn value(&mut self, b: &[T]) -> f64 {
        self.config.fit.value(b)
    }

    fn gradient(&mut self, b: &[T], g: &mut [T]) -> f64 {
        self.config.fit.gradient(b, g)
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        self.config.fit.as_hessian()
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        self.config.fit.as_least_squares()
    }
}

impl<T: Real> Task<T> for LeastSquaresTask {
    fn start(&self) -> Vec<T> {
        self.config.fit.start().iter().map(|v| T::of(*v)).collect()
    }

    fn info(&self) -> Info {
        let info = self.least_squares_info();
        let known = info
            .certified
            .map(|c| c.parameters.to_vec())
            .or(info.truth.clone());
        Info {
            kind: "least_squares",
            dim: info.parameters.len(),
            title: match self.config.model {
                Some(model) => model.title.to_owned(),
                None => info.formula.clone(),
            },
            ranges: ranges(&info.start, &known.iter().map(Vec::as_slice)),
            least_squares: Some(info),
            ..Info::default()
        }
    }

    fn as_curve(&mut self) -> Option<&mut dyn Curve<T>> {
        Some(self)
    }
}

impl<T: Real> Curve<T> for LeastSquaresTask {
    fn predict(&mut self, b: &[T], inputs: &[f64]) -> Result<Vec<f64>, Error> {
        self.config.fit.predict(&widened(b), inputs)
    }

    fn points(&self, part: Part) -> Points {
        let table = self.config.fit.table();
        if part != Part::Train {
            return Points {
                rows: 0,
                inputs: Vec::new(),
                targets: Vec::new(),
            };
        }
        Points {
            rows: table.rows(),
            inputs: table.inputs.clone(),
            targets: table.targets.clone(),
        }
    }

    fn statistics(&mut self, b: &[T]) -> FitStatistics {
        self.config.fit.statistics(&widened(b))
    }

    fn band(&mut self, b: &[T], inputs: &[f64]) -> Result<Band, Error> {
        self.config.fit.band(&widened(b), inputs)
    }
}

fn widened<T: Real>(b: &[T]) -> Vec<f64> {
    b.iter().map(|v| v.f64()).collect()
}
