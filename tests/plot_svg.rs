//! Charts on the SVG backend: the same bytes as the snapshots in `tests/plot_svg/`, and an end for whatever data.
//!
//! `DESCENT_BLESS=1 cargo test --test plot_svg` writes the snapshots anew; look at them before they are committed.
#![cfg(not(target_arch = "wasm32"))]

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::{Duration, Instant};

use descent::plot::axis::{Range, Scale};
use descent::plot::caption::{Caption, Entry};
use descent::plot::contour::{Grid, levels};
use descent::plot::curves::{Best, Curves, Kind, Series};
use descent::plot::feasible::{Arrow, Feasible, draw_arrows};
use descent::plot::fields::{Shade, answers, bands, heatmap, neuron};
use descent::plot::fit::{Answer, Band, Fit};
use descent::plot::heatmap::{Cell, Heatmap};
use descent::plot::map::{Ground, Model, Path, Paths, Scales, View, map_frame};
use descent::plot::metrics::{Residuals, RocChart, RocCurve};
use descent::plot::parallel::{Parallel, Trace};
use descent::plot::plane::{Dot, Plane};
use descent::plot::sampling::{Cloud, Histogram};
use descent::plot::scatter::{
    Answers, Decision, Dots, Predicted, draw_data, draw_decisions, field_frame,
};
use descent::plot::sheet::Axes;
use descent::plot::span::Span;
use descent::plot::sweep::{Flag, Line, Manner, Mean, Sweep};
use descent::plot::vector::Vector;
use descent::plot::{Outcome, Sheet, Theme};
use plotters::backend::SVGBackend;
use proptest::prelude::*;

fn theme() -> Theme {
    let lane = |colour: &str, dash: &[f64]| serde_json::json!({ "colour": colour, "dash": dash });
    let class = |colour: &str, tint: &str| serde_json::json!({ "colour": colour, "tint": tint });
    let theme = serde_json::json!({
        "paper": "#ffffff", "ink": "#171c22", "ink_2": "#434c57", "ink_3": "#5b6572", "edge": "#7d8793",
        "grid": "#e3e7eb", "bad": "#a3190f", "iso": "#98a5b1", "field_lo": "#fdfefe", "field_hi": "#d3dce4",
        "heat_lo": "#f3f6f8", "heat_hi": "#0b4a73",
        "class_mid": "#fbfbfa",
        "classes": [class("#7a4700", "#ecdcc0"), class("#00605a", "#c4e2de"), class("#5a3a8c", "#ddd5ec")],
        "lanes": [lane("#00599c", &[]), lane("#bf4a00", &[10.0, 4.0]), lane("#008061", &[2.5, 3.0])],
        "font": "sans-serif", "small": 11.0, "text": 12.0, "unit": 1.0, "line": 2.0, "line_on": 3.0,
    });
    let theme: Theme = serde_json::from_value(theme).unwrap();
    theme.checked().unwrap()
}

/// What `draw` makes of a sheet of so many CSS pixels, as SVG in tenths of them.
fn svg(
    (width, height): (u32, u32),
    draw: impl for<'a> Fn(&Sheet<'_, SVGBackend<'a>>) -> Outcome<(), SVGBackend<'a>>,
) -> String {
    const FINE: u32 = 10;
    let theme = theme();
    let mut out = String::new();
    let backend = SVGBackend::with_string(&mut out, (width * FINE, height * FINE));
    let sheet = Sheet::new(backend, &theme, 1.0, f64::from(FINE));
    draw(&sheet).unwrap();
    sheet.present().unwrap();
    drop(sheet);
    out
}

fn check(name: &str, drawn: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "plot_svg", name]
        .iter()
        .collect();
    if std::env::var_os("DESCENT_BLESS").is_some() {
        std::fs::write(&path, drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        drawn == kept,
        "{name} is drawn differently from {}",
        path.display()
    );
}

fn rosenbrock(nx: usize, ny: usize, x: (f64, f64), y: (f64, f64)) -> Vec<f64> {
    let along = |(a, b): (f64, f64), i: usize, n: usize| a + (b - a) * i as f64 / (n - 1) as f64;
    let f = |x: f64, y: f64| (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x);
    (0..nx * ny)
        .map(|n| f(along(x, n % nx, nx), along(y, n / nx, ny)))
        .collect()
}

fn series<'a>(lane: usize, kind: Kind, diverged: bool, x: &'a [f64], y: &'a [f64]) -> Series<'a> {
    Series {
        lane,
        selected: lane == 1,
        diverged,
        kind,
        x,
        y,
    }
}

