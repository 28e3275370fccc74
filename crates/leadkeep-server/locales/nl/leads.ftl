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
leads-exactly = Precies
leads-beginning = Beginnend met
leads-first = De eerste { $shown } leads; typ meer om andere te zien.
leads-newest = Nieuwste leads
leads-older = Oudere leads
search-unindexed = Het zijn er te veel om ze een voor een te bekijken en “{ $name }” heeft geen index. Die maken duurt enkele seconden per miljoen; andere aanroepen die schrijven wachten zolang.
search-index = Index maken en zoeken
lead-created = Gemaakt
lead-updated = Laatste wijziging
lead-edit = Bewerken
lead-merge = Samenvoegen
lead-delete = Verwijderen
lead-empty-fields = Velden zonder waarde
lead-records-more = { $n ->
    [one] Nog één record.
   *[other] Nog { $shown } records.
}
lead-merge-text = Een andere lead wordt deel van deze: zijn geschiedenis, lijsten, verkoopkansen en de waarden die deze niet heeft. Zijn id leidt voortaan hierheen. Dit kan niet ongedaan worden gemaakt.
lead-merge-other = Id van de andere lead
lead-merge-look = Bekijken
lead-merge-stays = Blijft
lead-merge-goes = Wordt er deel van
lead-merge-now = Samenvoegen
lead-merge-swap = Andersom
lead-merge-same = Een lead kan geen deel van zichzelf worden.
lead-merge-none = Er is geen lead { $name }.
lead-delete-text = De lead verdwijnt met zijn geschiedenis, zijn plaatsen in lijsten en verkoopkansen en de records die ernaar verwijzen. Dit kan niet ongedaan worden gemaakt.
lead-delete-now = Lead verwijderen
