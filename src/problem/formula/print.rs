//! From tree to text: the canonical form, and TeX.

use super::functions::{Binary, FUNCTIONS, Function, Unary};
use super::{Constant, Node};

/// How strongly a piece of text holds together.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Sum,
    Product,
    Sign,
    Power,
    /// A function with its argument: whole, but a power behind it would seem to be one of the argument.
    Call,
    #[default]
    Atom,
}

/// Fractions stand in fractions up to this height; a longer chain of divisions is written in a line.
const TALLEST: u32 = 3;

/// The text of a node.
#[derive(Debug, Default)]
struct Piece {
    text: String,
    level: Level,
    /// Fractions above one another.
    height: u32,
}

impl Piece {
    fn new(text: String, level: Level) -> Self {
        Self {
            text,
            level,
            height: 0,
        }
    }

    fn tall(mut self, height: u32) -> Self {
        self.height = height;
        self
    }

    /// The text, between `marks` if it holds together less than `least`.
    fn at_least(self, least: Level, marks: [&str; 2]) -> String {
        if self.level >= least {
            self.text
        } else {
            format!("{}{}{}", marks[0], self.text, marks[1])
        }
    }

    /// The same for what follows an operator, where a leading minus is put between `marks` too.
    fn behind(self, least: Level, marks: [&str; 2]) -> String {
        let least = if self.text.starts_with('-') {
            Level::Atom
        } else {
            least
        };
        self.at_least(least, marks)
    }
}

/// Joins the pieces of a tree from its leaves, each moved into the text that holds it.
fn join(tree: &[Node], mut piece: impl FnMut(Node, &mut [Piece]) -> Piece) -> String {
    let mut pieces: Vec<Piece> = Vec::with_capacity(tree.len());
    for node in tree {
        let next = piece(*node, &mut pieces);
        pieces.push(next);
    }
    pieces.pop().unwrap_or_default().text
}

/// The canonical text.
pub(super) fn text(tree: &[Node], names: &[String]) -> String {
    const MARKS: [&str; 2] = ["(", ")"];
    join(tree, |node, pieces| {
        let mut take = |id: usize| std::mem::take(&mut pieces[id]);
        match node {
            Node::Number(v) => Piece::new(number(v), Level::Atom),
            Node::Constant(c) => Piece::new(constant(c).to_owned(), Level::Atom),
            Node::Variable(i) => Piece::new(names[i].clone(), Level::Atom),
            Node::Unary(Unary::Neg, a) => {
                let operand = take(a).behind(Level::Power, MARKS);
                Piece::new(format!("-{operand}"), Level::Sign)
            }
            Node::Unary(f, a) => {
                let name = function_name(Function::One(f));
                Piece::new(format!("{name}({})", take(a).text), Level::Atom)
            }
            Node::Binary(f, a, b) => {
                let (left, right) = (take(a), take(b));
                let chained = matches!(tree[a], Node::Binary(inner, ..) if inner == f);
                match f {
                    Binary::Add => infix(left, " + ", right, Level::Sum),
                    Binary::Sub => infix(left, " - ", right, Level::Sum),
                    Binary::Mul => infix(left, "*", right, Level::Product),
                    Binary::Div => infix(left, "/", right, Level::Product),
                    Binary::Pow => {
                        let base = left.at_least(Level::Atom, MARKS);
                        let exponent = right.behind(Level::Power, MARKS);
                        Piece::new(format!("{base}^{exponent}"), Level::Power)
                    }
                    Binary::Min | Binary::Max if chained => {
                        Piece::new(append(left.text, ")", &right.text), Level::Atom)
                    }
                    Binary::Min | Binary::Max => {
                        call(function_name(Function::Many(f)), &left.text, &right.text)
                    }
                    Binary::Atan2 => call(function_name(Function::Two(f)), &left.text, &right.text),
                }
            }
        }
    })
}

