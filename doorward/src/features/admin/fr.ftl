# Letters. $service is the name of the service, $to the address of the reader.
mail-new-administrator-subject = Votre compte a maintenant les droits d’administrateur
mail-new-administrator-intro = Le rôle d’administrateur a été attribué à votre compte { $service }.
mail-new-administrator-button = Ouvrir mon compte
mail-new-administrator-note = Si vous ne vous y attendiez pas, signalez-le à l’équipe de { $service }.
