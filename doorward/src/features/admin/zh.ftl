# Letters. $service is the name of the service, $to the address of the reader.
mail-new-administrator-subject = 您的账户现已拥有管理员权限
mail-new-administrator-intro = 您在 { $service } 的账户已被授予管理员角色。
mail-new-administrator-button = 打开我的账户
mail-new-administrator-note = 如果您对此并不知情，请告知 { $service } 的运营团队。
