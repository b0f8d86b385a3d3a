//! ADMM on a quadratic program, as OSQP has it.

use super::Settings;
use crate::linalg::Definite;
use crate::linalg::vector::{axpy, dot};
use crate::optim::constrained::certificate::Proof;
use crate::optim::constrained::{Kkt, add_transposed, distance, finite, largest, multiply};
use crate::optim::{Breakdown, Certificate, Multipliers, StateVisitor, Step};
use crate::problem::quadratic_program::QuadraticProgram;

/// Weight of the last point in the linear system; makes it definite where P is not.
const SIGMA: f64 = 1e-6;
/// An equality has this times the ρ of an inequality.
const EQUALITY: f64 = 1e3;
/// Steps between two looks for a proof.
const PROVE_EVERY: f64 = 10.0;

/// ```text
/// min ½xᵀPx + qᵀx  subject to  l ≤ Kx ≤ u,   K = (A; G; rows of I where there are bounds)
///
/// (P + σI + KᵀRK)x̃ = σx − q + Kᵀ(Rz − y)          R = diag(ρ), 1000ρ for equalities
/// x⁺ = αx̃ + (1−α)x,   v = αKx̃ + (1−α)z
/// z⁺ = Π(v + R⁻¹y),   y⁺ = y + R(v − z⁺)
/// ```
///
/// The changes of y and x of a problem without a solution tend to its proof.
///
/// Source: Stellato et al. 2020, algorithm 1, § 3.4 and § 5.2.
#[derive(Debug, Clone)]
pub(super) struct Program {
    settings: Settings,
    k: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    x: Vec<f64>,
    z: Vec<f64>,
    y: Vec<f64>,
    rho: f64,
    steps: f64,
    /// The point that the last step came to; NaN before the first.
    point: Vec<f64>,
    matrix: Vec<f64>,
    factor: Definite,
    /// The ρ that the factor was made with; NaN before the first.
    factored: f64,
    kx: Vec<f64>,
    dy: Vec<f64>,
    dx: Vec<f64>,
    work: Vec<f64>,
    dual: Vec<f64>,
    px: Vec<f64>,
    proof: Proof,
    nu: Vec<f64>,
    lambda: Vec<f64>,
}

impl Program {
    pub(super) fn new(settings: Settings, program: &QuadraticProgram) -> Self {
        let n = program.dim();
        let mut k = [program.a.as_slice(), &program.g].concat();
        let mut lower = program.b.clone();
        lower.extend(program.h.iter().map(|_| f64::NEG_INFINITY));
        let mut upper = [program.b.as_slice(), &program.h].concat();
        for (i, (l, u)) in program.lower.iter().zip(&program.upper).enumerate() {
            if l.is_finite() || u.is_finite() {
                k.extend((0..n).map(|j| f64::from(u8::from(i == j))));
                lower.push(*l);
                upper.push(*u);
            }
        }
        let rows = lower.len();
        let zeros = |len: usize| vec![0.0; len];
        let mut factor = Definite::default();
        factor.reserve(n);
        let (p, m) = program.multiplier_counts();
        let mut proof = Proof::default();
        proof.reserve(program);
        Self {
            settings,
            k,
            lower,
            upper,
            x: zeros(n),
            z: zeros(rows),
            y: zeros(rows),
            rho: settings.rho,
            steps: 0.0,
            point: vec![f64::NAN; n],
            matrix: zeros(n * n),
            factor,
            factored: f64::NAN,
            kx: zeros(rows),
            dy: zeros(rows),
            dx: zeros(n),
            work: zeros(n),
            dual: zeros(n),
            px: zeros(n),
            proof,
            nu: zeros(p),
            lambda: zeros(m),
        }
    }

    fn weight(&self, row: usize) -> f64 {
        if self.lower[row] == self.upper[row] {
            EQUALITY * self.rho
        } else {
            self.rho
        }
    }

