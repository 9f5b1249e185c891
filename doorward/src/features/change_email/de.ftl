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
undo-email-change-meaning = Ihr Konto bekommt seine frühere Adresse zurück. Sein Passwort gilt nicht mehr, alle Geräte werden abgemeldet, und wir senden Ihnen eine E-Mail, mit der Sie ein neues Passwort wählen. Wenn es inzwischen jemand mit der neuen Adresse benutzt hat, halten wir das Konto stattdessen an und entscheiden, wem es gehört.
done-undone = Ihre frühere Adresse gilt wieder, das alte Passwort gilt nicht mehr, und alle Geräte sind abgemeldet. Wählen Sie mit der E-Mail, die wir Ihnen gesendet haben, ein neues Passwort.
end-undo = Frühere Adressen sperren
end-undo-meaning = Sieben Tage lang nach einer Änderung kann die frühere Adresse das Konto zurückholen. Wenn das Konto Ihnen allein gehört, können Sie das hier beenden. Eine frühere Adresse, die länger als eine Woche galt, kann das Konto dann noch anhalten.
end-undo-button = Beenden
done-undo-ended = Frühere Adressen können Ihr Konto nicht mehr zurückholen.
done-undo-kept = Frühere Adressen können Ihr Konto nicht mehr zurückholen. Eine, die länger als eine Woche galt, kann das Konto noch einige Tage lang anhalten.
request-undo = Eine Änderung der Adresse zurücknehmen
request-undo-meaning = Nennen Sie uns die Adresse, die Ihr Konto vorher hatte. Wir senden die E-Mail, mit der Sie die Änderung zurücknehmen, noch einmal.
former-email = Frühere E-Mail-Adresse
done-undo-asked = Wenn sich eine Änderung dieser Adresse noch zurücknehmen lässt, ist eine E-Mail dorthin unterwegs. Folgen Sie dem Link darin.
done-frozen = Jemand anderes hat das Konto mit der neuen Adresse benutzt. Deshalb haben wir es angehalten: Niemand kann sich anmelden, bis die Betreiber dieses Dienstes entschieden haben, wem es gehört. Wir haben an beide Adressen geschrieben.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Bestätigen Sie Ihre neue E-Mail-Adresse
mail-confirm-email-intro = Jemand, hoffentlich Sie, möchte die Adresse { $to } für ein Konto bei { $service } verwenden. Bitte bestätigen Sie, dass sie Ihnen gehört.
mail-confirm-email-button = Neue Adresse bestätigen
mail-confirm-email-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht: Ohne Ihre Bestätigung behält das Konto seine Adresse.

mail-email-changed-subject = Ihre E-Mail-Adresse wurde geändert
mail-email-changed-intro = Ihr Konto bei { $service } hat jetzt die Adresse { $new }. Nachrichten gehen von nun an dorthin.
mail-email-changed-again = Die Adresse Ihres Kontos bei { $service } wurde geändert. Nachrichten gehen nicht mehr an diese Adresse.
mail-email-changed-button = Änderung zurücknehmen
mail-email-changed-note = Wenn Sie das waren, ist nichts zu tun. Wenn nicht, nehmen Sie die Änderung zurück: Das Passwort gilt dann nicht mehr, und wir senden Ihnen eine E-Mail, mit der Sie ein neues wählen. Tun Sie es bald: Sobald jemand an der neuen Adresse per E-Mail ein Passwort gewählt hat, hält der Link das Konto nur noch an oder gilt gar nicht mehr.

mail-account-frozen-subject = Ihr Konto wurde angehalten
mail-account-frozen-intro = Zwei Adressen beanspruchen Ihr Konto bei { $service }: Die frühere Adresse hat eine Änderung zurückgenommen, aber die neue Adresse war in Gebrauch. Niemand kann sich jetzt anmelden, und das Passwort gilt nicht mehr.
mail-account-frozen-note = Schreiben Sie den Betreibern von { $service }. Sie entscheiden, wem das Konto gehört. Antworten auf diese Nachricht werden nicht gelesen.
