//! Runs the tool as its users do, and compares everything that it writes with what is expected.

pub mod anything;
mod archive;
mod audit;
mod compress;
mod difference;
mod dir;
mod events;
pub mod gateway;
mod run;
mod running;
#[cfg(unix)]
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use crate::shared::form::form;
pub use crate::shared::json::{compact, pretty};
pub use archive::{odd_member, tar, zip};
pub use audit::{Audited, audit};
pub use compress::{COMPRESSORS, gzip};
pub use difference::{difference, show, slashes};
pub use dir::{Dir, rejected};
pub use events::{chat, chats, events, events_by, json_lines, outcome, users};
pub use run::{Run, run};
pub use running::Running;
#[cfg(unix)]
pub use terminal::{Screen, Stream};

/// How long to wait for something that has to happen. A test waits this long only if it never happens.
const GIVE_UP: Duration = Duration::from_secs(60);

/// The tool itself, for what no [`Run`] can do.
pub const TOOL: &str = env!("CARGO_BIN_EXE_olark2rudder");

/// Whether what tests compare with is to be rewritten.
pub fn blessing() -> bool {
    std::env::var_os("OLARK2RUDDER_BLESS").is_some()
}

/// A path in the checkout.
pub fn checkout(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A captured or documented payload.
pub fn payload(name: &str) -> Vec<u8> {
    read(&checkout("testdata/payloads").join(name))
}

pub fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The line that ends a run in which something was rejected, left out or not read.
pub fn totals(counts: &str) -> String {
    format!("olark2rudder: {counts}\n")
}

/// How large an input is: for the suite, and for `.ci/long`, which sets LONG.
pub fn size(short: usize, long: usize) -> usize {
    if std::env::var_os("LONG").is_some() { long } else { short }
}

/// All failures at once: one alone says little about its cause.
#[track_caller]
pub fn none(failures: &[String]) {
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
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
        std::thread::sleep(Duration::from_millis(5));
    }
}
