use super::*;

fn found(line: &str) -> Result<(Kind, &str), Missing> {
    find(line.as_bytes()).map(|found| (found.kind, &line[found.range]))
}

#[test]
fn a_payload_is_found_within_a_line() {
    const JSON: &str = r#"{"kind": "a;}\"{<&", "visitor": {"id": 1}}"#;
    const PLAIN: &str = r#"data={"kind": "it's", "visitor": {"id": 1}}"#;
    const FORM: &str = "data=%7B%22kind%22:%22a+b%22%7D";
    for (before, payload, behind) in [
        ("2013-04-18 09:57:42,123 DEBUG   jsonString: ", JSON, ""),
        ("Apr 18 09:57:42 host olark[99]: <13> ", JSON, " (12 ms)"),
        ("[app] {req-17} payload: ", JSON, ";"),
        ("[2020] ctx={'user': {'id': 1}} got \"it\" ", JSON, " done"),
        ("10.0.0.1 - - [x] \"POST / HTTP/1.1\" 200 ", JSON, ""),
        ("data: ", JSON, ""),
        ("> ", JSON, ","),
        ("curl -X POST -H \"Accept: */*\" -d '", JSON, "' https://example.com/a"),
        ("curl --data-urlencode '", PLAIN, "' https://example.com/a"),
        ("09:57 body: ", PLAIN, ";"),
        ("x?a=1&", FORM, "&b=2"),
        ("curl -d '", FORM, "' https://example.com/a"),
        ("curl -d \"", FORM, "\" https://example.com/a"),
        ("1.2.3.4 - - [1/Jan/2020:00:00:00 +0000] \"POST /hook?", FORM, " HTTP/1.1\" 200 5 \"-\" \"curl/7\""),
        ("<p>", FORM, "</p>"),
        ("2020 ", FORM, ";"),
        ("2020 ", FORM, "; next"),
        ("2020 ", FORM, ""),
    ] {
        let line = format!("{before}{payload}{behind}");
        let kind = if payload == JSON { Kind::Json } else { Kind::Form };
        assert_eq!(found(&line), Ok((kind, payload)), "{line}");
    }
    assert_eq!(found(r#"mongo { "a": 1}"#), Ok((Kind::Json, r#"{ "a": 1}"#)));
}

#[test]
fn an_apostrophe_within_an_encoded_payload_does_not_end_it() {
    assert_eq!(found("-d 'data=%7B%22it's%22:1%7D' x"), Ok((Kind::Form, "data=%7B%22it's%22:1%7D")));
    assert_eq!(found("-d 'data=%7B%22a%22:1%7D%0A' x"), Ok((Kind::Form, "data=%7B%22a%22:1%7D%0A")));
}

#[test]
fn a_line_without_a_payload_has_none() {
    for line in [
        "",
        "started",
        "data=",
        "data=x",
        "data=%7",
        "%7B%22a%22%7D",
        "{req-17} data",
        "x {'kind': 'a'}",
        r#"x {\"kind\": 1}"#,
        "x {}",
        "x [1]",
        "a } b {",
        r#"x {\x22kind\x22: 1}"#,
        r#""kind": "x","#,
    ] {
        assert_eq!(found(line), Err(Missing::Nothing), "{line}");
    }
}

#[test]
fn the_rest_of_a_broken_record_is_no_payload() {
    for line in [
        r#""kind":"x","visitor":{"id":1}}"#,
        r#"kind":"x","visitor":{"id":1}"#,
        r#"world","visitor" : {"visitor":{"id":1}},"#,
        r#""_source": {"visitor":{"id":1}},"#,
        r#"lo"},{"visitor":{"id":1}},"#,
        r#"lo"}, {"visitor":{"id":1}}"#,
        r#"lo", {"visitor":{"id":1}},"#,
        r#"1]  , {"visitor":{"id":1}},"#,
        r#"}{"visitor":{"id":1}}"#,
        r#", {"visitor":{"id":1}}"#,
        r#": {"visitor":{"id":1}},"#,
        r#""body":"data=%7B%22a%22:1%7D""#,
    ] {
        assert_eq!(found(line), Err(Missing::Part), "{line}");
    }
}

#[test]
fn every_rest_of_a_record_is_no_payload() {
    let record = r#"{"tags":["a",{"b":"c d"}],"n":[1, {"x": 2}],"s":"x, y", "visitor":{"id":"1"},"w":{"visitor":{"id":"1"}},"items":[{"body":"hi"},{"body":"data=%7B%7D"}],"id":"z"}"#;
    for cut in 1..record.len() {
        // What begins with a bracket is a record by itself.
        if !matches!(record.as_bytes()[cut], b'{' | b'[') {
            let found = found(&record[cut..]);
            assert!(found.is_err(), "{} {found:?}", &record[cut..]);
        }
    }
}

#[test]
fn text_behind_a_payload_that_may_be_a_part_of_one_is_told() {
    for (line, at) in [
        (r#"x {"a":1} {"b":2}"#, 10),
        (r#"x {"a":1}}"#, 9),
        (r#"x {"a":1} ,"b":2"#, 13),
        ("x data=%7B%7D data=%7B%7D", 19),
        ("x data=%7B%22;%22%7D", 17),
        (r#"x {"a"} y {"kind":1}"#, 10),
    ] {
        assert_eq!(found(line), Err(Missing::Behind(at)), "{line}");
    }
}

#[test]
fn a_payload_that_never_closes_takes_the_rest_of_the_line() {
    assert_eq!(found(r#"x {"a": [1} y"#), Ok((Kind::Json, r#"{"a": [1} y"#)));
    assert_eq!(found(r#"x {"a": "}"#), Ok((Kind::Json, r#"{"a": "}"#)));
}

#[test]
fn sample_logs_hold_what_was_logged() {
    let line = include_str!("../../../testdata/envelopes/loglines.log").trim_end();
    let (kind, json) = found(line).unwrap();
    assert_eq!((kind, json), (Kind::Json, &line[line.find("{\"").unwrap()..]));
    for log in [
        include_str!("../../../testdata/envelopes/phplog.log"),
        include_str!("../../../testdata/envelopes/phplog_enc.log"),
    ] {
        for line in log.lines().filter(|line| !line.is_empty()) {
            let (kind, body) = found(&format!("2020-01-01 {line}")).map(|(k, b)| (k, b.to_owned())).unwrap();
            assert_eq!((kind, body.as_str()), (Kind::Form, line.trim_end_matches(';')));
        }
    }
    assert_eq!(
        found(&format!("x {}", include_str!("../../../testdata/envelopes/pyrepr.log").trim_end())),
        Err(Missing::Nothing)
    );
}

#[test]
fn invalid_utf8_is_only_carried() {
    assert_eq!(find(b"\xff\xfe {\"a\":\"\xff\"} \xff").map(|found| found.range), Ok(3..12));
}

#[test]
fn hostile_lines_are_looked_through_once() {
    for piece in ["{\"", "{ ", "{", "\"", "\" ", "data=%7B", "'", "%7D'", "[{\"a\":", "\\\"", "}", "data={\""]
    {
        let line = piece.repeat((1 << 20) / piece.len());
        let _ = find(line.as_bytes());
    }
}
