//! Who calls (AUT-1 to AUT-15).

use crate::config::Config;
use jiff::{SignedDuration, Timestamp};
use leadkeep_core::schema::{ApiUser, Schema};
use mktows::{AuthenticationHeaderInfo, Fault, FaultCode, signature};
use mktows_datetime::DateTime;

/// A key that no user has: an unknown user costs the same work as a known one (AUT-5).
const NOBODY: &str = "0123456789abcdef0123456789abcdef01234567";

/// Checks the header: complete, signed by a user, not blocked, in the window; in this order (AUT-9).
///
/// # Errors
/// 20014, 20017, 20013, 20016.
pub(crate) fn authenticate(
    schema: &Schema,
    config: &Config,
    now: Timestamp,
    header: Option<&AuthenticationHeaderInfo>,
) -> Result<ApiUser, Fault> {
    // AUT-10.
    let header = header.ok_or_else(Fault::authentication_failed)?;
    let part = |name: &str, text: &Option<String>| {
        let given = text
            .as_ref()
            .filter(|text| !text.trim().is_empty())
            .cloned();
        given.ok_or_else(|| Fault::new(FaultCode::InvalidRequest, format!("Missing {name}")))
    };
    let user_id = part("mktowsUserId", &header.mktows_user_id)?;
    let sent = part("requestSignature", &header.request_signature)?;
    let timestamp = part("requestTimestamp", &header.request_timestamp)?;

    // AUT-2: pretty-printing clients put white space around.
    let user = schema
        .user(&user_id)
        .or_else(|| schema.user(user_id.trim()));
    let signed = |key: &str| signature::verify(key, &timestamp, &user_id, &sent);
    let user = match user {
        // AUT-13: in the overlap of a rotation two keys are valid.
        Some(user)
            if user
                .valid_keys(now)
                .fold(false, |valid, key| signed(key) | valid) =>
        {
            user
        }
        Some(_) => return Err(Fault::authentication_failed()),
        None => {
            let _ = signed(NOBODY);
            return Err(Fault::authentication_failed());
        }
    };
    if user.disabled {
        // AUT-12: only whoever holds the key learns that the user is blocked.
        return Err(Fault::new(FaultCode::AccessDenied, "Access denied"));
    }
    if !in_window(config, schema, now, &timestamp) {
        return Err(Fault::new(FaultCode::RequestExpired, "Request expired"));
    }
    Ok(user.clone())
}

/// AUT-7, AUT-8: a time without a zone counts if any offset puts it into the window.
fn in_window(config: &Config, schema: &Schema, now: Timestamp, timestamp: &str) -> bool {
    let (past, future) = (config.timestamp_past, config.timestamp_future);
    if past.is_zero() && future.is_zero() {
        return true;
    }
    let Ok(time) = DateTime::parse(timestamp) else {
        return false;
    };
    let instant = match time.offset {
        Some(_) => time.to_timestamp(&schema.instance.time_zone),
        None => time.to_timestamp(&jiff::tz::TimeZone::UTC),
    };
    // Local times are up to 14 hours ahead of UTC and 12 behind: so far may the instant be from the text.
    let (earliest, latest) = match time.offset {
        Some(_) => (instant, instant),
        None => (hours(instant, -14), hours(instant, 12)),
    };
    let since = |duration: std::time::Duration| {
        SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
    };
    let oldest = now.saturating_sub(since(past)).unwrap_or(Timestamp::MIN);
    let newest = now.saturating_add(since(future)).unwrap_or(Timestamp::MAX);
    (past.is_zero() || latest >= oldest) && (future.is_zero() || earliest <= newest)
}

