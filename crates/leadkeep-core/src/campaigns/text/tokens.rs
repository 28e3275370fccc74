//! The tokens of a program and what replaces them for one run.

/// The name of a token as it is kept: `{{my.event name}}`, `my.event name` and `event name` are one (DM-TOK-1, RC-16).
pub fn token_name(text: &str) -> &str {
    let text = text.trim();
    let inner = text
        .strip_prefix("{{")
        .and_then(|text| text.strip_suffix("}}"))
        .unwrap_or(text)
        .trim();
    match inner.split_once('.') {
        Some((group, name)) if group.trim().eq_ignore_ascii_case("my") => name.trim(),
        _ => inner,
    }
}

/// The tokens that count in one run of a campaign for one lead: three lists of (name, text), the first that has a name
/// wins (DM-TOK-2, ITL-7). They are borrowed for the run and are gone with it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tokens<'a> {
    /// The lead's row in importToList.
    pub import_row: &'a [(String, String)],
    /// The tokens of requestCampaign or scheduleCampaign (RC-6, SC-3).
    pub call: &'a [(String, String)],
    /// The program's own.
    pub program: &'a [(String, String)],
}

impl<'a> Tokens<'a> {
    /// The text of a token; names may be in any of the forms of [`token_name`], and their case does not count. A name
    /// that the program does not have is ignored, whoever sent it: it has no text (DM-TOK-3, RC-16, ITL-26). Of two equal
    /// names in one list the last counts.
    pub fn get(&self, name: &str) -> Option<&'a str> {
        let wanted = token_name(name).to_lowercase();
        let find = |layer: &'a [(String, String)]| {
            let mut latest_first = layer.iter().rev();
            let found = latest_first.find(|(name, _)| token_name(name).to_lowercase() == wanted);
            found.map(|(_, text)| text.as_str())
        };
        let own = find(self.program)?;
        Some(
            find(self.import_row)
                .or_else(|| find(self.call))
                .unwrap_or(own),
        )
    }
}
