//! Generated data sets: a few hundred points in the plane, made from a seed.
//!
//! All draws of a point are made whatever the noise, and the noise only scales what was drawn: turning it up moves the
//! points and does not deal new ones. All sets lie within about [−2.5, 2.5].

use std::f64::consts::{PI, TAU};

use rand::RngExt;

use super::dataset::{Dataset, Targets, Task};
use crate::args::{Field, Range};
use crate::rng::{Rng, normal};

/// A generated data set.
#[derive(Debug, Clone, Copy)]
pub struct Toy {
    /// The name that a config uses.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// What is learned.
    pub task: Task,
    /// Number of inputs.
    pub inputs: usize,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// `n`, the number of points, `noise`, and for classes `flips`, which is for [`flip`].
    pub fields: &'static [Field],
    /// The points, for a checked `n` and `noise`.
    pub generate: fn(usize, f64, &mut Rng) -> Dataset,
}

/// All generated data sets.
pub const TOYS: &[Toy] = &[
    Toy {
        name: "xor",
        title: "XOR",
        task: Task::Classification,
        inputs: 2,
        about: "Class 1 where exactly one input is positive: no straight line divides the classes.",
        fields: &[POINTS, blur(0.1, 0.0, 1.0), FLIPS],
        generate: xor,
    },
    Toy {
        name: "circle",
        title: "Circle",
        task: Task::Classification,
        inputs: 2,
        about: "A disc of radius 1 inside a ring from 1.4 to 2.",
        fields: &[POINTS, blur(0.1, 0.0, 1.0), FLIPS],
        generate: circle,
    },
    Toy {
        name: "gauss",
        title: "Two Gaussians",
        task: Task::Classification,
        inputs: 2,
        about: "Normal clouds about (−1, −1) and (1, 1): a straight line is the best that can be done.",
        fields: &[POINTS, blur(0.5, 0.05, 2.0), FLIPS],
        generate: gauss,
    },
    Toy {
        name: "spiral",
        title: "Spiral",
        task: Task::Classification,
        inputs: 2,
        about: "Two arms of 1¾ turns, wound into each other: the hard one.",
        fields: &[POINTS, blur(0.05, 0.0, 0.5), FLIPS],
        generate: spiral,
    },
    Toy {
        name: "moons",
        title: "Moons",
        task: Task::Classification,
        inputs: 2,
        about: "Two half circles that reach into each other.",
        fields: &[POINTS, blur(0.15, 0.0, 1.0), FLIPS],
        generate: moons,
    },
    Toy {
        name: "sine",
        title: "Noisy sine",
        task: Task::Regression,
        inputs: 1,
        about: "y = sin 2x on [−2.5, 2.5]: a curve to fit, and with few points to overfit.",
        fields: &[POINTS, noise_of_y(0.1)],
        generate: sine,
    },
    Toy {
        name: "plane",
        title: "Plane",
        task: Task::Regression,
        inputs: 2,
        about: "y = 0.8 x₁ − 0.5 x₂ + 0.3: a linear model finds these three numbers again.",
        fields: &[POINTS, noise_of_y(0.1)],
        generate: plane,
    },
];

const POINTS: Field = Field::integer("n", "n", "number of points", 240, 10, 20_000);

/// Noise on the classes.
const FLIPS: Field = Field::number(
    "flips",
    "p",
    "part of the labels that are wrong",
    0.0,
    Range::closed(0.0, 0.5),
);

/// Noise that moves the points.
const fn blur(default: f64, min: f64, max: f64) -> Field {
    let label = "noise: standard deviation of each coordinate";
    Field::number("noise", "σ", label, default, Range::closed(min, max))
}

/// Noise on what is to be predicted.
const fn noise_of_y(default: f64) -> Field {
    let label = "noise: standard deviation of y";
    Field::number("noise", "σ", label, default, Range::closed(0.0, 1.0))
}

/// Gives a `part` of the rows the other of two classes. Every row is drawn for whatever the part, so a larger part holds
/// every smaller one. Numbers to be predicted stay as they are.
pub fn flip(dataset: &mut Dataset, part: f64, rng: &mut Rng) {
    let Targets::Classes { labels, .. } = &mut dataset.targets else {
        return;
    };
    for label in labels {
        if rng.random::<f64>() < part {
            *label = 1 - *label;
        }
    }
}

fn xor(n: usize, noise: f64, rng: &mut Rng) -> Dataset {
    // A gap of 0.1 on either side of the axes, and as many points in one quadrant as in the next.
    const QUADRANTS: [[f64; 2]; 4] = [[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]];
    classes("xor", ["0", "1"], n, noise, rng, |i, rng| {
        QUADRANTS[i % 4].map(|sign| sign * between(0.1, 2.0, rng))
    })
}

