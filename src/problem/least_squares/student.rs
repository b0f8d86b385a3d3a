//! Quantiles of Student's t.

/// The quantile of the standard normal distribution at 0.975.
const NORMAL: f64 = 1.959_963_984_540_054;
/// Degrees of freedom from which the expansion around the normal quantile is exact to the last digits.
const MANY: usize = 1000;

/// The t that a variable of Student's distribution with `freedom` degrees of freedom, at least 1, stays within, up and
/// down, with a probability of 95 %.
///
/// By bisection of the closed form of that probability (Abramowitz & Stegun, 26.7.3 and 26.7.4); for many degrees of
/// freedom by the expansion around the normal quantile (26.7.5).
pub(super) fn two_sided_95(freedom: usize) -> f64 {
    if freedom >= MANY {
        return expansion(freedom as f64);
    }
    let (mut below, mut above) = (NORMAL, 13.0);
    loop {
        let middle = 0.5 * (below + above);
        if middle <= below || middle >= above {
            return middle;
        }
        if probability(middle, freedom) < 0.95 {
            below = middle;
        } else {
            above = middle;
        }
    }
}

/// A(t|ν), the probability of staying within ±t:
///
/// ```text
/// ν odd:  2/π (θ + sin θ (cos θ + 2/3 cos³θ + … + 2·4⋯(ν−3) / 3·5⋯(ν−2) cos^(ν−2) θ))
/// ν even: sin θ (1 + 1/2 cos²θ + 1·3/2·4 cos⁴θ + … + 1·3⋯(ν−3) / 2·4⋯(ν−2) cos^(ν−2) θ)
/// ```
///
/// where θ = arctan(t/√ν).
fn probability(t: f64, freedom: usize) -> f64 {
    let nu = freedom as f64;
    let theta = libm::atan(t / nu.sqrt());
    let cos2 = nu / (nu + t * t);
    let (sin, cos) = (t / (nu + t * t).sqrt(), cos2.sqrt());
    let is_odd = freedom % 2 == 1;
    let mut term = if is_odd { cos } else { 1.0 };
    let mut sum = 0.0;
    // The last term has the power ν − 2 of the cosine; the first 1 or 0.
    for k in (usize::from(is_odd)..=freedom.saturating_sub(2)).step_by(2) {
        if freedom > 1 {
            sum += term;
        }
        term *= cos2 * (k + 1) as f64 / (k + 2) as f64;
    }
    if is_odd {
        std::f64::consts::FRAC_2_PI * (theta + sin * sum)
    } else {
        sin * sum
    }
}

fn expansion(nu: f64) -> f64 {
    let z = NORMAL;
    let w = z * z;
    let terms = [
        z * (w + 1.0) / 4.0,
        z * (5.0 * w * w + 16.0 * w + 3.0) / 96.0,
        z * (3.0 * w * w * w + 19.0 * w * w + 17.0 * w - 15.0) / 384.0,
        z * (79.0 * w * w * w * w + 776.0 * w * w * w + 1482.0 * w * w - 1920.0 * w - 945.0)
            / 92160.0,
    ];
    z + terms.iter().rev().fold(0.0, |sum, term| (sum + term) / nu)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SciPy 1.17's `scipy.stats.t.ppf(0.975, ν)`.
    #[test]
    fn quantiles_agree_with_scipy() {
        for (freedom, wanted) in QUANTILES {
            approx::assert_relative_eq!(two_sided_95(freedom), wanted, max_relative = 1e-13);
        }
    }

    const QUANTILES: [(usize, f64); 18] = [
        (1, 12.706_204_736_174_694),
        (2, 4.302_652_729_749_462),
        (3, 3.182_446_305_283_707_8),
        (4, 2.776_445_105_197_793_4),
        (5, 2.570_581_835_636_314_6),
        (7, 2.364_624_251_592_784),
        (10, 2.228_138_851_986_274),
        (12, 2.178_812_829_667_228_4),
        (29, 2.045_229_642_132_703),
        (30, 2.042_272_456_301_237_8),
        (100, 1.983_971_518_523_551_8),
        (229, 1.970_377_283_326_154_1),
        (998, 1.962_343_846_216_334_3),
        (999, 1.962_341_461_133_449_3),
        (1000, 1.962_339_080_826_408_3),
        (1001, 1.962_336_705_280_879_8),
        (5_000, 1.960_438_551_706_507_3),
        (100_000, 1.959_987_707_534_609_5),
    ];
}
