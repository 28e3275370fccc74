//! The letters of stream positions: short printable text without `<` and `&` (STR-7).

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base 64 with letters that stand in addresses and in XML, without padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            out.push(char::from(
                DIGITS[(group >> (18 - 6 * digit)) as usize & 63],
            ));
        }
    }
    out
}

/// What [`encode`] wrote; nothing for any other text.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        let mut group = 0u32;
        for byte in chunk {
            let digit = DIGITS.iter().position(|digit| digit == byte)?;
            group = group << 6 | u32::try_from(digit).ok()?;
        }
        group <<= 6 * (4 - chunk.len());
        let bytes = group.to_be_bytes();
        out.extend_from_slice(&bytes[1..chunk.len()]);
    }
    (encode(&out) == text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn str_7_bytes_travel_as_plain_letters() {
        for length in 0..40u8 {
            let bytes: Vec<u8> = (0..length)
                .map(|byte| byte.wrapping_mul(83).wrapping_add(200))
                .collect();
            let text = encode(&bytes);
            assert!(
                text.bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
            );
            assert_eq!(decode(&text), Some(bytes));
        }
        for bad in ["A", "AB=", "A<BC", "Bé", "AAAAA"] {
            assert_eq!(decode(bad), None, "{bad}");
        }
    }
}
