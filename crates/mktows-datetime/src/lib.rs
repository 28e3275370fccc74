//! The one lenient reader of date-times of the mktows protocol.
