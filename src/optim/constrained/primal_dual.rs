//! The primal-dual hybrid gradient method of Chambolle and Pock.

use super::certificate::Proof;
use super::{GONE, Kkt, add_transposed, convex, distance, finite, largest, multiply};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::vector::{axpy, dot};
use crate::optim::{
    Breakdown, Certificate, Family, Line, Method, Multipliers, Optimizer, Oracle, StateVisitor,
    Step, StepCx,
};
use crate::problem::lasso::{Composite, Term};
use crate::problem::quadratic_program::QuadraticProgram;
use crate::problem::{Convex, Objective};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "primal_dual",
    title: "Primal-dual (PDHG)",
    family: Family::Constrained,
    about: "A projected gradient step on x and one on the multipliers y, in turn, with nothing but products with K and its transpose: for linear programs, quadratic ones, lasso and ridge. Without restarts the iterates spiral into the saddle point; with them (PDLP) the run begins anew at the average of a round wherever that is much closer.",
    fields: &[
        Field::number(
            "tau",
            "τ",
            "step of x; 0: from ‖K‖ and the balance of the two",
            0.0,
            Range::NON_NEGATIVE,
        ),
        Field::number(
            "sigma",
            "σ",
            "step of y; 0: from ‖K‖ and the balance of the two",
            0.0,
            Range::NON_NEGATIVE,
        ),
        Field::flag("restart", "x̄", "begin anew at the average of a round", true),
        Field::number(
            "tolerance",
            "ε",
            "KKT residual at which it has converged, relative to the data",
            1e-9,
            Range::POSITIVE,
        ),
    ],
    equation: &[
        Line::new(
            r"x^{k+1} = \operatorname{prox}_{\tau r} \left( x^k - \tau (\nabla s(x^k) + K^{\top} y^k) \right)",
            r"\tau = \text{@tau1}",
        ),
        Line::new(
            r"y^{k+1} = \operatorname{prox}_{\sigma h^*} \left( y^k + \sigma K (2x^{k+1} - x^k) \right)",
            r"\sigma = \text{@sigma1}",
        ),
    ],
    reference: "Chambolle & Pock 2011, J. Math. Imaging Vis. 40, algorithm 1; with a smooth part: Condat 2013, J. Optim. Theory Appl. 158; restarts and the balance: Applegate et al. 2021, PDLP, §§ 3.2 and 3.3",
    needs: Oracle::Convex,
    measures: &["primal_residual", "dual_residual", "gap", "tau"],
};

/// Part of the largest steps that are taken.
const SHORT_OF: f64 = 0.95;
/// Steps between two looks at the average.
const LOOK_EVERY: f64 = 20.0;
/// A restart is made where the residual has fallen to this part of that at the last one, …
const MUCH: f64 = 0.2;
/// … or to this one, and is rising again, …
const SOME: f64 = 0.8;
/// … or after this part of all steps.
const LONG: f64 = 0.36;
/// Products that the norm of a matrix is found by.
const POWERS: u32 = 300;
/// Steps between two looks for a proof.
const PROVE_EVERY: f64 = 40.0;

/// ```text
/// program     min ½xᵀPx + qᵀx, l ≤ x ≤ u,  K = (A; G)       lasso, ridge   min ½‖Ax − b‖² + term(x),  K = A
///
/// x⁺ = Π(x − τ(Px + q + Kᵀy))                               x⁺ = prox_{τ term}(x − τKᵀy)
/// y⁺ = y + σK(2x⁺ − x) − σ(b, or at most h)                 y⁺ = (y + σ(K(2x⁺ − x) − b))/(1 + σ)
/// ```
///
/// with 1/τ − σ‖K‖² ≥ ‖P‖/2. The balance ω sets τ = c/ω, σ = cω and follows the ratio of the moves of y and x from
/// restart to restart. With τ and σ given neither changes.
#[derive(Debug, Clone, Default)]
pub struct PrimalDual {
    given: (f64, f64),
    restarts: bool,
    tolerance: f64,
    /// K.
    k: Vec<f64>,
    /// ‖K‖ and ‖P‖.
    norms: (f64, f64),
    omega: f64,
    tau: f64,
    sigma: f64,
    y: Vec<f64>,
    point: Vec<f64>,
    /// Sums of x and y since the restart, and where that was.
    sum: Pair,
    origin: Pair,
    /// Steps in all, and since the restart; KKT residuals at the restart and at the last look.
    steps: f64,
    round: f64,
    at_restart: f64,
    at_look: f64,
    average: Pair,
    trial: Vec<f64>,
    slope: Vec<f64>,
    rows: Vec<f64>,
    dx: Vec<f64>,
    dy: Vec<f64>,
    proof: Proof,
    nu: Vec<f64>,
    lambda: Vec<f64>,
}