#[test]
fn curves_with_a_diverged_lane() {
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    let decay: Vec<f64> = x
        .iter()
        .map(|k| 2.0 / (1.0 + 0.3 * k) * (1.0 + 0.2 * f64::from((*k as i32 * 7) % 5)))
        .collect();
    let val: Vec<f64> = x
        .iter()
        .map(|k| {
            if *k as i32 % 10 == 0 {
                2.2 / (1.0 + 0.2 * k)
            } else {
                f64::NAN
            }
        })
        .collect();
    let bad = [2.0, 8.0, 1e3, 1e9, f64::INFINITY];
    for (name, scale) in [
        ("curves_log.svg", Scale::Log),
        ("curves_linear.svg", Scale::Linear),
    ] {
        let chart = Curves {
            series: vec![
                series(1, Kind::Raw, false, &x, &decay),
                series(1, Kind::Line { smoothing: 0.8 }, false, &x, &decay),
                series(1, Kind::Validation, false, &x, &val),
                series(2, Kind::Line { smoothing: 0.0 }, true, &x[..5], &bad),
            ],
            x_name: "iterations".to_owned(),
            x_end: Some(60.0),
            scale,
            bounds: None,
            whole: false,
            gaps: false,
            best: Vec::new(),
        };
        check(name, &svg((320, 150), |sheet| chart.draw(sheet).map(drop)));
    }
}

/// What the page exports: the same chart in few elements, with its caption.
#[test]
fn a_chart_and_its_caption_as_vectors() {
    const PER_PIXEL: f64 = 32.0;
    let theme = theme();
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|k| 2.0 / (1.0 + 0.3 * k)).collect();
    let z: Vec<f64> = x.iter().map(|k| 1.5 / (1.0 + 0.1 * k)).collect();
    let entry = |lane, name| Entry {
        lane,
        selected: lane == 2,
        name,
    };
    let caption = Caption {
        title: "Loss",
        note: "a < b & \"c\"",
        lanes: vec![
            entry(1, "Gradient descent"),
            entry(2, "Momentum"),
            entry(3, "Adam"),
        ],
    };
    let chart = Curves {
        series: vec![
            series(1, Kind::Line { smoothing: 0.0 }, false, &x, &y),
            series(2, Kind::Line { smoothing: 0.0 }, false, &x, &z),
        ],
        x_name: "iterations".to_owned(),
        x_end: Some(60.0),
        scale: Scale::Linear,
        bounds: None,
        whole: false,
        gaps: false,
        best: Vec::new(),
    };
    let (width, height) = (240, 150);
    let (above, below) = caption.room::<Vector>(f64::from(width), &theme);
    // Two lanes fit beside each other; the third stands below.
    assert_eq!((above, below), (26.0, 48.0));
    let elements = |height: f64, draw: &dyn Fn(&Sheet<Vector>)| {
        let out = Rc::new(RefCell::new(String::new()));
        let units = |pixels: f64| (pixels * PER_PIXEL) as u32;
        let size = (units(f64::from(width)), units(height));
        let sheet = Sheet::new(
            Vector::new(Rc::clone(&out), size, PER_PIXEL),
            &theme,
            2.0,
            16.0,
        );
        draw(&sheet);
        sheet.present().unwrap();
        out.take()
    };
    let drawn = elements(f64::from(height), &|sheet| {
        chart.draw(sheet).unwrap();
    });
    let around = elements(f64::from(height) + above + below, &|sheet| {
        caption.draw(sheet).unwrap();
    });
    // A dashed curve is one element.
    assert_eq!(drawn.matches("#bf4a00\" stroke-width").count(), 1);
    let total = f64::from(height) + above + below;
    check(
        "vector.svg",
        &format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {total}\">\n<g transform=\"translate(0 {above})\">\n{drawn}</g>\n{around}</svg>\n"
        ),
    );
}

/// A run that overfits: the gap between training and validation, the best point, and the same of the scores.
#[test]
fn curves_with_a_gap_and_a_best_point() {
    let x: Vec<f64> = (0..60).map(f64::from).collect();
    let loss: Vec<f64> = x.iter().map(|k| 2.0 / (1.0 + 0.3 * k)).collect();
    let at_tens = |of: fn(f64) -> f64| -> Vec<f64> {
        let value = |k: &f64| {
            if (*k as u32).is_multiple_of(10) {
                of(*k)
            } else {
                f64::NAN
            }
        };
        x.iter().map(value).collect()
    };
    let val = at_tens(|k| 0.6 + 0.001 * (k - 30.0) * (k - 30.0));
    let (val_score, train_score) = (at_tens(|k| 0.8 - 0.003 * k), at_tens(|k| 0.7 + 0.004 * k));
    let losses = Curves {
        series: vec![
            series(1, Kind::Line { smoothing: 0.0 }, false, &x, &loss),
            series(1, Kind::Validation, false, &x, &val),
        ],
        x_name: "iterations".to_owned(),
        x_end: Some(60.0),
        scale: Scale::Linear,
        bounds: None,
        whole: false,
        gaps: true,
        best: vec![Best {
            lane: 1,
            at: (30.0, 0.6),
        }],
    };
    check(
        "gap.svg",
        &svg((320, 150), |sheet| losses.draw(sheet).map(drop)),
    );
    let scores = Curves {
        series: vec![
            series(2, Kind::Line { smoothing: 0.0 }, false, &x, &val_score),
            series(2, Kind::Training, false, &x, &train_score),
        ],
        bounds: Some((0.0, 1.0)),
        best: Vec::new(),
        ..losses
    };
    check(
        "gap_score.svg",
        &svg((320, 150), |sheet| scores.draw(sheet).map(drop)),
    );
}

