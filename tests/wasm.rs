//! What only a browser can show, run there by `wasm-pack test --headless --chrome`.

#![cfg(target_arch = "wasm32")]

use descent::rng::{Stream, stream};
use rand::Rng;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_stream_draws_the_same_numbers_as_elsewhere() {
    let mut draws = stream(7, Stream::Init, 3);
    assert_eq!(draws.next_u64(), 0xe435_5e52_1fa1_1674);
}
