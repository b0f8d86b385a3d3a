//! Hamiltonian Monte Carlo: the point rolls over the landscape, pushed at random, and keeps going.

use rand::RngExt;

use super::adaptation::StepSize;
use super::chains::{
    ACCEPTANCE_RATE, BEST, CHAINS, COOLING, COOLING_LAW, Chains, SCATTER, STEP_SIZE, TARGET,
    TEMPERATURE, WARMUP,
};
use super::draws;
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::vector::{axpy, dot};
use crate::optim::{
    Breakdown, Draw, Family, Line, Members, Method, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::Objective;
use crate::rng::{Rng, normal};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "hamiltonian",
    title: "Hamiltonian Monte Carlo",
    family: Family::Stochastic,
    about: "Draws samples from exp(−f/T): the point gets a random push and rolls over f without friction for some steps of leapfrog, so it comes far and is accepted all the same. Uses the gradient.",
    fields: &[
        Field::number(
            "step_size",
            "ε",
            "length of a leapfrog step; adapted in the warm-up",
            0.1,
            Range::POSITIVE,
        ),
        Field::integer(
            "steps",
            "L",
            "leapfrog steps to a trial, a gradient each",
            10,
            1,
            10_000,
        ),
        Field::number(
            "jitter",
            "",
            "ε is drawn anew for each trial from ε·[1 − jitter, 1 + jitter], so that no orbit closes",
            0.2,
            Range::UNIT,
        ),
        Field::number(
            "rate",
            "δ",
            "the acceptance that the warm-up adapts ε to",
            0.8,
            Range {
                min: 0.0,
                max: 1.0,
                min_included: false,
                max_included: false,
            },
        ),
        TEMPERATURE,
        COOLING,
        COOLING_LAW,
        CHAINS,
        SCATTER,
        WARMUP,
        TARGET,
    ],
    equation: &[
        Line::new(
            r"H(x, p) = U(x) + \tfrac{1}{2} p^{\top} p, \quad U = f/T, \quad p \sim N(0, I)",
            r"T = \text{@temperature}",
        )
        .when(&[("target", "temperature")]),
        Line::new(
            r"H(x, p) = U(x) + \tfrac{1}{2} p^{\top} p, \quad U = \tfrac{m}{2} \ln f, \quad p \sim N(0, I)",
            r"U = \tfrac{m}{2} \ln f",
        )
        .when(&[("target", "unknown_noise")]),
        Line::new(
            r"p \leftarrow p - \tfrac{\varepsilon}{2} \nabla U(x), \quad x \leftarrow x + \varepsilon p, \quad p \leftarrow p - \tfrac{\varepsilon}{2} \nabla U(x) \quad (L \text{ times})",
            r"\text{@x0} \to \text{@trial1} \quad (\varepsilon = \text{@length0},\ L = \text{@steps})",
        ),
        Line::new(
            r"\alpha = \min\{1,\ e^{H(x, p) - H(x', p')}\}",
            r"\alpha = \text{@probability1}",
        ),
        Line::new(
            r"x \leftarrow x' \text{ with probability } \alpha",
            r"\text{@x1} \leftarrow \text{@trial1} \text{ or } \text{@x0}",
        ),
    ],
    reference: "Duane, Kennedy, Pendleton & Roweth 1987, Physics Letters B 195, 216–222; Neal 2011, Handbook of Markov Chain Monte Carlo, chapter 5; Hoffman & Gelman 2014, Journal of Machine Learning Research 15, 1593–1623 (warm-up)",
    needs: Oracle::Gradient,
    measures: &[ACCEPTANCE_RATE, BEST, "energy_error", STEP_SIZE],
};

/// For each chain in turn: p ~ N(0, I), L steps of [`leapfrog`] with the Hamiltonian H = U(x) + ½pᵀp, then x ← x′ with
/// probability min{1, exp(H − H′)}. Leapfrog is reversible and keeps volumes, so detailed balance holds although it does
/// not keep H; its error there is of the order ε².
///
/// The mass is the identity. The length L is fixed, and only ε is drawn about its value (`jitter`); Stan's NUTS chooses L
/// anew for each trial and is another method. In the warm-up ε adapts by dual averaging to the acceptance `rate`.
///
/// Source: Neal 2011, Handbook of Markov Chain Monte Carlo, chapter 5, figure 2.
#[derive(Debug, Clone)]
pub struct Hamiltonian {
    first: f64,
    steps: u32,
    jitter: f64,
    rate: f64,
    chains: Chains,
    step: StepSize,
    /// C·n: ∇f at the chains.
    gradients: Vec<f64>,
    /// n: ∇U on the way.
    slope: Vec<f64>,
    /// n.
    momentum: Vec<f64>,
}

