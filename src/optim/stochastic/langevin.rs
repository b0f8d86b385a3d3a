//! The Langevin proposal: a step downhill, and noise; Metropolis-Hastings with a proposal that knows the gradient.

use super::adaptation::StepSize;
use super::chains::{
    ACCEPTANCE_RATE, BEST, CHAINS, COOLING, COOLING_LAW, Chains, SCATTER, STEP_SIZE, TARGET,
    TEMPERATURE, WARMUP,
};
use super::draws;
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::vector::dot;
use crate::optim::{
    Breakdown, Draw, Family, Line, Members, Method, Optimizer, Oracle, StateVisitor, Step, StepCx,
};
use crate::problem::Objective;
use crate::rng::{Rng, normal};

/// What the catalogue says of it.
pub const METHOD: Method = Method {
    name: "langevin",
    title: "Langevin (MALA)",
    family: Family::Stochastic,
    about: "Draws samples from exp(−f/T): a step of gradient descent with noise, which is taken or not. The way back is not as likely as the way there, so the correction of Hastings stands in the rule (Metropolis-adjusted Langevin algorithm).",
    fields: &[
        Field::number(
            "step_size",
            "ε",
            "standard deviation of the noise; the step downhill is ½ε²∇U; adapted in the warm-up",
            0.2,
            Range::POSITIVE,
        ),
        Field::number(
            "rate",
            "",
            "the acceptance that the warm-up adapts ε to",
            0.574,
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
            r"x' = x - \tfrac{\varepsilon^2}{2} \nabla U(x) + \varepsilon z, \quad z \sim N(0, I), \quad U = f/T",
            r"\text{@trial1} = \text{@x0} - \tfrac{1}{2} \cdot \text{@length0}^2 \, \nabla U + \text{@length0} z",
        )
        .when(&[("target", "temperature")]),
        Line::new(
            r"x' = x - \tfrac{\varepsilon^2}{2} \nabla U(x) + \varepsilon z, \quad z \sim N(0, I), \quad U = \tfrac{m}{2} \ln f",
            r"\text{@trial1} = \text{@x0} - \tfrac{1}{2} \cdot \text{@length0}^2 \, \nabla U + \text{@length0} z",
        )
        .when(&[("target", "unknown_noise")]),
        Line::new(
            r"q(x' \mid x) \propto e^{-\lVert x' - x + \frac{\varepsilon^2}{2} \nabla U(x) \rVert^2 / 2 \varepsilon^2}, \quad \alpha = \min\left\{1,\ e^{U(x) - U(x')} \frac{q(x \mid x')}{q(x' \mid x)}\right\}",
            r"\alpha = \text{@probability1}",
        ),
        Line::new(
            r"x \leftarrow x' \text{ with probability } \alpha",
            r"\text{@x1} \leftarrow \text{@trial1} \text{ or } \text{@x0}",
        ),
    ],
    reference: "Roberts & Tweedie 1996, Bernoulli 2, 341–363; Roberts & Rosenthal 1998, Journal of the Royal Statistical Society B 60, 255–268 (the rate 0.574)",
    needs: Oracle::Gradient,
    measures: &[ACCEPTANCE_RATE, BEST, "temperature", STEP_SIZE],
};

/// For each chain in turn, with z standard normal:
///
/// ```text
/// x′ = x − ½ε²∇U(x) + εz,   ln q(x|x′) − ln q(x′|x) = ½‖z‖² − ½‖z′‖²,   z′ = (x − x′)/ε + ½ε∇U(x′)
/// ```
///
/// and x ← x′ with the probability of [`Chains`]. It is Hamiltonian Monte Carlo with one step of leapfrog. In the warm-up
/// ε adapts by dual averaging to the acceptance `rate`.
///
/// Source: Roberts, Tweedie 1996, Bernoulli 2, 341–363, section 1.4.2 (their h is ε²).
#[derive(Debug, Clone)]
pub struct Langevin {
    first: f64,
    rate: f64,
    chains: Chains,
    step: StepSize,
    /// C·n: ∇f at the chains.
    gradients: Vec<f64>,
    /// n: ∇f at the trial.
    ahead: Vec<f64>,
}

impl Langevin {
    /// From the checked fields of [`METHOD`].
    pub fn from_args(args: &Args) -> Self {
        Self {
            first: args.number("step_size"),
            rate: args.number("rate"),
            chains: Chains::from_args(args),
            step: StepSize::default(),
            gradients: Vec::new(),
            ahead: Vec::new(),
        }
    }

    /// Moves chain `i`, or not.
    fn walk(
        &mut self,
        i: usize,
        problem: &mut dyn Objective<f64>,
        rng: &mut Rng,
    ) -> Result<(), Breakdown> {
        let n = self.chains.dim();
        let at = i * n..(i + 1) * n;
        let epsilon = self.step.value;
        let density = self.chains.density();
        let rate = density.slope(self.chains.value(i));
        let mut forth = 0.0;
        let (x, trial) = self.chains.proposal(i);
        for ((t, x), g) in trial.iter_mut().zip(x).zip(&self.gradients[at.clone()]) {
            let z = normal(rng);
            forth += z * z;
            *t = x - 0.5 * epsilon * epsilon * rate * g + epsilon * z;
        }
        let value = problem.gradient(trial, &mut self.ahead);
        let rate = density.slope(value);
        let mut back = 0.0;
        for ((t, x), g) in trial.iter().zip(x).zip(&self.ahead) {
            let z = (x - t) / epsilon + 0.5 * epsilon * rate * g;
            back += z * z;
        }
        if self.chains.decide(i, value, 0.5 * (forth - back), rng)? {
            self.gradients[at].copy_from_slice(&self.ahead);
        }
        Ok(())
    }
}

impl Optimizer<f64> for Langevin {
    fn reset(&mut self, problem: &mut dyn Objective<f64>) -> Result<(), Error> {
        let (n, count) = (problem.dim(), self.chains.len());
        self.chains
            .reset(problem, METHOD.name, 8.0 * n as f64 * (count as f64 + 1.0))?;
        self.gradients = vec![0.0; n * count];
        self.ahead = vec![0.0; n];
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
        let temperature = self.chains.density().temperature();
        for i in 0..self.chains.len() {
            self.walk(i, problem, &mut rng)?;
        }
        let used = self.step.value;
        self.chains.adapt(&mut self.step);
        Ok(self.chains.finish(x, grad_norm, [temperature, used]))
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
