//! Agreement with other people's programs: `torch`, `optax`, `jax`. `tests/reference/README.md` says how the goldens are
//! made; each file names the versions it comes from, and each case its sources.

#![cfg(not(target_arch = "wasm32"))]

use descent::args::Args;
use descent::nn::{Activation, Architecture, Loss, Mlp, Rows};
use descent::optim::first_order::clip::ClipByNorm;
use descent::optim::first_order::{self, Entry};
use descent::optim::schedule::{SCHEDULES, Schedule};
use descent::optim::{Optimizer, StepCx};
use descent::problem::Objective;
use descent::value::Value;

// Reading -------------------------------------------------------------------------------------------------------------

fn read(golden: &str) -> Value {
    serde_json::from_str(golden).expect("a golden file is JSON")
}

fn at<'a>(value: &'a Value, key: &str) -> &'a Value {
    value
        .get(key)
        .unwrap_or_else(|| panic!("the golden has no {key}"))
}

fn number(value: &Value, key: &str) -> f64 {
    at(value, key)
        .as_number()
        .unwrap_or_else(|| panic!("{key} is no number"))
}

fn numbers(value: &Value, key: &str) -> Vec<f64> {
    at(value, key)
        .as_numbers()
        .unwrap_or_else(|| panic!("{key} is no list of numbers"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    at(value, key)
        .as_text()
        .unwrap_or_else(|| panic!("{key} is no text"))
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    at(value, key)
        .as_list()
        .unwrap_or_else(|| panic!("{key} is no list"))
}

/// All rows, one after the other.
fn matrix(value: &Value, key: &str) -> Vec<f64> {
    list(value, key)
        .iter()
        .flat_map(|row| row.as_numbers().expect("a row of numbers"))
        .collect()
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).expect("a golden can be written")
}

// Comparing -----------------------------------------------------------------------------------------------------------

/// ‖a − b‖∞ / ‖b‖∞; infinite where the lengths differ or a number is not finite.
fn relative_error(a: &[f64], b: &[f64]) -> f64 {
    let largest = |v: &mut dyn Iterator<Item = f64>| {
        v.fold(0.0, |worst: f64, x| {
            if x.is_nan() {
                f64::INFINITY
            } else {
                worst.max(x.abs())
            }
        })
    };
    if a.len() != b.len() {
        return f64::INFINITY;
    }
    let difference = largest(&mut a.iter().zip(b).map(|(a, b)| a - b));
    if difference == 0.0 {
        0.0
    } else {
        difference / largest(&mut b.iter().copied())
    }
}

/// Fails with every case that is off by more than `tolerance`, the worst first.
fn assert_all_within(tolerance: f64, mut cases: Vec<(f64, String)>) {
    cases.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let (worst, which) = cases.first().expect("a golden file has cases");
    println!(
        "{} cases, the worst off by {worst:.1e}: {which}",
        cases.len()
    );
    let failed: Vec<String> = cases
        .iter()
        .filter(|(error, _)| error.is_nan() || *error > tolerance)
        .map(|(error, case)| format!("  {error:.1e}  {case}"))
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} cases are off by more than {tolerance:e}:\n{}",
        failed.len(),
        cases.len(),
        failed.join("\n")
    );
}

// First-order methods -------------------------------------------------------------------------------------------------

/// The generator shows, with a run in 80-bit arithmetic, that rounding moves no point and no loss of these runs by more
/// than 1e-12 of itself; this leaves a factor of 100 to another order of summation and another libm.
const TRAJECTORY: f64 = 1e-10;

#[test]
fn first_order_methods_on_rosenbrock() {
    compare_trajectories(
        &read(include_str!("reference/optimizers_rosenbrock.json")),
        &mut |_| Box::new(Rosenbrock),
    );
}

#[test]
fn first_order_methods_on_an_ill_conditioned_quadratic() {
    compare_trajectories(
        &read(include_str!("reference/optimizers_quadratic.json")),
        &mut |problem| {
            Box::new(Quadratic {
                a: matrix(problem, "a"),
                b: numbers(problem, "b"),
            })
        },
    );
}

#[test]
fn first_order_methods_on_a_network() {
    compare_trajectories(
        &read(include_str!("reference/optimizers_mlp.json")),
        &mut |problem| {
            Box::new(TanhClassifier {
                sizes: numbers(problem, "sizes")
                    .into_iter()
                    .map(|n| n as usize)
                    .collect(),
                inputs: matrix(problem, "inputs"),
                classes: numbers(problem, "classes"),
            })
        },
    );
}

