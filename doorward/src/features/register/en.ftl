# Pages.
has-account = Already have an account?
error-registration-closed = New accounts are made by the people who run { $service }. Ask them for one.

# Letters. $service is the name of the service, $to the address of the reader.
mail-already-registered-subject = You have an account already
mail-already-registered-intro = Somebody tried to register at { $service } with the address { $to }. This address has an account already. If it was you, you can simply log in.
mail-already-registered-button = Log in
mail-already-registered-note = If it was not you, ignore this message. Nothing has changed, and nobody has learned from this that you have an account.

mail-finish-registration-subject = Finish your registration
mail-finish-registration-intro = Somebody registered at { $service } with the address { $to }. This address has an account already, but nobody has confirmed it. If it was you, choose a password. Then the account is yours alone, and anybody who used your address before is locked out.
mail-finish-registration-button = Choose a password
mail-finish-registration-note = If it was not you, ignore this message. Without you the address stays unconfirmed.
