# Pages.
email-login = Iniciar sesión por correo
email-login-link = Enviarme un enlace
email-login-meaning = Díganos la dirección de su cuenta y le enviaremos un correo con un enlace y un código. Cualquiera de los dos inicia sesión en este navegador.
login-code-meaning = Si { $email } se puede usar, un correo va en camino. Abra su enlace en este navegador o escriba aquí su código.
login-code-known-meaning = Todavía no conocemos este navegador. Hemos enviado un correo a { $email }: escriba aquí su código o abra su enlace en este navegador.
login-link-meaning = Va a iniciar sesión como { $email }.
login-link-elsewhere = Este inicio de sesión se empezó en otro lugar: { $place }. Vuelva allí y escriba este código:
login-link-warning = Si no fue usted, cierre esta página y no dé el código a nadie.
wrong-login-code = Este código no funciona. Escriba el código del correo más reciente o pida otro.
done-login-code-again = Otro correo va en camino. Los códigos y enlaces de los correos anteriores ya no funcionan.
done-login-code-wait = Acabamos de enviar un correo. Espere medio minuto antes de pedir otro.
error-email-login-off-title = El inicio de sesión por correo está desactivado
error-email-login-off = { $service } no envía correos para iniciar sesión.
error-password-login-off-title = Aquí no hay contraseñas
error-password-login-off = { $service } no tiene contraseñas. Inicie sesión por correo.

# Letters. $service is the name of the service, $to the address of the reader.
mail-log-in-subject = { $code } es su código para { $service }
mail-log-in-intro = Alguien quiere iniciar sesión en su cuenta de { $service }, desde aquí:
mail-log-in-button = Iniciar sesión
mail-log-in-note = El enlace solo funciona en el navegador que lo pidió. Nadie de { $service } le pedirá nunca el código. Si no pidió este correo, ignórelo: no pasa nada.
mail-first-log-in-subject = { $code } es su código para { $service }
mail-first-log-in-intro = Alguien quiere iniciar sesión en su cuenta de { $service }, desde aquí. Es la primera prueba de que esta dirección es suya. Por eso se elimina una contraseña puesta antes y se cierra la sesión en todos los dispositivos.
mail-first-log-in-button = Iniciar sesión
mail-first-log-in-note = El enlace solo funciona en el navegador que lo pidió. Nadie de { $service } le pedirá nunca el código. Si no pidió este correo, ignórelo: no pasa nada.
mail-no-account-subject = No hay ninguna cuenta en { $service }
mail-no-account-intro = Alguien pidió un correo para iniciar sesión en { $service } con esta dirección, desde aquí. No hay ninguna cuenta con ella.
mail-no-account-button = Registrarse
mail-no-account-note = Tal vez se registró con otra dirección. Si no fue usted, ignore este mensaje.
mail-no-account-here-subject = No hay ninguna cuenta en { $service }
mail-no-account-here-intro = Alguien pidió un correo para iniciar sesión en { $service } con esta dirección, desde aquí. No hay ninguna cuenta con ella.
mail-no-account-here-note = Tal vez tiene una cuenta con otra dirección. Si no fue usted, ignore este mensaje.
mail-log-in-code-subject = { $code } es su código para { $service }
mail-log-in-code-intro = Alguien escribió la contraseña correcta de su cuenta de { $service } en un navegador que no habíamos visto antes:
mail-log-in-code-button = Iniciar sesión
mail-log-in-code-note = Nadie de { $service } le pedirá nunca el código. Si no fue usted, alguien conoce su contraseña: elija una nueva de inmediato.
