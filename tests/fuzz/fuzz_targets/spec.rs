//! What becomes of one payload by the README's rules, said a second time: read with serde_json, written
//! as a tree, and without a line of the tool's own code.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use md5::{Digest, Md5};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};
use uuid::Builder;

/// The rows of the track event: source, target, and the mappings that have it by their initials.
const TRACK: &[(&str, &str, &str)] = &[
    ("kind", "event", "sfl"),
    ("visitor.fullName", "context.traits.name", "sfl"),
    ("visitor.phoneNumber", "context.traits.phone", "sfl"),
    ("visitor.emailAddress", "context.traits.email", "sfl"),
    ("visitor.city", "context.traits.city", "sfl"),
    ("visitor.region", "context.traits.region", "sfl"),
    ("visitor.country", "context.traits.country", "sfl"),
    ("visitor.operatingSystem", "context.os.name", "sfl"),
    ("visitor.referrer", "context.page.referrer", "sfl"),
    ("visitor.conversationBeginPage", "context.page.url", "sfl"),
    ("visitor.ip", "context.ip", "sf"),
    ("ip", "context.ip", "l"),
    ("ip", "properties.ip", "l"),
    ("visitor.organization", "traits.organization", "sfl"),
    ("visitor.chat_feedback", "traits.chat_feedback", "sfl"),
    ("visitor.kind", "traits.kind", "f"),
    ("visitor.countryCode", "traits.countryCode", "f"),
    ("items", "properties.items", "sfl"),
    ("tags", "properties.tags", "sfl"),
    ("operators", "properties.operators", "f"),
];

/// What the user asks for.
#[derive(Debug)]
pub struct Options {
    /// The mapping's initial: `s`, `f` or `l`.
    pub mapping: char,
    pub timestamp: bool,
    /// Which events: `i`dentify, `c`onversation, `g`roup and `m`essages.
    pub events: &'static str,
    /// The events that get a field, the field, and the property.
    pub extras: &'static [(char, &'static str, &'static str)],
    pub user_ids: &'static [&'static str],
}

/// What comes of a payload: its event lines and the names of its warnings, or the codes of which one
/// must be its reject's.
pub type Outcome = Result<(String, Vec<&'static str>), Vec<&'static str>>;

/// A value and, if it has any, what is in it.
#[derive(Debug, Default)]
pub struct Json<'t> {
    text: &'t str,
    members: HashMap<Vec<u8>, Json<'t>>,
    elements: Vec<Json<'t>>,
}

/// The payload in a compact text, or the codes that its reject may have.
pub fn read<'t>(text: &str, compact: &'t str, depth: usize) -> Result<Json<'t>, Vec<&'static str>> {
    match (serde_json::from_str::<&RawValue>(text), depth > 512) {
        (Err(_), true) => Err(vec!["invalid_json", "too_deep"]),
        (Err(_), false) => Err(vec!["invalid_json"]),
        (Ok(_), true) => Err(vec!["too_deep"]),
        (Ok(_), false) if compact.starts_with(['[', '"']) => Err(vec!["no_payload"]),
        (Ok(_), false) if !compact.starts_with('{') => Err(vec!["not_an_object"]),
        (Ok(_), false) => Ok(Json::new(compact)),
    }
}

impl<'t> Json<'t> {
    fn new(text: &'t str) -> Json<'t> {
        let mut json = Json { text, ..Json::default() };
        if text.starts_with('{') {
            // Of a key that occurs twice the last counts.
            json.members = members(text).into_iter().map(|(key, value)| (key, Json::new(value))).collect();
        } else if text.starts_with('[') {
            let elements: Vec<&RawValue> = serde_json::from_str(text).unwrap();
            json.elements = elements.into_iter().map(|value| Json::new(value.get())).collect();
        }
        json
    }

    fn get(&self, path: &str) -> Option<&Json<'t>> {
        path.split('.').try_fold(self, |json, key| json.members.get(key.as_bytes()))
    }

