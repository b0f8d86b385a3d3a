use proptest::prelude::*;

use super::{Binary, Constant, Formula, LANES, Node, Unary, Variables, print};

fn plane() -> Variables {
    Variables::default().named(&["x", "y"])
}

fn formula(text: &str) -> Formula {
    Formula::parse(text, &plane()).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn refusal(text: &str, variables: &Variables) -> String {
    let error = Formula::parse(text, variables).expect_err(text);
    assert_eq!(error.path, "formula", "{text}");
    error.message
}

#[test]
fn habits_of_calculators() {
    let (x, y) = (3.0, 5.0);
    let table: &[(&str, f64)] = &[
        ("-x^2", -9.0),
        ("−x²", -9.0),
        ("(-x)^2", 9.0),
        ("2^3^2", 512.0),
        ("2**3", 8.0),
        ("2^-3", 0.125),
        ("2^-x", 0.125),
        ("-2^-2", -0.25),
        ("2^-2^2", 0.0625),
        ("x^+2", 9.0),
        ("2x", 6.0),
        ("2(x+1)", 8.0),
        ("(x+1)(x-1)", 8.0),
        ("x y", 15.0),
        ("x(y)", 15.0),
        ("2x^2", 18.0),
        ("2x y^2", 150.0),
        ("x²y³", 1125.0),
        ("x¹⁰", 59049.0),
        ("2^x²", 512.0),
        ("1/2x", 1.5),
        ("6/2(1+2)", 9.0),
        ("8/4/2", 1.0),
        ("8-4-2", 2.0),
        ("1 - -1", 2.0),
        ("--x", 3.0),
        ("+x", 3.0),
        ("2*-x", -6.0),
        ("x·y×2÷4", 7.5),
        ("x – y", -2.0),
        ("1.5e-3", 1.5e-3),
        (".5", 0.5),
        ("1.", 1.0),
        ("2E2", 200.0),
        ("2e3x", 6000.0),
        ("2e", 2.0 * std::f64::consts::E),
        ("2e-x", 2.0 * std::f64::consts::E - 3.0),
        ("2exp(0)", 2.0),
        ("2pi", 2.0 * std::f64::consts::PI),
        ("2πx", 2.0 * std::f64::consts::PI * 3.0),
        ("e^0", 1.0),
        ("e^x", libm::exp(3.0)),
        ("exp(x)", libm::exp(3.0)),
        ("log(x)", libm::log(3.0)),
        ("ln(x)", libm::log(3.0)),
        ("log10(100)", 2.0),
        ("log2(8)", 3.0),
        ("sqrt(16)", 4.0),
        ("abs(-x)", 3.0),
        ("min(x, y)", 3.0),
        ("max(1, x, y, 2)", 5.0),
        ("sign(-x)", -1.0),
        ("sign(0)", 0.0),
        ("sin(x)^2 + cos(x)^2", 1.0),
        ("tan(x)", libm::tan(3.0)),
        ("asin(1) + acos(1)", std::f64::consts::FRAC_PI_2),
        ("4 atan(1)", std::f64::consts::PI),
        ("atan2(x, -y)", libm::atan2(3.0, -5.0)),
        ("cosh(x) - sinh(x)", libm::cosh(3.0) - libm::sinh(3.0)),
        ("tanh(x)", libm::tanh(3.0)),
        ("x^0", 1.0),
        ("x^1", 3.0),
        ("x^0.5", 3.0_f64.sqrt()),
        ("x^y", 243.0),
        ("(-x)^y", -243.0),
        ("((((x))))", 3.0),
        ("\tx\n+\u{a0}y ", 8.0),
    ];
    for (text, wanted) in table {
        let value = formula(text).value(&[x, y]);
        assert!(
            (value - wanted).abs() <= 4e-16 * wanted.abs(),
            "{text}: {value} is not {wanted}"
        );
    }
}

#[test]
fn integer_powers_are_repeated_multiplications() {
    let x = 1.1_f64;
    for n in 2..=64 {
        let mut power = formula(&format!("x^{n}"));
        let value = power.value(&[x, 0.0]);
        assert!((value / (0..n).fold(1.0, |p, _| p * x) - 1.0).abs() < 1e-14);
        assert_eq!(
            value.to_bits(),
            power.gradient(&[x, 0.0], &mut [0.0; 2]).to_bits()
        );
    }
    assert_eq!(formula("x^3").value(&[x, 0.0]), x * x * x);
    assert_eq!(formula("x^-2").value(&[x, 0.0]), 1.0 / (x * x));
    assert_eq!(formula("x^101").value(&[-1.0, 0.0]), -1.0);
}

const REFUSALS: &[(&str, &str)] = &[
    (
        "",
        r#"column 1: expected a number, a name or "(" but the formula ends"#,
    ),
    (
        "   ",
        r#"column 4: expected a number, a name or "(" but the formula ends"#,
    ),
    (
        "x + y * 2 +",
        r#"column 12: expected a number, a name or "(" but the formula ends"#,
    ),
    (
        "x + * y",
        r#"column 5: expected a number, a name or "(" instead of "*""#,
    ),
    (
        "x ** ",
        r#"column 6: expected a number, a name or "(" but the formula ends"#,
    ),
    (
        "²",
        r#"column 1: expected a number, a name or "(" instead of "²""#,
    ),
    (
        "()",
        r#"column 2: expected a number, a name or "(" instead of ")""#,
    ),
    ("(x + 1", r#"column 7: expected ")" but the formula ends"#),
    ("x + 1)", r#"column 6: ")" closes nothing"#),
    (
        "sin x",
        r#"column 5: expected "(" after sin instead of "x""#,
    ),
    (
        "sin",
        r#"column 4: expected "(" after sin but the formula ends"#,
    ),
    (
        "sin²(x)",
        r#"column 4: expected "(" after sin instead of "²""#,
    ),
    (
        "x²⁰ ²",
        r#"column 5: expected an operator, such as *, instead of "²""#,
    ),
    (
        "sin(x, y)",
        "column 6: sin takes one argument; decimals are written 1.5",
    ),
    (
        "min(x)",
        r#"column 6: min takes two or more arguments; expected ",""#,
    ),
    (
        "max(x, )",
        r#"column 8: expected a number, a name or "(" instead of ")""#,
    ),
    (
        "atan2(x)",
        r#"column 8: atan2 takes two arguments; expected ",""#,
    ),
    ("atan2(x, y, 1)", "column 11: atan2 takes two arguments"),
    ("min(x; y)", r#"column 6: ";" means nothing here"#),
    ("min(x 2)", r#"column 7: expected "," instead of "2""#),
    (
        "1,5 + x",
        r#"column 2: "," separates nothing here; decimals are written 1.5"#,
    ),
    (
        "(x, y)",
        r#"column 3: "," separates nothing here; decimals are written 1.5"#,
    ),
    (
        "x 2",
        r#"column 3: expected an operator, such as *, instead of "2""#,
    ),
    (
        "(x) 2",
        r#"column 5: expected an operator, such as *, instead of "2""#,
    ),
    (
        "(x 2)",
        r#"column 4: expected an operator, such as *, instead of "2""#,
    ),
    (
        "1.2.3",
        r#"column 4: expected an operator, such as *, instead of ".3""#,
    ),
    (
        "x + .",
        r#"column 5: "." means nothing here without digits"#,
    ),
    ("|x|", r#"column 1: "|" means nothing here; write abs(…)"#),
    ("2 √x", r#"column 3: "√" means nothing here; write sqrt(…)"#),
    (
        "[x]",
        r#"column 1: "[" means nothing here; group with ( and )"#,
    ),
    (
        "y = x",
        r#"column 3: "=" means nothing here; a formula is one expression"#,
    ),
    ("x % 2", r#"column 3: "%" means nothing here"#),
    ("ππ + §", r#"column 6: "§" means nothing here"#),
    (
        "x + 1e999",
        "column 5: 1e999 is too large; the largest number is 1.8e308",
    ),
];

#[test]
fn errors_name_the_column_and_what_was_expected() {
    for (text, wanted) in REFUSALS {
        assert_eq!(refusal(text, &plane()), *wanted, "{text}");
    }
}

#[test]
fn unknown_names_list_the_known_ones() {
    let known = "pi, e and the functions abs, min, max, sign, sqrt, exp, log, ln, log10, log2, sin, cos, tan, asin, \
                 acos, atan, atan2, sinh, cosh, tanh";
    let indexed = Variables::default().named(&["x"]).indexed("b", 1..=9);
    let table = [
        (
            "x + y z",
            plane(),
            r#"column 7: "z" is unknown; known are x, y, "#,
        ),
        (
            "xy",
            plane(),
            r#"column 1: "xy" is unknown; known are x, y, "#,
        ),
        (
            "x + b10",
            indexed.clone(),
            r#"column 5: "b10" is unknown; known are x, b1 … b9, "#,
        ),
        (
            "b0",
            indexed.clone(),
            r#"column 1: "b0" is unknown; known are x, b1 … b9, "#,
        ),
        (
            "b01",
            indexed.clone(),
            r#"column 1: "b01" is unknown; known are x, b1 … b9, "#,
        ),
        (
            "2b99999999999999999999",
            indexed,
            r#"column 2: "b99999999999999999999" is unknown; known are x, b1 … b9, "#,
        ),
        (
            "Sin(x)",
            plane(),
            r#"column 1: "Sin" is unknown; known are x, y, "#,
        ),
    ];
    for (text, variables, wanted) in table {
        assert_eq!(refusal(text, &variables), format!("{wanted}{known}"));
    }
}

#[test]
fn sizes_are_capped() {
    let long = "x".repeat(10_001);
    assert_eq!(
        refusal(&long, &plane()),
        "10001 characters are too long; at most 10000"
    );
    let sum = vec!["x"; 2500].join("+");
    assert_eq!(formula(&sum).value(&[1.0, 0.0]), 2500.0);
    assert_eq!(
        refusal(&format!("{sum}+x"), &plane()),
        "more than 5000 numbers, names and operators"
    );
    let nested = |n| format!("{}x{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(formula(&nested(99)).value(&[1.0, 0.0]), 1.0);
    assert_eq!(
        refusal(&nested(100), &plane()),
        "column 101: nested more than 100 deep"
    );
    assert_eq!(
        refusal(&nested(4999), &plane()),
        "column 101: nested more than 100 deep"
    );
    assert_eq!(
        refusal(&"-".repeat(9_999), &plane()),
        "column 101: nested more than 100 deep"
    );
    assert_eq!(
        refusal(&"2^".repeat(4_999), &plane()),
        "column 201: nested more than 100 deep"
    );
    let quotients = formula(&vec!["x"; 2500].join("/"));
    assert!(
        quotients
            .latex()
            .starts_with(r"\frac{\frac{\frac{x}{x}}{x}}{x} / x / x")
    );
}

#[test]
fn points_hold_the_groups_one_after_the_other() {
    let variables = Variables::default()
        .indexed("x", 2..=50)
        .indexed("b", 1..=50);
    let mut f = Formula::parse("b3 + 10 x1", &variables).unwrap();
    assert_eq!(f.variables(), ["x1", "x2", "b1", "b2", "b3"]);
    assert_eq!(f.counts(), [2, 3]);
    assert_eq!(f.value(&[1.0, 2.0, 3.0, 4.0, 5.0]), 15.0);
}

#[test]
fn tex_and_canonical_text() {
    let table = [
        (
            "(1-x)^2+100(y-x²)²",
            r"\left(1 - x\right)^{2} + 100 \left(y - x^{2}\right)^{2}",
            "(1 - x)^2 + 100*(y - x^2)^2",
        ),
        ("x/2y", r"\frac{x}{2} y", "x/2*y"),
        ("2*3x", r"2 \cdot 3 x", "2*3*x"),
        ("2*(x/3)", r"2 \cdot \frac{x}{3}", "2*(x/3)"),
        ("x*(y*2)", r"x y \cdot 2", "x*(y*2)"),
        ("x-(y-1)", r"x - \left(y - 1\right)", "x - (y - 1)"),
        ("x+(y+1)", r"x + y + 1", "x + (y + 1)"),
        ("x*-y", r"x \left(-y\right)", "x*(-y)"),
        ("-(x+y)", r"-\left(x + y\right)", "-(x + y)"),
        ("-(x*y)", r"-x y", "-(x*y)"),
        ("sin(x)²", r"\sin^{2}\left(x\right)", "sin(x)^2"),
        (
            "log(x)^2",
            r"\left(\ln\left(x\right)\right)^{2}",
            "log(x)^2",
        ),
        ("ln(x) y", r"\ln\left(x\right) y", "log(x)*y"),
        ("sqrt(x)^3", r"\sqrt{x}^{3}", "sqrt(x)^3"),
        ("exp(-x^2)", r"e^{-x^{2}}", "exp(-x^2)"),
        ("exp(x)^2", r"\left(e^{x}\right)^{2}", "exp(x)^2"),
        ("2^-x", r"2^{-x}", "2^(-x)"),
        ("(x^2)^y", r"\left(x^{2}\right)^{y}", "(x^2)^y"),
        ("x^2^y", r"x^{2^{y}}", "x^2^y"),
        ("abs(x) π", r"\left|x\right| \pi", "abs(x)*pi"),
        ("min(x,y,2)", r"\min\left(x, y, 2\right)", "min(x, y, 2)"),
        (
            "atan2(y,x)",
            r"\operatorname{atan2}\left(y, x\right)",
            "atan2(y, x)",
        ),
        ("1.5e-7x", r"1.5 \cdot 10^{-7} x", "1.5e-7*x"),
        ("1e20", r"10^{20}", "1e20"),
        ("(x/y)^2", r"\left(\frac{x}{y}\right)^{2}", "(x/y)^2"),
    ];
    for (text, latex, canonical) in table {
        let f = formula(text);
        assert_eq!(f.latex(), latex, "{text}");
        assert_eq!(f.to_string(), canonical, "{text}");
    }
    let indexed = Variables::default().indexed("x", 1..=50);
    assert_eq!(
        Formula::parse("x1 x12", &indexed).unwrap().latex(),
        "x_{1} x_{12}"
    );
}

/// Every operation, at points where it is smooth, against central differences.
#[test]
fn derivatives_agree_with_differences() {
    let texts = [
        "x y + x/y - y/x",
        "x^2 y^3 - x^-2 + y^7",
        "x^2.5 + x^(1/3) + (y/3)^65",
        "x^y + y^x + 2^x + e^y",
        "(x y)^(x/y)",
        "sqrt(x y) + abs(x - 2y) + sign(x)y",
        "exp(-x y) + log(x + y) + log10(x y) + log2(y)",
        "sin(x y) + cos(x - y) + tan(x/4)",
        "asin(x/3) + acos(y/3) + atan(x y)",
        "sinh(x) cosh(y) + tanh(x - 2y)",
        "atan2(y, x) + atan2(x y, -1)",
        "min(x^2, y^3) + max(x y, x + y, 0)",
        "(x^2+y-11)^2 sin(x)/(1 + exp(y^2))",
    ];
    let points = [[0.7, 1.3], [1.9, 0.6], [1.1, 2.2]];
    for text in texts {
        let mut f = formula(text);
        for point in points {
            assert_derivatives(&mut f, &point, 2e-8, text);
        }
    }
}

fn assert_derivatives(f: &mut Formula, x: &[f64], tolerance: f64, what: &str) {
    let n = x.len();
    let (mut g, mut h) = (vec![0.0; n], vec![0.0; n * n]);
    let value = f.gradient(x, &mut g);
    assert_eq!(value.to_bits(), f.value(x).to_bits());
    assert_eq!(value.to_bits(), f.hessian(x, &mut h).to_bits());
    assert_lanes(f, x, what);
    for i in 0..n {
        let step = 1e-5;
        let (mut above, mut below) = (x.to_vec(), x.to_vec());
        above[i] += step;
        below[i] -= step;
        let width = above[i] - below[i];
        let slope = (f.value(&above) - f.value(&below)) / width;
        let near = |a: f64, b: f64| (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()));
        assert!(
            near(g[i], slope),
            "{what} at {x:?}: ∂{i} is {}, not {slope}",
            g[i]
        );
        let (mut ga, mut gb) = (vec![0.0; n], vec![0.0; n]);
        f.gradient(&above, &mut ga);
        f.gradient(&below, &mut gb);
        for j in 0..n {
            let bend = (ga[j] - gb[j]) / width;
            let entry = h[i * n + j];
            assert!(
                near(entry, bend),
                "{what} at {x:?}: ∂{i}∂{j} is {entry}, not {bend}"
            );
        }
    }
}

/// Each lane has the numbers that its point has alone. `x` is one of the points, the others are multiples of it.
fn assert_lanes(f: &mut Formula, x: &[f64], what: &str) {
    let mut batch = f.batch();
    let point =
        |lane: usize| -> Vec<f64> { x.iter().map(|x| x * (1.0 + lane as f64 / 3.0)).collect() };
    for i in 0..x.len() {
        batch.set(i, std::array::from_fn(|lane| point(lane)[i]));
    }
    let (values, again) = (batch.value(), batch.gradient());
    for lane in 0..LANES {
        let mut g = vec![0.0; x.len()];
        let value = f.gradient(&point(lane), &mut g);
        for found in [values[lane], again[lane]] {
            assert_eq!(found.to_bits(), value.to_bits(), "{what} in lane {lane}");
        }
        for (i, g) in g.iter().enumerate() {
            let found = batch.slope(i)[lane];
            assert!(
                found == *g || found.is_nan() && g.is_nan(),
                "{what}: ∂{i} {found} {g}"
            );
        }
    }
}

#[test]
fn derivatives_at_kinks_tips_and_zeros() {
    // Formula, point, gradient there.
    let table: &[(&str, [f64; 2], [f64; 2])] = &[
        ("x^2 + y^3", [0.0, 0.0], [0.0, 0.0]),
        ("x^1", [0.0, 0.0], [1.0, 0.0]),
        ("x^0", [0.0, 0.0], [0.0, 0.0]),
        ("x^2.5", [0.0, 0.0], [0.0, 0.0]),
        ("x^y", [0.0, 2.0], [0.0, 0.0]),
        ("(-x)^3", [2.0, 0.0], [-12.0, 0.0]),
        ("abs(x) + sign(y)", [0.0, 0.0], [0.0, 0.0]),
        ("sqrt(x^2 + y^2)", [0.0, 0.0], [0.0, 0.0]),
        ("max(x, sqrt(y))", [1.0, 0.0], [1.0, 0.0]),
        ("min(x, y)", [1.0, 1.0], [1.0, 0.0]),
        ("sqrt(x)", [0.0, 0.0], [f64::INFINITY, 0.0]),
        ("3", [0.0, 0.0], [0.0, 0.0]),
        ("y", [0.0, 0.0], [0.0, 1.0]),
    ];
    for (text, x, wanted) in table {
        let (mut g, mut h) = ([9.0; 2], [9.0; 4]);
        let mut f = formula(text);
        f.gradient(x, &mut g);
        assert_eq!(&g, wanted, "{text}");
        assert_lanes(&mut f, x, text);
        f.hessian(x, &mut h);
        assert!(h.iter().all(|v| !v.is_nan()), "{text}: {h:?}");
    }
    assert!(formula("min(x, log(-1))").value(&[1.0, 0.0]).is_nan());
    assert!(formula("max(log(-1), x)").value(&[1.0, 0.0]).is_nan());
    let mut square = [0.0; 4];
    formula("x^2").hessian(&[0.0, 0.0], &mut square);
    assert_eq!(square, [2.0, 0.0, 0.0, 0.0]);
    let mut log_slope = [0.0; 2];
    formula("tanh(x)").gradient(&[20.0, 0.0], &mut log_slope);
    assert!((log_slope[0] / (4.0 * libm::exp(-40.0)) - 1.0).abs() < 1e-15);
}

/// Trees of every operation, at most 6 deep.
fn tree() -> impl Strategy<Value = Vec<Node>> {
    let leaf = prop_oneof![
        (0_u32..1000).prop_map(|v| Node::Number(f64::from(v) / 8.0)),
        (1e-300..1e300).prop_map(Node::Number),
        Just(Node::Constant(Constant::Pi)),
        Just(Node::Constant(Constant::E)),
        (0_usize..2).prop_map(Node::Variable),
    ];
    let unary = prop::sample::select(vec![
        Unary::Neg,
        Unary::Neg,
        Unary::Abs,
        Unary::Sign,
        Unary::Sqrt,
        Unary::Exp,
        Unary::Log,
        Unary::Log10,
        Unary::Log2,
        Unary::Sin,
        Unary::Cos,
        Unary::Tan,
        Unary::Asin,
        Unary::Acos,
        Unary::Atan,
        Unary::Sinh,
        Unary::Cosh,
        Unary::Tanh,
    ]);
    let binary = prop::sample::select(vec![
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Div,
        Binary::Pow,
        Binary::Min,
        Binary::Max,
        Binary::Atan2,
    ]);
    leaf.prop_map(|node| vec![node])
        .prop_recursive(6, 48, 2, move |inner| {
            prop_oneof![
                (unary.clone(), inner.clone()).prop_map(|(f, mut a)| {
                    a.push(Node::Unary(f, a.len() - 1));
                    a
                }),
                (binary.clone(), inner.clone(), inner).prop_map(|(f, mut a, b)| {
                    let (left, offset) = (a.len() - 1, a.len());
                    a.extend(b.into_iter().map(|node| match node {
                        Node::Unary(f, a) => Node::Unary(f, a + offset),
                        Node::Binary(f, a, b) => Node::Binary(f, a + offset, b + offset),
                        leaf => leaf,
                    }));
                    a.push(Node::Binary(f, left, a.len() - 1));
                    a
                }),
            ]
        })
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,60}") {
        let _ = Formula::parse(&text, &plane());
    }

    #[test]
    fn any_words_are_read_or_refused(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "x", "y", "x1", "(", ")", "+", "-", "*", "**", "^", "/", ",", "2", ".5", "1e", "e3", "²", "π",
                "sin", "min(", "atan2(", "sqrt(", " ", "log(",
            ]),
            0..40,
        )
    ) {
        if let Ok(mut f) = Formula::parse(&words.concat(), &plane()) {
            let (mut g, mut h) = ([0.0; 2], [0.0; 4]);
            f.hessian(&[0.5, -2.0], &mut h);
            let value = f.gradient(&[0.5, -2.0], &mut g);
            prop_assert_eq!(value.to_bits(), f.value(&[0.5, -2.0]).to_bits());
            prop_assert!(!f.latex().is_empty());
        }
    }

    #[test]
    fn what_is_printed_is_read_as_the_same_tree(tree in tree()) {
        let names = ["x".to_owned(), "y".to_owned()];
        let text = print::text(&tree, &names);
        let read = Formula::parse(&text, &plane());
        prop_assert!(read.is_ok(), "{}: {:?}", text, read.err());
        prop_assert_eq!(&read.unwrap().tree, &tree, "{}", text);
    }
}
