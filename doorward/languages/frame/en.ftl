# Buttons, labels and headings that several pages share.
log-in = Log in
log-out = Log out
register = Create account
account = Your account
email = E-mail address
details = Name and details
display-name = Name
password = Password
current-password = Current password
new-password = New password
show-password = Show password
cancel = Cancel
yes = Yes
no = No
languages = Language
failed = Error
to-account = Go to your account
send-again = Send another mail

# Help with a password.
password-hint = At least { $count } characters. A few words in a row are good; 15 characters or more are better.
password-hint-long = At least { $count } characters. A few words in a row are good.
password-again = Enter your password again, so that we know it is you.
strength-1 = Too short
strength-2 = Could be longer
strength-3 = Good
strength-4 = Very good

# Faults of fields.
missing-email = Enter your e-mail address.
wrong-email = Enter an address such as ann@example.org.
dots-email = Before the @, the address starts or ends with a dot, or has two dots in a row. You cannot register such an address here.
invisible-email = The address contains a space or an invisible character ({ $found }). Delete it, or type the address again.
email-taken = There is an account with this address already. Log in, or use another address.
missing-password = Enter your password.
wrong-password = This is not your current password.
missing-field = Fill in this field.
long-field = Use at most { $count } characters.
no-number-field = Enter a whole number, at most { $count }.
control-field = Use plain characters on one line.
optional = optional
short-password = Use at least { $count } characters.
long-password = Use at most 256 characters.
fault-email = This is made of your e-mail address. Choose something else.
fault-service = This is made of the name of this service. Choose something else.
fault-common = Many people use this password. Choose one that nobody else would.
fault-breached = This password is known from a data breach. Choose another one, and change it wherever you use it.
fault-easy = This is too easy to guess. Use something longer, with less of a pattern.
missing-code = Enter the code from the mail.
wrong-code = This code does not work. Check the address and the code, or ask for another mail.

# The field for the answer to a question of the host, which is shown above it.
answer = Your answer

# The field for a code from a mail.
code = Code from the mail
code-meaning = Follow the link in the mail that we sent you, or type its code here.
code-works = Codes work for { $count } minutes. The link works longer.

# Alerts above a form.
alert-wrong-credentials = The e-mail address or the password is wrong.
alert-wrong-or-unverified = The e-mail address or the password is wrong, or the address is not confirmed yet. If you have just registered, look into your mail.
alert-not-verified = Confirm your e-mail address first: follow the link in the mail that we sent you.
alert-refused = This attempt was refused. Please try again later, or ask the operator.
alert-attempts = { $count ->
    [one] There were too many attempts. Try again in a minute.
   *[other] There were too many attempts. Try again in { $count } minutes.
}
alert-codes = Too many codes were tried for this account. Follow the link in the mail, or have another mail sent and type its code in a few minutes.

# Error pages: a title and a text by the code of the error, or those of "other".
error-unavailable = We cannot do this right now. Try again in a moment.
error-not-found-title = Page not found
error-not-found = There is nothing at this address.
error-cross-site-title = That came from another site
error-cross-site = For your safety, only our own pages may do this. Open the page and try again.
error-ambiguous-credentials-title = Too many cookies
error-ambiguous-credentials = Your browser sent more than one session cookie. Delete the cookies of this site, and try again.
error-unavailable-title = One moment
error-internal-title = Something went wrong
error-internal = This is our mistake. Try again, and tell the people who run { $service } if it happens again.
error-other-title = This did not work
error-other = Go back and try again.
error-too-many-attempts = There were too many attempts. Try again later.
error-invalid-link-title = This link does not work
error-invalid-link = It was used already, a newer mail took its place, or it is too old.
error-mail-not-configured = This service sends no mail. Ask the people who run { $service } for help.

# The page for a person who comes back from an app although they are logged in. The names of settings stay as they are.
onward = You are logged in
onward-again = We led you to { $app } a moment ago, and now you are here again.
onward-unseen = If { $app } sent you back, it probably cannot see your log-in. If it does not help to try again, tell the people who run it.
onward-go = Go on to { $app }
onward-developers = For the people who build { $app }
onward-next = We send people back to the address in “next”, and add nothing to it. The session cookie of { $own } says who they are:
onward-same-host = If your app is on the same host, its server gets this cookie. It passes it on with GET { $me } to learn who sent a request.
onward-same-site = If it is on another host of the same site, a script in its page can ask GET { $me } with credentials. The setting cors_origins must have { $origin }. The server of your app does not get the cookie.
onward-elsewhere = If it is on another site, browsers never send the cookie for it. Such an app uses the authorization code flow of OAuth. It finds all it needs at { $issuer }/.well-known/openid-configuration.

# Texts that all letters share. $service is the name of the service, $to the address of the reader.
mail-works-minutes = It works once, within { $count } minutes.
mail-works-hours = It works once, within { $count } hours.
mail-works-days = It works once, within { $count } days.
mail-code = Or type this code, within { $count } minutes, where you are asked for it
mail-copy = If the button does not work, copy this address into your browser:
mail-forgot = I have forgotten my password
mail-app = App
mail-app-host = At
mail-app-scopes = It may
mail-when = When
mail-device = With
mail-ip = IP address
mail-earlier-device = Before with
mail-earlier-ip = Before from IP address
mail-footer = { $service } sent this message to { $to } automatically. Answers to it are not read.
