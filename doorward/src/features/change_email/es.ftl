# Pages.
new-email = Nuevo correo electrónico
email-until-now = Su correo electrónico hasta ahora
change-email = Cambiar el correo electrónico
email-now = Ahora es { $email }.
done-email = Su correo electrónico ha cambiado.
done-confirm-email = Hemos enviado un mensaje a la nueva dirección. Contará en cuanto siga el enlace que contiene o escriba aquí su código.
confirm-email = Confirmar el nuevo correo electrónico
confirm-email-meaning = Un clic, y su cuenta tendrá esta dirección.
undo-email-change = Deshacer el cambio
undo-email-change-meaning = Su cuenta recupera su dirección anterior. Su contraseña deja de valer, se cierra la sesión en todos los dispositivos y le enviamos un correo para elegir una contraseña nueva.
done-undone = Su dirección anterior vuelve a valer, la contraseña antigua ya no vale y se ha cerrado la sesión en todos los dispositivos. Elija una contraseña nueva con el correo que le hemos enviado.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Confirme su nueva dirección de correo
mail-confirm-email-intro = Alguien, esperamos que usted, quiere usar la dirección { $to } para una cuenta de { $service }. Confirme, por favor, que es suya.
mail-confirm-email-button = Confirmar dirección nueva
mail-confirm-email-note = Si no fue usted, ignore este mensaje: sin su confirmación, la cuenta conserva su dirección.

mail-email-changed-subject = Su dirección de correo ha cambiado
mail-email-changed-intro = Su cuenta de { $service } tiene ahora la dirección { $new }. Los mensajes se enviarán allí.
mail-email-changed-button = Deshacer el cambio
mail-email-changed-note = Si fue usted, no tiene que hacer nada. Si no, deshaga el cambio: la contraseña dejará de valer y le enviaremos un correo para elegir una nueva.
