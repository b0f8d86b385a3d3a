//! Activation functions.

use crate::real::Real;
use crate::real::lanes::{Elementary, Lanes, Panel};

/// The function A in h = A(b + Wx), applied to each unit. Constants are PyTorch's defaults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// max(0, x); its slope at 0 is 0.
    Relu,
    /// x for x > 0, x/100 elsewhere.
    LeakyRelu,
    /// x for x > 0, eˣ − 1 elsewhere.
    Elu,
    /// xΦ(x), with the normal distribution Φ(x) = ½(1 + erf(x/√2)).
    Gelu,
    /// ln(1 + eˣ).
    Softplus,
    /// tanh x.
    Tanh,
    /// 1 / (1 + e⁻ˣ).
    Sigmoid,
    /// x.
    Identity,
}

impl Activation {
    /// All of them, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[
        Self::Relu,
        Self::LeakyRelu,
        Self::Elu,
        Self::Gelu,
        Self::Softplus,
        Self::Tanh,
        Self::Sigmoid,
        Self::Identity,
    ];

    /// The name in a config.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::Elu => "elu",
            Self::Gelu => "gelu",
            Self::Softplus => "softplus",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Identity => "identity",
        }
    }

    /// The name on the page.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::LeakyRelu => "Leaky ReLU",
            Self::Elu => "ELU",
            Self::Gelu => "GELU",
            Self::Softplus => "Softplus",
            Self::Tanh => "tanh",
            Self::Sigmoid => "Sigmoid",
            Self::Identity => "Identity",
        }
    }

    /// The activation of that [`name`](Self::name).
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|a| a.name() == name)
    }

    /// z ← A(z).
    pub(super) fn apply<T: Real>(self, e: &Elementary<T>, z: &mut [Panel<T>]) {
        self.visit::<T>(e, Value { z });
    }

    /// z ← A(z), with A′(z) written to `slope` (at least of the same length).
    pub(super) fn apply_with_slope<T: Real>(
        self,
        e: &Elementary<T>,
        z: &mut [Panel<T>],
        slope: &mut [Panel<T>],
    ) {
        self.visit::<T>(e, ValueAndSlope { z, slope });
    }

    /// Gives the visitor this activation as a function x ↦ (A(x), A′(x)), compiled for it.
    #[inline]
    fn visit<T: Real>(self, e: &Elementary<T>, visitor: impl Visitor<T>) {
        let e = *e;
        let one = e.one();
        let zero = T::Lanes::default();
        let splat = |v: f64| T::Lanes::splat(T::of(v));
        match self {
            Self::Relu => visitor.map(|x| {
                let on = !x.at_or_below(zero);
                (x & on, one & on)
            }),
            Self::LeakyRelu => {
                let leak = splat(0.01);
                visitor.map(|x| {
                    let slope = x.at_or_below(zero).select(leak, one);
                    (x * slope, slope)
                });
            }
            Self::Elu => visitor.map(|x| {
                let off = x.at_or_below(zero);
                let (exp, exp_m1) = e.exp_and_exp_m1(x.at_most(zero));
                (off.select(exp_m1, x), off.select(exp, one))
            }),
            Self::Gelu => {
                let (half, root_half) = (splat(0.5), splat(std::f64::consts::FRAC_1_SQRT_2));
                let density_at_0 = splat(0.398_942_280_401_432_7); // 1/√(2π)
                let far = splat(40.0); // from where on Φ is 0 or 1 and the density 0, exactly
                visitor.map(|x| {
                    let near = x.at_least(-far);
                    let phi = half * (one + (x * root_half).map(Real::erf));
                    let density = density_at_0 * e.exp(-half * x * x);
                    (near * phi, phi + near.at_most(far) * density)
                });
            }
            Self::Softplus => visitor.map(|x| {
                let exp = e.exp_of_minus_abs(x);
                let off = x.at_or_below(zero);
                (
                    x.at_least(zero) + e.ln_1p(exp),
                    off.select(exp, one) / (one + exp),
                )
            }),
            Self::Tanh => visitor.map(|x| {
                let a = e.tanh(x);
                (a, one - a * a)
            }),
            Self::Sigmoid => visitor.map(|x| {
                let a = e.sigmoid(x);
                (a, a * (one - a))
            }),
            Self::Identity => visitor.map(|x| (x, one)),
        }
    }
}

/// A loop that is compiled once for each activation.
trait Visitor<T: Real> {
    fn map(self, f: impl Fn(T::Lanes) -> (T::Lanes, T::Lanes));
}

struct Value<'a, T: Real> {
    z: &'a mut [Panel<T>],
}

impl<T: Real> Visitor<T> for Value<'_, T> {
    #[inline]
    fn map(self, f: impl Fn(T::Lanes) -> (T::Lanes, T::Lanes)) {
        for z in self.z {
            *z = [f(z[0]).0, f(z[1]).0];
        }
    }
}

struct ValueAndSlope<'a, T: Real> {
    z: &'a mut [Panel<T>],
    slope: &'a mut [Panel<T>],
}

impl<T: Real> Visitor<T> for ValueAndSlope<'_, T> {
    #[inline]
    fn map(self, f: impl Fn(T::Lanes) -> (T::Lanes, T::Lanes)) {
        for (z, slope) in self.z.iter_mut().zip(self.slope) {
            let ((a, da), (b, db)) = (f(z[0]), f(z[1]));
            *z = [a, b];
            *slope = [da, db];
        }
    }
}
