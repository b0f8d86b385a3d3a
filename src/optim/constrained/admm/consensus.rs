//! ADMM on a lasso or a ridge, its rows shared out to N agents.

use super::Settings;
use crate::linalg::Definite;
use crate::linalg::vector::axpy;
use crate::optim::constrained::{Kkt, distance, finite, largest};
use crate::optim::{Breakdown, Multipliers, StateVisitor, Step};
use crate::problem::lasso::{Composite, Term};

/// ```text
/// (AᵢᵀAᵢ + ρI)xᵢ = Aᵢᵀbᵢ + ρ(z − uᵢ)          each agent alone, with its own rows
/// z⁺ = prox_{term/(Nρ)}(mean of x̂ᵢ + uᵢ),     x̂ᵢ = αxᵢ + (1−α)z
/// uᵢ ← uᵢ + x̂ᵢ − z⁺
/// ```
///
/// N = 1 is the usual ADMM for the lasso. The session's point is z, which has the zeros; ρΣuᵢ is the multiplier of the
/// agreement, −Aᵀ(Az − b) at a solution.
///
/// Source: Boyd et al. 2011, §§ 6.4, 7.1.1 and 8.2; relaxation § 3.4.3.
#[derive(Debug, Clone)]
pub(super) struct Consensus {
    settings: Settings,
    /// N·n each.
    x: Vec<f64>,
    u: Vec<f64>,
    rho: f64,
    steps: f64,
    /// z as the last step left it; NaN before the first.
    point: Vec<f64>,
    z: Vec<f64>,
    /// N·n·n: `AᵢᵀAᵢ`.
    grams: Vec<f64>,
    /// N·n: `Aᵢᵀbᵢ`.
    pulls: Vec<f64>,
    factors: Vec<Definite>,
    /// The ρ that the factors were made with; NaN before the first.
    factored: f64,
    residual: Vec<f64>,
    slope: Vec<f64>,
    trial: Vec<f64>,
    matrix: Vec<f64>,
    lambda: Vec<f64>,
    /// ‖ρ(z⁺ − z)‖∞ of the last step.
    drift: f64,
}

impl Consensus {
    pub(super) fn new(settings: Settings, composite: &Composite) -> Self {
        let (n, rows, blocks) = (composite.dim, composite.b.len(), settings.blocks);
        let zeros = |len: usize| vec![0.0; len];
        let (mut grams, mut pulls) = (zeros(blocks * n * n), zeros(blocks * n));
        for (i, (row, b)) in composite.a.chunks_exact(n).zip(&composite.b).enumerate() {
            let block = i * blocks / rows;
            axpy(*b, row, &mut pulls[block * n..(block + 1) * n]);
            let gram = &mut grams[block * n * n..(block + 1) * n * n];
            for (gram, r) in gram.chunks_exact_mut(n).zip(row) {
                axpy(*r, row, gram);
            }
        }
        let mut factor = Definite::default();
        factor.reserve(n);
        Self {
            settings,
            x: zeros(blocks * n),
            u: zeros(blocks * n),
            rho: settings.rho,
            steps: 0.0,
            point: vec![f64::NAN; n],
            z: zeros(n),
            grams,
            pulls,
            factors: vec![factor; blocks],
            factored: f64::NAN,
            residual: zeros(rows),
            slope: zeros(n),
            trial: zeros(n),
            matrix: zeros(n * n),
            lambda: zeros(usize::from(matches!(composite.term, Term::Ball { .. }))),
            drift: 0.0,
        }
    }

    fn factor(&mut self) -> Result<(), Breakdown> {
        let n = self.z.len();
        for (factor, gram) in self.factors.iter_mut().zip(self.grams.chunks_exact(n * n)) {
            self.matrix.copy_from_slice(gram);
            for own in self.matrix.iter_mut().step_by(n + 1) {
                *own += self.rho;
            }
            finite("matrix", factor.factor(&self.matrix, 0.0))?;
        }
        self.factored = self.rho;
        Ok(())
    }

    /// The largest disagreement, the natural residual ‖z − prox(z − ∇s(z))‖∞, and the duality gap.
    fn conditions(&mut self, composite: &Composite, loss: f64) -> (Kkt, Kkt) {
        let n = self.z.len();
        composite.residual(&self.z, &mut self.residual);
        composite.transposed(&self.residual, &mut self.slope);
        for ((t, z), s) in self.trial.iter_mut().zip(&self.z).zip(&self.slope) {
            *t = z - s;
        }
        composite.term.proximal_map(1.0, &mut self.trial);
        let away = self.trial.iter().zip(&self.z).map(|(t, z)| (t - z).abs());
        let agents = self.x.chunks_exact(n).flat_map(|x| x.iter().zip(&self.z));
        let apart = agents.map(|(x, z)| (x - z).abs());
        let kkt = Kkt {
            primal: if self.steps == 0.0 {
                0.0
            } else {
                apart.fold(0.0, f64::max)
            },
            dual: away.fold(0.0, f64::max),
            gap: composite.gap(&self.z, &self.residual, &self.slope),
        };
        let scale = Kkt {
            primal: largest(&self.z),
            dual: largest(&self.slope),
            gap: loss,
        };
        (kkt, scale)
    }

