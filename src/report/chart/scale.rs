//! Where a value stands between the ends of an axis, and the few values that are written at it.

use super::{Group, Panel, Scale, tame};

/// More steps than this between ticks would be a grid to look at instead of lines.
const STEPS_MAX: i64 = 5;
/// The part of a logarithmic axis between zero and the break.
const BREAK: f64 = 0.12;
/// From here on numbers are told with a power of ten.
const PLAIN_MAX: f64 = 1e7;
/// Below this too.
const PLAIN_MIN: f64 = 1e-3;

/// The vertical axis of a panel.
pub(super) struct Axis {
    span: Span,
    /// What is written at it, from the bottom to the top.
    pub(super) ticks: Vec<Tick>,
}

/// A value that is written at an axis.
pub(super) struct Tick {
    /// Its place: 0 is the first end of the axis, 1 the other.
    pub(super) at: f64,
    /// Its value, as in `25 %`, `1,500` or `10^20`.
    pub(super) text: String,
}

enum Span {
    Linear {
        low: f64,
        high: f64,
    },
    /// Powers of ten, and whether a zero has to be shown below them.
    Log {
        low: f64,
        high: f64,
        zero: bool,
    },
}

impl Axis {
    /// The axis that all lines of a panel find their place on.
    pub(super) fn new(panel: &Panel, groups: &[Group]) -> Axis {
        let values = || groups.iter().flat_map(|group| group.values.iter().flatten().copied());
        match panel.scale {
            Scale::Share => {
                let ticks = (0..=4).map(|quarter| Tick {
                    at: f64::from(quarter) / 4.0,
                    text: format!("{} %", quarter * 25),
                });
                Axis { span: Span::Linear { low: 0.0, high: 1.0 }, ticks: ticks.collect() }
            }
            Scale::Linear { .. } => {
                linear(values().fold(0.0, f64::min), values().fold(0.0, f64::max))
            }
            Scale::Log { .. } => {
                let positive = || values().filter(|value| *value > 0.0);
                let low = positive().min_by(f64::total_cmp).map_or(0, exponent);
                let high = positive().max_by(f64::total_cmp).map_or(1, exponent_above);
                logarithmic(low.into(), high.into(), values().any(|value| value == 0.0))
            }
        }
    }

    /// The place of a value: 0 is the bottom, 1 the top.
    pub(super) fn at(&self, value: f64) -> f64 {
        match self.span {
            Span::Linear { low, high } => part(value, low, high),
            Span::Log { zero: true, .. } if value <= 0.0 => 0.0,
            Span::Log { low, high, zero } => {
                let above = part(value.log10(), low, high);
                if zero { BREAK + (1.0 - BREAK) * above } else { above }
            }
        }
    }

    /// Where the break ends that stands between zero and the powers of ten, if there is one.
    pub(super) fn broken(&self) -> Option<f64> {
        matches!(self.span, Span::Log { zero: true, .. }).then_some(BREAK)
    }
}

/// The horizontal places of a panel, and what is written there; 0 is left, 1 right.
pub(super) fn across(panel: &Panel) -> (Vec<f64>, Vec<Tick>) {
    let mut known: Vec<f64> = panel.x.iter().filter_map(|x| tame(*x)).collect();
    known.sort_by(f64::total_cmp);
    known.dedup();
    let (low, high) = (known.first().copied(), known.last().copied());
    let place = |x: f64| part(x, low.unwrap_or(0.0), high.unwrap_or(0.0));
    let ticks = known.iter().map(|x| Tick { at: place(*x), text: number(*x) }).collect();
    (panel.x.iter().map(|x| tame(*x).map_or(0.0, place)).collect(), ticks)
}

/// How far a value lies between two others: 0 to 1; in the middle if they are the same. Their
/// difference could overflow, that of their halves cannot.
fn part(value: f64, low: f64, high: f64) -> f64 {
    let whole = high / 2.0 - low / 2.0;
    if whole > 0.0 { ((value / 2.0 - low / 2.0) / whole).clamp(0.0, 1.0) } else { 0.5 }
}

fn linear(low: f64, high: f64) -> Axis {
    let wanted = high / STEPS_MAX as f64 - low / STEPS_MAX as f64;
    let step = if wanted > 0.0 { round_above(wanted) } else { 1.0 };
    let (first, last) = ((low / step).floor(), (high / step).ceil());
    let last = if first < last { last } else { first + 1.0 };
    let (low, high) = (first * step, last * step);
    let ticks = (first as i64..=last as i64).map(|steps| {
        let value = steps as f64 * step;
        Tick { at: part(value, low, high), text: number(value) }
    });
    Axis { span: Span::Linear { low, high }, ticks: ticks.collect() }
}

/// The smallest of 1, 2 and 5 times a power of ten that is not below a positive value. A rounding
/// error may not make it the next one.
fn round_above(value: f64) -> f64 {
    let power = exponent(value);
    let rounds = [1, 2, 5].map(|leading| power_of_ten(leading, power));
    let fits = |round: &f64| *round >= value * (1.0 - 1e-9);
    rounds.into_iter().find(fits).unwrap_or_else(|| power_of_ten(1, power + 1))
}

