log-in = Anmelden
log-out = Abmelden
register = Konto erstellen
account = Ihr Konto
email = E-Mail-Adresse
new-email = Neue E-Mail-Adresse
email-until-now = Ihre bisherige E-Mail-Adresse
password = Passwort
current-password = Aktuelles Passwort
new-password = Neues Passwort
show-password = Passwort anzeigen
change = Ändern
confirm = Bestätigen
download-button = Herunterladen
delete-button = Löschen
cancel = Abbrechen
languages = Sprache
failed = Fehler
no-account = Noch kein Konto?
has-account = Sie haben schon ein Konto?
registration-closed = Neue Konten legen die Betreiber von { $service } an. Bitte wenden Sie sich an sie.

password-hint = Mindestens 8 Zeichen. Einige Wörter hintereinander sind gut; 15 Zeichen oder mehr sind besser.
password-again = Geben Sie Ihr Passwort noch einmal ein, damit wir wissen, dass Sie es sind.
strength-1 = Zu kurz
strength-2 = Könnte länger sein
strength-3 = Gut
strength-4 = Sehr gut

missing-email = Geben Sie Ihre E-Mail-Adresse ein.
wrong-email = Geben Sie eine Adresse wie anna@example.org ein.
email-taken = Zu dieser Adresse gibt es schon ein Konto. Melden Sie sich an, oder verwenden Sie eine andere Adresse.
missing-password = Geben Sie Ihr Passwort ein.
wrong-password = Das ist nicht Ihr aktuelles Passwort.
short-password = Verwenden Sie mindestens 8 Zeichen.
long-password = Verwenden Sie höchstens 256 Zeichen.
fault-email = Das besteht aus Ihrer E-Mail-Adresse. Wählen Sie etwas anderes.
fault-service = Das besteht aus dem Namen dieses Dienstes. Wählen Sie etwas anderes.
fault-common = Dieses Passwort verwenden viele. Wählen Sie eines, auf das sonst niemand käme.
fault-breached = Dieses Passwort ist aus einem Datenleck bekannt. Wählen Sie ein anderes, und ändern Sie es überall, wo Sie es verwenden.
fault-easy = Das ist zu leicht zu erraten. Nehmen Sie etwas Längeres mit weniger Muster.

verified = Bestätigt
not-verified = Nicht bestätigt
password-kept = Nur Ihnen bekannt
devices = Geräte und Sitzungen
devices-meaning = Hier sind Sie angemeldet. Beenden Sie, was Sie nicht kennen, und ändern Sie dann Ihr Passwort.
this-device = Dieses Gerät
active-now = Gerade aktiv
last-used = Zuletzt verwendet:
since = angemeldet:
app-access = { $name } (App)
on-system = { $browser } auf { $system }
unknown-device = Unbekanntes Gerät
log-out-others = { $count ->
    [one] Das andere Gerät abmelden
   *[other] Die { $count } anderen Geräte abmelden
}
data = Ihre Daten
download = Meine Daten herunterladen
download-meaning = Ihr Konto und Ihre Sitzungen als JSON-Datei.
delete = Konto löschen
delete-meaning = Ihr Konto und alles, was dazugehört, für immer.
back-to-account = Zurück zum Konto

change-email = E-Mail-Adresse ändern
email-now = Zurzeit ist es { $email }.
change-password = Passwort ändern
change-password-meaning = Hier bleiben Sie angemeldet. Alle anderen Geräte werden abgemeldet.
delete-question = Konto löschen?
delete-warning = Das Konto von { $email } und alles, was dazugehört, ist dann für immer fort.
delete-for-good = Endgültig löschen
log-out-question = Abmelden?
log-out-meaning = Sie sind als { $email } angemeldet.

done-email = Ihre E-Mail-Adresse ist geändert.
done-confirm-email = Wir haben eine E-Mail an die neue Adresse gesendet. Sie gilt, sobald Sie dem Link darin folgen oder hier den Code daraus eingeben.
done-verify-email = Wir haben Ihnen eine E-Mail gesendet. Folgen Sie dem Link darin, um fortzufahren.
done-password = Ihr Passwort ist geändert, und alle anderen Geräte sind abgemeldet.
done-session = Das Gerät ist abgemeldet.
done-sessions = Alle anderen Geräte sind abgemeldet.
done-logged-out = Sie sind abgemeldet.
done-deleted = Ihr Konto ist gelöscht.

