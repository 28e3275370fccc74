//! Signing in and out.

use super::{Admin, AdminError, Session, Sessions, rules};
use crate::store::{ReadTxn, StoreError, WriteTxn};
use jiff::{SignedDuration, Timestamp};

/// A session ends when it was not used for so long.
pub const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// A session ends after so long, however much it is used.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How exactly the last use is kept: not every page is a write.
const SEEN: SignedDuration = SignedDuration::from_mins(1);

/// Begins a session of somebody whose password was found right; `token` is the hash of the browser's token. `step` is the
/// time step of the one-time code that was given, if codes are on.
///
/// # Errors
/// [`AdminError::Unknown`] for a name that is unknown, disabled, or whose code was used before.
pub fn sign_in(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    name: &str,
    token: &[u8],
    step: Option<i64>,
) -> Result<Admin, AdminError> {
    let unknown = || AdminError::Unknown(name.to_owned());
    let mut admin = rules::known(txn, name)?;
    if admin.disabled {
        return Err(unknown());
    }
    if let Some(totp) = &mut admin.totp {
        totp.last_step = step
            .filter(|step| *step > totp.last_step)
            .ok_or_else(unknown)?;
    }
    admin.signed_in_at = Some(now);
    txn.put_admin(&admin)?;
    if let Some(oldest) = earlier(now, IDLE) {
        txn.delete_sessions(&Sessions::SeenBefore(oldest))?;
    }
    txn.put_session(&Session {
        token: token.to_vec(),
        admin: admin.name.clone(),
        made_at: now,
        seen_at: now,
    })?;
    Ok(admin)
}

/// Who a session is of, if it has not ended, and whether its last use is to be kept.
///
/// # Errors
/// Those of the store.
pub fn resume(
    txn: &mut dyn ReadTxn,
    now: Timestamp,
    token: &[u8],
) -> Result<Option<(Admin, Option<Session>)>, StoreError> {
    let Some(session) = txn.session(token)? else {
        return Ok(None);
    };
    let age = now.duration_since(session.made_at);
    let idle = now.duration_since(session.seen_at);
    if age > LONGEST || idle > IDLE {
        return Ok(None);
    }
    let admins = txn.admins()?;
    let own = admins
        .into_iter()
        .find(|admin| admin.name == session.admin && !admin.disabled);
    let seen = (idle > SEEN).then_some(Session {
        seen_at: now,
        ..session
    });
    Ok(own.map(|admin| (admin, seen)))
}

/// Ends a session.
///
/// # Errors
/// Those of the store.
pub fn sign_out(txn: &mut dyn WriteTxn, token: &[u8]) -> Result<(), StoreError> {
    txn.delete_sessions(&Sessions::Token(token.to_vec()))
}

fn earlier(now: Timestamp, by: SignedDuration) -> Option<Timestamp> {
    now.checked_sub(by).ok()
}
