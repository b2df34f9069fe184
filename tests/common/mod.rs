//! Runs the tool as its users do, and holds everything it writes against what was expected.

// Each file of tests is a program of its own and uses its own part of this.
#![allow(dead_code)]

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use olark2rudder::convert::Converter;
use olark2rudder::plan::{Choices, Plan};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;

/// When something that has to happen is given up. Nothing waits for this long unless it never happens.
const GIVE_UP: Duration = Duration::from_secs(60);

/// The folder of test data.
pub fn testdata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

/// A captured or documented payload.
pub fn payload(name: &str) -> Vec<u8> {
    read(&testdata().join("payloads").join(name))
}

pub fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A small payload of a visitor's own, on one line and without a line feed.
pub fn chat(visitor: &str) -> String {
    format!(
        r#"{{"kind":"Conversation","id":"c-{visitor}","items":[{{"body":"hi"}}],"visitor":{{"id":"{visitor}"}}}}"#
    )
}

/// The events of payloads, as the library converts them: what these are is for the golden cases to say.
pub fn events<T: AsRef<[u8]>>(payloads: &[T]) -> Vec<u8> {
    events_by(Choices::default(), payloads)
}

pub fn events_by<T: AsRef<[u8]>>(choices: Choices, payloads: &[T]) -> Vec<u8> {
    let plan = Plan::new(choices).unwrap();
    let mut converter = Converter::new(&plan);
    let mut out = Vec::new();
    for payload in payloads {
        converter.convert(payload.as_ref(), false, &mut out).unwrap();
    }
    out
}

/// The events of [`chat`]s.
pub fn chats(visitors: &[&str]) -> Vec<u8> {
    events(&visitors.iter().map(|visitor| chat(visitor)).collect::<Vec<_>>())
}

/// Every line as JSON; the last one has to be complete.
pub fn json_lines(text: &[u8]) -> Vec<Value> {
    assert!(text.is_empty() || text.ends_with(b"\n"), "no line feed at the end");
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).unwrap_or_else(|e| panic!("{e}: {}", show(line)))).collect()
}

/// Who the events of an output are of, one after the other.
pub fn users(output: &[u8]) -> Vec<String> {
    json_lines(output).iter().map(|event| event["userId"].as_str().unwrap().to_owned()).collect()
}

/// A temporary directory that runs happen in, so that names in messages are short and the same anywhere.
pub struct Dir(TempDir);

impl Dir {
    pub fn new() -> Dir {
        Dir(tempfile::tempdir().unwrap())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and the directories that it needs.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> &Dir {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        read(&self.path(name))
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// All files and directories beneath, sorted, as relative paths: temporary ones too.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut left = vec![self.0.path().to_owned()];
        while let Some(directory) = left.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                names.push(path.strip_prefix(self.0.path()).unwrap().to_str().unwrap().to_owned());
                if path.is_dir() && !path.is_symlink() {
                    left.push(path);
                }
            }
        }
        names.sort();
        names
    }

    /// A run in this directory.
    pub fn run(&self, args: &[&str]) -> Run<'_> {
        Run { dir: At::There(self.0.path()), ..Run::new(args) }
    }
}

enum At<'d> {
    There(&'d Path),
    Own(TempDir),
}

enum Expected {
    Exactly(Vec<u8>),
    Anything,
}

/// One run and what is expected of it: success and silence, but for what is said otherwise.
pub struct Run<'d> {
    dir: At<'d>,
    command: Command,
    stdin: Vec<u8>,
    stdout: Expected,
    stderr: Expected,
    status: i32,
}

/// What a run wrote.
pub struct Ran {
    pub stdout: Vec<u8>,
    pub stderr: String,
}

/// A run in a directory of its own, for what needs no files.
pub fn run(args: &[&str]) -> Run<'static> {
    Run::new(args)
}

