# Páginas.
provider-consent = ¿Permitir que { $app } vea su cuenta?
provider-consent-who = Ha iniciado sesión como { $email }. Esta aplicación pide:
provider-consent-leads = Después volverá a { $address }.
provider-consent-computer = Es una aplicación de este ordenador. Permítalo solo si acaba de iniciarla usted.
provider-allow = Permitir
provider-deny = No permitir
provider-scope-openid = Saber que es usted
provider-scope-profile = Ver su nombre y su dirección de correo electrónico
provider-scope-email = Ver su dirección de correo electrónico
provider-scope-groups = Ver sus roles aquí
provider-scope-offline-access = Conservar este acceso cuando cierre sesión aquí, hasta que usted lo termine
provider-confirm = Confirme que es usted
provider-confirm-why = { $app } le pide que confirme que es { $email }.
provider-onward = Un momento, se le está redirigiendo
provider-go-on = Continuar
provider-refused = Este enlace no funciona
provider-refused-help = Vuelva a la aplicación e inténtelo de nuevo. Si no ayuda, avise a los responsables de la aplicación.
provider-malformed = La aplicación envió una solicitud que no se puede leer.
provider-unknown-app = La aplicación que le trajo aquí no se conoce aquí o ya no se puede usar.
provider-unknown-address = La aplicación quiere la respuesta en una dirección que no está registrada aquí. Por eso no se le lleva allí.
provider-log-out = ¿Cerrar la sesión aquí?
provider-log-out-who = Ha iniciado sesión como { $email }.
provider-apps = Aplicaciones con acceso
provider-apps-meaning = Estas aplicaciones pueden ver su cuenta. Si termina el acceso de una, ya no podrá leer nada aquí. En la propia aplicación, su sesión puede seguir abierta.
provider-apps-none = Ninguna aplicación tiene acceso.
provider-end = Terminar el acceso
done-app = La aplicación ya no tiene acceso.

# Letters. $app is the name of the app, $service the name of the service, $to the address of the reader.
mail-token-reused-subject = Se ha cerrado la sesión de { $app } en su cuenta
mail-token-reused-intro = Una clave antigua de { $app } para su cuenta de { $service } se ha usado por segunda vez. Es posible que exista una copia, así que hemos terminado este acceso de la aplicación.
mail-token-reused-button = Ver las aplicaciones con acceso
mail-token-reused-note = ¿Ha restaurado una copia de seguridad o ha clonado un dispositivo? Entonces vuelva a iniciar sesión en la aplicación. Si no, revise los dispositivos en los que la usa y, en caso de duda, elija una contraseña nueva.
mail-token-repeated-subject = { $app } ha usado su cuenta desde otro lugar
mail-token-repeated-intro = { $app } ha vuelto a usar una clave antigua para su cuenta de { $service }, desde otra red y con otro programa. La aplicación conserva el acceso.
mail-token-repeated-button = Ver las aplicaciones con acceso
mail-token-repeated-note = Si usa esta aplicación en ese lugar, no tiene que hacer nada. Si no, termine el acceso de la aplicación.
