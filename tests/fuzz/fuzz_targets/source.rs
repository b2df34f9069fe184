//! Any bytes as a source: read, cut into records and converted as in a run. However much arrives at a
//! time, the same comes out; and each byte is in a payload that was converted, in a reject that says why
//! not, or between records.
#![no_main]

mod inside;
mod mutate;
#[path = "../../shared/mod.rs"]
mod shared;
mod spec;
mod table;

use std::cell::Cell;
use std::fmt;
use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::value::RawValue;
use shared::library::{
    self, Block, BlockConverter, Code, Counts, Cut, Diagnostic, Kind, Layout, MappingOptions, Pieces, Plan,
};
use spec::Outcome;

static PLAN: LazyLock<Plan> = LazyLock::new(|| Plan::new(MappingOptions::default()).unwrap());

const OPTIONS: spec::Options =
    spec::Options { mapping: 's', timestamp: false, events: "cg", extras: &[], user_ids: &["visitor.id"] };

const LAYOUTS: [Layout; 6] =
    [Layout::Auto, Layout::Json, Layout::Ndjson, Layout::Form, Layout::Csv, Layout::Tsv];

/// The small limit of some runs. What is beyond it by more than this is not even looked at as a whole.
const SMALL: usize = 48;
const LONG: usize = 70_000;

/// The first bytes of gzip, zstd and its skippable frames, bzip2 and xz.
const COMPRESSED: [&[u8]; 5] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18", b"BZh", b"\xfd7zXZ"];

/// What may follow a record on its line.
const TAIL: [char; 6] = [' ', '\t', '\r', '\n', ';', ','];

thread_local! {
    // Kept from one source to the next, as in a run.
    static ROOM: Cell<Option<(BlockConverter<'static>, Block)>> = const { Cell::new(None) };
}

/// What a run over a source makes of it.
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
    // Of compressed bytes offsets say nothing, and of few bytes a decompressor makes many.
    if COMPRESSED.iter().any(|first| text.starts_with(first)) {
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
    let mut events = Vec::new();
    let mut rejects = &whole.rejects[..];
    for cut in &cuts {
        let end = cut.offset + cut.len().max(1);
        let own = rejects.iter().take_while(|reject| reject.offset < end).count();
        events.extend(converts(text, cut, &rejects[..own], max));
        rejects = &rejects[own..];
    }
    assert!(rejects.is_empty(), "of no record: {rejects:?}");
    assert_eq!(Text(events.concat().into_bytes()), whole.events);
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
    assert_eq!(made.counts.converted, made.counts.track);
    assert!(made.counts.payloads() >= cuts.len() as u64);
}

/// Whether a header has something in it that is nobody's name.
fn has_payload(header: &[u8]) -> bool {
    header.contains(&b'{') || header.windows(8).any(|part| part.eq_ignore_ascii_case(b"data=%7b"))
}

/// What of a record was not rejected is payloads, or has some in it; gives their events. What was rejected was so for
/// the reason that is said.
fn converts(text: &[u8], cut: &Cut, rejects: &[Rejected], max: usize) -> Vec<String> {
    let (begin, end) = (cut.offset, cut.offset + cut.len());
    let (inside, own): (Vec<_>, Vec<_>) = rejects.iter().partition(|reject| reject.inside.is_some());
    let what_is_it = match cut.kind {
        Kind::TooLarge(_) => Some(Code::TooLarge),
        Kind::Encoding(..) => Some(Code::UnsupportedEncoding),
        Kind::UnclosedArray | Kind::Damaged(_) => Some(Code::Truncated),
        _ => None,
    };
    if let Some(code) = what_is_it {
        assert!(code != Code::TooLarge || cut.len() > max, "{cut:?}");
        assert!(own.len() == 1 && own[0].code == code && inside.is_empty(), "{rejects:?}");
        return Vec::new();
    }
    assert!(cut.len() <= max, "over the limit: {cut:?}");
    let mut kept = cut.text.clone();
    for reject in &own {
        justified(text, cut, reject);
        assert!(reject.offset + reject.len <= end);
        kept[reject.offset - begin..][..reject.len].fill(b' ');
    }
    if let Some(tail) = std::str::from_utf8(&cut.text).ok().map(|text| without_tail(text).len())
        && !matches!(cut.kind, Kind::Row(_) | Kind::Form)
    {
        // Ignored behind a bracket, also where the bracket is of what was rejected.
        kept[tail..].fill(b' ');
    }
    let outcomes = match String::from_utf8(kept) {
        // A line of a log is one record, whatever is in it; and so is all else that was rejected as a whole.
        _ if !own.is_empty() && matches!(cut.kind, Kind::LogLine) => Vec::new(),
        // Text of a log may be of any encoding, and so may the other fields of a form body.
        Err(kept) if matches!(cut.kind, Kind::LogLine | Kind::Form) => {
            outcomes(&String::from_utf8_lossy(kept.as_bytes()), cut)
        }
        Ok(kept) if kept.trim_end_matches(TAIL).is_empty() => Vec::new(),
        Ok(kept) => outcomes(&kept, cut),
        Err(_) => panic!("not UTF-8, and not rejected: {cut:?}"),
    };
    assert!(!outcomes.is_empty() || !own.is_empty(), "nothing came of {cut:?}");
    let expected: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).collect();
    let alike = |(reject, codes): (&&Rejected, &&Vec<&str>)| codes.contains(&reject.code.name());
    let are_alike = inside.len() == expected.len() && inside.iter().zip(&expected).all(alike);
    assert!(are_alike, "{inside:?}, not {expected:?}");
    for reject in inside {
        let line_feeds = cut.text.iter().filter(|byte| **byte == b'\n').count() as u64;
        assert!((cut.line..=cut.line + line_feeds).contains(&reject.line), "{reject:?}");
        assert!((begin..end).contains(&reject.offset), "{reject:?}");
    }
    outcomes.into_iter().flatten().map(|(events, _)| events).collect()
}

