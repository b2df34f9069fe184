//! What `completions/` holds is what the tool prints, and works in a shell.
//!
//! `OLARK2RUDDER_BLESS=1 cargo test --test it completions` writes it anew.

use std::path::Path;
use std::process::Command;

use crate::harness::{Dir, blessing, checkout, json_lines, run};

const FILES: [(&str, &[&str]); 6] = [
    ("olark2rudder.bash", &["--completions", "bash"]),
    ("_olark2rudder", &["--completions", "zsh"]),
    ("olark2rudder.fish", &["--completions", "fish"]),
    ("_olark2rudder.ps1", &["--completions", "powershell"]),
    ("olark2rudder.elv", &["--completions", "elvish"]),
    ("olark2rudder.1", &["--man"]),
];

fn printed(args: &[&str]) -> String {
    String::from_utf8(run(args).any_stdout().go().stdout).unwrap()
}

#[test]
fn the_files_are_what_the_tool_prints() {
    for (name, args) in FILES {
        let path = checkout("completions").join(name);
        if blessing() {
            std::fs::write(&path, printed(args)).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == printed(args), "{name} is stale: see the first lines of this file");
    }
}

#[test]
fn the_manual_page_shows_ids_that_the_tool_makes() {
    let manual = printed(&["--man"]).replace("\\-", "-");
    let examples: Vec<_> = manual.lines().filter(|line| line.starts_with("{\"id\":")).collect();
    assert_eq!(examples.len(), 2);
    for (example, events) in examples.into_iter().zip(["conversation", "chat"]) {
        let output = run(&["--events", events]).stdin(example).any_stdout().go().stdout;
        let id = json_lines(&output)[0]["messageId"].as_str().unwrap().to_owned();
        assert!(manual.contains(&format!("messageId {id}.")), "{id}");
    }
}

#[test]
fn every_flag_is_in_every_file() {
    let help = printed(&["--help"]);
    let words = help.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'));
    let flags: Vec<_> = words.filter(|word| word.starts_with("--") && word.len() > 3).collect();
    assert!(flags.len() > 20);
    for (name, _) in FILES {
        let text = std::fs::read_to_string(checkout("completions").join(name)).unwrap().replace("\\-", "-");
        for flag in &flags {
            // Fish writes flags without their dashes.
            let found = text.contains(flag) || text.contains(&format!("-l {}", &flag[2..]));
            assert!(found, "{flag} in {name}");
        }
    }
}

/// What bash offers for the last word of a command line.
fn offered(words: &[&str], directory: &Path) -> Vec<String> {
    let script = r#"
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
        complete -p olark2rudder > /dev/null || exit 1
        _olark2rudder olark2rudder "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut command = Command::new("bash");
    command.args(["--norc", "-c", script, "bash"]).arg(checkout("completions/olark2rudder.bash"));
    let output = command.args(words).current_dir(directory).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

#[test]
#[ignore = "needs bash"]
fn bash_completes_flags_values_and_files() {
    let dir = Dir::new();
    dir.file("chats.json", "");
    let offered = |words: &[&str]| offered(words, &dir.path("."));
    assert_eq!(offered(&["olark2rudder", "--mapping", ""]), ["standard", "full", "live"]);
    assert_eq!(offered(&["olark2rudder", "--mapp"]), ["--mapping"]);
    assert_eq!(offered(&["olark2rudder", "--rejects", "cha"]), ["chats.json"]);
}
