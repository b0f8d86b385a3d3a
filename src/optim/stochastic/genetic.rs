//! A genetic algorithm on real numbers.

use rand::RngExt;

use super::population::{BEST, MEAN, Population, SPREAD, Since, evaluate};
use super::{MOST_MEMBERS, SIGMA, below, draws, within_means};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::optim::{
    Breakdown, Family, Line, Members, Method, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::Objective;
use crate::rng::{Rng, normal};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "genetic",
    title: "Genetic algorithm",
    family: Family::Stochastic,
    about: "Members are parents of children by crossover and mutation, and the fitter live on. A mutation goes along the difference of two random members, so it shrinks and turns with the population; how far is inherited, and mutates too. Now and then one coordinate jumps.",
    fields: &[
        Field::integer("population", "N", "members", 40, 4, MOST_MEMBERS),
        Field::choice(
            "survival",
            "",
            "crowding: a child takes its first parent's place if it is not worse; generational: children replace all but the elite",
            &["crowding", "generational"],
        ),
        Field::integer(
            "elite",
            "",
            "members that live on, of generational survival",
            1,
            0,
            MOST_MEMBERS,
        ),
        Field::choice(
            "selection",
            "",
            "of parents; by crowding the first is each member in turn",
            &["tournament", "roulette"],
        ),
        Field::integer("tournament", "k", "members of a tournament", 2, 1, 100),
        Field::choice(
            "crossover",
            "",
            "uniform: each coordinate from either parent; BLX-α: from an interval about both; SBX: spread as by one point on bits",
            &["uniform", "blx_alpha", "sbx"],
        ),
        Field::number(
            "crossover_rate",
            "p",
            "part of the children that have two parents",
            0.5,
            Range::closed(0.0, 1.0),
        ),
        Field::number(
            "alpha",
            "α",
            "how far BLX-α reaches beyond the parents",
            0.5,
            Range::NON_NEGATIVE,
        ),
        Field::number(
            "eta",
            "η",
            "how close SBX stays to the parents",
            10.0,
            Range::NON_NEGATIVE,
        ),
        Field::number(
            "mutation",
            "s",
            "first strength of mutation, as a part of the difference of two members",
            0.6,
            Range::NON_NEGATIVE,
        ),
        Field::number(
            "jump",
            "q",
            "part of the children of which, instead, one coordinate jumps by the range",
            0.1,
            Range::closed(0.0, 1.0),
        ),
        SIGMA,
    ],
    equation: &[
        Line::new(
            r"c_j \in \{x_{a,j},\, x_{b,j}\}",
            r"c_j \in \{x_{a,j},\, x_{b,j}\}",
        )
        .when(&[("crossover", "uniform")]),
        Line::new(
            r"c_j \sim U[\min(x_{a,j}, x_{b,j}) - \alpha d_j,\ \max(x_{a,j}, x_{b,j}) + \alpha d_j], \quad d = |x_a - x_b|",
            r"c_j \sim U[\min(x_{a,j}, x_{b,j}) - \text{@alpha} d_j,\ \max(x_{a,j}, x_{b,j}) + \text{@alpha} d_j]",
        )
        .when(&[("crossover", "blx_alpha")]),
        Line::new(
            r"c = \tfrac{1}{2} \left[(1 + \beta) x_a + (1 - \beta) x_b\right], \quad \beta = (2u)^{\frac{1}{\eta + 1}} \text{ or } (2 - 2u)^{-\frac{1}{\eta + 1}}",
            r"c = \tfrac{1}{2} \left[(1 + \beta) x_a + (1 - \beta) x_b\right]",
        )
        .when(&[("crossover", "sbx")]),
        Line::new(
            r"x' = c + s' z (x_p - x_q), \quad s' = \sqrt{s_a s_b}\, e^{\tau z'}, \quad z, z' \sim N(0, 1)",
            r"x' = c + s' z (x_p - x_q)",
        ),
        Line::new(
            r"\theta^{k+1} = \arg\min f",
            r"\text{@x1} = [\arg\min f]_i",
        ),
    ],
    reference: "Goldberg 1989, Genetic Algorithms; Mahfoud 1995 (crowding); Eshelman & Schaffer 1993 (BLX-α); Deb & Agrawal 1995 (SBX); Schwefel 1981 (self-adaptation)",
    needs: Oracle::Value,
    measures: &[BEST, MEAN, SPREAD, "strength"],
};

/// Of the first range: the deviation of a jump.
const JUMP: f64 = 0.3;

