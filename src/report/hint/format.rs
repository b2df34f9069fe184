//! Texts in another format than JSON.

use super::text::{Text, contains, split_lines, starts_with_any};
use super::{BROKEN, Body, Row};

pub(super) const ROWS: &[Row] = &[
    Row::new(
        BROKEN,
        |text| starts_with_any(text.start(), &["<!doctype html", "<html", "<head>", "<body"]),
        "an HTML page, perhaps for signing in or about an error",
        "look at it in a browser, and fetch the payload itself",
    ),
    Row::new(
        BROKEN,
        |text| starts_with_any(text.start(), &["<?xml "]),
        "XML, which Olark does not post",
        "fetch the payloads as JSON",
    ),
    Row::new(
        BROKEN,
        |text| text.start().starts_with(b"```"),
        "a Markdown fence around the payload",
        "delete such lines with sed '/^ *```/d'",
    ),
    Row::new(BROKEN, is_yaml, "YAML", "convert it with yq -o json, or with python3 and its yaml module"),
    Row::new(
        BROKEN,
        |text| is_php_dump(text.start()),
        "a PHP array as print_r or var_dump shows it",
        "have the script write json_encode of it in their place",
    ),
    Row::new(
        BROKEN,
        |text| is_php_serialized(text.start()),
        "a PHP array as serialize writes it",
        "convert it with php -r 'echo json_encode(unserialize(stream_get_contents(STDIN)));'",
    ),
    Row::new(
        BROKEN,
        is_table,
        "a table such as CSV, but no cell of it holds a payload",
        "export the column that holds the payloads",
    ),
    Row::new(
        BROKEN,
        |text| is_http(text.first_line()),
        "an HTTP request or response with its head",
        "keep only its body, after the blank line",
    ),
    Row::new(
        BROKEN,
        is_mail,
        "a mail with its headers",
        "save what is in it, or attached to it, with a mail program",
    ),
    Row::new(
        BROKEN,
        |text| starts_with_any(text.start(), &["--- a/", "diff --git a/", "<<<<<<< "]),
        "a difference between versions, not a payload",
        "take the file from one of the versions",
    ),
];

/// A line of YAML: how far it is indented, and what it is.
#[derive(PartialEq, Eq)]
enum Yaml {
    /// `key:`, with its value in the next lines.
    Parent(usize),
    /// `key: value`.
    Member(usize),
    /// `- value`.
    Element(usize),
}

fn yaml_line(line: &[u8]) -> Option<Yaml> {
    let inside = line.trim_ascii_start();
    let mut indent = line.len() - inside.len();
    let mut rest = inside;
    let mut is_element = false;
    while let Some(element) = rest.strip_prefix(b"- ") {
        is_element = true;
        indent += rest.len() - element.len();
        rest = element.trim_ascii_start();
    }
    let key = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"_-".contains(b)).count();
    let is_key = rest.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
    match rest.get(key..) {
        Some(b":") if is_key => Some(Yaml::Parent(indent)),
        Some([b':', b' ', ..]) if is_key => Some(Yaml::Member(indent)),
        _ => is_element.then_some(Yaml::Element(indent)),
    }
}

/// Only lines of keys and elements, after a `---` or with one nested in another. Headers of mail and HTTP have
/// neither.
fn is_yaml(text: &Text) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim_ascii_start().starts_with(b"#")).peekable();
    let is_marked = lines.next_if(|line| *line == b"---").is_some();
    let Some(lines) = lines.map(yaml_line).collect::<Option<Vec<_>>>() else { return false };
    let is_nested = lines.windows(2).any(|two| match two {
        [Yaml::Parent(outer), Yaml::Parent(inner) | Yaml::Member(inner)] => inner > outer,
        [Yaml::Parent(outer), Yaml::Element(inner)] => inner >= outer,
        _ => false,
    });
    let members = lines.iter().filter(|line| !matches!(line, Yaml::Element(_))).count();
    text.context.body == Body::Plain && (is_nested || is_marked && members > 0)
}

/// Only headers up to the first blank line, with a sender and a subject.
fn is_mail(text: &Text) -> bool {
    let head = split_lines(text.start()).map(<[u8]>::trim_ascii_end);
    let mut has = [false; 2];
    for line in head.take_while(|line| !line.is_empty()) {
        let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
        let is_header =
            name > 0 && line[name..].starts_with(b":") || line.starts_with(b" ") || line.starts_with(b"\t");
        if !is_header {
            return false;
        }
        for (has, header) in has.iter_mut().zip(["From: ", "Subject: "]) {
            *has |= starts_with_any(line, &[header]);
        }
    }
    has == [true; 2]
}

fn is_php_dump(start: &[u8]) -> bool {
    let after = |first: &str| start.strip_prefix(first.as_bytes());
    let rest = after("Array").or_else(|| after("stdClass Object"));
    let print_r = rest.is_some_and(|rest| {
        rest.trim_ascii_start()
            .strip_prefix(b"(")
            .is_some_and(|rest| rest.trim_ascii_start().starts_with(b"["))
    });
    let var_dump = after("array(").is_some_and(|rest| {
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        digits > 0 && rest[digits..].starts_with(b") {")
    });
    print_r || var_dump
}

fn is_php_serialized(start: &[u8]) -> bool {
    let Some(rest) = start.strip_prefix(b"a:").or_else(|| start.strip_prefix(b"O:8:\"stdClass\":")) else {
        return false;
    };
    let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
    digits > 0 && rest[digits..].starts_with(b":{s:")
}

/// Rows with the same number of cells, or a header alone; prose has a space after its commas.
fn is_table(text: &Text) -> bool {
    if contains(text.head(), "{") || contains(text.head(), "\":") || text.at() > text.first_line().len() {
        return false;
    }
    let lines: Vec<&[u8]> = text.lines().take(20).collect();
    [b',', b'\t', b';'].into_iter().any(|separator| {
        let cells = |line: &&[u8]| line.split(move |b| *b == separator).count();
        let is_cell = |cell: &[u8]| {
            let quoted = cell.len() > 1 && cell.starts_with(b"\"") && cell.ends_with(b"\"");
            let is_plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-.@:/".contains(b);
            quoted || separator == b'\t' || cell.iter().all(is_plain)
        };
        let Some(first) = lines.first().map(cells) else { return false };
        let header =
            |line: &[u8]| line.split(|b| *b == separator).all(|cell| !cell.is_empty() && is_cell(cell));
        let least = if lines.len() > 1 { 2 } else { 3 };
        first >= least
            && header(lines[0])
            && lines.iter().all(|line| cells(line) == first && line.split(|b| *b == separator).all(is_cell))
    })
}

fn is_http(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line.split(|b| *b == b' ').collect();
    match words[..] {
        [b"POST" | b"PUT" | b"GET", path, version] => path.starts_with(b"/") && version.starts_with(b"HTTP/"),
        [version, status, ..] => {
            version.starts_with(b"HTTP/") && status.len() == 3 && status.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}
