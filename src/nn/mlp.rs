//! A multilayer perceptron and its gradient by backpropagation.
//!
//! # Forward
//!
//! Layer l takes the activations hˡ⁻¹ of the layer before it (h⁰ is the input x) to its own:
//!
//! ```text
//! zⱼ = bⱼ + Σₖ hₖˡ⁻¹ wⱼₖ        hⱼˡ = A(zⱼ)
//! ```
//!
//! which is the lecture's hⱼ = A(b₀ⱼ + Σₖ xₖ w₀ⱼₖ), yᵢ = A(b₁ᵢ + Σⱼ hⱼ w₁ᵢⱼ) for two layers. The loss L is a mean over
//! the m rows of a batch of a function of the last layer's activations.
//!
//! # Backward
//!
//! Let δⱼˡ = ∂L/∂zⱼ in layer l. The last layer knows ∂L/∂hⱼ from the [`Loss`], so δⱼ = A′(zⱼ) ∂L/∂hⱼ. For the others,
//! L depends on hₖ through every zⱼ of the next layer, and ∂zⱼ/∂hₖ = wⱼₖ, so by the chain rule
//!
//! ```text
//! δₖˡ⁻¹ = A′(zₖ) Σⱼ δⱼˡ wⱼₖ
//! ```
//!
//! and as ∂zⱼ/∂wⱼₖ = hₖˡ⁻¹ and ∂zⱼ/∂bⱼ = 1,
//!
//! ```text
//! ∂L/∂wⱼₖ = Σ δⱼˡ hₖˡ⁻¹        ∂L/∂bⱼ = Σ δⱼˡ        (sums over the rows)
//! ```
//!
//! # Memory
//!
//! Rows are handled in blocks of at most 64, so that a block's activations stay in the cache and memory does not grow with
//! the batch. All buffers are made in [`Mlp::new`]; nothing else allocates.

use std::ops::Range;

use super::kernels::{self, BLOCK};
use super::{Activation, Init, Loss};
use crate::real::Real;
use crate::real::lanes::{Elementary, Lanes, Panel, panel_width};
use crate::rng::Rng;

/// The shape of a network and what it is trained for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Architecture {
    /// Units of each layer, each at least 1: inputs, hidden layers, outputs.
    pub sizes: Vec<usize>,
    /// The activation of each layer but the inputs; the last is the outputs'.
    pub activations: Vec<Activation>,
    /// What is minimised.
    pub loss: Loss,
}

impl Architecture {
    /// How many parameters there are; `None` if the number does not fit a `usize`.
    pub fn parameters(&self) -> Option<usize> {
        self.sizes.windows(2).try_fold(0_usize, |total, pair| {
            let weights = pair[0].checked_mul(pair[1])?;
            total.checked_add(weights)?.checked_add(pair[1])
        })
    }

    /// Where the weights (not the biases) of each layer stand in the flat vector.
    pub fn weights(&self) -> impl Iterator<Item = Range<usize>> {
        self.layers().map(|layer| layer.weights)
    }

    /// Where the weights into each unit stand, in the order of the flat vector.
    pub fn filters(&self) -> impl Iterator<Item = Range<usize>> {
        self.layers().flat_map(|layer| {
            let starts = layer.weights.step_by(layer.inputs);
            starts.map(move |start| start..start + layer.inputs)
        })
    }

    /// The layers in order: the one place that knows the layout, W \[outputs]\[inputs], then b \[outputs], layer by layer.
    pub(super) fn layers(&self) -> impl Iterator<Item = Layer> {
        let mut end = 0;
        self.sizes
            .windows(2)
            .zip(&self.activations)
            .map(move |(pair, &activation)| {
                let weights = end..end + pair[0] * pair[1];
                let biases = weights.end..weights.end + pair[1];
                end = biases.end;
                Layer {
                    inputs: pair[0],
                    outputs: pair[1],
                    weights,
                    biases,
                    activation,
                }
            })
    }
}

/// One layer: its place in the flat vector and its function.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) weights: Range<usize>,
    pub(super) biases: Range<usize>,
    pub(super) activation: Activation,
}

