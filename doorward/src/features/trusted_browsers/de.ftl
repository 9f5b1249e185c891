# Pages.
trusted-browsers = Vertraute Browser
trusted-browsers-kept = Browser, die keinen Code verlangen
trusted-browsers-show = Anzeigen
trusted-browsers-meaning = In diesen Browsern genügt für eine Weile Ihr Passwort. Beenden Sie das für jeden Browser, den Sie nicht benutzen oder nicht kennen.
trusted-browsers-none = Sie vertrauen keinem Browser: Jede Anmeldung verlangt einen Code.
trusted-until = vertraut bis
trusted-browser-end = Wieder Code verlangen
done-trusted-browser = Dieser Browser verlangt bei der nächsten Anmeldung wieder einen Code.
