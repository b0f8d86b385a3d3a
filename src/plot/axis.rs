//! What an axis shows: the range sanitiser, the mapping to pixels, ticks and their labels.

/// How values are laid along an axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// In proportion to the value.
    Linear,
    /// In proportion to the logarithm; shows positive values only.
    Log,
}

/// Values of a larger magnitude are not shown on any axis: they come from a run that has diverged.
pub const LARGEST: f64 = 1e100;
/// A logarithmic axis shows no smaller values.
pub const SMALLEST: f64 = 1e-100;
/// The narrowest range, in proportion to the values in it, on which ticks can still be told apart.
const NARROWEST: f64 = 1e-7;

/// An interval that can be drawn: finite, within ±[`LARGEST`], of a width that ticks can be told apart in, and positive
/// if it is logarithmic. There is no other way into a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Range {
    lo: f64,
    hi: f64,
    scale: Scale,
}

impl Range {
    /// The range from `lo` to `hi`, as nearly as it can be drawn. Whatever cannot be (no numbers, the wrong way round,
    /// infinite, empty, not positive on a logarithmic scale) is moved to the nearest that can.
    pub fn new(lo: f64, hi: f64, scale: Scale) -> Self {
        match scale {
            Scale::Linear => {
                let lo = if lo.is_nan() {
                    0.0
                } else {
                    lo.clamp(-LARGEST, LARGEST)
                };
                let hi = if hi.is_nan() {
                    lo
                } else {
                    hi.clamp(-LARGEST, LARGEST)
                };
                let (lo, hi) = if lo <= hi { (lo, hi) } else { (hi, lo) };
                let least = (lo.abs().max(hi.abs()) * NARROWEST).max(SMALLEST);
                if hi - lo >= least {
                    return Self { lo, hi, scale };
                }
                let half = match lo.abs().max(hi.abs()) {
                    m if m <= SMALLEST => 1.0,
                    m => m * 0.05,
                };
                let middle = lo + 0.5 * (hi - lo);
                Self {
                    lo: middle - half,
                    hi: middle + half,
                    scale,
                }
            }
            Scale::Log => {
                let hold = |v: f64, otherwise: f64| match v {
                    v if v.is_nan() => otherwise,
                    v => v.clamp(SMALLEST, LARGEST),
                };
                let lo = hold(lo, 0.1);
                let hi = hold(hi, lo);
                let (lo, hi) = if lo <= hi { (lo, hi) } else { (hi, lo) };
                if hi / lo >= 1.5 {
                    return Self { lo, hi, scale };
                }
                Self {
                    lo: lo / 1.5,
                    hi: hi * 1.5,
                    scale,
                }
            }
        }
    }

    /// The range that shows all of `values` that can be shown, with a little room on both sides; 0 to 1 if none can.
    pub fn around(values: impl IntoIterator<Item = f64>, scale: Scale) -> Self {
        let shown = |v: &f64| match scale {
            Scale::Linear => v.abs() <= LARGEST,
            Scale::Log => (SMALLEST..=LARGEST).contains(v),
        };
        let (lo, hi) = values
            .into_iter()
            .filter(shown)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| {
                (lo.min(v), hi.max(v))
            });
        match scale {
            _ if lo > hi => Self::new(if scale == Scale::Log { 0.1 } else { 0.0 }, 1.0, scale),
            Scale::Linear => {
                let room = 0.05 * (hi - lo);
                Self::new(lo - room, hi + room, scale)
            }
            Scale::Log => {
                let room = libm::pow(hi / lo, 0.04).clamp(1.25, 1e3);
                Self::new(lo / room, hi * room, scale)
            }
        }
    }

    /// The lower end.
    pub fn lo(&self) -> f64 {
        self.lo
    }

    /// The upper end.
    pub fn hi(&self) -> f64 {
        self.hi
    }

    /// Linear or logarithmic.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// Whether `v` is shown.
    pub fn contains(&self, v: f64) -> bool {
        (self.lo..=self.hi).contains(&v)
    }
}

/// A range laid along pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    range: Range,
    from: f64,
    origin: f64,
    per_unit: f64,
}

/// Farther than this from the origin no pixel is placed: any screen is smaller, and an `i32` holds it in any unit.
const FAR: f64 = 1e6;

