use super::super::cells::{self, Dialect};
use super::super::rows::Rows;
use super::*;
use crate::records::layout::InputFormat as Format;
use crate::records::record::Place;
use proptest::prelude::*;

/// The result for a text of which so many bytes are looked at.
fn run(format: Format, limit: usize, text: &[u8], end: bool) -> Recognized<Table> {
    let rest = match end {
        _ if text.len() > limit => Rest::Ignored,
        true => Rest::Nothing,
        false => Rest::Unread,
    };
    let bytes = &text[..text.len().min(limit)];
    super::recognize(format, Text { bytes, rest, place: Place::START, passed: 0, max_record: limit })
}

fn recognize(format: Format, text: &[u8]) -> Recognized<Table> {
    run(format, 1 << 20, text, true)
}

fn table(separator: u8, quoting: CellQuoting, width: usize, header: Header) -> Recognized<Table> {
    Recognized::Layout(Table { dialect: Dialect { separator, quoting, width }, header })
}

/// More text never changes what was recognized.
fn assert_same_however_it_comes(text: &[u8]) {
    for limit in [text.len() / 2, 1 << 20] {
        let known = run(Format::Auto, limit, text, true);
        for cut in 0..=text.len() {
            let found = run(Format::Auto, limit, &text[..cut], false);
            assert!(
                found == known || found == Recognized::Unknown,
                "{cut} of {:?}",
                String::from_utf8_lossy(text)
            );
        }
    }
}

const J: &str = r#"{"kind":"a,b","x":[{"b":1},{"c":2},3]}"#;
const Q: &str = r#""{""kind"":""a,b"",""x"":1}""#;

#[test]
fn a_table_is_recognized_by_its_content() {
    use Header::{Missing, Row};
    const QUOTES: CellQuoting = CellQuoting::Doubled(b'"');
    const BACKSLASHES: CellQuoting = CellQuoting::Unknown;
    for (text, expected) in [
        (format!("id,payload\n1,{Q}\n"), table(b',', QUOTES, 2, Row)),
        (format!("1,{Q}"), table(b',', QUOTES, 2, Missing)),
        (format!("{Q},1\r\n{Q},2\r\n"), table(b',', QUOTES, 2, Missing)),
        (format!("{Q},1\n{Q}\n"), table(b',', QUOTES, 2, Missing)),
        (format!("\r\n\nid;p;x\n\n1;{Q};\"a\nb\"\n"), table(b';', QUOTES, 3, Row)),
        (format!("id\tp\n1\t{Q}\n"), table(b'\t', QUOTES, 2, Row)),
        (format!("id\tp\n1\t{J}\n"), table(b'\t', BACKSLASHES, 2, Row)),
        (format!("1\t{J}\n2\t{J}\n"), table(b'\t', BACKSLASHES, 2, Missing)),
        (format!("1\t{{\"half\n2\t{J}\n"), table(b'\t', BACKSLASHES, 2, Missing)),
        (format!("1\t{J}"), table(b'\t', BACKSLASHES, 2, Missing)),
        ("1\t{\"a\":\"x \\\\\"y\\\\\"\"}\n".into(), table(b'\t', BACKSLASHES, 2, Missing)),
        (format!("1\t\"hi\" he said\t{J}\n"), table(b'\t', BACKSLASHES, 3, Missing)),
        (format!("1\t\"hi\t{J}\n"), table(b'\t', BACKSLASHES, 3, Missing)),
        (format!("{J}\t2020-01-01\n{J}\t2020-01-01\n"), table(b'\t', BACKSLASHES, 2, Missing)),
        ("{\"a\":\"x \\\\\"y\\\\\"\"}\t1\n".into(), table(b'\t', BACKSLASHES, 2, Missing)),
        (format!("{J}\t\\N\t"), table(b'\t', BACKSLASHES, 3, Missing)),
        ("data=%7B%22a%22:1%7D\t2020\n".into(), table(b'\t', BACKSLASHES, 2, Missing)),
        ("id,body\n1,data=%7B%22a%22:1%7D\n".into(), table(b',', QUOTES, 2, Row)),
        ("id;body\n1;eyJ2aXNpdG9yIjp7fX0=\n".into(), table(b';', QUOTES, 2, Row)),
        (format!("payload\n{Q}\n"), table(b',', QUOTES, 1, Row)),
        (format!("{Q}\n{Q}\n"), table(b',', QUOTES, 1, Missing)),
        ("1,\"{\\\"visitor\\\":{}}\"\n".into(), table(b',', CellQuoting::Enclosed, 2, Missing)),
        (
            "1,'it''s','{\"visitor\":\"it''s\"}'\n".into(),
            table(b',', CellQuoting::Doubled(b'\''), 3, Missing),
        ),
        (format!("2019-05-17,x\n1,{Q}\n"), table(b',', QUOTES, 2, Missing)),
        (format!("{},x\n1,{Q}\n", "a".repeat(100)), table(b',', QUOTES, 2, Missing)),
        (format!("id,p\n{}2,{Q}\n", "1,x\n".repeat(100)), table(b',', QUOTES, 2, Row)),
        (format!("id,p\n1,\n2,{Q}\n"), table(b',', QUOTES, 2, Row)),
        (format!("id,p\n1,\"{{\n \"\"a\"\": 1}}\"\n2,{Q}\n"), table(b',', QUOTES, 2, Row)),
    ] {
        assert_eq!(recognize(Format::Auto, text.as_bytes()), expected, "{text}");
        assert_same_however_it_comes(text.as_bytes());
    }
    let sample = include_bytes!("../../../../testdata/envelopes/pg.csv");
    assert_eq!(recognize(Format::Auto, sample), table(b',', QUOTES, 3, Row));
    assert_same_however_it_comes(sample);
}

