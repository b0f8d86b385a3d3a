//! A formula on several points at once.

use std::array::from_fn;

use super::functions::{Binary, Unary, chain};
use super::program::{Op, Program, Step};

/// Points that are evaluated together.
pub const LANES: usize = 8;

/// One number for each of the points.
pub type Lanes = [f64; LANES];

/// A formula whose steps are each taken for [`LANES`] points before the next, so that reading a step costs an eighth.
///
/// Each point gets the bits of the value that [`super::Formula::value`] gives it.
#[derive(Debug, Clone)]
pub struct Batch {
    steps: Vec<Step>,
    result: usize,
    /// v, as in [`Program`].
    values: Vec<Lanes>,
    /// v̄
    adjoints: Vec<Lanes>,
}

impl Batch {
    pub(super) fn new(program: &Program) -> Self {
        let values: Vec<Lanes> = program.values().iter().map(|v| [*v; LANES]).collect();
        Self {
            steps: program.steps().to_vec(),
            result: program.result(),
            adjoints: vec![[0.0; LANES]; values.len()],
            values,
        }
    }

    /// Sets a variable, for each of the points.
    pub fn set(&mut self, variable: usize, values: Lanes) {
        self.values[variable] = values;
    }

    /// f.
    pub fn value(&mut self) -> Lanes {
        for step in &self.steps {
            let (a, b, out) = step.slots();
            self.values[out] = value(step.op, &self.values[a], &self.values[b]);
        }
        self.values[self.result]
    }

    /// f; then [`Batch::slope`] has the gradient.
    pub fn gradient(&mut self) -> Lanes {
        let f = self.value();
        self.adjoints.fill([0.0; LANES]);
        self.adjoints[self.result] = [1.0; LANES];
        for step in self.steps.iter().rev() {
            let (a, b, out) = step.slots();
            let (va, vb, v) = (&self.values[a], &self.values[b], &self.values[out]);
            let (by_a, by_b) = spread(step.op, va, vb, v, &self.adjoints[out]);
            add(&mut self.adjoints[a], &by_a);
            if let Some(by_b) = by_b {
                add(&mut self.adjoints[b], &by_b);
            }
        }
        f
    }

    /// ∂f/∂ of a variable, where the last gradient was taken.
    pub fn slope(&self, variable: usize) -> &Lanes {
        &self.adjoints[variable]
    }
}

fn add(to: &mut Lanes, from: &Lanes) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += from;
    }
}

/// One operation on all lanes. What is cheap has a loop of its own, which the compiler turns into vectors.
fn value(op: Op, a: &Lanes, b: &Lanes) -> Lanes {
    match op {
        Op::Binary(Binary::Add) => from_fn(|l| a[l] + b[l]),
        Op::Binary(Binary::Sub) => from_fn(|l| a[l] - b[l]),
        Op::Binary(Binary::Mul) => from_fn(|l| a[l] * b[l]),
        Op::Binary(Binary::Div) => from_fn(|l| a[l] / b[l]),
        Op::Unary(Unary::Neg) => from_fn(|l| -a[l]),
        Op::Unary(Unary::Sqrt) => from_fn(|l| a[l].sqrt()),
        Op::Integer(2) => from_fn(|l| a[l] * a[l]),
        _ => from_fn(|l| op.value(a[l], b[l])),
    }
}

/// What the adjoint of a result adds to those of its operands; nothing for the second where there is only one.
fn spread(op: Op, a: &Lanes, b: &Lanes, v: &Lanes, adjoint: &Lanes) -> (Lanes, Option<Lanes>) {
    let times = |slope: &Lanes| -> Lanes { from_fn(|l| chain(adjoint[l], slope[l])) };
    match op {
        Op::Binary(Binary::Add) => (*adjoint, Some(*adjoint)),
        Op::Binary(Binary::Sub) => (*adjoint, Some(adjoint.map(|v| -v))),
        Op::Binary(Binary::Mul) => (times(b), Some(times(a))),
        Op::Unary(Unary::Neg) => (adjoint.map(|v| -v), None),
        Op::Unary(Unary::Exp) => (times(v), None),
        Op::Integer(2) => (times(&a.map(|v| 2.0 * v)), None),
        Op::Binary(_) => {
            let slopes: [[f64; 2]; LANES] = from_fn(|l| op.slopes(a[l], b[l], v[l]));
            let second = times(&slopes.map(|s| s[1]));
            (times(&slopes.map(|s| s[0])), Some(second))
        }
        Op::Unary(_) | Op::Integer(_) | Op::Real(_) => {
            (times(&from_fn(|l| op.slopes(a[l], b[l], v[l])[0])), None)
        }
    }
}