impl Axis {
    /// The axis on which `range` starts at pixel `from` and ends at pixel `to`.
    pub fn new(range: Range, from: f64, to: f64) -> Self {
        let (a, b) = match range.scale {
            Scale::Linear => (range.lo, range.hi),
            Scale::Log => (libm::log(range.lo), libm::log(range.hi)),
        };
        Self {
            range,
            from,
            origin: a,
            per_unit: (to - from) / (b - a),
        }
    }

    /// The range shown.
    pub fn range(&self) -> &Range {
        &self.range
    }

    /// The pixel of `v`; far outside on the proper side where `v` cannot be shown (−∞ for values ≤ 0 on a logarithmic
    /// scale). NaN is at the lower end: leave it out beforehand.
    pub fn place(&self, v: f64) -> f64 {
        let t = match self.range.scale {
            Scale::Linear => v - self.origin,
            Scale::Log if v > 0.0 => libm::log(v) - self.origin,
            Scale::Log => f64::NEG_INFINITY,
        };
        match self.from + t * self.per_unit {
            px if px.is_nan() => self.from,
            px => px.clamp(-FAR, FAR),
        }
    }

    /// The value at pixel `px`.
    pub fn value_at(&self, px: f64) -> f64 {
        let t = self.origin + (px - self.from) / self.per_unit;
        match self.range.scale {
            Scale::Linear => t,
            Scale::Log => libm::exp(t),
        }
    }
}

/// One tick of an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where it stands.
    pub at: f64,
    /// What stands beside it.
    pub label: String,
}

/// Round values to mark on an axis with room for about `room` labels; between 1 and 40 of them.
pub fn ticks(range: &Range, room: f64) -> Vec<Tick> {
    let room = room.clamp(2.0, 20.0);
    match range.scale {
        Scale::Linear => linear_ticks(range, room),
        Scale::Log => {
            let log = log_ticks(range, room);
            if log.len() >= 2 {
                log
            } else {
                linear_ticks(range, room)
            }
        }
    }
}

fn linear_ticks(range: &Range, room: f64) -> Vec<Tick> {
    let (lo, hi) = (range.lo, range.hi);
    let raw = (hi - lo) / room;
    let exponent = floor_log10(raw);
    let unit = power_of_ten(exponent);
    // The number of digits behind the leading one, and the multiple of `unit` that is the step.
    let (multiple, digits) = [(1.0, 0), (2.0, 0), (2.5, 1), (5.0, 0), (10.0, -1)]
        .into_iter()
        .find(|(m, _)| m * unit >= raw)
        .unwrap_or((10.0, -1));
    let step = multiple * unit;
    let first = (lo / step - 1e-6).ceil();
    let last = (hi / step + 1e-6).floor();
    let count = (last - first).clamp(0.0, 40.0) as usize;
    let largest = lo.abs().max(hi.abs());
    let decimals = digits - exponent;
    (0..=count)
        .map(|i| first + i as f64)
        .filter(|i| *i <= last)
        .map(|i| {
            // i·m is exact, and dividing by 10ⁿ rounds once: 0.3, not 0.30000000000000004.
            let at = if exponent < 0 {
                i * multiple / power_of_ten(-exponent)
            } else {
                i * multiple * unit
            };
            Tick {
                at,
                label: fixed(at, largest, decimals),
            }
        })
        .collect()
}

/// `v` among values up to `largest` on a grid of 10⁻ᵈᵉᶜⁱᵐᵃˡˢ: plainly, or as a multiple of a power of ten.
fn fixed(v: f64, largest: f64, decimals: i32) -> String {
    if v == 0.0 {
        return "0".to_owned();
    }
    if (1e-3..1e5).contains(&largest) && decimals <= 6 {
        return with_minus(format!("{v:.*}", decimals.max(0) as usize));
    }
    let exponent = floor_log10(largest);
    let mantissa = scaled(v, -exponent);
    let digits = (decimals + exponent).clamp(0, 9) as usize;
    with_minus(format!("{mantissa:.digits$}·{}", power(exponent)))
}

