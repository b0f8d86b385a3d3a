//! Surfaces: test functions by name, a formula typed by the user, or a quadratic form of given matrix.

mod entries;
mod more_garbow_hillstrom;
mod quadratic;

use std::f64::consts::SQRT_2;

pub use entries::{Entry, Minima, SURFACES, Size, Start};

use crate::args::{Args, Field, Range, unknown_key};
use crate::error::Error;
use crate::problem::formula::{Formula, Variables};
use crate::problem::{Hessian, LeastSquares, Objective, ranges};
use crate::real::Real;
use crate::value::Value;
use quadratic::Quadratic;

/// The most variables of a surface that is a formula.
pub const LARGEST_FORMULA: usize = 50;

const DIM: Field = Field::integer(
    "dim",
    "n",
    "number of variables",
    2,
    2,
    LARGEST_FORMULA as u32,
);
const NOISE: Field = Field::number(
    "noise",
    "σ",
    "standard deviation of the noise on each component of the gradient",
    0.0,
    Range::NON_NEGATIVE,
);

/// A function of n variables with exact gradient and Hessian, from a config of kind `surface`.
///
/// In `f32` the point is widened, the function evaluated in `f64`, and the answer rounded.
///
/// ```
/// use descent::problem::surface::Surface;
///
/// let mut rosenbrock = Surface::named("rosenbrock")?;
/// assert_eq!(rosenbrock.start(), [-1.2, 1.0]);
/// assert_eq!(rosenbrock.value_at(&[1.0, 1.0]), 0.0);
/// # Ok::<(), descent::error::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Surface {
    function: Function,
    /// fᵢ, where f = Σ fᵢ².
    residuals: Vec<Formula>,
    ranges: Vec<[f64; 2]>,
    start: Vec<f64>,
    noise: f64,
    info: Info,
    normalized: Value,
    point: Vec<f64>,
    slope: Vec<f64>,
    bend: Vec<f64>,
}

#[derive(Debug, Clone)]
enum Function {
    Formula(Box<Formula>),
    Quadratic(Quadratic),
}

/// What a page shows of a surface.
#[derive(Debug, Clone, PartialEq)]
pub struct Info {
    /// The name in the config; none for a formula typed by the user.
    pub name: Option<&'static str>,
    /// The name that people use, or the formula itself.
    pub title: String,
    /// As text that [`Formula::parse`] reads; none for a quadratic form of given matrix.
    pub formula: Option<String>,
    /// The right side of f(x) = … in TeX.
    pub latex: String,
    /// The global minima, where they are known.
    pub minima: Vec<Minimum>,
    /// [xmin, xmax, ymin, ymax] of a good picture of the plane of the first two coordinates; it holds the start.
    pub view: [f64; 4],
    /// Which contour levels suit that picture.
    pub levels: Levels,
}

/// A known minimum.
#[derive(Debug, Clone, PartialEq)]
pub struct Minimum {
    /// Where.
    pub point: Vec<f64>,
    /// f there.
    pub value: f64,
}

/// How contour levels are best spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Levels {
    /// In equal steps of f.
    Linear,
    /// In equal steps of the logarithm of f above its least value.
    Logarithmic,
}

