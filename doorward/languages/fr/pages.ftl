log-in = Se connecter
log-out = Se déconnecter
register = Créer un compte
account = Votre compte
email = Adresse e-mail
new-email = Nouvelle adresse e-mail
email-until-now = Votre adresse e-mail jusqu’ici
password = Mot de passe
current-password = Mot de passe actuel
new-password = Nouveau mot de passe
show-password = Afficher le mot de passe
change = Modifier
confirm = Confirmer
download-button = Télécharger
delete-button = Supprimer
cancel = Annuler
languages = Langue
failed = Erreur
no-account = Pas encore de compte ?
has-account = Vous avez déjà un compte ?
registration-closed = Les nouveaux comptes sont créés par les responsables de { $service }. Adressez-vous à eux.

password-hint = Au moins 8 caractères. Quelques mots à la suite conviennent bien ; 15 caractères ou plus, c’est mieux.
password-again = Saisissez à nouveau votre mot de passe, afin que nous sachions que c’est bien vous.
strength-1 = Trop court
strength-2 = Pourrait être plus long
strength-3 = Bon
strength-4 = Très bon

missing-email = Saisissez votre adresse e-mail.
wrong-email = Saisissez une adresse comme anne@example.org.
email-taken = Un compte existe déjà avec cette adresse. Connectez-vous ou utilisez une autre adresse.
missing-password = Saisissez votre mot de passe.
wrong-password = Ce n’est pas votre mot de passe actuel.
short-password = Utilisez au moins 8 caractères.
long-password = Utilisez 256 caractères au plus.
fault-email = Ce mot de passe est tiré de votre adresse e-mail. Choisissez autre chose.
fault-service = Ce mot de passe est tiré du nom de ce service. Choisissez autre chose.
fault-common = Beaucoup de gens utilisent ce mot de passe. Choisissez-en un auquel personne d’autre ne penserait.
fault-breached = Ce mot de passe figure dans une fuite de données. Choisissez-en un autre et changez-le partout où vous l’utilisez.
fault-easy = C’est trop facile à deviner. Choisissez quelque chose de plus long et de moins régulier.

verified = Vérifiée
not-verified = Non vérifiée
password-kept = Connu de vous seul
devices = Appareils et sessions
devices-meaning = Là où vous êtes connecté. Mettez fin à ce que vous ne reconnaissez pas, puis changez de mot de passe.
this-device = Cet appareil
active-now = Actif en ce moment
last-used = Dernière utilisation :
since = connexion :
app-access = { $name } (application)
on-system = { $browser } sur { $system }
unknown-device = Appareil inconnu
log-out-others = { $count ->
    [one] Déconnecter l’autre appareil
   *[other] Déconnecter les { $count } autres appareils
}
data = Vos données
download = Télécharger mes données
download-meaning = Votre compte et vos sessions, dans un fichier JSON.
delete = Supprimer le compte
delete-meaning = Votre compte et tout ce qui en dépend, définitivement.
back-to-account = Retour à votre compte

change-email = Modifier l’adresse e-mail
email-now = Actuellement : { $email }.
change-password = Changer de mot de passe
change-password-meaning = Vous restez connecté ici. Tous vos autres appareils seront déconnectés.
delete-question = Supprimer votre compte ?
delete-warning = Le compte de { $email } et tout ce qui en dépend disparaîtront définitivement.
delete-for-good = Supprimer définitivement
log-out-question = Se déconnecter ?
log-out-meaning = Vous êtes connecté en tant que { $email }.

done-email = Votre adresse e-mail est modifiée.
done-confirm-email = Nous avons envoyé un e-mail à la nouvelle adresse. Elle comptera dès que vous suivrez le lien qu’il contient ou que vous saisirez ici son code.
done-verify-email = Nous vous avons envoyé un e-mail. Suivez le lien qu’il contient pour continuer.
done-password = Votre mot de passe est changé, et tous les autres appareils sont déconnectés.
done-session = Cet appareil est déconnecté.
done-sessions = Tous les autres appareils sont déconnectés.
done-logged-out = Vous êtes déconnecté.
done-deleted = Votre compte est supprimé.

