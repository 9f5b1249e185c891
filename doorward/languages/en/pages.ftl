# The hosted pages. "service" is the name that the operator gave.
log-in = Log in
log-out = Log out
register = Create account
account = Your account
email = E-mail address
new-email = New e-mail address
email-until-now = Your e-mail address until now
password = Password
current-password = Current password
new-password = New password
show-password = Show password
change = Change
confirm = Confirm
download-button = Download
delete-button = Delete
cancel = Cancel
languages = Language
failed = Error
no-account = No account yet?
has-account = Already have an account?
registration-closed = New accounts are made by the people who run { $service }. Ask them for one.

# What helps with a password
password-hint = At least 8 characters. A few words in a row are good; 15 characters or more are better.
password-again = Enter your password again, so that we know it is you.
strength-1 = Too short
strength-2 = Could be longer
strength-3 = Good
strength-4 = Very good

# What is wrong with a field
missing-email = Enter your e-mail address.
wrong-email = Enter an address such as ann@example.org.
email-taken = There is an account with this address already. Log in, or use another address.
missing-password = Enter your password.
wrong-password = This is not your current password.
short-password = Use at least 8 characters.
long-password = Use at most 256 characters.
fault-email = This is made of your e-mail address. Choose something else.
fault-service = This is made of the name of this service. Choose something else.
fault-common = Many people use this password. Choose one that nobody else would.
fault-breached = This password is known from a data breach. Choose another one, and change it wherever you use it.
fault-easy = This is too easy to guess. Use something longer, with less of a pattern.

# The account
verified = Verified
not-verified = Not verified
password-kept = Known to you alone
devices = Devices and sessions
devices-meaning = Where you are logged in. End what you do not recognise, and change your password.
this-device = This device
active-now = Active now
last-used = Last used
since = logged in
app-access = { $name } (app)
on-system = { $browser } on { $system }
unknown-device = Unknown device
log-out-others = { $count ->
    [one] Log out the other device
   *[other] Log out the { $count } other devices
}
data = Your data
download = Download my data
download-meaning = Your account and your sessions, as a JSON file.
delete = Delete account
delete-meaning = Your account and everything that belongs to it, for good.
back-to-account = Back to your account

# Changing it
change-email = Change e-mail address
email-now = It is { $email } now.
change-password = Change password
change-password-meaning = You stay logged in here. All your other devices are logged out.
delete-question = Delete your account?
delete-warning = The account of { $email } and everything that belongs to it will be gone for good.
delete-for-good = Delete for good
log-out-question = Log out?
log-out-meaning = You are logged in as { $email }.

# What was done
done-email = Your e-mail address is changed.
done-confirm-email = We have sent a mail to the new address. It counts once you follow the link in it, or type its code here.
done-verify-email = We have sent you a mail. Follow the link in it to go on.
done-password = Your password is changed, and all other devices are logged out.
done-session = That device is logged out.
done-sessions = All other devices are logged out.
done-logged-out = You are logged out.
done-deleted = Your account is deleted.

# What went wrong
error-wrong-credentials = The e-mail address or the password is wrong.
error-wrong-or-unverified = The e-mail address or the password is wrong, or the address is not confirmed yet. If you have just registered, look into your mail.
error-unavailable = We cannot do this right now. Try again in a moment.
error-not-found-title = Page not found
error-not-found = There is nothing at this address.
error-cross-site-title = That came from another site
error-cross-site = For your safety, only our own pages may do this. Open the page and try again.
error-ambiguous-title = Too many cookies
error-ambiguous = Your browser sent more than one session. Delete the cookies of this site, and try again.
error-unavailable-title = One moment
error-internal-title = Something went wrong
error-internal = This is our mistake. Try again, and tell those who run { $service } if it happens again.
error-other-title = This did not work
error-other = Go back and try again.
to-account = Go to your account

# Mails
code = Code from the mail
send-mail = Send me a mail
send-again = Send another mail
back-to-log-in = Back to log in
code-meaning = Follow the link in the mail that we sent you, or type its code here.
code-works = Codes work for { $count } minutes. The link works longer.
missing-code = Enter the code from the mail.
wrong-code = This code does not work. Check the address and the code, or ask for another mail.
verify-email = Confirm e-mail address
verify-email-meaning = One press, and we know that mail to this address reaches you.
confirm-email = Confirm new e-mail address
confirm-email-meaning = One press, and your account has this address.
undo-email-change = Take the change back
undo-email-change-meaning = Your account gets its former address back. Its password does not work any more, all devices are logged out, and we send you a mail with which you choose a new password.
forgot-password-question = Forgot your password?
forgot-password = Forgot password
forgot-password-meaning = Tell us the address of your account, and we send a mail with which you can choose a new password.
reset-password = Choose a new password
reset-password-meaning = For the account of { $email }. All devices are logged out then.
done-verified = Your e-mail address is confirmed.
done-undone = Your former address is back, the old password does not work any more, and all devices are logged out. Choose a new password with the mail that we have sent you.
done-sent = If there is an account with this address, a mail is on its way to it. Follow its link, or type its code here.
done-reset = Your new password counts from now on. Log in with it.
error-not-verified = Confirm your e-mail address first: follow the link in the mail that we sent you.
error-attempts = { $count ->
    [one] There were too many attempts. Try again in a minute.
   *[other] There were too many attempts. Try again in { $count } minutes.
}
error-codes = Too many codes were tried for this account. Follow the link in the mail, or have another mail sent and type its code in a few minutes.
error-later = There were too many attempts. Try again later.
error-link-title = This link does not work
error-link = It was used already, a newer mail took its place, or it is too old.
error-no-mail = This service sends no mail. Ask the people who run { $service } for help.
