# Pages.
change-password = Passwort ändern
change-password-meaning = Hier bleiben Sie angemeldet. Alle anderen Geräte werden abgemeldet.
done-password = Ihr Passwort ist geändert, und alle anderen Geräte sind abgemeldet.

# Letters. $service is the name of the service, $to the address of the reader.
mail-password-changed-subject = Ihr Passwort wurde geändert
mail-password-changed-intro = Das Passwort Ihres Kontos bei { $service } wurde geändert. Alle anderen Geräte wurden abgemeldet.
mail-password-changed-button = Das war ich nicht
mail-password-changed-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, wählen Sie sofort ein neues Passwort.
