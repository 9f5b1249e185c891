# Pages.
change-password = Change password
change-password-meaning = You stay logged in here. All your other devices are logged out.
done-password = Your password is changed, and all other devices are logged out.

# Letters. $service is the name of the service, $to the address of the reader.
mail-password-changed-subject = Your password was changed
mail-password-changed-intro = The password of your account at { $service } was changed. All other devices were logged out.
mail-password-changed-button = It was not me
mail-password-changed-note = If it was you, there is nothing to do. If it was not, choose a new password right away.
