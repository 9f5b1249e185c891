# Pages.
login-attempt = Log in with a mail
login-attempt-offer = If too many passwords were tried for your account, a log-in is refused for a while. We send you a link with which you can log in with your password all the same.
login-attempt-send = Send me a link
done-login-attempt = If there is an account with this address, a mail is on its way to it. Follow its link, and log in with your password.

# Letters. $service is the name of the service, $to the address of the reader.
mail-login-attempt-subject = Log in to your account
mail-login-attempt-intro = Somebody asked for a link to log in to your account at { $service }. With this link you can enter your password once, even if others have tried too many.
mail-login-attempt-button = Enter password
mail-login-attempt-note = If it was not you, ignore this message: the link opens nothing without your password.
