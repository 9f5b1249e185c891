# Pages.
has-account = Already have an account?
error-registration-closed = New accounts are made by the people who run { $service }. Ask them for one.

# Letters. $service is the name of the service, $to the address of the reader.
mail-already-registered-subject = You have an account already
mail-already-registered-intro = Somebody, hopefully you, tried to register at { $service } with the address { $to }. There is an account with it already, so you can simply log in.
mail-already-registered-button = Log in
mail-already-registered-note = If it was not you, ignore this message: nothing has changed, and whoever it was has not learned that you have an account.

mail-finish-registration-subject = Finish your registration
mail-finish-registration-intro = Somebody, hopefully you, registered at { $service } with the address { $to }. There is an account with it already that nobody has confirmed. Choose a password, and the account is yours alone: whoever used your address before is locked out.
mail-finish-registration-button = Choose a password
mail-finish-registration-note = If it was not you, ignore this message. Without you the address stays unconfirmed.
