//! Newton's method on the conditions of Lagrange.

use super::{GONE, Kkt, add_transposed, constrained, finite, largest};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::Qr;
use crate::linalg::vector::{axpy, dot};
use crate::optim::{
    Breakdown, Family, Line, Method, Multipliers, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::Objective;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "lagrange_newton",
    title: "Lagrange-Newton",
    family: Family::Constrained,
    about: "Newton's method on ∇L = 0, c = 0 for equality constraints: point and multipliers in one linear system. With the merit function the step is shortened, and the Hessian shifted where it does not curve upwards along the step; without it the pure method runs to any stationary point, a maximum too.",
    fields: &[
        Field::number(
            "lr",
            "α",
            "part of the step that is taken; the first trial of the merit function",
            1.0,
            Range::POSITIVE,
        ),
        Field::choice(
            "line_search",
            "α",
            "merit: f + σ‖c‖₁ must fall; none: the pure or damped step",
            &["merit", "none"],
        ),
        Field::number(
            "tolerance",
            "ε",
            "KKT residual at which it has converged",
            1e-10,
            Range::POSITIVE,
        ),
    ],
    equation: &[
        Line::new(
            r"\begin{pmatrix} \nabla^2 L + \delta I & J^{\top} \\ J & 0 \end{pmatrix} \begin{pmatrix} d \\ \nu^{k+1} \end{pmatrix} = -\begin{pmatrix} \nabla f \\ c \end{pmatrix}",
            r"d = \text{@d}",
        ),
        Line::new(
            r"x^{k+1} = x^k + \alpha d",
            r"\text{@x1} = \text{@x0} + \text{@alpha1} \cdot \text{@d}",
        ),
    ],
    reference: "Nocedal & Wright 2006, Numerical Optimization, § 18.1, eq. 18.6; merit function: § 18.3; the shift by the curvature along the step: Chiang & Zavala 2016, Comput. Optim. Appl. 64",
    needs: Oracle::Constrained,
    measures: &["primal_residual", "dual_residual", "gap", "step_length"],
};

/// Armijo's constant.
const C1: f64 = 1e-4;
/// Halvings of the step before the search is given up.
const TRIALS: u32 = 40;
/// Least curvature along a step, relative to the largest entry of the Hessian.
const LEAST_CURVATURE: f64 = 1e-8;
/// First shift and limit, likewise relative.
const FIRST_SHIFT: f64 = 1e-4;
const LAST_SHIFT: f64 = 1e10;

/// ```text
/// [ ∇²L + δI  Jᵀ ] [ d    ]     [ ∇f ]
/// [ J         0  ] [ νᵏ⁺¹ ] = − [ c  ]      xᵏ⁺¹ = xᵏ + αd
/// ```
///
/// J is the Jacobian of c, ν⁰ the least-squares solution of ∇f + Jᵀν = 0. The system is solved by QR. δ is the first of a
/// growing sequence for which dᵀ(∇²L + δI)d > 0, so that the merit function f + σ‖c‖₁ falls along d; σ stays above
/// ‖ν‖∞. A full step that halves the KKT residual is taken even where the merit function rises, which near a solution
/// it may for no good reason (Maratos).
#[derive(Debug, Clone)]
pub struct LagrangeNewton {
    merit: bool,
    tolerance: f64,
    alpha: f64,
    shift: f64,
    sigma: f64,
    /// 1 once ν is more than room.
    begun: f64,
    nu: Vec<f64>,
    d: Vec<f64>,
    g: Vec<f64>,
    slope: Vec<f64>,
    c: Vec<f64>,
    j: Vec<f64>,
    h: Vec<f64>,
    trial: Vec<f64>,
    solution: Vec<f64>,
    row: Vec<f64>,
    qr: Qr,
}

/// Multipliers of the point that a step starts from, or of the one that it leads to.
#[derive(Debug, Clone, Copy)]
enum Which {
    Present,
    Next,
}

