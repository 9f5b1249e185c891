# Seiten.
provider-consent = Darf { $app } Ihr Konto sehen?
provider-consent-who = Sie sind als { $email } angemeldet. Diese App bittet darum:
provider-consent-leads = Danach kommen Sie zurück zu { $address }.
provider-consent-computer = Das ist eine App auf diesem Computer. Erlauben Sie es nur, wenn Sie sie gerade selbst gestartet haben.
provider-allow = Erlauben
provider-deny = Nicht erlauben
provider-scope-openid = Wissen, dass Sie es sind
provider-scope-profile = Ihren Namen und Ihre E-Mail-Adresse sehen
provider-scope-email = Ihre E-Mail-Adresse sehen
provider-scope-groups = Ihre Rollen hier sehen
provider-scope-offline-access = Diesen Zugriff behalten, wenn Sie sich hier abmelden, bis Sie ihn beenden
provider-confirm = Bestätigen Sie, dass Sie es sind
provider-confirm-why = { $app } bittet Sie zu bestätigen, dass Sie { $email } sind.
provider-onward = Einen Moment, Sie werden weitergeleitet
provider-go-on = Weiter
provider-refused = Dieser Link funktioniert nicht
provider-refused-help = Gehen Sie zurück zur App und versuchen Sie es noch einmal. Wenn das nicht hilft, wenden Sie sich an die Betreiber der App.
provider-malformed = Die App hat eine Anfrage geschickt, die nicht gelesen werden kann.
provider-unknown-app = Die App, die Sie hierher geführt hat, ist hier nicht bekannt oder darf nicht mehr benutzt werden.
provider-unknown-address = Die App möchte die Antwort an eine Adresse, die hier nicht eingetragen ist. Deshalb werden Sie nicht dorthin geleitet.
provider-log-out = Hier abmelden?
provider-log-out-who = Sie sind als { $email } angemeldet.
provider-apps = Apps mit Zugriff
provider-apps-meaning = Diese Apps dürfen Ihr Konto sehen. Wenn Sie einer den Zugriff entziehen, kann sie hier nichts mehr lesen. In der App selbst können Sie angemeldet bleiben.
provider-apps-none = Keine App hat Zugriff.
provider-end = Zugriff beenden
done-app = Die App hat keinen Zugriff mehr.

# Letters. $app is the name of the app, $service the name of the service, $to the address of the reader.
mail-token-reused-subject = { $app } wurde von Ihrem Konto abgemeldet
mail-token-reused-intro = Ein alter Schlüssel von { $app } zu Ihrem Konto bei { $service } wurde ein zweites Mal benutzt. Vielleicht gibt es eine Kopie davon. Deshalb haben wir diesen Zugriff der App beendet.
mail-token-reused-button = Apps mit Zugriff ansehen
mail-token-reused-note = Haben Sie eine Sicherung zurückgespielt oder ein Gerät kopiert? Dann melden Sie sich in der App neu an. Wenn nicht, prüfen Sie die Geräte, auf denen Sie diese App benutzen, und wählen Sie im Zweifel ein neues Passwort.
mail-token-repeated-subject = { $app } hat Ihr Konto von einem anderen Ort aus benutzt
mail-token-repeated-intro = { $app } hat einen alten Schlüssel zu Ihrem Konto bei { $service } noch einmal benutzt, aus einem anderen Netz und mit einem anderen Programm. Die App hat weiterhin Zugriff.
mail-token-repeated-button = Apps mit Zugriff ansehen
mail-token-repeated-note = Wenn Sie diese App dort benutzen, ist nichts zu tun. Wenn nicht, beenden Sie den Zugriff der App.
