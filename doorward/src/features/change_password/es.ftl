# Pages.
change-password = Cambiar la contraseña
change-password-meaning = Aquí la sesión sigue abierta. Se cerrará en todos sus demás dispositivos.
done-password = Su contraseña ha cambiado y se ha cerrado la sesión en los demás dispositivos.

# Letters. $service is the name of the service, $to the address of the reader.
mail-password-changed-subject = Su contraseña ha cambiado
mail-password-changed-intro = Se cambió la contraseña de su cuenta de { $service }. Se cerró la sesión en todos los demás dispositivos.
mail-password-changed-button = No fui yo
mail-password-changed-note = Si fue usted, no tiene que hacer nada. Si no, elija enseguida una contraseña nueva.
