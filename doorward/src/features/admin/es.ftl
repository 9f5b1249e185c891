# Letters. $service is the name of the service, $to the address of the reader.
mail-new-administrator-subject = Su cuenta tiene ahora permisos de administrador
mail-new-administrator-intro = Su cuenta de { $service } ha recibido el rol de administrador.
mail-new-administrator-button = Abrir mi cuenta
mail-new-administrator-note = Si no lo esperaba, avise al equipo de { $service }.
