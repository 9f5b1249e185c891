# Pages.
has-account = ¿Ya tiene una cuenta?
error-registration-closed = Las cuentas nuevas las crean los responsables de { $service }. Pídales una.

# Letters. $service is the name of the service, $to the address of the reader.
mail-already-registered-subject = Ya tiene una cuenta
mail-already-registered-intro = Alguien, esperamos que usted, intentó registrarse en { $service } con la dirección { $to }. Ya existe una cuenta con ella, así que basta con iniciar sesión.
mail-already-registered-button = Iniciar sesión
mail-already-registered-note = Si no fue usted, ignore este mensaje: nada ha cambiado, y quien lo intentó no ha sabido que usted tiene una cuenta.

mail-finish-registration-subject = Termine su registro
mail-finish-registration-intro = Alguien, esperamos que usted, se registró en { $service } con la dirección { $to }. Ya existe con ella una cuenta que nadie ha confirmado. Elija una contraseña y la cuenta será solo suya: quien haya usado antes su dirección pierde el acceso.
mail-finish-registration-button = Elegir contraseña
mail-finish-registration-note = Si no fue usted, ignore este mensaje. Sin usted, la dirección queda sin confirmar.
