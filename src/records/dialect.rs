//! The ways in which tables are written.

/// The way in which a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells.
    pub separator: u8,
    pub quoting: Quoting,
    /// The number of cells in a row.
    pub width: usize,
}

/// The way in which cells that hold separators and line feeds are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quoting {
    /// In double quotes; quotes inside are doubled.
    Quotes,
    /// With backslashes, as PostgreSQL's `COPY` and MySQL's batch output write them.
    Backslashes,
}
