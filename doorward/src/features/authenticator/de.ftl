# Pages.
second-factor = Anmeldung in zwei Schritten
second-factor-meaning = Mit einer Authenticator-App auf Ihrem Telefon öffnet ein gestohlenes Passwort allein nichts: Jede Anmeldung braucht auch einen Code aus der App.
second-factor-kept = Ein Code aus einer App, neben dem Passwort
second-factor-since = Jede Anmeldung braucht einen Code aus Ihrer Authenticator-App. Hinzugefügt am { $date }.
second-factor-add = Authenticator-App hinzufügen
second-factor-scan = Scannen Sie diesen Code mit Ihrer Authenticator-App.
second-factor-qr = QR-Code für Ihre Authenticator-App
second-factor-type = Oder geben Sie dieses Geheimnis in die App ein:
second-factor-open = Die App ist auf diesem Gerät: öffnen
second-factor-confirm = App hinzufügen
second-factor-replace = Durch eine andere App ersetzen
second-factor-remove = App entfernen
done-second-factor = Die App ist hinzugefügt. Ab jetzt braucht jede Anmeldung einen Code daraus.
done-second-factor-removed = Die App ist entfernt. Eine Anmeldung braucht nur Ihr Passwort.
otp-or-recovery-code = Code aus Ihrer App oder ein Wiederherstellungscode
recovery-codes = Ihre Wiederherstellungscodes
recovery-codes-meaning = Drucken Sie diese Codes aus oder schreiben Sie sie auf, und bewahren Sie sie sicher auf. Wenn Sie Ihr Telefon verlieren, lässt jeder Sie einmal ein. Wir können sie nicht noch einmal zeigen.
recovery-codes-kept = Ich habe sie aufbewahrt
recovery-codes-download = Als Text herunterladen
recovery-codes-print = Drucken
recovery-codes-keep = Bewahren Sie zuerst die Codes auf: Wir können sie nicht noch einmal zeigen.
recovery-codes-file = Wiederherstellungscodes von { $email } bei { $service }, erstellt am { $date }. Jeder funktioniert einmal.
recovery-codes-done = Fertig
recovery-codes-renew = Neue Wiederherstellungscodes erstellen
recovery-codes-left = { $count ->
    [0] Sie haben keinen Wiederherstellungscode mehr. Erstellen Sie neue.
    [one] Sie haben noch einen Wiederherstellungscode. Erstellen Sie neue.
   *[other] Sie haben noch { $count } Wiederherstellungscodes.
}
error-second-factor-not-configured-title = Die Anmeldung in zwei Schritten ist abgeschaltet
error-second-factor-not-configured = Die Betreiber von { $service } haben sie nicht eingerichtet.
enroll = Noch ein Schritt
enroll-why = Für dieses Konto genügt ein Passwort nicht. Richten Sie eine Authenticator-App auf Ihrem Telefon ein, und Sie sind als { $email } angemeldet.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-added-subject = Eine Authenticator-App wurde hinzugefügt
mail-second-factor-added-intro = Zu Ihrem Konto bei { $service } wurde eine Authenticator-App hinzugefügt. Jede Anmeldung braucht jetzt einen Code daraus.
mail-second-factor-added-button = Das war ich nicht
mail-second-factor-added-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort und wenden Sie sich an die Betreiber von { $service }.
mail-second-factor-removed-subject = Ihre Authenticator-App wurde entfernt
mail-second-factor-removed-intro = Die Authenticator-App wurde von Ihrem Konto bei { $service } entfernt. Eine Anmeldung braucht jetzt nur Ihr Passwort.
mail-second-factor-removed-button = Das war ich nicht
mail-second-factor-removed-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort und fügen Sie wieder eine App hinzu.
mail-recovery-codes-renewed-subject = Sie haben neue Wiederherstellungscodes
mail-recovery-codes-renewed-intro = Für Ihr Konto bei { $service } wurden neue Wiederherstellungscodes erstellt. Die älteren gelten nicht mehr.
mail-recovery-codes-renewed-button = Das war ich nicht
mail-recovery-codes-renewed-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort.
