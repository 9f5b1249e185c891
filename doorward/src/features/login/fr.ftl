# Pages.
no-account = Pas encore de compte ?
login-attempt-question = Faites-vous envoyer un e-mail qui vous permet de vous connecter maintenant.
login-attempt-meaning = Avec le lien de l’e-mail, vous avez un essai. Saisissez votre mot de passe.
log-out-question = Se déconnecter ?
log-out-meaning = Vous êtes connecté en tant que { $email }.
done-logged-out = Vous êtes déconnecté.

# Letters. $service is the name of the service, $to the address of the reader.
mail-new-device-subject = Nouvelle connexion à votre compte
mail-new-device-intro = Quelqu’un, vous sans doute, s’est connecté à votre compte { $service } sur un appareil que nous ne connaissons pas encore.
mail-new-device-button = Voir mes appareils
mail-new-device-note = Si c’était vous, vous n’avez rien à faire. Sinon, déconnectez cet appareil et choisissez tout de suite un nouveau mot de passe.
