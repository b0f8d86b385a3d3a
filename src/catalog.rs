//! Everything on offer, as data: the page builds its controls from it, the documentation its tables.

use crate::args::{Args, Field, Kind};
use crate::data::registry::REAL;
use crate::data::toy::TOYS;
use crate::nn::{Activation, Init, Loss};
use crate::optim::schedule::SCHEDULES;
use crate::optim::{Method, constrained, first_order, linear, second_order, stochastic};
use crate::problem::formula::Formula;
use crate::problem::least_squares::models::{Certified, MODELS, Model};
use crate::problem::linear_system::{Entry as MatrixEntry, MATRICES};
use crate::problem::surface::{Entry, SURFACES, Surface};
use crate::value::Value;

/// Every method, in the order of the lecture.
pub fn methods() -> impl Iterator<Item = &'static Method> {
    let first = first_order::entries::<f64>().map(|entry| entry.method);
    let others = second_order::entries()
        .into_iter()
        .chain(linear::entries())
        .chain(stochastic::entries())
        .chain(constrained::entries());
    first.into_iter().chain(others.map(|entry| entry.method))
}

/// Surfaces, models, matrices, data sets, methods, schedules, activations, losses and initialisations, each with its
/// fields, ranges, defaults, equation (LaTeX) and reference.
pub fn catalog() -> Value {
    Value::map([
        ("version", Value::text(env!("CARGO_PKG_VERSION"))),
        ("surfaces", list(SURFACES.iter().map(surface))),
        ("models", list(MODELS.iter().map(model))),
        ("matrices", list(MATRICES.iter().map(matrix))),
        ("datasets", Value::List(datasets())),
        ("methods", list(methods().map(method))),
        (
            "schedules",
            list(SCHEDULES.iter().map(|s| {
                described(
                    s.name,
                    s.title,
                    s.about,
                    [
                        ("latex", Value::text(s.latex)),
                        ("fields", fields(s.fields)),
                    ],
                )
            })),
        ),
        (
            "activations",
            list(Activation::ALL.iter().map(|a| named(a.name(), a.title()))),
        ),
        (
            "losses",
            list(Loss::ALL.iter().map(|l| named(l.name(), l.title()))),
        ),
        (
            "inits",
            list(Init::ALL.iter().map(|i| named(i.name(), i.title()))),
        ),
    ])
}

/// An entry as it stands with its defaults.
fn surface(entry: &Entry) -> Value {
    let info = Surface::named(entry.name).map(|s| s.info().clone()).ok();
    let n = entry.size.default;
    let start = entry.start.in_dimension(n);
    let view = info.as_ref().map_or([0.0; 4], |i| i.view);
    let minima = entry
        .minima
        .in_dimension(n)
        .into_iter()
        .map(|m| Value::from(m.point));
    let about = [
        (
            "formula",
            Value::text(entry.text(n, &Args::defaults(entry.fields))),
        ),
        (
            "latex",
            Value::text(info.map(|i| i.latex).unwrap_or_default()),
        ),
        ("variables", Value::Number(n as f64)),
        ("least_variables", Value::Number(entry.size.least as f64)),
        ("most_variables", Value::Number(entry.size.most as f64)),
        ("multiple_of", Value::Number(entry.size.multiple as f64)),
        ("least_squares", entry.residuals.is_some().into()),
        ("start", Value::from(start)),
        ("view", Value::from(view.to_vec())),
        ("minima", list(minima)),
        ("fields", fields(entry.fields)),
        ("reference", Value::text(entry.reference)),
    ];
    described(entry.name, entry.title, entry.about, about)
}

fn matrix(entry: &MatrixEntry) -> Value {
    let about = [
        ("latex", Value::text(entry.latex)),
        ("on_grid", entry.on_grid.into()),
        ("fields", fields(entry.fields)),
        ("reference", Value::text(entry.reference)),
    ];
    described(entry.name, entry.title, entry.about, about)
}

