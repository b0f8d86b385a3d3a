//! The operations of a formula, each with its first and second derivatives.

/// An operation on one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unary {
    Neg,
    Abs,
    Sign,
    Sqrt,
    Exp,
    Log,
    Log10,
    Log2,
    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Tanh,
}

/// An operation on two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Pow,
    Min,
    Max,
    Atan2,
}

/// What stands before a "(".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    /// Of one argument.
    One(Unary),
    /// Of exactly two arguments.
    Two(Binary),
    /// Of two or more arguments, taken from the left.
    Many(Binary),
}

/// Every function by its name; where there are two names, the one that is printed comes first.
pub(super) const FUNCTIONS: &[(&str, Function)] = &[
    ("abs", Function::One(Unary::Abs)),
    ("min", Function::Many(Binary::Min)),
    ("max", Function::Many(Binary::Max)),
    ("sign", Function::One(Unary::Sign)),
    ("sqrt", Function::One(Unary::Sqrt)),
    ("exp", Function::One(Unary::Exp)),
    ("log", Function::One(Unary::Log)),
    ("ln", Function::One(Unary::Log)),
    ("log10", Function::One(Unary::Log10)),
    ("log2", Function::One(Unary::Log2)),
    ("sin", Function::One(Unary::Sin)),
    ("cos", Function::One(Unary::Cos)),
    ("tan", Function::One(Unary::Tan)),
    ("asin", Function::One(Unary::Asin)),
    ("acos", Function::One(Unary::Acos)),
    ("atan", Function::One(Unary::Atan)),
    ("atan2", Function::Two(Binary::Atan2)),
    ("sinh", Function::One(Unary::Sinh)),
    ("cosh", Function::One(Unary::Cosh)),
    ("tanh", Function::One(Unary::Tanh)),
];

/// The product of the chain rule, in which 0·∞ is 0: what a result does not depend on cannot disturb it.
pub(super) fn chain(a: f64, b: f64) -> f64 {
    if a == 0.0 || b == 0.0 { 0.0 } else { a * b }
}

/// xⁿ by repeated multiplication, the same on every target.
pub(super) fn integer_power(x: f64, n: i32) -> f64 {
    let power = match n.unsigned_abs() {
        0 => 1.0,
        1 => x,
        2 => x * x,
        mut rest => {
            let (mut power, mut square) = (1.0, x);
            while rest > 0 {
                if rest & 1 == 1 {
                    power *= square;
                }
                rest >>= 1;
                square *= square;
            }
            power
        }
    };
    if n < 0 { 1.0 / power } else { power }
}

impl Unary {
    /// f(x).
    pub(super) fn value(self, x: f64) -> f64 {
        match self {
            Self::Neg => -x,
            Self::Abs => x.abs(),
            Self::Sign => sign(x),
            Self::Sqrt => x.sqrt(),
            Self::Exp => libm::exp(x),
            Self::Log => libm::log(x),
            Self::Log10 => libm::log10(x),
            Self::Log2 => libm::log2(x),
            Self::Sin => libm::sin(x),
            Self::Cos => libm::cos(x),
            Self::Tan => libm::tan(x),
            Self::Asin => libm::asin(x),
            Self::Acos => libm::acos(x),
            Self::Atan => libm::atan(x),
            Self::Sinh => libm::sinh(x),
            Self::Cosh => libm::cosh(x),
            Self::Tanh => libm::tanh(x),
        }
    }

    /// f′(x), where v = f(x).
    pub(super) fn slope(self, x: f64, v: f64) -> f64 {
        match self {
            Self::Neg => -1.0,
            Self::Abs => sign(x),
            Self::Sign => 0.0,
            Self::Sqrt => 0.5 / v,
            Self::Exp => v,
            Self::Log => 1.0 / x,
            Self::Log10 => std::f64::consts::LOG10_E / x,
            Self::Log2 => std::f64::consts::LOG2_E / x,
            Self::Sin => libm::cos(x),
            Self::Cos => -libm::sin(x),
            Self::Tan => 1.0 + v * v,
            Self::Asin => 1.0 / ((1.0 - x) * (1.0 + x)).sqrt(),
            Self::Acos => -1.0 / ((1.0 - x) * (1.0 + x)).sqrt(),
            Self::Atan => 1.0 / (1.0 + x * x),
            Self::Sinh => libm::cosh(x),
            Self::Cosh => libm::sinh(x),
            // Not 1 − v², which cancels where tanh is flat.
            Self::Tanh => integer_power(libm::cosh(x), -2),
        }
    }

