//! The signature of the AuthenticationHeader: HMAC-SHA1 over timestamp and user id, in this order, as lower-case hex.
//!
//! Nothing of the body is signed and nothing makes a signature unique, so that a client may use one for many calls (AUT-6).

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use std::fmt::Write;

/// Signs a header: 40 lower-case hex digits. The texts are taken as they are, in UTF-8 (AUT-1, AUT-3).
pub fn sign(key: &str, timestamp: &str, user_id: &str) -> String {
    let mut hex = String::with_capacity(40);
    for byte in mac(key, timestamp, user_id).finalize().into_bytes() {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Whether `signature` signs the timestamp and the user id with the key.
///
/// The comparison takes the same time wherever the first difference stands, and upper-case hex counts (AUT-4). If the
/// texts as sent do not verify and one has white space around it, they are tried once more without (AUT-2).
pub fn verify(key: &str, timestamp: &str, user_id: &str, signature: &str) -> bool {
    let Some(signature) = unhex(signature.trim()) else {
        // The same work as for a readable signature (AUT-5).
        return mac(key, timestamp, user_id).verify_slice(&[0; 20]).is_ok();
    };
    let as_sent = mac(key, timestamp, user_id)
        .verify_slice(&signature)
        .is_ok();
    let (trimmed_timestamp, trimmed_user) = (timestamp.trim(), user_id.trim());
    if as_sent || (trimmed_timestamp, trimmed_user) == (timestamp, user_id) {
        return as_sent;
    }
    mac(key, trimmed_timestamp, trimmed_user)
        .verify_slice(&signature)
        .is_ok()
}

fn mac(key: &str, timestamp: &str, user_id: &str) -> Hmac<Sha1> {
    #[expect(
        clippy::expect_used,
        reason = "HMAC is defined for keys of every length"
    )]
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("a key of any length");
    mac.update(timestamp.as_bytes());
    mac.update(user_id.as_bytes());
    mac
}

fn unhex(text: &str) -> Option<[u8; 20]> {
    let digits = text.as_bytes();
    let mut bytes = [0; 20];
    if digits.len() != 40 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let high = char::from(pair[0]).to_digit(16)?;
        let low = char::from(pair[1]).to_digit(16)?;
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{sign, verify};

    #[test]
    fn aut_01_test_vectors() {
        let example = "example-encryption-key-0001";
        let demo = "demo17_1_809934544BFABAE58E5D27";
        for (key, user, timestamp, signature) in [
            (
                "899756834129871744AAEE88DDCC77CDEEDEC1AAAD66",
                "bigcorp1_461839624B16E06BA2D663",
                "2010-04-09T14:04:54-07:00",
                "ffbff4d4bef354807481e66dc7540f7890523a87",
            ),
            (
                "27272727aa",
                demo,
                "2013-08-01T18:22:30-07:00",
                "b5e21953ae9f1b263e644da5eccce9ff33802513",
            ),
            (
                example,
                demo,
                "2013-08-01T18:22:30-07:00",
                "c3e84d16d45c41043e6d986e95b693a3edbd8819",
            ),
            (
                example,
                demo,
                "2013-08-02T01:22:30Z",
                "30b0403fa75d29207972327e973a3337b06cd08f",
            ),
            (
                example,
                demo,
                "2013-08-02T01:22:30+00:00",
                "8a564a8225599192ab6fbeda29d29fdaa9638b2b",
            ),
            (
                example,
                demo,
                "2013-08-02 01:22:30 UTC",
                "014ae8e213d861ec147c00d8e166c15a20310e0e",
            ),
            (
                example,
                demo,
                "2013-08-02 10:22:30 +0900",
                "466043d1f0e55598bc69fc256450ea700979d847",
            ),
            (
                example,
                demo,
                "2013-08-02T01:22:30.123456",
                "d645722849fa51124e79367d640c0fbd970e6392",
            ),
            (
                "schlüssel-0001",
                "prüf_user",
                "2013-08-02T01:22:30Z",
                "de42c8e1d2814a8c1bedd9407ac219c3ab41aace",
            ),
        ] {
            assert_eq!(sign(key, timestamp, user), signature, "{timestamp}");
            assert!(verify(key, timestamp, user, signature));
            assert!(
                verify(key, timestamp, user, &signature.to_uppercase()),
                "AUT-4"
            );
            assert!(
                !verify(key, &format!("{timestamp}0"), user, signature),
                "AUT-3"
            );
            assert!(!verify("another", timestamp, user, signature));
        }
    }

    #[test]
    fn aut_02_white_space_around_the_parts() {
        let signature = sign("key", "2013-08-02T01:22:30Z", "user");
        assert!(verify(
            "key",
            "\n  2013-08-02T01:22:30Z\n",
            " user ",
            &signature
        ));
        let signature = sign("key", " 2013-08-02T01:22:30Z", "user");
        assert!(
            verify("key", " 2013-08-02T01:22:30Z", "user", &signature),
            "as sent comes first"
        );
        for bad in [
            "",
            "x",
            "zz",
            &"g".repeat(40),
            &"é".repeat(20),
            &signature[1..],
        ] {
            assert!(
                !verify("key", " 2013-08-02T01:22:30Z", "user", bad),
                "{bad}"
            );
        }
    }
}
