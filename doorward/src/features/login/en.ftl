# Pages.
no-account = No account yet?
login-attempt-question = Have a mail sent to you that lets you log in now.
login-attempt-meaning = With the link from the mail you can try once. Enter your password.
log-out-question = Log out?
log-out-meaning = You are logged in as { $email }.
done-logged-out = You are logged out.

# Letters. $service is the name of the service, $to the address of the reader.
mail-new-device-subject = New login to your account
mail-new-device-intro = There was a login to your account at { $service } on a device that we have not seen before.
mail-new-device-button = See my devices
mail-new-device-note = If it was you, there is nothing to do. If it was not, log that device out and choose a new password right away.
