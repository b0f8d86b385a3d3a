//! The network against a transcription of the equations, and against finite differences.

#![cfg(not(target_arch = "wasm32"))]

use descent::nn::{Activation, Architecture, Init, Loss, Mlp, Rows};
use descent::real::Real;
use descent::rng::{Rng, Stream, normal, stream};
use proptest::prelude::*;

/// A network with random parameters and data.
#[derive(Clone)]
struct Case {
    architecture: Architecture,
    x: Vec<f64>,
    inputs: Vec<f64>,
    targets: Vec<f64>,
    rows: usize,
}

impl Case {
    fn new(
        sizes: &[usize],
        activations: &[Activation],
        loss: Loss,
        rows: usize,
        seed: u64,
    ) -> Self {
        let mut rng = stream(seed, Stream::Data, 0);
        let (width, outputs) = (sizes[0], sizes[sizes.len() - 1]);
        let architecture = Architecture {
            sizes: sizes.to_vec(),
            activations: activations.to_vec(),
            loss,
        };
        let parameters = architecture.parameters().unwrap();
        let x = normals(parameters, &mut rng)
            .iter()
            .map(|v| 0.7 * v)
            .collect();
        let inputs = normals(rows * width, &mut rng);
        let mut targets = normals(rows * outputs, &mut rng);
        match loss {
            Loss::Mse | Loss::Huber => {}
            Loss::BinaryCrossEntropy => targets.iter_mut().for_each(|t| *t = f64::from(*t > 0.0)),
            Loss::CrossEntropy => {
                for (r, row) in targets.chunks_mut(outputs).enumerate() {
                    row.fill(0.0);
                    row[(r * r + 7 * r) % outputs] = 1.0;
                }
            }
        }
        Self {
            architecture,
            x,
            inputs,
            targets,
            rows,
        }
    }

    fn data(&self) -> Rows<'_, f64> {
        Rows {
            inputs: &self.inputs,
            targets: &self.targets,
            rows: None,
        }
    }

    fn gradient(&self) -> (f64, Vec<f64>) {
        self.gradient_of(None)
    }

    fn gradient_of(&self, rows: Option<&[u32]>) -> (f64, Vec<f64>) {
        let data = Rows {
            rows,
            ..self.data()
        };
        let mut g = vec![f64::NAN; self.x.len()];
        let loss = Mlp::new(self.architecture.clone()).gradient(&self.x, data, &mut g);
        (loss, g)
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}, {} rows", self.architecture, self.rows)
    }
}

fn normals(n: usize, rng: &mut Rng) -> Vec<f64> {
    (0..n).map(|_| normal(rng)).collect()
}

/// A(z) and A′(z).
fn activate(activation: Activation, z: f64) -> (f64, f64) {
    let sigmoid = 1.0 / (1.0 + libm::exp(-z));
    match activation {
        Activation::Relu => (z.max(0.0), f64::from(z > 0.0)),
        Activation::LeakyRelu | Activation::Elu if z > 0.0 => (z, 1.0),
        Activation::LeakyRelu => (0.01 * z, 0.01),
        Activation::Elu => (libm::expm1(z), libm::exp(z)),
        Activation::Gelu => {
            let phi = 0.5 * (1.0 + libm::erf(z / 2.0_f64.sqrt()));
            let density = libm::exp(-0.5 * z * z) / (2.0 * std::f64::consts::PI).sqrt();
            (z * phi, phi + z * density)
        }
        Activation::Softplus => (z.max(0.0) + libm::log1p(libm::exp(-z.abs())), sigmoid),
        Activation::Tanh => (libm::tanh(z), 1.0 - libm::tanh(z) * libm::tanh(z)),
        Activation::Sigmoid => (sigmoid, sigmoid * (1.0 - sigmoid)),
        Activation::Identity => (z, 1.0),
    }
}

/// Loss of one row and its gradient with respect to the outputs.
fn row_loss(loss: Loss, z: &[f64], t: &[f64]) -> (f64, Vec<f64>) {
    let each = |f: &dyn Fn(f64, f64) -> (f64, f64)| {
        let (values, slopes): (Vec<f64>, Vec<f64>) =
            z.iter().zip(t).map(|(&z, &t)| f(z, t)).unzip();
        let n = z.len() as f64;
        (
            values.iter().sum::<f64>() / n,
            slopes.iter().map(|v| v / n).collect(),
        )
    };
    match loss {
        Loss::Mse => each(&|z, t| ((z - t) * (z - t), 2.0 * (z - t))),
        Loss::BinaryCrossEntropy => each(&|z, t| {
            let value = z.max(0.0) - z * t + libm::log1p(libm::exp(-z.abs()));
            (value, 1.0 / (1.0 + libm::exp(-z)) - t)
        }),
        Loss::Huber => each(&|z, t| {
            let e = z - t;
            let value = if e.abs() <= 1.0 {
                0.5 * e * e
            } else {
                e.abs() - 0.5
            };
            (value, e.clamp(-1.0, 1.0))
        }),
        Loss::CrossEntropy => {
            let max = z.iter().copied().fold(f64::MIN, f64::max);
            let sum: f64 = z.iter().map(|z| libm::exp(z - max)).sum();
            let log_sum = max + libm::log(sum);
            let value = z.iter().zip(t).map(|(z, t)| t * (log_sum - z)).sum();
            let gradient = z
                .iter()
                .zip(t)
                .map(|(z, t)| libm::exp(z - log_sum) - t)
                .collect();
            (value, gradient)
        }
    }
}

