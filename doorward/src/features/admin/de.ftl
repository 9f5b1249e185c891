# Letters. $service is the name of the service, $to the address of the reader.
mail-new-administrator-subject = Ihr Konto hat jetzt Administratorrechte
mail-new-administrator-intro = Ihr Konto bei { $service } hat die Rolle eines Administrators erhalten.
mail-new-administrator-button = Mein Konto öffnen
mail-new-administrator-note = Wenn Sie das nicht erwartet haben, melden Sie es bitte dem Team von { $service }.
