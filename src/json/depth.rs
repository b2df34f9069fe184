//! The nesting of a JSON text.

/// The deepest nesting that is read; the outermost object or array is the first level.
pub const MAX_DEPTH: usize = 512;

/// The closing brackets of the objects and arrays that are open at a place, up to [`MAX_DEPTH`].
#[derive(Clone, Debug)]
pub struct OpenBrackets([u8; MAX_DEPTH + 1]);

impl OpenBrackets {
    /// Records the bracket that opens a level, and returns the one that closes it. Levels that are too deep to be read
    /// are ignored.
    #[inline(always)]
    pub fn open(&mut self, depth: usize, open: u8) -> u8 {
        // In ASCII, a closing bracket is the second byte after its opening one.
        let closing = open + 2;
        if let Some(level) = self.0.get_mut(depth) {
            *level = closing;
        }
        closing
    }

    #[inline(always)]
    pub fn closing(&self, depth: usize) -> u8 {
        self.0[depth]
    }

    /// Whether a bracket can close a level: it does, or the level is too deep to be recorded.
    pub fn can_close(&self, depth: usize, closing: u8) -> bool {
        depth > MAX_DEPTH || self.closing(depth) == closing
    }
}

impl Default for OpenBrackets {
    #[inline(always)]
    fn default() -> Self {
        OpenBrackets([0; MAX_DEPTH + 1])
    }
}
