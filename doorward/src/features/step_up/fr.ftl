# Pages.
step-up = Confirmez que c’est vous
step-up-why = La suite est particulièrement protégée. Prouvez encore une fois que vous êtes { $email }.
step-up-go-on = Continuer
step-up-nothing = Ce compte n’a ni mot de passe ni application d’authentification. Déconnectez-vous, puis reconnectez-vous.
