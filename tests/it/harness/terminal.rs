//! A run on a pseudo-terminal, and what its user sees.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZero;
use std::os::fd::OwnedFd;
use std::process::{Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;

use rustix::fs::{Mode, OFlags, open};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::GIVE_UP;

const ROWS: NonZero<u16> = NonZero::new(200).unwrap();
const COLUMNS: NonZero<u16> = NonZero::new(100).unwrap();

/// A standard stream.
#[derive(Clone, Copy, PartialEq)]
pub enum Stream {
    Stdin,
    Stdout,
    Stderr,
}

/// What was seen of a run.
pub struct Screen {
    /// All that came to the terminal, escape sequences included.
    pub written: String,
    /// The text on the terminal at the end, without trailing spaces and empty lines.
    pub seen: String,
    /// Standard output, where it was a pipe.
    pub stdout: Vec<u8>,
    pub status: Option<i32>,
}

impl Screen {
    /// Runs a command that has pipes, with a terminal in the place of some of them.
    #[track_caller]
    pub fn of(mut command: Command, stdin: &[u8], streams: &[Stream]) -> Screen {
        let (controller, terminal) = terminal();
        let on_terminal =
            |stream| streams.contains(&stream).then(|| Stdio::from(terminal.try_clone().unwrap()));
        on_terminal(Stream::Stdin).map(|stdio| command.stdin(stdio));
        on_terminal(Stream::Stdout).map(|stdio| command.stdout(stdio));
        on_terminal(Stream::Stderr).map(|stdio| command.stderr(stdio));
        let mut child = command.spawn().unwrap();
        // Reading ends when no process has the terminal open.
        drop((command, terminal));
        if let Some(mut pipe) = child.stdin.take() {
            pipe.write_all(stdin).unwrap();
        }
        // What is typed where standard input is the terminal.
        let typed = streams.contains(&Stream::Stdin).then(|| controller.try_clone().unwrap());
        let stdout = child.stdout.take();
        let (sender, ended) = channel::<()>();
        let pid = Pid::from_child(&child);
        let (written, stdout) = thread::scope(|scope| {
            scope.spawn(move || {
                if ended.recv_timeout(GIVE_UP) == Err(RecvTimeoutError::Timeout) {
                    kill_process(pid, Signal::KILL).unwrap();
                }
            });
            scope.spawn(|| typed.map(|mut terminal| terminal.write_all(stdin).unwrap()));
            let stdout = scope.spawn(|| stdout.map(read).unwrap_or_default());
            let written = read(controller);
            drop(sender);
            (written, stdout.join().unwrap())
        });
        let status = child.wait().unwrap().code();
        let mut screen = vt100::Parser::new(ROWS, COLUMNS, 0);
        screen.process(&written);
        Screen {
            written: String::from_utf8(written).unwrap(),
            seen: screen.screen().contents(),
            stdout,
            status,
        }
    }

    /// How often a text came to the terminal.
    pub fn count(&self, text: &str) -> usize {
        self.written.matches(text).count()
    }
}

/// The two ends of a new terminal.
fn terminal() -> (File, OwnedFd) {
    // Only for Linux has the flag a name here; a child that had this end too would keep the terminal from ending.
    let close_on_exec = OpenptFlags::from_bits_retain(OFlags::CLOEXEC.bits());
    let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | close_on_exec).unwrap();
    grantpt(&controller).unwrap();
    unlockpt(&controller).unwrap();
    let name = ptsname(&controller, Vec::new()).unwrap();
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    let terminal = open(&name, flags, Mode::empty()).unwrap();
    let size = Winsize { ws_row: ROWS.get(), ws_col: COLUMNS.get(), ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    (File::from(controller), terminal)
}

/// All that is written to a stream. Linux tells the end of a terminal by an error.
fn read(mut stream: impl Read) -> Vec<u8> {
    let (mut written, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(len @ 1..) = stream.read(&mut buffer) {
        written.extend_from_slice(&buffer[..len]);
    }
    written
}
