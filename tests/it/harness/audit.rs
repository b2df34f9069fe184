//! A run of any input: all that is known is that its counts must add up.

use serde_json::Value;

use super::{Dir, json_lines, show};

/// What an audited run left.
pub struct Audited {
    pub stdout: Vec<u8>,
    pub rejects: Vec<Value>,
    pub summary: Value,
}

/// A run that ends with 0 when nothing was rejected and with 1 otherwise, in which the counts add up and nothing
/// is printed that a terminal stumbles over; or what is wrong with it.
pub fn audit(dir: &Dir, args: &[&str], input: &[u8]) -> Result<Audited, String> {
    let args = [args, &["--rejects", "rejects", "--summary", "summary"]].concat();
    let (status, stdout, stderr) = dir.run(&args).stdin(input).output();
    let (status, stderr) = (status.code(), String::from_utf8_lossy(&stderr));
    if !matches!(status, Some(0 | 1)) {
        return Err(format!("exit status {status:?}: {}", show(stderr.as_bytes())));
    }
    let (summary, rejects) = (dir.summary(), json_lines(&dir.read("rejects")));
    let count = |name: &str| summary[name].as_u64().unwrap();
    let sum =
        |name: &str| summary[name].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum::<u64>();
    let wrong = if count("payloads") != count("converted") + count("rejected") {
        "counts differ"
    } else if count("rejected") != rejects.len() as u64 || sum("rejects") != count("rejected") {
        "rejects are not as many as counted"
    } else if summary["events"]["track"] != summary["converted"] || count("bytes_out") != stdout.len() as u64
    {
        "events are not as many as counted"
    } else if count("unread_inputs") > 0 {
        "an input was not read"
    } else if (status == Some(0)) != rejects.is_empty() {
        "the exit status is not that of its rejects"
    } else if stderr.contains(|c: char| c.is_control() && c != '\n') || stderr.contains("panicked") {
        "standard error is not as people can read it"
    } else {
        return Ok(Audited { stdout, rejects, summary });
    };
    let stderr = show(stderr.as_bytes());
    Err(format!("{wrong}: exit status {status:?}, {} rejects, {summary}, {stderr}", rejects.len()))
}