fn log_ticks(range: &Range, room: f64) -> Vec<Tick> {
    let first = ceil_log10(range.lo);
    let last = floor_log10(range.hi);
    if last - first >= 1 {
        let every = ((f64::from(last - first + 1) / room).ceil() as i32).max(1);
        let tick = |e: i32| Tick {
            at: power_of_ten(e),
            label: power(e),
        };
        // Multiples of `every`, where they are enough, so that the ticks stay where they are while the range grows.
        let steady: Vec<Tick> = (first..=last)
            .filter(|e| e.rem_euclid(every) == 0)
            .map(tick)
            .collect();
        return match steady.len() {
            0 | 1 => (first..=last).step_by(every as usize).map(tick).collect(),
            _ => steady,
        };
    }
    let ticks: Vec<Tick> = (first - 1..=last + 1)
        .flat_map(|e| [1.0, 2.0, 5.0].map(|m| (m, e)))
        .map(|(m, e)| Tick {
            at: scaled(m, e),
            label: match e {
                -3..=4 => with_minus(format!("{:.*}", (-e).max(0) as usize, scaled(m, e))),
                _ if m == 1.0 => power(e),
                _ => format!("{m:.0}·{}", power(e)),
            },
        })
        .filter(|t| range.contains(t.at))
        .collect();
    let every = (ticks.len() as f64 / room).ceil().max(1.0) as usize;
    ticks.into_iter().step_by(every).collect()
}

/// `v` to three significant digits, for a person: `0.0123`, `1.23·10⁻⁵`, `−∞`.
pub fn short(v: f64) -> String {
    match v {
        v if v.is_nan() => "not a number".to_owned(),
        v if v.is_infinite() => with_minus(if v > 0.0 { "∞" } else { "-∞" }.to_owned()),
        0.0 => "0".to_owned(),
        v => {
            let written = format!("{v:.2e}");
            let Some((mantissa, exponent)) = written.split_once('e') else {
                return with_minus(written);
            };
            let exponent: i32 = exponent.parse().unwrap_or(0);
            match exponent {
                -3..=4 => with_minus(format!("{v:.*}", (2 - exponent).max(0) as usize)),
                _ => with_minus(format!("{mantissa}·{}", power(exponent))),
            }
        }
    }
}

/// `v` with as many digits as it needs, at most three behind the leading one: `300`, `−39.17`, `0.5`.
pub fn plain(v: f64) -> String {
    let written = short(v);
    if written.contains('·') || !written.contains('.') {
        return written;
    }
    written
        .trim_end_matches('0')
        .trim_end_matches('.')
        .to_owned()
}

/// Typesets the minus sign.
fn with_minus(text: String) -> String {
    if text.starts_with('-') {
        text.replacen('-', "−", 1)
    } else {
        text
    }
}

/// `10⁻³`.
fn power(exponent: i32) -> String {
    let raised = |c: char| match c {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '4' => '⁴',
        '5' => '⁵',
        '6' => '⁶',
        '7' => '⁷',
        '8' => '⁸',
        '9' => '⁹',
        _ => '⁰',
    };
    "10".chars()
        .chain(exponent.to_string().chars().map(raised))
        .collect()
}

/// The double nearest to 10ᵉ (which repeated multiplication would miss).
fn power_of_ten(exponent: i32) -> f64 {
    format!("1e{exponent}").parse().unwrap_or(f64::INFINITY)
}

/// v · 10ᵉ, rounded once for |e| ≤ 22.
fn scaled(v: f64, exponent: i32) -> f64 {
    if exponent < 0 {
        v / power_of_ten(-exponent)
    } else {
        v * power_of_ten(exponent)
    }
}

/// The largest e with 10ᵉ ≤ v, for positive finite v.
fn floor_log10(v: f64) -> i32 {
    let e = libm::log10(v).floor() as i32;
    match e {
        e if power_of_ten(e + 1) <= v => e + 1,
        e if power_of_ten(e) > v => e - 1,
        e => e,
    }
}

