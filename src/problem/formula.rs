//! Formulas typed by the user: text in, value and exact derivatives out.
//!
//! Reading follows calculator habits:
//!
//! - `-x^2` is −(x²); `^` (or `**`) binds to the right, so `2^3^2` is 2⁹; `2^-3` is 1/8.
//! - A missing sign is a product: `2x`, `2(x+1)`, `(x+1)(x-1)`, `x y`, `2pi`. It binds like `*`, so `1/2x` is x/2.
//! - `log` and `ln` are natural. `−`, `·`, `×`, `÷`, `π` and raised digits (`x²`) are understood.
//!
//! The text becomes a tree, and the tree a flat program in which every distinct subexpression is computed once.
//! Gradients are taken by a reverse sweep over that program, Hessians by a forward sweep inside the reverse one
//! (Griewank & Walther, *Evaluating Derivatives*, 2nd ed. 2008, chapters 3 and 5). A gradient so costs a few values
//! whatever n is, nothing is allocated, and every function comes from `libm`. The crate `num-dual` would cost n
//! values a gradient, takes `sin`, `exp` and the rest from the platform, and so gives other bits in the browser.
//!
//! At a kink or a tip the derivative is a subgradient: 0·∞ counts as 0 in the chain rule, so that ∇√(x² + y²) is 0
//! at the origin, as that of |x| is.

mod batch;
mod functions;
mod parser;
mod print;
mod program;

use std::fmt;
use std::ops::RangeInclusive;

pub use batch::{Batch, LANES, Lanes};

use crate::error::Error;
use functions::{Binary, Unary};
use program::Program;

/// A formula of some variables, ready to be evaluated.
///
/// ```
/// use descent::problem::formula::{Formula, Variables};
///
/// let plane = Variables::default().named(&["x", "y"]);
/// let mut f = Formula::parse("(1-x)^2 + 100(y-x²)²", &plane)?;
/// let mut g = [0.0; 2];
/// assert_eq!(f.gradient(&[0.0, 1.0], &mut g), 101.0);
/// assert_eq!(g, [-2.0, 200.0]);
///
/// let error = Formula::parse("x + z", &plane).unwrap_err().to_string();
/// assert!(error.starts_with("formula: column 5: \"z\" is unknown; known are x, y, pi, e"));
/// # Ok::<(), descent::error::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Formula {
    tree: Vec<Node>,
    names: Vec<String>,
    counts: Vec<usize>,
    program: Program,
}

impl Formula {
    /// Reads `text`.
    ///
    /// # Errors
    /// At path `formula`, with the column (in characters, from 1) and what was expected there. Refused are also
    /// texts over 10,000 characters, nesting over 100 deep and trees over 5,000 nodes.
    pub fn parse(text: &str, variables: &Variables) -> Result<Self, Error> {
        let parsed = parser::parse(text, variables).map_err(|what| Error::new("formula", what))?;
        let program = Program::compile(&parsed.tree, parsed.names.len());
        Ok(Self {
            tree: parsed.tree,
            names: parsed.names,
            counts: parsed.counts,
            program,
        })
    }

    /// The names of the variables, in the order in which points hold them.
    pub fn variables(&self) -> &[String] {
        &self.names
    }

    /// How many variables each group of [`Variables`] has come to, in the order of the groups.
    pub fn counts(&self) -> &[usize] {
        &self.counts
    }

    /// f(x), for x of length `variables().len()`. Not finite where f is not defined.
    pub fn value(&mut self, x: &[f64]) -> f64 {
        self.program.value(x)
    }

    /// f(x), with ∇f(x) written to `g`, of the length of `x`.
    pub fn gradient(&mut self, x: &[f64], g: &mut [f64]) -> f64 {
        self.program.gradient(x, g)
    }

    /// f(x), with ∇²f(x) written to `h` (n·n, row-major, exactly symmetric).
    pub fn hessian(&mut self, x: &[f64], h: &mut [f64]) -> f64 {
        self.program.hessian(x, 0, h)
    }

    /// As [`Formula::hessian`], but only by the variables from the one at `first` on; both indices of `h` start there.
    pub fn hessian_from(&mut self, x: &[f64], first: usize, h: &mut [f64]) -> f64 {
        self.program.hessian(x, first, h)
    }

    /// Whether the variable at this place of a point stands in the text.
    pub fn mentions(&self, variable: usize) -> bool {
        self.tree.contains(&Node::Variable(variable))
    }

