//! UTF-32, which is not read: the whole source is one reject.

use crate::input::encoding::Encoding;
use crate::records::input_format::InputFormat;
use crate::records::layout::{Layout, Part, Pending, Recognized, RecordPart};
use crate::records::oversize::RecordEnd;
use crate::records::record::Kind;
use crate::records::source_text::{Rest, Text};

/// A source in UTF-32.
#[derive(Debug)]
pub struct Utf32Layout(Encoding);

impl Utf32Layout {
    /// Recognizes UTF-32 by its byte order mark.
    pub fn recognize(_: InputFormat, text: Text) -> Recognized {
        match Encoding::of(text.bytes) {
            Some(encoding) => Recognized::Layout(Box::new(Utf32Layout(encoding))),
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
            Part::Incomplete(Pending::Text)
        }
    }

    fn oversize_end(&mut self, _: Text) -> RecordEnd {
        RecordEnd::Source(self.0)
    }
}
