//! Charts as SVG: bars that stand on each other, a bar a span of time. Colours come from the style sheet by class, so that
//! they follow light and dark.

use std::fmt::Write;

const WIDTH: u32 = 480;
const HEIGHT: u32 = 166;
const LEFT: u32 = 52;
const BOTTOM: u32 = 28;
const TOP: u32 = 8;
/// Lines across.
const LINES: u64 = 4;

/// The classes of colours, in the order in which series get them; what is left over shares the last.
pub(crate) const COLOURS: [&str; 7] = [
    "series-1",
    "series-2",
    "series-3",
    "series-4",
    "series-5",
    "series-6",
    "series-other",
];

/// A series: its name, the class of its colour, and a value a bar.
pub(crate) struct Series {
    pub(crate) name: String,
    pub(crate) class: &'static str,
    pub(crate) values: Vec<u64>,
}

/// A chart for a page. `labels` are pairs of a bar's place and the text under it; `title` is read out.
pub(crate) fn bars(
    title: &str,
    series: &[Series],
    labels: &[(usize, String)],
    number: impl Fn(u64) -> String,
) -> String {
    let count = series.iter().map(|own| own.values.len()).max().unwrap_or(0);
    let sum = |bar: usize| -> u64 { series.iter().filter_map(|own| own.values.get(bar)).sum() };
    let top = round_up((0..count).map(sum).max().unwrap_or(0));
    let (width, height) = (f64::from(WIDTH - LEFT), f64::from(HEIGHT - BOTTOM - TOP));
    let step = width / f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX));
    let place = |bar: usize| f64::from(LEFT) + step * f64::from(u32::try_from(bar).unwrap_or(0));
    let tall = |value: u64| height * ratio(value, top);
    let mut out = format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(title)
    );
    let mut put = |text: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = out.write_fmt(text);
    };
    for line in 0..=LINES {
        let value = top / LINES * line;
        let y = f64::from(HEIGHT - BOTTOM) - tall(value);
        put(format_args!(
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{WIDTH}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            LEFT - 6,
            y + 4.0,
            escaped(&number(value))
        ));
    }
    for bar in 0..count {
        let mut below = f64::from(HEIGHT - BOTTOM);
        for own in series {
            let value = own.values.get(bar).copied().unwrap_or(0);
            if value == 0 {
                continue;
            }
            // One call among thousands is still seen.
            let tall = tall(value).max(1.0);
            below -= tall;
            put(format_args!(
                "<rect class=\"{}\" x=\"{:.1}\" y=\"{below:.1}\" width=\"{:.1}\" height=\"{tall:.1}\"/>",
                own.class,
                place(bar),
                (step - 0.6).max(0.8)
            ));
        }
    }
    for (bar, label) in labels {
        put(format_args!(
            "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            place(*bar) + step / 2.0,
            HEIGHT - 6,
            escaped(label)
        ));
    }
    out.push_str("</svg>");
    out
}

/// How much of the whole a value is.
fn ratio(value: u64, whole: u64) -> f64 {
    // Charts are some hundred points high: what is beyond thousandths is not seen.
    let thousandths = value.saturating_mul(1_000).checked_div(whole).unwrap_or(0);
    f64::from(u32::try_from(thousandths).unwrap_or(1_000)) / 1_000.0
}

/// The next number above that is a quarter's multiple and reads well.
fn round_up(value: u64) -> u64 {
    let mut unit = 4;
    loop {
        for factor in [1, 2, 3, 5] {
            if value <= unit * factor {
                return unit * factor;
            }
        }
        match unit.checked_mul(10) {
            Some(next) => unit = next,
            None => return value,
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(name: &str, values: &[u64]) -> Series {
        Series {
            name: name.to_owned(),
            class: COLOURS[0],
            values: values.to_vec(),
        }
    }

    #[test]
    fn bars_stand_on_each_other_and_fill_the_height() {
        let all = [series("a", &[4, 0]), series("b", &[0, 4])];
        let svg = bars("calls", &all, &[(0, "10:00".to_owned())], |n| n.to_string());
        assert_eq!(svg.matches("<rect").count(), 2);
        assert_eq!(svg.matches("height=\"130.0\"").count(), 2, "{svg}");
        assert!(svg.contains(">10:00</text>") && svg.contains(">4</text>"));
    }

    #[test]
    fn nothing_and_very_much_are_charts_too() {
        let empty = bars("x", &[], &[], |n| n.to_string());
        assert!(empty.ends_with("</svg>") && !empty.contains("NaN"));
        let huge = bars("x", &[series("a", &[u64::MAX / 4])], &[], |n| n.to_string());
        assert!(!huge.contains("NaN") && !huge.contains("inf"), "{huge}");
    }

    #[test]
    fn names_are_escaped() {
        let svg = bars("<a b=\"c\">&", &[], &[(0, "<script>".to_owned())], |n| {
            n.to_string()
        });
        assert!(svg.contains("aria-label=\"&lt;a b=&quot;c&quot;&gt;&amp;\""));
        assert!(!svg.contains("<script>"));
    }

    #[test]
    fn scales_read_well() {
        for (value, top) in [
            (0, 4),
            (4, 4),
            (5, 8),
            (13, 20),
            (21, 40),
            (130, 200),
            (201, 400),
        ] {
            assert_eq!(round_up(value), top);
        }
    }
}
