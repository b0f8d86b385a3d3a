//! A network on data as a session's task: the objective of the current minibatch.

use std::ops::Range;
use std::rc::Rc;

use super::codec::{Codec, Corrupt};
use super::metrics::{self, Metrics, Validation};
use super::task::{Info, Network, NetworkInfo, Part, PartRows, Points, Scope, Task};
use crate::config::network::{InitConfig, NetworkConfig};
use crate::config::{BatchSize, Seeds};
use crate::data::batches::{Batches, Order};
use crate::data::dataset::{Dataset, Targets};
use crate::data::folds::{fold, limit};
use crate::data::registry;
use crate::data::split::{Split, Standardizer, split};
use crate::error::Error;
use crate::nn::mlp::{Mlp, Rows};
use crate::nn::{Curvature, Loss};
use crate::problem::{Hessian, LeastSquares, Objective};
use crate::real::{Real, sum_of_squares};
use crate::rng::{Stream, stream};

/// Most numbers that one prediction gives back: 64 MiB of them.
const MAX_NUMBERS: usize = 1 << 23;

/// Changes that an edition tells apart; a batch of the same place comes again only after as many.
const MOST_CHANGES: u64 = 1 << 20;

/// A multilayer perceptron, its data in the precision of the run, and the current minibatch.
///
/// f(θ) = loss on the batch + ½·l2·‖weights‖².
#[derive(Debug)]
pub struct NetworkTask<T: Real> {
    mlp: Mlp<T>,
    dataset: Rc<Dataset>,
    /// `[rows][in]`, standardised where the config asks for it.
    inputs: Vec<T>,
    /// `[rows][out]`: one-hot for classes.
    targets: Vec<T>,
    input_scale: Option<Standardizer>,
    target_scale: Option<Standardizer>,
    parts: Split,
    /// The validation rows that a validation sees.
    watched: Vec<u32>,
    /// As many training rows, to be compared with them.
    sampled: Vec<u32>,
    batches: Batches,
    l2: f64,
    weights: Vec<Range<usize>>,
    start: Vec<T>,
    /// Buffers for second derivatives, once they are asked for.
    curvature: Option<Curvature<T>>,
    scope: Scope,
    /// How often the batch size or the penalty has changed.
    changes: u64,
}

/// Rows of a part and what the network makes of them.
struct Outputs {
    points: Points,
    /// The mean loss, without the L2 term.
    loss: f64,
    /// Numbers a row.
    width: usize,
    /// `[rows][width]`, in the data's own units.
    said: Vec<f64>,
}

impl<T: Real> NetworkTask<T> {
    /// Splits and standardises the data and draws the initial parameters.
    pub fn new(
        config: &NetworkConfig,
        seeds: &Seeds,
        batch_size: BatchSize,
        shuffle: bool,
        validate_rows: Option<u64>,
    ) -> Result<Self, Error> {
        let dataset = Rc::clone(&config.dataset);
        let labels = match &dataset.targets {
            Targets::Classes { labels, .. } if config.stratify => Some(labels.as_slice()),
            _ => None,
        };
        let mut parts = split(dataset.rows(), labels, config.fractions, seeds.data)
            .map_err(|e| e.within("problem"))?;
        if let Some(which) = config.fold {
            parts = fold(&parts, labels, which, seeds.data).map_err(|e| e.within("problem"))?;
        }
        if let Some(rows) = config.train_rows {
            limit(&mut parts.train, labels, rows, seeds.data);
        }
        let mut watched = parts.val.clone();
        let most = validate_rows.map_or(usize::MAX, |rows| rows.try_into().unwrap_or(usize::MAX));
        limit(&mut watched, labels, most, seeds.data);
        let mut sampled = parts.train.clone();
        limit(&mut sampled, labels, watched.len(), seeds.data);
        for part in [
            &mut parts.train,
            &mut parts.val,
            &mut parts.test,
            &mut watched,
            &mut sampled,
        ] {
            part.sort_unstable();
        }
        let input_scale = config
            .standardize
            .then(|| Standardizer::fit(&dataset.inputs, dataset.features.len(), &parts.train));
        let mut inputs = dataset.inputs.clone();
        if let Some(scale) = &input_scale {
            scale.apply(&mut inputs);
        }
        let order = if shuffle {
            Order::Shuffled(seeds.batch)
        } else {
            Order::InOrder
        };
        let mlp = Mlp::new(config.architecture.clone());
        let (targets, target_scale) =
            targets(&dataset, outputs(&mlp), config.standardize, &parts.train);
        let mut start = vec![T::ZERO; mlp.dim()];
        match &config.init {
            InitConfig::Random(init) => {
                mlp.init(*init, &mut stream(seeds.init, Stream::Init, 0), &mut start);
            }
            InitConfig::Given(p) => start = convert(p),
        }
        Ok(Self {
            batches: Batches::new(parts.train.clone(), rows_of(batch_size), order),
            weights: config.architecture.weights().collect(),
            inputs: convert(&inputs),
            targets: convert(&targets),
            l2: config.l2,
            mlp,
            dataset,
            input_scale,
            target_scale,
            parts,
            watched,
            sampled,
            start,
            curvature: None,
            scope: Scope::Batch,
            changes: 0,
        })
    }

