# Pages.
display-name-meaning = C’est ainsi que nous vous appelons. D’autres personnes peuvent aussi le voir.
save = Enregistrer
done-details = Votre nom et vos informations sont enregistrés.
