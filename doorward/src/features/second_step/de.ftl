# Pages.
second-step = Zweiter Schritt
otp = Code aus Ihrer App
otp-meaning = Öffnen Sie Ihre Authenticator-App und geben Sie den Code ein, den sie für dieses Konto zeigt.
otp-time = Hier ist es { $time } Uhr (UTC). Geht die Uhr Ihres Telefons mehr als eine Minute anders, stellen Sie sie richtig.
missing-otp = Geben Sie den Code ein.
wrong-otp = Dieser Code gilt nicht. Jeder Code gilt nur einmal: Warten Sie auf den nächsten.
recovery-code = Wiederherstellungscode
recovery-code-meaning = Geben Sie einen der Codes ein, die Sie beim Einrichten der App aufbewahrt haben. Jeder gilt einmal.
wrong-recovery-code = Dieser Wiederherstellungscode gilt nicht. Jeder gilt nur einmal.
use-recovery-code = Wiederherstellungscode verwenden
use-otp = Code aus der App verwenden
trust-browser = { $count ->
    [one] Einen Tag lang in diesem Browser keinen Code verlangen
   *[other] { $count } Tage lang in diesem Browser keinen Code verlangen
}
trust-browser-hours = { $count ->
    [one] Eine Stunde lang in diesem Browser keinen Code verlangen
   *[other] { $count } Stunden lang in diesem Browser keinen Code verlangen
}
start-again = Neu beginnen
done-login-expired = Diese Anmeldung hat zu lange gedauert, oder zu viele Codes waren falsch. Melden Sie sich erneut an.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-guessed-subject = Vielleicht kennt jemand Ihr Passwort
mail-second-factor-guessed-intro = Zehnmal hintereinander hat jemand für Ihr Konto bei { $service } das richtige Passwort und danach einen falschen Code eingegeben.
mail-second-factor-guessed-button = Neues Passwort wählen
mail-second-factor-guessed-note = Wenn Sie das waren, prüfen Sie die Uhr Ihres Telefons. Wenn nicht, kennt jemand Ihr Passwort: Wählen Sie sofort ein neues.
mail-second-factor-locked-subject = Ihre Authenticator-App ist abgeschaltet
mail-second-factor-locked-intro = Für Ihr Konto bei { $service } wurden hundert falsche Codes hintereinander eingegeben. Codes aus der App gelten nicht mehr, bis Sie sich auf andere Weise ausweisen.
mail-second-factor-locked-button = Neues Passwort wählen
mail-second-factor-locked-note = Melden Sie sich mit einem Wiederherstellungscode an, oder wählen Sie mit diesem Link ein neues Passwort: Dann gilt die App wieder.
mail-recovery-code-used-subject = Ein Wiederherstellungscode wurde verwendet
mail-recovery-code-used-intro = Jemand hat sich mit einem Ihrer Wiederherstellungscodes bei Ihrem Konto bei { $service } angemeldet oder dessen Schutz geändert.
mail-recovery-code-used-button = Meine Wiederherstellungscodes ansehen
mail-recovery-code-used-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort und erstellen Sie neue Wiederherstellungscodes.
