//! Conjugate gradients on Poisson's equation, 200 by 200, to a relative residual of 1e-8: through a session, as the page
//! runs it, and the method alone. `benches/native/scipy_cg.py` runs SciPy on the same and prints the ratio.

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use descent::args::Args;
use descent::config::LinearSystemConfig;
use descent::optim::{StepCx, linear};
use descent::problem::linear_system::SquareSystem;
use descent::problem::{LinearSystem, Objective};
use descent::train::Session;
use descent::value::Value;

const SIDE: f64 = 200.0;
const TOLERANCE: f64 = 1e-8;

fn problem() -> Value {
    let a = [("name", Value::from("poisson_2d")), ("n", SIDE.into())];
    Value::map([("kind", "linear_system".into()), ("a", Value::map(a))])
}

fn system() -> SquareSystem {
    let config = LinearSystemConfig::from_value(&problem());
    config.expect("a good config").build(0)
}

fn target(system: &SquareSystem) -> f64 {
    let squares = system.rhs().iter().map(|b| b * b);
    TOLERANCE * squares.sum::<f64>().sqrt()
}

fn alone(c: &mut Criterion, name: &str, args: &[(&str, &str)]) {
    let mut system = system();
    let target = target(&system);
    let entries = linear::entries();
    let entry = entries.iter().find(|e| e.method.name == name);
    let entry = entry.expect("a method of the catalogue");
    let args = args
        .iter()
        .fold(Args::defaults(entry.method.fields), |all, (k, v)| {
            all.with(k, *v)
        });
    c.bench_function(name, |b| {
        b.iter(|| {
            let mut solver = (entry.build)(&args);
            solver.reset(&mut system).expect("it applies");
            let mut x = vec![0.0; Objective::<f64>::dim(&system)];
            for iteration in 0..10_000 {
                let cx = StepCx {
                    lr: 1.0,
                    iteration,
                    seed: 0,
                };
                let step = solver.step(&mut system, &mut x, cx);
                if step.expect("no breakdown").grad_norm <= target {
                    break;
                }
            }
            x
        });
    });
}

fn methods(c: &mut Criterion) {
    alone(c, "cg", &[]);
    alone(c, "pcg", &[("preconditioner", "incomplete_cholesky")]);
}

fn session(c: &mut Criterion) {
    let target = target(&system());
    let config = Value::map([
        ("problem", problem()),
        ("optimizer", Value::map([("name", "cg".into())])),
        ("stop", Value::map([("gradient_tol", target.into())])),
    ]);
    let fresh = || Session::new(&config, || 0.0).expect("a good config");
    c.bench_function("cg in a session", |b| {
        b.iter_batched(
            fresh,
            |mut session| session.train_step(10_000),
            BatchSize::LargeInput,
        );
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10);
    targets = methods, session
}
criterion_main!(benches);
