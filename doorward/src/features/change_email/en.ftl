# Pages.
new-email = New e-mail address
email-until-now = Your current e-mail address
change-email = Change e-mail address
email-now = Your current address is { $email }.
done-email = Your e-mail address is changed.
done-confirm-email = We have sent a mail to the new address. To use that address, follow the link in the mail, or type its code here.
confirm-email = Confirm new e-mail address
confirm-email-meaning = Press the button to use this address for your account.
undo-email-change = Take the change back
undo-email-change-meaning = Your account gets its former address back. Its password stops working, and all devices are logged out. We send you a mail with which you choose a new password.
done-undone = Your former address is back, the old password does not work any more, and all devices are logged out. Choose a new password with the mail that we have sent you.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Confirm your new e-mail address
mail-confirm-email-intro = Somebody wants to use the address { $to } for an account at { $service }. If it was you, please confirm that the address is yours.
mail-confirm-email-button = Confirm new address
mail-confirm-email-note = If it was not you, ignore this message: without your confirmation the account keeps the address it has.

mail-email-changed-subject = Your e-mail address was changed
mail-email-changed-intro = Your account at { $service } now has the address { $new }. Messages go there from now on.
mail-email-changed-button = Take the change back
mail-email-changed-note = If it was you, there is nothing to do. If it was not, take the change back: the password stops working, and we send you a mail with which you choose a new one.
