//! Same seed, same bits: every method on a network and on a surface, 1,000 steps, in both precisions; those of second
//! order, the solvers of linear systems and the constrained ones, which run in `f64` and may end before, on their own
//! problems. The digests stand in `determinism.json`, and this one table is checked natively, in Chromium
//! (`wasm-pack test`) and in Node (`tests/node/determinism.test.js`).
//!
//! A change of the arithmetic that is meant writes the table anew: `UPDATE_DIGESTS=1 cargo test --test determinism`.

use descent::optim::Family;
#[cfg(not(target_arch = "wasm32"))]
use descent::optim::{Method, Oracle};
use descent::train::Session;
use descent::value::Value;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const TABLE: &str = include_str!("determinism.json");

/// `[{ "config": …, "end": "running at 1000", "digest": "…" }, …]` with the digest that this target computes, and the one
/// that is written.
fn recompute() -> Vec<(Value, String, String)> {
    let table: Value = serde_json::from_str(TABLE).unwrap();
    let run = |case: &Value| {
        let config = case.get("config").unwrap();
        let mut session = Session::new(config, || 0.0).unwrap();
        let report = session.train_step(1000);
        let end = case.get("end").and_then(Value::as_text);
        assert_eq!(
            format!("{} at {}", report.status, report.iteration),
            end.unwrap_or("running at 1000"),
            "{config:?}"
        );
        (
            config.clone(),
            case.get("digest").unwrap().as_text().unwrap().to_owned(),
            session.digest(),
        )
    };
    table.as_list().unwrap().iter().map(run).collect()
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn digests_after_a_thousand_steps_are_those_of_the_table() {
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("UPDATE_DIGESTS").is_some() {
        write_table();
        return;
    }
    for (config, expected, found) in recompute() {
        assert_eq!(
            found,
            expected,
            "{}",
            serde_json::to_string(&config).unwrap()
        );
    }
}

#[cfg_attr(not(target_arch = "wasm32"), test)]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn the_table_has_every_method_on_both_problems_in_both_precisions() {
    let table: Value = serde_json::from_str(TABLE).unwrap();
    let cases = table.as_list().unwrap();
    for method in descent::catalog::methods() {
        let least = if method.family == Family::FirstOrder {
            4
        } else {
            2
        };
        let of_method = cases.iter().filter(|c| {
            let config = c.get("config").unwrap();
            config.get("optimizer").unwrap().get("name") == Some(&Value::from(method.name))
        });
        assert!(of_method.count() >= least, "{} is missing", method.name);
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn of_first_order() -> impl Iterator<Item = &'static Method> {
    descent::catalog::methods().filter(|m| m.family == Family::FirstOrder)
}

#[cfg(not(target_arch = "wasm32"))]
const FUNCTIONS: &[&str] = &[
    r#"{"kind":"network","data":{"name":"moons","n":100},"layers":[4],"activation":"gelu","loss":"cross_entropy","l2":0.01}"#,
    r#"{"kind":"surface","name":"rosenbrock","dim":6}"#,
    r#"{"kind":"surface","name":"beale"}"#,
];
#[cfg(not(target_arch = "wasm32"))]
const FITS: &[&str] = &[
    r#"{"kind":"network","data":{"name":"sine","n":100},"layers":[4],"activation":"tanh","loss":"mse","l2":0.001}"#,
    r#"{"kind":"least_squares","model":"b1 * exp(b2 * x) + b3","x":[0,1,2,3,4,5],"y":[3.1,1.9,1.4,1.2,1.05,1.01],"start":[1,-1,0]}"#,
];
#[cfg(not(target_arch = "wasm32"))]
const LINEAR_SYSTEMS: &[&str] = &[
    r#"{"kind":"linear_system","a":{"name":"poisson_2d","n":12}}"#,
    r#"{"kind":"linear_system","a":{"name":"random_spd","n":40,"condition":50}}"#,
    r#"{"kind":"linear_system","a":[[5,1,0],[1,4,1],[0,1,3]],"b":[1,2,3]}"#,
];

/// By method.
#[cfg(not(target_arch = "wasm32"))]
const CONSTRAINED: &[(&[&str], &[&str])] = &[
    (
        &["lagrange_newton"],
        &[
            r#"{"kind":"constrained","objective":"exp(x1) + x2^2 + x1*x3","equality":["x1^2 + x2^2 + x3^2 - 4","sin(x1) + x2"]}"#,
            r#"{"kind":"constrained","objective":"log(1 + x^2) - y","equality":["(1 + x^2)^2 + y^2 - 4"],"start":[2,2]}"#,
        ],
    ),
    (
        &["penalty", "augmented_lagrangian"],
        &[
            r#"{"kind":"constrained","objective":"x1*x4*(x1 + x2 + x3) + x3","equality":["x1^2 + x2^2 + x3^2 + x4^2 - 40"],"inequality":["25 - x1*x2*x3*x4"],"lower":1,"upper":5,"start":[1,5,5,1]}"#,
            r#"{"kind":"constrained","objective":"exp(x) - y","inequality":["x^2 + y^2 - 1"]}"#,
        ],
    ),
    (
        &["projected_gradient"],
        &[
            r#"{"kind":"constrained","objective":"exp(x) + (x - y)^4 - 3*y","lower":-1,"upper":1}"#,
            r#"{"kind":"constrained","objective":{"lasso":{"a":[[1,2,0.5],[3,1,-1],[0,1,2],[1,-1,1]],"b":[1,2,3,4],"lambda":0.7}}}"#,
        ],
    ),
    (
        &["admm", "primal_dual"],
        &[
            r#"{"kind":"constrained","objective":{"lasso":{"a":[[1,2,0.5],[3,1,-1],[0,1,2],[1,-1,1]],"b":[1,2,3,4],"lambda":0.7}}}"#,
            r#"{"kind":"constrained","objective":{"ridge":{"a":[[1,2,0.5],[3,1,-1],[0,1,2],[1,-1,1]],"b":[1,2,3,4],"radius":0.7}}}"#,
        ],
    ),
    (
        &["admm", "primal_dual", "interior_point"],
        &[
            r#"{"kind":"constrained","objective":{"p":[[4,1,0],[1,2,0.3],[0,0.3,1]],"q":[1,1,-2]},"equality":{"a":[[1,1,1]],"b":[1]},"inequality":{"g":[[1,-1,0.5]],"h":[0.2]},"lower":0,"upper":0.7}"#,
            r#"{"kind":"constrained","objective":{"q":[-3,-5]},"inequality":{"g":[[1,0],[0,2],[3,2]],"h":[4,12,18.3]},"lower":0}"#,
        ],
    ),
];

/// A run on the full batch to its thousandth step or its end before.
#[cfg(not(target_arch = "wasm32"))]
fn row(problem: &str, optimizer: &str) -> String {
    let config =
        format!(r#"{{"problem":{problem},"optimizer":{optimizer},"batch_size":"full","seed":5}}"#);
    let mut session = Session::new(&serde_json::from_str(&config).unwrap(), || 0.0).unwrap();
    let report = session.train_step(1000);
    format!(
        r#"{{"config":{config},"end":"{} at {}","digest":"{}"}}"#,
        report.status,
        report.iteration,
        session.digest()
    )
}

/// Every method of first order on a network (its activations and minibatches in rotation) and on a surface, in f64 and f32.
#[cfg(not(target_arch = "wasm32"))]
fn write_table() {
    const ACTIVATIONS: [&str; 7] = [
        "relu",
        "tanh",
        "sigmoid",
        "gelu",
        "elu",
        "softplus",
        "leaky_relu",
    ];
    const DATA: [(&str, &str); 4] = [
        ("moons", "cross_entropy"),
        ("spiral", "binary_cross_entropy"),
        ("sine", "mse"),
        ("plane", "huber"),
    ];
    const SURFACES: [&str; 4] = ["rosenbrock", "ackley", "styblinski_tang", "goldstein_price"];
    let mut lines = Vec::new();
    for (i, method) in of_first_order().enumerate() {
        for precision in ["f64", "f32"] {
            let (data, loss) = DATA[i % 4];
            let optimizer = format!(r#"{{"name":"{}","lr":0.0001}}"#, method.name);
            let network = format!(
                r#"{{"kind":"network","data":{{"name":"{data}","n":150}},"layers":[9,5],"activation":["{}","{}"],"loss":"{loss}","l2":0.001}}"#,
                ACTIVATIONS[i % 7],
                ACTIVATIONS[(i + 3) % 7],
            );
            let surface = format!(
                r#"{{"kind":"surface","name":"{}","noise":0.01}}"#,
                SURFACES[i % 4]
            );
            for problem in [network, surface] {
                let config = format!(
                    r#"{{"problem":{problem},"optimizer":{optimizer},"schedule":{{"name":"cosine","epochs":100}},"batch_size":20,"precision":"{precision}","clip_norm":10,"seed":{}}}"#,
                    i + 1
                );
                let mut session =
                    Session::new(&serde_json::from_str(&config).unwrap(), || 0.0).unwrap();
                session.train_step(1000);
                lines.push(format!(
                    r#"{{"config":{config},"digest":"{}"}}"#,
                    session.digest()
                ));
            }
        }
    }
    for method in descent::catalog::methods() {
        let problems = match (method.family, method.needs) {
            (Family::FirstOrder | Family::Constrained, _) => continue,
            (Family::Linear, _) => LINEAR_SYSTEMS,
            (_, Oracle::LeastSquares) => FITS,
            _ => FUNCTIONS,
        };
        for problem in problems {
            lines.push(row(problem, &format!(r#"{{"name":"{}"}}"#, method.name)));
        }
    }
    // Their default is the other way of survival, and the other crossovers take powers.
    for optimizer in [
        r#"{"name":"genetic","survival":"generational","selection":"roulette","crossover":"sbx"}"#,
        r#"{"name":"genetic","survival":"generational","crossover":"blx_alpha"}"#,
        r#"{"name":"differential_evolution","strategy":"randtobest1bin","bounded":false}"#,
        r#"{"name":"metropolis","proposal":"learnt","chains":3,"warmup":200}"#,
        r#"{"name":"metropolis","proposal":"drifted","cooling":0.999,"cooling_law":"logarithmic"}"#,
        r#"{"name":"metropolis","proposal":"log_normal","cooling":0.999}"#,
        r#"{"name":"langevin","chains":3,"warmup":200}"#,
        r#"{"name":"hamiltonian","chains":3,"warmup":200}"#,
    ] {
        lines.push(row(FUNCTIONS[1], optimizer));
    }
    for method in ["metropolis", "langevin", "hamiltonian"] {
        let optimizer = format!(r#"{{"name":"{method}","target":"unknown_noise","warmup":100}}"#);
        lines.push(row(FITS[1], &optimizer));
    }
    lines.push(row(
        FITS[1],
        r#"{"name":"metropolis","proposal":"learnt","temperature":0.001,"warmup":100}"#,
    ));
    for (methods, problems) in CONSTRAINED {
        for method in *methods {
            for problem in *problems {
                lines.push(row(problem, &format!(r#"{{"name":"{method}"}}"#)));
            }
        }
    }
    for problem in FUNCTIONS {
        lines.push(row(
            problem,
            r#"{"name":"newton","line_search":"strong_wolfe"}"#,
        ));
    }
    for preconditioner in ["ssor", "incomplete_cholesky"] {
        for problem in LINEAR_SYSTEMS {
            let optimizer = format!(r#"{{"name":"pcg","preconditioner":"{preconditioner}"}}"#);
            lines.push(row(problem, &optimizer));
        }
    }
    // Not symmetric, so that gradient descent goes down ½‖Ax − b‖².
    let wind = r#"{"kind":"linear_system","a":{"name":"convection_diffusion","n":8}}"#;
    lines.push(row(wind, r#"{"name":"sgd","lr":0.01}"#));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/determinism.json");
    std::fs::write(path, format!("[\n{}\n]\n", lines.join(",\n"))).unwrap();
}
