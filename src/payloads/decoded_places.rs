//! Maps an index in decoded text back to the text that it was decoded from.

/// Answers for one text; asked in ascending order, it walks the text only once.
#[derive(Clone, Debug)]
pub struct Places<'a> {
    raw: &'a [u8],
    /// The number of bytes at the start of a text that encode its first decoded byte.
    width: fn(&[u8]) -> usize,
    from: usize,
    raw_at: usize,
    at: usize,
}

impl<'a> Places<'a> {
    /// For the text that begins at `from` in `raw`.
    pub fn new(raw: &'a [u8], from: usize, width: fn(&[u8]) -> usize) -> Places<'a> {
        Places { raw, width, from, raw_at: from, at: 0 }
    }

    /// The index in the raw text for an index in the decoded text.
    pub fn place(&mut self, at: usize) -> usize {
        if at < self.at {
            (self.raw_at, self.at) = (self.from, 0);
        }
        while self.at < at && self.raw_at < self.raw.len() {
            self.raw_at += (self.width)(&self.raw[self.raw_at..]);
            self.at += 1;
        }
        self.raw_at.min(self.raw.len())
    }
}

/// The width where nothing was decoded.
pub fn as_it_stands(_: &[u8]) -> usize {
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_may_be_asked_in_any_order() {
        let mut places = Places::new(b"x%41b%43", 1, |text| if text[0] == b'%' { 3 } else { 1 });
        let found = [0, 1, 2, 3, 9, 1, 0].map(|at| places.place(at));
        assert_eq!(found, [1, 4, 5, 8, 8, 4, 1]);
    }

    #[test]
    fn asking_upwards_walks_the_text_once() {
        let raw = vec![b'a'; 1 << 20];
        thread_local!(static WALKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) });
        let mut places = Places::new(&raw, 0, |_| {
            WALKED.set(WALKED.get() + 1);
            1
        });
        for at in 0..raw.len() {
            places.place(at);
        }
        assert_eq!(WALKED.get(), raw.len() - 1);
    }
}
