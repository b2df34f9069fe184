//! A page of text that fits a terminal's width.

use std::fmt::Write;

use crate::explain::Explainer;
use crate::term::Color;
use crate::term::sanitize::sanitize;
use crate::term::width::{columns, cut};

/// The width of the column of paths, enough for `visitor.conversationBeginPage`.
pub const SOURCE: usize = 29;
/// The width of the column of properties, enough for `context.browser.version`.
pub const TARGET: usize = 23;

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

    /// A sentence, broken between words.
    pub fn sentence(&mut self, text: &str) {
        self.wrap(text.split(' '), |_, line| line.into());
    }

    /// Words in a colour, on as many lines as they need.
    pub fn painted_sentence<'w>(&mut self, color: &str, words: impl Iterator<Item = &'w str>) {
        self.wrap(words, |page, line| page.paint(color, line));
    }

    fn wrap<'w>(&mut self, words: impl Iterator<Item = &'w str>, paint: impl Fn(&Page, &str) -> String) {
        let mut line = String::new();
        for word in words.map(sanitize) {
            if !line.is_empty() && columns(&line) + 1 + columns(&word) + 2 > self.width {
                self.line(&format!("  {}", paint(self, &line)));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&word);
        }
        self.line(&format!("  {}", paint(self, &line)));
    }

    /// Text in a colour, where there are colours.
    pub fn paint(&self, color: &str, text: &str) -> String {
        match self.color {
            Color::Always => format!("\x1b[{color}m{text}\x1b[0m"),
            Color::Never => text.to_owned(),
        }
    }
}
