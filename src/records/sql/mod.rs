//! SQL dumps: each literal, and each row of a `COPY` block, is a record.

mod token;

use crate::json::scan::starts_with_any;
use crate::records::layout::{
    End, InputFormat, LOOK_AHEAD, Layout, Part, Recognized, RecordPart, Rest, Text,
};
use crate::records::record::{Context, Kind, Literal};
use crate::records::table::cells::{CellQuoting, Dialect};
use token::{Token, literal_end, token};

/// A literal that is shorter holds no payload.
const MIN_LITERAL: usize = r#"'{"visitor":{}}'"#.len();

/// The starts of comments and statements that a dump begins with.
const FIRST_WORDS: [&str; 16] = [
    "INSERT [",
    "REM ",
    "-- ",
    "--\n",
    "--\r",
    "/*",
    "INSERT INTO ",
    "REPLACE INTO ",
    "CREATE ",
    "DROP ",
    "SET ",
    "BEGIN",
    "PRAGMA ",
    "START TRANSACTION",
    "COPY ",
    "USE ",
];

/// The part of a dump that the text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Between,
    /// In an `INSERT`, say.
    Statement,
    /// In a `COPY … FROM stdin` statement, up to its semicolon.
    CopyHead,
    CopyRows,
}

#[derive(Debug)]
pub struct SqlLayout {
    state: State,
    /// The escapes in its plain `'…'` literals, once it shows them.
    plain: Option<Literal>,
    /// The text before this offset was looked at and does not show them.
    looked_until: u64,
    /// The kind of a literal that is not complete, and the index after its apostrophe.
    literal: Option<(Literal, usize)>,
}

impl SqlLayout {
    /// Recognizes a dump by its first statement or comment, and by an `INSERT`, `REPLACE` or `COPY` at a line's start.
    pub fn recognize(format: InputFormat, text: Text) -> Recognized {
        const STATEMENTS: [&str; 4] = ["INSERT ", "REPLACE ", "UPDATE ", "COPY "];
        let is_dump = match format {
            InputFormat::Sql => true,
            InputFormat::Auto if starts_with_any(text.bytes.trim_ascii_start(), &FIRST_WORDS) => {
                let mut lines = text.bytes.split(|byte| *byte == b'\n');
                lines.any(|line| starts_with_any(line.trim_ascii_start(), &STATEMENTS))
            }
            _ => return Recognized::Other,
        };
        if is_dump {
            let state = State::Between;
            Recognized::Layout(Box::new(SqlLayout { state, plain: None, looked_until: 0, literal: None }))
        } else if text.rest == Rest::Unread {
            Recognized::Unknown
        } else {
            Recognized::Other
        }
    }

    /// Takes the hints that a comment or statement gives about the escapes of literals.
    fn take_hints(&mut self, text: &[u8]) {
        const MYSQL: [&str; 3] = ["MySQL dump", "MariaDB dump", "SQL_MODE"];
        const OTHERS: [&str; 3] = ["PostgreSQL database dump", "standard_conforming_strings = on", "PRAGMA"];
        let has = |hint: &&str| memchr::memmem::find(text, hint.as_bytes()).is_some();
        if self.plain.is_none() {
            let is_mysql = MYSQL.iter().any(has).then_some(Literal::Escaped);
            self.plain = is_mysql.or_else(|| OTHERS.iter().any(has).then_some(Literal::Plain));
        }
    }

    /// The kind of a literal at the start of a text, going by its dump; `None` if more text is needed.
    fn kind_of(&mut self, literal: Literal, text: Text) -> Option<Literal> {
        if literal == Literal::Escaped {
            return Some(literal);
        }
        if self.plain.is_none() && text.place.offset >= self.looked_until {
            let looked = &text.bytes[..text.bytes.len().min(LOOK_AHEAD / 2)];
            self.plain = shown_kind(looked);
            if self.plain.is_none() && looked.len() < LOOK_AHEAD / 2 && text.rest == Rest::Unread {
                return None;
            }
            self.looked_until = text.place.offset + looked.len() as u64;
        }
        Some(if literal == Literal::Plain { self.plain.unwrap_or(literal) } else { literal })
    }

