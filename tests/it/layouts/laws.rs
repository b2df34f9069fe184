//! What holds for every payload however it is laid out or wrapped, tried with random ones.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

use crate::harness::anything::{SPACES, cases, json, payload};
use crate::harness::{COMPRESSORS, Dir, Run, audit, chat, chats, events, form, outcome, run};
use crate::shared::library::MappingOptions;

/// Something that people keep a value in, with neighbours before and after it.
#[derive(Clone, Debug)]
enum Wrapper {
    Member(String, Vec<String>, Vec<String>),
    Element(Vec<String>, Vec<String>),
    Text,
    Form,
    PlainForm,
    Base64,
}

fn wrapper() -> impl Strategy<Value = Wrapper> {
    // Values of every type, and text that only looks like more than it is.
    let neighbour = prop_oneof![
        json(true).prop_map(|value| value.compact().replace("visitor", "visitors").replace("0076", "0077")),
        select(vec![
            r#""data=%7B%22kind%22""#,
            r#""{\"kind\":{}""#,
            r#""eyJ2aXNpdG9yIjp7fQ""#,
            r#"{"visitor":"x"}"#,
            "1e400"
        ])
        .prop_map(String::from),
    ];
    let neighbours = move || vec(neighbour.clone(), 0..3);
    prop_oneof![
        3 => (r#"[ -~é\u{1f600}"\\]{0,8}|data|body|Item|payload|visitor_"#, neighbours(), neighbours())
            .prop_map(|(key, before, behind)| Wrapper::Member(key, before, behind)),
        2 => (neighbours(), neighbours()).prop_map(|(before, behind)| Wrapper::Element(before, behind)),
        1 => select(vec![Wrapper::Text, Wrapper::Form, Wrapper::PlainForm, Wrapper::Base64]),
    ]
}

fn wrap(value: &str, wrapper: &Wrapper) -> String {
    let quoted = |text: &[u8]| Value::from(std::str::from_utf8(text).unwrap()).to_string();
    let list = |before: &[String], value: String, behind: &[String]| {
        before.iter().cloned().chain([value]).chain(behind.iter().cloned()).collect::<Vec<_>>().join(", ")
    };
    match wrapper {
        Wrapper::Member(key, before, behind) => {
            let named = |name: &str, values: &[String]| -> Vec<_> {
                values.iter().enumerate().map(|(at, value)| format!("\"{name}{at}\":{value}")).collect()
            };
            let member = format!("{} : {value}", quoted(key.as_bytes()));
            format!("{{{}}}", list(&named("a", before), member, &named("b", behind)))
        }
        Wrapper::Element(before, behind) => format!("[{}]", list(before, value.into(), behind)),
        Wrapper::Text => quoted(format!(" {value}\n").as_bytes()),
        Wrapper::Form => quoted(&form(value.as_bytes(), "+")),
        Wrapper::PlainForm => quoted(format!("token=x&data={value}&x=1").as_bytes()),
        Wrapper::Base64 => quoted(BASE64_STANDARD.encode(value).as_bytes()),
    }
}

/// The output of a run, and its summary but for the time that it took.
fn converted(input: &[u8], args: &[&str]) -> (Vec<u8>, Value) {
    let audited = audit(&Dir::new(), &[&["-q"], args].concat(), input);
    let mut audited = audited.unwrap_or_else(|failure| panic!("{failure}"));
    audited.summary["seconds"].take();
    (audited.stdout, audited.summary)
}

proptest! {
    // Each case is a few processes, so there are fewer of them.
    #![proptest_config(ProptestConfig { max_shrink_iters: 200, ..cases(16) })]

    #[test]
    fn neither_jobs_nor_a_second_run_change_the_output(
        payloads in vec(payload(true), 1..40), spaces in vec(select(SPACES.to_vec()), 1..50),
    ) {
        let mut spaces = spaces.into_iter().cycle();
        let text: String = payloads.iter().map(|payload| payload.spaced(&mut spaces) + "\n").collect();
        // More than one read's worth, so that there is something to do side by side.
        let input = text.repeat(1 + 300_000 / text.len());
        let one = converted(input.as_bytes(), &["--jobs", "1"]);
        prop_assert_eq!(&converted(input.as_bytes(), &["--jobs", "1"]), &one);
        prop_assert_eq!(&converted(input.as_bytes(), &["--jobs", "2"]), &one);
        prop_assert_eq!(&converted(input.as_bytes(), &["--jobs", "4"]), &one);
    }

    #[test]
    fn what_a_payload_is_kept_in_never_changes_an_event(
        payloads in vec((payload(true), vec(wrapper(), 1..6)), 1..8), jobs in select(vec!["1", "4"]),
    ) {
        let good: Vec<_> = payloads
            .iter()
            .map(|(payload, wrappers)| (payload.compact(), wrappers))
            .filter(|(payload, _)| outcome(&MappingOptions::default(), payload.as_bytes()).is_ok())
            .collect();
        let around = [chat("before"), chat("between")];
        let (mut lines, mut bare) = (vec![around[0].clone()], vec![around[0].clone()]);
        for (payload, wrappers) in good {
            // An object, so that each is a record on its line.
            let record = wrappers.iter().fold(payload.clone(), |value, wrapper| wrap(&value, wrapper));
            lines.extend([format!("{{\"record\":{record}}}"), around[1].clone()]);
            bare.extend([payload, around[1].clone()]);
        }
        let (expected, input) = (events(&bare), lines.join("\n") + "\n");
        let dir = Dir::new();
        dir.file("in.ndjson", &input);
        let read = |run: Run| run.args(&["-q", "--jobs", jobs]).stdout(&expected).compare().err();
        let failure = read(dir.run(&["in.ndjson"])).or_else(|| read(run(&[]).stdin(&input)));
        prop_assert!(failure.is_none(), "{}: {}", input, failure.unwrap_or_default());
        let array = format!("[{}]", lines.join(",\n"));
        let failure = read(run(&[]).stdin(&array));
        prop_assert!(failure.is_none(), "{}: {}", array, failure.unwrap_or_default());
    }

    #[test]
    fn a_wrapped_payload_that_is_bad_takes_no_neighbour_along(
        wrappers in vec(wrapper(), 1..5), cut in any::<prop::sample::Index>(),
    ) {
        let bad = r#"{"kind":"x","visitor":{"id":null}}"#.to_owned();
        let record = wrappers.iter().fold(bad, |value, wrapper| wrap(&value, wrapper));
        let record = format!("{{\"record\":{record}}}");
        // Whole, and cut off anywhere but after its first bracket.
        let broken = record.char_indices().map(|(at, _)| at).collect::<Vec<_>>();
        for bad in [&*record, &record[..broken[1 + cut.index(broken.len() - 1)]]] {
            let lines = [&chat("a"), bad, &chat("b"), &chat("c")].join("\n");
            let (status, stdout, _) = run(&["-q"]).stdin(&lines).output();
            prop_assert_eq!(status.code(), Some(1));
            prop_assert_eq!(String::from_utf8(stdout).unwrap(), String::from_utf8(chats(&["a", "b", "c"])).unwrap(), "{}", lines);
        }
    }

    #[test]
    fn layout_never_changes_an_event(
        payloads in vec(payload(true), 1..20), spaces in vec(select(SPACES.to_vec()), 1..50),
    ) {
        let good: Vec<_> = payloads
            .iter()
            .filter(|payload| outcome(&MappingOptions::default(), payload.compact().as_bytes()).is_ok())
            .collect();
        // Of an input with nothing in it, that is said.
        prop_assume!(!good.is_empty());
        let compact: Vec<_> = good.iter().map(|payload| payload.compact()).collect();
        let mut supply = spaces.into_iter().cycle();
        let spaced: Vec<_> = good.iter().map(|payload| payload.spaced(&mut supply)).collect();
        let forms: Vec<_> = spaced.iter().map(|json| form(json.as_bytes(), "+")).collect();
        let expected = events(&compact);
        for input in [
            compact.join("\n"),
            compact.concat(),
            spaced.concat(),
            spaced.join("\n") + "\n",
            format!("[{}]", compact.join(",")),
            format!("[\n{}\n]\n", spaced.join(" ,\r\n")),
            String::from_utf8(forms.join(&b'\n')).unwrap(),
        ] {
            let compressed = COMPRESSORS.iter().map(|(_, compress)| compress(input.as_bytes()));
            for bytes in [input.clone().into_bytes()].into_iter().chain(compressed) {
                let failure = run(&[]).stdin(&bytes).stdout(&expected).compare().err();
                prop_assert!(failure.is_none(), "{:?}: {}", input, failure.unwrap_or_default());
            }
        }
    }

    #[test]
    fn rejects_are_what_went_in_and_are_rejected_again(
        lines in vec(prop_oneof![
            1 => payload(true).prop_map(|payload| payload.compact()),
            3 => json(true).prop_map(|json| json.compact()),
            3 => "[ -~é€\u{1f600}]{1,30}",
            2 => "[\\[\\]{}\",:\\\\ ]{1,12}",
        ], 0..60),
    ) {
        // Each by itself: what is wrong with two lines may be right with both.
        let replay = |lines: &[String]| -> Vec<Value> {
            let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
            audit(&Dir::new(), &["-q", "--input-format", "ndjson"], input.as_bytes()).unwrap().rejects
        };
        let text = |row: &Value| row["payload"].as_str().unwrap().to_owned();
        let rows = replay(&lines);
        let input = lines.join("\n");
        for row in &rows {
            prop_assert!(input[row["offset"].as_u64().unwrap() as usize..].starts_with(&text(row)));
        }
        let again = replay(&rows.iter().map(text).collect::<Vec<_>>());
        let kept = |rows: &[Value]| rows.iter().map(|row| (row["code"].clone(), text(row))).collect::<Vec<_>>();
        prop_assert_eq!(kept(&again), kept(&rows));
    }

    #[test]
    fn what_is_read_is_either_converted_or_rejected(
        lines in vec(prop_oneof![
            3 => payload(true).prop_map(|payload| payload.compact()),
            1 => json(true).prop_map(|json| json.compact()),
            1 => "[ -~]{1,30}",
            1 => "[\\[\\]{}\",:\\\\ ]{1,12}",
        ], 0..60),
    ) {
        let records = lines.iter().filter(|line| !line.trim().is_empty()).count();
        let (_, summary) = converted(lines.join("\n").as_bytes(), &["--input-format", "ndjson", "--jobs", "1"]);
        prop_assert_eq!(&summary["payloads"], records);
        for format in ["ndjson", "auto", "json", "form"] {
            let (output, summary) = converted(lines.join("\n").as_bytes(), &["--input-format", format, "--jobs", "1"]);
            let count = |name: &str| summary["events"][name].as_u64().unwrap();
            let lines = output.split_inclusive(|byte| *byte == b'\n').count() as u64;
            prop_assert_eq!(lines, count("track") + count("group"));
        }
    }
}