impl LagrangeNewton {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            merit: args.choice("line_search") == "merit",
            tolerance: args.number("tolerance"),
            alpha: 0.0,
            shift: 0.0,
            sigma: 0.0,
            begun: 0.0,
            nu: Vec::new(),
            d: Vec::new(),
            g: Vec::new(),
            slope: Vec::new(),
            c: Vec::new(),
            j: Vec::new(),
            h: Vec::new(),
            trial: Vec::new(),
            solution: Vec::new(),
            row: Vec::new(),
            qr: Qr::default(),
        }
    }

    /// f at x, with ∇f, c and J in their places.
    fn look(&mut self, problem: &mut dyn Objective<f64>, x: &[f64]) -> Result<f64, Breakdown> {
        let loss = finite("loss", problem.gradient(x, &mut self.g))?;
        let constraints = problem.as_constrained().ok_or(GONE)?;
        constraints.constraint_jacobian(x, &mut self.c, &mut self.j);
        finite("constraint", largest(&self.c))?;
        Ok(loss)
    }

    /// With ν, or with the next one.
    fn kkt(&mut self, multipliers: Which) -> Kkt {
        let nu = match multipliers {
            Which::Present => &self.nu,
            Which::Next => &self.solution[self.d.len()..],
        };
        self.slope.copy_from_slice(&self.g);
        add_transposed(&self.j, nu, &mut self.slope);
        Kkt {
            primal: largest(&self.c),
            dual: largest(&self.slope),
            gap: 0.0,
        }
    }

    /// ν of the least ‖∇f + Jᵀν‖; zeros where the rows of J depend on each other.
    fn first_multipliers(&mut self) {
        let (n, p) = (self.d.len(), self.nu.len());
        self.nu.fill(0.0);
        if p == 0 || p > n {
            return;
        }
        self.qr.start(n, p);
        for i in 0..n {
            for (j, row) in self.j.chunks_exact(n).enumerate() {
                self.row[j] = row[i];
            }
            self.qr.set_row(i, &self.row[..p], -self.g[i]);
        }
        self.qr.reduce();
        if self.qr.solve(&mut self.nu).is_err() || !largest(&self.nu).is_finite() {
            self.nu.fill(0.0);
        }
    }

    /// d and νᵏ⁺¹ in `solution`, with the present shift.
    fn solve(&mut self) -> Result<(), Breakdown> {
        let (n, p) = (self.d.len(), self.nu.len());
        self.qr.start(n + p, n + p);
        for i in 0..n {
            self.row[..n].copy_from_slice(&self.h[i * n..(i + 1) * n]);
            self.row[i] += self.shift;
            for (k, of_c) in self.j.chunks_exact(n).enumerate() {
                self.row[n + k] = of_c[i];
            }
            self.qr.set_row(i, &self.row, -self.g[i]);
        }
        for (k, of_c) in self.j.chunks_exact(n).enumerate() {
            self.row.fill(0.0);
            self.row[..n].copy_from_slice(of_c);
            self.qr.set_row(n + k, &self.row, -self.c[k]);
        }
        self.qr.reduce();
        self.qr
            .solve(&mut self.solution)
            .map_err(|pivot| Breakdown::Singular { pivot })?;
        finite("step", largest(&self.solution)).map(drop)
    }

    /// The same, with the shift raised until d has curvature above it.
    fn solve_upwards(&mut self) -> Result<(), Breakdown> {
        let n = self.d.len();
        let scale = largest(&self.h).max(f64::MIN_POSITIVE.sqrt());
        self.shift = 0.0;
        loop {
            let solved = self.solve();
            if solved.is_ok() {
                let d = &self.solution[..n];
                let rows = self.h.chunks_exact(n).zip(d);
                let bent: f64 = rows.map(|(row, d_i)| d_i * dot(row, d)).sum();
                let length = dot(d, d);
                if bent + self.shift * length >= LEAST_CURVATURE * scale * length {
                    return Ok(());
                }
            }
            self.shift = (10.0 * self.shift).max(FIRST_SHIFT * scale);
            if self.shift > LAST_SHIFT * scale {
                return solved;
            }
        }
    }

    /// The length of the step along d, with f and c at x for the merit function.
    fn search(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        (loss, before): (f64, f64),
        lr: f64,
    ) -> Result<f64, Breakdown> {
        let n = self.d.len();
        let one_norm = |c: &[f64]| c.iter().map(|c| c.abs()).sum::<f64>();
        let violated = one_norm(&self.c);
        let largest_nu = largest(&self.solution[n..]);
        if self.sigma < 1.1 * largest_nu {
            self.sigma = 1.5 * largest_nu + 0.1;
        }
        let merit = loss + self.sigma * violated;
        let slope = dot(&self.g, &self.d) - self.sigma * violated;
        let slack = 10.0 * f64::EPSILON * (1.0 + merit.abs());
        let mut alpha = lr;
        for trial in 0..TRIALS {
            self.trial.copy_from_slice(x);
            axpy(alpha, &self.d, &mut self.trial);
            let value = problem.value(&self.trial);
            let constraints = problem.as_constrained().ok_or(GONE)?;
            constraints.constraints(&self.trial, &mut self.c);
            let next = value + self.sigma * one_norm(&self.c);
            if next <= merit + C1 * alpha * slope.min(0.0) + slack {
                return Ok(alpha);
            }
            if trial == 0 && next.is_finite() {
                let trial = std::mem::take(&mut self.trial);
                let looked = self.look(problem, &trial);
                self.trial = trial;
                if looked.is_ok() && self.kkt(Which::Next).residual() <= 0.5 * before {
                    return Ok(alpha);
                }
            }
            alpha *= 0.5;
        }
        Err(Breakdown::LineSearch { trials: TRIALS })
    }
}

