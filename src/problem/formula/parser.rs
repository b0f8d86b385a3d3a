//! From text to tree: a Pratt parser, in which every operator says how strongly it binds.

use super::functions::{Binary, FUNCTIONS, Function, Unary};
use super::{Constant, Group, Id, Node, Variables};

const LONGEST: usize = 10_000;
const DEEPEST: usize = 100;
const MOST_NODES: usize = 5_000;

const SUM: u8 = 10;
const PRODUCT: u8 = 20;
const POWER: u8 = 30;

/// A tree whose variables are numbered, and their names in that order.
pub(super) struct Parsed {
    pub(super) tree: Vec<Node>,
    pub(super) names: Vec<String>,
    pub(super) counts: Vec<usize>,
}

/// The tree of `text`, or what is wrong with it.
pub(super) fn parse(text: &str, variables: &Variables) -> Result<Parsed, String> {
    let length = text.chars().count();
    if length > LONGEST {
        return Err(format!(
            "{length} characters are too long; at most {LONGEST}"
        ));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        next: 0,
        depth: 0,
        tree: Vec::new(),
        met: Vec::new(),
        variables,
    };
    parser.expression(0)?;
    if parser.peek() != Symbol::End {
        return Err(parser.expected_operator());
    }
    Ok(number_variables(parser.tree, &parser.met, variables))
}

/// Gives every variable its place in a point, now that the size of each group is known.
fn number_variables(mut tree: Vec<Node>, met: &[(usize, usize)], variables: &Variables) -> Parsed {
    let mut names = Vec::new();
    let mut counts = Vec::new();
    let mut offsets = Vec::new();
    for (k, group) in variables.groups.iter().enumerate() {
        offsets.push(names.len());
        match group {
            Group::Named(fixed) => names.extend(fixed.iter().cloned()),
            Group::Indexed { prefix, count } => {
                let used = met.iter().filter(|(g, _)| *g == k).map(|(_, i)| i + 1);
                let size = used.fold(*count.start(), usize::max);
                names.extend((1..=size).map(|i| format!("{prefix}{i}")));
            }
        }
        counts.push(names.len() - offsets[k]);
    }
    for node in &mut tree {
        if let Node::Variable(nth) = node {
            let (group, index) = met[*nth];
            *nth = offsets[group] + index;
        }
    }
    Parsed {
        tree,
        names,
        counts,
    }
}

/// One word of a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Symbol<'a> {
    Number(f64),
    Name(&'a str),
    /// Raised digits.
    Raised(f64),
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Open,
    Close,
    Comma,
    End,
}

/// A word, its text and its column, in characters from 1.
#[derive(Debug, Clone, Copy)]
struct Token<'a> {
    symbol: Symbol<'a>,
    text: &'a str,
    column: usize,
}

/// The words of `text`; the last is [`Symbol::End`].
fn tokens(text: &str) -> Result<Vec<Token<'_>>, String> {
    let mut tokens = Vec::new();
    let (mut rest, mut column) = (text, 1);
    while let Some(first) = rest.chars().next() {
        let (symbol, length) = match first {
            c if c.is_whitespace() => (None, c.len_utf8()),
            c if c.is_ascii_alphabetic() || c == '_' => {
                let length = leading(rest, |c| c.is_ascii_alphanumeric() || c == '_');
                (Some(Symbol::Name(&rest[..length])), length)
            }
            c if raised_digit(c).is_some() => {
                let length = leading(rest, |c| raised_digit(c).is_some());
                let digits: String = rest[..length].chars().filter_map(raised_digit).collect();
                (Some(Symbol::Raised(number(&digits, column)?)), length)
            }
            '*' if rest.starts_with("**") => (Some(Symbol::Power), 2),
            c => match operator(c) {
                Some(symbol) => (Some(symbol), c.len_utf8()),
                None => match number_length(rest) {
                    0 => return Err(meaningless(c, column)),
                    n => (Some(Symbol::Number(number(&rest[..n], column)?)), n),
                },
            },
        };
        let (word, behind) = rest.split_at(length);
        if let Some(symbol) = symbol {
            tokens.push(Token {
                symbol,
                text: word,
                column,
            });
        }
        column += word.chars().count();
        rest = behind;
    }
    tokens.push(Token {
        symbol: Symbol::End,
        text: "",
        column,
    });
    Ok(tokens)
}

