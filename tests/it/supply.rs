//! What the tool is built from. `cargo deny` checks licences, versions and sources (`.ci/deny.toml`).

use std::collections::BTreeSet;
use std::fs;

use crate::harness::checkout;

fn file(name: &str) -> String {
    fs::read_to_string(checkout(name)).unwrap()
}

#[test]
fn the_readme_names_what_it_is_built_from() {
    let manifest = file("Cargo.toml");
    let dependencies = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    let named = |line: &str| line.split_once(" = ").map(|(name, _)| name.to_owned());
    let direct: BTreeSet<_> = dependencies.lines().filter_map(named).collect();
    assert!(direct.contains("serde_json"), "{direct:?}");
    let readme = file("README.md");
    let table = readme.split("## What it is built from").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).skip(1);
    let named = rows.filter(|cell| !cell.starts_with("---")).flat_map(|cell| cell.split(", "));
    assert_eq!(named.map(str::to_owned).collect::<BTreeSet<_>>(), direct);
}

#[test]
fn no_unsafe_code_is_ours() {
    assert!(file("Cargo.toml").contains("\nunsafe_code = \"forbid\"\n"));
    for root in ["src/lib.rs", "src/main.rs"] {
        assert!(file(root).contains("\n#![forbid(unsafe_code)]\n"), "{root}");
    }
}