    /// The degree of the polynomial that the text is by its form: 0, 1 or 2; none where it is no polynomial, or of a
    /// higher degree.
    pub fn degree(&self) -> Option<u32> {
        const MOST: u32 = 2;
        let mut degrees: Vec<Option<u32>> = Vec::with_capacity(self.tree.len());
        for node in &self.tree {
            let of = |id: &Id| degrees[*id];
            let degree = match node {
                Node::Number(_) | Node::Constant(_) => Some(0),
                Node::Variable(_) => Some(1),
                Node::Unary(Unary::Neg, a) => of(a),
                Node::Unary(_, a) => of(a).filter(|d| *d == 0),
                Node::Binary(Binary::Add | Binary::Sub, a, b) => {
                    of(a).zip(of(b)).map(|(a, b)| a.max(b))
                }
                Node::Binary(Binary::Mul, a, b) => of(a).zip(of(b)).map(|(a, b)| a + b),
                Node::Binary(Binary::Div, a, b) if of(b) == Some(0) => of(a),
                Node::Binary(Binary::Pow, a, b) => match (of(a), self.tree[*b]) {
                    (Some(0), _) if of(b) == Some(0) => Some(0),
                    (Some(a), Node::Number(n)) if n.fract() == 0.0 && (0.0..=2.0).contains(&n) => {
                        Some(a * n as u32)
                    }
                    _ => None,
                },
                Node::Binary(_, a, b) => of(a).zip(of(b)).filter(|d| *d == (0, 0)).map(|_| 0),
            };
            degrees.push(degree.filter(|d| *d <= MOST));
        }
        degrees.last().copied().flatten()
    }

    /// The same formula for several points at once.
    pub fn batch(&self) -> Batch {
        Batch::new(&self.program)
    }

    /// The formula as TeX, in its own order of terms.
    pub fn latex(&self) -> String {
        print::latex(&self.tree, &self.names)
    }
}

/// The formula as text with every product sign written, which [`Formula::parse`] reads as the same formula.
impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&print::text(&self.tree, &self.names))
    }
}

/// The names that a formula may use as variables, in groups; a point holds the groups one after the other.
///
/// ```
/// use descent::problem::formula::{Formula, Variables};
///
/// let model = Variables::default().named(&["x"]).indexed("b", 1..=50);
/// let f = Formula::parse("b1 exp(-b3 x)", &model)?;
/// assert_eq!(f.variables(), ["x", "b1", "b2", "b3"]);
/// assert_eq!(f.counts(), [1, 3]);
/// # Ok::<(), descent::error::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Variables {
    groups: Vec<Group>,
}

#[derive(Debug, Clone)]
enum Group {
    Named(Vec<String>),
    Indexed {
        prefix: String,
        count: RangeInclusive<usize>,
    },
}

impl Variables {
    /// Adds a group of fixed names; all of them are variables, whether the formula uses them or not.
    #[must_use]
    pub fn named(mut self, names: &[&str]) -> Self {
        let names = names.iter().map(ToString::to_string).collect();
        self.groups.push(Group::Named(names));
        self
    }

    /// Adds the group `prefix`1, `prefix`2, …: as many as the highest index in the formula, but within `count`.
    #[must_use]
    pub fn indexed(mut self, prefix: &str, count: RangeInclusive<usize>) -> Self {
        let prefix = prefix.to_owned();
        self.groups.push(Group::Indexed { prefix, count });
        self
    }

    /// The group of `name` and its index there, from 0.
    fn find(&self, name: &str) -> Option<(usize, usize)> {
        self.groups
            .iter()
            .enumerate()
            .find_map(|(k, group)| Some((k, group.index(name)?)))
    }
}

/// As an error message lists them: `x, y` or `x1 … x50`.
impl fmt::Display for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let groups: Vec<String> = self
            .groups
            .iter()
            .map(|group| match group {
                Group::Named(names) => names.join(", "),
                Group::Indexed { prefix, count } if *count.end() == 1 => format!("{prefix}1"),
                Group::Indexed { prefix, count } => format!("{prefix}1 … {prefix}{}", count.end()),
            })
            .collect();
        f.write_str(&groups.join(", "))
    }
}

impl Group {
    fn index(&self, name: &str) -> Option<usize> {
        match self {
            Self::Named(names) => names.iter().position(|n| n == name),
            Self::Indexed { prefix, count } => {
                let digits = name.strip_prefix(prefix.as_str())?;
                let number: usize = digits.parse().ok()?;
                let plain = digits.starts_with(|c| matches!(c, '1'..='9'));
                (plain && number <= *count.end()).then(|| number - 1)
            }
        }
    }
}

/// Where a node stands in its tree.
type Id = usize;

/// One node of a tree, which is a list in which operands stand before the nodes that use them; the last is the root.
/// So no walk over a tree needs the stack, however long a sum is.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Node {
    Number(f64),
    Constant(Constant),
    Variable(usize),
    Unary(Unary, Id),
    Binary(Binary, Id, Id),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Constant {
    Pi,
    E,
}

impl Constant {
    const ALL: [(&'static str, Self); 2] = [("pi", Self::Pi), ("e", Self::E)];

    fn value(self) -> f64 {
        match self {
            Self::Pi => std::f64::consts::PI,
            Self::E => std::f64::consts::E,
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