/// Rows of a data set.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a, T> {
    /// The inputs of the whole data set, \[n]\[inputs].
    pub inputs: &'a [T],
    /// Its targets, \[n]\[outputs]; one-hot for classes.
    pub targets: &'a [T],
    /// Which rows are meant, in this order; `None` for all of them.
    pub rows: Option<&'a [u32]>,
}

/// A network with the buffers to evaluate and differentiate it. Parameters are the caller's.
#[derive(Debug, Clone)]
pub struct Mlp<T: Real> {
    architecture: Architecture,
    layers: Vec<Layer>,
    dim: usize,
    elementary: Elementary<T>,
    /// hˡ, by unit: \[0] is the input, the last the output.
    activations: Vec<Vec<Panel<T>>>,
    /// A′(zˡ), by unit: \[l] is that of `layers[l]`.
    slopes: Vec<Vec<Panel<T>>>,
    /// δ of the layer that is at work, and of the one before it, by unit.
    deltas: [Vec<Panel<T>>; 2],
    /// The inputs, by row.
    inputs: Vec<Panel<T>>,
    /// The activations that enter the layer at work, by row; before that, the targets.
    by_row: Vec<Panel<T>>,
    /// The targets, by unit.
    targets: Vec<Panel<T>>,
}

impl<T: Real> Mlp<T> {
    /// A network of this shape, with its buffers.
    pub fn new(architecture: Architecture) -> Self {
        let layers: Vec<Layer> = architecture.layers().collect();
        let zero = [T::Lanes::default(); 2];
        let by_unit = |units: usize| vec![zero; kernels::panels::<T>(BLOCK) * units];
        let by_row = |units: usize| vec![zero; kernels::panels::<T>(units) * BLOCK];
        let widest = architecture
            .sizes
            .iter()
            .skip(1)
            .copied()
            .max()
            .unwrap_or(0);
        let first = architecture.sizes.first().copied().unwrap_or(0);
        let last = architecture.sizes.last().copied().unwrap_or(0);
        Self {
            elementary: Elementary::default(),
            dim: layers.last().map_or(0, |layer| layer.biases.end),
            activations: architecture
                .sizes
                .iter()
                .map(|&units| by_unit(units))
                .collect(),
            slopes: layers.iter().map(|layer| by_unit(layer.outputs)).collect(),
            deltas: [by_unit(widest), by_unit(widest)],
            inputs: by_row(first),
            by_row: by_row(widest),
            targets: by_unit(last),
            layers,
            architecture,
        }
    }

    /// The number of parameters.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// The shape.
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Draws initial parameters into `x`: layer by layer, in the order of the flat vector.
    pub fn init(&self, init: Init, rng: &mut Rng, x: &mut [T]) {
        for layer in &self.layers {
            for w in &mut x[layer.weights.clone()] {
                *w = T::of(init.draw(layer.inputs, layer.outputs, rng));
            }
            x[layer.biases.clone()].fill(T::ZERO);
        }
    }

    /// The mean loss over the rows, at parameters `x`. NaN if there are no rows.
    pub fn loss(&mut self, x: &[T], data: Rows<'_, T>) -> f64 {
        let count = self.count(data);
        let mut sum = 0.0;
        for start in (0..count).step_by(BLOCK) {
            let rows = BLOCK.min(count - start);
            self.load(data, start, rows);
            self.forward(x, rows);
            sum += self.losses(rows, T::ZERO);
        }
        sum / self.architecture.loss.terms(count, self.outputs())
    }

    /// The mean loss over the rows, at parameters `x`, with its gradient written to `g`. NaN if there are no rows.
    pub fn gradient(&mut self, x: &[T], data: Rows<'_, T>, g: &mut [T]) -> f64 {
        let count = self.count(data);
        let terms = self.architecture.loss.terms(count, self.outputs());
        let scale = T::of(1.0 / terms);
        let mut sum = 0.0;
        if count == 0 {
            g.fill(T::ZERO);
        }
        for start in (0..count).step_by(BLOCK) {
            let rows = BLOCK.min(count - start);
            self.load(data, start, rows);
            self.forward_with_slopes(x, rows);
            sum += self.losses(rows, scale);
            self.backward(x, rows, g, start > 0);
        }
        sum / terms
    }

