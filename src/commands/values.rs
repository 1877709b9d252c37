//! The values that a sweep goes through: `2..8`, `1,2,4`, or both.

use super::bounds::ungrouped;
use crate::phrase;
use crate::words::Phrase;

/// The most values of one sweep.
const VALUES_MAX: usize = 64;

/// Values, each once, from the smallest to the largest; at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values(pub Vec<u64>);

/// Reads values as they are typed. Both ends of a range belong to it.
pub fn parse(text: &str) -> Result<Values, Phrase> {
    let mut values = Vec::new();
    for part in text.split(',') {
        let (first, last) = match part.split_once("..") {
            Some((first, last)) => (number(first)?, number(last.trim_start_matches('='))?),
            None => (number(part)?, number(part)?),
        };
        if first > last {
            return Err(phrase!(
                "values-empty",
                first = first.to_string(),
                last = last.to_string()
            ));
        }
        if last - first >= VALUES_MAX as u64 {
            return Err(phrase!(
                "values-too-far",
                first = first.to_string(),
                last = last.to_string(),
                most = VALUES_MAX,
                some = some_of(first, last)
            ));
        }
        values.extend(first..=last);
    }
    values.sort_unstable();
    values.dedup();
    match values.len() {
        0..=VALUES_MAX => Ok(Values(values)),
        count => Err(phrase!("values-too-many", count = count, most = VALUES_MAX)),
    }
}

/// A few values from one to another.
fn some_of(first: u64, last: u64) -> String {
    let step = (last - first) / 4;
    (0..=4).map(|at| (first + at * step).to_string()).collect::<Vec<_>>().join(",")
}

fn number(text: &str) -> Result<u64, Phrase> {
    ungrouped(text.trim()).parse().map_err(|_| phrase!("values-whole"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_and_lists() {
        let values = |text| parse(text).map(|Values(values)| values);
        assert_eq!(values("2..5"), Ok(vec![2, 3, 4, 5]));
        assert_eq!(values("2..=3"), Ok(vec![2, 3]));
        assert_eq!(values("8,1,4..5,4"), Ok(vec![1, 4, 5, 8]));
        assert_eq!(values(" 7 "), Ok(vec![7]));
        for wrong in
            ["", "a", "2..", "..3", "5..2", "1,,2", "-1..3", "1..3..5", "99999999999999999999"]
        {
            assert!(values(wrong).is_err(), "{wrong}");
        }
        let told = values("100..1000").unwrap_err().english();
        assert!(told.ends_with("100,325,550,775,1000"), "{told}");
        assert!(values("0..18446744073709551615").is_err());
    }
}