/// A sum or product of the canonical text; the right side binds more strongly than the left, as it is read.
fn infix(left: Piece, sign: &str, right: Piece, level: Level) -> Piece {
    const MARKS: [&str; 2] = ["(", ")"];
    let above = if level == Level::Sum {
        Level::Product
    } else {
        Level::Sign
    };
    let mut text = left.at_least(level, MARKS);
    text.push_str(sign);
    text.push_str(&right.behind(above, MARKS));
    Piece::new(text, level)
}

fn call(name: &str, first: &str, second: &str) -> Piece {
    Piece::new(format!("{name}({first}, {second})"), Level::Atom)
}

/// `call` with one more argument before its `end`.
fn append(mut call: String, end: &str, argument: &str) -> String {
    call.truncate(call.len() - end.len());
    call.push_str(", ");
    call.push_str(argument);
    call.push_str(end);
    call
}

/// TeX, as for a formula on a line of its own.
pub(super) fn latex(tree: &[Node], names: &[String]) -> String {
    const MARKS: [&str; 2] = [r"\left(", r"\right)"];
    join(tree, |node, pieces| {
        let mut take = |id: usize| std::mem::take(&mut pieces[id]);
        match node {
            Node::Number(v) => latex_number(v),
            Node::Constant(Constant::Pi) => Piece::new(r"\pi".to_owned(), Level::Atom),
            Node::Constant(Constant::E) => Piece::new("e".to_owned(), Level::Atom),
            Node::Variable(i) => Piece::new(latex_name(&names[i]), Level::Atom),
            Node::Unary(f, a) => latex_unary(f, take(a)),
            Node::Binary(f, a, b) => {
                let (left, right) = (take(a), take(b));
                let height = left.height.max(right.height);
                let chained = matches!(tree[a], Node::Binary(inner, ..) if inner == f);
                match f {
                    Binary::Add | Binary::Sub => {
                        let (sign, least) = match f {
                            Binary::Add => (" + ", Level::Sum),
                            _ => (" - ", Level::Product),
                        };
                        let mut text = left.at_least(Level::Sum, MARKS);
                        text.push_str(sign);
                        text.push_str(&right.behind(least, MARKS));
                        Piece::new(text, Level::Sum).tall(height)
                    }
                    Binary::Mul => latex_product(left, right).tall(height),
                    Binary::Div if height < TALLEST => {
                        let text = format!(r"\frac{{{}}}{{{}}}", left.text, right.text);
                        Piece::new(text, Level::Product).tall(height + 1)
                    }
                    Binary::Div => {
                        let mut text = left.at_least(Level::Product, MARKS);
                        text.push_str(" / ");
                        text.push_str(&right.behind(Level::Sign, MARKS));
                        Piece::new(text, Level::Product).tall(height)
                    }
                    Binary::Pow => latex_power(tree[a], left, &right.text).tall(height),
                    Binary::Min | Binary::Max if chained => {
                        Piece::new(append(left.text, r"\right)", &right.text), Level::Call)
                            .tall(height)
                    }
                    Binary::Min | Binary::Max | Binary::Atan2 => {
                        let name = match f {
                            Binary::Min => r"\min",
                            Binary::Max => r"\max",
                            _ => r"\operatorname{atan2}",
                        };
                        let text = format!(r"{name}\left({}, {}\right)", left.text, right.text);
                        Piece::new(text, Level::Call).tall(height)
                    }
                }
            }
        }
    })
}

fn latex_unary(f: Unary, operand: Piece) -> Piece {
    let height = operand.height;
    let (text, level) = match f {
        Unary::Neg => {
            let operand = operand.behind(Level::Product, [r"\left(", r"\right)"]);
            (format!("-{operand}"), Level::Sign)
        }
        Unary::Abs => (format!(r"\left|{}\right|", operand.text), Level::Atom),
        Unary::Sqrt => (format!(r"\sqrt{{{}}}", operand.text), Level::Atom),
        Unary::Exp => (format!("e^{{{}}}", operand.text), Level::Power),
        _ => {
            let name = latex_function(f).unwrap_or_default();
            (format!(r"{name}\left({}\right)", operand.text), Level::Call)
        }
    };
    Piece::new(text, level).tall(height)
}

