//! Requirements for converting a payload.

use uuid::Uuid;

use crate::convert::event::EventRef;
use crate::convert::identity;
use crate::convert::mapping::Mapping;
use crate::convert::plan::Plan;
use crate::convert::reason::{Code, Reason};
use crate::json::cursor::Numbers;
use crate::json::extract::Extracted;
use crate::json::path_tree::ROOT;
use crate::json::scan;
use crate::json::strings;
use crate::json::value::ValueKind;

/// Who the user of a payload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User {
    /// The index in [`Plan::user_ids`] of the field that says so.
    pub field: usize,
    /// The rudderId.
    pub rudder_id: Uuid,
}

/// The user of a payload, if it can be converted at all.
///
/// # Errors
/// When it identifies nobody, or a field that is read has a type that it cannot have.
pub fn user(plan: &Plan, extracted: &Extracted) -> Result<User, Reason> {
    Check { plan, extracted }.payload()
}

/// Whether RudderStack accepts a request body that holds this event of the payload.
///
/// # Errors
/// When it does not.
pub fn sendable(plan: &Plan, extracted: &Extracted, which: EventRef, event: &[u8]) -> Result<(), Reason> {
    Check { plan, extracted }.sendable(which, event)
}

#[derive(Clone, Copy)]
struct Check<'a> {
    plan: &'a Plan,
    extracted: &'a Extracted,
}

impl Check<'_> {
    /// The user, if the payload can be converted at all.
    fn payload(&self) -> Result<User, Reason> {
        let nodes = &self.plan.nodes;
        let payload = self.extracted.get(ROOT).unwrap_or_default();
        match payload.first() {
            Some(b'{') => {}
            Some(b'[' | b'"') => return Err(no_payload()),
            _ => {
                let message = format!("expected an object, found {}", ValueKind::of(payload).with_article());
                return Err(Reason::new(Code::NotAnObject, message));
            }
        }
        match self.extracted.get(nodes.visitor) {
            Some([b'{', ..]) => {}
            Some(visitor) => return Err(wrong_type("visitor", visitor, "an object")),
            None => return Err(no_payload()),
        }
        let user = self.user()?;
        match self.extracted.get(nodes.browser) {
            None | Some([b'"', ..] | b"null") => {}
            Some(browser) if self.is_nothing(browser) => {}
            Some(browser) => return Err(wrong_type("visitor.browser", browser, "a string")),
        }
        match self.extracted.get(nodes.groups) {
            None | Some(b"null") => {}
            Some([b'[', ..]) => self.groups()?,
            Some(groups) if self.is_nothing(groups) => {}
            Some(groups) => return Err(wrong_type("groups", groups, "an array")),
        }
        Ok(user)
    }

    fn user(&self) -> Result<User, Reason> {
        for (field, node) in self.plan.user_ids.iter().enumerate() {
            if let Some(id @ [b'"' | b'-' | b'0'..=b'9', ..]) = self.extracted.get(*node)
                && let Some(rudder_id) = identity::rudder_id(id)
            {
                return Ok(User { field, rudder_id });
            }
        }
        Err(self.nobody())
    }

    /// Why no field says who the user is.
    #[cold]
    fn nobody(&self) -> Reason {
        let whats = self.plan.user_ids.iter().map(|node| match self.extracted.get(*node) {
            None | Some(b"null") => "is missing".into(),
            Some([b'"' | b'-' | b'0'..=b'9', ..]) => "is blank".into(),
            Some(id) => format!("is {}, not a string or number", ValueKind::of(id).with_article()),
        });
        let paths = self.plan.options.user_id.0.iter();
        let all: Vec<_> = paths.zip(whats).map(|(path, what)| format!("{} {what}", path.0)).collect();
        Reason::new(Code::MissingVisitorId, all.join(", "))
    }

    fn groups(&self) -> Result<(), Reason> {
        let live = self.plan.options.mapping == Mapping::Live;
        let mut elements = self.extracted.elements(self.plan.nodes.groups);
        let mut index = 0;
        while let Some(group) = self.extracted.next_element(&mut elements) {
            match group {
                [b'{', ..] => {}
                // JavaScript looks for an id on these, finds none and goes on; on `null` it fails.
                _ if live && group != b"null" => {}
                other => return Err(wrong_type(&format!("groups[{index}]"), other, "an object")),
            }
            index += 1;
        }
        Ok(())
    }

    /// Whether a value counts as missing: in `live`, what JavaScript treats as false.
    fn is_nothing(&self, value: &[u8]) -> bool {
        self.plan.options.mapping == Mapping::Live && is_falsy(value)
    }

    /// Whether RudderStack accepts the request body that holds an event: its gateway refuses the whole body for
    /// a number that Go cannot hold, and its processor fails on U+0000 in an event's name (rudder-server 1.83).
    fn sendable(&self, which: EventRef, event: &[u8]) -> Result<(), Reason> {
        if self.extracted.numbers == Numbers::MayBeHuge && scan::tokens(event).any(is_huge) {
            let message =
                "a number in it is beyond the range of a double: the gateway refuses the whole batch";
            return Err(Reason::new(Code::Unsendable, message));
        }
        if which == EventRef::Conversation && self.extracted.get(self.plan.nodes.kind).is_some_and(has_nul) {
            let message = "kind has the character U+0000, on which RudderStack's processor fails";
            return Err(Reason::new(Code::Unsendable, message));
        }
        Ok(())
    }
}

/// The reason for a value that is not a payload itself, but may have payloads inside.
fn no_payload() -> Reason {
    Reason::new(Code::NoPayload, "no Olark payload in it")
}

/// Whether a character of a JSON string is U+0000.
fn has_nul(value: &[u8]) -> bool {
    strings::inner(value).is_some_and(|inner| strings::chars(inner).any(|(char, _)| char == '\0'))
}

/// Whether a token is a number beyond the range of a double.
fn is_huge(token: &[u8]) -> bool {
    let number = std::str::from_utf8(token)
        .ok()
        .filter(|text| text.starts_with(|c: char| c == '-' || c.is_ascii_digit()));
    number.is_some_and(|number| number.parse::<f64>().is_ok_and(f64::is_infinite))
}

/// Whether JavaScript treats a value as false: `null`, `false`, `""` and every way to write zero.
pub fn is_falsy(value: &[u8]) -> bool {
    match value {
        b"null" | b"false" | b"\"\"" => true,
        [b'-' | b'0'..=b'9', ..] => std::str::from_utf8(value)
            .is_ok_and(|number| number.parse::<f64>().is_ok_and(|number| number == 0.0)),
        _ => false,
    }
}

fn wrong_type(path: &str, value: &[u8], wanted: &str) -> Reason {
    Reason::new(Code::WrongType, format!("{path} is {}, not {wanted}", ValueKind::of(value).with_article()))
}
