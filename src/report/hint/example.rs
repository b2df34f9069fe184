//! A record to try the table on: it is converted, and the reject says where it fails.

use std::fmt;

use crate::convert::converter::Converter;
use crate::convert::options::MappingOptions;
use crate::convert::plan::Plan;
use crate::payloads::form;

use super::{Body, Context, Hint, Reader, hint};
use crate::convert::reason::Code;

/// A record, and where it is read from.
#[derive(Clone, Copy)]
pub(super) struct Example {
    pub(super) bytes: &'static [u8],
    pub(super) reader: Reader,
}

impl fmt::Debug for Example {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:?} {}", self.reader, self.bytes.escape_ascii())
    }
}

pub(super) const fn text(text: &'static str) -> Example {
    bytes(text.as_bytes())
}

pub(super) const fn bytes(bytes: &'static [u8]) -> Example {
    Example { bytes, reader: Reader::Stream }
}

pub(super) const fn pasted(bytes: &'static [u8]) -> Example {
    Example { bytes, reader: Reader::Terminal }
}

/// The hint that an example gets when it is converted and rejected.
pub(super) fn check(example: &Example) -> Option<Hint> {
    let mut json = Vec::new();
    let reader = example.reader;
    if !form::begins(example.bytes) {
        let (code, at) = refused(example.bytes)?;
        return hint(example.bytes, at, code, Context { reader, body: Body::Plain });
    }
    match form::decode(example.bytes, &mut json) {
        Ok(_) => {
            let (code, at) = refused(&json)?;
            hint(&json, at, code, Context { reader, body: Body::Form(example.bytes) })
        }
        Err(bad) => {
            hint(example.bytes, Some(bad.at), Code::InvalidForm, Context { reader, body: Body::Plain })
        }
    }
}

fn refused(text: &[u8]) -> Option<(Code, Option<usize>)> {
    if let Err(error) = std::str::from_utf8(text) {
        return Some((Code::InvalidUtf8, Some(error.valid_up_to())));
    }
    let plan = Plan::new(MappingOptions::default()).unwrap();
    let reason = Converter::new(&plan).convert(text, &mut Vec::new()).err()?;
    Some((reason.code, reason.at))
}

/// A payload that is cut inside a string, as long as this.
const fn cut<const N: usize>() -> [u8; N] {
    let mut text = [b'x'; N];
    let start = br#"{"visitor": {"id": ""#;
    let mut at = 0;
    while at < start.len() {
        text[at] = start[at];
        at += 1;
    }
    text
}

pub(super) const CUT: [u8; 4095] = cut();
pub(super) const LONGER: [u8; 4096] = cut();
pub(super) const TAR: [u8; 512] = {
    let mut tar = [0; 512];
    (tar[0], tar[1]) = (b'a', b'b');
    let magic = b"ustar";
    let mut at = 0;
    while at < magic.len() {
        tar[257 + at] = magic[at];
        at += 1;
    }
    tar
};
