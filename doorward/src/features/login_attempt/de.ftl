# Pages.
login-attempt = Mit einer E-Mail anmelden
login-attempt-offer = Wenn zu viele Passwörter für Ihr Konto ausprobiert wurden, wird eine Anmeldung eine Weile abgelehnt. Wir senden Ihnen einen Link, mit dem Sie sich trotzdem mit Ihrem Passwort anmelden können.
login-attempt-send = Link zusenden
done-login-attempt = Wenn es ein Konto mit dieser Adresse gibt, ist eine E-Mail dorthin unterwegs. Folgen Sie ihrem Link und melden Sie sich mit Ihrem Passwort an.

# Letters. $service is the name of the service, $to the address of the reader.
mail-login-attempt-subject = Anmeldung an Ihrem Konto
mail-login-attempt-intro = Jemand hat einen Link zur Anmeldung an Ihrem Konto bei { $service } angefordert. Mit diesem Link können Sie Ihr Passwort einmal eingeben, auch wenn andere zu viele ausprobiert haben.
mail-login-attempt-button = Passwort eingeben
mail-login-attempt-note = Wenn Sie das nicht waren, ignorieren Sie diese Nachricht: Ohne Ihr Passwort öffnet der Link nichts.
