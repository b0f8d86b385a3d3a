//! Learning-rate schedules: pure functions of the epoch or the iteration.

use crate::args::{Args, Field, Range};
use crate::error::Error;
use crate::value::Value;

/// What the catalogue says of a schedule.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Info {
    /// The name that a config uses.
    pub name: &'static str,
    /// The name that people use.
    pub title: &'static str,
    /// One sentence.
    pub about: &'static str,
    /// The equation in LaTeX.
    pub latex: &'static str,
    /// Its fields, besides `name`, `unit`, `boundaries` and `then`.
    pub fields: &'static [Field],
}

/// All schedules.
pub const SCHEDULES: &[Info] = &[
    Info {
        name: "constant",
        title: "constant",
        about: "The learning rate stays as it is.",
        latex: r"\alpha_t = \alpha_0",
        fields: &[],
    },
    Info {
        name: "inverse_time",
        title: "1/(1+decay·t)",
        about: "The lecture's learning-rate decay: with α₀ = 0.1 and decay 1 it is 0.1, 0.05, 0.033, 0.025, …",
        latex: r"\alpha_t = \frac{\alpha_0}{1 + \text{decay} \cdot t}",
        fields: &[Field::number(
            "decay_rate",
            "decay",
            "decay rate",
            1.0,
            Range::NON_NEGATIVE,
        )],
    },
    Info {
        name: "step",
        title: "step",
        about: "Every so often the learning rate loses a part of itself; 0.5 halves it.",
        latex: r"\alpha \leftarrow \alpha - \text{drop} \cdot \alpha \quad \text{every } n",
        fields: &[
            Field::integer(
                "every",
                "n",
                "epochs (or iterations) between drops",
                10,
                1,
                1_000_000_000,
            ),
            Field::number(
                "drop",
                "drop",
                "part that is lost",
                0.5,
                Range::closed(0.0, 1.0),
            ),
        ],
    },
    Info {
        name: "exponential",
        title: "exponential",
        about: "A constant factor each epoch.",
        latex: r"\alpha_t = \text{base}^t \, \alpha_0",
        fields: &[Field::number(
            "base",
            "base",
            "factor an epoch",
            0.95,
            Range {
                min: 0.0,
                max: 1.0,
                min_included: false,
                max_included: true,
            },
        )],
    },
    Info {
        name: "inverse_sqrt",
        title: "t/√epoch",
        about: "The lecture's third decay; α₀ at t = 0.",
        latex: r"\alpha_t = \frac{\text{factor}}{\sqrt{t}} \, \alpha_0, \quad t \ge 1",
        fields: &[Field::number(
            "factor",
            "factor",
            "factor",
            1.0,
            Range::POSITIVE,
        )],
    },
    Info {
        name: "piecewise",
        title: "manual",
        about: "The training schedule set by hand: from each boundary on, the learning rate given there.",
        latex: r"\alpha_t = \alpha_i \quad \text{for } t_i \le t < t_{i+1}",
        fields: &[],
    },
    Info {
        name: "warmup",
        title: "warm-up",
        about: "Rises in a straight line to the full learning rate, then goes on with another schedule.",
        latex: r"\alpha_t = \alpha_0 \min\left(1, s + (1-s)\frac{t}{n}\right)",
        fields: &[
            Field::integer(
                "length",
                "n",
                "epochs (or iterations) of warm-up",
                5,
                1,
                1_000_000_000,
            ),
            Field::number(
                "start",
                "s",
                "factor at the start",
                0.1,
                Range::closed(0.0, 1.0),
            ),
        ],
    },
    Info {
        name: "cosine",
        title: "cosine",
        about: "Half a cosine from the full learning rate down to the smallest, which then stays.",
        latex: r"\alpha_t = \alpha_{\min} + \tfrac12(\alpha_0 - \alpha_{\min})\left(1 + \cos\frac{\pi t}{n}\right)",
        fields: &[
            Field::integer(
                "epochs",
                "n",
                "epochs (or iterations) to the end",
                50,
                1,
                1_000_000_000,
            ),
            Field::number(
                "min_lr",
                "α min",
                "learning rate at the end",
                0.0,
                Range::NON_NEGATIVE,
            ),
        ],
    },
    Info {
        name: "one_cycle",
        title: "one cycle",
        about: "Up from α₀/25 to α₀ over the first part, then down to almost nothing, both along a cosine.",
        latex: r"\alpha_0/\text{div} \nearrow \alpha_0 \searrow \alpha_0/(\text{div}\cdot\text{final})",
        fields: &[
            Field::integer(
                "epochs",
                "n",
                "epochs (or iterations) of the cycle",
                50,
                2,
                1_000_000_000,
            ),
            Field::number(
                "rise",
                "rise",
                "part of the cycle that rises",
                0.3,
                Range {
                    min: 0.0,
                    max: 1.0,
                    min_included: false,
                    max_included: false,
                },
            ),
            Field::number(
                "div",
                "div",
                "α₀ over the first learning rate",
                25.0,
                Range {
                    min: 1.0,
                    max: f64::INFINITY,
                    min_included: true,
                    max_included: false,
                },
            ),
            Field::number(
                "final_div",
                "final",
                "first learning rate over the last",
                1e4,
                Range {
                    min: 1.0,
                    max: f64::INFINITY,
                    min_included: true,
                    max_included: false,
                },
            ),
        ],
    },
];

