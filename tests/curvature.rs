#![cfg(not(target_arch = "wasm32"))]
//! Hessians and Jacobians of networks: against JAX, against finite differences, and as a session gives them out.

use descent::nn::{Activation, Architecture, Curvature, Loss, Mlp, Rows};
use descent::train::Session;
use descent::value::Value;
use proptest::prelude::*;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn numbers(value: &Value, key: &str) -> Vec<f64> {
    value.get(key).unwrap().as_numbers().unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).unwrap().as_text().unwrap()
}

fn rows(value: &Value, key: &str) -> Vec<f64> {
    let rows = value.get(key).unwrap().as_list().unwrap().iter();
    rows.flat_map(|row| row.as_numbers().unwrap()).collect()
}

/// ‖a − b‖∞ / ‖b‖∞.
fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let largest = |v: &mut dyn Iterator<Item = f64>| v.fold(0.0, |m: f64, v| m.max(v.abs()));
    let difference = largest(&mut a.iter().zip(b).map(|(a, b)| a - b));
    difference / largest(&mut b.iter().copied()).max(f64::MIN_POSITIVE)
}

// Against JAX ---------------------------------------------------------------------------------------------------------

/// A network of the goldens with its data.
struct Reference {
    architecture: Architecture,
    inputs: Vec<f64>,
    targets: Vec<f64>,
    parameters: Vec<f64>,
}

fn reference(networks: &Value, case: &Value) -> Reference {
    let network = networks.get(text(case, "network")).unwrap();
    let activation = |name: &Value| Activation::from_name(name.as_text().unwrap()).unwrap();
    let hidden = case.get("hidden").unwrap().as_list().unwrap().iter();
    let architecture = Architecture {
        sizes: numbers(network, "sizes")
            .iter()
            .map(|n| *n as usize)
            .collect(),
        activations: hidden.chain(case.get("output")).map(activation).collect(),
        loss: Loss::from_name(text(case, "loss")).unwrap(),
    };
    let targets = if architecture.loss == Loss::CrossEntropy {
        let outputs = *architecture.sizes.last().unwrap();
        let one_hot = |class: &f64| {
            (0..outputs)
                .map(|i| f64::from(u8::from(i == *class as usize)))
                .collect::<Vec<_>>()
        };
        numbers(network, "targets")
            .iter()
            .flat_map(one_hot)
            .collect()
    } else {
        rows(network, "targets")
    };
    Reference {
        architecture,
        targets,
        inputs: rows(network, "inputs"),
        parameters: numbers(network, "parameters"),
    }
}

/// Both programs sum a few hundred products of numbers of order 1.
const REFERENCE: f64 = 1e-10;

#[test]
fn hessians_and_jacobians_are_those_of_jax() {
    let golden = json(include_str!("reference/curvature.json"));
    let networks = golden.get("networks").unwrap();
    let cases = golden.get("cases").unwrap().as_list().unwrap();
    let mut worst: f64 = 0.0;
    for case in cases {
        let reference = reference(networks, case);
        let n = reference.parameters.len();
        let mut curvature = Curvature::<f64>::new(&reference.architecture);
        let data = Rows {
            inputs: &reference.inputs,
            targets: &reference.targets,
            rows: None,
        };
        let mut h = vec![f64::NAN; n * n];
        curvature.hessian(&reference.parameters, data, &mut h);
        let l2 = case.get("l2").unwrap().as_number().unwrap();
        for i in reference.architecture.weights().flatten() {
            h[i * n + i] += l2;
        }
        let lower: Vec<f64> = (0..n).flat_map(|i| h[i * n..=i * n + i].to_vec()).collect();
        let error = relative_error(&lower, &numbers(case, "hessian"));
        let jacobian = numbers(case, "jacobian");
        let of_jacobian = if jacobian.is_empty() {
            0.0
        } else {
            let count = jacobian.len() / n;
            let (mut y, mut j) = (vec![f64::NAN; count], vec![f64::NAN; count * n]);
            curvature.jacobian(&reference.parameters, data, &mut y, &mut j);
            relative_error(&j, &jacobian)
        };
        worst = worst.max(error).max(of_jacobian);
        assert!(
            error.max(of_jacobian) < REFERENCE,
            "{} {:?} {}: Hessian off by {error:e}, Jacobian by {of_jacobian:e}",
            text(case, "network"),
            case.get("hidden"),
            text(case, "loss")
        );
    }
    println!("{} cases, the worst off by {worst:.1e}", cases.len());
}

