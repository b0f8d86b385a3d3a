//! Chains: points that wander so that each place is visited as often as a density says.

use rand::RngExt;

use super::adaptation::StepSize;
use super::within_means;
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::optim::{Breakdown, Density, Draw, MEASURES, Members, StateVisitor, Step, Verdict};
use crate::problem::Objective;
use crate::rng::{Rng, normal};

/// The part of the proposals that were accepted, over all chains, since the end of the warm-up (in it, since the start).
pub const ACCEPTANCE_RATE: &str = "acceptance_rate";
/// The lowest value that any chain has come to.
pub const BEST: &str = "best";
/// The length of a step as it is now.
pub const STEP_SIZE: &str = "step_size";

/// T at the first step.
pub const TEMPERATURE: Field = Field::number(
    "temperature",
    "T",
    "the chain samples exp(−f/T); of a fit with errors of variance σ², T = σ² gives the posterior",
    1.0,
    Range::POSITIVE,
);
/// How T falls.
pub const COOLING: Field = Field::number(
    "cooling",
    "γ",
    "how T falls from step to step: simulated annealing; 1 is not at all",
    1.0,
    Range {
        min: 0.0,
        max: 1.0,
        min_included: false,
        max_included: true,
    },
);
/// By which law.
pub const COOLING_LAW: Field = Field::choice(
    "cooling_law",
    "",
    "geometric: T·γᵏ; logarithmic: T/(1 + (1 − γ) ln(1 + k))",
    &["geometric", "logarithmic"],
);
/// How many.
pub const CHAINS: Field = Field::integer(
    "chains",
    "C",
    "chains that run side by side; the first is the run's point",
    1,
    1,
    64,
);
/// Where the others start.
pub const SCATTER: Field = Field::number(
    "scatter",
    "",
    "how far from the first chain the others start: the standard deviation in each coordinate",
    1.0,
    Range::NON_NEGATIVE,
);
/// How long the step is adapted.
pub const WARMUP: Field = Field::integer(
    "warmup",
    "W",
    "steps in which the length of a step is adapted; what is drawn in them is not kept",
    0,
    0,
    10_000_000,
);
/// What is sampled.
pub const TARGET: Field = Field::choice(
    "target",
    "",
    "temperature: exp(−f/T); unknown_noise: the posterior of a fit whose σ is not known, f^(−m/2) for m residuals",
    &["temperature", "unknown_noise"],
);

/// See [`TARGET`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    Temperature,
    UnknownNoise,
}

/// See [`COOLING_LAW`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Law {
    Geometric,
    Logarithmic,
}

/// What has happened since the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// There was none: only the first chain is known.
    Start,
    /// There was one.
    Step {
        /// The first chain was moved from outside, or the function is another, so that values known of points no longer
        /// hold.
        changed: bool,
    },
}

/// C points, what is proposed to each, and the density that is sampled.
///
/// A chain at x with the energy U(x), which is f/T, moves to a trial x′ with probability
///
/// ```text
/// min{1, exp(U(x) − U(x′)) · q(x|x′)/q(x′|x)}
/// ```
///
/// where q(x′|x) is the density with which x′ is proposed at x; else it stays, and x counts once more. Then
/// π(x)P(x → x′) = π(x′)P(x′ → x) with π = exp(−U), so π stays as it is (detailed balance).
///
/// Source: Metropolis et al. 1953, Journal of Chemical Physics 21, 1087–1092; Hastings 1970, Biometrika 57, 97–109, eq. 6.
#[derive(Debug, Clone)]
pub struct Chains {
    target: Target,
    temperature: f64,
    cooling: f64,
    law: Law,
    scatter: f64,
    warmup: f64,
    count: usize,
    dim: usize,
    /// m, where the function is half a sum of m squares.
    residuals: f64,
    /// C·n.
    x: Vec<f64>,
    /// f at each.
    f: Vec<f64>,
    /// C·n: what is proposed.
    trial: Vec<f64>,
    /// C·n: where the chains were before the step.
    from: Vec<f64>,
    /// 1 where the last trial was accepted, else 0.
    accepted: Vec<f64>,
    /// f of the first chain before the step.
    loss: f64,
    /// The probability with which the first chain was to move.
    probability: f64,
    /// The mean over chains of the probability with which they were to move.
    mean_probability: f64,
    best: Vec<f64>,
    best_f: f64,
    edition: f64,
    steps: f64,
    tried: f64,
    taken: f64,
}

