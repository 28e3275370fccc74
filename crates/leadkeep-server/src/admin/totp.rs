//! One-time codes of six digits (RFC 6238 with SHA-1 and 30 seconds, as the usual programs make them).

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;

/// Seconds that a code is shown.
const STEP: i64 = 30;
/// Steps that clocks may be apart.
const APART: i64 = 1;

/// Letters of base 32 (RFC 4648).
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The time step whose code this is.
pub(crate) fn step(secret: &[u8], code: &str, now: Timestamp) -> Option<i64> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let current = now.as_second().div_euclid(STEP);
    (current - APART..=current + APART).find(|step| at(secret, *step) == code)
}

/// The code of a time step.
fn at(secret: &[u8], step: i64) -> String {
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return String::new();
    };
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 15);
    let number = digest[offset..offset + 4]
        .iter()
        .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:06}", (number & 0x7FFF_FFFF) % 1_000_000)
}

/// A secret as people type it into a program that makes codes.
pub(crate) fn base32(secret: &[u8]) -> String {
    let bits = secret
        .iter()
        .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
    let bits: Vec<u8> = bits.collect();
    bits.chunks(5)
        .map(|five| {
            let number = five
                .iter()
                .fold(0_usize, |number, bit| number << 1 | usize::from(*bit));
            char::from(LETTERS[number << (5 - five.len())])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and the times of RFC 6238, appendix B; the last six digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        let secret = b"12345678901234567890";
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(at(secret, second / STEP), code);
            let at = |second| Timestamp::from_second(second).unwrap();
            let shown = format!("{} {}", &code[..3], &code[3..]);
            let found = step(secret, &shown, at(second));
            assert_eq!(found, Some(second / STEP));
            assert_eq!(step(secret, code, at(second + 30)), found);
            assert_eq!(step(secret, code, at(second - 30)), found);
            assert_eq!(step(secret, code, at(second + 61)), None);
        }
        for bad in ["", "0", "28708", "2870822"] {
            assert_eq!(step(secret, bad, Timestamp::from_second(59).unwrap()), None);
        }
    }

    /// RFC 4648, section 10, without what only fills up.
    #[test]
    fn secrets_are_written_in_base_32() {
        for (text, written) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(text.as_bytes()), written);
        }
    }
}
