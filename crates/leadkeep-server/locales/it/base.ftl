# Ciò che è comune a tutte le pagine, l'accesso e il riepilogo.
brand = leadkeep
skip = Vai al contenuto
menu = Menu
language = Lingua
choose = Scegli
sign-in = Accedi
sign-out = Esci
admin-name = Nome
password = Password
password-again = Ripeti la password
password-hint = Almeno { $shown } caratteri.
password-short = La password deve avere almeno { $shown } caratteri.
password-differs = Le due password non coincidono.
name-bad = Il nome deve avere da 1 a 255 caratteri.
code = Codice monouso
code-hint = Solo se hai attivato i codici.
sign-in-wrong = Nome, password o codice non corretti.
sign-in-wait = Troppi tentativi falliti. Riprova tra { $n ->
    [one] un secondo
   *[other] { $shown } secondi
}.
sign-in-no-owner = Nessuno può ancora accedere. Apri il link che “leadkeep serve” ha stampato all'avvio per creare il primo proprietario.
set-up-title = Crea il primo proprietario
set-up-text = Il proprietario configura il sistema e decide chi può fare cosa.
set-up-button = Crea il proprietario
set-up-used-title = Questo link non è valido
set-up-used = Il primo proprietario è già stato creato, oppure il link è di un avvio precedente del server. Finché non c'è un proprietario, il server ne stampa uno nuovo a ogni avvio.
forbidden-title = Operazione non consentita
forbidden-editor = Qui puoi vedere tutto. Per modificare i dati devi essere redattore o proprietario.
forbidden-owner = Per modificare la configurazione devi essere proprietario.
form-lost-title = Il modulo non è arrivato
form-lost = Non è arrivato per intero, oppure supera { $name }. Non è stato modificato nulla.
not-found-title = Questa pagina non esiste
not-found = Forse è stata spostata, oppure ciò che mostrava è stato eliminato.
to-overview = Vai al riepilogo
nav-overview = Riepilogo
nav-calls = Chiamate
nav-leads = Lead
nav-users = Utenti
nav-connect = Collega un client
count-leads = Lead
count-opportunities = Opportunità
count-records = Oggetti personalizzati
span = Periodo
span-hour = Ultima ora
span-day = Ultimo giorno
attention = Da controllare
attention-none = Niente da controllare.
attention-look = Vedi
attention-faults = { $n ->
    [one] Una chiamata è terminata
   *[other] { $shown } chiamate sono terminate
} con un errore nell’ultima ora.
attention-refused = { $n ->
    [one] Una chiamata è stata rifiutata
   *[other] { $shown } chiamate sono state rifiutate
} nell’ultima ora per utente o firma non corretti.
attention-failed = { $n ->
    [one] Un record non è riuscito
   *[other] { $shown } record non sono riusciti
} nell’ultima ora.
attention-steps = { $n ->
    [one] Un passo di una campagna non è riuscito
   *[other] { $shown } passi di campagne non sono riusciti
}.
attention-certificate-ends = Il certificato in { $name } scade tra poco.
attention-certificate-ended = Il certificato in { $name } è scaduto: i client lo rifiutano.
queue-imports = Liste con importazioni
queue-steps = Passi di campagne in attesa
queue-failed = Passi di campagne non riusciti
error-rate = Tasso di errore
all-operations = Tutte
chart-operations = Chiamate per operazione
chart-users = Chiamate per utente
chart-faults = Errori
chart-others = altre
chart-unknown = sconosciuto
save = Salva
cancel = Annulla
yes = Sì
no = No
done-saved = Salvato.
done-merged = Unito.
done-deleted = Eliminato.
nav-programs = Programmi
nav-imports = Importazioni
done-replayed = Verrà eseguito di nuovo.
older = Meno recenti
more = Altri
nav-setup = Impostazioni
