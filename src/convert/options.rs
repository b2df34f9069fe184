//! What the user chose about the mapping and its events.

use std::fmt;

use uuid::Uuid;

use crate::convert::mapping::{Event, Mapping};

/// The most keys that a path in an option may have.
const MOST_PARTS: usize = 32;

/// What the user chose.
#[derive(Clone, Debug, Default)]
pub struct MappingOptions {
    /// Which mapping.
    pub mapping: Mapping,
    /// Which events.
    pub events: Events,
    /// Which fields say who the user is.
    pub user_id: UserId,
    /// Whether events are dated by their conversation.
    pub timestamp: Timestamp,
    /// More fields for events.
    pub extra_rows: Vec<ExtraRow>,
    /// Where messageIds come from.
    pub message_id: MessageId,
    /// What events are used for, which may limit them.
    pub events_for: Use,
}

/// Which events are made of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events(pub Vec<Event>);

impl Default for Events {
    /// Those of RudderStack's own source.
    fn default() -> Events {
        Events(vec![Event::Track, Event::Group])
    }
}

impl Events {
    /// Whether one of the kinds is among them.
    pub fn has(&self, event: Event) -> bool {
        self.0.contains(&event)
    }
}

/// Fields that say who the user is: the first that is a string or number and not blank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserId(pub Vec<FieldPath>);

impl Default for UserId {
    fn default() -> UserId {
        UserId(vec![FieldPath("visitor.id".into())])
    }
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

/// What events are used for, which may limit what they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Use {
    /// Anything, without limits.
    #[default]
    Any,
    /// Request bodies for `/v1/batch`, with room for an event of this many bytes.
    Batch { max_event: usize },
}

/// A field of the payload, keys joined by dots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldPath(pub String);

impl std::str::FromStr for FieldPath {
    type Err = String;

    fn from_str(text: &str) -> Result<FieldPath, String> {
        check_path(text)?;
        Ok(FieldPath(text.into()))
    }
}

fn check_path(path: &str) -> Result<(), String> {
    if path.split('.').any(str::is_empty) {
        return Err("a path is keys joined by dots, and none of them is empty".into());
    }
    if path.split('.').count() > MOST_PARTS {
        return Err(format!("a path has at most {MOST_PARTS} parts"));
    }
    if path.contains(['[', ']', '"', '\\']) || path.contains(char::is_control) {
        return Err("a path has no brackets, quotes, backslashes or control characters".into());
    }
    Ok(())
}

/// One `--map [EVENT:]SOURCE=TARGET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraRow {
    /// The events that get it.
    pub event: Event,
    /// The payload's field, keys joined by dots.
    pub source: String,
    /// The event's property.
    pub target: String,
}

impl std::str::FromStr for ExtraRow {
    type Err = String;

    fn from_str(text: &str) -> Result<ExtraRow, String> {
        let named = [Event::Group, Event::Identify, Event::Chat]
            .into_iter()
            .find_map(|event| text.strip_prefix(event.option())?.strip_prefix(':').map(|row| (event, row)));
        let (event, row) = named.unwrap_or((Event::Track, text));
        let (source, target) = row.split_once('=').ok_or("expected [EVENT:]SOURCE=TARGET")?;
        check_path(source)?;
        check_path(target)?;
        let place = target.split_once('.').map(|(place, _)| place);
        if !matches!(place, Some("properties" | "traits" | "context")) {
            return Err("TARGET must start with properties., traits. or context.".into());
        }
        Ok(ExtraRow { event, source: source.into(), target: target.into() })
    }
}

impl fmt::Display for ExtraRow {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if self.event != Event::Track {
            write!(f, "{}:", self.event.option())?;
        }
        write!(f, "{}={}", self.source, self.target)
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

    #[test]
    fn a_row_may_name_its_events() {
        for (text, event, source) in [
            ("id=properties.x", Event::Track, "id"),
            ("group:id=properties.x", Event::Group, "id"),
            ("identify:id=context.traits.x", Event::Identify, "id"),
            ("chat:a:b=properties.x", Event::Chat, "a:b"),
            ("other:id=properties.x", Event::Track, "other:id"),
        ] {
            let row: ExtraRow = text.parse().unwrap();
            assert_eq!((row.event, row.source.as_str()), (event, source));
            assert_eq!(row.to_string(), text);
        }
        assert!("group:=properties.x".parse::<ExtraRow>().is_err());
    }
}
