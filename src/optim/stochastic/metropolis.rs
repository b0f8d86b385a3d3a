//! Metropolis and Metropolis-Hastings: a random walk that samples, and falls to a minimum as T does.

use super::adaptation::StepSize;
use super::chains::{
    ACCEPTANCE_RATE, BEST, CHAINS, COOLING, COOLING_LAW, Chains, SCATTER, STEP_SIZE, Since, TARGET,
    TEMPERATURE, WARMUP,
};
use super::draws;
use super::shape::Shape;
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::optim::{
    Breakdown, Draw, Family, Line, Members, Method, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::Objective;
use crate::rng::{Rng, normal};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "metropolis",
    title: "Metropolis",
    family: Family::Stochastic,
    about: "Draws samples from exp(−f/T): a random step is taken with a probability that falls with f; else the point counts once more. While T falls (cooling below 1) this is simulated annealing. A lopsided proposal needs the correction of Hastings, and has it.",
    fields: &[
        Field::number(
            "sd",
            "σ",
            "length of a step: its standard deviation in a coordinate; of log_normal, of the logarithm; of learnt, in units of the learnt shape",
            0.5,
            Range::POSITIVE,
        ),
        TEMPERATURE,
        COOLING,
        COOLING_LAW,
        Field::choice(
            "proposal",
            "",
            "normal: the same in all directions; learnt: shaped in the warm-up as what is sampled; drifted: with a wind along all axes; log_normal: a factor, for coordinates that keep their sign",
            &["normal", "learnt", "drifted", "log_normal"],
        ),
        Field::number(
            "drift",
            "δ",
            "of drifted: the mean of a step in each coordinate, in units of σ",
            0.5,
            Range::closed(-2.0, 2.0),
        ),
        CHAINS,
        SCATTER,
        WARMUP,
        TARGET,
    ],
    equation: &[
        Line::new(
            r"x' = x + \sigma z, \quad z \sim N(0, I)",
            r"\text{@trial1} = \text{@x0} + \text{@length0} z",
        )
        .when(&[("proposal", "normal")]),
        Line::new(
            r"x' = x + \sigma D L z, \quad z \sim N(0, I), \quad D L L^{\top} D = \Sigma",
            r"\text{@trial1} = \text{@x0} + \text{@length0} [D L z]_i",
        )
        .when(&[("proposal", "learnt")]),
        Line::new(
            r"x' = x + \sigma (z + \delta), \quad z \sim N(0, I), \quad \frac{q(x \mid x')}{q(x' \mid x)} = e^{-2 \delta \sum_i (z_i + \delta)}",
            r"\text{@trial1} = \text{@x0} + \text{@length0} (z + \text{@drift})",
        )
        .when(&[("proposal", "drifted")]),
        Line::new(
            r"x'_i = x_i e^{\sigma z_i}, \quad z \sim N(0, I), \quad \frac{q(x \mid x')}{q(x' \mid x)} = \prod_i \frac{x'_i}{x_i}",
            r"\text{@trial1} = \text{@x0} \cdot e^{\text{@length0} z}",
        )
        .when(&[("proposal", "log_normal")]),
        Line::new(
            r"\alpha = \min\left\{1,\ e^{(f(x) - f(x'))/T}\, \frac{q(x \mid x')}{q(x' \mid x)}\right\}",
            r"\alpha = \text{@probability1}",
        )
        .when(&[("target", "temperature")]),
        Line::new(
            r"\alpha = \min\left\{1,\ \left(\frac{f(x)}{f(x')}\right)^{m/2} \frac{q(x \mid x')}{q(x' \mid x)}\right\}",
            r"\alpha = \text{@probability1}",
        )
        .when(&[("target", "unknown_noise")]),
        Line::new(
            r"x \leftarrow x' \text{ with probability } \alpha",
            r"\text{@x1} \leftarrow \text{@trial1} \text{ or } \text{@x0}",
        ),
    ],
    reference: "Metropolis, Rosenbluth, Rosenbluth, Teller & Teller 1953, Journal of Chemical Physics 21, 1087–1092; Hastings 1970, Biometrika 57, 97–109; Kirkpatrick, Gelatt & Vecchi 1983, Science 220, 671–680 (annealing)",
    needs: Oracle::Value,
    measures: &[ACCEPTANCE_RATE, BEST, "temperature", STEP_SIZE],
};

/// Part of the trials that is to be accepted in one dimension, and in more: Roberts, Gelman & Gilks 1997.
const RATES: [f64; 2] = [0.44, 0.234];

/// The best length of a step along the covariance of a normal density, over √n: from the same paper.
const BEST_SCALE: f64 = 2.38;

/// Most parameters whose covariance is learnt.
const MOST_LEARNT: usize = 500;

