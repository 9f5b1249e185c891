# Pages.
has-account = 已有账户？
error-registration-closed = 新账户由 { $service } 的管理者创建。请与他们联系。

# Letters. $service is the name of the service, $to the address of the reader.
mail-already-registered-subject = 您已有账户
mail-already-registered-intro = 有人（希望是您本人）尝试使用 { $to } 在 { $service } 注册。该地址已有账户，您可以直接登录。
mail-already-registered-button = 登录
mail-already-registered-note = 如果不是您本人操作，请忽略本邮件：没有任何变化，对方也无从得知您拥有账户。

mail-finish-registration-subject = 请完成注册
mail-finish-registration-intro = 有人（希望是您本人）使用 { $to } 在 { $service } 注册。该地址已有一个无人确认的账户。设置密码后，该账户将仅属于您：此前使用您地址的人将无法再登录。
mail-finish-registration-button = 设置密码
mail-finish-registration-note = 如果不是您本人操作，请忽略本邮件。未经您操作，该地址将保持未验证状态。
