# Pages.
display-name-meaning = What we call you. Others may see it too.
save = Save
done-details = Your name and details are saved.
