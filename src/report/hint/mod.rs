//! The usual causes of a reject, each with what helps. A wrong hint is worse than none, so every row needs a sign that
//! leaves no doubt.
//!
//! A hint is a row in the file of its kind. Hints quote nothing of the record, except keys that a row names.

mod encoding;
mod format;
mod payload;
mod syntax;
mod text;

use std::fmt;

use crate::convert::reason::{Code, Reason};
use text::Text;

/// The origin of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    #[default]
    Stream,
    /// A terminal that hands over whole lines.
    Terminal,
}

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
    pub reader: Reader,
    pub body: Body<'a>,
}

/// The likely cause of a reject, and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    is: Cause,
    /// The name of the character that the cause is about.
    character: &'static str,
    cause: &'static str,
    /// May end with a command in backquotes.
    fix: &'static str,
    scope: Scope,
    /// The index of the caret, if not the byte where reading failed.
    pub place: Option<usize>,
}

/// The text that a fix is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    File,
    /// The decoded text of a form body: a command on the file would not find it.
    DecodedBody,
}

/// The relation of a cause to the reason of a reject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    /// An addition to it.
    Why,
    /// Something else than JSON: this says more than the reason.
    Found,
}

impl Hint {
    /// A hint about the text as a whole.
    const fn new(cause: &'static str, fix: &'static str) -> Hint {
        Hint { is: Cause::Why, character: "", cause, fix, scope: Scope::File, place: None }
    }

    /// The reason with the hint, on one line.
    pub fn with(&self, reason: &str) -> String {
        match self.is {
            Cause::Why => format!("{reason} ({self})"),
            Cause::Found => format!("expected JSON, found {self}"),
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
        let mut words = match self.is {
            Cause::Why => format!("{}{}: ", self.character, self.cause),
            Cause::Found => String::new(),
        };
        if self.scope == Scope::DecodedBody {
            words += "in the decoded form body, ";
        }
        let (fix, command) = self.fix.split_once('`').unwrap_or((self.fix, ""));
        words += fix;
        let words = words.split_whitespace().chain(command.strip_suffix('`'));
        words.map(str::to_owned).collect()
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.is == Cause::Found {
            write!(f, "{}: ", self.cause)?;
        }
        f.write_str(&self.words().join(" "))
    }
}

/// A cause of a reject with its sign.
struct Row {
    sign: Sign,
    cause: &'static str,
    fix: &'static str,
    about: About,
}

enum Sign {
    /// The text begins with one of these.
    Magic(&'static [&'static [u8]]),
    Test(fn(&Text) -> bool),
}

/// The part of the text that a cause is about.
enum About {
    Text,
    /// The form body as it is in the file, or its line.
    Body,
    /// The character at the error, which is named.
    Character,
    /// The gap before the error; the caret belongs at its start.
    Gap,
}

impl Row {
    const fn new(sign: fn(&Text) -> bool, cause: &'static str, fix: &'static str) -> Row {
        Row { sign: Sign::Test(sign), cause, fix, about: About::Text }
    }

    const fn about(self, about: About) -> Row {
        Row { about, ..self }
    }

    fn applies(&self, text: &Text) -> bool {
        match self.sign {
            Sign::Magic(magics) => magics.iter().any(|magic| text.head().starts_with(magic)),
            Sign::Test(test) => test(text),
        }
    }

    fn hint(&self, is: Cause, text: &Text) -> Hint {
        let is_decoded = text.is_decoded() && !matches!(self.about, About::Body);
        let scope = if is_decoded { Scope::DecodedBody } else { Scope::File };
        let hint = Hint { is, scope, ..Hint::new(self.cause, self.fix) };
        match self.about {
            About::Text | About::Body => hint,
            About::Character => Hint { character: encoding::character(text.rest()), ..hint },
            About::Gap => Hint { place: Some(text.gap()), ..hint },
        }
    }
}

use Code::{InvalidForm, InvalidJson, InvalidUtf8, NoPayload, Truncated};

/// All rows, and the rejects that they are about.
const LISTS: [(&[Code], Cause, &[Row]); 4] = [
    (&[InvalidJson, Truncated, InvalidUtf8], Cause::Found, format::MAGIC),
    (&[InvalidJson, Truncated, InvalidUtf8, InvalidForm], Cause::Why, encoding::ROWS),
    (&[InvalidJson, Truncated, NoPayload], Cause::Found, format::ROWS),
    (&[InvalidJson, Truncated], Cause::Why, syntax::ROWS),
];

/// The hint about a record that was rejected, at an index of its text if there is one: the first row that applies.
/// Broken JSON is looked at only around that index and at its start.
pub fn hint(text: &[u8], at: Option<usize>, reason: &Reason, context: Context) -> Option<Hint> {
    let by_keys = match reason.code {
        Code::NoPayload | Code::MissingVisitorId => {
            payload::something_else(text).or(payload::near_miss(text))
        }
        Code::WrongType => payload::encoded_visitor(text),
        _ => None,
    };
    by_keys.or_else(|| {
        let text = Text::new(text, at.unwrap_or(0), &reason.message, context);
        let lists = LISTS.iter().filter(|(codes, ..)| codes.contains(&reason.code));
        let mut rows = lists.flat_map(|(_, is, rows)| rows.iter().map(|row| (*is, row)));
        rows.find(|(_, row)| row.applies(&text)).map(|(is, row)| row.hint(is, &text))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use strum::VariantArray;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_at_any_index_give_a_hint_or_none(
            text in proptest::collection::vec(any::<u8>(), 0..300),
            at in proptest::option::of(0_usize..400),
            code in proptest::sample::select(Code::VARIANTS.to_vec()),
        ) {
            let reason = Reason::new(code, "");
            for body in [Body::Plain, Body::Form(&text)] {
                let context = Context { reader: Reader::Terminal, body };
                if let Some(hint) = hint(&text, at, &reason, context) {
                    prop_assert!(hint.place.is_none_or(|place| place <= text.len()));
                }
            }
        }
    }
}
