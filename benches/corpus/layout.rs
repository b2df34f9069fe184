//! The layouts in which payloads are kept, each made from their text as Olark spaces it.

/// How a corpus is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// A payload a line, as Olark posts it.
    Ndjson,
    /// A payload a line, without white space.
    Compact,
    /// Indented payloads one after the other, as `cat` joins files.
    Pretty,
    /// One array on one line.
    Array,
    /// Form bodies, one to a line.
    Form,
}

impl Layout {
    /// All of them.
    pub const ALL: [Layout; 5] =
        [Layout::Ndjson, Layout::Compact, Layout::Pretty, Layout::Array, Layout::Form];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Layout::Ndjson => "ndjson",
            Layout::Compact => "compact",
            Layout::Pretty => "pretty",
            Layout::Array => "array",
            Layout::Form => "form",
        }
    }

    /// What stands before the first payload, between two, and behind the last.
    pub fn around(self) -> [&'static str; 3] {
        match self {
            Layout::Array => ["[", ", ", "]\n"],
            _ => ["", "\n", "\n"],
        }
    }

    /// A payload in this layout.
    pub fn render(self, payload: &str) -> String {
        match self {
            Layout::Ndjson | Layout::Array => payload.to_owned(),
            Layout::Compact => compact(payload),
            Layout::Pretty => pretty(payload),
            Layout::Form => form(payload),
        }
    }
}

fn compact(payload: &str) -> String {
    tokens(payload).filter(|token| *token != " ").collect()
}

/// As Python's `json.dumps` indents by two.
fn pretty(payload: &str) -> String {
    let mut text = String::with_capacity(payload.len() * 3 / 2);
    let mut depth = 0;
    for token in tokens(payload).filter(|token| *token != " ") {
        match token {
            "}" | "]" => {
                depth -= 1;
                if !text.ends_with(['{', '[']) {
                    new_line(&mut text, depth);
                }
            }
            _ if text.ends_with(['{', '[', ',']) => new_line(&mut text, depth),
            _ => {}
        }
        text.push_str(token);
        match token {
            "{" | "[" => depth += 1,
            ":" => text.push(' '),
            _ => {}
        }
    }
    text
}

fn new_line(text: &mut String, depth: usize) {
    text.push('\n');
    text.extend(std::iter::repeat_n("  ", depth));
}

/// Percent-encoded, with `+` for a space.
fn form(payload: &str) -> String {
    let mut text = String::from("data=");
    for byte in payload.bytes() {
        match byte {
            b' ' => text.push('+'),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte))
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// A JSON text's strings, and what stands between them character by character.
fn tokens(json: &str) -> impl Iterator<Item = &str> {
    let mut rest = json;
    std::iter::from_fn(move || {
        let len = match rest.as_bytes().first()? {
            b'"' => {
                let mut escaped = false;
                let quote = rest.bytes().skip(1).position(|byte| {
                    let closes = byte == b'"' && !escaped;
                    escaped = byte == b'\\' && !escaped;
                    closes
                });
                quote.expect("a string is closed") + 2
            }
            _ => 1,
        };
        let (token, behind) = rest.split_at(len);
        rest = behind;
        Some(token)
    })
}