impl Optimizer<f64> for LagrangeNewton {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let constraints = constrained(problem, METHOD.name)?;
        let (p, m) = (constraints.equalities(), constraints.inequalities());
        if m > 0 {
            let what = format!(
                "{} takes equalities alone, and this problem has {m} inequalities; augmented_lagrangian takes both",
                METHOD.name
            );
            return Err(Error::new("optimizer.name", what));
        }
        (self.alpha, self.shift, self.sigma, self.begun) = (0.0, 0.0, 0.0, 0.0);
        for (vector, len) in [
            (&mut self.nu, p),
            (&mut self.c, p),
            (&mut self.d, n),
            (&mut self.g, n),
            (&mut self.slope, n),
            (&mut self.trial, n),
            (&mut self.j, p * n),
            (&mut self.h, n * n),
            (&mut self.solution, n + p),
            (&mut self.row, n + p),
        ] {
            *vector = vec![0.0; len];
        }
        self.qr.start(n + p, n + p);
        Ok(())
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let n = x.len();
        let loss = self.look(problem, x)?;
        if self.begun == 0.0 {
            self.first_multipliers();
            self.begun = 1.0;
        }
        let kkt = self.kkt(Which::Present);
        let scale = Kkt {
            dual: largest(&self.g),
            ..Kkt::default()
        };
        if kkt.within(self.tolerance, scale) {
            return Ok(kkt.solved(loss, self.alpha));
        }
        let constraints = problem.as_constrained().ok_or(GONE)?;
        constraints.lagrangian_hessian(x, &self.nu, &mut self.h);
        finite("hessian", largest(&self.h))?;
        if self.merit {
            self.solve_upwards()?;
        } else {
            self.solve()?;
        }
        self.d.copy_from_slice(&self.solution[..n]);
        self.alpha = if self.merit {
            self.search(problem, x, (loss, kkt.residual()), cx.lr)?
        } else {
            cx.lr
        };
        axpy(self.alpha, &self.d, x);
        for (nu, next) in self.nu.iter_mut().zip(&self.solution[n..]) {
            *nu += self.alpha * (next - *nu);
        }
        Ok(Step {
            step_norm: self.alpha * dot(&self.d, &self.d).sqrt(),
            solves: 1,
            ..kkt.report(loss, self.alpha)
        })
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("nu", &mut self.nu);
        visitor.vector("d", &mut self.d);
        visitor.scalar("alpha", &mut self.alpha);
        visitor.scalar("shift", &mut self.shift);
        visitor.scalar("sigma", &mut self.sigma);
        visitor.scalar("begun", &mut self.begun);
    }

    fn multipliers(&self) -> Option<Multipliers> {
        Some(Multipliers {
            nu: self.nu.clone(),
            lambda: Vec::new(),
        })
    }
}
