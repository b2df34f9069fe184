//! Tables: comma-, tab- and semicolon-separated text. The splitter recognizes them ([`recognize`]) and finds
//! where their rows end ([`rows`]); the worker splits a row into cells ([`cells`]).

mod candidate;
pub mod cells;
pub mod escapes;
pub mod recognize;
pub mod rows;

/// How cells that hold separators and line feeds are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// In double quotes; quotes inside are doubled.
    Quotes,
    /// With backslashes, as PostgreSQL's `COPY` and MySQL's batch output write them.
    Backslashes,
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells.
    pub separator: u8,
    /// How cells that contain it are written.
    pub quoting: Quoting,
    /// How many cells a row has.
    pub width: usize,
}

/// The most cells of a row; databases and spreadsheets allow no more.
pub const MOST_CELLS: usize = 1 << 14;

/// What is known about a source so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recognized {
    /// It is a table.
    Table(Dialect, Header),
    /// It is not a table.
    Other,
    /// More text is needed to tell.
    More,
}

/// What the first row of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Header {
    /// Column names, not a record.
    Row,
    /// A record like the others.
    Missing,
}

/// What the user says a source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Whatever its content says.
    Auto,
    /// A table, separated by commas or semicolons.
    Csv,
    /// A table, separated by tabs.
    Tsv,
}
