//! SQL dumps: each literal, and each row of a `COPY` block, is a record.

use crate::records::layout::{
    End, InputFormat, LOOK_AHEAD, Layout, Part, Recognized, RecordPart, Rest, Search, Text,
};
use crate::records::literal_end::{Escapes, LiteralEnd};
use crate::records::record::{Context, Doubt, IfEmpty, Kind, Literal};
use crate::records::table::cells::{CellQuoting, Dialect};

/// A literal that is shorter holds no payload.
const MIN_LITERAL: usize = r#"'{"visitor":{}}'"#.len();

const PASSED_OVER: Context = Context { if_empty: IfEmpty::PassOver, quoting: None, doubt: Doubt::None };

/// The part of a dump that the text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between statements.
    Between,
    /// In an `INSERT`, say.
    Statement,
    /// In a `COPY … FROM stdin` statement, up to its semicolon.
    CopyHead,
    /// In the rows of a `COPY`.
    CopyRows,
}

/// The statements of one dump.
#[derive(Debug)]
pub struct SqlLayout {
    state: State,
    /// The escapes of literals, once the dump shows them.
    escapes: Option<Escapes>,
    /// Nothing before this offset shows them.
    looked_until: u64,
    /// The search for the end of the next record.
    literal: Option<LiteralEnd>,
}

/// A token of SQL, with its length.
enum Token {
    /// Nothing of interest.
    Skip(usize),
    /// A word.
    Word(usize),
    /// A literal; the apostrophe is at this index.
    Literal(usize, Literal),
    /// A hexadecimal number.
    Hex(usize),
    Semicolon,
    /// A token that does not end in the text.
    Incomplete,
}

impl SqlLayout {
    /// Recognizes a dump by its first statement or comment, and by an `INSERT`, `REPLACE` or `COPY` at a line's start.
    pub fn recognize(format: InputFormat, text: Text) -> Recognized {
        const STATEMENTS: [&str; 4] = ["INSERT ", "REPLACE ", "UPDATE ", "COPY "];
        let is_dump = match format {
            InputFormat::Sql => true,
            InputFormat::Auto if starts_like_sql(text.bytes.trim_ascii_start()) => {
                let mut lines = text.bytes.split(|byte| *byte == b'\n');
                lines.any(|line| starts_with_any(line.trim_ascii_start(), &STATEMENTS))
            }
            _ => return Recognized::Other,
        };
        if is_dump {
            let (state, looked_until) = (State::Between, 0);
            Recognized::Layout(Box::new(SqlLayout { state, escapes: None, looked_until, literal: None }))
        } else if text.rest == Rest::Unread {
            Recognized::Unknown
        } else {
            Recognized::Other
        }
    }

    /// Takes the hints that a comment or statement gives about the escapes of literals.
    fn note(&mut self, text: &[u8]) {
        let has = |needle: &str| memchr::memmem::find(text, needle.as_bytes()).is_some();
        if self.escapes.is_none() {
            if has("MySQL dump") || has("MariaDB dump") || has("SQL_MODE") {
                self.escapes = Some(Escapes::Backslashes);
            } else if has("PostgreSQL database dump")
                || has("standard_conforming_strings = on")
                || has("PRAGMA")
            {
                self.escapes = Some(Escapes::None);
            }
        }
    }

    /// The escapes of the literal that the text starts with; `None` if more text is needed.
    fn escapes_of(&mut self, literal: Literal, text: Text) -> Option<Escapes> {
        if literal == Literal::Escaped {
            return Some(Escapes::Backslashes);
        }
        if self.escapes.is_none() && text.place.offset >= self.looked_until {
            let looked = &text.bytes[..text.bytes.len().min(LOOK_AHEAD / 2)];
            self.escapes = shown_escapes(looked);
            if self.escapes.is_none() && looked.len() < LOOK_AHEAD / 2 && text.rest == Rest::Unread {
                return None;
            }
            self.looked_until = text.place.offset + looked.len() as u64;
        }
        Some(self.escapes.unwrap_or(Escapes::None))
    }