fn circle(n: usize, noise: f64, rng: &mut Rng) -> Dataset {
    classes("circle", ["inside", "outside"], n, noise, rng, |i, rng| {
        let (from, to) = if i % 2 == 0 { (0.0, 1.0) } else { (1.4, 2.0) };
        let (r, angle) = (between(from, to, rng), between(0.0, TAU, rng));
        [r * libm::cos(angle), r * libm::sin(angle)]
    })
}

fn gauss(n: usize, noise: f64, rng: &mut Rng) -> Dataset {
    classes("gauss", ["lower", "upper"], n, noise, rng, |i, _| {
        if i % 2 == 0 { [-1.0, -1.0] } else { [1.0, 1.0] }
    })
}

fn spiral(n: usize, noise: f64, rng: &mut Rng) -> Dataset {
    classes("spiral", ["first", "second"], n, noise, rng, |i, rng| {
        // Spread evenly along the arm, and not from its very centre, where the arms would touch.
        let along = ((i / 2) as f64 + between(0.0, 1.0, rng)) / n.div_ceil(2) as f64;
        let r = 0.2 + 1.8 * along;
        let angle = 1.75 * TAU * along + if i % 2 == 0 { 0.0 } else { PI };
        [r * libm::sin(angle), r * libm::cos(angle)]
    })
}

fn moons(n: usize, noise: f64, rng: &mut Rng) -> Dataset {
    // Half circles of radius 1 about (0, 0) and (1, ½), then centred and enlarged to [−2, 2] × [−1, 1].
    classes("moons", ["upper", "lower"], n, noise, rng, |i, rng| {
        let angle = between(0.0, PI, rng);
        let (x, y) = (libm::cos(angle), libm::sin(angle));
        let [x, y] = if i % 2 == 0 {
            [x, y]
        } else {
            [1.0 - x, 0.5 - y]
        };
        [(x - 0.5) * 4.0 / 3.0, (y - 0.25) * 4.0 / 3.0]
    })
}

fn sine(n: usize, noise: f64, rng: &mut Rng) -> Dataset {
    values("sine", 1, n, noise, rng, |x| libm::sin(2.0 * x[0]))
}

fn plane(n: usize, noise: f64, rng: &mut Rng) -> Dataset {
    values("plane", 2, n, noise, rng, |x| 0.8 * x[0] - 0.5 * x[1] + 0.3)
}

/// Points of two classes in turn: `place(i, rng)` and normal noise on both coordinates.
fn classes(
    name: &str,
    names: [&str; 2],
    n: usize,
    noise: f64,
    rng: &mut Rng,
    place: impl Fn(usize, &mut Rng) -> [f64; 2],
) -> Dataset {
    let mut inputs = Vec::with_capacity(2 * n);
    for i in 0..n {
        let point = place(i, rng);
        inputs.extend(point.map(|x| x + noise * normal(rng)));
    }
    Dataset {
        name: name.to_owned(),
        features: vec!["x1".to_owned(), "x2".to_owned()],
        target: "class".to_owned(),
        inputs,
        targets: Targets::Classes {
            labels: (0..n).map(|i| (i % 2) as u32).collect(),
            names: names.map(str::to_owned).to_vec(),
        },
    }
}

/// Points spread evenly over [−2.5, 2.5] in `inputs` dimensions: f(x) and normal noise on it.
fn values(
    name: &str,
    inputs: usize,
    n: usize,
    noise: f64,
    rng: &mut Rng,
    f: impl Fn(&[f64]) -> f64,
) -> Dataset {
    let mut points = Vec::with_capacity(inputs * n);
    let mut values = Vec::with_capacity(n);
    for i in 0..n {
        points.extend((0..inputs).map(|_| between(-2.5, 2.5, rng)));
        values.push(f(&points[i * inputs..]) + noise * normal(rng));
    }
    let features = match inputs {
        1 => vec!["x".to_owned()],
        _ => (1..=inputs).map(|i| format!("x{i}")).collect(),
    };
    Dataset {
        name: name.to_owned(),
        features,
        target: "y".to_owned(),
        inputs: points,
        targets: Targets::Values { values, outputs: 1 },
    }
}

