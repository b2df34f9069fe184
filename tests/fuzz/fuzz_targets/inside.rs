//! Which payloads are in a record, and what becomes of them, said a second time: read with serde_json and by hand,
//! and without a line of the tool's own code.

use serde_json::value::RawValue;

use crate::shared::json;
use crate::spec::{self, Options, Outcome};

/// How many levels down a record is searched.
const LEVELS: usize = 16;

/// How many payloads of a record later ones are compared with.
const COMPARED: usize = 64;

/// What becomes of a record that is this text and that has no white space between its tokens: of itself, or else of
/// each payload in it.
pub fn outcomes(record: &str, options: &Options) -> Vec<Outcome> {
    let own = outcome(record, options);
    let visitor = || {
        let visitor = members(record).into_iter().rfind(|(key, ..)| key == b"visitor");
        visitor.map_or("", |(_, _, visitor)| visitor)
    };
    let is_typed = || is_typed_map(visitor());
    let is_object = || visitor().starts_with('{');
    let is_searched = match &own {
        Err(codes) if codes[..] == ["no_payload"] => true,
        Err(codes) if codes.contains(&"wrong_type") => !is_object(),
        Err(codes) => codes.contains(&"missing_visitor_id") && is_typed(),
        Ok(_) => false,
    };
    let mut found = Vec::new();
    if is_searched {
        search(record, 0, &Vec::new(), &mut found);
    }
    if found.is_empty() {
        return vec![own];
    }
    let mut converted: Vec<(Path, String)> = Vec::new();
    let mut outcomes = Vec::new();
    for (path, payload) in found {
        let Some(payload) = payload else {
            outcomes.push(Err(vec!["wrong_type"]));
            continue;
        };
        let outcome = outcome(&payload, options);
        if let Ok((events, _)) = &outcome {
            // Of repeated keys the last counts, so the same members can be two users.
            let user = events.split("\"rudderId\":").nth(1).and_then(|rest| rest.get(..38)).unwrap_or_default();
            let value = user.to_owned() + &canonical(&payload);
            if converted.iter().any(|(other, earlier)| *other != path && *earlier == value) {
                continue;
            }
            if converted.len() < COMPARED {
                converted.push((path, value));
            }
        }
        outcomes.push(outcome);
    }
    outcomes
}

/// A text that is the same for equal values, whatever the order of keys.
fn canonical(value: &str) -> String {
    match value.as_bytes()[0] {
        b'{' => {
            let members = members(value).into_iter();
            let mut members: Vec<_> =
                members.map(|(key, _, value)| format!("{key:?}:{}", canonical(value))).collect();
            members.sort();
            format!("{{{}}}", members.join(","))
        }
        b'[' => format!("[{}]", elements(value).into_iter().map(canonical).collect::<Vec<_>>().join(",")),
        b'"' => format!("{:?}", meaning(value)),
        _ => value.to_owned(),
    }
}

pub fn outcome(payload: &str, options: &Options) -> Outcome {
    spec::read(payload, payload, json::depth(payload.as_bytes()))?.outcome(options)
}

/// The keys on the way to a value. All elements of an array have the same one.
type Path = Vec<Option<Vec<u8>>>;

/// Finds the payloads in a value at this level and path of its record, `None` for one that cannot be read.
fn search(text: &str, level: usize, path: &Path, found: &mut Vec<(Path, Option<String>)>) {
    let is_last = level == LEVELS;
    match text.as_bytes()[0] {
        b'{' => {
            let members = members(text);
            let visitor = members.iter().rfind(|(key, ..)| key == b"visitor").map(|(_, _, value)| *value);
            match visitor {
                Some(visitor) if visitor.starts_with('{') => {
                    let payload = if is_typed_map(visitor) { untyped(text) } else { Some(text.to_owned()) };
                    found.push((path.clone(), payload));
                }
                _ if is_last => {}
                _ => members.into_iter().for_each(|(key, _, value)| {
                    search(value, level + 1, &[&path[..], &[Some(key)]].concat(), found);
                }),
            }
        }
        b'[' if !is_last => {
            let path = [&path[..], &[None]].concat();
            elements(text).iter().for_each(|value| search(value, level + 1, &path, found));
        }
        b'"' if !is_last => held(&meaning(text)).iter().for_each(|json| search(json, level + 1, path, found)),
        _ => {}
    }
}

/// The JSON that a text holds: as it is, in a form body, or either of these in base64.
pub fn held(text: &str) -> Option<String> {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    json_or_form(text).or_else(|| {
        let decoded = base64(text)?;
        json_or_form(decoded.trim_matches([' ', '\t', '\r', '\n']))
    })
}

fn json_or_form(text: &str) -> Option<String> {
    container(text).or_else(|| form(text))
}

/// A text that is an object, an array or a string.
fn container(text: &str) -> Option<String> {
    let is_json = text.starts_with(['{', '[', '"']) && serde_json::from_str::<&RawValue>(text).is_ok();
    is_json.then(|| compact(text))
}