/// For each chain in turn, with z standard normal:
///
/// ```text
/// x′ = x + σz             normal:     q(x|x′) = q(x′|x), Metropolis et al.
/// x′ = x + σDLz           learnt:     the same, Σ = DLLᵀD
/// x′ = x + σ(z + δ)       drifted:    q(x|x′)/q(x′|x) = exp(−2δ Σᵢ(zᵢ + δ))
/// x′ᵢ = xᵢ exp(σzᵢ)       log_normal: q(x|x′)/q(x′|x) = Πᵢ x′ᵢ/xᵢ
/// ```
///
/// and x ← x′ with the probability of [`Chains`]. In the warm-up σ adapts by dual averaging to an acceptance of 0.234 (0.44
/// in one dimension), and Σ of `learnt` is set anew after each quarter of it.
///
/// A random walk by `log_normal` never changes a sign, so it samples the orthant that it starts in, and stays where a
/// coordinate is 0.
///
/// Source: Metropolis et al. 1953; Hastings 1970, Biometrika 57, 97–109; Roberts, Gelman, Gilks 1997, Annals of Applied
/// Probability 7, 110–120.
#[derive(Debug, Clone)]
pub struct Metropolis {
    sd: f64,
    drift: f64,
    proposal: Proposal,
    chains: Chains,
    step: StepSize,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proposal {
    Normal,
    Learnt,
    Drifted,
    LogNormal,
}

impl Metropolis {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            sd: args.number("sd"),
            drift: args.number("drift"),
            proposal: match args.choice("proposal") {
                "learnt" => Proposal::Learnt,
                "drifted" => Proposal::Drifted,
                "log_normal" => Proposal::LogNormal,
                _ => Proposal::Normal,
            },
            chains: Chains::from_args(args),
            step: StepSize::default(),
            shape: Shape::default(),
        }
    }

    /// Makes the trial of a chain; ln q(x|x′) − ln q(x′|x).
    fn propose(&mut self, i: usize, rng: &mut Rng) -> f64 {
        let sd = self.step.value;
        let (x, trial) = self.chains.proposal(i);
        for t in trial.iter_mut() {
            *t = normal(rng);
        }
        match self.proposal {
            Proposal::Normal => {
                for (t, x) in trial.iter_mut().zip(x) {
                    *t = x + sd * *t;
                }
                0.0
            }
            Proposal::Learnt => {
                self.shape.apply(trial);
                for (t, x) in trial.iter_mut().zip(x) {
                    *t = x + sd * *t;
                }
                0.0
            }
            Proposal::Drifted => {
                let mut along = 0.0;
                for (t, x) in trial.iter_mut().zip(x) {
                    let step = *t + self.drift;
                    along += step;
                    *t = x + sd * step;
                }
                -2.0 * self.drift * along
            }
            Proposal::LogNormal => {
                let mut growth = 0.0;
                for (t, x) in trial.iter_mut().zip(x) {
                    growth += sd * *t;
                    *t = x * libm::exp(sd * *t);
                }
                growth
            }
        }
    }

    /// Begins: the step's first length and shape, and where the other chains are.
    fn start(&mut self, problem: &mut dyn Objective<f64>, rng: &mut Rng) {
        let Self {
            chains,
            shape,
            proposal,
            ..
        } = self;
        let learnt = *proposal == Proposal::Learnt;
        if learnt {
            let variance = chains.variance();
            shape.linearise(problem, chains.point(0), variance);
        }
        chains.scatter(problem, rng, &mut |z| {
            if learnt {
                shape.apply(z);
            }
        });
    }

    /// What a step of the warm-up teaches.
    fn adapt(&mut self) {
        if self.chains.warming() && self.proposal == Proposal::Learnt {
            for i in 0..self.chains.len() {
                self.shape.learn(self.chains.point(i));
            }
            let (steps, warmup) = self.chains.progress();
            let (done, quarter) = (steps + 1.0, (0.25 * warmup).ceil());
            let ends = (1..=3).any(|k| done == f64::from(k) * quarter);
            if ends && done < warmup && self.shape.settle() {
                let scale = BEST_SCALE / (self.chains.dim() as f64).sqrt();
                self.step = StepSize::new(scale, self.rate());
                return;
            }
        }
        self.chains.adapt(&mut self.step);
    }

    fn rate(&self) -> f64 {
        RATES[usize::from(self.chains.dim() > 1)]
    }
}

impl Optimizer<f64> for Metropolis {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let n = problem.dim();
        let learnt = self.proposal == Proposal::Learnt;
        if learnt && n > MOST_LEARNT {
            let what = format!(
                "learnt keeps a matrix of {n} × {n}, at most {MOST_LEARNT} × {MOST_LEARNT}; take normal"
            );
            return Err(Error::new("optimizer.proposal", what));
        }
        self.chains.reset(problem, METHOD.name, 0.0)?;
        if learnt {
            self.shape.reset(problem);
        }
        self.step = StepSize::new(self.sd, self.rate());
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
        if self.chains.begin(problem, x)? == Since::Start {
            self.start(problem, &mut rng);
        }
        let temperature = self.chains.density().temperature();
        for i in 0..self.chains.len() {
            let correction = self.propose(i, &mut rng);
            let value = problem.value(self.chains.trial(i));
            self.chains.decide(i, value, correction, &mut rng)?;
        }
        let used = self.step.value;
        self.adapt();
        Ok(self.chains.finish(x, f64::NAN, [temperature, used]))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        self.chains.state(visitor);
        self.step.state(visitor);
        if self.proposal == Proposal::Learnt {
            self.shape.state(visitor);
        }
    }

    fn population(&self) -> Option<Members<'_, f64>> {
        self.chains.members()
    }

    fn draw(&self) -> Option<Draw<'_>> {
        self.chains.draw()
    }
}
