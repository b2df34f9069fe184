//! The table of inputs that `--help`, `--explain` and README show.

use crate::term::width::wrap;

pub const INPUTS: [(&str, &str); 7] = [
    ("payloads", "JSON objects, one or many, pretty-printed or one per line; arrays"),
    ("form bodies", "as Olark posts them: `data=%7B%22kind%22…`"),
    ("stored requests", "`{\"data\": \"…\"}`, API Gateway and Lambda events, base64"),
    (
        "databases",
        "SQL dumps of PostgreSQL, MySQL and SQLite; CSV and TSV; `COPY` text; search hits, MongoDB documents, \
         DynamoDB exports",
    ),
    (
        "logs",
        "`2019-05-17 09:57 INFO got {\"kind\"…`, nginx, Docker, CloudWatch; Go, Python, PHP, Ruby, Node",
    ),
    ("compressed", "gzip, zstd, bzip2, xz"),
    ("archives", "tar, compressed or not; zip (from a file, not from a pipe)"),
];

/// The table without Markdown, in lines of at most `width` columns.
pub fn inputs(width: usize) -> String {
    let mut text = String::new();
    for (kind, examples) in INPUTS {
        let mut name = kind;
        for line in wrap(examples.replace('`', "").split(' '), width.saturating_sub(18)) {
            text += &format!("  {name:15} {line}\n");
            name = "";
        }
    }
    text
}
