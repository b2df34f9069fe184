//! `--input-format`.

/// The values of `--input-format`; their comments are its help.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum InputFormat {
    /// The content decides
    #[default]
    Auto,
    /// Objects, or arrays of objects, however they are broken into lines
    Json,
    /// One object per line
    #[value(alias = "jsonl")]
    Ndjson,
    /// Form bodies, as Olark posts them
    Form,
    /// Rows, with commas or semicolons between cells
    Csv,
    /// Rows, with tabs between cells
    Tsv,
    /// Lines, some with payloads in them; the others are skipped and counted
    Log,
    /// An SQL dump
    Sql,
    /// One column of PostgreSQL's COPY or MySQL's batch output, with doubled backslashes
    Copy,
}
