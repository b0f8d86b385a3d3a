//! What only a browser can show, run there by `wasm-pack test --headless --chrome`.

#![cfg(target_arch = "wasm32")]

use descent::optim::Certificate;
use descent::rng::{Stream, stream};
use descent::train::Session;
use descent::train::diagnostics::{ess_mean, moments};
use rand::Rng;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_stream_draws_the_same_numbers_as_elsewhere() {
    let mut draws = stream(7, Stream::Init, 3);
    assert_eq!(draws.next_u64(), 0xe435_5e52_1fa1_1674);
}

fn session(config: &str) -> Session {
    Session::new(&serde_json::from_str(config).unwrap(), || 0.0).unwrap()
}

/// The mean of N(1, 1) within four Monte-Carlo standard errors, and chains that agree.
#[wasm_bindgen_test]
fn samplers_draw_from_a_gaussian() {
    for optimizer in [
        r#""name":"metropolis","sd":1"#,
        r#""name":"metropolis","sd":1,"proposal":"learnt""#,
        r#""name":"metropolis","sd":1,"proposal":"drifted""#,
        r#""name":"langevin""#,
        r#""name":"hamiltonian""#,
    ] {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"surface","formula":"((x - 1)^2 + (y + 2)^2)/2"}},"seed":3,
                "optimizer":{{{optimizer},"chains":4,"warmup":500}}}}"#
        ));
        let report = session.train_step(3000);
        assert!(report.extra["acceptance_rate"] > 0.1, "{optimizer}");
        for (i, expected) in [1.0, -2.0].into_iter().enumerate() {
            let chains = session.draws().coordinate(i);
            let chains: Vec<&[f64]> = chains.iter().map(Vec::as_slice).collect();
            let (mean, sd) = moments(&chains);
            let error = sd / ess_mean(&chains).sqrt();
            assert!(
                (mean - expected).abs() < 4.0 * error,
                "{optimizer}: {mean} ± {error}"
            );
        }
        let sampling = session.sampling().unwrap();
        assert!(
            sampling.parameters.iter().all(|p| p.r_hat < 1.05),
            "{optimizer}"
        );
        let kept = session.snapshot().unwrap();
        let mut restored = Session::restore(&kept, || 0.0).unwrap();
        (session.train_step(50), restored.train_step(50));
        assert_eq!(session.digest(), restored.digest(), "{optimizer}");
    }
}

/// min ½(x² + y²) − x − 2y with x + y = 1 and x ≤ 0.25 is at (0, 1), where the bound does not hold it; with λ and ν.
#[wasm_bindgen_test]
fn constrained_methods_solve_a_program() {
    const PROGRAM: &str = r#"{"kind":"constrained","objective":{"p":[[1,0],[0,1]],"q":[-1,-2]},
        "equality":{"a":[[1,1]],"b":[1]},"inequality":{"g":[[1,0]],"h":[0.25]}}"#;
    for method in [
        "augmented_lagrangian",
        "admm",
        "primal_dual",
        "interior_point",
    ] {
        let mut session = session(&format!(
            r#"{{"problem":{PROGRAM},"optimizer":{{"name":"{method}"}}}}"#
        ));
        let report = session.train_step(5000);
        assert_eq!(report.status, "converged", "{method}");
        let x = session.parameters();
        assert!(x[0].abs() + (x[1] - 1.0).abs() < 1e-5, "{method}: {x:?}");
        let y = session.multipliers().unwrap();
        assert!(
            (y.nu[0] - 1.0).abs() + y.lambda[0].abs() < 1e-3,
            "{method}: {y:?}"
        );
    }
}

#[wasm_bindgen_test]
fn constrained_methods_solve_formulas() {
    for (method, constraints) in [
        ("lagrange_newton", r#""equality":["x^2 + y^2 - 2"]"#),
        ("penalty", r#""inequality":["x^2 + y^2 - 2"]"#),
        ("augmented_lagrangian", r#""inequality":["x^2 + y^2 - 2"]"#),
        ("projected_gradient", r#""upper":1"#),
    ] {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"constrained","objective":"(x - 2)^2 + (y - 2)^2",{constraints},"start":[0.5,1]}},
                "optimizer":{{"name":"{method}"}}}}"#
        ));
        session.train_step(2000);
        let x = session.parameters();
        assert!(
            (x[0] - 1.0).abs() + (x[1] - 1.0).abs() < 1e-4,
            "{method}: {x:?}"
        );
    }
}

#[wasm_bindgen_test]
fn what_has_no_feasible_point_is_proved_to_have_none() {
    for method in ["admm", "primal_dual", "interior_point"] {
        let mut session = session(&format!(
            r#"{{"problem":{{"kind":"constrained","objective":{{"q":[1,1]}},"inequality":{{"g":[[1,1],[-1,-1]],"h":[1,-2]}}}},
                "optimizer":{{"name":"{method}"}}}}"#
        ));
        let report = session.train_step(20_000);
        assert_eq!(report.status, "breakdown", "{method}");
        assert!(
            matches!(session.certificate(), Some(Certificate::Infeasible(_))),
            "{method}"
        );
    }
}