#[test]
fn the_quality_of_a_model() {
    let roc = RocChart {
        lane: 1,
        curves: vec![
            RocCurve {
                name: "validation".to_owned(),
                shown: true,
                fpr: &[0.0, 0.0, 0.1, 0.3, 1.0],
                tpr: &[0.0, 0.5, 0.8, 0.95, 1.0],
                auc: 0.9,
            },
            RocCurve {
                name: "training".to_owned(),
                shown: false,
                fpr: &[0.0, 0.0, 1.0],
                tpr: &[0.0, 0.9, 1.0],
                auc: 0.95,
            },
        ],
        class: "ill".to_owned(),
    };
    check(
        "roc.svg",
        &svg((260, 260), |sheet| roc.draw(sheet).map(drop)),
    );
    let x: Vec<f64> = (0..30).map(|i| 50.0 + 7.0 * f64::from(i)).collect();
    let y: Vec<f64> = (0..30).map(|i| f64::from(i % 7) - 2.0).collect();
    let set = |filled, from: usize, to: usize| Dots {
        x: &x[from..to],
        y: &y[from..to],
        filled,
    };
    let residuals = Residuals {
        lane: 2,
        sets: vec![set(true, 0, 20), set(false, 20, 30)],
        name: "progression".to_owned(),
    };
    check(
        "residuals.svg",
        &svg((320, 220), |sheet| residuals.draw(sheet).map(drop)),
    );
}

#[test]
fn a_map_with_paths() {
    let view = View {
        x: (-2.0, 2.0),
        y: (-0.6, 2.0),
        scales: Scales::Equal,
    };
    let path = [
        -1.5, 1.0, -1.0, 1.2, -0.4, 1.2, -0.5, 0.1, 0.2, 0.0, 0.7, 0.5,
    ];
    let out = [-1.5, 1.0, 0.5, 1.6, 40.0, 50.0];
    let drawn = svg((420, 300), |sheet| {
        let frame = map_frame(sheet, &view);
        let over = |r: &Range| (r.lo(), r.hi());
        let (x, y) = (over(frame.x.range()), over(frame.y.range()));
        let values = rosenbrock(60, 45, x, y);
        let grid = Grid::new(&values, 60, 45, x, y).unwrap();
        let levels = levels(&values, false);
        Ground {
            grid,
            levels: &levels,
            minima: &[(1.0, 1.0)],
            names: ["x", "y"],
        }
        .draw(sheet, &frame)?;
        let lane = |lane, points| Path {
            lane,
            selected: lane == 1,
            diverged: lane == 2,
            points,
            rejected: &[],
            members: &[],
        };
        let paths = Paths {
            paths: vec![lane(1, &path[..]), lane(2, &out[..])],
            start: (-1.5, 1.0),
            model: None,
        };
        paths.draw(sheet, &frame)
    });
    check("map.svg", &drawn);
}

/// A disc and a half-plane that bound, a line that binds, and the gradients that balance at the solution.
#[test]
fn a_map_with_constraints() {
    let view = View {
        x: (-1.5, 1.5),
        y: (-1.5, 1.5),
        scales: Scales::Equal,
    };
    let drawn = svg((360, 300), |sheet| {
        let frame = map_frame(sheet, &view);
        let over = |r: &Range| (r.lo(), r.hi());
        let (x, y) = (over(frame.x.range()), over(frame.y.range()));
        let values = |f: &dyn Fn(f64, f64) -> f64| -> Vec<f64> {
            let along =
                |i: usize, n: usize, (a, b): (f64, f64)| a + (b - a) * i as f64 / (n - 1) as f64;
            (0..40 * 30)
                .map(|n| f(along(n % 40, 40, x), along(n / 40, 30, y)))
                .collect()
        };
        let line = values(&|x, y| y - 0.5 * x);
        let disc = values(&|x, y| x * x + y * y - 1.0);
        let half = values(&|x, _| -x - 1.2);
        let grids = [&line, &disc, &half].map(|v| Grid::new(v, 40, 30, x, y).unwrap());
        let feasible = Feasible {
            grids: &grids,
            equalities: 1,
            active: &[true, true, false],
        };
        let veil = feasible.veil(60, 50, sheet.theme).unwrap();
        assert_eq!(veil.rgba.len(), 4 * 60 * 50);
        let clear = veil.rgba.chunks_exact(4).filter(|p| p[3] == 0).count();
        // The disc's part of the frame.
        let part = std::f64::consts::PI / ((x.1 - x.0) * (y.1 - y.0));
        assert!((clear as f64 / 3000.0 - part).abs() < 0.01, "{clear}");
        feasible.draw(sheet, &frame)?;
        let arrow = |vector, name, of_objective| Arrow {
            vector,
            name,
            of_objective,
        };
        let arrows = [
            arrow((1.0, 1.0), "−∇f", true),
            arrow((1.2, 0.6), "λ₁∇g₁", false),
            arrow((-0.2, 0.4), "ν₁∇c₁", false),
            arrow((f64::NAN, 0.4), "λ₂∇g₂", false),
        ];
        draw_arrows(sheet, &frame, (0.894, 0.447), &arrows)
    });
    check("map_constraints.svg", &drawn);
}

