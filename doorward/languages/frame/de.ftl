# Buttons, labels and headings that several pages have.
log-in = Anmelden
log-out = Abmelden
register = Konto erstellen
account = Ihr Konto
email = E-Mail-Adresse
details = Name und Angaben
display-name = Name
password = Passwort
current-password = Aktuelles Passwort
new-password = Neues Passwort
show-password = Passwort anzeigen
cancel = Abbrechen
yes = Ja
no = Nein
languages = Sprache
failed = Fehler
to-account = Zum Konto
send-again = Noch eine E-Mail senden

# Help with a password.
password-hint = Mindestens { $count } Zeichen. Einige Wörter hintereinander sind gut; 15 Zeichen oder mehr sind besser.
password-hint-long = Mindestens { $count } Zeichen. Einige Wörter hintereinander sind gut.
password-again = Geben Sie Ihr Passwort noch einmal ein, damit wir wissen, dass Sie es sind.
strength-1 = Zu kurz
strength-2 = Könnte länger sein
strength-3 = Gut
strength-4 = Sehr gut

# Faults of fields.
missing-email = Geben Sie Ihre E-Mail-Adresse ein.
wrong-email = Geben Sie eine Adresse wie anna@example.org ein.
dots-email = Vor dem @ steht ein Punkt am Anfang, am Ende oder zweimal hintereinander. Eine solche Adresse lässt sich hier nicht registrieren.
invisible-email = In der Adresse steht ein Leerzeichen oder ein unsichtbares Zeichen ({ $found }). Löschen Sie es, oder tippen Sie die Adresse neu ein.
email-taken = Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich an, oder verwenden Sie eine andere Adresse.
missing-password = Geben Sie Ihr Passwort ein.
wrong-password = Das ist nicht Ihr aktuelles Passwort.
missing-field = Füllen Sie dieses Feld aus.
long-field = Höchstens { $count } Zeichen.
no-number-field = Geben Sie eine ganze Zahl ein, höchstens { $count }.
control-field = Bitte nur einfache Zeichen in einer Zeile.
optional = freiwillig
short-password = Verwenden Sie mindestens { $count } Zeichen.
long-password = Verwenden Sie höchstens 256 Zeichen.
fault-email = Das besteht aus Ihrer E-Mail-Adresse. Wählen Sie etwas anderes.
fault-service = Das besteht aus dem Namen dieses Dienstes. Wählen Sie etwas anderes.
fault-common = Dieses Passwort verwenden viele. Wählen Sie eines, auf das sonst niemand käme.
fault-breached = Dieses Passwort ist aus einem Datenleck bekannt. Wählen Sie ein anderes, und ändern Sie es überall, wo Sie es verwenden.
fault-easy = Das ist zu leicht zu erraten. Nehmen Sie etwas Längeres mit weniger Muster.
missing-code = Geben Sie den Code aus der E-Mail ein.
wrong-code = Dieser Code gilt nicht. Prüfen Sie Adresse und Code, oder lassen Sie sich noch eine E-Mail senden.

# The field for the answer to a question of the host, which is shown above it.
answer = Ihre Antwort

# The field for a code from a mail.
code = Code aus der E-Mail
code-meaning = Folgen Sie dem Link in der E-Mail, die wir Ihnen gesendet haben, oder geben Sie hier ihren Code ein.
code-works = Codes gelten { $count } Minuten lang. Der Link gilt länger.

# Alerts above a form.
alert-wrong-credentials = Die E-Mail-Adresse oder das Passwort ist falsch.
alert-wrong-or-unverified = Die E-Mail-Adresse oder das Passwort ist falsch, oder die Adresse ist noch nicht bestätigt. Wenn Sie sich gerade registriert haben, sehen Sie in Ihre E-Mails.
alert-not-verified = Bestätigen Sie zuerst Ihre E-Mail-Adresse: Folgen Sie dem Link in der E-Mail, die wir Ihnen gesendet haben.
alert-refused = Dieser Versuch wurde abgelehnt. Versuchen Sie es später noch einmal, oder fragen Sie den Betreiber.
alert-attempts = { $count ->
    [one] Das waren zu viele Versuche. Versuchen Sie es in einer Minute wieder.
   *[other] Das waren zu viele Versuche. Versuchen Sie es in { $count } Minuten wieder.
}
alert-codes = Für dieses Konto wurden zu viele Codes probiert. Folgen Sie dem Link in der E-Mail, oder lassen Sie sich noch eine senden und geben Sie deren Code in ein paar Minuten ein.

