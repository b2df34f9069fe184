//! A run that goes on while the test talks with it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ExitStatus};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

#[cfg(unix)]
use rustix::process::{Pid, Signal, kill_process};

use super::{GIVE_UP, until};

pub struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
}

impl Running {
    /// Talks with a process that has pipes for its standard streams.
    pub fn new(mut child: Child) -> Running {
        let stdout = lines(child.stdout.take().unwrap());
        let stderr = lines(child.stderr.take().unwrap());
        Running { stdin: child.stdin.take(), child, stdout, stderr }
    }

    pub fn write(&mut self, text: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().unwrap();
        stdin.write_all(text.as_ref()).and_then(|()| stdin.flush()).unwrap();
    }

    /// The next line on standard output, with its line feed.
    #[track_caller]
    pub fn line(&mut self) -> Vec<u8> {
        self.stdout.recv_timeout(GIVE_UP).expect("no line on standard output")
    }

    /// The next line on standard error, with its line feed.
    #[track_caller]
    pub fn stderr_line(&mut self) -> String {
        String::from_utf8(self.stderr.recv_timeout(GIVE_UP).expect("no line on standard error")).unwrap()
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The most memory that it had at a time, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().strip_suffix(" kB").unwrap().parse::<u64>().unwrap() << 10
    }

    /// How long processors have worked for it, in ticks.
    pub fn processor_time(&self) -> u64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        stat.split(' ').skip(13).take(2).map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    /// Closes standard input.
    pub fn close(&mut self) {
        self.stdin = None;
    }

    /// Waits for the end; gives the exit status, and what else was on standard error.
    #[track_caller]
    pub fn end(mut self) -> (ExitStatus, String) {
        let status = until("it has not ended", || self.child.try_wait().unwrap());
        let rest: Vec<_> = self.stderr.iter().flatten().collect();
        (status, String::from_utf8(rest).unwrap())
    }
}

/// Lines as they come, each with its line feed.
fn lines(stream: impl Read + Send + 'static) -> Receiver<Vec<u8>> {
    let (sender, lines) = channel();
    let mut stream = BufReader::new(stream);
    thread::spawn(move || {
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).is_ok_and(|len| len > 0) {
            if sender.send(std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    });
    lines
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
