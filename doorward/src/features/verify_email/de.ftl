# Pages.
done-verify-email = Wir haben Ihnen eine E-Mail gesendet. Folgen Sie dem Link darin, um fortzufahren.
verify-email = E-Mail-Adresse bestätigen
verify-email-meaning = Ein Klick, und wir wissen, dass E-Mails an diese Adresse bei Ihnen ankommen.
done-verified = Ihre E-Mail-Adresse ist bestätigt.

# Letters. $service is the name of the service, $to the address of the reader.
mail-verify-email-subject = Bestätigen Sie Ihre E-Mail-Adresse
mail-verify-email-intro = Jemand, hoffentlich Sie, hat sich bei { $service } mit der Adresse { $to } registriert. Bitte bestätigen Sie, dass sie Ihnen gehört.
mail-verify-email-button = Adresse bestätigen
mail-verify-email-note = Wenn Sie das nicht waren, beachten Sie diese Nachricht nicht. Ohne Ihre Bestätigung gilt die Adresse als unbestätigt.
