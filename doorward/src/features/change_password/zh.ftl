# Pages.
change-password = 更改密码
change-password-meaning = 您在这里保持登录，其他所有设备将退出登录。
done-password = 您的密码已更改，其他所有设备已退出登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-password-changed-subject = 您的密码已更改
mail-password-changed-intro = 您在 { $service } 的账户密码已更改，其他所有设备均已退出登录。
mail-password-changed-button = 不是我本人操作
mail-password-changed-note = 如果是您本人操作，则无需处理。如果不是，请立即设置新密码。