impl Chains {
    /// From the checked fields above.
    pub fn from_args(args: &Args) -> Self {
        Self {
            target: match args.choice("target") {
                "unknown_noise" => Target::UnknownNoise,
                _ => Target::Temperature,
            },
            temperature: args.number("temperature"),
            cooling: args.number("cooling"),
            law: match args.choice("cooling_law") {
                "logarithmic" => Law::Logarithmic,
                _ => Law::Geometric,
            },
            scatter: args.number("scatter"),
            warmup: args.number("warmup"),
            count: args.number("chains") as usize,
            dim: 0,
            residuals: 0.0,
            x: Vec::new(),
            f: Vec::new(),
            trial: Vec::new(),
            from: Vec::new(),
            accepted: Vec::new(),
            loss: f64::NAN,
            probability: f64::NAN,
            mean_probability: f64::NAN,
            best: Vec::new(),
            best_f: f64::NAN,
            edition: 0.0,
            steps: 0.0,
            tried: 0.0,
            taken: 0.0,
        }
    }

    /// Room for the chains on `problem`; the method `name` needs `bytes` besides.
    ///
    /// # Errors
    /// `optimizer.target`: the noise of what is no sum of squares. `optimizer.cooling`: where there is no T.
    /// `optimizer.name`: it would not fit.
    pub fn reset(
        &mut self,
        problem: &mut dyn Objective<f64>,
        name: &'static str,
        bytes: f64,
    ) -> Result<(), Error> {
        let (dim, count) = (problem.dim(), self.count);
        self.residuals = problem
            .as_least_squares()
            .map_or(0.0, |squares| squares.residual_count() as f64);
        if self.target == Target::UnknownNoise && self.residuals == 0.0 {
            let what =
                "unknown_noise needs a sum of squares, and this problem is none; take temperature";
            return Err(Error::new("optimizer.target", what));
        }
        if self.target == Target::UnknownNoise && self.cooling < 1.0 {
            let what = format!(
                "{} lets T fall, but the target unknown_noise has no T; take 1",
                self.cooling
            );
            return Err(Error::new("optimizer.cooling", what));
        }
        let own = 8.0 * (count as f64) * (4.0 * dim as f64 + 2.0);
        within_means(name, (count, 1), (own + bytes, 0.0))?;
        let fresh = || vec![0.0; dim * count];
        (self.x, self.trial, self.from) = (fresh(), fresh(), fresh());
        self.f = vec![f64::INFINITY; count];
        self.accepted = vec![0.0; count];
        self.best = vec![0.0; dim];
        self.dim = dim;
        (self.loss, self.probability, self.best_f) = (f64::NAN, f64::NAN, f64::NAN);
        (self.edition, self.steps, self.tried, self.taken) = (0.0, 0.0, 0.0, 0.0);
        Ok(())
    }

    /// C.
    pub fn len(&self) -> usize {
        self.count
    }

    /// n.
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Where a chain is.
    pub fn point(&self, i: usize) -> &[f64] {
        &self.x[i * self.dim..(i + 1) * self.dim]
    }

    /// f there.
    pub fn value(&self, i: usize) -> f64 {
        self.f[i]
    }

    /// Where a chain is, and the place of its trial.
    pub fn proposal(&mut self, i: usize) -> (&[f64], &mut [f64]) {
        let at = i * self.dim..(i + 1) * self.dim;
        (&self.x[at.clone()], &mut self.trial[at])
    }

    /// What is proposed to a chain.
    pub fn trial(&self, i: usize) -> &[f64] {
        &self.trial[i * self.dim..(i + 1) * self.dim]
    }