#[test]
fn goldens_cover_every_first_order_method_twice() {
    let golden = read(include_str!("reference/optimizers_quadratic.json"));
    for Entry { method, .. } in first_order::entries::<f64>() {
        let cases = list(&golden, "cases").iter();
        let own: Vec<&Value> = cases
            .map(|case| at(case, "optimizer"))
            .filter(|o| text(o, "name") == method.name)
            .collect();
        assert!(own.len() >= 2, "{} has {} cases", method.name, own.len());
        for field in method.fields {
            assert!(
                own.iter().any(|o| o.get(field.name).is_some()),
                "no case of {} sets {}",
                method.name,
                field.name
            );
        }
    }
}

fn compare_trajectories(golden: &Value, make: &mut dyn FnMut(&Value) -> Box<dyn Objective>) {
    let problem = at(golden, "problem");
    let mut objective = make(problem);
    let errors = list(golden, "cases").iter().map(|case| {
        let error = worst_on_the_way(golden, case, numbers(problem, "start"), objective.as_mut());
        (
            error,
            format!(
                "{} from {}",
                json(at(case, "optimizer")),
                json(at(case, "sources"))
            ),
        )
    });
    assert_all_within(TRAJECTORY, errors.collect());
}

/// Runs one case; the worst error of a recorded point or loss.
fn worst_on_the_way(
    golden: &Value,
    case: &Value,
    mut x: Vec<f64>,
    objective: &mut dyn Objective,
) -> f64 {
    let mut optimizer = optimizer(case);
    optimizer
        .reset(objective)
        .expect("first-order methods need the gradient only");
    let mut lr = number(at(case, "optimizer"), "lr");
    let lr_base = case
        .get("lr_base")
        .and_then(Value::as_number)
        .unwrap_or(1.0);
    let losses = numbers(golden, "steps")
        .into_iter()
        .zip(numbers(case, "loss"));
    let points: Vec<(f64, &Value)> = numbers(golden, "x_steps")
        .into_iter()
        .zip(list(case, "x"))
        .collect();

    let (mut worst, mut iteration) = (0.0_f64, 0);
    for (step, loss) in losses {
        while (iteration as f64) < step {
            let taken = optimizer.step(
                objective,
                &mut x,
                StepCx {
                    lr,
                    iteration,
                    seed: 0,
                },
            );
            assert!(
                taken.is_ok(),
                "{} breaks down at step {iteration}",
                json(at(case, "optimizer"))
            );
            (lr, iteration) = (lr * lr_base, iteration + 1);
        }
        worst = worst.max(relative_error(&[objective.value(&x)], &[loss]));
        if let Some((_, point)) = points.iter().find(|(at, _)| *at == step) {
            worst = worst.max(relative_error(
                &x,
                &point.as_numbers().expect("a point is a list of numbers"),
            ));
        }
    }
    worst
}

/// The method that `case` names, with its fields and its clipping.
fn optimizer(case: &Value) -> Box<dyn Optimizer> {
    let config = at(case, "optimizer");
    let entry = first_order::entries()
        .into_iter()
        .find(|e| e.method.name == text(config, "name"));
    let Entry { method, build } =
        entry.unwrap_or_else(|| panic!("no method is called {}", text(config, "name")));
    let args = Args::read(method.fields, config, &["name"])
        .unwrap_or_else(|e| panic!("{}: {e}", json(config)));
    let clip = case
        .get("clip_norm")
        .and_then(Value::as_number)
        .map(|max_norm| ClipByNorm { max_norm });
    build(&args, clip)
}

/// (1 − x)² + 100(y − x²)².
struct Rosenbrock;

impl Objective for Rosenbrock {
    fn dim(&self) -> usize {
        2
    }
    fn value(&mut self, x: &[f64]) -> f64 {
        let residual = x[1] - x[0] * x[0];
        (1.0 - x[0]) * (1.0 - x[0]) + 100.0 * residual * residual
    }
    fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        let residual = x[1] - x[0] * x[0];
        g[0] = -2.0 * (1.0 - x[0]) - 400.0 * x[0] * residual;
        g[1] = 200.0 * residual;
        self.value(x)
    }
}

/// ½xᵀAx − bᵀx.
struct Quadratic {
    a: Vec<f64>,
    b: Vec<f64>,
}