/// What t counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Unit {
    /// Whole epochs: t is constant within one, as with PyTorch's schedulers stepped once an epoch.
    #[default]
    Epoch,
    /// Iterations.
    Iteration,
}

/// A learning-rate schedule.
///
/// Source: the lecture (inverse time, step, exponential, inverse square root, manual); Loshchilov, Hutter 2017,
/// eq. (5) (cosine); Smith, Topin 2019 (one cycle; the annealing is PyTorch's `OneCycleLR` with its cosine).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Schedule {
    shape: Shape,
    unit: Unit,
}

#[derive(Debug, Clone, PartialEq, Default)]
enum Shape {
    #[default]
    Constant,
    InverseTime {
        decay_rate: f64,
    },
    Step {
        every: f64,
        drop: f64,
    },
    Exponential {
        base: f64,
    },
    InverseSqrt {
        factor: f64,
    },
    Piecewise {
        boundaries: Vec<(f64, f64)>,
    },
    Warmup {
        length: f64,
        start: f64,
        then: Option<Box<Schedule>>,
    },
    Cosine {
        length: f64,
        min_lr: f64,
    },
    OneCycle {
        length: f64,
        rise: f64,
        div: f64,
        final_div: f64,
    },
}

impl Schedule {
    /// The learning rate at a place of the run, from the base rate `lr0`.
    ///
    /// `epoch` is fractional (1.5 is in the middle of the second); `iteration` counts from 0.
    pub fn at(&self, lr0: f64, epoch: f64, iteration: u64) -> f64 {
        let t = match self.unit {
            Unit::Epoch => epoch.floor(),
            Unit::Iteration => iteration as f64,
        };
        match &self.shape {
            Shape::InverseTime { decay_rate } => lr0 / (1.0 + decay_rate * t),
            Shape::Step { every, drop } => lr0 * libm::pow(1.0 - drop, (t / every).floor()),
            Shape::Exponential { base } => lr0 * libm::pow(*base, t),
            Shape::InverseSqrt { factor } if t >= 1.0 => lr0 * factor / t.sqrt(),
            Shape::Constant | Shape::InverseSqrt { .. } => lr0,
            Shape::Piecewise { boundaries } => boundaries
                .iter()
                .take_while(|(from, _)| *from <= t)
                .last()
                .map_or(lr0, |(_, lr)| *lr),
            Shape::Warmup { length, start, .. } if t < *length => {
                lr0 * (start + (1.0 - start) * t / length)
            }
            Shape::Warmup { length, then, .. } => {
                then.as_ref().map_or(lr0, |then| match self.unit {
                    Unit::Epoch => then.at(lr0, (epoch - length).max(0.0), iteration),
                    Unit::Iteration => {
                        then.at(lr0, epoch, iteration.saturating_sub(*length as u64))
                    }
                })
            }
            Shape::Cosine { length, min_lr } => cosine(lr0, *min_lr, t / length),
            Shape::OneCycle {
                length,
                rise,
                div,
                final_div,
            } => {
                // PyTorch's phases end at rise·n − 1 and n − 1, both counted from 0.
                let (top, end) = (rise * length - 1.0, length - 1.0);
                let first = lr0 / div;
                if t <= top && top > 0.0 {
                    cosine(first, lr0, t / top)
                } else {
                    cosine(lr0, first / final_div, (t - top) / (end - top))
                }
            }
        }
    }

