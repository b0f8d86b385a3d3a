//! The function that the penalty method and the augmented Lagrangian minimise, and one Newton step on it.

use super::{GONE, Kkt, add_transposed, finite, largest};
use crate::linalg::Definite;
use crate::linalg::vector::{axpy, dot};
use crate::optim::{Breakdown, StateVisitor};
use crate::problem::Objective;
use crate::problem::constrained::violation;

/// Armijo's constant.
const C1: f64 = 1e-4;
/// Halvings of the step before the search is given up.
const TRIALS: u32 = 50;
/// A function that has fallen to −this·(1 + |f|), f at the last minimum, is taken for unbounded.
const BOTTOM: f64 = 1e9;

/// ```text
/// φ(x) = f + νᵀc + ½ρ‖c‖² + (‖max(λ + ρg, 0)‖² − ‖λ‖²)/(2ρ)
/// ∇φ = ∇f + Jᵀy,   y = (ν + ρc, max(λ + ρg, 0))
/// ```
///
/// With ν = 0 and λ = 0 it is the quadratic penalty f + ½ρ‖c‖² + ½ρ‖max(g, 0)‖². y is the estimate of the multipliers.
///
/// Source: Nocedal, Wright 2006, eq. 17.5 and 17.36; Rockafellar 1973.
#[derive(Debug, Clone, Default)]
pub struct Penalised {
    /// ν, then λ.
    pub multipliers: Vec<f64>,
    /// y.
    pub estimate: Vec<f64>,
    /// ρ.
    pub rho: f64,
    /// The length of the last step along d.
    pub alpha: f64,
    equalities: usize,
    d: Vec<f64>,
    g: Vec<f64>,
    slope: Vec<f64>,
    values: Vec<f64>,
    j: Vec<f64>,
    h: Vec<f64>,
    trial: Vec<f64>,
    /// The last minimum of φ, or where the run began.
    anchor: Vec<f64>,
    /// f there; NaN before there is one.
    anchored: f64,
    definite: Definite,
}

/// A violation of this times 1 + ‖x‖ is none where f falls without end.
const NEAR: f64 = 1e-10;
/// A step longer than this times 1 + ‖x‖ comes of a matrix that is singular but for rounding.
const ABSURD: f64 = 1e8;
/// First shift of such a matrix, relative to its largest entry.
const FIRST_SHIFT: f64 = 1e-12;
/// A step that needed a shift is doubled as long as that pays, up to this times 1 + ‖x‖.
const LONGEST: f64 = 10.0;

/// What is known of the point that a step starts from.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    /// f.
    pub loss: f64,
    /// The conditions of a solution, with y for the multipliers.
    pub kkt: Kkt,
    /// By what they are to be measured.
    pub scale: Kkt,
    /// φ.
    phi: f64,
}

/// What a Newton step came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Moved {
    /// By so much.
    By(f64),
    /// Rounding hides what could be gained.
    NoFurther,
    /// φ has no minimum with this ρ: f was so small there.
    Fell(f64),
}

impl Penalised {
    /// Room for n variables, p equalities and m inequalities; no multipliers.
    pub fn reserve(&mut self, n: usize, (p, m): (usize, usize), rho: f64) {
        *self = Self {
            multipliers: vec![0.0; p + m],
            estimate: vec![0.0; p + m],
            rho,
            equalities: p,
            d: vec![0.0; n],
            g: vec![0.0; n],
            slope: vec![0.0; n],
            values: vec![0.0; p + m],
            j: vec![0.0; (p + m) * n],
            h: vec![0.0; n * n],
            trial: vec![0.0; n],
            anchor: vec![0.0; n],
            anchored: f64::NAN,
            ..Self::default()
        };
        self.definite.reserve(n);
    }

    /// Everything at x.
    pub(super) fn look(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
    ) -> Result<At, Breakdown> {
        let loss = finite("loss", problem.gradient(x, &mut self.g))?;
        let constraints = problem.as_constrained().ok_or(GONE)?;
        constraints.constraint_jacobian(x, &mut self.values, &mut self.j);
        finite("constraint", largest(&self.values))?;
        if self.anchored.is_nan() {
            self.anchor_at(x, loss);
        }
        Ok(self.at(loss))
    }

