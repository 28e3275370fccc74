//! The stream position of a time window, in the one form that clients read (GML-20, STR-7).

use jiff::Timestamp;

/// Where a window stream stands, without anything kept on the server (STR-1, STR-2, STR-3): `id:1089965:to:1392234668:tl:1392321068:os:2:rc:24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// The last id that was given.
    pub(super) id: i64,
    /// The oldest bound, in seconds since 1970.
    pub(super) from: i64,
    /// The latest bound; a connector cuts its digits out of the last page.
    pub(super) to: i64,
    /// Records given so far.
    pub(super) given: u64,
    /// Records that remain.
    pub(super) remaining: u64,
}

impl Position {
    /// Reads a position that [`Position::write`] wrote; further fields may follow.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(':');
        let mut field = |name: &str| -> Option<i64> {
            (parts.next()? == name).then_some(())?;
            parts.next()?.parse().ok()
        };
        let (id, from, to) = (field("id")?, field("to")?, field("tl")?);
        let (given, remaining) = (field("os")?, field("rc")?);
        let valid =
            id >= 0 && Timestamp::from_second(from).is_ok() && Timestamp::from_second(to).is_ok();
        valid.then_some(())?;
        Some(Self {
            id,
            from,
            to,
            given: given.try_into().ok()?,
            remaining: remaining.try_into().ok()?,
        })
    }

    /// Writes a position.
    pub(super) fn write(&self) -> String {
        format!(
            "id:{}:to:{}:tl:{}:os:{}:rc:{}",
            self.id, self.from, self.to, self.given, self.remaining
        )
    }
}

/// Whether a text is no position of this server, but one that counts as none (GML-26): the forged start of one client
/// in any call, another server's form beside a selector.
pub(super) fn counts_as_none(text: &str, has_selector: bool) -> bool {
    let text = text.trim();
    text == "id:1:ts:1:os:0:rc:1"
        || (has_selector && text.starts_with("id:") && text.contains(":rc:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gml_20_positions_keep_their_form() {
        let text = "id:1089965:to:1392234668:tl:1392321068:os:2:rc:24";
        let position = Position::read(text).unwrap();
        assert_eq!(position.write(), text);
        assert_eq!(
            Position::read(&format!("{text}:xx:1")),
            Some(position),
            "further fields may follow"
        );
        for bad in [
            "",
            "id:1",
            "id:-1:to:1:tl:2:os:3:rc:4",
            "id:1:to:1:tl:2:os:-3:rc:4",
            "id:1:ts:1:os:0:rc:1",
            "id:1:to:99999999999999:tl:2:os:3:rc:4",
            "x:1:to:1:tl:2:os:3:rc:4",
        ] {
            assert_eq!(Position::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn gml_26_some_foreign_positions_count_as_none() {
        assert!(counts_as_none("id:1:ts:1:os:0:rc:1", false));
        assert!(counts_as_none("id:abc:zz:9:rc:x", true));
        assert!(!counts_as_none("id:abc:zz:9:rc:x", false));
        assert!(!counts_as_none("garbage", true));
    }
}
