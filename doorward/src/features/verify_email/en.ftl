# Pages.
done-verify-email = We have sent you a mail. Follow the link in it to go on.
verify-email = Confirm e-mail address
verify-email-meaning = Press the button to confirm that mail to this address reaches you.
done-verified = Your e-mail address is confirmed.

# Letters. $service is the name of the service, $to the address of the reader.
mail-verify-email-subject = Confirm your e-mail address
mail-verify-email-intro = Somebody registered at { $service } with the address { $to }. If it was you, please confirm that the address is yours.
mail-verify-email-button = Confirm address
mail-verify-email-note = If it was not you, ignore this message. Without your confirmation the address counts as unconfirmed.
