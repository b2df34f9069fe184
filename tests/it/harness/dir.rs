//! A temporary directory that runs happen in.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{Run, TOOL, json_lines, read, slashes};

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

    /// Makes a FIFO.
    #[cfg(unix)]
    pub fn fifo(&self, name: &str) -> &Dir {
        make_fifo(&self.path(name));
        self
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        read(&self.path(name))
    }

    /// What a run kept with `--rejects rejects`.
    #[track_caller]
    pub fn rejects(&self) -> Vec<Value> {
        let mut rows = json_lines(&self.read("rejects"));
        for row in &mut rows {
            row["source"] = slashes(row["source"].as_str().unwrap()).into();
        }
        rows
    }

    /// What a run wrote with `--summary summary`.
    #[track_caller]
    pub fn summary(&self) -> Value {
        let text = self.read("summary");
        assert!(text.ends_with(b"}\n"), "a summary is a line");
        serde_json::from_slice(&text).unwrap()
    }

    pub fn has(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    /// All files and directories beneath, sorted, as relative paths with slashes: temporary ones too.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut left = vec![self.0.path().to_owned()];
        while let Some(directory) = left.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                let name = path.strip_prefix(self.0.path()).unwrap().to_str().unwrap();
                names.push(slashes(name));
                if path.is_dir() && !path.is_symlink() {
                    left.push(path);
                }
            }
        }
        names.sort();
        names
    }

    /// A script in this directory, for what a shell does with streams: `olark2rudder` is the tool.
    pub fn shell(&self, script: &str) -> Output {
        let script = format!("olark2rudder() {{ \"$TOOL\" \"$@\"; }}\n{script}");
        let mut command = Command::new("sh");
        command.args(["-c", &script]).env("TOOL", TOOL).env_remove("NO_COLOR").stdin(Stdio::null());
        command.current_dir(self.path(".")).output().unwrap()
    }

    /// A run in this directory.
    pub fn run(&self, args: &[&str]) -> Run<'_> {
        Run::at(self.0.path(), args)
    }
}

#[cfg(target_os = "linux")]
fn make_fifo(path: &Path) {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    mknodat(CWD, path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
}

/// Where only a program makes one.
#[cfg(all(unix, not(target_os = "linux")))]
fn make_fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Converts an input that has rejects, and must give these events; returns the messages and rows of the rejects.
#[track_caller]
pub fn rejected(input: impl AsRef<[u8]>, events: impl AsRef<[u8]>) -> (String, Vec<Value>) {
    let dir = Dir::new();
    let run = dir.run(&["--rejects", "rejects"]).stdin(input).stdout(events);
    (run.any_stderr().status(1).go().stderr, dir.rejects())
}
