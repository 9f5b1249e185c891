# Letters. $service is the name of the service, $to the address of the reader.
mail-new-administrator-subject = Your account has administrator rights now
mail-new-administrator-intro = Your account at { $service } was given the role of an administrator.
mail-new-administrator-button = Open my account
mail-new-administrator-note = If you did not expect this, tell the people who run { $service }.
