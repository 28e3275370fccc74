//! The texts of the pages in the languages that they speak.

use super::page::Number;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use std::cmp::Ordering;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// A language that the pages speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Language {
    /// Its tag (BCP 47).
    pub(crate) tag: &'static str,
    /// What its speakers call it.
    pub(crate) name: &'static str,
    /// What stands between groups of three digits.
    group: char,
    /// Its texts, as Fluent has them.
    files: &'static [&'static str],
}

/// The texts of an area of the pages in a language.
macro_rules! files {
    ($tag:literal) => {
        &[
            include_str!(concat!("../../locales/", $tag, "/base.ftl")),
            include_str!(concat!("../../locales/", $tag, "/calls.ftl")),
            include_str!(concat!("../../locales/", $tag, "/connect.ftl")),
            include_str!(concat!("../../locales/", $tag, "/leads.ftl")),
            include_str!(concat!("../../locales/", $tag, "/records.ftl")),
            include_str!(concat!("../../locales/", $tag, "/setup.ftl")),
            include_str!(concat!("../../locales/", $tag, "/users.ftl")),
        ]
    };
}

/// All languages; the first one is taken when no other is wanted.
pub(crate) const LANGUAGES: [Language; 6] = [
    Language {
        tag: "en",
        name: "English",
        group: ',',
        files: files!("en"),
    },
    Language {
        tag: "it",
        name: "Italiano",
        group: '.',
        files: files!("it"),
    },
    Language {
        tag: "ja",
        name: "日本語",
        group: ',',
        files: files!("ja"),
    },
    Language {
        tag: "ko",
        name: "한국어",
        group: ',',
        files: files!("ko"),
    },
    Language {
        tag: "nl",
        name: "Nederlands",
        group: '.',
        files: files!("nl"),
    },
    Language {
        tag: "zh-TW",
        name: "繁體中文",
        group: ',',
        files: files!("zh-TW"),
    },
];

fn collator(tag: &str) -> Option<CollatorBorrowed<'static>> {
    let locale: icu_locale_core::Locale = tag.parse().ok()?;
    let mut preferences = CollatorPreferences::from(&locale);
    preferences.numeric_ordering = Some(CollationNumericOrdering::True);
    Collator::try_new(preferences, CollatorOptions::default()).ok()
}

static TEXTS: LazyLock<Vec<Texts>> = LazyLock::new(|| LANGUAGES.map(Texts::new).into());

/// The texts of a language.
pub(crate) struct Texts {
    /// The language.
    pub(crate) language: Language,
    bundle: FluentBundle<FluentResource>,
    /// The order of its names; nothing where no order of letters is known.
    collator: Option<CollatorBorrowed<'static>>,
}

