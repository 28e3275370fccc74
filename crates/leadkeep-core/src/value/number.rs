//! Whole numbers, floats and money (VAL-2, VAL-3).

use super::ValueError;

/// Digits of money before and after the point (DM-VAL, limits).
const MONEY_WHOLE: i64 = 18;
const MONEY_FRACTION: i64 = 4;

/// VAL-2: sign, digits, leading zeros, a fraction of zeros, a percent sign.
pub(super) fn integer(text: &str) -> Result<String, ValueError> {
    whole(text)
        .map(|number| number.to_string())
        .ok_or_else(|| ValueError::expected("a whole number", text))
}

/// Scores and percents: as [`integer`], with 32 bits.
pub(super) fn small_integer(text: &str) -> Result<String, ValueError> {
    whole(text)
        .and_then(|number| i32::try_from(number).ok())
        .map(|number| number.to_string())
        .ok_or_else(|| ValueError::expected("a whole number of 32 bits", text))
}

/// The id of a row: digits, above 0 (VAL-7).
pub(super) fn reference(text: &str) -> Result<String, ValueError> {
    whole(text)
        .filter(|number| *number > 0)
        .map(|number| number.to_string())
        .ok_or_else(|| ValueError::expected("an id", text))
}

fn whole(text: &str) -> Option<i64> {
    let text = text.strip_suffix('%').map_or(text, str::trim_end);
    let (negative, digits) = sign(text);
    let digits = match digits.split_once('.') {
        Some((digits, fraction)) if fraction.bytes().all(|byte| byte == b'0') => digits,
        Some(_) => return None,
        None => digits,
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude: i128 = match digits.trim_start_matches('0') {
        "" => 0,
        digits if digits.len() > 20 => return None,
        digits => digits.parse().ok()?,
    };
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// VAL-3: a decimal point and an exponent are taken; the shortest decimal without exponent is given.
pub(super) fn float(text: &str) -> Result<String, ValueError> {
    Decimal::read(text)
        .and_then(|_| text.parse::<f64>().ok())
        .filter(|number| number.is_finite())
        // Adding 0 makes 0 of -0.
        .map(|number| (number + 0.0).to_string())
        .ok_or_else(|| ValueError::expected("a number", text))
}

/// VAL-3, DM-VAL-12: as [`float`], but exact. What has more digits than the type is refused, not rounded.
pub(super) fn currency(text: &str) -> Result<String, ValueError> {
    let error = |what| ValueError::expected(what, text);
    let decimal = Decimal::read(text).ok_or_else(|| error("a number"))?;
    decimal
        .plain(MONEY_WHOLE, MONEY_FRACTION)
        .ok_or_else(|| error("a number with at most 18 digits before and 4 after the point"))
}

/// A canonical amount in units of the fourth digit after the point.
pub(super) fn money_units(canonical: &str) -> Option<i128> {
    let (negative, digits) = sign(canonical);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let missing = 4_usize.checked_sub(fraction.len())?;
    let scale = 10_i128.pow(u32::try_from(missing).ok()?);
    let units = whole.parse::<i128>().ok()?.checked_mul(10_000)?;
    let rest = match fraction {
        "" => 0,
        fraction => fraction.parse::<i128>().ok()?.checked_mul(scale)?,
    };
    let units = units.checked_add(rest)?;
    Some(if negative { -units } else { units })
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// A decimal number as it was written, without loss.
struct Decimal<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Decimal<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (negative, rest) = sign(text);
        let (mantissa, exponent) = match rest.find(['e', 'E']) {
            Some(at) => (&rest[..at], exponent(&rest[at + 1..])?),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let some = !whole.is_empty() || !fraction.is_empty();
        (some && digits(whole) && digits(fraction)).then_some(Self {
            negative,
            whole,
            fraction,
            exponent,
        })
    }

    /// Without exponent and needless zeros; `None` if that takes more than so many digits.
    fn plain(&self, max_whole: i64, max_fraction: i64) -> Option<String> {
        let digits = [self.whole, self.fraction].concat();
        let point = i64::try_from(self.whole.len()).ok()?;
        let leading = digits.len() - digits.trim_start_matches('0').len();
        let digits = digits.trim_matches('0');
        if digits.is_empty() {
            return Some("0".to_owned());
        }
        // How many of the digits stand before the point; below 0 there are zeros between the point and them.
        let before = point
            .checked_sub(i64::try_from(leading).ok()?)?
            .checked_add(self.exponent)?;
        let after = i64::try_from(digits.len()).ok()?.checked_sub(before)?;
        if before > max_whole || after > max_fraction {
            return None;
        }
        let mut out = String::with_capacity(24);
        if self.negative {
            out.push('-');
        }
        if before <= 0 {
            out.push_str("0.");
            out.extend((before..0).map(|_| '0'));
            out.push_str(digits);
        } else {
            for (at, digit) in (0..).zip(digits.chars()) {
                if at == before {
                    out.push('.');
                }
                out.push(digit);
            }
            out.extend((after..0).map(|_| '0'));
        }
        Some(out)
    }
}

/// The number behind the `e`. One that is too long to be read is taken as far beyond every range.
fn exponent(text: &str) -> Option<i64> {
    let (negative, digits) = sign(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse().unwrap_or(i64::MAX / 4);
    Some(if negative { -magnitude } else { magnitude })
}