/// Factors stand side by side; a dot only where digits would run together.
fn latex_product(left: Piece, right: Piece) -> Piece {
    const MARKS: [&str; 2] = [r"\left(", r"\right)"];
    let mut text = left.at_least(Level::Product, MARKS);
    let right = right.behind(Level::Product, MARKS);
    let meets_number = right.starts_with(|c: char| c.is_ascii_digit());
    let meets_fraction =
        right.starts_with(r"\frac") && text.ends_with(|c: char| c.is_ascii_digit());
    text.push_str(if meets_number || meets_fraction {
        r" \cdot "
    } else {
        " "
    });
    text.push_str(&right);
    Piece::new(text, Level::Product)
}

/// A power of sin, cosh and their like stands at the name: sin²(x).
fn latex_power(base: Node, left: Piece, exponent: &str) -> Piece {
    let name = match base {
        Node::Unary(
            f @ (Unary::Sin | Unary::Cos | Unary::Tan | Unary::Sinh | Unary::Cosh | Unary::Tanh),
            _,
        ) => latex_function(f),
        _ => None,
    };
    let text = if let Some(name) = name {
        format!("{name}^{{{exponent}}}{}", &left.text[name.len()..])
    } else {
        let base = left.at_least(Level::Atom, [r"\left(", r"\right)"]);
        format!("{base}^{{{exponent}}}")
    };
    Piece::new(text, Level::Power)
}

/// The operator's name, for functions that are written with one.
fn latex_function(f: Unary) -> Option<&'static str> {
    Some(match f {
        Unary::Neg | Unary::Abs | Unary::Sqrt | Unary::Exp => return None,
        Unary::Sign => r"\operatorname{sign}",
        Unary::Log => r"\ln",
        Unary::Log10 => r"\log_{10}",
        Unary::Log2 => r"\log_{2}",
        Unary::Sin => r"\sin",
        Unary::Cos => r"\cos",
        Unary::Tan => r"\tan",
        Unary::Asin => r"\arcsin",
        Unary::Acos => r"\arccos",
        Unary::Atan => r"\arctan",
        Unary::Sinh => r"\sinh",
        Unary::Cosh => r"\cosh",
        Unary::Tanh => r"\tanh",
    })
}

/// `x`, or `x_{12}` for x12.
fn latex_name(name: &str) -> String {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let index = &name[stem.len()..];
    let stem = match stem.chars().count() {
        1 => stem.to_owned(),
        _ => format!(r"\mathrm{{{}}}", stem.replace('_', r"\_")),
    };
    if index.is_empty() {
        stem
    } else {
        format!("{stem}_{{{index}}}")
    }
}

fn latex_number(v: f64) -> Piece {
    let text = number(v);
    match text.split_once('e') {
        None => Piece::new(text, Level::Atom),
        Some(("1", exponent)) => Piece::new(format!("10^{{{exponent}}}"), Level::Power),
        Some((mantissa, exponent)) => {
            let text = format!(r"{mantissa} \cdot 10^{{{exponent}}}");
            Piece::new(text, Level::Product)
        }
    }
}

/// The shortest digits that are read as the same number.
fn number(v: f64) -> String {
    if v == 0.0 || (1e-4..1e16).contains(&v) {
        v.to_string()
    } else {
        format!("{v:e}")
    }
}

fn constant(c: Constant) -> &'static str {
    let named = Constant::ALL.iter().find(|(_, other)| *other == c);
    named.map_or("", |(name, _)| name)
}

fn function_name(f: Function) -> &'static str {
    let named = FUNCTIONS.iter().find(|(_, other)| *other == f);
    named.map_or("", |(name, _)| name)
}
