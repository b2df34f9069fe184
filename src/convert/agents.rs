//! The operators of a conversation, found by their ids.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::json::strings::{decode, inner};
use crate::json::value::{ValueKind, last_member, members};

/// A payload's operators by their ids, since a payload may have as many operators as items.
#[derive(Debug)]
pub struct Agents<'t>(HashMap<Cow<'t, str>, Agent<'t>>);

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agent<'t> {
    pub id: Option<&'t [u8]>,
    pub nickname: Option<&'t [u8]>,
    pub username: Option<&'t [u8]>,
}

impl<'t> Agents<'t> {
    /// The agents in an object of operators (compact JSON); any other value has none. Of operators with one id, the last
    /// counts.
    pub fn of(operators: &'t [u8]) -> Agents<'t> {
        let agent = |operator| {
            let field = |key| last_member(operator, key);
            Agent { id: None, nickname: field("nickname"), username: field("username") }
        };
        Agents(members(operators).map(|(id, operator)| (decode(id), agent(operator))).collect())
    }

    /// The agent with this id (compact JSON), however its characters are written; a number goes by its text.
    pub fn find<'a>(&'a self, id: &'a [u8]) -> Agent<'a> {
        let found =
            if ValueKind::of(id).can_be_id() { self.0.get(&decode(inner(id).unwrap_or(id))) } else { None };
        Agent { id: Some(id), ..found.copied().unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_found_by_an_id_however_it_is_written() {
        let operators = r#"{"b":{"nickname":"B"},"7":{"username":"seven","nickname":"S"},"a":{"nickname":"A1"},"é":{"nickname":"E"},"a":{"nickn\u0061me":"A2"},"":{"nickname":"none"},"c":1,"d":{"username":"x","username":"y"},"":{}}"#;
        let agents = Agents::of(operators.as_bytes());
        let found = |id: &'static str| {
            let agent = agents.find(id.as_bytes());
            assert_eq!(agent.id, Some(id.as_bytes()));
            [agent.nickname, agent.username].map(|text| text.map(|text| str::from_utf8(text).unwrap()))
        };
        for (id, expected) in [
            (r#""a""#, [Some(r#""A2""#), None]),
            (r#""\u0061""#, [Some(r#""A2""#), None]),
            (r#""\u00e9""#, [Some(r#""E""#), None]),
            ("7", [Some(r#""S""#), Some(r#""seven""#)]),
            (r#""7""#, [Some(r#""S""#), Some(r#""seven""#)]),
            ("7.0", [None, None]),
            (r#""c""#, [None, None]),
            (r#""d""#, [None, Some(r#""y""#)]),
            (r#""""#, [None, None]),
            (r#""zz""#, [None, None]),
            ("null", [None, None]),
            ("{}", [None, None]),
        ] {
            assert_eq!(found(id), expected, "{id}");
        }
        for nothing in ["", "[]", "null", "\"a\"", "{}"] {
            let agents = Agents::of(nothing.as_bytes());
            assert_eq!(agents.find(b"1"), Agent { id: Some(b"1"), ..Agent::default() });
        }
    }
}
