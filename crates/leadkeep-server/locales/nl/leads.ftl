# Leads.
leads-by = Zoeken op
leads-value = Waarde
leads-search = Zoeken
leads-found = { $n ->
    [0] Geen leads.
    [one] Eén lead.
   *[other] { $shown } leads.
}
key-EMAIL = E-mail
key-IDNUM = Id
key-SFDCLEADID = SFDC-lead-id
key-SFDCCONTACTID = SFDC-contact-id
key-SFDCACCOUNTID = SFDC-account-id
key-SFDCOPPTYID = SFDC-verkoopkans-id
key-SFDCLEADOWNERID = SFDC-lead-eigenaar-id
key-LEADOWNEREMAIL = E-mail van de eigenaar
key-COOKIE = Cookie
lead-name = Naam
lead-company = Bedrijf
lead-foreign = Extern id
lead-fields = Velden
lead-lists = Lijsten
lead-none = Geen.
lead-role = Rol
lead-stage = Fase
lead-amount = Bedrag
lead-history = Geschiedenis
lead-activity = Activiteit
lead-asset = Asset
lead-details = Details
lead-older = Oudere activiteiten
