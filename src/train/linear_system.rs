//! A linear system as a session's task.

use std::cell::OnceCell;

use super::task::{Info, LinearSystemInfo, Task};
use crate::config::LinearSystemConfig;
use crate::linalg::spectrum::{condition, symmetric_eigenvalues};
use crate::optim::Step;
use crate::problem::linear_system::SquareSystem;
use crate::problem::{Hessian, LeastSquares, LinearSystem, Objective};
use crate::real::Real;

/// The largest order whose eigenvalues are computed, to be shown.
const LARGEST_SPECTRUM: usize = 200;

/// The largest order for which each recorded residual is computed afresh.
const LARGEST_RESIDUAL: usize = 1000;

/// What is measured at each recorded point.
const MEASURES: &[&str] = &["residual", "error"];

/// A linear system with its start.
///
/// Measures `residual`, ‖b − Ax‖, and `error`, ‖x − x*‖, where x* is known. Beyond 1,000 unknowns the residual of a
/// symmetric system is what the method reports as its gradient, which is the same vector; a product with the matrix
/// only to draw a curve would slow the steps.
#[derive(Debug)]
pub struct LinearSystemTask {
    system: SquareSystem,
    config: LinearSystemConfig,
    spectrum: OnceCell<Spectrum>,
}

#[derive(Debug, Clone, Copy)]
struct Spectrum {
    positive_definite: Option<bool>,
    condition: Option<f64>,
}

impl LinearSystemTask {
    /// Generates the matrix. `seed` is that of the data.
    pub fn new(config: &LinearSystemConfig, seed: u64) -> Self {
        Self {
            system: config.build(seed),
            config: config.clone(),
            spectrum: OnceCell::new(),
        }
    }

    fn take_spectrum(&self) -> Spectrum {
        let (a, known) = (self.system.matrix(), self.config.matrix.condition());
        let symmetric = self.system.is_symmetric();
        if known.is_some() {
            return Spectrum {
                positive_definite: Some(true),
                condition: known,
            };
        }
        if a.dim() > LARGEST_SPECTRUM {
            return Spectrum {
                positive_definite: (!symmetric).then_some(false),
                condition: None,
            };
        }
        let (n, values) = (a.dim(), a.to_dense());
        let least = || symmetric_eigenvalues(n, &values)?.first().copied();
        Spectrum {
            positive_definite: if symmetric {
                least().map(|least| least > 0.0)
            } else {
                Some(false)
            },
            condition: condition(n, &values),
        }
    }
}

impl<T: Real> Objective<T> for LinearSystemTask {
    fn dim(&self) -> usize {
        Objective::<T>::dim(&self.system)
    }

    fn value(&mut self, x: &[T]) -> f64 {
        self.system.value(x)
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        self.system.gradient(x, g)
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        self.system.as_hessian()
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        self.system.as_least_squares()
    }

    fn as_linear_system(&self) -> Option<&dyn LinearSystem> {
        Some(&self.system)
    }
}

impl<T: Real> Task<T> for LinearSystemTask {
    fn start(&self) -> Vec<T> {
        let zeros = || vec![T::ZERO; self.system.rhs().len()];
        let given = self.config.start.as_ref();
        given.map_or_else(zeros, |x| x.iter().map(|v| T::of(*v)).collect())
    }

    fn info(&self) -> Info {
        let (a, matrix) = (self.system.matrix(), &self.config.matrix);
        let spectrum = self.spectrum.get_or_init(|| self.take_spectrum());
        let uncertain = spectrum.condition.filter(|c| *c >= 1.0 / f64::EPSILON);
        Info {
            kind: "linear_system",
            dim: a.dim(),
            title: matrix.title().to_owned(),
            linear_system: Some(LinearSystemInfo {
                name: matrix.name(),
                n: a.dim(),
                nonzeros: a.nonzeros(),
                sparse: matches!(a, crate::linalg::Matrix::Sparse(_)),
                symmetric: self.system.is_symmetric(),
                positive_definite: spectrum.positive_definite,
                condition: spectrum.condition,
                solution_known: self.system.solution().is_some(),
                grid: matrix.grid(),
            }),
            warnings: uncertain
                .map(|c| {
                    format!(
                        "the condition number is {c:.1e}: in double precision no digit of a solution is certain, however small its residual"
                    )
                })
                .into_iter()
                .collect(),
            ..Info::default()
        }
    }

    fn measures(&self) -> &'static [&'static str] {
        MEASURES
    }

    fn measure(&mut self, x: &[T], step: &Step, out: &mut [f64]) {
        let [residual, error] = out else { return };
        let large = x.len() > LARGEST_RESIDUAL;
        *residual = if large && self.system.is_symmetric() {
            step.grad_norm
        } else {
            self.system.residual_norm(x)
        };
        *error = self.system.solution().map_or(f64::NAN, |solution| {
            let squares = x.iter().zip(solution).map(|(x, s)| {
                let e = x.f64() - s;
                e * e
            });
            squares.sum::<f64>().sqrt()
        });
    }

    fn square_system(&self) -> Option<&SquareSystem> {
        Some(&self.system)
    }
}
