# Pages.
new-email = Neue E-Mail-Adresse
email-until-now = Ihre bisherige E-Mail-Adresse
change-email = E-Mail-Adresse ändern
email-now = Zurzeit ist es { $email }.
done-email = Ihre E-Mail-Adresse ist geändert.
done-confirm-email = Wir haben eine E-Mail an die neue Adresse gesendet. Sie gilt, sobald Sie dem Link darin folgen oder hier den Code daraus eingeben.
confirm-email = Neue E-Mail-Adresse bestätigen
confirm-email-meaning = Ein Klick, und Ihr Konto hat diese Adresse.
undo-email-change = Änderung zurücknehmen
undo-email-change-meaning = Ihr Konto bekommt seine frühere Adresse zurück. Sein Passwort gilt nicht mehr, alle Geräte werden abgemeldet, und wir senden Ihnen eine E-Mail, mit der Sie ein neues Passwort wählen.
done-undone = Ihre frühere Adresse gilt wieder, das alte Passwort gilt nicht mehr, und alle Geräte sind abgemeldet. Wählen Sie mit der E-Mail, die wir Ihnen gesendet haben, ein neues Passwort.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Bestätigen Sie Ihre neue E-Mail-Adresse
mail-confirm-email-intro = Jemand, hoffentlich Sie, möchte die Adresse { $to } für ein Konto bei { $service } verwenden. Bitte bestätigen Sie, dass sie Ihnen gehört.
mail-confirm-email-button = Neue Adresse bestätigen
mail-confirm-email-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Ohne Ihre Bestätigung behält das Konto seine Adresse.

mail-email-changed-subject = Ihre E-Mail-Adresse wurde geändert
mail-email-changed-intro = Ihr Konto bei { $service } hat jetzt die Adresse { $new }. Nachrichten gehen von nun an dorthin.
mail-email-changed-button = Änderung zurücknehmen
mail-email-changed-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, nehmen Sie die Änderung zurück: Das Passwort gilt dann nicht mehr, und wir senden Ihnen eine E-Mail, mit der Sie ein neues wählen.
