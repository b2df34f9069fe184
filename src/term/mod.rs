//! Text on a terminal: what may be shown, and how wide it is.

pub mod sanitize;
pub mod width;

/// Whether there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// As on a terminal.
    Always,
    /// As in a file.
    #[default]
    Never,
}