fn operator(c: char) -> Option<Symbol<'static>> {
    Some(match c {
        '+' => Symbol::Plus,
        '-' | '−' | '–' => Symbol::Minus,
        '*' | '·' | '⋅' | '×' => Symbol::Times,
        '/' | '÷' => Symbol::Over,
        '^' => Symbol::Power,
        '(' => Symbol::Open,
        ')' => Symbol::Close,
        ',' => Symbol::Comma,
        'π' => Symbol::Name("pi"),
        _ => return None,
    })
}

fn meaningless(c: char, column: usize) -> String {
    let hint = match c {
        '|' => "; write abs(…)",
        '√' => "; write sqrt(…)",
        '[' | ']' | '{' | '}' => "; group with ( and )",
        '=' | '<' | '>' => "; a formula is one expression",
        '.' => " without digits",
        _ => "",
    };
    format!("column {column}: \"{c}\" means nothing here{hint}")
}

fn raised_digit(c: char) -> Option<char> {
    let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|raised| raised == c)?;
    char::from_digit(digit as u32, 10)
}

/// The bytes at the front of `text` that `wanted` holds for.
fn leading(text: &str, wanted: impl Fn(char) -> bool) -> usize {
    text.find(|c| !wanted(c)).unwrap_or(text.len())
}

/// The bytes of the number at the front: `2`, `.5`, `1.`, `1.5e-3`; none if there is no number. An `e` belongs to it
/// only if digits follow, so `2exp(x)` is 2·exp(x).
fn number_length(text: &str) -> usize {
    let digits = |s: &str| leading(s, |c| c.is_ascii_digit());
    let whole = digits(text);
    let fraction = match text[whole..].strip_prefix('.') {
        Some(behind) => digits(behind),
        None => 0,
    };
    if whole + fraction == 0 {
        return 0;
    }
    let mantissa = whole + usize::from(text[whole..].starts_with('.')) + fraction;
    let Some(behind) = text[mantissa..].strip_prefix(['e', 'E']) else {
        return mantissa;
    };
    let signed = behind.strip_prefix(['+', '-']).unwrap_or(behind);
    match digits(signed) {
        0 => mantissa,
        n => mantissa + 1 + (behind.len() - signed.len()) + n,
    }
}

fn number(text: &str, column: usize) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|v: &f64| v.is_finite())
        .ok_or_else(|| {
            let text: String = text.chars().take(40).collect();
            format!("column {column}: {text} is too large; the largest number is 1.8e308")
        })
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    next: usize,
    depth: usize,
    tree: Vec<Node>,
    /// Group and index of every variable, in the order in which they stand in the text.
    met: Vec<(usize, usize)>,
    variables: &'a Variables,
}

