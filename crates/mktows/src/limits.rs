//! What a message may cost its reader.

/// Bounds that hold before anything of a message is kept (REQ-20). Above them: 20012.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the message, after decompression (END-7).
    pub bytes: usize,
    /// Elements inside elements; an element that is reached by `href` counts as inside of the one that names it.
    pub depth: usize,
    /// Elements in all; those reached by `href` count each time.
    pub elements: usize,
    /// Attributes and namespace declarations of one element.
    pub attributes: usize,
    /// Bytes of a name or of an attribute's value.
    pub name_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            depth: 64,
            elements: 1_000_000,
            attributes: 256,
            name_bytes: 64 << 10,
        }
    }
}
