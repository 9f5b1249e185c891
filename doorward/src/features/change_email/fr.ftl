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
undo-email-change-meaning = Votre compte retrouve son ancienne adresse. Son mot de passe ne fonctionne plus, tous les appareils sont déconnectés, et nous vous envoyons un e-mail pour choisir un nouveau mot de passe. Si quelqu’un l’a utilisé entre-temps avec sa nouvelle adresse, nous suspendons le compte et décidons à qui il appartient.
done-undone = Votre ancienne adresse est rétablie, l’ancien mot de passe ne fonctionne plus et tous les appareils sont déconnectés. Choisissez un nouveau mot de passe avec l’e-mail que nous vous avons envoyé.
end-undo = Bloquer les anciennes adresses
end-undo-meaning = Pendant sept jours après une modification, l’ancienne adresse peut reprendre le compte. Si le compte n’appartient qu’à vous, vous pouvez y mettre fin ici. Une ancienne adresse utilisée pendant plus d’une semaine pourra encore suspendre le compte.
end-undo-button = Y mettre fin
done-undo-ended = Les anciennes adresses ne peuvent plus reprendre votre compte.
done-undo-kept = Les anciennes adresses ne peuvent plus reprendre votre compte. Celle qui a été utilisée pendant plus d’une semaine peut encore le suspendre pendant quelques jours.
request-undo = Annuler un changement d’adresse
request-undo-meaning = Indiquez l’adresse que votre compte avait auparavant : nous renverrons l’e-mail qui permet d’annuler la modification.
former-email = Ancienne adresse e-mail
done-undo-asked = Si un changement de cette adresse peut encore être annulé, un e-mail lui est envoyé. Suivez le lien qu’il contient.
done-frozen = Quelqu’un d’autre a utilisé le compte avec sa nouvelle adresse. Nous l’avons donc suspendu : personne ne peut se connecter tant que les responsables de ce service n’ont pas décidé à qui il appartient. Nous avons écrit aux deux adresses.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Confirmez votre nouvelle adresse e-mail
mail-confirm-email-intro = Quelqu’un, vous sans doute, souhaite utiliser l’adresse { $to } pour un compte { $service }. Merci de confirmer qu’elle est à vous.
mail-confirm-email-button = Confirmer la nouvelle adresse
mail-confirm-email-note = Si ce n’était pas vous, ignorez ce message : sans votre confirmation, le compte garde son adresse.

mail-email-changed-subject = Votre adresse e-mail a été modifiée
mail-email-changed-intro = Votre compte { $service } a désormais l’adresse { $new }. Les messages y seront envoyés.
mail-email-changed-again = L’adresse de votre compte { $service } a été changée. Les messages ne sont plus envoyés à cette adresse.
mail-email-changed-button = Annuler la modification
mail-email-changed-note = Si c’était vous, vous n’avez rien à faire. Sinon, annulez la modification : le mot de passe ne fonctionnera plus, et nous vous enverrons un e-mail pour en choisir un nouveau. Faites-le vite : dès que quelqu’un a choisi un mot de passe par e-mail à la nouvelle adresse, le lien ne fait plus que suspendre le compte, ou ne fonctionne plus du tout.

mail-account-frozen-subject = Votre compte a été suspendu
mail-account-frozen-intro = Deux adresses revendiquent votre compte { $service } : l’ancienne adresse a annulé une modification, mais la nouvelle était utilisée. Plus personne ne peut se connecter, et le mot de passe ne fonctionne plus.
mail-account-frozen-note = Écrivez aux responsables de { $service }. Ils décident à qui appartient le compte. Les réponses à ce message ne sont pas lues.
