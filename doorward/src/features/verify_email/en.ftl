# Pages.
done-verify-email = We have sent you a mail. Follow the link in it to go on.
verify-email = Confirm e-mail address
verify-email-meaning = One press, and we know that mail to this address reaches you.
done-verified = Your e-mail address is confirmed.

# Letters. $service is the name of the service, $to the address of the reader.
mail-verify-email-subject = Confirm your e-mail address
mail-verify-email-intro = Somebody, hopefully you, registered at { $service } with the address { $to }. Please confirm that it is yours.
mail-verify-email-button = Confirm address
mail-verify-email-note = If it was not you, ignore this message. Without your confirmation the address counts as unconfirmed.