/// The plane of two parameters of different units: rejected trials and the model of the next step, once an ellipse
/// around its minimum, once a saddle.
#[test]
fn a_plane_with_a_model() {
    for (name, matrix) in [
        ("model.svg", [2.0, 0.3, 0.08]),
        ("saddle.svg", [2.0, 0.3, -0.08]),
    ] {
        let drawn = svg((320, 240), |sheet| {
            let view = View {
                x: (-1.0, 1.0),
                y: (-5.0, 5.0),
                scales: Scales::Free,
            };
            let frame = map_frame(sheet, &view);
            let values: Vec<f64> = (0..400)
                .map(|n| {
                    let (i, j) = (f64::from(n % 20), f64::from(n / 20));
                    (i - 9.5) * (i - 9.5) + 0.3 * (j - 9.5) * (j - 9.5)
                })
                .collect();
            let grid = Grid::new(&values, 20, 20, view.x, view.y).unwrap();
            Ground {
                grid,
                levels: &levels(&values, false),
                minima: &[],
                names: ["b1", "b2"],
            }
            .draw(sheet, &frame)?;
            let paths = Paths {
                paths: vec![Path {
                    lane: 1,
                    selected: true,
                    diverged: false,
                    points: &[-0.8, 4.0, -0.5, 2.0],
                    rejected: &[-0.5, 2.0, 0.4, -4.0, -0.5, 2.0, 7.0, 2.0],
                    members: &[],
                }],
                start: (-0.8, 4.0),
                model: Some(Model {
                    lane: 1,
                    at: (-0.5, 2.0),
                    slope: [-0.6, 0.1],
                    matrix,
                }),
            };
            paths.draw(sheet, &frame)
        });
        check(name, &drawn);
    }
}

/// Two populations; what lies off the map, or nowhere, has no dot.
#[test]
fn populations_are_dots() {
    let drawn = svg((320, 240), |sheet| {
        let view = View {
            x: (-1.0, 1.0),
            y: (-1.0, 1.0),
            scales: Scales::Free,
        };
        let lane = |lane, members| Path {
            lane,
            selected: lane == 2,
            diverged: false,
            points: &[-0.5, 0.5, 0.1, 0.2],
            rejected: &[],
            members,
        };
        let one = [0.0, 0.0, 0.3, -0.4, 9.0, 0.0, f64::NAN, 0.0];
        let paths = Paths {
            paths: vec![lane(1, &one), lane(2, &[-0.2, 0.7, 0.5, 0.5])],
            start: (-0.5, 0.5),
            model: None,
        };
        paths.draw(sheet, &map_frame(sheet, &view))
    });
    check("population.svg", &drawn);
}

#[test]
fn samples_are_a_cloud_and_proposals_lead_to_marks() {
    let drawn = svg((320, 240), |sheet| {
        let view = View {
            x: (-1.0, 1.0),
            y: (-1.0, 1.0),
            scales: Scales::Free,
        };
        let frame = map_frame(sheet, &view);
        let cloud = |lane, samples| Cloud {
            lane,
            selected: lane == 2,
            samples,
            accepted: &[0.0, 0.0, 0.3, 0.3, 0.3, 0.3, f64::NAN, 0.0],
            rejected: &[0.3, 0.3, 0.8, -0.4, 0.3, 0.3, 5.0, 0.3],
        };
        cloud(1, &[0.0, 0.1, 0.2, -0.3, 9.0, 0.0]).draw(sheet, &frame)?;
        cloud(2, &[-0.4, 0.4, f64::NAN, 0.0]).draw(sheet, &frame)
    });
    check("samples.svg", &drawn);
}

#[test]
fn a_histogram_stands_beside_the_true_density() {
    let chart = Histogram {
        lane: 1,
        ends: (-1.0, 2.0),
        density: &[0.1, 0.3, 0.0, 0.6],
        at: &[-2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 30.0],
        truth: &[0.05, 0.2, 0.5, 0.4, f64::NAN, 0.1, 0.0],
        x_name: "b1".to_owned(),
    };
    check(
        "histogram.svg",
        &svg((320, 200), |sheet| chart.draw(sheet).map(drop)),
    );
    let wild = Histogram {
        ends: (f64::NAN, f64::INFINITY),
        density: &[f64::INFINITY, f64::NAN],
        at: &[],
        truth: &[],
        ..chart
    };
    svg((320, 200), |sheet| wild.draw(sheet).map(drop));
}

