# How a client is connected.
connect-text = Dai al vecchio programma questi tre valori al posto dei suoi. I programmi qui sotto sono completi: chiedono i tipi di oggetto e li stampano.
connect-endpoint = Endpoint SOAP
connect-key = Chiave di crittografia
connect-key-text = È stata mostrata alla creazione dell’utente; una nuova si crea in Utenti. I programmi qui sotto la leggono da LEADKEEP_KEY.
connect-console = Console
connect-console-text = Il messaggio viene firmato come questo utente ed eseguito come ogni altro. Ciò che modifica, resta modificato.
connect-params = Parametri (XML)
connect-send = Invia
connect-no-user = Questo utente è disattivato o non ha una chiave valida.
