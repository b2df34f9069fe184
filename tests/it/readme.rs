//! What the README shows is so: its commands are run and their output compared, its table is the mapping's.

use std::fmt::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use crate::gateway::Gateway;
use crate::harness::{Dir, TOOL, blessing, checkout, payload};
use crate::shared::library::{Mapping, ROWS, chat_rows};

fn readme() -> String {
    std::fs::read_to_string(checkout("README.md")).unwrap()
}

/// The fenced blocks of one language, in their order.
fn blocks(language: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut block: Option<(bool, String)> = None;
    for line in readme().lines() {
        match (&mut block, line.strip_prefix("```")) {
            (None, Some(info)) => block = Some((info == language, String::new())),
            (None, None) => {}
            (Some(_), Some(_)) => {
                blocks.extend(block.take().filter(|(wanted, _)| *wanted).map(|(_, text)| text))
            }
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    blocks
}

/// A directory in which the README's commands work as they do in a checkout.
fn working_directory() -> Dir {
    let dir = Dir::new();
    symlink(checkout("testdata"), dir.path("testdata")).unwrap();
    dir
}

fn shell(script: &str, directory: &Path) -> Command {
    let tool = Path::new(TOOL);
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = Command::new("bash");
    command.args(["-c", script]).current_dir(directory);
    command.env("PATH", format!("{}:{path}", tool.parent().unwrap().display()));
    command
}

/// Standard output, then standard error, then the exit status where it is not 0.
fn outcome(script: &str, directory: &Path) -> String {
    let output = shell(script, directory).output().unwrap();
    let mut text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    match output.status.code() {
        Some(0) => {}
        code => writeln!(text, "[{}]", code.unwrap()).unwrap(),
    }
    text
}

/// Compares a part of the README with what it should be, or rewrites it if that is wanted.
fn shows(part: &str, expected: &str) {
    static WRITING: Mutex<()> = Mutex::new(());
    if !blessing() {
        return assert_eq!(part, expected);
    }
    let _one_at_a_time = WRITING.lock().unwrap();
    std::fs::write(checkout("README.md"), readme().replacen(part, expected, 1)).unwrap();
}

#[test]
#[ignore = "needs bash, jq and other tools"]
fn every_command_gives_what_is_shown() {
    let dir = working_directory();
    let blocks = blocks("console");
    assert!(blocks.len() > 5, "the README shows commands");
    for block in blocks {
        let mut expected = String::new();
        for shown in block.split("$ ").skip(1) {
            // A command goes on in lines that are indented.
            let mut lines = shown.split_inclusive('\n').enumerate();
            let command: String = lines
                .by_ref()
                .take_while(|(index, line)| *index == 0 || line.starts_with("    "))
                .map(|(_, line)| line)
                .collect();
            write!(expected, "$ {command}{}", outcome(&command, &dir.path("."))).unwrap();
        }
        shows(&block, &expected);
    }
}

#[test]
fn the_table_is_the_mappings() {
    let mut table = String::from(
        "| Olark | RudderStack | event | standard | full | live |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for row in ROWS {
        let event = if row.events.len() == 2 { "both" } else { row.events[0].name() };
        write!(table, "| `{}` | `{}` | {event} |", row.source, row.target).unwrap();
        for mapping in Mapping::ALL {
            write!(table, " {} |", if row.mappings.contains(&mapping) { "yes" } else { "-" }).unwrap();
        }
        table.push('\n');
    }
    let (head, _) = table.split_once('\n').unwrap();
    let readme = readme();
    let shown = &readme[readme.find(head).expect("the README has the table")..];
    shows(&shown[..shown.find("\n\n").unwrap() + 1], &table);
}

#[test]
fn the_tables_of_live_chat_events_are_the_tools() {
    let mut events = String::from("| item | event | |\n| --- | --- | --- |\n");
    for event in chat_rows::EVENTS {
        let kinds: Vec<_> = event.when.kinds().iter().map(|kind| format!("`{kind}`")).collect();
        writeln!(events, "| {} | `{}` | {} |", kinds.join(", "), event.name, event.when.text()).unwrap();
    }
    let mut rows = String::from("| Olark | RudderStack | on | |\n| --- | --- | --- | --- |\n");
    for row in chat_rows::ROWS {
        let (source, target) = (row.source, row.target);
        writeln!(rows, "| `{source}` | `{target}` | {} | {} |", row.on(), row.note).unwrap();
    }
    for table in [events, rows] {
        let (head, _) = table.split_once('\n').unwrap();
        let readme = readme();
        let shown = &readme[readme.find(head).expect("the README has the table")..];
        shows(&shown[..shown.find("\n\n").unwrap() + 1], &table);
    }
}

#[test]
#[ignore = "needs bash, jq and curl"]
fn a_backfill_sends_every_event_once_and_goes_on_after_a_refusal() {
    let dir = working_directory();
    for name in ["transcript.form", "offline-message-group.json", "transcript-2013-no-tags.json"] {
        dir.file(&format!("archive/{name}"), payload(name));
    }
    let [convert, send] = blocks("sh").try_into().expect("the backfill has two steps");
    // Small bodies, so that there are several to send.
    let convert = convert.replace("--format batch", "--format batch --batch-bytes 2500");
    assert_eq!(outcome(&convert, &dir.path(".")), "");

    let gateway = Gateway::refusing_request(2);
    let run = |script: &str| {
        let mut command = shell(script, &dir.path("."));
        command.env("RUDDER_DATA_PLANE", gateway.address()).env("RUDDER_WRITE_KEY", "key");
        command.output().unwrap().status.success()
    };
    assert!(!run(&send), "the second request is refused");
    assert!(run(&send), "the second run goes on");

    let events = outcome("olark2rudder --timestamp archive/", &dir.path("."));
    let mut expected: Vec<_> = events.lines().map(str::to_owned).collect();
    let mut sent = gateway.events();
    expected.sort();
    sent.sort();
    assert_eq!(sent, expected);
    assert!(gateway.requests() > 3, "several bodies were sent");
}
