//! How deep a JSON text is nested, and in what.

/// The deepest nesting that is read; the outermost object or array is the first level.
pub const MAX_DEPTH: usize = 512;

/// The kind of a bracket pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// Braces.
    Object,
    /// Square brackets.
    Array,
}

/// What the brackets that are open at a place are, up to [`MAX_DEPTH`].
#[derive(Clone, Debug)]
pub struct OpenBrackets([Container; MAX_DEPTH + 1]);

impl OpenBrackets {
    /// No bracket is open.
    #[inline(always)]
    pub fn new() -> OpenBrackets {
        OpenBrackets([Container::Array; MAX_DEPTH + 1])
    }

    /// Notes what the bracket that opens a level is; of deeper levels than are read nothing is noted.
    #[inline(always)]
    pub fn set(&mut self, depth: usize, container: Container) {
        if let Some(level) = self.0.get_mut(depth) {
            *level = container;
        }
    }

    /// What a level that was noted is.
    #[inline(always)]
    pub fn at(&self, depth: usize) -> Container {
        self.0[depth]
    }

    /// Whether a level can be of a kind: it is, or nothing was noted of it.
    pub fn can_be(&self, depth: usize, container: Container) -> bool {
        depth > MAX_DEPTH || self.at(depth) == container
    }
}

impl Default for OpenBrackets {
    fn default() -> Self {
        OpenBrackets::new()
    }
}