    /// Second derivatives and the rows that they are asked for.
    fn curvature(&mut self) -> (&mut Curvature<T>, Rows<'_, T>) {
        let rows = match self.scope {
            Scope::Batch => self.batches.current(),
            Scope::Training => &self.parts.train,
        };
        let data = Rows {
            inputs: &self.inputs,
            targets: &self.targets,
            rows: Some(rows),
        };
        let curvature = self
            .curvature
            .get_or_insert_with(|| Curvature::new(self.mlp.architecture()));
        (curvature, data)
    }

    /// How many rows that are.
    fn rows(&self) -> usize {
        match self.scope {
            Scope::Batch => self.batches.current().len(),
            Scope::Training => self.parts.train.len(),
        }
    }

    /// Makes residuals of the outputs in `r`: c·(y − t) with c = √(2/(rows·outputs)), and √l2·w of every weight behind
    /// them. Returns c.
    fn finish_residuals(&self, x: &[T], r: &mut [T]) -> T {
        let width = outputs(&self.mlp);
        let rows = match self.scope {
            Scope::Batch => self.batches.current(),
            Scope::Training => &self.parts.train,
        };
        let (errors, penalties) = r.split_at_mut(rows.len() * width);
        let c = T::of((2.0 / errors.len() as f64).sqrt());
        for (errors, row) in errors.chunks_exact_mut(width).zip(rows) {
            let targets = &self.targets[*row as usize * width..][..width];
            for (r, t) in errors.iter_mut().zip(targets) {
                *r = c * (*r - *t);
            }
        }
        let root = T::of(self.l2.sqrt());
        for (r, i) in penalties
            .iter_mut()
            .zip(self.weights.iter().cloned().flatten())
        {
            *r = root * x[i];
        }
        c
    }

    fn part(&self, part: Part) -> &[u32] {
        match part {
            Part::Train => &self.parts.train,
            Part::Val => &self.parts.val,
            Part::Test => &self.parts.test,
        }
    }

    /// What the network makes of some rows.
    fn outputs(&mut self, x: &[T], rows: &[u32]) -> Outputs {
        let points = self.points_of(rows);
        let data = Rows {
            inputs: &self.inputs,
            targets: &self.targets,
            rows: Some(rows),
        };
        Outputs {
            loss: self.mlp.loss(x, data),
            width: outputs(&self.mlp),
            said: self.predict(x, &points.inputs).unwrap_or_default(),
            points,
        }
    }

    /// Loss and accuracy or R² on some rows.
    fn score(&mut self, x: &[T], rows: &[u32]) -> Validation {
        let Outputs {
            points,
            loss,
            width,
            said,
        } = self.outputs(x, rows);
        let (mut accuracy, mut r2) = (f64::NAN, f64::NAN);
        match &self.dataset.targets {
            Targets::Classes { .. } => {
                let predicted = metrics::classes(&said, width);
                let pairs = points.targets.iter().zip(predicted);
                let right = pairs.filter(|(t, p)| **t as usize == *p).count();
                accuracy = right as f64 / points.rows as f64;
            }
            Targets::Values { .. } => r2 = metrics::r2(&points.targets, &said, width),
        }
        Validation { loss, accuracy, r2 }
    }

