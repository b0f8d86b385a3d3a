//! No allocation in the step: a counting allocator watches every method on a surface and on a network.

#![cfg(not(target_arch = "wasm32"))]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use descent::args::{Args, Field, Kind};
use descent::nn::{Activation, Loss};
use descent::optim::first_order::clip::ClipByNorm;
use descent::optim::first_order::entries;
use descent::optim::{Optimizer, Oracle, StepCx, second_order, stochastic};
use descent::real::Real;
use descent::train::Session;
use descent::train::task::Task;
use descent::value::Value;

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call is handed to the system's allocator unchanged; the counter needs no allocation.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        unsafe { System.dealloc(ptr, layout) }
    }
    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.with(|n| n.set(n.get() + 1));
        unsafe { System.realloc(ptr, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations_during(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

fn text(s: &str) -> Value {
    Value::from(s)
}

fn network(activation: Activation, loss: Loss) -> Value {
    let data = match loss {
        Loss::Mse | Loss::Huber => "sine",
        Loss::CrossEntropy | Loss::BinaryCrossEntropy => "moons",
    };
    Value::map([
        ("kind", text("network")),
        ("data", Value::map([("name", text(data))])),
        ("layers", Value::from(vec![16.0, 7.0])),
        ("activation", text(activation.name())),
        ("loss", text(loss.name())),
        ("l2", Value::from(0.01)),
    ])
}

/// Fifty steps of a method on a task, after a first one.
fn steps<T: Real>(mut task: Box<dyn Task<T>>, optimizer: &mut dyn Optimizer<T>) -> u64 {
    let mut x = task.start();
    optimizer.reset(&mut *task).unwrap();
    let mut step = |iteration| {
        task.next_batch(iteration);
        let _ = optimizer.step(
            &mut *task,
            &mut x,
            StepCx {
                lr: 0.001,
                iteration,
                seed: 1,
            },
        );
    };
    step(0);
    allocations_during(|| (1..50).for_each(step))
}

/// Every method in every variant: all its flags and choices, with and without clipping.
fn every_method<T: Real>(task: impl Fn() -> Box<dyn Task<T>>) {
    for entry in entries::<T>() {
        for args in variants(entry.method.fields) {
            for clip in [None, Some(ClipByNorm { max_norm: 0.1 })] {
                let mut optimizer = (entry.build)(&args, clip);
                let n = steps(task(), &mut *optimizer);
                assert_eq!(
                    n,
                    0,
                    "{} allocates {n} times in 49 steps ({}, {args:?}, {clip:?})",
                    entry.method.name,
                    T::NAME
                );
            }
        }
    }
}

/// Those of second order, but for those that need residuals where there are none.
fn every_method_of_second_order(task: impl Fn() -> Box<dyn Task<f64>>) {
    for entry in second_order::entries() {
        for args in variants(entry.method.fields) {
            let mut task = task();
            if entry.method.needs == Oracle::LeastSquares && task.as_least_squares().is_none() {
                continue;
            }
            let n = steps(task, &mut *(entry.build)(&args));
            let name = entry.method.name;
            assert_eq!(n, 0, "{name} allocates {n} times in 49 steps ({args:?})");
        }
    }
}

#[test]
fn no_method_of_second_order_allocates() {
    every_method_of_second_order(|| network_task(Activation::Gelu, Loss::CrossEntropy));
    every_method_of_second_order(|| network_task(Activation::Tanh, Loss::Mse));
    every_method_of_second_order(surface_task::<f64>);
    every_method_of_second_order(least_squares_task::<f64>);
}

#[test]
fn no_method_that_draws_at_random_allocates() {
    every_method_of_evolution(|| network_task(Activation::Tanh, Loss::Mse));
    every_method_of_evolution(surface_task::<f64>);
    every_method_of_evolution(least_squares_task::<f64>);
}

fn every_method_of_evolution(task: impl Fn() -> Box<dyn Task<f64>>) {
    for entry in stochastic::entries() {
        for args in variants(entry.method.fields) {
            // The default would be too many for a network in a test.
            let args = args.with("population", 30.0);
            // Those that sample adapt in some of the steps.
            let args = args.with("chains", 3.0).with("warmup", 20.0);
            let mut optimizer = (entry.build)(&args);
            if args.choice("target") == "unknown_noise" && task().as_least_squares().is_none() {
                continue;
            }
            let n = steps(task(), &mut *optimizer);
            let name = entry.method.name;
            assert_eq!(n, 0, "{name} allocates {n} times in 49 steps ({args:?})");
        }
    }
}

/// The defaults with every combination of flags and choices.
fn variants(fields: &[Field]) -> Vec<Args> {
    fields
        .iter()
        .fold(vec![Args::defaults(fields)], |variants, field| {
            let options: Vec<Value> = match field.kind {
                Kind::Flag { .. } => vec![false.into(), true.into()],
                Kind::Choice { options } => options.iter().map(|o| Value::text(*o)).collect(),
                Kind::Number { .. } | Kind::Integer { .. } => return variants,
            };
            let with = |args: &Args| {
                let set = |option: &Value| args.clone().with(field.name, option.clone());
                options.iter().map(set).collect::<Vec<_>>()
            };
            variants.iter().flat_map(with).collect()
        })
}

fn network_task<T: Real + 'static>(activation: Activation, loss: Loss) -> Box<dyn Task<T>> {
    use descent::config::{ProblemConfig, SessionConfig};
    use descent::train::network::NetworkTask;
    let config = Value::map([
        ("problem", network(activation, loss)),
        ("optimizer", Value::map([("name", text("sgd"))])),
    ]);
    let config = SessionConfig::from_value(&config).unwrap();
    let ProblemConfig::Network(network) = &config.problem else {
        panic!("a network was configured")
    };
    Box::new(NetworkTask::<T>::new(network, &config.seeds, config.batch_size, true, None).unwrap())
}

fn surface_task<T: Real>() -> Box<dyn Task<T>> {
    use descent::problem::surface::Surface;
    use descent::train::surface::SurfaceTask;
    let problem = Value::map([
        ("kind", text("surface")),
        ("name", text("rosenbrock")),
        ("noise", Value::from(0.1)),
    ]);
    Box::new(SurfaceTask::new(Surface::from_value(&problem).unwrap(), 1))
}

fn least_squares_task<T: Real>() -> Box<dyn Task<T>> {
    use descent::config::{ProblemConfig, SessionConfig};
    use descent::train::least_squares::LeastSquaresTask;
    let config = Value::map([
        (
            "problem",
            Value::map([
                ("kind", text("least_squares")),
                ("model", text("gaussian_peaks")),
            ]),
        ),
        ("optimizer", Value::map([("name", text("sgd"))])),
    ]);
    let config = SessionConfig::from_value(&config).unwrap();
    let ProblemConfig::LeastSquares(problem) = config.problem else {
        panic!("a fit was configured")
    };
    Box::new(LeastSquaresTask::new(*problem))
}

#[test]
fn no_method_allocates_on_a_fit() {
    every_method::<f64>(least_squares_task);
    every_method::<f32>(least_squares_task);
}

#[test]
fn the_oracles_of_a_fit_allocate_nothing() {
    let mut task = least_squares_task::<f64>();
    let b = task.start();
    let m = task.as_least_squares().unwrap().residual_count();
    let (mut r, mut j, mut h) = (
        vec![0.0; m],
        vec![0.0; m * b.len()],
        vec![0.0; b.len() * b.len()],
    );
    let n = allocations_during(|| {
        for _ in 0..10 {
            let squares = task.as_least_squares().unwrap();
            squares.residuals(&b, &mut r);
            squares.jacobian(&b, &mut r, &mut j);
            task.as_hessian().unwrap().hessian(&b, &mut h);
        }
    });
    assert_eq!(n, 0, "ten rounds allocate {n} times");
}

#[test]
fn no_method_allocates_on_a_network() {
    every_method::<f64>(|| network_task(Activation::Gelu, Loss::CrossEntropy));
    every_method::<f32>(|| network_task(Activation::Gelu, Loss::CrossEntropy));
}

#[test]
fn no_network_allocates() {
    fn sgd<T: Real>() -> Box<dyn Optimizer<T>> {
        let [sgd, ..] = entries::<T>();
        (sgd.build)(&Args::defaults(sgd.method.fields), None)
    }
    for &activation in Activation::ALL {
        for &loss in Loss::ALL {
            let n = steps::<f64>(network_task(activation, loss), &mut *sgd())
                + steps::<f32>(network_task(activation, loss), &mut *sgd());
            assert_eq!(n, 0, "{} with {}", activation.name(), loss.name());
        }
    }
}

#[test]
fn no_method_allocates_on_a_surface() {
    every_method::<f64>(surface_task);
    every_method::<f32>(surface_task);
}

fn linear_task(a: &str) -> Box<dyn Task<f64>> {
    use descent::config::LinearSystemConfig;
    use descent::train::linear_system::LinearSystemTask;
    let a = serde_json::from_str(a).unwrap();
    let problem = Value::map([("kind", text("linear_system")), ("a", a)]);
    let config = LinearSystemConfig::from_value(&problem).unwrap();
    Box::new(LinearSystemTask::new(&config, 1))
}

/// Sparse and dense. The factorisations make their factor in the first step, which [`steps`] does not watch.
#[test]
fn no_solver_of_linear_systems_allocates() {
    for a in [
        r#"{"name": "poisson_2d", "n": 12}"#,
        r#"{"name": "random_spd", "n": 30}"#,
        "[[4, 1], [2, 3]]",
    ] {
        for entry in descent::optim::linear::entries() {
            for args in variants(entry.method.fields) {
                let mut optimizer = (entry.build)(&args);
                if optimizer.reset(&mut *linear_task(a)).is_ok() {
                    let n = steps(linear_task(a), &mut *optimizer);
                    let name = entry.method.name;
                    assert_eq!(n, 0, "{name} allocates {n} times on {a} ({args:?})");
                }
            }
        }
    }
}

fn constrained_task(problem: &str) -> Box<dyn Task<f64>> {
    use descent::config::ConstrainedConfig;
    use descent::train::constrained::ConstrainedTask;
    let problem = serde_json::from_str(problem).unwrap();
    Box::new(ConstrainedTask::new(
        ConstrainedConfig::from_value(&problem).unwrap(),
    ))
}

/// Equalities alone, both kinds, a box, a linear program, a lasso and a ridge: every method runs on two of them at least.
#[test]
fn no_constrained_method_allocates() {
    const PROBLEMS: [&str; 6] = [
        r#"{"kind": "constrained", "objective": "exp(x) + (x - y)^2", "equality": ["x*y - 1"]}"#,
        r#"{"kind": "constrained", "objective": "(x - 2)^2 + (y - 1)^4", "equality": ["x - 2*y + 1"],
            "inequality": ["x^2/4 + y^2 - 1"]}"#,
        r#"{"kind": "constrained", "objective": {"p": [[2, 1], [1, 3]], "q": [-4, 1]}, "lower": -1, "upper": 1}"#,
        r#"{"kind": "constrained", "objective": {"q": [-3, -5]}, "equality": {"a": [[1, 1]], "b": [5]},
            "inequality": {"g": [[0, 2], [3, 2]], "h": [12, 18]}, "lower": 0}"#,
        r#"{"kind": "constrained", "objective": {"lasso": {"a": [[1, 2], [3, 1], [0, 1]], "b": [1, 2, 3], "lambda": 1}}}"#,
        r#"{"kind": "constrained", "objective": {"ridge": {"a": [[1, 2], [3, 1], [0, 1]], "b": [1, 2, 3], "radius": 1}}}"#,
    ];
    for entry in descent::optim::constrained::entries() {
        let mut ran = 0;
        for args in variants(entry.method.fields) {
            for problem in PROBLEMS {
                let mut optimizer = (entry.build)(&args);
                if optimizer.reset(&mut *constrained_task(problem)).is_ok() {
                    let n = steps(constrained_task(problem), &mut *optimizer);
                    let name = entry.method.name;
                    assert_eq!(n, 0, "{name} allocates {n} times on {problem} ({args:?})");
                    ran += 1;
                }
            }
        }
        assert!(ran >= 2, "{}", entry.method.name);
    }
}

/// The whole loop: once the history has room, steps without a validation allocate nothing either.
#[test]
fn the_session_loop_allocates_nothing_between_validations() {
    let config = Value::map([
        ("problem", network(Activation::Relu, Loss::CrossEntropy)),
        ("optimizer", Value::map([("name", text("adam"))])),
        ("record", Value::map([("validate_every", Value::from(0.0))])),
    ]);
    let mut session = Session::new(&config, || 0.0).unwrap();
    session.train_step(10);
    session.history().reserve(1000);
    let n = allocations_during(|| drop(session.train_step(1000)));
    assert_eq!(n, 0, "1000 iterations allocate {n} times");
}
