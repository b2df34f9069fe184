//! Mutations that know what JSON is, so that code that only valid text reaches gets its share of the time.

use std::ops::Range;

use libfuzzer_sys::fuzzer_mutate;

use crate::shared::form::form;
use crate::shared::json::tokens;
use crate::shared::values::{BEYOND_SERDE, LITERALS};

const COLLECTIONS: &[&str] = &["{}", "[]", "[{}]", r#"{"id":1}"#];
const MEMBERS: &[&str] = &[
    r#""id":"c""#,
    r#""\u0069d":7"#,
    r#""visitor":{"id":"v"}"#,
    r#""browser":"a b 1""#,
    r#""name":null"#,
    r#""groups":[{"id":"g"},{"id":0}]"#,
    r#""items":[{"timestamp":"1.5"}]"#,
    r#""timestamp":"2""#,
    r#""timestamp":"2019-05-17T15:42:34.825+02:00""#,
    r#""items":[{"kind":"MessageToVisitor","nickname":"n","operatorId":7},{"kind":"MessageToOperator"}]"#,
    r#""kind":"MessageToOperator""#,
    r#""kind":"OfflineMessage""#,
    r#""body":"b""#,
    r#""operatorId":"\u0037""#,
    r#""operators":{"7":{"nickname":"a","username":"u"}}"#,
    r#""eventType":"start""#,
    r#""customFields":{"é":""}"#,
    r#""operators":{}"#,
    r#""kind":"""#,
    r#""":1"#,
];

/// Changes the text in a buffer, every other time by what it holds; gives its new length.
pub fn mutate(data: &mut [u8], size: usize, max: usize, seed: u32) -> usize {
    let mut random = u64::from(seed) << 8 | 1;
    let mut below = |limit: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (random >> 33) as usize % limit.max(1)
    };
    let spans = spans(&data[..size]);
    if spans.is_empty() || below(2) == 0 {
        return fuzzer_mutate(data, size, max);
    }
    let (at, is_member) = spans[below(spans.len())].clone();
    let others: Vec<_> = spans.iter().filter(|span| span.1 == is_member).collect();
    let values = [LITERALS, BEYOND_SERDE, COLLECTIONS].concat();
    let words = if is_member { MEMBERS } else { &values };
    let old = data[at.clone()].to_vec();
    let new = match below(2) {
        0 => data[others[below(others.len())].0.clone()].to_vec(),
        _ => words[below(words.len())].into(),
    };
    let new = match below(16) {
        0..7 => new,
        7..10 if !is_member => wrapped(&old, below(8)),
        7..14 => [old, b",".to_vec(), new].concat(),
        14 if !is_member => {
            let depth = below(600);
            [b"[".repeat(depth), old, b"]".repeat(depth)].concat()
        }
        _ => Vec::new(),
    };
    let text = [&data[..at.start], &new, &data[at.end..size]].concat();
    let size = text.len().min(max);
    data[..size].copy_from_slice(&text[..size]);
    size
}

/// A value within something that people keep payloads in.
fn wrapped(value: &[u8], number: usize) -> Vec<u8> {
    let string = |text: &[u8]| serde_json::to_vec(&String::from_utf8_lossy(text)).unwrap_or_default();
    let around = |before: &str, behind: &str| [before.as_bytes(), value, behind.as_bytes()].concat();
    match number {
        0 => string(value),
        1 => string(&form(value, "+")),
        2 => string(&around("a=1&data=", "&b=2")),
        3 => string(&base64(value)),
        4 => string(&base64(&form(value, "%20"))),
        5 => around("[7,", ",{}]"),
        6 => around("{\"M\":", "}"),
        _ => around("{\"data\":", ",\"x\":{\"visitor\":{}}}"),
    }
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = bytes.chunks(3).flat_map(|three| {
        let number =
            three.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        let digit = move |at: usize| DIGITS[number >> (18 - 6 * at) & 63];
        (0..=three.len()).map(digit)
    });
    digits.collect()
}

/// Where values stand, and, with a flag, keys with their values.
fn spans(text: &[u8]) -> Vec<(Range<usize>, bool)> {
    let (mut spans, mut open, mut key) = (Vec::new(), Vec::new(), None);
    let mut tokens = tokens(text).peekable();
    while let Some((first, token)) = tokens.next() {
        let (start, key_of_it) = match first {
            b'{' | b'[' => {
                open.push((token.start, key.take()));
                continue;
            }
            b'}' | b']' => open.pop().unwrap_or((token.start, None)),
            b'"' if matches!(tokens.peek(), Some((b':', _))) => {
                key = Some(token.start);
                continue;
            }
            b',' | b':' | b' ' => continue,
            _ => (token.start, key.take()),
        };
        spans.push((start..token.end, false));
        spans.extend(key_of_it.map(|key| (key..token.end, true)));
    }
    spans
}
