//! The projected gradient, and with it the proximal one.

use super::{GONE, Kkt, distance, finite, largest, proximal};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::optim::{
    Breakdown, Family, Line, Method, Multipliers, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::{Objective, Proximal};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "projected_gradient",
    title: "Projected gradient",
    family: Family::Constrained,
    about: "A gradient step, and back to the nearest point of the set: for bounds, for linear equalities, for a ball (ridge). For a lasso the way back is the soft threshold, and the method is called ISTA, with acceleration FISTA. Backtracking halves the step until the parabola above f holds.",
    fields: &[
        Field::number("lr", "t", "the step; the first trial of the backtracking", 1.0, Range::POSITIVE),
        Field::choice("line_search", "t", "backtracking: halved until f is below its parabola; none: constant", &["backtracking", "none"]),
        Field::choice("acceleration", "β", "none, or Nesterov's with a restart where it turns against the gradient", &["none", "nesterov"]),
        Field::number("tolerance", "ε", "KKT residual at which it has converged", 1e-9, Range::POSITIVE),
    ],
    equation: &[
        Line::new(
            r"x^{k+1} = \operatorname{prox}_{t r}\left( x^k - t \nabla s(x^k) \right)",
            r"\text{@x1} = \operatorname{prox}\left( \text{@x0} - \text{@t1} \cdot \text{@s1} \right)",
        )
        .when(&[("acceleration", "none")]),
        Line::new(
            r"x^{k+1} = \operatorname{prox}_{t r}\left( y^k - t \nabla s(y^k) \right)",
            r"\text{@x1} = \operatorname{prox}\left( \text{@y0} - \text{@t1} \cdot \text{@s1} \right)",
        )
        .when(&[("acceleration", "nesterov")]),
        Line::new(
            r"y^{k+1} = x^{k+1} + \beta (x^{k+1} - x^k)",
            r"\text{@y1} = \text{@x1} + \text{@beta1} (\text{@x1} - \text{@x0})",
        )
        .when(&[("acceleration", "nesterov")]),
    ],
    reference: "Beck & Teboulle 2009, SIAM J. Imaging Sci. 2, eq. 3.1 and 4.1–4.3; restart: O'Donoghue & Candès 2015, Found. Comput. Math. 15, § 3.2",
    needs: Oracle::Proximal,
    measures: &["primal_residual", "dual_residual", "gap", "step_length"],
};

/// Halvings of the step before the search is given up.
const TRIALS: u32 = 60;
/// Where the parabola rises by less than this times the rounding of s, values tell nothing of t.
const TELLING: f64 = 1e6;
/// A step that has succeeded may be this much longer the next time.
const GROWTH: f64 = 1.25;

/// ```text
/// xᵏ⁺¹ = prox_tr(y − t∇s(y)),  y = xᵏ, or xᵏ + β(xᵏ − xᵏ⁻¹) with θₖ₊₁ = (1 + √(1 + 4θₖ²))/2, β = (θₖ − 1)/θₖ₊₁
/// ```
///
/// Backtracking halves t until s(x⁺) ≤ s(y) + ∇s(y)ᵀ(x⁺ − y) + ‖x⁺ − y‖²/(2t), by the slopes where rounding hides that
/// from the values, and begins with a quarter more than the
/// last t. The dual residual is `‖x − prox_r(x − ∇s(x))‖∞`, 0 at a solution only.
#[derive(Debug, Clone)]
pub struct ProjectedGradient {
    backtracking: bool,
    nesterov: bool,
    tolerance: f64,
    /// The last t; 0 before the first.
    t: f64,
    theta: f64,
    beta: f64,
    y: Vec<f64>,
    /// ∇s(y).
    s: Vec<f64>,
    /// The point that the last step came to; NaN before the first.
    point: Vec<f64>,
    /// ∇s(x).
    g: Vec<f64>,
    trial: Vec<f64>,
    nu: Vec<f64>,
    lambda: Vec<f64>,
}

