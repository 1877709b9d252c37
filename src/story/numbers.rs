//! Numbers in a document for programs: of any size, and exact.

use crate::explore::tally::Ratio;
use num_bigint::BigUint;
use num_traits::{One, ToPrimitive, Zero};
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

/// Millionths, the decimals of an interval.
const MILLION: u32 = 1_000_000;

/// How likely something is when each next lane is drawn uniformly from those that can move.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct Chance {
    /// How likely, when each next lane is drawn uniformly from those that can move; the nearest
    /// number, and 0 or 1 only if that is exact.
    pub probability: f64,
    /// The same, exact: "753/1024".
    pub probability_exact: String,
    /// The same, to calculate with.
    #[serde(skip)]
    pub ratio: Ratio,
}

impl Chance {
    /// A chance.
    pub fn of(ratio: &Ratio) -> Chance {
        Chance {
            probability: float(ratio),
            probability_exact: fraction(ratio),
            ratio: ratio.clone(),
        }
    }
}

/// A number of any size in a document: its decimal digits, because few readers of JSON have numbers
/// that are large enough.
pub fn digits<S: Serializer>(number: &BigUint, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(number)
}

/// The same, or null.
pub fn digits_or_null<S: Serializer>(
    number: &Option<BigUint>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match number {
        Some(number) => digits(number, serializer),
        None => serializer.serialize_none(),
    }
}

/// `753/1024`, exact; `0` and `1` without a line.
pub fn fraction(ratio: &Ratio) -> String {
    match ratio.denominator.is_one() {
        true => ratio.numerator.to_string(),
        false => format!("{}/{}", ratio.numerator, ratio.denominator),
    }
}

/// The nearest floating-point number; 0 and 1 only if they are exact.
pub fn float(ratio: &Ratio) -> f64 {
    // Both parts may be far beyond what a float holds, so their leading bits are divided.
    let excess = ratio.denominator.bits().saturating_sub(1000);
    let part = |number: &BigUint| (number >> excess).to_f64().unwrap_or(f64::MAX);
    let float = part(&ratio.numerator) / part(&ratio.denominator);
    let (some, all) = (!ratio.numerator.is_zero(), ratio.numerator == ratio.denominator);
    match (some, all) {
        (true, false) => float.clamp(f64::MIN_POSITIVE, 1.0_f64.next_down()),
        _ => float,
    }
}

/// An interval with six decimals, rounded away from its middle, so that it is never too narrow.
pub fn outward((low, high): (f64, f64)) -> (f64, f64) {
    let million = f64::from(MILLION);
    ((low * million).floor() / million, (high * million).ceil() / million)
}
