# Buttons, labels and headings that several pages have.
log-in = Se connecter
log-out = Se déconnecter
register = Créer un compte
account = Votre compte
email = Adresse e-mail
details = Nom et informations
display-name = Nom
password = Mot de passe
current-password = Mot de passe actuel
new-password = Nouveau mot de passe
show-password = Afficher le mot de passe
cancel = Annuler
yes = Oui
no = Non
languages = Langue
failed = Erreur
to-account = Aller à votre compte
send-again = Envoyer un autre e-mail

# Help with a password.
password-hint = Au moins { $count } caractères. Quelques mots à la suite conviennent bien ; 15 caractères ou plus, c’est mieux.
password-hint-long = Au moins { $count } caractères. Quelques mots à la suite conviennent bien.
password-again = Saisissez à nouveau votre mot de passe, afin que nous sachions que c’est bien vous.
strength-1 = Trop court
strength-2 = Pourrait être plus long
strength-3 = Bon
strength-4 = Très bon

# Faults of fields.
missing-email = Saisissez votre adresse e-mail.
wrong-email = Saisissez une adresse comme anne@example.org.
dots-email = Avant le @, un point figure au début, à la fin ou deux fois de suite. Une telle adresse ne peut pas être enregistrée ici.
invisible-email = L’adresse contient une espace ou un caractère invisible ({ $found }). Supprimez-le ou saisissez l’adresse à nouveau.
email-taken = Un compte existe déjà avec cette adresse. Connectez-vous ou utilisez une autre adresse.
missing-password = Saisissez votre mot de passe.
wrong-password = Ce n’est pas votre mot de passe actuel.
missing-field = Remplissez ce champ.
long-field = Utilisez au plus { $count } caractères.
no-number-field = Saisissez un nombre entier, au plus { $count }.
control-field = Utilisez des caractères simples sur une seule ligne.
optional = facultatif
short-password = Utilisez au moins { $count } caractères.
long-password = Utilisez 256 caractères au plus.
fault-email = Ce mot de passe est tiré de votre adresse e-mail. Choisissez autre chose.
fault-service = Ce mot de passe est tiré du nom de ce service. Choisissez autre chose.
fault-common = Beaucoup de gens utilisent ce mot de passe. Choisissez-en un auquel personne d’autre ne penserait.
fault-breached = Ce mot de passe figure dans une fuite de données. Choisissez-en un autre et changez-le partout où vous l’utilisez.
fault-easy = C’est trop facile à deviner. Choisissez quelque chose de plus long et de moins régulier.
missing-code = Saisissez le code reçu par e-mail.
wrong-code = Ce code ne fonctionne pas. Vérifiez l’adresse et le code, ou demandez un autre e-mail.

# The field for the answer to a question of the host, which is shown above it.
answer = Votre réponse

# The field for a code from a mail.
code = Code reçu par e-mail
code-meaning = Suivez le lien dans l’e-mail que nous vous avons envoyé, ou saisissez ici son code.
code-works = Les codes sont valables { $count } minutes. Le lien l’est plus longtemps.

# Alerts above a form.
alert-wrong-credentials = L’adresse e-mail ou le mot de passe est incorrect.
alert-wrong-or-unverified = L’adresse e-mail ou le mot de passe est incorrect, ou l’adresse n’est pas encore confirmée. Si vous venez de vous inscrire, consultez vos e-mails.
alert-not-verified = Confirmez d’abord votre adresse e-mail : suivez le lien dans l’e-mail que nous vous avons envoyé.
alert-refused = Cette tentative a été refusée. Réessayez plus tard, ou adressez-vous à l’exploitant.
alert-attempts = { $count ->
    [one] Il y a eu trop de tentatives. Réessayez dans une minute.
   *[other] Il y a eu trop de tentatives. Réessayez dans { $count } minutes.
}
alert-codes = Trop de codes ont été essayés pour ce compte. Suivez le lien dans l’e-mail, ou demandez un autre e-mail et saisissez son code dans quelques minutes.

# Error pages: a title and a text by the code of the error, or those of "other".
error-unavailable = Ce n’est pas possible pour le moment. Réessayez dans un instant.
error-not-found-title = Page introuvable
error-not-found = Il n’y a rien à cette adresse.
error-cross-site-title = Cela venait d’un autre site
error-cross-site = Pour votre sécurité, seules nos propres pages peuvent faire cela. Ouvrez la page et réessayez.
error-ambiguous-credentials-title = Trop de cookies
error-ambiguous-credentials = Votre navigateur a envoyé plus d’une session. Supprimez les cookies de ce site et réessayez.
error-unavailable-title = Un instant
error-internal-title = Une erreur est survenue
error-internal = C’est une erreur de notre part. Réessayez, et prévenez les responsables de { $service } si cela se reproduit.
error-other-title = Cela n’a pas fonctionné
error-other = Revenez en arrière et réessayez.
error-too-many-attempts = Il y a eu trop de tentatives. Réessayez plus tard.
error-invalid-link-title = Ce lien ne fonctionne pas
error-invalid-link = Il a déjà été utilisé, un e-mail plus récent l’a remplacé, ou il est trop ancien.
error-mail-not-configured = Ce service n’envoie pas d’e-mails. Demandez de l’aide aux responsables de { $service }.

# The page for a person who comes back from an app although they are logged in. The names of settings stay as they are.
onward = Vous êtes connecté
onward-again = Nous venons de vous diriger vers { $app }, et vous voici de nouveau ici.
onward-unseen = Si { $app } vous a renvoyé ici, l’application ne voit sans doute pas votre connexion. Si un nouvel essai ne suffit pas, prévenez ses responsables.
onward-go = Continuer vers { $app }
onward-developers = Pour les personnes qui développent { $app }
onward-next = Après la connexion, nous renvoyons à l’adresse indiquée dans « next », sans rien y ajouter. C’est le cookie de session de { $own } qui dit qui est connecté :
onward-same-host = Sur le même hôte, le serveur de l’application reçoit ce cookie. Il le transmet avec GET { $me } et apprend ainsi de qui vient une requête.
onward-same-site = Sur un autre hôte du même site, un script de la page peut appeler GET { $me } avec « credentials ». Pour cela, { $origin } doit figurer dans le réglage cors_origins. Le serveur de l’application ne reçoit pas le cookie.
onward-elsewhere = Sur un autre site, les navigateurs n’envoient jamais le cookie pour l’application. Elle utilise le flux « authorization code » d’OAuth. Elle trouve tout le nécessaire à { $issuer }/.well-known/openid-configuration.

# What all letters have. $service is the name of the service, $to the address of the reader.
mail-works-minutes = Valable une seule fois, pendant { $count } minutes.
mail-works-hours = Valable une seule fois, pendant { $count } heures.
mail-works-days = Valable une seule fois, pendant { $count } jours.
mail-code = Ou saisissez ce code, dans les { $count } minutes, là où il vous est demandé
mail-copy = Si le bouton ne fonctionne pas, copiez cette adresse dans votre navigateur :
mail-forgot = J’ai oublié mon mot de passe
mail-app = Application
mail-app-host = Chez
mail-app-scopes = Elle peut
mail-when = Quand
mail-device = Avec
mail-ip = Adresse IP
mail-earlier-device = Auparavant avec
mail-earlier-ip = Auparavant depuis l’adresse IP
mail-footer = { $service } a envoyé ce message automatiquement à { $to }. Les réponses ne sont pas lues.
