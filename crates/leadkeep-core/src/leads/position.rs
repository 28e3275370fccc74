//! Stream positions of getMultipleLeads (GML-20, STR-7).

use jiff::Timestamp;

/// Where a stream stands, without anything kept on the server (STR-1, STR-2, STR-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    /// In a time window.
    Window(WindowPosition),
    /// In a static list.
    List(ListPosition),
}

impl Position {
    /// Reads a position that this server wrote; further fields may follow.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().split(':');
        let mut field = |names: &[&str]| -> Option<(usize, i64)> {
            let name = parts.next()?;
            let which = names.iter().position(|known| *known == name)?;
            let digits = parts.next()?;
            Some((which, digits.parse().ok()?))
        };
        let (_, id) = field(&["id"])?;
        let (which, second) = field(&["to", "li"])?;
        let to = match which {
            0 => field(&["tl"])?.1,
            _ => 0,
        };
        let (_, given) = field(&["os"])?;
        let (_, remaining) = field(&["rc"])?;
        let given = given.try_into().ok()?;
        let remaining = remaining.try_into().ok()?;
        let is_time = |second| Timestamp::from_second(second).is_ok();
        match which {
            0 if id >= 0 && is_time(second) && is_time(to) => Some(Self::Window(WindowPosition {
                id,
                from: second,
                to,
                given,
                remaining,
            })),
            1 if id >= 0 && second > 0 => Some(Self::List(ListPosition {
                id,
                list: second,
                given,
                remaining,
            })),
            _ => None,
        }
    }
}

/// Where a window stream stands, in the one form that clients read: `id:1089965:to:1392234668:tl:1392321068:os:2:rc:24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WindowPosition {
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

impl WindowPosition {
    /// Writes the position.
    pub(super) fn write(&self) -> String {
        format!(
            "id:{}:to:{}:tl:{}:os:{}:rc:{}",
            self.id, self.from, self.to, self.given, self.remaining
        )
    }
}

/// Where the stream of a list stands: `id:17:li:1001:os:2:rc:24`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListPosition {
    /// The last id that was given.
    pub(super) id: i64,
    /// The list.
    pub(super) list: i64,
    /// Records given so far.
    pub(super) given: u64,
    /// Records that remain.
    pub(super) remaining: u64,
}

impl ListPosition {
    /// Writes the position.
    pub(super) fn write(&self) -> String {
        format!(
            "id:{}:li:{}:os:{}:rc:{}",
            self.id, self.list, self.given, self.remaining
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
        let Position::Window(window) = position else {
            panic!("{position:?}");
        };
        assert_eq!(window.write(), text);
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
            "id:1:li:0:os:3:rc:4",
            "id:1:li:7:tl:2:os:3:rc:4",
            "id:1:li:7:os:3",
        ] {
            assert_eq!(Position::read(bad), None, "{bad}");
        }
    }

    #[test]
    fn str_3_positions_of_lists_carry_their_list() {
        let text = "id:17:li:1001:os:2:rc:24";
        let Some(Position::List(position)) = Position::read(text) else {
            panic!("{text}");
        };
        assert_eq!((position.write(), position.list), (text.to_owned(), 1001));
    }

    #[test]
    fn gml_26_some_foreign_positions_count_as_none() {
        assert!(counts_as_none("id:1:ts:1:os:0:rc:1", false));
        assert!(counts_as_none("id:abc:zz:9:rc:x", true));
        assert!(!counts_as_none("id:abc:zz:9:rc:x", false));
        assert!(!counts_as_none("garbage", true));
    }
}
