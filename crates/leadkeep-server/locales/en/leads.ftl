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
leads-exactly = Exactly
leads-beginning = Beginning with
leads-first = The first { $shown } leads; say more to see others.
leads-newest = Newest leads
leads-older = Older leads
search-unindexed = There are too many to look at each of them, and “{ $name }” has no index. Making one takes some seconds for each million; other calls that write wait for it.
search-index = Make the index and search
lead-created = Created
lead-updated = Last change
lead-edit = Edit
lead-merge = Merge
lead-delete = Delete
lead-empty-fields = Fields without a value
lead-records-more = { $n ->
    [one] One more record.
   *[other] { $shown } more records.
}
lead-merge-text = Another lead becomes part of this one: its history, lists, opportunities and the values that this one does not have. Its id leads here from then on. This cannot be undone.
lead-merge-other = Id of the other lead
lead-merge-look = Look
lead-merge-stays = Stays
lead-merge-goes = Becomes part of it
lead-merge-now = Merge
lead-merge-swap = The other way round
lead-merge-same = A lead cannot become part of itself.
lead-merge-none = There is no lead { $name }.
lead-delete-text = The lead goes with its history, its places in lists and opportunities and the records that link to it. This cannot be undone.
lead-delete-now = Delete the lead
