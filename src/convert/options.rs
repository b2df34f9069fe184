//! The options of the mapping.

use std::fmt;
use std::str::FromStr;

use crate::convert::mapping::{
    CHAT_ROWS, EVENT_SETS, Event, EventSet, IDENTIFY_ROWS, Mapping, ROWS, Row, TIME_ROWS,
};

/// The keys of a path in an option.
const MAX_PARTS: usize = 32;

#[derive(Clone, Debug)]
pub struct MappingOptions {
    pub mapping: Mapping,
    /// The events that are made of a payload.
    pub events: Vec<Event>,
    /// Fields that say who the user is: the first that is a string or number and not blank.
    pub user_ids: Vec<FieldPath>,
    pub timestamp: Timestamp,
    /// Those of `--map`.
    pub extra_rows: Vec<Row>,
    pub message_id: MessageId,
    pub starts: Starts,
    pub events_for: Use,
}

impl Default for MappingOptions {
    /// The events of RudderStack's own source.
    fn default() -> MappingOptions {
        MappingOptions {
            mapping: Mapping::default(),
            events: vec![Event::Conversation, Event::Group],
            user_ids: vec![FieldPath("visitor.id".into())],
            timestamp: Timestamp::default(),
            extra_rows: Vec::new(),
            message_id: MessageId::default(),
            starts: Starts::default(),
            events_for: Use::default(),
        }
    }
}

impl MappingOptions {
    /// The rows of an event, the user's own at the end.
    pub fn rows(&self, event: Event) -> impl Iterator<Item = &Row> {
        let times = if self.timestamp == Timestamp::LatestItem { TIME_ROWS } else { &[] };
        let rows = [ROWS, IDENTIFY_ROWS, CHAT_ROWS, times, &self.extra_rows].into_iter().flatten();
        rows.filter(move |row| row.events.contains(&event) && row.mappings.contains(&self.mapping))
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

impl FromStr for FieldPath {
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

/// The row of a `--map [EVENT:]SOURCE=TARGET`.
impl FromStr for Row {
    type Err = String;

    fn from_str(text: &str) -> Result<Row, String> {
        let (source, target) = text.split_once('=').ok_or("expected [EVENT:]SOURCE=TARGET")?;
        // A colon in a later key belongs to that.
        let (set, source) = match source.split_once(':').filter(|(name, _)| !name.contains('.')) {
            Some((name, source)) => (set_of_rows(name)?, source),
            None => (&EVENT_SETS[0], source),
        };
        check_path(source)?;
        check_path(target)?;
        let place = target.split_once('.').map(|(place, _)| place);
        if !matches!(place, Some("properties" | "traits" | "context")) {
            return Err("TARGET must start with properties., traits. or context.".into());
        }
        Ok(Row::of_user(source, target, set.events))
    }
}

/// The events of a row that names them.
fn set_of_rows(name: &str) -> Result<&'static EventSet, String> {
    EVENT_SETS[1..4].iter().find(|set| set.name == name).ok_or_else(|| {
        "EVENT is group, identify or chat; without it, the field is for the conversation".into()
    })
}

/// As it is written in `--map`.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.set_name() {
            "conversation" => {}
            name => write!(f, "{name}:")?,
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
            assert!(bad.parse::<Row>().is_err(), "{bad}");
        }
        for good in ["visitor.customFields=context.traits.customFields", &format!("{longest}=properties.x")] {
            assert!(good.parse::<Row>().is_ok(), "{good}");
        }
    }

    #[test]
    fn a_row_may_name_its_events() {
        for (text, events, source) in [
            ("id=properties.x", "conversation", "id"),
            ("group:id=properties.x", "group", "id"),
            ("identify:id=context.traits.x", "identify", "id"),
            ("chat:a:b=properties.x", "chat", "a:b"),
            ("a.b:c=properties.x", "conversation", "a.b:c"),
        ] {
            let row: Row = text.parse().unwrap();
            assert_eq!((row.set_name(), &*row.source), (events, source));
            assert_eq!(row.to_string(), text);
        }
        for bad in [
            "group:=properties.x",
            "conversation:id=properties.x",
            "Group:id=properties.x",
            ":id=properties.x",
        ] {
            assert!(bad.parse::<Row>().is_err(), "{bad}");
        }
    }
}
