# Leads.
leads-by = Cerca per
leads-value = Valore
leads-search = Cerca
leads-found = { $n ->
    [0] Nessun lead.
    [one] Un lead.
   *[other] { $shown } lead.
}
key-EMAIL = E-mail
key-IDNUM = Id
key-SFDCLEADID = Id lead SFDC
key-SFDCCONTACTID = Id contatto SFDC
key-SFDCACCOUNTID = Id account SFDC
key-SFDCOPPTYID = Id opportunità SFDC
key-SFDCLEADOWNERID = Id proprietario lead SFDC
key-LEADOWNEREMAIL = E-mail del proprietario
key-COOKIE = Cookie
lead-name = Nome
lead-company = Azienda
lead-foreign = Id esterno
lead-fields = Campi
lead-lists = Liste
lead-none = Nessuno.
lead-role = Ruolo
lead-stage = Fase
lead-amount = Importo
lead-history = Cronologia
lead-activity = Attività
lead-asset = Risorsa
lead-details = Dettagli
lead-older = Attività precedenti
