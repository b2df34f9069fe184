//! Files of other types, known by their first bytes.

use super::text::Text;
use super::{Row, UNREADABLE};

const OUTER: &str = "decompress the outer layer first, and pipe what comes out into olark2rudder";
const UNPACK: &str = "unpack it, and name the directory or the files in it";
const NO_TEXT: &str = "name the file that holds the payloads";
const EXPORT: &str = "export the payloads from it as NDJSON or CSV";

pub(super) const ROWS: &[Row] = &[
    Row::new(
        UNREADABLE,
        is_office,
        "a spreadsheet or another Office document",
        "save it as CSV, and name that file",
    ),
    Row::magic(
        b"PK\x03\x04",
        "a zip archive, which is read only from a file that is named",
        "name the file in place of the pipe, or unpack it with unzip",
    ),
    Row::magic(b"PK\x05\x06", "a zip archive with nothing in it", NO_TEXT),
    Row::new(UNREADABLE, |text| has_at(text, 257, b"ustar"), "a tar archive inside something else", UNPACK),
    Row::magic(b"\x1f\x8b\x08", "gzip data inside something else", OUTER),
    Row::magic(b"\x28\xb5\x2f\xfd", "zstd data inside something else", OUTER),
    Row::new(
        UNREADABLE,
        |text| text.head().starts_with(b"BZh") && has_at(text, 4, b"1AY&SY"),
        "bzip2 data inside something else",
        OUTER,
    ),
    Row::magic(b"\xfd7zXZ\0", "xz data inside something else", OUTER),
    Row::magic(b"\x04\x22\x4d\x18", "lz4 data, which is not read", "decompress it with lz4 -dc"),
    Row::magic(b"LZIP\x01", "lzip data, which is not read", "decompress it with lzip -dc"),
    Row::magic(b"\xff\x06\0\0sNaPpY", "snappy data, which is not read", "decompress it with snzip -dc"),
    Row::magic(b"7z\xbc\xaf\x27\x1c", "a 7z archive, which is not read", UNPACK),
    Row::magic(b"Rar!\x1a\x07", "a RAR archive, which is not read", UNPACK),
    Row::magic(b"%PDF-", "a PDF document", "save the payloads as text"),
    Row::magic(b"\x89PNG", "a PNG image", NO_TEXT),
    Row::magic(b"\xff\xd8\xff", "a JPEG image", NO_TEXT),
    Row::magic(b"GIF87a", "a GIF image", NO_TEXT),
    Row::magic(b"GIF89a", "a GIF image", NO_TEXT),
    Row::new(
        UNREADABLE,
        |text| text.head().starts_with(b"RIFF") && has_at(text, 8, b"WEBP"),
        "a WebP image",
        NO_TEXT,
    ),
    Row::magic(b"\x7fELF", "a program", NO_TEXT),
    Row::magic(b"PAR1", "a Parquet file", EXPORT),
    Row::new(
        UNREADABLE,
        |text| {
            text.head().starts_with(b"ORC") && text.head().get(3).is_some_and(|b| *b < b' ' && *b != b'\n')
        },
        "an ORC file",
        EXPORT,
    ),
    Row::magic(b"Obj\x01", "an Avro file", "convert it with avro-tools tojson"),
    Row::new(
        UNREADABLE,
        |text| {
            text.head().starts_with(b"SEQ")
                && text.head().get(3).is_some_and(|version| (1..=6).contains(version))
        },
        "a Hadoop SequenceFile",
        "print its values with hadoop fs -text",
    ),
    Row::magic(b"SQLite format 3\0", "an SQLite database", "export the payloads with sqlite3 -csv"),
    Row::magic(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "an Office document",
        "save it as CSV, and name that file",
    ),
    Row::magic(b"bplist00", "a binary property list", "convert it with plutil -convert json"),
    Row::magic(b"-----BEGIN PGP MESSAGE-----", "a message encrypted with PGP", "decrypt it with gpg -d"),
    Row::magic(b"{\\rtf", "an RTF document", "save it as plain text, on a Mac with textutil -convert txt"),
    Row::magic(
        b"version https://git-lfs.github.com/spec/v1",
        "a pointer that Git LFS left for the file",
        "fetch the file with git lfs pull",
    ),
];

fn has_at(text: &Text, at: usize, part: &[u8]) -> bool {
    text.head().get(at..).is_some_and(|rest| rest.starts_with(part))
}

/// Office documents are zip archives; they are recognized by the name of the first entry.
fn is_office(text: &Text) -> bool {
    const NAMES: [&str; 4] =
        ["[Content_Types].xml", "_rels/.rels", "docProps/", "mimetypeapplication/vnd.oasis"];
    text.head().starts_with(b"PK\x03\x04") && NAMES.iter().any(|name| has_at(text, 30, name.as_bytes()))
}
