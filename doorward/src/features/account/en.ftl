# Pages.
hello = Hello, { $name }
not-given = Not given
change = Change
confirm = Confirm
download-button = Download
delete-button = Delete
verified = Verified
not-verified = Not verified
password-kept = Only you know it
devices = Devices and sessions
devices-meaning = You are logged in on these devices. If you do not recognise one, log it out and change your password.
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
delete-question = Delete your account?
delete-warning = The account of { $email } and everything that belongs to it will be gone for good.
delete-for-good = Delete for good
done-deleted = Your account is deleted.

# Letters. $service is the name of the service, $to the address of the reader.
mail-account-deleted-subject = Your account was deleted
mail-account-deleted-intro = Your account at { $service } was deleted, with everything that belonged to it. This is the last message about it.
mail-account-deleted-note = If it was not you, somebody knew your password: change it wherever else you use it.

apps = Apps
apps-meaning = Apps on other hosts that may see your account
apps-button = Show