error-wrong-credentials = L’adresse e-mail ou le mot de passe est incorrect.
error-wrong-or-unverified = L’adresse e-mail ou le mot de passe est incorrect, ou l’adresse n’est pas encore confirmée. Si vous venez de vous inscrire, consultez vos e-mails.
error-unavailable = Ce n’est pas possible pour le moment. Réessayez dans un instant.
error-not-found-title = Page introuvable
error-not-found = Il n’y a rien à cette adresse.
error-cross-site-title = Cela venait d’un autre site
error-cross-site = Pour votre sécurité, seules nos propres pages peuvent faire cela. Ouvrez la page et réessayez.
error-ambiguous-title = Trop de cookies
error-ambiguous = Votre navigateur a envoyé plus d’une session. Supprimez les cookies de ce site et réessayez.
error-unavailable-title = Un instant
error-internal-title = Une erreur est survenue
error-internal = C’est une erreur de notre part. Réessayez, et prévenez les responsables de { $service } si cela se reproduit.
error-other-title = Cela n’a pas fonctionné
error-other = Revenez en arrière et réessayez.
to-account = Aller à votre compte

code = Code reçu par e-mail
send-mail = Envoyer un e-mail
send-again = Envoyer un autre e-mail
back-to-log-in = Retour à la connexion
code-meaning = Suivez le lien dans l’e-mail que nous vous avons envoyé, ou saisissez ici son code.
code-works = Les codes sont valables { $count } minutes. Le lien l’est plus longtemps.
missing-code = Saisissez le code reçu par e-mail.
wrong-code = Ce code ne fonctionne pas. Vérifiez l’adresse et le code, ou demandez un autre e-mail.
verify-email = Confirmer l’adresse e-mail
verify-email-meaning = Un clic, et nous savons que vous recevez les e-mails envoyés à cette adresse.
confirm-email = Confirmer la nouvelle adresse e-mail
confirm-email-meaning = Un clic, et votre compte a cette adresse.
undo-email-change = Annuler la modification
undo-email-change-meaning = Votre compte retrouve son ancienne adresse. Son mot de passe ne fonctionne plus, tous les appareils sont déconnectés, et nous vous envoyons un e-mail pour choisir un nouveau mot de passe.
forgot-password-question = Mot de passe oublié ?
forgot-password = Mot de passe oublié
forgot-password-meaning = Indiquez l’adresse de votre compte : nous envoyons un e-mail pour choisir un nouveau mot de passe.
reset-password = Choisir un nouveau mot de passe
reset-password-meaning = Pour le compte de { $email }. Tous les appareils seront alors déconnectés.
done-verified = Votre adresse e-mail est confirmée.
done-undone = Votre ancienne adresse est rétablie, l’ancien mot de passe ne fonctionne plus et tous les appareils sont déconnectés. Choisissez un nouveau mot de passe avec l’e-mail que nous vous avons envoyé.
done-sent = S’il existe un compte avec cette adresse, un e-mail est en route. Suivez son lien, ou saisissez ici son code.
done-reset = Votre nouveau mot de passe est en vigueur. Connectez-vous avec lui.
error-not-verified = Confirmez d’abord votre adresse e-mail : suivez le lien dans l’e-mail que nous vous avons envoyé.
error-attempts = { $count ->
    [one] Il y a eu trop de tentatives. Réessayez dans une minute.
   *[other] Il y a eu trop de tentatives. Réessayez dans { $count } minutes.
}
error-codes = Trop de codes ont été essayés pour ce compte. Suivez le lien dans l’e-mail, ou demandez un autre e-mail et saisissez son code dans quelques minutes.
error-later = Il y a eu trop de tentatives. Réessayez plus tard.
error-link-title = Ce lien ne fonctionne pas
error-link = Il a déjà été utilisé, un e-mail plus récent l’a remplacé, ou il est trop ancien.
error-no-mail = Ce service n’envoie pas d’e-mails. Demandez de l’aide aux responsables de { $service }.