/// The smallest e with v ≤ 10ᵉ, for positive finite v.
fn ceil_log10(v: f64) -> i32 {
    let e = floor_log10(v);
    if power_of_ten(e) == v { e } else { e + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(lo: f64, hi: f64, scale: Scale, room: f64) -> Vec<String> {
        ticks(&Range::new(lo, hi, scale), room)
            .into_iter()
            .map(|t| t.label)
            .collect()
    }

    #[test]
    fn labels_are_written_as_a_person_would() {
        assert_eq!(
            labels(1e-5, 1e4, Scale::Log, 5.0),
            ["10⁻⁴", "10⁻²", "10⁰", "10²", "10⁴"]
        );
        assert_eq!(labels(9.9999e-5, 2e-4, Scale::Log, 5.0), ["10⁻⁴", "2·10⁻⁴"]);
        assert_eq!(labels(0.2, 3.0, Scale::Log, 5.0), ["0.2", "0.5", "1", "2"]);
        assert_eq!(
            labels(0.0, 0.3, Scale::Linear, 3.0),
            ["0", "0.1", "0.2", "0.3"]
        );
        assert_eq!(
            labels(-1.0, 1.0, Scale::Linear, 4.0),
            ["−1.0", "−0.5", "0", "0.5", "1.0"]
        );
        assert_eq!(
            labels(0.0, 1000.0, Scale::Linear, 4.0),
            ["0", "250", "500", "750", "1000"]
        );
        assert_eq!(
            labels(0.0, 3e-6, Scale::Linear, 3.0),
            ["0", "1·10⁻⁶", "2·10⁻⁶", "3·10⁻⁶"]
        );
        assert_eq!(
            labels(0.0, 2e7, Scale::Linear, 4.0),
            ["0", "0.5·10⁷", "1.0·10⁷", "1.5·10⁷", "2.0·10⁷"]
        );
        assert!(labels(3.0, 3.1, Scale::Log, 4.0).len() >= 3);
    }

    #[test]
    fn ticks_stand_on_round_doubles() {
        for t in ticks(&Range::new(0.0, 1.0, Scale::Linear), 10.0) {
            assert_eq!(t.label.parse::<f64>().unwrap(), t.at);
        }
    }

    #[test]
    fn numbers_are_short() {
        for (v, text) in [
            (0.012_345, "0.0123"),
            (-123.4, "−123"),
            (1.234_5e-5, "1.23·10⁻⁵"),
            (f64::INFINITY, "∞"),
            (f64::NEG_INFINITY, "−∞"),
            (9.999, "10.0"),
            (0.0, "0"),
        ] {
            assert_eq!(short(v), text);
        }
        assert_eq!(
            [plain(300.0), plain(0.5), plain(-39.166), plain(1e9)],
            ["300", "0.5", "−39.2", "1.00·10⁹"]
        );
    }

    #[test]
    fn axes_map_back() {
        for (range, v) in [
            (Range::new(-3.0, 5.0, Scale::Linear), 1.25),
            (Range::new(1e-3, 1e5, Scale::Log), 12.5),
        ] {
            let axis = Axis::new(range, 300.0, 20.0);
            assert!((axis.value_at(axis.place(v)) - v).abs() < 1e-9);
            assert!((axis.place(range.lo()) - 300.0).abs() < 1e-9);
            assert!((axis.place(range.hi()) - 20.0).abs() < 1e-9);
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    fn any_scale() -> impl Strategy<Value = Scale> {
        prop_oneof![Just(Scale::Linear), Just(Scale::Log)]
    }

    fn check(range: Range, room: f64, v: f64) {
        assert!(range.lo() < range.hi() && (range.hi() - range.lo()).is_finite());
        if range.scale() == Scale::Log {
            assert!(range.lo() > 0.0);
        }
        let marks = ticks(&range, room);
        assert!((1..=60).contains(&marks.len()), "{range:?}: {marks:?}");
        assert!(
            marks
                .windows(2)
                .all(|w| w[0].at < w[1].at && w[0].label != w[1].label),
            "{range:?}: {marks:?}"
        );
        let px = Axis::new(range, 0.0, 300.0).place(v);
        assert!(px.is_finite());
    }

    proptest! {
        #[test]
        fn every_range_can_be_drawn(lo in any::<f64>(), hi in any::<f64>(), scale in any_scale(), room in 0.0..50.0, v in any::<f64>()) {
            check(Range::new(lo, hi, scale), room, v);
            check(Range::new(lo, lo, scale), room, v);
            check(Range::new(lo, lo * (1.0 + f64::EPSILON), scale), room, v);
            check(Range::new(lo, f64::INFINITY, scale), room, v);
            check(Range::new(f64::NAN, hi, scale), room, v);
        }

        #[test]
        fn every_column_has_a_range(values in prop::collection::vec(any::<f64>(), 0..20), scale in any_scale(), room in 0.0..50.0) {
            check(Range::around(values.iter().copied(), scale), room, 0.0);
        }

        #[test]
        fn narrow_ranges_keep_their_ticks(middle in -1e6..1e6, width in 1e-12..1.0, room in 2.0..12.0) {
            check(Range::new(middle, middle + width, Scale::Linear), room, middle);
        }
    }
}
