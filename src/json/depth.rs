//! The nesting of a JSON text.

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

/// The kinds of the brackets that are open at a place, up to [`MAX_DEPTH`].
#[derive(Clone, Debug)]
pub struct OpenBrackets([Container; MAX_DEPTH + 1]);

impl OpenBrackets {
    /// No bracket is open.
    #[inline(always)]
    pub fn new() -> OpenBrackets {
        OpenBrackets([Container::Array; MAX_DEPTH + 1])
    }

    /// Records the kind of the bracket that opens a level; levels that are too deep to be read are ignored.
    #[inline(always)]
    pub fn set(&mut self, depth: usize, container: Container) {
        if let Some(level) = self.0.get_mut(depth) {
            *level = container;
        }
    }

    /// The kind of a level that was recorded.
    #[inline(always)]
    pub fn at(&self, depth: usize) -> Container {
        self.0[depth]
    }

    /// Whether a level can be of a kind: it is, or it is too deep to be recorded.
    pub fn can_be(&self, depth: usize, container: Container) -> bool {
        depth > MAX_DEPTH || self.at(depth) == container
    }
}

impl Default for OpenBrackets {
    fn default() -> Self {
        OpenBrackets::new()
    }
}
