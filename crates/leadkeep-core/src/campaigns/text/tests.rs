use super::{Escape, Name, Tokens, one_line, render, token_name};

/// A lead whose values are as hostile as a form lets them be.
fn value(name: &Name<'_>) -> Option<String> {
    let text = match name {
        Name::Lead("First Name") => "Ann",
        Name::Lead("Last Name") => "O'Hara <b>\"&\\",
        Name::Lead("Asks") => "{{lead.First Name}} {{my.event}} {{",
        Name::Lead("Opens") => "{{lead.",
        Name::Lead("Lines") => "a\r\nBcc: x@y.example\u{2028}\t\u{1}",
        Name::Lead("Path") => "a/../b?c=d&e#f@g h+ü",
        Name::Lead("Empty") => "",
        Name::Company("Company Name") => "Müller & Co",
        Name::My("event") => "Summer <Fair>",
        Name::My("greeting") => "Dear {{lead.Last Name:default=you}},",
        Name::My("hostile") => "{{lead.Asks}}",
        Name::My("nested") => "[{{my.event}}{{my.nested:default=none}}]",
        Name::My("blank") => "{{lead.Empty}}",
        Name::CampaignName => "Welcome",
        Name::SystemDateTime => "2026-11-24 01:00:00",
        _ => return None,
    };
    Some(text.to_owned())
}

fn plain(template: &str) -> String {
    render(template, Escape::Plain, &value)
}

#[test]
fn names_are_replaced_and_what_is_no_name_is_not() {
    for (template, expected) in [
        ("", ""),
        ("no names { } }} {", "no names { } }} {"),
        ("Hi {{lead.First Name}}!", "Hi Ann!"),
        ("{{ LEAD. First Name }}", "Ann"),
        ("{{company.Company Name}}", "Müller & Co"),
        ("{{my.event}}", "Summer <Fair>"),
        ("{{campaign.Name}} {{Campaign.name}}", "Welcome Welcome"),
        ("{{system.DateTime}}", "2026-11-24 01:00:00"),
        ("{{lead.First Name}}{{lead.First Name}}", "AnnAnn"),
        // No value: the default, or nothing.
        ("[{{lead.Nothing}}]", "[]"),
        ("[{{lead.Nothing:default=friend}}]", "[friend]"),
        ("[{{lead.Nothing:default=}}]", "[]"),
        ("[{{lead.Empty:default=friend}}]", "[friend]"),
        ("[{{lead.First Name:default=friend}}]", "[Ann]"),
        ("[{{my.blank:default=friend}}]", "[friend]"),
        ("{{lead.Nothing:default=a:default=b}}", "a:default=b"),
        // Names that do not exist.
        ("[{{}}][{{lead}}][{{lead.}}][{{nobody.Name}}]", "[][][][]"),
        ("[{{campaign.Id}}][{{system.Date}}]", "[][]"),
        ("[{{nobody.Name:default=x}}]", "[x]"),
        // Braces that do not close, and more than two.
        ("{{lead.First Name", "{{lead.First Name"),
        ("{{lead.First Name}", "{{lead.First Name}"),
        ("{{a {{lead.First Name}} b}}", "{{a Ann b}}"),
        (
            "{\"a\":{\"b\":{{{lead.First Name}}}}}",
            "{\"a\":{\"b\":{Ann}}}",
        ),
        ("ü{{lead.Nothing}}ü{{", "üü{{"),
    ] {
        assert_eq!(plain(template), expected, "{template}");
    }
}

#[test]
fn values_are_escaped_for_where_they_stand() {
    let cases = [
        (Escape::Plain, "{{lead.Last Name}}", "O'Hara <b>\"&\\"),
        (
            Escape::Html,
            "<p>{{lead.Last Name}}</p>",
            "<p>O&#39;Hara &lt;b&gt;&quot;&amp;\\</p>",
        ),
        (
            Escape::Json,
            "{\"n\":\"{{lead.Last Name}}\"}",
            "{\"n\":\"O'Hara <b>\\\"&\\\\\"}",
        ),
        (
            Escape::Json,
            "{{lead.Lines}}",
            "a\\r\\nBcc: x@y.example\\u2028\\t\\u0001",
        ),
        (
            Escape::Url,
            "https://x.example/{{lead.Path}}?a",
            "https://x.example/a%2F..%2Fb%3Fc%3Dd%26e%23f%40g%20h%2B%C3%BC?a",
        ),
        // Defaults and tokens are values too; what a token holds is escaped once.
        (Escape::Html, "{{lead.Nothing:default=<b>}}", "&lt;b&gt;"),
        (Escape::Json, "{{lead.Nothing:default=\"}}", "\\\""),
        (Escape::Html, "{{my.event}}", "Summer &lt;Fair&gt;"),
        (
            Escape::Html,
            "{{my.greeting}}",
            "Dear O&#39;Hara &lt;b&gt;&quot;&amp;\\,",
        ),
    ];
    for (escape, template, expected) in cases {
        assert_eq!(render(template, escape, &value), expected, "{template}");
    }
    // Whatever a value holds, the message stays one JSON string.
    for name in ["Last Name", "Asks", "Lines", "Path", "Opens"] {
        let text = render(&format!("\"{{{{lead.{name}}}}}\""), Escape::Json, &value);
        let read: String = serde_json::from_str(&text).unwrap();
        assert_eq!(Some(read), value(&Name::Lead(name)));
    }
}

