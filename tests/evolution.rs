//! The methods that draw at random: how often they find a minimum, against SciPy's `differential_evolution` and the
//! package `cma` at the same number of evaluations (benches/native/evolution.py); and what they owe to a session.

#![cfg(not(target_arch = "wasm32"))]

use descent::rng::{Stream, stream};
use descent::train::Session;
use rand::RngExt;

/// Points of a hundred that a rate may be below its peer's.
const MARGIN: f64 = 5.0;

/// A row of the peers' table.
#[derive(serde::Deserialize)]
struct Peer {
    method: String,
    surface: String,
    dim: usize,
    population: u32,
    budget: f64,
    range: Vec<[f64; 2]>,
    /// Runs, each with its own seed.
    seeds: u64,
    /// Of a hundred.
    found: f64,
    evaluations: f64,
}

#[derive(serde::Deserialize)]
struct Peers {
    target: f64,
    cases: Vec<Peer>,
}

fn peers() -> Peers {
    serde_json::from_str(include_str!("reference/evolution.json")).unwrap()
}

fn session(config: &str) -> Session {
    Session::new(&serde_json::from_str(config).unwrap(), || 0.0).unwrap()
}

/// Evaluations until a run of `method` with this seed, from a start drawn from the range, is within `target` of the least
/// value, which is 0; none where the budget does not suffice.
fn evaluations(
    method: &str,
    peer: &Peer,
    population: Option<u32>,
    seed: u64,
    target: f64,
) -> Option<f64> {
    let mut rng = stream(seed, Stream::Trial, 0);
    let range = |j: usize| peer.range[j % peer.range.len()];
    let start: Vec<f64> = (0..peer.dim)
        .map(|j| range(j)[0] + (range(j)[1] - range(j)[0]) * rng.random::<f64>())
        .collect();
    let population = population.map_or(String::new(), |p| format!(r#","population":{p}"#));
    let mut session = session(&format!(
        r#"{{"problem":{{"kind":"surface","name":"{}","dim":{},"start":{start:?}}},
            "optimizer":{{"name":"{method}"{population}}},"seed":{seed}}}"#,
        peer.surface, peer.dim
    ));
    let ranges = session.info().ranges;
    assert!(
        ranges.iter().enumerate().all(|(j, r)| *r == range(j)),
        "{ranges:?}"
    );
    loop {
        let report = session.train_step(1);
        if report.value_evals as f64 > peer.budget {
            return None;
        }
        if report.extra["best"] <= target {
            return Some(report.value_evals as f64);
        }
        if report.status != "running" {
            return None;
        }
    }
}

/// How many of a hundred find it, and the median of their evaluations.
fn rate(method: &str, peer: &Peer, population: Option<u32>, seeds: u64, target: f64) -> (f64, f64) {
    let runs = (0..seeds).filter_map(|seed| evaluations(method, peer, population, seed, target));
    let mut spent: Vec<f64> = runs.collect();
    spent.sort_by(f64::total_cmp);
    let found = 100.0 * spent.len() as f64 / seeds as f64;
    (
        found,
        spent.get(spent.len() / 2).copied().unwrap_or(f64::NAN),
    )
}

/// Prints the table of docs/methods.md: `cargo test --release --test evolution -- --ignored --nocapture`.
#[test]
#[ignore = "takes minutes"]
fn rates_are_those_of_the_peers() {
    let Peers { target, cases } = peers();
    let mut faults = Vec::new();
    for peer in &cases {
        let population = Some(peer.population).filter(|p| *p > 0);
        let methods: &[&str] = match peer.method.as_str() {
            "cma_es" => &["cma_es"],
            _ => &["differential_evolution", "genetic"],
        };
        for method in methods {
            let (found, spent) = rate(method, peer, population, peer.seeds, target);
            println!(
                "| {}, {} | {} | `{method}` | {found} ({spent}) | {} ({}) |",
                peer.surface, peer.dim, peer.population, peer.found, peer.evaluations
            );
            if found < peer.found - MARGIN {
                faults.push(format!(
                    "{method} on {} in {}: {found}, not {}",
                    peer.surface, peer.dim, peer.found
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
/// Of the table above the cases in the plane that are found nearly always: fewer seeds, and a margin of one run.
#[test]
fn minima_in_the_plane_are_found() {
    const SEEDS: u64 = 20;
    let Peers { target, cases } = peers();
    for peer in cases
        .iter()
        .filter(|peer| peer.dim == 2 && peer.found >= 90.0)
    {
        let methods = match peer.method.as_str() {
            "cma_es" => ["cma_es"].as_slice(),
            _ => &["differential_evolution", "genetic"],
        };
        let population = Some(peer.population).filter(|p| *p > 0);
        for method in methods {
            let (found, _) = rate(method, peer, population, SEEDS, target);
            assert!(found >= 85.0, "{method} on {}: {found}", peer.surface);
        }
    }
}

const METHODS: [&str; 3] = ["genetic", "differential_evolution", "cma_es"];
const XOR: &str = r#"{"kind":"network","data":{"inputs":[[0,0],[0,1],[1,0],[1,1]],"targets":[0,1,1,0],"task":"classification"},
    "split":{"train":1,"val":0,"test":0},"layers":[3],"activation":"tanh"}"#;

#[test]
fn networks_learn_xor() {
    for method in METHODS {
        for seed in 1..=3 {
            let mut session = session(&format!(
                r#"{{"problem":{XOR},"optimizer":{{"name":"{method}"}},"batch_size":"full","seed":{seed}}}"#
            ));
            session.train_step(300);
            let accuracy = session.evaluate("train").unwrap().accuracy;
            assert_eq!(accuracy, Some(1.0), "{method}, seed {seed}");
        }
    }
}

/// Of the NIST's, from its second start. The certified Σr², which is 2f, has eleven digits; errors of the parameters go
/// into it by their squares only.
#[test]
fn curves_are_fitted() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/www/data/nist/danwood.csv");
    let csv = std::fs::read_to_string(file).unwrap();
    descent::data::registry::register("danwood", &csv, None).unwrap();
    for method in METHODS {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"least_squares","model":"danwood"}},"optimizer":{{"name":"{method}"}}}}"#
        ));
        let report = session.train_step(2000);
        let rss = 2.0 * report.extra["best"];
        assert!(
            (rss / 4.317_308_408_3e-3 - 1.0).abs() < 1e-10,
            "{method}: {rss} after {report:?}"
        );
        assert_eq!(report.status, "converged", "{method}");
    }
}

