//! The options of the mapping.

use std::fmt;

use crate::convert::mapping::{Event, Mapping};

/// The keys of a path in an option.
const MAX_PARTS: usize = 32;

#[derive(Clone, Debug, Default)]
pub struct MappingOptions {
    pub mapping: Mapping,
    pub events: Events,
    pub user_id: UserId,
    pub timestamp: Timestamp,
    /// Those of `--map`.
    pub extra_rows: Vec<ExtraRow>,
    pub message_id: MessageId,
    pub starts: Starts,
    pub events_for: Use,
}

/// The events that are made of a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Events(pub Vec<Event>);

impl Default for Events {
    /// Those of RudderStack's own source.
    fn default() -> Events {
        Events(vec![Event::Track, Event::Group])
    }
}

impl Events {
    pub fn all() -> Events {
        Events(Event::ALL.to_vec())
    }

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

/// The date of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Timestamp {
    /// None: RudderStack dates events by their arrival.
    #[default]
    None,
    /// The time of the conversation's latest item.
    LatestItem,
}

/// The origin of messageIds; the variants' comments are the help of `--message-id`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum MessageId {
    /// A hash: the same event always has the same id
    #[default]
    Stable,
    /// A new id each time
    Random,
}

/// The treatment of Olark's extra posts at the start of chats, which it posts again when they end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Starts {
    #[default]
    Convert,
    Skip,
}

/// The use of events, which may limit what they hold.
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
        return Err("a path is keys joined by single dots, such as visitor.id".into());
    }
    if path.split('.').count() > MAX_PARTS {
        return Err(format!("a path has at most {MAX_PARTS} parts"));
    }
    if path.contains(['[', ']', '"', '\\']) || path.contains(char::is_control) {
        return Err("a path cannot have brackets, quotes, backslashes or control characters".into());
    }
    Ok(())
}

/// One `--map [EVENT:]SOURCE=TARGET`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraRow {
    pub event: Event,
    /// Keys joined by dots.
    pub source: String,
    pub target: String,
}

impl std::str::FromStr for ExtraRow {
    type Err = String;

    fn from_str(text: &str) -> Result<ExtraRow, String> {
        let (source, target) = text.split_once('=').ok_or("expected [EVENT:]SOURCE=TARGET")?;
        // A colon in a later key belongs to that.
        let (event, source) = match source.split_once(':').filter(|(event, _)| !event.contains('.')) {
            Some((event, source)) => (named_event(event)?, source),
            None => (Event::Track, source),
        };
        check_path(source)?;
        check_path(target)?;
        let place = target.split_once('.').map(|(place, _)| place);
        if !matches!(place, Some("properties" | "traits" | "context")) {
            return Err("TARGET must start with properties., traits. or context.".into());
        }
        Ok(ExtraRow { event, source: source.into(), target: target.into() })
    }
}

/// The event of a row that names one.
fn named_event(name: &str) -> Result<Event, String> {
    let mut events = [Event::Group, Event::Identify, Event::Chat].into_iter();
    let event = events.find(|event| event.option() == name);
    event.ok_or_else(|| "EVENT must be group, identify or chat".into())
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
        let longest = ["a"; MAX_PARTS].join(".");
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
            ("a.b:c=properties.x", Event::Track, "a.b:c"),
        ] {
            let row: ExtraRow = text.parse().unwrap();
            assert_eq!((row.event, row.source.as_str()), (event, source));
            assert_eq!(row.to_string(), text);
        }
        for bad in [
            "group:=properties.x",
            "conversation:id=properties.x",
            "Group:id=properties.x",
            ":id=properties.x",
        ] {
            assert!(bad.parse::<ExtraRow>().is_err(), "{bad}");
        }
    }
}