impl Objective for Quadratic {
    fn dim(&self) -> usize {
        self.b.len()
    }
    fn value(&mut self, x: &[f64]) -> f64 {
        let mut g = vec![0.0; x.len()];
        self.gradient(x, &mut g)
    }
    fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        let mut value = 0.0;
        for (((g, row), b), xi) in g
            .iter_mut()
            .zip(self.a.chunks_exact(x.len()))
            .zip(&self.b)
            .zip(x)
        {
            let ax: f64 = row.iter().zip(x).map(|(a, x)| a * x).sum();
            *g = ax - b;
            value += xi * (0.5 * ax - b);
        }
        value
    }
}

/// A network with tanh in the hidden layers and the mean cross-entropy of all rows: a plain transcription, so that a fault
/// of `descent::nn` is not taken for one of a method.
struct TanhClassifier {
    sizes: Vec<usize>,
    inputs: Vec<f64>,
    classes: Vec<f64>,
}

impl TanhClassifier {
    /// Adds the gradient of one row to `g` and returns its loss.
    fn row(&self, x: &[f64], input: &[f64], class: usize, g: &mut [f64]) -> f64 {
        let mut offsets = vec![0];
        for io in self.sizes.windows(2) {
            offsets.push(offsets[offsets.len() - 1] + (io[0] + 1) * io[1]);
        }
        let mut activations = vec![input.to_vec()];
        for (layer, io) in self.sizes.windows(2).enumerate() {
            let (w, b) = x[offsets[layer]..].split_at(io[0] * io[1]);
            let z = w.chunks_exact(io[0]).zip(b).map(|(row, b)| {
                row.iter()
                    .zip(&activations[layer])
                    .fold(*b, |sum, (w, a)| sum + w * a)
            });
            let last = layer + 2 == self.sizes.len();
            activations.push(
                z.take(io[1])
                    .map(|z| if last { z } else { libm::tanh(z) })
                    .collect(),
            );
        }
        let logits = &activations[self.sizes.len() - 1];
        let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let total: f64 = logits.iter().map(|z| libm::exp(z - largest)).sum();
        let loss = libm::log(total) + largest - logits[class];

        let mut delta: Vec<f64> = logits
            .iter()
            .map(|z| libm::exp(z - largest) / total)
            .collect();
        delta[class] -= 1.0;
        for (layer, io) in self.sizes.windows(2).enumerate().rev() {
            let (gw, gb) = g[offsets[layer]..].split_at_mut(io[0] * io[1]);
            let mut before = vec![0.0; io[0]];
            for (out, d) in delta.iter().enumerate() {
                gb[out] += d;
                for (i, a) in activations[layer].iter().enumerate() {
                    gw[out * io[0] + i] += d * a;
                    before[i] += d * x[offsets[layer] + out * io[0] + i] * (1.0 - a * a);
                }
            }
            delta = before;
        }
        loss
    }
}

impl Objective for TanhClassifier {
    fn dim(&self) -> usize {
        self.sizes.windows(2).map(|io| (io[0] + 1) * io[1]).sum()
    }
    fn value(&mut self, x: &[f64]) -> f64 {
        let mut g = vec![0.0; x.len()];
        self.gradient(x, &mut g)
    }
    fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        g.fill(0.0);
        let rows = self.classes.len() as f64;
        let inputs = self.inputs.chunks_exact(self.sizes[0]);
        let loss: f64 = inputs
            .zip(&self.classes)
            .map(|(input, class)| self.row(x, input, *class as usize, g))
            .sum();
        for g in g.iter_mut() {
            *g /= rows;
        }
        loss / rows
    }
}

// Networks ------------------------------------------------------------------------------------------------------------

/// Of the largest entry of the gradient, and of the loss. `torch` and `jax` agree to 1e-13 on all of these; the sums are
/// short and the values moderate, so what remains is the order of summation and a few units in the last place of each
/// elementary function.
const NETWORK: f64 = 1e-12;

#[test]
fn loss_and_gradient_of_networks() {
    let golden = read(include_str!("reference/mlp.json"));
    let errors = list(&golden, "cases").iter().map(|case| {
        let (value, gradient) = loss_and_gradient(&golden, case);
        let of_value = relative_error(&[value], &[number(case, "value")]);
        let of_gradient = relative_error(&gradient, &numbers(case, "gradient"));
        let Value::Map(head) = case else {
            panic!("a case is an object")
        };
        let shown: Vec<String> = head.iter().take(5).map(|(_, v)| json(v)).collect();
        (of_value.max(of_gradient), shown.join(" "))
    });
    assert_all_within(NETWORK, errors.collect());
}

