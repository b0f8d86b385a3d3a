//! Proofs that a quadratic program has no solution, checked before they are believed.

use super::{add_transposed, largest, multiply};
use crate::linalg::vector::dot;
use crate::optim::{Breakdown, Certificate, Multipliers, StateVisitor};
use crate::problem::quadratic_program::QuadraticProgram;

/// A proof must hold to this part of what it proves.
const TOLERANCE: f64 = 1e-8;

/// Room for a proof, and whether there is one.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// 0: none; 1: infeasible; 2: unbounded.
    kind: f64,
    pub(super) nu: Vec<f64>,
    pub(super) lambda: Vec<f64>,
    pub(super) direction: Vec<f64>,
    work: Vec<f64>,
    rows: Vec<f64>,
}

impl Proof {
    /// Room for the proofs of `program`; none yet.
    pub fn reserve(&mut self, program: &QuadraticProgram) {
        let n = program.dim();
        let (p, m) = program.multiplier_counts();
        *self = Self {
            kind: 0.0,
            nu: vec![0.0; p],
            lambda: vec![0.0; m],
            direction: vec![0.0; n],
            work: vec![0.0; n],
            rows: vec![0.0; p.max(m)],
        };
    }

    /// Whether ν and λ in their places, scaled to bᵀν + hᵀλ = −1, prove that no point is feasible: Aᵀν + Gᵀλ = 0, λ ≥ 0.
    ///
    /// Were x feasible, then −1 = bᵀν + hᵀλ ≥ (Ax)ᵀν + (Gx)ᵀλ = xᵀ(Aᵀν + Gᵀλ) ≥ −‖x‖₁·residual.
    pub(super) fn infeasible(&mut self, program: &QuadraticProgram) -> Result<(), Breakdown> {
        for lambda in &mut self.lambda {
            *lambda = lambda.max(0.0);
        }
        let (of_rows, of_bounds) = self.lambda.split_at(program.h.len());
        let ends = program.bounds().zip(of_bounds);
        let of_ends: f64 = ends.map(|(bound, l)| bound.sign * bound.value * l).sum();
        let below = dot(&program.b, &self.nu) + dot(&program.h, of_rows) + of_ends;
        if below.is_nan() || below >= 0.0 {
            return Ok(());
        }
        let scale = -1.0 / below;
        for y in self.nu.iter_mut().chain(&mut self.lambda) {
            *y *= scale;
        }
        self.work.fill(0.0);
        let (of_rows, of_bounds) = self.lambda.split_at(program.h.len());
        add_transposed(&program.a, &self.nu, &mut self.work);
        add_transposed(&program.g, of_rows, &mut self.work);
        for (bound, l) in program.bounds().zip(of_bounds) {
            self.work[bound.at] += bound.sign * l;
        }
        let residual = largest(&self.work);
        if residual <= TOLERANCE {
            self.kind = 1.0;
            return Err(Breakdown::Infeasible { residual });
        }
        Ok(())
    }

    /// Whether the direction d in its place, scaled to qᵀd = −1, proves that f falls for ever: Pd = 0, Ad = 0, Gd ≤ 0.
    pub(super) fn unbounded(&mut self, program: &QuadraticProgram) -> Result<(), Breakdown> {
        let slope = dot(&program.q, &self.direction);
        if slope.is_nan() || slope >= 0.0 {
            return Ok(());
        }
        for d in &mut self.direction {
            *d *= -1.0 / slope;
        }
        let d = &self.direction;
        multiply(&program.p, d, &mut self.work);
        let mut residual = largest(&self.work);
        let (p, m) = (program.b.len(), program.h.len());
        multiply(&program.a, d, &mut self.rows[..p]);
        residual = residual.max(largest(&self.rows[..p]));
        multiply(&program.g, d, &mut self.rows[..m]);
        let ends = program.bounds().map(|bound| bound.sign * d[bound.at]);
        let above = self.rows[..m].iter().copied().chain(ends);
        residual = above.fold(residual, f64::max);
        if residual <= TOLERANCE {
            self.kind = 2.0;
            return Err(Breakdown::Unbounded { residual });
        }
        Ok(())
    }

    /// The proof, if there is one.
    pub fn certificate(&self) -> Option<Certificate> {
        match self.kind {
            1.0 => Some(Certificate::Infeasible(Multipliers {
                nu: self.nu.clone(),
                lambda: self.lambda.clone(),
            })),
            2.0 => Some(Certificate::Unbounded(self.direction.clone())),
            _ => None,
        }
    }

    /// See [`crate::optim::Optimizer::state`].
    pub fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.scalar("proof", &mut self.kind);
        visitor.vector("proof_nu", &mut self.nu);
        visitor.vector("proof_lambda", &mut self.lambda);
        visitor.vector("proof_direction", &mut self.direction);
    }
}
