# Pages.
email-login = Log in by mail
email-login-link = Mail me a link
email-login-meaning = Tell us the address of your account, and we send a mail with a link and a code. Either logs you in, in this browser.
login-code-meaning = If { $email } can be used, a mail is on its way to it. Open its link in this browser, or type its code here.
login-code-known-meaning = We do not know this browser yet. We sent a mail to { $email }: type its code here, or open its link in this browser.
login-link-meaning = You are about to log in as { $email }.
login-link-elsewhere = This login was begun in another place: { $place }. Go back there and type this code:
login-link-warning = If you did not begin it, close this page and tell nobody the code.
wrong-login-code = This code does not work. Type the code of the newest mail, or have another mail sent.
done-login-code-again = Another mail is on its way. Codes and links of earlier mails do not work any more.
done-login-code-wait = A mail was sent a moment ago. Wait half a minute before you ask for another one.
error-email-login-off-title = Login by mail is switched off
error-email-login-off = { $service } sends no mail that logs in.
error-password-login-off-title = There are no passwords here
error-password-login-off = { $service } has no passwords. Log in by mail.

# Letters. $service is the name of the service, $to the address of the reader.
mail-log-in-subject = { $code } is your code for { $service }
mail-log-in-intro = Somebody wants to log in to your account at { $service }, from here:
mail-log-in-button = Log in
mail-log-in-note = The link works only in the browser that asked for it. Nobody at { $service } will ever ask you for the code. If you did not ask for this mail, ignore it: nothing happens.
mail-first-log-in-subject = { $code } is your code for { $service }
mail-first-log-in-intro = Somebody wants to log in to your account at { $service }, from here. It is the first proof that this address is yours. So a password that was set before is removed, and all devices are logged out.
mail-first-log-in-button = Log in
mail-first-log-in-note = The link works only in the browser that asked for it. Nobody at { $service } will ever ask you for the code. If you did not ask for this mail, ignore it: nothing happens.
mail-no-account-subject = No account at { $service }
mail-no-account-intro = Somebody asked for a mail to log in at { $service } with this address, from here. There is no account with it.
mail-no-account-button = Register
mail-no-account-note = You may have registered with another address. If it was not you, ignore this message.
mail-no-account-here-subject = No account at { $service }
mail-no-account-here-intro = Somebody asked for a mail to log in at { $service } with this address, from here. There is no account with it.
mail-no-account-here-note = You may have an account with another address. If it was not you, ignore this message.
mail-log-in-code-subject = { $code } is your code for { $service }
mail-log-in-code-intro = Somebody entered the right password of your account at { $service }, in a browser that we have not seen before:
mail-log-in-code-button = Log in
mail-log-in-code-note = Nobody at { $service } will ever ask you for the code. If it was not you, somebody knows your password: choose a new one right away.