/// The JSON in the `data` field of a form body: as it stands, or encoded.
fn form(body: &str) -> Option<String> {
    let in_name = |c: char| c.is_ascii_alphanumeric() || "_-.~*+%[]".contains(c);
    let (name, _) = body.split_once('=')?;
    if name.is_empty() || !name.chars().all(in_name) {
        return None;
    }
    let mut start = 0;
    let field = body.split('&').find(|field| {
        start += field.len() + 1;
        field.starts_with("data=")
    })?;
    let value = body[start - field.len() - 1 + "data=".len()..].trim_start_matches([' ', '\t', '\r', '\n']);
    let mut values = serde_json::Deserializer::from_str(value).into_iter::<&RawValue>();
    if let Some(Ok(plain)) = values.next() {
        let behind = value[values.byte_offset()..].trim_start_matches([' ', '\t', '\r', '\n']);
        if let Some(json) = container(plain.get()).filter(|_| behind.is_empty() || behind.starts_with('&')) {
            return Some(json);
        }
    }
    let mut bytes = value.split('&').next()?.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => (digit()? * 16 + digit()?) as u8,
            other => other,
        });
    }
    container(String::from_utf8(decoded).ok()?.trim_matches([' ', '\t', '\r', '\n']))
}

/// What a text in base64 says, if that may be JSON or a form body: by itself, or broken into lines.
fn base64(text: &str) -> Option<String> {
    let head = text.get(..4)?;
    let is_wrapped = text.contains(['\n', '\r', ' ']);
    let mut text: String =
        text.chars().filter(|c| !is_wrapped || !c.is_ascii_whitespace() || *c == '\u{c}').collect();
    if !text.starts_with(head) || text.contains(['-', '_']) && text.contains(['+', '/']) {
        return None;
    }
    let padding = text.len() - text.trim_end_matches('=').len();
    text.truncate(text.len() - padding);
    if text.len() % 4 == 1 || padding > (4 - text.len() % 4) % 4 {
        return None;
    }
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0, 0_u32);
    for c in text.bytes() {
        let six = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        (held, bits) = (held << 6 | u32::from(six), bits + 6);
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    // Bits that are left over are zero.
    if held == 0 { String::from_utf8(bytes).ok() } else { None }
}

/// What a JSON string means, lone surrogates left as they are written.
fn meaning(string: &str) -> String {
    let mut doubled = String::new();
    let mut rest = string;
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?.get(..4)?, 16).ok();
    while let Some(at) = rest.find('\\') {
        doubled += &rest[..at];
        rest = &rest[at..];
        let is_low = |text: &str| matches!(unit(text), Some(0xdc00..0xe000));
        let len = match unit(rest) {
            Some(0xd800..0xdc00) if is_low(&rest[6..]) => 12,
            Some(0xd800..0xe000) => {
                doubled.push('\\');
                6
            }
            _ => 2,
        };
        doubled += &rest[..len];
        rest = &rest[len..];
    }
    serde_json::from_str(&(doubled + rest)).unwrap()
}

fn is_typed_map(visitor: &str) -> bool {
    let typed = ["M", "L", "S", "N", "B", "SS", "NS", "BS", "BOOL", "NULL"];
    let is_typed = |value: &str| {
        value.starts_with('{')
            && matches!(members(value)[..], [(_, key, _)] if typed.contains(&key.trim_matches('"')))
    };
    let is_map = |map: &str| {
        let members = members(map);
        members.is_empty() || members.iter().any(|(_, _, value)| is_typed(value))
    };
    visitor.starts_with('{')
        && matches!(members(visitor)[..], [(_, "\"M\"", map)] if map.starts_with('{') && is_map(map))
}

/// What an item of DynamoDB's typed JSON represents.
fn untyped(item: &str) -> Option<String> {
    let members = members(item).into_iter();
    let members: Option<Vec<_>> =
        members.map(|(_, key, value)| Some(format!("{key}:{}", untyped_value(value)?))).collect();
    Some(format!("{{{}}}", members?.join(",")))
}

fn untyped_value(value: &str) -> Option<String> {
    if !value.starts_with('{') {
        return None;
    }
    let members = members(value);
    let [(_, kind, value)] = members[..] else { return None };
    let string = |value: &str| value.starts_with('"').then(|| value.to_owned());
    let number = |value: &str| {
        let text = value.strip_prefix('"')?.strip_suffix('"')?;
        let is_number = text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
            && text.ends_with(|c: char| c.is_ascii_digit())
            && serde_json::from_str::<&RawValue>(text).is_ok();
        is_number.then(|| text.to_owned())
    };
    let list = |of: &dyn Fn(&str) -> Option<String>| {
        let elements: Option<Vec<_>> =
            value.starts_with('[').then(|| elements(value))?.into_iter().map(of).collect();
        Some(format!("[{}]", elements?.join(",")))
    };
    match kind.trim_matches('"') {
        "M" => value.starts_with('{').then(|| untyped(value))?,
        "L" => list(&untyped_value),
        "S" | "B" => string(value),
        "N" => number(value),
        "SS" | "BS" => list(&string),
        "NS" => list(&number),
        "BOOL" => ["true", "false"].contains(&value).then(|| value.to_owned()),
        "NULL" => (value == "true").then(|| "null".to_owned()),
        _ => None,
    }
}

pub fn compact(text: &str) -> String {
    String::from_utf8(json::compact(text.as_bytes())).unwrap()
}

/// The members of an object: what a key means, how it is written, and its value.
fn members(object: &str) -> Vec<(Vec<u8>, &str, &str)> {
    let mut at = 1;
    let members = spec::members(object).into_iter();
    let with_key = members.map(|(key, value)| {
        let start = value.as_ptr().addr() - object.as_ptr().addr();
        let written = &object[at..start - 1];
        at = start + value.len() + 1;
        (key, written, value)
    });
    with_key.collect()
}

fn elements(array: &str) -> Vec<&str> {
    serde_json::from_str::<Vec<&RawValue>>(array).unwrap().into_iter().map(RawValue::get).collect()
}