    /// What is sampled in this step.
    pub fn density(&self) -> Density {
        let away = 1.0 - self.cooling;
        match (self.target, self.law) {
            (Target::UnknownNoise, _) => Density::UnknownNoise(self.residuals),
            _ if away == 0.0 => Density::Temperature(self.temperature),
            (_, Law::Geometric) => {
                let factor = libm::pow(self.cooling, self.steps);
                // A chain at T = 0 goes downhill only; dividing by it would not say so where f stays the same.
                Density::Temperature((self.temperature * factor).max(f64::MIN_POSITIVE))
            }
            (_, Law::Logarithmic) => {
                Density::Temperature(self.temperature / (1.0 + away * libm::log1p(self.steps)))
            }
        }
    }

    /// The variance of the errors of a fit, as far as it is known at the first chain: T, or the residuals' own.
    pub fn variance(&self) -> f64 {
        match self.density() {
            Density::Temperature(t) => t,
            Density::UnknownNoise(m) => 2.0 * self.f[0] / (m - self.dim as f64).max(1.0),
        }
    }

    /// Whether the method still adapts.
    pub fn warming(&self) -> bool {
        self.steps < self.warmup
    }

    /// Steps taken since the start, and those of the warm-up.
    pub fn progress(&self) -> (f64, f64) {
        (self.steps, self.warmup)
    }

    /// Takes in what has happened since the last step, so that f is known at every chain.
    ///
    /// # Errors
    /// f is not finite at `x`.
    pub fn begin(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
    ) -> Result<Since, Breakdown> {
        let edition = problem.edition() as f64;
        let first = self.best_f.is_nan();
        let changed = edition != self.edition;
        let moved = self.x[..self.dim] != *x;
        if first || moved || changed {
            let value = problem.value(x);
            if !value.is_finite() {
                return Err(Breakdown::NonFinite {
                    quantity: "loss",
                    value,
                });
            }
            self.x[..self.dim].copy_from_slice(x);
            self.f[0] = value;
            if first || changed || value < self.best_f {
                self.best_f = value;
                self.best.copy_from_slice(x);
            }
        }
        if changed && !first {
            let others = self.x.chunks_exact(self.dim).zip(&mut self.f).skip(1);
            for (x, f) in others {
                *f = problem.value(x);
            }
        }
        self.edition = edition;
        self.loss = self.f[0];
        self.mean_probability = 0.0;
        self.from.copy_from_slice(&self.x);
        Ok(if first {
            Since::Start
        } else {
            Since::Step {
                changed: moved || changed,
            }
        })
    }

    /// The same for a method that asks for gradients: ∇f at every chain is written to `gradients`, C·n, where it is not
    /// known. At the start the other chains are scattered.
    ///
    /// # Errors
    /// f is not finite at `x`.
    pub fn begin_with_gradients(
        &mut self,
        problem: &mut dyn Objective<f64>,
        x: &[f64],
        gradients: &mut [f64],
        rng: &mut Rng,
    ) -> Result<(), Breakdown> {
        match self.begin(problem, x)? {
            Since::Start => self.scatter(problem, rng, &mut |_| {}),
            Since::Step { changed: false } => return Ok(()),
            Since::Step { changed: true } => {}
        }
        let chains = self.x.chunks_exact(self.dim).zip(&mut self.f);
        for ((x, f), g) in chains.zip(gradients.chunks_exact_mut(self.dim)) {
            *f = problem.gradient(x, g);
        }
        Ok(())
    }

    /// Puts the other chains about the first: at normal numbers, which `shape` may turn and stretch, times `scatter`;
    /// nearer, where f is not finite there.
    pub fn scatter(
        &mut self,
        problem: &mut dyn Objective<f64>,
        rng: &mut Rng,
        shape: &mut dyn FnMut(&mut [f64]),
    ) {
        const HALVINGS: u32 = 20;
        let (first, others) = self.x.split_at_mut(self.dim);
        let places = others
            .chunks_exact_mut(self.dim)
            .zip(self.trial.chunks_exact_mut(self.dim))
            .zip(&mut self.f[1..]);
        for ((x, away), f) in places {
            for z in away.iter_mut() {
                *z = normal(rng);
            }
            shape(away);
            let mut scale = self.scatter;
            for halving in 0..=HALVINGS {
                if halving == HALVINGS {
                    scale = 0.0;
                }
                for ((x, first), z) in x.iter_mut().zip(first.iter()).zip(away.iter()) {
                    *x = first + scale * z;
                }
                *f = problem.value(x);
                if f.is_finite() {
                    break;
                }
                scale *= 0.5;
            }
        }
        self.from.copy_from_slice(&self.x);
    }