#[derive(Debug, Clone, Default)]
struct Pair {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Pair {
    fn zeros(n: usize, rows: usize) -> Self {
        Self {
            x: vec![0.0; n],
            y: vec![0.0; rows],
        }
    }

    fn copy(&mut self, x: &[f64], y: &[f64]) {
        self.x.copy_from_slice(x);
        self.y.copy_from_slice(y);
    }
}

impl PrimalDual {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            given: (args.number("tau"), args.number("sigma")),
            restarts: args.flag("restart"),
            tolerance: args.number("tolerance"),
            ..Self::default()
        }
    }

    /// τ and σ of the present balance, or those that were given; the one that was not as large as it may be.
    fn set_steps(&mut self) {
        let (k, p) = self.norms;
        let k = k.max(f64::MIN_POSITIVE.sqrt());
        (self.tau, self.sigma) = match self.given {
            (tau, sigma) if tau > 0.0 && sigma > 0.0 => (tau, sigma),
            (tau, _) if tau > 0.0 => (tau, SHORT_OF * (1.0 / tau - 0.5 * p) / (k * k)),
            (_, sigma) if sigma > 0.0 => (SHORT_OF / (sigma * k * k + 0.5 * p), sigma),
            _ => {
                let sigma = SHORT_OF * self.omega / k;
                (SHORT_OF / (self.omega * k + 0.5 * p), sigma)
            }
        };
    }

    /// # Errors
    /// `optimizer.tau`: the steps are too long to converge.
    fn check_steps(&self) -> Result<(), Error> {
        let (k, p) = self.norms;
        let (tau, sigma) = (self.tau, self.sigma);
        if sigma > 0.0 && 1.0 / tau - sigma * k * k >= 0.5 * p {
            return Ok(());
        }
        let what = format!(
            "{tau} with sigma {sigma} is too long: 1/τ − σ‖K‖² must be at least ‖P‖/2, here ‖K‖ = {k:.4}, ‖P‖ = {p:.4}"
        );
        Err(Error::new("optimizer.tau", what))
    }

    /// Residuals at a pair, and the sizes that they are measured by.
    fn conditions(&mut self, convex: Convex<'_>, x: &[f64], y: &[f64], loss: f64) -> (Kkt, Kkt) {
        match convex {
            Convex::Program(program) => self.of_program(program, x, y, loss),
            Convex::Composite(composite) => self.of_composite(composite, x, y, loss),
        }
    }

    fn of_program(
        &mut self,
        program: &QuadraticProgram,
        x: &[f64],
        y: &[f64],
        loss: f64,
    ) -> (Kkt, Kkt) {
        multiply(&self.k, x, &mut self.rows);
        let p = program.b.len();
        let rhs = program.b.iter().chain(&program.h);
        let above = self.rows.iter().zip(rhs.clone()).enumerate();
        let violated = above.map(|(i, (r, b))| {
            if i < p {
                (r - b).abs()
            } else {
                (r - b).max(0.0)
            }
        });
        let primal = violated.fold(0.0, f64::max);
        // Of a start outside of the bounds.
        let ends = program.bounds();
        let outside = ends.map(|bound| bound.sign * (x[bound.at] - bound.value));
        let primal = outside.fold(primal, f64::max);
        multiply(&program.p, x, &mut self.slope);
        let bent = dot(x, &self.slope);
        axpy(1.0, &program.q, &mut self.slope);
        add_transposed(&self.k, y, &mut self.slope);
        // What is left of the slope goes to the bounds as far as they take it.
        let (mut dual, mut supports) = (0.0_f64, 0.0);
        let ends = program.lower.iter().zip(&program.upper);
        for (s, (l, u)) in self.slope.iter().zip(ends) {
            match s {
                s if *s > 0.0 && l.is_finite() => supports -= s * l,
                s if *s < 0.0 && u.is_finite() => supports -= s * u,
                s => dual = dual.max(s.abs()),
            }
        }
        let of_rows: f64 = y.iter().zip(rhs).map(|(y, b)| y * b).sum();
        let kkt = Kkt {
            primal,
            dual,
            gap: bent + dot(&program.q, x) + of_rows + supports,
        };
        let scale = Kkt {
            primal: largest(&program.b).max(largest(&program.h)),
            dual: largest(&program.q),
            gap: loss,
        };
        (kkt, scale)
    }

    fn of_composite(
        &mut self,
        composite: &Composite,
        x: &[f64],
        y: &[f64],
        loss: f64,
    ) -> (Kkt, Kkt) {
        composite.residual(x, &mut self.rows);
        let apart = self.rows.iter().zip(y).map(|(r, y)| (r - y).abs());
        let primal = apart.fold(0.0, f64::max);
        self.slope.fill(0.0);
        add_transposed(&self.k, y, &mut self.slope);
        for ((t, x), s) in self.trial.iter_mut().zip(x).zip(&self.slope) {
            *t = x - s;
        }
        composite.term.proximal_map(1.0, &mut self.trial);
        let away = self.trial.iter().zip(x).map(|(t, x)| (t - x).abs());
        let dual = away.fold(0.0, f64::max);
        composite.transposed(&self.rows, &mut self.slope);
        let kkt = Kkt {
            primal,
            dual,
            gap: composite.gap(x, &self.rows, &self.slope),
        };
        let scale = Kkt {
            primal: largest(&composite.b),
            dual: largest(&self.slope),
            gap: loss,
        };
        (kkt, scale)
    }

    /// x⁺ in `trial`, then y⁺ in place of y; the changes in `dx` and `dy`.
    fn advance(&mut self, convex: Convex<'_>, x: &[f64]) {
        let (tau, sigma) = (self.tau, self.sigma);
        self.slope.fill(0.0);
        if let Convex::Program(program) = convex {
            multiply(&program.p, x, &mut self.slope);
            axpy(1.0, &program.q, &mut self.slope);
        }
        add_transposed(&self.k, &self.y, &mut self.slope);
        for ((t, x), s) in self.trial.iter_mut().zip(x).zip(&self.slope) {
            *t = x - tau * s;
        }
        match convex {
            Convex::Program(program) => {
                let ends = program.lower.iter().zip(&program.upper);
                for (t, (l, u)) in self.trial.iter_mut().zip(ends) {
                    *t = t.max(*l).min(*u);
                }
            }
            Convex::Composite(composite) => composite.term.proximal_map(tau, &mut self.trial),
        }
        for ((d, t), x) in self.dx.iter_mut().zip(&self.trial).zip(x) {
            *d = t - x;
        }
        for ((s, t), d) in self.slope.iter_mut().zip(&self.trial).zip(&self.dx) {
            *s = t + d;
        }
        multiply(&self.k, &self.slope, &mut self.rows);
        self.dy.copy_from_slice(&self.y);
        match convex {
            Convex::Program(program) => {
                let rhs = program.b.iter().chain(&program.h).enumerate();
                for ((y, r), (i, b)) in self.y.iter_mut().zip(&self.rows).zip(rhs) {
                    *y += sigma * (r - b);
                    if i >= program.b.len() {
                        *y = y.max(0.0);
                    }
                }
            }
            Convex::Composite(composite) => {
                for ((y, r), b) in self.y.iter_mut().zip(&self.rows).zip(&composite.b) {
                    *y = (*y + sigma * (r - b)) / (1.0 + sigma);
                }
            }
        }
        for (d, y) in self.dy.iter_mut().zip(&self.y) {
            *d = y - *d;
        }
    }

    /// Looks whether the average of this round, or the present pair, is so much better that a new round is due; then x
    /// moves there.
    fn consider_restart(&mut self, convex: Convex<'_>, x: &mut [f64]) {
        let mut average = std::mem::take(&mut self.average);
        let of = |sum: &[f64], to: &mut [f64], n: f64| {
            for (to, s) in to.iter_mut().zip(sum) {
                *to = s / n;
            }
        };
        of(&self.sum.x, &mut average.x, self.round);
        of(&self.sum.y, &mut average.y, self.round);
        let of_average = self
            .conditions(convex, &average.x, &average.y, 0.0)
            .0
            .residual();
        let y = std::mem::take(&mut self.y);
        let present = self.conditions(convex, x, &y, 0.0).0.residual();
        self.y = y;
        let best = of_average.min(present);
        let due = best <= MUCH * self.at_restart
            || best <= SOME * self.at_restart && best > self.at_look
            || self.round >= LONG * self.steps;
        self.at_look = best;
        if due {
            if of_average < present {
                x.copy_from_slice(&average.x);
                self.y.copy_from_slice(&average.y);
            }
            self.rebalance(x);
            self.begin_round(x);
            (self.at_restart, self.at_look) = (best, best);
        }
        self.average = average;
    }

    /// ω ← √(ω·‖Δy‖/‖Δx‖), of the moves since the restart.
    fn rebalance(&mut self, x: &[f64]) {
        let (of_x, of_y) = (
            distance(x, &self.origin.x),
            distance(&self.y, &self.origin.y),
        );
        let next = (self.omega * of_y / of_x).sqrt();
        if next.is_finite() && next > 1e-8 && next < 1e8 {
            self.omega = next;
            self.set_steps();
        }
    }

    fn begin_round(&mut self, x: &[f64]) {
        self.origin.copy(x, &self.y);
        self.sum.x.fill(0.0);
        self.sum.y.fill(0.0);
        self.round = 0.0;
    }

    fn divide(&mut self, convex: Convex<'_>, x: &[f64]) {
        match convex {
            Convex::Program(program) => {
                multiply(&program.p, x, &mut self.slope);
                axpy(1.0, &program.q, &mut self.slope);
                add_transposed(&self.k, &self.y, &mut self.slope);
                divide(
                    program,
                    &self.y,
                    &self.slope,
                    &mut self.nu,
                    &mut self.lambda,
                );
            }
            Convex::Composite(composite) => {
                if let (Term::Ball { .. }, Some(lambda)) = (composite.term, self.lambda.first_mut())
                {
                    self.slope.fill(0.0);
                    add_transposed(&self.k, &self.y, &mut self.slope);
                    let square = dot(x, x).max(f64::MIN_POSITIVE);
                    *lambda = (-dot(x, &self.slope) / square).max(0.0);
                }
            }
        }
    }

    fn prove(&mut self, program: &QuadraticProgram) -> Result<(), Breakdown> {
        self.slope.fill(0.0);
        add_transposed(&self.k, &self.dy, &mut self.slope);
        let Proof { nu, lambda, .. } = &mut self.proof;
        divide(program, &self.dy, &self.slope, nu, lambda);
        self.proof.infeasible(program)?;
        self.proof.direction.copy_from_slice(&self.dx);
        self.proof.unbounded(program)
    }
}

