//! The options of the mapping.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use strsim::damerau_levenshtein;
use strum::VariantArray;

use crate::convert::mapping::{
    CHAT_ROWS, EVENT_SETS, Event, IDENTIFY_ROWS, Mapping, ROWS, Row, TIME_ROWS, Via,
};

const MAX_PARTS: usize = 32;

#[derive(Clone, Debug)]
pub struct MappingOptions {
    pub mapping: Mapping,
    /// The events that are made of a payload.
    pub events: Vec<Event>,
    /// Fields that say who the user is: the first that is a string or number and not blank.
    pub user_ids: Vec<String>,
    pub timestamp: Timestamp,
    pub extra_rows: Vec<Row>,
    pub message_id: MessageId,
    pub starts: Starts,
    /// The most bytes of an event that is sent in a batch; `None` if events are not checked for that.
    pub max_batch_event: Option<usize>,
}

impl Default for MappingOptions {
    /// The events of RudderStack's own source.
    fn default() -> MappingOptions {
        MappingOptions {
            mapping: Mapping::default(),
            events: vec![Event::Conversation, Event::Group],
            user_ids: vec!["visitor.id".into()],
            timestamp: Timestamp::default(),
            extra_rows: Vec::new(),
            message_id: MessageId::default(),
            starts: Starts::default(),
            max_batch_event: None,
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

/// Checks the path of a field in an option: keys joined by dots. Fails when it is not one.
pub fn field_path(path: &str) -> Result<String, String> {
    if path.split('.').any(str::is_empty) {
        return Err("a path is keys joined by single dots, such as visitor.id".into());
    }
    if path.split('.').count() > MAX_PARTS {
        return Err(format!("a path has at most {MAX_PARTS} parts"));
    }
    if path.contains(['[', ']', '"', '\\']) || path.contains(char::is_control) {
        return Err("a path cannot have brackets, quotes, backslashes or control characters".into());
    }
    Ok(path.into())
}

/// The row of a `--map [EVENT:]SOURCE=TARGET`.
impl FromStr for Row {
    type Err = String;

    fn from_str(text: &str) -> Result<Row, String> {
        let (source, target) = text.split_once('=').ok_or("expected [EVENT:]SOURCE=TARGET")?;
        // A colon in a later key belongs to that.
        let (set, source) = match source.split_once(':').filter(|(name, _)| !name.contains('.')) {
            Some((name, source)) => {
                let set = EVENT_SETS[1..4].iter().find(|set| set.name == name);
                (set.ok_or("EVENT must be group, identify or chat")?, source)
            }
            None => (&EVENT_SETS[0], source),
        };
        let (source, target) = (field_path(source)?.into(), Cow::from(field_path(target)?));
        let place = target.split_once('.').map(|(place, _)| place);
        if !matches!(place, Some("properties" | "traits" | "context")) {
            return Err("TARGET must start with properties., traits. or context.".into());
        }
        let mappings = Mapping::VARIANTS;
        Ok(Row { source, target, events: set.events, mappings, via: Via::Copy, note: "--map" })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.set_name() {
            "conversation" => {}
            name => write!(f, "{name}:")?,
        }
        write!(f, "{}={}", self.source, self.target)
    }
}

/// Documented fields that are in no mapping.
const OTHERS: [&str; 4] = ["id", "eventType", "manuallySubmitted", "visitor.customFields"];

/// A part of a field's name that may stand for all of it has at least this many letters.
const MIN_PART: usize = 4;

/// The documented field that is most like this path, unless it is one itself.
pub fn nearest(path: &str) -> Option<String> {
    let known = || ROWS.iter().map(|row| &*row.source).filter(|path| !path.contains('[')).chain(OTHERS);
    let is_known = known()
        .any(|known| path.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')));
    let nearest = known()
        .filter_map(|known| Some((distance(path, known)?, known)))
        .min_by_key(|(distance, _)| *distance);
    let (_, known) = nearest.filter(|_| !is_known)?;
    let rest = path.split('.').skip(known.split('.').count());
    Some([known].into_iter().chain(rest).collect::<Vec<_>>().join("."))
}

/// The letters that differ between the start of a path and a documented field, if these are few. The path may lack the
/// field's parent, or have only a part of its name: either counts as a letter.
fn distance(path: &str, known: &str) -> Option<usize> {
    let (parent, name) = known.rsplit_once('.').unwrap_or(("", known));
    let (own_parent, own_path) = path.split_once('.').filter(|_| !parent.is_empty()).unwrap_or(("", path));
    let own_name = own_path.split('.').next()?.to_lowercase();
    let name = name.to_lowercase();
    let parents =
        if own_parent.is_empty() { parent.len().min(1) } else { damerau_levenshtein(own_parent, parent) };
    if own_name.len() >= MIN_PART && parents <= 1 && name.contains(&own_name) {
        return Some(parents + usize::from(name != own_name));
    }
    let distance = parents + damerau_levenshtein(&own_name, &name);
    (distance <= 1 + name.len() / 4).then_some(distance)
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

    #[test]
    fn the_nearest_documented_field_is_found() {
        for (path, expected) in [
            ("visitor.fulName", Some("visitor.fullName")),
            ("visitor.FULLNAME", Some("visitor.fullName")),
            ("visitor.full_name", Some("visitor.fullName")),
            ("visitor.name", Some("visitor.fullName")),
            ("fullName", Some("visitor.fullName")),
            ("visiter.city", Some("visitor.city")),
            ("visitor.email", Some("visitor.emailAddress")),
            ("visitor.country_code", Some("visitor.countryCode")),
            ("visitor.ID", Some("visitor.id")),
            ("visitor.customFeilds.plan.name", Some("visitor.customFields.plan.name")),
            ("tag", Some("tags")),
            ("idd", Some("id")),
            ("Id", Some("id")),
            ("visitor.customFields.plan", None),
            ("visitor.xy", None),
            ("visitor.id", None),
            ("id", None),
            ("visitor.userAgent", None),
            ("plan", None),
        ] {
            assert_eq!(nearest(path).as_deref(), expected, "{path}");
        }
    }
}
