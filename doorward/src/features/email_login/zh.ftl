# Pages.
email-login = 用邮件登录
email-login-link = 给我发送链接
email-login-meaning = 请输入您账户的邮箱地址,我们会发送一封含有链接和验证码的邮件。两者都可以让您在此浏览器中登录。
login-code-meaning = 如果 { $email } 可用,邮件已在路上。请在此浏览器中打开其中的链接,或在这里输入验证码。
login-code-known-meaning = 我们还不认识这个浏览器。我们已向 { $email } 发送邮件:请在这里输入其中的验证码,或在此浏览器中打开链接。
login-link-meaning = 您即将以 { $email } 的身份登录。
login-link-elsewhere = 这次登录是在别处开始的:{ $place }。请回到那里输入此验证码:
login-link-warning = 如果不是您本人操作,请关闭此页面,不要把验证码告诉任何人。
wrong-login-code = 此验证码无效。请输入最新邮件中的验证码,或重新发送邮件。
done-login-code-again = 另一封邮件已在路上。之前邮件中的验证码和链接已失效。
done-login-code-wait = 刚刚已发送邮件。请等待半分钟后再请求另一封。
error-email-login-off-title = 邮件登录已关闭
error-email-login-off = { $service } 不发送登录邮件。
error-password-login-off-title = 这里没有密码
error-password-login-off = { $service } 不使用密码。请用邮件登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-log-in-subject = { $code } 是您在 { $service } 的验证码
mail-log-in-intro = 有人想登录您在 { $service } 的账户,来自:
mail-log-in-button = 登录
mail-log-in-note = 此链接只在请求它的浏览器中有效。{ $service } 的任何人都不会向您索要验证码。如果您没有请求此邮件,请忽略它:什么都不会发生。
mail-first-log-in-subject = { $code } 是您在 { $service } 的验证码
mail-first-log-in-intro = 有人想登录您在 { $service } 的账户,来源如下。这是此地址属于您的首次证明。因此之前设置的密码会被删除,所有设备都会退出登录。
mail-first-log-in-button = 登录
mail-first-log-in-note = 此链接只在请求它的浏览器中有效。{ $service } 的任何人都不会向您索要验证码。如果您没有请求此邮件,请忽略它:什么都不会发生。
mail-no-account-subject = { $service } 没有您的账户
mail-no-account-intro = 有人用此地址请求登录 { $service } 的邮件,来源如下。没有使用此地址的账户。
mail-no-account-button = 注册
mail-no-account-note = 您可能是用另一个地址注册的。如果不是您本人操作,请忽略此邮件。
mail-no-account-here-subject = { $service } 没有您的账户
mail-no-account-here-intro = 有人用此地址请求登录 { $service } 的邮件,来源如下。没有使用此地址的账户。
mail-no-account-here-note = 您可能有使用另一个地址的账户。如果不是您本人操作,请忽略此邮件。
mail-log-in-code-subject = { $code } 是您在 { $service } 的验证码
mail-log-in-code-intro = 有人输入了您在 { $service } 账户的正确密码,所用的浏览器我们以前没有见过:
mail-log-in-code-button = 登录
mail-log-in-code-note = { $service } 的任何人都不会向您索要验证码。如果不是您本人操作,说明有人知道您的密码:请立即设置新密码。
