//! Times as venues write them where they write no milliseconds: ISO 8601 in UTC, or seconds with a point.

use crate::decimal::digits;

/// A time on the UNIX clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Whole seconds.
    pub seconds: i64,
    /// Nanoseconds of that second.
    pub nanos: i64,
}

impl Moment {
    /// Reads `2021-04-17T16:43:30.244075Z`, with up to 9 digits of a second or none.
    #[inline]
    #[must_use]
    pub fn iso(text: &[u8]) -> Option<Self> {
        let (text, rest) = text.split_first_chunk::<19>()?;
        let [_, _, _, _, b'-', _, _, b'-', _, _, b'T', _, _, b':', _, _, b':', _, _] = text else { return None };
        let (year, month, day) = (number(&text[..4])?, number(&text[5..7])?, number(&text[8..10])?);
        let (hour, minute, second) = (number(&text[11..13])?, number(&text[14..16])?, number(&text[17..])?);
        if day == 0 || day > days_of(year, month)? || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let nanos = fraction(rest.strip_suffix(b"Z")?)?;
        Some(Self { seconds: ((days_to(year, month, day) * 24 + hour) * 60 + minute) * 60 + second, nanos })
    }

    /// Reads `1534614057.321597`, with up to 9 digits behind the point or none.
    #[inline]
    #[must_use]
    pub fn decimal(text: &[u8]) -> Option<Self> {
        let mut seconds = 0;
        let point = digits(text, 0, &mut seconds);
        if point == 0 || point > SECONDS_DIGITS {
            return None;
        }
        Some(Self { seconds: seconds.cast_signed(), nanos: fraction(&text[point..])? })
    }
}

/// More than any time that is near enough to an epoch.
const SECONDS_DIGITS: usize = 12;
const NANOS_DIGITS: usize = 9;
const POWERS: [i64; NANOS_DIGITS] = [100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

/// Nanoseconds of what stands behind whole seconds: nothing, or a point and digits.
#[inline]
fn fraction(text: &[u8]) -> Option<i64> {
    let Some((b'.', digits)) = text.split_first() else { return text.is_empty().then_some(0) };
    let power = POWERS.get(digits.len().wrapping_sub(1))?;
    Some(number(digits)? * power)
}

#[inline]
fn number(digits: &[u8]) -> Option<i64> {
    let mut number = 0;
    for byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + i64::from(digit);
    }
    Some(number)
}

#[inline]
fn days_of(year: i64, month: i64) -> Option<i64> {
    const DAYS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = DAYS.get(usize::try_from(month - 1).ok()?)?;
    Some(days + i64::from(is_leap && month == 2))
}

/// Days from 1970-01-01 (H. Hinnant, "chrono-compatible low-level date algorithms"): the year begins in March, so that the
/// leap day is its last one, and the months before a month have 153/5 days on average.
#[inline]
const fn days_to(year: i64, month: i64, day: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let month = if month > 2 { month - 3 } else { month + 9 };
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 + day
        - 719_469
}

#[cfg(test)]
mod tests {
    use super::Moment;

    fn iso(text: &str) -> Option<(i64, i64)> {
        Moment::iso(text.as_bytes()).map(|moment| (moment.seconds, moment.nanos))
    }

    #[test]
    fn every_day_is_the_one_after_the_day_before() {
        let mut seconds = 0;
        for year in 1970..2101 {
            for month in 1..=12 {
                for day in 1..=31 {
                    if let Some(found) = iso(&format!("{year}-{month:02}-{day:02}T00:00:00Z")) {
                        assert_eq!(found, (seconds, 0), "{year}-{month}-{day}");
                        seconds += 86_400;
                    }
                }
            }
        }
        // 2101-01-01 by `date -u -d 2101-01-01 +%s`.
        assert_eq!(seconds, 4_133_980_800);
    }

    #[test]
    fn a_time_keeps_its_last_nanosecond() {
        assert_eq!(iso("2023-02-09T20:30:37.167359596Z"), Some((1_675_974_637, 167_359_596)));
        assert_eq!(iso("2021-04-17T16:43:30.244075Z"), Some((1_618_677_810, 244_075_000)));
        assert_eq!(iso("2021-04-17T16:43:30Z"), Some((1_618_677_810, 0)));
        let decimal = |text: &str| Moment::decimal(text.as_bytes()).map(|moment| (moment.seconds, moment.nanos));
        assert_eq!(decimal("1534614057.321597"), Some((1_534_614_057, 321_597_000)));
        assert_eq!(decimal("1534614057"), Some((1_534_614_057, 0)));
        assert_eq!(decimal("1534614057.123456789"), Some((1_534_614_057, 123_456_789)));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "2021-04-17",
            "2021-04-17T16:43:30",
            "2021-04-17 16:43:30Z",
            "2021-04-17T16:43:30.Z",
            "2021-04-17T16:43:30.1234567890Z",
            "2021-04-17T16:43:30+01:00",
            "2021-02-29T16:43:30Z",
            "2021-13-01T16:43:30Z",
            "2021-00-01T16:43:30Z",
            "2021-04-00T16:43:30Z",
            "2021-04-17T24:43:30Z",
            "2021-04-17T16:60:30Z",
            "2021-04-17T16:43:60Z",
            "2021-04-1xT16:43:30Z",
        ] {
            assert_eq!(iso(text), None, "{text}");
        }
        for text in ["", ".5", "1.", "-1", "1e9", "1.1234567890", "1234567890123", "1x", "1.2.3"] {
            assert_eq!(Moment::decimal(text.as_bytes()), None, "{text}");
        }
    }
}
