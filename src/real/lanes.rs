//! Four `f32` or two `f64` at once: 128 bits, on every target, and the elementary functions on them.
//!
//! The functions are written once for both precisions, without branches, from additions, multiplications, divisions
//! and shifts only, so they give the same bits natively and in the browser. NaN stays NaN.

use std::fmt::Debug;
use std::ops::{Add, AddAssign, BitAnd, BitOr, Div, Mul, Neg, Not, Sub};

use wide::{Select, f32x4, f64x2, u32x4, u64x2};

use super::Real;

/// Two vectors, side by side: eight `f32` or four `f64`, the unit that kernels work in.
pub type Panel<T> = [<T as Real>::Lanes; 2];

/// How many numbers a [`Panel`] holds.
pub const fn panel_width<T: Real>() -> usize {
    2 * T::Lanes::LANES
}

/// A vector of 128 bits.
///
/// A mask is a vector whose lanes have all bits set (true) or none (false).
pub trait Lanes<T: Real<Lanes = Self>>:
    Copy
    + Debug
    + Default
    + Send
    + Sync
    + 'static
    + Add<Output = Self>
    + AddAssign
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + Not<Output = Self>
{
    /// How many numbers a vector holds.
    const LANES: usize;
    /// The constants of the elementary functions.
    const CONSTANTS: Constants<T>;

    /// The same number in every lane.
    fn splat(v: T) -> Self;
    /// The first [`Self::LANES`] numbers of a slice that has as many.
    fn load(from: &[T]) -> Self;
    /// Writes the first [`Self::LANES`] numbers of a slice that has as many.
    fn store(self, to: &mut [T]);
    /// As many lanes as a slice has numbers, the others 0.
    fn load_some(from: &[T]) -> Self;
    /// Writes as many lanes as the slice has room for.
    fn store_some(self, to: &mut [T]);
    /// The lanes, to be read.
    fn lanes(&self) -> &[T];
    /// The numbers in a slice of panels.
    fn numbers(panels: &[[Self; 2]]) -> &[T];
    /// The lanes, to be written.
    fn lanes_mut(&mut self) -> &mut [T];
    /// Exchanges rows and columns of a square of [`panel_width`] panels. What `from` lacks is 0, what `to` lacks is left
    /// out.
    fn transpose(from: &[[Self; 2]], to: &mut [[Self; 2]]);

    /// Mask of x < y.
    #[must_use]
    fn below(self, y: Self) -> Self;
    /// Mask of x ≤ y.
    #[must_use]
    fn at_or_below(self, y: Self) -> Self;
    /// `yes` in the lanes where the mask `self` is true, `no` in the others.
    #[must_use]
    fn select(self, yes: Self, no: Self) -> Self;
    /// The smaller of x and `top`; NaN where x is NaN. (Which zero is taken from +0 and −0 is left open.)
    #[must_use]
    fn at_most(self, top: Self) -> Self;
    /// The larger of x and `bottom`; NaN where x is NaN. (Which zero is taken from +0 and −0 is left open.)
    #[must_use]
    fn at_least(self, bottom: Self) -> Self;

    /// 2ⁿ⁻¹, where `shifted` is n + [`Constants::round`].
    fn half_power_of_two(shifted: Self) -> Self;
    /// (m, k) with x = 2ᵏm and √½ ≤ m < √2, for a normal x > 0.
    fn split(self) -> (Self, Self);

    /// The function of each lane.
    #[must_use]
    #[inline]
    fn map(mut self, f: impl Fn(T) -> T) -> Self {
        for v in self.lanes_mut() {
            *v = f(*v);
        }
        self
    }
}

/// The elementary functions on [`Lanes`], with their constants.
///
/// It is to be made once, kept in memory and copied to locals before a loop: the compiler would put literal vectors into
/// the loop instead, and engines build a vector literal anew each time they meet it.
#[derive(Debug, Clone, Copy)]
pub struct Elementary<T: Real> {
    half: T::Lanes,
    one: T::Lanes,
    two: T::Lanes,
    sign: T::Lanes,
    round: T::Lanes,
    log2_e: T::Lanes,
    ln_2: [T::Lanes; 2],
    exp_range: [T::Lanes; 2],
    tanh_max: T::Lanes,
    exp: [T::Lanes; MOST_TERMS],
    ln: [T::Lanes; MOST_TERMS],
}