    /// The text at a path, as it is carried over.
    fn carried(&self, path: &str, mapping: char) -> Option<&'t str> {
        let text = self.get(path)?.text;
        (text != "null" && (text != "\"\"" || mapping == 'l')).then_some(text)
    }

    fn is(&self, beginnings: &str) -> bool {
        self.text.starts_with(|c| beginnings.contains(c))
    }

    fn is_string_or_number(&self) -> bool {
        self.is("\"-0123456789")
    }

    /// What JavaScript takes for false.
    fn is_falsy(&self) -> bool {
        ["null", "false", "\"\""].contains(&self.text) || self.text.parse() == Ok(0.0)
    }

    /// What becomes of the payload.
    pub fn outcome(&self, options: &Options) -> Outcome {
        let live = options.mapping == 'l';
        let nothing = |json: &Json| json.text == "null" || live && json.is_falsy();
        let mut codes = Vec::new();
        let mut reject = |code, when| codes.extend(Some(code).filter(|_| when));
        let visitor = self.get("visitor");
        if visitor.is_none() {
            return Err(vec!["no_payload"]);
        }
        reject("wrong_type", visitor.is_some_and(|visitor| !visitor.is("{")));
        let ids = options.user_ids.iter().filter_map(|path| self.get(path));
        let mut ids = ids.filter(|id| id.is_string_or_number()).map(|id| (id.text, visible(id.text)));
        let id = ids.find(|(_, visible)| !visible.is_empty());
        reject("missing_visitor_id", id.is_none());
        let browser = self.get("visitor.browser").filter(|browser| !nothing(browser));
        reject("wrong_type", browser.is_some_and(|browser| !browser.is("\"")));
        let groups = self.get("groups").filter(|groups| !nothing(groups));
        reject("wrong_type", groups.is_some_and(|groups| !groups.is("[")));
        let groups = groups.map_or(&[][..], |groups| &groups.elements);
        let skipped = |group: &Json| live && (group.is_string_or_number() || group.is("tf["));
        reject("wrong_type", groups.iter().any(|group| !group.is("{") && !skipped(group)));
        if !codes.is_empty() {
            return Err(codes);
        }
        let (mut lines, mut warnings) = (String::new(), Vec::new());
        let has = |event| options.events.contains(event);
        let time = self.micros().max().map(time).filter(|_| options.timestamp);
        if options.timestamp && time.is_none() && "icg".contains(has) {
            warnings.push("no_time");
        }
        if has('c') && self.carried("kind", 's').is_none() {
            warnings.push("no_kind");
        }
        if self.get("eventType").is_some_and(|json| json.text == "\"start\"") {
            warnings.push("chat_start");
        }
        let (user_id, hashed) = id.unwrap();
        let rudder_id = Md5::digest(hashed + ":");
        let rudder_id = Builder::from_random_bytes(rudder_id.into()).into_uuid();
        let mut finish = |mut event: Tree, time: Option<&String>, hashed: &str, warnings: &mut Vec<_>| {
            event.set("userId", user_id);
            event.set("context.library.name", "\"unknown\"");
            event.set("context.library.version", "\"unknown\"");
            event.set("context.integration.name", "\"Olark\"");
            event.set("integrations.Olark", "false");
            event.set("rudderId", &format!("\"{rudder_id}\""));
            for key in ["timestamp", "originalTimestamp"] {
                time.iter().for_each(|time| event.set(key, time));
            }
            event.set("messageId", "\"00000000-0000-0000-0000-000000000000\"");
            let line = event.to_string();
            warnings.extend((line.len() > 32 << 10).then_some("large_event"));
            let hash = xxhash_rust::xxh3::xxh3_128(hashed.replace("EVENT", &line).as_bytes());
            let id = Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid();
            event.set("messageId", &format!("\"{id}\""));
            lines += &(event.to_string() + "\n");
        };
        // The line is put in where the place for it is; an id that looks like that is none of ours.
        let chat = self.get("id").map_or("", |id| id.text);
        let hashed = |number: &str| format!("{chat}\n{number}\nEVENT");
        if let Some(event) = self.identify(options).filter(|_| has('i')) {
            finish(event, time.as_ref(), &hashed("identify"), &mut warnings);
        }
        if has('c') {
            finish(self.track(options), time.as_ref(), &hashed("0"), &mut warnings);
        }
        let mut number = 0;
        for group in groups.iter().filter(|_| has('g')) {
            if group.get("id").is_none_or(Json::is_falsy) {
                warnings.push("group_without_id");
            } else {
                number += 1;
                let event = self.group(group, options);
                finish(event, time.as_ref(), &hashed(&number.to_string()), &mut warnings);
            }
        }
        if has('m') {
            self.messages(options, &mut finish, &mut warnings);
        }
        Ok((lines, warnings))
    }

    /// The fields that the user adds to an event.
    fn extras(&self, event: char, options: &Options, tree: &mut Tree) {
        for (_, source, target) in options.extras.iter().filter(|extra| extra.0 == event) {
            self.carried(source, options.mapping).iter().for_each(|text| tree.set(target, text));
        }
    }

    fn identify(&self, options: &Options) -> Option<Tree> {
        let mut event = self.context(options);
        event.set("type", "\"identify\"");
        let organization = self.carried("visitor.organization", options.mapping);
        organization.iter().for_each(|text| event.set("context.traits.organization", text));
        self.extras('i', options, &mut event);
        let has_traits = !event.tree("context.traits").0.is_empty();
        has_traits.then_some(event)
    }

    /// The live-chat events.
    fn messages(
        &self,
        options: &Options,
        finish: &mut impl FnMut(Tree, Option<&String>, &str, &mut Vec<&'static str>),
        warnings: &mut Vec<&'static str>,
    ) {
        let items = self.get("items").map_or(&[][..], |items| &items.elements);
        let text = |json: &Json<'t>, key: &str| json.carried(key, 's');
        let first_agent = items.iter().find_map(|item| text(item, "operatorId"));
        let conversation = text(self, "id");
        let hashed_id = conversation.or(self.get("visitor.id").map(|id| id.text)).unwrap_or_default();
        let event = |name: &str, agent: Option<&'t str>| {
            let mut event = Tree::default();
            event.set("type", "\"track\"");
            event.set("event", &format!("\"Live Chat {name}\""));
            event.keep("properties");
            let operator =
                agent.filter(|id| id.starts_with(|c| "\"-0123456789".contains(c))).and_then(|id| {
                    let decoded = |id: &str| without_surrogates(decode(id));
                    let id = if id.starts_with('"') { decoded(id) } else { id.as_bytes().to_vec() };
                    let operators = self.get("operators")?.members.iter();
                    operators
                        .filter(|(key, _)| without_surrogates(key.to_vec()) == id)
                        .map(|(_, json)| json)
                        .next()
                });
            for (key, value) in [
                ("conversation_id", conversation),
                ("agent_id", agent),
                ("agent_name", operator.and_then(|json| text(json, "nickname"))),
                ("agent_username", operator.and_then(|json| text(json, "username"))),
            ] {
                value.iter().for_each(|value| event.set(&format!("properties.{key}"), value));
            }
            self.extras('m', options, &mut event);
            event
        };
        let hashed = |name: &str, position: usize, item: &Json| {
            let part = |key: &str| item.get(key).map_or("", |json| json.text);
            format!("{hashed_id}\nLive Chat {name}\n{position}\n{}\n{}", part("timestamp"), part("body"))
        };
        let (mut has_started, mut has_messages) = (false, false);
        for (index, item) in items.iter().enumerate() {
            let time = item.get("timestamp").and_then(|time| micros(time.text)).map(time);
            let kind = item.get("kind").filter(|kind| kind.is("\"")).map(|kind| decode(kind.text));
            let name = match kind.as_deref() {
                Some(b"MessageToOperator") => "Message Sent",
                Some(b"MessageToVisitor") => "Message Received",
                Some(b"OfflineMessage") => "Offline Message Sent",
                _ => {
                    warnings.push("other_item");
                    continue;
                }
            };
            has_messages |= name != "Offline Message Sent";
            if name == "Message Sent" && !has_started {
                has_started = true;
                let name = "Conversation Started";
                finish(event(name, first_agent), time.as_ref(), &hashed(name, index + 1, item), warnings);
            }
            let mut event = event(name, text(item, "operatorId"));
            if let Some(id) = conversation.and_then(|id| id.strip_prefix('"')?.strip_suffix('"')) {
                event.set("properties.message_id", &format!("\"{id}:{}\"", index + 1));
            }
            text(item, "body").iter().for_each(|body| event.set("properties.message_body", body));
            if name == "Message Received" && !event.has("properties.agent_name") {
                text(item, "nickname").iter().for_each(|name| event.set("properties.agent_name", name));
            }
            finish(event, time.as_ref(), &hashed(name, index + 1, item), warnings);
            if time.is_none() {
                warnings.push("item_without_time");
            }
        }
        if let Some(last) = items.last().filter(|_| has_messages) {
            let name = "Conversation Ended";
            let mut event = event(name, first_agent);
            let latest = self.micros().max();
            if let Some((earliest, latest)) = self.micros().min().zip(latest) {
                let duration = latest - earliest;
                let text = format!("{}.{:06}", duration / 1_000_000, duration % 1_000_000);
                let text = text.trim_end_matches('0').trim_end_matches('.');
                event.set("properties.conversation_duration", text);
            }
            finish(event, latest.map(time).as_ref(), &hashed(name, items.len(), last), warnings);
        }
    }

    fn track(&self, options: &Options) -> Tree {
        let mut event = self.context(options);
        event.set("type", "\"track\"");
        ["traits", "properties"].iter().for_each(|path| event.keep(path));
        let rows =
            TRACK.iter().filter(|row| row.2.contains(options.mapping) && !row.1.starts_with("context."));
        for (source, target, _) in rows {
            self.carried(source, options.mapping).iter().for_each(|text| event.set(target, text));
        }
        self.extras('c', options, &mut event);
        event
    }

    /// The context of a track event.
    fn context(&self, options: &Options) -> Tree {
        let mapping = options.mapping;
        let mut event = Tree::default();
        event.keep("context.traits");
        let rows = TRACK.iter().filter(|row| row.2.contains(mapping) && row.1.starts_with("context."));
        for (source, target, _) in rows {
            self.carried(source, mapping).iter().for_each(|text| event.set(target, text));
        }
        let browser = self.get("visitor.browser").and_then(|json| json.text.strip_prefix('"'));
        let browser = browser.and_then(|inner| inner.strip_suffix('"')).filter(|inner| !inner.is_empty());
        if let Some((name, version)) = browser.map(|inner| split(inner, mapping)) {
            for (key, part) in [("name", Some(name)), ("version", version)] {
                if let Some(part) = part.filter(|part| mapping == 'l' || !part.is_empty()) {
                    event.set(&format!("context.browser.{key}"), &format!("\"{part}\""));
                }
            }
        }
        event
    }

    fn group(&self, group: &Json, options: &Options) -> Tree {
        let mapping = options.mapping;
        let mut event = Tree::default();
        event.set("type", "\"group\"");
        event.keep("traits");
        let place = if mapping == 'l' { "traits" } else { "properties" };
        event.keep(place);
        let name = match mapping {
            'l' => ("name", group.get("name").map(|name| name.text)),
            _ => ("traits.name", group.carried("name", mapping)),
        };
        let kind = (&*format!("{place}.kind"), group.carried("kind", mapping));
        let operators = (&*format!("{place}.operators"), self.carried("operators", mapping));
        let id = ("groupId", group.carried("id", mapping));
        for (target, value) in [name, kind, operators, id] {
            value.iter().for_each(|text| event.set(target, text));
        }
        self.extras('g', options, &mut event);
        event
    }

    /// The times of its items.
    fn micros(&self) -> impl Iterator<Item = u64> {
        let items = self.get("items").map_or(&[][..], |items| &items.elements);
        items.iter().filter_map(|item| item.get("timestamp")).filter_map(|time| micros(time.text))
    }
}