/// What should become of a text that was not rejected.
fn outcomes(kept: &str, cut: &Cut) -> Vec<Outcome> {
    match cut.kind {
        Kind::Row(dialect) => {
            let cells = table::cells(kept, dialect);
            cells.into_iter().flat_map(|cell| table::outcomes(cell, &OPTIONS)).collect()
        }
        Kind::Form => values(&form_data(kept.trim())),
        Kind::LogLine if serde_json::from_str::<&RawValue>(without_tail(kept)).is_err() => {
            values(&payload_of_line(kept))
        }
        _ => values(without_tail(kept)),
    }
}

/// What becomes of a text that has to be JSON, one value or several.
fn values(text: &str) -> Vec<Outcome> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let values = values.map(|value| value.unwrap_or_else(|error| panic!("{error}: {text}")));
    values.flat_map(|value| inside::outcomes(&inside::compact(value.get()), &OPTIONS)).collect()
}

fn without_tail(text: &str) -> &str {
    let trimmed = text.trim_end_matches(TAIL);
    if trimmed.ends_with(['}', ']']) { trimmed } else { text }
}

/// What stands in the `data` field of a form body.
fn form_data(body: &str) -> String {
    let mut start = 0;
    let field = body.split('&').find(|field| {
        start += field.len() + 1;
        field.starts_with("data=")
    });
    let field = field.unwrap_or_else(|| panic!("no form body, and not rejected: {body}"));
    let value = &body[start - field.len() - 1 + "data=".len()..];
    // A form body stands there as it is, or encoded: whole, or but for its brackets.
    let plain = without_tail(value);
    if plain.trim_start().starts_with('{') && serde_json::from_str::<&RawValue>(plain).is_ok() {
        return plain.into();
    }
    let value = value.split('&').next().unwrap().trim_end_matches([' ', '\t', '\r', ';', ',']);
    form_urlencoded::parse(format!("data={value}").as_bytes()).next().unwrap().1.into()
}

