# Pages.
done-session = Cet appareil est déconnecté.
done-sessions = Tous les autres appareils sont déconnectés.
