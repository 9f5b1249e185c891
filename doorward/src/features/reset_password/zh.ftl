# Pages.
send-mail = 发送邮件
back-to-log-in = 返回登录
forgot-password-question = 忘记密码？
forgot-password = 忘记密码
forgot-password-meaning = 请告诉我们您账户的地址，我们会发送一封用于设置新密码的邮件。
reset-password = 设置新密码
reset-password-meaning = 用于 { $email } 的账户。届时所有设备将退出登录。
done-sent = 如果此地址有账户，邮件已在发送途中。请点击其中的链接，或在此输入验证码。
done-reset = 新密码已生效。请用它登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = 设置新密码
mail-reset-password-intro = 有人（希望是您本人）请求为您在 { $service } 的账户设置新密码。
mail-reset-password-button = 设置新密码
mail-reset-password-note = 如果不是您本人操作，请忽略本邮件：不会发生任何变化，您的密码保持不变。