#[test]
fn what_is_no_table_is_not_mistaken_for_one() {
    for text in [
        "".into(),
        "\n".into(),
        J.into(),
        format!("{J}\n{J}\n"),
        format!("{J}\t{J}\n"),
        format!("{J}\tdata=%7B%7D\n"),
        format!("{J}\t\n{J}\t\n"),
        format!("{J}{J}\t1\n"),
        format!("{J} \t1\n"),
        format!("{J},\n{J},\n"),
        format!("[{J},\n{J}]\n"),
        "{\n\t\"kind\": 1,\n\t\"x\": {}\n}\n".into(),
        "{\t\"kind\": 1,\t\"x\": {}}\n".into(),
        "data=%7B%7D\ndata=%7B%7D\n".into(),
        "data=%7B%7D;\n".into(),
        "data={\"a\":1,\"b\":2};\n".into(),
        "a=1&data=%7B%7D,1\n".into(),
        format!("2020-01-01 09:57:42,123 DEBUG x: {J}\n"),
        format!("2020-01-01 09:57:42,123 DEBUG x: {J}\n2020-01-01 09:57:42,123 DEBUG x: {J}\n"),
        format!("hello,{J}\n"),
        "hello,{\"a\":1}\nthere,{\"a\":1}\n".into(),
        format!("2020\tINFO\tgot {J}\n2020\tINFO\t{J}\n"),
        format!("2020\tINFO\t{J}\n2020\tINFO\tgot {J}\n"),
        "1,/hook?data=%7B%7D\n2,data=%7B%7D\n".into(),
        "a,b\nc,d\ne,f\n".into(),
        format!("a,b\n{J}\n"),
        format!("a,b\n1,2,{Q}\n"),
        "Just text, with commas\nand, lines\n".into(),
        "1.2.3.4 - - [x] \"POST /h?data=%7B%7D HTTP/1.1\" 200 5 \"-\" \"a (b; c, d)\"\n".into(),
        "\"a quote that never closes,\n1,2\n".into(),
        format!("\"a\" b,{Q}\n"),
        include_str!("../../../../testdata/envelopes/loglines.log").into(),
        include_str!("../../../../testdata/envelopes/phplog.log").into(),
        include_str!("../../../../testdata/envelopes/phplog_enc.log").into(),
        include_str!("../../../../testdata/envelopes/pyrepr.log").into(),
        include_str!("../../../../testdata/envelopes/mongo.json").into(),
    ] {
        assert_eq!(recognize(Format::Auto, text.as_bytes()), Recognized::Other, "{text}");
        assert_same_however_it_comes(text.as_bytes());
    }
}

