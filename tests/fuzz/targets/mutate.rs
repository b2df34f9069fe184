//! Mutations that know what JSON is, so that what is behind a valid text gets its share of the time.

use std::ops::Range;

use libfuzzer_sys::fuzzer_mutate;

const VALUES: &[&[u8]] = &[
    b"null",
    b"true",
    b"false",
    b"0",
    b"-0.0e1",
    b"42",
    b"1e400",
    b"1473774821.5e0",
    b"{}",
    b"[]",
    b"[{}]",
    br#""""#,
    br#"" ""#,
    br#""\ud834""#,
    br#""Edge\u00201\u0032""#,
    br#""1473774821.411154""#,
    br#"{"id":1}"#,
];
const MEMBERS: &[&[u8]] = &[
    br#""id":"c""#,
    br#""\u0069d":7"#,
    br#""visitor":{"id":"v"}"#,
    br#""browser":"a b 1""#,
    br#""name":null"#,
    br#""groups":[{"id":"g"},{"id":0}]"#,
    br#""items":[{"timestamp":"1.5"}]"#,
    br#""timestamp":"2""#,
    "\"customFields\":{\"é\":\"\"}".as_bytes(),
    br#""operators":{}"#,
    br#""kind":"""#,
    br#""":1"#,
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
    let words = if is_member { MEMBERS } else { VALUES };
    let old = data[at.clone()].to_vec();
    let new = match below(2) {
        0 => data[others[below(others.len())].0.clone()].to_vec(),
        _ => words[below(words.len())].to_vec(),
    };
    let new = match below(16) {
        0..8 => new,
        8..14 => [old, b",".to_vec(), new].concat(),
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

/// Where values stand, and, with a flag, keys with their values.
fn spans(text: &[u8]) -> Vec<(Range<usize>, bool)> {
    let (mut spans, mut open, mut key) = (Vec::new(), Vec::new(), None);
    let mut at = 0;
    while at < text.len() {
        let start = at;
        at += 1;
        let (start, key_of_it) = match text[start] {
            b'{' | b'[' => {
                open.push((start, key.take()));
                continue;
            }
            b'}' | b']' => open.pop().unwrap_or((start, None)),
            b'"' => {
                while text.get(at).is_some_and(|byte| *byte != b'"') {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
                at = (at + 1).min(text.len());
                if text.get(at) == Some(&b':') {
                    key = Some(start);
                    continue;
                }
                (start, key.take())
            }
            b'-' | b'0'..=b'9' | b'a'..=b'z' => {
                let len = text[at..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte));
                at += len.count();
                (start, key.take())
            }
            _ => continue,
        };
        spans.push((start..at, false));
        spans.extend(key_of_it.map(|key| (key..at, true)));
    }
    spans
}
