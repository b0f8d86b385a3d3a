//! Second derivatives of a multilayer perceptron: the Hessian of its loss, and the Jacobian of its outputs.
//!
//! # The R-operator
//!
//! For a direction v in the parameters, R{q} = d/dε q(θ + εv) at ε = 0 is the derivative of any quantity q along v, and
//! R{∇L} = Hv is a column of the Hessian. Differentiating the two passes of [`super::mlp`] gives two passes again
//! (Pearlmutter 1994, section 3.1):
//!
//! ```text
//! forward    R{zⱼ} = R{bⱼ} + Σₖ (wⱼₖ R{hₖ} + R{wⱼₖ} hₖ)          R{hⱼ} = A′(zⱼ) R{zⱼ}
//! backward   R{δⱼ} = A″(zⱼ) R{zⱼ} ∂L/∂hⱼ + A′(zⱼ) R{∂L/∂hⱼ}
//!            R{∂L/∂hₖ} = Σⱼ (wⱼₖ R{δⱼ} + R{wⱼₖ} δⱼ)              in the layer before
//! gradient   R{∂L/∂wⱼₖ} = Σ (R{δⱼ} hₖ + δⱼ R{hₖ})                R{∂L/∂bⱼ} = Σ R{δⱼ}        (sums over the rows)
//! ```
//!
//! Two things make n of these products cheap. The Hessian is symmetric, so along a parameter of layer l only the
//! derivatives in layers l and above are wanted, and no R{w} remains in the backward pass. And row by row, the passes
//! along wⱼₖ are those along bⱼ times hₖ; so there is one pass a unit, not one a parameter.

use super::mlp::{Architecture, Layer, Rows};
use super::{Activation, Loss};
use crate::real::Real;

/// Rows that are handled at a time, so that they stay in the cache.
const BLOCK: usize = 64;

/// The buffers for second derivatives of one network. A block holds \[units]\[`BLOCK`] numbers, a unit's rows side by side.
#[derive(Debug, Clone)]
pub struct Curvature<T> {
    layers: Vec<Layer>,
    loss: Loss,
    dim: usize,
    /// h of every layer, the inputs first.
    values: Vec<Vec<T>>,
    /// A′(z), layer by layer.
    slopes: Vec<Vec<T>>,
    /// A″(z), and then times ∂L/∂h.
    bends: Vec<Vec<T>>,
    /// δ = ∂L/∂z.
    deltas: Vec<Vec<T>>,
    targets: Vec<T>,
    /// ∂²L/∂h² of the outputs: its diagonal, or for cross-entropy the probabilities.
    loss_bend: Vec<T>,
    /// For cross-entropy: the factor on a row's second derivatives.
    share: Vec<T>,
    /// R{h} of every layer, the inputs (where it is 0) first.
    r_values: Vec<Vec<T>>,
    /// R{z}, then R{δ}.
    r_deltas: Vec<Vec<T>>,
    /// R{∂L/∂w} of one weight before it is summed over the rows.
    product: Vec<T>,
}

impl<T: Real> Curvature<T> {
    /// For networks of this shape.
    pub fn new(architecture: &Architecture) -> Self {
        let layers: Vec<Layer> = architecture.layers().collect();
        let block = |units: usize| vec![T::ZERO; units * BLOCK];
        let all = |sizes: &[usize]| -> Vec<Vec<T>> { sizes.iter().map(|u| block(*u)).collect() };
        let (sizes, above) = (&architecture.sizes, &architecture.sizes[1..]);
        let outputs = layers.last().map_or(0, |layer| layer.outputs);
        Self {
            loss: architecture.loss,
            dim: layers.last().map_or(0, |layer| layer.biases.end),
            values: all(sizes),
            slopes: all(above),
            bends: all(above),
            deltas: all(above),
            targets: block(outputs),
            loss_bend: block(outputs),
            share: block(1),
            r_values: all(sizes),
            r_deltas: all(above),
            product: block(1),
            layers,
        }
    }

