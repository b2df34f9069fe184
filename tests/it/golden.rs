//! Each folder of `testdata/golden` is a run: its input, its arguments, and all that it has to write.
//!
//! A folder holds `input…` files (without one, `args` names the inputs), and where they say more than
//! nothing `args` (one a line), `expected.ndjson` (standard output), `expected.stderr`, `expected.rejects`
//! (what `--rejects` keeps) and `status` (the exit status).
//! `OLARK2RUDDER_BLESS=1 cargo test --test it golden` writes what is expected anew: read what changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::harness;
use crate::harness::{difference, payload, read, testdata};
use serde_json::Value;

use crate::shared::json::objects;

#[test]
fn every_golden_case_is_as_expected() {
    let bless = std::env::var_os("OLARK2RUDDER_BLESS").is_some();
    let folder = testdata().join("golden");
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty(), "no case in {}", folder.display());
    let failures: Vec<_> = cases.iter().filter_map(|case| check(case, bless)).collect();
    assert!(failures.is_empty(), "{} of {} cases:\n\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// Runs a case; gives what is not as expected.
fn check(case: &Path, bless: bool) -> Option<String> {
    let kept = tempfile::tempdir().unwrap();
    let rejects = kept.path().join("rejects.ndjson");
    let (command, output) = run(case, &rejects);
    let written = [
        ("expected.ndjson", output.stdout),
        ("expected.stderr", output.stderr),
        ("expected.rejects", read(&rejects)),
        ("status", format!("{}\n", output.status.code().unwrap()).into_bytes()),
    ];
    let mut failures = Vec::new();
    for (name, got) in written {
        let path = case.join(name);
        let silent: &[u8] = if name == "status" { b"0\n" } else { b"" };
        if !bless {
            let expected = fs::read(&path).unwrap_or(silent.to_vec());
            failures.extend(difference(name, &expected, &got));
        } else if got == silent {
            let _ = fs::remove_file(&path);
        } else {
            fs::write(&path, got).unwrap();
        }
    }
    let case = case.file_name().unwrap().to_string_lossy();
    (!failures.is_empty()).then(|| format!("{case}: {command:?}\n{}", failures.join("\n")))
}

fn run(case: &Path, rejects: &Path) -> (Command, Output) {
    let mut inputs: Vec<PathBuf> = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with("input"));
    inputs.sort();
    let args = fs::read_to_string(case.join("args")).unwrap_or_default();
    assert!(!inputs.is_empty() || !args.is_empty(), "{}: neither input nor args", case.display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_olark2rudder"));
    // Run from inside, so that messages name the input as any checkout does.
    command.current_dir(case).arg("--rejects").arg(rejects).args(args.lines());
    command.args(inputs.iter().map(|path| path.file_name().unwrap()));
    let output = command.output().unwrap();
    (command, output)
}

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

/// What the tool makes of the documentation's example, and what the documentation says that it is.
fn worked_example() -> (Vec<u8>, Vec<u8>) {
    let input = payload("documented-example.input.json");
    let got = harness::run(&[]).stdin(input).any_stdout().go().stdout;
    (got, read(&testdata().join("documented-example.expected.json")))
}