    /// Moves chain `i` to its trial, where f is `value`, or leaves it where it is. `correction` is
    /// ln q(x|x′) − ln q(x′|x), and what else is to be added to the logarithm of the probability. Returns whether it moved.
    ///
    /// # Errors
    /// f falls without end.
    pub fn decide(
        &mut self,
        i: usize,
        value: f64,
        correction: f64,
        rng: &mut Rng,
    ) -> Result<bool, Breakdown> {
        // Drawn in any case, so that what follows in the stream does not depend on the trial.
        let u = 1.0 - rng.random::<f64>();
        if value == f64::NEG_INFINITY {
            return Err(Breakdown::NonFinite {
                quantity: "loss",
                value,
            });
        }
        let density = self.density();
        let (from, to) = (density.energy(self.f[i]), density.energy(value));
        let probability = acceptance(from, to, correction);
        let moves = u <= probability;
        self.mean_probability += probability / self.count as f64;
        if i == 0 {
            self.probability = probability;
        }
        self.accepted[i] = f64::from(u8::from(moves));
        if moves {
            let at = i * self.dim..(i + 1) * self.dim;
            self.x[at.clone()].copy_from_slice(&self.trial[at]);
            self.f[i] = value;
        }
        Ok(moves)
    }

    /// In the warm-up `step` learns from this step's probabilities; with its last step it settles.
    pub fn adapt(&self, step: &mut StepSize) {
        if self.warming() {
            step.learn(self.mean_probability);
            if self.steps + 1.0 == self.warmup {
                step.settle();
            }
        }
    }

    /// Ends the step: `x` moves to the first chain. The report has `own` as its third and fourth measure.
    pub fn finish(&mut self, x: &mut [f64], grad_norm: f64, own: [f64; 2]) -> Step {
        let (trial, from) = (&self.trial[..self.dim], &self.from[..self.dim]);
        let squares = trial.iter().zip(from).map(|(t, x)| (t - x) * (t - x));
        let step_norm = squares.sum::<f64>().sqrt();
        if self.steps == self.warmup {
            (self.taken, self.tried) = (0.0, 0.0);
        }
        self.taken += self.accepted.iter().sum::<f64>();
        self.tried += self.count as f64;
        self.steps += 1.0;
        for (point, f) in self.x.chunks_exact(self.dim).zip(&self.f) {
            if *f < self.best_f {
                self.best_f = *f;
                self.best.copy_from_slice(point);
            }
        }
        x.copy_from_slice(&self.x[..self.dim]);
        let mut measures = [f64::NAN; MEASURES];
        measures[..4].copy_from_slice(&[self.taken / self.tried, self.best_f, own[0], own[1]]);
        Step {
            verdict: if self.accepted[0] > 0.0 {
                Verdict::Accepted
            } else {
                Verdict::Rejected
            },
            measures,
            ..Step::accepted(self.loss, grad_norm, step_norm)
        }
    }

