# Pages.
step-up = Confirm that it is you
step-up-why = What comes next is well protected. So please prove once more that you are { $email }.
step-up-go-on = Go on
step-up-nothing = This account has no password and no authenticator app. Log out, and log in again.