#[test]
fn a_heatmap_has_a_colour_for_every_cell() {
    let theme = theme();
    let image = heatmap(&[-2.0, 0.0, 0.5, 2.0, f64::NAN, 9.0], 3, 2.0, false, &theme).unwrap();
    assert_eq!((image.width, image.height), (3, 2));
    let pixel = |i: usize| &image.rgba[4 * i..4 * i + 3];
    assert_eq!(pixel(0), theme.class(0).colour.0);
    assert_eq!(pixel(1), theme.class_mid.0);
    assert_eq!(pixel(3), theme.class(1).colour.0);
    assert_eq!(pixel(4), theme.paper.0);
    assert_eq!(pixel(5), pixel(3));
    let spread = heatmap(&[0.5, 2.0], 2, 2.0, true, &theme).unwrap();
    let half = heatmap(&[1.0, 2.0], 2, 2.0, false, &theme).unwrap();
    assert_eq!(spread.rgba[..3], half.rgba[..3]);
    assert_eq!(heatmap(&[1.0, 2.0, 3.0], 2, 1.0, false, &theme), None);
    assert_eq!(heatmap(&[], 0, 1.0, false, &theme), None);
}

#[test]
fn a_field_with_its_data() {
    let over = ((-1.0, 1.0), (-2.0, 2.0));
    let node = |n: usize| {
        (
            f64::from(n as u32 % 20) / 9.5 - 1.0,
            f64::from(n as u32 / 20) / 4.75 - 2.0,
        )
    };
    let values: Vec<f64> = (0..400)
        .map(node)
        .map(|(x, y)| 0.5 + 0.2 * (x * x + y - 0.5))
        .collect();
    let grid = Grid::new(&values, 20, 20, over.0, over.1).unwrap();
    let drawn = svg((260, 260), |sheet| {
        let range = |(lo, hi)| Range::new(lo, hi, Scale::Linear);
        let frame = field_frame(sheet, range(over.0), range(over.1));
        let decision = |lane| Decision {
            lane,
            selected: lane == 1,
            grids: std::slice::from_ref(&grid),
            level: 0.5,
        };
        draw_decisions(sheet, &frame, &[decision(1)])?;
        sheet.axes(
            &frame,
            &Axes {
                x: "petal length".to_owned(),
                y: "petal width".to_owned(),
                grid: false,
            },
        )?;
        let (x, y) = ([-0.5, 0.0, 0.5, 9.0], [-1.0, 0.0, 1.0, 0.0]);
        draw_data(
            sheet,
            &frame,
            &Dots {
                x: &x,
                y: &y,
                filled: true,
            },
            Answers::Classes(&[0.0, 1.0, 2.0, 0.0]),
        )?;
        draw_data(
            sheet,
            &frame,
            &Dots {
                x: &y,
                y: &x,
                filled: false,
            },
            Answers::Numbers {
                values: &x,
                lo: -1.0,
                hi: 1.0,
            },
        )
    });
    check("field.svg", &drawn);
}

#[test]
fn a_fit_and_a_prediction() {
    let x: Vec<f64> = (0..40).map(|i| f64::from(i) / 10.0).collect();
    let y: Vec<f64> = x.iter().map(|x| x * (4.0 - x) / 4.0).collect();
    let near: Vec<f64> = y
        .iter()
        .enumerate()
        .map(|(i, y)| y + 0.1 * f64::from(i as u32 % 3))
        .collect();
    let wild: Vec<f64> = x.iter().map(|x| 50.0 * (x - 2.0)).collect();
    let fit = Fit {
        data: vec![Dots {
            x: &x,
            y: &near,
            filled: true,
        }],
        answers: vec![
            Answer {
                lane: 1,
                selected: true,
                x: &x,
                y: &y,
            },
            Answer {
                lane: 2,
                selected: false,
                x: &x,
                y: &wild,
            },
        ],
        outer: None,
        band: None,
        whole: false,
        x_name: "x".to_owned(),
        y_name: "y".to_owned(),
    };
    check(
        "fit.svg",
        &svg((300, 220), |sheet| fit.draw(sheet).map(drop)),
    );
    let (lower, upper): (Vec<f64>, Vec<f64>) = (x.iter().zip(&y))
        .map(|(x, y)| (y - 0.1 - 0.1 * x, y + 0.1 + 0.1 * x))
        .unzip();
    let banded = Fit {
        outer: None,
        band: Some(Band {
            lane: 1,
            x: &x,
            lower: &lower,
            upper: &upper,
        }),
        ..fit
    };
    check(
        "band.svg",
        &svg((300, 220), |sheet| banded.draw(sheet).map(drop)),
    );
    let predicted = Predicted {
        lane: 1,
        sets: vec![
            Dots {
                x: &y,
                y: &near,
                filled: true,
            },
            Dots {
                x: &y[..9],
                y: &x[..9],
                filled: false,
            },
        ],
        name: "progression".to_owned(),
    };
    check(
        "predicted.svg",
        &svg((260, 260), |sheet| predicted.draw(sheet).map(drop)),
    );
}

