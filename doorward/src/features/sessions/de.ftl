# Pages.
done-session = Das Gerät ist abgemeldet.
done-sessions = Alle anderen Geräte sind abgemeldet.
