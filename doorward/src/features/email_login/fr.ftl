# Pages.
email-login = Connexion par e-mail
email-login-link = M’envoyer un lien
email-login-meaning = Indiquez l’adresse de votre compte, et nous vous envoyons un e-mail avec un lien et un code. L’un ou l’autre vous connecte dans ce navigateur.
login-code-meaning = Si { $email } peut être utilisée, un e-mail est en route. Ouvrez son lien dans ce navigateur, ou saisissez son code ici.
login-code-known-meaning = Nous ne connaissons pas encore ce navigateur. Nous avons envoyé un e-mail à { $email } : saisissez son code ici, ou ouvrez son lien dans ce navigateur.
login-link-meaning = Vous allez vous connecter en tant que { $email }.
login-link-elsewhere = Cette connexion a été commencée ailleurs : { $place }. Retournez-y et saisissez ce code :
login-link-warning = Si ce n’était pas vous, fermez cette page et ne donnez le code à personne.
wrong-login-code = Ce code ne fonctionne pas. Saisissez le code du dernier e-mail, ou demandez-en un autre.
done-login-code-again = Un autre e-mail est en route. Les codes et les liens des e-mails précédents ne fonctionnent plus.
done-login-code-wait = Un e-mail vient d’être envoyé. Attendez une demi-minute avant d’en demander un autre.
error-email-login-off-title = La connexion par e-mail est désactivée
error-email-login-off = { $service } n’envoie pas d’e-mails de connexion.
error-password-login-off-title = Il n’y a pas de mots de passe ici
error-password-login-off = { $service } n’a pas de mots de passe. Connectez-vous par e-mail.

# Letters. $service is the name of the service, $to the address of the reader.
mail-log-in-subject = { $code } est votre code pour { $service }
mail-log-in-intro = Quelqu’un veut se connecter à votre compte chez { $service }, depuis :
mail-log-in-button = Se connecter
mail-log-in-note = Le lien ne fonctionne que dans le navigateur qui l’a demandé. Personne chez { $service } ne vous demandera jamais le code. Si vous n’avez pas demandé cet e-mail, ignorez-le : il ne se passe rien.
mail-first-log-in-subject = { $code } est votre code pour { $service }
mail-first-log-in-intro = Quelqu’un veut se connecter à votre compte chez { $service }, depuis l’endroit indiqué ci-dessous. C’est la première preuve que cette adresse est à vous. Un mot de passe défini auparavant est donc supprimé, et tous les appareils sont déconnectés.
mail-first-log-in-button = Se connecter
mail-first-log-in-note = Le lien ne fonctionne que dans le navigateur qui l’a demandé. Personne chez { $service } ne vous demandera jamais le code. Si vous n’avez pas demandé cet e-mail, ignorez-le : il ne se passe rien.
mail-no-account-subject = Aucun compte chez { $service }
mail-no-account-intro = Quelqu’un a demandé un e-mail pour se connecter à { $service } avec cette adresse, depuis l’endroit indiqué ci-dessous. Aucun compte n’a cette adresse.
mail-no-account-button = S’inscrire
mail-no-account-note = Vous vous êtes peut-être inscrit avec une autre adresse. Si ce n’était pas vous, ignorez ce message.
mail-no-account-here-subject = Aucun compte chez { $service }
mail-no-account-here-intro = Quelqu’un a demandé un e-mail pour se connecter à { $service } avec cette adresse, depuis l’endroit indiqué ci-dessous. Aucun compte n’a cette adresse.
mail-no-account-here-note = Vous avez peut-être un compte avec une autre adresse. Si ce n’était pas vous, ignorez ce message.
mail-log-in-code-subject = { $code } est votre code pour { $service }
mail-log-in-code-intro = Quelqu’un a saisi le bon mot de passe de votre compte chez { $service }, dans un navigateur que nous ne connaissons pas encore :
mail-log-in-code-button = Se connecter
mail-log-in-code-note = Personne chez { $service } ne vous demandera jamais le code. Si ce n’était pas vous, quelqu’un connaît votre mot de passe : choisissez-en un nouveau tout de suite.
