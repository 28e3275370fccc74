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
leads-exactly = Esattamente
leads-beginning = Che inizia con
leads-first = I primi { $shown } lead; scriva di più per vederne altri.
leads-newest = Lead più recenti
leads-older = Lead meno recenti
search-unindexed = Sono troppi per esaminarli uno a uno e “{ $name }” non ha un indice. Crearlo richiede alcuni secondi per ogni milione; le altre chiamate che scrivono aspettano.
search-index = Crea l’indice e cerca
lead-created = Creato
lead-updated = Ultima modifica
lead-edit = Modifica
lead-merge = Unisci
lead-delete = Elimina
lead-empty-fields = Campi senza valore
lead-records-more = { $n ->
    [one] Un altro record.
   *[other] Altri { $shown } record.
}
lead-merge-text = Un altro lead diventa parte di questo: la sua cronologia, le liste, le opportunità e i valori che questo non ha. Da allora il suo ID porta qui. Non si può annullare.
lead-merge-other = ID dell’altro lead
lead-merge-look = Guarda
lead-merge-stays = Rimane
lead-merge-goes = Ne diventa parte
lead-merge-now = Unisci
lead-merge-swap = Al contrario
lead-merge-same = Un lead non può diventare parte di sé stesso.
lead-merge-none = Non c’è nessun lead { $name }.
lead-delete-text = Il lead viene eliminato con la cronologia, i suoi posti in liste e opportunità e i record che vi fanno riferimento. Non si può annullare.
lead-delete-now = Elimina il lead