/// A time as it is written.
fn time(micros: u64) -> String {
    let time = UNIX_EPOCH + Duration::from_millis(micros / 1000);
    format!("\"{}\"", humantime::format_rfc3339_millis(time))
}

/// The microseconds of a time: of a number, or of a string that is one with at most 6 digits of fraction, or a time
/// of ISO 8601 with a zone.
fn micros(text: &str) -> Option<u64> {
    let exact = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_plain = |digits: &str| digits.bytes().all(|b| b.is_ascii_digit());
        let micros = format!("{whole}{:0<6.6}", fraction);
        let micros = micros.parse::<i64>().ok().filter(|_| !whole.is_empty());
        micros.filter(|_| is_plain(whole) && is_plain(fraction)).map(|micros| (micros, fraction.len()))
    };
    let micros = if text.starts_with('"') {
        let text = String::from_utf8(decode(text)).ok()?;
        match exact(&text) {
            Some((_, 7..)) => return None,
            Some((micros, _)) => micros,
            None => text.parse::<jiff::Timestamp>().ok()?.as_microsecond(),
        }
    } else if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        match exact(text) {
            Some((micros, _)) => micros,
            None => {
                let micros = text.parse::<f64>().ok()? * 1e6;
                if micros < 0.0 || micros >= i64::MAX as f64 {
                    return None;
                }
                micros as i64
            }
        }
    } else {
        return None;
    };
    // The last that a time zone's distance from the end of the year 9999 leaves.
    u64::try_from(micros).ok().filter(|micros| micros / 1000 < 253_402_207_201_000)
}

