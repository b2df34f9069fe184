//! File names as file systems take them: which bytes a name may have, which names are the same, and which are not
//! names of files at all.
//!
//! Unix takes any bytes. Windows names are Unicode, so only UTF-8 can be turned into one; some of them are
//! devices whatever directory and extension they have (`NUL.json`), a colon names a stream within a file, and
//! dots and spaces at the end are dropped. On Windows and macOS `A.json` and `a.json` are usually one file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The path that consists of these bytes, if this system can have it.
#[cfg(unix)]
pub fn path(bytes: &[u8]) -> Option<PathBuf> {
    let name: &std::ffi::OsStr = std::os::unix::ffi::OsStrExt::from_bytes(bytes);
    Some(name.into())
}

#[cfg(windows)]
pub fn path(bytes: &[u8]) -> Option<PathBuf> {
    str::from_utf8(bytes).ok().map(PathBuf::from)
}

/// A path under which all spellings of one file's name are found. Where it is not known whether a disk tells
/// small letters from capitals, two names count as the same too often rather than too seldom.
pub fn folded(path: &Path) -> Cow<'_, Path> {
    match path.to_str() {
        Some(text) if cfg!(any(windows, target_os = "macos")) => PathBuf::from(text.to_lowercase()).into(),
        _ => path.into(),
    }
}

/// Whether files can be written by the names in a relative path.
pub fn can_be_written(path: &Path) -> bool {
    !cfg!(windows) || path.iter().all(|name| name.to_str().is_some_and(is_windows_name))
}

/// Whether a path leads to a device, such as `NUL`.
#[cfg(windows)]
pub fn is_device(path: &Path) -> bool {
    use std::path::{Component, Prefix};
    match path.components().next() {
        Some(Component::Prefix(prefix)) if matches!(prefix.kind(), Prefix::DeviceNS(_)) => true,
        _ => path.file_name().and_then(|name| name.to_str()).is_some_and(is_device_name),
    }
}

fn is_windows_name(name: &str) -> bool {
    let is_forbidden = |c: char| c.is_control() || r#"<>:"/\|?*"#.contains(c);
    !name.contains(is_forbidden) && !name.ends_with(['.', ' ']) && !is_device_name(name)
}

fn is_device_name(name: &str) -> bool {
    let stem = name.split(['.', ':']).next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT")).unwrap_or_default();
    matches!(stem.as_str(), "CON" | "CONIN$" | "CONOUT$" | "PRN" | "AUX" | "NUL")
        || port.chars().count() == 1 && "0123456789¹²³".contains(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_names_are_neither_devices_nor_streams() {
        for (name, is_file) in [
            ("a.json", true),
            (".a", true),
            ("null.json", true),
            ("com10", true),
            ("é 漢.ndjson", true),
            ("nul", false),
            ("NUL.json", false),
            ("con .json", false),
            ("Lpt1.ndjson", false),
            ("COM²", false),
            ("conout$", false),
            ("a.json:stream", false),
            ("10:15.json", false),
            ("a?.json", false),
            ("a\tb", false),
            ("a.", false),
            ("a ", false),
            ("...", false),
        ] {
            assert_eq!(is_windows_name(name), is_file, "{name}");
        }
    }

    #[test]
    fn names_that_are_not_utf8_are_kept_or_refused() {
        let kept = path(b"x\xff.json").map(|path| crate::term::sanitize::path_text(&path));
        assert_eq!(kept.as_deref(), (!cfg!(windows)).then_some("x\\xff.json"));
        assert_eq!(path("é".as_bytes()), Some("é".into()));
    }

    #[test]
    fn names_are_the_same_where_the_system_says_so() {
        let is_same = folded(Path::new("dir/É.json")) == folded(Path::new("DIR/é.JSON"));
        assert_eq!(is_same, cfg!(any(windows, target_os = "macos")));
    }
}
