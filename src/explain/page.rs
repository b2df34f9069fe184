//! A page of text that fits a terminal's width.

use std::fmt::Write;

use crate::term::Color;
use crate::term::sanitize::sanitize;
use crate::term::width::{cut, wrap};

/// The width of the column of paths, enough for `visitor.conversationBeginPage`.
pub const SOURCE: usize = 29;
/// The width of the column of properties, enough for `context.browser.version`.
pub const TARGET: usize = 23;

/// The look of an explanation.
#[derive(Clone, Copy, Debug)]
pub struct Explainer {
    /// In columns.
    pub width: usize,
    pub color: Color,
}

/// A page that is being written.
pub struct Page {
    pub text: String,
    /// In columns.
    pub width: usize,
    color: Color,
}

impl Page {
    /// An empty page.
    pub fn new(explainer: Explainer) -> Page {
        Page { text: String::new(), width: explainer.width, color: explainer.color }
    }

    /// A line, as it is.
    pub fn line(&mut self, line: &str) {
        let _ = writeln!(self.text, "{line}");
    }

    /// A heading, cut to the width.
    pub fn heading(&mut self, text: &str) {
        let text = cut(&sanitize(text), self.width);
        let painted = self.paint("1", &text);
        self.line(&painted);
    }

    /// A sentence, on as many lines as it needs.
    pub fn sentence(&mut self, text: &str) {
        self.words("", text.split(' '));
    }

    /// Words in a colour, on as many lines as they need.
    pub fn words<'w>(&mut self, color: &str, words: impl Iterator<Item = &'w str>) {
        for line in wrap(words.map(sanitize), self.width.saturating_sub(2)) {
            self.line(&format!("  {}", self.paint(color, &line)));
        }
    }

    /// Text in a colour, where there are colours; `""` is none.
    pub fn paint(&self, color: &str, text: &str) -> String {
        match self.color {
            Color::Always if !color.is_empty() => format!("\x1b[{color}m{text}\x1b[0m"),
            _ => text.to_owned(),
        }
    }
}

/// Text of a payload, made safe to show.
pub fn shown(text: &[u8]) -> String {
    sanitize(&String::from_utf8_lossy(text)).into_owned()
}