/// A population of N points, of which a generation makes N children (or N − elite):
///
/// ```text
/// c  = crossover(x_a, x_b) with probability p, else x_a
/// s′ = √(s_a·s_b)·exp(τz′), τ = 0.3/√n            (s_a alone, where there is one parent)
/// x′ = c + s′z(x_p − x_q)                         or, with probability q, c + 0.3·width·z in one coordinate
/// ```
///
/// with z, z′ standard normal and `x_p`, `x_q` random members. Mutation is adapted twice. Its covariance, over all pairs, is
/// twice s′² times that of the population, so that it follows a valley; and s, the strength, is a gene of its own: it is
/// inherited, mutates log-normally, and lives on if its child does (Schwefel's self-adaptation). τ is smaller than
/// Schwefel's 1/√n.
///
/// `crowding`: the child of member a takes its place if it is not worse, so the best is never lost and niches last; the
/// second parent is selected. `generational`: both are selected, and the children replace all but the `elite` best.
/// A tournament is won by the lowest f of k members, drawn with replacement. Roulette takes members with probabilities
/// in proportion to `f_max − f`.
///
/// Source: Goldberg 1989, Genetic Algorithms in Search, Optimization and Machine Learning, chapters 1 and 4; Mahfoud
/// 1995, Niching methods for genetic algorithms, section 4.4 (there a child competes with the closer parent, here with
/// the first); Eshelman, Schaffer 1993, FOGA 2, 187–202; Deb, Agrawal 1995, Complex Systems 9, 115–148, section 3;
/// Schwefel 1981, Numerical Optimization of Computer Models, chapter 5. The mutation along a difference is that of Storn
/// and Price 1997, with a random length.
#[derive(Debug, Clone)]
pub struct Genetic {
    size: usize,
    survival: Survival,
    selection: Selection,
    crossover: Crossover,
    crossover_rate: f64,
    mutation: f64,
    jump: f64,
    sigma: f64,
    parents: Population,
    /// s of each parent.
    strength: Vec<f64>,
    children: Vec<f64>,
    child_f: Vec<f64>,
    child_strength: Vec<f64>,
    /// Sums of `f_max − f` over the members before and with each.
    wheel: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Survival {
    Crowding,
    Generational { elite: usize },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selection {
    Tournament(usize),
    Roulette,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Crossover {
    Uniform,
    BlxAlpha(f64),
    Sbx(f64),
}

impl Genetic {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            size: args.number("population") as usize,
            survival: match args.choice("survival") {
                "generational" => Survival::Generational {
                    elite: args.number("elite") as usize,
                },
                _ => Survival::Crowding,
            },
            selection: match args.choice("selection") {
                "roulette" => Selection::Roulette,
                _ => Selection::Tournament(args.number("tournament") as usize),
            },
            crossover: match args.choice("crossover") {
                "blx_alpha" => Crossover::BlxAlpha(args.number("alpha")),
                "sbx" => Crossover::Sbx(args.number("eta")),
                _ => Crossover::Uniform,
            },
            crossover_rate: args.number("crossover_rate"),
            mutation: args.number("mutation"),
            jump: args.number("jump"),
            sigma: args.number("sigma"),
            parents: Population::default(),
            strength: Vec::new(),
            children: Vec::new(),
            child_f: Vec::new(),
            child_strength: Vec::new(),
            wheel: Vec::new(),
        }
    }

    fn elite(&self) -> usize {
        match self.survival {
            Survival::Crowding => 0,
            Survival::Generational { elite } => elite,
        }
    }

    fn select(&self, rng: &mut Rng) -> usize {
        let members = self.parents.len();
        let f = &self.parents.f;
        match self.selection {
            Selection::Tournament(k) => (1..k).fold(below(rng, members), |winner, _| {
                let other = below(rng, members);
                if f[other] < f[winner] { other } else { winner }
            }),
            Selection::Roulette => match self.wheel.last() {
                Some(whole) if *whole > 0.0 && whole.is_finite() => {
                    let at = whole * rng.random::<f64>();
                    let chosen = self.wheel.partition_point(|sum| *sum <= at);
                    chosen.min(members - 1)
                }
                // All are equally fit, or too far apart for a sum.
                _ => below(rng, members),
            },
        }
    }

    fn turn_wheel(&mut self) {
        let finite = self.parents.f.iter().filter(|f| f.is_finite());
        let highest = finite.fold(f64::NEG_INFINITY, |m, f| m.max(*f));
        let mut sum = 0.0;
        for (wheel, f) in self.wheel.iter_mut().zip(&self.parents.f) {
            sum += (highest - f).max(0.0);
            *wheel = sum;
        }
    }

    /// Makes child `i` of members `a` and `b`.
    fn breed(&mut self, i: usize, (a, b): (usize, usize), rng: &mut Rng) {
        let (xa, xb) = (self.parents.member(a), self.parents.member(b));
        let n = xa.len();
        let child = &mut self.children[i * n..(i + 1) * n];
        child.copy_from_slice(xa);
        let mut s = self.strength[a];
        if rng.random::<f64>() < self.crossover_rate {
            s = (s * self.strength[b]).sqrt();
            self.crossover.apply(child, xb, rng);
        }
        s *= libm::exp(0.3 / (n as f64).sqrt() * normal(rng));
        if rng.random::<f64>() < self.jump {
            let j = below(rng, n);
            child[j] += JUMP * self.parents.width[j] * normal(rng);
        } else {
            let members = self.parents.len();
            let (p, q) = (below(rng, members), below(rng, members));
            let (xp, xq) = (self.parents.member(p), self.parents.member(q));
            let step = s * normal(rng);
            for ((c, p), q) in child.iter_mut().zip(xp).zip(xq) {
                *c += step * (p - q);
            }
        }
        self.child_strength[i] = s;
    }

    /// Child `i` takes the place of member `place`.
    fn replace(&mut self, place: usize, i: usize) {
        let n = self.children.len() / self.child_f.len();
        self.parents.x[place * n..(place + 1) * n]
            .copy_from_slice(&self.children[i * n..(i + 1) * n]);
        self.parents.f[place] = self.child_f[i];
        self.strength[place] = self.child_strength[i];
    }

    fn generation(&mut self, problem: &mut dyn Objective<f64>, rng: &mut Rng) {
        let elite = self.elite();
        let born = self.parents.len() - elite;
        if self.selection == Selection::Roulette {
            self.turn_wheel();
        }
        for i in 0..born {
            let a = match self.survival {
                Survival::Crowding => i,
                Survival::Generational { .. } => self.select(rng),
            };
            let b = self.select(rng);
            self.breed(i, (a, b), rng);
        }
        let n = problem.dim();
        for (x, f) in self
            .children
            .chunks_exact(n)
            .zip(&mut self.child_f)
            .take(born)
        {
            *f = evaluate(problem, x);
        }
        match self.survival {
            Survival::Crowding => {
                for i in 0..born {
                    if self.child_f[i] <= self.parents.f[i] {
                        self.replace(i, i);
                    }
                }
            }
            Survival::Generational { .. } => {
                // The places are found before any value changes.
                self.parents.rank();
                for i in 0..born {
                    let place = self.parents.ranked(elite + i);
                    self.replace(place, i);
                }
            }
        }
    }
}

impl Crossover {
    /// `child`, which is the first parent, with the second.
    fn apply(self, child: &mut [f64], other: &[f64], rng: &mut Rng) {
        match self {
            Self::Uniform => {
                for (c, b) in child.iter_mut().zip(other) {
                    if rng.random::<f64>() < 0.5 {
                        *c = *b;
                    }
                }
            }
            Self::BlxAlpha(alpha) => {
                for (c, b) in child.iter_mut().zip(other) {
                    let (low, high) = (c.min(*b), c.max(*b));
                    let d = high - low;
                    *c = low - alpha * d + (1.0 + 2.0 * alpha) * d * rng.random::<f64>();
                }
            }
            Self::Sbx(eta) => {
                // Of the two children the one nearer to either parent, by chance.
                let sign = if rng.random::<f64>() < 0.5 { 1.0 } else { -1.0 };
                for (c, b) in child.iter_mut().zip(other) {
                    let (crossed, u) = (rng.random::<f64>() < 0.5, rng.random::<f64>());
                    if !crossed {
                        continue;
                    }
                    let spread = if u < 0.5 {
                        2.0 * u
                    } else {
                        1.0 / (2.0 - 2.0 * u)
                    };
                    let beta = sign * libm::pow(spread, 1.0 / (eta + 1.0));
                    *c = 0.5 * ((1.0 + beta) * *c + (1.0 - beta) * b);
                }
            }
        }
    }
}

impl Optimizer<f64> for Genetic {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let (n, size) = (problem.dim(), self.size);
        let bytes = 16.0 * size as f64 * (n as f64 + 3.0);
        within_means(METHOD.name, (size, 4), (bytes, 0.0))?;
        if self.elite() >= size {
            let what = format!(
                "{} of {size} members leave no room for children",
                self.elite()
            );
            return Err(Error::new("optimizer.elite", what));
        }
        self.parents.reset(n, size);
        self.strength = vec![self.mutation; size];
        self.children = vec![0.0; size * n];
        self.child_f = vec![0.0; size];
        self.child_strength = vec![0.0; size];
        self.wheel = vec![0.0; size];
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
        match self.parents.begin(problem, x, self.sigma)? {
            Since::Start => self.parents.scatter(problem, &mut rng),
            Since::Step { moved, changed } => {
                if changed {
                    self.parents.revalue(problem);
                }
                if moved {
                    let worst = self.parents.worst();
                    self.parents.join(worst);
                    self.strength[worst] = self.mutation;
                }
                self.generation(problem, &mut rng);
            }
        }
        let strength = self.strength.iter().sum::<f64>() / self.strength.len() as f64;
        self.parents.finish(x, strength)
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        self.parents.state(visitor);
        visitor.vector("strength", &mut self.strength);
    }

    fn population(&self) -> Option<Members<'_, f64>> {
        self.parents.members()
    }
}