impl Surface {
    /// The surface of a config:
    ///
    /// - `{ name, dim?, start?, noise?, … }` with the fields of its [`Entry`];
    /// - `{ name: "quadratic", a, b?, start?, noise? }`: ½xᵀax − bᵀx, at most 500 variables, b = 0 by default;
    /// - `{ formula, dim?, start?, noise? }` in x and y, or in x1, x2, … (then n is the highest index).
    ///
    /// The default start of the last two is (1, …, 1).
    ///
    /// # Errors
    /// With paths from the problem on: `start[1]: NaN is not a finite number`.
    pub fn from_value(problem: &Value) -> Result<Self, Error> {
        let Value::Map(_) = problem else {
            return Err(Error::new("", format!("{problem} is not an object")));
        };
        if let Some(kind) = problem
            .get("kind")
            .filter(|k| k.as_text() != Some("surface"))
        {
            return Err(Error::new("kind", format!("{kind} is not \"surface\"")));
        }
        match (problem.get("name"), problem.get("formula")) {
            (Some(_), Some(_)) => Err(Error::new(
                "formula",
                "a name stands beside it; give one of the two",
            )),
            (None, Some(formula)) => Self::typed(formula, problem),
            (Some(name), None) => {
                let entry = Entry::find(name)?;
                match problem.get("a") {
                    Some(a) if entry.name == "quadratic" => Self::quadratic(entry, a, problem),
                    _ => Self::tabled(entry, problem),
                }
            }
            (None, None) => Err(Error::new(
                "name",
                format!(
                    "a name or a formula is needed; names are {}",
                    Entry::names()
                ),
            )),
        }
    }

    /// The surface of that name in [`SURFACES`], with every default.
    pub fn named(name: &str) -> Result<Self, Error> {
        Self::from_value(&Value::map([("name", Value::text(name))]))
    }

    fn tabled(entry: &'static Entry, problem: &Value) -> Result<Self, Error> {
        let besides: &[&str] = if entry.name == "quadratic" {
            &["kind", "name", "dim", "start", "noise", "a", "b"]
        } else {
            &["kind", "name", "dim", "start", "noise"]
        };
        let args = Args::read(entry.fields, problem, besides)?;
        if problem.get("b").is_some() {
            return Err(Error::new("b", "the matrix a is missing beside it"));
        }
        let dim = dim(problem)?.unwrap_or(entry.size.default);
        let dim = entry.size.check(entry.name, dim)?;
        let text = entry.text(dim, &args);
        let names = variables(&text, Some(dim));
        let formula = Formula::parse(&text, &names)?;
        let residuals = entry.residual_texts(dim);
        let residuals = residuals.iter().map(|text| Formula::parse(text, &names));
        let residuals = residuals.collect::<Result<Vec<_>, Error>>()?;
        let start = entry.start.in_dimension(dim);
        let mut settings = vec![
            ("name", Value::text(entry.name)),
            ("dim", Value::Number(dim as f64)),
        ];
        settings.extend(args.entries().map(|(name, value)| (name, value.clone())));
        // The sum over n coordinates is for those; in the plane the formula itself is shorter.
        let latex = entry.latex.filter(|_| dim > 2 || entry.size == Size::PLANE);
        let minima = entry.minima.in_dimension(dim);
        let around = ranges(&start, &minima.iter().map(|m| m.point.as_slice()));
        let view = entry.view.unwrap_or_else(|| plane_of(&around));
        let info = Info {
            name: Some(entry.name),
            title: entry.title.to_owned(),
            formula: Some(text),
            latex: latex.map_or_else(|| formula.latex(), str::to_owned),
            minima,
            view,
            levels: Levels::Linear,
        };
        let function = Function::Formula(Box::new(formula));
        let mut surface = Self::new(function, start, info, settings, problem)?;
        surface.residuals = residuals;
        if entry.view.is_none() {
            let minima = surface.info.minima.iter();
            surface.ranges = ranges(&surface.start, &minima.map(|m| m.point.as_slice()));
        }
        Ok(surface)
    }

    fn typed(formula: &Value, problem: &Value) -> Result<Self, Error> {
        const KNOWN: [&str; 5] = ["kind", "formula", "dim", "start", "noise"];
        refuse_others(problem, &KNOWN)?;
        let text = formula
            .as_text()
            .ok_or_else(|| Error::new("formula", format!("{formula} is not a string")))?;
        let wanted = dim(problem)?;
        let parsed = Formula::parse(text, &variables(text, wanted))?;
        let dim = parsed.variables().len();
        if let Some(wanted) = wanted.filter(|wanted| *wanted != dim) {
            return Err(Error::new(
                "dim",
                format!("a formula in x and y has 2 variables, not {wanted}; write x1, x2, …"),
            ));
        }
        let info = Info {
            name: None,
            title: parsed.to_string(),
            formula: Some(text.to_owned()),
            latex: parsed.latex(),
            minima: Vec::new(),
            view: [-5.0, 5.0, -5.0, 5.0],
            levels: Levels::Linear,
        };
        let settings = vec![
            ("formula", Value::text(text)),
            ("dim", Value::Number(dim as f64)),
        ];
        let function = Function::Formula(Box::new(parsed));
        Self::new(function, vec![1.0; dim], info, settings, problem)
    }

