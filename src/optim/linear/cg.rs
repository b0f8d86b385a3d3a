//! Conjugate gradients.

use super::exact_step::ExactStep;
use super::{Solver, require_symmetric};
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "cg",
    title: "Conjugate gradients",
    family: Family::Linear,
    about: "Each direction is conjugate to all before it, so no step undoes another: in exact arithmetic at most n steps for a symmetric positive definite matrix, and after k of them the error in the norm of A is below 2((√κ − 1)/(√κ + 1))ᵏ of the first. One product with the matrix a step. Loss and gradient norm come from the residual that the recursion carries; the column “residual” is the true one up to 1,000 unknowns.",
    fields: &[],
    equation: &[
        Line::new(
            r"p^k = r^k + \beta^k p^{k-1}",
            r"\text{@p1} = \text{@r1} + \text{@beta1} \cdot \text{@p0}",
        ),
        Line::new(
            r"\alpha^k = \frac{r^{\top} r}{p^{\top} A p}",
            r"\alpha^k = \text{@rTr1} / \text{@pTAp1} = \text{@alpha1}",
        ),
        Line::new(
            r"x^{k+1} = x^k + \alpha^k p^k",
            r"\text{@x1} = \text{@x0} + \text{@alpha1} \cdot \text{@p1}",
        ),
        Line::new(
            r"r^{k+1} = r^k - \alpha^k A p^k,\quad \beta^{k+1} = \frac{\|r^{k+1}\|^2}{\|r^k\|^2}",
            r"r^{k+1} = \text{@r1} - \text{@alpha1} \cdot \text{@q1}",
        ),
    ],
    reference: "Hestenes & Stiefel 1952, J. Res. Nat. Bur. Standards 49, eq. (3:1); Golub & Van Loan, algorithm 11.3.3; Saad, algorithm 6.18",
    needs: Oracle::LinearSystem,
    measures: &[],
};

/// ```text
/// rᵏ = rᵏ⁻¹ − αᵏ⁻¹Apᵏ⁻¹      βᵏ = ‖rᵏ‖² / ‖rᵏ⁻¹‖²
/// pᵏ = rᵏ + βᵏpᵏ⁻¹           αᵏ = ‖rᵏ‖² / pᵏᵀApᵏ       xᵏ⁺¹ = xᵏ + αᵏpᵏ
/// ```
///
/// with r⁰ = b − Ax⁰ and β⁰ = 0.
///
/// Source: Hestenes & Stiefel 1952, eq. (3:1a)–(3:1f). 1/αᵏ is the pivot of the tridiagonal matrix that the Lanczos
/// process makes of A (Golub & Van Loan, § 11.3.5); one that is not positive shows that A is not positive definite.
#[derive(Debug, Clone, Default)]
pub struct ConjugateGradients {
    line: ExactStep,
    p: Vec<f64>,
    rr: f64,
    beta: f64,
}

impl Solver for ConjugateGradients {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        require_symmetric(METHOD.name, system)?;
        *self = Self {
            line: ExactStep::new(system),
            p: vec![0.0; system.rhs().len()],
            ..Self::default()
        };
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        let Self { line, p, .. } = self;
        let at = line.begin(system, x)?;
        let fresh = line.steps == 0.0;
        if fresh {
            p.fill(0.0);
        }
        if at.solved {
            line.steps = 0.0;
            return Ok(at.stays(u32::from(fresh)));
        }
        let rr = line.residual.rr;
        let beta = if fresh { 0.0 } else { rr / self.rr };
        self.beta = beta;
        self.rr = rr;
        for (p, r) in p.iter_mut().zip(&line.residual.r) {
            *p = r + beta * *p;
        }
        system.matrix().multiply(p, &mut line.q);
        line.curvature = dot(p, &line.q);
        let moved = line.go(x, p, rr)?;
        Ok(at.moved(moved, 1 + u32::from(fresh)))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("r", &mut self.line.residual.r);
        visitor.vector("p", &mut self.p);
        visitor.vector("q", &mut self.line.q);
        visitor.vector("last", &mut self.line.last);
        visitor.scalar("steps", &mut self.line.steps);
        visitor.scalar("rTr", &mut self.rr);
        visitor.scalar("pTAp", &mut self.line.curvature);
        visitor.scalar("alpha", &mut self.line.alpha);
        visitor.scalar("beta", &mut self.beta);
    }
}