/// WTF-8 with U+FFFD for lone surrogates.
fn without_surrogates(mut bytes: Vec<u8>) -> Vec<u8> {
    for at in 2..bytes.len() {
        if let [0xed, 0xa0..=0xff, _] = bytes[at - 2..=at] {
            bytes[at - 2..=at].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    bytes
}

/// The characters of a string, lone surrogates as WTF-8 has them.
fn decode(text: &str) -> Vec<u8> {
    serde_json::from_str::<Key>(text).unwrap().0
}

/// An id as it is hashed.
fn visible(text: &str) -> String {
    if !text.starts_with('"') {
        return text.to_owned();
    }
    let bytes = without_surrogates(decode(text));
    let is_visible = |c: &char| {
        use GeneralCategoryGroup::{Letter, Mark, Number, Punctuation, Symbol};
        let group = c.general_category_group();
        (*c == ' ' || matches!(group, Letter | Mark | Number | Punctuation | Symbol))
            && !"\u{34f}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{2800}\u{3164}\u{ffa0}".contains(*c)
    };
    let text: String = String::from_utf8(bytes).unwrap().chars().filter(is_visible).collect();
    text.trim().to_owned()
}

/// A browser's name and version, as they are written.
fn split(inner: &str, mapping: char) -> (&str, Option<&str>) {
    let mut last = None;
    let mut at = 0;
    while let Some(first) = inner[at..].chars().next() {
        let len = match inner.as_bytes().get(at + 1) {
            _ if first != '\\' => first.len_utf8(),
            Some(b'u') => 6,
            _ => 2,
        };
        if [" ", "\\u0020"].contains(&&inner[at..at + len]) {
            last = Some((&inner[..at], &inner[at + len..]));
        }
        at += len;
    }
    let is_digit = |text: &str| {
        let digit = text.strip_prefix("\\u003").unwrap_or(text);
        digit.starts_with(|c: char| c.is_ascii_digit())
    };
    match last {
        Some((name, version)) if mapping == 'l' || is_digit(version) => (name, Some(version)),
        None if mapping == 'l' => ("", Some(inner)),
        _ => (inner, None),
    }
}

/// An object of an event, its keys in their order: by length, then by the alphabet.
#[derive(Default)]
struct Tree(BTreeMap<(usize, String), Node>);

enum Node {
    Text(String),
    Tree(Tree),
}

impl Tree {
    fn set(&mut self, path: &str, text: &str) {
        match path.rsplit_once('.') {
            Some((parent, key)) => self.tree(parent).set(key, text),
            None => drop(self.0.insert((path.len(), path.into()), Node::Text(text.into()))),
        }
    }

    fn has(&mut self, path: &str) -> bool {
        let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
        self.tree(parent).0.contains_key(&(key.len(), key.into()))
    }

    fn keep(&mut self, path: &str) {
        self.tree(path);
    }

    fn tree(&mut self, path: &str) -> &mut Tree {
        path.split('.').fold(self, |tree, key| {
            let new = || Node::Tree(Tree::default());
            match tree.0.entry((key.len(), key.into())).or_insert_with(new) {
                Node::Tree(tree) => tree,
                Node::Text(_) => panic!("two values at {path}"),
            }
        })
    }
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (index, ((_, key), node)) in self.0.iter().enumerate() {
            write!(f, "{}\"{key}\":", if index == 0 { '{' } else { ',' })?;
            match node {
                Node::Text(text) => f.write_str(text)?,
                Node::Tree(tree) => write!(f, "{tree}")?,
            }
        }
        f.write_str(if self.0.is_empty() { "{}" } else { "}" })
    }
}

/// The members of an object in their order: what their keys mean, and their values.
pub fn members(object: &str) -> Vec<(Vec<u8>, &str)> {
    let Members(members) = serde_json::from_str(object).unwrap();
    members.into_iter().map(|(key, value)| (key.0, value.get())).collect()
}

/// The members of an object with repeated keys, and a key that need not be Unicode.
struct Members<'t>(Vec<(Key, &'t RawValue)>);
struct Key(Vec<u8>);

impl<'t> Deserialize<'t> for Members<'t> {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'t> Visitor<'t> for Reader {
            type Value = Members<'t>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Members<'t>, A::Error> {
                std::iter::from_fn(|| map.next_entry().transpose()).collect::<Result<_, _>>().map(Members)
            }
        }
        from.deserialize_map(Reader)
    }
}

impl<'t> Deserialize<'t> for Key {
    fn deserialize<D: Deserializer<'t>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Key;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Key, E> {
                Ok(Key(bytes.into()))
            }
        }
        from.deserialize_bytes(Reader)
    }
}
