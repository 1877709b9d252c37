//! Numbers as people read them: grouped, rounded only where that is said, never to certainty.

use crate::explore::tally::Ratio;
use crate::phrase;
pub use crate::story::numbers::{digits, digits_or_null, float, fraction, outward};
use crate::words::Phrase;
pub use crate::words::group as grouped;
use num_bigint::BigUint;
use num_traits::{One, ToPrimitive, Zero};

/// A fraction is printed as such when it has at most so many characters.
const FRACTION_CHARS: usize = 12;
/// Millionths of a probability; what is nearer to 0 or 1 is said to be so.
const MILLION: u32 = 1_000_000;

/// A count of things that fits a machine word.
pub fn count(number: usize) -> String {
    grouped(&BigUint::from(number))
}

/// `15 orders`, `1 order`.
pub fn plural(number: &BigUint, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number.is_one() { one } else { many })
}

/// A number that is only told roughly if it is long: `4.7 · 10^21`.
pub fn roughly(number: &BigUint) -> String {
    let digits = number.to_string().len();
    if digits <= 9 {
        return grouped(number);
    }
    let tenth = BigUint::from(10_u32).pow(digits as u32 - 2);
    // Rounding up can make one digit more: 99.6 becomes 100.
    let leading = ((number + &tenth / 2_u32) / tenth).to_string();
    let exponent = digits + leading.len() - 3;
    format!("{}.{} · 10^{exponent}", &leading[..1], &leading[1..2])
}

/// Characters of a share that is told as a fraction.
const SHARE_CHARS: usize = 9;

/// `54/90` if that is short, or else `37.5 %`: rounded, but never to nothing or to all.
pub fn share(part: &BigUint, whole: &BigUint) -> String {
    let fraction = format!("{part}/{whole}");
    if fraction.len() <= SHARE_CHARS {
        return fraction;
    }
    permille(part, whole)
}

/// A mean time in milliseconds, as a floating-point number.
pub fn mean(ms: num_rational::Ratio<u64>) -> f64 {
    *ms.numer() as f64 / *ms.denom() as f64
}

/// `1.5 s`, `70 ms`: exact in milliseconds, or else three digits and a sign: `≈ 1.33 s`.
pub fn milliseconds(ms: num_rational::Ratio<u64>) -> String {
    let decimals = |text: String| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    };
    if ms.is_integer() {
        let ms = ms.to_integer();
        return match ms < 1000 {
            true => format!("{ms} ms"),
            false => {
                let (seconds, rest) = (count((ms / 1000) as usize), ms % 1000);
                format!("{} s", decimals(format!("{seconds}.{rest:03}")))
            }
        };
    }
    let ms = mean(ms);
    let (value, unit) = if ms < 1000.0 { (ms, "ms") } else { (ms / 1000.0, "s") };
    let places = if value >= 99.5 {
        0
    } else if value >= 9.95 {
        1
    } else {
        2
    };
    format!("≈ {} {unit}", decimals(format!("{value:.places$}")))
}

/// `62.5 %`, `0 %`: rounded to a tenth, but never to certainty.
pub fn percent(ratio: &Ratio) -> String {
    let Ratio { numerator, denominator } = ratio;
    match () {
        () if numerator.is_zero() => "0 %".into(),
        () if numerator == denominator => "100 %".into(),
        () => permille(numerator, denominator),
    }
}

/// `63 %`, for a sentence; `over 99 %` and `under 1 %` where rounding would say that it is certain.
pub fn about(ratio: &Ratio) -> Phrase {
    let Ratio { numerator, denominator } = ratio;
    let rounded = (numerator * 200_u32 + denominator) / (denominator * 2_u32);
    match rounded.to_u32() {
        Some(0) if !numerator.is_zero() => phrase!("about-under"),
        Some(100) if numerator != denominator => phrase!("about-over"),
        rounded => phrase!("about", percent = rounded.unwrap_or(100)),
    }
}

/// `98.8 to 100 %`: two bounds, each rounded away from the other, so that both hold.
pub fn percent_between(low: &Ratio, high: &Ratio) -> String {
    let permille = |ratio: &Ratio, up: u32| {
        let scaled = &ratio.numerator * 1000_u32 + &ratio.denominator * up - up;
        (scaled / &ratio.denominator).to_u32().unwrap_or(1000)
    };
    let told = |permille: u32| match permille % 10 {
        0 => (permille / 10).to_string(),
        tenth => format!("{}.{tenth}", permille / 10),
    };
    format!("{} to {} %", told(permille(low, 0)), told(permille(high, 1)))
}

fn permille(part: &BigUint, whole: &BigUint) -> String {
    let permille = ((part * 2000_u32 + whole) / (whole * 2_u32)).to_u32().unwrap_or(1000);
    match permille {
        0 => "< 0.1 %".into(),
        1000.. if part < whole => "> 99.9 %".into(),
        _ => format!("{}.{} %", permille / 10, permille % 10),
    }
}

/// The exact fraction where it is short, and six decimals: `753/1024 = 0.735352`.
pub fn probability(ratio: &Ratio) -> String {
    let decimal = decimal(ratio);
    if ratio.numerator.is_zero() || ratio.numerator == ratio.denominator {
        return decimal;
    }
    let fraction = fraction(ratio);
    match fraction.len() <= FRACTION_CHARS {
        true if decimal.starts_with(['<', '>']) => format!("{fraction} {decimal}"),
        true if is_decimal(ratio) => format!("{fraction} = {decimal}"),
        true => format!("{fraction} ≈ {decimal}"),
        false if decimal.starts_with(['<', '>']) => decimal,
        false => format!("≈ {decimal}"),
    }
}

