//! Conjugate gradients.

use super::{Residual, Solver, norm, require_symmetric};
use crate::error::Error;
use crate::linalg::vector::{axpy, dot};
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
/// with r⁰ = b − Ax⁰ and β⁰ = 0. The residual is brought up to date at the start of the next step, so that what stands
/// in the state is what the step used. It starts afresh where the point has been moved from outside.
///
/// Source: Hestenes & Stiefel 1952, eq. (3:1a)–(3:1f). 1/αᵏ is the pivot of the tridiagonal matrix that the Lanczos
/// process makes of A (Golub & Van Loan, § 11.3.5); one that is not positive shows that A is not positive definite.
#[derive(Debug, Clone, Default)]
pub struct ConjugateGradients {
    residual: Residual,
    p: Vec<f64>,
    /// Ap.
    q: Vec<f64>,
    /// Where the last step ended.
    last: Vec<f64>,
    /// Steps since the start; 0 starts afresh.
    steps: f64,
    rr: f64,
    curvature: f64,
    alpha: f64,
    beta: f64,
}

impl Solver for ConjugateGradients {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        require_symmetric(METHOD.name, system)?;
        let zeros = vec![0.0; system.rhs().len()];
        *self = Self {
            residual: Residual::new(system),
            p: zeros.clone(),
            q: zeros.clone(),
            last: zeros,
            ..Self::default()
        };
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        let Self { residual, p, q, .. } = self;
        let mut products = 1;
        let (at, beta) = if self.steps == 0.0 || self.last != x {
            self.steps = 0.0;
            p.fill(0.0);
            products += 1;
            (residual.take(system, x)?, 0.0)
        } else {
            axpy(-self.alpha, q, &mut residual.r);
            let at = residual.report(system, x)?;
            (at, residual.rr / self.rr)
        };
        if at.solved {
            self.steps = 0.0;
            return Ok(at.stays(products - 1));
        }
        self.beta = beta;
        self.rr = residual.rr;
        for (p, r) in p.iter_mut().zip(&residual.r) {
            *p = r + beta * *p;
        }
        system.matrix().multiply(p, q);
        self.curvature = dot(p, q);
        self.steps += 1.0;
        if self.curvature <= 0.0 {
            let pivot = self.steps as usize;
            self.steps = 0.0;
            return Err(Breakdown::NotPositiveDefinite {
                pivot,
                value: self.curvature / self.rr,
            });
        }
        self.alpha = self.rr / self.curvature;
        axpy(self.alpha, p, x);
        self.last.copy_from_slice(x);
        Ok(at.moved(self.alpha * norm(p), products))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("r", &mut self.residual.r);
        visitor.vector("p", &mut self.p);
        visitor.vector("q", &mut self.q);
        visitor.vector("last", &mut self.last);
        visitor.scalar("steps", &mut self.steps);
        visitor.scalar("rTr", &mut self.rr);
        visitor.scalar("pTAp", &mut self.curvature);
        visitor.scalar("alpha", &mut self.alpha);
        visitor.scalar("beta", &mut self.beta);
    }
}
