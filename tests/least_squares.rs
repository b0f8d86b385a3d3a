#![cfg(not(target_arch = "wasm32"))]
//! Models fitted to data, through a session.

use descent::train::Session;
use descent::value::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn session(problem: &str, optimizer: &str) -> Session {
    let config = format!(r#"{{ "problem": {problem}, "optimizer": {optimizer} }}"#);
    Session::new(&json(&config), || 0.0).unwrap_or_else(|e| panic!("{problem}: {e}"))
}

#[test]
fn first_order_methods_fit_a_line() {
    let mut s = session(
        r#"{ "kind": "least_squares", "model": "b1 + b2 x", "x": [0, 1, 2, 3], "y": [1, 3, 5, 7], "start": [0, 0] }"#,
        r#"{ "name": "momentum", "lr": 0.03 }"#,
    );
    let report = s.train_step(500);
    assert!(report.loss < 1e-12, "{report:?}");
    for (b, wanted) in s.parameters().iter().zip([1.0, 2.0]) {
        assert!((b - wanted).abs() < 1e-6, "{b}");
    }
    let y = s.predict(&[10.0, -1.0]).unwrap();
    assert!(
        (y[0] - 21.0).abs() < 1e-5 && (y[1] + 1.0).abs() < 1e-5,
        "{y:?}"
    );
}
