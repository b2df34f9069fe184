//! Any bytes as a source: read, cut into records and converted as in a run. However much arrives at a time, the same
//! comes out; each byte is in a record or between records; and where the source is JSON, its records are just what is
//! valid. Quoted payloads are left to the laws of the test suite.
#![no_main]

mod inside;
mod mutate;
#[path = "../../shared/mod.rs"]
mod shared;
mod spec;

use std::cell::Cell;
use std::fmt;
use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::value::RawValue;
use shared::library::{
    self, Block, BlockConverter, Code, Counts, Cut, Diagnostic, Kind, Layout, MappingOptions, Pieces, Plan,
};

static PLAN: LazyLock<Plan> = LazyLock::new(|| Plan::new(MappingOptions::default()).unwrap());

const OPTIONS: spec::Options =
    spec::Options { mapping: 's', timestamp: false, events: "cg", extras: &[], user_ids: &["visitor.id"] };

const LAYOUTS: [Layout; 6] =
    [Layout::Auto, Layout::Json, Layout::Ndjson, Layout::Form, Layout::Csv, Layout::Tsv];

/// The small limit of some runs. What is beyond it by more than this is not even looked at as a whole.
const SMALL: usize = 48;
const LONG: usize = 70_000;

/// The first bytes of gzip, zstd and its skippable frames, bzip2, xz and UTF-16.
const ENCODED: [&[u8]; 7] =
    [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b"BZh", b"\xfd7zXZ", b"\xfe\xff", b"\xff\xfe"];

thread_local! {
    // Kept from one source to the next, as in a run.
    static ROOM: Cell<Option<(BlockConverter<'static>, Block)>> = const { Cell::new(None) };
}

/// The results of a run over a source.
#[derive(Debug, Default, PartialEq)]
struct Made {
    events: Text,
    rejects: Vec<Rejected>,
    warnings: Vec<(u64, &'static str)>,
    counts: Counts,
}

#[derive(Debug, PartialEq)]
struct Rejected {
    /// Where in its record it was found, if it is not the record itself.
    inside: Option<String>,
    code: Code,
    reason: String,
    line: u64,
    column: Option<u64>,
    offset: usize,
    /// How much of the source it is.
    len: usize,
    text: Text,
}

/// Bytes that are shown as the text that they nearly are.
#[derive(Default, PartialEq)]
struct Text(Vec<u8>);

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "`{}`", self.0.escape_ascii())
    }
}

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| {
    mutate::mutate(data, size, max, seed)
});

// The last byte chooses: how the source is read, and where it is cut.
fuzz_target!(|bytes: &[u8]| {
    let Some((choice, text)) = bytes.split_last() else { return };
    // Offsets count in what these are decoded to, and of few bytes a decompressor makes many.
    if ENCODED.iter().any(|first| text.starts_with(first)) {
        return;
    }
    let (layout, choice) = (LAYOUTS[usize::from(choice % 6)], usize::from(choice / 6));
    let max = if choice % 3 == 0 { SMALL } else { 1 << 20 };
    // A record that is too large to be held needs more bytes than are worth trying.
    let long = text.iter().position(|byte| *byte == b'#').filter(|_| max == SMALL);
    let text = match long {
        Some(at) => &*[&text[..at], &[b'x'; LONG], &text[at + 1..]].concat(),
        None => text,
    };
    let (whole, cuts) = run(&[text], layout, max);
    covers(text, layout, &whole, &cuts);
    if max != SMALL {
        all_of_what_is_valid(text, layout, &whole);
    }
    let step = 1 + text.len() / (2 + choice / 3);
    let pieces: Vec<_> = text.chunks(step).collect();
    let made = run(&pieces, layout, max).0;
    assert_eq!(made.rejects, whole.rejects, "cut every {step} bytes");
    assert_eq!(made, whole, "cut every {step} bytes");
});

/// Reads what arrives in these pieces, each of which is one read's.
fn run(pieces: &[&[u8]], layout: Layout, max_record: usize) -> (Made, Vec<Cut>) {
    let mut reader = library::reader(Pieces::of(pieces), layout, max_record);
    let (mut made, mut cuts) = (Made::default(), Vec::new());
    let (mut converter, mut block) =
        ROOM.take().unwrap_or_else(|| (BlockConverter::new(&PLAN), Block::default()));
    while library::read(&mut reader, &mut block) {
        converter.convert(&block);
        made.events.0.extend_from_slice(converter.events());
        made.counts += converter.counts();
        cuts.extend(library::records(&block));
        for diagnostic in converter.diagnostics(&block) {
            match diagnostic {
                Diagnostic::Warning { line, name } => made.warnings.push((line, name)),
                Diagnostic::Reject { inside, line, column, offset, len, code, reason, text } => {
                    let (reason, text) = (reason.into(), Text(text.to_vec()));
                    let inside = inside.map(Into::into);
                    made.rejects.push(Rejected { inside, code, reason, line, column, offset, len, text });
                }
            }
        }
    }
    ROOM.set(Some((converter, block)));
    (made, cuts)
}