fn rates() -> Span {
    let labels = ["0.001", "0.01", "0.1", "1"].map(str::to_owned).to_vec();
    Span::names("learning rate α", labels)
}

fn penalties() -> Span {
    Span::names("L2", ["0", "0.01", "0.1"].map(str::to_owned).to_vec())
}

fn log_span(name: &str, lo: f64, hi: f64) -> Span {
    Span::numbers(name, (lo, hi), Scale::Log, true)
}

#[test]
fn the_trials_of_a_search_by_two_axes() {
    let score = |v: f64| Cell::Score(v, format!("{v:.1}"));
    let map = Heatmap {
        x: rates(),
        y: penalties(),
        columns: 4,
        cells: vec![
            score(61.0),
            score(90.0),
            score(95.8),
            Cell::Failed,
            score(60.0),
            score(91.7),
            Cell::Running,
            Cell::Running,
            Cell::Pending,
            Cell::Pending,
            Cell::Pending,
            Cell::Empty,
        ],
        best: Some(2),
        chosen: Some(5),
        rises: true,
        unit: " %".to_owned(),
    };
    check(
        "heatmap.svg",
        &svg((420, 240), |sheet| map.draw(sheet).map(drop)),
    );
    let dot = |x: f64, y: f64, score: f64, search| Dot {
        at: (x, y),
        score,
        over: true,
        search,
    };
    let plane = Plane {
        x: log_span("learning rate α", 1e-3, 1.0),
        y: log_span("L2", 1e-4, 1.0),
        dots: vec![
            dot(0.001, 0.01, 0.7, 0),
            dot(0.1, 0.01, 0.2, 0),
            dot(0.1, 0.1, 3.0, 0),
            dot(0.03, 0.002, 0.15, 1),
            dot(0.9, 0.5, f64::NAN, 1),
            Dot {
                over: false,
                ..dot(0.005, 0.2, f64::NAN, 1)
            },
        ],
        best: vec![1, 3],
        chosen: Some(0),
        rises: false,
        unit: String::new(),
    };
    check(
        "plane.svg",
        &svg((420, 260), |sheet| plane.draw(sheet).map(drop)),
    );
}

#[test]
fn the_trials_of_a_search_by_more_axes_and_by_one() {
    let parallel = Parallel {
        axes: vec![
            log_span("α", 1e-3, 1.0),
            penalties(),
            Span::numbers("iterations", (100.0, 900.0), Scale::Linear, false),
            Span::numbers("accuracy, %", (50.0, 96.0), Scale::Linear, false),
        ],
        traces: vec![
            Trace {
                at: vec![0.001, 0.0, 100.0, 50.0],
                score: 50.0,
            },
            Trace {
                at: vec![0.1, 1.0, 900.0, 96.0],
                score: 96.0,
            },
            Trace {
                at: vec![0.1, 2.0, 300.0, 80.0],
                score: 80.0,
            },
            Trace {
                at: vec![1.0, 0.0, 300.0, f64::NAN],
                score: f64::NAN,
            },
        ],
        best: Some(1),
        chosen: Some(2),
        rises: true,
    };
    check(
        "parallel.svg",
        &svg((420, 240), |sheet| parallel.draw(sheet).map(drop)),
    );
    let mean = |x: f64, y: f64, deviation| Mean {
        at: (x, y),
        deviation,
    };
    let sweep = Sweep {
        x: rates(),
        y: Span::numbers("", (50.0, 100.0), Scale::Linear, false),
        lines: vec![
            Line {
                manner: Manner::Solid,
                joined: true,
                means: vec![
                    mean(0.0, 70.0, 4.0),
                    mean(1.0, 90.0, 2.0),
                    mean(2.0, 96.0, 6.0),
                ],
            },
            Line {
                manner: Manner::Dashed,
                joined: true,
                means: vec![
                    mean(0.0, 72.0, 0.0),
                    mean(1.0, 93.0, 0.0),
                    mean(3.0, 20.0, 0.0),
                ],
            },
        ],
        folds: vec![
            ((0.0, 66.0), 0),
            ((0.0, 74.0), 1),
            ((1.0, 88.0), 0),
            ((1.0, 92.0), 1),
            ((2.0, f64::NAN), 0),
        ],
        of: 2,
        flags: Vec::new(),
    };
    check(
        "sweep.svg",
        &svg((320, 220), |sheet| sweep.draw(sheet).map(drop)),
    );
}