    fn points_of(&self, rows: &[u32]) -> Points {
        let width = self.dataset.features.len();
        let row =
            |values: &[f64], width: usize, r: u32| values[r as usize * width..][..width].to_vec();
        Points {
            rows: rows.len(),
            inputs: rows
                .iter()
                .flat_map(|r| row(&self.dataset.inputs, width, *r))
                .collect(),
            targets: match &self.dataset.targets {
                Targets::Classes { labels, .. } => rows
                    .iter()
                    .map(|r| f64::from(labels[*r as usize]))
                    .collect(),
                Targets::Values { values, outputs } => rows
                    .iter()
                    .flat_map(|r| row(values, *outputs, *r))
                    .collect(),
            },
        }
    }

    /// Adds the L2 term to a loss.
    fn penalised(&self, loss: f64, x: &[T]) -> f64 {
        if self.l2 == 0.0 {
            return loss;
        }
        loss + 0.5
            * self.l2
            * self
                .weights
                .iter()
                .map(|w| sum_of_squares(&x[w.clone()]))
                .sum::<f64>()
    }

    /// Adds the L2 term to a loss and its gradient.
    fn penalise(&self, loss: f64, x: &[T], g: &mut [T]) -> f64 {
        if self.l2 != 0.0 {
            let l2 = T::of(self.l2);
            for weights in &self.weights {
                for (g, x) in g[weights.clone()].iter_mut().zip(&x[weights.clone()]) {
                    *g += l2 * *x;
                }
            }
        }
        self.penalised(loss, x)
    }

    /// Inputs from outside, checked, standardised and converted. Of each row `numbers` will be given back.
    fn import(&self, inputs: &[f64], numbers: usize) -> Result<Vec<T>, Error> {
        let width = self.dataset.features.len();
        let most = MAX_NUMBERS / numbers;
        if inputs.len() / width > most {
            let rows = inputs.len() / width;
            return Err(Error::new(
                "inputs",
                format!("{rows} rows are more than fit; at most {most} at once"),
            ));
        }
        if !inputs.len().is_multiple_of(width) {
            return Err(Error::new(
                "inputs",
                format!("{} numbers are no whole rows of {width}", inputs.len()),
            ));
        }
        let mut inputs = inputs.to_vec();
        if let Some(scale) = &self.input_scale {
            scale.apply(&mut inputs);
        }
        Ok(convert(&inputs))
    }
}

impl<T: Real> Objective<T> for NetworkTask<T> {
    fn dim(&self) -> usize {
        self.mlp.dim()
    }

    fn value(&mut self, x: &[T]) -> f64 {
        let data = Rows {
            inputs: &self.inputs,
            targets: &self.targets,
            rows: Some(self.batches.current()),
        };
        let loss = self.mlp.loss(x, data);
        self.penalised(loss, x)
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        let data = Rows {
            inputs: &self.inputs,
            targets: &self.targets,
            rows: Some(self.batches.current()),
        };
        let loss = self.mlp.gradient(x, data, g);
        self.penalise(loss, x, g)
    }

    fn edition(&self) -> u64 {
        let rows = self.parts.train.len() as u64;
        let place = if self.batches.current().len() as u64 == rows {
            0
        } else {
            let (epoch, cursor) = self.batches.position();
            1 + epoch.wrapping_mul(rows) + cursor as u64
        };
        place.wrapping_mul(MOST_CHANGES).wrapping_add(self.changes)
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        Some(self)
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        match self.mlp.architecture().loss {
            Loss::Mse => Some(self),
            _ => None,
        }
    }
}

impl<T: Real> Hessian<T> for NetworkTask<T> {
    fn hessian(&mut self, x: &[T], h: &mut [T]) {
        let (curvature, data) = self.curvature();
        curvature.hessian(x, data, h);
        if self.l2 != 0.0 {
            let (n, l2) = (x.len(), T::of(self.l2));
            for i in self.weights.iter().cloned().flatten() {
                h[i * n + i] += l2;
            }
        }
    }

    fn work(&self) -> f64 {
        let n = self.mlp.dim() as f64;
        self.rows() as f64 * n * n
    }
}

impl<T: Real> LeastSquares<T> for NetworkTask<T> {
    fn residual_count(&self) -> usize {
        let penalties = match self.l2 {
            0.0 => 0,
            _ => self.weights.iter().map(Range::len).sum(),
        };
        self.rows() * outputs(&self.mlp) + penalties
    }

