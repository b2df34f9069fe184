//! Any text as one payload: its events, by each mapping, are those of the rules, byte
//! by byte; and what it refuses, it refuses for the right reason and at a place that can be wrong. As a record, it is
//! also searched for the payloads in it.
#![no_main]

mod inside;
mod mutate;
#[path = "../../shared/mod.rs"]
mod shared;
mod spec;

use std::cell::RefCell;
use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use serde_json::value::RawValue;
use shared::json;
use shared::library::{
    self, Block, BlockConverter, Converter, Diagnostic, Layout, MAPPINGS, Mapping, Pieces, Plan,
};

/// Fields within fields, lists as wholes, fields that rows read too.
const EXTRAS: &[(char, &str, &str)] = &[
    ('c', "id", "properties.conversationId"),
    ('c', "visitor", "context.traits.visitor"),
    ('c', "visitor.customFields.é", "context.page.é"),
    ('c', "visitor.id.x", "properties.x.y.z"),
    ('c', "groups", "properties.groups"),
    ('g', "id", "context.conversationId"),
];

/// More of them, for events that `live` does not have.
const MORE_EXTRAS: &[(char, &str, &str)] = &[
    ('c', "items", "context.items"),
    ('g', "items", "context.items"),
    ('i', "visitor.customFields.é", "context.traits.é.x"),
    ('m', "tags", "properties.tags"),
    ('m', "items", "context.items"),
];

const USER_ID: &str = "visitor.customFields.é,items.x,id,visitor.id";

static PLANS: LazyLock<Vec<(spec::Options, Plan)>> = LazyLock::new(|| {
    let options = MAPPINGS.into_iter().flat_map(|mapping| [(mapping, false), (mapping, true)]);
    options
        .map(|(mapping, more)| {
            let (events, extras, user_id) = match (more, mapping) {
                (false, _) => ("cg", &[] as &[_], "visitor.id"),
                (true, Mapping::Live) => ("cg", EXTRAS, USER_ID),
                (true, _) => ("icgm", MORE_EXTRAS, USER_ID),
            };
            let written = extras.iter().map(|(event, source, target)| {
                let event = match event {
                    'g' => "group:",
                    'i' => "identify:",
                    'm' => "chat:",
                    _ => "",
                };
                format!("{event}{source}={target}")
            });
            let written: Vec<_> = written.collect();
            let written: Vec<_> = written.iter().map(String::as_str).collect();
            let options = library::options(mapping, more, &written);
            let options = if events == "cg" { options } else { library::of("all", &options) };
            let options = library::by_user(user_id, options);
            let initial = mapping.to_string().chars().next().unwrap();
            let user_ids = user_id.split(',').collect::<Vec<_>>().leak();
            let said = spec::Options { mapping: initial, timestamp: more, events, extras, user_ids };
            (said, Plan::new(options).unwrap())
        })
        .collect()
});

thread_local! {
    // Kept from one payload to the next, as in a run: nothing of one may get into another.
    static CONVERTERS: RefCell<Vec<Converter<'static>>> =
        RefCell::new(PLANS.iter().map(|(_, plan)| Converter::new(plan)).collect());
    static RECORDS: RefCell<(BlockConverter<'static>, Block)> =
        RefCell::new((BlockConverter::new(&PLANS[0].1), Block::default()));
}

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| {
    mutate::mutate(data, size, max, seed)
});

fuzz_target!(|bytes: &[u8]| {
    let text = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let compact = String::from_utf8(json::compact(text.as_bytes())).unwrap();
    let payload = spec::read(text, &compact, json::depth(text.as_bytes()));
    CONVERTERS.with_borrow_mut(|converters| {
        for (converter, (options, _)) in converters.iter_mut().zip(&*PLANS) {
            let expected = payload.as_ref().map_err(Clone::clone).and_then(|json| json.outcome(options));
            check(converter, text, expected, options);
        }
    });
    // Only a payload by itself may be followed by what separates records; and one line is one record.
    let record = compact.trim_end_matches([',', ';']);
    let record = if record.ends_with(['}', ']']) { record } else { &compact };
    // Payloads in strings need escapes, or are encoded and long; their laws are in the test suite.
    let is_plain = !record.contains(['\\', '%']) && record.split('"').all(|part| part.len() < 19);
    if is_plain && !record.is_empty() && !record.contains('\n') && !record.starts_with(['\u{feff}', '\0']) {
        check_record(record);
    }
});

/// What becomes of a line, and of all payloads in it.
fn check_record(record: &str) {
    let expected = match serde_json::from_str::<&RawValue>(record) {
        Ok(_) => inside::outcomes(record, &PLANS[0].0),
        Err(_) => vec![Err(vec!["invalid_json", "too_deep", "truncated"])],
    };
    RECORDS.with_borrow_mut(|(converter, block)| {
        let mut reader = library::reader(Pieces::of(&[record.as_bytes()]), Layout::Ndjson, 1 << 20);
        assert!(library::read(&mut reader, block), "no record");
        converter.convert(block);
        let events: Vec<_> = expected.iter().flatten().map(|(events, _)| &**events).collect();
        assert_eq!(String::from_utf8_lossy(converter.events()), events.concat());
        let codes: Vec<_> = converter
            .diagnostics(block)
            .filter_map(|diagnostic| match diagnostic {
                Diagnostic::Reject { code, .. } => Some(code.name()),
                Diagnostic::Warning { .. } => None,
            })
            .collect();
        let expected: Vec<_> = expected.into_iter().filter_map(Result::err).collect();
        let alike = codes.len() == expected.len()
            && codes.iter().zip(&expected).all(|(code, expected)| expected.contains(code));
        assert!(alike, "{codes:?}, not {expected:?}");
    });
}

fn check(converter: &mut Converter, text: &str, expected: spec::Outcome, options: &spec::Options) {
    let mut out = b"before\n".to_vec();
    let got = library::convert(converter, text.as_bytes(), &mut out);
    let out = String::from_utf8(out).expect("output that is not UTF-8");
    match (got, expected) {
        (Ok(mut done), Ok((events, mut warnings))) => {
            // Their order is not promised.
            done.warnings.sort_unstable();
            warnings.sort_unstable();
            assert_eq!(out.strip_prefix("before\n"), Some(&*events), "{options:?}");
            assert_eq!(done.warnings, warnings, "{options:?}");
            assert_eq!((done.len, done.events), (text.len(), events.lines().count()));
        }
        (Err(rejected), Err(codes)) => {
            assert!(codes.contains(&rejected.code), "{rejected:?}, not {codes:?}, {options:?}");
            assert_eq!(out, "before\n");
            assert!(rejected.at.is_none_or(|at| may_go_on(&text[..at])), "{rejected:?}");
        }
        (got, expected) => panic!("{got:?}, not {expected:?}, {options:?}"),
    }
}

/// Whether JSON can begin like this.
fn may_go_on(text: &str) -> bool {
    // Of numbers serde_json does not say that they only end too early.
    serde_json::from_str::<&RawValue>(text).map_or_else(|error| error.is_eof(), |_| true)
        || text.ends_with(['-', '+', '.', 'e', 'E'])
}