    /// x is a minimum of φ.
    pub(super) fn anchor_at(&mut self, x: &[f64], loss: f64) {
        self.anchor.copy_from_slice(x);
        self.anchored = loss;
    }

    /// φ fell without end. Far from the constraints that is the fault of a small ρ: x goes back to the last minimum, and ρ
    /// grows; else f is unbounded, where it was `value`.
    pub(super) fn retreat(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        value: f64,
        (growth, largest_rho): (f64, f64),
    ) -> Result<(), Breakdown> {
        let constraints = problem.as_constrained().ok_or(GONE)?;
        constraints.constraints(x, &mut self.values);
        let outside = violation(&self.values, self.equalities);
        if outside <= NEAR * (1.0 + dot(x, x).sqrt()) || self.rho >= largest_rho {
            return Err(Breakdown::NoMinimum { value });
        }
        x.copy_from_slice(&self.anchor);
        self.rho = (self.rho * growth).min(largest_rho);
        Ok(())
    }

    /// The same with other multipliers or another ρ, nothing asked anew.
    pub(super) fn at(&mut self, loss: f64) -> At {
        let (p, rho) = (self.equalities, self.rho);
        let given = self.multipliers.iter().zip(&self.values);
        for (i, (y, (m, v))) in self.estimate.iter_mut().zip(given).enumerate() {
            *y = m + rho * v;
            if i >= p {
                *y = y.max(0.0);
            }
        }
        self.slope.copy_from_slice(&self.g);
        add_transposed(&self.j, &self.estimate, &mut self.slope);
        let slack = self.estimate[p..].iter().zip(&self.values[p..]);
        At {
            loss,
            kkt: Kkt {
                primal: violation(&self.values, p),
                dual: largest(&self.slope),
                gap: slack.map(|(y, v)| (y * v).abs()).sum(),
            },
            scale: Kkt {
                primal: 0.0,
                dual: largest(&self.g),
                gap: loss,
            },
            phi: self.phi(loss),
        }
    }

    /// φ from f and the constraints in `values`.
    fn phi(&self, loss: f64) -> f64 {
        let (p, rho) = (self.equalities, self.rho);
        let terms = self.multipliers.iter().zip(&self.values).enumerate();
        let terms = terms.map(|(i, (m, v))| {
            let y = m + rho * v;
            if i < p {
                v * (m + 0.5 * rho * v)
            } else {
                // (max(λ + ρg, 0)² − λ²)/(2ρ), without the cancellation where the constraint is active.
                if y > 0.0 {
                    v * (m + 0.5 * rho * v)
                } else {
                    -0.5 * m * m / rho
                }
            }
        });
        loss + terms.sum::<f64>()
    }

    /// max(‖c‖∞, ‖max(g, −λ/ρ)‖∞): 0 only where the constraints hold and λ is complementary.
    pub(super) fn incompatibility(&self) -> f64 {
        let pairs = self.multipliers.iter().zip(&self.values).enumerate();
        let of_pair = |(i, (m, v)): (usize, (&f64, &f64))| {
            if i < self.equalities {
                v.abs()
            } else {
                v.max(-m / self.rho).abs()
            }
        };
        pairs.map(of_pair).fold(0.0, f64::max)
    }