    /// The statement that starts with a word.
    fn enter(&mut self, statement: &[u8]) {
        let is_copy = starts_with_any(statement, &["COPY"]);
        self.state = if is_copy { State::CopyHead } else { State::Statement };
    }

    /// A row of a `COPY` block.
    fn row(&mut self, text: Text) -> Part {
        let Some(len) = text.line() else { return Part::Incomplete(Search::StartsOver) };
        let row = &text.bytes[..len];
        let with_line_feed = len + usize::from(len < text.bytes.len());
        if row.strip_suffix(b"\r").unwrap_or(row) == br"\." {
            self.state = State::Between;
            return Part::Separator(with_line_feed);
        }
        if row.len() < MIN_LITERAL {
            return Part::Separator(with_line_feed);
        }
        const COPY: Dialect = Dialect { separator: b'\t', quoting: CellQuoting::Copy, width: 0 };
        Part::Record(RecordPart { context: PASSED_OVER, ..RecordPart::new(Kind::Row(COPY), len) })
    }

    /// The literal at the start of the text, whose apostrophe is at an index.
    fn literal(&mut self, text: Text, quote: usize, literal: Literal) -> Part {
        let Some(escapes) = self.escapes_of(literal, text) else {
            return Part::Incomplete(Search::GoesOn);
        };
        let end = self.literal.get_or_insert_with(|| LiteralEnd::new(escapes, quote + 1)).run(text);
        let len = match end {
            End::At(len) => len,
            // A dump that was cut off.
            End::Beyond(_) if text.is_last() => text.bytes.len(),
            End::Beyond(_) => return Part::Incomplete(Search::GoesOn),
        };
        self.literal = None;
        if len < MIN_LITERAL {
            return Part::Separator(len);
        }
        let literal = match literal {
            Literal::Plain if escapes == Escapes::Backslashes => Literal::Escaped,
            literal => literal,
        };
        Part::Record(RecordPart { context: PASSED_OVER, ..RecordPart::new(Kind::Literal(literal), len) })
    }
}

impl Layout for SqlLayout {
    fn next(&mut self, text: Text) -> Part {
        if self.state == State::CopyRows {
            return if text.bytes.is_empty() { Part::Incomplete(Search::GoesOn) } else { self.row(text) };
        }
        let mut at = 0;
        while at < text.bytes.len() {
            let rest = &text.bytes[at..];
            match token(rest, text.is_last()) {
                Token::Skip(len) => {
                    if matches!(rest[0], b'-' | b'/' | b'#') {
                        self.note(&rest[..len]);
                    } else if rest[0] == b'`' {
                        self.escapes = self.escapes.or(Some(Escapes::Backslashes));
                    }
                    at += len;
                }
                Token::Word(len) => {
                    if self.state == State::Between {
                        self.note(&rest[..rest.len().min(64)]);
                        self.enter(rest);
                    }
                    at += len;
                }
                Token::Semicolon => {
                    at += 1;
                    let is_copy = self.state == State::CopyHead;
                    self.state = if is_copy { State::CopyRows } else { State::Between };
                    if is_copy {
                        // The rows start on the next line.
                        let blank =
                            text.bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\r')).count();
                        return Part::Separator(
                            at + blank + usize::from(text.bytes.get(at + blank) == Some(&b'\n')),
                        );
                    }
                }
                Token::Literal(..) | Token::Hex(_) if at > 0 => break,
                Token::Literal(quote, literal) => return self.literal(text, quote, literal),
                Token::Hex(len) if len > 2 * MIN_LITERAL => {
                    let part = RecordPart::new(Kind::Literal(Literal::Hex), len);
                    return Part::Record(RecordPart { context: PASSED_OVER, ..part });
                }
                Token::Hex(len) => at += len,
                Token::Incomplete if at > 0 => break,
                Token::Incomplete => return Part::Incomplete(Search::StartsOver),
            }
        }
        if at > 0 { Part::Separator(at) } else { Part::Incomplete(Search::GoesOn) }
    }

