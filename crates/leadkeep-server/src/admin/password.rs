//! Passwords of admin users: argon2id, one hash at a time, for each takes 19 MiB.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Characters of a password at the least.
pub(crate) const SHORTEST: u64 = 10;
/// Characters of a password at the most: more is no password but an attack.
const LONGEST: usize = 1_024;

/// What stands in for the hash of a name that there is not, so that the answer takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IG5vYm9keQ$Zm9yIG5vYm9keSBhdCBhbGwuIGZvciBub2JvZHkgYXQ";

/// Whether a password can be taken.
pub(crate) fn is_good(password: &str) -> bool {
    let characters = password.chars().count();
    characters as u64 >= SHORTEST && characters <= LONGEST
}

/// The hash of a password, as a PHC string.
///
/// # Errors
/// When the system gives no randomness or no memory.
pub fn hash(password: &str) -> Result<String, String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| error.to_string())
}

fn is_right(password: &str, hash: &str) -> bool {
    password.len() <= 4 * LONGEST
        && PasswordHash::new(hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
}

/// Hashes and compares, one after the other, beside the calls.
pub(crate) struct Hasher(Semaphore);

impl Hasher {
    pub(crate) fn new() -> Self {
        Self(Semaphore::new(1))
    }

    /// The hash of a password; nothing if the system cannot make one.
    pub(crate) async fn hash(&self, password: String) -> Option<String> {
        self.alone(move || hash(&password).ok()).await?
    }

    /// Whether a password is the one of a hash; it takes as long without one.
    pub(crate) async fn is_right(&self, password: String, hash: Option<String>) -> bool {
        let is_right = move || match hash {
            Some(hash) => is_right(&password, &hash),
            None => {
                // It is not, but takes as long.
                let _ = is_right(&password, NOBODY);
                false
            }
        };
        self.alone(is_right).await == Some(true)
    }

    async fn alone<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        let _turn = self.0.acquire().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash() {
        let first = hash("correct horse").unwrap();
        assert!(first.starts_with("$argon2id$"), "{first}");
        assert!(!first.contains("horse"));
        assert_ne!(first, hash("correct horse").unwrap());
        assert!(is_right("correct horse", &first));
        assert!(!is_right("correct horsE", &first));
        assert!(!is_right("", &first));
        assert!(!is_right("x", ""));
    }

    /// Otherwise it would be answered at once, and tell that there is no such name.
    #[test]
    fn the_hash_of_nobody_is_one_like_others() {
        let parts = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert!(PasswordHash::new(NOBODY).is_ok());
        assert_eq!(parts(NOBODY), parts(&hash("correct horse").unwrap()));
    }

    #[test]
    fn short_ones_and_endless_ones_are_refused() {
        assert!(!is_good("123456789"));
        assert!(is_good("1234567890"));
        assert!(is_good("日本語日本語日本語日"));
        assert!(!is_good(&"x".repeat(LONGEST + 1)));
    }
}
