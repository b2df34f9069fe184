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
    ("visitor.id", "userId", "sfl"),
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
    pub extras: &'static [(&'static str, &'static str)],
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
        (Ok(_), false) if !compact.starts_with('{') => Err(vec!["not_an_object"]),
        (Ok(_), false) => Ok(Json::new(compact)),
    }
}

impl<'t> Json<'t> {
    fn new(text: &'t str) -> Json<'t> {
        let mut json = Json { text, ..Json::default() };
        if text.starts_with('{') {
            let Members(members) = serde_json::from_str(text).unwrap();
            // Of a key that occurs twice the last counts.
            json.members = members.into_iter().map(|(key, value)| (key.0, Json::new(value.get()))).collect();
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
        reject("wrong_type", visitor.is_some_and(|visitor| !visitor.is("{")));
        let id = self.get("visitor.id").filter(|id| id.is_string_or_number());
        let id = id.map(|id| visible(id.text)).filter(|id| !id.is_empty());
        reject("missing_visitor_id", id.is_none());
        let browser = self.get("visitor.browser").filter(|browser| !nothing(browser));
        reject("wrong_type", browser.is_some_and(|browser| !browser.is("\"")));
        let groups = self.get("groups").filter(|groups| !nothing(groups));
        reject("wrong_type", groups.is_some_and(|groups| !groups.is("[")));
        let groups = groups.map_or(&[][..], |groups| &groups.elements);
        let skipped = |group: &Json| live && (group.is_string_or_number() || group.is("tf"));
        reject("wrong_type", groups.iter().any(|group| !group.is("{") && !skipped(group)));
        if !codes.is_empty() {
            return Err(codes);
        }
        let (mut lines, mut warnings) = (String::new(), Vec::new());
        let time = self.time().map(|time| format!("\"{time}\"")).filter(|_| options.timestamp);
        if options.timestamp && time.is_none() {
            warnings.push("no_time");
        }
        let rudder_id = Md5::digest(id.unwrap() + ":");
        let rudder_id = Builder::from_random_bytes(rudder_id.into()).into_uuid();
        let mut number = 0;
        let mut finish = |mut event: Tree, warnings: &mut Vec<_>| {
            event.set("context.library.name", "\"unknown\"");
            event.set("context.library.version", "\"unknown\"");
            event.set("context.integration.name", "\"Olark\"");
            event.set("integrations.Olark", "false");
            event.set("rudderId", &format!("\"{rudder_id}\""));
            for key in ["timestamp", "originalTimestamp"] {
                time.iter().for_each(|time| event.set(key, time));
            }
            event.set("messageId", "\"00000000-0000-0000-0000-000000000000\"");
            let chat = self.get("id").map_or("", |id| id.text);
            let hash = xxhash_rust::xxh3::xxh3_128(format!("{chat}\n{number}\n{event}").as_bytes());
            let id = Builder::from_custom_bytes(hash.to_be_bytes()).into_uuid();
            event.set("messageId", &format!("\"{id}\""));
            let line = event.to_string();
            warnings.extend((line.len() > 32 << 10).then_some("large_event"));
            lines += &(line + "\n");
            number += 1;
        };
        finish(self.track(options), &mut warnings);
        for group in groups {
            if group.get("id").is_none_or(Json::is_falsy) {
                warnings.push("group_without_id");
            } else {
                finish(self.group(group, options.mapping), &mut warnings);
            }
        }
        Ok((lines, warnings))
    }

    fn track(&self, options: &Options) -> Tree {
        let Options { mapping, extras, .. } = *options;
        let mut event = Tree::default();
        event.set("type", "\"track\"");
        ["traits", "context.traits", "properties"].iter().for_each(|path| event.keep(path));
        let rows = TRACK.iter().filter(|row| row.2.contains(mapping)).map(|row| (row.0, row.1));
        for (source, target) in rows.chain(extras.iter().copied()) {
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

    fn group(&self, group: &Json, mapping: char) -> Tree {
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
        let ids =
            [("groupId", group.carried("id", mapping)), ("userId", self.carried("visitor.id", mapping))];
        for (target, value) in [name, kind, operators].into_iter().chain(ids) {
            value.iter().for_each(|text| event.set(target, text));
        }
        event
    }

    /// The time of the latest item.
    fn time(&self) -> Option<String> {
        let times = self.get("items")?.elements.iter().filter_map(|item| item.get("timestamp"));
        let times = times.filter(|time| time.is_string_or_number()).filter_map(|time| millis(time.text));
        let time = UNIX_EPOCH + Duration::from_millis(times.max()?);
        Some(humantime::format_rfc3339_millis(time).to_string())
    }
}

/// The milliseconds of a time: of a number, or of a string that is one with at most 6 digits of fraction.
fn millis(text: &str) -> Option<u64> {
    let decoded = text.starts_with('"').then(|| decode(text));
    let text = decoded.as_ref().map_or(Some(text), |text| std::str::from_utf8(text).ok())?;
    let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = whole.to_owned() + fraction;
    let plain = !whole.is_empty() && number.len() == text.len() && fraction.len() <= 6;
    if decoded.is_some() && !(plain && digits.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let digits = match digits.strip_prefix('-') {
        // Minus nothing is nothing.
        Some(zeros) if zeros.bytes().all(|b| b == b'0') => zeros.to_owned(),
        Some(_) => return None,
        None => digits,
    };
    let whole = digits.len() as i64 - fraction.len() as i64;
    let significant = digits.trim_start_matches('0');
    let point = whole - (digits.len() - significant.len()) as i64 + 3;
    let point = point.saturating_add(exponent.parse().unwrap_or(if exponent.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    }));
    if significant.is_empty() || point <= 0 {
        return Some(0);
    }
    if point > 15 {
        return None;
    }
    let millis = significant.bytes().chain(std::iter::repeat(b'0')).take(point as usize);
    // The last that a time zone's distance from the end of the year 9999 leaves.
    Some(millis.fold(0, |sum, b| sum * 10 + u64::from(b - b'0'))).filter(|ms| *ms < 253_402_207_201_000)
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
    let mut bytes = decode(text);
    for at in 2..bytes.len() {
        if let [0xed, 0xa0..=0xff, _] = bytes[at - 2..=at] {
            bytes[at - 2..=at].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
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
