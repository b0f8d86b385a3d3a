//! A primal-dual interior-point method for linear and quadratic programs.

use super::certificate::Proof;
use super::{GONE, Kkt, add_transposed, convex, distance, finite, largest, multiply};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::QuasiDefinite;
use crate::linalg::vector::{axpy, dot};
use crate::optim::{
    Breakdown, Certificate, Family, Line, Method, Multipliers, Optimizer, Oracle, StateVisitor,
    Step, StepCx,
};
use crate::problem::quadratic_program::QuadraticProgram;
use crate::problem::{Convex, Objective};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "interior_point",
    title: "Interior point",
    family: Family::Constrained,
    about: "Follows the central path sᵢλᵢ = μ → 0 for linear and quadratic programs, by Mehrotra's predictor and corrector on the homogeneous embedding: a handful of steps whatever the size, and where there is no solution, the proof of that.",
    fields: &[Field::number(
        "tolerance",
        "ε",
        "KKT residual at which it has converged, relative to the data",
        1e-10,
        Range::POSITIVE,
    )],
    equation: &[
        Line::new(
            r"\begin{pmatrix} P & K^{\top} \\ K & -D \end{pmatrix} \begin{pmatrix} \Delta x \\ \Delta z \end{pmatrix} = r,\quad D = \operatorname{diag}(0, s_i / \lambda_i)",
            r"",
        ),
        Line::new(
            r"(x, z, s, \tau, \kappa)^{k+1} = (x, z, s, \tau, \kappa)^k + \alpha \Delta",
            r"\alpha = \text{@alpha1},\quad \tau = \text{@tau1},\quad \kappa = \text{@kappa1}",
        ),
        Line::new(
            r"\mu = \frac{s^{\top} \lambda + \tau \kappa}{m + 1}",
            r"\mu = \text{@mu1}",
        ),
    ],
    reference: "Mehrotra 1992, SIAM J. Optim. 2; Nocedal & Wright 2006, Numerical Optimization, §§ 14.2 and 16.6; the homogeneous embedding of a quadratic program: Goulart & Chen 2024, Clarabel, § 2",
    needs: Oracle::Convex,
    measures: &["primal_residual", "dual_residual", "gap", "mu"],
};

/// Part of the way to the boundary that a step may go.
const SHORT_OF: f64 = 0.99;
/// Shift of the diagonal blocks, relative to the largest entry; refinement takes it back.
const SHIFT: f64 = 1e-10;
/// A step this short is none.
const NO_STEP: f64 = 1e-10;
/// Relative residual at which a run that comes no further is taken for converged.
const GOOD_ENOUGH: f64 = 1e-8;

/// ```text
/// Px + Kᵀz + qτ = 0              K = (A; G), b̄ = (b; h), z = (ν, λ), s̄ = (0, s)
/// Kx + s̄ = b̄τ                    s, λ, τ, κ ≥ 0,  sᵢλᵢ = 0,  τκ = 0
/// κ + xᵀPx/τ + qᵀx + b̄ᵀz = 0
/// ```
///
/// Bounds stand among the rows of G. With τ > 0 the solution is x/τ with multipliers z/τ; with κ > 0, z proves that there is
/// no feasible point or x that f falls for ever. Each step linearises all of it, predicts with μ = 0, and corrects with
/// σ = (1 − α)³ of the present μ and the product of the predicted changes.
#[derive(Debug, Clone, Default)]
pub struct InteriorPoint {
    tolerance: f64,
    /// K and b̄.
    k: Vec<f64>,
    rhs: Vec<f64>,
    equalities: usize,
    /// x, z, s as in the equations, not divided by τ.
    x: Vec<f64>,
    z: Vec<f64>,
    s: Vec<f64>,
    tau: f64,
    kappa: f64,
    mu: f64,
    alpha: f64,
    /// The point that the last step came to; NaN before the first.
    point: Vec<f64>,
    factor: QuasiDefinite,
    /// Residuals of the first two equations.
    dual: Vec<f64>,
    primal: Vec<f64>,
    /// Px.
    px: Vec<f64>,
    /// Solutions of the system for (−q; b̄), and for the residuals.
    v: Vec<f64>,
    u: Vec<f64>,
    /// sᵢλᵢ and what corrects it.
    products: Vec<f64>,
    ds: Vec<f64>,
    proof: Proof,
}

