mail-works-minutes = 仅可使用一次，{ $count } 分钟内有效。
mail-works-hours = 仅可使用一次，{ $count } 小时内有效。
mail-works-days = 仅可使用一次，{ $count } 天内有效。
mail-code = 或在 { $count } 分钟内于提示处输入此验证码
mail-copy = 如果按钮无法使用，请将以下网址复制到浏览器中：
mail-forgot = 我忘记了密码
mail-when = 时间
mail-device = 设备
mail-ip = IP 地址
mail-footer = 本邮件由 { $service } 自动发送至 { $to }，回复不会被阅读。

mail-verify-email-subject = 请确认您的邮箱地址
mail-verify-email-intro = 有人（希望是您本人）使用 { $to } 在 { $service } 注册。请确认这是您的邮箱地址。
mail-verify-email-button = 确认邮箱地址
mail-verify-email-note = 如果不是您本人操作，请忽略本邮件。未经您确认，该地址将保持未验证状态。

mail-reset-password-subject = 设置新密码
mail-reset-password-intro = 有人（希望是您本人）请求为您在 { $service } 的账户设置新密码。
mail-reset-password-button = 设置新密码
mail-reset-password-note = 如果不是您本人操作，请忽略本邮件：不会发生任何变化，您的密码保持不变。

mail-already-registered-subject = 您已有账户
mail-already-registered-intro = 有人（希望是您本人）尝试使用 { $to } 在 { $service } 注册。该地址已有账户，您可以直接登录。
mail-already-registered-button = 登录
mail-already-registered-note = 如果不是您本人操作，请忽略本邮件：没有任何变化，对方也无从得知您拥有账户。

mail-finish-registration-subject = 请完成注册
mail-finish-registration-intro = 有人（希望是您本人）使用 { $to } 在 { $service } 注册。该地址已有一个无人确认的账户。设置密码后，该账户将仅属于您：此前使用您地址的人将无法再登录。
mail-finish-registration-button = 设置密码
mail-finish-registration-note = 如果不是您本人操作，请忽略本邮件。未经您操作，该地址将保持未验证状态。

mail-confirm-email-subject = 请确认您的新邮箱地址
mail-confirm-email-intro = 有人（希望是您本人）想将 { $to } 用于 { $service } 的账户。请确认这是您的邮箱地址。
mail-confirm-email-button = 确认新地址
mail-confirm-email-note = 如果不是您本人操作，请忽略本邮件：未经您确认，账户将保留原有地址。

mail-email-changed-subject = 您的邮箱地址已更改
mail-email-changed-intro = 您在 { $service } 的账户现在使用地址 { $new }，今后的邮件将发送到该地址。
mail-email-changed-button = 撤销更改
mail-email-changed-note = 如果是您本人操作，则无需处理。如果不是，请撤销更改：密码随即失效，我们会向您发送一封用于设置新密码的邮件。

mail-password-changed-subject = 您的密码已更改
mail-password-changed-intro = 您在 { $service } 的账户密码已更改，其他所有设备均已退出登录。
mail-password-changed-button = 不是我本人操作
mail-password-changed-note = 如果是您本人操作，则无需处理。如果不是，请立即设置新密码。

mail-new-device-subject = 您的账户有新的登录
mail-new-device-intro = 有人（希望是您本人）在一台未曾使用过的设备上登录了您在 { $service } 的账户。
mail-new-device-button = 查看我的设备
mail-new-device-note = 如果是您本人操作，则无需处理。如果不是，请让该设备退出登录，并立即设置新密码。

mail-account-deleted-subject = 您的账户已删除
mail-account-deleted-intro = 您在 { $service } 的账户及其全部内容已被删除。这是与该账户有关的最后一封邮件。
mail-account-deleted-note = 如果不是您本人操作，说明有人知道您的密码：请在其他使用该密码的地方一并更改。
