//! The times of items: read as Olark and its adapters write them, and written as RFC 3339.

use crate::json::strings;
use jiff::Timestamp;

const SECOND: i64 = 1_000_000;

/// The microseconds since 1970 of an item's `timestamp`: Olark's decimal seconds in a string, with at most 6
/// digits of fraction, an ISO 8601 time with a zone, or any JSON number. `None` when it is not readable as a
/// time.
pub fn micros(value: &[u8]) -> Option<i64> {
    match strings::inner(value) {
        Some(inner) => text(&strings::decode(inner)),
        None => {
            let number = std::str::from_utf8(value).ok()?;
            decimal(number).or_else(|| exponential(number))
        }
    }
    .filter(|micros| instant(*micros).is_some())
}

fn text(text: &str) -> Option<i64> {
    let is_exact = text.split_once('.').is_none_or(|(_, fraction)| fraction.len() <= 6);
    decimal(text).filter(|_| is_exact).or_else(|| iso(text))
}

/// ISO 8601 with a zone, as Snowplow's Olark adapter stores times. Its fraction is cut to microseconds, like
/// Olark's.
fn iso(text: &str) -> Option<i64> {
    let micros = text.parse::<Timestamp>().ok()?.as_microsecond();
    // Olark's own times cannot be before 1970 either.
    (micros >= 0).then_some(micros)
}

/// RFC 3339 in UTC with milliseconds, truncated like JavaScript's dates.
pub fn rfc3339(micros: i64) -> Option<String> {
    Some(format!("{:.3}", instant(micros)?))
}

fn instant(micros: i64) -> Option<Timestamp> {
    Timestamp::from_millisecond(micros.div_euclid(1000)).ok()
}

fn decimal(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let seconds: i64 = whole.parse().ok()?;
    let rest =
        fraction.bytes().chain(std::iter::repeat(b'0')).take(6).fold(0, |n, b| n * 10 + i64::from(b - b'0'));
    seconds.checked_mul(SECOND)?.checked_add(rest)
}

/// `1.473774821e9`: unusual, but valid.
fn exponential(text: &str) -> Option<i64> {
    let seconds: f64 = text.parse().ok()?;
    let micros = seconds * SECOND as f64;
    (0.0..i64::MAX as f64).contains(&micros).then_some(micros as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_to_the_millisecond() {
        for (value, expected) in [
            (r#""1473774821.411154""#, Some("2016-09-13T13:53:41.411Z")),
            (r#""1473774821""#, Some("2016-09-13T13:53:41.000Z")),
            (r#""1473774821.9999""#, Some("2016-09-13T13:53:41.999Z")),
            (r#""\u0031473774821.4""#, Some("2016-09-13T13:53:41.400Z")),
            ("1473774821.411154", Some("2016-09-13T13:53:41.411Z")),
            ("1473774821.41115412", Some("2016-09-13T13:53:41.411Z")),
            ("1473774821e0", Some("2016-09-13T13:53:41.000Z")),
            (r#""0""#, Some("1970-01-01T00:00:00.000Z")),
            (r#""253402207200""#, Some("9999-12-30T22:00:00.000Z")),
            (r#""2019-05-17T15:42:34.825Z""#, Some("2019-05-17T15:42:34.825Z")),
            (r#""2019-05-17T15:42:34Z""#, Some("2019-05-17T15:42:34.000Z")),
            (r#""2019-05-17T17:42:34.825684123+02:00""#, Some("2019-05-17T15:42:34.825Z")),
            (r#""2019-05-17T15:42:34.\u0038Z""#, Some("2019-05-17T15:42:34.800Z")),
            (r#""2019-05-17T15:42:34.825""#, None),
            (r#""2019-05-17""#, None),
            (r#""2019-02-29T15:42:34Z""#, None),
            (r#""0001-01-01T00:00:00Z""#, None),
            (r#""1473774821.1234567""#, None),
            (r#""-1""#, None),
            ("-1", None),
            (r#"" 1""#, None),
            (r#""99999999999999""#, None),
            (r#""""#, None),
            ("null", None),
            ("true", None),
            ("[1]", None),
            ("1e400", None),
        ] {
            assert_eq!(micros(value.as_bytes()).and_then(rfc3339).as_deref(), expected, "{value}");
        }
    }
}