# Error pages: a title and a text by the code of the error, or those of "other".
error-unavailable = Das geht gerade nicht. Versuchen Sie es gleich noch einmal.
error-not-found-title = Seite nicht gefunden
error-not-found = Unter dieser Adresse gibt es nichts.
error-cross-site-title = Das kam von einer anderen Website
error-cross-site = Zu Ihrer Sicherheit dürfen das nur unsere eigenen Seiten. Öffnen Sie die Seite, und versuchen Sie es noch einmal.
error-ambiguous-credentials-title = Zu viele Cookies
error-ambiguous-credentials = Ihr Browser hat mehr als eine Sitzung gesendet. Löschen Sie die Cookies dieser Website, und versuchen Sie es noch einmal.
error-unavailable-title = Einen Moment
error-internal-title = Etwas ist schiefgegangen
error-internal = Das ist unser Fehler. Versuchen Sie es noch einmal, und sagen Sie den Betreibern von { $service } Bescheid, wenn es wieder geschieht.
error-other-title = Das hat nicht geklappt
error-other = Gehen Sie zurück, und versuchen Sie es noch einmal.
error-too-many-attempts = Das waren zu viele Versuche. Versuchen Sie es später wieder.
error-invalid-link-title = Dieser Link gilt nicht
error-invalid-link = Er wurde schon verwendet, eine neuere E-Mail hat ihn ersetzt, oder er ist zu alt.
error-mail-not-configured = Dieser Dienst sendet keine E-Mails. Bitten Sie die Betreiber von { $service } um Hilfe.

# The page for a person who comes back from an app although they are logged in. The names of settings stay as they are.
onward = Sie sind angemeldet
onward-again = Wir haben Sie gerade zu { $app } geleitet, und nun sind Sie wieder hier.
onward-unseen = Wenn { $app } Sie zurückgeschickt hat, sieht die Anwendung Ihre Anmeldung wahrscheinlich nicht. Hilft ein neuer Versuch nicht, wenden Sie sich an ihre Betreiber.
onward-go = Weiter zu { $app }
onward-developers = Für alle, die { $app } entwickeln
onward-next = Nach der Anmeldung leiten wir auf die Adresse in „next“ zurück und hängen nichts an. Wer angemeldet ist, sagt das Sitzungs-Cookie von { $own }:
onward-same-host = Auf demselben Host bekommt der Server der Anwendung dieses Cookie. Er gibt es mit GET { $me } weiter und erfährt so, von wem eine Anfrage kommt.
onward-same-site = Auf einem anderen Host derselben Site kann ein Skript der Seite GET { $me } mit „credentials“ abfragen. Dazu muss { $origin } in der Einstellung cors_origins stehen. Der Server der Anwendung bekommt das Cookie nicht.
onward-elsewhere = Auf einer anderen Site senden Browser das Cookie nie für die Anwendung mit. Sie nutzt den Authorization Code Flow von OAuth. Alles Nötige findet sie unter { $issuer }/.well-known/openid-configuration.

# What all letters have. $service is the name of the service, $to the address of the reader.
mail-works-minutes = Das gilt einmal und { $count } Minuten lang.
mail-works-hours = Das gilt einmal und { $count } Stunden lang.
mail-works-days = Das gilt einmal und { $count } Tage lang.
mail-code = Oder geben Sie diesen Code innerhalb von { $count } Minuten ein, wo Sie danach gefragt werden
mail-copy = Wenn der Knopf nicht funktioniert, kopieren Sie diese Adresse in Ihren Browser:
mail-forgot = Ich habe mein Passwort vergessen
mail-app = App
mail-app-host = Bei
mail-app-scopes = Sie darf
mail-when = Wann
mail-device = Womit
mail-ip = IP-Adresse
mail-earlier-device = Davor mit
mail-earlier-ip = Davor von IP-Adresse
mail-footer = { $service } hat diese Nachricht automatisch an { $to } geschickt. Antworten darauf werden nicht gelesen.
