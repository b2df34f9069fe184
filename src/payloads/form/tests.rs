//! How form bodies are recognized and decoded.

use super::*;

fn decoded(body: &str) -> Result<String, &'static str> {
    let mut json = Vec::new();
    decode(body.as_bytes(), &mut json).map_err(|bad| bad.reason)?;
    Ok(String::from_utf8(json).unwrap())
}

#[test]
fn a_value_is_decoded_only_when_it_is_encoded() {
    for (body, json) in [
        ("data=%7B%22a%22%3A+%22b%2Bc%20d%22%7d", r#"{"a": "b+c d"}"#),
        ("x=1&data=%7B%7D&y=2", "{}"),
        (r#"data={"a": "1+1=2 & 50%"}"#, r#"{"a": "1+1=2 & 50%"}"#),
        (r#"x=1&y=&data= {"a": "1+1=2 & 50%"}"#, r#"{"a": "1+1=2 & 50%"}"#),
        ("data={%22a%22:1}", r#"{"a":1}"#),
        (r#"data=["1+1=2 & 50%"]&x=1"#, r#"["1+1=2 & 50%"]"#),
        (r#"data="a&data=b" ; "#, r#""a&data=b""#),
        (r#"data=["a+b%22] "#, r#"["a b"]"#),
        ("data=%7B%7D; ", "{}"),
        ("data={};", "{}"),
    ] {
        assert_eq!(decoded(body).as_deref(), Ok(json), "{body}");
    }
}

#[test]
fn a_bad_body_is_told_apart() {
    for body in
        ["x=%7B%7D", "data", "data=", "data=+", "data=;", "data=%7", "data=%", "data=%zz", "data=%7B%g0"]
    {
        assert!(decoded(body).is_err(), "{body}");
    }
}

#[test]
fn a_place_in_the_json_is_one_in_the_body() {
    let body = b"x=1&data=%7B%22a%22:+1%7D";
    let mut json = Vec::new();
    let payload = decode(body, &mut json).unwrap();
    assert_eq!(json, br#"{"a": 1}"#);
    assert_eq!(&body[payload.place(body, 1)..][..3], b"%22");
    assert_eq!(&body[payload.place(body, 6)..][..1], b"1");
    assert_eq!(payload.place(body, json.len()), body.len());
    let body = br#"x=1&data= {"a":1}"#;
    let payload = decode(body, &mut json).unwrap();
    assert_eq!(body[payload.place(body, 1)], b'"');
}

#[test]
fn only_white_space_and_separators_are_ignored() {
    for (text, len) in [("", 0), (" \t\r;", 4), (",", 1), ("; x", 2), ("}", 0), (";;\u{a0}", 2), (" ,\n ", 2)]
    {
        assert_eq!(ignored_len(text.as_bytes()), len, "{text:?}");
    }
    assert_eq!(trim_ignored(b"a;b ,;\r\n"), b"a;b");
}

#[test]
fn other_fields_may_come_before_data() {
    for (text, at) in [
        ("data=%7B", Some(0)),
        ("%7b", Some(0)),
        ("token=abc&data=%7B%7D", Some(10)),
        ("a=1&b=&c%5B%5D=x%20y&data={", Some(21)),
        ("a=1&data=\n", Some(4)),
        ("a~b=1&data=\n", Some(6)),
        ("a=b=c&data=x", Some(6)),
        // Near misses.
        ("a=1&mydata=%7B\n", None),
        ("a=1 2&data=%7B", None),
        ("a=1\n&data=%7B", None),
        ("=1&data=%7B", None),
        ("a&data=%7B", None),
        (r#"a="1"&data=%7B"#, None),
        (r#"{"a=1&data=%7B"#, None),
        ("level=info msg=x data=%7B%7D", None),
        ("https://example.com/?a=1&data=%7B", None),
        ("a=1&b=2\n", None),
    ] {
        let found = match beginning(text.as_bytes()) {
            Beginning::Form(at) => Some(at),
            Beginning::Other => None,
            Beginning::Unknown => panic!("{text} is long enough"),
        };
        assert_eq!(found, at, "{text}");
    }
}

#[test]
fn more_text_never_changes_what_was_said() {
    let long = format!("a={}&data=%7B", "x".repeat(MAX_FIELDS));
    let longest = format!("a={}&data=%7B", "x".repeat(MAX_FIELDS - 8));
    assert_eq!(beginning(long.as_bytes()), Beginning::Other);
    assert_eq!(beginning(longest.as_bytes()), Beginning::Form(MAX_FIELDS - 5));
    for text in ["token=abc&x=&data=%7B%7D", "a=1&dat=1&data={}", "a=1&b=2\n", "%7Bx", "x y", &long, &longest]
    {
        let known = beginning(text.as_bytes());
        for cut in 0..text.len() {
            let found = beginning(&text.as_bytes()[..cut]);
            assert!(found == known || found == Beginning::Unknown, "{text} {cut}");
        }
    }
}

#[test]
fn a_plain_object_is_found_behind_other_fields() {
    assert_eq!(plain_object(br#"a=1&data={"b":1}"#), Some(9));
    assert_eq!(plain_object(br#"a=1&data=%7B"#), None);
    assert!(may_be_plain(b"a=1&data={ ") && may_be_plain(b"data=") && !may_be_plain(b"a=1&data={%"));
}

#[test]
fn an_ampersand_in_json_starts_no_field() {
    for (body, next) in [
        ("data=%7B%7D&data=%7B%7D", Some(12)),
        (r#"data={"a":"&data="}&x=1&data={}"#, Some(24)),
        (r#"data="a&data=b"&data={}"#, Some(16)),
        (r#"x=1&data=["&data=", {}] &data={}"#, Some(25)),
        (r#"data="a&data=b"&x=1"#, None),
        // Not JSON.
        (r#"data="a&data={}"#, Some(8)),
        ("data=a&data={}", Some(7)),
    ] {
        assert_eq!(next_data(body.as_bytes()), next, "{body}");
    }
}
