//! The loss of a network over a plane of its parameters: which plane, and where in it a path runs.
//!
//! Source: Li, Xu, Taylor, Studer & Goldstein 2018, Visualizing the Loss Landscape of Neural Nets, in: Advances in Neural
//! Information Processing Systems 31.

use std::ops::Range;

use crate::linalg::eigen::Eigen;
use crate::linalg::vector::{axpy, dot};
use crate::rng::{Rng, Stream, normal, stream};

/// Most points that the principal directions are found from: the work is cubic in them.
const MOST_POINTS: usize = 120;
/// The second direction is one of chance where the points deviate from a line by less than this part.
const STRAIGHT: f64 = 1e-8;

/// The plane θ = o + a·u + b·v, with u and v of length 1 and at a right angle.
#[derive(Debug, Clone, PartialEq)]
pub struct Plane {
    /// o.
    pub origin: Vec<f64>,
    /// u.
    pub u: Vec<f64>,
    /// v.
    pub v: Vec<f64>,
    /// How far the plane is worth looking at, whatever runs through it: the lengths of u and v before they were 1.
    pub reach: f64,
}

/// A path as a plane sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shadow {
    /// (a, b) of each point, one after the other.
    pub points: Vec<f64>,
    /// Its distance from the plane.
    pub off: Vec<f64>,
    /// Σ off² / Σ ‖θ − o‖²: how much of the path the plane does not show.
    pub hidden: f64,
}

impl Plane {
    /// Through `origin` along the two directions that `points` deviate from it most: the leading right singular vectors of
    /// the matrix of θᵢ − o. Where the points have no two directions, the missing ones are of chance, as in
    /// [`Plane::random`].
    pub fn principal(origin: &[f64], points: &[f64], filters: &[Range<usize>], seed: u64) -> Self {
        let n = origin.len();
        let count = points.len() / n.max(1);
        let every = count.div_ceil(MOST_POINTS).max(1);
        // From the last backwards: there the path is.
        let apart: Vec<Vec<f64>> = (points.chunks_exact(n).rev().step_by(every))
            .map(|x| x.iter().zip(origin).map(|(x, o)| x - o).collect())
            .collect();
        let m = apart.len();
        let mut gram = vec![0.0; m * m];
        for i in 0..m {
            for j in 0..=i {
                let product = dot(&apart[i], &apart[j]);
                (gram[i * m + j], gram[j * m + i]) = (product, product);
            }
        }
        let mut eigen = Eigen::default();
        let mut values = vec![0.0; m];
        eigen.reserve(m);
        eigen.decompose(&gram, &mut values);
        let mut order: Vec<usize> = (0..m).collect();
        order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
        let largest = order.first().map_or(0.0, |k| values[*k]);
        let mut rng = stream(seed, Stream::Trial, 0);
        let mut direction = |place: usize| {
            let known = order
                .get(place)
                .filter(|k| values[**k] > STRAIGHT * STRAIGHT * largest);
            known.map_or_else(
                || filter_normalised(origin, filters, &mut rng),
                |k| {
                    let mut sum = vec![0.0; n];
                    for (x, weight) in apart.iter().zip(&eigen.vectors()[k * m..]) {
                        axpy(*weight, x, &mut sum);
                    }
                    sum
                },
            )
        };
        let (u, v) = (direction(0), direction(1));
        Self::spanned(origin, u, v, 0.0)
    }

    /// Through `origin` along two directions of chance, each as long in every filter as the parameters are there.
    pub fn random(origin: &[f64], filters: &[Range<usize>], seed: u64) -> Self {
        let mut rng = stream(seed, Stream::Trial, 0);
        let u = filter_normalised(origin, filters, &mut rng);
        let v = filter_normalised(origin, filters, &mut rng);
        let reach = dot(&u, &u).sqrt().max(dot(&v, &v).sqrt());
        Self::spanned(origin, u, v, reach)
    }

    fn spanned(origin: &[f64], mut u: Vec<f64>, mut v: Vec<f64>, reach: f64) -> Self {
        to_unit(&mut u, 0);
        // Twice, for the rounding of the first time.
        for _ in 0..2 {
            axpy(-dot(&u, &v), &u.clone(), &mut v);
        }
        to_unit(&mut v, 1);
        Self {
            origin: origin.to_vec(),
            u,
            v,
            reach,
        }
    }

    /// The parameters at (a, b), in `x`.
    pub fn at(&self, [a, b]: [f64; 2], x: &mut [f64]) {
        x.copy_from_slice(&self.origin);
        axpy(a, &self.u, x);
        axpy(b, &self.v, x);
    }

    /// Where in the plane each of `points` is nearest, and how near.
    pub fn shadow(&self, points: &[f64]) -> Shadow {
        let n = self.origin.len();
        let mut shadow = Shadow {
            points: Vec::new(),
            off: Vec::new(),
            hidden: 0.0,
        };
        let (mut all, mut hidden) = (0.0, 0.0);
        for x in points.chunks_exact(n.max(1)) {
            let mut rest: Vec<f64> = x.iter().zip(&self.origin).map(|(x, o)| x - o).collect();
            all += dot(&rest, &rest);
            let (a, b) = (dot(&rest, &self.u), dot(&rest, &self.v));
            axpy(-a, &self.u, &mut rest);
            axpy(-b, &self.v, &mut rest);
            let off = dot(&rest, &rest);
            hidden += off;
            shadow.points.extend([a, b]);
            shadow.off.push(off.sqrt());
        }
        shadow.hidden = if all > 0.0 { hidden / all } else { 0.0 };
        shadow
    }
}

