//! The number types that training runs in.
//!
//! Every transcendental function comes from `libm`, on every target, so that a native run and a run in the browser
//! agree to the last bit. The platform's own `exp` or `tanh` would not. Square roots are correctly rounded everywhere.

pub mod lanes;

use std::fmt::Debug;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub, SubAssign};

use lanes::Lanes;

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A floating-point type that networks and first-order methods can be run in: `f32` or `f64`.
///
/// Hyper-parameters, losses, norms, schedules and the history are `f64` always; they are converted once, at the edge
/// of a kernel, with [`Real::of`] (so that 1 − β₂ is taken in `f64` before it is rounded).
pub trait Real:
    sealed::Sealed
    + Copy
    + Debug
    + Default
    + PartialOrd
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + SubAssign
    + MulAssign
{
    /// The vector of 128 bits that kernels work in.
    type Lanes: Lanes<Self>;

    /// The name that a config uses: `"f32"` or `"f64"`.
    const NAME: &'static str;
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;

    /// The nearest value to `v`.
    fn of(v: f64) -> Self;
    /// The same value as `f64` (exact).
    fn f64(self) -> f64;
    /// √x, correctly rounded.
    fn sqrt(self) -> Self;
    /// |x|.
    fn abs(self) -> Self;
    /// eˣ.
    fn exp(self) -> Self;
    /// ln x.
    fn ln(self) -> Self;
    /// ln(1 + x), accurate near 0.
    fn ln_1p(self) -> Self;
    /// eˣ − 1, accurate near 0.
    fn exp_m1(self) -> Self;
    /// tanh x.
    fn tanh(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// Neither NaN nor infinite.
    fn is_finite(self) -> bool;

    /// The larger of two numbers; NaN if `self` is NaN.
    #[must_use]
    fn at_least(self, other: Self) -> Self {
        if self < other { other } else { self }
    }
}

macro_rules! real {
    ($t:ident, $lanes:ident, $exp:ident, $ln:ident, $ln_1p:ident, $exp_m1:ident, $tanh:ident, $erf:ident) => {
        impl Real for $t {
            type Lanes = wide::$lanes;
            const NAME: &'static str = stringify!($t);
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;
            #[inline]
            fn of(v: f64) -> Self {
                v as $t
            }
            #[inline]
            fn f64(self) -> f64 {
                f64::from(self)
            }
            #[inline]
            fn sqrt(self) -> Self {
                $t::sqrt(self)
            }
            #[inline]
            fn abs(self) -> Self {
                $t::abs(self)
            }
            #[inline]
            fn exp(self) -> Self {
                libm::$exp(self)
            }
            #[inline]
            fn ln(self) -> Self {
                libm::$ln(self)
            }
            #[inline]
            fn ln_1p(self) -> Self {
                libm::$ln_1p(self)
            }
            #[inline]
            fn exp_m1(self) -> Self {
                libm::$exp_m1(self)
            }
            #[inline]
            fn tanh(self) -> Self {
                libm::$tanh(self)
            }
            #[inline]
            fn erf(self) -> Self {
                libm::$erf(self)
            }
            #[inline]
            fn is_finite(self) -> bool {
                $t::is_finite(self)
            }
        }
    };
}

real!(f32, f32x4, expf, logf, log1pf, expm1f, tanhf, erff);
real!(f64, f64x2, exp, log, log1p, expm1, tanh, erf);

/// Euclidean norm ‖x‖ as `f64`, summed in eight fixed lanes so that every target adds in the same order.
pub fn norm<T: Real>(x: &[T]) -> f64 {
    sum_of_squares(x).sqrt()
}

/// Σ xᵢ² as `f64`, in the fixed order of [`norm`]. Each element is squared in `f64`, so it cannot overflow in `f32`.
pub fn sum_of_squares<T: Real>(x: &[T]) -> f64 {
    const LANES: usize = 8;
    let mut lanes = [0.0_f64; LANES];
    let chunks = x.chunks_exact(LANES);
    let tail = chunks.remainder();
    for chunk in chunks {
        for (lane, v) in lanes.iter_mut().zip(chunk) {
            *lane += v.f64() * v.f64();
        }
    }
    for (lane, v) in lanes.iter_mut().zip(tail) {
        *lane += v.f64() * v.f64();
    }
    lanes.iter().sum()
}

/// Indices of `keys` in the order of rising keys, NaN last; equal keys keep their order. One sort for all who need one,
/// as each other order of comparing would be ten kilobytes of WebAssembly.
pub fn rising(keys: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_unstable_by(|a, b| keys[*a].total_cmp(&keys[*b]).then(a.cmp(b)));
    order
}