    fn row(&mut self, text: Text) -> Part {
        let Some(len) = text.line() else { return Part::StartsOver };
        let row = &text.bytes[..len];
        if row.strip_suffix(b"\r").unwrap_or(row) == br"\." {
            self.state = State::Between;
        }
        if row.len() < MIN_LITERAL {
            return Part::Separator(len + usize::from(len < text.bytes.len()));
        }
        const COPY: Dialect = Dialect { separator: b'\t', quoting: CellQuoting::Copy, width: 0 };
        record(Kind::Row(COPY), len)
    }

    /// The literal at the start of a text, up to its apostrophe.
    fn literal(&mut self, text: Text, literal: Literal, start: usize) -> Part {
        let Some(kind) = self.kind_of(literal, text) else { return Part::Continues };
        let End::At(len) = literal_end(text, start, kind) else {
            self.literal = Some((kind, start));
            return Part::StartsOver;
        };
        self.literal = None;
        // A literal that the end of the dump cuts off is a record, however short.
        let is_closed = len > start && text.bytes[..len].ends_with(b"'");
        if len < MIN_LITERAL && is_closed { Part::Separator(len) } else { record(Kind::Literal(kind), len) }
    }
}

fn record(kind: Kind, len: usize) -> Part {
    let context = Context { pass_over_if_empty: true, ..Context::default() };
    Part::Record(RecordPart { context, ..RecordPart::new(kind, len) })
}

impl Layout for SqlLayout {
    fn next(&mut self, text: Text) -> Part {
        if self.state == State::CopyRows {
            return if text.bytes.is_empty() { Part::Continues } else { self.row(text) };
        }
        let mut at = 0;
        while let Some(rest) = text.bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let token = token(rest, text.is_last());
            match token {
                None | Some((Token::Literal(_) | Token::Hex, _)) if at > 0 => break,
                None => return Part::StartsOver,
                Some((Token::Literal(literal), len)) => return self.literal(text, literal, len),
                Some((Token::Hex, len)) if len > 2 * MIN_LITERAL => {
                    return record(Kind::Literal(Literal::Hex), len);
                }
                Some((Token::Comment, len)) => self.take_hints(&rest[..len]),
                Some((Token::BackQuoted, _)) => self.plain = self.plain.or(Some(Literal::Escaped)),
                Some((Token::Word, _)) if self.state == State::Between => {
                    self.take_hints(&rest[..rest.len().min(64)]);
                    let is_copy = starts_with_any(rest, &["COPY"]);
                    self.state = if is_copy { State::CopyHead } else { State::Statement };
                }
                Some((Token::Semicolon, _)) if self.state == State::CopyHead => {
                    self.state = State::CopyRows;
                    // The rows start on the next line.
                    let blank = rest[1..].iter().take_while(|byte| matches!(byte, b' ' | b'\r')).count();
                    let has_line_feed = rest.get(1 + blank) == Some(&b'\n');
                    return Part::Separator(at + 1 + blank + usize::from(has_line_feed));
                }
                Some((Token::Semicolon, _)) => self.state = State::Between,
                Some(_) => {}
            }
            at += token.map_or(0, |(_, len)| len);
        }
        if at > 0 { Part::Separator(at) } else { Part::Continues }
    }

    fn oversize_end(&mut self, text: Text) -> End {
        let end = match self.literal {
            Some((kind, start)) => literal_end(text, if text.passed == 0 { start } else { 0 }, kind),
            None => End::of_line(text),
        };
        if matches!(end, End::At(_)) {
            self.literal = None;
        }
        end
    }
}

/// The escapes in plain `'…'` literals, going by the start of the first payload in a text.
fn shown_kind(text: &[u8]) -> Option<Literal> {
    memchr::memmem::find_iter(text, b"'{").find_map(|at| match text[at + 2..].trim_ascii_start() {
        [b'"', ..] => Some(Literal::Plain),
        [b'\\', ..] => Some(Literal::Escaped),
        _ => None,
    })
}