#[test]
fn goldens_cover_every_activation_with_every_loss() {
    let golden = json(include_str!("reference/curvature.json"));
    let cases = golden.get("cases").unwrap().as_list().unwrap();
    for loss in Loss::ALL {
        for activation in Activation::ALL {
            let covered = cases.iter().any(|case| {
                let hidden = case.get("hidden").unwrap().as_list().unwrap();
                text(case, "loss") == loss.name()
                    && hidden.len() == 2
                    && hidden
                        .iter()
                        .all(|a| a.as_text() == Some(activation.name()))
            });
            assert!(covered, "{} with {}", activation.name(), loss.name());
        }
    }
}

// Against finite differences ------------------------------------------------------------------------------------------

/// Of the differences.
const STEP: f64 = 1e-5;

/// Without kinks, so that differences converge.
const SMOOTH: [Activation; 5] = [
    Activation::Gelu,
    Activation::Softplus,
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Identity,
];

prop_compose! {
    fn any_network()(
        sizes in proptest::collection::vec(1_usize..6, 2..5),
        activations in proptest::collection::vec(proptest::sample::select(&SMOOTH[..]), 4),
        loss in proptest::sample::select(Loss::ALL),
        rows in 1_usize..150,
        seed in any::<u64>(),
    ) -> (Architecture, usize, u64) {
        let layers = sizes.len() - 1;
        (Architecture { sizes, activations: activations[..layers].to_vec(), loss }, rows, seed)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    /// H·e against central differences of the gradient, J against those of the outputs.
    #[test]
    fn random_networks_agree_with_differences((architecture, rows, seed) in any_network()) {
        let mut state = seed;
        let mut draw = || {
            state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
            (state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
        };
        let (ins, outs) = (architecture.sizes[0], *architecture.sizes.last().unwrap());
        let inputs: Vec<f64> = (0..rows * ins).map(|_| draw()).collect();
        // Within 1 of nothing that a network of such weights gives, so that Huber's second derivative does not jump.
        let far = if architecture.loss == Loss::Huber { 50.0 } else { 0.0 };
        let targets: Vec<f64> = (0..rows * outs).map(|_| 0.5 * draw() + 0.5 + far).collect();
        let data = Rows { inputs: &inputs, targets: &targets, rows: None };
        let mut mlp = Mlp::<f64>::new(architecture.clone());
        let mut curvature = Curvature::<f64>::new(&architecture);
        let n = mlp.dim();
        let x: Vec<f64> = (0..n).map(|_| draw()).collect();
        let (mut h, mut j) = (vec![0.0; n * n], vec![0.0; rows * outs * n]);
        let mut y = vec![0.0; rows * outs];
        curvature.hessian(&x, data, &mut h);
        curvature.jacobian(&x, data, &mut y, &mut j);
        for i in 0..n {
            let mut beside = |step: f64| {
                let mut moved = x.clone();
                moved[i] += step;
                let (mut g, mut y) = (vec![0.0; n], vec![0.0; rows * outs]);
                mlp.gradient(&moved, data, &mut g);
                curvature.outputs_of(&moved, data, &mut y);
                (g, y)
            };
            let ((g1, y1), (g0, y0)) = (beside(STEP), beside(-STEP));
            // Truncation is of order STEP², rounding of order ε/STEP; both are about 1e-10, times a few.
            for k in 0..n {
                let central = (g1[k] - g0[k]) / (2.0 * STEP);
                let found = h[k * n + i];
                prop_assert!((found - central).abs() < 1e-7 * found.abs().max(1.0), "H[{k}][{i}]: {found} and {central}");
                prop_assert_eq!(found, h[i * n + k]);
            }
            for k in 0..rows * outs {
                let central = (y1[k] - y0[k]) / (2.0 * STEP);
                let found = j[k * n + i];
                prop_assert!((found - central).abs() < 1e-7 * found.abs().max(1.0), "J[{k}][{i}]: {found} and {central}");
            }
        }
    }
}

// As a session gives them out -----------------------------------------------------------------------------------------

fn session(text: &str) -> Session {
    Session::new(&json(text), || 0.0).unwrap()
}

/// Whatever the batch: all training rows, and the penalty as residuals of its own.
#[test]
fn value_gradient_and_hessian_follow_from_residuals_and_jacobian() {
    for l2 in ["0", "0.02"] {
        let mut s = session(&format!(
            r#"{{ "problem": {{ "kind": "network", "data": {{ "name": "sine", "n": 60 }}, "layers": [5], "activation": "tanh",
                  "loss": "mse", "l2": {l2} }}, "optimizer": {{ "name": "adam" }}, "batch_size": 7 }}"#
        ));
        s.train_step(3);
        let (value, gradient) = s.value_and_gradient();
        let (r, j, h) = (
            s.residuals().unwrap(),
            s.jacobian().unwrap(),
            s.hessian().unwrap(),
        );
        let n = gradient.len();
        assert_eq!(j.len(), r.len() * n);
        let half = 0.5 * r.iter().map(|r| r * r).sum::<f64>();
        assert!((half - value).abs() < 1e-13 * value);
        let mut jtr = vec![0.0; n];
        for (r, row) in r.iter().zip(j.chunks_exact(n)) {
            for (g, j) in jtr.iter_mut().zip(row) {
                *g += r * j;
            }
        }
        assert!(relative_error(&jtr, &gradient) < 1e-12);
        let x = s.parameters();
        for i in 0..n {
            let mut beside = |step: f64| {
                let mut x = x.clone();
                x[i] += step;
                s.set_parameters(&x).unwrap();
                s.value_and_gradient().1
            };
            let (up, down) = (beside(1e-5), beside(-1e-5));
            for k in 0..n {
                let central = (up[k] - down[k]) / 2e-5;
                assert!((central - h[k * n + i]).abs() < 1e-8);
            }
        }
    }
}

