# Pages.
second-step = Second step
otp = Code from your app
otp-meaning = Open your authenticator app and type the code that it shows for this account.
otp-time = It is { $time } UTC here. If the clock of your phone differs by more than a minute, set it right.
missing-otp = Enter the code.
wrong-otp = This code does not work. Each code works once: wait for the next one.
recovery-code = Recovery code
recovery-code-meaning = Type one of the codes that you kept when you added the app. Each works once.
wrong-recovery-code = This recovery code does not work. Each works once.
use-recovery-code = Use a recovery code
use-otp = Use the code from the app
trust-browser = Do not ask for a code in this browser for { $count ->
    [one] one day
   *[other] { $count } days
}
trust-browser-hours = Do not ask for a code in this browser for { $count ->
    [one] one hour
   *[other] { $count } hours
}
start-again = Start again
done-login-expired = This login took too long, or too many codes were wrong. Log in again.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-guessed-subject = Somebody may know your password
mail-second-factor-guessed-intro = Ten times in a row, somebody entered the right password for your account at { $service } and then a wrong code.
mail-second-factor-guessed-button = Choose a new password
mail-second-factor-guessed-note = If it was you, check the clock of your phone. If it was not, somebody knows your password: choose a new one right away.
mail-second-factor-locked-subject = Your authenticator app is switched off
mail-second-factor-locked-intro = A hundred wrong codes in a row were entered for your account at { $service }. Codes from the app do not work any more until you prove who you are in another way.
mail-second-factor-locked-button = Choose a new password
mail-second-factor-locked-note = Log in with a recovery code, or choose a new password with this link: then the app works again.
mail-recovery-code-used-subject = A recovery code was used
mail-recovery-code-used-intro = Somebody logged in to your account at { $service }, or changed how it is protected, with one of your recovery codes.
mail-recovery-code-used-button = See my recovery codes
mail-recovery-code-used-note = If it was you, there is nothing to do. If it was not, choose a new password and make new recovery codes right away.
