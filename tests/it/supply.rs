//! What the tool is built from: nothing that the README does not name, under no licence that `.ci/deny.toml`
//! does not allow, and nothing twice. `cargo deny` says the same and more, but takes minutes to install.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

fn metadata() -> Value {
    // Packages of other systems are not there when nothing may be downloaded.
    let args = ["metadata", "--format-version=1", "--locked", "--offline", "--filter-platform=host-tuple"];
    let cargo =
        Command::new(env!("CARGO")).current_dir(env!("CARGO_MANIFEST_DIR")).args(args).output().unwrap();
    assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
    serde_json::from_slice(&cargo.stdout).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// What ends up in the tool, itself included: package ids.
fn linked(metadata: &Value) -> BTreeSet<&str> {
    let nodes = list(&metadata["resolve"]["nodes"]);
    let nodes: BTreeMap<_, _> = nodes.iter().map(|node| (text(&node["id"]), list(&node["deps"]))).collect();
    let mut linked = BTreeSet::new();
    let mut left = vec![text(&metadata["resolve"]["root"])];
    while let Some(id) = left.pop() {
        if linked.insert(id) {
            let normal = |dep: &&Value| list(&dep["dep_kinds"]).iter().any(|kind| kind["kind"].is_null());
            left.extend(nodes[id].iter().filter(normal).map(|dep| text(&dep["pkg"])));
        }
    }
    linked
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    let linked = linked(metadata);
    list(&metadata["packages"]).iter().filter(move |package| linked.contains(text(&package["id"])))
}

/// The strings in the list that follows a key of `.ci/deny.toml`.
fn listed(key: &str) -> Vec<String> {
    let settings = file(".ci/deny.toml");
    let (_, list) = settings.split_once(&format!("\n{key} = [")).unwrap();
    let list = list.split("\n\n").next().unwrap();
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_readme_names_what_it_is_built_from() {
    let metadata = metadata();
    let root = packages(&metadata).find(|package| package["source"].is_null()).unwrap();
    let direct = list(&root["dependencies"]).iter().filter(|dependency| dependency["kind"].is_null());
    let direct: BTreeSet<_> = direct.map(|dependency| text(&dependency["name"]).to_owned()).collect();
    let readme = file("README.md");
    let table = readme.split("## What it is built from").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).skip(1);
    let named = rows.filter(|cell| !cell.starts_with("---")).flat_map(|cell| cell.split(", "));
    assert_eq!(named.map(str::to_owned).collect::<BTreeSet<_>>(), direct);
}

#[test]
fn every_licence_is_one_that_is_allowed() {
    let allowed = listed("allow");
    let metadata = metadata();
    for package in packages(&metadata) {
        let licence = text(&package["license"]).replace('/', " OR ");
        // Of each part that is required one choice must do.
        let holds = licence.split(" AND ").all(|part| {
            let mut choices = part.trim_matches(['(', ')']).split(" OR ");
            choices.any(|choice| allowed.iter().any(|allowed| allowed == choice))
        });
        assert!(holds, "{}: {licence}", package["name"]);
    }
}

#[test]
fn nothing_is_built_twice_without_a_reason() {
    let skipped = listed("skip");
    let metadata = metadata();
    let mut names = BTreeSet::new();
    for package in packages(&metadata) {
        let (name, version) = (text(&package["name"]), text(&package["version"]));
        let known = |skip: &String| {
            skip.split_once('@').is_some_and(|(skip, from)| skip == name && version.starts_with(from))
        };
        assert!(skipped.iter().any(known) || names.insert(name), "{name} {version} is another");
    }
}

#[test]
fn no_unsafe_code_is_ours() {
    assert!(file("Cargo.toml").contains("\nunsafe_code = \"forbid\"\n"));
    for root in ["src/lib.rs", "src/main.rs"] {
        assert!(file(root).contains("\n#![forbid(unsafe_code)]\n"), "{root}");
    }
}