    fn residuals(&mut self, x: &[T], r: &mut [T]) {
        let (curvature, data) = self.curvature();
        curvature.outputs_of(x, data, r);
        self.finish_residuals(x, r);
    }

    fn jacobian(&mut self, x: &[T], r: &mut [T], j: &mut [T]) {
        let (curvature, data) = self.curvature();
        curvature.jacobian(x, data, r, j);
        let c = self.finish_residuals(x, r);
        let n = x.len();
        let (errors, penalties) = j.split_at_mut(self.rows() * outputs(&self.mlp) * n);
        for j in errors {
            *j *= c;
        }
        penalties.fill(T::ZERO);
        let root = T::of(self.l2.sqrt());
        let weights = self.weights.iter().cloned().flatten();
        for (line, i) in penalties.chunks_exact_mut(n).zip(weights) {
            line[i] = root;
        }
    }

    fn work(&self) -> f64 {
        2.0 * (self.rows() * outputs(&self.mlp)) as f64 * self.mlp.dim() as f64
    }
}

impl<T: Real> Task<T> for NetworkTask<T> {
    fn start(&self) -> Vec<T> {
        self.start.clone()
    }

    fn next_batch(&mut self, _: u64) {
        self.batches.next_batch();
    }

    fn look_at(&mut self, scope: Scope) {
        self.scope = scope;
    }

    fn epoch(&self, _: u64) -> f64 {
        self.batches.epoch()
    }

    fn batches_per_epoch(&self) -> u64 {
        self.batches.per_epoch() as u64
    }

    fn full_gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        let data = Rows {
            inputs: &self.inputs,
            targets: &self.targets,
            rows: Some(&self.parts.train),
        };
        let loss = self.mlp.gradient(x, data, g);
        self.penalise(loss, x, g)
    }

    fn full_value(&mut self, x: &[T]) -> f64 {
        let data = Rows {
            inputs: &self.inputs,
            targets: &self.targets,
            rows: Some(&self.parts.train),
        };
        let loss = self.mlp.loss(x, data);
        self.penalised(loss, x)
    }

    fn filters(&self) -> Vec<Range<usize>> {
        self.mlp.architecture().filters().collect()
    }

    fn info(&self) -> Info {
        let a = self.mlp.architecture();
        let rows = PartRows {
            train: self.parts.train.len(),
            val: self.parts.val.len(),
            test: self.parts.test.len(),
        };
        let warnings = if rows.val == 0 {
            vec!["no rows for validation".to_owned()]
        } else {
            Vec::new()
        };
        Info {
            kind: "network",
            dim: self.mlp.dim(),
            title: registry::title(&self.dataset.name).to_owned(),
            network: Some(NetworkInfo {
                sizes: a.sizes.clone(),
                activations: a.activations.iter().map(|a| a.name()).collect(),
                loss: a.loss.name(),
                task: self.dataset.task().name(),
                features: self.dataset.features.clone(),
                classes: match &self.dataset.targets {
                    Targets::Classes { names, .. } => names.clone(),
                    Targets::Values { .. } => Vec::new(),
                },
                target: self.dataset.target.clone(),
                rows,
                batches_per_epoch: self.batches.per_epoch() as u64,
            }),
            warnings,
            ..Info::default()
        }
    }

    fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        let (mut epoch, cursor) = self.batches.position();
        let mut cursor = cursor as u64;
        codec.whole(&mut epoch)?;
        codec.whole(&mut cursor)?;
        codec.whole(&mut self.changes)?;
        let cursor = usize::try_from(cursor).map_err(|_| Corrupt)?;
        if cursor > self.parts.train.len() {
            return Err(Corrupt);
        }
        self.batches.seek(epoch, cursor);
        Ok(())
    }

    fn as_network(&mut self) -> Option<&mut dyn Network<T>> {
        Some(self)
    }
}

impl<T: Real> Network<T> for NetworkTask<T> {
    fn set_batch_size(&mut self, size: BatchSize) {
        self.changes += 1;
        self.batches.set_size(rows_of(size));
    }

    fn set_l2(&mut self, l2: f64) {
        self.changes += 1;
        self.l2 = l2;
    }

    fn has_rows(&self, part: Part) -> bool {
        !self.part(part).is_empty()
    }

    fn validate(&mut self, x: &[T]) -> Validation {
        let rows = std::mem::take(&mut self.watched);
        let seen = self.score(x, &rows);
        self.watched = rows;
        seen
    }

