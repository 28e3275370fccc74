//! Messages for people.

/// Elements that stand deeper are not indented any further: what a stranger sends must not become larger by the square of its depth.
const DEEPEST: usize = 32;

/// A message for people: each element on a line of its own, but for those that hold text only. It need not be right, and what
/// is no XML stays as it is.
pub fn indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0usize;
    let mut rest = text.trim();
    while let Some(open) = rest.find('<') {
        let content = rest[..open].trim();
        let end = rest[open..]
            .find('>')
            .map_or(rest.len(), |at| open + at + 1);
        let tag = &rest[open..end];
        let closes = tag.starts_with("</");
        depth = depth.saturating_sub(usize::from(closes));
        if !content.is_empty() {
            out.push_str(content);
        } else if !(out.is_empty() || closes && last_line_opens(&out, tag)) {
            out.push('\n');
            out.push_str(&"  ".repeat(depth.min(DEEPEST)));
        }
        out.push_str(tag);
        depth += usize::from(
            !closes && !tag.ends_with("/>") && !tag.starts_with("<?") && !tag.starts_with("<!"),
        );
        rest = &rest[end..];
    }
    out.push_str(rest);
    out.push('\n');
    out
}

/// Whether the last thing that was written is the start tag of the element that `closing` ends.
fn last_line_opens(out: &str, closing: &str) -> bool {
    let name = closing.trim_start_matches("</").trim_end_matches('>');
    let last = out.rfind('<').map_or("", |at| &out[at..]);
    let nothing_between = last.ends_with('>') && !last.ends_with("/>");
    nothing_between && last.trim_start_matches('<').split([' ', '>']).next() == Some(name)
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn elements_stand_on_lines_of_their_own() {
        assert_eq!(
            indented("<?xml version=\"1.0\"?>\n<a><b>text</b><c/><d><e></e></d></a>\n"),
            "<?xml version=\"1.0\"?>\n<a>\n  <b>text</b>\n  <c/>\n  <d>\n    <e></e>\n  </d>\n</a>\n"
        );
        assert_eq!(indented("no xml"), "no xml\n");
        assert_eq!(indented("<a><b>"), "<a>\n  <b>\n");
        let deep = "<a>".repeat(10_000);
        let lines = indented(&deep);
        assert_eq!(lines.lines().count(), 10_000);
        assert!(lines.len() < 700_000, "{}", lines.len());
    }
}
