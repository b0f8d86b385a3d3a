use proptest::prelude::*;
use rand::RngExt;

use super::{LARGEST_FORMULA, Levels, SURFACES, Surface};
use crate::problem::{Hessian, Objective};
use crate::rng::{Stream, stream};
use crate::value::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn surface(text: &str) -> Surface {
    Surface::from_value(&json(text)).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn hessian(surface: &mut Surface, x: &[f64]) -> Vec<f64> {
    let mut h = vec![0.0; x.len() * x.len()];
    Hessian::<f64>::hessian(surface, x, &mut h);
    h
}

/// Every surface of the table as it stands, and those of any dimension in another number of variables too.
fn all() -> Vec<Surface> {
    let plain = SURFACES
        .iter()
        .map(|entry| Surface::named(entry.name).unwrap());
    let general = SURFACES
        .iter()
        .filter(|entry| entry.size.least < entry.size.most);
    let general = general.map(|entry| {
        let n = if entry.size.multiple == 1 { 5 } else { 8 };
        surface(&format!(r#"{{ "name": "{}", "dim": {n} }}"#, entry.name))
    });
    plain.chain(general).collect()
}

#[test]
fn derivatives_agree_with_differences() {
    let mut rng = stream(1, Stream::Data, 0);
    for mut surface in all() {
        let title = surface.info().title.clone();
        let n = surface.dim();
        let ranges = surface.ranges().to_vec();
        for _ in 0..20 {
            let x: Vec<f64> = ranges
                .iter()
                .map(|[a, b]| rng.random_range(*a..*b))
                .collect();
            let (mut g, h) = (vec![0.0; n], hessian(&mut surface, &x));
            let value = surface.gradient_at(&x, &mut g);
            assert_eq!(value, surface.value_at(&x));
            let size = 1.0 + value.abs() + h.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
            for i in 0..n {
                let (mut above, mut below) = (x.clone(), x.clone());
                above[i] += 1e-5;
                below[i] -= 1e-5;
                let width = above[i] - below[i];
                let slope = (surface.value_at(&above) - surface.value_at(&below)) / width;
                assert!(
                    (g[i] - slope).abs() < 1e-7 * size,
                    "{title} at {x:?}: {} {slope}",
                    g[i]
                );
                let (mut ga, mut gb) = (vec![0.0; n], vec![0.0; n]);
                surface.gradient_at(&above, &mut ga);
                surface.gradient_at(&below, &mut gb);
                for j in 0..n {
                    let bend = (ga[j] - gb[j]) / width;
                    assert!(
                        (h[i * n + j] - bend).abs() < 1e-7 * size,
                        "{title} at {x:?}"
                    );
                }
            }
        }
    }
}

/// f = ½‖r‖² and ∇f = Jᵀr, at the start and elsewhere.
#[test]
fn sums_of_squares_are_those_of_their_residuals() {
    let mut squares = 0;
    for mut surface in all() {
        let title = surface.info().title.clone();
        let (n, start) = (surface.dim(), surface.start().to_vec());
        let mut g = vec![0.0; n];
        let elsewhere = start.iter().map(|x| x + 0.125).collect();
        for x in [start, elsewhere] {
            let value = surface.gradient_at(&x, &mut g);
            let Some(oracle) = Objective::<f64>::as_least_squares(&mut surface) else {
                break;
            };
            squares += 1;
            let m = oracle.residual_count();
            let (mut r, mut again, mut j) = (vec![0.0; m], vec![0.0; m], vec![0.0; m * n]);
            oracle.jacobian(&x, &mut r, &mut j);
            oracle.residuals(&x, &mut again);
            assert_eq!(r, again, "{title}");
            let half = 0.5 * r.iter().map(|r| r * r).sum::<f64>();
            // A few roundings of each term, none of which cancels another in the sum of squares.
            approx::assert_relative_eq!(half, value, max_relative = 1e-13, epsilon = 1e-28);
            for (i, g) in g.iter().enumerate() {
                let terms = || (0..m).map(|k| j[k * n + i] * r[k]);
                let size: f64 = terms().map(f64::abs).sum();
                let slope: f64 = terms().sum();
                assert!((slope - g).abs() <= 1e-13 * size, "{title}: {slope} {g}");
            }
        }
    }
    assert!(squares >= 50, "{squares}");
}

/// Against a transcription in 50 digits: `tests/reference/generate_surfaces.py`.
#[test]
fn functions_of_the_paper_agree_with_a_transcription() {
    let golden = json(include_str!("../../../tests/reference/surfaces.json"));
    let cases = golden.get("cases").and_then(Value::as_list).unwrap();
    assert_eq!(cases.len(), 26);
    for case in cases {
        let numbers = |key: &str| case.get(key).and_then(Value::as_numbers).unwrap();
        let number = |key: &str| case.get(key).and_then(Value::as_number).unwrap();
        let name = case.get("name").and_then(Value::as_text).unwrap();
        let mut surface = Surface::named(name).unwrap();
        assert_eq!(surface.dim() as f64, number("dim"), "{name}");
        let (start, near, minimum) = (numbers("start"), numbers("near"), numbers("minimum"));
        for (x, wanted) in surface.start().iter().zip(&start) {
            approx::assert_relative_eq!(*x, *wanted, max_relative = 1e-15);
        }
        // Where residuals are differences of numbers about as large as their data, up to 1e7 times themselves, so
        // many digits are lost; at most 3 are in all but Meyer's function.
        let lost = if name == "meyer" { 1e-9 } else { 1e-12 };
        approx::assert_relative_eq!(
            surface.value_at(&start),
            number("start_value"),
            max_relative = lost
        );
        let mut g = vec![0.0; start.len()];
        let value = surface.gradient_at(&near, &mut g);
        approx::assert_relative_eq!(value, number("near_value"), max_relative = lost);
        let size = g.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
        for (g, wanted) in g.iter().zip(numbers("near_gradient")) {
            assert!((g - wanted).abs() <= lost * size, "{name}: {g} {wanted}");
        }
        let least = surface.value_at(&minimum);
        let wanted = number("minimum_value");
        // Rounding the point moves the value by the Hessian times the square of an ulp.
        let h = hessian(&mut surface, &minimum);
        let ulps = |i: usize| f64::EPSILON * minimum[i].abs();
        let n = minimum.len();
        let moved: f64 = (0..n * n)
            .map(|k| h[k].abs() * ulps(k / n) * ulps(k % n))
            .sum();
        assert!(
            (least - wanted).abs() <= lost * wanted + moved,
            "{name}: {least} {wanted}"
        );
        if name == "trigonometric" || name == "brown_almost_linear" || name == "freudenstein_roth" {
            continue; // What the paper's start leads to is a local minimum.
        }
        let known = &surface.info().minima;
        let is_known = |p: &[f64]| {
            p.iter()
                .zip(&minimum)
                .all(|(a, b)| (a - b).abs() <= 1e-15 * b.abs())
        };
        assert!(known.iter().any(|m| is_known(&m.point)), "{name}");
    }
}

#[test]
fn rosenbrock_by_hand() {
    let mut surface = Surface::named("rosenbrock").unwrap();
    for (x, y) in [(-1.2_f64, 1.0_f64), (0.5, -2.0), (1.7, 2.9)] {
        let mut g = [0.0; 2];
        let value = surface.gradient_at(&[x, y], &mut g);
        let t = y - x * x;
        approx::assert_relative_eq!(
            value,
            100.0 * t * t + (1.0 - x) * (1.0 - x),
            max_relative = 1e-15
        );
        approx::assert_relative_eq!(g[0], -400.0 * x * t - 2.0 * (1.0 - x), max_relative = 1e-14);
        approx::assert_relative_eq!(g[1], 200.0 * t, max_relative = 1e-14);
        let h = hessian(&mut surface, &[x, y]);
        approx::assert_relative_eq!(h[0], 1200.0 * x * x - 400.0 * y + 2.0, max_relative = 1e-14);
        assert_eq!([h[1], h[2], h[3]], [-400.0 * x, -400.0 * x, 200.0]);
    }
}

#[test]
fn minima_are_where_they_are_said_to_be() {
    for mut surface in all() {
        let info = surface.info().clone();
        let entry = SURFACES.iter().find(|e| Some(e.name) == info.name).unwrap();
        if surface.dim() == entry.size.default {
            assert_eq!(info.minima.is_empty(), entry.name == "saddle");
        }
        for minimum in info.minima {
            let mut g = vec![0.0; surface.dim()];
            let value = surface.gradient_at(&minimum.point, &mut g);
            // The data of Meyer's function have five digits more than what remains of them in a residual.
            let lost = if entry.name == "meyer" { 1e-9 } else { 1e-14 };
            let h = hessian(&mut surface, &minimum.point);
            let n = minimum.point.len();
            // What rounding the point does: g is H times half an ulp of it, in value half of that times an ulp.
            let ulps: Vec<f64> = minimum
                .point
                .iter()
                .map(|x| f64::EPSILON * x.abs())
                .collect();
            let bend = |i: usize, j: usize| Some(h[i * n + j].abs()).filter(|v| v.is_finite());
            let moves = |i: usize| {
                (0..n)
                    .map(|j| bend(i, j).unwrap_or(0.0) * ulps[j])
                    .sum::<f64>()
            };
            let moved: f64 = (0..n).map(|i| moves(i) * ulps[i]).sum();
            assert!(
                (value - minimum.value).abs() <= lost * (1.0 + minimum.value.abs()) + moved,
                "{}: {value}",
                info.title
            );
            let scale = 1.0
                + h.iter()
                    .filter(|v| v.is_finite())
                    .fold(0.0, |m: f64, v| m.max(v.abs()));
            for (i, g) in g.iter().enumerate() {
                assert!(g.abs() <= 1e-15 * scale + moves(i), "{}: {g:?}", info.title);
            }
            if let ([x, y], [x0, x1, y0, y1]) = (&minimum.point[..], info.view) {
                assert!(x0 < *x && *x < x1 && y0 < *y && *y < y1, "{}", info.title);
            }
        }
    }
}

/// No lower value on a fine grid over the picture than the one that is marked.
#[test]
fn minima_are_global_in_the_picture() {
    for mut surface in all() {
        let info = surface.info().clone();
        let (2, Some(minimum)) = (surface.dim(), info.minima.first()) else {
            continue;
        };
        let [x0, x1, y0, y1] = info.view;
        for k in 0..201 * 201 {
            let x = x0 + (x1 - x0) * f64::from(k % 201) / 200.0;
            let y = y0 + (y1 - y0) * f64::from(k / 201) / 200.0;
            assert!(
                surface.value_at(&[x, y]) > minimum.value - 1e-12,
                "{} at {x}, {y}",
                info.title
            );
        }
    }
}

#[test]
fn the_table_is_sound() {
    for (i, entry) in SURFACES.iter().enumerate() {
        assert!(SURFACES[..i].iter().all(|other| other.name != entry.name));
        let mut surface = Surface::named(entry.name).unwrap();
        let view = surface.info().view;
        assert_eq!(
            view,
            entry.view.unwrap_or(view),
            "{}: the start lies outside",
            entry.name
        );
        let mut g = vec![0.0; surface.dim()];
        let start = surface.start().to_vec();
        let value = surface.gradient_at(&start, &mut g);
        assert!(
            value.is_finite() && g.iter().any(|g| g.abs() > 1e-6),
            "{}",
            entry.name
        );
        let wide = format!(
            r#"{{ "name": "{}", "dim": {} }}"#,
            entry.name, entry.size.most
        );
        assert_eq!(
            Surface::from_value(&json(&wide)).unwrap().dim(),
            entry.size.most
        );
    }
    assert!(
        SURFACES
            .iter()
            .filter(|entry| entry.size.most == LARGEST_FORMULA)
            .count()
            >= 5
    );
}

#[test]
fn steep_surfaces_have_logarithmic_levels() {
    for (name, levels) in [
        ("rosenbrock", Levels::Logarithmic),
        ("beale", Levels::Logarithmic),
        ("goldstein_price", Levels::Logarithmic),
        ("himmelblau", Levels::Logarithmic),
        ("sphere", Levels::Linear),
        ("rastrigin", Levels::Linear),
        ("ackley", Levels::Linear),
        ("saddle", Levels::Linear),
        ("quadratic", Levels::Logarithmic),
    ] {
        assert_eq!(
            Surface::named(name).unwrap().info().levels,
            levels,
            "{name}"
        );
    }
}

#[test]
fn the_quadratic_bowl_has_its_condition_and_rotation() {
    let mut bowl = surface(r#"{ "name": "quadratic", "condition": 50, "rotation": 90 }"#);
    let h = hessian(&mut bowl, &[1.0, 2.0]);
    for (entry, wanted) in h.iter().zip([50.0, 0.0, 0.0, 1.0]) {
        assert!((entry - wanted).abs() < 1e-13);
    }
    let h = hessian(&mut Surface::named("quadratic").unwrap(), &[0.0, 0.0]);
    approx::assert_relative_eq!(h[0] + h[3], 21.0, max_relative = 1e-14);
    approx::assert_relative_eq!(h[0] * h[3] - h[1] * h[2], 20.0, max_relative = 1e-13);
}

#[test]
fn a_quadratic_form_of_given_matrix() {
    let mut form = surface(r#"{ "name": "quadratic", "a": [[4, 1], [1, 3]], "b": [1, 2] }"#);
    assert_eq!(form.value_at(&[1.0, 2.0]), 0.5 * (4.0 + 4.0 + 12.0) - 5.0);
    let mut g = [0.0; 2];
    form.gradient_at(&[1.0, 2.0], &mut g);
    assert_eq!(g, [5.0, 5.0]);
    assert_eq!(hessian(&mut form, &[9.0, 9.0]), [4.0, 1.0, 1.0, 3.0]);
    let minimum = &form.info().minima[0];
    approx::assert_relative_eq!(minimum.point[0], 1.0 / 11.0, max_relative = 1e-14);
    approx::assert_relative_eq!(minimum.point[1], 7.0 / 11.0, max_relative = 1e-14);
    approx::assert_relative_eq!(minimum.value, -15.0 / 22.0, max_relative = 1e-14);
    assert!(
        surface(r#"{ "name": "quadratic", "a": [[1, 0], [0, -1]] }"#)
            .info()
            .minima
            .is_empty()
    );
    assert_eq!(surface(r#"{ "name": "quadratic", "a": [[2]] }"#).dim(), 1);
    // Rounding is evened out, not refused.
    let mut rounded =
        surface(r#"{ "name": "quadratic", "a": [[1, 0.3], [0.30000000000000004, 1]] }"#);
    let h = hessian(&mut rounded, &[0.0, 0.0]);
    assert_eq!(h[1], h[2]);
}

#[test]
fn single_precision_is_the_rounded_answer() {
    let mut surface = Surface::named("beale").unwrap();
    let (x, mut g, mut h) = ([0.5_f32, -1.25], [0.0_f32; 2], [0.0_f32; 4]);
    let value = Objective::<f32>::gradient(&mut surface, &x, &mut g);
    let mut wide = [0.0; 2];
    assert_eq!(value, surface.gradient_at(&[0.5, -1.25], &mut wide));
    assert_eq!(value, Objective::<f32>::value(&mut surface, &x));
    assert_eq!(g, wide.map(|v| v as f32));
    Objective::<f32>::as_hessian(&mut surface)
        .unwrap()
        .hessian(&x, &mut h);
    assert_eq!(
        h.to_vec(),
        hessian(&mut surface, &[0.5, -1.25])
            .iter()
            .map(|v| *v as f32)
            .collect::<Vec<_>>()
    );
}

#[test]
fn typed_formulas() {
    let typed =
        surface(r#"{ "kind": "surface", "formula": "(1-x)^2 + 100(y-x^2)^2", "start": [9, 0] }"#);
    assert_eq!(typed.info().view, [-5.0, 9.0 + 1.4, -5.0, 5.0]);
    assert_eq!(typed.info().levels, Levels::Logarithmic);
    let far = surface(r#"{ "formula": "x", "start": [1.7e308, -1.7e308] }"#);
    assert_eq!(far.info().view, [-5.0, 1e300, -1e300, 5.0]);
    assert_eq!(surface(r#"{ "formula": "x^2" }"#).dim(), 2);
    assert_eq!(surface(r#"{ "formula": "exp(x1)+2x7^2" }"#).dim(), 7);
    assert_eq!(surface(r#"{ "formula": "x1", "dim": 9 }"#).dim(), 9);
    assert_eq!(surface(r#"{ "formula": "max(x,2exp(2))" }"#).dim(), 2);
    assert_eq!(
        surface(r#"{ "formula": "1/(x-x)" }"#).info().levels,
        Levels::Linear
    );
}

#[test]
fn normalized_configs_make_the_same_surface() {
    let table = [
        (
            r#"{ "name": "quadratic" }"#,
            r#"{ "kind": "surface", "name": "quadratic", "dim": 2, "condition": 20.0, "rotation": 30.0, "start": [-4.0, 3.0], "noise": 0.0 }"#,
        ),
        (
            r#"{ "formula": "x1 x2", "noise": 0.5, "start": null }"#,
            r#"{ "kind": "surface", "formula": "x1 x2", "dim": 2, "start": [1.0, 1.0], "noise": 0.5 }"#,
        ),
        (
            r#"{ "name": "quadratic", "a": [[2, 0], [0, 1]] }"#,
            r#"{ "kind": "surface", "name": "quadratic", "dim": 2, "a": [[2.0, 0.0], [0.0, 1.0]], "b": [0.0, 0.0], "start": [1.0, 1.0], "noise": 0.0 }"#,
        ),
    ];
    for (given, wanted) in table {
        let normalized = surface(given).normalized().clone();
        assert_eq!(normalized, json(wanted));
        let again = Surface::from_value(&normalized).unwrap();
        assert_eq!(again.normalized(), &normalized);
        assert_eq!(again.info(), surface(given).info());
    }
    assert_eq!(surface(table[1].0).noise(), 0.5);
}

const REFUSALS: &[(&str, &str)] = &[
    ("3", "3 is not an object"),
    (
        r#"{ "kind": "network", "name": "beale" }"#,
        r#"kind: "network" is not "surface""#,
    ),
    (
        "{}",
        "name: a name or a formula is needed; names are rosenbrock, ",
    ),
    (
        r#"{ "name": "rosenbrok" }"#,
        r#"name: "rosenbrok" is not one of rosenbrock, quadratic"#,
    ),
    (r#"{ "name": 3 }"#, "name: 3 is not one of rosenbrock"),
    (
        r#"{ "name": "beale", "formula": "x" }"#,
        "formula: a name stands beside it; give one of the two",
    ),
    (
        r#"{ "name": "beale", "lr": 1 }"#,
        "lr: no such field; known here: kind, name, dim, start, noise",
    ),
    (
        r#"{ "name": "beale", "a": [[1]] }"#,
        "a: no such field; known here: ",
    ),
    (
        r#"{ "name": "beale", "dim": 3 }"#,
        "dim: beale has 2 variables, not 3",
    ),
    (
        r#"{ "name": "sphere", "dim": 51 }"#,
        "dim: 51 is not a whole number from 2 to 50",
    ),
    (
        r#"{ "name": "sphere", "dim": 2.5 }"#,
        "dim: 2.5 is not a whole number from 2 to 50",
    ),
    (
        r#"{ "name": "sphere", "dim": 1 }"#,
        "dim: 1 is not a whole number from 2 to 50",
    ),
    (
        r#"{ "name": "sphere", "start": 1 }"#,
        "start: 1 is not an array of 2 numbers",
    ),
    (
        r#"{ "name": "sphere", "start": [1] }"#,
        "start: it has length 1, but must have length 2",
    ),
    (
        r#"{ "name": "sphere", "start": [1, "a"] }"#,
        r#"start[1]: "a" is not a finite number"#,
    ),
    (
        r#"{ "name": "sphere", "start": [null, 1] }"#,
        "start[0]: null is not a finite number",
    ),
    (
        r#"{ "name": "sphere", "noise": -1 }"#,
        "noise: -1 is outside [0, ∞)",
    ),
    (
        r#"{ "name": "quadratic", "condition": 0.5 }"#,
        "condition: 0.5 is outside [1, ",
    ),
    (
        r#"{ "name": "quadratic", "rotation": "a" }"#,
        r#"rotation: "a" is not a number in [-360, 360]"#,
    ),
    (
        r#"{ "name": "quadratic", "b": [1, 2] }"#,
        "b: the matrix a is missing beside it",
    ),
    (
        r#"{ "name": "quadratic", "a": [[1]], "condition": 2 }"#,
        "condition: no such field; known here: kind, name, a, b,",
    ),
    (
        r#"{ "name": "quadratic", "a": [] }"#,
        "a: 0 rows; must be an array of n rows of n numbers, 1 ≤ n ≤ 500",
    ),
    (
        r#"{ "name": "quadratic", "a": 1 }"#,
        "a: 1; must be an array of n rows",
    ),
    (
        r#"{ "name": "quadratic", "a": [1] }"#,
        "a[0]: 1 is not an array of 1 numbers",
    ),
    (
        r#"{ "name": "quadratic", "a": [[1, 2], [2]] }"#,
        "a[1]: it has length 1, but must have length 2",
    ),
    (
        r#"{ "name": "quadratic", "a": [[1, 2], [2, true]] }"#,
        "a[1][1]: true is not a finite number",
    ),
    (
        r#"{ "name": "quadratic", "a": [[1, 0, 0], [0, 1, 5], [0, 4, 1]] }"#,
        "a[1][2]: 5 must equal a[2][1], which is 4: a is symmetric",
    ),
    (
        r#"{ "name": "quadratic", "a": [[1]], "b": [1, 2] }"#,
        "b: it has length 2, but must have length 1",
    ),
    (
        r#"{ "name": "quadratic", "a": [[1]], "dim": 2 }"#,
        "dim: a has 1 rows, so it cannot be 2",
    ),
    (r#"{ "formula": 3 }"#, "formula: 3 is not a string"),
    (
        r#"{ "formula": "" }"#,
        "formula: column 1: expected a number",
    ),
    (
        r#"{ "formula": "x1 + y" }"#,
        r#"formula: column 6: "y" is unknown; known are x1 … x50, pi"#,
    ),
    (
        r#"{ "formula": "x51" }"#,
        r#"formula: column 1: "x51" is unknown; known are x1 … x50, pi"#,
    ),
    (
        r#"{ "formula": "x0" }"#,
        r#"formula: column 1: "x0" is unknown; known are x1 … x50, pi"#,
    ),
    (
        r#"{ "formula": "x3", "dim": 2 }"#,
        r#"formula: column 1: "x3" is unknown; known are x1 … x2, pi"#,
    ),
    (
        r#"{ "formula": "x", "dim": 3 }"#,
        "dim: a formula in x and y has 2 variables, not 3; write x1, x2, …",
    ),
    (
        r#"{ "formula": "x", "condition": 3 }"#,
        "condition: no such field; known here: kind, formula, dim, start, noise",
    ),
];

#[test]
fn bad_configs_are_refused_by_path() {
    for (config, wanted) in REFUSALS {
        let error = Surface::from_value(&json(config))
            .expect_err(config)
            .to_string();
        assert!(error.starts_with(wanted), "{config}: {error}");
    }
    let nan = Value::map([
        ("name", Value::text("sphere")),
        ("start", vec![0.0, f64::NAN].into()),
    ]);
    let error = Surface::from_value(&nan).unwrap_err();
    assert_eq!(error.to_string(), "start[1]: NaN is not a finite number");
}

proptest! {
    /// Against the plain double sum, at sizes around those of the lanes.
    #[test]
    fn quadratic_forms_are_their_sums(n in 1_usize..20, seed in 0_u64..1000) {
        let mut rng = stream(seed, Stream::Data, 0);
        let mut draw = |count: usize| -> Vec<f64> { (0..count).map(|_| rng.random_range(-1.0..1.0)).collect() };
        let (lower, b, x) = (draw(n * n), draw(n), draw(n));
        let a = |i: usize, j: usize| lower[i.max(j) * n + i.min(j)];
        let rows = (0..n).map(|i| (0..n).map(|j| a(i, j)).collect::<Vec<f64>>().into()).collect();
        let config = Value::map([("name", Value::text("quadratic")), ("a", Value::List(rows)), ("b", b.clone().into())]);
        let mut form = Surface::from_value(&config).unwrap();
        let mut g = vec![0.0; n];
        let value = form.gradient_at(&x, &mut g);
        prop_assert_eq!(value, form.value_at(&x));
        let mut wanted = 0.0;
        for i in 0..n {
            let product: f64 = (0..n).map(|j| a(i, j) * x[j]).sum();
            wanted += 0.5 * x[i] * product - b[i] * x[i];
            prop_assert!((g[i] - (product - b[i])).abs() < 1e-13);
        }
        prop_assert!((value - wanted).abs() < 1e-12);
        if let Some(minimum) = form.info().minima.first().cloned() {
            prop_assert!(value >= minimum.value - 1e-9);
        }
    }
}

/// Prints nanoseconds a call: `cargo test --release --lib surface::tests::speed -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speed() {
    for name in ["rosenbrock", "ackley", "beale", "goldstein_price"] {
        let mut surface = Surface::named(name).unwrap();
        let (mut x, mut g, mut h) = ([0.3, 0.4], [0.0; 2], [0.0; 4]);
        let calls = 1_000_000_u32;
        let mut time = |call: &mut dyn FnMut(&mut Surface, &[f64])| {
            let start = std::time::Instant::now();
            for k in 0..calls {
                x[0] = f64::from(k) * 1e-6;
                call(&mut surface, &x);
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(calls)
        };
        let value = time(&mut |s, x| {
            std::hint::black_box(s.value_at(x));
        });
        let gradient = time(&mut |s, x| {
            std::hint::black_box(s.gradient_at(x, &mut g));
        });
        let hessian = time(&mut |s, x| Hessian::<f64>::hessian(s, x, &mut h));
        println!("{name}: value {value:.0} ns, gradient {gradient:.0} ns, Hessian {hessian:.0} ns");
    }
}