/// At least the number of coefficients of any polynomial.
const MOST_TERMS: usize = 10;

impl<T: Real> Default for Elementary<T> {
    fn default() -> Self {
        let c = T::Lanes::CONSTANTS;
        let splat = T::Lanes::splat;
        let terms = |terms: &[T]| {
            std::array::from_fn(|i| terms.get(i).copied().map_or(splat(T::ZERO), splat))
        };
        Self {
            half: splat(T::of(0.5)),
            one: splat(T::ONE),
            two: splat(T::of(2.0)),
            sign: splat(T::of(-0.0)),
            round: splat(c.round),
            log2_e: splat(c.log2_e),
            ln_2: c.ln_2.map(splat),
            exp_range: c.exp_range.map(splat),
            tanh_max: splat(c.tanh_max),
            exp: terms(c.exp),
            ln: terms(c.ln),
        }
    }
}

impl<T: Real> Elementary<T> {
    /// 1 in every lane.
    #[inline]
    pub fn one(&self) -> T::Lanes {
        self.one
    }

    /// (p, h) with h = 2ⁿ⁻¹, p = eʳ − 1 and x = n·ln 2 + r, |r| ≤ ½ ln 2; so eˣ = 2(h·p + h), for |x| that neither
    /// overflows nor underflows.
    #[inline]
    fn parts(&self, x: T::Lanes) -> (T::Lanes, T::Lanes) {
        let shifted = x * self.log2_e + self.round;
        let n = shifted - self.round;
        let r = x - n * self.ln_2[0] - n * self.ln_2[1];
        let q = horner::<T>(r, &self.exp[..T::Lanes::CONSTANTS.exp.len()]);
        (r * r * q + r, T::Lanes::half_power_of_two(shifted))
    }

    /// eˣ; 0 where it would be below twice the smallest normal number, ∞ where it overflows.
    #[inline]
    pub fn exp(&self, x: T::Lanes) -> T::Lanes {
        let [min, max] = self.exp_range;
        let (p, h) = self.parts(x.at_most(max).at_least(min));
        let half = h * p + h;
        half + half
    }

    /// (eˣ, eˣ − 1), both to full precision, for x ≤ 0.
    #[inline]
    pub fn exp_and_exp_m1(&self, x: T::Lanes) -> (T::Lanes, T::Lanes) {
        let (p, h) = self.parts(x.at_least(self.exp_range[0]));
        let s = h + h;
        let sp = s * p;
        (sp + s, sp + (s - self.one))
    }

    /// tanh x = u / (u + 2) with u = e²ˣ − 1, taken at |x|.
    #[inline]
    pub fn tanh(&self, x: T::Lanes) -> T::Lanes {
        let size = (x & !self.sign).at_most(self.tanh_max);
        let (p, h) = self.parts(size + size);
        let s = h + h;
        let u = s * p + (s - self.one);
        (u / (u + self.two)) | (x & self.sign)
    }

    /// The logistic function 1 / (1 + e⁻ˣ).
    #[inline]
    pub fn sigmoid(&self, x: T::Lanes) -> T::Lanes {
        self.one / (self.one + self.exp(-x))
    }

    /// e⁻|ˣ|.
    #[inline]
    pub fn exp_of_minus_abs(&self, x: T::Lanes) -> T::Lanes {
        self.exp(x | self.sign)
    }