/// z = b + Wh, for W and b in the flat order.
fn affine(parameters: &[f64], h: &[f64], outputs: usize) -> Vec<f64> {
    let (w, b) = parameters.split_at(h.len() * outputs);
    let dot = |w: &[f64]| w.iter().zip(h).map(|(w, h)| w * h).sum::<f64>();
    w.chunks(h.len()).zip(b).map(|(w, b)| b + dot(w)).collect()
}

/// Backpropagation row by row, as the equations stand in the documentation of `nn::mlp`.
fn transcription(case: &Case) -> (f64, Vec<f64>) {
    let Architecture {
        sizes,
        activations,
        loss,
    } = &case.architecture;
    let mut starts = vec![0];
    for pair in sizes.windows(2) {
        starts.push(starts[starts.len() - 1] + pair[1] * (pair[0] + 1));
    }
    let (mut total, mut g) = (0.0, vec![0.0; case.x.len()]);
    for r in 0..case.rows {
        let mut h = vec![case.inputs[r * sizes[0]..][..sizes[0]].to_vec()];
        let mut slopes = vec![];
        for l in 0..activations.len() {
            let z = affine(&case.x[starts[l]..starts[l + 1]], &h[l], sizes[l + 1]);
            let (value, slope): (Vec<f64>, Vec<f64>) =
                z.iter().map(|&z| activate(activations[l], z)).unzip();
            h.push(value);
            slopes.push(slope);
        }
        let outputs = sizes[sizes.len() - 1];
        let (value, mut upstream) = row_loss(
            *loss,
            &h[h.len() - 1],
            &case.targets[r * outputs..][..outputs],
        );
        total += value;
        for (l, pair) in sizes.windows(2).enumerate().rev() {
            let (w, g) = (&case.x[starts[l]..], &mut g[starts[l]..]);
            let delta: Vec<f64> = upstream
                .iter()
                .zip(&slopes[l])
                .map(|(u, s)| u * s)
                .collect();
            for (j, d) in delta.iter().enumerate() {
                for k in 0..pair[0] {
                    g[j * pair[0] + k] += d * h[l][k] / case.rows as f64;
                }
                g[pair[0] * pair[1] + j] += d / case.rows as f64;
            }
            let sum = |k: usize| {
                delta
                    .iter()
                    .enumerate()
                    .map(|(j, d)| d * w[j * pair[0] + k])
                    .sum()
            };
            upstream = (0..pair[0]).map(sum).collect();
        }
    }
    (total / case.rows as f64, g)
}

/// ‖a − b‖∞ / ‖b‖∞.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let size = b.iter().fold(1e-300, |m: f64, v| m.max(v.abs()));
    a.iter()
        .zip(b)
        .fold(0.0, |m: f64, (a, b)| m.max((a - b).abs()))
        / size
}

fn assert_like_transcription(case: &Case) {
    let (loss, g) = case.gradient();
    let (want_loss, want) = transcription(case);
    assert!(
        (loss - want_loss).abs() <= 1e-13 * want_loss.abs().max(1.0),
        "{case:?}: loss {loss}, not {want_loss}"
    );
    let error = distance(&g, &want);
    assert!(error < 1e-12, "{case:?}: gradient off by {error}");
}

const CLASSIFIER: [Activation; 2] = [Activation::Tanh, Activation::Identity];

#[test]
fn every_activation_with_every_loss_is_the_transcription() {
    for &hidden in Activation::ALL {
        for &output in Activation::ALL {
            for &loss in Loss::ALL {
                assert_like_transcription(&Case::new(&[3, 5, 2], &[hidden, output], loss, 11, 3));
            }
        }
    }
}

