//! Tables: comma-, tab- and semicolon-separated text. The splitter recognizes them ([`recognize`]) and ends
//! their rows ([`rows`]); who reads a row takes it apart ([`cells`]).

mod candidate;
pub mod cells;
pub mod escapes;
pub mod recognize;
pub mod rows;

/// How cells that hold separators and line feeds are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Between double quotes, which are doubled within.
    Quotes,
    /// With backslashes, as PostgreSQL's `COPY` and MySQL's batch output write them.
    Backslashes,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between two cells.
    pub separator: u8,
    /// How cells hold it.
    pub quoting: Quoting,
    /// How many cells a row has.
    pub width: usize,
}

/// The most cells of a row; databases and spreadsheets allow no more.
pub const MOST_CELLS: usize = 1 << 14;

/// What is known of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognized {
    /// It is a table.
    Table(Dialect, Header),
    /// It is none.
    Other,
    /// Nothing can be said without more text.
    More,
}

/// What the first row of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// Names, no record.
    Row,
    /// A record like the others.
    Missing,
}

/// What the user says that a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Whatever its content says.
    Auto,
    /// A table, separated by commas or semicolons.
    Csv,
    /// A table, separated by tabs.
    Tsv,
}
