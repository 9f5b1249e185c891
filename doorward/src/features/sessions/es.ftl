# Pages.
done-session = Se ha cerrado la sesión en ese dispositivo.
done-sessions = Se ha cerrado la sesión en los demás dispositivos.
