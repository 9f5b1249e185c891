# Pages.
no-account = 还没有账户？
login-attempt-question = 给自己发送一封邮件，以便立即登录。
login-attempt-meaning = 您可以凭邮件中的链接尝试一次。请输入您的密码。
log-out-question = 要退出登录吗？
log-out-meaning = 您当前以 { $email } 登录。
done-logged-out = 您已退出登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-new-device-subject = 您的账户有新的登录
mail-new-device-intro = 有人（希望是您本人）在一台未曾使用过的设备上登录了您在 { $service } 的账户。
mail-new-device-button = 查看我的设备
mail-new-device-note = 如果是您本人操作，则无需处理。如果不是，请让该设备退出登录，并立即设置新密码。