    /// f″(x), where v = f(x) and d = f′(x).
    pub(super) fn curvature(self, x: f64, v: f64, d: f64) -> f64 {
        match self {
            Self::Neg | Self::Abs | Self::Sign => 0.0,
            Self::Sqrt => -0.5 * d / x,
            Self::Exp | Self::Sinh | Self::Cosh => v,
            Self::Log | Self::Log10 | Self::Log2 => -d / x,
            Self::Sin | Self::Cos => -v,
            Self::Tan => 2.0 * v * d,
            Self::Asin | Self::Acos => x * d / ((1.0 - x) * (1.0 + x)),
            Self::Atan => -2.0 * x * d * d,
            Self::Tanh => -2.0 * v * d,
        }
    }
}

impl Binary {
    /// f(a, b).
    pub(super) fn value(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Add => a + b,
            Self::Sub => a - b,
            Self::Mul => a * b,
            Self::Div => a / b,
            Self::Pow => libm::pow(a, b),
            Self::Min if takes_first(a <= b, a) => a,
            Self::Max if takes_first(a >= b, a) => a,
            Self::Min | Self::Max => b,
            Self::Atan2 => libm::atan2(a, b),
        }
    }

    /// [∂f/∂a, ∂f/∂b], where v = f(a, b).
    pub(super) fn slopes(self, a: f64, b: f64, v: f64) -> [f64; 2] {
        match self {
            Self::Add => [1.0, 1.0],
            Self::Sub => [1.0, -1.0],
            Self::Mul => [b, a],
            Self::Div => [1.0 / b, -v / b],
            Self::Pow => [real_power_slope(a, b), chain(v, libm::log(a))],
            Self::Min if takes_first(a <= b, a) => [1.0, 0.0],
            Self::Max if takes_first(a >= b, a) => [1.0, 0.0],
            Self::Min | Self::Max => [0.0, 1.0],
            Self::Atan2 => {
                let square = a * a + b * b;
                [b / square, -a / square]
            }
        }
    }

    /// [∂²f/∂a², ∂²f/∂a∂b, ∂²f/∂b²], where v = f(a, b).
    pub(super) fn curvatures(self, a: f64, b: f64, v: f64) -> [f64; 3] {
        match self {
            Self::Add | Self::Sub | Self::Min | Self::Max => [0.0; 3],
            Self::Mul => [0.0, 1.0, 0.0],
            Self::Div => [0.0, -1.0 / (b * b), 2.0 * v / (b * b)],
            Self::Pow => {
                let log = libm::log(a);
                let mixed = chain(libm::pow(a, b - 1.0), 1.0 + chain(b, log));
                [real_power_curvature(a, b), mixed, chain(v, log * log)]
            }
            Self::Atan2 => {
                let square = a * a + b * b;
                let (s, c) = (a / square, b / square);
                [-2.0 * s * c, (s - c) * (s + c), 2.0 * s * c]
            }
        }
    }
}

/// d/dx xᶜ.
pub(super) fn real_power_slope(x: f64, c: f64) -> f64 {
    chain(c, libm::pow(x, c - 1.0))
}

/// d²/dx² xᶜ.
pub(super) fn real_power_curvature(x: f64, c: f64) -> f64 {
    chain(c * (c - 1.0), libm::pow(x, c - 2.0))
}

/// Minimum and maximum keep a NaN, on whichever side it stands.
fn takes_first(wins: bool, a: f64) -> bool {
    wins || a.is_nan()
}

/// −1, 0 or 1; NaN for NaN.
fn sign(x: f64) -> f64 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}
