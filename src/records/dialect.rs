//! The ways in which tables are written.

/// The way in which a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells.
    pub separator: u8,
    pub quoting: Quoting,
    /// The number of cells in a row; 0 if it may be any.
    pub width: usize,
}

/// The way in which cells that hold separators and line feeds are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// Between quotes of this kind; those inside are doubled.
    Doubled(u8),
    /// Between double quotes, with backslashes before those inside: MySQL's `ENCLOSED BY`.
    Enclosed,
    /// With backslashes, as PostgreSQL's `COPY` and MySQL's batch output write them.
    Copy,
    /// As `Copy` or as they are: each cell shows it.
    Unknown,
    /// As they are.
    None,
}

impl Quoting {
    /// The quote that a cell may start with.
    pub fn quote(self) -> Option<u8> {
        match self {
            Quoting::Doubled(quote) => Some(quote),
            Quoting::Enclosed => Some(b'"'),
            Quoting::Copy | Quoting::Unknown | Quoting::None => None,
        }
    }
}
