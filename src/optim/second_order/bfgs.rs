//! BFGS.

use super::line_search;
use super::quasi_newton::{LEARNT, LR, MEASURES, Model, QuasiNewton};
use super::within_means;
use crate::args::Args;
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::optim::{Family, Line, Method, Oracle, StateVisitor};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "bfgs",
    title: "BFGS",
    family: Family::SecondOrder,
    about: "Learns H, its guess of the inverse Hessian, from how the gradient has changed: s is the last step, y the change of the gradient over it. A step where sᵀy is not above zero teaches nothing.",
    fields: &[LR, line_search::FIELD],
    equation: &[
        Line::new(
            r"\theta^{k+1} = \theta^k - \alpha H^k \nabla f",
            super::MOVE,
        ),
        Line::new(
            r"H^{k+1} = (I - \varrho s y^T) H^k (I - \varrho y s^T) + \varrho s s^T, \quad \varrho = \frac{1}{y^T s}",
            LEARNT,
        ),
    ],
    reference: "Nocedal & Wright 2006, Numerical Optimization, algorithm 6.1; scipy.optimize.minimize(method=\"BFGS\")",
    needs: Oracle::Gradient,
    measures: MEASURES,
};

/// The inverse Hessian as BFGS guesses it, as a matrix:
///
/// ```text
/// H ← (I − ϱsyᵀ)H(I − ϱysᵀ) + ϱssᵀ        ϱ = 1/yᵀs
/// ```
///
/// H starts as I, and is scaled to yᵀs/yᵀy before its first update (eq. 6.20), which SciPy leaves out.
///
/// Source: Nocedal, Wright 2006, eq. 6.17 and 6.20.
#[derive(Debug, Clone, Default)]
pub struct Bfgs {
    dim: usize,
    /// n·n, row-major, symmetric.
    h: Vec<f64>,
    updates: f64,
    hy: Vec<f64>,
}

impl Bfgs {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> QuasiNewton<Self> {
        QuasiNewton::new(Self::default(), args)
    }

    /// H ← γI.
    fn start(&mut self, gamma: f64) {
        self.h.fill(0.0);
        for own in self.h.iter_mut().step_by(self.dim + 1) {
            *own = gamma;
        }
    }
}

impl Model for Bfgs {
    const NAME: &'static str = "B, the Hessian as BFGS guesses it";

    fn reset(&mut self, n: usize) -> Result<(), Error> {
        let numbers = (n as f64) * (n as f64);
        // One product with H and one update of it.
        within_means(
            METHOD.name,
            &format!("{n}² numbers"),
            8.0 * numbers,
            8.0 * numbers,
        )?;
        self.dim = n;
        self.h = vec![0.0; n * n];
        self.hy = vec![0.0; n];
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        self.updates = 0.0;
        self.start(1.0);
    }

    fn is_blank(&self) -> bool {
        self.updates == 0.0
    }

    fn direction(&mut self, g: &[f64], d: &mut [f64]) {
        multiply(&self.h, g, d);
    }

    fn learn(&mut self, s: &[f64], y: &[f64], sy: f64) {
        if self.is_blank() {
            self.start(sy / dot(y, y));
        }
        self.updates += 1.0;
        multiply(&self.h, y, &mut self.hy);
        // The product above, multiplied out: H + (1 + ϱyᵀHy)ϱssᵀ − ϱ(Hy·sᵀ + s·(Hy)ᵀ).
        let rho = 1.0 / sy;
        let along = (1.0 + rho * dot(y, &self.hy)) * rho;
        for ((row, si), hyi) in self.h.chunks_exact_mut(self.dim).zip(s).zip(&self.hy) {
            for ((h, sj), hyj) in row.iter_mut().zip(s).zip(&self.hy) {
                *h += along * (si * sj) - rho * (hyi * sj + si * hyj);
            }
        }
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.scalar("updates", &mut self.updates);
        visitor.vector("H", &mut self.h);
    }
}

/// y = Hx.
fn multiply(h: &[f64], x: &[f64], y: &mut [f64]) {
    for (y, row) in y.iter_mut().zip(h.chunks_exact(x.len())) {
        *y = dot(row, x);
    }
}
