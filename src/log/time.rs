//! Times of a log, only to notice that a clock went back.

use super::line::Time;

/// Seconds beyond which a number is no time: three thousand years.
const SECONDS_MAX: f64 = 1e11;

/// A time as one number, or why there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// The line has no time.
    Unsaid,
    /// Seconds since whenever the log counts from.
    At(f64),
    /// Neither a number of seconds nor RFC 3339.
    Unreadable,
}

impl When {
    /// Reads the time of a line.
    pub fn of(time: Option<&Time>) -> When {
        match time {
            None => When::Unsaid,
            Some(Time::Seconds(seconds)) if seconds.abs() > SECONDS_MAX => When::Unreadable,
            Some(Time::Seconds(seconds)) => When::At(*seconds),
            Some(Time::Text(text)) => rfc3339(text).map_or(When::Unreadable, When::At),
            Some(Time::True | Time::Other) => When::Unreadable,
        }
    }
}

/// What was noticed about the clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    last: Option<f64>,
    /// How many lines have a time.
    pub timed: u64,
    /// How many times could not be read.
    pub unreadable: u64,
    /// How often a line is earlier than the one before it.
    pub back: u64,
    /// The farthest of these jumps: how many seconds, and at which line.
    pub farthest: Option<(f64, u64)>,
}

impl Clock {
    /// Looks at the time of the next line.
    pub fn see(&mut self, when: When, line: u64) {
        let now = match when {
            When::Unsaid => return,
            When::Unreadable => {
                self.unreadable += 1;
                return;
            }
            When::At(now) => now,
        };
        self.timed += 1;
        if let Some(last) = self.last.replace(now).filter(|&last| now < last) {
            self.back += 1;
            let jump = last - now;
            if self.farthest.is_none_or(|(farthest, _)| jump > farthest) {
                self.farthest = Some((jump, line));
            }
        }
    }
}

/// Seconds since 1970 of `2026-01-02T03:04:05.678+01:00`. Without a zone it is taken for UTC.
fn rfc3339(text: &str) -> Option<f64> {
    let bytes = text.trim().as_bytes();
    let number = |at: usize, digits: usize| {
        let digits = bytes.get(at..at + digits)?;
        digits.iter().try_fold(0_i64, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0'))
        })
    };
    let sign = |at: usize, signs: &[u8]| bytes.get(at).is_some_and(|sign| signs.contains(sign));
    if !(sign(4, b"-") && sign(7, b"-") && sign(10, b"Tt ") && sign(13, b":") && sign(16, b":")) {
        return None;
    }
    let [year, month, day] = [number(0, 4)?, number(5, 2)?, number(8, 2)?];
    let [hour, minute, second] = [number(11, 2)?, number(14, 2)?, number(17, 2)?];
    let fraction_digits = match sign(19, b".,") {
        true => bytes[20..].iter().take_while(|byte| byte.is_ascii_digit()).count(),
        false => 0,
    };
    let mut end = 19;
    let mut seconds = second as f64;
    if fraction_digits > 0 {
        seconds += text.trim().get(20..20 + fraction_digits).and_then(fraction)?;
        end = 20 + fraction_digits;
    }
    let zone = match bytes.get(end) {
        None | Some(b'Z' | b'z') => 0,
        Some(b'+') => 60 * number(end + 1, 2)? + number(end + 4, 2)?,
        Some(b'-') => -(60 * number(end + 1, 2)? + number(end + 4, 2)?),
        Some(_) => return None,
    };
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - zone;
    Some(minutes as f64 * 60.0 + seconds)
}

fn fraction(digits: &str) -> Option<f64> {
    format!("0.{digits}").parse().ok()
}

/// Days since 1970-01-01 in the Gregorian calendar (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms"): years begin in March, so that the leap day is the last one.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<f64>) {
        assert_eq!(rfc3339(text), expected, "{text}");
    }

    #[test]
    fn times_are_read_with_their_zones() {
        check("1970-01-01T00:00:00Z", Some(0.0));
        check("2000-03-01T00:00:00Z", Some(951_868_800.0));
        check("2026-01-02T03:04:05.5+01:00", Some(1_767_319_445.5));
        check("2026-01-02 02:04:05,5", Some(1_767_319_445.5));
        check("2026-01-01T21:34:05.5-04:30", Some(1_767_319_445.5));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "noon",
            "03:04:05",
            "2026-01-02",
            "2026-01-02T03:04:05 CET",
            "２０２６-01-02T03:04:05Z",
        ] {
            check(text, None);
        }
        check("2026-01-02T03:04:05.", None);
        check("2026-01-02T03:04:05+1", None);
    }

    #[test]
    fn a_number_that_is_no_time_is_not_read() {
        for (seconds, expected) in [
            (-1e11, When::At(-1e11)),
            (1e11, When::At(1e11)),
            (1.1e11, When::Unreadable),
            (-1e308, When::Unreadable),
        ] {
            assert_eq!(When::of(Some(&Time::Seconds(seconds))), expected);
        }
    }

    #[test]
    fn a_clock_that_goes_back_is_noticed_and_one_that_leaps_ahead_is_not() {
        let mut clock = Clock::default();
        let times = [1.0, 1.0, 900.0, 899.5, 2.0, 3.0];
        times.iter().zip(1..).for_each(|(&time, line)| clock.see(When::At(time), line));
        clock.see(When::Unreadable, 7);
        clock.see(When::Unsaid, 8);
        assert_eq!((clock.timed, clock.back, clock.unreadable), (6, 2, 1));
        assert_eq!(clock.farthest, Some((897.5, 5)));
    }
}