fn surface(method: &str) -> Session {
    session(&format!(
        r#"{{"problem":{{"kind":"surface","name":"rastrigin"}},"optimizer":{{"name":"{method}"}},"seed":3}}"#
    ))
}

#[test]
fn the_point_is_the_best_of_all_that_were_seen() {
    for method in METHODS {
        let mut session = surface(method);
        let mut best = session.value_and_gradient().0;
        for k in 0..60 {
            let report = session.train_step(1);
            let seen = session.population().unwrap();
            assert_eq!(seen.points.len(), seen.dim * seen.values.len());
            let lowest = seen.values.iter().copied().fold(best, f64::min);
            assert_eq!(report.loss, best, "{method}, step {k}");
            assert_eq!(report.extra["best"], lowest, "{method}, step {k}");
            assert_eq!(session.value_and_gradient().0, lowest, "{method}, step {k}");
            assert_eq!(
                report.verdict == "accepted",
                lowest < best,
                "{method}, step {k}"
            );
            let mean = seen.values.iter().sum::<f64>() / seen.values.len() as f64;
            assert!(
                (report.extra["mean"] - mean).abs() <= 1e-12 * mean,
                "{method}, step {k}"
            );
            best = lowest;
        }
    }
}

/// The values that the page draws are those of the points it draws.
#[test]
fn the_population_is_seen_with_its_values() {
    for method in METHODS {
        let mut session = surface(method);
        assert!(session.population().is_none(), "{method}");
        session.train_step(7);
        let seen = session.population().unwrap();
        for (point, value) in seen.points.chunks_exact(2).zip(&seen.values) {
            session.set_parameters(point).unwrap();
            assert_eq!(session.value_and_gradient().0, *value, "{method}");
        }
    }
    let mut descent = surface("sgd");
    descent.train_step(1);
    assert!(descent.population().is_none());
}

#[test]
fn a_point_set_from_outside_joins_the_population() {
    for method in METHODS {
        let mut session = surface(method);
        session.train_step(1);
        session.set_parameters(&[0.0, 0.0]).unwrap();
        let report = session.train_step(5);
        assert_eq!(report.extra["best"], 0.0, "{method}");
        assert_eq!(session.parameters(), [0.0, 0.0], "{method}");
        if method != "cma_es" {
            assert!(
                session.population().unwrap().values.contains(&0.0),
                "{method}"
            );
        }
    }
}

#[test]
fn a_restored_session_goes_on_exactly_where_it_was() {
    for method in METHODS {
        for options in ["", r#","survival":"generational","selection":"roulette""#] {
            if !options.is_empty() && method != "genetic" {
                continue;
            }
            for batch in ["\"full\"", "9"] {
                let mut whole = session(&format!(
                    r#"{{"problem":{{"kind":"network","data":{{"name":"sine","n":60}},"layers":[3],"activation":"tanh"}},
                        "optimizer":{{"name":"{method}"{options}}},"batch_size":{batch}}}"#
                ));
                for steps in [1, 3, 40] {
                    let bytes = whole.snapshot().unwrap();
                    let mut restored = Session::restore(&bytes, || 0.0).unwrap();
                    let (a, b) = (whole.train_step(steps), restored.train_step(steps));
                    assert_eq!(format!("{a:?}"), format!("{b:?}"), "{method}");
                    assert_eq!(restored.population(), whole.population(), "{method}");
                    assert_eq!(restored.digest(), whole.digest(), "{method}");
                }
            }
        }
    }
}

