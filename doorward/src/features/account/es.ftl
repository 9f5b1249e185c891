# Pages.
hello = Hola, { $name }
not-given = Sin indicar
change = Cambiar
confirm = Confirmar
download-button = Descargar
delete-button = Eliminar
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
delete-question = ¿Eliminar su cuenta?
delete-warning = La cuenta de { $email } y todo lo que le pertenece desaparecerán para siempre.
delete-for-good = Eliminar para siempre
done-deleted = Su cuenta está eliminada.

# Letters. $service is the name of the service, $to the address of the reader.
mail-account-deleted-subject = Su cuenta ha sido eliminada
mail-account-deleted-intro = Su cuenta de { $service } ha sido eliminada con todo lo que contenía. Este es el último mensaje sobre ella.
mail-account-deleted-note = Si no fue usted, alguien conocía su contraseña: cámbiela en todos los sitios donde la use.

apps = Aplicaciones
apps-meaning = Aplicaciones de otros sitios que pueden ver su cuenta
apps-button = Mostrar
