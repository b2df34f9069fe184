//! Data in other formats than JSON: file types, lists of files, YAML, Markdown, Python.

use memchr::memmem;

use super::text::{Text, name_len, starts_with_word};
use super::{About, Body, Row, Sign};

const fn magic(magics: &'static [&'static [u8]], cause: &'static str, fix: &'static str) -> Row {
    Row { sign: Sign::Magic(magics), cause, fix, about: About::Text }
}

const UNPACK: &str = "unpack it, and name the directory or the files in it";
const EXPORT: &str = "export the payloads from it as NDJSON or CSV";
const NO_TEXT: &str = "name the file that holds the payloads";

/// File types by their magic bytes.
pub(super) const MAGIC: &[Row] = &[
    magic(
        &[b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
        "an old Office document",
        "save it as CSV, and name that file",
    ),
    magic(
        &[b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"BZh91AY&SY", b"\xfd7zXZ\0"],
        "compressed data inside something else",
        "decompress the outer layer first, and pipe what comes out into `olark2rudder`",
    ),
    magic(&[b"\x04\x22\x4d\x18"], "lz4 data, which is not read", "decompress it with `lz4 -dc`"),
    magic(&[b"\xff\x06\0\0sNaPpY"], "snappy data, which is not read", "decompress it with `snzip -dc`"),
    magic(&[b"7z\xbc\xaf\x27\x1c"], "a 7z archive, which is not read", UNPACK),
    magic(&[b"Rar!\x1a\x07"], "a RAR archive, which is not read", UNPACK),
    magic(
        &[b"PGDMP"],
        "a PostgreSQL archive, as pg_dump -Fc writes it",
        "turn it into SQL with `pg_restore -f -`",
    ),
    magic(&[b"SQLite format 3\0"], "an SQLite database", EXPORT),
    magic(&[b"PAR1"], "a Parquet file", EXPORT),
    magic(&[b"Obj\x01"], "an Avro file", "convert it with `avro-tools tojson`"),
    magic(&[b"%PDF-"], "a PDF document", "save the payloads as text"),
    magic(&[b"\x89PNG", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"], "an image", NO_TEXT),
    magic(&[b"\x7fELF"], "a program", NO_TEXT),
    magic(&[b"-----BEGIN PGP MESSAGE-----"], "a message encrypted with PGP", "decrypt it with `gpg -d`"),
    magic(
        &[b"version https://git-lfs.github.com/spec/v1"],
        "a pointer that Git LFS left for the file",
        "fetch the file with `git lfs pull`",
    ),
];

pub(super) const ROWS: &[Row] = &[
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
        is_rest,
        "the rest of a payload whose start is missing",
        "look for the start at the end of what was written before",
    ),
    Row::new(
        |text| is_python(text) && has_python_objects(text.head()),
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
        is_python_log,
        "Python's repr in a log",
        "convert each line with `python3 -c 'import ast,json,sys; \
         [print(json.dumps(ast.literal_eval(l[l.index(\"{\"):].strip()))) for l in sys.stdin if \"{\" in l]'`",
    ),
    Row::new(
        is_unquoted_key,
        "a JavaScript object, whose keys need no quotes",
        "convert it with `npx json5`",
    ),
];

/// Whether a payload ends here that began before: a key comes before its object, or a closing bracket first.
fn is_rest(text: &Text) -> bool {
    let head = text.head();
    let (before, after) = head.split_at(head.iter().position(|byte| b"{}[]".contains(byte)).unwrap_or(0));
    let key = memmem::Finder::new(b"\":");
    let starts_late = key.find(before).is_some() || after.starts_with(b"}") && key.find(after).is_some();
    let count = |brackets: &[u8]| text.whole().iter().filter(|byte| brackets.contains(byte)).count();
    text.context.body == Body::Plain
        && starts_late
        && text.whole().trim_ascii_end().ends_with(b"}")
        && count(b"}]") > count(b"{[")
}

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
        [Yaml::Parent(outer), Yaml::Parent(inner) | Yaml::Member(inner)] => inner > outer,
        [Yaml::Parent(outer), Yaml::Element(inner)] => inner > outer,
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
    text.is_token() && is_value && !has_javascript_words(text.head())
}

/// Whether there is a dictionary with quoted keys after the text of a logger.
fn is_python_log(text: &Text) -> bool {
    let line = text.first_line();
    let Some(at) = memmem::find(line, b"{'").filter(|at| *at > 0 && !text.is_json()) else { return false };
    let key = &line[at + 2..];
    let len = name_len(key);
    len > 0
        && key[len..].starts_with(b"': ")
        && line.ends_with(b"}")
        && !line[..at].contains(&b'{')
        && !has_javascript_words(line)
        && !has_python_objects(line)
}

fn has_javascript_words(text: &[u8]) -> bool {
    has_value(text, &["true", "false", "null", "undefined"])
}

fn has_python_objects(text: &[u8]) -> bool {
    has_value(text, &["datetime.", "Decimal(", "OrderedDict(", "defaultdict(", "UUID(", "ObjectId("])
}

/// Whether one of these words is the start of a value.
fn has_value(text: &[u8], words: &[&str]) -> bool {
    let is_value = |at: usize| matches!(text[..at], [.., b':' | b'['] | [.., b':' | b',', b' ']);
    words.iter().any(|word| memmem::find_iter(text, word.as_bytes()).any(is_value))
}

/// Whether an unquoted key with a colon after it begins at the error.
fn is_unquoted_key(text: &Text) -> bool {
    let rest = text.rest();
    let is_key = rest.first().is_some_and(|byte| byte.is_ascii_alphabetic() || b"_$".contains(byte));
    let is_first = matches!(text.previous(), Some(b'{' | b','));
    text.is_token() && is_first && is_key && rest[name_len(rest)..].trim_ascii_start().starts_with(b":")
}
