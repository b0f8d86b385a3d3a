//! L-BFGS.

use super::line_search;
use super::quasi_newton::{LEARNT, LR, MEASURES, Model, QuasiNewton};
use crate::args::{Args, Field};
use crate::error::Error;
use crate::linalg::vector::{axpy, dot};
use crate::optim::{Family, Line, Method, Oracle, StateVisitor};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "lbfgs",
    title: "L-BFGS",
    family: Family::SecondOrder,
    about: "BFGS without its matrix: the last m pairs of step s and change of gradient y stand for H, so it takes any number of parameters.",
    fields: &[
        LR,
        Field::integer("memory", "m", "pairs that are kept", 10, 1, 100),
        line_search::FIELD,
    ],
    equation: &[
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha H^k \nabla f",
            super::MOVE,
        ),
        Line::new(
            r"H^k = \text{BFGS of } \tfrac{y^T s}{y^T y} I \text{ with the last } m \text{ pairs } (s, y)",
            LEARNT,
        ),
    ],
    reference: "Nocedal & Wright 2006, Numerical Optimization, algorithms 7.4 and 7.5; scipy.optimize.minimize(method=\"L-BFGS-B\"), torch.optim.LBFGS",
    needs: Oracle::Gradient,
    measures: MEASURES,
};

/// Most bytes of pairs.
const MOST_BYTES: f64 = 2e9;

/// The inverse Hessian as L-BFGS guesses it, as pairs: Hg by the two-loop recursion, from H = (yᵀs/yᵀy)I of the newest
/// pair.
///
/// ```text
/// newest to oldest:  aᵢ = ϱᵢsᵢᵀq,  q ← q − aᵢyᵢ        (q = g at first)
/// d = (yᵀs/yᵀy)q
/// oldest to newest:  b = ϱᵢyᵢᵀd,   d ← d + (aᵢ − b)sᵢ
/// ```
///
/// PyTorch's default is 100 pairs, SciPy's 10.
///
/// Source: Nocedal, Wright 2006, algorithm 7.4, eq. 7.20.
#[derive(Debug, Clone, Default)]
pub struct Lbfgs {
    memory: usize,
    dim: usize,
    /// Pairs learnt since the start; the newest stands at (this − 1) mod m.
    learnt: f64,
    /// m·n.
    s: Vec<f64>,
    y: Vec<f64>,
    /// sᵀy of each pair.
    sy: Vec<f64>,
    /// yᵀs/yᵀy of the newest pair.
    gamma: f64,
    a: Vec<f64>,
}

impl Lbfgs {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> QuasiNewton<Self> {
        let model = Self {
            memory: args.number("memory") as usize,
            ..Self::default()
        };
        QuasiNewton::new(model, args)
    }

    /// The slots in use, oldest first.
    fn slots(&self) -> impl DoubleEndedIterator<Item = usize> + use<> {
        let (learnt, memory) = (self.learnt as usize, self.memory);
        (learnt.saturating_sub(memory)..learnt).map(move |pair| pair % memory)
    }

    fn pair(&self, slot: usize) -> (&[f64], &[f64]) {
        let range = slot * self.dim..(slot + 1) * self.dim;
        (&self.s[range.clone()], &self.y[range])
    }
}

impl Model for Lbfgs {
    const NAME: &'static str = "B, the Hessian as L-BFGS guesses it";

    fn reset(&mut self, n: usize) -> Result<(), Error> {
        let bytes = 16.0 * n as f64 * self.memory as f64;
        if bytes > MOST_BYTES {
            let what = format!(
                "{} pairs of {n} numbers need {:.1} GB, at most {:.0} GB; keep fewer",
                self.memory,
                bytes / 1e9,
                MOST_BYTES / 1e9
            );
            return Err(Error::new("optimizer.memory", what));
        }
        self.dim = n;
        self.s = vec![0.0; n * self.memory];
        self.y = vec![0.0; n * self.memory];
        self.sy = vec![0.0; self.memory];
        self.a = vec![0.0; self.memory];
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        self.learnt = 0.0;
        self.gamma = 1.0;
    }

    fn is_blank(&self) -> bool {
        self.learnt == 0.0
    }

    fn direction(&mut self, g: &[f64], d: &mut [f64]) {
        d.copy_from_slice(g);
        for slot in self.slots().rev() {
            let (s, y) = self.pair(slot);
            let a = dot(s, d) / self.sy[slot];
            axpy(-a, y, d);
            self.a[slot] = a;
        }
        for d in d.iter_mut() {
            *d *= self.gamma;
        }
        for slot in self.slots() {
            let (s, y) = self.pair(slot);
            let b = dot(y, d) / self.sy[slot];
            axpy(self.a[slot] - b, s, d);
        }
    }

    fn learn(&mut self, s: &[f64], y: &[f64], sy: f64) {
        let slot = self.learnt as usize % self.memory;
        let range = slot * self.dim..(slot + 1) * self.dim;
        self.s[range.clone()].copy_from_slice(s);
        self.y[range].copy_from_slice(y);
        self.sy[slot] = sy;
        self.gamma = sy / dot(y, y);
        self.learnt += 1.0;
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.scalar("learnt", &mut self.learnt);
        visitor.scalar("gamma", &mut self.gamma);
        visitor.vector("S", &mut self.s);
        visitor.vector("Y", &mut self.y);
        visitor.vector("sy", &mut self.sy);
    }
}
