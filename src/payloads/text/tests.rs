use super::*;

/// The parts of a line as texts, and the rest.
fn found(line: &str) -> (Vec<(Content, &str)>, Rest) {
    let (parts, rest) = parts(line.as_bytes(), None);
    (parts.into_iter().map(|part| (part.content, &line[part.range])).collect(), rest)
}

const JSON: &str = r#"{"kind": "a;}\"{<&", "visitor": {"id": 1}}"#;
const FORM: &str = "data=%7B%22kind%22:%22a+b%22%7D";

#[test]
fn a_payload_is_found_within_a_line() {
    for (before, payload, after) in [
        ("2013-04-18 09:57:42,123 DEBUG   jsonString: ", JSON, ""),
        ("Apr 18 09:57:42 host olark[99]: <13> ", JSON, " (12 ms)"),
        ("[app] {req-17} payload: ", JSON, ";"),
        ("[2020] ctx={'user': {'id': 1}} got \"it\" ", JSON, " took {3ms}"),
        ("10.0.0.1 - - [x] \"POST / HTTP/1.1\" 200 ", JSON, ""),
        ("curl -X POST -H \"Accept: */*\" -d '", JSON, "' https://example.com/a"),
        ("09:57 body: data=", JSON, ";"),
        ("x?a=1&", FORM, "&b=2"),
        ("curl -d '", FORM, "' https://example.com/a"),
        ("1.2.3.4 - - [1/Jan/2020:00:00:00 +0000] \"POST /hook?", FORM, " HTTP/1.1\" 200 5 \"-\" \"curl/7\""),
        ("<p>", FORM, "</p>"),
        ("2020 ", FORM, "; next"),
        ("-d '", "data=%7B%22it's%22:1%7D%0A", "' x"),
        ("body=", "%7B%22kind%22:%22a%22%7D", ""),
    ] {
        let line = format!("{before}{payload}{after}");
        let content = if payload == JSON { Content::Plain } else { Content::Form };
        let (parts, rest) = found(&line);
        assert_eq!(parts, [(content, payload)], "{line}");
        assert!(!matches!(rest, Rest::Key(_)), "{line}");
    }
}

#[test]
fn several_payloads_may_be_on_a_line() {
    let line = format!("a {JSON} b {FORM} c {JSON}");
    assert_eq!(found(&line).0.len(), 3);
}

#[test]
fn quoting_is_undone() {
    let text = r#"{"id":"a\"b\\c é","visitor":{}}"#;
    for (before, quoted, after) in [
        ("msg=\"", r#"{\"id\":\"a\\\"b\\\\c é\",\"visitor\":{}}"#, "\""),
        ("1,\"", r#"{""id"":""a\""b\\c é"",""visitor"":{}}"#, "\""),
        ("\"", r#"{\x22id\x22:\x22a\x5C\x22b\x5C\x5Cc \xC3\xA9\x22,\x22visitor\x22:{}}"#, "\""),
        ("<p>", r#"{&quot;id&quot;:&#34;a\&quot;b\\c &#xe9;&quot;,&quot;visitor&quot;:{}}"#, "</p>"),
        ("{'data': '", r#"{"id":"a\\"b\\\\c é","visitor":{}}"#, "'}"),
        ("b'", r#"{"id":"a\\"b\\\\c \xc3\xa9","visitor":{}}"#, "'"),
    ] {
        let line = format!("{before}{quoted}{after}");
        let expected = Content::Unquoted(text.as_bytes().to_vec());
        assert_eq!(found(&line).0, [(expected, quoted)], "{line}");
    }
}

#[test]
fn a_text_with_two_readings_is_ambiguous_unless_the_source_decides() {
    let line = r#"'{"id":"it''s","visitor":{}}'"#;
    assert_eq!(found(line).0[0].0, Content::Ambiguous);
    let plain = parts(line.as_bytes(), Some(&crate::payloads::quoting::PLAIN)).0;
    assert_eq!(plain[0].content, Content::Plain);
    // One that is the same in every way is no question.
    assert_eq!(found(r#"'{"id":"its","visitor":{}}'"#).0[0].0, Content::Plain);
}

#[test]
fn a_line_without_an_object_has_no_part() {
    for line in [
        "",
        "started",
        "data=",
        "data=x",
        "%7Bx%7D",
        "{req-17} data",
        "x {'kind': 'a'}",
        "x {}",
        "x [1]",
        "a } b {",
        r#"Parameters: {"data"=>"x"}"#,
        r#"Parameters: {"data" => "x"}"#,
    ] {
        assert_eq!(found(line).0, [], "{line}");
    }
}

#[test]
fn the_rest_of_a_record_is_a_fragment() {
    for line in [
        r#""kind":"x","visitor":{"id":1}}"#,
        r#"kind":"x","visitor":{"id":1}"#,
        r#"world","visitor" : {"visitor":{"id":1}},"#,
        r#"lo"},{"visitor":{"id":1}},"#,
        r#"lo", {"visitor":{"id":1}},"#,
        r#"1]  , {"visitor":{"id":1}},"#,
        r#"}{"visitor":{"id":1}}"#,
        r#", {"visitor":{"id":1}}"#,
        r#": {"visitor":{"id":1}},"#,
        r#""body":"data=%7B%22a%22:1%7D""#,
        r#"x {"visitor":{}}}"#,
        r#"x {"visitor":{}} ,"b":2"#,
        r#"x\x22kind\x22: \x22y\x22"#,
        "x&quot;kind&quot;: 1",
    ] {
        assert!(matches!(found(line).1, Rest::Key(_)), "{line}");
    }
    let record = r#"{"tags":["a",{"b":"c d"}],"n":[1, {"x": 2}],"s":"x, y", "visitor":{"id":"1"},"w":{"visitor":{"id":"1"}},"items":[{"body":"hi"},{"body":"data=%7B%7D"}],"id":"z"}"#;
    for cut in 1..record.len() - 4 {
        // What begins with a bracket is a record by itself.
        if !matches!(record.as_bytes()[cut], b'{' | b'[') {
            let (parts, rest) = found(&record[cut..]);
            assert!(parts.is_empty() || matches!(rest, Rest::Key(_)), "{} {parts:?}", &record[cut..]);
        }
    }
}

#[test]
fn an_object_that_does_not_end_takes_the_rest() {
    assert_eq!(found(r#"x {"a": [1} y"#).0, [(Content::Open(None), r#"{"a": [1} y"#)]);
    let (parts, _) = found(r#"x "{\"visitor\": {\"i"#);
    assert_eq!(parts[0].0, Content::Open(Some(br#"{"visitor": {"i"#.to_vec())));
}

#[test]
fn hostile_lines_are_looked_through_once() {
    for piece in [
        "{\"",
        "{ ",
        "{",
        "\"",
        "data=%7B",
        "'",
        "%7D'",
        "[{\"a\":",
        "\\\"",
        "}",
        "data={\"",
        "{\\\"",
        "{\"\"",
        "'{\"",
        "`{\"a\":1}",
        "{&quot;",
        ">{\"",
        "{\"\":1}",
    ] {
        let line = piece.repeat((1 << 18) / piece.len());
        let _ = parts(line.as_bytes(), None);
        let _ = open_object(line.as_bytes());
        let _ = reading::evidence(line.as_bytes());
    }
}
