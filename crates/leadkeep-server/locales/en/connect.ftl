# How a client is connected.
connect-text = Give the old program these three values instead of those it has. The programs below are complete: they ask for the object types and print them.
connect-endpoint = SOAP endpoint
connect-key = Encryption key
connect-key-text = It was shown when the user was made; a new one can be made under Users. The programs below read it from LEADKEEP_KEY.
connect-console = Console
connect-console-text = The message is signed as this user and called like any other. What it changes, it changes.
connect-params = Parameters (XML)
connect-send = Send
connect-no-user = This user is disabled or has no valid key.