#[test]
fn awkward_sizes_are_the_transcription() {
    for units in [1, 2, 3, 4, 5, 7, 8, 9, 17] {
        for rows in [1, 2, 3, 4, 5, 8, 9, 17, 63, 64, 65, 129] {
            let sizes = [units, 18 - units, units];
            assert_like_transcription(&Case::new(&sizes, &CLASSIFIER, Loss::CrossEntropy, rows, 5));
        }
    }
    assert_like_transcription(&Case::new(
        &[2, 1],
        &[Activation::Identity],
        Loss::Mse,
        1000,
        1,
    ));
    assert_like_transcription(&Case::new(
        &[70, 33, 9, 6, 1],
        &[Activation::Elu; 4],
        Loss::Huber,
        70,
        2,
    ));
}

#[test]
fn f32_agrees_with_f64() {
    for rows in [1, 6, 10, 32, 100] {
        let case = Case::new(&[9, 21, 5], &CLASSIFIER, Loss::CrossEntropy, rows, 9);
        let narrow = |v: &[f64]| v.iter().map(|&v| v as f32).collect::<Vec<f32>>();
        let (x, inputs, targets) = (narrow(&case.x), narrow(&case.inputs), narrow(&case.targets));
        let data = Rows {
            inputs: &inputs,
            targets: &targets,
            rows: None,
        };
        let mut g = vec![f32::NAN; x.len()];
        let loss = Mlp::new(case.architecture.clone()).gradient(&x, data, &mut g);
        let (want_loss, want) = case.gradient();
        assert!(
            (loss - want_loss).abs() < 1e-5 * want_loss,
            "{rows} rows: {loss}, not {want_loss}"
        );
        let g: Vec<f64> = g.iter().map(|v| v.f64()).collect();
        assert!(
            distance(&g, &want) < 1e-5,
            "{rows} rows: {}",
            distance(&g, &want)
        );
    }
}

#[test]
fn chosen_rows_are_taken_in_their_order() {
    let case = Case::new(&[5, 6, 3], &CLASSIFIER, Loss::CrossEntropy, 90, 4);
    let all: Vec<u32> = (0..90).collect();
    assert_eq!(case.gradient_of(Some(&all)), case.gradient());

    let index = [88, 3, 3, 41];
    let chosen = |from: &[f64], width: usize| {
        index
            .map(|i| from[i as usize * width..][..width].to_vec())
            .concat()
    };
    let copy = Case {
        inputs: chosen(&case.inputs, 5),
        targets: chosen(&case.targets, 3),
        rows: 4,
        ..case.clone()
    };
    assert_eq!(case.gradient_of(Some(&index)), copy.gradient());
}

#[test]
fn loss_is_that_of_the_gradient_and_the_mean_over_all_blocks() {
    for &loss in Loss::ALL {
        let case = Case::new(
            &[4, 7, 3],
            &[Activation::Relu, Activation::Identity],
            loss,
            1000,
            8,
        );
        let mut mlp = Mlp::new(case.architecture.clone());
        let value = mlp.loss(&case.x, case.data());
        assert_eq!(value, case.gradient().0);
        let mut of_row = |r: u32| {
            let rows = [r];
            mlp.loss(
                &case.x,
                Rows {
                    rows: Some(&rows),
                    ..case.data()
                },
            )
        };
        let mean = (0..1000).map(&mut of_row).sum::<f64>() / 1000.0;
        assert!((value - mean).abs() < 1e-13 * value);
    }
}

#[test]
fn predictions_and_units_are_those_of_the_equations() {
    for &loss in Loss::ALL {
        let case = Case::new(
            &[4, 6, 3],
            &[Activation::Softplus, Activation::Identity],
            loss,
            150,
            6,
        );
        let mut mlp = Mlp::new(case.architecture.clone());
        let mut out = vec![f64::NAN; 150 * 3];
        mlp.predict(&case.x, &case.inputs, &mut out);
        let mut units = vec![vec![], vec![], vec![]];
        mlp.units(&case.x, &case.inputs, &mut units);
        for r in 0..150 {
            let input = case.inputs[4 * r..][..4].to_vec();
            let hidden = affine(&case.x[..30], &input, 6);
            let hidden: Vec<f64> = hidden
                .iter()
                .map(|&z| activate(Activation::Softplus, z).0)
                .collect();
            let z = affine(&case.x[30..], &hidden, 3);
            let sum: f64 = z.iter().map(|&z| libm::exp(z)).sum();
            let prediction = |&z: &f64| match loss {
                Loss::Mse | Loss::Huber => z,
                Loss::CrossEntropy => libm::exp(z) / sum,
                Loss::BinaryCrossEntropy => 1.0 / (1.0 + libm::exp(-z)),
            };
            let predicted: Vec<f64> = z.iter().map(prediction).collect();
            assert!(distance(&out[3 * r..][..3], &predicted) < 1e-13);
            for (layer, want) in units.iter().zip([&input, &hidden, &predicted]) {
                let got: Vec<f64> = layer.chunks(150).map(|unit| unit[r]).collect();
                assert!(distance(&got, want) < 1e-13);
            }
        }
    }
}

