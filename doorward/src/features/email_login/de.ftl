# Pages.
email-login = Anmelden per E-Mail
email-login-link = Link per E-Mail senden
email-login-meaning = Geben Sie die Adresse Ihres Kontos ein. Wir senden Ihnen eine E-Mail mit einem Link und einem Code. Mit einem von beiden melden Sie sich in diesem Browser an.
login-code-meaning = Wenn { $email } verwendet werden kann, ist eine E-Mail dorthin unterwegs. Öffnen Sie den Link in diesem Browser oder geben Sie hier den Code ein.
login-code-known-meaning = Wir kennen diesen Browser noch nicht. Wir haben eine E-Mail an { $email } gesendet: Geben Sie hier den Code ein oder öffnen Sie den Link in diesem Browser.
login-link-meaning = Sie melden sich gleich als { $email } an.
login-link-elsewhere = Diese Anmeldung wurde woanders begonnen: { $place }. Gehen Sie dorthin zurück und geben Sie diesen Code ein:
login-link-warning = Wenn Sie das nicht waren, schließen Sie diese Seite und verraten Sie niemandem den Code.
wrong-login-code = Dieser Code funktioniert nicht. Geben Sie den Code aus der neuesten E-Mail ein oder lassen Sie sich noch eine senden.
done-login-code-again = Noch eine E-Mail ist unterwegs. Codes und Links aus früheren E-Mails funktionieren nicht mehr.
done-login-code-wait = Gerade wurde eine E-Mail gesendet. Warten Sie eine halbe Minute, bevor Sie noch eine anfordern.
error-email-login-off-title = Die Anmeldung per E-Mail ist ausgeschaltet
error-email-login-off = { $service } sendet keine E-Mails zum Anmelden.
error-password-login-off-title = Hier gibt es keine Passwörter
error-password-login-off = { $service } hat keine Passwörter. Melden Sie sich per E-Mail an.

# Letters. $service is the name of the service, $to the address of the reader.
mail-log-in-subject = { $code } ist Ihr Code für { $service }
mail-log-in-intro = Jemand möchte sich bei Ihrem Konto bei { $service } anmelden, und zwar von hier:
mail-log-in-button = Anmelden
mail-log-in-note = Der Link funktioniert nur in dem Browser, der ihn angefordert hat. Niemand von { $service } wird Sie je nach dem Code fragen. Wenn Sie diese E-Mail nicht angefordert haben, ignorieren Sie sie: Es geschieht nichts.
mail-first-log-in-subject = { $code } ist Ihr Code für { $service }
mail-first-log-in-intro = Jemand möchte sich bei Ihrem Konto bei { $service } anmelden, und zwar von hier. Das ist der erste Beweis, dass diese Adresse Ihnen gehört. Darum wird ein früher gesetztes Passwort entfernt, und alle Geräte werden abgemeldet.
mail-first-log-in-button = Anmelden
mail-first-log-in-note = Der Link funktioniert nur in dem Browser, der ihn angefordert hat. Niemand von { $service } wird Sie je nach dem Code fragen. Wenn Sie diese E-Mail nicht angefordert haben, ignorieren Sie sie: Es geschieht nichts.
mail-no-account-subject = Kein Konto bei { $service }
mail-no-account-intro = Jemand hat mit dieser Adresse eine E-Mail zum Anmelden bei { $service } angefordert, und zwar von hier. Es gibt kein Konto mit dieser Adresse.
mail-no-account-button = Registrieren
mail-no-account-note = Vielleicht haben Sie sich mit einer anderen Adresse registriert. Wenn Sie das nicht waren, ignorieren Sie diese Nachricht.
mail-no-account-here-subject = Kein Konto bei { $service }
mail-no-account-here-intro = Jemand hat mit dieser Adresse eine E-Mail zum Anmelden bei { $service } angefordert, und zwar von hier. Es gibt kein Konto mit dieser Adresse.
mail-no-account-here-note = Vielleicht haben Sie ein Konto mit einer anderen Adresse. Wenn Sie das nicht waren, ignorieren Sie diese Nachricht.
mail-log-in-code-subject = { $code } ist Ihr Code für { $service }
mail-log-in-code-intro = Jemand hat das richtige Passwort Ihres Kontos bei { $service } eingegeben, und zwar in einem Browser, den wir noch nicht kennen:
mail-log-in-code-button = Anmelden
mail-log-in-code-note = Niemand von { $service } wird Sie je nach dem Code fragen. Wenn Sie das nicht waren, kennt jemand Ihr Passwort: Wählen Sie sofort ein neues.
