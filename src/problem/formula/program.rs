//! The flat program of a formula, and the sweeps over it.

use super::functions::{
    Binary, Unary, chain, integer_power, real_power_curvature, real_power_slope,
};
use super::{Constant, Node};

/// Integer exponents up to this size are repeated multiplications.
const LARGEST_INTEGER_POWER: f64 = 64.0;

/// Steps on slots: the first n slots hold the point, the others a constant or the result of one step each.
///
/// With vₖ the result of step k on slots a and b, and the root last:
///
/// ```text
/// value     vₖ = fₖ(vₐ, v_b)                                 forward
/// gradient  v̄ = 1 at the root; v̄ₐ += v̄ₖ ∂fₖ/∂a, same for b   backward; ∇f is v̄ of the first n slots
/// Hessian   column i: v̇ᵢ = 1; v̇ₖ = ∂fₖ/∂a v̇ₐ + ∂fₖ/∂b v̇_b    forward; then the derivative of the backward sweep
///                                                            in the direction v̇
/// ```
#[derive(Debug, Clone)]
pub(super) struct Program {
    dim: usize,
    steps: Vec<Step>,
    result: usize,
    /// v
    values: Vec<f64>,
    /// v̄
    adjoints: Vec<f64>,
    /// v̇
    tangents: Vec<f64>,
    /// The derivative of v̄ in the direction of v̇.
    bent: Vec<f64>,
    /// By step: [∂f/∂a, ∂f/∂b].
    slopes: Vec<[f64; 2]>,
    /// By step: [∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²].
    curvatures: Vec<[f64; 3]>,
}

/// One operation; `b` is `a` where it takes one operand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Step {
    pub(super) op: Op,
    a: u32,
    b: u32,
    out: u32,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Op {
    Unary(Unary),
    Binary(Binary),
    /// aⁿ.
    Integer(i32),
    /// aᶜ with a constant c.
    Real(f64),
}

impl Op {
    pub(super) fn value(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Unary(f) => f.value(a),
            Self::Binary(f) => f.value(a, b),
            Self::Integer(n) => integer_power(a, n),
            Self::Real(c) => libm::pow(a, c),
        }
    }

    pub(super) fn slopes(self, a: f64, b: f64, v: f64) -> [f64; 2] {
        match self {
            Self::Unary(f) => [f.slope(a, v), 0.0],
            Self::Binary(f) => f.slopes(a, b, v),
            Self::Integer(n) => [f64::from(n) * integer_power(a, n - 1), 0.0],
            Self::Real(c) => [real_power_slope(a, c), 0.0],
        }
    }

    fn curvatures(self, a: f64, b: f64, v: f64, slopes: [f64; 2]) -> [f64; 3] {
        match self {
            Self::Unary(f) => [f.curvature(a, v, slopes[0]), 0.0, 0.0],
            Self::Binary(f) => f.curvatures(a, b, v),
            Self::Integer(n) => {
                let factor = f64::from(n) * f64::from(n - 1);
                [factor * integer_power(a, n - 2), 0.0, 0.0]
            }
            Self::Real(c) => [real_power_curvature(a, c), 0.0, 0.0],
        }
    }
}

impl Program {
    /// The program of `tree` in `dim` variables, with constant subexpressions computed and equal ones shared.
    pub(super) fn compile(tree: &[Node], dim: usize) -> Self {
        let mut compiler = Compiler {
            steps: Vec::new(),
            values: vec![0.0; dim],
            constants: Vec::new(),
        };
        let mut places: Vec<Place> = Vec::with_capacity(tree.len());
        for node in tree {
            let place = match *node {
                Node::Number(v) => Place::Constant(v),
                Node::Constant(c) => Place::Constant(c.value()),
                Node::Variable(i) => Place::Slot(i),
                Node::Unary(f, a) => compiler.apply(Op::Unary(f), places[a], places[a]),
                Node::Binary(Binary::Pow, a, b) => {
                    let base_is_e = tree[a] == Node::Constant(Constant::E);
                    compiler.power(base_is_e, places[a], places[b])
                }
                Node::Binary(f, a, b) => compiler.apply(Op::Binary(f), places[a], places[b]),
            };
            places.push(place);
        }
        let root = places.last().copied().unwrap_or(Place::Constant(0.0));
        let result = compiler.slot(root);
        let (slots, steps) = (compiler.values.len(), compiler.steps.len());
        Self {
            dim,
            steps: compiler.steps,
            result,
            values: compiler.values,
            adjoints: vec![0.0; slots],
            tangents: vec![0.0; slots],
            bent: vec![0.0; slots],
            slopes: vec![[0.0; 2]; steps],
            curvatures: vec![[0.0; 3]; steps],
        }
    }

    /// The steps, in order.
    pub(super) fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The slots, of which those of the constants hold them.
    pub(super) fn values(&self) -> &[f64] {
        &self.values
    }

    /// The slot of the root.
    pub(super) fn result(&self) -> usize {
        self.result
    }

    pub(super) fn value(&mut self, x: &[f64]) -> f64 {
        let values = &mut self.values;
        values[..self.dim].copy_from_slice(x);
        for step in &self.steps {
            let (a, b) = (values[step.a as usize], values[step.b as usize]);
            values[step.out as usize] = step.op.value(a, b);
        }
        values[self.result]
    }

