//! What real databases, servers and programs wrote: each file holds the payloads of `plain.ndjson`.

use std::fs;

use serde_json::Value;

use crate::harness::{checkout, none, run};

/// The events of a file, in an order that does not depend on the file's.
fn events(name: &str) -> Vec<String> {
    let path = checkout("testdata/exports").join(name);
    let ran = run(&[path.to_str().unwrap()]).any_stdout().go();
    let mut lines: Vec<_> = String::from_utf8(ran.stdout).unwrap().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

/// Events without what depends on how their text was written.
fn values(lines: &[String]) -> Vec<Value> {
    let mut values: Vec<_> = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect();
    for value in &mut values {
        value.as_object_mut().unwrap().remove("messageId");
    }
    values.sort_by_key(Value::to_string);
    values
}

#[test]
fn every_export_gives_the_events_of_the_bare_payloads() {
    let plain = events("plain.ndjson");
    assert_eq!(plain.len(), 12);
    let mut wrong = Vec::new();
    for entry in fs::read_dir(checkout("testdata/exports")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let mut found = events(&name);
        let is_same = match name.as_str() {
            // Each payload is there as JSON and as a form.
            "nginx_default.log" => {
                let is_twice = found.chunks(2).all(|pair| pair[0] == pair[1]);
                found.dedup();
                is_twice && found == plain
            }
            // Written anew by JSON.stringify.
            "log_node_pretty.txt" => values(&found) == values(&plain),
            _ => found == plain,
        };
        if !is_same {
            wrong.push(format!("{name}: {} events", found.len()));
        }
    }
    none(&wrong);
}
