# Pages.
has-account = Sie haben schon ein Konto?
error-registration-closed = Neue Konten legen die Betreiber von { $service } an. Bitte wenden Sie sich an sie.

# Letters. $service is the name of the service, $to the address of the reader.
mail-already-registered-subject = Sie haben schon ein Konto
mail-already-registered-intro = Jemand, hoffentlich Sie, wollte sich bei { $service } mit der Adresse { $to } registrieren. Damit gibt es schon ein Konto, Sie können sich also einfach anmelden.
mail-already-registered-button = Anmelden
mail-already-registered-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Nichts hat sich geändert, und wer es auch war, hat nicht erfahren, dass Sie ein Konto haben.

mail-finish-registration-subject = Schließen Sie Ihre Registrierung ab
mail-finish-registration-intro = Jemand, hoffentlich Sie, hat sich bei { $service } mit der Adresse { $to } registriert. Damit gibt es schon ein Konto, das niemand bestätigt hat. Wählen Sie ein Passwort, und das Konto gehört Ihnen allein: Wer Ihre Adresse vorher verwendet hat, wird ausgesperrt.
mail-finish-registration-button = Passwort wählen
mail-finish-registration-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht. Ohne Sie bleibt die Adresse unbestätigt.
