//! One conversation after the other, with the fields, sizes and mixture of real ones.

use super::chance::Chance;
use super::dumps::Dumps;
use super::words::{self, Language};

const HEX: &[u8] = b"0123456789abcdef";
const DIGITS: &[u8] = b"0123456789";
const ID: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// Payloads without end.
#[derive(Debug)]
pub struct Conversations {
    chance: Chance,
    /// The time in the current conversation, in microseconds.
    now: u64,
}

/// What a payload is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A finished chat.
    Transcript,
    /// A message left while no agent was there.
    Offline,
    /// The extra event that is posted when a chat begins.
    Start,
}

/// Who is at the other end.
struct Visitor {
    name: String,
    email: Option<String>,
    place: [&'static str; 4],
}

struct Operator {
    id: String,
    nickname: &'static str,
}

impl Conversations {
    /// The same ones every time.
    pub fn new() -> Conversations {
        Conversations { chance: Chance::new(2016), now: 1_473_774_819_263_083 }
    }

    fn payload(&mut self) -> String {
        let kind = match self.chance.between(1, 100) {
            1..=84 => Kind::Transcript,
            85..=93 => Kind::Offline,
            _ => Kind::Start,
        };
        let language = if self.chance.percent(4) { self.chance.pick(words::OTHERS) } else { &words::ENGLISH };
        self.now += self.chance.between(1_000_000, 900_000_000);
        let visitor = self.visitor(language);
        let operators = self.operators(kind);
        let mut out = Dumps::default();
        out.open('{');
        out.member("kind", "Conversation");
        self.tags(&mut out);
        if kind == Kind::Start {
            out.member("eventType", "start");
        }
        out.key("items");
        out.open('[');
        match kind {
            Kind::Transcript => self.transcript(language, &visitor, &operators, &mut out),
            Kind::Offline => self.offline(language, &visitor, &mut out),
            Kind::Start => {}
        }
        out.close(']');
        if kind != Kind::Offline {
            out.key("operators");
            out.open('{');
            operators.iter().for_each(|operator| write_operator(operator, &mut out));
            out.close('}');
        }
        self.groups(&mut out);
        self.write_visitor(kind, &visitor, &mut out);
        out.member("id", &self.chance.text(ID, 32));
        out.literal("manuallySubmitted", "false");
        out.close('}');
        out.into_text()
    }

    fn visitor(&mut self, language: &'static Language) -> Visitor {
        let place = self.chance.pick(words::PLACES);
        let email = self.chance.percent(60);
        let email = email.then(|| format!("visitor{}@example.com", self.chance.between(1, 99_999)));
        // Who gave no name is called after the place.
        let name = match email.is_some() || self.chance.percent(40) {
            true => self.chance.pick(language.names).to_owned(),
            false => format!("USA ({}, {}) #{}", place[0], place[1], self.chance.between(1, 9999)),
        };
        Visitor { name, email, place }
    }

    fn operators(&mut self, kind: Kind) -> Vec<Operator> {
        let several = match kind {
            Kind::Transcript => 1 + u64::from(self.chance.percent(12)),
            Kind::Offline | Kind::Start => 0,
        };
        let chance = &mut self.chance;
        (0..several)
            .map(|_| Operator { id: chance.text(DIGITS, 7), nickname: chance.pick(words::OPERATORS) })
            .collect()
    }

    fn tags(&mut self, out: &mut Dumps) {
        out.key("tags");
        out.open('[');
        if self.chance.percent(30) {
            for _ in 0..self.chance.between(1, 3) {
                out.string(self.chance.pick(words::TAGS));
            }
        }
        out.close(']');
    }

    fn transcript(
        &mut self,
        language: &Language,
        visitor: &Visitor,
        operators: &[Operator],
        out: &mut Dumps,
    ) {
        // Mostly short, sometimes very long.
        let mut messages = self.chance.between(2, 10);
        while self.chance.percent(30) {
            messages += self.chance.between(1, 8);
        }
        let nickname = match &visitor.email {
            Some(email) => format!("{} ({email})", visitor.name),
            None => visitor.name.clone(),
        };
        for _ in 0..messages {
            let body = self.message(language);
            out.open('{');
            out.member("body", &body);
            self.timestamp(out);
            if self.chance.percent(52) {
                let operator = &operators[self.chance.index(operators.len())];
                out.member("kind", "MessageToVisitor");
                out.member("nickname", operator.nickname);
                out.member("operatorId", &operator.id);
            } else {
                out.member("kind", "MessageToOperator");
                out.member("nickname", &nickname);
                if visitor.email.is_some() {
                    out.member("visitor_nickname", &visitor.name);
                }
            }
            out.close('}');
        }
    }

