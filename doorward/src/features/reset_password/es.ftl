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
ways-in = Esto también abre su cuenta, o se pide después de la contraseña:
way-in-passkeys = { $count ->
    [one] Una llave de acceso, añadida el { $date }
   *[other] { $count } llaves de acceso, la más reciente añadida el { $date }
}
way-in-totp = Una aplicación de autenticación, añadida el { $date }
way-in-recovery-codes = { $count ->
    [one] Un código de recuperación, creado el { $date }
   *[other] { $count } códigos de recuperación, creados el { $date }
}
ways-in-remove = Elegirla y quitar todo lo demás
ways-in-remove-meaning = Si no lo añadió usted, use el otro botón: también quita lo que se añadió en los últimos siete días.
ways-in-kept = Se añadió hace más de siete días, así que se queda. Puede quitarlo después de iniciar sesión.
done-reset-removed = Su contraseña nueva ya vale, y todo lo demás que abría la cuenta se ha quitado. Inicie sesión con ella.
done-reset-left = Su contraseña nueva ya vale. Su segundo factor sigue igual. Inicie sesión con ambos.

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = Elija una contraseña nueva
mail-reset-password-intro = Alguien, esperamos que usted, pidió una contraseña nueva para su cuenta de { $service }.
mail-reset-password-button = Elegir contraseña
mail-reset-password-note = Si no fue usted, ignore este mensaje: no pasa nada y su contraseña sigue siendo la misma.
