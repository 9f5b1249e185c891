# Pages.
second-factor = 两步登录
second-factor-meaning = 在手机上使用身份验证器应用后，仅凭被盗的密码无法登录：每次登录还需要应用中的验证码。
second-factor-kept = 除密码外，还需要应用中的验证码
second-factor-since = 每次登录都需要您的身份验证器应用中的验证码。添加于 { $date }。
second-factor-add = 添加身份验证器应用
second-factor-scan = 用您的身份验证器应用扫描此二维码。
second-factor-qr = 用于身份验证器应用的二维码
second-factor-type = 或者在应用中输入此密钥：
second-factor-open = 应用就在此设备上：打开它
second-factor-confirm = 添加应用
second-factor-replace = 换成另一个应用
second-factor-remove = 移除应用
done-second-factor = 应用已添加。从现在起，每次登录都需要其中的验证码。
done-second-factor-removed = 应用已移除。登录只需要您的密码。
otp-or-recovery-code = 应用中的验证码，或一个恢复码
recovery-codes = 您的恢复码
recovery-codes-meaning = 请打印或抄写这些恢复码，并妥善保管。如果您丢失手机，每个恢复码可让您登录一次。我们无法再次显示它们。
recovery-codes-kept = 我已保存好
recovery-codes-download = 下载为文本
recovery-codes-print = 打印
recovery-codes-keep = 请先保存恢复码:我们无法再次显示。
recovery-codes-file = { $email } 在 { $service } 的恢复码,生成于 { $date }。每个只能使用一次。
recovery-codes-done = 完成
recovery-codes-renew = 生成新的恢复码
recovery-codes-left = { $count ->
    [0] 您没有剩余的恢复码。请生成新的恢复码。
    [1] 您还剩一个恢复码。请生成新的恢复码。
   *[other] 您还剩 { $count } 个恢复码。
}
error-second-factor-not-configured-title = 两步登录已关闭
error-second-factor-not-configured = { $service } 的运营者尚未设置此功能。
enroll = 还差一步
enroll-why = 此账户仅凭密码还不够。请在手机上添加身份验证器应用，之后您将以 { $email } 登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-added-subject = 已添加身份验证器应用
mail-second-factor-added-intro = 您在 { $service } 的账户已添加身份验证器应用。现在每次登录都需要其中的验证码。
mail-second-factor-added-button = 不是我本人操作
mail-second-factor-added-note = 如果是您本人操作，则无需处理。如果不是，请立即设置新密码，并告知 { $service } 的运营者。
mail-second-factor-removed-subject = 您的身份验证器应用已移除
mail-second-factor-removed-intro = 您在 { $service } 的账户已移除身份验证器应用。现在登录只需要您的密码。
mail-second-factor-removed-button = 不是我本人操作
mail-second-factor-removed-note = 如果是您本人操作，则无需处理。如果不是，请立即设置新密码，并重新添加应用。
mail-recovery-codes-renewed-subject = 您有新的恢复码
mail-recovery-codes-renewed-intro = 已为您在 { $service } 的账户生成新的恢复码。旧的恢复码不再有效。
mail-recovery-codes-renewed-button = 不是我本人操作
mail-recovery-codes-renewed-note = 如果是您本人操作，则无需处理。如果不是，请立即设置新密码。
