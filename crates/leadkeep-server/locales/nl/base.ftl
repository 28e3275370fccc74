# Wat alle pagina's delen, inloggen en het overzicht.
brand = leadkeep
skip = Naar de inhoud
menu = Menu
language = Taal
choose = Kiezen
sign-in = Inloggen
sign-out = Uitloggen
admin-name = Naam
password = Wachtwoord
password-again = Wachtwoord nogmaals
password-hint = Minstens { $shown } tekens.
password-short = Het wachtwoord moet minstens { $shown } tekens hebben.
password-differs = De twee wachtwoorden zijn niet gelijk.
name-bad = De naam moet 1 tot 255 tekens hebben.
code = Eenmalige code
code-hint = Alleen als u codes hebt ingeschakeld.
sign-in-wrong = Naam, wachtwoord of code klopt niet.
sign-in-wait = Te veel mislukte pogingen. Probeer het opnieuw over { $n ->
    [one] één seconde
   *[other] { $shown } seconden
}.
sign-in-no-owner = Nog niemand kan inloggen. Open de link die “leadkeep serve” bij het starten toonde om de eerste eigenaar te maken.
set-up-title = De eerste eigenaar maken
set-up-text = De eigenaar richt alles in en bepaalt wie wat mag.
set-up-button = Eigenaar maken
set-up-used-title = Deze link is niet geldig
set-up-used = De eerste eigenaar bestaat al, of de link is van een eerdere start van de server. Zolang er geen eigenaar is, toont de server bij elke start een nieuwe.
forbidden-title = Niet toegestaan
forbidden-editor = U kunt hier alles zien. Om gegevens te wijzigen moet u redacteur of eigenaar zijn.
forbidden-owner = Om de inrichting te wijzigen moet u eigenaar zijn.
form-lost-title = Het formulier is niet aangekomen
form-lost = Het is niet volledig aangekomen, of het is groter dan { $name }. Er is niets gewijzigd.
not-found-title = Deze pagina bestaat niet
not-found = Misschien is ze verplaatst, of is wat ze toonde verwijderd.
to-overview = Naar het overzicht
nav-overview = Overzicht
nav-calls = Aanroepen
nav-leads = Leads
nav-users = Gebruikers
nav-connect = Client verbinden
count-leads = Leads
count-opportunities = Verkoopkansen
count-records = Aangepaste objecten
span = Periode
span-hour = Laatste uur
span-day = Laatste dag
attention = Vraagt aandacht
attention-none = Niets vraagt aandacht.
attention-look = Bekijken
attention-faults = { $n ->
    [one] Eén aanroep eindigde
   *[other] { $shown } aanroepen eindigden
} in het laatste uur met een fout.
attention-refused = { $n ->
    [one] Eén aanroep werd
   *[other] { $shown } aanroepen werden
} in het laatste uur geweigerd wegens een verkeerde gebruiker of handtekening.
attention-failed = { $n ->
    [one] Eén record mislukte
   *[other] { $shown } records mislukten
} in het laatste uur.
attention-steps = { $n ->
    [one] Eén stap van een campagne is
   *[other] { $shown } stappen van campagnes zijn
} mislukt.
attention-certificate-ends = Het certificaat in { $name } verloopt binnenkort.
attention-certificate-ended = Het certificaat in { $name } is verlopen: clients weigeren het.
queue-imports = Lijsten met imports
queue-steps = Campagnestappen in de wachtrij
queue-failed = Mislukte campagnestappen
error-rate = Foutpercentage
all-operations = Alle
chart-operations = Aanroepen per bewerking
chart-users = Aanroepen per gebruiker
chart-faults = Fouten
chart-others = overige
chart-unknown = onbekend
save = Opslaan
cancel = Annuleren
yes = Ja
no = Nee
done-saved = Opgeslagen.
done-merged = Samengevoegd.
done-deleted = Verwijderd.
nav-programs = Programma’s
nav-imports = Importen
done-replayed = Het wordt opnieuw gedaan.
older = Ouder
more = Meer
nav-setup = Instellingen
