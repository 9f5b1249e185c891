# Pages.
no-account = ¿Aún no tiene cuenta?
login-attempt-question = Reciba un correo que le permite iniciar sesión ahora.
login-attempt-meaning = Con el enlace del correo tiene un intento. Escriba su contraseña.
log-out-question = ¿Cerrar la sesión?
log-out-meaning = Ha iniciado sesión como { $email }.
done-logged-out = Ha cerrado la sesión.

# Letters. $service is the name of the service, $to the address of the reader.
mail-new-device-subject = Nuevo inicio de sesión en su cuenta
mail-new-device-intro = Alguien, esperamos que usted, inició sesión en su cuenta de { $service } en un dispositivo que aún no conocíamos.
mail-new-device-button = Ver mis dispositivos
mail-new-device-note = Si fue usted, no tiene que hacer nada. Si no, cierre la sesión de ese dispositivo y elija enseguida una contraseña nueva.
