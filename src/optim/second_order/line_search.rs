//! The line search that the methods share: Moré and Thuente's, for the strong Wolfe conditions.
//!
//! With φ(α) = f(x − αd), a step length must let f fall enough, and leave the slope flat enough:
//!
//! ```text
//! φ(α) ≤ φ(0) + c₁αφ′(0)        |φ′(α)| ≤ c₂|φ′(0)|
//! ```
//!
//! The second makes yᵀs > 0 for the difference y of the gradients over the step s, which is what BFGS learns from.

use super::{Point, walk};
use crate::args::{Args, Field};
use crate::linalg::vector::dot;
use crate::optim::Breakdown;
use crate::problem::Objective;
use crate::real::norm;

/// How far to go along a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// As far as the learning rate says.
    None,
    /// Until both conditions hold with c₁ = 10⁻⁴, c₂ = 0.9: the values of Nocedal and Wright, and of SciPy's BFGS.
    StrongWolfe,
    /// Until the slope is 10⁻⁸ of what it was: an exact search, as textbooks' theorems on quadratics suppose.
    Exact,
}

impl Rule {
    /// From the field `line_search`.
    pub fn from_args(args: &Args) -> Self {
        match args.choice("line_search") {
            "strong_wolfe" => Self::StrongWolfe,
            "exact" => Self::Exact,
            _ => Self::None,
        }
    }
}

/// The field of a method that searches by default.
pub const FIELD: Field = Field::choice(
    "line_search",
    "α",
    "how far to go: strong Wolfe conditions, the exact minimum, or as the learning rate says",
    &["strong_wolfe", "exact", "none"],
);

const C1: f64 = 1e-4;

/// Evaluations before a search gives up; SciPy's `dcsrch` allows 100, L-BFGS-B 20.
const MOST_TRIALS: u32 = 40;

/// What a search has found. The point and its gradient stand in the [`LineSearch`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Found {
    /// α.
    pub alpha: f64,
    /// φ(α).
    pub loss: f64,
}

/// A line search with its work space.
#[derive(Debug, Clone)]
pub struct LineSearch {
    rule: Rule,
    /// The last trial point; the one found after a search that found one.
    pub trial: Vec<f64>,
    /// The gradient there.
    pub g: Vec<f64>,
}

/// A step length with φ and φ′ there, or with those of the auxiliary function.
#[derive(Debug, Clone, Copy, PartialEq)]
struct At {
    alpha: f64,
    value: f64,
    slope: f64,
}

impl LineSearch {
    /// With no space yet.
    pub fn new(rule: Rule) -> Self {
        Self {
            rule,
            trial: Vec::new(),
            g: Vec::new(),
        }
    }

    /// Which rule it follows.
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// Makes room for n parameters.
    pub fn reset(&mut self, n: usize) {
        self.trial = vec![0.0; n];
        self.g = vec![0.0; n];
    }

    /// α for the way from `x` against `d`, starting with the trial `first`; `start` is f at `x`, `slope` is
    /// φ′(0) = −∇fᵀd < 0.
    ///
    /// Where φ(0) is so flat that its fall would be lost in the rounding of f, the slopes alone decide (the approximate
    /// Wolfe conditions of Hager and Zhang 2005).
    ///
    /// # Errors
    /// [`Breakdown::LineSearch`]: no such α was found. Without a search, [`Breakdown::NonFinite`]: f is not finite there.
    ///
    /// Source: Moré, Thuente 1994, Line Search Algorithms with Guaranteed Sufficient Decrease, sections 2–4; MINPACK-2's
    /// `dcsrch`.
    pub fn search(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        d: &[f64],
        (start, slope): (f64, f64),
        first: f64,
    ) -> Result<Found, Breakdown> {
        let flatness = match self.rule {
            Rule::None => {
                let at = self.try_out(problem, x, d, first);
                Point::checked(at.value, &self.g)?;
                return Ok(Found {
                    alpha: first,
                    loss: at.value,
                });
            }
            Rule::StrongWolfe => 0.9,
            Rule::Exact => 1e-8,
        };
        let wanted = Wanted {
            start: At {
                alpha: 0.0,
                value: start,
                slope,
            },
            flatness,
        };
        let mut interval = Interval::new(wanted.start, first);
        let mut alpha = first;
        for trials in 1..=MOST_TRIALS {
            let at = self.try_out(problem, x, d, alpha);
            if !(at.value.is_finite() && at.slope.is_finite()) {
                alpha = interval.retreat(alpha);
                continue;
            }
            if wanted.holds(at) {
                return Ok(Found {
                    alpha,
                    loss: at.value,
                });
            }
            let spent = interval.is_spent(alpha);
            if spent && wanted.falls(at) {
                return Ok(Found {
                    alpha,
                    loss: at.value,
                });
            }
            if spent && alpha == interval.best.alpha {
                return Err(Breakdown::LineSearch { trials });
            }
            alpha = interval.narrow(at, &wanted);
            if alpha == 0.0 {
                return Err(Breakdown::LineSearch { trials });
            }
        }
        Err(Breakdown::LineSearch {
            trials: MOST_TRIALS,
        })
    }

