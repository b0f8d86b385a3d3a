//! Levenberg's and Levenberg-Marquardt's damped Gauss-Newton.

use super::{
    Known, Point, ROUNDING, afford, gram, least_squares, linearise, load, negligible, walk,
};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::{Qr, vector::dot};
use crate::optim::{
    Breakdown, Family, Line, Method, Optimizer, Oracle, StateVisitor, Step, StepCx, System, Verdict,
};
use crate::problem::Objective;
use crate::real::norm;

const FIELDS: [Field; 3] = [
    Field::number(
        "lambda",
        "λ",
        "damping at the start",
        0.001,
        Range::POSITIVE,
    ),
    Field::number(
        "up",
        "β",
        "factor on λ after a rejected step; doubles with each further one",
        2.0,
        ABOVE_1,
    ),
    Field::number(
        "down",
        "γ",
        "largest divisor of λ after an accepted step",
        3.0,
        ABOVE_1,
    ),
];

const ABOVE_1: Range = Range {
    min: 1.0,
    max: f64::INFINITY,
    min_included: false,
    max_included: false,
};

/// The rule on λ, common to both.
const DAMPING: Line = Line::new(
    r"\lambda^{k+1} = \begin{cases} \lambda^k \max(\tfrac{1}{\gamma},\, 1 - (\beta - 1)(2\varrho - 1)^3) & \varrho > 0 \\ \beta \lambda^k & \text{else} \end{cases}",
    r"\text{@lambda1} \text{ from } \text{@lambda0}",
);

const MEASURED: &[&str] = &["lambda", "gain", "trial_loss"];

/// What the catalogue says of Levenberg's method.
pub const LEVENBERG: Method = Method {
    name: "levenberg",
    title: "Levenberg",
    family: Family::SecondOrder,
    about: "Gauss-Newton with λI added to JᵀJ, by QR of J stacked on √λI. Every trial is a step; a worse one is rejected, and λ grows. ϱ is the fall of f, measured by what the tangents promise.",
    fields: &FIELDS,
    equation: &[
        Line::new(
            r"\theta^{k+1} = \theta^k - (J^T J + \lambda I)^{-1} J^T r",
            super::MOVE,
        ),
        DAMPING,
    ],
    reference: "Levenberg 1944; λ: Nielsen 1999, Damping Parameter in Marquardt's Method, IMM-REP-1999-05, eq. 2.4",
    needs: Oracle::LeastSquares,
    measures: MEASURED,
};

/// What the catalogue says of Levenberg-Marquardt.
pub const MARQUARDT: Method = Method {
    name: "levenberg_marquardt",
    title: "Levenberg-Marquardt",
    about: "Levenberg's method with λ times the diagonal of JᵀJ (the largest so far), so that the units of the parameters do not matter. Every trial is a step; a worse one is rejected, and λ grows.",
    equation: &[
        Line::new(
            r"\theta^{k+1} = \theta^k - (J^T J + \lambda \operatorname{diag} J^T J)^{-1} J^T r",
            super::MOVE,
        ),
        DAMPING,
    ],
    reference: "Marquardt 1963, An Algorithm for Least-Squares Estimation of Nonlinear Parameters; λ: Nielsen 1999, IMM-REP-1999-05, eq. 2.4",
    ..LEVENBERG
};

/// The largest λ that is tried.
const LARGEST: f64 = 1e30;

/// What λ is multiplied by, besides: D in JᵀJ + λD.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scale {
    /// D = I.
    Identity,
    /// D = the largest diag JᵀJ so far, entry by entry; 1 where that is 0.
    Diagonal,
}

/// θᵏ⁺¹ = θᵏ − d, where d solves the stacked least-squares problem
///
/// ```text
/// min ‖ [   J    ]     [ r ] ‖
///     ‖ [ √λ D^½ ] d − [ 0 ] ‖        D = I, or diag JᵀJ
/// ```
///
/// by QR, which is (JᵀJ + λD)d = Jᵀr without the square of the condition number. J is reduced to its triangle once, and
/// every λ that is tried from the same point stacks on that. The gain ϱ = (f − f(θ−d)) / (what the tangents promise)
/// decides: ϱ > 0 accepts and sets λ ← λ·max(1/γ, 1 − (β−1)(2ϱ−1)³); else the point stays, λ ← νλ, ν ← 2ν, with ν = β
/// after every accepted step (Nielsen's rule, with β = 2 and γ = 3).
///
/// Close to a solution f loses the digits by which a step could be judged: the most that any step could promise is below
/// its rounding. There steps are taken as long as they shrink; then the point is the solution.
///
/// Marquardt's D is the diagonal at the present point. Entries here never shrink (Moré 1978, section 6; MINPACK): where
/// f has become flat in a parameter, the present diagonal would let that parameter run away. In 18 runs on nine NIST
/// problems that made two failures into one.
///
/// Source: Levenberg 1944; Marquardt 1963; Moré 1978, The Levenberg-Marquardt Algorithm (stacked QR, D); Nielsen 1999,
/// IMM-REP-1999-05 (λ). MINPACK and SciPy's `method="lm"` adapt a trust radius instead of λ.
#[derive(Debug, Clone)]
pub struct Levenberg {
    scale: Scale,
    start: f64,
    up: f64,
    down: f64,
    lambda: f64,
    nu: f64,
    /// 1 where the last trial was accepted, else 0.
    alpha: f64,
    /// ‖d‖ of the last accepted step.
    last: f64,
    /// The most that the tangents could promise from this point, undamped: ½‖Qᵀr‖².
    reach: f64,
    /// ‖d‖ of the first trial from this point, and what was promised of it.
    first: f64,
    first_promise: f64,
    known: Known,
    /// D.
    diagonal: Vec<f64>,
    /// R of J = QR, row-major, and Qᵀr.
    triangle: Vec<f64>,
    qtr: Vec<f64>,
    d: Vec<f64>,
    trial: Vec<f64>,
    r: Vec<f64>,
    j: Vec<f64>,
    qr: Qr,
}

