//! The version in the path of an address.

use std::fmt;

/// A version of the API, as paths spell it: `2_7`. From 1_0 to 3_1 (END-2, END-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u8,
    minor: u8,
}

impl Version {
    /// The last version.
    pub const LAST: Self = Self { major: 3, minor: 1 };
    /// The first version whose schema is known.
    pub const V2_1: Self = Self { major: 2, minor: 1 };
    /// `leadSelector` in getLeadChanges; the last one with `skipActivityLog` in listOperation.
    pub const V2_2: Self = Self { major: 2, minor: 2 };
    /// `activityNameFilter` in getLeadChanges.
    pub const V2_3: Self = Self { major: 2, minor: 3 };
    /// Ids of activities are long, `MObjStatus/id` can be nil (RSP-5), `mergeInSales`.
    pub const V2_7: Self = Self { major: 2, minor: 7 };
    /// `marketoGUID` (GLA-17), `cloneToProgramName`, `partnerId`.
    pub const V3_0: Self = Self { major: 3, minor: 0 };
    /// The versions whose documents are known and served, in their order (WSD-3).
    pub const DOCUMENTS: [Self; 5] = [Self::V2_1, Self::V2_2, Self::V2_3, Self::V2_7, Self::LAST];

    /// Reads the path segment of a version (END-4); nothing if it is malformed or newer than [`Version::LAST`].
    pub fn parse(segment: &str) -> Option<Self> {
        let (major, minor) = segment.split_once('_')?;
        let number = |text: &str| {
            let digits = !text.is_empty()
                && text.len() <= 2
                && text.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| text.parse::<u8>().ok())?
        };
        let version = Self {
            major: number(major)?,
            minor: number(minor)?,
        };
        (version.major >= 1 && version <= Self::LAST).then_some(version)
    }

    /// The version whose WSDL stands for this one, one of [`Version::DOCUMENTS`] (WSD-3).
    pub fn document(self) -> Self {
        match self {
            _ if self >= Self::V3_0 => Self::LAST,
            _ if self >= Self::V2_7 => Self::V2_7,
            _ if self >= Self::V2_3 => Self::V2_3,
            _ if self >= Self::V2_2 => Self::V2_2,
            _ => Self::V2_1,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn end_04_versions_from_1_0_to_3_1() {
        for good in ["1_0", "1_3", "2_7", "2_9", "3_0", "3_1"] {
            assert_eq!(
                Version::parse(good)
                    .map(|version| version.to_string())
                    .as_deref(),
                Some(good)
            );
        }
        for bad in [
            "", "3", "3_2", "4_0", "0_9", "2.7", "2_", "_7", "2_7_1", "+2_7", "2_777", "２_7",
        ] {
            assert_eq!(Version::parse(bad), None, "{bad}");
        }
        assert!(Version::parse("2_6") < Some(Version::V2_7));
    }
}