    fn try_out(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        d: &[f64],
        alpha: f64,
    ) -> At {
        self.trial.copy_from_slice(x);
        walk(&mut self.trial, alpha, d);
        At {
            alpha,
            value: problem.gradient(&self.trial, &mut self.g),
            slope: -dot(&self.g, d),
        }
    }
}

/// The conditions.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    start: At,
    /// c₂.
    flatness: f64,
}

impl Wanted {
    /// φ(0) + c₁αφ′(0).
    fn ceiling(&self, alpha: f64) -> f64 {
        self.start.value + C1 * alpha * self.start.slope
    }

    fn falls(&self, at: At) -> bool {
        at.alpha > 0.0 && at.value <= self.ceiling(at.alpha)
    }

    fn holds(&self, at: At) -> bool {
        let rounding = super::ROUNDING * self.start.value.abs();
        let blind =
            -self.start.slope * at.alpha <= rounding && at.value <= self.start.value + rounding;
        at.slope.abs() <= self.flatness * -self.start.slope && (blind || self.falls(at))
    }

    /// `at` in terms of ψ(α) = φ(α) − φ(0) − c₁αφ′(0).
    fn auxiliary(&self, at: At) -> At {
        At {
            value: at.value - C1 * at.alpha * self.start.slope,
            slope: at.slope - C1 * self.start.slope,
            ..at
        }
    }
}

/// Where the step length is looked for.
#[derive(Debug, Clone, Copy)]
struct Interval {
    /// The end with the least value.
    best: At,
    /// The other end.
    other: At,
    /// Whether a minimum is known to lie between the ends.
    bracketed: bool,
    /// Until a value and slope show that φ itself may be minimised, ψ is.
    first_stage: bool,
    /// Its width, and that of one step before.
    widths: [f64; 2],
    low: f64,
    high: f64,
    /// Never beyond: f is not finite there.
    limit: f64,
}

impl Interval {
    /// Factor by which a trial may grow.
    const GROWTH: f64 = 4.0;

    fn new(start: At, first: f64) -> Self {
        Self {
            best: start,
            other: start,
            bracketed: false,
            first_stage: true,
            widths: [f64::INFINITY; 2],
            low: 0.0,
            high: first + Self::GROWTH * first,
            limit: f64::INFINITY,
        }
    }

    /// After a trial where f is not finite: a tenth of the way to it.
    fn retreat(&mut self, alpha: f64) -> f64 {
        self.limit = alpha;
        self.high = self.high.min(alpha);
        self.best.alpha + 0.1 * (alpha - self.best.alpha)
    }

    /// Whether rounding leaves nothing between the ends.
    fn is_spent(&self, alpha: f64) -> bool {
        self.bracketed
            && (alpha <= self.low
                || alpha >= self.high
                || self.high - self.low <= 2.0 * f64::EPSILON * self.high)
    }

    /// Takes the trial into account; the next one.
    fn narrow(&mut self, at: At, wanted: &Wanted) -> f64 {
        let falls = wanted.falls(at);
        if self.first_stage && falls && at.slope >= 0.0 {
            self.first_stage = false;
        }
        let mut next = if self.first_stage && at.value <= self.best.value && !falls {
            let mut of_psi = Self {
                best: wanted.auxiliary(self.best),
                other: wanted.auxiliary(self.other),
                ..*self
            };
            let next = of_psi.step(wanted.auxiliary(at));
            let (best, other, trial) = (self.best, self.other, at);
            let plain = |moved: At| {
                [best, other, trial]
                    .into_iter()
                    .find(|end| end.alpha == moved.alpha)
                    .unwrap_or(trial)
            };
            self.best = plain(of_psi.best);
            self.other = plain(of_psi.other);
            self.bracketed = of_psi.bracketed;
            next
        } else {
            self.step(at)
        };
        let (near, far) = (self.best.alpha, self.other.alpha);
        if self.bracketed {
            if (far - near).abs() >= 0.66 * self.widths[1] {
                next = near + 0.5 * (far - near);
            }
            self.widths = [(far - near).abs(), self.widths[0]];
            (self.low, self.high) = (near.min(far), near.max(far));
        } else {
            self.low = next + 1.1 * (next - near);
            self.high = next + Self::GROWTH * (next - near);
        }
        if next.is_nan() {
            next = 0.5 * (near + far);
        }
        next = next.min(0.5 * (self.limit + near)).max(0.0);
        if self.is_spent(next) {
            next = near;
        }
        next
    }