    /// ln x for a normal x > 0; NaN for ∞.
    ///
    /// Source: FreeBSD msun `e_log.c`: with m = 1 + f and s = f/(2+f), ln m = f − (f²/2 − s(f²/2 + R(s²))).
    #[inline]
    pub fn ln(&self, x: T::Lanes) -> T::Lanes {
        let (m, k) = x.split();
        let f = m - self.one;
        let s = f / (f + self.two);
        let z = s * s;
        let r = z * horner::<T>(z, &self.ln[..T::Lanes::CONSTANTS.ln.len()]);
        let half_square = self.half * f * f;
        let low = s * (half_square + r) + k * self.ln_2[1];
        // NaN and ∞ have an exponent, too: 0·x carries them over.
        k * self.ln_2[0] - ((half_square - low) - f) + x * T::Lanes::default()
    }

    /// ln(1 + x) for 0 ≤ x ≤ 1, accurate near 0.
    #[inline]
    pub fn ln_1p(&self, x: T::Lanes) -> T::Lanes {
        let y = self.one + x;
        let lost = x - (y - self.one);
        self.ln(y) + lost / y
    }
}

/// Σ cᵢxⁱ by Horner's rule.
#[inline]
fn horner<T: Real>(x: T::Lanes, coefficients: &[T::Lanes]) -> T::Lanes {
    coefficients
        .iter()
        .copied()
        .rev()
        .reduce(|sum, c| sum * x + c)
        .unwrap_or_default()
}

/// What the elementary functions need to know of a precision.
#[derive(Debug, Clone, Copy)]
pub struct Constants<T: 'static> {
    /// 1.5·2ᵐ + bias − 1 for m bits of mantissa: adding it rounds to an integer, and leaves the biased exponent of
    /// 2ⁿ⁻¹ in the lowest bits.
    round: T,
    /// log₂ e.
    log2_e: T,
    /// ln 2 in two parts, the first short enough for its product with an exponent to be exact.
    ln_2: [T; 2],
    /// At the lower end eˣ is 0 (the exponent of 2ⁿ⁻¹ is then that of 0), at the upper it overflows.
    exp_range: [T; 2],
    /// tanh is 1 from here on.
    tanh_max: T,
    /// (eʳ − 1 − r)/r² for |r| ≤ ½ ln 2, interpolated at Chebyshev nodes; lowest power first.
    exp: &'static [T],
    /// R(s²)/s² of the logarithm; lowest power first.
    ln: &'static [T],
}

