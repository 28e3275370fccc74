# How a client is connected.
connect-text = Geef het oude programma deze drie waarden in plaats van de zijne. De programma’s hieronder zijn compleet: ze vragen de objecttypen op en tonen ze.
connect-endpoint = SOAP-endpoint
connect-key = Encryptiesleutel
connect-key-text = Die werd getoond toen de gebruiker werd gemaakt; een nieuwe maakt u onder Gebruikers. De programma’s hieronder lezen hem uit LEADKEEP_KEY.
connect-console = Console
connect-console-text = Het bericht wordt als deze gebruiker ondertekend en uitgevoerd zoals elk ander. Wat het wijzigt, is gewijzigd.
connect-params = Parameters (XML)
connect-send = Versturen
connect-no-user = Deze gebruiker is uitgeschakeld of heeft geen geldige sleutel.
