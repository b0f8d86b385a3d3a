//! Levenberg-Marquardt on problems of the NIST, through a session and until it has converged, and the Hessian of a
//! 4-16-3 network on iris. `benches/native/scipy_leastsq.py` and `benches/native/jax_hessian.py` run SciPy and JAX on the
//! same and print the ratios.

use std::path::Path;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use descent::data::csv::{self, CsvOptions};
use descent::data::registry;
use descent::nn::{Activation, Architecture, Curvature, Loss, Rows};
use descent::real::Real;
use descent::train::Session;
use descent::value::Value;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data");
    std::fs::read_to_string(path.join(name)).expect("a file of the repository")
}

/// From the second start of the NIST, which is the model's default.
fn fit(c: &mut Criterion, name: &str) {
    registry::register(name, &file(&format!("nist/{name}.csv")), None).expect("numbers");
    let config = Value::map([
        (
            "problem",
            Value::map([("kind", "least_squares".into()), ("model", name.into())]),
        ),
        (
            "optimizer",
            Value::map([("name", "levenberg_marquardt".into())]),
        ),
    ]);
    let fresh = || Session::new(&config, || 0.0).expect("a good config");
    let end = fresh().train_step(1000);
    assert_eq!(end.status, "converged", "{name}");
    c.bench_function(&format!("levenberg_marquardt {name}"), |b| {
        b.iter_batched(
            fresh,
            |mut session| session.train_step(1000),
            BatchSize::SmallInput,
        );
    });
}

fn fits(c: &mut Criterion) {
    fit(c, "misra1a");
    fit(c, "thurber");
}

fn hessian<T: Real>(c: &mut Criterion) {
    let iris = csv::parse(&file("iris.csv"), &CsvOptions::default()).expect("a data set");
    let inputs: Vec<T> = iris.inputs.iter().map(|v| T::of(*v)).collect();
    let labels = iris.labels().expect("classes");
    let one_hot = |label: u32| (0..3).map(move |class| T::of(f64::from(u8::from(class == label))));
    let targets: Vec<T> = labels.iter().copied().flat_map(one_hot).collect();
    let mut curvature = Curvature::<T>::new(&Architecture {
        sizes: vec![4, 16, 3],
        activations: vec![Activation::Tanh, Activation::Identity],
        loss: Loss::CrossEntropy,
    });
    let n = (4 + 1) * 16 + (16 + 1) * 3;
    let x: Vec<T> = (0..n).map(|i| T::of(0.3 * f64::from(i).sin())).collect();
    let mut h = vec![T::ZERO; x.len() * x.len()];
    c.bench_function(&format!("hessian {}", T::NAME), |b| {
        let data = Rows {
            inputs: &inputs,
            targets: &targets,
            rows: None,
        };
        b.iter(|| curvature.hessian(&x, data, &mut h));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = fits, hessian::<f64>, hessian::<f32>
}
criterion_main!(benches);
