# Buttons, labels and headings that several pages have.
log-in = 登录
log-out = 退出登录
register = 创建账户
account = 您的账户
email = 电子邮箱
details = 姓名和资料
display-name = 姓名
password = 密码
current-password = 当前密码
new-password = 新密码
show-password = 显示密码
cancel = 取消
yes = 是
no = 否
languages = 语言
failed = 错误
to-account = 前往您的账户
send-again = 重新发送邮件

# Help with a password.
password-hint = 至少 { $count } 个字符。连续几个词就很好；15 个字符或更多更佳。
password-hint-long = 至少 { $count } 个字符。连续几个词就很好。
password-again = 请再次输入密码，以便我们确认是您本人。
strength-1 = 太短
strength-2 = 可以更长
strength-3 = 好
strength-4 = 很好

# Faults of fields.
missing-email = 请输入您的电子邮箱。
wrong-email = 请输入类似 ann@example.org 的地址。
dots-email = @ 之前的部分以点开头、以点结尾或含有连续的点。这样的地址无法在此注册。
invisible-email = 地址中有空格或不可见字符（{ $found }）。请将其删除，或重新输入地址。
email-taken = 该地址已有账户。请登录，或使用其他地址。
missing-password = 请输入您的密码。
wrong-password = 这不是您当前的密码。
missing-field = 请填写此项。
long-field = 最多 { $count } 个字符。
no-number-field = 请输入整数，最大为 { $count }。
control-field = 请使用一行普通字符。
optional = 选填
short-password = 请至少使用 { $count } 个字符。
long-password = 请最多使用 256 个字符。
fault-email = 这个密码由您的电子邮箱组成。请换一个。
fault-service = 这个密码由本服务的名称组成。请换一个。
fault-common = 很多人使用这个密码。请选择别人想不到的密码。
fault-breached = 这个密码已在数据泄露中出现。请换一个，并在所有使用它的地方更改。
fault-easy = 这个密码太容易被猜到。请使用更长、规律更少的密码。
missing-code = 请输入邮件中的验证码。
wrong-code = 此验证码无效。请检查地址和验证码，或重新获取邮件。

# The field for the answer to a question of the host, which is shown above it.
answer = 您的回答

# The field for a code from a mail.
code = 邮件中的验证码
code-meaning = 请点击我们发送给您的邮件中的链接，或在此输入其中的验证码。
code-works = 验证码 { $count } 分钟内有效，链接的有效期更长。

# Alerts above a form.
alert-wrong-credentials = 电子邮箱或密码错误。
alert-wrong-or-unverified = 电子邮箱或密码错误，或邮箱尚未确认。如果您刚刚注册，请查看您的邮件。
alert-not-verified = 请先确认您的电子邮箱：点击我们发送给您的邮件中的链接。
alert-refused = 此次尝试被拒绝。请稍后再试，或联系运营者。
alert-attempts = 尝试次数过多。请在 { $count } 分钟后重试。
alert-codes = 此账户尝试验证码的次数过多。请点击邮件中的链接，或重新获取邮件，几分钟后输入其中的验证码。

# Error pages: a title and a text by the code of the error, or those of "other".
error-unavailable = 暂时无法完成。请稍后再试。
error-not-found-title = 找不到页面
error-not-found = 此地址没有任何内容。
error-cross-site-title = 请求来自其他网站
error-cross-site = 为了您的安全，只有我们自己的页面才能这样做。请打开页面后重试。
error-ambiguous-credentials-title = Cookie 过多
error-ambiguous-credentials = 您的浏览器发送了多个会话。请删除本网站的 Cookie 后重试。
error-unavailable-title = 请稍候
error-internal-title = 出错了
error-internal = 这是我们的错误。请重试；如果再次发生，请告知 { $service } 的管理者。
error-other-title = 操作未成功
error-other = 请返回后重试。
error-too-many-attempts = 尝试次数过多。请稍后再试。
error-invalid-link-title = 此链接无效
error-invalid-link = 它已被使用、已被更新的邮件取代，或已过期。
error-mail-not-configured = 本服务不发送邮件。请向 { $service } 的管理者求助。

# The page for a person who comes back from an app although they are logged in. The names of settings stay as they are.
onward = 您已登录
onward-again = 我们刚刚将您带往 { $app }，现在您又回到了这里。
onward-unseen = 如果是 { $app } 把您送回的，它很可能看不到您已登录。如果再试一次仍然不行，请告知它的管理者。
onward-go = 继续前往 { $app }
onward-developers = 供 { $app } 的开发者参考
onward-next = 登录后，我们只把用户送回 “next” 中的地址，不附加任何内容。用户的身份由 { $own } 的会话 Cookie 说明：
onward-same-host = 如果应用在同一主机上，它的服务器会收到这个 Cookie。服务器带着它请求 GET { $me }，就能知道请求来自谁。
onward-same-site = 如果应用在同一站点的另一主机上，页面中的脚本可以带 credentials 请求 GET { $me }。为此，设置 cors_origins 中必须有 { $origin }。应用的服务器收不到这个 Cookie。
onward-elsewhere = 如果应用在另一站点，浏览器绝不会为该应用发送这个 Cookie。此类应用应使用 OAuth 的授权码流程，所需信息见 { $issuer }/.well-known/openid-configuration。

# What all letters have. $service is the name of the service, $to the address of the reader.
mail-works-minutes = 仅可使用一次，{ $count } 分钟内有效。
mail-works-hours = 仅可使用一次，{ $count } 小时内有效。
mail-works-days = 仅可使用一次，{ $count } 天内有效。
mail-code = 或在 { $count } 分钟内于提示处输入此验证码
mail-copy = 如果按钮无法使用，请将以下网址复制到浏览器中：
mail-forgot = 我忘记了密码
mail-app = 应用
mail-app-host = 位于
mail-app-scopes = 它可以
mail-when = 时间
mail-device = 设备
mail-ip = IP 地址
mail-earlier-device = 此前的设备
mail-earlier-ip = 此前的 IP 地址
mail-footer = 本邮件由 { $service } 自动发送至 { $to }，回复不会被阅读。