    /// One Newton step on φ from x, where [`Penalised::look`] has just been; the Hessian is shifted until it is positive
    /// definite.
    pub(super) fn descend(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        at: &At,
        lr: f64,
    ) -> Result<Moved, Breakdown> {
        let n = x.len();
        let constraints = problem.as_constrained().ok_or(GONE)?;
        constraints.lagrangian_hessian(x, &self.estimate, &mut self.h);
        let rows = self.j.chunks_exact(n).zip(&self.estimate).enumerate();
        for (_, (row, _)) in rows.filter(|(i, (_, y))| *i < self.equalities || **y > 0.0) {
            for (h, r) in self.h.chunks_exact_mut(n).zip(row) {
                if *r != 0.0 {
                    axpy(self.rho * r, row, h);
                }
            }
        }
        let size = 1.0 + dot(x, x).sqrt();
        let shift = self.solve(ABSURD * size)?;
        let slope = dot(&self.slope, &self.d);
        let slack = 4.0 * f64::EPSILON * (1.0 + at.phi.abs());
        if -slope <= slack {
            return Ok(self.last_gain(problem, x, at));
        }
        let mut alpha = lr;
        for _ in 0..TRIALS {
            let next = self.try_step(problem, x, alpha)?;
            if next.phi <= at.phi + C1 * alpha * slope {
                let reach = LONGEST * size / dot(&self.d, &self.d).sqrt();
                let (mut alpha, mut next) = (alpha, next);
                while shift > 0.0 && 2.0 * alpha <= reach {
                    let further = self.try_step(problem, x, 2.0 * alpha)?;
                    if further.phi > at.phi + C1 * 2.0 * alpha * slope || further.phi >= next.phi {
                        break;
                    }
                    (alpha, next) = (2.0 * alpha, further);
                }
                self.alpha = alpha;
                axpy(alpha, &self.d, x);
                return Ok(if next.loss < -BOTTOM * (1.0 + self.anchored.abs()) {
                    Moved::Fell(next.loss)
                } else {
                    Moved::By(alpha * dot(&self.d, &self.d).sqrt())
                });
            }
            alpha *= 0.5;
        }
        if -slope <= 1e6 * slack {
            return Ok(Moved::NoFurther);
        }
        Err(Breakdown::LineSearch { trials: TRIALS })
    }

    /// d = −(∇²φ + δI)⁻¹∇φ, no longer than `most`; δ.
    fn solve(&mut self, most: f64) -> Result<f64, Breakdown> {
        let scale = largest(&self.h).max(f64::MIN_POSITIVE.sqrt());
        let mut least = 0.0;
        loop {
            let shift = finite("hessian", self.definite.factor(&self.h, least))?;
            for (d, s) in self.d.iter_mut().zip(&self.slope) {
                *d = -s;
            }
            self.definite.solve(&mut self.d);
            if dot(&self.d, &self.d).sqrt() <= most {
                return Ok(shift);
            }
            least = (10.0 * shift).max(FIRST_SHIFT * scale);
        }
    }

    /// Where φ cannot tell a gain from rounding the full step is taken if it shortens ∇φ.
    fn last_gain(&mut self, problem: &mut dyn Objective<f64>, x: &mut [f64], at: &At) -> Moved {
        self.alpha = 1.0;
        for ((t, x), d) in self.trial.iter_mut().zip(&*x).zip(&self.d) {
            *t = x + d;
        }
        let trial = std::mem::take(&mut self.trial);
        let there = self.look(problem, &trial);
        let better = there.is_ok_and(|there| there.kkt.dual < 0.5 * at.kkt.dual);
        if better {
            x.copy_from_slice(&trial);
        }
        self.trial = trial;
        if better {
            Moved::By(dot(&self.d, &self.d).sqrt())
        } else {
            Moved::NoFurther
        }
    }

    fn try_step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        alpha: f64,
    ) -> Result<Trial, Breakdown> {
        self.trial.copy_from_slice(x);
        axpy(alpha, &self.d, &mut self.trial);
        let loss = problem.value(&self.trial);
        let constraints = problem.as_constrained().ok_or(GONE)?;
        constraints.constraints(&self.trial, &mut self.values);
        let phi = self.phi(loss);
        Ok(Trial {
            loss,
            phi: if phi.is_nan() { f64::INFINITY } else { phi },
        })
    }

    /// See [`crate::optim::Optimizer::state`].
    pub fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("multipliers", &mut self.multipliers);
        visitor.vector("estimate", &mut self.estimate);
        visitor.vector("d", &mut self.d);
        visitor.vector("anchor", &mut self.anchor);
        visitor.scalar("anchored", &mut self.anchored);
        visitor.scalar("rho", &mut self.rho);
        visitor.scalar("alpha", &mut self.alpha);
    }

    /// y, divided.
    pub fn split_estimate(&self) -> crate::optim::Multipliers {
        let (nu, lambda) = self.estimate.split_at(self.equalities);
        crate::optim::Multipliers {
            nu: nu.to_vec(),
            lambda: lambda.to_vec(),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Trial {
    loss: f64,
    phi: f64,
}