impl Levenberg {
    /// From the checked fields of [`LEVENBERG`].
    pub fn from_args(args: &Args) -> Self {
        Self::new(args, Scale::Identity)
    }

    /// From the checked fields of [`MARQUARDT`].
    pub fn marquardt(args: &Args) -> Self {
        Self::new(args, Scale::Diagonal)
    }

    fn new(args: &Args, scale: Scale) -> Self {
        Self {
            scale,
            start: args.number("lambda"),
            up: args.number("up"),
            down: args.number("down"),
            lambda: 0.0,
            nu: 0.0,
            alpha: 0.0,
            last: 0.0,
            reach: 0.0,
            first: 0.0,
            first_promise: 0.0,
            known: Known::NOTHING,
            diagonal: Vec::new(),
            triangle: Vec::new(),
            qtr: Vec::new(),
            d: Vec::new(),
            trial: Vec::new(),
            r: Vec::new(),
            j: Vec::new(),
            qr: Qr::default(),
        }
    }

    /// Residuals and tangents at `x`, unless they are known.
    fn linearise(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
    ) -> Result<Point, Breakdown> {
        if self.known.holds(problem, x) {
            return Ok(self.known.point);
        }
        self.known.point = Point::UNKNOWN;
        let point = linearise(problem, x, &mut self.r, &mut self.j, &mut self.known.g)?;
        let n = x.len();
        self.update_scale(n);
        load(&mut self.qr, &self.r, &self.j, n);
        self.qr.reduce();
        let k = self.r.len().min(n);
        self.triangle.fill(0.0);
        self.qtr.fill(0.0);
        self.qtr[..k].copy_from_slice(&self.qr.qtb()[..k]);
        for (i, row) in self.triangle.chunks_exact_mut(n).take(k).enumerate() {
            for (j, entry) in row.iter_mut().enumerate().skip(i) {
                *entry = self.qr.r(i, j);
            }
        }
        self.reach = 0.5 * dot(&self.qtr, &self.qtr);
        self.first = f64::NAN;
        self.first_promise = f64::NAN;
        self.known.note(problem, x, point);
        Ok(point)
    }

    /// Lets D grow to diag JᵀJ.
    fn update_scale(&mut self, n: usize) {
        if self.scale == Scale::Identity {
            return;
        }
        self.trial.fill(0.0);
        for row in self.j.chunks_exact(n) {
            for (d, j) in self.trial.iter_mut().zip(row) {
                *d += j * j;
            }
        }
        for (d, now) in self.diagonal.iter_mut().zip(&self.trial) {
            *d = d.max(*now);
        }
    }

    /// d for the present λ, and what the tangents promise of it: ½‖Jd‖² + λdᵀDd.
    fn solve(&mut self) -> Result<f64, Breakdown> {
        let n = self.d.len();
        self.qr.start(2 * n, n);
        for (i, (row, b)) in self.triangle.chunks_exact(n).zip(&self.qtr).enumerate() {
            self.qr.set_row(i, row, *b);
        }
        for (i, d) in self.diagonal.iter().enumerate() {
            self.qr.set(n + i, i, (self.lambda * positive(*d)).sqrt());
        }
        self.qr.reduce();
        self.qr
            .solve(&mut self.d)
            .map_err(|pivot| Breakdown::Singular { pivot })?;
        let rows = self.triangle.chunks_exact(n).enumerate();
        let tangent: f64 = rows
            .map(|(i, row)| dot(&row[i..], &self.d[i..]))
            .map(|v| v * v)
            .sum();
        let damping: f64 = self
            .diagonal
            .iter()
            .zip(&self.d)
            .map(|(s, d)| positive(*s) * d * d)
            .sum();
        Ok(0.5 * tangent + self.lambda * damping)
    }

    /// ½‖r‖² at θ − d; not finite where the residuals are not.
    fn try_out(&mut self, problem: &mut dyn Objective<f64>, x: &[f64]) -> f64 {
        self.trial.copy_from_slice(x);
        walk(&mut self.trial, 1.0, &self.d);
        match problem.as_least_squares() {
            Some(squares) => {
                self.r.resize(squares.residual_count(), 0.0);
                squares.residuals(&self.trial, &mut self.r);
            }
            None => return f64::NAN,
        }
        0.5 * dot(&self.r, &self.r)
    }