/// One implementation: the vector types and the bits of a precision.
macro_rules! lanes {
    ($t:ident, $v:ident, $bits:ident, $n:literal, mantissa: $mantissa:literal, sqrt_half: $sqrt_half:expr, constants: $constants:expr) => {
        impl Lanes<$t> for $v {
            const LANES: usize = $n;
            const CONSTANTS: Constants<$t> = $constants;

            #[inline]
            fn splat(v: $t) -> Self {
                $v::splat(v)
            }
            #[inline]
            fn load(from: &[$t]) -> Self {
                let mut v = Self::default();
                v.as_mut_array().copy_from_slice(&from[..$n]);
                v
            }
            #[inline]
            fn store(self, to: &mut [$t]) {
                to[..$n].copy_from_slice(self.as_array());
            }
            // Kept out of line, and unrolled over the lanes: as loops they become calls of `memory.copy`, which costs more.
            #[inline(never)]
            fn load_some(from: &[$t]) -> Self {
                $v::new(std::array::from_fn(|i| from.get(i).copied().unwrap_or(0.0)))
            }
            #[inline(never)]
            fn store_some(self, to: &mut [$t]) {
                let lanes = self.to_array();
                for i in 0..$n {
                    if let Some(to) = to.get_mut(i) {
                        *to = lanes[i];
                    }
                }
            }
            #[inline]
            fn lanes(&self) -> &[$t] {
                self.as_array()
            }
            #[inline]
            fn numbers(panels: &[[Self; 2]]) -> &[$t] {
                wide::bytemuck::cast_slice(panels)
            }
            #[inline]
            fn lanes_mut(&mut self) -> &mut [$t] {
                self.as_mut_array()
            }
            #[inline]
            fn transpose(from: &[[Self; 2]], to: &mut [[Self; 2]]) {
                let at = |row: usize, side: usize| {
                    from.get(row).map_or(Self::default(), |panel| panel[side])
                };
                for i in 0..2 {
                    for j in 0..2 {
                        let square = $v::transpose(std::array::from_fn(|k| at($n * i + k, j)));
                        for (k, row) in square.into_iter().enumerate() {
                            if let Some(panel) = to.get_mut($n * j + k) {
                                panel[i] = row;
                            }
                        }
                    }
                }
            }
            #[inline]
            fn below(self, y: Self) -> Self {
                self.simd_lt(y)
            }
            #[inline]
            fn at_or_below(self, y: Self) -> Self {
                self.simd_le(y)
            }
            #[inline]
            fn select(self, yes: Self, no: Self) -> Self {
                Select::select(self, yes, no)
            }
            #[inline]
            fn at_most(self, top: Self) -> Self {
                // Both are one instruction; they differ in which operand they return for NaN.
                if cfg!(target_arch = "wasm32") {
                    self.fast_min(top)
                } else {
                    top.fast_min(self)
                }
            }
            #[inline]
            fn at_least(self, bottom: Self) -> Self {
                if cfg!(target_arch = "wasm32") {
                    self.fast_max(bottom)
                } else {
                    bottom.fast_max(self)
                }
            }
            #[inline]
            fn half_power_of_two(shifted: Self) -> Self {
                $v::from_bits(shifted.to_bits() << $mantissa)
            }
            #[inline]
            fn split(self) -> (Self, Self) {
                const ONE: $t = 1.0;
                const SQRT_HALF: $t = $sqrt_half;
                const UNIT: $t = (1_u64 << $mantissa) as $t;
                const BIAS: $t = $t::MAX_EXP as $t - 1.0;
                let offset = $bits::splat(ONE.to_bits() - SQRT_HALF.to_bits());
                let bits = self.to_bits() + offset;
                let exponent = $v::from_bits((bits >> $mantissa) | $bits::splat(UNIT.to_bits()));
                let mantissa = bits & $bits::splat((1 << $mantissa) - 1);
                let m = $v::from_bits(mantissa + $bits::splat(SQRT_HALF.to_bits()));
                (m, exponent - Self::splat(UNIT + BIAS))
            }
        }
    };
}

lanes!(f32, f32x4, u32x4, 4, mantissa: 23_u32, sqrt_half: 0.707_106_77, constants: Constants {
    round: 12_582_912.0 + 126.0,
    log2_e: std::f32::consts::LOG2_E,
    ln_2: [0.693_359_4, -2.121_944_4e-4],
    exp_range: [-87.6, 89.0],
    tanh_max: 10.0,
    exp: &[0.5, 0.166_665_77, 0.041_666_556, 0.008_363_179, 0.001_392_618_4],
    ln: &[0.666_666_6, 0.400_009_72, 0.284_987_87, 0.242_790_79],
});
lanes!(f64, f64x2, u64x2, 2, mantissa: 52_u32, sqrt_half: std::f64::consts::FRAC_1_SQRT_2, constants: Constants {
    round: 6_755_399_441_055_744.0 + 1022.0,
    log2_e: std::f64::consts::LOG2_E,
    ln_2: [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10],
    exp_range: [-708.5, 709.9],
    tanh_max: 20.0,
    exp: &[
        0.500_000_000_000_000_1,
        0.166_666_666_666_666_69,
        0.041_666_666_666_624_13,
        0.008_333_333_333_330_062,
        0.001_388_888_891_721_371_7,
        1.984_126_986_305_361_8e-4,
        2.480_152_129_595_437_6e-5,
        2.755_726_845_999_706_4e-6,
        2.762_008_844_540_974_6e-7,
        2.510_038_549_551_032e-8,
    ],
    ln: &[
        0.666_666_666_666_673_5,
        0.399_999_999_994_094_2,
        0.285_714_287_436_623_9,
        0.222_221_984_321_497_84,
        0.181_835_721_616_180_5,
        0.153_138_376_992_093_73,
        0.147_981_986_051_165_86,
    ],
});

#[cfg(test)]
mod tests {
    use super::*;