    fn factor(&mut self, program: &QuadraticProgram) -> Result<(), Breakdown> {
        let n = self.x.len();
        self.matrix.copy_from_slice(&program.p);
        for own in self.matrix.iter_mut().step_by(n + 1) {
            *own += SIGMA;
        }
        for i in 0..self.z.len() {
            let weight = self.weight(i);
            let row = &self.k[i * n..(i + 1) * n];
            for (m, r) in self.matrix.chunks_exact_mut(n).zip(row) {
                if *r != 0.0 {
                    axpy(weight * r, row, m);
                }
            }
        }
        finite("matrix", self.factor.factor(&self.matrix, 0.0))?;
        self.factored = self.rho;
        Ok(())
    }

    /// Residuals of the present x, z, y, with the sizes of what they are made of.
    fn conditions(&mut self, program: &QuadraticProgram, loss: f64) -> (Kkt, Kkt, f64, f64) {
        multiply(&self.k, &self.x, &mut self.kx);
        multiply(&program.p, &self.x, &mut self.px);
        self.work.fill(0.0);
        add_transposed(&self.k, &self.y, &mut self.work);
        let dual_size = [&self.px, &self.work, &program.q].map(|v| largest(v));
        let dual_size = dual_size.into_iter().fold(0.0, f64::max);
        let primal_size = largest(&self.kx).max(largest(&self.z));
        self.dual.copy_from_slice(&self.px);
        axpy(1.0, &program.q, &mut self.dual);
        axpy(1.0, &self.work, &mut self.dual);
        let ends = self.y.iter().zip(self.lower.iter().zip(&self.upper));
        let supports = ends.map(|(y, (l, u))| match y {
            y if *y > 0.0 && u.is_finite() => y * u,
            y if *y < 0.0 && l.is_finite() => y * l,
            _ => 0.0,
        });
        let away = self.kx.iter().zip(&self.z).map(|(a, b)| (a - b).abs());
        let kkt = Kkt {
            primal: away.fold(0.0, f64::max),
            dual: largest(&self.dual),
            gap: dot(&self.x, &self.px) + dot(&program.q, &self.x) + supports.sum::<f64>(),
        };
        let scale = Kkt {
            primal: largest(&program.b).max(largest(&program.h)),
            dual: largest(&program.q),
            gap: loss,
        };
        (kkt, scale, primal_size, dual_size)
    }

    pub(super) fn step(
        &mut self,
        program: &QuadraticProgram,
        loss: f64,
        x: &mut [f64],
    ) -> Result<Step, Breakdown> {
        if self.point != x {
            self.x.copy_from_slice(x);
            multiply(&self.k, x, &mut self.z);
            for (z, (l, u)) in self.z.iter_mut().zip(self.lower.iter().zip(&self.upper)) {
                *z = z.max(*l).min(*u);
            }
            self.y.fill(0.0);
            self.steps = 0.0;
        }
        let (kkt, scale, primal_size, dual_size) = self.conditions(program, loss);
        finite("residual", kkt.residual())?;
        if kkt.within(self.settings.tolerance, scale) {
            self.divide(program);
            return Ok(kkt.solved(loss, self.rho));
        }
        let report = kkt.report(loss, self.rho);
        let relative = |residual: f64, size: f64| residual / size.max(f64::MIN_POSITIVE);
        let (primal, dual) = (
            relative(kkt.primal, primal_size),
            relative(kkt.dual, dual_size),
        );
        if let Some(rho) = self.settings.adapted(self.steps, self.rho, primal, dual) {
            self.rho = rho;
        }
        if self.factored != self.rho {
            self.factor(program)?;
        }
        self.advance(program);
        self.steps += 1.0;
        if (self.steps / PROVE_EVERY).fract() == 0.0 {
            self.prove(program)?;
        }
        self.divide(program);
        let step_norm = distance(&self.x, x);
        x.copy_from_slice(&self.x);
        self.point.copy_from_slice(x);
        Ok(Step {
            step_norm,
            solves: 1,
            ..report
        })
    }

