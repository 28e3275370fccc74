//! One-time codes of six digits (RFC 6238 with SHA-1 and 30 seconds, as the usual programs make them).

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha1::Sha1;

/// Seconds that a code is shown.
const STEP: i64 = 30;
/// Steps that clocks may be apart.
const APART: i64 = 1;

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
}
