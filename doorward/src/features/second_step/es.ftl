# Pages.
second-step = Segundo paso
otp = Código de su aplicación
otp-meaning = Abra su aplicación de autenticación y escriba el código que muestra para esta cuenta.
otp-time = Aquí son las { $time } UTC. Si el reloj de su teléfono difiere en más de un minuto, ajústelo.
missing-otp = Escriba el código.
wrong-otp = Este código no sirve. Cada código sirve una sola vez: espere al siguiente.
recovery-code = Código de recuperación
recovery-code-meaning = Escriba uno de los códigos que guardó al añadir la aplicación. Cada uno sirve una vez.
wrong-recovery-code = Este código de recuperación no sirve. Cada uno sirve una sola vez.
use-recovery-code = Usar un código de recuperación
use-otp = Usar el código de la aplicación
trust-browser = No pedir un código en este navegador durante { $count ->
    [one] un día
   *[other] { $count } días
}
trust-browser-hours = No pedir un código en este navegador durante { $count ->
    [one] una hora
   *[other] { $count } horas
}
start-again = Empezar de nuevo
done-login-expired = Este inicio de sesión tardó demasiado, o hubo demasiados códigos erróneos. Inicie sesión de nuevo.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-guessed-subject = Puede que alguien conozca su contraseña
mail-second-factor-guessed-intro = Diez veces seguidas, alguien introdujo la contraseña correcta de su cuenta de { $service } y después un código erróneo.
mail-second-factor-guessed-button = Elegir una contraseña nueva
mail-second-factor-guessed-note = Si fue usted, compruebe el reloj de su teléfono. Si no, alguien conoce su contraseña: elija enseguida una nueva.
mail-second-factor-locked-subject = Su aplicación de autenticación está desactivada
mail-second-factor-locked-intro = Se introdujeron cien códigos erróneos seguidos para su cuenta de { $service }. Los códigos de la aplicación ya no sirven hasta que demuestre de otra forma quién es.
mail-second-factor-locked-button = Elegir una contraseña nueva
mail-second-factor-locked-note = Inicie sesión con un código de recuperación, o elija una contraseña nueva con este enlace: la aplicación volverá a funcionar.
mail-recovery-code-used-subject = Se usó un código de recuperación
mail-recovery-code-used-intro = Alguien inició sesión en su cuenta de { $service }, o cambió su protección, con uno de sus códigos de recuperación.
mail-recovery-code-used-button = Ver mis códigos de recuperación
mail-recovery-code-used-note = Si fue usted, no tiene que hacer nada. Si no, elija enseguida una contraseña nueva y cree códigos de recuperación nuevos.
