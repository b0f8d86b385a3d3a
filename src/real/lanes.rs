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
    fn below(self, y: Self) -> Self;
    /// Mask of x ≤ y.
    fn at_or_below(self, y: Self) -> Self;
    /// `yes` in the lanes where the mask `self` is true, `no` in the others.
    fn select(self, yes: Self, no: Self) -> Self;
    /// The smaller of x and `top`; NaN where x is NaN. (Which zero is taken from +0 and −0 is left open.)
    fn at_most(self, top: Self) -> Self;
    /// The larger of x and `bottom`; NaN where x is NaN. (Which zero is taken from +0 and −0 is left open.)
    fn at_least(self, bottom: Self) -> Self;
    /// |x|.
    fn abs(self) -> Self;

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

    /// (p, h) with h = 2ⁿ⁻¹, p = eʳ − 1 and x = n·ln 2 + r, |r| ≤ ½ ln 2; so eˣ = 2(h·p + h).
    #[inline]
    fn exp_parts(self) -> (Self, Self) {
        let c = Self::CONSTANTS;
        let round = Self::splat(c.round);
        let x = self
            .at_most(Self::splat(c.exp_max))
            .at_least(Self::splat(c.exp_min));
        let shifted = x * Self::splat(c.log2_e) + round;
        let n = shifted - round;
        let r = x - n * Self::splat(c.ln_2[0]) - n * Self::splat(c.ln_2[1]);
        let q = horner(r, c.exp);
        (r * r * q + r, Self::half_power_of_two(shifted))
    }

    /// eˣ; 0 where it would be below twice the smallest normal number, ∞ where it overflows.
    #[must_use]
    #[inline]
    fn exp(self) -> Self {
        let (p, h) = self.exp_parts();
        let half = h * p + h;
        half + half
    }

    /// eˣ − 1, accurate near 0, for eˣ that does not overflow.
    #[must_use]
    #[inline]
    fn exp_m1(self) -> Self {
        let (p, h) = self.exp_parts();
        let s = h + h;
        s * p + (s - Self::splat(T::ONE))
    }

    /// tanh x = u / (u + 2) with u = e²ˣ − 1, taken at |x|.
    #[must_use]
    #[inline]
    fn tanh(self) -> Self {
        let size = self.abs().at_most(Self::splat(Self::CONSTANTS.tanh_max));
        let u = (size + size).exp_m1();
        let t = u / (u + Self::splat(T::of(2.0)));
        let sign = self & Self::splat(T::of(-0.0));
        t | sign
    }

    /// The logistic function 1 / (1 + e⁻ˣ).
    #[must_use]
    #[inline]
    fn sigmoid(self) -> Self {
        let one = Self::splat(T::ONE);
        one / (one + (-self).exp())
    }

    /// ln x for a normal x > 0; NaN for ∞.
    ///
    /// Source: FreeBSD msun `e_log.c`: with m = 1 + f and s = f/(2+f), ln m = f − (f²/2 − s(f²/2 + R(s²))).
    #[must_use]
    #[inline]
    fn ln(self) -> Self {
        let c = Self::CONSTANTS;
        let (m, k) = self.split();
        let f = m - Self::splat(T::ONE);
        let s = f / (f + Self::splat(T::of(2.0)));
        let z = s * s;
        let r = z * horner(z, c.ln);
        let half_square = f * f * Self::splat(T::of(0.5));
        let low = s * (half_square + r) + k * Self::splat(c.ln_2[1]);
        // NaN and ∞ have an exponent, too: x − x carries them over.
        k * Self::splat(c.ln_2[0]) - ((half_square - low) - f) + (self - self)
    }

    /// ln(1 + x) for 0 ≤ x ≤ 1, accurate near 0.
    #[must_use]
    #[inline]
    fn ln_1p(self) -> Self {
        let one = Self::splat(T::ONE);
        let y = one + self;
        let lost = self - (y - one);
        y.ln() + lost / y
    }
}

