//! `--version` names the version, and the commit where it was built from a checkout.

#[allow(dead_code)] // its `main`
#[path = "../../src/build.rs"]
mod build;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{checkout, run};

/// Git as if nobody had set it up, and no git had called the tests: in a hook GIT_DIR names another repository.
fn git(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"GIT_")) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "safe.directory=*"]);
    let output = command.args(arguments).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn commit(directory: &Path, message: &str) -> String {
    git(directory, &["commit", "--quiet", "--allow-empty", "-m", message]);
    git(directory, &["log", "-1", "--format=%h %cs"])
}

fn repository(directory: &Path) -> String {
    git(directory, &["init", "--quiet"]);
    commit(directory, "first")
}

/// What the watched files hold, or are when they are folders.
fn watched(directory: &Path) -> Vec<(PathBuf, String)> {
    let paths = build::moving_with_head(directory);
    assert!(paths.iter().all(|path| path.exists()), "{paths:?}");
    let seen = |path: &Path| match path.is_dir() {
        true => format!("{:?}", path.metadata().unwrap().modified().unwrap()),
        false => std::fs::read_to_string(path).unwrap(),
    };
    paths.into_iter().map(|path| (path.clone(), seen(&path))).collect()
}

#[test]
#[ignore = "needs git"]
fn the_tool_names_its_version_and_its_checkouts_commit() {
    let package = &checkout(".");
    let commit = match package.join(".git").exists() {
        true => {
            let date = git(package, &["log", "-1", "--format=%cs"]);
            format!(" ({} {date})", git(package, &["rev-parse", "--short", "HEAD"]))
        }
        false => String::new(),
    };
    for flag in ["--version", "-V"] {
        run(&[flag]).stdout(format!("olark2rudder {}{commit}\n", env!("CARGO_PKG_VERSION"))).go();
    }
}

#[test]
#[ignore = "needs git"]
fn a_copy_in_another_repository_has_no_commit() {
    let outer = tempfile::tempdir().unwrap();
    repository(outer.path());
    let copy = outer.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    assert_eq!(build::commit(&copy), None);
    assert!(build::moving_with_head(&copy).is_empty());
    // What only looks like a repository does not send git further up either.
    std::fs::create_dir(copy.join(".git")).unwrap();
    assert_eq!(build::commit(&copy), None);
    assert!(build::moving_with_head(&copy).is_empty());
}

#[test]
#[ignore = "needs git"]
fn a_repository_without_a_commit_has_none_to_name() {
    let directory = tempfile::tempdir().unwrap();
    git(directory.path(), &["init", "--quiet"]);
    assert_eq!(build::commit(directory.path()), None);
}

#[test]
#[ignore = "needs git"]
fn a_worktree_names_its_own_commit() {
    let directory = tempfile::tempdir().unwrap();
    let main = directory.path().join("main");
    std::fs::create_dir(&main).unwrap();
    let first = repository(&main);
    git(&main, &["worktree", "add", "--quiet", "../side"]);
    let side = directory.path().join("side");
    let unmoved = watched(&main);
    let second = commit(&side, "second");
    assert_ne!(first, second);
    assert_eq!((build::commit(&main), build::commit(&side)), (Some(first), Some(second)));
    assert_eq!(watched(&main), unmoved, "main did not move");
}

#[test]
#[ignore = "needs git"]
fn each_move_of_head_changes_what_the_build_watches() {
    for log in ["true", "false"] {
        let directory = tempfile::tempdir().unwrap();
        let at = directory.path();
        git(at, &["init", "--quiet"]);
        git(at, &["config", "core.logAllRefUpdates", log]);
        commit(at, "first");
        let mut before = watched(at);
        assert!(before.len() > 1, "{before:?}");
        let moves: [&[&[&str]]; 5] = [
            &[&["commit", "--quiet", "--allow-empty", "-m", "second"]],
            &[&["checkout", "--quiet", "--detach", "HEAD~"]],
            &[&["checkout", "--quiet", "-b", "far/off"], &["pack-refs", "--all"]],
            &[&["commit", "--quiet", "--allow-empty", "-m", "third"]],
            &[&["pack-refs", "--all"], &["reset", "--quiet", "--hard", "HEAD~"]],
        ];
        for steps in moves {
            for step in steps {
                git(at, step);
            }
            let after = watched(at);
            assert_ne!(before, after, "{steps:?}, log {log}");
            before = after;
        }
    }
}
