//! Bars as SVG, readable on a light and on a dark page.

use super::figures::Spread;
use std::fmt::Write;

const WIDTH: f64 = 720.0;
const LABEL: f64 = 190.0;
const FIGURE: f64 = 110.0;
const ROW: f64 = 26.0;

/// A bar for each value with a line from the lowest to the highest, longest first.
pub(super) fn bars(title: &str, unit: &str, mut rows: Vec<(&str, Spread)>) -> String {
    rows.sort_by(|a, b| b.1.median.total_cmp(&a.1.median));
    let most = rows.iter().map(|row| row.1.highest).fold(1.0, f64::max);
    let scale = (WIDTH - LABEL - FIGURE) / most;
    let height = 40.0 + ROW * rows.len() as f64;
    let mut out = String::new();
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"sans-serif\" font-size=\"13\">\n<title>{title}</title>\n\
         <style>text{{fill:#24292f}}.bar{{fill:#8c959f}}.own{{fill:#0969da}}.spread{{stroke:#24292f}}\
         @media (prefers-color-scheme:dark){{text{{fill:#e6edf3}}.bar{{fill:#6e7681}}.own{{fill:#58a6ff}}\
         .spread{{stroke:#e6edf3}}}}</style>\n<text x=\"0\" y=\"16\" font-weight=\"bold\">{title}, {unit}</text>\n"
    );
    for (at, (name, spread)) in rows.iter().enumerate() {
        let top = 32.0 + ROW * at as f64;
        let class = if *name == "leadkeep" { "own" } else { "bar" };
        let end = |value: f64| LABEL + value * scale;
        let _ = writeln!(
            out,
            "<text x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"end\">{name}</text>\
             <rect class=\"{class}\" x=\"{LABEL}\" y=\"{top}\" width=\"{:.1}\" height=\"18\"/>\
             <path class=\"spread\" d=\"M{:.1} {mid}H{:.1}\"/>\
             <text x=\"{:.1}\" y=\"{:.0}\">{}</text>",
            LABEL - 8.0,
            top + 14.0,
            (spread.median * scale).max(1.0),
            end(spread.lowest),
            end(spread.highest),
            end(spread.highest) + 8.0,
            top + 14.0,
            grouped(spread.median),
            mid = top + 9.0,
        );
    }
    out.push_str("</svg>\n");
    out
}

/// A number for people: whole ones in groups of three digits, small ones with two places.
pub(super) fn grouped(value: f64) -> String {
    if value < 100.0 {
        return format!("{value:.2}");
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(grouped(1_234_567.4), "1,234,567");
        assert_eq!(grouped(999.6), "1,000");
        assert_eq!(grouped(0.854), "0.85");
    }

    #[test]
    fn the_longest_bar_comes_first_and_xml_is_well_formed() {
        let spread = |median: f64| Spread {
            median,
            lowest: median / 2.0,
            highest: median * 1.5,
        };
        let svg = bars(
            "a",
            "b",
            vec![("slow", spread(1.0)), ("leadkeep", spread(9.0))],
        );
        let first = svg.find("leadkeep").unwrap_or(usize::MAX);
        assert!(first < svg.find("slow").unwrap_or(0), "{svg}");
        assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
    }
}
