# Pages.
done-verify-email = Le hemos enviado un mensaje. Siga el enlace que contiene para continuar.
verify-email = Confirmar el correo electrónico
verify-email-meaning = Un clic, y sabremos que el correo a esta dirección le llega.
done-verified = Su correo electrónico está confirmado.

# Letters. $service is the name of the service, $to the address of the reader.
mail-verify-email-subject = Confirme su dirección de correo
mail-verify-email-intro = Alguien, esperamos que usted, se registró en { $service } con la dirección { $to }. Confirme, por favor, que es suya.
mail-verify-email-button = Confirmar dirección
mail-verify-email-note = Si no fue usted, ignore este mensaje. Sin su confirmación, la dirección queda sin confirmar.