impl Texts {
    fn new(language: Language) -> Self {
        let tag: LanguageIdentifier = language.tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![tag]);
        // No right-to-left language is among them, and the marks would be copied along with what they enclose.
        bundle.set_use_isolating(false);
        for file in language.files {
            let resource = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            // A text that is there twice is found by a test.
            let _ = bundle.add_resource(resource);
        }
        Self {
            language,
            bundle,
            collator: collator(language.tag),
        }
    }

    /// The order of two names, whatever their scripts, by the rules of the language; numbers in them by their values.
    pub(crate) fn order(&self, one: &str, other: &str) -> Ordering {
        match &self.collator {
            Some(collator) => collator.compare(one, other),
            None => one.cmp(other),
        }
    }

    /// The texts of a tag that is one of ours.
    pub(crate) fn of(tag: &str) -> Option<&'static Self> {
        TEXTS.iter().find(|texts| texts.language.tag == tag)
    }

    /// The texts for a browser that sends this `Accept-Language`.
    pub(crate) fn accepted(header: &str) -> &'static Self {
        let mut wanted: Vec<(&str, f32)> = header
            .split(',')
            .filter_map(|choice| {
                let (tag, quality) = choice.split_once(';').unwrap_or((choice, ""));
                let quality = quality.trim().strip_prefix("q=").unwrap_or("1");
                Some((tag.trim(), quality.trim().parse().ok()?))
            })
            .filter(|(_, quality)| *quality > 0.0)
            .collect();
        // Stable: of equals the first one.
        wanted.sort_by(|one, other| other.1.total_cmp(&one.1));
        let primary = |tag: &str| {
            tag.split('-')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase()
        };
        wanted
            .into_iter()
            .find_map(|(tag, _)| {
                TEXTS
                    .iter()
                    .find(|texts| primary(texts.language.tag) == primary(tag))
            })
            .unwrap_or_else(Self::first)
    }

    /// The texts of the first language.
    pub(crate) fn first() -> &'static Self {
        &TEXTS[0]
    }

    /// A text.
    pub(crate) fn get(&self, key: &str) -> String {
        self.formatted(key, None)
    }

    /// A text about a number: `$n` chooses its form, `$shown` is written.
    pub(crate) fn count(&self, key: &str, number: impl Number) -> String {
        let number = number.whole();
        let mut args = FluentArgs::new();
        args.set("n", number);
        args.set("shown", self.number(number));
        self.formatted(key, Some(&args))
    }

    /// A text about a thing: `$name`.
    pub(crate) fn about(&self, key: &str, name: &str) -> String {
        let mut args = FluentArgs::new();
        args.set("name", FluentValue::from(name));
        self.formatted(key, Some(&args))
    }

    /// A number as the language writes it.
    pub(crate) fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let mut shown = String::with_capacity(digits.len() * 4 / 3);
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                shown.push(self.language.group);
            }
            shown.push(digit);
        }
        shown
    }

    fn formatted(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let message = self.bundle.get_message(key);
        let Some(pattern) = message.as_ref().and_then(|message| message.value()) else {
            // A test sees to it that this does not happen.
            tracing::error!(key, language = self.language.tag, "a text is missing");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        self.bundle
            .format_pattern(pattern, args, &mut errors)
            .into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::{Path, PathBuf};

    /// The messages of a language with the variables that they use.
    fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut all = BTreeMap::new();
        for file in language.files {
            FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(_, errors)| {
                panic!("{}: {errors:?}", language.tag);
            });
            let mut key = String::new();
            for line in file.lines().filter(|line| !line.starts_with('#')) {
                if let Some((name, _)) = line.split_once(" =")
                    && !line.starts_with([' ', '[', '*'])
                {
                    key = name.to_owned();
                    let is_new = all.insert(key.clone(), BTreeSet::new()).is_none();
                    assert!(is_new, "{}: {key} is there twice", language.tag);
                }
                let variables = line.split("{ $").skip(1);
                let names = variables.filter_map(|rest| rest.split([' ', '}']).next());
                if let Some(own) = all.get_mut(&key) {
                    own.extend(names.map(str::to_owned));
                }
            }
        }
        all
    }

    /// Names of a list, in order, in the language of a tag.
    fn sorted<'n>(tag: &str, mut names: Vec<&'n str>) -> Vec<&'n str> {
        let texts = Texts::of(tag).unwrap();
        names.sort_by(|one, other| texts.order(one, other));
        names
    }

    #[test]
    fn names_come_in_the_order_of_the_language() {
        for language in LANGUAGES {
            let sorted = |names| sorted(language.tag, names);
            // Not by the numbers of their letters: capitals and accents decide last, numbers count as such.
            assert_eq!(
                sorted(vec![
                    "Zebra",
                    "école",
                    "Webinar 10",
                    "apple",
                    "Egg",
                    "webinar 9"
                ]),
                ["apple", "école", "Egg", "webinar 9", "Webinar 10", "Zebra"],
                "{}",
                language.tag
            );
        }
        // By their sounds, whichever script they are in.
        assert_eq!(
            sorted("ja", vec!["すし", "カレー", "うどん"]),
            ["うどん", "カレー", "すし"]
        );
        assert_eq!(
            sorted("ko", vec!["하나", "가을", "나비"]),
            ["가을", "나비", "하나"]
        );
        // By the number of strokes.
        assert_eq!(sorted("zh-TW", vec!["龍", "一", "大"]), ["一", "大", "龍"]);
        // A language's own script comes first.
        assert_eq!(sorted("en", vec!["大", "Zoo"]), ["Zoo", "大"]);
        assert_eq!(sorted("zh-TW", vec!["Zoo", "大"]), ["大", "Zoo"]);
    }

    #[test]
    fn every_text_is_there_in_every_language_with_the_same_variables() {
        let [first, others @ ..] = LANGUAGES;
        let english = messages(first);
        for language in others {
            let own = messages(language);
            for (key, variables) in &english {
                let there = own.get(key);
                assert!(there.is_some(), "{}: {key} is missing", language.tag);
                // A language without plurals needs no number to choose by.
                let needed = |names: &BTreeSet<String>| -> BTreeSet<String> {
                    names.iter().filter(|name| *name != "n").cloned().collect()
                };
                assert_eq!(
                    there.map(needed),
                    Some(needed(variables)),
                    "{}: {key}",
                    language.tag
                );
            }
            let more: Vec<_> = own
                .keys()
                .filter(|key| !english.contains_key(*key))
                .collect();
            assert!(
                more.is_empty(),
                "{}: {more:?} are not in English",
                language.tag
            );
        }
    }

    fn files(directory: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else {
                found.push(path);
            }
        }
    }

    /// Texts are asked for by `.get("key"`, `.count("key"` and `.about("key"`; what stands for many, like the words of
    /// enumerations, by `.get(&format!("prefix-{..}"))`.
    #[test]
    fn every_text_that_is_asked_for_is_there_and_every_text_is_asked_for() {
        let mut sources = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        files(&root.join("src/admin"), &mut sources);
        files(&root.join("templates"), &mut sources);
        let english = messages(LANGUAGES[0]);
        let mut unused: BTreeSet<&str> = english.keys().map(String::as_str).collect();
        for path in sources {
            if path.ends_with("texts.rs") {
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            for asked in ["get(\"", "count(\"", "about(\""] {
                for rest in text.split(&format!("t.{asked}")).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(english.contains_key(key), "{}: {key}", path.display());
                }
            }
            unused.retain(|key| {
                let is_named = text.contains(&format!("\"{key}\""));
                let mut prefixes = key.match_indices('-').map(|(end, _)| &key[..=end]);
                let is_made = prefixes.any(|prefix| text.contains(&format!("\"{prefix}{{")));
                !(is_named || is_made)
            });
        }
        assert!(unused.is_empty(), "nobody asks for {unused:?}");
    }

    #[test]
    fn browsers_get_the_first_language_that_there_is() {
        for (header, tag) in [
            ("", "en"),
            ("de, fr;q=0.9", "en"),
            ("nl-BE,nl;q=0.8,en;q=0.5", "nl"),
            ("en;q=0.5, ja", "ja"),
            ("zh-Hant-HK", "zh-TW"),
            ("ko;q=0, it;q=0.1", "it"),
            ("it;q=x, KO-kr;q=0.2", "ko"),
        ] {
            assert_eq!(Texts::accepted(header).language.tag, tag, "{header:?}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let english = Texts::first();
        let dutch = Texts::of("nl").unwrap();
        assert_eq!(english.number(0), "0");
        assert_eq!(english.number(999), "999");
        assert_eq!(english.number(1_234_567), "1,234,567");
        assert_eq!(dutch.number(1_234_567), "1.234.567");
    }
}