    /// ∇²L of the mean loss over the rows at parameters `x`, written to `h` (n·n, row-major, exactly symmetric).
    ///
    /// # Source
    /// Pearlmutter 1994, Fast Exact Multiplication by the Hessian, Neural Computation 6(1), section 3.
    pub fn hessian(&mut self, x: &[T], data: Rows<'_, T>, h: &mut [T]) {
        let n = self.dim;
        h.fill(T::ZERO);
        let count = self.count(data);
        let scale = T::of(1.0 / self.loss.terms(count, self.outputs()));
        for start in (0..count).step_by(BLOCK) {
            let rows = BLOCK.min(count - start);
            self.load(data, start, rows);
            self.forward(x, rows);
            self.differentiate_loss(rows, scale);
            self.backward(x, rows);
            for l in 0..self.layers.len() {
                for unit in 0..self.layers[l].outputs {
                    self.along(x, rows, l, unit);
                    self.add_columns(rows, l, unit, h);
                }
            }
        }
        for i in 0..n {
            for j in 0..i {
                h[j * n + i] = h[i * n + j];
            }
        }
    }

    /// The outputs y for the rows at parameters `x`, \[rows]\[outputs], written to `y`.
    pub fn outputs_of(&mut self, x: &[T], data: Rows<'_, T>, y: &mut [T]) {
        self.each_block(x, data, y, |_, _, _| {});
    }

    /// The outputs y, \[rows]\[outputs], written to `y`, and their derivatives ∂y/∂θ, \[rows·outputs]\[n], to `j`.
    ///
    /// ```text
    /// ∂y/∂wⱼₖ = ∂y/∂zⱼ hₖ        ∂y/∂bⱼ = ∂y/∂zⱼ        ∂y/∂zₖ = A′(zₖ) Σⱼ ∂y/∂zⱼ wⱼₖ in the layer before
    /// ```
    pub fn jacobian(&mut self, x: &[T], data: Rows<'_, T>, y: &mut [T], j: &mut [T]) {
        let (n, outputs) = (self.dim, self.outputs());
        self.each_block(x, data, y, |this, start, rows| {
            for output in 0..outputs {
                this.slopes_of_output(x, rows, output);
                for row in 0..rows {
                    let line = ((start + row) * outputs + output) * n;
                    this.write_gradient(row, &mut j[line..line + n]);
                }
            }
        });
    }

    fn each_block(
        &mut self,
        x: &[T],
        data: Rows<'_, T>,
        y: &mut [T],
        mut then: impl FnMut(&mut Self, usize, usize),
    ) {
        let (count, outputs) = (self.count(data), self.outputs());
        for start in (0..count).step_by(BLOCK) {
            let rows = BLOCK.min(count - start);
            self.load(data, start, rows);
            self.forward(x, rows);
            let last = &self.values[self.layers.len()];
            for (row, y) in y[start * outputs..]
                .chunks_exact_mut(outputs)
                .take(rows)
                .enumerate()
            {
                for (unit, y) in y.iter_mut().enumerate() {
                    *y = last[unit * BLOCK + row];
                }
            }
            then(self, start, rows);
        }
    }

    fn outputs(&self) -> usize {
        self.layers.last().map_or(0, |layer| layer.outputs)
    }

    fn count(&self, data: Rows<'_, T>) -> usize {
        let width = self.layers.first().map_or(1, |layer| layer.inputs);
        data.rows.map_or(data.inputs.len() / width, <[u32]>::len)
    }

    /// Brings a block of rows into the buffers, by unit.
    fn load(&mut self, data: Rows<'_, T>, start: usize, rows: usize) {
        let outputs = self.outputs();
        let width = self.layers.first().map_or(0, |layer| layer.inputs);
        for row in 0..rows {
            let place = start + row;
            let at = data.rows.map_or(place, |rows| rows[place] as usize);
            for unit in 0..width {
                self.values[0][unit * BLOCK + row] = data.inputs[at * width + unit];
            }
            for unit in 0..outputs {
                self.targets[unit * BLOCK + row] = data.targets[at * outputs + unit];
            }
        }
    }

    /// h, A′ and A″ of every layer.
    fn forward(&mut self, x: &[T], rows: usize) {
        for (l, layer) in self.layers.iter().enumerate() {
            let (below, above) = self.values.split_at_mut(l + 1);
            let (inputs, w) = (&below[l], &x[layer.weights.clone()]);
            for unit in 0..layer.outputs {
                let z = of_mut(&mut above[0], unit, rows);
                z.fill(x[layer.biases.start + unit]);
                for k in 0..layer.inputs {
                    add_scaled(z, w[unit * layer.inputs + k], of(inputs, k, rows));
                }
                let slopes = of_mut(&mut self.slopes[l], unit, rows);
                let bends = of_mut(&mut self.bends[l], unit, rows);
                for ((z, slope), bend) in z.iter_mut().zip(slopes).zip(bends) {
                    (*z, *slope, *bend) = derivatives(layer.activation, *z);
                }
            }
        }
    }

