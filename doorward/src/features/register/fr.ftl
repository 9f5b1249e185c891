# Pages.
has-account = Vous avez déjà un compte ?
error-registration-closed = Les nouveaux comptes sont créés par les responsables de { $service }. Adressez-vous à eux.

# Letters. $service is the name of the service, $to the address of the reader.
mail-already-registered-subject = Vous avez déjà un compte
mail-already-registered-intro = Quelqu’un, vous sans doute, a voulu s’inscrire sur { $service } avec l’adresse { $to }. Un compte existe déjà avec cette adresse : il suffit de vous connecter.
mail-already-registered-button = Se connecter
mail-already-registered-note = Si ce n’était pas vous, ignorez ce message : rien n’a changé, et la personne n’a pas appris que vous avez un compte.

mail-finish-registration-subject = Terminez votre inscription
mail-finish-registration-intro = Quelqu’un, vous sans doute, s’est inscrit sur { $service } avec l’adresse { $to }. Un compte que personne n’a confirmé existe déjà avec elle. Choisissez un mot de passe et le compte n’est plus qu’à vous : quiconque a utilisé votre adresse auparavant n’y a plus accès.
mail-finish-registration-button = Choisir un mot de passe
mail-finish-registration-note = Si ce n’était pas vous, ignorez ce message. Sans vous, l’adresse reste non confirmée.
