//! The table of test functions.

use std::f64::consts::{FRAC_PI_3, PI};

use super::more_garbow_hillstrom::MORE_GARBOW_HILLSTROM;
use super::{LARGEST_FORMULA, Minimum};
use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::value::Value;

/// One test function.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The name that a config uses.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// One sentence: what it shows.
    pub about: &'static str,
    /// Its definition, as text for [`crate::problem::formula::Formula`], in n variables: x and y, or x1, …, xn. None
    /// where it is the sum of the squares of what `residuals` gives.
    pub formula: Option<fn(usize, &Args) -> String>,
    /// f₁, …, fₘ, where f = Σ fᵢ², as texts.
    pub residuals: Option<fn(usize) -> Vec<String>>,
    /// The definition in TeX, where that of the formula would be long.
    pub latex: Option<&'static str>,
    /// In how many variables it is defined.
    pub size: Size,
    /// Its fields, besides `dim`, `start` and `noise`.
    pub fields: &'static [Field],
    /// The global minima.
    pub minima: Minima,
    /// A start from which the methods differ.
    pub start: Start,
    /// [xmin, xmax, ymin, ymax] of a good picture, where it does not follow from the start and the minima.
    pub view: Option<[f64; 4]>,
    /// Where it comes from.
    pub reference: &'static str,
}

/// In how many variables a test function is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// The fewest.
    pub least: usize,
    /// What it has by default.
    pub default: usize,
    /// The most.
    pub most: usize,
    /// Their number is a multiple of this.
    pub multiple: usize,
}

impl Size {
    /// Two variables, x and y.
    pub const PLANE: Self = Self::exactly(2);
    /// Any number of variables, by default two.
    pub const ANY: Self = Self::upto(2, LARGEST_FORMULA);

    /// That number.
    pub const fn exactly(n: usize) -> Self {
        Self {
            least: n,
            default: n,
            most: n,
            multiple: 1,
        }
    }

    /// Two or more variables.
    pub const fn upto(default: usize, most: usize) -> Self {
        Self {
            least: 2,
            default,
            most,
            multiple: 1,
        }
    }

    /// `n`, if the function is defined in so many variables.
    pub(super) fn check(self, name: &str, n: usize) -> Result<usize, Error> {
        let Self {
            least,
            most,
            multiple,
            ..
        } = self;
        if (least..=most).contains(&n) && n.is_multiple_of(multiple) {
            return Ok(n);
        }
        let allowed = match (least == most, multiple) {
            (true, _) => format!("{least} variables"),
            (false, 1) => format!("from {least} to {most} variables"),
            (false, _) => format!("a multiple of {multiple} up to {most} variables"),
        };
        Err(Error::new("dim", format!("{name} has {allowed}, not {n}")))
    }
}

/// Where runs on a test function start.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// These coordinates, again and again.
    Cycle(&'static [f64]),
    /// Coordinate j of n, from 1.
    Each(fn(usize, usize) -> f64),
}

impl Start {
    /// In n variables.
    pub fn in_dimension(self, n: usize) -> Vec<f64> {
        match self {
            Self::Cycle(coordinates) => coordinates.iter().copied().cycle().take(n).collect(),
            Self::Each(coordinate) => (1..=n).map(|j| coordinate(j, n)).collect(),
        }
    }
}

/// The known global minima of a test function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Minima {
    /// None: it falls without end.
    None,
    /// In as many variables as the points have: where they are, and the value in all of them.
    Points(&'static [&'static [f64]], f64),
    /// In n variables: all coordinates are equal, and the value is so much for each.
    Diagonal {
        /// Each coordinate.
        coordinate: f64,
        /// f/n there.
        value: f64,
    },
}

impl Minima {
    /// The minima in n variables.
    pub fn in_dimension(self, n: usize) -> Vec<Minimum> {
        match self {
            Self::None => Vec::new(),
            Self::Points(points, value) => points
                .iter()
                .filter(|point| point.len() == n)
                .map(|point| Minimum {
                    point: point.to_vec(),
                    value,
                })
                .collect(),
            Self::Diagonal { coordinate, value } => vec![Minimum {
                point: vec![coordinate; n],
                value: value * n as f64,
            }],
        }
    }
}