/// Σ cᵢxⁱ by Horner's rule.
#[inline]
fn horner<T: Real>(x: T::Lanes, coefficients: &[T]) -> T::Lanes {
    let mut sum = T::Lanes::default();
    for (i, &c) in coefficients.iter().rev().enumerate() {
        let c = T::Lanes::splat(c);
        sum = if i == 0 { c } else { sum * x + c };
    }
    sum
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
    /// Below this eˣ is 0 (the exponent of 2ⁿ⁻¹ is then that of 0).
    exp_min: T,
    /// From here on eˣ overflows.
    exp_max: T,
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
            fn abs(self) -> Self {
                self & !Self::splat(-0.0)
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
    ln_2: [0.693_359_375, -2.121_944_4e-4],
    exp_min: -87.6,
    exp_max: 89.0,
    tanh_max: 10.0,
    exp: &[0.5, 0.166_665_77, 0.041_666_556, 0.008_363_179, 0.001_392_618_4],
    ln: &[0.666_666_6, 0.400_009_72, 0.284_987_87, 0.242_790_79],
});
lanes!(f64, f64x2, u64x2, 2, mantissa: 52_u32, sqrt_half: std::f64::consts::FRAC_1_SQRT_2, constants: Constants {
    round: 6_755_399_441_055_744.0 + 1022.0,
    log2_e: std::f64::consts::LOG2_E,
    ln_2: [0.693_147_180_369_123_8, 1.908_214_929_270_587_7e-10],
    exp_min: -708.5,
    exp_max: 709.9,
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

    /// The largest error over a grid, in units of the last place of the exact value (taken in `f64`).
    fn worst<T: Real>(
        grid: impl Iterator<Item = f64>,
        f: fn(T::Lanes) -> T::Lanes,
        exact: fn(f64) -> f64,
    ) -> f64 {
        let epsilon = if T::NAME == "f32" {
            f64::from(f32::EPSILON)
        } else {
            f64::EPSILON
        };
        grid.map(|x| {
            let x = T::of(x);
            let got = f(T::Lanes::splat(x)).lanes()[0].f64();
            let want = exact(x.f64());
            (got - want).abs() / (want.abs() * epsilon).max(f64::MIN_POSITIVE)
        })
        .fold(0.0, f64::max)
    }

    fn grid(from: f64, to: f64) -> impl Iterator<Item = f64> {
        (0..=200_000).map(move |i| from + (to - from) * f64::from(i) / 200_000.0)
    }

    fn sigmoid(x: f64) -> f64 {
        1.0 / (1.0 + libm::exp(-x))
    }

    #[test]
    fn elementary_functions_are_within_three_ulp() {
        for (from, to) in [(-1e-3, 1e-3), (-2.0, 2.0), (-86.9, 88.0)] {
            for (name, error) in [
                (
                    "exp f32",
                    worst::<f32>(grid(from, to), Lanes::exp, libm::exp),
                ),
                (
                    "exp f64",
                    worst::<f64>(grid(from, to), Lanes::exp, libm::exp),
                ),
                (
                    "exp_m1 f32",
                    worst::<f32>(grid(from, to), Lanes::exp_m1, libm::expm1),
                ),
                (
                    "exp_m1 f64",
                    worst::<f64>(grid(from, to), Lanes::exp_m1, libm::expm1),
                ),
                (
                    "tanh f32",
                    worst::<f32>(grid(from, to), Lanes::tanh, libm::tanh),
                ),
                (
                    "tanh f64",
                    worst::<f64>(grid(from, to), Lanes::tanh, libm::tanh),
                ),
                (
                    "sigmoid f32",
                    worst::<f32>(grid(from, to), Lanes::sigmoid, sigmoid),
                ),
                (
                    "sigmoid f64",
                    worst::<f64>(grid(from, to), Lanes::sigmoid, sigmoid),
                ),
            ] {
                println!("{name} on [{from}, {to}]: {error:.2}");
                assert!(error < 3.0, "{name} on [{from}, {to}]: {error}");
            }
        }
        for (name, error) in [
            (
                "exp f64",
                worst::<f64>(grid(-708.0, 709.7), Lanes::exp, libm::exp),
            ),
            ("ln f32", worst::<f32>(grid(1.0, 3.0), Lanes::ln, libm::log)),
            ("ln f64", worst::<f64>(grid(1.0, 3.0), Lanes::ln, libm::log)),
            (
                "ln f32",
                worst::<f32>(grid(1e-3, 1e4), Lanes::ln, libm::log),
            ),
            (
                "ln f64",
                worst::<f64>(grid(1e-3, 1e4), Lanes::ln, libm::log),
            ),
            (
                "ln_1p f32",
                worst::<f32>(grid(0.0, 1.0), Lanes::ln_1p, libm::log1p),
            ),
            (
                "ln_1p f64",
                worst::<f64>(grid(0.0, 1.0), Lanes::ln_1p, libm::log1p),
            ),
            (
                "ln_1p f32",
                worst::<f32>(grid(0.0, 1e-6), Lanes::ln_1p, libm::log1p),
            ),
            (
                "ln_1p f64",
                worst::<f64>(grid(0.0, 1e-6), Lanes::ln_1p, libm::log1p),
            ),
        ] {
            println!("{name}: {error:.2}");
            assert!(error < 3.0, "{name}: {error}");
        }
    }

    fn extremes<T: Real>() {
        let at =
            |f: fn(T::Lanes) -> T::Lanes, x: f64| f(T::Lanes::splat(T::of(x))).lanes()[0].f64();
        for big in [1e3, 1e30, f64::INFINITY] {
            assert_eq!(at(Lanes::exp, big), f64::INFINITY);
            assert_eq!(at(Lanes::exp, -big), 0.0);
            assert_eq!(at(Lanes::exp_m1, -big), -1.0);
            assert_eq!(at(Lanes::tanh, big), 1.0);
            assert_eq!(at(Lanes::tanh, -big), -1.0);
            assert_eq!(at(Lanes::sigmoid, big), 1.0);
            assert_eq!(at(Lanes::sigmoid, -big), 0.0);
        }
        for f in [
            Lanes::exp,
            Lanes::exp_m1,
            Lanes::tanh,
            Lanes::sigmoid,
            Lanes::ln,
            Lanes::ln_1p,
        ] {
            assert!(at(f, f64::NAN).is_nan());
        }
        assert_eq!(at(Lanes::exp, 0.0), 1.0);
        assert_eq!(at(Lanes::tanh, 0.0).to_bits(), 0.0_f64.to_bits());
        assert_eq!(at(Lanes::tanh, -0.0).to_bits(), (-0.0_f64).to_bits());
        assert_eq!(at(Lanes::ln, 1.0), 0.0);
    }

    #[test]
    fn extremes_saturate_and_nan_stays_nan() {
        extremes::<f32>();
        extremes::<f64>();
    }
}
