//! An event while it is written: of fifty short pieces of text, each copied without asking how short.

/// The most bytes of a key that are copied at once.
const KEY: usize = 32;

/// The most bytes of another piece or of a value that are copied at once.
pub const STEP: usize = 64;

/// The most room that is written into at once: a key, a value and a comma.
const WINDOW: usize = KEY + STEP + 1;

/// A piece of text that is always the same, its beginning with room behind it to be copied along.
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
}

/// Text that grows, and room behind it.
#[derive(Debug, Default)]
pub struct Draft {
    /// The text, and what was written behind it before.
    room: Vec<u8>,
    len: usize,
}

impl Draft {
    /// Forgets the text.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// How long the text is.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The text.
    #[inline(always)]
    pub fn text(&mut self) -> &mut [u8] {
        &mut self.room[..self.len]
    }

    /// Takes back the last bytes.
    #[inline(always)]
    pub fn take_back(&mut self, len: usize) {
        self.len -= len;
    }

    /// As much room as may be written into at once, if there is as much.
    #[inline(always)]
    fn window(&mut self) -> Option<&mut [u8; WINDOW]> {
        self.room.get_mut(self.len..)?.first_chunk_mut()
    }

    /// Appends a text of any length.
    #[inline(never)]
    pub fn append(&mut self, text: &[u8]) {
        let end = self.len + text.len();
        if self.room.len() < end + WINDOW {
            self.room.resize(end + WINDOW, 0);
        }
        self.room[self.len..end].copy_from_slice(text);
        self.len = end;
    }

    /// Appends a few bytes.
    #[inline(always)]
    pub fn put<const N: usize>(&mut self, text: &[u8; N]) {
        match self.window() {
            Some(room) if N <= WINDOW => {
                room[..N].copy_from_slice(text);
                self.len += N;
            }
            _ => self.append(text),
        }
    }

    /// Appends a piece.
    #[inline(always)]
    pub fn piece(&mut self, piece: &Piece) {
        let len = piece.len();
        match self.window() {
            Some(room) if len <= KEY => {
                room[..KEY].copy_from_slice(&piece.head[..KEY]);
                self.len += len;
            }
            Some(room) if len <= STEP => {
                room[..STEP].copy_from_slice(&piece.head);
                self.len += len;
            }
            _ => self.append(piece.text.as_bytes()),
        }
    }

    /// Appends the first bytes of a text, which should go on behind them.
    #[inline(always)]
    pub fn start_of(&mut self, text: &[u8], len: usize) {
        match (self.window(), text.first_chunk::<STEP>()) {
            (Some(room), Some(bytes)) if len <= STEP => {
                room[..STEP].copy_from_slice(bytes);
                self.len += len;
            }
            _ => self.append(&text[..len]),
        }
    }

    /// Appends a member with a comma: its key with the colon, and the value that is the first bytes of a
    /// text, which should go on behind them.
    #[inline(always)]
    pub fn member(&mut self, key: &Piece, text: &[u8], len: usize) {
        match (self.window(), text.first_chunk::<STEP>()) {
            (Some(room), Some(value)) if key.len() <= KEY && len <= STEP => {
                room[..KEY].copy_from_slice(&key.head[..KEY]);
                room[key.len()..key.len() + STEP].copy_from_slice(value);
                room[key.len() + len] = b',';
                self.len += key.len() + len + 1;
            }
            _ => {
                self.piece(key);
                self.append(&text[..len]);
                self.put(b",");
            }
        }
    }

    /// Closes an object, if it has members: puts a bracket in the place of the last one's comma, and a comma
    /// behind it. Whether it had any.
    #[inline(always)]
    pub fn close(&mut self) -> bool {
        let has_members = self.text().last() == Some(&b',');
        if has_members {
            self.len -= 1;
            self.put(b"},");
        }
        has_members
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_is_what_was_appended_wherever_its_room_ends() {
        let digits = "0123456789".repeat(100);
        let mut seed = 1_usize;
        let mut random = |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..300 {
            let mut draft = Draft::default();
            for _ in 0..2 {
                draft.clear();
                let mut expected = String::new();
                for _ in 0..random(100) {
                    let edges = [0, 1, KEY - 1, KEY, KEY + 1, STEP - 1, STEP, STEP + 1];
                    let (len, behind) = (edges[random(edges.len())], random(2) * STEP);
                    let key = Piece::new(digits[..edges[random(edges.len())]].into());
                    match random(6) {
                        0 => {
                            draft.append(&digits.as_bytes()[..len]);
                            expected += &digits[..len];
                        }
                        1 => {
                            draft.put(b"\",");
                            expected += "\",";
                        }
                        2 => {
                            draft.piece(&key);
                            expected += &key.text;
                        }
                        3 => {
                            draft.start_of(&digits.as_bytes()[..len + behind], len);
                            expected += &digits[..len];
                        }
                        4 => {
                            draft.member(&key, &digits.as_bytes()[..len + behind], len);
                            expected += &format!("{}{},", key.text, &digits[..len]);
                        }
                        _ => {
                            let with_members = expected.strip_suffix(',').map(|text| format!("{text}}},"));
                            assert_eq!(draft.close(), with_members.is_some());
                            expected = with_members.unwrap_or(expected);
                        }
                    }
                    assert_eq!(String::from_utf8_lossy(draft.text()), expected);
                }
            }
        }
    }
}