/// Uniform in [from, to).
fn between(from: f64, to: f64, rng: &mut Rng) -> f64 {
    from + (to - from) * rng.random::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Args, Kind};
    use crate::rng::{Stream, stream};

    fn made(toy: &Toy, n: usize, noise: f64, seed: u64) -> Dataset {
        (toy.generate)(n, noise, &mut stream(seed, Stream::Data, 0))
    }

    fn noises(toy: &Toy) -> [f64; 3] {
        let Kind::Number { default, range } = toy.fields[1].kind else {
            panic!("{}: noise is no number", toy.name);
        };
        [range.min, default, range.max]
    }

    #[test]
    fn every_set_has_the_shape_it_declares() {
        for toy in TOYS {
            let args = Args::defaults(toy.fields);
            let default = made(toy, args.number("n") as usize, args.number("noise"), 1);
            assert_eq!(default.rows(), 240);
            for (n, noise) in [10, 11, 20_000].into_iter().zip(noises(toy)) {
                let data = made(toy, n, noise, 1);
                assert_eq!(data.name, toy.name);
                assert_eq!(data.task(), toy.task);
                assert_eq!(data.rows(), n);
                assert_eq!(data.features.len(), toy.inputs);
                assert_eq!(data.inputs.len(), n * toy.inputs);
                assert!(data.inputs.iter().all(|x| x.is_finite()));
                match &data.targets {
                    Targets::Classes { labels, names } => {
                        assert_eq!(names.len(), 2);
                        let ones = labels.iter().filter(|l| **l == 1).count();
                        assert_eq!(ones, n / 2, "{}: classes of equal size", toy.name);
                    }
                    Targets::Values { values, .. } => assert!(values.iter().all(|y| y.is_finite())),
                }
            }
        }
    }

    #[test]
    fn noise_moves_points_in_proportion() {
        for toy in TOYS {
            let [low, mid, high] = noises(toy);
            let [a, b, c] = [low, mid, high].map(|noise| numbers(&made(toy, 60, noise, 3)));
            let part = (mid - low) / (high - low);
            for ((a, b), c) in a.iter().zip(&b).zip(&c) {
                assert!((a + part * (c - a) - b).abs() < 1e-12, "{}", toy.name);
            }
            assert_ne!(numbers(&made(toy, 60, mid, 4)), b);
        }
    }

    #[test]
    fn wrong_labels_are_as_many_as_asked_for_and_nested() {
        let toy = TOYS.iter().find(|t| t.name == "moons").unwrap();
        let clean = made(toy, 10_000, 0.1, 1);
        let wrong = |part: f64| -> Vec<bool> {
            let mut data = clean.clone();
            flip(&mut data, part, &mut stream(7, Stream::Data, 1));
            assert_eq!(data.inputs, clean.inputs);
            let pairs = data.labels().unwrap().iter().zip(clean.labels().unwrap());
            pairs.map(|(a, b)| a != b).collect()
        };
        assert!(wrong(0.0).iter().all(|w| !w));
        let (few, many) = (wrong(0.1), wrong(0.3));
        assert!(few.iter().zip(&many).all(|(few, many)| *many || !few));
        for (found, part) in [(few, 0.1), (many, 0.3)] {
            let count = found.iter().filter(|w| **w).count() as f64;
            // Five standard deviations of a binomial count of 10,000.
            assert!(
                (count / 1e4 - part).abs() < 5.0 * (part * (1.0 - part) / 1e4).sqrt(),
                "{count}"
            );
        }
        let sine = TOYS.iter().find(|t| t.name == "sine").unwrap();
        let mut data = made(sine, 50, 0.1, 1);
        let before = data.clone();
        flip(&mut data, 0.5, &mut stream(7, Stream::Data, 1));
        assert_eq!(data, before);
    }

    #[test]
    fn points_without_noise_lie_within_the_view() {
        for toy in TOYS {
            let data = made(toy, 1000, 0.0, 2);
            assert!(data.inputs.iter().all(|x| x.abs() <= 2.5), "{}", toy.name);
        }
    }

    #[test]
    fn noiseless_points_obey_their_equation() {
        let named = |name| TOYS.iter().find(|t| t.name == name).unwrap();
        let points = |data: &Dataset| -> Vec<([f64; 2], u32)> {
            let labels = data.labels().unwrap().iter().copied();
            let (points, _) = data.inputs.as_chunks::<2>();
            points.iter().copied().zip(labels).collect()
        };
        for ([x, y], class) in points(&made(named("xor"), 400, 0.0, 5)) {
            assert_eq!(class == 1, (x > 0.0) != (y > 0.0));
        }
        for ([x, y], class) in points(&made(named("circle"), 400, 0.0, 5)) {
            assert_eq!(class == 1, x * x + y * y > 1.2 * 1.2);
        }
        let spiral = points(&made(named("spiral"), 400, 0.0, 5));
        let gap = |(a, of_a): &([f64; 2], u32)| {
            let others = spiral.iter().filter(|(_, class)| class != of_a);
            let distances = others.map(|(b, _)| (a[0] - b[0]).abs().max((a[1] - b[1]).abs()));
            distances.fold(f64::INFINITY, f64::min)
        };
        assert!(spiral.iter().all(|p| gap(p) > 0.2), "the arms keep apart");
        let plane = made(named("plane"), 50, 0.0, 5);
        for (x, y) in plane
            .inputs
            .as_chunks::<2>()
            .0
            .iter()
            .zip(numbers(&plane)[100..].iter())
        {
            assert_eq!(*y, 0.8 * x[0] - 0.5 * x[1] + 0.3);
        }
    }

    /// Inputs, and for a regression the values behind them.
    fn numbers(data: &Dataset) -> Vec<f64> {
        match &data.targets {
            Targets::Classes { .. } => data.inputs.clone(),
            Targets::Values { values, .. } => [data.inputs.as_slice(), values].concat(),
        }
    }
}
