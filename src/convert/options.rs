//! What the user chose of the mapping, and of what it makes.

use uuid::Uuid;

use crate::convert::mapping::Mapping;

/// The most keys that a path of `--map` has.
const MOST_PARTS: usize = 32;

/// What the user chose.
#[derive(Clone, Debug, Default)]
pub struct MappingOptions {
    /// Which mapping.
    pub mapping: Mapping,
    /// Whether events are dated by their conversation.
    pub timestamp: Timestamp,
    /// More fields for the track event.
    pub extra_rows: Vec<ExtraRow>,
    /// Where messageIds come from.
    pub message_id: MessageId,
    /// Where events go.
    pub events_for: Use,
}

/// Whether events are dated by their conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timestamp {
    /// RudderStack dates them by their arrival.
    #[default]
    None,
    /// By the time of the latest item.
    LatestItem,
}

/// Where messageIds come from.
#[derive(Clone, Copy, Debug, Default)]
pub enum MessageId {
    /// From the conversation and the event's content.
    #[default]
    Stable,
    /// From this function, new for each event.
    Random(fn() -> Uuid),
}

/// Where events go, as far as that limits what they may be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Use {
    /// Into files, whatever they are.
    #[default]
    Any,
    /// Into request bodies for `/v1/batch`, with room for an event of this many bytes.
    Batch { max_event: usize },
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
                return Err("a path is keys joined by dots, and none of them is empty".into());
            }
            if path.split('.').count() > MOST_PARTS {
                return Err(format!("a path has at most {MOST_PARTS} parts"));
            }
        }
        if text.contains(['[', ']', '"', '\\']) || text.contains(char::is_control) {
            return Err("a path has no brackets, quotes, backslashes or control characters".into());
        }
        let place = target.split_once('.').map(|(place, _)| place);
        if !matches!(place, Some("properties" | "traits" | "context")) {
            return Err("TARGET must start with properties., traits. or context.".into());
        }
        Ok(ExtraRow { source: source.into(), target: target.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_checked() {
        let longest = ["a"; MOST_PARTS].join(".");
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
            &format!("{longest}.a=properties.x"),
            &format!("id=properties.{longest}"),
        ] {
            assert!(bad.parse::<ExtraRow>().is_err(), "{bad}");
        }
        for good in ["visitor.customFields=context.traits.customFields", &format!("{longest}=properties.x")] {
            assert!(good.parse::<ExtraRow>().is_ok(), "{good}");
        }
    }
}