/// A minibatch is another function: what is compared with its values must be valued by it.
#[test]
fn the_values_are_those_of_the_present_batch() {
    let problem =
        r#"{"kind":"network","data":{"name":"moons","n":60},"layers":[2],"activation":"tanh"}"#;
    let spent = |method: &str, batch: &str| {
        let mut session = session(&format!(
            r#"{{"problem":{problem},"optimizer":{{"name":"{method}","population":20}},"batch_size":{batch}}}"#
        ));
        session.train_step(11).value_evals
    };
    // The start, twenty points a generation; with batches the session's point is valued again with each.
    assert_eq!(spent("cma_es", "\"full\""), 1 + 11 * 20);
    assert_eq!(spent("cma_es", "5"), 11 * (1 + 20));
    // The start is a member; with batches all members are valued again.
    for method in ["genetic", "differential_evolution"] {
        assert_eq!(spent(method, "\"full\""), 11 * 20, "{method}");
        assert_eq!(spent(method, "5"), 20 + 10 * (1 + 20 + 20), "{method}");
    }
}

#[test]
fn the_covariance_becomes_the_shape_of_the_inverse_hessian() {
    // f = ½xᵀAx with axes of 1 and 10,000: the spread along them is as 100 to 1.
    let mut session = session(
        r#"{"problem":{"kind":"surface","name":"quadratic","a":[[1,0],[0,10000]],"start":[3,3]},
            "optimizer":{"name":"cma_es","population":200}}"#,
    );
    session.train_step(40);
    let seen = session.population().unwrap();
    let deviation = |j: usize| {
        let of = || seen.points.iter().skip(j).step_by(2);
        let mean = of().sum::<f64>() / 200.0;
        (of().map(|x| (x - mean) * (x - mean)).sum::<f64>() / 200.0).sqrt()
    };
    let ratio = deviation(0) / deviation(1);
    // C is estimated from some generations of a hundred good points each.
    assert!((60.0..160.0).contains(&ratio), "{ratio}");
}

#[test]
fn members_stay_within_the_range_where_that_binds() {
    let inside = |bounded: bool| {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"surface","formula":"x + y","start":[0,0]}},
                "optimizer":{{"name":"differential_evolution","bounded":{bounded}}}}}"#
        ));
        session.train_step(30);
        session
            .population()
            .unwrap()
            .points
            .iter()
            .all(|x| (-5.0..=5.0).contains(x))
    };
    assert!(inside(true));
    assert!(!inside(false));
}

#[test]
fn a_fall_without_end_and_a_hole_are_no_traps() {
    for method in METHODS {
        let mut falls = session(&format!(
            r#"{{"problem":{{"kind":"surface","formula":"x^3 + y","start":[0,0]}},"optimizer":{{"name":"{method}","sigma":1}}}}"#
        ));
        assert!(falls.train_step(3000).loss < 0.0, "{method}");
        // Defined where x > 0 alone: the others never live.
        let mut hole = session(&format!(
            r#"{{"problem":{{"kind":"surface","formula":"sqrt(x) + (y - 1)^2","start":[2,2]}},"optimizer":{{"name":"{method}"}}}}"#
        ));
        let report = hole.train_step(100);
        assert!(
            report.extra["best"] < 0.1 && report.extra["mean"].is_finite(),
            "{method}: {report:?}"
        );
    }
}

#[test]
fn what_cannot_run_is_refused_by_name() {
    let refused = |problem: &str, rest: &str| {
        let config = format!(r#"{{"problem":{problem},{rest}}}"#);
        let result = Session::new(&serde_json::from_str(&config).unwrap(), || 0.0);
        result.err().unwrap().to_string()
    };
    let plane = r#"{"kind":"surface","name":"booth"}"#;
    for (optimizer, expected) in [
        (
            r#"{"name":"differential_evolution","population":3}"#,
            "optimizer.population: 3 is too few for differential_evolution, at least 4",
        ),
        (
            r#"{"name":"cma_es","population":2}"#,
            "optimizer.population: 2 is too few for cma_es, at least 4",
        ),
        (
            r#"{"name":"genetic","survival":"generational","elite":40}"#,
            "optimizer.elite: 40 of 40 members leave no room for children",
        ),
        (
            r#"{"name":"differential_evolution","f_max":0.2}"#,
            "optimizer.f_max: 0.2 is below f_min, 0.5",
        ),
    ] {
        assert_eq!(
            refused(plane, &format!(r#""optimizer":{optimizer}"#)),
            expected
        );
    }
    let wide = r#"{"kind":"network","data":{"name":"moons"},"layers":[64,64]}"#;
    for name in ["differential_evolution", "cma_es"] {
        let message = refused(wide, &format!(r#""optimizer":{{"name":"{name}"}}"#));
        assert!(
            message.starts_with(&format!("optimizer.name: {name} would need ")),
            "{message}"
        );
    }
    let rounded = refused(plane, r#""optimizer":{"name":"cma_es"},"precision":"f32""#);
    assert_eq!(rounded, "precision: cma_es needs the digits of \"f64\"");
}