    /// Whether a point that no step could improve is a solution: the least damped step from it was short already, at the
    /// square root of what `f64` resolves, or promised less than the rounding of f.
    fn at_solution(&self, x: &[f64], rounding: f64) -> bool {
        self.first <= f64::EPSILON.sqrt() * norm(x) || self.first_promise <= rounding
    }
}

impl Optimizer<f64> for Levenberg {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let name = match self.scale {
            Scale::Identity => LEVENBERG.name,
            Scale::Diagonal => MARQUARDT.name,
        };
        let (m, n) = afford(name, problem)?;
        self.lambda = self.start;
        self.nu = self.up;
        self.alpha = 0.0;
        self.last = f64::INFINITY;
        self.reach = f64::NAN;
        self.first = f64::NAN;
        self.first_promise = f64::NAN;
        self.known.reset(n);
        for vector in [
            &mut self.diagonal,
            &mut self.qtr,
            &mut self.d,
            &mut self.trial,
        ] {
            *vector = vec![0.0; n];
        }
        if self.scale == Scale::Identity {
            self.diagonal.fill(1.0);
        }
        self.triangle = vec![0.0; n * n];
        self.r = vec![0.0; m];
        self.j = vec![0.0; m * n];
        self.qr.start(m.max(2 * n), n);
        Ok(())
    }

    fn needs_fixed_batch(&self) -> bool {
        true
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        _: StepCx,
    ) -> Result<Step, Breakdown> {
        let point = self.linearise(problem, x)?;
        self.alpha = 0.0;
        let mut step = point.stays();
        step.measures[0] = self.lambda;
        if point.grad_norm == 0.0 {
            return Ok(step);
        }
        let loss = point.loss;
        let rounding = ROUNDING * loss;
        if self.lambda > LARGEST {
            return if self.at_solution(x, rounding) {
                Ok(step)
            } else {
                Err(Breakdown::Damping { lambda: LARGEST })
            };
        }
        let promised = self.solve()?;
        step.solves = 1;
        let length = super::finite("step", norm(&self.d))?;
        if self.first.is_nan() {
            self.first = length;
            self.first_promise = promised;
        }
        if negligible(length, x) && self.at_solution(x, rounding) {
            return Ok(step);
        }
        let trial_loss = self.try_out(problem, x);
        let gain = (loss - trial_loss) / promised;
        step.measures = [self.lambda, gain, trial_loss, f64::NAN];
        step.step_norm = length;
        let blind = self.reach <= rounding && (loss - trial_loss).abs() <= rounding;
        if blind && length >= SHRINKS * self.last {
            step.step_norm = 0.0;
            return Ok(step);
        }
        if blind || gain > 0.0 {
            step.verdict = Verdict::Accepted;
            self.alpha = 1.0;
            self.last = length;
            x.copy_from_slice(&self.trial);
            let gain = if blind { 1.0 } else { gain };
            let cubed = (2.0 * gain - 1.0) * (2.0 * gain - 1.0) * (2.0 * gain - 1.0);
            self.lambda *= (1.0 / self.down).max(1.0 - (self.up - 1.0) * cubed);
            self.nu = self.up;
        } else {
            step.verdict = Verdict::Rejected;
            self.lambda *= self.nu;
            self.nu *= 2.0;
        }
        Ok(step)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("d", &mut self.d);
        visitor.scalar("alpha", &mut self.alpha);
        visitor.scalar("lambda", &mut self.lambda);
        visitor.scalar("nu", &mut self.nu);
        visitor.scalar("last", &mut self.last);
        visitor.scalar("reach", &mut self.reach);
        visitor.scalar("first", &mut self.first);
        visitor.scalar("first_promise", &mut self.first_promise);
        self.known.state(visitor);
        visitor.vector("diagonal", &mut self.diagonal);
        visitor.vector("triangle", &mut self.triangle);
        visitor.vector("qtr", &mut self.qtr);
    }

    fn system(&mut self, problem: &mut dyn Objective<f64>, x: &[f64]) -> Option<System> {
        let (r, j) = least_squares(problem, x)?;
        let name = match self.scale {
            Scale::Identity => "JᵀJ + λI",
            Scale::Diagonal => "JᵀJ + λ diag JᵀJ",
        };
        let n = x.len();
        let mut system = gram(&r, &j, n, name);
        for (i, row) in system.matrix.chunks_exact_mut(n).enumerate() {
            let d = match self.scale {
                Scale::Diagonal => self.diagonal[i].max(row[i]),
                Scale::Identity => 1.0,
            };
            row[i] += self.lambda * positive(d);
        }
        Some(system)
    }
}

/// An entry of D: a parameter that nothing has depended on so far is damped as if in its own units.
fn positive(d: f64) -> f64 {
    if d > 0.0 { d } else { 1.0 }
}

/// Steps shrink where each is at most this part of the last.
const SHRINKS: f64 = 0.9;
