use super::*;
use proptest::prelude::*;

/// The rows of a text that comes so many bytes at a time.
fn rows(text: &str, quoting: Quoting, step: usize) -> Vec<&str> {
    let mut rows = Rows::new(b',', quoting);
    let (mut at, mut read, mut found) = (0, 0, Vec::new());
    while at < text.len() {
        match rows.end(&text.as_bytes()[at..read.max(at)], read >= text.len()) {
            Some(len) => {
                found.push(&text[at..at + len]);
                at += len + 1;
            }
            None => read = text.len().min(read + step),
        }
    }
    found
}

#[test]
fn a_row_ends_at_a_line_feed_outside_of_quotes() {
    for (text, expected) in [
        ("a,b\nc,d", vec!["a,b", "c,d"]),
        ("a,\"b\nc\"\nd\r\n", vec!["a,\"b\nc\"", "d\r"]),
        ("a,\"b\"\"\n\"\"\"\r\nd", vec!["a,\"b\"\"\n\"\"\"\r", "d"]),
        ("a\"b\nc\"d\n", vec!["a\"b", "c\"d"]),
        ("\n\n,\n", vec!["", "", ","]),
    ] {
        for step in 1..=text.len() {
            assert_eq!(rows(text, Quoting::Quotes, step), expected, "{text:?} {step}");
        }
    }
    assert_eq!(rows("a,\"b\nc\"\n", Quoting::Backslashes, 3), ["a,\"b", "c\""]);
}

#[test]
fn a_wrong_quote_breaks_no_row_but_its_own() {
    for (text, expected) in [
        ("5,\"abc\n6,\"{\n}\"\n7,8\n", vec!["5,\"abc", "6,\"{\n}\"", "7,8"]),
        ("5,\"abc\n6,7\n8,9", vec!["5,\"abc", "6,7", "8,9"]),
        ("5,\"a\"c\n6,7\n", vec!["5,\"a\"c", "6,7"]),
    ] {
        for step in 1..=text.len() {
            assert_eq!(rows(text, Quoting::Quotes, step), expected, "{text:?} {step}");
        }
    }
}

/// How much of a text belongs to its first row, too large to be kept, when so many bytes come at a time.
fn skipped(text: &str, step: usize) -> usize {
    let mut rows = Rows::new(b',', Quoting::Quotes);
    let (mut at, mut read) = (0, step);
    loop {
        let end = read.min(text.len());
        let (len, is_over) = rows.skip(&text.as_bytes()[at..end], end == text.len());
        (at, read) = (at + len, read + step);
        if is_over {
            return at;
        }
    }
}

#[test]
fn a_wrong_quote_ends_a_row_too_large_however_much_is_read_at_a_time() {
    for (text, end) in
        [("1,\"x\ny\n2,\"z\"\n3,", 6), ("1,\"x\"y\n2,3", 6), ("1,\"x\ny", 4), ("1,\"x\n\"\ny", 6)]
    {
        for step in 1..=text.len() {
            assert_eq!(skipped(text, step), end, "{text:?} {step}");
        }
    }
    let long = format!("1,\"x\n{}\"y\n2,3", "x".repeat(2 * MOST_KEPT));
    for step in [1000, MOST_KEPT - 1, MOST_KEPT, MOST_KEPT + 1, long.len()] {
        assert_eq!(skipped(&long, step), long.len() - 4, "{step}");
    }
}

#[test]
fn a_row_too_large_is_skipped_to_its_end() {
    let text = "a,\"x\ny\"\"\nz\"\r\nb,c\n";
    for step in 1..text.len() {
        let mut rows = Rows::new(b',', Quoting::Quotes);
        let mut read = step;
        // Some of it was looked at before it was too large.
        assert!(step >= 13 || rows.end(&text.as_bytes()[..step.min(3)], false).is_none());
        let (mut at, mut over) = (0, false);
        while !over {
            let (len, done) = rows.skip(&text.as_bytes()[at..read.min(text.len())], read >= text.len());
            (at, over, read) = (at + len, done, read + step);
        }
        assert_eq!(&text[at..], "\nb,c\n", "{step}");
        assert_eq!(rows.end(&text.as_bytes()[at + 1..], true), Some(3));
    }
}

proptest! {
    #[test]
    fn rows_are_the_same_however_they_come(
        text in prop::collection::vec(prop::sample::select(vec!["\"", ",", "\n", "a", "\"\"", "\r", "\r\n", "\",\""]), 0..24),
        step in 1_usize..9,
    ) {
        let text = text.concat();
        let whole = rows(&text, Quoting::Quotes, text.len().max(1));
        prop_assert!(whole.iter().map(|row| row.len() + 1).sum::<usize>().abs_diff(text.len()) <= 1);
        prop_assert_eq!(rows(&text, Quoting::Quotes, step), whole);
    }

    #[test]
    fn rows_are_those_of_the_csv_crate(
        table in prop::collection::vec(prop::collection::vec("[a\",\n\r ]{0,6}", 3), 1..9),
    ) {
        let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
        let mut ends = Vec::new();
        for row in &table {
            writer.write_record(row).unwrap();
            writer.flush().unwrap();
            ends.push(writer.get_ref().len());
        }
        let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
        let mut at = 0;
        let found: Vec<usize> = rows(&text, Quoting::Quotes, 7)
            .iter()
            .map(|row| { at += row.len() + 1; at })
            .collect();
        prop_assert_eq!(found, ends);
    }
}

#[test]
fn hostile_tables_take_linear_time() {
    for piece in ["a,\"x\n", "x\",\"\n", ",", "\n", "a,b\n", "\",\n", "\"", "\"\",", "\"a\"\"\n", ",\"\n\n\n"]
    {
        for (before, behind) in [("", ""), ("\"", ""), ("\"", "\"x"), ("", "\"x\"x")] {
            let text = [before, &piece.repeat((1 << 20) / piece.len()), behind].concat();
            let text = text.as_bytes();
            let mut rows = Rows::new(b',', Quoting::Quotes);
            let (mut at, mut read) = (0, 0);
            while at < text.len() {
                match rows.end(&text[at..read.max(at)], read == text.len()) {
                    Some(len) => at += len + 1,
                    None => read = text.len().min(read + (64 << 10)),
                }
            }
        }
    }
}