    fn quadratic(entry: &'static Entry, a: &Value, problem: &Value) -> Result<Self, Error> {
        const KNOWN: [&str; 7] = ["kind", "name", "a", "b", "dim", "start", "noise"];
        refuse_others(problem, &KNOWN)?;
        let form = Quadratic::from_values(a, problem.get("b"))?;
        let dim = form.dim();
        if let Some(wanted) = problem
            .get("dim")
            .filter(|v| v.as_number() != Some(dim as f64))
        {
            return Err(Error::new(
                "dim",
                format!("a has {dim} rows, so it cannot be {wanted}"),
            ));
        }
        let minimum = form.minimum().map(|point| Minimum {
            value: form.value(&point),
            point,
        });
        let view = match minimum.as_ref().map(|m| m.point.as_slice()) {
            Some([x, y]) => [x - 5.0, x + 5.0, y - 5.0, y + 5.0],
            _ => [-5.0, 5.0, -5.0, 5.0],
        };
        let info = Info {
            name: Some(entry.name),
            title: entry.title.to_owned(),
            formula: None,
            latex: r"\tfrac{1}{2} x^{\top} A x - b^{\top} x".to_owned(),
            minima: minimum.into_iter().collect(),
            view,
            levels: Levels::Linear,
        };
        let settings = vec![
            ("name", Value::text(entry.name)),
            ("dim", Value::Number(dim as f64)),
            ("a", form.matrix()),
            ("b", form.vector().to_vec().into()),
        ];
        Self::new(
            Function::Quadratic(form),
            vec![1.0; dim],
            info,
            settings,
            problem,
        )
    }

    /// Reads what all surfaces share, and fits the picture to it.
    fn new(
        function: Function,
        default_start: Vec<f64>,
        info: Info,
        settings: Vec<(&str, Value)>,
        problem: &Value,
    ) -> Result<Self, Error> {
        let start = match problem.get("start") {
            None => default_start,
            Some(given) => finite_numbers("start", given, default_start.len())?,
        };
        let noise = match problem.get("noise") {
            None => NOISE.default(),
            Some(given) => NOISE.check(given)?,
        };
        let shared = [("start", start.clone().into()), ("noise", noise.clone())];
        let kind = [("kind", Value::text("surface"))];
        let normalized = Value::map(kind.into_iter().chain(settings).chain(shared));
        let mut surface = Self {
            point: vec![0.0; start.len()],
            slope: vec![0.0; start.len()],
            bend: Vec::new(),
            noise: noise.as_number().unwrap_or(0.0),
            residuals: Vec::new(),
            ranges: Vec::new(),
            function,
            start,
            info,
            normalized,
        };
        if let [x, y, ..] = surface.start[..] {
            surface.info.view = widened(surface.info.view, x, y);
            surface.info.levels = surface.suitable_levels();
        }
        let [x0, x1, y0, y1] = surface.info.view;
        let either = |(i, v): (usize, &f64)| {
            let (from, to) = if i % 2 == 0 { (x0, x1) } else { (y0, y1) };
            [from.min(*v), to.max(*v)]
        };
        surface.ranges = surface.start.iter().enumerate().map(either).collect();
        Ok(surface)
    }

    /// The number of variables.
    pub fn dim(&self) -> usize {
        self.start.len()
    }

