# Pages.
second-factor = Connexion en deux étapes
second-factor-meaning = Avec une application d’authentification sur votre téléphone, un mot de passe volé ne suffit plus : chaque connexion demande aussi un code de l’application.
second-factor-kept = Un code d’une application, en plus du mot de passe
second-factor-since = Chaque connexion demande un code de votre application d’authentification. Vous l’avez ajoutée le { $date }.
second-factor-add = Ajouter une application d’authentification
second-factor-scan = Scannez ce code avec votre application d’authentification.
second-factor-qr = Code QR pour votre application d’authentification
second-factor-type = Ou saisissez ce secret dans l’application :
second-factor-open = L’application est sur cet appareil : l’ouvrir
second-factor-confirm = Ajouter l’application
second-factor-replace = La remplacer par une autre application
second-factor-remove = Retirer l’application
done-second-factor = L’application est ajoutée. Désormais, chaque connexion demande un de ses codes.
done-second-factor-removed = L’application est retirée. Une connexion ne demande que votre mot de passe.
otp-or-recovery-code = Code de votre application, ou code de secours
recovery-codes = Vos codes de secours
recovery-codes-meaning = Imprimez ou notez ces codes, et gardez-les en lieu sûr. Si vous perdez votre téléphone, chacun vous laisse entrer une fois. Nous ne pourrons plus les afficher.
recovery-codes-kept = Je les ai conservés
recovery-codes-download = Télécharger en texte
recovery-codes-print = Imprimer
recovery-codes-keep = Conservez d’abord les codes : nous ne pouvons pas les montrer à nouveau.
recovery-codes-file = Codes de secours de { $email } chez { $service }, créés le { $date }. Chacun ne sert qu’une fois.
recovery-codes-done = Terminé
recovery-codes-renew = Créer de nouveaux codes de secours
recovery-codes-left = { $count ->
    [0] Il ne vous reste aucun code de secours. Créez-en de nouveaux.
    [1] Il vous reste un code de secours. Créez-en de nouveaux.
   *[other] Il vous reste { $count } codes de secours.
}
error-second-factor-not-configured-title = La connexion en deux étapes est désactivée
error-second-factor-not-configured = Les responsables de { $service } ne l’ont pas configurée.
enroll = Encore une étape
enroll-why = Pour ce compte, un mot de passe ne suffit pas. Ajoutez une application d’authentification sur votre téléphone, et vous serez connecté en tant que { $email }.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-added-subject = Une application d’authentification a été ajoutée
mail-second-factor-added-intro = Une application d’authentification a été ajoutée à votre compte { $service }. Chaque connexion demande maintenant un de ses codes.
mail-second-factor-added-button = Ce n’était pas moi
mail-second-factor-added-note = Si c’était vous, vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe et prévenez les responsables de { $service }.
mail-second-factor-removed-subject = Votre application d’authentification a été retirée
mail-second-factor-removed-intro = L’application d’authentification a été retirée de votre compte { $service }. Une connexion ne demande plus que votre mot de passe.
mail-second-factor-removed-button = Ce n’était pas moi
mail-second-factor-removed-note = Si c’était vous, vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe et ajoutez de nouveau une application.
mail-recovery-codes-renewed-subject = Vous avez de nouveaux codes de secours
mail-recovery-codes-renewed-intro = De nouveaux codes de secours ont été créés pour votre compte { $service }. Les anciens ne fonctionnent plus.
mail-recovery-codes-renewed-button = Ce n’était pas moi
mail-recovery-codes-renewed-note = Si c’était vous, vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe.
