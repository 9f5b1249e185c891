# Pages.
step-up = Bestätigen Sie, dass Sie es sind
step-up-why = Was nun folgt, ist besonders geschützt. Bitte weisen Sie noch einmal nach, dass Sie { $email } sind.
step-up-go-on = Weiter
step-up-nothing = Dieses Konto hat weder ein Passwort noch eine Authenticator-App. Melden Sie sich ab und erneut an.