    /// Predictions for rows of inputs: \[rows]\[inputs] → \[rows]\[outputs], probabilities for losses that contain them.
    pub fn predict(&mut self, x: &[T], inputs: &[T], out: &mut [T]) {
        let outputs = self.outputs();
        let width = self.architecture.sizes[0];
        for (inputs, out) in inputs
            .chunks(BLOCK * width)
            .zip(out.chunks_mut(BLOCK * outputs))
        {
            self.evaluate(x, inputs);
            let last = self.activations.last().map_or(&[][..], Vec::as_slice);
            for (r, out) in out.chunks_exact_mut(outputs).enumerate() {
                for (unit, out) in out.iter_mut().enumerate() {
                    *out = at::<T>(last, outputs, unit, r);
                }
            }
        }
    }

    /// The activations of every layer for rows of inputs \[rows]\[inputs]: `out[l]` becomes \[units]\[rows] for each of the
    /// layers in [`Architecture::sizes`], the inputs first, the outputs (as [`Self::predict`] has them) last.
    pub fn units(&mut self, x: &[T], inputs: &[T], out: &mut [Vec<T>]) {
        let width = self.architecture.sizes[0];
        let rows = inputs.len() / width;
        for (out, &units) in out.iter_mut().zip(&self.architecture.sizes) {
            out.clear();
            out.resize(units * rows, T::ZERO);
        }
        for (block, inputs) in inputs.chunks(BLOCK * width).enumerate() {
            self.evaluate(x, inputs);
            let start = block * BLOCK;
            for ((out, layer), &units) in out
                .iter_mut()
                .zip(&self.activations)
                .zip(&self.architecture.sizes)
            {
                for (unit, out) in out.chunks_exact_mut(rows).enumerate() {
                    for (r, out) in out[start..].iter_mut().take(BLOCK).enumerate() {
                        *out = at::<T>(layer, units, unit, r);
                    }
                }
            }
        }
    }

    fn outputs(&self) -> usize {
        self.architecture.sizes[self.layers.len()]
    }

    /// How many rows are meant.
    fn count(&self, data: Rows<'_, T>) -> usize {
        data.rows
            .map_or(data.inputs.len() / self.architecture.sizes[0], <[u32]>::len)
    }

    /// Brings a block of rows into the buffers.
    fn load(&mut self, data: Rows<'_, T>, start: usize, rows: usize) {
        let range = start..start + rows;
        match data.rows {
            Some(rows) => self.load_rows(data, &rows[range].iter().map(|&r| r as usize)),
            None => self.load_rows(data, &range),
        }
    }

    #[inline]
    fn load_rows(
        &mut self,
        data: Rows<'_, T>,
        index: &(impl ExactSizeIterator<Item = usize> + Clone),
    ) {
        let (rows, outputs) = (index.len(), self.outputs());
        kernels::gather(data.targets, outputs, index, &mut self.by_row);
        kernels::by_unit::<T>(rows, outputs, &self.by_row, &mut self.targets);
        self.load_inputs(data.inputs, index);
    }

    #[inline]
    fn load_inputs(
        &mut self,
        inputs: &[T],
        index: &(impl ExactSizeIterator<Item = usize> + Clone),
    ) {
        let (rows, width) = (index.len(), self.architecture.sizes[0]);
        kernels::gather(inputs, width, index, &mut self.inputs);
        kernels::by_unit::<T>(rows, width, &self.inputs, &mut self.activations[0]);
    }

    /// zˡ and hˡ of every layer, for the block in the buffers.
    fn forward(&mut self, x: &[T], rows: usize) {
        for (l, layer) in self.layers.iter().enumerate() {
            let z = layer.affine(x, rows, &mut self.activations[l..]);
            layer.activation.apply(&self.elementary, z);
        }
    }

    /// The same, with A′(zˡ).
    fn forward_with_slopes(&mut self, x: &[T], rows: usize) {
        for (l, (layer, slope)) in self.layers.iter().zip(&mut self.slopes).enumerate() {
            let z = layer.affine(x, rows, &mut self.activations[l..]);
            layer
                .activation
                .apply_with_slope(&self.elementary, z, slope);
        }
    }