#[test]
fn overflow_is_a_loss_that_is_not_finite() {
    for &loss in Loss::ALL {
        for &activation in Activation::ALL {
            let mut case = Case::new(&[2, 3, 2], &[activation, Activation::Identity], loss, 5, 1);
            case.x.fill(1e300);
            case.gradient();
            for bad in [f64::INFINITY, f64::NAN] {
                case.x.fill(bad);
                assert!(!case.gradient().0.is_finite(), "{case:?} at {bad}");
            }
        }
    }
    let (loss, g) = Case::new(&[2, 3, 2], &CLASSIFIER, Loss::Mse, 0, 1).gradient();
    assert!(loss.is_nan() && g.iter().all(|&v| v == 0.0));
}

#[test]
fn both_precisions_start_from_the_same_numbers() {
    let architecture = Architecture {
        sizes: vec![40, 30, 10],
        activations: CLASSIFIER.to_vec(),
        loss: Loss::CrossEntropy,
    };
    assert_eq!(
        architecture.weights().collect::<Vec<_>>(),
        [0..1200, 1230..1530]
    );
    for &init in Init::ALL {
        let mut wide = vec![f64::NAN; 1540];
        let mut narrow = vec![f32::NAN; 1540];
        Mlp::new(architecture.clone()).init(init, &mut stream(1, Stream::Init, 0), &mut wide);
        Mlp::new(architecture.clone()).init(init, &mut stream(1, Stream::Init, 0), &mut narrow);
        assert!(wide.iter().zip(&narrow).all(|(&a, &b)| a as f32 == b));
        let variance = wide[..1200].iter().map(|v| v * v).sum::<f64>() / 1200.0;
        let want = match init {
            Init::He => 2.0 / 40.0,
            Init::Xavier => 2.0 / 70.0,
            Init::Lecun => 1.0 / 40.0,
            Init::Zeros => 0.0,
        };
        assert!(
            (variance - want).abs() <= 0.15 * want,
            "{init:?}: {variance}, not {want}"
        );
        assert!(wide[1200..1230].iter().all(|&b| b == 0.0));
    }
}

#[test]
fn parameters_that_cannot_be_counted_are_none() {
    let of = |sizes: &[usize]| {
        let architecture = Architecture {
            sizes: sizes.to_vec(),
            activations: CLASSIFIER.to_vec(),
            loss: Loss::Mse,
        };
        architecture.parameters()
    };
    assert_eq!(of(&[2, 4, 2]), Some(22));
    assert_eq!(of(&[usize::MAX / 2, 3, 1]), None);
    assert_eq!(of(&[1, usize::MAX / 2, 1]), None);
}

#[test]
fn names_find_what_they_name() {
    assert!(
        Activation::ALL
            .iter()
            .all(|&a| Activation::from_name(a.name()) == Some(a))
    );
    assert!(
        Loss::ALL
            .iter()
            .all(|&l| Loss::from_name(l.name()) == Some(l))
    );
    assert!(
        Init::ALL
            .iter()
            .all(|&i| Init::from_name(i.name()) == Some(i))
    );
    assert_eq!(Activation::from_name("ReLU"), None);
}

fn any_case() -> impl Strategy<Value = Case> {
    let sizes = proptest::collection::vec(1_usize..9, 2..5);
    let activations = proptest::collection::vec(proptest::sample::select(Activation::ALL), 4);
    let loss = proptest::sample::select(Loss::ALL);
    (sizes, activations, loss, 1_usize..40, any::<u64>()).prop_map(
        |(sizes, activations, loss, rows, seed)| {
            Case::new(&sizes, &activations[..sizes.len() - 1], loss, rows, seed)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn random_networks_are_the_transcription(case in any_case()) {
        assert_like_transcription(&case);
    }

    /// The derivative lies between the two one-sided differences, or as near as they bend; this holds at a kink, too.
    #[test]
    fn gradients_are_finite_differences(case in any_case()) {
        let h = 1e-5;
        let mut mlp = Mlp::new(case.architecture.clone());
        let (loss, g) = case.gradient();
        let mut x = case.x.clone();
        for i in 0..x.len() {
            let mut at = |v: f64| {
                x[i] = v;
                mlp.loss(&x, case.data())
            };
            let (above, below) = (at(case.x[i] + h), at(case.x[i] - h));
            x[i] = case.x[i];
            let central = (above - below) / (2.0 * h);
            let bend = (above - 2.0 * loss + below).abs() / (2.0 * h);
            let tolerance = bend + 1e-6 * g[i].abs().max(loss.abs()).max(1.0);
            prop_assert!((g[i] - central).abs() <= tolerance, "{}: {} and {}", i, g[i], central);
        }
    }
}
