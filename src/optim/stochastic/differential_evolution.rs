//! Differential evolution.

use rand::RngExt;

use super::population::{BEST, MEAN, Population, SPREAD, Since, evaluate};
use super::{MOST_MEMBERS, SIGMA, below, draws, within_means};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::optim::{
    Breakdown, Family, Line, Members, Method, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::Objective;
use crate::rng::Rng;

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "differential_evolution",
    title: "Differential evolution",
    family: Family::Stochastic,
    about: "Each member is challenged by another to which a difference of two more was added, and gives way if that is not worse. The differences shrink and turn with the population, so the steps fit the function by themselves.",
    fields: &[
        Field::choice(
            "strategy",
            "",
            "what the difference is added to: the best, a random member, or a point between that or this member and the best",
            &[
                "best1bin",
                "rand1bin",
                "randtobest1bin",
                "currenttobest1bin",
            ],
        ),
        Field::integer(
            "population",
            "N",
            "members; 0 for 15 a coordinate",
            0,
            0,
            MOST_MEMBERS,
        ),
        Field::number(
            "f_min",
            "F₀",
            "F is drawn from [F₀, F₁] for each generation (dither)",
            0.5,
            Range::closed(0.0, 2.0),
        ),
        Field::number(
            "f_max",
            "F₁",
            "F is drawn from [F₀, F₁] for each generation (dither)",
            1.0,
            Range::closed(0.0, 2.0),
        ),
        Field::number(
            "cr",
            "CR",
            "part of the coordinates that are the challenger's",
            0.7,
            Range::closed(0.0, 1.0),
        ),
        Field::flag(
            "bounded",
            "",
            "coordinates that leave the problem's range are drawn anew within it",
            true,
        ),
        SIGMA,
    ],
    equation: &[
        Line::new(
            r"v = x_{\text{best}} + F (x_p - x_q)",
            r"v = x_{\text{best}} + F (x_p - x_q)",
        )
        .when(&[("strategy", "best1bin")]),
        Line::new(r"v = x_r + F (x_p - x_q)", r"v = x_r + F (x_p - x_q)")
            .when(&[("strategy", "rand1bin")]),
        Line::new(
            r"v = x_r + F (x_{\text{best}} - x_r) + F (x_p - x_q)",
            r"v = x_r + F (x_{\text{best}} - x_r) + F (x_p - x_q)",
        )
        .when(&[("strategy", "randtobest1bin")]),
        Line::new(
            r"v = x_i + F (x_{\text{best}} - x_i) + F (x_p - x_q)",
            r"v = x_i + F (x_{\text{best}} - x_i) + F (x_p - x_q)",
        )
        .when(&[("strategy", "currenttobest1bin")]),
        Line::new(
            r"u_j = v_j \text{ with probability } CR,\ \text{else } x_{i,j}; \quad x_i \leftarrow u \text{ if } f(u) \le f(x_i)",
            r"u_j = v_j \text{ with probability } \text{@cr},\ \text{else } x_{i,j}; \quad x_i \leftarrow u \text{ if } f(u) \le f(x_i)",
        ),
        Line::new(r"\theta^{k+1} = \arg\min f", r"\text{@x1} = [\arg\min f]_i"),
    ],
    reference: "Storn & Price 1997, Journal of Global Optimization 11, 341–359; scipy.optimize.differential_evolution",
    needs: Oracle::Value,
    measures: &[BEST, MEAN, SPREAD, "success"],
};

/// For each member in turn, with F drawn for the generation and p, q, r different members:
///
/// ```text
/// v  = base + F(x_p − x_q)
/// uⱼ = vⱼ with probability CR, and for one random j; else x_{i,j}
/// xᵢ ← u if f(u) ≤ f(xᵢ)
/// ```
///
/// Defaults, strategies, the Latin hypercube of the first members and the moment of the exchange (at once, SciPy's
/// `updating="immediate"`) are SciPy's `differential_evolution`, and so is the drawing anew of coordinates that leave the
/// range, where the problem has one of its own and `bounded` is set. No descent by L-BFGS-B follows (`polish`), and the
/// session's point is one of the first members.
///
/// Source: Storn, Price 1997, Journal of Global Optimization 11, 341–359, eq. 2–6.
#[derive(Debug, Clone)]
pub struct DifferentialEvolution {
    /// 0 for 15n.
    population: usize,
    base: Base,
    /// Whether the base is drawn towards the best.
    pulled: bool,
    f_min: f64,
    f_max: f64,
    cr: f64,
    bounded: bool,
    sigma: f64,
    members: Population,
    trial: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Base {
    Best,
    Random,
    Current,
}

/// Of the default population.
const MEMBERS_A_COORDINATE: usize = 15;

/// A member, and three others that differ.
const LEAST_MEMBERS: usize = 4;

impl DifferentialEvolution {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        let (base, pulled) = match args.choice("strategy") {
            "rand1bin" => (Base::Random, false),
            "randtobest1bin" => (Base::Random, true),
            "currenttobest1bin" => (Base::Current, true),
            _ => (Base::Best, false),
        };
        Self {
            population: args.number("population") as usize,
            base,
            pulled,
            f_min: args.number("f_min"),
            f_max: args.number("f_max"),
            cr: args.number("cr"),
            bounded: args.flag("bounded"),
            sigma: args.number("sigma"),
            members: Population::default(),
            trial: Vec::new(),
        }
    }