#[test]
fn a_climb_of_the_learning_rate() {
    let rate = |i: usize| libm::exp(0.2 * i as f64) * 1e-6;
    let loss = |i: usize| 0.7 - 0.008 * i as f64 + if i > 60 { 0.1 } else { 0.0 };
    let line = |manner, noise: f64| Line {
        manner,
        joined: true,
        means: (0..80)
            .map(|i| Mean {
                at: (rate(i), loss(i) + noise * (i % 3) as f64),
                deviation: 0.0,
            })
            .collect(),
    };
    let flag = |i, label: &str| Flag {
        x: rate(i),
        label: label.to_owned(),
    };
    let climb = Sweep {
        x: Span::numbers("learning rate", (rate(0), rate(79)), Scale::Log, false),
        y: Span::numbers("", (0.0, 0.8), Scale::Linear, true),
        lines: vec![line(Manner::Raw, 0.03), line(Manner::Bare, 0.0)],
        folds: Vec::new(),
        of: 1,
        flags: vec![
            flag(40, "steepest"),
            flag(78, "lowest"),
            flag(200, "outside"),
        ],
    };
    let drawn = svg((420, 240), |sheet| climb.draw(sheet).map(drop));
    assert!(!drawn.contains("outside"));
    check("climb.svg", &drawn);
}

#[test]
fn a_hundred_thousand_rows_are_drawn_at_once() {
    let x: Vec<f64> = (0..100_000).map(f64::from).collect();
    let y: Vec<f64> = x
        .iter()
        .map(|k| 1.0 + f64::from((*k as u32).wrapping_mul(2_654_435_761) >> 16) * 1e-5)
        .collect();
    let chart = Curves {
        series: vec![series(1, Kind::Line { smoothing: 0.5 }, false, &x, &y)],
        x_name: String::new(),
        x_end: None,
        scale: Scale::Log,
        bounds: None,
        whole: false,
        gaps: false,
        best: Vec::new(),
    };
    let start = Instant::now();
    let drawn = svg((320, 150), |sheet| chart.draw(sheet).map(drop));
    // Unoptimised and on a busy machine it may take a while; kilobytes tell that it was reduced.
    assert!(
        start.elapsed() < Duration::from_secs(2) && drawn.len() < 40_000,
        "{} bytes",
        drawn.len()
    );
}

