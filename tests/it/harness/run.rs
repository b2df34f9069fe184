//! One run of the tool, and what is expected of it.

use std::ffi::OsStr;
use std::io::{ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::channel;
use std::thread;

use tempfile::TempDir;

use super::difference::excerpt;
use super::{GIVE_UP, Running, TOOL, difference};
#[cfg(unix)]
use super::{Screen, Stream};

enum At<'d> {
    There(&'d Path),
    Own(TempDir),
}

enum Expected {
    Exactly(Vec<u8>),
    /// Nothing but a closing line because of warnings: many payloads of tests have no `kind`.
    NothingButWarnings,
    Anything,
}

impl Expected {
    fn difference(&self, name: &str, got: &[u8]) -> Option<String> {
        match self {
            Expected::Exactly(expected) => difference(name, expected, got),
            Expected::NothingButWarnings => {
                let text = String::from_utf8_lossy(got);
                let is_closing = text.starts_with("olark2rudder: ") && text.contains("; warnings: ");
                let is_clean = !text.contains(" rejected (") && !text.contains(" not read");
                let is_expected = is_closing && is_clean && text.lines().count() == 1;
                if is_expected { None } else { difference(name, b"", got) }
            }
            Expected::Anything => None,
        }
    }
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
    /// A run in a directory that there is already.
    pub fn at(dir: &'d Path, args: &[&str]) -> Run<'d> {
        Run { dir: At::There(dir), ..Run::new(args) }
    }

    fn new(args: &[&str]) -> Run<'d> {
        let mut command = Command::new(TOOL);
        command.args(args).env_remove("NO_COLOR").env("TERM", "xterm");
        let dir = At::Own(tempfile::tempdir().unwrap());
        let (stdout, stderr) = (Expected::Exactly(Vec::new()), Expected::NothingButWarnings);
        Run { dir, command, stdin: Vec::new(), stdout, stderr, status: 0 }
    }

    pub fn args(mut self, args: &[impl AsRef<OsStr>]) -> Self {
        self.command.args(args);
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

    fn spawn(&mut self) -> Child {
        self.prepare();
        // On a busy machine, Wine fails to start a process now and then.
        let tries = if cfg!(windows) { 5 } else { 1 };
        let started = (1..tries).find_map(|_| self.command.spawn().ok());
        started.unwrap_or_else(|| self.command.spawn().unwrap())
    }

    /// Runs, and says all that is not as expected.
    #[track_caller]
    pub fn go(self) -> Ran {
        self.compare().unwrap_or_else(|failure| panic!("{failure}"))
    }

    /// Runs, and gives all that is not as expected.
    pub fn compare(mut self) -> Result<Ran, String> {
        let (status, stdout, stderr) = self.wait();
        let mut failures = Vec::new();
        if status.code() != Some(self.status) {
            failures.push(format!("expected exit status {}, got {status}", self.status));
        }
        for (name, expected, got) in
            [("standard output", &self.stdout, &stdout), ("standard error", &self.stderr, &stderr)]
        {
            failures.extend(expected.difference(name, got));
        }
        if failures.is_empty() {
            return Ok(Ran { stdout, stderr: String::from_utf8(stderr).unwrap() });
        }
        failures.push(excerpt("standard output", &stdout));
        failures.push(excerpt("standard error", &stderr));
        Err(format!("{:?}\n{}", self.command, failures.join("\n")))
    }

    /// Runs; gives whatever comes of it.
    pub fn output(mut self) -> (ExitStatus, Vec<u8>, Vec<u8>) {
        self.wait()
    }

    fn wait(&mut self) -> (ExitStatus, Vec<u8>, Vec<u8>) {
        let mut child = self.spawn();
        let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let mut stdin = child.stdin.take().unwrap();
        let (sender, ended) = channel();
        thread::scope(|scope| {
            scope.spawn(|| match stdin.write_all(&self.stdin).map(|()| drop(stdin)) {
                // Not everything has to be read.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("standard input: {error}"),
                _ => {}
            });
            let errors = scope.spawn(move || {
                let mut text = Vec::new();
                stderr.read_to_end(&mut text).map(|_| text)
            });
            let output = scope.spawn(move || {
                let mut text = Vec::new();
                let read = stdout.read_to_end(&mut text);
                sender.send(()).ok();
                read.map(|_| text)
            });
            // A run that hangs must fail.
            if ended.recv_timeout(GIVE_UP).is_err() {
                child.kill().unwrap();
            }
            (child.wait().unwrap(), output.join().unwrap().unwrap(), errors.join().unwrap().unwrap())
        })
    }

    /// Starts it, and leaves it running.
    pub fn start(mut self) -> Running {
        Running::new(self.spawn())
    }

    /// Runs with some of its standard streams on a terminal; the others are pipes.
    #[cfg(unix)]
    #[track_caller]
    pub fn on_terminal(mut self, streams: &[Stream]) -> Screen {
        self.prepare();
        Screen::of(self.command, &self.stdin, streams)
    }
}