impl<'a> Parser<'a> {
    /// An expression up to the first operator that binds less strongly than `least`.
    fn expression(&mut self, least: u8) -> Result<Id, String> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.here(&format!("nested more than {DEEPEST} deep")));
        }
        let mut left = self.operand()?;
        loop {
            // What binds as strongly from the right as from the left binds to the left, a power to the right; a
            // product sign may be missing.
            let (operation, strength, right, is_written) = match self.peek() {
                Symbol::Plus => (Binary::Add, SUM, SUM + 1, true),
                Symbol::Minus => (Binary::Sub, SUM, SUM + 1, true),
                Symbol::Times => (Binary::Mul, PRODUCT, PRODUCT + 1, true),
                Symbol::Over => (Binary::Div, PRODUCT, PRODUCT + 1, true),
                Symbol::Name(_) | Symbol::Open => (Binary::Mul, PRODUCT, PRODUCT + 1, false),
                Symbol::Power => (Binary::Pow, POWER, POWER, true),
                Symbol::Raised(exponent) => {
                    left = self.raise(left, exponent)?;
                    continue;
                }
                _ => break,
            };
            if strength < least {
                break;
            }
            if is_written {
                self.take();
            }
            let right = self.expression(right)?;
            left = self.push(Node::Binary(operation, left, right))?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn raise(&mut self, base: Id, exponent: f64) -> Result<Id, String> {
        self.take();
        if let Symbol::Raised(_) = self.peek() {
            return Err(self.expected_operator());
        }
        let exponent = self.push(Node::Number(exponent))?;
        self.push(Node::Binary(Binary::Pow, base, exponent))
    }

    /// A number, a name, a call, something in parentheses, or one of these with a sign.
    fn operand(&mut self) -> Result<Id, String> {
        match self.peek() {
            Symbol::Number(v) => {
                self.take();
                self.push(Node::Number(v))
            }
            Symbol::Name(name) => self.name(name),
            Symbol::Open => {
                self.take();
                let inside = self.expression(0)?;
                self.close()?;
                Ok(inside)
            }
            Symbol::Plus => {
                self.take();
                self.expression(POWER)
            }
            Symbol::Minus => {
                self.take();
                let operand = self.expression(POWER)?;
                self.push(Node::Unary(Unary::Neg, operand))
            }
            _ => Err(self.expected("a number, a name or \"(\"")),
        }
    }

    fn name(&mut self, name: &str) -> Result<Id, String> {
        if let Some(place) = self.variables.find(name) {
            self.take();
            self.met.push(place);
            return self.push(Node::Variable(self.met.len() - 1));
        }
        if let Some((_, constant)) = Constant::ALL.iter().find(|(n, _)| *n == name) {
            self.take();
            return self.push(Node::Constant(*constant));
        }
        if let Some((_, function)) = FUNCTIONS.iter().find(|(n, _)| *n == name) {
            self.take();
            return self.call(name, *function);
        }
        let functions: Vec<&str> = FUNCTIONS.iter().map(|(n, _)| *n).collect();
        let name: String = name.chars().take(40).collect();
        Err(self.here(&format!(
            "\"{name}\" is unknown; known are {}, pi, e and the functions {}",
            self.variables,
            functions.join(", ")
        )))
    }

    /// The arguments of a function whose name has been taken.
    fn call(&mut self, name: &str, function: Function) -> Result<Id, String> {
        if self.peek() != Symbol::Open {
            return Err(self.expected(&format!("\"(\" after {name}")));
        }
        self.take();
        let first = self.expression(0)?;
        let id = match function {
            Function::One(f) => self.push(Node::Unary(f, first))?,
            Function::Two(f) => {
                let second = self.another_argument(name, "two arguments")?;
                self.push(Node::Binary(f, first, second))?
            }
            Function::Many(f) => {
                let second = self.another_argument(name, "two or more arguments")?;
                let mut id = self.push(Node::Binary(f, first, second))?;
                while self.peek() == Symbol::Comma {
                    self.take();
                    let next = self.expression(0)?;
                    id = self.push(Node::Binary(f, id, next))?;
                }
                id
            }
        };
        match (self.peek(), function) {
            (Symbol::Comma, Function::One(_)) => Err(self.here(&format!(
                "{name} takes one argument; decimals are written 1.5"
            ))),
            (Symbol::Comma, _) => Err(self.here(&format!("{name} takes two arguments"))),
            _ => {
                self.close()?;
                Ok(id)
            }
        }
    }

    fn another_argument(&mut self, name: &str, wanted: &str) -> Result<Id, String> {
        if self.peek() == Symbol::Close {
            return Err(self.here(&format!("{name} takes {wanted}; expected \",\"")));
        }
        if self.peek() != Symbol::Comma {
            return Err(self.expected("\",\""));
        }
        self.take();
        self.expression(0)
    }

    fn close(&mut self) -> Result<(), String> {
        match self.peek() {
            Symbol::Close => {
                self.take();
                Ok(())
            }
            Symbol::End => Err(self.expected("\")\"")),
            _ => Err(self.expected_operator()),
        }
    }

    fn push(&mut self, node: Node) -> Result<Id, String> {
        if self.tree.len() == MOST_NODES {
            return Err(format!(
                "more than {MOST_NODES} numbers, names and operators"
            ));
        }
        self.tree.push(node);
        Ok(self.tree.len() - 1)
    }

    fn peek(&self) -> Symbol<'a> {
        self.tokens[self.next].symbol
    }

    /// Moves on; never past the end.
    fn take(&mut self) {
        self.next = (self.next + 1).min(self.tokens.len() - 1);
    }

    fn here(&self, what: &str) -> String {
        format!("column {}: {what}", self.tokens[self.next].column)
    }

    fn expected(&self, wanted: &str) -> String {
        let token = self.tokens[self.next];
        let found: String = token.text.chars().take(40).collect();
        self.here(&match token.symbol {
            Symbol::End => format!("expected {wanted} but the formula ends"),
            _ => format!("expected {wanted} instead of \"{found}\""),
        })
    }

    /// For whatever cannot follow a complete operand.
    fn expected_operator(&self) -> String {
        match self.peek() {
            Symbol::Close => self.here("\")\" closes nothing"),
            Symbol::Comma => self.here("\",\" separates nothing here; decimals are written 1.5"),
            _ => self.expected("an operator, such as *,"),
        }
    }
}
