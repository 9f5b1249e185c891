# Pages.
hello = 您好，{ $name }
not-given = 未填写
change = 更改
confirm = 确认
download-button = 下载
delete-button = 删除
verified = 已验证
not-verified = 未验证
password-kept = 只有您知道
devices = 设备与会话
devices-meaning = 您已登录的地方。请结束不认识的会话，然后更改密码。
this-device = 本设备
active-now = 正在使用
last-used = 最近使用：
since = 登录时间：
app-access = { $name }（应用）
on-system = { $system } 上的 { $browser }
unknown-device = 未知设备
log-out-others = 退出其他 { $count } 个设备
data = 您的数据
download = 下载我的数据
download-meaning = 您的账户和会话，保存为 JSON 文件。
delete = 删除账户
delete-meaning = 永久删除您的账户及其所有内容。
back-to-account = 返回您的账户
delete-question = 要删除您的账户吗？
delete-warning = { $email } 的账户及其所有内容将永久消失。
delete-for-good = 永久删除
done-deleted = 您的账户已删除。

# Letters. $service is the name of the service, $to the address of the reader.
mail-account-deleted-subject = 您的账户已删除
mail-account-deleted-intro = 您在 { $service } 的账户及其全部内容已被删除。这是与该账户有关的最后一封邮件。
mail-account-deleted-note = 如果不是您本人操作，说明有人知道您的密码：请在其他使用该密码的地方一并更改。

apps = 应用
apps-meaning = 可以查看您账户的其他网站上的应用
apps-button = 查看
