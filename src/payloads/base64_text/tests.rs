//! Which base64 is decoded.

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
            let lines =
                variants[0].as_bytes().chunks(20).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\n");
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
    for text in ["hello, this is no payload", r#"{"visitor":{"id":"1"}"#, "data=hello there, all of you"] {
        assert_eq!(in_json(&quoted(&BASE64_STANDARD.encode(text))), [], "{text}");
    }
    let mut bytes = BASE64_STANDARD.encode([r#"{"visitor":{"id":""#.as_bytes(), b"\xff\"}}"].concat());
    assert_eq!(in_json(&quoted(&bytes)), []);
    bytes.insert(9, '!');
    assert_eq!(in_json(&quoted(&bytes)), []);
}