#[test]
fn values_are_not_read_as_templates() {
    assert_eq!(
        plain("{{lead.Asks}}"),
        "{{lead.First Name}} {{my.event}} {{"
    );
    // Nor together with what stands behind them.
    assert_eq!(plain("{{lead.Opens}}First Name}}"), "{{lead.First Name}}");
    assert_eq!(
        plain("{{my.hostile}}"),
        "{{lead.First Name}} {{my.event}} {{"
    );
    // Tokens hold other names, but not tokens, and so not themselves.
    assert_eq!(plain("{{my.nested}}"), "[none]");
}

#[test]
fn long_texts_of_braces_are_read_in_one_pass() {
    // Quadratic reading of this would take minutes.
    for piece in ["{{", "}}", "{{x}}", "{{{}}}", "{{ {{ }"] {
        let template = piece.repeat(400_000);
        assert!(plain(&template).len() <= template.len());
    }
}

#[test]
fn content_types_decide_the_escape() {
    for (content_type, expected) in [
        ("application/json", Escape::Json),
        ("Application/JSON; charset=utf-8", Escape::Json),
        (" application/x-www-form-urlencoded ", Escape::Url),
        ("text/html;charset=utf-8", Escape::Html),
        ("text/plain", Escape::Plain),
        ("application/jsonp", Escape::Plain),
        ("", Escape::Plain),
    ] {
        assert_eq!(
            Escape::for_content_type(content_type),
            expected,
            "{content_type}"
        );
    }
}

#[test]
fn one_line_cannot_add_a_header() {
    for (text, expected) in [
        ("plain", "plain"),
        ("  a  ", "a"),
        ("Hello\r\nBcc: x@y.example", "Hello Bcc: x@y.example"),
        ("a\n\n\nb\u{85}c\u{2028}d\u{b}e\0f\u{7f}", "a b c d ef"),
        ("\r\n", ""),
        ("Grüße", "Grüße"),
    ] {
        assert_eq!(one_line(text), expected);
    }
}

// DM-TOK-1
#[test]
fn rc_16_token_names_have_three_forms() {
    for text in [
        "{{my.event name}}",
        "my.event name",
        "event name",
        " {{ my. event name }} ",
        "MY.event name",
        "{{event name}}",
    ] {
        assert_eq!(token_name(text), "event name", "{text}");
    }
    for (text, expected) in [
        ("", ""),
        ("{{}}", ""),
        ("my.", ""),
        ("{{my.x", "{{my.x"),
        ("mine.x", "mine.x"),
        ("a.b", "a.b"),
        ("my.a.b", "a.b"),
    ] {
        assert_eq!(token_name(text), expected);
    }
}

fn list(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

// DM-TOK-2, RC-6, SC-3
#[test]
fn itl_07_the_row_comes_before_the_call_before_the_program() {
    let row = list(&[("{{my.one}}", "row 1")]);
    let call = list(&[
        ("my.ONE", "call 1"),
        ("two", "call 2 first"),
        ("{{my.Two}}", "call 2"),
        ("empty", ""),
    ]);
    let program = list(&[
        ("one", "program 1"),
        ("two", "program 2"),
        ("Three", "program 3"),
        ("empty", "x"),
        ("Größe", "L"),
    ]);
    let tokens = Tokens {
        import_row: &row,
        call: &call,
        program: &program,
    };
    for (name, expected) in [
        ("one", "row 1"),
        ("{{my.two}}", "call 2"),
        ("THREE", "program 3"),
        ("empty", ""),
        ("GRÖSSE", ""),
        ("GRÖßE", "L"),
    ] {
        assert_eq!(tokens.get(name).unwrap_or_default(), expected, "{name}");
    }
    // The next run has the program's again.
    let next = Tokens {
        program: &program,
        ..Tokens::default()
    };
    assert_eq!(next.get("one"), Some("program 1"));
}

// DM-TOK-3, RC-16
#[test]
fn itl_26_a_token_that_the_program_lacks_is_ignored() {
    let row = list(&[("other", "row")]);
    let call = list(&[("another", "call")]);
    let program = list(&[("one", "program 1")]);
    let tokens = Tokens {
        import_row: &row,
        call: &call,
        program: &program,
    };
    assert_eq!(tokens.get("other"), None);
    assert_eq!(tokens.get("another"), None);
    assert_eq!(tokens.get("one"), Some("program 1"));
    assert_eq!(Tokens::default().get("one"), None);
}
