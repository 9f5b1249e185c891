# Pages.
login-attempt = Iniciar sesión con un correo
login-attempt-offer = Si se han probado demasiadas contraseñas para su cuenta, el inicio de sesión se rechaza durante un tiempo. Le enviamos un enlace con el que podrá iniciar sesión de todos modos con su contraseña.
login-attempt-send = Enviarme un enlace
done-login-attempt = Si hay una cuenta con esta dirección, le hemos enviado un correo. Siga su enlace e inicie sesión con su contraseña.

# Letters. $service is the name of the service, $to the address of the reader.
mail-login-attempt-subject = Inicio de sesión en su cuenta
mail-login-attempt-intro = Alguien pidió un enlace para iniciar sesión en su cuenta de { $service }. Con este enlace puede escribir su contraseña una vez, aunque otros hayan probado demasiadas.
mail-login-attempt-button = Escribir la contraseña
mail-login-attempt-note = Si no fue usted, ignore este mensaje: sin su contraseña, el enlace no abre nada.