    /// ∂L/∂h of the outputs into the last of the deltas, and ∂²L/∂h².
    fn differentiate_loss(&mut self, rows: usize, scale: T) {
        let outputs = self.outputs();
        let last = self.layers.len();
        let (h, d) = (&self.values[last], &mut self.deltas[last - 1]);
        if self.loss == Loss::CrossEntropy {
            for row in 0..rows {
                let units = || (0..outputs).map(|unit| unit * BLOCK + row);
                let max = units().map(|i| h[i]).reduce(Real::at_least);
                let max = max.unwrap_or(T::ZERO);
                let sum = units().fold(T::ZERO, |sum, i| sum + (h[i] - max).exp());
                let total = units().fold(T::ZERO, |sum, i| sum + self.targets[i]);
                self.share[row] = total * scale;
                for i in units() {
                    let p = (h[i] - max).exp() / sum;
                    self.loss_bend[i] = p;
                    d[i] = (total * p - self.targets[i]) * scale;
                }
            }
            return;
        }
        for unit in 0..outputs {
            let terms = of(h, unit, rows).iter().zip(of(&self.targets, unit, rows));
            let d = of_mut(d, unit, rows).iter_mut();
            let bends = of_mut(&mut self.loss_bend, unit, rows);
            for (((h, t), d), bend) in terms.zip(d).zip(bends) {
                let (slope, second) = loss_derivatives(self.loss, *h, *t);
                (*d, *bend) = (slope * scale, second * scale);
            }
        }
    }

    /// From ∂L/∂h of the outputs: δ of every layer, with `bends` times ∂L/∂h.
    fn backward(&mut self, x: &[T], rows: usize) {
        for l in (0..self.layers.len()).rev() {
            for unit in 0..self.layers[l].outputs {
                let slopes = of(&self.slopes[l], unit, rows);
                let bends = of_mut(&mut self.bends[l], unit, rows);
                let d = of_mut(&mut self.deltas[l], unit, rows);
                for ((d, slope), bend) in d.iter_mut().zip(slopes).zip(bends) {
                    (*d, *bend) = (*slope * *d, *bend * *d);
                }
            }
            if l > 0 {
                let (below, above) = self.deltas.split_at_mut(l);
                self.layers[l].pull(x, rows, &above[0], &mut below[l - 1]);
            }
        }
    }

    /// The R-passes along the bias of one unit: R{h} and R{δ} of layer `l` and those above.
    fn along(&mut self, x: &[T], rows: usize, l: usize, unit: usize) {
        let last = self.layers.len() - 1;
        self.r_deltas[l].fill(T::ZERO);
        of_mut(&mut self.r_deltas[l], unit, rows).fill(T::ONE);
        for m in l..=last {
            let layer = &self.layers[m];
            if m > l {
                let w = &x[layer.weights.clone()];
                for j in 0..layer.outputs {
                    let rz = of_mut(&mut self.r_deltas[m], j, rows);
                    rz.fill(T::ZERO);
                    let moved = if m - 1 == l {
                        unit..unit + 1
                    } else {
                        0..layer.inputs
                    };
                    for k in moved {
                        let rh = of(&self.r_values[m], k, rows);
                        add_scaled(rz, w[j * layer.inputs + k], rh);
                    }
                }
            }
            for ((rh, rz), slope) in self.r_values[m + 1]
                .iter_mut()
                .zip(&self.r_deltas[m])
                .zip(&self.slopes[m])
            {
                *rh = *slope * *rz;
            }
        }
        // From here on `product` holds R{∂L/∂h} of one unit.
        for m in (l..=last).rev() {
            for j in 0..self.layers[m].outputs {
                if m == last {
                    self.bend_of_loss(rows, j);
                } else {
                    self.product.fill(T::ZERO);
                    let layer = &self.layers[m + 1];
                    for i in 0..layer.outputs {
                        let w = x[layer.weights.start + i * layer.inputs + j];
                        add_scaled(
                            &mut self.product[..rows],
                            w,
                            of(&self.r_deltas[m + 1], i, rows),
                        );
                    }
                }
                let terms = of(&self.bends[m], j, rows).iter();
                let terms = terms.zip(of(&self.slopes[m], j, rows)).zip(&self.product);
                let r = of_mut(&mut self.r_deltas[m], j, rows);
                for (r, ((bend, slope), rh)) in r.iter_mut().zip(terms) {
                    *r = *bend * *r + *slope * *rh;
                }
            }
        }
    }

