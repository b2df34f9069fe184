//! Whether there are colours.

/// Whether there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// As on a terminal.
    Always,
    /// As in a file.
    #[default]
    Never,
}
