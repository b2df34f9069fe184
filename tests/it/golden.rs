//! Each folder of `testdata/golden` is a run: its input, its arguments, and all that it has to write.
//!
//! A folder holds `input…` files (without one, `args` names the inputs), and where they say more than
//! nothing `args` (one a line), `expected.ndjson` (standard output; `expected.txt` where it is for people),
//! `expected.stderr`, `expected.rejects` (what `--rejects` keeps) and `status` (the exit status).
//! `OLARK2RUDDER_BLESS=1 cargo test --test it golden` writes what is expected anew: read what changed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Dir, Run, blessing, checkout, difference, none};

/// All that a folder may hold besides its inputs.
const FILES: [&str; 6] =
    ["args", "expected.ndjson", "expected.txt", "expected.stderr", "expected.rejects", "status"];

fn cases() -> Vec<PathBuf> {
    let folder = checkout("testdata/golden");
    let mut cases: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty(), "no case in {}", folder.display());
    cases
}

/// The files of a case that are its input, and its arguments.
fn inputs_and_args(case: &Path) -> (Vec<String>, Vec<String>) {
    let names = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let (mut inputs, others): (Vec<_>, Vec<_>) = names.partition(|name| name.starts_with("input"));
    inputs.sort();
    let unknown: Vec<_> = others.iter().filter(|name| !FILES.contains(&&***name)).collect();
    assert!(unknown.is_empty(), "{}: {unknown:?}", case.display());
    let args = fs::read_to_string(case.join("args")).unwrap_or_default();
    assert!(!inputs.is_empty() || !args.is_empty(), "{}: neither input nor args", case.display());
    (inputs, args.lines().map(str::to_owned).collect())
}

/// Runs a case; gives what is not as expected.
fn check(case: &Path) -> Option<String> {
    let (inputs, args) = inputs_and_args(case);
    let kept = Dir::new();
    // Run from inside, so that messages name the input as any checkout does.
    let mut run = Run::at(case, &[]).args(&args).args(&inputs);
    if !args.iter().any(|arg| arg == "--list-mapping") {
        run = run.args(&["--rejects".into(), kept.path("rejects")]);
    }
    let (status, stdout, stderr) = run.output();
    let for_people = args.iter().any(|arg| arg == "--explain" || arg == "--list-mapping");
    let written = [
        (if for_people { "expected.txt" } else { "expected.ndjson" }, stdout),
        ("expected.stderr", stderr),
        ("expected.rejects", fs::read(kept.path("rejects")).unwrap_or_default()),
        ("status", format!("{}\n", status.code().unwrap()).into_bytes()),
    ];
    let mut failures = Vec::new();
    for (name, got) in written {
        let path = case.join(name);
        let silent: &[u8] = if name == "status" { b"0\n" } else { b"" };
        if !blessing() {
            let expected = fs::read(&path).unwrap_or(silent.to_vec());
            failures.extend(difference(name, &expected, &got));
        } else if got == silent {
            let _ = fs::remove_file(&path);
        } else {
            fs::write(&path, got).unwrap();
        }
    }
    let name = case.file_name().unwrap().to_string_lossy();
    (!failures.is_empty()).then(|| format!("{name}: {args:?} {inputs:?}\n{}", failures.join("\n")))
}

#[test]
fn every_golden_case_is_as_expected() {
    none(&cases().iter().filter_map(|case| check(case)).collect::<Vec<_>>());
}

#[test]
fn each_thing_that_is_shown_to_people_has_a_case_in_every_mapping() {
    let cases: BTreeSet<_> = cases().iter().map(|case| inputs_and_args(case).1.join(" ")).collect();
    for flag in ["--explain", "--check", "--list-mapping"] {
        for mapping in ["--mapping standard", "--mapping full", "--mapping live"] {
            let has = cases.iter().any(|args| args.contains(flag) && args.contains(mapping));
            assert!(has, "no case with {flag} {mapping}");
        }
    }
}

/// Whether a file of `testdata` is one that a name in its list stands for: a file, a folder, or names with any ending.
fn is_named(file: &str, name: &str) -> bool {
    match name.strip_suffix('*') {
        Some(start) => file.starts_with(start),
        None => file == name || name.ends_with('/') && file.starts_with(name),
    }
}

#[test]
fn the_list_of_test_data_names_every_file_and_no_other() {
    let (testdata, list) = (checkout("testdata"), checkout("testdata/README.md"));
    let list = fs::read_to_string(list).unwrap();
    let quoted = |text: &str| text.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>();
    let rows = list.lines().filter(|line| line.starts_with("| `"));
    let names: Vec<_> = rows.flat_map(|row| quoted(row.split('|').nth(1).unwrap())).collect();
    let files = walkdir::WalkDir::new(&testdata).into_iter().map(|entry| entry.unwrap());
    let files: Vec<_> = files
        .filter(|entry| entry.file_type().is_file() && entry.file_name() != "README.md")
        .map(|entry| entry.path().strip_prefix(&testdata).unwrap().to_str().unwrap().replace('\\', "/"))
        .collect();
    let unnamed = files.iter().filter(|file| !names.iter().any(|name| is_named(file, name)));
    let unnamed: Vec<_> = unnamed.map(|file| format!("{file} is not in the list")).collect();
    let missing = names.iter().filter(|name| !files.iter().any(|file| is_named(file, name)));
    let missing: Vec<_> = missing.map(|name| format!("{name} does not exist")).collect();
    // Tests and licences that it mentions.
    let others = quoted(&list).into_iter().filter(|name| name.contains('/') && !name.contains([' ', '*']));
    let others = others.filter(|name| !checkout(name).exists() && !testdata.join(name).exists());
    none(&[unnamed, missing, others.collect()].concat());
}
