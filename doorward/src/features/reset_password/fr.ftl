# Pages.
send-mail = Envoyer un e-mail
back-to-log-in = Retour à la connexion
forgot-password-question = Mot de passe oublié ?
forgot-password = Mot de passe oublié
forgot-password-meaning = Indiquez l’adresse de votre compte : nous envoyons un e-mail pour choisir un nouveau mot de passe.
reset-password = Choisir un nouveau mot de passe
reset-password-meaning = Pour le compte de { $email }. Tous les appareils seront alors déconnectés.
done-sent = S’il existe un compte avec cette adresse, un e-mail est en route. Suivez son lien, ou saisissez ici son code.
done-reset = Votre nouveau mot de passe est en vigueur. Connectez-vous avec lui.
ways-in = Ceci ouvre aussi votre compte, ou est demandé après le mot de passe :
way-in-passkeys = { $count ->
    [one] Une clé d’accès, ajoutée le { $date }
   *[other] { $count } clés d’accès, la plus récente ajoutée le { $date }
}
way-in-totp = Une application d’authentification, ajoutée le { $date }
way-in-recovery-codes = { $count ->
    [one] Un code de secours, créé le { $date }
   *[other] { $count } codes de secours, créés le { $date }
}
ways-in-remove = Choisir et supprimer tout le reste
ways-in-remove-meaning = Si vous ne l’avez pas ajouté, prenez l’autre bouton : il supprime aussi ce qui a été ajouté au cours des sept derniers jours.
ways-in-kept = Cela a été ajouté il y a plus de sept jours, et reste donc en place. Vous pourrez le supprimer après vous être connecté.
done-reset-removed = Votre nouveau mot de passe est en place, et tout le reste a été supprimé. Connectez-vous avec lui.
done-reset-left = Votre nouveau mot de passe est en place. Votre second facteur reste tel quel. Connectez-vous avec les deux.

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = Choisissez un nouveau mot de passe
mail-reset-password-intro = Quelqu’un, vous sans doute, a demandé un nouveau mot de passe pour votre compte { $service }.
mail-reset-password-button = Choisir un mot de passe
mail-reset-password-note = Si ce n’était pas vous, ignorez ce message : rien ne se passe et votre mot de passe reste le même.