error-wrong-credentials = Die E-Mail-Adresse oder das Passwort ist falsch.
error-wrong-or-unverified = Die E-Mail-Adresse oder das Passwort ist falsch, oder die Adresse ist noch nicht bestätigt. Wenn Sie sich gerade registriert haben, sehen Sie in Ihre E-Mails.
error-unavailable = Das geht gerade nicht. Versuchen Sie es gleich noch einmal.
error-not-found-title = Seite nicht gefunden
error-not-found = Unter dieser Adresse gibt es nichts.
error-cross-site-title = Das kam von einer anderen Website
error-cross-site = Zu Ihrer Sicherheit dürfen das nur unsere eigenen Seiten. Öffnen Sie die Seite, und versuchen Sie es noch einmal.
error-ambiguous-title = Zu viele Cookies
error-ambiguous = Ihr Browser hat mehr als eine Sitzung gesendet. Löschen Sie die Cookies dieser Website, und versuchen Sie es noch einmal.
error-unavailable-title = Einen Moment
error-internal-title = Etwas ist schiefgegangen
error-internal = Das ist unser Fehler. Versuchen Sie es noch einmal, und sagen Sie den Betreibern von { $service } Bescheid, wenn es wieder geschieht.
error-other-title = Das hat nicht geklappt
error-other = Gehen Sie zurück, und versuchen Sie es noch einmal.
to-account = Zum Konto

code = Code aus der E-Mail
send-mail = E-Mail senden
send-again = Noch eine E-Mail senden
back-to-log-in = Zurück zur Anmeldung
code-meaning = Folgen Sie dem Link in der E-Mail, die wir Ihnen gesendet haben, oder geben Sie hier ihren Code ein.
code-works = Codes gelten { $count } Minuten lang. Der Link gilt länger.
missing-code = Geben Sie den Code aus der E-Mail ein.
wrong-code = Dieser Code gilt nicht. Prüfen Sie Adresse und Code, oder lassen Sie sich noch eine E-Mail senden.
verify-email = E-Mail-Adresse bestätigen
verify-email-meaning = Ein Klick, und wir wissen, dass E-Mails an diese Adresse bei Ihnen ankommen.
confirm-email = Neue E-Mail-Adresse bestätigen
confirm-email-meaning = Ein Klick, und Ihr Konto hat diese Adresse.
undo-email-change = Änderung zurücknehmen
undo-email-change-meaning = Ihr Konto bekommt seine frühere Adresse zurück. Sein Passwort gilt nicht mehr, alle Geräte werden abgemeldet, und wir senden Ihnen eine E-Mail, mit der Sie ein neues Passwort wählen.
forgot-password-question = Passwort vergessen?
forgot-password = Passwort vergessen
forgot-password-meaning = Nennen Sie uns die Adresse Ihres Kontos, und wir senden eine E-Mail, mit der Sie ein neues Passwort wählen können.
reset-password = Neues Passwort wählen
reset-password-meaning = Für das Konto von { $email }. Alle Geräte werden dann abgemeldet.
done-verified = Ihre E-Mail-Adresse ist bestätigt.
done-undone = Ihre frühere Adresse gilt wieder, das alte Passwort gilt nicht mehr, und alle Geräte sind abgemeldet. Wählen Sie mit der E-Mail, die wir Ihnen gesendet haben, ein neues Passwort.
done-sent = Wenn es zu dieser Adresse ein Konto gibt, ist eine E-Mail dorthin unterwegs. Folgen Sie ihrem Link, oder geben Sie hier ihren Code ein.
done-reset = Ihr neues Passwort gilt ab jetzt. Melden Sie sich damit an.
error-not-verified = Bestätigen Sie zuerst Ihre E-Mail-Adresse: Folgen Sie dem Link in der E-Mail, die wir Ihnen gesendet haben.
error-attempts = { $count ->
    [one] Das waren zu viele Versuche. Versuchen Sie es in einer Minute wieder.
   *[other] Das waren zu viele Versuche. Versuchen Sie es in { $count } Minuten wieder.
}
error-codes = Für dieses Konto wurden zu viele Codes probiert. Folgen Sie dem Link in der E-Mail, oder lassen Sie sich noch eine senden und geben Sie deren Code in ein paar Minuten ein.
error-later = Das waren zu viele Versuche. Versuchen Sie es später wieder.
error-link-title = Dieser Link gilt nicht
error-link = Er wurde schon verwendet, eine neuere E-Mail hat ihn ersetzt, oder er ist zu alt.
error-no-mail = Dieser Dienst sendet keine E-Mails. Bitten Sie die Betreiber von { $service } um Hilfe.
