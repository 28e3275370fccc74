use super::*;

#[test]
fn channels_and_tags() {
    let of = |kind: &str, statuses: &str| {
        format!("[[channel]]\nname = 'C'\n{kind}\nstatuses = [\n{statuses}\n]")
    };
    each(&[
        (&of("", ""), 4, "channel.statuses", &["at least one status"]),
        (
            &of("kind = 'party'", "{ name = 'a', step = 1 }"),
            3,
            "channel.kind",
            &["one of program, event"],
        ),
        (
            &of("", "{ name = 'a' }"),
            5,
            "channel.statuses.step",
            &["required"],
        ),
        (
            &of("", "{ name = 'a', step = '1' }"),
            5,
            "channel.statuses.step",
            &["a whole number"],
        ),
        (
            &of("", "{ name = 'a', step = 1 },\n{ name = 'A', step = 1 }"),
            6,
            "channel.statuses.name",
            &["each status once"],
        ),
        (
            &of(
                "kind = 'webinar'",
                "{ name = 'a', step = 1, check_in = 'x' }",
            ),
            5,
            "channel.statuses.check_in",
            &["kind \"event\""],
        ),
        (
            &of("kind = 'event'", "{ name = 'a', step = 1, behavior = 'x' }"),
            5,
            "channel.statuses.behavior",
            &["kind \"webinar\""],
        ),
        (
            "[[channel]]\nname = 'Blog'\nkind = 'event'\nstatuses = [{ name = 'a', step = 1 }]",
            3,
            "channel.kind",
            &["Trav-Demo-Program", "\"event\""],
        ),
        (
            "[[tag]]\ntype = 'channel'\nvalues = []",
            2,
            "tag.type",
            &["other than Channel"],
        ),
        ("[[tag]]\ntype = 'T'", 1, "tag.values", &["required"]),
        (
            "[[tag]]\ntype = 'T'\nvalues = ['a',\n'A']",
            4,
            "tag.values",
            &["each value once"],
        ),
        (
            "[[tag]]\ntype = 'T'\nvalues = [1]",
            3,
            "tag.values",
            &["a name", "got 1"],
        ),
    ]);
}

#[test]
fn prv_7_programs_and_lists_refer_to_what_there_is() {
    let of = |lines: &str| format!("[[program]]\nname = 'P'\nchannel = 'Blog'\n{lines}");
    each(&[
        (
            "[[program]]\nname = 'P'",
            1,
            "program.channel",
            &["required"],
        ),
        (
            "[[program]]\nname = 'P'\nchannel = 'Blogg'",
            3,
            "program.channel",
            &["nearest is \"Blog\""],
        ),
        (
            "[[program]]\nname = 'P'\nchannel = 'Webinar'",
            3,
            "program.channel",
            &["\"Marketing Event\" for channel \"Webinar\""],
        ),
        (
            &of("type = 'Marketing Event'"),
            4,
            "program.type",
            &["\"Marketing Program\" for channel \"Blog\""],
        ),
        (
            &of("workspace = 'EMEAA'"),
            4,
            "program.workspace",
            &["nearest is \"EMEA\""],
        ),
        (&of("folder = 'Training'"), 4, "program.folder", &["a path"]),
        (
            &of("start = '2011-08-01T11:00:00'"),
            4,
            "program.start",
            &["only a Marketing Event"],
        ),
        (
            &of("start = '2011-08-01T11:00:00Z'"),
            4,
            "program.start",
            &["without zone"],
        ),
        (&of("end = 2011-08-01"), 4, "program.end", &["without zone"]),
        (
            &of("tags = { Region = 'EMEA' }"),
            4,
            "program.tags.Region",
            &["a tag type", "nearest is \"Regions\""],
        ),
        (
            &of("tags = { Regions = 'Moon' }"),
            4,
            "program.tags.Regions",
            &["a value of tag \"Regions\""],
        ),
        (
            &of("tags = { Channel = 'Blog' }"),
            4,
            "program.tags.Channel",
            &["the key `channel` sets it"],
        ),
        (
            &of("tags = { Regions = 1 }"),
            4,
            "program.tags.Regions",
            &["a text", "got 1"],
        ),
        (
            &of("tokens = { '{{my.}}' = 'x' }"),
            4,
            "program.tokens.{{my.}}",
            &["the name of a token"],
        ),
        (
            &of("[program.tokens]\na = 'x'\n'my.A' = 'y'"),
            6,
            "program.tokens.my.A",
            &["each token once"],
        ),
        (
            &of("costs = [{ amount = 1 }]"),
            4,
            "program.costs.month",
            &["required"],
        ),
        (
            &of("costs = [{ month = '2013-05' }]"),
            4,
            "program.costs.amount",
            &["required"],
        ),
        (
            &of("costs = [{ month = '2013', amount = 1 }]"),
            4,
            "program.costs.month",
            &["a month"],
        ),
        (
            &of("costs = [{ month = '2013-13', amount = 1 }]"),
            4,
            "program.costs.month",
            &["a month"],
        ),
        (
            &of("costs = [{ month = '2013-05', amount = -1 }]"),
            4,
            "program.costs.amount",
            &["not below 0"],
        ),
        (
            &of("costs = [{ month = '2013-05', amount = 'lots' }]"),
            4,
            "program.costs.amount",
            &["not below 0"],
        ),
        (
            &of("costs = [{ month = '2013-05', amount = nan }]"),
            4,
            "program.costs.amount",
            &["not below 0"],
        ),
        (
            &of("costs = [{ id = 153, month = '2013-05', amount = 1 }]"),
            4,
            "program.costs.id",
            &["belongs to program 1970"],
        ),
        (
            &of(
                "costs = [{ id = 9, month = '2013-05', amount = 1 },\n{ id = 9, month = '2013-05', amount = 1 }]",
            ),
            5,
            "program.costs.id",
            &["each cost id once", "line 4"],
        ),
        (
            "[[list]]\nname = 'L'\nprogram = 'Nope'",
            3,
            "list.program",
            &["the name of a program"],
        ),
        ("[[list]]\nid = 5", 1, "list.name", &["required"]),
    ]);
}
