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
ways-in = Auch damit kommt man in Ihr Konto, oder danach wird nach dem Passwort gefragt:
way-in-passkeys = { $count ->
    [one] Ein Passkey, hinzugefügt am { $date }
   *[other] { $count } Passkeys, der neueste hinzugefügt am { $date }
}
way-in-totp = Eine Authenticator-App, hinzugefügt am { $date }
way-in-recovery-codes = { $count ->
    [one] Ein Wiederherstellungscode, erstellt am { $date }
   *[other] { $count } Wiederherstellungscodes, erstellt am { $date }
}
ways-in-remove = Passwort wählen und alles andere entfernen
ways-in-remove-meaning = Wenn Sie das nicht hinzugefügt haben, nehmen Sie die andere Schaltfläche: Sie entfernt auch, was in den letzten sieben Tagen hinzugefügt wurde.
ways-in-kept = Es wurde vor mehr als sieben Tagen hinzugefügt und bleibt darum. Sie können es nach der Anmeldung entfernen.
done-reset-removed = Ihr neues Passwort gilt, und alles andere, womit man hineinkam, wurde entfernt. Melden Sie sich damit an.
done-reset-left = Ihr neues Passwort gilt. Ihr zweiter Faktor bleibt, wie er ist. Melden Sie sich mit beiden an.

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = Wählen Sie ein neues Passwort
mail-reset-password-intro = Jemand, hoffentlich Sie, hat um ein neues Passwort für Ihr Konto bei { $service } gebeten.
mail-reset-password-button = Neues Passwort wählen
mail-reset-password-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Nichts geschieht, und Ihr Passwort bleibt, wie es ist.