    pub(super) fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        let value = self.value(x);
        let (values, adjoints) = (&self.values, &mut self.adjoints);
        adjoints.fill(0.0);
        adjoints[self.result] = 1.0;
        for step in self.steps.iter().rev() {
            let (a, b, out) = step.slots();
            let adjoint = adjoints[out];
            if adjoint == 0.0 {
                continue;
            }
            let slopes = step.op.slopes(values[a], values[b], values[out]);
            adjoints[a] += chain(adjoint, slopes[0]);
            adjoints[b] += chain(adjoint, slopes[1]);
        }
        g.copy_from_slice(&adjoints[..self.dim]);
        value
    }

    /// By the variables from `first` on.
    pub(super) fn hessian(&mut self, x: &[f64], first: usize, h: &mut [f64]) -> f64 {
        let value = self.value(x);
        self.differentiate_steps();
        let n = self.dim - first;
        for i in 0..n {
            self.bend(first + i);
            for j in 0..=i {
                h[i * n + j] = self.bent[first + j];
                h[j * n + i] = self.bent[first + j];
            }
        }
        value
    }

    /// Slopes and curvatures of every step, and all adjoints, at the values that stand in the slots.
    fn differentiate_steps(&mut self) {
        self.adjoints.fill(0.0);
        self.adjoints[self.result] = 1.0;
        for (k, step) in self.steps.iter().enumerate().rev() {
            let (a, b, out) = step.slots();
            let (va, vb, v) = (self.values[a], self.values[b], self.values[out]);
            let slopes = step.op.slopes(va, vb, v);
            self.slopes[k] = slopes;
            self.curvatures[k] = step.op.curvatures(va, vb, v, slopes);
            let adjoint = self.adjoints[out];
            self.adjoints[a] += chain(adjoint, slopes[0]);
            self.adjoints[b] += chain(adjoint, slopes[1]);
        }
    }

    /// The derivative of the adjoints in the direction of variable `i`.
    fn bend(&mut self, i: usize) {
        let tangents = &mut self.tangents;
        tangents.fill(0.0);
        tangents[i] = 1.0;
        for (step, [fa, fb]) in self.steps.iter().zip(&self.slopes) {
            let (a, b, out) = step.slots();
            tangents[out] = chain(*fa, tangents[a]) + chain(*fb, tangents[b]);
        }
        self.bent.fill(0.0);
        for (k, step) in self.steps.iter().enumerate().rev() {
            let (a, b, out) = step.slots();
            let [fa, fb] = self.slopes[k];
            let [faa, fab, fbb] = self.curvatures[k];
            let (adjoint, bent) = (self.adjoints[out], self.bent[out]);
            let (ta, tb) = (tangents[a], tangents[b]);
            self.bent[a] += chain(bent, fa) + chain(adjoint, chain(faa, ta) + chain(fab, tb));
            self.bent[b] += chain(bent, fb) + chain(adjoint, chain(fab, ta) + chain(fbb, tb));
        }
    }
}

impl Step {
    pub(super) fn slots(self) -> (usize, usize, usize) {
        (self.a as usize, self.b as usize, self.out as usize)
    }
}

/// Where the value of a node is to be found.
#[derive(Debug, Clone, Copy)]
enum Place {
    Constant(f64),
    Slot(usize),
}

struct Compiler {
    steps: Vec<Step>,
    /// One a slot; constants stand in theirs.
    values: Vec<f64>,
    /// The slots of the constants.
    constants: Vec<usize>,
}

impl Compiler {
    fn slot(&mut self, place: Place) -> usize {
        let v = match place {
            Place::Slot(slot) => return slot,
            Place::Constant(v) => v,
        };
        let same = |slot: &&usize| self.values[**slot].to_bits() == v.to_bits();
        if let Some(slot) = self.constants.iter().find(same) {
            return *slot;
        }
        self.constants.push(self.values.len());
        self.values.push(v);
        self.values.len() - 1
    }

    fn apply(&mut self, op: Op, a: Place, b: Place) -> Place {
        if let (Place::Constant(a), Place::Constant(b)) = (a, b) {
            return Place::Constant(op.value(a, b));
        }
        let (a, b) = (self.slot(a) as u32, self.slot(b) as u32);
        let same = |s: &&Step| (s.op, s.a, s.b) == (op, a, b);
        if let Some(step) = self.steps.iter().find(same) {
            return Place::Slot(step.out as usize);
        }
        let out = self.values.len();
        self.values.push(0.0);
        self.steps.push(Step {
            op,
            a,
            b,
            out: out as u32,
        });
        Place::Slot(out)
    }

    /// The cheapest and most exact form of a power.
    fn power(&mut self, base_is_e: bool, a: Place, b: Place) -> Place {
        match b {
            Place::Constant(1.0) => a,
            Place::Constant(0.0) => Place::Constant(1.0),
            Place::Constant(0.5) => self.apply(Op::Unary(Unary::Sqrt), a, a),
            Place::Constant(c) if c.fract() == 0.0 && c.abs() <= LARGEST_INTEGER_POWER => {
                self.apply(Op::Integer(c as i32), a, a)
            }
            _ if base_is_e => self.apply(Op::Unary(Unary::Exp), b, b),
            Place::Constant(c) => self.apply(Op::Real(c), a, a),
            Place::Slot(_) => self.apply(Op::Binary(Binary::Pow), a, b),
        }
    }
}
