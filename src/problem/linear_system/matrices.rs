//! Matrices by name.

use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::linalg::vector::{axpy, dot};
use crate::linalg::{Csr, Dense, Matrix};
use crate::rng::{Rng, Stream, normal, stream};
use crate::value::Value;

/// A matrix by name: what the catalogue says, and how it is made.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The name that a config uses, such as `poisson_2d`.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// One or two sentences: what it is, and how the solvers fare on it.
    pub about: &'static str,
    /// Its entries in LaTeX.
    pub latex: &'static str,
    /// Size and parameters.
    pub fields: &'static [Field],
    /// Where it comes from.
    pub reference: &'static str,
    /// Whether there are n² unknowns, one a point of an n by n grid.
    pub on_grid: bool,
    /// Its maker: fields and the seed of the data.
    pub build: fn(&Args, u64) -> Matrix,
    /// κ₂, where it is known without computing it.
    pub condition: fn(&Args) -> Option<f64>,
}

const CONDITION: Field = Field::number(
    "condition",
    "κ",
    "condition number: largest over smallest eigenvalue",
    100.0,
    Range {
        min: 1.0,
        max: 1e15,
        min_included: true,
        max_included: true,
    },
);

const fn order(default: u32, largest: u32) -> Field {
    Field::integer("n", "n", "number of unknowns", default, 1, largest)
}

const fn side(default: u32, largest: u32) -> Field {
    Field::integer(
        "n",
        "n",
        "grid points a side, so n² unknowns",
        default,
        1,
        largest,
    )
}

/// Every matrix on offer.
pub const MATRICES: &[Entry] = &[
    Entry {
        name: "poisson_2d",
        title: "Poisson, 2-D",
        about: "−Δu on a square with u = 0 on its edge, by five-point differences: sparse, symmetric positive definite, condition (2n/π)² for large n, so every iteration slows as the grid is refined, and a preconditioner pays.",
        latex: r"4u_{ij} - u_{i-1,j} - u_{i+1,j} - u_{i,j-1} - u_{i,j+1}",
        fields: &[side(20, 500)],
        reference: "Golub & Van Loan, § 4.8.4; Saad, § 2.2",
        on_grid: true,
        build: |args, _| poisson(size(args)),
        condition: |args| {
            let half = half_angle(size(args));
            Some(1.0 / square(libm::tan(half)))
        },
    },
    Entry {
        name: "tridiagonal",
        title: "Tridiagonal",
        about: "The second difference in one dimension: sparse, symmetric positive definite. Gauss-Seidel needs half of Jacobi's iterations; conjugate gradients end within n steps.",
        latex: r"2u_i - u_{i-1} - u_{i+1}",
        fields: &[order(50, 100_000)],
        reference: "Golub & Van Loan, § 4.8.3",
        on_grid: false,
        build: |args, _| tridiagonal(size(args)),
        condition: |args| {
            let half = half_angle(size(args));
            Some(1.0 / square(libm::tan(half)))
        },
    },
    Entry {
        name: "random_spd",
        title: "Random, positive definite",
        about: "QΛQᵀ with a random rotation Q and eigenvalues from 1/κ to 1 in equal ratios: symmetric positive definite, of exactly the condition number that is asked for.",
        latex: r"Q \Lambda Q^{\top},\quad \lambda_i = \kappa^{-(i-1)/(n-1)}",
        fields: &[order(50, 500), CONDITION],
        reference: "Stewart 1980, SIAM J. Numer. Anal. 17: random rotations by reflections",
        on_grid: false,
        build: |args, seed| random_spd(size(args), args.number("condition"), seed),
        condition: |args| {
            Some(if size(args) == 1 {
                1.0
            } else {
                args.number("condition")
            })
        },
    },
    Entry {
        name: "hilbert",
        title: "Hilbert",
        about: "Symmetric positive definite, and so ill-conditioned (κ ~ 34ⁿ/√n) that from n = 13 on no digit of a solution is certain in double precision, though its residual is small.",
        latex: r"a_{ij} = \frac{1}{i + j - 1}",
        fields: &[order(8, 1000)],
        reference: "Hilbert 1894; Golub & Van Loan, § 2.6",
        on_grid: false,
        build: |args, _| hilbert(size(args)),
        condition: |_| None,
    },
    Entry {
        name: "random",
        title: "Random",
        about: "Standard normal entries: not symmetric, not diagonally dominant. The factorisations solve it, the classical iterations diverge.",
        latex: r"a_{ij} \sim N(0, 1)",
        fields: &[order(20, 1000)],
        reference: "Edelman 1988, SIAM J. Matrix Anal. Appl. 9: κ ~ n",
        on_grid: false,
        build: |args, seed| random(size(args), seed),
        condition: |_| None,
    },
    Entry {
        name: "convection_diffusion",
        title: "Convection and diffusion, 2-D",
        about: "Poisson's operator with a wind along x, by central differences: sparse and not symmetric, so conjugate gradients do not apply. γ is the Péclet number of a cell; up to 1 the matrix is an M-matrix and the classical iterations converge.",
        latex: r"4u_{ij} - (1+\gamma)u_{i-1,j} - (1-\gamma)u_{i+1,j} - u_{i,j-1} - u_{i,j+1}",
        fields: &[
            side(20, 200),
            Field::number(
                "peclet",
                "γ",
                "half of wind times grid spacing",
                0.5,
                Range::closed(0.0, 100.0),
            ),
        ],
        reference: "Saad, § 2.2.3; Elman, Silvester & Wathen, Finite Elements and Fast Iterative Solvers, ch. 6",
        on_grid: true,
        build: |args, _| convection_diffusion(size(args), args.number("peclet")),
        condition: |_| None,
    },
];

