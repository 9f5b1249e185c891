log-in = Iniciar sesión
log-out = Cerrar sesión
register = Crear cuenta
account = Su cuenta
email = Correo electrónico
new-email = Nuevo correo electrónico
email-until-now = Su correo electrónico hasta ahora
password = Contraseña
current-password = Contraseña actual
new-password = Contraseña nueva
show-password = Mostrar la contraseña
change = Cambiar
confirm = Confirmar
download-button = Descargar
delete-button = Eliminar
cancel = Cancelar
languages = Idioma
failed = Error
no-account = ¿Aún no tiene cuenta?
has-account = ¿Ya tiene una cuenta?
registration-closed = Las cuentas nuevas las crean los responsables de { $service }. Pídales una.

password-hint = Al menos 8 caracteres. Unas cuantas palabras seguidas van bien; 15 caracteres o más es mejor.
password-again = Escriba de nuevo su contraseña para que sepamos que es usted.
strength-1 = Demasiado corta
strength-2 = Podría ser más larga
strength-3 = Buena
strength-4 = Muy buena

missing-email = Escriba su correo electrónico.
wrong-email = Escriba una dirección como ana@example.org.
email-taken = Ya hay una cuenta con esta dirección. Inicie sesión o use otra dirección.
missing-password = Escriba su contraseña.
wrong-password = Esta no es su contraseña actual.
short-password = Use al menos 8 caracteres.
long-password = Use como máximo 256 caracteres.
fault-email = Está hecha con su correo electrónico. Elija otra cosa.
fault-service = Está hecha con el nombre de este servicio. Elija otra cosa.
fault-common = Mucha gente usa esta contraseña. Elija una que no se le ocurriría a nadie más.
fault-breached = Esta contraseña se conoce por una filtración de datos. Elija otra y cámbiela dondequiera que la use.
fault-easy = Es demasiado fácil de adivinar. Use algo más largo y menos regular.

verified = Verificado
not-verified = Sin verificar
password-kept = Solo usted la conoce
devices = Dispositivos y sesiones
devices-meaning = Donde tiene la sesión iniciada. Cierre lo que no reconozca y cambie después su contraseña.
this-device = Este dispositivo
active-now = Activo ahora
last-used = Último uso:
since = inicio de sesión:
app-access = { $name } (aplicación)
on-system = { $browser } en { $system }
unknown-device = Dispositivo desconocido
log-out-others = { $count ->
    [one] Cerrar la sesión del otro dispositivo
   *[other] Cerrar la sesión de los otros { $count } dispositivos
}
data = Sus datos
download = Descargar mis datos
download-meaning = Su cuenta y sus sesiones, en un archivo JSON.
delete = Eliminar la cuenta
delete-meaning = Su cuenta y todo lo que le pertenece, para siempre.
back-to-account = Volver a su cuenta

change-email = Cambiar el correo electrónico
email-now = Ahora es { $email }.
change-password = Cambiar la contraseña
change-password-meaning = Aquí la sesión sigue abierta. Se cerrará en todos sus demás dispositivos.
delete-question = ¿Eliminar su cuenta?
delete-warning = La cuenta de { $email } y todo lo que le pertenece desaparecerán para siempre.
delete-for-good = Eliminar para siempre
log-out-question = ¿Cerrar la sesión?
log-out-meaning = Ha iniciado sesión como { $email }.

done-email = Su correo electrónico ha cambiado.
done-confirm-email = Hemos enviado un mensaje a la nueva dirección. Contará en cuanto siga el enlace que contiene o escriba aquí su código.
done-verify-email = Le hemos enviado un mensaje. Siga el enlace que contiene para continuar.
done-password = Su contraseña ha cambiado y se ha cerrado la sesión en los demás dispositivos.
done-session = Se ha cerrado la sesión en ese dispositivo.
done-sessions = Se ha cerrado la sesión en los demás dispositivos.
done-logged-out = Ha cerrado la sesión.
done-deleted = Su cuenta está eliminada.

error-wrong-credentials = El correo electrónico o la contraseña no son correctos.
error-wrong-or-unverified = La dirección de correo o la contraseña no es correcta, o la dirección aún no está confirmada. Si acaba de registrarse, mire su correo.
error-unavailable = Ahora mismo no es posible. Inténtelo de nuevo dentro de un momento.
error-not-found-title = Página no encontrada
error-not-found = No hay nada en esta dirección.
error-cross-site-title = Esto venía de otro sitio
error-cross-site = Por su seguridad, solo nuestras propias páginas pueden hacer esto. Abra la página e inténtelo de nuevo.
error-ambiguous-title = Demasiadas cookies
error-ambiguous = Su navegador ha enviado más de una sesión. Borre las cookies de este sitio e inténtelo de nuevo.
error-unavailable-title = Un momento
error-internal-title = Algo ha fallado
error-internal = Es un error nuestro. Inténtelo de nuevo y avise a los responsables de { $service } si vuelve a ocurrir.
error-other-title = No ha funcionado
error-other = Vuelva atrás e inténtelo de nuevo.
to-account = Ir a su cuenta

code = Código del correo
send-mail = Enviar un correo
send-again = Enviar otro correo
back-to-log-in = Volver al inicio de sesión
code-meaning = Siga el enlace del correo que le hemos enviado o escriba aquí su código.
code-works = Los códigos son válidos durante { $count } minutos. El enlace lo es por más tiempo.
missing-code = Escriba el código del correo.
wrong-code = Este código no funciona. Compruebe la dirección y el código, o pida otro correo.
verify-email = Confirmar el correo electrónico
verify-email-meaning = Un clic, y sabremos que el correo a esta dirección le llega.
confirm-email = Confirmar el nuevo correo electrónico
confirm-email-meaning = Un clic, y su cuenta tendrá esta dirección.
undo-email-change = Deshacer el cambio
undo-email-change-meaning = Su cuenta recupera su dirección anterior. Su contraseña deja de valer, se cierra la sesión en todos los dispositivos y le enviamos un correo para elegir una contraseña nueva.
forgot-password-question = ¿Ha olvidado su contraseña?
forgot-password = Contraseña olvidada
forgot-password-meaning = Díganos la dirección de su cuenta y enviaremos un correo para elegir una contraseña nueva.
reset-password = Elegir una contraseña nueva
reset-password-meaning = Para la cuenta de { $email }. Se cerrará la sesión en todos los dispositivos.
done-verified = Su correo electrónico está confirmado.
done-undone = Su dirección anterior vuelve a valer, la contraseña antigua ya no vale y se ha cerrado la sesión en todos los dispositivos. Elija una contraseña nueva con el correo que le hemos enviado.
done-sent = Si hay una cuenta con esta dirección, hay un correo en camino. Siga su enlace o escriba aquí su código.
done-reset = Su contraseña nueva vale desde ahora. Inicie sesión con ella.
error-not-verified = Confirme primero su correo electrónico: siga el enlace del correo que le hemos enviado.
error-attempts = { $count ->
    [one] Ha habido demasiados intentos. Inténtelo de nuevo dentro de un minuto.
   *[other] Ha habido demasiados intentos. Inténtelo de nuevo dentro de { $count } minutos.
}
error-codes = Se probaron demasiados códigos para esta cuenta. Siga el enlace del correo, o pida otro y escriba su código dentro de unos minutos.
error-later = Ha habido demasiados intentos. Inténtelo más tarde.
error-link-title = Este enlace no funciona
error-link = Ya se ha usado, un correo más reciente lo ha reemplazado o es demasiado antiguo.
error-no-mail = Este servicio no envía correo. Pida ayuda a los responsables de { $service }.