impl Hamiltonian {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            first: args.number("step_size"),
            steps: args.number("steps") as u32,
            jitter: args.number("jitter"),
            rate: args.number("rate"),
            chains: Chains::from_args(args),
            step: StepSize::default(),
            gradients: Vec::new(),
            slope: Vec::new(),
            momentum: Vec::new(),
        }
    }

    /// Moves chain `i`, or not. The error of the energy, H′ − H.
    fn roll(
        &mut self,
        i: usize,
        problem: &mut dyn Objective<f64>,
        rng: &mut Rng,
    ) -> Result<f64, Breakdown> {
        let Self {
            chains,
            gradients,
            slope,
            momentum,
            ..
        } = self;
        let n = chains.dim();
        let at = i * n..(i + 1) * n;
        for p in momentum.iter_mut() {
            *p = normal(rng);
        }
        let jitter = self.jitter * (2.0 * rng.random::<f64>() - 1.0);
        let epsilon = self.step.value * (1.0 + jitter);
        let (density, value) = (chains.density(), chains.value(i));
        let rate = density.slope(value);
        for (s, g) in slope.iter_mut().zip(&gradients[at.clone()]) {
            *s = rate * g;
        }
        let before = kinetic(momentum);
        let (x, trial) = chains.proposal(i);
        trial.copy_from_slice(x);
        let end = leapfrog(
            &mut |x, slope| {
                let value = problem.gradient(x, slope);
                let rate = density.slope(value);
                for s in slope {
                    *s *= rate;
                }
                value
            },
            (trial, momentum, slope),
            value,
            (epsilon, self.steps),
        );
        let after = kinetic(momentum);
        if chains.decide(i, end, before - after, rng)? {
            let rate = density.slope(end);
            for (g, s) in gradients[at].iter_mut().zip(slope.iter()) {
                *g = s / rate;
            }
        }
        Ok(density.energy(end) + after - density.energy(value) - before)
    }
}

/// ½pᵀp.
fn kinetic(p: &[f64]) -> f64 {
    0.5 * dot(p, p)
}

/// `steps` steps of length ε from (x, p), in place:
///
/// ```text
/// p ← p − ε/2 ∇U(x),   x ← x + εp,   p ← p − ε/2 ∇U(x)
/// ```
///
/// `slope_at` writes ∇U(x) and returns f there, which at the start is `value`; `slope` is ∇U at x, at the start and at the
/// end. Returns f at the end; not finite where the way left what f is defined on, and then it ends there.
///
/// With −p it leads back. The error of H after a given time is of the order ε².
///
/// Source: Neal 2011, eq. 5.18 to 5.20.
pub fn leapfrog(
    slope_at: &mut dyn FnMut(&[f64], &mut [f64]) -> f64,
    (x, p, slope): (&mut [f64], &mut [f64], &mut [f64]),
    mut value: f64,
    (epsilon, steps): (f64, u32),
) -> f64 {
    for _ in 0..steps {
        axpy(-0.5 * epsilon, slope, p);
        axpy(epsilon, p, x);
        value = slope_at(x, slope);
        if !value.is_finite() {
            break;
        }
        axpy(-0.5 * epsilon, slope, p);
    }
    value
}

impl Optimizer<f64> for Hamiltonian {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let (n, count) = (problem.dim(), self.chains.len());
        self.chains
            .reset(problem, METHOD.name, 8.0 * n as f64 * (count as f64 + 2.0))?;
        self.gradients = vec![0.0; n * count];
        self.slope = vec![0.0; n];
        self.momentum = vec![0.0; n];
        self.step = StepSize::new(self.first, self.rate);
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
        self.chains
            .begin_with_gradients(problem, x, &mut self.gradients, &mut rng)?;
        let n = self.chains.dim();
        let grad_norm = dot(&self.gradients[..n], &self.gradients[..n]).sqrt();
        let mut error = f64::NAN;
        for i in 0..self.chains.len() {
            let of_chain = self.roll(i, problem, &mut rng)?;
            if i == 0 {
                error = of_chain;
            }
        }
        let used = self.step.value;
        self.chains.adapt(&mut self.step);
        Ok(self.chains.finish(x, grad_norm, [error, used]))
    }

    fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        self.chains.state(visitor);
        self.step.state(visitor);
        visitor.vector("gradients", &mut self.gradients);
    }

    fn population(&self) -> Option<Members<'_, f64>> {
        self.chains.members()
    }

    fn draw(&self) -> Option<Draw<'_>> {
        self.chains.draw()
    }
}
