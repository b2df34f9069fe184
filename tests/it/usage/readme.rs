//! What the README shows is so: its commands are run and their output compared, its table is the mapping's.

use std::fmt::Write;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Mutex;

use crate::harness::gateway::Gateway;
use crate::harness::{Dir, TOOL, blessing, checkout, payload};
use crate::shared::library::{CHAT_EVENTS, CHAT_ROWS, ChatEvent, INPUTS, MAPPINGS, ROWS};

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

/// Compares a table, which is found by its first line.
fn shows_table(table: &str) {
    let (head, _) = table.split_once('\n').unwrap();
    let readme = readme();
    let shown = &readme[readme.find(head).expect("the README has the table")..];
    shows(&shown[..shown.find("\n\n").unwrap() + 1], table);
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
        write!(table, "| `{}` | `{}` | {} |", row.source, row.target, row.event_name()).unwrap();
        for mapping in MAPPINGS {
            write!(table, " {} |", if row.mappings.contains(&mapping) { "yes" } else { "-" }).unwrap();
        }
        table.push('\n');
    }
    shows_table(&table);
}

#[test]
fn the_table_of_inputs_is_that_of_the_help() {
    let rows = INPUTS.map(|(kind, examples)| format!("| {kind} | {examples} |\n")).concat();
    shows_table(&format!("| | |\n| --- | --- |\n{rows}"));
}

#[test]
fn the_tables_of_live_chat_events_are_the_tools() {
    let mut events = String::from("| item | event | |\n| --- | --- | --- |\n");
    for ChatEvent { name, when, kinds, .. } in &CHAT_EVENTS {
        let (when, kinds): (&str, Vec<_>) =
            (when.into(), kinds.iter().map(|kind| format!("`{kind}`")).collect());
        writeln!(events, "| {} | `{name}` | {when} |", kinds.join(", ")).unwrap();
    }
    let mut rows = String::from("| Olark | RudderStack | on | |\n| --- | --- | --- | --- |\n");
    for row in CHAT_ROWS {
        let (source, target) = (&row.source, &row.target);
        writeln!(rows, "| `{source}` | `{target}` | {} | {} |", row.on(), row.note).unwrap();
    }
    shows_table(&events);
    shows_table(&rows);
}

/// A directory with an archive, and the README's two steps in it.
struct Backfill {
    dir: Dir,
    gateway: Gateway,
    convert: String,
    send: String,
}

impl Backfill {
    fn new(faults: &'static [(usize, &'static str)]) -> Backfill {
        let dir = working_directory();
        let names = [
            "transcript.form",
            "offline-message-group.json",
            "transcript-2013-no-tags.json",
            "transcript-custom-fields.json",
        ];
        for name in names {
            dir.file(&format!("archive/{name}"), payload(name));
        }
        let [convert, send] = blocks("sh").try_into().expect("the backfill has two steps");
        // Small bodies, so that there are several to send.
        let convert = convert.replace("--format batch", "--format batch --batch-bytes 2500");
        let backfill = Backfill { dir, gateway: Gateway::failing(faults), convert, send };
        backfill.convert();
        backfill
    }

    fn convert(&self) {
        assert_eq!(outcome(&self.convert, &self.dir.path(".")), "");
    }

    fn send(&self) -> Output {
        let mut command = shell(&self.send, &self.dir.path("."));
        command.env("RUDDER_DATA_PLANE", self.gateway.address()).env("RUDDER_WRITE_KEY", "key");
        command.output().unwrap()
    }

    /// The number of bodies that are not sent yet.
    fn left(&self) -> usize {
        std::fs::read_dir(self.dir.path("bodies")).unwrap().count()
    }

    /// The events of the archive as it is now, in their order.
    fn events(&self) -> Vec<String> {
        let events = outcome("olark2rudder --timestamp archive/", &self.dir.path("."));
        events.lines().map(str::to_owned).collect()
    }
}

#[test]
#[ignore = "needs bash, gzip and curl"]
fn a_backfill_sends_every_event_once_and_in_order_and_goes_on_after_a_refusal() {
    let backfill = Backfill::new(&[(2, "429 Too Many Requests"), (4, "400 Bad Request, and why")]);
    let requests = backfill.left();
    assert!(requests > 3, "several bodies are to be sent");
    let first = backfill.send();
    assert!(!first.status.success(), "the third body is refused");
    assert!(String::from_utf8_lossy(&first.stdout).ends_with("400 Bad Request, and why\n"));
    assert_eq!(backfill.gateway.requests(), 4, "what follows waits; what came too early was sent again");
    assert_eq!(backfill.left(), requests - 2);
    assert!(backfill.send().status.success(), "the second run goes on");
    assert_eq!(backfill.gateway.events(), backfill.events());
    assert_eq!(backfill.gateway.requests(), requests + 2);
}

#[test]
#[ignore = "needs bash, gzip and curl"]
fn a_backfill_goes_on_without_a_body_that_was_refused_and_moved_away() {
    let backfill = Backfill::new(&[(2, "400 Bad Request")]);
    assert!(!backfill.send().status.success());
    let refused = outcome(
        "first=$(ls bodies | head -n 1); cat bodies/$first; rm bodies/$first",
        &backfill.dir.path("."),
    );
    assert!(backfill.send().status.success());
    let sent = backfill.gateway.events();
    let missing: Vec<_> = backfill.events().into_iter().filter(|event| !sent.contains(event)).collect();
    assert_eq!(refused.trim_end(), format!(r#"{{"batch":[{}]}}"#, missing.join(",")));
}

#[test]
#[ignore = "needs bash, gzip and curl"]
fn a_backfill_that_is_complete_sends_nothing_again_and_makes_room_for_another() {
    let backfill = Backfill::new(&[]);
    assert!(backfill.send().status.success());
    let mut expected = backfill.events();
    backfill.send();
    assert_eq!(backfill.gateway.events(), expected, "all was sent");

    backfill.dir.file("archive/again/transcript.json", payload("transcript.json"));
    backfill.convert();
    assert!(backfill.send().status.success());
    expected.extend(backfill.events());
    assert_eq!(backfill.gateway.events(), expected, "another conversion");
}