impl InteriorPoint {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            tolerance: args.number("tolerance"),
            ..Self::default()
        }
    }

    /// From x: multipliers 1, slacks what they are, but at least 1.
    fn begin(&mut self, x: &[f64]) {
        let p = self.equalities;
        self.x.copy_from_slice(x);
        self.z.fill(0.0);
        self.z[p..].fill(1.0);
        multiply(&self.k, x, &mut self.primal);
        let slack = self.rhs[p..].iter().zip(&self.primal[p..]);
        for (s, (h, gx)) in self.s.iter_mut().zip(slack) {
            *s = (h - gx).max(1.0);
        }
        (self.tau, self.kappa) = (1.0, 1.0);
    }

    /// Residuals, μ and the third equation's residual.
    fn residuals(&mut self, program: &QuadraticProgram) -> f64 {
        let p = self.equalities;
        multiply(&program.p, &self.x, &mut self.px);
        self.dual.copy_from_slice(&self.px);
        axpy(self.tau, &program.q, &mut self.dual);
        add_transposed(&self.k, &self.z, &mut self.dual);
        multiply(&self.k, &self.x, &mut self.primal);
        axpy(-self.tau, &self.rhs, &mut self.primal);
        axpy(1.0, &self.s, &mut self.primal[p..]);
        let m = self.s.len();
        self.mu = (dot(&self.s, &self.z[p..]) + self.tau * self.kappa) / (m + 1) as f64;
        let bent = dot(&self.x, &self.px) / self.tau;
        self.kappa + bent + dot(&program.q, &self.x) + dot(&self.rhs, &self.z)
    }

    /// The conditions at x/τ, and the sizes that they are measured by.
    fn conditions(&self, program: &QuadraticProgram, loss: f64) -> (Kkt, Kkt) {
        let (p, tau) = (self.equalities, self.tau);
        // What is left of Kx − b̄ above 0, and not Kx + s − b̄: the slack is no concern of who asked.
        let rows = self.primal.iter().enumerate();
        let violated = rows.map(|(i, r)| {
            if i < p {
                r.abs() / tau
            } else {
                (r - self.s[i - p]).max(0.0) / tau
            }
        });
        let bent = dot(&self.x, &self.px) / tau;
        let gap = (bent + dot(&program.q, &self.x) + dot(&self.rhs, &self.z)) / tau;
        let kkt = Kkt {
            primal: violated.fold(0.0, f64::max),
            dual: largest(&self.dual) / tau,
            gap,
        };
        let scale = Kkt {
            primal: largest(&self.rhs),
            dual: largest(&program.q),
            gap: loss,
        };
        (kkt, scale)
    }

    fn factor(&mut self, program: &QuadraticProgram) {
        let (n, p) = (self.x.len(), self.equalities);
        let size = n + self.z.len();
        let m = self.factor.matrix();
        for (i, row) in program.p.chunks_exact(n).enumerate() {
            m[i * size..i * size + n].copy_from_slice(row);
        }
        for (i, row) in self.k.chunks_exact(n).enumerate() {
            let at = (n + i) * size;
            m[at..at + n].copy_from_slice(row);
            if i >= p {
                m[at + n + i] = -self.s[i - p] / self.z[i];
            }
        }
        let scale = largest(&program.p).max(largest(&self.k)).max(1.0);
        self.factor.factor(n, SHIFT * scale);
    }

    /// The change for these right-hand sides, in `u` and `ds`; Δτ and Δκ. `part` is how much of the residuals is to
    /// vanish; `products` and `end` are the right-hand sides of the complementarities.
    fn direction(
        &mut self,
        program: &QuadraticProgram,
        (third, part, end): (f64, f64, f64),
    ) -> (f64, f64) {
        let (n, p) = (self.x.len(), self.equalities);
        let (tau, kappa) = (self.tau, self.kappa);
        let (of_x, of_z) = self.u.split_at_mut(n);
        for (u, r) in of_x.iter_mut().zip(&self.dual) {
            *u = -part * r;
        }
        for (i, (u, r)) in of_z.iter_mut().zip(&self.primal).enumerate() {
            *u = -part * r;
            if i >= p {
                *u += self.products[i - p] / self.z[i];
            }
        }
        self.factor.solve(&mut self.u);
        let bent = dot(&self.x, &self.px) / (tau * tau);
        let along = |step: &[f64]| {
            let (dx, dz) = step.split_at(n);
            2.0 * dot(&self.px, dx) / tau + dot(&program.q, dx) + dot(&self.rhs, dz)
        };
        let d_tau =
            (-part * third + end / tau - along(&self.u)) / (along(&self.v) - kappa / tau - bent);
        axpy(d_tau, &self.v, &mut self.u);
        for (i, ds) in self.ds.iter_mut().enumerate() {
            let dz = self.u[n + p + i];
            *ds = -(self.products[i] + self.s[i] * dz) / self.z[p + i];
        }
        (d_tau, -(end + kappa * d_tau) / tau)
    }

    /// The longest step that keeps s, λ, τ and κ at or above 0, at most 1.
    fn reach(&self, d_tau: f64, d_kappa: f64) -> f64 {
        let (n, p) = (self.x.len(), self.equalities);
        let of_s = self.s.iter().zip(&self.ds);
        let of_z = self.z[p..].iter().zip(&self.u[n + p..]);
        let ends = [(&self.tau, &d_tau), (&self.kappa, &d_kappa)];
        let falling = of_s.chain(of_z).chain(ends).filter(|(_, d)| **d < 0.0);
        falling.map(|(v, d)| -v / d).fold(1.0, f64::min)
    }

    fn go(&mut self, alpha: f64, d_tau: f64, d_kappa: f64) {
        let (of_x, of_z) = self.u.split_at(self.x.len());
        axpy(alpha, of_x, &mut self.x);
        axpy(alpha, of_z, &mut self.z);
        axpy(alpha, &self.ds, &mut self.s);
        self.tau += alpha * d_tau;
        self.kappa += alpha * d_kappa;
        self.alpha = alpha;
    }

    /// Whether z or x as they are prove that there is no solution.
    fn look_for_proof(&mut self, program: &QuadraticProgram) -> Result<(), Breakdown> {
        if self.tau >= self.kappa {
            return Ok(());
        }
        let (nu, lambda) = self.z.split_at(self.equalities);
        self.proof.nu.copy_from_slice(nu);
        self.proof.lambda.copy_from_slice(lambda);
        self.proof.infeasible(program)?;
        self.proof.direction.copy_from_slice(&self.x);
        self.proof.unbounded(program)
    }
}

