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
ways-in = 以下方式也能登录您的账户,或在输入密码后需要:
way-in-passkeys = { $count ->
   *[other] { $count } 个通行密钥,最近一个添加于 { $date }
}
way-in-totp = 一个身份验证器应用,添加于 { $date }
way-in-recovery-codes = { $count ->
   *[other] { $count } 个恢复码,生成于 { $date }
}
ways-in-remove = 设置密码并移除其他所有方式
ways-in-remove-meaning = 如果不是您添加的,请使用另一个按钮:它还会移除最近七天内添加的内容。
ways-in-kept = 它是七天以前添加的,因此会保留。您可以在登录后移除它。
done-reset-removed = 新密码已生效,其他登录方式已全部移除。请用新密码登录。
done-reset-left = 新密码已生效。您的第二步验证保持不变。请用两者登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-reset-password-subject = 设置新密码
mail-reset-password-intro = 有人（希望是您本人）请求为您在 { $service } 的账户设置新密码。
mail-reset-password-button = 设置新密码
mail-reset-password-note = 如果不是您本人操作，请忽略本邮件：不会发生任何变化，您的密码保持不变。
