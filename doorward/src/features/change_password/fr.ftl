# Pages.
change-password = Changer de mot de passe
change-password-meaning = Vous restez connecté ici. Tous vos autres appareils seront déconnectés.
done-password = Votre mot de passe est changé, et tous les autres appareils sont déconnectés.

# Letters. $service is the name of the service, $to the address of the reader.
mail-password-changed-subject = Votre mot de passe a été modifié
mail-password-changed-intro = Le mot de passe de votre compte { $service } a été modifié. Tous les autres appareils ont été déconnectés.
mail-password-changed-button = Ce n’était pas moi
mail-password-changed-note = Si c’était vous, vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe.
