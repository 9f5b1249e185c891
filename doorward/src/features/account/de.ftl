# Pages.
hello = Hallo, { $name }
not-given = Nicht angegeben
change = Ändern
confirm = Bestätigen
download-button = Herunterladen
delete-button = Löschen
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
delete-question = Konto löschen?
delete-warning = Das Konto von { $email } und alles, was dazugehört, ist dann für immer fort.
delete-for-good = Endgültig löschen
done-deleted = Ihr Konto ist gelöscht.

# Letters. $service is the name of the service, $to the address of the reader.
mail-account-deleted-subject = Ihr Konto wurde gelöscht
mail-account-deleted-intro = Ihr Konto bei { $service } wurde mit allem, was dazugehörte, gelöscht. Dies ist die letzte Nachricht dazu.
mail-account-deleted-note = Wenn Sie das nicht waren, kannte jemand Ihr Passwort: Ändern Sie es überall, wo Sie es sonst verwenden.

apps = Anwendungen
apps-meaning = Anwendungen auf anderen Hosts, die Ihr Konto sehen dürfen
apps-button = Anzeigen