    /// The part of the members that gave way.
    fn generation(&mut self, problem: &mut dyn Objective<f64>, rng: &mut Rng) -> f64 {
        let factor = self.f_min + (self.f_max - self.f_min) * rng.random::<f64>();
        let bounded = self.bounded && !problem.search_range().is_empty();
        let size = self.members.len();
        let mut best = self.members.fittest();
        let mut exchanged = 0;
        for i in 0..size {
            self.challenge(i, best, factor, rng);
            if bounded {
                self.members.keep_inside(&mut self.trial, rng);
            }
            let f = evaluate(problem, &self.trial);
            if f <= self.members.f[i] {
                let n = self.trial.len();
                self.members.x[i * n..(i + 1) * n].copy_from_slice(&self.trial);
                self.members.f[i] = f;
                exchanged += 1;
                if f < self.members.f[best] {
                    best = i;
                }
            }
        }
        f64::from(exchanged) / size as f64
    }

    /// Makes the trial that challenges member `i`.
    fn challenge(&mut self, i: usize, best: usize, factor: f64, rng: &mut Rng) {
        let [p, q, r] = others(i, self.members.len(), rng);
        let base = match self.base {
            Base::Best => best,
            Base::Random => r,
            Base::Current => i,
        };
        let member = |i| self.members.member(i);
        let (own, base, best) = (member(i), member(base), member(best));
        let (plus, minus) = (member(p), member(q));
        let certain = below(rng, own.len());
        for (j, u) in self.trial.iter_mut().enumerate() {
            *u = if rng.random::<f64>() < self.cr || j == certain {
                let pull = if self.pulled { best[j] - base[j] } else { 0.0 };
                base[j] + factor * pull + factor * (plus[j] - minus[j])
            } else {
                own[j]
            };
        }
    }
}

/// Three members that differ from each other and from `i`.
fn others(i: usize, members: usize, rng: &mut Rng) -> [usize; 3] {
    let mut chosen = [i; 3];
    for k in 0..3 {
        while chosen[k] == i || chosen[..k].contains(&chosen[k]) {
            chosen[k] = below(rng, members);
        }
    }
    chosen
}

impl Optimizer<f64> for DifferentialEvolution {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let size = match self.population {
            0 => MEMBERS_A_COORDINATE * n,
            given => given,
        };
        let bytes = 8.0 * size as f64 * (n as f64 + 2.0);
        within_means(METHOD.name, (size, LEAST_MEMBERS), (bytes, 0.0))?;
        if self.f_max < self.f_min {
            let what = format!("{} is below f_min, {}", self.f_max, self.f_min);
            return Err(Error::new("optimizer.f_max", what));
        }
        self.members.reset(n, size);
        self.trial = vec![0.0; n];
        Ok(())
    }

    fn needs_fixed_batch(&self) -> bool {
        true
    }

    fn step(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &mut [f64],
        cx: StepCx,
    ) -> Result<Step, Breakdown> {
        let mut rng = draws(&cx);
        let success = match self.members.begin(problem, x, self.sigma)? {
            Since::Start => {
                self.members.scatter(problem, &mut rng);
                f64::NAN
            }
            Since::Step { moved, changed } => {
                if changed {
                    self.members.revalue(problem);
                }
                if moved {
                    self.members.join(self.members.worst());
                }
                self.generation(problem, &mut rng)
            }
        };
        self.members.finish(x, success)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        self.members.state(visitor);
    }

    fn population(&self) -> Option<Members<'_, f64>> {
        self.members.members()
    }
}
