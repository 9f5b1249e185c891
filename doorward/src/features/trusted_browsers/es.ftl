# Pages.
trusted-browsers = Navegadores de confianza
trusted-browsers-kept = Navegadores que no piden código
trusted-browsers-show = Mostrar
trusted-browsers-meaning = En estos navegadores basta su contraseña durante un tiempo. Termínelo para cada navegador que no use o no reconozca.
trusted-browsers-none = No confía en ningún navegador: cada inicio de sesión pide un código.
trusted-until = de confianza hasta el
trusted-browser-end = Volver a pedir código
done-trusted-browser = Ese navegador volverá a pedir un código en el próximo inicio de sesión.
