# Pages.
provider-consent = Allow { $app } to see your account?
provider-consent-who = You are logged in as { $email }. This app asks for:
provider-consent-leads = Afterwards you come back to { $address }.
provider-consent-computer = This is an app on this computer. Allow it only if you have just started it yourself.
provider-allow = Allow
provider-deny = Do not allow
provider-scope-openid = Know that it is you
provider-scope-profile = See your name and your e-mail address
provider-scope-email = See your e-mail address
provider-scope-groups = See your roles here
provider-scope-offline-access = Keep this access when you log out here, until you end it
provider-confirm = Confirm that it is you
provider-confirm-why = { $app } asks you to confirm that you are { $email }.
provider-onward = One moment, you are led on
provider-go-on = Go on
provider-refused = This link does not work
provider-refused-help = Go back to the app and try again. If that does not help, tell the people who run the app.
provider-malformed = The app sent a request that cannot be read.
provider-unknown-app = The app that led you here is not known here, or may not be used any more.
provider-unknown-address = The app wants to be answered at an address that is not registered here. So you are not led there.
provider-log-out = Log out here?
provider-log-out-who = You are logged in as { $email }.
provider-apps = Apps with access
provider-apps-meaning = These apps may see your account. If you end the access of one, it can read nothing here any more. You may stay logged in to the app itself.
provider-apps-none = No app has access.
provider-end = End access
done-app = The app has no access any more.

# Letters. $app is the name of the app, $service the name of the service, $to the address of the reader.
mail-token-reused-subject = { $app } was logged out of your account
mail-token-reused-intro = An old key of { $app } to your account at { $service } was used a second time. There may be a copy of it, so we have ended this access of the app.
mail-token-reused-button = See apps with access
mail-token-reused-note = Did you restore a backup or copy a device? Then log in to the app again. If not, check the devices on which you use this app, and choose a new password if you are not sure.
mail-token-repeated-subject = { $app } used your account from another place
mail-token-repeated-intro = { $app } used an old key to your account at { $service } again, from another network and with another program. It still has access.
mail-token-repeated-button = See apps with access
mail-token-repeated-note = If you use this app there, there is nothing to do. If not, end the access of the app.
