# Pages.
second-factor = Two-step login
second-factor-meaning = With an authenticator app on your phone, a stolen password alone opens nothing: each login also needs a code from the app.
second-factor-kept = A code from an app, beside the password
second-factor-since = Each login needs a code from your authenticator app. You added it on { $date }.
second-factor-add = Add an authenticator app
second-factor-scan = Scan this code with your authenticator app.
second-factor-qr = QR code for your authenticator app
second-factor-type = Or type this secret into the app:
second-factor-open = The app is on this device: open it
second-factor-confirm = Add the app
second-factor-replace = Add another app in its place
second-factor-remove = Remove the app
done-second-factor = The app is added. From now on, each login needs a code from it.
done-second-factor-removed = The app is removed. A login needs only your password.
otp-or-recovery-code = Code from your app, or a recovery code
recovery-codes = Your recovery codes
recovery-codes-meaning = Print these codes or write them down, and keep them in a safe place. If you lose your phone, each lets you in once. We cannot show them again.
recovery-codes-kept = I have kept them
recovery-codes-download = Download as text
recovery-codes-print = Print
recovery-codes-keep = Keep the codes first: we cannot show them again.
recovery-codes-file = Recovery codes of { $email } at { $service }, made on { $date }. Each works once.
recovery-codes-done = Done
recovery-codes-renew = Make new recovery codes
recovery-codes-left = { $count ->
    [0] You have no recovery code left. Make new ones.
    [one] You have one recovery code left. Make new ones.
   *[other] You have { $count } recovery codes left.
}
error-second-factor-not-configured-title = Two-step login is switched off
error-second-factor-not-configured = The people who run { $service } have not set it up.
enroll = One more step
enroll-why = This account needs more than a password. Add an authenticator app on your phone, and you are logged in as { $email }.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-added-subject = An authenticator app was added
mail-second-factor-added-intro = An authenticator app was added to your account at { $service }. Each login now needs a code from it.
mail-second-factor-added-button = It was not me
mail-second-factor-added-note = If it was you, there is nothing to do. If it was not, choose a new password right away, and tell the people who run { $service }.
mail-second-factor-removed-subject = Your authenticator app was removed
mail-second-factor-removed-intro = The authenticator app was removed from your account at { $service }. A login now needs only your password.
mail-second-factor-removed-button = It was not me
mail-second-factor-removed-note = If it was you, there is nothing to do. If it was not, choose a new password right away, and add an app again.
mail-recovery-codes-renewed-subject = You have new recovery codes
mail-recovery-codes-renewed-intro = New recovery codes were made for your account at { $service }. The older ones do not work any more.
mail-recovery-codes-renewed-button = It was not me
mail-recovery-codes-renewed-note = If it was you, there is nothing to do. If it was not, choose a new password right away.