    /// f(x), for charts; x has length [`Surface::dim`].
    pub fn value_at(&mut self, x: &[f64]) -> f64 {
        self.function.value(x)
    }

    /// f(x), with ∇f(x) written to `g`; for charts.
    pub fn gradient_at(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        self.function.gradient(x, g)
    }

    /// Where a run starts.
    pub fn start(&self) -> &[f64] {
        &self.start
    }

    /// σ ≥ 0 of the Gaussian noise that a session adds to each component of a gradient. The surface itself is exact.
    pub fn noise(&self) -> f64 {
        self.noise
    }

    /// For each coordinate an interval that holds the start and the known minima, for a picture of two of them.
    pub fn ranges(&self) -> &[[f64; 2]] {
        &self.ranges
    }

    /// What a page shows.
    pub fn info(&self) -> &Info {
        &self.info
    }

    /// The config with every default filled in; [`Surface::from_value`] makes the same surface of it.
    pub fn normalized(&self) -> &Value {
        &self.normalized
    }

    /// Logarithmic where most of the picture, the plane of the first two coordinates through the start, lies in the
    /// lowest part of the range.
    fn suitable_levels(&mut self) -> Levels {
        const GRID: usize = 25;
        const STEEP: f64 = 6.0;
        let [x0, x1, y0, y1] = self.info.view;
        let at = |from: f64, to: f64, i: usize| from + (to - from) * i as f64 / (GRID - 1) as f64;
        let mut point = self.start.clone();
        let mut values: Vec<f64> = (0..GRID * GRID)
            .map(|k| {
                point[0] = at(x0, x1, k % GRID);
                point[1] = at(y0, y1, k / GRID);
                self.value_at(&point)
            })
            .filter(|v| v.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        match (values.first(), values.get(values.len() / 2), values.last()) {
            (Some(least), Some(middle), Some(most)) if most - least > STEEP * (middle - least) => {
                Levels::Logarithmic
            }
            _ => Levels::Linear,
        }
    }
}

impl Function {
    fn value(&mut self, x: &[f64]) -> f64 {
        match self {
            Self::Formula(f) => f.value(x),
            Self::Quadratic(f) => f.value(x),
        }
    }

    fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        match self {
            Self::Formula(f) => f.gradient(x, g),
            Self::Quadratic(f) => f.gradient(x, g),
        }
    }

    fn hessian(&mut self, x: &[f64], h: &mut [f64]) {
        match self {
            Self::Formula(f) => {
                f.hessian(x, h);
            }
            Self::Quadratic(f) => f.hessian(h),
        }
    }
}

impl<T: Real> Objective<T> for Surface {
    fn dim(&self) -> usize {
        self.start.len()
    }

    fn value(&mut self, x: &[T]) -> f64 {
        widen(x, &mut self.point);
        self.function.value(&self.point)
    }

    fn gradient(&mut self, x: &[T], g: &mut [T]) -> f64 {
        widen(x, &mut self.point);
        let value = self.function.gradient(&self.point, &mut self.slope);
        round(&self.slope, g);
        value
    }

    fn search_range(&self) -> &[[f64; 2]] {
        &self.ranges
    }

    fn as_hessian(&mut self) -> Option<&mut dyn Hessian<T>> {
        Some(self)
    }

    fn as_least_squares(&mut self) -> Option<&mut dyn LeastSquares<T>> {
        if self.residuals.is_empty() {
            return None;
        }
        Some(self)
    }
}

/// f = Σ fᵢ² is ½‖r‖² with rᵢ = √2 fᵢ.
impl<T: Real> LeastSquares<T> for Surface {
    fn residual_count(&self) -> usize {
        self.residuals.len()
    }

    fn residuals(&mut self, x: &[T], r: &mut [T]) {
        widen(x, &mut self.point);
        for (r, f) in r.iter_mut().zip(&mut self.residuals) {
            *r = T::of(SQRT_2 * f.value(&self.point));
        }
    }

