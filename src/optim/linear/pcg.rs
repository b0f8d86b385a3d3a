//! Preconditioned conjugate gradients.

use super::exact_step::ExactStep;
use super::{Solver, require_symmetric};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::linalg::{Pivot, Preconditioner};
use crate::optim::{Breakdown, Family, Line, Method, Oracle, StateVisitor, Step};
use crate::problem::LinearSystem;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "pcg",
    title: "Preconditioned CG",
    family: Family::Linear,
    about: "Conjugate gradients on M⁻¹A, with a matrix M ≈ A that is cheap to solve with: the diagonal (Jacobi), a symmetric sweep of relaxation (SSOR), or a Cholesky factor without fill-in (IC(0)). The better M, the smaller the condition number and the fewer the steps, and the dearer each.",
    fields: &[
        Field::choice(
            "preconditioner",
            "M",
            "what approximates the matrix",
            &["jacobi", "ssor", "incomplete_cholesky"],
        ),
        Field::number(
            "omega",
            "ω",
            "relaxation of SSOR",
            1.0,
            Range {
                min: 0.0,
                max: 2.0,
                min_included: false,
                max_included: false,
            },
        ),
    ],
    equation: &[
        Line::new(r"M = D", r"z = M^{-1} r = \text{@z1}").when(&[("preconditioner", "jacobi")]),
        Line::new(
            r"M = \frac{(D + \omega L) D^{-1} (D + \omega L^{\top})}{\omega (2 - \omega)}",
            r"z = M^{-1} r = \text{@z1}",
        )
        .when(&[("preconditioner", "ssor")]),
        Line::new(
            r"M = L L^{\top},\quad l_{ij} = 0 \text{ where } a_{ij} = 0",
            r"z = M^{-1} r = \text{@z1}",
        )
        .when(&[("preconditioner", "incomplete_cholesky")]),
        Line::new(
            r"p^k = M^{-1} r^k + \beta^k p^{k-1}",
            r"\text{@p1} = \text{@z1} + \text{@beta1} \cdot \text{@p0}",
        ),
        Line::new(
            r"\alpha^k = \frac{r^{\top} M^{-1} r}{p^{\top} A p}",
            r"\alpha^k = \text{@rTz1} / \text{@pTAp1} = \text{@alpha1}",
        ),
        Line::new(
            r"x^{k+1} = x^k + \alpha^k p^k",
            r"\text{@x1} = \text{@x0} + \text{@alpha1} \cdot \text{@p1}",
        ),
        Line::new(
            r"r^{k+1} = r^k - \alpha^k A p^k",
            r"r^{k+1} = \text{@r1} - \text{@alpha1} \cdot \text{@q1}",
        ),
    ],
    reference: "Concus, Golub & O'Leary 1976; Meijerink & van der Vorst 1977 for IC(0); Golub & Van Loan, algorithm 11.5.1; Saad, algorithm 9.1",
    needs: Oracle::LinearSystem,
    measures: &[],
};

/// Conjugate gradients with ‖r‖² replaced by rᵀz, z = M⁻¹r:
///
/// ```text
/// rᵏ = rᵏ⁻¹ − αᵏ⁻¹Apᵏ⁻¹      βᵏ = rᵏᵀzᵏ / rᵏ⁻¹ᵀzᵏ⁻¹
/// pᵏ = zᵏ + βᵏpᵏ⁻¹           αᵏ = rᵏᵀzᵏ / pᵏᵀApᵏ       xᵏ⁺¹ = xᵏ + αᵏpᵏ
/// ```
///
/// A pivot that is not positive, of the incomplete factor or on the diagonal, breaks the run off at its first step.
///
/// Source: Saad, algorithm 9.1. SciPy's `cg(M=…)` is the same.
#[derive(Debug, Clone)]
pub struct Preconditioned {
    kind: Kind,
    preconditioner: Result<Preconditioner, Pivot>,
    line: ExactStep,
    z: Vec<f64>,
    p: Vec<f64>,
    rz: f64,
    beta: f64,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Jacobi,
    Ssor { omega: f64 },
    IncompleteCholesky,
}

impl Preconditioned {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self::new(match args.choice("preconditioner") {
            "ssor" => Kind::Ssor {
                omega: args.number("omega"),
            },
            "incomplete_cholesky" => Kind::IncompleteCholesky,
            _ => Kind::Jacobi,
        })
    }

    fn new(kind: Kind) -> Self {
        let diagonal = Vec::new();
        Self {
            kind,
            preconditioner: Ok(Preconditioner::Jacobi { diagonal }),
            line: ExactStep::default(),
            z: Vec::new(),
            p: Vec::new(),
            rz: 0.0,
            beta: 0.0,
        }
    }
}

impl Solver for Preconditioned {
    fn reset(&mut self, system: &dyn LinearSystem) -> Result<(), Error> {
        require_symmetric(METHOD.name, system)?;
        let (a, zeros) = (system.matrix(), vec![0.0; system.rhs().len()]);
        *self = Self {
            preconditioner: match self.kind {
                Kind::Jacobi => Preconditioner::jacobi(a),
                Kind::Ssor { omega } => Preconditioner::ssor(a, omega),
                Kind::IncompleteCholesky => Preconditioner::incomplete_cholesky(a),
            },
            line: ExactStep::new(system),
            z: zeros.clone(),
            p: zeros,
            ..Self::new(self.kind)
        };
        Ok(())
    }

    fn step(&mut self, system: &dyn LinearSystem, x: &mut [f64]) -> Result<Step, Breakdown> {
        let preconditioner = self.preconditioner.as_ref().map_err(|pivot| *pivot)?;
        let (a, line) = (system.matrix(), &mut self.line);
        let at = line.begin(system, x)?;
        let fresh = line.steps == 0.0;
        if fresh {
            self.p.fill(0.0);
        }
        if at.solved {
            line.steps = 0.0;
            return Ok(at.stays(u32::from(fresh)));
        }
        preconditioner.solve(a, &line.residual.r, &mut self.z);
        let rz = dot(&line.residual.r, &self.z);
        self.beta = if fresh { 0.0 } else { rz / self.rz };
        self.rz = rz;
        for (p, z) in self.p.iter_mut().zip(&self.z) {
            *p = z + self.beta * *p;
        }
        a.multiply(&self.p, &mut line.q);
        line.curvature = dot(&self.p, &line.q);
        let moved = line.go(x, &self.p, rz)?;
        Ok(at.moved(moved, 1 + u32::from(fresh)))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("r", &mut self.line.residual.r);
        visitor.vector("z", &mut self.z);
        visitor.vector("p", &mut self.p);
        visitor.vector("q", &mut self.line.q);
        visitor.vector("last", &mut self.line.last);
        visitor.scalar("steps", &mut self.line.steps);
        visitor.scalar("rTz", &mut self.rz);
        visitor.scalar("pTAp", &mut self.line.curvature);
        visitor.scalar("alpha", &mut self.line.alpha);
        visitor.scalar("beta", &mut self.beta);
    }
}
