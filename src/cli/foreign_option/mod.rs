//! Options that other tools have, and which of ours to use instead.

mod rows;

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use rows::ROWS;

/// Which values of an option a row is for.
enum Values {
    /// Any value, or no value.
    Any,
    /// One of these, whatever their case.
    Of(&'static [&'static str]),
}

struct Row {
    names: &'static [&'static str],
    values: Values,
    answer: &'static str,
}

const fn any(names: &'static [&'static str], answer: &'static str) -> Row {
    Row { names, values: Values::Any, answer }
}

const fn of(names: &'static [&'static str], values: &'static [&'static str], answer: &'static str) -> Row {
    Row { names, values: Values::Of(values), answer }
}

/// The message for an option or value that clap does not know, if other tools have it.
pub fn answer(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let name = text(ContextKind::InvalidArg)?;
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let typed: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
            let at = typed.iter().position(|argument| is_typed(argument, name))?;
            let name = typed[at].split('=').next()?;
            let answer = foreign_option(&typed[at], typed.get(at + 1).map(|value| &**value))?;
            Some(format!("there is no {name}: {answer}"))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooManyValues => {
            let value = text(ContextKind::InvalidValue)?;
            let answer = foreign_option(name, Some(value))?;
            let name = name.split(' ').next()?;
            Some(format!("{name} does not take {value}: {answer}"))
        }
        _ => None,
    }
}

/// Whether an argument is the option that clap names. Of several letters after one dash, clap names the unknown
/// one.
fn is_typed(argument: &str, name: &str) -> bool {
    let is_letters = !argument.starts_with("--") && argument.starts_with('-');
    let letter = name.strip_prefix('-').filter(|letter| letter.chars().count() == 1);
    argument.split('=').next() == Some(name)
        || is_letters && letter.is_some_and(|letter| argument.contains(letter))
}

/// What to use instead of an option that we do not have, or that does not take this value. The name may be as it
/// was typed (`--name=value`) or as it is in a usage message (`--name <NAME>`).
fn foreign_option(name: &str, value: Option<&str>) -> Option<&'static str> {
    let (name, value) = match name.split_once('=') {
        Some((name, own)) => (name, value.or(Some(own))),
        None => (name, value),
    };
    let name = name.split(' ').next().unwrap_or_default();
    let is_meant = |row: &&Row| {
        row.names.contains(&name)
            && match row.values {
                Values::Any => true,
                Values::Of(values) => {
                    value.is_some_and(|value| values.iter().any(|v| v.eq_ignore_ascii_case(value)))
                }
            }
    };
    ROWS.iter().find(is_meant).map(|row| row.answer)
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::Cli;

    /// All options that we have.
    fn ours() -> Vec<String> {
        let mut command = Cli::command();
        command.build();
        let longs = command.get_arguments().filter_map(|it| Some(format!("--{}", it.get_long()?)));
        let shorts = command.get_arguments().filter_map(|it| Some(format!("-{}", it.get_short()?)));
        longs.chain(shorts).collect()
    }

    fn answer(name: &str, value: Option<&str>) -> &'static str {
        foreign_option(name, value).unwrap_or_default()
    }

    #[test]
    fn an_option_of_another_tool_gets_ours() {
        for (name, value, ours) in [
            ("--dry-run", None, "--check"),
            ("--format", Some("jsonl"), "ndjson"),
            ("--format", Some("JSONL"), "ndjson"),
            ("--format <FORMAT>", Some("jsonl"), "ndjson"),
            ("--from", Some("csv"), "--input-format"),
            ("--to=jsonl", None, "--format"),
            ("--format=csv", None, "ndjson, json or batch"),
            ("--since", Some("2019-01-01"), "no choice by date"),
            ("--from=2019-01-01", None, "no choice by date"),
            ("--until", None, "no choice by date"),
            ("--input", Some("a.json"), "without an option"),
            ("-i", None, "without an option"),
            ("--threads", Some("4"), "--jobs"),
            ("--parallel", None, "--jobs"),
            ("--limit", Some("10"), "head -n"),
            ("-n", Some("10"), "head -n"),
            ("--head", None, "head -n"),
            ("--compress", None, "gzip"),
            ("--gzip", None, "gzip"),
            ("--delimiter", Some(";"), "recognized"),
            ("--recursive", None, "always"),
            ("-r", None, "always"),
            ("--verbose", Some("2"), "takes no value"),
            ("--out", Some("x"), "--output"),
            ("--output-file", None, "--output"),
            ("--silent", None, "--quiet"),
            ("--force", None, "--overwrite"),
            ("-version", None, "--version"),
            ("--resume", None, "--skip-existing"),
            ("--color", Some("no"), "never"),
        ] {
            assert!(answer(name, value).contains(ours), "{name} {value:?}: {}", answer(name, value));
        }
    }

    #[test]
    fn each_value_that_another_tool_takes_is_refused_with_an_answer() {
        let ours = ours();
        for row in ROWS {
            let Values::Of(values) = row.values else { continue };
            let names = row.names.iter().filter(|name| name.starts_with("--"));
            for (name, value) in names.flat_map(|name| values.iter().map(move |value| (name, value))) {
                let typed = ["olark2rudder".to_string(), format!("{name}={value}")];
                let arguments = typed.clone().map(OsString::from);
                let error = Cli::try_parse_from(typed).unwrap_err();
                let answer = super::answer(&error, &arguments).unwrap_or_default();
                let is_other = !ours.iter().any(|our| our == name);
                assert!(answer.ends_with(row.answer) || is_other, "{name}={value}: {answer}");
            }
        }
    }

    #[test]
    fn an_unknown_option_or_value_gets_no_answer() {
        for (name, value) in [
            ("--dry", None),
            ("--dry-runs", None),
            ("dry-run", None),
            ("--format", None),
            ("--format", Some("jso")),
            ("--format", Some("")),
            ("--output", Some("jsonl")),
            ("--color", Some("auto")),
            ("--verbose", None),
            ("--jobs", Some("-1")),
            ("--SINCE", None),
            ("--", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(foreign_option(name, value), None, "{name} {value:?}");
        }
    }

    #[test]
    fn an_answer_names_only_options_that_there_are() {
        let ours = ours();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
        for row in ROWS {
            for word in row.answer.split(|c| !is_name(c)).filter(|word| word.starts_with("--")) {
                assert!(ours.iter().any(|our| our == word), "{word}");
            }
            assert!(!row.answer.ends_with('.') && !row.answer.contains('\n'), "{}", row.answer);
        }
    }

    #[test]
    fn an_option_of_ours_is_foreign_only_with_another_s_value() {
        let ours = ours();
        for row in ROWS.iter().filter(|row| matches!(row.values, Values::Any)) {
            for name in row.names {
                assert!(!ours.iter().any(|our| our == name), "{name}");
                let rows =
                    ROWS.iter().filter(|row| matches!(row.values, Values::Any) && row.names.contains(name));
                assert_eq!(rows.count(), 1, "{name} has two answers");
            }
        }
    }
}
