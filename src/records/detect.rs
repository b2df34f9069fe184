//! The layout of a source, by its content or as `--input-format` says.

use crate::records::input_format::InputFormat;
use crate::records::layout::{Layout, Recognized};
use crate::records::source_text::Text;
use crate::records::sql::SqlLayout;
use crate::records::table::TableLayout;
use crate::records::text::TextLayout;
use crate::records::utf32::Utf32Layout;

/// The layouts in the order in which they are tried. Whatever no other recognizes is text.
const LAYOUTS: [fn(InputFormat, Text) -> Recognized; 4] =
    [Utf32Layout::recognize, SqlLayout::recognize, TableLayout::recognize, TextLayout::recognize];

/// The layout of the source that a text starts; `None` if more text is needed to tell.
pub fn recognize(format: InputFormat, text: Text) -> Option<Box<dyn Layout>> {
    for recognize in LAYOUTS {
        match recognize(format, text) {
            Recognized::Layout(layout) => return Some(layout),
            Recognized::Other => {}
            Recognized::Unknown => return None,
        }
    }
    None
}
