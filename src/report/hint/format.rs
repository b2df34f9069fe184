//! Data in other formats than JSON: file types, lists of files, YAML, Markdown, Python.

use memchr::memmem;

use super::row::{Body, Row, Text, name_len, starts_with_word};
use crate::input::compression::{Head, recognize};

const UNPACK: &str = "unpack it, and name the directory or the files in it";
const EXPORT: &str = "export the payloads from it as NDJSON or CSV";

/// File types by their magic bytes.
pub const MAGIC: &[Row] = &[
    Row::new(
        |text| matches!(recognize(text.head()), Head::Compressed(_)),
        "compressed data inside something else",
        DECOMPRESS,
    ),
    Row::new(
        |text| text.is_file(b"\x04\x22\x4d\x18"),
        "lz4 data, which is not read",
        "decompress it with `lz4 -dc`",
    ),
    Row::new(|text| text.is_file(b"7z\xbc\xaf\x27\x1c"), "a 7z archive, which is not read", UNPACK),
    Row::new(|text| text.is_file(b"Rar!\x1a\x07"), "a RAR archive, which is not read", UNPACK),
    Row::new(
        |text| text.is_file(b"PGDMP"),
        "a PostgreSQL archive, as pg_dump -Fc writes it",
        "turn it into SQL with `pg_restore -f -`",
    ),
    Row::new(|text| text.is_file(b"SQLite format 3\0"), "an SQLite database", EXPORT),
    Row::new(|text| text.is_file(b"PAR1"), "a Parquet file", EXPORT),
    Row::new(|text| text.is_file(b"Obj\x01"), "an Avro file", "convert it with `avro-tools tojson`"),
    Row::new(|text| text.is_file(b"%PDF-"), "a PDF document", "save the payloads as text"),
];

const DECOMPRESS: &str = "decompress the outer layer first, and pipe what comes out into `olark2rudder`";

pub const ROWS: &[Row] = &[
    Row::new(
        |text| text.start().starts_with(b"```"),
        "a Markdown fence around the payload",
        "delete such lines with `sed '/^ *```/d'`",
    ),
    Row::new(is_yaml, "YAML", "convert it with `yq -o json`"),
    Row::new(
        is_file_list,
        "names of files, not their content",
        "read the list with `olark2rudder --files-from -`",
    ),
    Row::new(
        |text| is_python(text) && has_value(text, PYTHON_OBJECTS),
        "Python's repr of objects that JSON does not have",
        "have the program write `json.dumps(value, default=str)`",
    ),
    Row::new(
        |text| is_python(text) && text.lines().count() > 1,
        "Python's repr over several lines",
        "convert one with `python3 -c 'import ast,json,sys; print(json.dumps(ast.literal_eval(sys.stdin.read())))'`",
    ),
    Row::new(
        is_python,
        "Python's repr",
        "convert each line with `python3 -c 'import ast,json,sys; \
         [print(json.dumps(ast.literal_eval(l.strip()))) for l in sys.stdin if l.strip()]'`",
    ),
    Row::new(
        is_unquoted_key,
        "a JavaScript object, whose keys need no quotes",
        "convert it with `npx json5`",
    ),
];

/// A line of YAML with its indentation.
enum Yaml {
    /// `key:`, with its value in the next lines.
    Parent(usize),
    /// `key: value`.
    Member(usize),
    /// `- value`.
    Element(usize),
}

fn yaml_line(line: &[u8]) -> Option<Yaml> {
    let mut rest = line.trim_ascii_start();
    let is_element = rest.starts_with(b"- ");
    while let Some(element) = rest.strip_prefix(b"- ") {
        rest = element.trim_ascii_start();
    }
    let indent = line.len() - rest.len();
    let is_key = rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_');
    match &rest[name_len(rest)..] {
        b":" if is_key => Some(Yaml::Parent(indent)),
        [b':', b' ', ..] if is_key => Some(Yaml::Member(indent)),
        _ => is_element.then_some(Yaml::Element(indent)),
    }
}

/// Whether there are only lines of keys and elements, after a `---` or with one nested in another. Headers of mail and
/// HTTP have neither.
fn is_yaml(text: &Text) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim_ascii_start().starts_with(b"#")).peekable();
    let is_marked = lines.next_if(|line| *line == b"---").is_some();
    let Some(lines) = lines.map(yaml_line).collect::<Option<Vec<_>>>() else { return false };
    let is_nested = lines.windows(2).any(|two| match two {
        [Yaml::Parent(outer), Yaml::Parent(inner) | Yaml::Member(inner) | Yaml::Element(inner)] => {
            inner > outer
        }
        _ => false,
    });
    let has_member = lines.iter().any(|line| !matches!(line, Yaml::Element(_)));
    text.context.body == Body::Plain && (is_nested || is_marked && has_member)
}

/// Extensions of files that are given to a converter of chats.
const EXTENSIONS: [&str; 11] =
    [".json", ".ndjson", ".jsonl", ".form", ".gz", ".zst", ".tgz", ".zip", ".csv", ".tsv", ".log"];

/// Whether each line is a path, and at least one has the extension of a data file.
fn is_file_list(text: &Text) -> bool {
    let is_path = |line: &[u8]| {
        let is_rooted = [&b"/"[..], b"./", b"../"].iter().any(|root| line.starts_with(root)) || line == b".";
        let is_clean = !line.iter().any(|byte| b"\"'{}[]<>,;|*?=\t\\".contains(byte));
        let is_other = line.starts_with(b"-") || line.windows(2).any(|two| two == b": " || two == b"//");
        is_clean && !is_other && (is_rooted || !line.contains(&b' '))
    };
    let has_extension = |line: &[u8]| {
        let stem = EXTENSIONS.iter().find_map(|extension| line.strip_suffix(extension.as_bytes()));
        stem.is_some_and(|stem| !stem.is_empty())
    };
    text.lines().all(is_path) && text.lines().any(has_extension)
}

/// Whether the error is at a string in single quotes or one of Python's words, in a text that has none of JavaScript's.
fn is_python(text: &Text) -> bool {
    let rest = text.rest();
    let is_string = [&b"'"[..], b"u'", b"b'", b"u\"", b"b\""].iter().any(|start| rest.starts_with(start));
    let is_value = is_string || starts_with_word(rest, &["True", "False", "None"]);
    text.is_token() && is_value && !has_value(text, &["true", "false", "null", "undefined"])
}

const PYTHON_OBJECTS: &[&str] =
    &["datetime.", "Decimal(", "OrderedDict(", "defaultdict(", "UUID(", "ObjectId("];

/// Whether one of these words is the start of a value.
fn has_value(text: &Text, words: &[&str]) -> bool {
    let head = text.head();
    let is_value = |at: usize| matches!(head[..at], [.., b':' | b'['] | [.., b':' | b',', b' ']);
    words.iter().any(|word| memmem::find_iter(head, word.as_bytes()).any(is_value))
}

/// Whether an unquoted key with a colon after it begins at the error.
fn is_unquoted_key(text: &Text) -> bool {
    let rest = text.rest();
    let is_key = rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || b"_$".contains(byte));
    let is_first = matches!(text.previous(), Some(b'{' | b','));
    text.is_token() && is_first && is_key && rest[name_len(rest)..].trim_ascii_start().starts_with(b":")
}