    fn offline(&mut self, language: &Language, visitor: &Visitor, out: &mut Dumps) {
        let email = visitor.email.as_deref().unwrap_or_default();
        let words = self.chance.between(5, 60);
        let body =
            format!("name: {}\nemail: {email}\nMessage: {}", visitor.name, self.sentence(language, words));
        out.open('{');
        out.member("body", &body);
        self.timestamp(out);
        out.member("kind", "OfflineMessage");
        out.close('}');
    }

    fn timestamp(&mut self, out: &mut Dumps) {
        self.now += self.chance.between(900_000, 60_000_000);
        out.member("timestamp", &format!("{}.{:06}", self.now / 1_000_000, self.now % 1_000_000));
    }

    fn message(&mut self, language: &Language) -> String {
        match self.chance.between(1, 100) {
            1..=25 => self.chance.pick(language.phrases).to_owned(),
            26..=80 => {
                let words = self.chance.between(3, 14);
                self.sentence(language, words)
            }
            81..=94 => {
                let words = self.chance.between(15, 45);
                self.sentence(language, words)
            }
            _ => {
                let words = self.chance.between(2, 8);
                format!("{} {}", self.sentence(language, words), self.address())
            }
        }
    }

    fn sentence(&mut self, language: &Language, words: u64) -> String {
        let mut text = String::new();
        for word in 0..words {
            if word > 0 {
                text.push_str(match self.chance.between(1, 100) {
                    1..=5 => ", ",
                    6..=7 => ".\n",
                    8..=10 => ". ",
                    _ => language.space,
                });
            }
            text.push_str(self.chance.pick(language.words));
        }
        text.push_str(self.chance.pick(&[".", "?", "", "!", "..."]));
        text
    }

    fn address(&mut self) -> String {
        let page = self.chance.pick(words::PAGES);
        let number = if page.ends_with('=') { self.chance.text(DIGITS, 8) } else { String::new() };
        format!("https://www.example.com/{page}{number}")
    }

    fn groups(&mut self, out: &mut Dumps) {
        let groups = match self.chance.between(1, 100) {
            1..=34 => 1,
            35..=37 => 2,
            38..=50 => 0,
            // Accounts without groups do not have the field.
            _ => return,
        };
        out.key("groups");
        out.open('[');
        for _ in 0..groups {
            out.open('{');
            out.member("kind", "Group");
            out.member("id", &self.chance.text(HEX, 32));
            out.member("name", self.chance.pick(words::GROUPS));
            out.close('}');
        }
        out.close(']');
    }

    fn write_visitor(&mut self, kind: Kind, visitor: &Visitor, out: &mut Dumps) {
        let [city, region, code, country] = visitor.place;
        out.key("visitor");
        out.open('{');
        out.member("city", city);
        out.member("kind", "Visitor");
        out.member("conversationBeginPage", &self.address());
        out.member("countryCode", code);
        if self.chance.percent(70) {
            out.member("referrer", &self.address());
        }
        out.member("ip", &format!("192.0.2.{}", self.chance.between(0, 255)));
        out.member("region", region);
        if kind != Kind::Offline {
            self.feedback(out);
        }
        out.member("operatingSystem", self.chance.pick(words::SYSTEMS));
        match &visitor.email {
            Some(email) => out.member("emailAddress", email),
            None if self.chance.percent(30) => out.member("emailAddress", ""),
            None => {}
        }
        out.member("country", country);
        out.member("organization", self.chance.pick(words::ORGANIZATIONS));
        if self.chance.percent(20) {
            out.member("phoneNumber", &format!("(555) 555-{:04}", self.chance.between(0, 9999)));
        }
        out.member("fullName", &visitor.name);
        if self.chance.percent(5) {
            out.key("customFields");
            out.open('{');
            out.member("favoriteColor", "blue");
            out.member("myInternalCustomerId", &self.chance.text(DIGITS, 8));
            out.close('}');
        }
        out.member("id", &self.chance.text(ID, 32));
        out.member("browser", self.chance.pick(words::BROWSERS));
        out.close('}');
    }

    fn feedback(&mut self, out: &mut Dumps) {
        if !self.chance.percent(15) {
            return out.literal("chat_feedback", "{}");
        }
        out.key("chat_feedback");
        out.open('{');
        for question in ["overall_chat", "responsiveness", "friendliness", "knowledge"] {
            out.literal(question, &self.chance.between(1, 5).to_string());
        }
        if self.chance.percent(30) {
            out.member("comments", &self.message(&words::ENGLISH));
        }
        out.close('}');
    }
}

impl Iterator for Conversations {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        Some(self.payload())
    }
}

fn write_operator(operator: &Operator, out: &mut Dumps) {
    let Operator { id, nickname } = operator;
    out.key(id);
    out.open('{');
    out.member("username", &format!("agent-{id}"));
    out.member("emailAddress", &format!("agent{id}@example.org"));
    out.member("kind", "Operator");
    out.member("nickname", nickname);
    out.member("id", id);
    out.close('}');
}