fn column(rows: usize) -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![
        any::<f64>(),
        -10.0..10.0,
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::NEG_INFINITY),
        Just(0.0),
        Just(1e300),
        Just(-1e-300),
    ];
    prop::collection::vec(value, rows)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn curves_are_drawn_of_whatever_data(
        x in column(30), y in column(30), rising in any::<bool>(), log in any::<bool>(), diverged in any::<bool>(),
        smoothing in prop_oneof![0.0..1.0, any::<f64>()], end in prop::option::of(any::<f64>()), size in (0u32..400, 0u32..300),
    ) {
        let counted: Vec<f64> = (0..30).map(f64::from).collect();
        let x = if rising { &counted } else { &x };
        let chart = Curves {
            series: vec![
                series(1, Kind::Raw, diverged, x, &y),
                series(1, Kind::Line { smoothing }, diverged, x, &y),
                series(2, Kind::Validation, diverged, x, &y),
                series(3, Kind::Line { smoothing: 0.0 }, false, &x[..3], &y[..3]),
                series(1, Kind::Validation, false, &x[..9], &y[9..18]),
                series(3, Kind::Training, false, x, &y),
            ],
            x_name: "x".to_owned(),
            x_end: end,
            scale: if log { Scale::Log } else { Scale::Linear },
            bounds: diverged.then_some((0.0, 1.0)),
            whole: log,
 gaps: rising,
            best: vec![Best { lane: 2, at: (x[0], y[0]) }],
        };
        svg(size, |sheet| chart.draw(sheet).map(drop));
    }

    #[test]
    fn maps_are_drawn_of_whatever_data(
        values in column(48), path in column(20), view in column(4), minimum in column(2), size in (0u32..400, 0u32..300),
        equal in any::<bool>(),
    ) {
        let scales = if equal { Scales::Equal } else { Scales::Free };
        let drawn = |sheet: &Sheet<'_, SVGBackend<'_>>| {
            let frame = map_frame(sheet, &View { x: (view[0], view[1]), y: (view[2], view[3]), scales });
            let over = |r: &Range| (r.lo(), r.hi());
            let levels = levels(&values, false);
            assert!(levels.len() <= 40 && levels.windows(2).all(|w| w[0] < w[1]), "{levels:?}");
            let grid = Grid::new(&values, 8, 6, over(frame.x.range()), over(frame.y.range())).unwrap();
            bands(&grid, &levels, 20, 10, sheet.theme);
            Ground { grid, levels: &levels, minima: &[(minimum[0], minimum[1])], names: ["x", "y"] }.draw(sheet, &frame).unwrap();
            let lane = |lane, diverged| Path { lane, selected: lane == 1, diverged, points: &path, rejected: &path, members: &path };
            Paths { paths: vec![lane(1, false), lane(2, true)], start: (path[0], path[1]), model: Some(Model { lane: 1, at: (path[0], path[1]), slope: [path[2], path[3]], matrix: [path[4], path[5], path[6]] }) }.draw(sheet, &frame).unwrap();
        };
        svg(size, |sheet| { drawn(sheet); Ok(()) });
    }

    #[test]
    fn searches_are_drawn_of_whatever_data(
        values in column(24), ends in column(4), log in any::<bool>(), rises in any::<bool>(), size in (0u32..400, 0u32..300),
        place in 0usize..30,
    ) {
        let scale = if log { Scale::Log } else { Scale::Linear };
        let span = |a: usize, b: usize| Span::numbers("x", (ends[a], ends[b]), scale, rises);
        let cells = values.iter().map(|v| Cell::Score(*v, v.to_string())).chain([Cell::Pending, Cell::Running]).collect();
        let dots = values.chunks(3).map(|v| Dot { at: (v[0], v[1]), score: v[2], over: rises, search: place % 2 }).collect();
        let traces = values.chunks(3).map(|v| Trace { at: v.to_vec(), score: v[2] }).collect();
        let means = values.chunks(3).map(|v| Mean { at: (v[0], v[1]), deviation: v[2] }).collect();
        svg(size, |sheet| {
            let (best, chosen) = (Some(place), Some(place / 2));
            Heatmap { x: span(0, 1), y: rates(), columns: place % 5, cells: Vec::clone(&cells), best, chosen, rises, unit: String::new() }.draw(sheet)?;
            Plane { x: span(0, 1), y: span(2, 3), dots: Vec::clone(&dots), best: vec![place], chosen, rises, unit: String::new() }.draw(sheet)?;
            Parallel { axes: vec![span(0, 1), rates(), span(2, 3)], traces: Vec::clone(&traces), best, chosen, rises }.draw(sheet)?;
            let line = |manner| Line { manner, joined: rises, means: Vec::clone(&means) };
            let lines = vec![line(Manner::Solid), line(Manner::Bare), line(Manner::Raw)];
            let flags = values.iter().map(|x| Flag { x: *x, label: x.to_string() }).collect();
            let folds = values.chunks(2).map(|v| ((v[0], v[1]), place)).collect();
            Sweep { x: span(0, 1), y: span(2, 3), lines, folds, of: place, flags }.draw(sheet).map(drop)
        });
    }

    #[test]
    fn fields_are_drawn_of_whatever_data(values in column(75), ends in column(2), data in column(30), view in column(4)) {
        let grids: Vec<Grid> = values.chunks(25).map(|v| Grid::new(v, 5, 5, (0.0, 1.0), (0.0, 1.0)).unwrap()).collect();
        let theme = theme();
        for shade in [Shade::Largest, Shade::Diverging { lo: ends[0], hi: ends[1] }] {
            prop_assert_eq!(answers(&grids, shade, 7, 9, &theme).unwrap().rgba.len(), 4 * 7 * 9);
        }
        neuron(&values[..25], 5, ends[0], ends[1], &theme).unwrap();
        heatmap(&values, 5, ends[0], true, &theme).unwrap();
        let (x, y) = data.split_at(15);
        let dots = Dots { x, y, filled: true };
        svg((200, 200), |sheet| {
            let frame = field_frame(sheet, Range::new(view[0], view[1], Scale::Linear), Range::new(view[2], view[3], Scale::Linear));
            let decision = |lane, grids| Decision { lane, selected: lane == 1, grids, level: ends[0] };
            draw_decisions(sheet, &frame, &[decision(1, &grids[..]), decision(2, &grids[..1]), decision(3, &[])])?;
            draw_data(sheet, &frame, &dots, Answers::Classes(&values))?;
            draw_data(sheet, &frame, &dots, Answers::Numbers { values: &values, lo: ends[0], hi: ends[1] })?;
            Predicted { lane: 2, sets: vec![dots], name: String::new() }.draw(sheet)?;
            Residuals { lane: 2, sets: vec![dots], name: String::new() }.draw(sheet)?;
            let curve = RocCurve { name: String::new(), shown: true, fpr: x, tpr: y, auc: ends[0] };
            RocChart { lane: 1, curves: vec![curve], class: String::new() }.draw(sheet)?;
            let answers = vec![Answer { lane: 1, selected: true, x, y }];
            let band = Band { lane: 1, x, lower: y, upper: x };
            Fit { data: vec![dots], answers, outer: Some(band), band: Some(band), whole: ends[0] > 0.0, x_name: String::new(), y_name: String::new() }.draw(sheet).map(drop)
        });
    }
}
