//! A row: the likely cause of a reject, its sign in the record's text, and what helps.

use crate::json::error::ErrorKind;

/// The wrapping of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Body<'a> {
    /// None: it is the record itself.
    #[default]
    Plain,
    /// It was decoded from this form body; indices count in the decoded text.
    Form(&'a [u8]),
}

/// Facts about a record apart from its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Whether it was typed into a terminal, which hands over whole lines.
    pub is_terminal: bool,
    pub body: Body<'a>,
}

/// The relation of a cause to the reason of a reject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An addition to it.
    Why,
    /// Something else than JSON: this says more than the reason.
    Found,
}

/// The likely cause of a reject, and what helps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    is: Cause,
    cause: String,
    /// May end with a command in backquotes.
    fix: String,
    /// The index of the caret, if not the byte where reading failed.
    pub place: Option<usize>,
}

impl Hint {
    /// A hint about the text as a whole.
    pub(super) fn new(cause: impl Into<String>, fix: impl Into<String>) -> Hint {
        Hint { is: Cause::Why, cause: cause.into(), fix: fix.into(), place: None }
    }

    /// The reason with the hint, on one line.
    pub fn with(&self, reason: &str) -> String {
        let words = self.words().join(" ");
        match self.is {
            Cause::Why => format!("{reason} ({words})"),
            Cause::Found => format!("{}: {words}", self.reason(reason)),
        }
    }

    /// The reason without the fix.
    pub fn reason(&self, reason: &str) -> String {
        match self.is {
            Cause::Why => reason.into(),
            Cause::Found => format!("expected JSON, found {}", self.cause),
        }
    }

    /// The words of the hint that [`Hint::reason`] does not have. A command is one word.
    pub fn words(&self) -> Vec<String> {
        let (fix, command) = self.fix.split_once('`').unwrap_or((&self.fix, ""));
        let words = match self.is {
            Cause::Why => format!("{}: {fix}", self.cause),
            Cause::Found => fix.into(),
        };
        let words = words.split_whitespace().chain(command.strip_suffix('`'));
        words.map(str::to_owned).collect()
    }
}

/// A cause of a reject with its sign.
pub struct Row {
    sign: fn(&Text) -> bool,
    cause: &'static str,
    fix: &'static str,
    about: About,
}

/// The part of the text that a cause is about.
pub enum About {
    Text,
    /// The form body as it is in the file, or its line.
    Body,
    /// The character at the error, which has this name.
    Character(&'static str),
    /// The gap before the error; the caret belongs at its start.
    Gap,
}

impl Row {
    pub const fn new(sign: fn(&Text) -> bool, cause: &'static str, fix: &'static str) -> Row {
        Row { sign, cause, fix, about: About::Text }
    }

    pub const fn about(self, about: About) -> Row {
        Row { about, ..self }
    }

    /// The hint about a text that has its sign.
    pub fn hint(&self, is: Cause, text: &Text) -> Option<Hint> {
        if !(self.sign)(text) {
            return None;
        }
        // A command on the file would not find what is decoded from it.
        let is_decoded = text.is_decoded() && !matches!(self.about, About::Body);
        let scope = if is_decoded { "in the decoded form body, " } else { "" };
        let hint = Hint { is, ..Hint::new(self.cause, format!("{scope}{}", self.fix)) };
        Some(match self.about {
            About::Text | About::Body => hint,
            About::Character(name) => Hint { cause: format!("{name} {}", self.cause), ..hint },
            About::Gap => Hint { place: Some(text.gap()), ..hint },
        })
    }
}

/// Bytes that are looked at: at the start, and on either side of the error.
const LOOK: usize = 4096;

/// A rejected record, and the byte at which reading it failed.
pub struct Text<'a> {
    bytes: &'a [u8],
    at: usize,
    message: &'a str,
    pub context: Context<'a>,
}

