# 页面。
provider-consent = 允许 { $app } 查看您的账户吗？
provider-consent-who = 您以 { $email } 的身份登录。此应用请求：
provider-consent-leads = 之后您将返回 { $address }。
provider-consent-computer = 这是此计算机上的应用。只有在您刚刚亲自启动它时才允许。
provider-allow = 允许
provider-deny = 不允许
provider-scope-openid = 知道是您本人
provider-scope-profile = 查看您的姓名和电子邮件地址
provider-scope-email = 查看您的电子邮件地址
provider-scope-groups = 查看您在此处的角色
provider-scope-offline-access = 在您退出登录后仍保留此访问，直到您将其终止
provider-confirm = 请确认是您本人
provider-confirm-why = { $app } 请您确认您是 { $email }。
provider-onward = 请稍候，正在为您跳转
provider-go-on = 继续
provider-refused = 此链接无效
provider-refused-help = 请返回应用重试。如果仍然不行，请告知应用的运营者。
provider-malformed = 应用发送了无法读取的请求。
provider-unknown-app = 引导您来到此处的应用在此未知，或已不能再使用。
provider-unknown-address = 应用希望在一个未在此登记的地址接收答复。因此不会将您带到那里。
provider-log-out = 要在此退出登录吗？
provider-log-out-who = 您以 { $email } 的身份登录。
provider-apps = 有访问权限的应用
provider-apps-meaning = 这些应用可以查看您的账户。如果您终止某个应用的访问，它将无法再读取这里的任何信息。您在该应用中可能仍保持登录。
provider-apps-none = 没有应用有访问权限。
provider-end = 终止访问
done-app = 该应用不再有访问权限。

# Letters. $app is the name of the app, $service the name of the service, $to the address of the reader.
mail-token-reused-subject = { $app } 已退出您的账户
mail-token-reused-intro = { $app } 访问您在 { $service } 的账户所用的一个旧密钥被再次使用。可能有人持有它的副本，因此我们已终止该应用的这次访问。
mail-token-reused-button = 查看有访问权限的应用
mail-token-reused-note = 如果您恢复过备份或复制过设备，请在该应用中重新登录。如果没有，请检查您使用该应用的设备；如有疑虑，请设置新密码。
mail-token-repeated-subject = { $app } 从另一个地点使用了您的账户
mail-token-repeated-intro = { $app } 从另一个网络、用另一个程序再次使用了访问您在 { $service } 的账户的旧密钥。该应用仍有访问权限。
mail-token-repeated-button = 查看有访问权限的应用
mail-token-repeated-note = 如果您在那里使用该应用，则无需处理。如果不是，请终止该应用的访问。
