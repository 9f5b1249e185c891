# Pages.
no-account = Noch kein Konto?
login-attempt-question = Lassen Sie sich eine E-Mail senden, mit der Sie sich jetzt anmelden können.
login-attempt-meaning = Mit dem Link aus der E-Mail haben Sie einen Versuch. Geben Sie Ihr Passwort ein.
log-out-question = Abmelden?
log-out-meaning = Sie sind als { $email } angemeldet.
done-logged-out = Sie sind abgemeldet.

# Letters. $service is the name of the service, $to the address of the reader.
mail-new-device-subject = Neue Anmeldung an Ihrem Konto
mail-new-device-intro = Jemand, hoffentlich Sie, hat sich auf einem Gerät, das wir noch nicht kennen, an Ihrem Konto bei { $service } angemeldet.
mail-new-device-button = Meine Geräte ansehen
mail-new-device-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, melden Sie das Gerät ab und wählen Sie sofort ein neues Passwort.