impl Optimizer<f64> for InteriorPoint {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let Convex::Program(program) = convex(problem, METHOD.name)? else {
            let what = format!(
                "{} takes a quadratic objective with linear constraints; admm and primal_dual take this one",
                METHOD.name
            );
            return Err(Error::new("optimizer.name", what));
        };
        let n = program.dim();
        let (p, m) = program.multiplier_counts();
        let mut k = [program.a.as_slice(), &program.g].concat();
        let mut rhs = [program.b.as_slice(), &program.h].concat();
        for bound in program.bounds() {
            k.extend((0..n).map(|i| if i == bound.at { bound.sign } else { 0.0 }));
            rhs.push(bound.sign * bound.value);
        }
        let zeros = |len: usize| vec![0.0; len];
        *self = Self {
            tolerance: self.tolerance,
            k,
            rhs,
            equalities: p,
            x: zeros(n),
            z: zeros(p + m),
            s: zeros(m),
            tau: 1.0,
            kappa: 1.0,
            mu: 1.0,
            alpha: 0.0,
            point: vec![f64::NAN; n],
            factor: QuasiDefinite::default(),
            dual: zeros(n),
            primal: zeros(p + m),
            px: zeros(n),
            v: zeros(n + p + m),
            u: zeros(n + p + m),
            products: zeros(m),
            ds: zeros(m),
            proof: Proof::default(),
        };
        self.factor.reserve(n + p + m);
        self.proof.reserve(program);
        Ok(())
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        _: StepCx,
    ) -> Result<Step, Breakdown> {
        let loss = finite("loss", problem.value(x))?;
        let Some(Convex::Program(program)) = problem.as_convex() else {
            return Err(GONE);
        };
        if self.point != x {
            self.begin(x);
        }
        let (n, p) = (self.x.len(), self.equalities);
        let third = self.residuals(program);
        let (kkt, scale) = self.conditions(program, loss);
        if kkt.within(self.tolerance, scale) {
            return Ok(kkt.solved(loss, self.mu));
        }
        let report = kkt.report(loss, self.mu);
        self.look_for_proof(program)?;
        self.factor(program);
        let (of_x, of_z) = self.v.split_at_mut(n);
        for (v, q) in of_x.iter_mut().zip(&program.q) {
            *v = -q;
        }
        of_z.copy_from_slice(&self.rhs);
        self.factor.solve(&mut self.v);
        for (i, product) in self.products.iter_mut().enumerate() {
            *product = self.s[i] * self.z[p + i];
        }
        let end = self.tau * self.kappa;
        let (d_tau, d_kappa) = self.direction(program, (third, 1.0, end));
        let reach = self.reach(d_tau, d_kappa);
        let sigma = (1.0 - reach).powi(3);
        let centre = sigma * self.mu;
        for (i, product) in self.products.iter_mut().enumerate() {
            *product += self.ds[i] * self.u[n + p + i] - centre;
        }
        let end = end + d_tau * d_kappa - centre;
        let (d_tau, d_kappa) = self.direction(program, (third, 1.0 - sigma, end));
        let alpha = (SHORT_OF * self.reach(d_tau, d_kappa)).min(1.0);
        let sound = d_tau.is_finite() && largest(&self.u).is_finite();
        if !sound || alpha < NO_STEP {
            if kkt.within(GOOD_ENOUGH, scale) {
                return Ok(kkt.solved(loss, self.mu));
            }
            return Err(Breakdown::Stalled {
                residual: kkt.residual(),
            });
        }
        self.go(alpha, d_tau, d_kappa);
        let tau = self.tau;
        for (to, x) in self.point.iter_mut().zip(&self.x) {
            *to = x / tau;
        }
        let step_norm = distance(&self.point, x);
        x.copy_from_slice(&self.point);
        Ok(Step {
            step_norm,
            solves: 3,
            ..report
        })
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("inner", &mut self.x);
        visitor.vector("z", &mut self.z);
        visitor.vector("s", &mut self.s);
        visitor.vector("point", &mut self.point);
        visitor.scalar("tau", &mut self.tau);
        visitor.scalar("kappa", &mut self.kappa);
        visitor.scalar("mu", &mut self.mu);
        visitor.scalar("alpha", &mut self.alpha);
        self.proof.state(visitor);
    }

    fn multipliers(&self) -> Option<Multipliers> {
        let (nu, lambda) = self.z.split_at(self.equalities);
        let own = |z: &[f64]| z.iter().map(|z| z / self.tau).collect();
        Some(Multipliers {
            nu: own(nu),
            lambda: own(lambda),
        })
    }

    fn certificate(&self) -> Option<Certificate> {
        self.proof.certificate()
    }
}
