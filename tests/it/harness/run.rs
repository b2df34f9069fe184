//! One run of the tool, and what is expected of it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::{difference, show};

/// When something that has to happen is given up. Nothing waits for this long unless it never happens.
const GIVE_UP: Duration = Duration::from_secs(60);

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
    /// A run in a directory that there is already.
    pub fn at(dir: &'d Path, args: &[&str]) -> Run<'d> {
        Run { dir: At::There(dir), ..Run::new(args) }
    }

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
        let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let mut stdin = child.stdin.take().unwrap();
        let pid = Pid::from_child(&child);
        let output = thread::scope(|scope| {
            scope.spawn(|| match stdin.write_all(&self.stdin).map(|()| drop(stdin)) {
                // Not everything has to be read.
                Err(error) if error.kind() != ErrorKind::BrokenPipe => panic!("standard input: {error}"),
                _ => {}
            });
            let (sender, ended) = channel();
            scope.spawn(move || {
                // What hangs must fail, not wait for somebody to notice.
                if ended.recv_timeout(GIVE_UP) == Err(RecvTimeoutError::Timeout) {
                    kill_process(pid, Signal::KILL).unwrap();
                }
            });
            let rest = scope.spawn(move || {
                let mut text = Vec::new();
                stderr.read_to_end(&mut text).map(|_| text)
            });
            let mut text = Vec::new();
            stdout.read_to_end(&mut text).unwrap();
            let stderr = rest.join().unwrap().unwrap();
            let status = child.wait().unwrap();
            sender.send(()).ok();
            Output { status, stdout: text, stderr }
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