impl<'a> Text<'a> {
    pub fn new(bytes: &'a [u8], at: usize, message: &'a str, context: Context<'a>) -> Text<'a> {
        Text { bytes, at: at.min(bytes.len()), message, context }
    }

    pub fn head(&self) -> &'a [u8] {
        &self.bytes[..self.bytes.len().min(LOOK)]
    }

    /// Whether it begins with the magic bytes of a file type.
    pub fn is_file(&self, magic: &[u8]) -> bool {
        self.bytes.starts_with(magic)
    }

    /// The head without white space before it.
    pub fn start(&self) -> &'a [u8] {
        self.head().trim_ascii_start()
    }

    /// The text from the error on.
    pub fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at..self.bytes.len().min(self.at + LOOK)]
    }

    /// The text before the error.
    pub fn before(&self) -> &'a [u8] {
        &self.bytes[self.at.saturating_sub(LOOK)..self.at]
    }

    /// The last byte before the error that is not white space.
    pub fn previous(&self) -> Option<u8> {
        self.before().trim_ascii_end().last().copied()
    }

    /// The index of the white space before the error.
    pub fn gap(&self) -> usize {
        self.at - (self.before().len() - self.before().trim_ascii_end().len())
    }

    /// Whether the text begins like JSON, so that the error is in JSON.
    pub fn is_json(&self) -> bool {
        matches!(self.start().first(), Some(b'{' | b'['))
    }

    /// Whether the text begins like JSON, and this is wrong with it.
    pub fn is(&self, error: ErrorKind) -> bool {
        self.is_json() && self.message.ends_with(&error.reason())
    }

    /// Whether a key or value should begin at the error.
    pub fn is_token(&self) -> bool {
        self.is_json() && matches!(self.previous(), Some(b'{' | b'[' | b',' | b':'))
    }

    /// Whether the error is at this character. In a string there is none, unless the JSON before it is wrong.
    pub fn is_at(&self, character: &str) -> bool {
        (self.is_json() || self.at == 0) && self.rest().starts_with(character.as_bytes())
    }

    /// Whether only opening brackets come before the error, and this after it.
    pub fn is_first_token(&self, token: &[u8]) -> bool {
        let is_first = self.at <= LOOK && self.before().iter().all(|byte| b"{[ \t\r\n".contains(byte));
        self.is_json() && self.at > 0 && is_first && self.rest().starts_with(token)
    }

    /// Whether it was percent-encoded in the file, its brackets at least.
    pub fn is_decoded(&self) -> bool {
        match self.context.body {
            Body::Plain => false,
            Body::Form(body) => !body[..body.len().min(LOOK)].contains(&b'{'),
        }
    }

    /// The whole lines of the head that are not blank, without white space at their end.
    pub fn lines(&self) -> impl Iterator<Item = &'a [u8]> {
        let head = self.head();
        let is_all = head.len() == self.bytes.len();
        let last = memchr::memrchr(b'\n', head).filter(|_| !is_all);
        let lines =
            head[..last.unwrap_or(head.len())].split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
        lines.filter(|line| !line.is_empty())
    }

    /// The length of the last line that ends at or before the error.
    pub fn line_before(&self) -> usize {
        let is_end = matches!(self.rest().first(), None | Some(b'\n'));
        let behind_line = self.before().iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
        let end = if is_end { self.at } else { self.at.saturating_sub(behind_line) };
        let line = &self.bytes[end.saturating_sub(LOOK)..end];
        line.iter().rev().take_while(|byte| **byte != b'\n').count()
    }
}

/// Whether a text begins with one of these words, and the word ends there.
pub fn starts_with_word(text: &[u8], words: &[&str]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphanumeric() || b"_$".contains(byte);
    let rest = words.iter().find_map(|word| text.strip_prefix(word.as_bytes()));
    rest.is_some_and(|rest| !rest.first().is_some_and(is_letter))
}

/// The length of the name that a text begins with.
pub fn name_len(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_-.$".contains(byte)).count()
}