    fn oversize_end(&mut self, text: Text) -> End {
        let end = self.literal.as_mut().map_or_else(|| End::of_line(text), |literal| literal.run(text));
        if matches!(end, End::At(_)) {
            self.literal = None;
        }
        end
    }
}

/// The escapes of literals, as the start of the first payload in a text shows them.
fn shown_escapes(text: &[u8]) -> Option<Escapes> {
    memchr::memmem::find_iter(text, b"'{").find_map(|at| match text[at + 2..].trim_ascii_start() {
        [b'"', ..] => Some(Escapes::None),
        [b'\\', ..] => Some(Escapes::Backslashes),
        _ => None,
    })
}

/// The token that a text starts with.
fn token(text: &[u8], is_last: bool) -> Token {
    let until = |needle: &[u8]| match memchr::memmem::find(text.get(2..).unwrap_or_default(), needle) {
        Some(at) => Token::Skip(2 + at + needle.len()),
        None if is_last => Token::Skip(text.len()),
        None => Token::Incomplete,
    };
    let is_short = text.len() < 2 && !is_last;
    match text {
        [b';', ..] => Token::Semicolon,
        [b'\'', ..] => Token::Literal(0, Literal::Plain),
        [b'e' | b'E' | b'x' | b'X' | b'0' | b'-' | b'/'] if is_short => Token::Incomplete,
        [b'e' | b'E', b'\'', ..] => Token::Literal(1, Literal::Escaped),
        [b'x' | b'X', b'\'', ..] => Token::Literal(1, Literal::Hex),
        [b'-', b'-', ..] | [b'#' | b'\\', ..] => until(b"\n"),
        [b'/', b'*', ..] => until(b"*/"),
        [quote @ (b'"' | b'`'), rest @ ..] => match memchr::memchr(*quote, rest) {
            Some(len) => Token::Skip(len + 2),
            None if is_last => Token::Skip(text.len()),
            None => Token::Incomplete,
        },
        [b'$', ..] => dollar_quoted(text, is_last),
        [first, ..] if first.is_ascii_alphanumeric() || *first == b'_' => {
            let is_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
            let len = text.iter().take_while(is_word).count();
            if len == text.len() && !is_last {
                Token::Incomplete
            } else if text.starts_with(b"0x") {
                Token::Hex(len)
            } else {
                Token::Word(len)
            }
        }
        _ => {
            let is_plain =
                |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'(' | b')' | b'=' | b'.');
            Token::Skip(text.iter().take_while(is_plain).count().max(1))
        }
    }
}

/// PostgreSQL's `$tag$…$tag$`.
fn dollar_quoted(text: &[u8], is_last: bool) -> Token {
    let is_tag = |byte: &&u8| byte.is_ascii_alphanumeric() || **byte == b'_';
    let len = 1 + text[1..].iter().take_while(is_tag).count();
    match text.get(len) {
        Some(b'$') => match memchr::memmem::find(&text[len + 1..], &text[..=len]) {
            Some(at) => Token::Skip(len + 1 + at + len + 1),
            None if is_last => Token::Skip(text.len()),
            None => Token::Incomplete,
        },
        None if !is_last => Token::Incomplete,
        _ => Token::Skip(1),
    }
}

/// Whether a text starts with a comment or a statement of SQL.
fn starts_like_sql(text: &[u8]) -> bool {
    const STATEMENTS: [&str; 16] = [
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
    starts_with_any(text, &STATEMENTS)
}

fn starts_with_any(text: &[u8], starts: &[&str]) -> bool {
    starts
        .iter()
        .any(|start| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start.as_bytes())))
}
