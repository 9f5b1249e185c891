# Pages.
send-mail = E-Mail senden
back-to-log-in = Zurück zur Anmeldung
forgot-password-question = Passwort vergessen?
forgot-password = Passwort vergessen
forgot-password-meaning = Nennen Sie uns die Adresse Ihres Kontos, und wir senden eine E-Mail, mit der Sie ein neues Passwort wählen können.
reset-password = Neues Passwort wählen
reset-password-meaning = Für das Konto von { $email }. Alle Geräte werden dann abgemeldet.
done-sent = Wenn es zu dieser Adresse ein Konto gibt, ist eine E-Mail dorthin unterwegs. Folgen Sie ihrem Link, oder geben Sie hier ihren Code ein.
done-reset = Ihr neues Passwort gilt ab jetzt. Melden Sie sich damit an.

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = Wählen Sie ein neues Passwort
mail-reset-password-intro = Jemand, hoffentlich Sie, hat um ein neues Passwort für Ihr Konto bei { $service } gebeten.
mail-reset-password-button = Neues Passwort wählen
mail-reset-password-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Nichts geschieht, und Ihr Passwort bleibt, wie es ist.