#[test]
fn a_live_stream_is_known_by_its_first_payload() {
    for (text, expected) in [
        // It need not wait for a line feed.
        (format!("{J}{{"), Recognized::Other),
        (format!("2020-01-01 09:57:42,123 DEBUG x: {J}\n"), Recognized::Other),
        (format!("id,p\n1,{Q}\n"), table(b',', CellQuoting::Doubled(b'"'), 2, Header::Row)),
    ] {
        assert_eq!(run(Format::Auto, 1 << 20, text.as_bytes(), false), expected, "{text}");
    }
}

#[test]
fn what_is_said_to_be_a_table_is_one() {
    use Header::{Missing, Row};
    const QUOTES: CellQuoting = CellQuoting::Doubled(b'"');
    const BACKSLASHES: CellQuoting = CellQuoting::Unknown;
    for (format, text, expected) in [
        (Format::Csv, "a;b;c\n1;2;3\n", table(b';', QUOTES, 3, Missing)),
        (Format::Csv, "a\n1\n", table(b',', QUOTES, 1, Missing)),
        (Format::Csv, "a,b\n\"1\"x,2\n", table(b',', QUOTES, 2, Missing)),
        (Format::Csv, "a,b\n\"1\"x\n2,data=%7B%22a%22:1%7D\n", table(b',', QUOTES, 2, Row)),
        (Format::Csv, "a\ndata=%7B%22a%22:1%7D\n", table(b',', QUOTES, 1, Row)),
        (Format::Csv, "a,b\n1,\"data=\n2,data=%7B%22a%22:1%7D\n", table(b',', QUOTES, 2, Row)),
        (Format::Csv, "a,b\n1,data=%7B%22a%22:1%7D\n", table(b',', QUOTES, 2, Row)),
        (Format::Tsv, "a\tb\n\"x\"y\tb\n", table(b'\t', BACKSLASHES, 2, Missing)),
        (Format::Tsv, "a\tb\n1\n2\tdata=%7B%22a%22:1%7D\n", table(b'\t', BACKSLASHES, 2, Row)),
        (Format::Tsv, "{\"visitor\":10}\t{\"visitor\":10}\n", table(b'\t', BACKSLASHES, 2, Missing)),
    ] {
        assert_eq!(recognize(format, text.as_bytes()), expected, "{text}");
        for cut in 0..text.len() {
            let cut = run(format, 1 << 20, &text.as_bytes()[..cut], false);
            assert!(cut == expected || cut == Recognized::Unknown, "{text}");
        }
    }
}

/// The rows of a table, as cells.
fn read(text: &[u8]) -> Option<Vec<Vec<Vec<u8>>>> {
    let Recognized::Layout(Table { dialect, header }) = recognize(Format::Auto, text) else { return None };
    let (mut at, mut table) = (0, Vec::new());
    let mut rows = Rows::new(dialect.separator, dialect.quoting);
    while at < text.len() {
        let rest =
            Text { bytes: &text[at..], rest: Rest::Nothing, place: Place::START, passed: 0, max_record: 0 };
        let len = rows.next(rest)?;
        let mut row = Vec::new();
        cells::each(dialect, &text[at..at + len], |_, cell| row.push(cell.to_vec())).ok()?;
        table.push(row);
        at += len + 1;
    }
    if header == Header::Row {
        table.remove(0);
    }
    Some(table)
}

#[test]
fn what_a_database_exports_is_read_as_it_was_stored() {
    // Three exports of one table by PostgreSQL.
    let payloads = [
        "{\"kind\":\"x \\\"y\\\" \\\\ \\n caf\\u00e9\",\n\t\"visitor\":{\"id\":\"1\"}}",
        r#"{"kind":"\"","visitor":{"id":"2"}}"#,
    ];
    for export in [
        &include_bytes!("../../../../testdata/envelopes/postgres.copy")[..],
        include_bytes!("../../../../testdata/envelopes/postgres.csv"),
        include_bytes!("../../../../testdata/envelopes/postgres-semicolon.csv"),
    ] {
        let table = read(export).unwrap();
        assert_eq!(
            table.iter().map(|row| row[2].as_slice()).collect::<Vec<_>>(),
            payloads.map(str::as_bytes)
        );
        assert_eq!(table[0][1], b"a\tb\\c\n\"q\"");
        assert_eq!(table[1][3], b"\x08v\x0c\r\x07");
    }
}

