//! Short pieces of text, copied without asking first how short: an event is made of fifty of them.

/// How many bytes are copied at a time.
const STEP: usize = 32;

/// A piece, its beginning with room behind it to be copied along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    head: [u8; STEP],
    text: String,
}

impl Piece {
    /// A piece of this text.
    pub fn new(text: String) -> Piece {
        let mut head = [0; STEP];
        let len = text.len().min(STEP);
        head[..len].copy_from_slice(&text.as_bytes()[..len]);
        Piece { head, text }
    }

    /// The piece joined with another behind it.
    pub fn join(&self, other: &str) -> Piece {
        Piece::new(format!("{}{other}", self.text))
    }

    /// How long the piece is.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Appends the piece.
    #[inline(always)]
    pub fn append_to(&self, out: &mut Vec<u8>) {
        match self.text.len() {
            len @ ..=STEP => append(out, &self.head, len),
            _ => out.extend_from_slice(self.text.as_bytes()),
        }
    }
}

/// Appends the first bytes of a text, which may be longer, and better is.
#[inline(always)]
pub fn append(out: &mut Vec<u8>, text: &[u8], len: usize) {
    match text.first_chunk::<STEP>() {
        Some(bytes) if len <= STEP => {
            let end = out.len() + len;
            out.extend_from_slice(bytes);
            out.truncate(end);
        }
        _ => out.extend_from_slice(&text[..len]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_of_any_length_is_appended_whole_and_alone() {
        for len in 0..100 {
            let text = "abcdefghij".repeat(10)[..len].to_owned();
            let mut out = b"x".to_vec();
            Piece::new(text.clone()).append_to(&mut out);
            append(&mut out, "0123456789".repeat(10).as_bytes(), len);
            let expected = format!("x{text}{}", &"0123456789".repeat(10)[..len]);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