impl Entry {
    /// By its name.
    pub fn find(name: &Value) -> Result<&'static Self, Error> {
        let found = MATRICES.iter().find(|e| Some(e.name) == name.as_text());
        found.ok_or_else(|| {
            let names = MATRICES.iter().map(|e| e.name).collect::<Vec<_>>();
            Error::new("name", format!("{name} is not one of {}", names.join(", ")))
        })
    }

    /// Number of unknowns.
    pub fn unknowns(&self, args: &Args) -> usize {
        let n = size(args);
        if self.on_grid { n * n } else { n }
    }

    /// Points a side of the grid, where there is one.
    pub fn grid(&self, args: &Args) -> Option<usize> {
        self.on_grid.then(|| size(args))
    }
}

fn size(args: &Args) -> usize {
    args.number("n") as usize
}

/// π/(2(n + 1)): the eigenvalues of the second difference are 4 sin²(k·that), k = 1, …, n, so their largest over their
/// smallest is 1/tan² of it; in two dimensions they are sums of two, with the same ratio.
fn half_angle(n: usize) -> f64 {
    std::f64::consts::FRAC_PI_2 / (n as f64 + 1.0)
}

fn square(x: f64) -> f64 {
    x * x
}

fn poisson(n: usize) -> Matrix {
    five_points(n, [-1.0, -1.0, 4.0, -1.0, -1.0])
}

fn convection_diffusion(n: usize, gamma: f64) -> Matrix {
    five_points(n, [-1.0, -1.0 - gamma, 4.0, -1.0 + gamma, -1.0])
}

/// The grid numbered row by row; weights of south, west, own, east and north.
fn five_points(n: usize, [south, west, own, east, north]: [f64; 5]) -> Matrix {
    let rows = (0..n * n).map(|k| {
        let (i, j) = (k % n, k / n);
        [
            (j > 0).then(|| (k - n, south)),
            (i > 0).then(|| (k - 1, west)),
            Some((k, own)),
            (i + 1 < n).then_some((k + 1, east)),
            (j + 1 < n).then_some((k + n, north)),
        ]
        .into_iter()
        .flatten()
        .filter(|(_, weight)| *weight != 0.0)
    });
    Matrix::Sparse(Csr::from_rows(rows))
}

fn tridiagonal(n: usize) -> Matrix {
    let rows = (0..n).map(|i| {
        [
            (i > 0).then(|| (i - 1, -1.0)),
            Some((i, 2.0)),
            (i + 1 < n).then_some((i + 1, -1.0)),
        ]
        .into_iter()
        .flatten()
    });
    Matrix::Sparse(Csr::from_rows(rows))
}

fn hilbert(n: usize) -> Matrix {
    dense(n, |i, j| 1.0 / (i + j + 1) as f64)
}

fn random(n: usize, seed: u64) -> Matrix {
    let mut rng = stream(seed, Stream::Data, 0);
    dense(n, |_, _| normal(&mut rng))
}

fn dense(n: usize, mut entry: impl FnMut(usize, usize) -> f64) -> Matrix {
    let mut values = Vec::with_capacity(n * n);
    for i in 0..n {
        for j in 0..n {
            values.push(entry(i, j));
        }
    }
    Matrix::Dense(Dense { dim: n, values })
}

/// `QΛQᵀ`, with Q the product of n − 1 reflections of random normal vectors of 2, 3, …, n entries.
fn random_spd(n: usize, condition: f64, seed: u64) -> Matrix {
    let mut rng = stream(seed, Stream::Data, 0);
    let mut a = vec![0.0; n * n];
    let last = (n.max(2) - 1) as f64;
    for i in 0..n {
        a[i * n + i] = libm::pow(condition, -(i as f64) / last);
    }
    let (mut v, mut w) = (vec![0.0; n], vec![0.0; n]);
    for size in 2..=n {
        let first = n - size;
        random_direction(&mut rng, &mut v[first..]);
        reflect(&mut a, &v, &mut w, first);
    }
    // Rounding differs between a pair of entries that mirror each other.
    for i in 0..n {
        for j in 0..i {
            a[j * n + i] = a[i * n + j];
        }
    }
    Matrix::Dense(Dense { dim: n, values: a })
}

fn random_direction(rng: &mut Rng, v: &mut [f64]) {
    for v in v.iter_mut() {
        *v = normal(rng);
    }
    let norm = dot(v, v).sqrt();
    // A vector of zeros has no direction; it does not occur but in theory.
    let scale = if norm > 0.0 { 1.0 / norm } else { 0.0 };
    for v in v {
        *v *= scale;
    }
}

/// A ← HAH with H = I − 2vvᵀ, where v has norm 1 and is zero before `first`: A − vwᵀ − wvᵀ with p = Av and
/// w = 2p − 2(vᵀp)v.
fn reflect(a: &mut [f64], v: &[f64], w: &mut [f64], first: usize) {
    let n = v.len();
    for (w, row) in w.iter_mut().zip(a.chunks_exact(n)) {
        *w = 2.0 * dot(&row[first..], &v[first..]);
    }
    let shift = dot(&w[first..], &v[first..]);
    axpy(-shift, &v[first..], &mut w[first..]);
    for (i, row) in a.chunks_exact_mut(n).enumerate() {
        if i >= first {
            axpy(-v[i], w, row);
        }
        axpy(-w[i], &v[first..], &mut row[first..]);
    }
}
