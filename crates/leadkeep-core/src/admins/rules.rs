//! Who is an admin user.

use super::audit::{Change, note};
use super::{Admin, AdminError, Role, Sessions, Totp};
use crate::provision::is_name;
use crate::store::{ReadTxn, WriteTxn};
use jiff::Timestamp;

type Result<T> = std::result::Result<T, AdminError>;

/// Makes the first owner. Two who try at once make one.
///
/// # Errors
/// [`AdminError::NotFirst`] when there is an admin user already; a bad name.
pub fn first_owner(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    name: &str,
    password: String,
) -> Result<()> {
    if !txn.admins()?.is_empty() {
        return Err(AdminError::NotFirst);
    }
    add(txn, now, name.trim(), name, password, Role::Owner)
}

/// Adds an admin user; `password` is the hash of one.
///
/// # Errors
/// When the name is taken or cannot be one.
pub fn add(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    by: &str,
    name: &str,
    password: String,
    role: Role,
) -> Result<()> {
    let name = name.trim();
    if !is_name(name) {
        return Err(AdminError::BadName);
    }
    if find(txn, name)?.is_some() {
        return Err(AdminError::Exists(name.to_owned()));
    }
    txn.put_admin(&Admin {
        name: name.to_owned(),
        password,
        role,
        language: None,
        totp: None,
        disabled: false,
        created_at: now,
        signed_in_at: None,
    })?;
    noted(txn, now, by, "admin.add", name, role.as_str())
}

/// Gives an admin user another role.
///
/// # Errors
/// When there is no such user, or no owner would be left.
pub fn set_role(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    by: &str,
    name: &str,
    role: Role,
) -> Result<()> {
    let mut admin = known(txn, name)?;
    if admin.role == role {
        return Ok(());
    }
    keep_an_owner(txn, &admin)?;
    let detail = format!("{} -> {}", admin.role.as_str(), role.as_str());
    admin.role = role;
    txn.put_admin(&admin)?;
    noted(txn, now, by, "admin.role", &admin.name, &detail)
}

/// Ends all sessions of an admin user and lets nobody sign in as this one.
///
/// # Errors
/// When there is no such user, or no owner would be left.
pub fn disable(txn: &mut dyn WriteTxn, now: Timestamp, by: &str, name: &str) -> Result<()> {
    let mut admin = known(txn, name)?;
    keep_an_owner(txn, &admin)?;
    admin.disabled = true;
    txn.put_admin(&admin)?;
    txn.delete_sessions(&Sessions::Of(admin.name.clone()))?;
    noted(txn, now, by, "admin.disable", &admin.name, "")
}

/// Lets an admin user sign in again.
///
/// # Errors
/// When there is no such user.
pub fn enable(txn: &mut dyn WriteTxn, now: Timestamp, by: &str, name: &str) -> Result<()> {
    let mut admin = known(txn, name)?;
    admin.disabled = false;
    txn.put_admin(&admin)?;
    noted(txn, now, by, "admin.enable", &admin.name, "")
}

/// Gives an admin user another password, of which the hash comes, and ends all sessions.
///
/// # Errors
/// When there is no such user.
pub fn set_password(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    by: &str,
    name: &str,
    password: String,
) -> Result<()> {
    let mut admin = known(txn, name)?;
    admin.password = password;
    txn.put_admin(&admin)?;
    txn.delete_sessions(&Sessions::Of(admin.name.clone()))?;
    noted(txn, now, by, "admin.password", &admin.name, "")
}

/// Chooses the language of the pages.
///
/// # Errors
/// When there is no such user.
pub fn set_language(txn: &mut dyn WriteTxn, name: &str, language: Option<String>) -> Result<()> {
    let mut admin = known(txn, name)?;
    admin.language = language;
    Ok(txn.put_admin(&admin)?)
}

/// Turns one-time codes on, or off.
///
/// # Errors
/// When there is no such user.
pub fn set_totp(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    by: &str,
    name: &str,
    totp: Option<Totp>,
) -> Result<()> {
    let mut admin = known(txn, name)?;
    let detail = if totp.is_some() { "on" } else { "off" };
    admin.totp = totp;
    txn.put_admin(&admin)?;
    noted(txn, now, by, "admin.totp", &admin.name, detail)
}

/// The admin user with a name, whatever its case.
pub(super) fn known<T: ReadTxn + ?Sized>(txn: &mut T, name: &str) -> Result<Admin> {
    find(txn, name)?.ok_or_else(|| AdminError::Unknown(name.to_owned()))
}

fn find<T: ReadTxn + ?Sized>(txn: &mut T, name: &str) -> Result<Option<Admin>> {
    let admins = txn.admins()?;
    Ok(admins.into_iter().find(|admin| admin.is_called(name)))
}

/// Refuses to take away the last owner who can sign in.
fn keep_an_owner(txn: &mut dyn WriteTxn, admin: &Admin) -> Result<()> {
    let is_owner = |admin: &Admin| admin.role == Role::Owner && !admin.disabled;
    let other = |one: &Admin| is_owner(one) && one.name != admin.name;
    if is_owner(admin) && !txn.admins()?.iter().any(other) {
        return Err(AdminError::LastOwner);
    }
    Ok(())
}

fn noted(
    txn: &mut dyn WriteTxn,
    now: Timestamp,
    by: &str,
    action: &str,
    name: &str,
    detail: &str,
) -> Result<()> {
    let subject = format!("admin user {name}");
    Ok(note(
        txn,
        now,
        Change {
            by,
            action,
            subject: &subject,
            detail,
        },
    )?)
}
