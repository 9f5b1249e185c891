# Pages.
display-name-meaning = Así le llamamos. Otras personas también pueden verlo.
save = Guardar
done-details = Su nombre y sus datos están guardados.
