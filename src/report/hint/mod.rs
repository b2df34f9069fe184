//! A table of the usual causes of a reject, each with its cure. A wrong hint is worse than none, so every row
//! needs a sign that leaves no doubt.

mod character;
mod encoding;
#[cfg(test)]
mod example;
#[cfg(test)]
mod examples;
mod file_type;
mod foreign;
mod format;
pub mod known;
#[cfg(test)]
mod near_misses;
mod syntax;
#[cfg(test)]
mod tests;
mod text;

use std::fmt;

use crate::convert::reason::Code;
use character::Character;
use text::Text;

/// What the text was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// A file or a pipe.
    #[default]
    Stream,
    /// A terminal that hands over whole lines.
    Terminal,
}

/// Where the text comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Body<'a> {
    /// It is the record itself.
    #[default]
    Plain,
    /// It was decoded from this form body; indices count in the decoded text.
    Form(&'a [u8]),
}

/// What the caller knows about a record apart from its text.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Where it was read from.
    pub reader: Reader,
    /// What it came in.
    pub body: Body<'a>,
}

/// What a cure is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The text in the file.
    File,
    /// The decoded text of a form body: a command on the file would not find it.
    DecodedBody,
}

/// What a cause describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Why the text is not read: an addition to the reason.
    Why,
    /// What the text is instead of JSON: this says more than the reason.
    Found,
}

/// The likely cause of a reject, and what helps. Quotes nothing of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The character that the cause is about, where there is one to name.
    pub character: Option<Character>,
    /// What is wrong.
    pub cause: &'static str,
    /// What the cause describes.
    pub is: Cause,
    /// What to do about it.
    pub cure: &'static str,
    /// Where to do that.
    pub scope: Scope,
    /// Where the caret belongs, if not at the byte where reading failed.
    pub place: Option<usize>,
}

impl Hint {
    /// A hint about the text as a whole.
    pub const fn new(cause: &'static str, cure: &'static str) -> Hint {
        Hint { character: None, cause, is: Cause::Why, cure, scope: Scope::File, place: None }
    }

    /// A reason with the hint, on one line.
    pub fn with(&self, reason: &str) -> String {
        match self.is {
            Cause::Why => format!("{reason} ({self})"),
            Cause::Found => format!("expected JSON, found {self}"),
        }
    }

    /// The same as two sentences: what is wrong, and the rest.
    pub fn beside(&self, reason: &str) -> (String, String) {
        match self.is {
            Cause::Why => (reason.into(), self.to_string()),
            Cause::Found => (format!("expected JSON, found {}", self.cause), self.cure()),
        }
    }

    fn cure(&self) -> String {
        match self.scope {
            Scope::File => self.cure.into(),
            Scope::DecodedBody => format!("in the decoded form body, {}", self.cure),
        }
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if let Some(character) = self.character {
            write!(f, "{character} ")?;
        }
        write!(f, "{}: {}", self.cause, self.cure())
    }
}

/// A row of the table.
pub(crate) struct Row {
    codes: &'static [Code],
    when: When,
    cause: &'static str,
    cure: &'static str,
    about: About,
}

/// What makes a row apply.
enum When {
    /// The text begins with these bytes.
    Magic(&'static [u8]),
    /// The text passes this test.
    Test(fn(&Text) -> bool),
}

/// What the cause is about.
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
    const fn new(
        codes: &'static [Code],
        when: fn(&Text) -> bool,
        cause: &'static str,
        cure: &'static str,
    ) -> Row {
        Row { codes, when: When::Test(when), cause, cure, about: About::Text }
    }

    const fn magic(magic: &'static [u8], cause: &'static str, cure: &'static str) -> Row {
        Row { codes: UNREADABLE, when: When::Magic(magic), cause, cure, about: About::Text }
    }

    const fn about(self, about: About) -> Row {
        Row { about, ..self }
    }

    fn applies(&self, code: Code, text: &Text) -> bool {
        self.codes.contains(&code)
            && match self.when {
                When::Magic(magic) => text.head().starts_with(magic),
                When::Test(test) => test(text),
            }
    }

    fn hint(&self, is: Cause, text: &Text) -> Hint {
        let scope = match self.about {
            About::Body => Scope::File,
            _ if text.is_decoded() => Scope::DecodedBody,
            _ => Scope::File,
        };
        let hint = Hint { scope, is, ..Hint::new(self.cause, self.cure) };
        match self.about {
            About::Text | About::Body => hint,
            About::Character => Hint { character: Character::at(text.rest()), ..hint },
            About::Gap => Hint { place: Some(text.gap()), ..hint },
        }
    }
}

/// Text that is not JSON where it should be.
const BROKEN: &[Code] = &[Code::InvalidJson, Code::Truncated];
/// Data that may not be text at all.
const UNREADABLE: &[Code] = &[Code::InvalidJson, Code::Truncated, Code::InvalidUtf8];
/// Text that was taken for a form body.
const FORM: &[Code] = &[Code::InvalidJson, Code::Truncated, Code::InvalidForm];

/// The table: the first row that applies is the hint.
fn rows() -> impl Iterator<Item = (Cause, &'static Row)> {
    [
        (Cause::Found, file_type::ROWS),
        (Cause::Why, encoding::ROWS),
        (Cause::Found, format::ROWS),
        (Cause::Found, foreign::ROWS),
        (Cause::Why, syntax::ROWS),
    ]
    .into_iter()
    .flat_map(|(is, rows)| rows.iter().map(move |row| (is, row)))
}

/// What probably went wrong with a record that was rejected, at a byte of its text if there is one. Broken JSON
/// is looked at only around that byte and at its start.
pub fn hint(text: &[u8], at: Option<usize>, code: Code, context: Context) -> Option<Hint> {
    match code {
        Code::NoPayload | Code::MissingVisitorId => {
            known::what_is(text).or_else(|| known::visitor::near_miss(text))
        }
        Code::WrongType => known::visitor::encoded(text),
        _ => {
            let text = Text::new(text, at.unwrap_or(0), context);
            rows().find(|(_, row)| row.applies(code, &text)).map(|(is, row)| row.hint(is, &text))
        }
    }
}
