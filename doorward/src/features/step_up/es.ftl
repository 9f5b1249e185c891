# Pages.
step-up = Confirme que es usted
step-up-why = Lo que sigue está especialmente protegido. Demuestre una vez más que usted es { $email }.
step-up-go-on = Continuar
step-up-nothing = Esta cuenta no tiene contraseña ni aplicación de autenticación. Cierre la sesión e iníciela de nuevo.