    /// Moré and Thuente's trial value selection (section 4, cases 1–4; MINPACK-2's `dcstep`), with the ends moved.
    fn step(&mut self, at: At) -> f64 {
        let Self { best, other, .. } = *self;
        let turned = at.slope * best.slope.signum() < 0.0;
        let higher = at.value > best.value;
        let secant = || at.alpha + at.slope / (at.slope - best.slope) * (best.alpha - at.alpha);
        let next = if higher {
            let cubic = cubic(best, at);
            let rise = (best.value - at.value) / (at.alpha - best.alpha) + best.slope;
            let quadratic = best.alpha + best.slope / rise / 2.0 * (at.alpha - best.alpha);
            if (cubic - best.alpha).abs() <= (quadratic - best.alpha).abs() {
                cubic
            } else {
                cubic + (quadratic - cubic) / 2.0
            }
        } else if turned {
            farther(at.alpha, cubic(at, best), secant())
        } else if at.slope.abs() < best.slope.abs() {
            self.extrapolate(at, secant())
        } else if self.bracketed {
            cubic(at, other)
        } else if at.alpha > best.alpha {
            self.high
        } else {
            self.low
        };
        self.bracketed |= higher || turned;
        if higher {
            self.other = at;
        } else {
            if turned {
                self.other = best;
            }
            self.best = at;
        }
        next
    }

    /// Case 3: the slope has the same sign and has become flatter.
    fn extrapolate(&self, at: At, secant: f64) -> f64 {
        let Self { best, other, .. } = *self;
        let (part, gamma) = cubic_part(at, best);
        let cubic = if part < 0.0 && gamma != 0.0 {
            at.alpha + part * (best.alpha - at.alpha)
        } else if at.alpha > best.alpha {
            self.high
        } else {
            self.low
        };
        if !self.bracketed {
            return farther(at.alpha, cubic, secant)
                .max(self.low)
                .min(self.high);
        }
        let next = nearer(at.alpha, cubic, secant);
        let most = at.alpha + 0.66 * (other.alpha - at.alpha);
        if at.alpha > best.alpha {
            next.min(most)
        } else {
            next.max(most)
        }
    }
}

/// The minimiser of the cubic through two points with their slopes.
fn cubic(from: At, to: At) -> f64 {
    from.alpha + cubic_part(from, to).0 * (to.alpha - from.alpha)
}

/// Its place, 0 at `from` and 1 at `to`, and γ (zero where the cubic has no minimum).
fn cubic_part(from: At, to: At) -> (f64, f64) {
    let theta = 3.0 * (from.value - to.value) / (to.alpha - from.alpha) + from.slope + to.slope;
    let s = theta.abs().max(from.slope.abs()).max(to.slope.abs());
    let square = (theta / s) * (theta / s) - (from.slope / s) * (to.slope / s);
    let gamma = s * square.max(0.0).sqrt();
    let gamma = if from.alpha > to.alpha { -gamma } else { gamma };
    let part = (gamma - from.slope + theta) / (gamma - from.slope + gamma + to.slope);
    (part, gamma)
}

fn farther(from: f64, a: f64, b: f64) -> f64 {
    if (a - from).abs() > (b - from).abs() {
        a
    } else {
        b
    }
}

fn nearer(from: f64, a: f64, b: f64) -> f64 {
    if (a - from).abs() < (b - from).abs() {
        a
    } else {
        b
    }
}

/// First trial of the first step: its length is at most 1 (as in L-BFGS-B), as nothing is known of the scale yet.
pub fn modest(d: &[f64]) -> f64 {
    (1.0 / norm(d)).min(1.0)
}
