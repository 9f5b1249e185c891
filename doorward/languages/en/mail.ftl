# The letters. $service is the name of the service, $to the address of the reader, $new the new address after a change.
mail-works-minutes = It works once, within { $count } minutes.
mail-works-hours = It works once, within { $count } hours.
mail-works-days = It works once, within { $count } days.
mail-code = Or type this code, within { $count } minutes, where you are asked for it
mail-copy = If the button does not work, copy this address into your browser:
mail-forgot = I have forgotten my password
mail-when = When
mail-device = With
mail-ip = IP address
mail-footer = { $service } sent this message to { $to } automatically. Answers to it are not read.

mail-verify-email-subject = Confirm your e-mail address
mail-verify-email-intro = Somebody, hopefully you, registered at { $service } with the address { $to }. Please confirm that it is yours.
mail-verify-email-button = Confirm address
mail-verify-email-note = If it was not you, ignore this message. Without your confirmation the address counts as unconfirmed.

mail-reset-password-subject = Choose a new password
mail-reset-password-intro = Somebody, hopefully you, asked for a new password for your account at { $service }.
mail-reset-password-button = Choose a new password
mail-reset-password-note = If it was not you, ignore this message: nothing happens, and your password stays as it is.

mail-already-registered-subject = You have an account already
mail-already-registered-intro = Somebody, hopefully you, tried to register at { $service } with the address { $to }. There is an account with it already, so you can simply log in.
mail-already-registered-button = Log in
mail-already-registered-note = If it was not you, ignore this message: nothing has changed, and whoever it was has not learned that you have an account.

mail-finish-registration-subject = Finish your registration
mail-finish-registration-intro = Somebody, hopefully you, registered at { $service } with the address { $to }. There is an account with it already that nobody has confirmed. Choose a password, and the account is yours alone: whoever used your address before is locked out.
mail-finish-registration-button = Choose a password
mail-finish-registration-note = If it was not you, ignore this message. Without you the address stays unconfirmed.

mail-confirm-email-subject = Confirm your new e-mail address
mail-confirm-email-intro = Somebody, hopefully you, wants to use the address { $to } for an account at { $service }. Please confirm that it is yours.
mail-confirm-email-button = Confirm new address
mail-confirm-email-note = If it was not you, ignore this message: without your confirmation the account keeps the address it has.

mail-email-changed-subject = Your e-mail address was changed
mail-email-changed-intro = Your account at { $service } now has the address { $new }. Messages go there from now on.
mail-email-changed-button = Take the change back
mail-email-changed-note = If it was you, there is nothing to do. If it was not, take the change back: the password stops working, and we send you a mail with which you choose a new one.

mail-password-changed-subject = Your password was changed
mail-password-changed-intro = The password of your account at { $service } was changed. All other devices were logged out.
mail-password-changed-button = It was not me
mail-password-changed-note = If it was you, there is nothing to do. If it was not, choose a new password right away.

mail-new-device-subject = New login to your account
mail-new-device-intro = Somebody, hopefully you, logged in to your account at { $service } on a device that we have not seen before.
mail-new-device-button = See my devices
mail-new-device-note = If it was you, there is nothing to do. If it was not, log that device out and choose a new password right away.

mail-account-deleted-subject = Your account was deleted
mail-account-deleted-intro = Your account at { $service } was deleted, with everything that belonged to it. This is the last message about it.
mail-account-deleted-note = If it was not you, somebody knew your password: change it wherever else you use it.