    /// Forward pass for up to a block of rows of inputs, up to what is predicted.
    fn evaluate(&mut self, x: &[T], inputs: &[T]) {
        let rows = inputs.len() / self.architecture.sizes[0];
        self.load_inputs(inputs, &(0..rows));
        self.forward(x, rows);
        let outputs = self.outputs();
        let last = &mut self.activations[self.layers.len()];
        for z in last
            .chunks_exact_mut(outputs)
            .take(kernels::panels::<T>(rows))
        {
            self.architecture.loss.predict(&self.elementary, z);
        }
    }

    /// Σ of the rows' losses, in their order; with `scale`·∂/∂h of the last layer in the first of the deltas.
    fn losses(&mut self, rows: usize, scale: T) -> f64 {
        let outputs = self.outputs();
        let panels = self.activations[self.layers.len()]
            .chunks_exact(outputs)
            .zip(self.targets.chunks_exact(outputs))
            .zip(self.deltas[0].chunks_exact_mut(outputs));
        let mut left = rows;
        let mut sum = 0.0;
        for ((z, t), d) in panels.take(kernels::panels::<T>(rows)) {
            let losses =
                self.architecture
                    .loss
                    .rows_with_gradient(&self.elementary, z, t, scale, d);
            for loss in losses.iter().flat_map(Lanes::lanes).take(left) {
                sum += loss.f64();
            }
            left = left.saturating_sub(panel_width::<T>());
        }
        sum
    }

    /// Backpropagation through the block in the buffers, from ∂L/∂h of the last layer in the first of the deltas. The
    /// gradient is written to `g`, or added where `add`.
    fn backward(&mut self, x: &[T], rows: usize, g: &mut [T], add: bool) {
        let [delta, before] = &mut self.deltas;
        let (mut delta, mut before) = (delta, before);
        if let Some((layer, slope)) = self.layers.iter().zip(&self.slopes).next_back()
            && layer.activation != Activation::Identity
        {
            let used = kernels::panels::<T>(rows) * layer.outputs;
            for (d, slope) in delta[..used].iter_mut().zip(slope) {
                *d = [d[0] * slope[0], d[1] * slope[1]];
            }
        }
        for (l, layer) in self.layers.iter().enumerate().rev() {
            let shape = (layer.outputs, layer.inputs);
            let inputs = if l == 0 {
                &self.inputs
            } else {
                kernels::by_row::<T>(rows, layer.inputs, &self.activations[l], &mut self.by_row);
                &self.by_row
            };
            kernels::weight_gradient(
                rows,
                shape,
                delta,
                inputs,
                &mut g[layer.weights.clone()],
                add,
            );
            kernels::bias_gradient(rows, delta, &mut g[layer.biases.clone()], add);
            if l > 0 {
                let w = &x[layer.weights.clone()];
                kernels::backward(rows, shape, w, delta, &self.slopes[l - 1], before);
                std::mem::swap(&mut delta, &mut before);
            }
        }
    }
}

impl Layer {
    /// z = b + Wh, from the first of `activations` into the second, which is returned as far as it is used.
    fn affine<'a, T: Real>(
        &self,
        x: &[T],
        rows: usize,
        activations: &'a mut [Vec<Panel<T>>],
    ) -> &'a mut [Panel<T>] {
        let (h, z) = activations.split_at_mut(1);
        let z = &mut z[0][..kernels::panels::<T>(rows) * self.outputs];
        kernels::forward(
            rows,
            &x[self.weights.clone()],
            &x[self.biases.clone()],
            &h[0],
            z,
        );
        z
    }
}

/// The number of one unit in one row of a block by unit.
fn at<T: Real>(block: &[Panel<T>], units: usize, unit: usize, row: usize) -> T {
    let (panel, lane) = (row / panel_width::<T>(), row % panel_width::<T>());
    block[panel * units + unit][lane / T::Lanes::LANES].lanes()[lane % T::Lanes::LANES]
}