/// Six decimals, cut to those that say something; never 0 or 1 unless exactly so.
fn decimal(ratio: &Ratio) -> String {
    let Ratio { numerator, denominator } = ratio;
    if numerator.is_zero() || numerator == denominator {
        return numerator.min(&BigUint::one()).to_string();
    }
    let doubled = numerator * (2 * MILLION) + denominator;
    let millionths = (doubled / (denominator * 2_u32)).to_u32().unwrap_or(MILLION);
    if numerator * MILLION < *denominator {
        return "< 0.000001".into();
    }
    if (denominator - numerator) * MILLION < *denominator {
        return "> 0.999999".into();
    }
    let digits = format!("{:06}", millionths.min(MILLION - 1));
    format!("0.{}", digits.trim_end_matches('0'))
}

/// Whether six decimals are exact.
fn is_decimal(ratio: &Ratio) -> bool {
    ((&ratio.numerator * MILLION) % &ratio.denominator).is_zero()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(numerator: u64, denominator: u64, expected: &str) {
        let ratio = Ratio::new(numerator.into(), denominator.into());
        assert_eq!(probability(&ratio), expected);
    }

    #[test]
    fn a_chance_in_a_sentence_is_never_rounded_to_certainty() {
        let ratio =
            |part: u32, whole: u32| Ratio { numerator: part.into(), denominator: whole.into() };
        for (part, whole, expected) in [
            (0, 1, "0 %"),
            (1, 1, "100 %"),
            (5, 8, "63 %"),
            (1, 3, "33 %"),
            (1, 1000, "under 1 %"),
            (999, 1000, "over 99 %"),
        ] {
            assert_eq!(about(&ratio(part, whole)).english(), expected);
        }
    }

    #[test]
    fn long_numbers_are_rounded_not_cut() {
        let number = |text: &str| text.parse::<BigUint>().unwrap();
        assert_eq!(roughly(&number("9465511770")), "9.5 · 10^9");
        assert_eq!(roughly(&number("9999999999")), "1.0 · 10^10");
        assert_eq!(roughly(&number("123456789")), "123,456,789");
    }

    #[test]
    fn probabilities_are_exact_or_said_to_be_rounded() {
        check(1, 2, "1/2 = 0.5");
        check(753, 1024, "753/1024 ≈ 0.735352");
        check(7, 9, "7/9 ≈ 0.777778");
        check(0, 9, "0");
        check(9, 9, "1");
    }

    #[test]
    fn nothing_is_rounded_to_certainty() {
        check(1, 10_000_000, "1/10000000 < 0.000001");
        check(9_999_999_999, 10_000_000_000, "> 0.999999");
        let ratio = Ratio::new(u64::MAX.into(), BigUint::from(u64::MAX) + 1_u32);
        assert!(float(&ratio) < 1.0);
        let tiny = Ratio::new(1_u32.into(), BigUint::from(1_u32) << 5000_u32);
        assert!(float(&tiny) > 0.0);
    }

    #[test]
    fn shares_are_never_rounded_to_nothing_or_to_all() {
        let share = |part: u64, whole: u64| share(&part.into(), &whole.into());
        assert_eq!(share(12, 70), "12/70");
        assert_eq!(share(375_000, 1_000_000), "37.5 %");
        assert_eq!(share(1, 10_000_000), "< 0.1 %");
        assert_eq!(share(9_999_999, 10_000_000), "> 99.9 %");
        let percent = |part: u64, whole: u64| percent(&Ratio::new(part.into(), whole.into()));
        assert_eq!(percent(5, 8), "62.5 %");
        assert_eq!(percent(0, 8), "0 %");
        assert_eq!(percent(8, 8), "100 %");
        assert_eq!(percent(1, 100_000), "< 0.1 %");
        assert_eq!(percent(99_999, 100_000), "> 99.9 %");
        let between = |low: u64, high: u64| {
            let ratio = |part: u64| Ratio::new(part.into(), 100_000_u32.into());
            percent_between(&ratio(low), &ratio(high))
        };
        assert_eq!(between(98_896, 99_910), "98.8 to 100 %");
        assert_eq!(between(1, 51_300), "0 to 51.3 %");
        assert_eq!(between(0, 0), "0 to 0 %");
    }

    #[test]
    fn times_are_exact_or_said_to_be_rounded() {
        let told = |numer, denom| milliseconds(num_rational::Ratio::new(numer, denom));
        assert_eq!(told(4000, 3), "≈ 1.33 s");
        assert_eq!(told(1000, 1), "1 s");
        assert_eq!(told(70, 1), "70 ms");
        assert_eq!(told(200, 3), "≈ 66.7 ms");
        assert_eq!(told(0, 1), "0 ms");
        assert_eq!(told(57_600_000, 1), "57,600 s");
        assert_eq!(told(59_999, 1), "59.999 s");
        assert_eq!(told(1_000_001, 3), "≈ 333 s");
        assert_eq!(told(1050, 1), "1.05 s");
    }

    #[test]
    fn digits_are_grouped() {
        assert_eq!(grouped(&1_u32.into()), "1");
        assert_eq!(grouped(&184_756_u32.into()), "184,756");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(plural(&1_u32.into(), "order", "orders"), "1 order");
    }
}
