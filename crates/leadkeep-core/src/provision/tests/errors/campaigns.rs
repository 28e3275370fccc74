use super::*;

#[test]
fn campaigns_and_their_steps() {
    let of =
        |step: &str| format!("[[campaign]]\nname = 'C'\nkind = 'trigger'\nsteps = [\n{step}\n]");
    each(&[
        (
            "[[campaign]]\nname = 'C'",
            1,
            "campaign.kind",
            &["required"],
        ),
        (
            "[[campaign]]\nname = 'C'\nkind = 'x'",
            3,
            "campaign.kind",
            &["one of trigger, batch"],
        ),
        (
            "[[campaign]]\nname = 'C'\nkind = 'trigger'\nprogram = 'Nope'",
            4,
            "campaign.program",
            &["the name of a program"],
        ),
        (
            "[[campaign]]\nname = 'C'\nkind = 'trigger'\nsources = ['WEB']",
            4,
            "campaign.sources",
            &["one of MKTOWS, SALES"],
        ),
        (
            "[[campaign]]\nname = 'C'\nkind = 'trigger'\nlist = 'Newsletter'",
            4,
            "campaign.list",
            &["no list"],
        ),
        (
            "[[campaign]]\nname = 'C'\nkind = 'batch'\nsources = ['SALES']",
            4,
            "campaign.sources",
            &["no sources"],
        ),
        (
            "[[campaign]]\nname = 'C'\nkind = 'batch'\nlist = 'Newletter'",
            4,
            "campaign.list",
            &["nearest is \"Newsletter\""],
        ),
        (
            &of("{ field = 'City' }"),
            5,
            "campaign.steps.do",
            &["one of change_data_value, change_score", "required"],
        ),
        (
            &of("{ do = 'fly' }"),
            5,
            "campaign.steps.do",
            &["one of change_data_value", "\"fly\""],
        ),
        (
            &of("{ do = 'delete_lead', list = 'x' }"),
            5,
            "campaign.steps.list",
            &["a known key"],
        ),
        (
            &of("{ do = 'change_data_value', field = 'City' }"),
            5,
            "campaign.steps.value",
            &["required"],
        ),
        (
            &of("{ do = 'change_data_value', value = 'x' }"),
            5,
            "campaign.steps.field",
            &["required"],
        ),
        (
            &of("{ do = 'change_data_value', field = 'Citty', value = 'x' }"),
            5,
            "campaign.steps.field",
            &["nearest is \"City\""],
        ),
        (
            &of("{ do = 'change_data_value', field = 'IsLead', value = '1' }"),
            5,
            "campaign.steps.field",
            &["may be written"],
        ),
        (
            &of("{ do = 'change_data_value', field = 'LeadScore', value = 'many' }"),
            5,
            "campaign.steps",
            &["a whole number"],
        ),
        (
            &of("{ do = 'change_score', field = 'City', by = 5 }"),
            5,
            "campaign.steps.field",
            &["integer or score"],
        ),
        (
            &of("{ do = 'change_score', field = 'LeadScore' }"),
            5,
            "campaign.steps",
            &["`by` and `to`", "neither"],
        ),
        (
            &of("{ do = 'change_score', field = 'LeadScore', by = 5, to = 5 }"),
            5,
            "campaign.steps.to",
            &["both"],
        ),
        (
            &of("{ do = 'change_score', field = 'LeadScore', by = 'x' }"),
            5,
            "campaign.steps.by",
            &["a whole number"],
        ),
        (
            &of("{ do = 'add_to_list' }"),
            5,
            "campaign.steps.list",
            &["required"],
        ),
        (
            &of("{ do = 'add_to_list', list = 'x' }"),
            5,
            "campaign.steps.list",
            &["a static list"],
        ),
        (
            &of("{ do = 'send_email', from = 'a', text = 't' }"),
            5,
            "campaign.steps.subject",
            &["required"],
        ),
        (
            &of("{ do = 'send_email', from = \"a\\r\\nBcc: x\", subject = 's', text = 't' }"),
            5,
            "campaign.steps.from",
            &["one line"],
        ),
        (
            &of("{ do = 'webhook', url = 'file:///etc/passwd' }"),
            5,
            "campaign.steps.url",
            &["http://"],
        ),
        (
            &of("{ do = 'webhook', url = 'http://x', method = 'BREW' }"),
            5,
            "campaign.steps.method",
            &["one of GET"],
        ),
        (
            &of("{ do = 'request_campaign', campaign = 'Nope' }"),
            5,
            "campaign.steps.campaign",
            &["the id or the name of a campaign"],
        ),
        (
            &of("{ do = 'wait', for = 'a while' }"),
            5,
            "campaign.steps.for",
            &["a time"],
        ),
        (
            &of("{ do = 'wait', for = '0d' }"),
            5,
            "campaign.steps.for",
            &["a time"],
        ),
        (
            &of("{ do = 'wait', for = '99999999999999999999d' }"),
            5,
            "campaign.steps.for",
            &["a time"],
        ),
    ]);
}
