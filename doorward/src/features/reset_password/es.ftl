# Pages.
send-mail = Enviar un correo
back-to-log-in = Volver al inicio de sesión
forgot-password-question = ¿Ha olvidado su contraseña?
forgot-password = Contraseña olvidada
forgot-password-meaning = Díganos la dirección de su cuenta y enviaremos un correo para elegir una contraseña nueva.
reset-password = Elegir una contraseña nueva
reset-password-meaning = Para la cuenta de { $email }. Se cerrará la sesión en todos los dispositivos.
done-sent = Si hay una cuenta con esta dirección, hay un correo en camino. Siga su enlace o escriba aquí su código.
done-reset = Su contraseña nueva vale desde ahora. Inicie sesión con ella.

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = Elija una contraseña nueva
mail-reset-password-intro = Alguien, esperamos que usted, pidió una contraseña nueva para su cuenta de { $service }.
mail-reset-password-button = Elegir contraseña
mail-reset-password-note = Si no fue usted, ignore este mensaje: no pasa nada y su contraseña sigue siendo la misma.
