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
undo-email-change-meaning = Su cuenta recupera su dirección anterior. Su contraseña deja de valer, se cierra la sesión en todos los dispositivos y le enviamos un correo para elegir una contraseña nueva. Si alguien la ha usado entretanto con su nueva dirección, detenemos la cuenta y decidimos de quién es.
done-undone = Su dirección anterior vuelve a valer, la contraseña antigua ya no vale y se ha cerrado la sesión en todos los dispositivos. Elija una contraseña nueva con el correo que le hemos enviado.
end-undo = Bloquear direcciones anteriores
end-undo-meaning = Durante siete días después de un cambio, la dirección anterior puede recuperar la cuenta. Si la cuenta es solo suya, puede terminarlo aquí. Una dirección anterior que se usó más de una semana todavía podrá detener la cuenta.
end-undo-button = Terminarlo
done-undo-ended = Las direcciones anteriores ya no pueden recuperar su cuenta.
done-undo-kept = Las direcciones anteriores ya no pueden recuperar su cuenta. La que se usó más de una semana todavía puede detenerla durante unos días.
request-undo = Deshacer un cambio de dirección
request-undo-meaning = Díganos la dirección que tenía antes su cuenta y le enviaremos otra vez el correo con el que se deshace el cambio.
former-email = Correo electrónico anterior
done-undo-asked = Si todavía se puede deshacer un cambio de esta dirección, le llegará un correo. Siga el enlace que contiene.
done-frozen = Otra persona ha usado la cuenta con su nueva dirección. Por eso la hemos detenido: nadie puede iniciar sesión hasta que los responsables de este servicio decidan de quién es. Hemos escrito a las dos direcciones.

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = Confirme su nueva dirección de correo
mail-confirm-email-intro = Alguien, esperamos que usted, quiere usar la dirección { $to } para una cuenta de { $service }. Confirme, por favor, que es suya.
mail-confirm-email-button = Confirmar dirección nueva
mail-confirm-email-note = Si no fue usted, ignore este mensaje: sin su confirmación, la cuenta conserva su dirección.

mail-email-changed-subject = Su dirección de correo ha cambiado
mail-email-changed-intro = Su cuenta de { $service } tiene ahora la dirección { $new }. Los mensajes se enviarán allí.
mail-email-changed-again = La dirección de su cuenta de { $service } se ha cambiado. Los mensajes ya no se envían a esta dirección.
mail-email-changed-button = Deshacer el cambio
mail-email-changed-note = Si fue usted, no tiene que hacer nada. Si no, deshaga el cambio: la contraseña dejará de valer y le enviaremos un correo para elegir una nueva. Hágalo pronto: en cuanto alguien haya elegido una contraseña por correo en la nueva dirección, el enlace solo detendrá la cuenta o ya no funcionará.

mail-account-frozen-subject = Su cuenta ha sido detenida
mail-account-frozen-intro = Dos direcciones reclaman su cuenta de { $service }: la anterior ha deshecho un cambio, pero la nueva estaba en uso. Ahora nadie puede iniciar sesión y la contraseña ya no vale.
mail-account-frozen-note = Escriba a los responsables de { $service }. Ellos deciden de quién es la cuenta. Las respuestas a este mensaje no se leen.
