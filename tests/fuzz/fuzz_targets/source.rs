//! Any bytes as a source: read, cut into records and converted as in a run. However much arrives at a
//! time, the same comes out; and each byte is in a payload that was converted, in a reject that says why
//! not, or between records.
#![no_main]

mod mutate;
#[path = "../../shared/mod.rs"]
mod shared;

use std::cell::Cell;
use std::fmt;
use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::value::RawValue;
use shared::library::{
    self, Block, BlockConverter, Code, Converter, Counts, Cut, Diagnostic, Kind, Layout, MappingOptions,
    Pieces, Plan,
};

static PLAN: LazyLock<Plan> = LazyLock::new(|| Plan::new(MappingOptions::default()).unwrap());

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
    if text.starts_with(b"\x1f\x8b") || text.starts_with(b"\x28\xb5\x2f\xfd") {
        return;
    }
    let layout = [Layout::Auto, Layout::Json, Layout::Ndjson, Layout::Form][usize::from(choice & 3)];
    let max = if choice & 4 == 0 { 1 << 20 } else { 48 };
    let (whole, cuts) = run(&[text], layout, max);
    covers(text, layout, &whole, &cuts);
    justified(text, layout, &whole);
    converts(&whole, &cuts);
    if layout != Layout::Form && max > text.len() {
        all_of_what_is_valid(text, layout, &whole);
    }
    let step = 1 + text.len() / (2 + usize::from(choice >> 3) % 12);
    let pieces: Vec<_> = text.chunks(step).collect();
    if max > text.len() {
        let made = run(&pieces, layout, max).0;
        assert_eq!(made.rejects, whole.rejects, "cut every {step} bytes");
        assert_eq!(made, whole, "cut every {step} bytes");
    } else {
        let (made, cuts) = run(&pieces, layout, max);
        covers(text, layout, &made, &cuts);
        converts(&made, &cuts);
    }
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
                Diagnostic::Reject { line, column, offset, len, code, reason, text } => {
                    let (reason, text) = (reason.into(), Text(text.to_vec()));
                    made.rejects.push(Rejected { code, reason, line, column, offset, len, text });
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
        Layout::Ndjson | Layout::Form => b" \t\r\n\xef\xbb\xbf",
        _ => b" \t\r\n\xef\xbb\xbf[,]",
    };
    let mut at = 0;
    for cut in cuts {
        assert!(text[at..cut.offset].iter().all(|byte| between.contains(byte)), "lost before {}", cut.offset);
        assert!(text[cut.offset..].starts_with(&cut.text));
        at = cut.offset + cut.len();
    }
    assert!(text[at..].iter().all(|byte| between.contains(byte)), "lost behind {at}");
    assert_eq!(made.counts.rejected(), made.rejects.len() as u64);
    assert_eq!(made.counts.converted, made.counts.track);
}

/// A reject is a part of the source, wrong at a place within it, and for the reason that it names.
fn justified(text: &[u8], layout: Layout, made: &Made) {
    let (mut at, mut line) = (0, 1);
    for reject in &made.rejects {
        let own = &text[reject.offset..reject.offset + reject.len];
        assert!(reject.text.0.is_empty() || reject.text.0 == own, "{reject:?}");
        let line_feeds = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count() as u64;
        line += line_feeds(&text[at..reject.offset]);
        at = reject.offset;
        let lines = line..=line + line_feeds(own);
        assert!(lines.contains(&reject.line), "{reject:?} not in {lines:?}");
        let is_form = layout == Layout::Form || own.starts_with(b"data=") || own.starts_with(b"%7");
        let json = serde_json::from_slice::<&RawValue>(own).map(RawValue::get);
        let holds = match reject.code {
            _ if is_form => true,
            Code::InvalidJson => json.is_err(),
            Code::Truncated => json.is_err() && text[reject.offset + own.len()..].trim_ascii().is_empty(),
            Code::InvalidUtf8 => std::str::from_utf8(own).is_err(),
            Code::NotAnObject => !own.starts_with(b"{"),
            Code::MissingVisitorId | Code::WrongType => own.starts_with(b"{"),
            _ => true,
        };
        assert!(holds, "{reject:?}");
    }
}

/// What of a record was not rejected is payloads, and the events are theirs and no others.
fn converts(made: &Made, cuts: &[Cut]) {
    let mut converter = Converter::new(&PLAN);
    let (mut events, mut converted) = (Vec::new(), 0);
    let mut convert = |payload: &str| {
        library::convert(&mut converter, payload.as_bytes(), &mut events)
            .expect("a payload that was not rejected");
        converted += 1;
    };
    for cut in cuts {
        let mut kept = cut.text.clone();
        let begin = cut.offset;
        let end = begin + kept.len();
        let first = made.rejects.partition_point(|reject| reject.offset + reject.len <= begin);
        for reject in made.rejects[first..].iter().take_while(|reject| reject.offset < end) {
            let to = (reject.offset + reject.len).min(end);
            kept[reject.offset.max(begin) - begin..to - begin].fill(b' ');
        }
        // A form body stands there as it is, or encoded: whole, or but for its brackets.
        let plain = kept.strip_prefix(b"data=").map(<[u8]>::trim_ascii_start);
        let plain = plain.filter(|json| serde_json::from_slice::<&RawValue>(json).is_ok());
        match (cut.kind, plain) {
            (Kind::Form, None) if !kept.trim_ascii().is_empty() => {
                let mut fields = form_urlencoded::parse(&kept);
                convert(&fields.find(|(name, _)| name == "data").unwrap().1);
            }
            (_, plain) => {
                let json = std::str::from_utf8(plain.unwrap_or(&kept)).expect("text that was not rejected");
                for payload in serde_json::Deserializer::from_str(json).into_iter::<&RawValue>() {
                    convert(payload.expect("JSON that was not rejected").get());
                }
            }
        }
    }
    assert_eq!((converted, events.len()), (made.counts.converted, made.events.0.len()));
    assert_eq!(Text(events), made.events);
}

/// Where the source as a whole is objects, or an array of anything, its records are just these.
fn all_of_what_is_valid(text: &[u8], layout: Layout, made: &Made) {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let Ok(text) = std::str::from_utf8(text) else { return };
    let values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let Ok(values) = values.collect::<Result<Vec<_>, _>>() else { return };
    let payloads: Vec<_> = match values[..] {
        [array] if array.get().starts_with('[') && layout != Layout::Ndjson => {
            serde_json::from_str(array.get()).unwrap()
        }
        _ if values.iter().all(|value| value.get().starts_with('{')) => values,
        _ => return,
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    let on_lines = lines == payloads.len() && !payloads.iter().any(|payload| payload.get().contains('\n'));
    if layout == Layout::Ndjson && !on_lines {
        return;
    }
    let mut converter = Converter::new(&PLAN);
    let (mut events, mut codes) = (Vec::new(), Vec::new());
    for payload in payloads {
        let rejected = library::convert(&mut converter, payload.get().as_bytes(), &mut events).err();
        codes.extend(rejected.map(|rejected| rejected.code));
    }
    assert_eq!(codes, made.rejects.iter().map(|reject| reject.code.name()).collect::<Vec<_>>());
    assert_eq!(Text(events), made.events);
}
