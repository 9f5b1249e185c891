# Pages.
new-email = Nouvelle adresse e-mail
email-until-now = Votre adresse e-mail jusqu’ici
change-email = Modifier l’adresse e-mail
email-now = Actuellement : { $email }.
done-email = Votre adresse e-mail est modifiée.
done-confirm-email = Nous avons envoyé un e-mail à la nouvelle adresse. Elle comptera dès que vous suivrez le lien qu’il contient ou que vous saisirez ici son code.
confirm-email = Confirmer la nouvelle adresse e-mail
confirm-email-meaning = Un clic, et votre compte a cette adresse.
undo-email-change = Annuler la modification
undo-email-change-meaning = Votre compte retrouve son ancienne adresse. Son mot de passe ne fonctionne plus, tous les appareils sont déconnectés, et nous vous envoyons un e-mail pour choisir un nouveau mot de passe.
done-undone = Votre ancienne adresse est rétablie, l’ancien mot de passe ne fonctionne plus et tous les appareils sont déconnectés. Choisissez un nouveau mot de passe avec l’e-mail que nous vous avons envoyé.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Confirmez votre nouvelle adresse e-mail
mail-confirm-email-intro = Quelqu’un, vous sans doute, souhaite utiliser l’adresse { $to } pour un compte { $service }. Merci de confirmer qu’elle est à vous.
mail-confirm-email-button = Confirmer la nouvelle adresse
mail-confirm-email-note = Si ce n’était pas vous, ignorez ce message : sans votre confirmation, le compte garde son adresse.

mail-email-changed-subject = Votre adresse e-mail a été modifiée
mail-email-changed-intro = Votre compte { $service } a désormais l’adresse { $new }. Les messages y seront envoyés.
mail-email-changed-button = Annuler la modification
mail-email-changed-note = Si c’était vous, vous n’avez rien à faire. Sinon, annulez la modification : le mot de passe ne fonctionnera plus, et nous vous enverrons un e-mail pour en choisir un nouveau.