/// ν and λ from the multipliers of the rows and what the slope leaves to the bounds.
fn divide(
    program: &QuadraticProgram,
    y: &[f64],
    slope: &[f64],
    nu: &mut [f64],
    lambda: &mut [f64],
) {
    let (of_a, of_g) = y.split_at(program.b.len());
    nu.copy_from_slice(of_a);
    let (of_rows, of_ends) = lambda.split_at_mut(program.h.len());
    for (l, y) in of_rows.iter_mut().zip(of_g) {
        *l = y.max(0.0);
    }
    for (l, bound) in of_ends.iter_mut().zip(program.bounds()) {
        *l = (-bound.sign * slope[bound.at]).max(0.0);
    }
}

impl Optimizer<f64> for PrimalDual {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let convex = convex(problem, METHOD.name)?;
        let (k, p, counts) = match convex {
            Convex::Program(program) => (
                [program.a.as_slice(), &program.g].concat(),
                program.p.as_slice(),
                program.multiplier_counts(),
            ),
            Convex::Composite(composite) => {
                let balls = usize::from(matches!(composite.term, Term::Ball { .. }));
                (composite.a.clone(), [].as_slice(), (0, balls))
            }
        };
        let n = match convex {
            Convex::Program(program) => program.dim(),
            Convex::Composite(composite) => composite.dim,
        };
        let rows = k.len() / n;
        let zeros = |len: usize| vec![0.0; len];
        *self = Self {
            given: self.given,
            restarts: self.restarts,
            tolerance: self.tolerance,
            norms: (norm_of_rows(&k, n), norm_of_symmetric(p, n)),
            k,
            omega: 1.0,
            tau: 0.0,
            sigma: 0.0,
            y: zeros(rows),
            point: vec![f64::NAN; n],
            sum: Pair::zeros(n, rows),
            origin: Pair::zeros(n, rows),
            average: Pair::zeros(n, rows),
            steps: 0.0,
            round: 0.0,
            at_restart: f64::INFINITY,
            at_look: f64::INFINITY,
            trial: zeros(n),
            slope: zeros(n),
            rows: zeros(rows),
            dx: zeros(n),
            dy: zeros(rows),
            proof: Proof::default(),
            nu: zeros(counts.0),
            lambda: zeros(counts.1),
        };
        if let Convex::Program(program) = convex {
            self.proof.reserve(program);
        }
        self.set_steps();
        self.check_steps()
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        _: StepCx,
    ) -> Result<Step, Breakdown> {
        let loss = finite("loss", problem.value(x))?;
        let convex = problem.as_convex().ok_or(GONE)?;
        if self.point != x {
            self.y.fill(0.0);
            (self.omega, self.steps) = (1.0, 0.0);
            (self.at_restart, self.at_look) = (f64::INFINITY, f64::INFINITY);
            self.set_steps();
            self.begin_round(x);
        }
        let y = std::mem::take(&mut self.y);
        let (kkt, scale) = self.conditions(convex, x, &y, loss);
        self.y = y;
        finite("residual", kkt.residual())?;
        if kkt.within(self.tolerance, scale) {
            self.divide(convex, x);
            return Ok(kkt.solved(loss, self.tau));
        }
        let report = kkt.report(loss, self.tau);
        self.point.copy_from_slice(x);
        self.advance(convex, x);
        x.copy_from_slice(&self.trial);
        self.steps += 1.0;
        self.round += 1.0;
        axpy(1.0, x, &mut self.sum.x);
        axpy(1.0, &self.y, &mut self.sum.y);
        if let Convex::Program(program) = convex
            && (self.steps / PROVE_EVERY).fract() == 0.0
        {
            self.prove(program)?;
        }
        if self.restarts && (self.steps / LOOK_EVERY).fract() == 0.0 {
            self.consider_restart(convex, x);
        }
        self.divide(convex, x);
        let step_norm = distance(x, &self.point);
        self.point.copy_from_slice(x);
        Ok(Step {
            step_norm,
            products: 2,
            ..report
        })
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("y", &mut self.y);
        visitor.vector("point", &mut self.point);
        visitor.vector("sum_x", &mut self.sum.x);
        visitor.vector("sum_y", &mut self.sum.y);
        visitor.vector("origin_x", &mut self.origin.x);
        visitor.vector("origin_y", &mut self.origin.y);
        visitor.vector("nu", &mut self.nu);
        visitor.vector("lambda", &mut self.lambda);
        for (name, value) in [
            ("omega", &mut self.omega),
            ("tau", &mut self.tau),
            ("sigma", &mut self.sigma),
            ("steps", &mut self.steps),
            ("round", &mut self.round),
            ("at_restart", &mut self.at_restart),
            ("at_look", &mut self.at_look),
        ] {
            visitor.scalar(name, value);
        }
        self.proof.state(visitor);
    }

    fn multipliers(&self) -> Option<Multipliers> {
        Some(Multipliers {
            nu: self.nu.clone(),
            lambda: self.lambda.clone(),
        })
    }

    fn certificate(&self) -> Option<Certificate> {
        self.proof.certificate()
    }
}

/// ‖K‖₂, which is √‖KᵀK‖₂.
fn norm_of_rows(k: &[f64], n: usize) -> f64 {
    let mut gram = vec![0.0; n * n];
    for row in k.chunks_exact(n) {
        for (g, r) in gram.chunks_exact_mut(n).zip(row) {
            axpy(*r, row, g);
        }
    }
    norm_of_symmetric(&gram, n).sqrt()
}

/// ‖P‖₂ of a positive semidefinite matrix, by powers of it; 0 where there is none. The library's eigenvalues may differ
/// in the last bits from one target to another, and with them all steps.
fn norm_of_symmetric(p: &[f64], n: usize) -> f64 {
    let mut v: Vec<f64> = (0..n).map(|i| 1.0 + 0.1 * (i % 7) as f64).collect();
    let mut product = vec![0.0; n];
    let mut norm = 0.0;
    for _ in 0..if p.is_empty() { 0 } else { POWERS } {
        let length = dot(&v, &v).sqrt();
        if length == 0.0 {
            return 0.0;
        }
        for v in &mut v {
            *v /= length;
        }
        multiply(p, &v, &mut product);
        norm = dot(&product, &product).sqrt();
        std::mem::swap(&mut v, &mut product);
    }
    norm
}
