mail-works-minutes = Funciona una sola vez, durante { $count } minutos.
mail-works-hours = Funciona una sola vez, durante { $count } horas.
mail-works-days = Funciona una sola vez, durante { $count } días.
mail-code = O escriba este código, antes de { $count } minutos, donde se le pida
mail-copy = Si el botón no funciona, copie esta dirección en su navegador:
mail-forgot = He olvidado mi contraseña
mail-when = Cuándo
mail-device = Con
mail-ip = Dirección IP
mail-footer = { $service } envió este mensaje automáticamente a { $to }. Las respuestas no se leen.

mail-verify-email-subject = Confirme su dirección de correo
mail-verify-email-intro = Alguien, esperamos que usted, se registró en { $service } con la dirección { $to }. Confirme, por favor, que es suya.
mail-verify-email-button = Confirmar dirección
mail-verify-email-note = Si no fue usted, ignore este mensaje. Sin su confirmación, la dirección queda sin confirmar.

mail-reset-password-subject = Elija una contraseña nueva
mail-reset-password-intro = Alguien, esperamos que usted, pidió una contraseña nueva para su cuenta de { $service }.
mail-reset-password-button = Elegir contraseña
mail-reset-password-note = Si no fue usted, ignore este mensaje: no pasa nada y su contraseña sigue siendo la misma.

mail-already-registered-subject = Ya tiene una cuenta
mail-already-registered-intro = Alguien, esperamos que usted, intentó registrarse en { $service } con la dirección { $to }. Ya existe una cuenta con ella, así que basta con iniciar sesión.
mail-already-registered-button = Iniciar sesión
mail-already-registered-note = Si no fue usted, ignore este mensaje: nada ha cambiado, y quien lo intentó no ha sabido que usted tiene una cuenta.

mail-finish-registration-subject = Termine su registro
mail-finish-registration-intro = Alguien, esperamos que usted, se registró en { $service } con la dirección { $to }. Ya existe con ella una cuenta que nadie ha confirmado. Elija una contraseña y la cuenta será solo suya: quien haya usado antes su dirección pierde el acceso.
mail-finish-registration-button = Elegir contraseña
mail-finish-registration-note = Si no fue usted, ignore este mensaje. Sin usted, la dirección queda sin confirmar.

mail-confirm-email-subject = Confirme su nueva dirección de correo
mail-confirm-email-intro = Alguien, esperamos que usted, quiere usar la dirección { $to } para una cuenta de { $service }. Confirme, por favor, que es suya.
mail-confirm-email-button = Confirmar dirección nueva
mail-confirm-email-note = Si no fue usted, ignore este mensaje: sin su confirmación, la cuenta conserva su dirección.

mail-email-changed-subject = Su dirección de correo ha cambiado
mail-email-changed-intro = Su cuenta de { $service } tiene ahora la dirección { $new }. Los mensajes se enviarán allí.
mail-email-changed-button = Deshacer el cambio
mail-email-changed-note = Si fue usted, no tiene que hacer nada. Si no, deshaga el cambio: la contraseña dejará de valer y le enviaremos un correo para elegir una nueva.

mail-password-changed-subject = Su contraseña ha cambiado
mail-password-changed-intro = Se cambió la contraseña de su cuenta de { $service }. Se cerró la sesión en todos los demás dispositivos.
mail-password-changed-button = No fui yo
mail-password-changed-note = Si fue usted, no tiene que hacer nada. Si no, elija enseguida una contraseña nueva.

mail-new-device-subject = Nuevo inicio de sesión en su cuenta
mail-new-device-intro = Alguien, esperamos que usted, inició sesión en su cuenta de { $service } en un dispositivo que aún no conocíamos.
mail-new-device-button = Ver mis dispositivos
mail-new-device-note = Si fue usted, no tiene que hacer nada. Si no, cierre la sesión de ese dispositivo y elija enseguida una contraseña nueva.

mail-account-deleted-subject = Su cuenta ha sido eliminada
mail-account-deleted-intro = Su cuenta de { $service } ha sido eliminada con todo lo que contenía. Este es el último mensaje sobre ella.
mail-account-deleted-note = Si no fue usted, alguien conocía su contraseña: cámbiela en todos los sitios donde la use.