/// The payload within a line of a log, and nothing around it that may be more of it.
fn payload_of_line(line: &str) -> String {
    let opens = |text: &str| {
        text.strip_prefix('{')
            .is_some_and(|inside| inside.trim_start_matches([' ', '\t', '\r']).starts_with('"'))
    };
    let is_form = |text: &str| {
        let value = text.strip_prefix("data=");
        value.is_some_and(|value| {
            value.starts_with('{') || value.get(..3).is_some_and(|three| three.eq_ignore_ascii_case("%7b"))
        })
    };
    let at = line.char_indices().map(|(at, _)| at).find(|at| opens(&line[*at..]) || is_form(&line[*at..]));
    let (before, text) = line.split_at(at.unwrap_or_else(|| panic!("nothing in a line: {line}")));
    let (payload, behind) = match text.strip_prefix("data=") {
        Some(value) if opens(value) || value.starts_with("{}") => first_value(value),
        Some(value) => {
            let end = value.find(|c| c <= ' ' || "\";&<".contains(c)).unwrap_or(value.len());
            let is_json = |value: &str| serde_json::from_str::<&RawValue>(&form_data(value)).is_ok();
            let ends = (0..end).filter(|at| value[*at..].starts_with('\'')).chain([end]);
            let end = ends.into_iter().find(|end| is_json(&format!("data={}", &value[..*end])));
            let (value, behind) = value.split_at(end.unwrap_or_else(|| panic!("no JSON in {line}")));
            (form_data(&format!("data={value}")), behind)
        }
        None => first_value(text),
    };
    for harmful in ["{", "}", "\":", "%7B", "%7D"] {
        assert!(!behind.to_uppercase().contains(harmful), "more behind a payload: {line}");
    }
    assert!(!before.contains("\":"), "more before a payload: {line}");
    payload
}

fn first_value(text: &str) -> (String, &str) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let value = values.next().unwrap().unwrap_or_else(|error| panic!("{error}, and not rejected: {text}"));
    (value.get().into(), &text[values.byte_offset()..])
}

/// A reject is a part of its record, wrong at a place within it, and for the reason that it names.
fn justified(text: &[u8], cut: &Cut, reject: &Rejected) {
    let own = &text[reject.offset..][..reject.len];
    assert!(reject.text.0 == own, "{reject:?}");
    let line_feeds = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count() as u64;
    let line = cut.line + line_feeds(&text[cut.offset..reject.offset]);
    let lines = line..=line + line_feeds(own);
    assert!(lines.contains(&reject.line), "{reject:?} not in {lines:?}");
    if matches!(cut.kind, Kind::Row(_) | Kind::Form) || own.starts_with(b"data=") {
        return;
    }
    let is_line = matches!(cut.kind, Kind::LogLine);
    let text_of_it = match std::str::from_utf8(own) {
        Ok(text) => text,
        // What stands around a payload in a line may be of any encoding.
        Err(_) if is_line => return,
        Err(_) => {
            assert!(matches!(reject.code, Code::InvalidUtf8 | Code::InvalidJson), "{reject:?}");
            return;
        }
    };
    let is_valid = serde_json::from_str::<&RawValue>(without_tail(text_of_it)).is_ok();
    match reject.code {
        Code::InvalidUtf8 => panic!("it is UTF-8: {reject:?}"),
        Code::InvalidJson | Code::TooDeep if !is_valid => {}
        Code::Truncated if !is_valid => assert!(text[reject.offset + own.len()..].trim_ascii().is_empty()),
        code => {
            assert!(is_valid || is_line, "{reject:?}");
            let record = match is_valid {
                true => inside::compact(without_tail(text_of_it)),
                false => inside::compact(&payload_of_line(text_of_it)),
            };
            let outcomes = inside::outcomes(&record, &OPTIONS);
            let expected = outcomes[0].as_ref().expect_err("what is rejected cannot be converted");
            assert!(outcomes.len() == 1 && expected.contains(&code.name()), "{reject:?}, not {expected:?}");
        }
    }
}

/// Where the source as a whole is objects, or an array of anything, its records are just these.
fn all_of_what_is_valid(text: &[u8], layout: Layout, made: &Made) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let Ok(text) = std::str::from_utf8(text) else { return };
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let Ok(values) = values.collect::<Result<Vec<_>, _>>() else { return };
    let records: Vec<&RawValue> = match values[..] {
        // A number behind the first bracket may be a log's time.
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
