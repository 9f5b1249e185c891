# Pages.
hello = Bonjour, { $name }
not-given = Non renseigné
change = Modifier
confirm = Confirmer
download-button = Télécharger
delete-button = Supprimer
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
delete-question = Supprimer votre compte ?
delete-warning = Le compte de { $email } et tout ce qui en dépend disparaîtront définitivement.
delete-for-good = Supprimer définitivement
done-deleted = Votre compte est supprimé.

# Letters. $service is the name of the service, $to the address of the reader.
mail-account-deleted-subject = Votre compte a été supprimé
mail-account-deleted-intro = Votre compte { $service } a été supprimé avec tout ce qui s’y rattachait. Ceci est le dernier message à son sujet.
mail-account-deleted-note = Si ce n’était pas vous, quelqu’un connaissait votre mot de passe : changez-le partout où vous l’utilisez.

apps = Applications
apps-meaning = Les applications d’autres sites qui peuvent voir votre compte
apps-button = Afficher
