mail-works-minutes = Valable une seule fois, pendant { $count } minutes.
mail-works-hours = Valable une seule fois, pendant { $count } heures.
mail-works-days = Valable une seule fois, pendant { $count } jours.
mail-code = Ou saisissez ce code, dans les { $count } minutes, là où il vous est demandé
mail-copy = Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :
mail-forgot = J’ai oublié mon mot de passe
mail-when = Quand
mail-device = Avec
mail-ip = Adresse IP
mail-footer = { $service } a envoyé ce message automatiquement à { $to }. Les réponses ne sont pas lues.

mail-verify-email-subject = Confirmez votre adresse e-mail
mail-verify-email-intro = Quelqu’un, vous sans doute, s’est inscrit sur { $service } avec l’adresse { $to }. Merci de confirmer qu’elle est à vous.
mail-verify-email-button = Confirmer l’adresse
mail-verify-email-note = Si ce n’était pas vous, ignorez ce message. Sans votre confirmation, l’adresse reste non confirmée.

mail-reset-password-subject = Choisissez un nouveau mot de passe
mail-reset-password-intro = Quelqu’un, vous sans doute, a demandé un nouveau mot de passe pour votre compte { $service }.
mail-reset-password-button = Choisir un mot de passe
mail-reset-password-note = Si ce n’était pas vous, ignorez ce message : rien ne se passe et votre mot de passe reste le même.

mail-already-registered-subject = Vous avez déjà un compte
mail-already-registered-intro = Quelqu’un, vous sans doute, a voulu s’inscrire sur { $service } avec l’adresse { $to }. Un compte existe déjà avec cette adresse : il suffit de vous connecter.
mail-already-registered-button = Se connecter
mail-already-registered-note = Si ce n’était pas vous, ignorez ce message : rien n’a changé, et la personne n’a pas appris que vous avez un compte.

mail-finish-registration-subject = Terminez votre inscription
mail-finish-registration-intro = Quelqu’un, vous sans doute, s’est inscrit sur { $service } avec l’adresse { $to }. Un compte que personne n’a confirmé existe déjà avec elle. Choisissez un mot de passe et le compte n’est plus qu’à vous : quiconque a utilisé votre adresse auparavant n’y a plus accès.
mail-finish-registration-button = Choisir un mot de passe
mail-finish-registration-note = Si ce n’était pas vous, ignorez ce message. Sans vous, l’adresse reste non confirmée.

mail-confirm-email-subject = Confirmez votre nouvelle adresse e-mail
mail-confirm-email-intro = Quelqu’un, vous sans doute, souhaite utiliser l’adresse { $to } pour un compte { $service }. Merci de confirmer qu’elle est à vous.
mail-confirm-email-button = Confirmer la nouvelle adresse
mail-confirm-email-note = Si ce n’était pas vous, ignorez ce message : sans votre confirmation, le compte garde son adresse.

mail-email-changed-subject = Votre adresse e-mail a été modifiée
mail-email-changed-intro = Votre compte { $service } a désormais l’adresse { $new }. Les messages y seront envoyés.
mail-email-changed-button = Annuler la modification
mail-email-changed-note = Si c’était vous, vous n’avez rien à faire. Sinon, annulez la modification : le mot de passe ne fonctionnera plus, et nous vous enverrons un e-mail pour en choisir un nouveau.

mail-password-changed-subject = Votre mot de passe a été modifié
mail-password-changed-intro = Le mot de passe de votre compte { $service } a été modifié. Tous les autres appareils ont été déconnectés.
mail-password-changed-button = Ce n’était pas moi
mail-password-changed-note = Si c’était vous, vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe.

mail-new-device-subject = Nouvelle connexion à votre compte
mail-new-device-intro = Quelqu’un, vous sans doute, s’est connecté à votre compte { $service } sur un appareil que nous ne connaissons pas encore.
mail-new-device-button = Voir mes appareils
mail-new-device-note = Si c’était vous, vous n’avez rien à faire. Sinon, déconnectez cet appareil et choisissez tout de suite un nouveau mot de passe.

mail-account-deleted-subject = Votre compte a été supprimé
mail-account-deleted-intro = Votre compte { $service } a été supprimé avec tout ce qui s’y rattachait. Ceci est le dernier message à son sujet.
mail-account-deleted-note = Si ce n’était pas vous, quelqu’un connaissait votre mot de passe : changez-le partout où vous l’utilisez.
