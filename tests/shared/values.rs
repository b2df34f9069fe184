//! JSON values that parsers and mappings stumble over.

/// Values without members or elements.
pub const LITERALS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0e1",
    "42",
    "1.0",
    "1E+2",
    "1473774821.5e0",
    "123456789012345678901234567890",
    r#""""#,
    r#"" ""#,
    r#""0""#,
    r#""a b 1.2""#,
    r#""Edge\u00201\u0032""#,
    r#""}{][,:\"\\""#,
    r#""\u0000\u00e9""#,
    "\"\u{2028}\u{feff}😀\"",
    r#""data=%7B+""#,
    r#""1473774821.411154""#,
];

/// More of them: JSON too, but beyond what serde_json's `Value` holds.
pub const BEYOND_SERDE: &[&str] = &["1e400", r#""\ud800""#, r#""\udc00x\ud83d""#, r#""\ud834""#];
