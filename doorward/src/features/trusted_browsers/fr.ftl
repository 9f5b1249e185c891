# Pages.
trusted-browsers = Navigateurs de confiance
trusted-browsers-kept = Navigateurs qui ne demandent pas de code
trusted-browsers-show = Afficher
trusted-browsers-meaning = Dans ces navigateurs, votre mot de passe suffit pendant un certain temps. Mettez-y fin pour tout navigateur que vous n’utilisez pas ou ne reconnaissez pas.
trusted-browsers-none = Vous ne faites confiance à aucun navigateur : chaque connexion demande un code.
trusted-until = de confiance jusqu’au
trusted-browser-end = Redemander un code
done-trusted-browser = Ce navigateur redemandera un code à la prochaine connexion.