#[test]
fn goldens_cover_every_activation_with_every_loss() {
    let golden = read(include_str!("reference/mlp.json"));
    for (activation, loss) in Activation::ALL
        .iter()
        .flat_map(|a| Loss::ALL.iter().map(move |l| (a, l)))
    {
        let covered = list(&golden, "cases").iter().any(|case| {
            text(case, "loss") == loss.name()
                && list(case, "hidden")
                    .iter()
                    .all(|a| a.as_text() == Some(activation.name()))
                && list(case, "hidden").len() == 2
        });
        assert!(
            covered,
            "no case of {} with {}",
            activation.name(),
            loss.name()
        );
    }
}

/// Of the network that `case` names, with the L2 term.
fn loss_and_gradient(golden: &Value, case: &Value) -> (f64, Vec<f64>) {
    let network = at(at(golden, "networks"), text(case, "network"));
    let activation = |name: &Value| {
        name.as_text()
            .and_then(Activation::from_name)
            .expect("an activation's name")
    };
    let architecture = Architecture {
        sizes: numbers(network, "sizes")
            .into_iter()
            .map(|n| n as usize)
            .collect(),
        activations: list(case, "hidden")
            .iter()
            .chain([at(case, "output")])
            .map(activation)
            .collect(),
        loss: Loss::from_name(text(case, "loss")).expect("a loss's name"),
    };
    let outputs = architecture.sizes.last().copied().unwrap_or(0);
    let targets = match architecture.loss {
        Loss::CrossEntropy => one_hot(&numbers(network, "targets"), outputs),
        _ => matrix(network, "targets"),
    };
    let (inputs, x) = (matrix(network, "inputs"), numbers(network, "parameters"));
    let mut mlp = Mlp::<f64>::new(architecture);
    let mut g = vec![f64::NAN; mlp.dim()];
    let data = Rows {
        inputs: &inputs,
        targets: &targets,
        rows: None,
    };
    let mut value = mlp.gradient(&x, data, &mut g);

    let l2 = number(case, "l2");
    for i in mlp.architecture().weights().flatten() {
        value += 0.5 * l2 * x[i] * x[i];
        g[i] += l2 * x[i];
    }
    (value, g)
}

/// A row of `outputs` numbers for each class: 1 at its place, 0 elsewhere.
fn one_hot(classes: &[f64], outputs: usize) -> Vec<f64> {
    let mut rows = vec![0.0; classes.len() * outputs];
    for (row, class) in rows.chunks_exact_mut(outputs).zip(classes) {
        row[*class as usize] = 1.0;
    }
    rows
}

// Schedules -----------------------------------------------------------------------------------------------------------

/// Of the largest learning rate of the schedule. A rate is a handful of operations, but `torch` makes some of its own
/// from the one before, thirty times over.
const LEARNING_RATE: f64 = 1e-14;

#[test]
fn schedules() {
    let golden = read(include_str!("reference/schedules.json"));
    let errors = list(&golden, "cases").iter().map(|case| {
        let config = at(case, "schedule");
        let schedule =
            Schedule::from_value(config).unwrap_or_else(|e| panic!("{}: {e}", json(config)));
        let by_iteration = config.get("unit").and_then(Value::as_text) == Some("iteration");
        let expected = numbers(case, "lr");
        let rates: Vec<f64> = (0..expected.len() as u64)
            // The clock that the schedule does not follow runs at another pace.
            .map(|t| {
                if by_iteration {
                    (t as f64 / 8.0, t)
                } else {
                    (t as f64 + 0.75, 4 * t + 3)
                }
            })
            .map(|(epoch, iteration)| schedule.at(number(case, "lr0"), epoch, iteration))
            .collect();
        (
            relative_error(&rates, &expected),
            format!("{} from {}", json(config), json(at(case, "sources"))),
        )
    });
    assert_all_within(LEARNING_RATE, errors.collect());
}

#[test]
fn goldens_cover_every_schedule() {
    let golden = read(include_str!("reference/schedules.json"));
    for info in SCHEDULES {
        let covered = list(&golden, "cases")
            .iter()
            .any(|case| text(at(case, "schedule"), "name") == info.name);
        assert!(covered, "no case of {}", info.name);
    }
}
