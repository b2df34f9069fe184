//! The same payload twice in one record, as where a service stores a request both raw and parsed.

use std::ops::Range;

use crate::json::scan::{string_end, trim};
use crate::json::strings::unescape;
use crate::json::value::{elements, members};

/// The payloads that were found in a record so far.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    seen: Vec<Seen>,
    /// Their texts, one after the other.
    texts: Vec<u8>,
}

/// A payload.
#[derive(Debug)]
struct Seen {
    path: u64,
    /// A hash of its ids: most payloads need no other comparison.
    ids: u64,
    text: Range<usize>,
    /// A hash of its value, once it is needed.
    value: Option<u64>,
}

/// More payloads than this in a record are elements of arrays, and not looked at.
const MAX_SEEN: usize = 64;

impl Repeats {
    /// Starts a record.
    pub fn clear(&mut self) {
        self.seen.clear();
        self.texts.clear();
    }

    /// Adds a payload with these ids; returns whether it was found before at a path that differs in more than an index.
    pub fn add(&mut self, ids: [Option<&[u8]>; 2], path: &str, text: &[u8]) -> bool {
        let path = hash(path.as_bytes());
        let ids = ids.iter().fold(0, |sum, id| mix(sum, hash(id.unwrap_or_default())));
        let mut value = None;
        for seen in self.seen.iter_mut().filter(|seen| seen.path != path && seen.ids == ids) {
            let own = *value.get_or_insert_with(|| value_hash(trim(text)));
            let texts = &self.texts;
            if *seen.value.get_or_insert_with(|| value_hash(trim(&texts[seen.text.clone()]))) == own {
                return true;
            }
        }
        if self.seen.len() < MAX_SEEN {
            let start = self.texts.len();
            self.texts.extend_from_slice(text);
            self.seen.push(Seen { path, ids, text: start..self.texts.len(), value });
        }
        false
    }
}

fn hash(bytes: &[u8]) -> u64 {
    twox_hash::XxHash3_64::oneshot(bytes)
}

/// A hash that is the same for equal values. Each kind of value has a seed of its own.
fn value_hash(value: &[u8]) -> u64 {
    match value.first() {
        Some(b'{') => members(value)
            .fold(1, |sum: u64, (key, value)| sum.wrapping_add(mix(hash(&unescape(key)), value_hash(value)))),
        Some(b'[') => elements(value).fold(2, |sum, element| mix(sum, value_hash(element))),
        Some(b'"') => hash(&unescape(&value[1..string_end(value, 1).max(2) - 1])),
        _ => mix(3, hash(value)),
    }
}

fn mix(one: u64, other: u64) -> u64 {
    (one ^ other.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29) ^ other
}