impl Entry {
    /// The definition in n variables, as text.
    pub fn text(&self, n: usize, args: &Args) -> String {
        match self.formula {
            Some(formula) => formula(n, args),
            None => self
                .residual_texts(n)
                .iter()
                .map(|f| format!("({f})^2"))
                .collect::<Vec<_>>()
                .join(" + "),
        }
    }

    /// f₁, …, fₘ as texts; none where the function is no sum of squares.
    pub fn residual_texts(&self, n: usize) -> Vec<String> {
        self.residuals
            .map_or_else(Vec::new, |residuals| residuals(n))
    }

    /// The entry that a config names.
    pub(super) fn find(name: &Value) -> Result<&'static Self, Error> {
        let found = SURFACES
            .iter()
            .find(|entry| Some(entry.name) == name.as_text());
        found.ok_or_else(|| Error::new("name", format!("{name} is not one of {}", Self::names())))
    }

    /// All names, for error messages.
    pub(super) fn names() -> String {
        let names: Vec<&str> = SURFACES.iter().map(|entry| entry.name).collect();
        names.join(", ")
    }
}

const BINGHAM: &str =
    "Surjanovic & Bingham, Virtual Library of Simulation Experiments, www.sfu.ca/~ssurjano";

const PLANE_AND_MORE: &[Entry] = &[
    Entry {
        name: "rosenbrock",
        title: "Rosenbrock's valley",
        about: "A curved valley: easy to fall into, slow to follow to the minimum.",
        formula: Some(|n, _| {
            sum(n - 1, |i| {
                let (x, next) = (variable(i, n), variable(i + 1, n));
                format!("100*({next} - {x}^2)^2 + (1 - {x})^2")
            })
        }),
        residuals: Some(|n| {
            let pair = |i| {
                let (x, next) = (variable(i, n), variable(i + 1, n));
                [format!("10*({next} - {x}^2)"), format!("1 - {x}")]
            };
            (1..n).flat_map(pair).collect()
        }),
        latex: Some(
            r"\sum_{i=1}^{n-1} \left[ 100 \left(x_{i+1} - x_i^2\right)^2 + \left(1 - x_i\right)^2 \right]",
        ),
        size: Size::ANY,
        fields: &[],
        minima: Minima::Diagonal {
            coordinate: 1.0,
            value: 0.0,
        },
        start: Start::Cycle(&[-1.2, 1.0]),
        view: Some([-2.0, 2.0, -1.0, 3.0]),
        reference: "Rosenbrock, An automatic method for finding the greatest or least value of a function, \
                    The Computer Journal 3 (1960) 175–184",
    },
    Entry {
        name: "quadratic",
        title: "Quadratic bowl",
        about: "A tilted ellipse; the condition number says how much steeper one axis is than the other.",
        formula: Some(|_, args| {
            let (condition, degrees) = (args.number("condition"), args.number("rotation"));
            let (c, s) = (
                format!("cos({degrees}*pi/180)"),
                format!("sin({degrees}*pi/180)"),
            );
            format!("0.5*(x*{c} + y*{s})^2 + 0.5*{condition}*(y*{c} - x*{s})^2")
        }),
        residuals: None,
        latex: Some(
            r"\tfrac{1}{2} \left(x \cos\theta + y \sin\theta\right)^2 + \tfrac{\kappa}{2} \left(y \cos\theta - x \sin\theta\right)^2",
        ),
        size: Size::PLANE,
        fields: &[
            Field::number(
                "condition",
                "κ",
                "condition number",
                20.0,
                Range {
                    min: 1.0,
                    max: 1e12,
                    min_included: true,
                    max_included: true,
                },
            ),
            Field::number(
                "rotation",
                "θ",
                "rotation of the axes in degrees",
                30.0,
                Range::closed(-360.0, 360.0),
            ),
        ],
        minima: Minima::Points(&[&[0.0, 0.0]], 0.0),
        start: Start::Cycle(&[-4.0, 3.0]),
        view: Some([-5.0, 5.0, -5.0, 5.0]),
        reference: "Nocedal & Wright, Numerical Optimization, 2nd ed. (2006), section 3.3",
    },
    Entry {
        name: "sphere",
        title: "Sphere",
        about: "The easiest of all: every direction is the same.",
        formula: Some(|n, _| sum(n, |i| format!("{}^2", variable(i, n)))),
        residuals: Some(|n| (1..=n).map(|i| variable(i, n)).collect()),
        latex: Some(r"\sum_{i=1}^{n} x_i^2"),
        size: Size::ANY,
        fields: &[],
        minima: Minima::Diagonal {
            coordinate: 0.0,
            value: 0.0,
        },
        start: Start::Cycle(&[-4.0, 3.0]),
        view: Some([-5.0, 5.0, -5.0, 5.0]),
        reference: BINGHAM,
    },
    Entry {
        name: "saddle",
        title: "Saddle",
        about: "No minimum: a method that stalls at the saddle point shows how it gets away from one.",
        formula: Some(|_, _| "x^2 - y^2".to_owned()),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::None,
        start: Start::Cycle(&[1.5, 0.001]),
        view: Some([-2.0, 2.0, -2.0, 2.0]),
        reference: "Dauphin et al., Identifying and attacking the saddle point problem in high-dimensional \
                    non-convex optimization, NeurIPS 2014",
    },
    Entry {
        name: "beale",
        title: "Beale",
        about: "A flat middle between steep corners: gradients of very different size.",
        formula: Some(|_, _| {
            "(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2".to_owned()
        }),
        residuals: Some(|_| texts(&["1.5 - x + x*y", "2.25 - x + x*y^2", "2.625 - x + x*y^3"])),
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(&[&[3.0, 0.5]], 0.0),
        start: Start::Cycle(&[1.0, 1.0]),
        view: Some([-4.5, 4.5, -4.5, 4.5]),
        reference: "Moré, Garbow & Hillstrom, Testing unconstrained optimization software, \
                    ACM TOMS 7 (1981) 17–41, problem 5",
    },
    Entry {
        name: "himmelblau",
        title: "Himmelblau",
        about: "Four equal minima: the method and its step decide which one is reached.",
        formula: Some(|_, _| "(x^2 + y - 11)^2 + (x + y^2 - 7)^2".to_owned()),
        residuals: Some(|_| texts(&["x^2 + y - 11", "x + y^2 - 7"])),
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(
            &[
                &[3.0, 2.0],
                &[-2.805_118_086_952_745, 3.131_312_518_250_573],
                &[-3.779_310_253_377_747, -3.283_185_991_286_169_6],
                &[3.584_428_340_330_491_7, -1.848_126_526_964_403_6],
            ],
            0.0,
        ),
        start: Start::Cycle(&[0.0, 0.0]),
        view: Some([-5.0, 5.0, -5.0, 5.0]),
        reference: "Himmelblau, Applied Nonlinear Programming, McGraw-Hill (1972)",
    },
    Entry {
        name: "booth",
        title: "Booth",
        about: "A mild quadratic bowl away from the origin.",
        formula: Some(|_, _| "(x + 2*y - 7)^2 + (2*x + y - 5)^2".to_owned()),
        residuals: Some(|_| texts(&["x + 2*y - 7", "2*x + y - 5"])),
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(&[&[1.0, 3.0]], 0.0),
        start: Start::Cycle(&[-8.0, 6.0]),
        view: Some([-10.0, 10.0, -10.0, 10.0]),
        reference: BINGHAM,
    },
    Entry {
        name: "matyas",
        title: "Matyas",
        about: "A plate with one nearly flat direction, the diagonal.",
        formula: Some(|_, _| "0.26*(x^2 + y^2) - 0.48*x*y".to_owned()),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(&[&[0.0, 0.0]], 0.0),
        start: Start::Cycle(&[9.0, 2.0]),
        view: Some([-10.0, 10.0, -10.0, 10.0]),
        reference: BINGHAM,
    },
    Entry {
        name: "three_hump_camel",
        title: "Three-hump camel",
        about: "One global minimum between two that trap a method without momentum.",
        formula: Some(|_, _| "2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2".to_owned()),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(&[&[0.0, 0.0]], 0.0),
        start: Start::Cycle(&[-1.9, 2.0]),
        view: Some([-2.5, 2.5, -2.5, 2.5]),
        reference: BINGHAM,
    },
    Entry {
        name: "six_hump_camel",
        title: "Six-hump camel",
        about: "Six minima, two of them global.",
        formula: Some(|_, _| "(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2".to_owned()),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(
            &[
                &[0.089_842_013_100_318_06, -0.712_656_403_020_739_6],
                &[-0.089_842_013_100_318_06, 0.712_656_403_020_739_6],
            ],
            -1.031_628_453_489_877_4,
        ),
        start: Start::Cycle(&[-1.0, 1.1]),
        view: Some([-2.0, 2.0, -1.2, 1.2]),
        reference: "Dixon & Szegő, Towards Global Optimisation 2, North-Holland (1978)",
    },
    Entry {
        name: "mccormick",
        title: "McCormick",
        about: "A sine across a valley; the marked minimum is the lowest of −1.5 ≤ x ≤ 4, −3 ≤ y ≤ 4, and it falls on outside.",
        formula: Some(|_, _| "sin(x + y) + (x - y)^2 - 1.5*x + 2.5*y + 1".to_owned()),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        // cos(x + y) = −1/2 and x − y = 1; the value is −√3/2 − π/3.
        minima: Minima::Points(
            &[&[0.5 - FRAC_PI_3, -0.5 - FRAC_PI_3]],
            -1.913_222_954_981_036_4,
        ),
        start: Start::Cycle(&[3.0, -2.0]),
        view: Some([-1.5, 4.0, -3.0, 4.0]),
        reference: "McCormick, Computability of global solutions to factorable nonconvex programs, \
                    Mathematical Programming 10 (1976) 147–175",
    },
    Entry {
        name: "styblinski_tang",
        title: "Styblinski–Tang",
        about: "Two hollows a coordinate, one deeper than the other.",
        formula: Some(|n, _| {
            let terms = sum(n, |i| {
                let x = variable(i, n);
                format!("{x}^4 - 16*{x}^2 + 5*{x}")
            });
            format!("0.5*({terms})")
        }),
        residuals: None,
        latex: Some(r"\tfrac{1}{2} \sum_{i=1}^{n} \left(x_i^4 - 16 x_i^2 + 5 x_i\right)"),
        size: Size::ANY,
        fields: &[],
        minima: Minima::Diagonal {
            coordinate: -2.903_534_027_771_177,
            value: -39.166_165_703_771_41,
        },
        start: Start::Cycle(&[-0.5, 0.1]),
        view: Some([-5.0, 5.0, -5.0, 5.0]),
        reference: "Styblinski & Tang, Experiments in nonconvex optimization, Neural Networks 3 (1990) 467–483",
    },
    Entry {
        name: "rastrigin",
        title: "Rastrigin",
        about: "A bowl full of regular dents: every method that only looks around itself is trapped.",
        formula: Some(|n, _| {
            let terms = sum(n, |i| {
                let x = variable(i, n);
                format!("{x}^2 - 10*cos(2*pi*{x})")
            });
            format!("{} + {terms}", 10 * n)
        }),
        residuals: None,
        latex: Some(r"10 n + \sum_{i=1}^{n} \left(x_i^2 - 10 \cos\left(2 \pi x_i\right)\right)"),
        size: Size::ANY,
        fields: &[],
        minima: Minima::Diagonal {
            coordinate: 0.0,
            value: 0.0,
        },
        start: Start::Cycle(&[2.3, -1.7]),
        view: Some([-5.12, 5.12, -5.12, 5.12]),
        reference: BINGHAM,
    },
    Entry {
        name: "ackley",
        title: "Ackley",
        about: "A nearly flat plain of ripples around a narrow funnel; at its tip there is no gradient, and 0 is taken.",
        formula: Some(|n, _| {
            let squares = sum(n, |i| format!("{}^2", variable(i, n)));
            let waves = sum(n, |i| format!("cos(2*pi*{})", variable(i, n)));
            format!("-20*exp(-0.2*sqrt(({squares})/{n})) - exp(({waves})/{n}) + 20 + e")
        }),
        residuals: None,
        latex: Some(
            r"-20 \exp\left(-\tfrac{1}{5} \sqrt{\tfrac{1}{n} \sum_{i=1}^{n} x_i^2}\right) - \exp\left(\tfrac{1}{n} \sum_{i=1}^{n} \cos\left(2 \pi x_i\right)\right) + 20 + e",
        ),
        size: Size::ANY,
        fields: &[],
        minima: Minima::Diagonal {
            coordinate: 0.0,
            value: 0.0,
        },
        start: Start::Cycle(&[2.5, -1.6]),
        view: Some([-5.0, 5.0, -5.0, 5.0]),
        reference: "Ackley, A Connectionist Machine for Genetic Hillclimbing, Kluwer (1987)",
    },
    Entry {
        name: "goldstein_price",
        title: "Goldstein–Price",
        about: "Values over six orders of magnitude: only small steps survive the slopes.",
        formula: Some(|_, _| {
            "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))\
             *(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))"
                .to_owned()
        }),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(&[&[0.0, -1.0]], 3.0),
        start: Start::Cycle(&[0.5, -0.5]),
        view: Some([-2.0, 2.0, -2.5, 1.5]),
        reference: "Goldstein & Price, On descent from local minima, Mathematics of Computation 25 (1971) 569–574",
    },
    Entry {
        name: "branin",
        title: "Branin",
        about: "Three equal minima in a bent trough.",
        formula: Some(|_, _| {
            "(y - 5.1/(4*pi^2)*x^2 + 5/pi*x - 6)^2 + 10*(1 - 1/(8*pi))*cos(x) + 10".to_owned()
        }),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(
            &[&[-PI, 12.275], &[PI, 2.275], &[3.0 * PI, 2.475]],
            10.0 / (8.0 * PI),
        ),
        start: Start::Cycle(&[6.0, 12.0]),
        view: Some([-5.0, 10.0, 0.0, 15.0]),
        reference: "Branin, Widely convergent method for finding multiple solutions of simultaneous nonlinear \
                    equations, IBM Journal of Research and Development 16 (1972) 504–522",
    },
    Entry {
        name: "easom",
        title: "Easom",
        about: "A hole in a plain: a little away from it the gradient says nothing.",
        formula: Some(|_, _| "-cos(x)*cos(y)*exp(-(x - pi)^2 - (y - pi)^2)".to_owned()),
        residuals: None,
        latex: None,
        size: Size::PLANE,
        fields: &[],
        minima: Minima::Points(&[&[PI, PI]], -1.0),
        start: Start::Cycle(&[2.3, 4.1]),
        view: Some([-1.0, 7.0, -1.0, 7.0]),
        reference: BINGHAM,
    },
];

/// All test functions.
pub const SURFACES: &[Entry] = &{
    let mut all = [PLANE_AND_MORE[0]; PLANE_AND_MORE.len() + MORE_GARBOW_HILLSTROM.len()];
    let mut i = 1;
    while i < all.len() {
        all[i] = if i < PLANE_AND_MORE.len() {
            PLANE_AND_MORE[i]
        } else {
            MORE_GARBOW_HILLSTROM[i - PLANE_AND_MORE.len()]
        };
        i += 1;
    }
    all
};

/// The name of variable `i` (from 1) of n.
pub(super) fn variable(i: usize, n: usize) -> String {
    match (i, n) {
        (1, 2) => "x".to_owned(),
        (2, 2) => "y".to_owned(),
        _ => format!("x{i}"),
    }
}

/// The terms 1, …, `count`, with plus signs between them.
pub(super) fn sum(count: usize, term: impl Fn(usize) -> String) -> String {
    let terms: Vec<String> = (1..=count).map(term).collect();
    terms.join(" + ")
}

pub(super) fn texts(residuals: &[&str]) -> Vec<String> {
    residuals.iter().map(ToString::to_string).collect()
}
