//! What the user chose of the mapping, and of what it makes.

use uuid::Uuid;

use crate::convert::mapping::Mapping;

/// What the user chose.
#[derive(Clone, Debug)]
pub struct MappingOptions {
    /// Which mapping.
    pub mapping: Mapping,
    /// Whether events are dated by their conversation.
    pub timestamp: bool,
    /// More fields for the track event.
    pub extras: Vec<ExtraRow>,
    /// Where messageIds come from, when not from the event itself.
    pub fresh_id: Option<fn() -> Uuid>,
    /// The longest event that is allowed, in bytes.
    pub max_event: Option<usize>,
}

impl Default for MappingOptions {
    fn default() -> Self {
        let mapping = Mapping::Standard;
        MappingOptions { mapping, timestamp: false, extras: Vec::new(), fresh_id: None, max_event: None }
    }
}

/// One `--map SOURCE=TARGET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraRow {
    /// The payload's field, keys joined by dots.
    pub source: String,
    /// The event's property.
    pub target: String,
}

impl std::str::FromStr for ExtraRow {
    type Err = String;

    fn from_str(text: &str) -> Result<ExtraRow, String> {
        let (source, target) = text.split_once('=').ok_or("expected SOURCE=TARGET")?;
        for path in [source, target] {
            if path.split('.').any(str::is_empty) {
                return Err("a path is keys joined by dots, and none of them empty".into());
            }
        }
        if text.contains(['[', ']', '"', '\\']) || text.contains(char::is_control) {
            return Err(
                "a path is keys joined by dots: no brackets, quotes, backslashes or control characters"
                    .into(),
            );
        }
        let place = target.split_once('.').map(|(place, _)| place);
        if !matches!(place, Some("properties" | "traits" | "context")) {
            return Err("TARGET must begin with properties., traits. or context.".into());
        }
        Ok(ExtraRow { source: source.into(), target: target.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_checked() {
        for bad in [
            "",
            "id",
            "id=",
            "=properties.id",
            "id=userId",
            "id=properties",
            "a..b=properties.x",
            "id=properties.",
            "id=other.x",
            "id=properties.a\"b",
            "groups[].id=properties.x",
            "id=properties..x",
        ] {
            assert!(bad.parse::<ExtraRow>().is_err(), "{bad}");
        }
        assert!("visitor.customFields=context.traits.customFields".parse::<ExtraRow>().is_ok());
    }
}