    /// R{∂L/∂hⱼ} = Σₖ ∂²L/∂hⱼ∂hₖ R{hₖ} of an output, into `product`.
    fn bend_of_loss(&mut self, rows: usize, j: usize) {
        let rh = &self.r_values[self.layers.len()];
        let product = &mut self.product[..rows];
        if self.loss != Loss::CrossEntropy {
            let terms = of(&self.loss_bend, j, rows).iter().zip(of(rh, j, rows));
            for (product, (bend, rh)) in product.iter_mut().zip(terms) {
                *product = *bend * *rh;
            }
            return;
        }
        // share·pⱼ(R{hⱼ} − Σₖ pₖR{hₖ})
        let p = &self.loss_bend;
        let outputs = p.len() / BLOCK;
        for (row, product) in product.iter_mut().enumerate() {
            let mean = (0..outputs)
                .map(|k| k * BLOCK + row)
                .fold(T::ZERO, |sum, i| sum + p[i] * rh[i]);
            let own = j * BLOCK + row;
            *product = self.share[row] * p[own] * (rh[own] - mean);
        }
    }

    /// Adds the columns of the Hessian that belong to one unit, from the diagonal down: R{∂L/∂w} along its bias, and times
    /// hₖ along its weights.
    fn add_columns(&mut self, rows: usize, l: usize, unit: usize, h: &mut [T]) {
        let n = self.dim;
        let inputs = self.layers[l].inputs;
        let weights = self.layers[l].weights.start + unit * inputs;
        let bias = self.layers[l].biases.start + unit;
        for (m, layer) in self.layers.iter().enumerate().skip(l) {
            for j in 0..layer.outputs {
                // Of the units before it in its own layer, only the biases stand below the diagonal.
                let first = if m == l && j < unit { layer.inputs } else { 0 };
                let r_delta = of(&self.r_deltas[m], j, rows);
                let product = &mut self.product[..rows];
                for k in first..=layer.inputs {
                    let place = if k < layer.inputs {
                        let by = r_delta.iter().zip(of(&self.values[m], k, rows));
                        for (product, (r, v)) in product.iter_mut().zip(by) {
                            *product = *r * *v;
                        }
                        if m > l {
                            let delta = of(&self.deltas[m], j, rows);
                            let by = delta.iter().zip(of(&self.r_values[m], k, rows));
                            for (product, (d, rh)) in product.iter_mut().zip(by) {
                                *product += *d * *rh;
                            }
                        }
                        layer.weights.start + j * layer.inputs + k
                    } else {
                        product.copy_from_slice(r_delta);
                        layer.biases.start + j
                    };
                    let line = &mut h[place * n..][..=place];
                    for (i, entry) in line.iter_mut().skip(weights).take(inputs).enumerate() {
                        *entry += dot(of(&self.values[l], i, rows), product);
                    }
                    if let Some(entry) = line.get_mut(bias) {
                        *entry += sum(product);
                    }
                }
            }
        }
    }

    /// ∂y/∂z of one output, layer by layer, into the deltas.
    fn slopes_of_output(&mut self, x: &[T], rows: usize, output: usize) {
        let last = self.layers.len() - 1;
        self.deltas[last].fill(T::ZERO);
        of_mut(&mut self.deltas[last], output, rows).fill(T::ONE);
        for l in (0..=last).rev() {
            for (d, slope) in self.deltas[l].iter_mut().zip(&self.slopes[l]) {
                *d *= *slope;
            }
            if l > 0 {
                let (below, above) = self.deltas.split_at_mut(l);
                self.layers[l].pull(x, rows, &above[0], &mut below[l - 1]);
            }
        }
    }

    /// The derivatives by all parameters in one row, from those by z.
    fn write_gradient(&self, row: usize, g: &mut [T]) {
        for (l, layer) in self.layers.iter().enumerate() {
            for j in 0..layer.outputs {
                let d = self.deltas[l][j * BLOCK + row];
                let weights = layer.weights.start + j * layer.inputs;
                for (k, g) in g[weights..weights + layer.inputs].iter_mut().enumerate() {
                    *g = d * self.values[l][k * BLOCK + row];
                }
                g[layer.biases.start + j] = d;
            }
        }
    }
}