    fn train_score(&mut self, x: &[T]) -> f64 {
        let rows = std::mem::take(&mut self.sampled);
        let Validation { accuracy, r2, .. } = self.score(x, &rows);
        self.sampled = rows;
        if accuracy.is_nan() { r2 } else { accuracy }
    }

    fn evaluate(&mut self, x: &[T], part: Part) -> Metrics {
        let rows = self.part(part).to_vec();
        let Outputs {
            points,
            loss,
            width,
            said,
        } = self.outputs(x, &rows);
        let mut metrics = Metrics {
            rows: points.rows,
            loss,
            accuracy: None,
            confusion: None,
            r2: None,
            mae: None,
            classes: None,
            roc: None,
        };
        match &self.dataset.targets {
            Targets::Classes { names, .. } => {
                let truth = points.targets.iter().map(|t| *t as usize);
                let confusion =
                    metrics::confusion(truth, metrics::classes(&said, width), names.len());
                if names.len() == 2 {
                    let positive: Vec<bool> = points.targets.iter().map(|t| *t == 1.0).collect();
                    let scores = said.iter().skip(width - 1).step_by(width);
                    metrics.roc = metrics::roc(&positive, &scores.copied().collect::<Vec<_>>());
                }
                metrics.accuracy = Some(metrics::accuracy(&confusion));
                metrics.classes = Some(metrics::by_class(&confusion));
                metrics.confusion = Some(confusion);
            }
            Targets::Values { .. } => {
                metrics.mae = Some(metrics::mae(&points.targets, &said));
                metrics.r2 = Some(metrics::r2(&points.targets, &said, width));
            }
        }
        metrics
    }

    fn predict(&mut self, x: &[T], inputs: &[f64]) -> Result<Vec<f64>, Error> {
        let inputs = self.import(inputs, outputs(&self.mlp))?;
        let rows = inputs.len() / self.dataset.features.len();
        let mut out = vec![T::ZERO; rows * outputs(&self.mlp)];
        self.mlp.predict(x, &inputs, &mut out);
        let mut out: Vec<f64> = out.iter().map(|v| v.f64()).collect();
        if let Some(scale) = &self.target_scale {
            scale.invert(&mut out);
        }
        Ok(out)
    }

    fn neurons(&mut self, x: &[T], inputs: &[f64]) -> Result<Vec<Vec<f64>>, Error> {
        let inputs = self.import(inputs, self.mlp.architecture().sizes.iter().sum())?;
        let mut units = vec![Vec::new(); self.mlp.architecture().sizes.len()];
        self.mlp.units(x, &inputs, &mut units);
        Ok(units
            .iter()
            .map(|layer| layer.iter().map(|v| v.f64()).collect())
            .collect())
    }

    fn points(&self, part: Part) -> Points {
        self.points_of(self.part(part))
    }
}

fn outputs<T: Real>(mlp: &Mlp<T>) -> usize {
    mlp.architecture().sizes.last().copied().unwrap_or(1)
}

fn rows_of(size: BatchSize) -> usize {
    match size {
        BatchSize::Full => usize::MAX,
        BatchSize::Rows(rows) => rows,
    }
}

fn convert<T: Real>(values: &[f64]) -> Vec<T> {
    values.iter().map(|v| T::of(*v)).collect()
}

/// Targets `[rows][outputs]`: one-hot for classes (0 or 1 where one output tells two classes apart), values otherwise,
/// standardised where asked for.
fn targets(
    dataset: &Dataset,
    outputs: usize,
    standardize: bool,
    train: &[u32],
) -> (Vec<f64>, Option<Standardizer>) {
    match &dataset.targets {
        Targets::Classes { labels, .. } if outputs == 1 => {
            (labels.iter().map(|l| f64::from(*l)).collect(), None)
        }
        Targets::Classes { labels, .. } => {
            let mut one_hot = vec![0.0; labels.len() * outputs];
            for (row, label) in one_hot.chunks_exact_mut(outputs).zip(labels) {
                row[*label as usize] = 1.0;
            }
            (one_hot, None)
        }
        Targets::Values { values, .. } => {
            let scale = standardize.then(|| Standardizer::fit(values, outputs, train));
            let mut values = values.clone();
            if let Some(scale) = &scale {
                scale.apply(&mut values);
            }
            (values, scale)
        }
    }
}
