//! UTF-32, which is not read: the whole source is one reject.

use crate::input::encoding::utf_32;
use crate::records::layout::{End, InputFormat, Layout, Part, Recognized, RecordPart, Rest, Text};
use crate::records::record::Kind;

#[derive(Debug)]
pub struct Utf32Layout(&'static str);

impl Utf32Layout {
    pub fn recognize(_: InputFormat, text: Text) -> Recognized {
        match utf_32(text.bytes) {
            Some(name) => Recognized::Layout(Box::new(Utf32Layout(name))),
            None if matches!(text.bytes, [0xff | 0xfe | 0, ..])
                && text.bytes.len() < 4
                && text.rest == Rest::Unread =>
            {
                Recognized::Unknown
            }
            None => Recognized::Other,
        }
    }
}

impl Layout for Utf32Layout {
    fn next(&mut self, text: Text) -> Part {
        let len = text.bytes.len();
        if len > text.max_record {
            Part::Oversize
        } else if text.is_last() && len > 0 {
            Part::Record(RecordPart::new(Kind::Encoding(self.0, len as u64), len))
        } else {
            Part::Continues
        }
    }

    fn oversize_end(&mut self, text: Text) -> End {
        End::beyond(text.bytes.len(), text)
    }

    fn oversize_kind(&self, bytes: u64) -> Kind {
        Kind::Encoding(self.0, bytes)
    }
}
