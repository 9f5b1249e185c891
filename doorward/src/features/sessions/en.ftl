# Pages.
done-session = That device is logged out.
done-sessions = All other devices are logged out.