fn json_string(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn copy_cell(text: &str) -> String {
    text.replace('\\', r"\\").replace('\n', r"\n").replace('\t', r"\t").replace('\r', r"\r")
}

fn some_cell() -> impl Strategy<Value = String> {
    let cell = prop_oneof![Just(String::new()), "[a-z0-9 ,;\t\"'\\\\{}\n]{0,12}", "\\PC{0,8}"];
    // That is how a payload shows MySQL's quoting.
    cell.prop_map(|cell| cell.replace("{\\", "{"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_written_table_gives_back_its_payloads(
        rows in prop::collection::vec((prop::collection::vec(some_cell(), 3), some_cell()), 1..8),
        column in 0_usize..4,
        separator in prop::sample::select(vec![b',', b'\t', b';']),
        header in any::<bool>(),
        crlf in any::<bool>(),
        pretty in any::<bool>(),
    ) {
        // Such a source begins with a record, or looks like it.
        prop_assume!(!rows[0].0.concat().trim_start().starts_with(['{', '[']));
        let space = if pretty { "\n\t" } else { "" };
        let rows: Vec<Vec<String>> = rows.into_iter().map(|(mut cells, body)| {
            cells.insert(column, format!("{{{space}\"visitor\":{space}{},\"x\":[{{}},1]}}", json_string(&body)));
            cells
        }).collect();
        let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
        let mut writer = csv::WriterBuilder::new().delimiter(separator).terminator(terminator).from_writer(Vec::new());
        if header {
            writer.write_record(["id", "kind", "payload", "at"]).unwrap();
        }
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let text = writer.into_inner().unwrap();
        let expected: Vec<Vec<Vec<u8>>> =
            rows.iter().map(|row| row.iter().map(|cell| cell.clone().into_bytes()).collect()).collect();
        prop_assert_eq!(read(&text), Some(expected));
    }

    #[test]
    fn a_copied_table_gives_back_its_payloads(
        bodies in prop::collection::vec(some_cell(), 1..8),
        column in 0_usize..3,
        header in any::<bool>(),
    ) {
        // In a bare first cell the quotes of JSON are looked at before the escapes are.
        prop_assume!(header || column > 0 || !bodies[0].contains('"'));
        let mut text = if header { "a\tb\tc\n".to_owned() } else { String::new() };
        let payloads: Vec<String> =
            bodies.iter().map(|body| format!("{{\"visitor\":\n{}}}", json_string(body))).collect();
        for (payload, body) in payloads.iter().zip(&bodies) {
            let mut row = vec![format!("x{}", copy_cell(body)), "\\N".to_owned()];
            row.insert(column, copy_cell(payload));
            text += &(row.join("\t") + "\n");
        }
        let found: Vec<Vec<u8>> = read(text.as_bytes()).unwrap().into_iter().map(|mut row| row.remove(column)).collect();
        prop_assert_eq!(found, payloads.into_iter().map(String::into_bytes).collect::<Vec<_>>());
    }

    #[test]
    fn any_text_is_said_to_be_the_same_however_it_comes(
        text in prop::collection::vec(prop::sample::select(vec![
            "\"", ",", "\t", ";", "\n", "{\"a\":1}", "a", "\"\"", "\r\n", "data=", "%7B", "&", "\\", " ", "{", "}", "\"{}\"",
        ]), 0..24),
    ) {
        assert_same_however_it_comes(text.concat().as_bytes());
    }
}

#[test]
fn a_copied_table_may_begin_with_a_payload_over_two_lines() {
    let payload = "{\"visitor\":\n\"\"}";
    let rows = read(format!("{}\tx\t\\N\n", copy_cell(payload)).as_bytes()).unwrap();
    assert_eq!(rows[0][0], payload.as_bytes());
}

#[test]
fn hostile_sources_are_looked_through_once() {
    let big = 1 << 18;
    for piece in [
        "a,\"x\n",
        "x\",\"\n",
        ",",
        "\t",
        "\n",
        "a,b\n",
        "\"\",",
        "{\"a\":[",
        "{\t",
        "{\"a\":1}\t",
        "a=1&",
        "\"",
        "\\",
    ] {
        let text = format!("a,\"{}", piece.repeat(big / piece.len()));
        for text in [&text.as_bytes()[3..], text.as_bytes()] {
            run(Format::Auto, big, text, true);
        }
    }
}
