//! Text that is base64 of JSON, of gzip of that, or of a form body.

use std::borrow::Cow;
use std::io::Read;

use base64::Engine;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::MultiGzDecoder;

use crate::json::scan::{is_space, trim};
use crate::payloads::form;
use crate::payloads::piece::{SHORTEST, is_json};

const MAX_DECOMPRESSED: u64 = 16 << 20;

/// With more damaged digits, or padding, a text is hardly base64 at all.
pub const MAX_DAMAGED: usize = 4;

/// The start of gzip in base64.
const GZIP: &[u8] = b"H4sI";

const fn engine(alphabet: &Alphabet) -> GeneralPurpose {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    GeneralPurpose::new(alphabet, config)
}

static WITH_PLUS: GeneralPurpose = engine(&STANDARD);
static WITH_MINUS: GeneralPurpose = engine(&URL_SAFE);

/// Whether a text may be base64 of what is looked for, by its first four characters. In a JSON string
/// these may be escapes; then it may be.
pub fn is_likely(text: &[u8]) -> bool {
    let Some(first) = text.first_chunk::<4>() else { return false };
    if first == GZIP {
        return true;
    }
    if text.len() < SHORTEST.div_ceil(3) * 4 - 1 || !may_be_first(first[0]) {
        return false;
    }
    let mut bytes = [0; 3];
    first.contains(&b'\\')
        || (engine_for(first).decode_slice(first, &mut bytes).is_ok_and(|len| len == 3) && may_begin(bytes))
}

fn engine_for(text: &[u8]) -> &'static GeneralPurpose {
    match memchr::memchr2(b'-', b'_', text) {
        Some(_) => &WITH_MINUS,
        None => &WITH_PLUS,
    }
}

/// Whether base64 of JSON or of a form body may begin with a character. Six bits of the text are in it.
fn may_be_first(byte: u8) -> bool {
    matches!(byte, b'C' | b'D' | b'I'..=b'Z' | b'a'..=b'f')
}

/// Whether JSON or a form body may begin with some bytes.
fn may_begin([first, second, third]: [u8; 3]) -> bool {
    match first {
        b'{' => second == b'"' || is_space(second),
        b'[' => second >= b' ' || is_space(second),
        b'"' | b' ' | b'\n' | b'\t' | b'\r' => second.is_ascii(),
        _ => [first, second, third].into_iter().all(|byte| byte == b'=' || form::is_in_name(byte)),
    }
}

/// The JSON in a base64 text, which may be broken into lines.
pub fn decode(text: &[u8]) -> Option<Vec<u8>> {
    if !is_likely(text) {
        return None;
    }
    let mut decoded = engine_for(text).decode(without_line_breaks(text)).ok()?;
    if text.starts_with(GZIP) {
        decoded = decompressed(&decoded)?;
    }
    simdutf8::basic::from_utf8(&decoded).ok()?;
    let text = trim(&decoded);
    if is_json(text) { Some(decoded) } else { form::json(text).map(Cow::into_owned) }
}

/// The bytes of a base64 text in which a few digits may be damaged, as far as they can be decoded.
pub fn decode_damaged(text: &[u8]) -> Option<Vec<u8>> {
    if !is_likely(text) {
        return None;
    }
    let mut digits = without_line_breaks(text).into_owned();
    let mut damaged = 0;
    for digit in &mut digits {
        *digit = match *digit {
            b'-' => b'+',
            b'_' => b'/',
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' => *digit,
            _ => {
                damaged += 1;
                b'A'
            }
        };
    }
    digits.truncate(digits.len() / 4 * 4);
    let decoded = WITH_PLUS.decode(digits).ok().filter(|_| damaged <= MAX_DAMAGED)?;
    if !text.starts_with(GZIP) {
        return Some(decoded);
    }
    let mut text = Vec::new();
    // Up to the damage.
    let _ = MultiGzDecoder::new(&*decoded).take(MAX_DECOMPRESSED).read_to_end(&mut text);
    Some(text)
}

fn decompressed(gzip: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    let len = MultiGzDecoder::new(gzip).take(MAX_DECOMPRESSED + 1).read_to_end(&mut text).ok()?;
    (len as u64 <= MAX_DECOMPRESSED).then_some(text)
}

fn without_line_breaks(text: &[u8]) -> Cow<'_, [u8]> {
    match memchr::memchr3(b'\n', b'\r', b' ', text) {
        None => Cow::Borrowed(text),
        Some(_) => Cow::Owned(text.iter().copied().filter(|byte| !is_space(*byte)).collect()),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE, BASE64_URL_SAFE_NO_PAD};

    use crate::payloads::search::tests::{P, in_json, percent, quoted};

    #[test]
    fn base64_is_decoded_in_every_variant() {
        for filler in ["", "x", "xx", "é", "???>>>", "\u{ff}\u{3ff}~~~"] {
            let payload = format!(r#"{{"visitor":{{"id":"{filler}"}}}}"#);
            for text in [
                payload.clone(),
                format!("\n {payload}"),
                format!("[{payload}]"),
                quoted(&payload),
                format!("data={}", percent(&payload)),
                format!("a1=_&data={payload}"),
                format!("\n .x=1&data= {payload}&y "),
                format!(".x=1&data={payload}"),
            ] {
                let variants = [
                    BASE64_STANDARD.encode(&text),
                    BASE64_STANDARD_NO_PAD.encode(&text),
                    BASE64_URL_SAFE.encode(&text),
                    BASE64_URL_SAFE_NO_PAD.encode(&text),
                ];
                let lines = variants[0]
                    .as_bytes()
                    .chunks(20)
                    .map(String::from_utf8_lossy)
                    .collect::<Vec<_>>()
                    .join("\n");
                for variant in variants.into_iter().chain([format!("{lines}\n")]) {
                    let escaped = quoted(&variant).replace('/', r"\/");
                    for record in [quoted(&variant), escaped] {
                        let found = in_json(&record);
                        assert_eq!(found.first().map(|(_, found)| found), Some(&payload), "{text}: {record}");
                    }
                }
            }
        }
    }

    #[test]
    fn base64_may_begin_with_escapes() {
        let record = format!(r#"{{">":{P}}}"#);
        let encoded = BASE64_STANDARD.encode(&record);
        assert!(encoded.starts_with("eyI+"));
        let found = in_json(&format!("\"{}\"", encoded.replace('+', r"\u002b")));
        assert_eq!(found, [(">".to_string(), P.to_string())]);
    }

    #[test]
    fn base64_of_other_things_is_left_alone() {
        for text in ["hello, this is no payload", r#"{"visitor":{"id":"1"}"#, "data=hello there, all of you"]
        {
            assert_eq!(in_json(&quoted(&BASE64_STANDARD.encode(text))), [], "{text}");
        }
        let mut bytes = BASE64_STANDARD.encode([r#"{"visitor":{"id":""#.as_bytes(), b"\xff\"}}"].concat());
        assert_eq!(in_json(&quoted(&bytes)), []);
        bytes.insert(9, '!');
        assert_eq!(in_json(&quoted(&bytes)), []);
    }
}
