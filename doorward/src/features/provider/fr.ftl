# Pages.
provider-consent = Autoriser { $app } à voir votre compte ?
provider-consent-who = Vous êtes connecté en tant que { $email }. Cette application demande à :
provider-consent-leads = Ensuite, vous revenez à { $address }.
provider-consent-computer = C’est une application sur cet ordinateur. Ne l’autorisez que si vous venez de la lancer vous-même.
provider-allow = Autoriser
provider-deny = Ne pas autoriser
provider-scope-openid = Savoir que c’est vous
provider-scope-profile = Voir votre nom et votre adresse e-mail
provider-scope-email = Voir votre adresse e-mail
provider-scope-groups = Voir vos rôles ici
provider-scope-offline-access = Garder cet accès quand vous vous déconnectez ici, jusqu’à ce que vous y mettiez fin
provider-confirm = Confirmez que c’est vous
provider-confirm-why = { $app } vous demande de confirmer que vous êtes { $email }.
provider-onward = Un instant, vous êtes redirigé
provider-go-on = Continuer
provider-refused = Ce lien ne fonctionne pas
provider-refused-help = Retournez à l’application et réessayez. Si cela n’aide pas, prévenez les responsables de l’application.
provider-malformed = L’application a envoyé une demande illisible.
provider-unknown-app = L’application qui vous a amené ici n’est pas connue ici, ou ne peut plus être utilisée.
provider-unknown-address = L’application veut recevoir la réponse à une adresse qui n’est pas enregistrée ici. Vous n’y êtes donc pas redirigé.
provider-log-out = Se déconnecter ici ?
provider-log-out-who = Vous êtes connecté en tant que { $email }.
provider-apps = Applications autorisées
provider-apps-meaning = Ces applications peuvent voir votre compte. Si vous mettez fin à l’accès de l’une d’elles, elle ne peut plus rien lire ici. Vous pouvez rester connecté dans l’application elle-même.
provider-apps-none = Aucune application n’a accès.
provider-end = Mettre fin à l’accès
done-app = L’application n’a plus accès.

# Letters. $app is the name of the app, $service the name of the service, $to the address of the reader.
mail-token-reused-subject = { $app } a été déconnectée de votre compte
mail-token-reused-intro = Une ancienne clé de { $app } pour votre compte { $service } a été utilisée une deuxième fois. Il en existe peut-être une copie. Nous avons donc mis fin à cet accès de l’application.
mail-token-reused-button = Voir les applications autorisées
mail-token-reused-note = Avez-vous restauré une sauvegarde ou copié un appareil ? Dans ce cas, reconnectez-vous dans l’application. Sinon, vérifiez les appareils sur lesquels vous l’utilisez et, en cas de doute, choisissez un nouveau mot de passe.
mail-token-repeated-subject = { $app } a utilisé votre compte depuis un autre endroit
mail-token-repeated-intro = { $app } a de nouveau utilisé une ancienne clé pour votre compte { $service }, depuis un autre réseau et avec un autre programme. L’application garde son accès.
mail-token-repeated-button = Voir les applications autorisées
mail-token-repeated-note = Si vous utilisez cette application à cet endroit, vous n’avez rien à faire. Sinon, mettez fin à son accès.