    fn jacobian(&mut self, x: &[T], r: &mut [T], j: &mut [T]) {
        widen(x, &mut self.point);
        let rows = r.iter_mut().zip(j.chunks_exact_mut(self.start.len()));
        for ((r, row), f) in rows.zip(&mut self.residuals) {
            *r = T::of(SQRT_2 * f.gradient(&self.point, &mut self.slope));
            for (to, slope) in row.iter_mut().zip(&self.slope) {
                *to = T::of(SQRT_2 * slope);
            }
        }
    }
}

impl<T: Real> Hessian<T> for Surface {
    /// Takes the memory for n² numbers when it is first asked.
    fn hessian(&mut self, x: &[T], h: &mut [T]) {
        self.bend.resize(self.start.len() * self.start.len(), 0.0);
        widen(x, &mut self.point);
        self.function.hessian(&self.point, &mut self.bend);
        round(&self.bend, h);
    }
}

fn plane_of(ranges: &[[f64; 2]]) -> [f64; 4] {
    match ranges {
        [[x0, x1], [y0, y1], ..] => [*x0, *x1, *y0, *y1],
        _ => [-5.0, 5.0, -5.0, 5.0],
    }
}

fn widen<T: Real>(from: &[T], to: &mut [f64]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = from.f64();
    }
}

fn round<T: Real>(from: &[f64], to: &mut [T]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = T::of(*from);
    }
}

/// x and y, unless x1, x2, … stand in the text.
fn variables(text: &str, dim: Option<usize>) -> Variables {
    let is_indexed = text.match_indices('x').any(|(at, _)| {
        let within_name = text[..at].ends_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        !within_name && text[at + 1..].starts_with(|c: char| c.is_ascii_digit())
    });
    if is_indexed {
        let count = dim.map_or(1..=LARGEST_FORMULA, |n| n..=n);
        Variables::default().indexed("x", count)
    } else {
        Variables::default().named(&["x", "y"])
    }
}

fn dim(problem: &Value) -> Result<Option<usize>, Error> {
    let Some(given) = problem.get("dim") else {
        return Ok(None);
    };
    let checked = DIM.check(given)?;
    Ok(checked.as_number().map(|n| n as usize))
}

fn refuse_others(problem: &Value, known: &[&str]) -> Result<(), Error> {
    match problem.entries().find(|(key, _)| !known.contains(key)) {
        Some((key, _)) => Err(unknown_key(key, known.iter().copied())),
        None => Ok(()),
    }
}

/// `value` as `count` finite numbers.
fn finite_numbers(path: &str, value: &Value, count: usize) -> Result<Vec<f64>, Error> {
    let items = value
        .as_list()
        .ok_or_else(|| Error::new(path, format!("{value} is not an array of {count} numbers")))?;
    if items.len() != count {
        let found = items.len();
        return Err(Error::new(
            path,
            format!("it has length {found}, but must have length {count}"),
        ));
    }
    items
        .iter()
        .enumerate()
        .map(|(i, item)| match item {
            Value::Number(v) if v.is_finite() => Ok(*v),
            _ => Err(Error::new(
                format!("{path}[{i}]"),
                format!("{item} is not a finite number"),
            )),
        })
        .collect()
}

/// `view`, made wider where (x, y) lies outside, with a margin of a tenth; its own width stays a finite number.
fn widened([x0, x1, y0, y1]: [f64; 4], x: f64, y: f64) -> [f64; 4] {
    const FARTHEST: f64 = 1e300;
    let widen = |from: f64, to: f64, v: f64| {
        if v < from {
            ((v - 0.1 * (to - v)).max(-FARTHEST), to)
        } else if v > to {
            (from, (v + 0.1 * (v - from)).min(FARTHEST))
        } else {
            (from, to)
        }
    };
    let ((x0, x1), (y0, y1)) = (widen(x0, x1, x), widen(y0, y1, y));
    [x0, x1, y0, y1]
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
