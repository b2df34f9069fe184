//! What other programs print: commands, lists of files, and values of other languages.

use super::syntax::is_unquoted_key;
use super::text::{Text, contains, has_word};
use super::{BROKEN, Row};

pub(super) const ROWS: &[Row] = &[
    Row::new(
        BROKEN,
        |text| is_curl(text.first_line()),
        "a curl command",
        "keep only what follows its -d or --data, without the quotes around it",
    ),
    Row::new(
        BROKEN,
        is_file_list,
        "names of files, not what is in them",
        "read the list with olark2rudder --files-from -, or name the files with xargs olark2rudder",
    ),
    Row::new(
        BROKEN,
        |text| is_each(text, |line| is_total(line) || is_listed(line)) && text.lines().any(is_listed),
        "a listing of files with their modes and sizes, not what is in them",
        "name the files, or the directory that they are in",
    ),
    Row::new(
        BROKEN,
        |text| is_each(text, is_address),
        "a web address, not what it leads to",
        "fetch that with curl -s, and pipe it into olark2rudder",
    ),
    Row::new(
        BROKEN,
        is_mongo,
        "a document as MongoDB's shell shows it",
        "export it as JSON with mongoexport",
    ),
    Row::new(
        BROKEN,
        |text| is_python(text) && has_python_objects(text.head()),
        "Python's repr, with objects in it that are no plain data",
        "have the program write json.dumps(value, default=str)",
    ),
    Row::new(
        BROKEN,
        |text| is_python(text) && text.lines().count() > 1,
        "Python's repr over several lines",
        "convert one with python3 -c 'import ast,json,sys; \
         print(json.dumps(ast.literal_eval(sys.stdin.read())))'",
    ),
    Row::new(
        BROKEN,
        is_python,
        "Python's repr",
        "convert each line with python3 -c 'import ast,json,sys; \
         [print(json.dumps(ast.literal_eval(l.strip()))) for l in sys.stdin if l.strip()]'",
    ),
    Row::new(
        BROKEN,
        is_python_log,
        "Python's repr in a log",
        "convert each line with python3 -c 'import ast,json,sys; \
         [print(json.dumps(ast.literal_eval(l[l.index(\"{\"):].strip()))) for l in sys.stdin if \"{\" in l]'",
    ),
    Row::new(
        BROKEN,
        |text| text.is_json() && text.rest().starts_with(b"=>") && text.previous() == Some(b'"'),
        "a Ruby hash or a PHP array, with => for the colon",
        "have the program write to_json or json_encode of it",
    ),
    Row::new(
        BROKEN,
        is_java,
        "a map as Java or Scala prints it",
        "have the program write it as JSON, for example with Jackson",
    ),
    Row::new(
        BROKEN,
        is_unquoted_key,
        "a JavaScript object, whose keys need no quotes",
        "convert it with npx json5",
    ),
];

fn is_each(text: &Text, test: fn(&[u8]) -> bool) -> bool {
    let mut lines = text.lines().peekable();
    lines.peek().is_some() && lines.all(test)
}

fn is_curl(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"$ ").unwrap_or(line);
    let rest = line.strip_prefix(b"curl ").unwrap_or_default().trim_ascii_start();
    let rest = rest.strip_prefix(b"'").or_else(|| rest.strip_prefix(b"\"")).unwrap_or(rest);
    rest.starts_with(b"-") || rest.starts_with(b"http://") || rest.starts_with(b"https://")
}

/// Extensions of files that people hand to a converter of chats.
const EXTENSIONS: [&str; 14] = [
    ".json", ".ndjson", ".jsonl", ".form", ".gz", ".zst", ".bz2", ".xz", ".tar", ".tgz", ".zip", ".csv",
    ".tsv", ".log",
];

fn has_extension(line: &[u8]) -> bool {
    let stem = EXTENSIONS.iter().find_map(|extension| line.strip_suffix(extension.as_bytes()));
    stem.is_some_and(|stem| !stem.is_empty())
}

