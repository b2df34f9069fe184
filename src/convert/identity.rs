//! The ids by which RudderStack tells users and events apart.

use std::borrow::Cow;

use md5::{Digest, Md5};
use twox_hash::XxHash3_128;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
use uuid::{Builder, Uuid};

use crate::json::strings;

/// The rudderId of a user, as RudderStack's gateway computes it: the MD5 of `userId + ":" +
/// anonymousId`, in the form of a version 4 UUID. Olark payloads have no anonymousId.
///
/// `user_id` is the id's compact JSON text, a string or a number. `None` when it is blank to the gateway.
pub fn rudder_id(user_id: &[u8]) -> Option<Uuid> {
    let id = sanitized(user_id);
    if id.is_empty() {
        return None;
    }
    let digest = Md5::new().chain_update(&id).chain_update(b":").finalize();
    Some(Builder::from_random_bytes(digest.into()).into_uuid())
}

/// An id as the gateway hashes it (rudder-go-kit, `sanitize`): trimmed, and without unprintable and invisible
/// characters. A number is its JSON text.
fn sanitized(id: &[u8]) -> Cow<'_, [u8]> {
    let Some(inner) = strings::inner(id) else { return id.into() };
    // A loop without an early exit handles many bytes at a time.
    if inner.iter().fold(true, |plain, b| plain & (matches!(b, b' '..=b'~') & (*b != b'\\'))) {
        return inner.trim_ascii().into();
    }
    let visible: String = strings::chars(inner).map(|(char, _)| char).filter(|c| is_visible(*c)).collect();
    visible.trim_matches(' ').as_bytes().to_owned().into()
}

/// Go's `unicode.IsPrint`, without the characters that rudder-go-kit also lists as invisible.
fn is_visible(c: char) -> bool {
    use GeneralCategoryGroup::{Letter, Mark, Number, Punctuation, Symbol};
    const INVISIBLE: [char; 8] =
        ['\u{34f}', '\u{115f}', '\u{1160}', '\u{17b4}', '\u{17b5}', '\u{2800}', '\u{3164}', '\u{ffa0}'];
    let printable =
        c == ' ' || matches!(c.general_category_group(), Letter | Mark | Number | Punctuation | Symbol);
    printable && !INVISIBLE.contains(&c)
}

/// The messageId of an event: the same for the same event of the same conversation, whenever and however it is
/// converted, so that RudderStack drops what it already has.
///
/// A version 8 UUID from the XXH3-128 of these parts, joined by line feeds: the conversation's `id` as its compact JSON
/// text (nothing if it has none), the event's name among those of the conversation, and its content.
pub fn message_id(parts: &[&[u8]], buffer: &mut Vec<u8>) -> Uuid {
    buffer.clear();
    for part in parts {
        buffer.extend_from_slice(part);
        buffer.push(b'\n');
    }
    let hashed = &buffer[..buffer.len() - 1];
    Builder::from_custom_bytes(XxHash3_128::oneshot(hashed).to_be_bytes()).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rudder_id_is_the_gateways() {
        for (id, expected) in [
            (r#""NOTAREALVISITORIDS5LGl6QUrK2OaPP""#, "62b1b505-2826-4e08-a266-dd64ba9f36b7"),
            (r#""9QRF9YWM5XW3ZSU7P9CGWRU89944341""#, "feb344a3-0fd9-424c-b63f-0fb735180310"),
            (r#"" id ""#, "db2f7cf2-f8d7-4bec-9222-372327e4bed5"),
            ("\"\u{a0}x\u{200b}\"", "89c09048-8479-441c-ad99-54347908e91c"),
            (r#""\u00a0x\u200B""#, "89c09048-8479-441c-ad99-54347908e91c"),
            (r#"" \u00a0x\u200b\t ""#, "89c09048-8479-441c-ad99-54347908e91c"),
            (r#""x""#, "89c09048-8479-441c-ad99-54347908e91c"),
            (r#""id\tz""#, "2dd1f8df-9809-4f15-862d-8141d2e1aa90"),
            ("42", "ef70b397-e869-46fd-8871-4e2f9edd3f8c"),
            ("\"Ж\"", "3e5e76e1-dfcd-48cd-aa37-eacd5a979347"),
            (r#""\u0416""#, "3e5e76e1-dfcd-48cd-aa37-eacd5a979347"),
        ] {
            assert_eq!(rudder_id(id.as_bytes()).map(|id| id.to_string()).as_deref(), Some(expected), "{id}");
        }
    }

    #[test]
    fn an_id_with_nothing_to_see_is_blank() {
        for id in [r#""""#, r#""  ""#, r#""\t\u0000""#, "\"\u{3164}\u{2800}\u{feff}\"", r#""\u2028 ""#] {
            assert_eq!(rudder_id(id.as_bytes()), None, "{id}");
        }
    }

    #[test]
    fn a_lone_surrogate_counts_as_the_replacement_character() {
        assert_eq!(rudder_id(br#""\ud800""#), rudder_id("\"\u{fffd}\"".as_bytes()));
    }

    #[test]
    fn a_message_id_depends_on_conversation_name_and_content() {
        let id = |parts: [&str; 3]| message_id(&parts.map(str::as_bytes), &mut Vec::new());
        let ids =
            [["a", "0", "{}"], ["b", "0", "{}"], ["a", "1", "{}"], ["a", "10", "{}"], ["a", "0", "{} "]]
                .map(id);
        for (i, id) in ids.iter().enumerate() {
            assert_eq!(id.get_version_num(), 8);
            assert!(!ids[..i].contains(id));
        }
    }
}
