# Pages.
send-mail = Send me a mail
back-to-log-in = Back to log in
forgot-password-question = Forgot your password?
forgot-password = Forgot password
forgot-password-meaning = Tell us the address of your account, and we send a mail with which you can choose a new password.
reset-password = Choose a new password
reset-password-meaning = The new password is for the account of { $email }. All devices will be logged out.
done-sent = If there is an account with this address, a mail is on its way to it. Follow its link, or type its code here.
done-reset = Your password is changed to the new one. Log in with it.
ways-in = This also logs in to your account, or is asked for after the password:
way-in-passkeys = { $count ->
    [one] One passkey, added on { $date }
   *[other] { $count } passkeys, the newest added on { $date }
}
way-in-totp = An authenticator app, added on { $date }
way-in-recovery-codes = { $count ->
    [one] One recovery code, made on { $date }
   *[other] { $count } recovery codes, made on { $date }
}
ways-in-remove = Choose it and remove all others
ways-in-remove-meaning = If you did not add it, choose the other button: it also removes what was added in the last seven days.
ways-in-kept = It was added more than seven days ago, so it stays. You can remove it after you have logged in.
done-reset-removed = Your password is changed to the new one, and all else that logged in was removed. Log in with it.
done-reset-left = Your password is changed to the new one. Your second factor stays as it is. Log in with both.

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = Choose a new password
mail-reset-password-intro = Somebody asked for a new password for your account at { $service }.
mail-reset-password-button = Choose a new password
mail-reset-password-note = If it was not you, ignore this message: nothing happens, and your password stays as it is.