impl<'d> Run<'d> {
    fn new(args: &[&str]) -> Run<'d> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_olark2rudder"));
        command.args(args).env_remove("NO_COLOR").env("TERM", "xterm");
        let nothing = || Expected::Exactly(Vec::new());
        let dir = At::Own(tempfile::tempdir().unwrap());
        Run { dir, command, stdin: Vec::new(), stdout: nothing(), stderr: nothing(), status: 0 }
    }

    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    pub fn stdin(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdin = text.as_ref().to_owned();
        self
    }

    pub fn stdout(mut self, text: impl AsRef<[u8]>) -> Self {
        self.stdout = Expected::Exactly(text.as_ref().to_owned());
        self
    }

    pub fn stderr(mut self, text: &str) -> Self {
        self.stderr = Expected::Exactly(text.into());
        self
    }

    /// For tests that look at standard output themselves.
    pub fn any_stdout(mut self) -> Self {
        self.stdout = Expected::Anything;
        self
    }

    /// For tests that look at standard error themselves.
    pub fn any_stderr(mut self) -> Self {
        self.stderr = Expected::Anything;
        self
    }

    pub fn status(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    fn prepare(&mut self) {
        let dir = match &self.dir {
            At::There(path) => path,
            At::Own(dir) => dir.path(),
        };
        self.command.current_dir(dir).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    }

    /// Runs, and says all that is not as expected.
    #[track_caller]
    pub fn go(self) -> Ran {
        self.compare().unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Runs, and gives all that is not as expected.
    pub fn compare(mut self) -> Result<Ran, String> {
        self.prepare();
        let mut child = self.command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let output = thread::scope(|scope| {
            scope.spawn(|| match pipe.write_all(&self.stdin).map(|()| drop(pipe)) {
                // Not everything has to be read.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("standard input: {error}"),
                _ => {}
            });
            child.wait_with_output().unwrap()
        });
        let mut failures = Vec::new();
        if output.status.code() != Some(self.status) {
            failures.push(format!("expected exit status {}, got {}", self.status, output.status));
        }
        for (name, expected, got) in [
            ("standard output", &self.stdout, &output.stdout),
            ("standard error", &self.stderr, &output.stderr),
        ] {
            if let Expected::Exactly(expected) = expected {
                failures.extend(difference(name, expected, got));
            }
        }
        if failures.is_empty() {
            return Ok(Ran { stdout: output.stdout, stderr: String::from_utf8(output.stderr).unwrap() });
        }
        if matches!(self.stderr, Expected::Anything) {
            failures.push(format!("standard error was\n{}", show(&output.stderr)));
        }
        Err(format!("{:?}\n{}", self.command, failures.join("\n")))
    }

    /// Starts it, and leaves it running.
    pub fn start(mut self) -> Running {
        self.prepare();
        let mut child = self.command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in stdout.split(b'\n').map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        Running { stdin: child.stdin.take(), child, lines }
    }
}

/// A run that goes on while the test talks with it.
pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    lines: Receiver<Vec<u8>>,
}

impl Running {
    pub fn write(&mut self, text: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_ref()).and_then(|()| stdin.flush()).unwrap();
    }

    /// The next line on standard output, with its line feed.
    #[track_caller]
    pub fn line(&mut self) -> Vec<u8> {
        let mut line = self.lines.recv_timeout(GIVE_UP).expect("no line on standard output");
        line.push(b'\n');
        line
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Closes standard input.
    pub fn close(&mut self) {
        self.stdin = None;
    }

    /// Waits for the end; gives the exit status, and what was on standard error.
    #[track_caller]
    pub fn end(mut self) -> (ExitStatus, String) {
        let status = until("it has not ended", || self.child.try_wait().unwrap());
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        (status, stderr)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits for something that is sure to happen.
#[track_caller]
pub fn until<T>(otherwise: &str, mut happened: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        match happened() {
            Some(value) => return value,
            None => assert!(start.elapsed() < GIVE_UP, "{otherwise}"),
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// Where two texts begin to differ, for people.
pub fn difference(name: &str, expected: &[u8], got: &[u8]) -> Option<String> {
    if expected == got {
        return None;
    }
    let lines = |text| <[u8]>::split_inclusive(text, |byte: &u8| *byte == b'\n').collect::<Vec<_>>();
    let (expected, got) = (lines(expected), lines(got));
    let same = expected.iter().zip(&got).take_while(|(a, b)| a == b).count();
    let mut text = format!(
        "{name} differs from line {}: expected {} lines, got {}\n",
        same + 1,
        expected.len(),
        got.len()
    );
    for (mark, lines) in [("expected", expected), ("     got", got)] {
        for line in &lines[same..lines.len().min(same + 5)] {
            let _ = writeln!(text, "  {mark} {}", show(line));
        }
    }
    Some(text)
}

/// Bytes as readable text: what is no character, or not seen, as an escape.
pub fn show(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '"' | '\\' | '\'' => text.push(c),
                _ => text.extend(c.escape_debug()),
            }
        }
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}
