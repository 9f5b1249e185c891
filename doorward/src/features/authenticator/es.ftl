# Pages.
second-factor = Inicio de sesión en dos pasos
second-factor-meaning = Con una aplicación de autenticación en su teléfono, una contraseña robada no abre nada por sí sola: cada inicio de sesión necesita también un código de la aplicación.
second-factor-kept = Un código de una aplicación, además de la contraseña
second-factor-since = Cada inicio de sesión necesita un código de su aplicación de autenticación. La añadió el { $date }.
second-factor-add = Añadir una aplicación de autenticación
second-factor-scan = Escanee este código con su aplicación de autenticación.
second-factor-qr = Código QR para su aplicación de autenticación
second-factor-type = O escriba este secreto en la aplicación:
second-factor-open = La aplicación está en este dispositivo: abrirla
second-factor-confirm = Añadir la aplicación
second-factor-replace = Sustituirla por otra aplicación
second-factor-remove = Quitar la aplicación
done-second-factor = La aplicación está añadida. Desde ahora, cada inicio de sesión necesita uno de sus códigos.
done-second-factor-removed = La aplicación se ha quitado. Para iniciar sesión basta su contraseña.
otp-or-recovery-code = Código de su aplicación, o un código de recuperación
recovery-codes = Sus códigos de recuperación
recovery-codes-meaning = Imprima o anote estos códigos y guárdelos en un lugar seguro. Si pierde su teléfono, cada uno le deja entrar una vez. No podemos volver a mostrarlos.
recovery-codes-kept = Los he guardado
recovery-codes-download = Descargar como texto
recovery-codes-print = Imprimir
recovery-codes-keep = Guarde primero los códigos: no podemos mostrarlos otra vez.
recovery-codes-file = Códigos de recuperación de { $email } en { $service }, creados el { $date }. Cada uno sirve una vez.
recovery-codes-done = Listo
recovery-codes-renew = Crear códigos de recuperación nuevos
recovery-codes-left = { $count ->
    [0] No le queda ningún código de recuperación. Cree otros nuevos.
    [one] Le queda un código de recuperación. Cree otros nuevos.
   *[other] Le quedan { $count } códigos de recuperación.
}
error-second-factor-not-configured-title = El inicio de sesión en dos pasos está desactivado
error-second-factor-not-configured = Los responsables de { $service } no lo han configurado.
enroll = Un paso más
enroll-why = Para esta cuenta no basta una contraseña. Añada una aplicación de autenticación en su teléfono e iniciará sesión como { $email }.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-added-subject = Se añadió una aplicación de autenticación
mail-second-factor-added-intro = Se añadió una aplicación de autenticación a su cuenta de { $service }. Cada inicio de sesión necesita ahora uno de sus códigos.
mail-second-factor-added-button = No fui yo
mail-second-factor-added-note = Si fue usted, no tiene que hacer nada. Si no, elija enseguida una contraseña nueva y avise a los responsables de { $service }.
mail-second-factor-removed-subject = Se quitó su aplicación de autenticación
mail-second-factor-removed-intro = Se quitó la aplicación de autenticación de su cuenta de { $service }. Para iniciar sesión basta ahora su contraseña.
mail-second-factor-removed-button = No fui yo
mail-second-factor-removed-note = Si fue usted, no tiene que hacer nada. Si no, elija enseguida una contraseña nueva y vuelva a añadir una aplicación.
mail-recovery-codes-renewed-subject = Tiene códigos de recuperación nuevos
mail-recovery-codes-renewed-intro = Se crearon códigos de recuperación nuevos para su cuenta de { $service }. Los anteriores ya no sirven.
mail-recovery-codes-renewed-button = No fui yo
mail-recovery-codes-renewed-note = Si fue usted, no tiene que hacer nada. Si no, elija enseguida una contraseña nueva.
