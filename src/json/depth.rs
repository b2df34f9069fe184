//! Which of the brackets that are open at a place are objects.

use crate::json::extract::MAX_DEPTH;

/// The kinds of the innermost brackets, up to the depth that is read.
#[derive(Clone, Debug)]
pub struct Brackets([bool; MAX_DEPTH + 1]);

impl Brackets {
    /// No bracket is open.
    #[inline(always)]
    pub fn new() -> Brackets {
        Brackets([false; MAX_DEPTH + 1])
    }

    /// Notes what the bracket that opens a level is; of levels deeper than are read nothing is noted.
    #[inline(always)]
    pub fn set(&mut self, depth: usize, object: bool) {
        if let Some(level) = self.0.get_mut(depth) {
            *level = object;
        }
    }

    /// Whether a level that was noted is an object.
    #[inline(always)]
    pub fn is_object(&self, depth: usize) -> bool {
        self.0[depth]
    }

    /// Whether a level may be what is asked for: it is, or nothing was noted of it.
    pub fn may_be_object(&self, depth: usize, object: bool) -> bool {
        depth > MAX_DEPTH || self.is_object(depth) == object
    }
}

impl Default for Brackets {
    fn default() -> Self {
        Brackets::new()
    }
}
