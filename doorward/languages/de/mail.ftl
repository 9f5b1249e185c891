mail-works-minutes = Das gilt einmal und { $count } Minuten lang.
mail-works-hours = Das gilt einmal und { $count } Stunden lang.
mail-works-days = Das gilt einmal und { $count } Tage lang.
mail-code = Oder geben Sie diesen Code innerhalb von { $count } Minuten ein, wo Sie danach gefragt werden
mail-copy = Wenn der Knopf nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:
mail-forgot = Ich habe mein Passwort vergessen
mail-when = Wann
mail-device = Womit
mail-ip = IP-Adresse
mail-footer = { $service } hat diese Nachricht automatisch an { $to } geschickt. Antworten darauf werden nicht gelesen.

mail-verify-email-subject = Bestätigen Sie Ihre E-Mail-Adresse
mail-verify-email-intro = Jemand, hoffentlich Sie, hat sich bei { $service } mit der Adresse { $to } registriert. Bitte bestätigen Sie, dass sie Ihnen gehört.
mail-verify-email-button = Adresse bestätigen
mail-verify-email-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht. Ohne Ihre Bestätigung gilt die Adresse als unbestätigt.

mail-reset-password-subject = Wählen Sie ein neues Passwort
mail-reset-password-intro = Jemand, hoffentlich Sie, hat um ein neues Passwort für Ihr Konto bei { $service } gebeten.
mail-reset-password-button = Neues Passwort wählen
mail-reset-password-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Nichts geschieht, und Ihr Passwort bleibt, wie es ist.

mail-already-registered-subject = Sie haben schon ein Konto
mail-already-registered-intro = Jemand, hoffentlich Sie, wollte sich bei { $service } mit der Adresse { $to } registrieren. Damit gibt es schon ein Konto, Sie können sich also einfach anmelden.
mail-already-registered-button = Anmelden
mail-already-registered-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Nichts hat sich geändert, und wer es auch war, hat nicht erfahren, dass Sie ein Konto haben.

mail-finish-registration-subject = Schließen Sie Ihre Registrierung ab
mail-finish-registration-intro = Jemand, hoffentlich Sie, hat sich bei { $service } mit der Adresse { $to } registriert. Damit gibt es schon ein Konto, das niemand bestätigt hat. Wählen Sie ein Passwort, und das Konto gehört Ihnen allein: Wer Ihre Adresse vorher verwendet hat, wird ausgesperrt.
mail-finish-registration-button = Passwort wählen
mail-finish-registration-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht. Ohne Sie bleibt die Adresse unbestätigt.

mail-confirm-email-subject = Bestätigen Sie Ihre neue E-Mail-Adresse
mail-confirm-email-intro = Jemand, hoffentlich Sie, möchte die Adresse { $to } für ein Konto bei { $service } verwenden. Bitte bestätigen Sie, dass sie Ihnen gehört.
mail-confirm-email-button = Neue Adresse bestätigen
mail-confirm-email-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Ohne Ihre Bestätigung behält das Konto seine Adresse.

mail-email-changed-subject = Ihre E-Mail-Adresse wurde geändert
mail-email-changed-intro = Ihr Konto bei { $service } hat jetzt die Adresse { $new }. Nachrichten gehen von nun an dorthin.
mail-email-changed-button = Änderung zurücknehmen
mail-email-changed-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, nehmen Sie die Änderung zurück: Das Passwort gilt dann nicht mehr, und wir senden Ihnen eine E-Mail, mit der Sie ein neues wählen.

mail-password-changed-subject = Ihr Passwort wurde geändert
mail-password-changed-intro = Das Passwort Ihres Kontos bei { $service } wurde geändert. Alle anderen Geräte wurden abgemeldet.
mail-password-changed-button = Das war ich nicht
mail-password-changed-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort.

mail-new-device-subject = Neue Anmeldung an Ihrem Konto
mail-new-device-intro = Jemand, hoffentlich Sie, hat sich auf einem Gerät, das wir noch nicht kennen, an Ihrem Konto bei { $service } angemeldet.
mail-new-device-button = Meine Geräte ansehen
mail-new-device-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, melden Sie das Gerät ab und wählen Sie sofort ein neues Passwort.

mail-account-deleted-subject = Ihr Konto wurde gelöscht
mail-account-deleted-intro = Ihr Konto bei { $service } wurde mit allem, was dazugehörte, gelöscht. Dies ist die letzte Nachricht dazu.
mail-account-deleted-note = Wenn Sie das nicht waren, kannte jemand Ihr Passwort: Ändern Sie es überall, wo Sie es sonst verwenden.
