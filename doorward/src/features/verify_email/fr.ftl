# Pages.
done-verify-email = Nous vous avons envoyé un e-mail. Suivez le lien qu’il contient pour continuer.
verify-email = Confirmer l’adresse e-mail
verify-email-meaning = Un clic, et nous savons que vous recevez les e-mails envoyés à cette adresse.
done-verified = Votre adresse e-mail est confirmée.

# Letters. $service is the name of the service, $to the address of the reader.
mail-verify-email-subject = Confirmez votre adresse e-mail
mail-verify-email-intro = Quelqu’un, vous sans doute, s’est inscrit sur { $service } avec l’adresse { $to }. Merci de confirmer qu’elle est à vous.
mail-verify-email-button = Confirmer l’adresse
mail-verify-email-note = Si ce n’était pas vous, ignorez ce message. Sans votre confirmation, l’adresse reste non confirmée.