    type Function<T> = fn(&Elementary<T>, <T as Real>::Lanes) -> <T as Real>::Lanes;

    fn at<T: Real>(f: Function<T>, x: T) -> f64 {
        f(&Elementary::default(), T::Lanes::splat(x)).lanes()[0].f64()
    }

    /// The largest error over a grid, in units of the last place of the exact value (taken in `f64`).
    fn worst<T: Real>(f: Function<T>, exact: fn(f64) -> f64, from: f64, to: f64) -> f64 {
        let epsilon = if T::NAME == "f32" {
            f64::from(f32::EPSILON)
        } else {
            f64::EPSILON
        };
        let error = |i: u32| {
            let x = T::of(from + (to - from) * f64::from(i) / 200_000.0);
            let want = exact(x.f64());
            (at(f, x) - want).abs() / (want.abs() * epsilon).max(f64::MIN_POSITIVE)
        };
        (0..=200_000).map(error).fold(0.0, f64::max)
    }

    macro_rules! assert_accurate {
        ($f:expr, $exact:expr, $ranges:expr) => {
            for (from, to) in $ranges {
                let errors = [
                    worst::<f32>($f, $exact, from, to),
                    worst::<f64>($f, $exact, from, to),
                ];
                assert!(
                    errors.iter().all(|&e| e < 2.5),
                    "{} on [{from}, {to}]: {errors:?} ulp",
                    stringify!($f)
                );
            }
        };
    }

    fn exp_m1<T: Real>(e: &Elementary<T>, x: T::Lanes) -> T::Lanes {
        e.exp_and_exp_m1(x).1
    }

    #[test]
    fn functions_are_accurate() {
        let everywhere = [(-1e-3, 1e-3), (-2.0, 2.0), (-86.9, 88.0)];
        assert_accurate!(Elementary::exp, libm::exp, everywhere);
        assert_accurate!(Elementary::tanh, libm::tanh, everywhere);
        assert_accurate!(
            Elementary::sigmoid,
            |x| 1.0 / (1.0 + libm::exp(-x)),
            everywhere
        );
        assert_accurate!(
            exp_m1,
            libm::expm1,
            [(-1e-3, 0.0), (-2.0, 0.0), (-80.0, 0.0)]
        );
        assert_accurate!(
            Elementary::ln,
            libm::log,
            [(0.9, 1.1), (1.0, 3.0), (1e-3, 1e4)]
        );
        assert_accurate!(Elementary::ln_1p, libm::log1p, [(0.0, 1e-6), (0.0, 1.0)]);
        assert!(worst::<f64>(Elementary::exp, libm::exp, -708.0, 709.7) < 2.0);
    }

    fn assert_extremes<T: Real>() {
        for big in [1e3, 1e30, f64::INFINITY].map(T::of) {
            assert_eq!(at(Elementary::exp, big), f64::INFINITY);
            assert_eq!(at(Elementary::exp, -big), 0.0);
            assert_eq!(at(exp_m1, -big), -1.0);
            assert_eq!(at(Elementary::tanh, big), 1.0);
            assert_eq!(at(Elementary::tanh, -big), -1.0);
            assert_eq!(at(Elementary::sigmoid, big), 1.0);
            assert_eq!(at(Elementary::sigmoid, -big), 0.0);
        }
        let functions = [
            Elementary::exp,
            exp_m1,
            Elementary::tanh,
            Elementary::sigmoid,
            Elementary::ln,
            Elementary::ln_1p,
        ];
        for f in functions {
            assert!(at(f, T::of(f64::NAN)).is_nan());
        }
        assert_eq!(at(Elementary::exp, T::ZERO), 1.0);
        assert_eq!(at(Elementary::ln, T::ONE), 0.0);
        for zero in [0.0, -0.0] {
            assert_eq!(at(Elementary::tanh, T::of(zero)).to_bits(), zero.to_bits());
        }
    }

    #[test]
    fn extremes_saturate_and_nan_stays_nan() {
        assert_extremes::<f32>();
        assert_extremes::<f64>();
    }
}
