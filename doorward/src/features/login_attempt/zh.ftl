# Pages.
login-attempt = 通过邮件登录
login-attempt-offer = 如果有人对您的账户尝试了过多的密码，登录会被暂时拒绝。我们会向您发送一个链接，您可以凭此链接用密码登录。
login-attempt-send = 发送链接
done-login-attempt = 如果存在使用此地址的账户，邮件已在发送途中。请打开其中的链接，并用您的密码登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-login-attempt-subject = 登录您的账户
mail-login-attempt-intro = 有人请求了一个链接，用于登录您在 { $service } 的账户。即使他人尝试了过多的密码，您也可以凭此链接输入一次密码。
mail-login-attempt-button = 输入密码
mail-login-attempt-note = 如果不是您本人操作，请忽略此邮件：没有您的密码，该链接无法打开任何内容。
