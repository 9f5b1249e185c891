# Pages.
login-attempt = Se connecter avec un e-mail
login-attempt-offer = Si trop de mots de passe ont été essayés pour votre compte, la connexion est refusée pendant un moment. Nous vous envoyons un lien avec lequel vous pourrez tout de même vous connecter avec votre mot de passe.
login-attempt-send = M’envoyer un lien
done-login-attempt = S’il existe un compte avec cette adresse, un e-mail est en route. Suivez son lien et connectez-vous avec votre mot de passe.

# Letters. $service is the name of the service, $to the address of the reader.
mail-login-attempt-subject = Connexion à votre compte
mail-login-attempt-intro = Quelqu’un a demandé un lien pour se connecter à votre compte { $service }. Avec ce lien, vous pouvez saisir votre mot de passe une fois, même si d’autres en ont essayé trop.
mail-login-attempt-button = Saisir le mot de passe
mail-login-attempt-note = Si ce n’était pas vous, ignorez ce message : sans votre mot de passe, le lien n’ouvre rien.