/// A direction of chance d with ‖d‖ = ‖θ‖ in every filter, the weights into one unit, and 0 in the biases: then a step along
/// it means the same for networks whose weights are of different sizes.
pub fn filter_normalised(theta: &[f64], filters: &[Range<usize>], rng: &mut Rng) -> Vec<f64> {
    let mut direction = vec![0.0; theta.len()];
    for filter in filters {
        let d = &mut direction[filter.clone()];
        for d in d.iter_mut() {
            *d = normal(rng);
        }
        let theta = &theta[filter.clone()];
        let scale = (dot(theta, theta) / dot(d, d)).sqrt();
        for d in d.iter_mut() {
            *d *= scale;
        }
    }
    direction
}

/// Makes `v` of length 1, or the coordinate `instead` where it has none.
fn to_unit(v: &mut [f64], instead: usize) {
    let length = dot(v, v).sqrt();
    if length > 0.0 && length.is_finite() {
        for v in v.iter_mut() {
            *v /= length;
        }
    } else {
        v.fill(0.0);
        if let Some(v) = v.get_mut(instead) {
            *v = 1.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    fn cloud(n: usize, count: usize) -> (Vec<f64>, Vec<f64>) {
        let mut rng = stream(3, Stream::Data, 0);
        let origin: Vec<f64> = (0..n).map(|_| normal(&mut rng)).collect();
        let mut points = Vec::new();
        for _ in 0..count {
            points.extend((0..n).map(|j| origin[j] + normal(&mut rng) / (1.0 + j as f64)));
        }
        (origin, points)
    }

    /// nalgebra's singular values: the plane holds as much of the points as the leading two.
    #[test]
    fn principal_directions_are_the_leading_singular_vectors() {
        let (n, count) = (9, 30);
        let (origin, points) = cloud(n, count);
        let plane = Plane::principal(&origin, &points, &[], 1);
        let apart = nalgebra::DMatrix::from_fn(count, n, |i, j| points[i * n + j] - origin[j]);
        let svd = apart.svd(false, true);
        let squares: Vec<f64> = svd.singular_values.iter().map(|s| s * s).collect();
        let hidden = 1.0 - (squares[0] + squares[1]) / squares.iter().sum::<f64>();
        // Both sum 270 squares.
        assert!((plane.shadow(&points).hidden - hidden).abs() < 1e-13);
        let rows = svd.v_t.unwrap();
        for (k, own) in [&plane.u, &plane.v].into_iter().enumerate() {
            let theirs: Vec<f64> = rows.row(k).iter().copied().collect();
            assert!((dot(own, &theirs).abs() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn directions_of_chance_are_as_long_as_the_parameters_filter_by_filter() {
        let theta: Vec<f64> = (0..12).map(|i| f64::from(i) - 4.0).collect();
        let filters = [0..3, 3..6, 7..11];
        let d = filter_normalised(&theta, &filters, &mut stream(1, Stream::Trial, 0));
        for filter in filters {
            let (d, theta) = (&d[filter.clone()], &theta[filter]);
            assert!((dot(d, d) / dot(theta, theta) - 1.0).abs() < 1e-14);
        }
        assert_eq!((d[6], d[11]), (0.0, 0.0));
    }

    #[test]
    fn every_plane_has_two_directions_at_a_right_angle() {
        let theta = [1.0, -2.0, 0.5];
        let line: Vec<f64> = (0..5)
            .flat_map(|k| theta.map(|t| t * f64::from(k)))
            .collect();
        let filters: &[Range<usize>] = &[0..1, 1..3];
        for plane in [
            Plane::random(&theta, filters, 4),
            Plane::principal(&theta, &[], filters, 4),
            Plane::principal(&theta, &theta, filters, 4),
            Plane::principal(&theta, &line, filters, 4),
            Plane::random(&[0.0; 3], filters, 4),
            Plane::principal(&theta, &[f64::NAN; 6], filters, 4),
        ] {
            let Plane { u, v, .. } = &plane;
            assert!((dot(u, u) - 1.0).abs() < 1e-14, "{plane:?}");
            assert!((dot(v, v) - 1.0).abs() < 1e-14, "{plane:?}");
            assert!(dot(u, v).abs() < 1e-14, "{plane:?}");
        }
        let plane = Plane::principal(&theta, &line, filters, 4);
        assert!(plane.shadow(&line).hidden < 1e-15);
    }

    #[test]
    fn a_shadow_is_the_nearest_point() {
        let (origin, points) = cloud(6, 4);
        let plane = Plane::random(&origin, &[0..3, 3..6], 2);
        let shadow = plane.shadow(&points);
        let mut x = vec![0.0; 6];
        for ((point, at), off) in (points.chunks_exact(6))
            .zip(shadow.points.chunks_exact(2))
            .zip(&shadow.off)
        {
            plane.at([at[0], at[1]], &mut x);
            let rest: Vec<f64> = point.iter().zip(&x).map(|(p, x)| p - x).collect();
            assert!(dot(&rest, &plane.u).abs() < 1e-14 && dot(&rest, &plane.v).abs() < 1e-14);
            assert!((dot(&rest, &rest).sqrt() - off).abs() < 1e-14);
        }
    }
}
