//! How values compare.

use super::{DataType, number};
use std::cmp::Ordering;

/// The order of two canonical values of one type: numbers as numbers, times as instants, text without regard to case
/// (DM-OPP-11).
pub fn compare(data_type: DataType, a: &str, b: &str) -> Ordering {
    if data_type.is_text() {
        return fold_chars(a).cmp(fold_chars(b));
    }
    let numbers = match data_type {
        DataType::Float => ordered(a.parse::<f64>(), b.parse::<f64>(), f64::total_cmp),
        DataType::Currency => ordered(
            number::money_units(a).ok_or(()),
            number::money_units(b).ok_or(()),
            i128::cmp,
        ),
        DataType::Integer | DataType::Score | DataType::Percent | DataType::Reference => {
            ordered(a.parse::<i64>(), b.parse::<i64>(), i64::cmp)
        }
        _ => None,
    };
    // Days, instants in UTC and `0`, `1` are in the order of their texts.
    numbers.unwrap_or_else(|| a.cmp(b))
}

fn ordered<T, E>(
    a: Result<T, E>,
    b: Result<T, E>,
    order: impl Fn(&T, &T) -> Ordering,
) -> Option<Ordering> {
    Some(order(&a.ok()?, &b.ok()?))
}

/// The form in which look-ups compare a canonical value: lower case for text types, itself otherwise (DM-VAL-10,
/// DM-COB-6).
pub fn fold(data_type: DataType, canonical: &str) -> String {
    if data_type.is_text() {
        fold_text(canonical)
    } else {
        canonical.to_owned()
    }
}

/// A text in lower case, character by character, whatever stands around them. Accents count.
pub fn fold_text(text: &str) -> String {
    if text.is_ascii() {
        text.to_ascii_lowercase()
    } else {
        fold_chars(text).collect()
    }
}

/// The characters of [`fold_text`].
pub(crate) fn fold_chars(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// A text for a canonical value, so that the byte order of the texts is the order of the values, and equal texts are
/// equal values as [`compare`] sees them (GCO-8).
pub fn sort_key(data_type: DataType, canonical: &str) -> String {
    let number = match data_type {
        DataType::Float => canonical.parse::<f64>().ok().map(float_key),
        // Shifted above 0 and filled up with zeros to the same length.
        DataType::Currency => {
            number::money_units(canonical).map(|units| format!("{:023}", units + 10_i128.pow(22)))
        }
        DataType::Integer | DataType::Score | DataType::Percent | DataType::Reference => canonical
            .parse::<i64>()
            .ok()
            .map(|number| format!("{:020}", i128::from(number) - i128::from(i64::MIN))),
        _ => None,
    };
    number.unwrap_or_else(|| fold(data_type, canonical))
}

/// The bits of a float in the order of the numbers: negative ones turned over, the others above them.
fn float_key(number: f64) -> String {
    let bits = number.to_bits();
    let key = if bits >> 63 == 1 {
        !bits
    } else {
        bits | 1 << 63
    };
    format!("{key:016x}")
}