#[test]
fn what_a_problem_does_not_have_or_what_would_not_fit_is_an_error() {
    let mut s = session(
        r#"{ "problem": { "kind": "network", "data": { "name": "moons" }, "layers": [4] }, "optimizer": { "name": "sgd" } }"#,
    );
    assert!(s.hessian().is_ok());
    let message = s.residuals().unwrap_err().to_string();
    assert!(
        message.starts_with("problem: it is no sum of squares"),
        "{message}"
    );
    let mut s = session(
        r#"{ "problem": { "kind": "network", "data": { "name": "sine" }, "layers": [400, 400], "loss": "mse" },
             "optimizer": { "name": "lbfgs" }, "batch_size": "full" }"#,
    );
    let message = s.hessian().unwrap_err().to_string();
    assert!(
        message.starts_with("problem: its Hessian of 161601 × 161601 numbers needs 208"),
        "{message}"
    );
    assert!(s.jacobian().is_ok());
    for (name, path) in [
        ("newton", "optimizer.name: newton needs a Hessian of 161601"),
        ("bfgs", "optimizer.name: bfgs needs 161601² numbers"),
        ("levenberg", "optimizer.name: levenberg needs a Jacobian of"),
        (
            "gauss_newton",
            "optimizer.name: gauss_newton needs a Jacobian of",
        ),
    ] {
        let config = Value::map([("name", Value::from(name))]);
        let message = s.set_optimizer(&config).unwrap_err().to_string();
        assert!(message.starts_with(path), "{message}");
    }
    assert_eq!(s.train_step(3).iteration, 3);
}