    /// x, z, y ← x⁺, z⁺, y⁺, with their changes in `dx` and `dy`.
    fn advance(&mut self, program: &QuadraticProgram) {
        let n = self.x.len();
        let alpha = self.settings.relaxation;
        for ((w, x), q) in self.work.iter_mut().zip(&self.x).zip(&program.q) {
            *w = SIGMA * x - q;
        }
        for i in 0..self.z.len() {
            let pull = self.weight(i) * self.z[i] - self.y[i];
            axpy(pull, &self.k[i * n..(i + 1) * n], &mut self.work);
        }
        self.factor.solve(&mut self.work);
        multiply(&self.k, &self.work, &mut self.kx);
        for ((x, d), w) in self.x.iter_mut().zip(&mut self.dx).zip(&self.work) {
            *d = alpha * (w - *x);
            *x += *d;
        }
        for i in 0..self.z.len() {
            let weight = self.weight(i);
            let v = alpha * self.kx[i] + (1.0 - alpha) * self.z[i];
            let z = (v + self.y[i] / weight)
                .max(self.lower[i])
                .min(self.upper[i]);
            self.dy[i] = weight * (v - z);
            self.y[i] += self.dy[i];
            self.z[i] = z;
        }
    }

    /// Whether the last changes prove that there is no solution.
    fn prove(&mut self, program: &QuadraticProgram) -> Result<(), Breakdown> {
        let Proof { nu, lambda, .. } = &mut self.proof;
        divide(program, &self.dy, nu, lambda);
        self.proof.infeasible(program)?;
        self.proof.direction.copy_from_slice(&self.dx);
        self.proof.unbounded(program)
    }

    fn divide(&mut self, program: &QuadraticProgram) {
        divide(program, &self.y, &mut self.nu, &mut self.lambda);
    }

    pub(super) fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("inner", &mut self.x);
        visitor.vector("z", &mut self.z);
        visitor.vector("y", &mut self.y);
        visitor.vector("point", &mut self.point);
        visitor.vector("nu", &mut self.nu);
        visitor.vector("lambda", &mut self.lambda);
        visitor.scalar("rho", &mut self.rho);
        visitor.scalar("steps", &mut self.steps);
        self.proof.state(visitor);
    }

    pub(super) fn multipliers(&self) -> Multipliers {
        Multipliers {
            nu: self.nu.clone(),
            lambda: self.lambda.clone(),
        }
    }

    pub(super) fn certificate(&self) -> Option<Certificate> {
        self.proof.certificate()
    }
}

/// ν and λ of the rows' y: of a row between bounds the positive part belongs to the upper one, the negative to the lower.
fn divide(program: &QuadraticProgram, y: &[f64], nu: &mut [f64], lambda: &mut [f64]) {
    let (of_a, rest) = y.split_at(program.b.len());
    let (of_g, of_bounds) = rest.split_at(program.h.len());
    nu.copy_from_slice(of_a);
    let (of_rows, of_ends) = lambda.split_at_mut(program.h.len());
    for (l, y) in of_rows.iter_mut().zip(of_g) {
        *l = y.max(0.0);
    }
    let lowers = program.lower.iter().filter(|l| l.is_finite()).count();
    let (of_lower, of_upper) = of_ends.split_at_mut(lowers);
    let (mut of_lower, mut of_upper) = (of_lower.iter_mut(), of_upper.iter_mut());
    let ends = program.lower.iter().zip(&program.upper);
    let bounded = ends.filter(|(l, u)| l.is_finite() || u.is_finite());
    for ((l, u), y) in bounded.zip(of_bounds) {
        if l.is_finite()
            && let Some(lambda) = of_lower.next()
        {
            *lambda = (-y).max(0.0);
        }
        if u.is_finite()
            && let Some(lambda) = of_upper.next()
        {
            *lambda = y.max(0.0);
        }
    }
}
