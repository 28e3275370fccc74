# Leads.
leads-by = Search by
leads-value = Value
leads-search = Search
leads-found = { $n ->
    [0] No leads.
    [one] One lead.
   *[other] { $shown } leads.
}
key-EMAIL = E-mail
key-IDNUM = Id
key-SFDCLEADID = SFDC lead id
key-SFDCCONTACTID = SFDC contact id
key-SFDCACCOUNTID = SFDC account id
key-SFDCOPPTYID = SFDC opportunity id
key-SFDCLEADOWNERID = SFDC lead owner id
key-LEADOWNEREMAIL = Lead owner e-mail
key-COOKIE = Cookie
lead-name = Name
lead-company = Company
lead-foreign = Foreign id
lead-fields = Fields
lead-lists = Lists
lead-none = None.
lead-role = Role
lead-stage = Stage
lead-amount = Amount
lead-history = History
lead-activity = Activity
lead-asset = Asset
lead-details = Details
lead-older = Older activities