/// A model as it stands with its defaults.
fn model(model: &Model) -> Value {
    let formula = model.with_defaults().ok();
    let names: Vec<&String> = formula
        .iter()
        .flat_map(|f| &f.variables()[model.inputs()..])
        .collect();
    let n = names.len();
    let both = model.fields.iter().chain(model.data_fields()).copied();
    let certified = |c: &Certified| {
        Value::map([
            ("parameters", c.parameters.to_vec().into()),
            ("standard_deviations", c.standard_deviations.to_vec().into()),
            ("rss", c.rss.into()),
        ])
    };
    let about = [
        (
            "formula",
            Value::text(
                formula
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
            ),
        ),
        (
            "latex",
            Value::text(formula.as_ref().map(Formula::latex).unwrap_or_default()),
        ),
        ("parameters", list(names.into_iter().map(Value::text))),
        ("inputs", Value::Number(model.inputs() as f64)),
        ("implicit", model.is_implicit().into()),
        (
            "starts",
            list(model.starts_in(n).into_iter().map(Value::from)),
        ),
        ("file", model.file().map_or(Value::Null, Value::text)),
        (
            "certified",
            model.certified().map_or(Value::Null, certified),
        ),
        ("fields", fields(&both.collect::<Vec<_>>())),
        ("reference", Value::text(model.reference)),
    ];
    described(model.name, model.title, model.about, about)
}

fn datasets() -> Vec<Value> {
    let toys = TOYS.iter().map(|t| {
        let about = [
            ("task", Value::text(t.task.name())),
            ("file", Value::Null),
            ("fields", fields(t.fields)),
        ];
        described(t.name, t.title, t.about, about)
    });
    let real = REAL.iter().map(|s| {
        let about = [
            ("task", Value::text(s.task.name())),
            ("file", Value::text(s.file)),
            ("rows", Value::Number(s.rows as f64)),
            ("inputs", Value::Number(s.inputs as f64)),
            ("fields", fields(&[])),
        ];
        described(s.name, s.title, s.about, about)
    });
    toys.chain(real).collect()
}

fn method(m: &Method) -> Value {
    let lines = m.equation.iter().map(|line| {
        let when = Value::map(line.when.iter().map(|(k, v)| (*k, Value::text(*v))));
        Value::map([
            ("symbols", Value::text(line.symbols)),
            ("numbers", Value::text(line.numbers)),
            ("when", when),
        ])
    });
    let about = [
        ("family", Value::text(m.family.name())),
        ("needs", Value::text(m.needs.name())),
        (
            "measures",
            list(m.measures.iter().map(|name| Value::text(*name))),
        ),
        ("fields", fields(m.fields)),
        ("equation", list(lines)),
        ("reference", Value::text(m.reference)),
    ];
    described(m.name, m.title, m.about, about)
}

fn fields(fields: &[Field]) -> Value {
    list(fields.iter().map(|field| {
        let mut pairs = vec![
            ("name", Value::text(field.name)),
            ("symbol", Value::text(field.symbol)),
            ("label", Value::text(field.label)),
            ("default", field.default()),
        ];
        match field.kind {
            Kind::Number { range, .. } => {
                pairs.push(("type", Value::text("number")));
                pairs.extend([("min", end(range.min)), ("max", end(range.max))]);
                pairs.extend([
                    ("min_included", range.min_included.into()),
                    ("max_included", range.max_included.into()),
                ]);
            }
            Kind::Integer { min, max, .. } => {
                pairs.push(("type", Value::text("integer")));
                pairs.extend([
                    ("min", f64::from(min).into()),
                    ("max", f64::from(max).into()),
                ]);
            }
            Kind::Flag { .. } => pairs.push(("type", Value::text("flag"))),
            Kind::Choice { options } => {
                pairs.push(("type", Value::text("choice")));
                pairs.push(("options", list(options.iter().map(|o| Value::text(*o)))));
            }
        }
        Value::map(pairs)
    }))
}

/// An end of a range; `null` where it is open to infinity.
fn end(v: f64) -> Value {
    if v.is_finite() {
        Value::Number(v)
    } else {
        Value::Null
    }
}

fn described<const N: usize>(
    name: &str,
    title: &str,
    about: &str,
    more: [(&str, Value); N],
) -> Value {
    let first = [
        ("name", Value::text(name)),
        ("title", Value::text(title)),
        ("about", Value::text(about)),
    ];
    Value::map(first.into_iter().chain(more))
}

fn named(name: &str, title: &str) -> Value {
    Value::map([("name", Value::text(name)), ("title", Value::text(title))])
}

fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::List(items.collect())
}