impl Layer {
    /// Σⱼ δⱼ wⱼₖ for every input k: ∂/∂h of the layer before.
    fn pull<T: Real>(&self, x: &[T], rows: usize, delta: &[T], before: &mut [T]) {
        let w = &x[self.weights.clone()];
        for k in 0..self.inputs {
            let sum = of_mut(before, k, rows);
            sum.fill(T::ZERO);
            for j in 0..self.outputs {
                add_scaled(sum, w[j * self.inputs + k], of(delta, j, rows));
            }
        }
    }
}

/// A(z), A′(z), A″(z). At a kink the second derivative is 0, as everywhere beside it.
fn derivatives<T: Real>(activation: Activation, z: T) -> (T, T, T) {
    let (zero, one) = (T::ZERO, T::ONE);
    let on = z > zero;
    match activation {
        Activation::Relu | Activation::LeakyRelu | Activation::Elu if on => (z, one, zero),
        Activation::Relu => (zero, zero, zero),
        Activation::LeakyRelu => (T::of(0.01) * z, T::of(0.01), zero),
        Activation::Elu => (z.exp_m1(), z.exp(), z.exp()),
        Activation::Gelu => {
            let half = T::of(0.5);
            let phi = half * (one + (z * T::of(std::f64::consts::FRAC_1_SQRT_2)).erf());
            let density = T::of(0.398_942_280_401_432_7) * (-(half * z * z)).exp(); // 1/√(2π)
            (z * phi, phi + z * density, (T::of(2.0) - z * z) * density)
        }
        Activation::Softplus => {
            let slope = sigmoid(z);
            let value = z.at_least(zero) + (-z.abs()).exp().ln_1p();
            (value, slope, slope * (one - slope))
        }
        Activation::Tanh => {
            let a = z.tanh();
            let slope = one - a * a;
            (a, slope, -(a + a) * slope)
        }
        Activation::Sigmoid => {
            let a = sigmoid(z);
            let slope = a * (one - a);
            (a, slope, slope * (one - a - a))
        }
        Activation::Identity => (z, one, zero),
    }
}

/// ∂/∂h and ∂²/∂h² of one term of a loss in one output h. Cross-entropy ties the outputs together and is not here.
fn loss_derivatives<T: Real>(loss: Loss, h: T, t: T) -> (T, T) {
    let error = h - t;
    match loss {
        Loss::Mse | Loss::CrossEntropy => (error + error, T::of(2.0)),
        Loss::BinaryCrossEntropy => {
            let p = sigmoid(h);
            (p - t, p * (T::ONE - p))
        }
        Loss::Huber if error.abs() <= T::ONE => (error, T::ONE),
        Loss::Huber => (error / error.abs(), T::ZERO),
    }
}

/// 1 / (1 + e⁻ᶻ), without overflow.
fn sigmoid<T: Real>(z: T) -> T {
    let exp = (-z.abs()).exp();
    let top = if z > T::ZERO { T::ONE } else { exp };
    top / (T::ONE + exp)
}

/// A unit's rows in a block.
fn of<T>(block: &[T], unit: usize, rows: usize) -> &[T] {
    &block[unit * BLOCK..][..rows]
}

fn of_mut<T>(block: &mut [T], unit: usize, rows: usize) -> &mut [T] {
    &mut block[unit * BLOCK..][..rows]
}

/// y ← y + wx.
fn add_scaled<T: Real>(y: &mut [T], w: T, x: &[T]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += w * *x;
    }
}

const LANES: usize = 8;

/// aᵀb over rows, in eight fixed lanes.
fn dot<T: Real>(a: &[T], b: &[T]) -> T {
    let mut lanes = [T::ZERO; LANES];
    let (a_chunks, b_chunks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_chunks.remainder().iter().zip(b_chunks.remainder());
    for (a, b) in a_chunks.zip(b_chunks) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += *a * *b;
        }
    }
    for (lane, (a, b)) in lanes.iter_mut().zip(rest) {
        *lane += *a * *b;
    }
    sum(&lanes)
}

fn sum<T: Real>(values: &[T]) -> T {
    values.iter().fold(T::ZERO, |sum, v| sum + *v)
}