    pub(super) fn step(
        &mut self,
        composite: &Composite,
        loss: f64,
        x: &mut [f64],
    ) -> Result<Step, Breakdown> {
        let n = x.len();
        if self.point != x {
            self.z.copy_from_slice(x);
            self.u.fill(0.0);
            self.steps = 0.0;
        }
        let (kkt, scale) = self.conditions(composite, loss);
        finite("residual", kkt.residual())?;
        if let (Term::Ball { .. }, Some(lambda)) = (composite.term, self.lambda.first_mut()) {
            let square: f64 = self.z.iter().map(|z| z * z).sum();
            let along: f64 = self.z.iter().zip(&self.slope).map(|(z, s)| z * s).sum();
            *lambda = (-along / square.max(f64::MIN_POSITIVE)).max(0.0);
        }
        if kkt.within(self.settings.tolerance, scale) {
            return Ok(kkt.solved(loss, self.rho));
        }
        let report = kkt.report(loss, self.rho);
        let relative = |residual: f64, size: f64| residual / size.max(f64::MIN_POSITIVE);
        let multiplier = self.rho * largest(&self.u);
        let (primal, dual) = (
            relative(kkt.primal, largest(&self.z)),
            relative(self.drift, multiplier),
        );
        if let Some(rho) = self.settings.adapted(self.steps, self.rho, primal, dual) {
            // ρu is the multiplier, which stays.
            for u in &mut self.u {
                *u *= self.rho / rho;
            }
            self.rho = rho;
        }
        if self.factored != self.rho {
            self.factor()?;
        }
        self.advance(composite);
        self.steps += 1.0;
        let step_norm = distance(&self.z, x);
        x.copy_from_slice(&self.z);
        self.point.copy_from_slice(x);
        Ok(Step {
            step_norm,
            solves: self.x.len() as u32 / n as u32,
            ..report
        })
    }

    fn advance(&mut self, composite: &Composite) {
        let n = self.z.len();
        let (rho, alpha) = (self.rho, self.settings.relaxation);
        let blocks = self.factors.len() as f64;
        self.trial.fill(0.0);
        let agents = self.x.chunks_exact_mut(n).zip(self.u.chunks_exact(n));
        let data = self.pulls.chunks_exact(n).zip(&self.factors);
        for ((x, u), (pull, factor)) in agents.zip(data) {
            for (((x, u), z), pull) in x.iter_mut().zip(u).zip(&self.z).zip(pull) {
                *x = pull + rho * (z - u);
            }
            factor.solve(x);
            for (((t, x), u), z) in self.trial.iter_mut().zip(x).zip(u).zip(&self.z) {
                *t += (alpha * *x + (1.0 - alpha) * z + u) / blocks;
            }
        }
        composite
            .term
            .proximal_map(1.0 / (blocks * rho), &mut self.trial);
        for (x, u) in self.x.chunks_exact(n).zip(self.u.chunks_exact_mut(n)) {
            for (((u, x), z), next) in u.iter_mut().zip(x).zip(&self.z).zip(&self.trial) {
                *u += alpha * x + (1.0 - alpha) * z - next;
            }
        }
        let moved = self.trial.iter().zip(&self.z).map(|(a, b)| (a - b).abs());
        self.drift = rho * moved.fold(0.0, f64::max);
        self.z.copy_from_slice(&self.trial);
    }

    pub(super) fn state(&mut self, visitor: &mut dyn StateVisitor<f64>) {
        visitor.vector("inner", &mut self.x);
        visitor.vector("u", &mut self.u);
        visitor.vector("z", &mut self.z);
        visitor.vector("point", &mut self.point);
        visitor.vector("lambda", &mut self.lambda);
        visitor.scalar("rho", &mut self.rho);
        visitor.scalar("drift", &mut self.drift);
        visitor.scalar("steps", &mut self.steps);
    }

    pub(super) fn multipliers(&self) -> Multipliers {
        Multipliers {
            nu: Vec::new(),
            lambda: self.lambda.clone(),
        }
    }
}