fn logarithmic(low: i64, high: i64, zero: bool) -> Axis {
    let fits = |step: &i64| high - low <= step * STEPS_MAX;
    let step = [1, 2, 5, 10, 20, 50].into_iter().find(fits).unwrap_or(200);
    let first = low.div_euclid(step);
    let last = (high + step - 1).div_euclid(step).max(first + 1);
    let span = Span::Log { low: (first * step) as f64, high: (last * step) as f64, zero };
    let mut axis = Axis { span, ticks: Vec::new() };
    if zero {
        axis.ticks.push(Tick { at: 0.0, text: "0".into() });
    }
    let above = (first..=last).map(|steps| {
        let at = part(steps as f64, first as f64, last as f64);
        let text = match steps * step {
            0 => "1".into(),
            1 => "10".into(),
            power => format!("10^{power}"),
        };
        Tick { at: if zero { BREAK + (1.0 - BREAK) * at } else { at }, text }
    });
    axis.ticks.extend(above);
    axis
}

/// The power of ten that a positive value begins with, taken from how it is written: a logarithm
/// may be wrong by a hair, just at the powers of ten.
fn exponent(value: f64) -> i32 {
    format!("{value:e}").split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

/// The smallest power of ten that is not below a positive value.
fn exponent_above(value: f64) -> i32 {
    let exact = format!("{value:e}").starts_with("1e");
    if exact { exponent(value) } else { exponent(value) + 1 }
}

/// Read from text, so that it is the nearest number there is, on every machine.
fn power_of_ten(leading: i32, power: i32) -> f64 {
    format!("{leading}e{power}").parse().unwrap_or(1.0)
}

/// A number as people read it: `1,500`, `0.25`, `5 · 10^20`; four decimals at most.
pub(super) fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        PLAIN_MIN..PLAIN_MAX => plain(value),
        _ => scientific(value),
    }
}

fn plain(value: f64) -> String {
    let text = format!("{:.4}", value.abs());
    let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
    let mut told = String::from(if value < 0.0 { "−" } else { "" });
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            told.push(',');
        }
        told.push(digit);
    }
    let decimals = decimals.trim_end_matches('0');
    if decimals.is_empty() { told } else { format!("{told}.{decimals}") }
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.2e}");
    let (leading, power) = text.split_once('e').unwrap_or((&text, "0"));
    let leading = leading.trim_end_matches('0').trim_end_matches('.').replace('-', "−");
    match leading.as_str() {
        "1" => format!("10^{power}"),
        _ => format!("{leading} · 10^{power}"),
    }
}

/// A value in words for those who cannot see the picture: as an axis writes it, but a share is
/// never rounded to none or all.
pub(super) fn told(scale: &Scale, value: f64) -> String {
    match scale {
        Scale::Share if value > 0.0 && value < 1e-4 => "< 0.01 %".into(),
        Scale::Share if value < 1.0 && value > 1.0 - 1e-4 => "> 99.99 %".into(),
        Scale::Share => format!("{} %", (value * 1e4).round() / 100.0),
        Scale::Linear { .. } | Scale::Log { .. } => number(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|tick| tick.text.as_str()).collect()
    }

    #[test]
    fn ticks_are_few_and_round() {
        assert_eq!(texts(&linear(0.0, 2100.0)), ["0", "500", "1,000", "1,500", "2,000", "2,500"]);
        assert_eq!(texts(&linear(0.0, 0.5)), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(texts(&linear(-3.0, 4.0)), ["−4", "−2", "0", "2", "4"]);
        assert_eq!(texts(&linear(0.0, 0.0)), ["0", "1"]);
        assert_eq!(texts(&linear(0.0, 1e30))[1..3], ["2 · 10^29", "4 · 10^29"]);
    }

    #[test]
    fn powers_of_ten_are_ticks_and_zero_is_below_them() {
        assert_eq!(texts(&logarithmic(1, 20, false)), ["1", "10^5", "10^10", "10^15", "10^20"]);
        let axis = logarithmic(-1, 2, true);
        assert_eq!(texts(&axis), ["0", "10^-1", "1", "10", "10^2"]);
        assert_eq!((axis.at(0.0), axis.at(0.1), axis.at(100.0)), (0.0, BREAK, 1.0));
    }

    #[test]
    fn powers_of_ten_are_told_exactly() {
        for power in -300..300 {
            let value = power_of_ten(1, power);
            assert_eq!((exponent(value), exponent_above(value)), (power, power));
        }
        assert_eq!((exponent(15.0), exponent_above(15.0)), (1, 2));
    }

    #[test]
    fn numbers_are_short() {
        let told: Vec<String> =
            [2.0, -0.25, 9_999_999.0, 1e7, 1.5e20, 2e-5, 0.1 + 0.2].map(number).into();
        assert_eq!(told, ["2", "−0.25", "9,999,999", "10^7", "1.5 · 10^20", "2 · 10^-5", "0.3"]);
    }

    #[test]
    fn a_share_is_never_rounded_to_certainty() {
        let told = [0.0, 1e-9, 0.625, 1.0 - 1e-9, 1.0].map(|share| told(&Scale::Share, share));
        assert_eq!(told, ["0 %", "< 0.01 %", "62.5 %", "> 99.99 %", "100 %"]);
    }
}
