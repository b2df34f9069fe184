//! Passes the version to the compiler: the package's version, and the commit when built from a checkout.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let version = match commit(&package) {
        Some(commit) => format!("{} ({commit})", env!("CARGO_PKG_VERSION")),
        None => env!("CARGO_PKG_VERSION").into(),
    };
    println!("cargo::rustc-env=OLARK2RUDDER_VERSION={version}");
    // Without a repository no path is printed, and cargo reruns this when any file of the package changes.
    for path in moving_with_head(&package) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// The commit that is checked out in a directory, and its date. Repositories further up are not asked: sources
/// copied into somebody else's repository have no commit of their own.
pub fn commit(directory: &Path) -> Option<String> {
    git(directory, &["log", "-1", "--no-show-signature", "--date=short", "--format=%h %cd"])
}

/// The files that change when HEAD moves. Git records each move in HEAD's log; without a log, HEAD and its
/// branch are watched. A missing file would make cargo rerun this on every build.
pub fn moving_with_head(directory: &Path) -> Vec<PathBuf> {
    let path = |name: &str| {
        let path = directory.join(git(directory, &["rev-parse", "--git-path", name])?);
        path.exists().then_some(path)
    };
    let Some(head) = path("HEAD") else { return Vec::new() };
    if let Some(log) = path("logs/HEAD") {
        return vec![head, log];
    }
    // A packed branch has no file of its own until it moves, and then its folder changes.
    let branch = git(directory, &["symbolic-ref", "--quiet", "HEAD"]);
    let branch = branch.and_then(|branch| Path::new(&branch).ancestors().find_map(|at| path(at.to_str()?)));
    [Some(head), branch, path("packed-refs")].into_iter().flatten().collect()
}

/// What git prints about the directory's own repository; `None` without a repository or git.
fn git(directory: &Path, arguments: &[&str]) -> Option<String> {
    let repository = directory.join(".git");
    if !repository.exists() {
        return None;
    }
    let output = Command::new("git")
        .current_dir(directory)
        .arg("--git-dir")
        .arg(repository)
        .args(arguments)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.trim().is_empty()).then(|| text.trim().to_owned())
}
