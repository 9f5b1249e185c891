# Pages.
second-step = Deuxième étape
otp = Code de votre application
otp-meaning = Ouvrez votre application d’authentification et saisissez le code qu’elle affiche pour ce compte.
otp-time = Il est ici { $time } UTC. Si l’horloge de votre téléphone diffère de plus d’une minute, réglez-la.
missing-otp = Saisissez le code.
wrong-otp = Ce code ne fonctionne pas. Chaque code ne sert qu’une fois : attendez le suivant.
recovery-code = Code de secours
recovery-code-meaning = Saisissez l’un des codes que vous avez conservés en ajoutant l’application. Chacun ne sert qu’une fois.
wrong-recovery-code = Ce code de secours ne fonctionne pas. Chacun ne sert qu’une fois.
use-recovery-code = Utiliser un code de secours
use-otp = Utiliser le code de l’application
trust-browser = Ne pas demander de code dans ce navigateur pendant { $count ->
    [one] un jour
   *[other] { $count } jours
}
trust-browser-hours = Ne pas demander de code dans ce navigateur pendant { $count ->
    [one] une heure
   *[other] { $count } heures
}
start-again = Recommencer
done-login-expired = Cette connexion a pris trop de temps, ou trop de codes étaient faux. Connectez-vous de nouveau.

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-guessed-subject = Quelqu’un connaît peut-être votre mot de passe
mail-second-factor-guessed-intro = Dix fois de suite, quelqu’un a saisi le bon mot de passe de votre compte { $service }, puis un code faux.
mail-second-factor-guessed-button = Choisir un nouveau mot de passe
mail-second-factor-guessed-note = Si c’était vous, vérifiez l’horloge de votre téléphone. Sinon, quelqu’un connaît votre mot de passe : choisissez-en tout de suite un nouveau.
mail-second-factor-locked-subject = Votre application d’authentification est désactivée
mail-second-factor-locked-intro = Cent codes faux de suite ont été saisis pour votre compte { $service }. Les codes de l’application ne fonctionnent plus tant que vous n’avez pas prouvé votre identité autrement.
mail-second-factor-locked-button = Choisir un nouveau mot de passe
mail-second-factor-locked-note = Connectez-vous avec un code de secours, ou choisissez un nouveau mot de passe avec ce lien : l’application fonctionnera de nouveau.
mail-recovery-code-used-subject = Un code de secours a été utilisé
mail-recovery-code-used-intro = Quelqu’un s’est connecté à votre compte { $service }, ou a modifié sa protection, avec l’un de vos codes de secours.
mail-recovery-code-used-button = Voir mes codes de secours
mail-recovery-code-used-note = Si c’était vous, vous n’avez rien à faire. Sinon, choisissez tout de suite un nouveau mot de passe et créez de nouveaux codes de secours.