    /// See [`crate::optim::Optimizer::population`].
    pub fn members(&self) -> Option<Members<'_, f64>> {
        (self.steps > 0.0).then_some(Members {
            dim: self.dim,
            points: &self.x,
            values: &self.f,
        })
    }

    /// See [`crate::optim::Optimizer::draw`].
    pub fn draw(&self) -> Option<Draw<'_>> {
        (self.steps > 0.0).then_some(Draw {
            dim: self.dim,
            points: &self.x,
            values: &self.f,
            from: &self.from,
            trials: &self.trial,
            accepted: &self.accepted,
            warming: self.steps <= self.warmup,
            cooling: self.cooling < 1.0,
            density: self.density(),
            best: (&self.best, self.best_f),
        })
    }

    /// See [`crate::optim::Optimizer::state`].
    pub fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("chains", &mut self.x);
        visitor.vector("values", &mut self.f);
        visitor.vector("trial", &mut self.trial);
        visitor.vector("from", &mut self.from);
        visitor.vector("accepted", &mut self.accepted);
        visitor.vector("best", &mut self.best);
        for (name, number) in [
            ("probability", &mut self.probability),
            ("best_f", &mut self.best_f),
            ("edition", &mut self.edition),
            ("steps", &mut self.steps),
            ("tried", &mut self.tried),
            ("taken", &mut self.taken),
        ] {
            visitor.scalar(name, number);
        }
    }
}

/// min{1, exp(U − U′)·q(x|x′)/q(x′|x)}, the probability of a move from the energy `from` to the energy `to`; 0 where that
/// is not defined.
///
/// Source: Hastings 1970, eq. 6.
fn acceptance(from: f64, to: f64, correction: f64) -> f64 {
    let logarithm = from - to + correction;
    match logarithm {
        _ if logarithm.is_nan() => 0.0,
        _ if logarithm >= 0.0 => 1.0,
        _ => libm::exp(logarithm),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: usize = 12;

    /// Energies of a grid of 4 by 3, and with which probability j is proposed at i: more often up than down, and more often
    /// right than left, over the edges too.
    fn grid() -> ([f64; STATES], [[f64; STATES]; STATES]) {
        let energies = std::array::from_fn(|i| libm::sin(2.0 * i as f64) + 0.1 * i as f64);
        let mut q = [[0.0; STATES]; STATES];
        for (i, q) in q.iter_mut().enumerate() {
            let (column, row) = (i % 4, i / 4);
            for (weight, column, row) in [
                (0.1, (column + 3) % 4, row),
                (0.4, (column + 1) % 4, row),
                (0.15, column, (row + 2) % 3),
                (0.35, column, (row + 1) % 3),
            ] {
                q[row * 4 + column] += weight;
            }
        }
        (energies, q)
    }

    /// The largest |π(i)P(i → j) − π(j)P(j → i)|, where a trial is taken with `probability(U, U′, q(i|j), q(j|i))`.
    fn imbalance(probability: impl Fn(f64, f64, f64, f64) -> f64) -> f64 {
        let (energies, q) = grid();
        let flow = |i: usize, j: usize| {
            libm::exp(-energies[i])
                * q[i][j]
                * probability(energies[i], energies[j], q[j][i], q[i][j])
        };
        let pairs = (0..STATES).flat_map(|i| (0..STATES).map(move |j| (i, j)));
        pairs
            .map(|(i, j)| (flow(i, j) - flow(j, i)).abs())
            .fold(0.0, f64::max)
    }

    /// Flows are of the order 1, so what is left is rounding.
    #[test]
    fn detailed_balance_holds_on_a_grid() {
        let corrected = |u, v, back: f64, forth: f64| acceptance(u, v, (back / forth).ln());
        assert!(imbalance(corrected) < 1e-15, "{}", imbalance(corrected));
        let uncorrected = |u, v, _, _| acceptance(u, v, 0.0);
        assert!(imbalance(uncorrected) > 0.01);
        let upside_down = |u, v, back: f64, forth: f64| acceptance(u, v, (forth / back).ln());
        assert!(imbalance(upside_down) > 0.01);
    }

    #[test]
    fn what_is_not_defined_is_not_accepted() {
        assert_eq!(acceptance(1.0, f64::INFINITY, 0.0), 0.0);
        assert_eq!(acceptance(f64::INFINITY, f64::INFINITY, 0.0), 0.0);
        assert_eq!(acceptance(f64::INFINITY, 1.0, 0.0), 1.0);
        assert_eq!(acceptance(0.0, 0.0, f64::NAN), 0.0);
    }
}
