//! RudderStack's documentation of its Olark source: its example, and the events that it shows for it.

use serde_json::Value;

use crate::harness::{checkout, none, payload, read, run};
use crate::shared::json::objects;

#[test]
fn the_worked_example_gives_what_the_documentation_prints() {
    let (got, expected) = worked_example();
    let parse = |text: &[u8]| serde_json::from_slice::<Value>(text).unwrap();
    let (mut got, expected) = (parse(&got), parse(&expected));
    // The one field that cannot be known: the documentation's was made up for the occasion.
    assert_ne!(got["messageId"], expected["messageId"]);
    got["messageId"] = expected["messageId"].clone();
    assert_eq!(got, expected);
}

#[test]
fn the_worked_example_has_its_keys_in_the_order_that_the_documentation_prints() {
    let (got, expected) = worked_example();
    // What is carried over keeps its own order, which the documentation's sorting does not: there is
    // nothing in it that the tool builds.
    let carried = ["chat_feedback", "items", "tags"];
    let built = |text: &[u8]| {
        let mut objects = objects(text);
        objects.retain(|object| !object.path.split('.').any(|key| carried.contains(&key)));
        objects
    };
    let objects = built(&got);
    assert_eq!(objects, built(&expected));
    let page = objects.iter().find(|object| object.path == "context.page").unwrap();
    assert_eq!(page.keys, ["url", "referrer"]);
}

/// The events that the tool makes of the documentation's example, and those that the documentation shows.
fn worked_example() -> (Vec<u8>, Vec<u8>) {
    let input = payload("documented-example.input.json");
    let got = run(&[]).stdin(input).any_stdout().go().stdout;
    (got, read(&checkout("testdata/documented-example.expected.json")))
}

#[test]
fn the_list_of_test_data_names_files_that_exist() {
    let list = std::fs::read_to_string(checkout("testdata/README.md")).unwrap();
    let names =
        list.split('`').skip(1).step_by(2).filter(|name| name.contains('/') && !name.contains([' ', '*']));
    let missing: Vec<_> = names
        .filter(|name| !checkout(name).exists() && !checkout("testdata").join(name).exists())
        .map(str::to_owned)
        .collect();
    none(&missing);
}