    /// Reads a config: `{ name, unit?, … }`. Paths in errors are relative to it.
    pub fn from_value(value: &Value) -> Result<Self, Error> {
        let Value::Map(_) = value else {
            return Err(Error::new(
                "",
                format!("{value} is not an object such as {{ name: \"cosine\" }}"),
            ));
        };
        let names = || {
            SCHEDULES
                .iter()
                .map(|s| s.name)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let name = value
            .get("name")
            .ok_or_else(|| Error::new("name", format!("is missing; one of {}", names())))?;
        let info = SCHEDULES
            .iter()
            .find(|s| Some(s.name) == name.as_text())
            .ok_or_else(|| Error::new("name", format!("{name} is not one of {}", names())))?;
        let extra: &[&str] = match info.name {
            "piecewise" => &["name", "unit", "boundaries"],
            "warmup" => &["name", "unit", "then"],
            _ => &["name", "unit"],
        };
        let args = Args::read(info.fields, value, extra)?;
        let unit = match value.get("unit").map(|v| (v, v.as_text())) {
            None | Some((_, Some("epoch"))) => Unit::Epoch,
            Some((_, Some("iteration"))) => Unit::Iteration,
            Some((v, _)) => {
                return Err(Error::new(
                    "unit",
                    format!("{v} is not one of epoch, iteration"),
                ));
            }
        };
        let shape = match info.name {
            "inverse_time" => Shape::InverseTime {
                decay_rate: args.number("decay_rate"),
            },
            "step" => Shape::Step {
                every: args.number("every"),
                drop: args.number("drop"),
            },
            "exponential" => Shape::Exponential {
                base: args.number("base"),
            },
            "inverse_sqrt" => Shape::InverseSqrt {
                factor: args.number("factor"),
            },
            "piecewise" => Shape::Piecewise {
                boundaries: boundaries(value.get("boundaries"))?,
            },
            "warmup" => Shape::Warmup {
                length: args.number("length"),
                start: args.number("start"),
                then: value
                    .get("then")
                    .map(|then| match then.get("then") {
                        None => Self::from_value(then).map_err(|e| e.within("then")),
                        Some(_) => Err(Error::new(
                            "then.then",
                            "a schedule after a warm-up cannot be another warm-up",
                        )),
                    })
                    .transpose()?
                    .map(Box::new),
            },
            "cosine" => Shape::Cosine {
                length: args.number("epochs"),
                min_lr: args.number("min_lr"),
            },
            "one_cycle" => Shape::OneCycle {
                length: args.number("epochs"),
                rise: args.number("rise"),
                div: args.number("div"),
                final_div: args.number("final_div"),
            },
            _ => Shape::Constant,
        };
        Ok(Self { shape, unit })
    }

    /// The config with every default filled in.
    pub fn to_value(&self) -> Value {
        let n = Value::Number;
        let (name, mut fields) = match &self.shape {
            Shape::Constant => ("constant", vec![]),
            Shape::InverseTime { decay_rate } => {
                ("inverse_time", vec![("decay_rate", n(*decay_rate))])
            }
            Shape::Step { every, drop } => ("step", vec![("every", n(*every)), ("drop", n(*drop))]),
            Shape::Exponential { base } => ("exponential", vec![("base", n(*base))]),
            Shape::InverseSqrt { factor } => ("inverse_sqrt", vec![("factor", n(*factor))]),
            Shape::Piecewise { boundaries } => {
                let pairs = boundaries
                    .iter()
                    .map(|(t, lr)| Value::from(vec![*t, *lr]))
                    .collect();
                ("piecewise", vec![("boundaries", Value::List(pairs))])
            }
            Shape::Warmup {
                length,
                start,
                then,
            } => {
                let mut fields = vec![("length", n(*length)), ("start", n(*start))];
                fields.extend(then.iter().map(|then| ("then", then.to_value())));
                ("warmup", fields)
            }
            Shape::Cosine { length, min_lr } => (
                "cosine",
                vec![("epochs", n(*length)), ("min_lr", n(*min_lr))],
            ),
            Shape::OneCycle {
                length,
                rise,
                div,
                final_div,
            } => (
                "one_cycle",
                vec![
                    ("epochs", n(*length)),
                    ("rise", n(*rise)),
                    ("div", n(*div)),
                    ("final_div", n(*final_div)),
                ],
            ),
        };
        let unit = if self.unit == Unit::Epoch {
            "epoch"
        } else {
            "iteration"
        };
        fields.insert(0, ("name", Value::text(name)));
        fields.insert(1, ("unit", Value::text(unit)));
        Value::map(fields)
    }
}

/// From `from` (u = 0) to `to` (u = 1) along half a cosine; stays at `to` after that.
fn cosine(from: f64, to: f64, u: f64) -> f64 {
    to + 0.5 * (from - to) * (1.0 + libm::cos(std::f64::consts::PI * u.clamp(0.0, 1.0)))
}

/// `[[t, lr], …]` with rising t ≥ 0 and lr ≥ 0.
fn boundaries(value: Option<&Value>) -> Result<Vec<(f64, f64)>, Error> {
    const ALLOWED: &str =
        "boundaries are pairs [t, lr] with rising t ≥ 0 and lr ≥ 0, such as [[0, 0.1], [30, 0.01]]";
    let list = value
        .and_then(Value::as_list)
        .ok_or_else(|| Error::new("boundaries", ALLOWED))?;
    let mut pairs: Vec<(f64, f64)> = Vec::with_capacity(list.len());
    for (i, item) in list.iter().enumerate() {
        let refused = || Error::new(format!("boundaries[{i}]"), ALLOWED);
        let [t, lr] = item
            .as_numbers()
            .and_then(|v| <[f64; 2]>::try_from(v).ok())
            .ok_or_else(refused)?;
        let rises = pairs.last().is_none_or(|(before, _)| *before < t);
        if !(rises && Range::NON_NEGATIVE.contains(t) && Range::NON_NEGATIVE.contains(lr)) {
            return Err(refused());
        }
        pairs.push((t, lr));
    }
    if pairs.is_empty() {
        Err(Error::new("boundaries", ALLOWED))
    } else {
        Ok(pairs)
    }
}