fn hours(instant: Timestamp, hours: i64) -> Timestamp {
    instant
        .saturating_add(SignedDuration::from_hours(hours))
        .unwrap_or(instant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use leadkeep_core::schema::UserKey;
    use std::time::Duration;

    fn schema() -> Schema {
        let mut schema = Schema::new_instance();
        let key = |key: &str, valid_until: Option<&str>| UserKey {
            key: key.to_owned(),
            valid_until: valid_until.map(|until| until.parse().unwrap()),
        };
        let user = |id: &str, keys: Vec<UserKey>, disabled: bool| ApiUser {
            id: id.to_owned(),
            keys,
            note: String::new(),
            disabled,
            strict_statuses: false,
        };
        schema.users = vec![
            user(
                "ann",
                vec![key("new", None), key("old", Some("2013-08-02T02:00:00Z"))],
                false,
            ),
            user("bob", vec![key("secret", None)], true),
        ];
        schema
    }

    /// The code of the fault, or 0 for a caller that is let in.
    fn check(now: &str, user: &str, key: &str, timestamp: &str) -> u32 {
        let header = AuthenticationHeaderInfo::signed(user, key, timestamp);
        match authenticate(
            &schema(),
            &Config::default(),
            now.parse().unwrap(),
            Some(&header),
        ) {
            Ok(found) => {
                assert_eq!(found.id, user.trim());
                0
            }
            Err(fault) => fault.code.number(),
        }
    }

    const NOW: &str = "2013-08-02T01:22:30Z";

    #[test]
    fn aut_05_aut_09_aut_12_aut_13_who_is_let_in() {
        for (user, key, expected) in [
            ("ann", "new", 0),
            ("ann", "old", 0),
            (" ann\n", "new", 0),
            ("ann", "wrong", 20014),
            ("Ann", "new", 20014),
            ("nobody", "new", 20014),
            ("nobody", NOBODY, 20014),
            ("bob", "secret", 20013),
            ("bob", "wrong", 20014),
        ] {
            assert_eq!(check(NOW, user, key, NOW), expected, "{user} {key}");
        }
        assert_eq!(
            check("2013-08-02T02:00:00Z", "ann", "old", "2013-08-02T02:00:00Z"),
            20014,
            "AUT-13"
        );
        assert_eq!(
            check(NOW, "nobody", "x", "2001-01-01T00:00:00Z"),
            20014,
            "AUT-9: the signature first"
        );
        assert_eq!(check(NOW, "bob", "secret", "2001-01-01T00:00:00Z"), 20013);
    }

    #[test]
    fn aut_07_aut_08_aut_15_the_window() {
        for (timestamp, expected) in [
            ("2013-08-02T00:22:30Z", 0),
            ("2013-08-02T00:22:29Z", 20016),
            ("2013-08-02T01:37:30Z", 0),
            ("2013-08-02T01:37:31Z", 20016),
            ("2013-08-01T18:22:30-07:00", 0),
            ("2013-08-02 10:22:30 +0900", 0),
            ("2013-08-01T13:22:30", 0),
            ("2013-08-02T15:22:30", 0),
            ("2013-08-01T12:00:00", 20016),
            ("2013-08-02T16:00:00", 20016),
            ("yesterday", 20016),
        ] {
            assert_eq!(check(NOW, "ann", "new", timestamp), expected, "{timestamp}");
        }
        let off = Config {
            timestamp_past: Duration::ZERO,
            timestamp_future: Duration::ZERO,
            ..Config::default()
        };
        let header = AuthenticationHeaderInfo::signed("ann", "new", "yesterday");
        assert!(authenticate(&schema(), &off, NOW.parse().unwrap(), Some(&header)).is_ok());
    }

    #[test]
    fn aut_06_aut_10_a_header_is_complete_and_may_come_again() {
        let refused = |header: Option<&AuthenticationHeaderInfo>| {
            authenticate(&schema(), &Config::default(), NOW.parse().unwrap(), header).unwrap_err()
        };
        assert_eq!(refused(None).code.number(), 20014);
        let full = AuthenticationHeaderInfo::signed("ann", "new", NOW);
        for _ in 0..2 {
            assert_eq!(check(NOW, "ann", "new", NOW), 0);
        }
        for (text, part) in [
            (
                "Missing mktowsUserId",
                AuthenticationHeaderInfo {
                    mktows_user_id: None,
                    ..full.clone()
                },
            ),
            (
                "Missing requestSignature",
                AuthenticationHeaderInfo {
                    request_signature: Some(" ".into()),
                    ..full.clone()
                },
            ),
            (
                "Missing requestTimestamp",
                AuthenticationHeaderInfo {
                    request_timestamp: None,
                    ..full
                },
            ),
        ] {
            let fault = refused(Some(&part));
            assert_eq!((fault.code.number(), fault.text.as_str()), (20017, text));
        }
    }
}
