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
undo-email-change-meaning = Your account gets its former address back. Its password stops working, and all devices are logged out. We send you a mail with which you choose a new password. If somebody has used it with its new address in the meantime, we stop the account instead, and decide whose it is.
done-undone = Your former address is back, the old password does not work any more, and all devices are logged out. Choose a new password with the mail that we have sent you.
end-undo = Stop former addresses
end-undo-meaning = For seven days after a change, the former address can take the account back. If the account is yours alone, you can end that here. A former address that was in use for more than a week can then still stop the account.
end-undo-button = End it
done-undo-ended = Former addresses cannot take your account back any more.
done-undo-kept = Former addresses cannot take your account back any more. One that was in use for more than a week can still stop the account for a few days.
request-undo = Take a change of address back
request-undo-meaning = Tell us the address that your account had before, and we send the mail once more with which you take the change back.
former-email = Former e-mail address
done-undo-asked = If a change of this address can still be taken back, a mail is on its way to it. Follow its link.
done-frozen = Somebody else has used the account with its new address. So we have stopped it: nobody can log in until the people who run this service have decided whose it is. We have written to both addresses.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Confirm your new e-mail address
mail-confirm-email-intro = Somebody wants to use the address { $to } for an account at { $service }. If it was you, please confirm that the address is yours.
mail-confirm-email-button = Confirm new address
mail-confirm-email-note = If it was not you, ignore this message: without your confirmation the account keeps the address it has.

mail-email-changed-subject = Your e-mail address was changed
mail-email-changed-intro = Your account at { $service } now has the address { $new }. Messages go there from now on.
mail-email-changed-again = The address of your account at { $service } was changed. Messages no longer go to this address.
mail-email-changed-button = Take the change back
mail-email-changed-note = If it was you, there is nothing to do. If it was not, take the change back: the password stops working, and we send you a mail with which you choose a new one. Do it soon: once somebody has chosen a password by mail at the new address, the link only stops the account, or does not work at all.

mail-account-frozen-subject = Your account was stopped
mail-account-frozen-intro = Two addresses claim your account at { $service }: its former address has taken a change of address back, but the new address was in use. Nobody can log in now, and the password does not work any more.
mail-account-frozen-note = Write to the people who run { $service }. They decide whose account it is. Answers to this message are not read.