impl ProjectedGradient {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            backtracking: args.choice("line_search") == "backtracking",
            nesterov: args.choice("acceleration") == "nesterov",
            tolerance: args.number("tolerance"),
            t: 0.0,
            theta: 1.0,
            beta: 0.0,
            y: Vec::new(),
            s: Vec::new(),
            point: Vec::new(),
            g: Vec::new(),
            trial: Vec::new(),
            nu: Vec::new(),
            lambda: Vec::new(),
        }
    }

    /// x⁺ in `trial`, from y with ∇s(y) in `s`; its t.
    fn search(&mut self, problem: &mut dyn Proximal, at_y: f64, lr: f64) -> Result<f64, Breakdown> {
        let mut t = if self.backtracking && self.t > 0.0 {
            GROWTH * self.t
        } else {
            lr
        };
        let mut trials = 0;
        loop {
            for ((to, y), s) in self.trial.iter_mut().zip(&self.y).zip(&self.s) {
                *to = y - t * s;
            }
            problem.proximal_map(t, &mut self.trial);
            if !self.backtracking {
                break;
            }
            let moves = self.trial.iter().zip(&self.y);
            let (along, squares) = moves.zip(&self.s).fold((0.0, 0.0), |(a, b), ((x, y), s)| {
                (a + s * (x - y), b + (x - y) * (x - y))
            });
            let bound = at_y + along + 0.5 * squares / t;
            let rounding = f64::EPSILON * (1.0 + at_y.abs());
            let below = if squares <= TELLING * rounding * t {
                // The values cannot tell; the slopes can: dᵀ(∇s(x⁺) − ∇s(y)) ≤ ‖d‖²/t.
                problem.smooth_gradient(&self.trial, &mut self.g);
                let ends = self.trial.iter().zip(&self.y);
                let slopes = self.g.iter().zip(&self.s);
                let bent: f64 = ends
                    .zip(slopes)
                    .map(|((x, y), (g, s))| (x - y) * (g - s))
                    .sum();
                bent <= squares / t
            } else {
                problem.smooth(&self.trial) <= bound
            };
            if below {
                break;
            }
            t *= 0.5;
            trials += 1;
            if trials == TRIALS {
                return Err(Breakdown::LineSearch { trials });
            }
        }
        Ok(t)
    }
}

impl Optimizer<f64> for ProjectedGradient {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let (p, m) = proximal(problem, METHOD.name)?.multiplier_counts();
        (self.t, self.theta, self.beta) = (0.0, 1.0, 0.0);
        for (vector, len) in [
            (&mut self.y, n),
            (&mut self.s, n),
            (&mut self.g, n),
            (&mut self.trial, n),
            (&mut self.nu, p),
            (&mut self.lambda, m),
        ] {
            *vector = vec![0.0; len];
        }
        self.point = vec![f64::NAN; n];
        Ok(())
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let loss = finite("loss", problem.value(x))?;
        let problem = problem.as_proximal().ok_or(GONE)?;
        if self.point != x {
            self.y.copy_from_slice(x);
            self.point.copy_from_slice(x);
            (self.theta, self.beta) = (1.0, 0.0);
        }
        let at_x = problem.smooth_gradient(x, &mut self.g);
        problem.multipliers(x, &self.g, &mut self.nu, &mut self.lambda);
        for ((t, x), g) in self.trial.iter_mut().zip(&*x).zip(&self.g) {
            *t = x - g;
        }
        problem.proximal_map(1.0, &mut self.trial);
        let away = self.trial.iter().zip(&*x).map(|(t, x)| (t - x).abs());
        let kkt = Kkt {
            primal: 0.0,
            dual: away.fold(0.0, f64::max),
            gap: 0.0,
        };
        let scale = Kkt {
            dual: largest(&self.g),
            ..Kkt::default()
        };
        // The start may lie outside of the set.
        self.trial.copy_from_slice(x);
        problem.proximal_map(0.0, &mut self.trial);
        let primal = self.trial.iter().zip(&*x).map(|(t, x)| (t - x).abs());
        let kkt = Kkt {
            primal: primal.fold(0.0, f64::max),
            ..kkt
        };
        if kkt.within(self.tolerance, scale) {
            return Ok(kkt.solved(loss, self.t));
        }
        let at_y = if self.y == x {
            self.s.copy_from_slice(&self.g);
            at_x
        } else {
            problem.smooth_gradient(&self.y, &mut self.s)
        };
        finite("loss", at_y)?;
        finite("gradient", largest(&self.s))?;
        let t = self.search(problem, at_y, cx.lr)?;
        finite("step", largest(&self.trial))?;
        self.t = t;
        let step_norm = distance(&self.trial, x);
        if self.nesterov {
            // The step turns against the gradient where (y − x⁺)ᵀ(x⁺ − x) > 0.
            let turns = self.y.iter().zip(&self.trial).zip(&*x);
            let against: f64 = turns.map(|((y, next), x)| (y - next) * (next - x)).sum();
            if against > 0.0 {
                self.theta = 1.0;
            }
            let theta = f64::midpoint(1.0, (1.0 + 4.0 * self.theta * self.theta).sqrt());
            self.beta = (self.theta - 1.0) / theta;
            self.theta = theta;
        }
        for ((y, next), x) in self.y.iter_mut().zip(&self.trial).zip(&*x) {
            *y = next + self.beta * (next - x);
        }
        x.copy_from_slice(&self.trial);
        self.point.copy_from_slice(x);
        Ok(Step {
            step_norm,
            ..kkt.report(loss, t)
        })
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("y", &mut self.y);
        visitor.vector("s", &mut self.s);
        visitor.vector("point", &mut self.point);
        visitor.vector("nu", &mut self.nu);
        visitor.vector("lambda", &mut self.lambda);
        visitor.scalar("t", &mut self.t);
        visitor.scalar("theta", &mut self.theta);
        visitor.scalar("beta", &mut self.beta);
    }

    fn multipliers(&self) -> Option<Multipliers> {
        Some(Multipliers {
            nu: self.nu.clone(),
            lambda: self.lambda.clone(),
        })
    }
}
