use super::*;

fn cells(dialect: Dialect, row: &str) -> Result<Vec<String>, BadRow> {
    let mut found = Vec::new();
    each(dialect, row.as_bytes(), |index, cell| {
        assert_eq!(index, found.len());
        found.push(String::from_utf8(cell.to_vec()).unwrap());
    })?;
    Ok(found)
}

fn quoted(separator: u8, width: usize) -> Dialect {
    Dialect { separator, quoting: CellQuoting::Doubled(b'"'), width }
}

const COPY: Dialect = Dialect { separator: b'\t', quoting: CellQuoting::Unknown, width: 3 };

#[test]
fn cells_are_what_was_written() {
    assert_eq!(
        cells(quoted(b',', 3), "1,\"{\"\"a\"\":\"\"x\ny\"\"}\",\r").unwrap(),
        ["1", "{\"a\":\"x\ny\"}", ""]
    );
    assert_eq!(cells(quoted(b';', 2), "a\"b;\"\"").unwrap(), ["a\"b", ""]);
    assert_eq!(cells(quoted(b',', 2), r#""a"b,c"#).unwrap(), ["ab", "c"]);
    assert_eq!(cells(COPY, "1\t{\"a\":\"x\\\\ny\"}\t\\N\r").unwrap(), ["1", r#"{"a":"x\ny"}"#, ""]);
    assert_eq!(cells(COPY, "\"\t\"a\tb\"").unwrap(), ["\"", "\"a", "b\""]);
}

#[test]
fn a_broken_row_is_told() {
    assert_eq!(cells(quoted(b',', 3), "1,2"), Err(BadRow::Width));
    assert_eq!(cells(quoted(b',', 3), "1,2,3,4"), Err(BadRow::Width));
    assert_eq!(cells(quoted(b',', 2), ""), Err(BadRow::Width));
    assert_eq!(cells(quoted(b',', 2), "1,\"2"), Err(BadRow::Unclosed));
    assert_eq!(cells(COPY, "1\t2"), Err(BadRow::Width));
    assert_eq!(cells(COPY, "1\t2\t3\t4"), Err(BadRow::Width));
}

#[test]
fn a_row_of_a_million_empty_cells_is_broken_at_once() {
    let row = ",".repeat(1 << 20);
    for _ in 0..100 {
        assert_eq!(each(quoted(b',', 3), row.as_bytes(), |_, _| ()), Err(BadRow::Width));
    }
}
