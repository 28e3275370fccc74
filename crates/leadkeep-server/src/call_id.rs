//! Names of calls (FLT-10).

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// An odd number, so that each of the 2^32 names is given once before one is given again; neighbours look unlike, and do
/// not tell a client how many others call.
const STEP: u32 = 0x9E37_79B9;

/// The next name. The first one is random: two runs of the server hardly ever give the same.
static NEXT: LazyLock<AtomicU32> = LazyLock::new(|| {
    let mut bytes = [0; 4];
    // Without randomness the names are the same in each run.
    let _ = getrandom::fill(&mut bytes);
    AtomicU32::new(u32::from_ne_bytes(bytes))
});

/// A short name under which a call is found in the logs: eight hexadecimal digits.
pub(crate) fn next() -> String {
    format!("{:08x}", NEXT.fetch_add(STEP, Ordering::Relaxed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_short_and_different() {
        let names: HashSet<String> = (0..100_000).map(|_| next()).collect();
        assert_eq!(names.len(), 100_000);
        assert!(names.iter().all(|name| name.len() == 8));
    }
}
