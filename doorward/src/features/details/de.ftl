# Pages.
display-name-meaning = So nennen wir Sie. Auch andere können den Namen sehen.
save = Speichern
done-details = Ihr Name und Ihre Angaben sind gespeichert.
