//! Payloads, and the events that they become.

use serde_json::Value;

use super::show;
use crate::shared::library::{self, Converter, MappingOptions, Plan};

/// A small payload of a visitor's own, on one line and without a line feed.
pub fn chat(visitor: &str) -> String {
    format!(
        r#"{{"kind":"Conversation","id":"c-{visitor}","items":[{{"body":"hi"}}],"visitor":{{"id":"{visitor}"}}}}"#
    )
}

/// The events of [`chat`]s.
pub fn chats(visitors: &[&str]) -> Vec<u8> {
    events(&visitors.iter().map(|visitor| chat(visitor)).collect::<Vec<_>>())
}

/// The events of payloads, as the library converts them: the golden cases say what these must be.
pub fn events<T: AsRef<[u8]>>(payloads: &[T]) -> Vec<u8> {
    events_by(MappingOptions::default(), payloads)
}

pub fn events_by<T: AsRef<[u8]>>(options: MappingOptions, payloads: &[T]) -> Vec<u8> {
    let plan = Plan::new(options).unwrap();
    let mut converter = Converter::new(&plan);
    let mut out = Vec::new();
    for payload in payloads {
        library::convert(&mut converter, payload.as_ref(), &mut out).unwrap();
    }
    out
}

/// What becomes of one payload: its events, or why it is rejected.
pub fn outcome(options: &MappingOptions, payload: &[u8]) -> Result<String, library::Rejected> {
    let plan = Plan::new(options.clone()).unwrap();
    let mut out = Vec::new();
    let result = library::convert(&mut Converter::new(&plan), payload, &mut out);
    let out = String::from_utf8(out).unwrap();
    assert!(result.is_ok() || out.is_empty(), "a reject with events: {out}");
    result.map(|_| out)
}

/// Every line as JSON; the last one has to be complete.
#[track_caller]
pub fn json_lines(text: &[u8]) -> Vec<Value> {
    assert!(text.is_empty() || text.ends_with(b"\n"), "no line feed at the end");
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).unwrap_or_else(|e| panic!("{e}: {}", show(line)))).collect()
}

/// The user ids of an output's events, in order.
#[track_caller]
pub fn users(output: &[u8]) -> Vec<String> {
    json_lines(output).iter().map(|event| event["userId"].as_str().unwrap().to_owned()).collect()
}
