//! One gradient of the networks that the comparison in the browser trains (W1 to W5), in both precisions.

use criterion::{Criterion, criterion_group, criterion_main};
use descent::nn::{Activation, Architecture, Init, Loss, Mlp, Rows};
use descent::real::Real;
use descent::rng::{Stream, normal, stream};

struct Workload {
    name: &'static str,
    sizes: &'static [usize],
    hidden: Activation,
    output: Activation,
    loss: Loss,
    rows: usize,
}

const WORKLOADS: [Workload; 5] = [
    Workload {
        name: "W1 playground",
        sizes: &[2, 4, 2, 1],
        hidden: Activation::Tanh,
        output: Activation::Tanh,
        loss: Loss::Mse,
        rows: 10,
    },
    Workload {
        name: "W2 small",
        sizes: &[2, 32, 32, 2],
        hidden: Activation::Relu,
        output: Activation::Identity,
        loss: Loss::CrossEntropy,
        rows: 32,
    },
    Workload {
        name: "W3 digits",
        sizes: &[64, 64, 32, 10],
        hidden: Activation::Relu,
        output: Activation::Identity,
        loss: Loss::CrossEntropy,
        rows: 32,
    },
    Workload {
        name: "W4 mnist",
        sizes: &[784, 128, 64, 10],
        hidden: Activation::Relu,
        output: Activation::Identity,
        loss: Loss::CrossEntropy,
        rows: 64,
    },
    Workload {
        name: "W5 full batch",
        sizes: &[2, 16, 16, 1],
        hidden: Activation::Tanh,
        output: Activation::Identity,
        loss: Loss::Mse,
        rows: 500,
    },
];

fn gradient<T: Real>(criterion: &mut Criterion, workload: &Workload) {
    let sizes = workload.sizes;
    let (width, outputs) = (sizes[0], sizes[sizes.len() - 1]);
    let mut activations = vec![workload.hidden; sizes.len() - 2];
    activations.push(workload.output);
    let mut mlp = Mlp::<T>::new(Architecture {
        sizes: sizes.to_vec(),
        activations,
        loss: workload.loss,
    });
    let mut rng = stream(1, Stream::Data, 0);
    let mut x = vec![T::ZERO; mlp.dim()];
    mlp.init(Init::Xavier, &mut rng, &mut x);
    let inputs: Vec<T> = (0..workload.rows * width)
        .map(|_| T::of(normal(&mut rng)))
        .collect();
    let target = |i: usize| T::of(f64::from(u8::from(i / outputs % outputs == i % outputs)));
    let targets: Vec<T> = (0..workload.rows * outputs).map(target).collect();
    let order: Vec<u32> = (0..workload.rows as u32).rev().collect();
    let data = Rows {
        inputs: &inputs,
        targets: &targets,
        rows: Some(&order),
    };
    let mut g = vec![T::ZERO; x.len()];
    criterion.bench_function(&format!("{} {}", workload.name, T::NAME), |bencher| {
        bencher.iter(|| mlp.gradient(&x, data, &mut g));
    });
}

fn gradients(criterion: &mut Criterion) {
    for workload in &WORKLOADS {
        gradient::<f32>(criterion, workload);
        gradient::<f64>(criterion, workload);
    }
}

criterion_group!(benches, gradients);
criterion_main!(benches);