/// Between records there is nothing but what may be there, and their text is the source's.
fn covers(text: &[u8], layout: Layout, made: &Made, cuts: &[Cut]) {
    let between: &[u8] = match layout {
        Layout::Auto | Layout::Json => b" \t\r\n\xef\xbb\xbf[,]",
        _ => b" \t\r\n\xef\xbb\xbf",
    };
    // Of a dump only literals are records.
    if cuts.iter().any(|cut| matches!(cut.kind, Kind::Literal(_))) {
        return;
    }
    let is_table = matches!(layout, Layout::Csv | Layout::Tsv)
        || cuts.iter().any(|cut| matches!(cut.kind, Kind::Row(_)));
    let mut at = 0;
    for cut in cuts {
        let gap = &text[at..cut.offset];
        let is_header = at == 0 && is_table && !has_payload(gap);
        let is_empty = gap.iter().all(|byte| between.contains(byte));
        assert!(is_empty || is_header, "lost before {}: {}", cut.offset, gap.escape_ascii());
        assert!(text[cut.offset..].starts_with(&cut.text));
        at = cut.offset + cut.len();
    }
    assert!(text[at..].iter().all(|byte| between.contains(byte)), "lost behind {at}");
    assert!(cuts.iter().all(|cut| cut.len() > 0 || matches!(cut.kind, Kind::UnclosedArray)));
    assert_eq!(made.counts.rejected(), made.rejects.len() as u64);
    assert_eq!(made.counts.converted, made.counts.events("track"));
    assert!(made.counts.payloads() + made.counts.skipped_lines >= cuts.len() as u64 || is_table);
}

/// Whether a header may have a payload in it.
fn has_payload(header: &[u8]) -> bool {
    let has = |text: &[u8]| header.windows(text.len()).any(|part| part.eq_ignore_ascii_case(text));
    let has_key = has(b"visitor\":") || has(b"visitor\\\":") || has(b"visitor\"\":");
    header.contains(&b'{') && has_key || has(b"data=%7b")
}

/// Where the source as a whole is objects, or an array of anything, its records are just these.
fn all_of_what_is_valid(text: &[u8], layout: Layout, made: &Made) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let Ok(text) = std::str::from_utf8(text) else { return };
    // A payload in a string needs escapes, or is encoded; and doubled backslashes may be those of a database.
    if text.contains(['\\', '%']) || text.split('"').any(|part| part.len() >= 19) {
        return;
    }
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let Ok(values) = values.collect::<Result<Vec<_>, _>>() else { return };
    let records: Vec<&RawValue> = match values[..] {
        // A number after the first bracket may be a log's time.
        [array] if array.get().starts_with('[') && matches!(layout, Layout::Auto | Layout::Json) => {
            let elements: Vec<&RawValue> = serde_json::from_str(array.get()).unwrap();
            let is_log = |first: &&RawValue| !first.get().starts_with(['{', '[', '"']);
            if layout == Layout::Auto && elements.first().is_some_and(is_log) {
                return;
            }
            elements
        }
        _ if values.iter().all(|value| value.get().starts_with('{')) => values,
        _ => return,
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let on_lines = lines == records.len() && !records.iter().any(|record| record.get().contains('\n'));
    match layout {
        Layout::Auto | Layout::Json => {}
        Layout::Ndjson if on_lines => {}
        _ => return,
    }
    let outcomes =
        records.iter().flat_map(|record| inside::outcomes(&inside::compact(record.get()), &OPTIONS));
    let outcomes: Vec<_> = outcomes.collect();
    let expected: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    let codes: Vec<_> = made.rejects.iter().map(|reject| reject.code.name()).collect();
    let alike =
        codes.len() == expected.len() && codes.iter().zip(&expected).all(|(code, all)| all.contains(code));
    assert!(alike, "{codes:?}, not {expected:?}");
    let events: Vec<_> = outcomes.iter().flatten().map(|(events, _)| &**events).collect();
    assert_eq!(Text(events.concat().into_bytes()), made.events);
}
