//! The operators of a conversation, found by their ids.

use std::cmp::Ordering;

use crate::json::strings::{self, is_named};
use crate::json::value::{ValueKind, Walk, value_end};

/// The positions of a payload's operators, sorted by id once, since a payload may have as many operators as
/// items. The text of the operators stays with the caller.
#[derive(Debug, Default)]
pub struct Agents {
    operators: Vec<Operator>,
}

/// The indices of an operator's id and fields in the object of operators; 0 for a missing one. Ends are not stored
/// but found again, to keep this small: there may be millions.
#[derive(Clone, Copy, Debug, Default)]
struct Operator {
    id: usize,
    nickname: usize,
    username: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Agent<'t> {
    pub id: Option<&'t [u8]>,
    pub nickname: Option<&'t [u8]>,
    pub username: Option<&'t [u8]>,
}

impl Agents {
    /// Reads an object of operators (compact JSON); any other value has no operators.
    pub fn read(&mut self, operators: &[u8]) {
        self.operators.clear();
        if operators.first() != Some(&b'{') {
            return;
        }
        let mut walk = Walk::new(operators, 0);
        while let Some(member) = walk.member() {
            // Including the quote.
            let mut operator = Operator { id: member.key.start - 1, ..Operator::default() };
            let value = &operators[..member.value.end];
            if value[member.value.start] == b'{' {
                let mut fields = Walk::new(value, member.value.start);
                while let Some(field) = fields.member() {
                    // If a key occurs twice, the last value counts.
                    if is_named(field.key.of(value), b"nickname") {
                        operator.nickname = field.value.start;
                    } else if is_named(field.key.of(value), b"username") {
                        operator.username = field.value.start;
                    }
                }
            }
            self.operators.push(operator);
        }
        let id = |operator: &Operator| literal(operators, operator.id);
        // Of operators with one id, the last counts.
        self.operators.sort_unstable_by(|a, b| compare(id(a), id(b)).then_with(|| b.id.cmp(&a.id)));
        self.operators.dedup_by(|a, b| compare(id(a), id(b)).is_eq());
    }

    /// The agent with this id (compact JSON), among the operators that were read.
    pub fn find<'t>(&self, operators: &'t [u8], id: &'t [u8]) -> Agent<'t> {
        let agent = Agent { id: Some(id), ..Agent::default() };
        let found = self.operators.binary_search_by(|operator| compare(literal(operators, operator.id), id));
        let Some(at) = found.ok().filter(|_| ValueKind::of(id).can_be_id()) else { return agent };
        let Operator { nickname, username, .. } = self.operators[at];
        let value = |at: usize| (at > 0).then(|| literal(operators, at));
        Agent { nickname: value(nickname), username: value(username), ..agent }
    }
}

/// The value at an index of a text.
fn literal(text: &[u8], at: usize) -> &[u8] {
    &text[at..at + value_end(&text[at..])]
}

/// Compares ids by their characters, however they are escaped; a number by its text.
fn compare(a: &[u8], b: &[u8]) -> Ordering {
    let [a, b] = [a, b].map(|id| strings::inner(id).unwrap_or(id));
    if !a.contains(&b'\\') && !b.contains(&b'\\') {
        return a.cmp(b);
    }
    let [a, b] = [a, b].map(|id| strings::chars(id).map(|(char, _)| char));
    a.cmp(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agent_is_found_by_an_id_however_it_is_written() {
        let operators = r#"{"b":{"nickname":"B"},"7":{"username":"seven","nickname":"S"},"a":{"nickname":"A1"},"é":{"nickname":"E"},"a":{"nickn\u0061me":"A2"},"":{"nickname":"none"},"c":1,"d":{"username":"x","username":"y"},"":{}}"#;
        let mut agents = Agents::default();
        agents.read(operators.as_bytes());
        let found = |id: &'static str| {
            let agent = agents.find(operators.as_bytes(), id.as_bytes());
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
            agents.read(nothing.as_bytes());
            assert_eq!(agents.find(nothing.as_bytes(), b"1"), Agent { id: Some(b"1"), ..Agent::default() });
        }
    }
}
