//! A surface as a session's task.

use super::codec::{Codec, Corrupt};
use super::task::{Info, SurfaceInfo, Task};
use crate::problem::surface::{Levels, Surface};
use crate::problem::{Hessian, LeastSquares, Objective};
use crate::real::Real;
use crate::rng::{Stream, normal, stream};

/// A surface, its gradient with noise where the config asks for it: a picture of what a minibatch does.
#[derive(Debug)]
pub struct SurfaceTask {
    surface: Surface,
    seed: u64,
    iteration: u64,
}

impl SurfaceTask {
    /// `seed` is for the noise.
    pub fn new(surface: Surface, seed: u64) -> Self {
        Self {
            surface,
            seed,
            iteration: 0,
        }
    }
}

impl<T: Real> Objective<T> for SurfaceTask {
    fn dim(&self) -> usize {
        self.surface.dim()
    }

    fn value(&mut self, x: &[T]) -> f64 {
        self.surface.value(x)
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        let value = self.surface.gradient(x, g);
        let sigma = self.surface.noise();
        if sigma > 0.0 {
            let mut rng = stream(self.seed, Stream::Noise, self.iteration);
            for g in g {
                *g += T::of(sigma * normal(&mut rng));
            }
        }
        value
    }

    fn edition(&self) -> u64 {
        if self.surface.noise() > 0.0 {
            self.iteration
        } else {
            0
        }
    }

    fn search_range(&self) -> &[[f64; 2]] {
        self.surface.ranges()
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        self.surface.as_hessian()
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        self.surface.as_least_squares()
    }
}

impl<T: Real> Task<T> for SurfaceTask {
    fn start(&self) -> Vec<T> {
        self.surface.start().iter().map(|v| T::of(*v)).collect()
    }

    fn next_batch(&mut self, iteration: u64) {
        self.iteration = iteration;
    }

    fn full_gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        self.surface.gradient(x, g)
    }

    fn info(&self) -> Info {
        let surface = self.surface.info();
        Info {
            kind: "surface",
            dim: self.surface.dim(),
            title: surface.title.clone(),
            surface: Some(SurfaceInfo {
                name: surface.name.unwrap_or("formula").to_owned(),
                latex: surface.latex.clone(),
                minima: surface.minima.iter().map(|m| m.point.clone()).collect(),
                view: surface.view,
                log_levels: surface.levels == Levels::Logarithmic,
                start: self.surface.start().to_vec(),
            }),
            ranges: self.surface.ranges().to_vec(),
            ..Info::default()
        }
    }

    fn code(&mut self, codec: &mut dyn Codec) -> Result<(), Corrupt> {
        codec.whole(&mut self.iteration)
    }
}
