# Buttons, labels and headings that several pages have.
log-in = Iniciar sesión
log-out = Cerrar sesión
register = Crear cuenta
account = Su cuenta
email = Correo electrónico
details = Nombre y datos
display-name = Nombre
password = Contraseña
current-password = Contraseña actual
new-password = Contraseña nueva
show-password = Mostrar la contraseña
cancel = Cancelar
yes = Sí
no = No
languages = Idioma
failed = Error
to-account = Ir a su cuenta
send-again = Enviar otro correo

# Help with a password.
password-hint = Al menos { $count } caracteres. Unas cuantas palabras seguidas van bien; 15 caracteres o más es mejor.
password-hint-long = Al menos { $count } caracteres. Unas cuantas palabras seguidas van bien.
password-again = Escriba de nuevo su contraseña para que sepamos que es usted.
strength-1 = Demasiado corta
strength-2 = Podría ser más larga
strength-3 = Buena
strength-4 = Muy buena

# Faults of fields.
missing-email = Escriba su correo electrónico.
wrong-email = Escriba una dirección como ana@example.org.
dots-email = Antes de la @ hay un punto al principio, al final o dos veces seguidas. Una dirección así no se puede registrar aquí.
invisible-email = Dentro de la dirección hay un espacio o un carácter invisible ({ $found }). Bórrelo o escriba la dirección de nuevo.
email-taken = Ya hay una cuenta con esta dirección. Inicie sesión o use otra dirección.
missing-password = Escriba su contraseña.
wrong-password = Esta no es su contraseña actual.
missing-field = Rellene este campo.
long-field = Use como máximo { $count } caracteres.
no-number-field = Escriba un número entero, como máximo { $count }.
control-field = Use caracteres sencillos en una sola línea.
optional = opcional
short-password = Use al menos { $count } caracteres.
long-password = Use como máximo 256 caracteres.
fault-email = Está hecha con su correo electrónico. Elija otra cosa.
fault-service = Está hecha con el nombre de este servicio. Elija otra cosa.
fault-common = Mucha gente usa esta contraseña. Elija una que no se le ocurriría a nadie más.
fault-breached = Esta contraseña se conoce por una filtración de datos. Elija otra y cámbiela dondequiera que la use.
fault-easy = Es demasiado fácil de adivinar. Use algo más largo y menos regular.
missing-code = Escriba el código del correo.
wrong-code = Este código no funciona. Compruebe la dirección y el código, o pida otro correo.

# The field for the answer to a question of the host, which is shown above it.
answer = Su respuesta

# The field for a code from a mail.
code = Código del correo
code-meaning = Siga el enlace del correo que le hemos enviado o escriba aquí su código.
code-works = Los códigos son válidos durante { $count } minutos. El enlace lo es por más tiempo.

# Alerts above a form.
alert-wrong-credentials = El correo electrónico o la contraseña no son correctos.
alert-wrong-or-unverified = La dirección de correo o la contraseña no es correcta, o la dirección aún no está confirmada. Si acaba de registrarse, mire su correo.
alert-not-verified = Confirme primero su correo electrónico: siga el enlace del correo que le hemos enviado.
alert-refused = Este intento se ha rechazado. Inténtelo más tarde o pregunte al operador.
alert-attempts = { $count ->
    [one] Ha habido demasiados intentos. Inténtelo de nuevo dentro de un minuto.
   *[other] Ha habido demasiados intentos. Inténtelo de nuevo dentro de { $count } minutos.
}
alert-codes = Se probaron demasiados códigos para esta cuenta. Siga el enlace del correo, o pida otro y escriba su código dentro de unos minutos.

# Error pages: a title and a text by the code of the error, or those of "other".
error-unavailable = Ahora mismo no es posible. Inténtelo de nuevo dentro de un momento.
error-not-found-title = Página no encontrada
error-not-found = No hay nada en esta dirección.
error-cross-site-title = Esto venía de otro sitio
error-cross-site = Por su seguridad, solo nuestras propias páginas pueden hacer esto. Abra la página e inténtelo de nuevo.
error-ambiguous-credentials-title = Demasiadas cookies
error-ambiguous-credentials = Su navegador ha enviado más de una sesión. Borre las cookies de este sitio e inténtelo de nuevo.
error-unavailable-title = Un momento
error-internal-title = Algo ha fallado
error-internal = Es un error nuestro. Inténtelo de nuevo y avise a los responsables de { $service } si vuelve a ocurrir.
error-other-title = No ha funcionado
error-other = Vuelva atrás e inténtelo de nuevo.
error-too-many-attempts = Ha habido demasiados intentos. Inténtelo más tarde.
error-invalid-link-title = Este enlace no funciona
error-invalid-link = Ya se ha usado, un correo más reciente lo ha reemplazado o es demasiado antiguo.
error-mail-not-configured = Este servicio no envía correo. Pida ayuda a los responsables de { $service }.

# The page for a person who comes back from an app although they are logged in. The names of settings stay as they are.
onward = Ha iniciado sesión
onward-again = Acabamos de llevarle a { $app } y ahora está aquí otra vez.
onward-unseen = Si { $app } le ha enviado de vuelta, probablemente la aplicación no puede ver su sesión. Si un nuevo intento no sirve, avise a sus responsables.
onward-go = Continuar a { $app }
onward-developers = Para quienes desarrollan { $app }
onward-next = Después de iniciar sesión, enviamos de vuelta a la dirección de «next» y no le añadimos nada. La cookie de sesión de { $own } dice de quién se trata:
onward-same-host = En el mismo host, el servidor de la aplicación recibe esta cookie. La reenvía con GET { $me } y así sabe de quién viene una petición.
onward-same-site = En otro host del mismo sitio, un script de la página puede consultar GET { $me } con «credentials». Para ello, { $origin } debe estar en el ajuste cors_origins. El servidor de la aplicación no recibe la cookie.
onward-elsewhere = En otro sitio, los navegadores nunca envían la cookie para la aplicación. Esta usa el flujo de código de autorización de OAuth. Encuentra todo lo necesario en { $issuer }/.well-known/openid-configuration.

# What all letters have. $service is the name of the service, $to the address of the reader.
mail-works-minutes = Funciona una sola vez, durante { $count } minutos.
mail-works-hours = Funciona una sola vez, durante { $count } horas.
mail-works-days = Funciona una sola vez, durante { $count } días.
mail-code = O escriba este código, antes de { $count } minutos, donde se le pida
mail-copy = Si el botón no funciona, copie esta dirección en su navegador:
mail-forgot = He olvidado mi contraseña
mail-app = Aplicación
mail-app-host = En
mail-app-scopes = Puede
mail-when = Cuándo
mail-device = Con
mail-ip = Dirección IP
mail-earlier-device = Antes con
mail-earlier-ip = Antes desde la dirección IP
mail-footer = { $service } envió este mensaje automáticamente a { $to }. Las respuestas no se leen.