/// Each line is a path, and at least one has the extension of a data file.
fn is_file_list(text: &Text) -> bool {
    let is_path = |line: &[u8]| {
        let is_word = !line.contains(&b' ');
        let is_rooted = [&b"/"[..], b"./", b"../"].iter().any(|root| line.starts_with(root)) || line == b".";
        let is_clean = !line.iter().any(|b| b"\"'{}[]<>,;|*?=\t\\".contains(b)) && !contains(line, ": ");
        is_clean && !contains(line, "://") && !line.starts_with(b"-") && (is_rooted || is_word)
    };
    is_each(text, is_path) && text.lines().any(has_extension)
}

/// What `ls -l` begins with.
fn is_total(line: &[u8]) -> bool {
    line.strip_prefix(b"total ").is_some_and(|rest| rest.first().is_some_and(u8::is_ascii_digit))
}

/// A line of `ls -l`: it begins with the file's mode.
fn is_listed(line: &[u8]) -> bool {
    line.len() > 12
        && b"-dlbcps".contains(&line[0])
        && line[1..10].iter().all(|b| b"rwxsStT-".contains(b))
        && line[1..10].iter().any(|b| *b != b'-')
        && b" .+@".contains(&line[10])
}

fn is_address(line: &[u8]) -> bool {
    (line.starts_with(b"http://") || line.starts_with(b"https://"))
        && !line.iter().any(|b| b" \t\"{".contains(b))
}

fn is_mongo(text: &Text) -> bool {
    const CALLS: [&str; 6] =
        ["ObjectId(", "ISODate(", "NumberLong(", "NumberInt(", "NumberDecimal(", "BinData("];
    let is_call = CALLS.iter().any(|call| text.rest().starts_with(call.as_bytes()));
    let has_call = || CALLS.iter().any(|call| contains(text.head(), &format!(": {call}")));
    text.is_token() && is_call || is_unquoted_key(text) && has_call()
}

/// A string in single quotes, or one of Python's words, in a text that has none of JavaScript's.
fn is_python(text: &Text) -> bool {
    let rest = text.rest();
    let is_value = [&b"'"[..], b"u'", b"b'", b"u\"", b"b\""].iter().any(|start| rest.starts_with(start))
        || ["True", "False", "None"].iter().any(|word| has_word(rest, word));
    text.is_token() && is_value && !has_javascript_words(text.head())
}

/// A dictionary with quoted keys after the text of a logger.
fn is_python_log(text: &Text) -> bool {
    if text.is_json() {
        return false;
    }
    let line = text.first_line();
    let Some(at) = memchr::memmem::find(line, b"{'").filter(|at| *at > 0) else { return false };
    let key = line[at + 2..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    key > 0
        && line[at + 2 + key..].starts_with(b"': ")
        && line.ends_with(b"}")
        && memchr::memchr(b'{', line) == Some(at)
        && !has_javascript_words(line)
        && !has_python_objects(line)
}

/// A key without quotes and an equals sign, at the very start.
fn is_java(text: &Text) -> bool {
    let key = text.rest().iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    text.is_json()
        && text.is_first_token()
        && text.previous() == Some(b'{')
        && key > 0
        && text.rest()[key..].starts_with(b"=")
        && !text.rest()[key..].starts_with(b"=>")
}

fn has_javascript_words(text: &[u8]) -> bool {
    let is_value = |before: &[u8]| matches!(before, [.., b':'] | [.., b':', b' '] | [.., b'[']);
    ["true", "false", "null", "undefined"].into_iter().any(|word| follows(text, word, is_value))
}

fn has_python_objects(text: &[u8]) -> bool {
    const CALLS: [&str; 6] = ["datetime.", "Decimal(", "OrderedDict(", "defaultdict(", "UUID(", "ObjectId("];
    let is_value = |before: &[u8]| matches!(before, [.., b':' | b',', b' '] | [.., b'[']);
    CALLS.iter().any(|call| follows(text, call, is_value))
}

/// Whether a word comes after something, anywhere in a text.
fn follows(text: &[u8], word: &str, is_before: impl Fn(&[u8]) -> bool) -> bool {
    memchr::memmem::find_iter(text, word.as_bytes()).any(|at| is_before(&text[..at]))
}
