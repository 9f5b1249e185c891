# Pages.
second-step = 第二步
otp = 应用中的验证码
otp-meaning = 打开您的身份验证器应用，输入它为此账户显示的验证码。
otp-time = 这里的时间是 { $time }（UTC）。如果您手机的时钟相差一分钟以上，请调准。
missing-otp = 请输入验证码。
wrong-otp = 此验证码无效。每个验证码只能使用一次：请等待下一个。
recovery-code = 恢复码
recovery-code-meaning = 输入您添加应用时保存的一个恢复码。每个恢复码只能使用一次。
wrong-recovery-code = 此恢复码无效。每个恢复码只能使用一次。
use-recovery-code = 使用恢复码
use-otp = 使用应用中的验证码
trust-browser = { $count } 天内在此浏览器中不再要求验证码
trust-browser-hours = { $count } 小时内在此浏览器中不再要求验证码
start-again = 重新开始
done-login-expired = 这次登录用时过长，或者错误的验证码过多。请重新登录。

# Letters. $service is the name of the service, $to the address of the reader.
mail-second-factor-guessed-subject = 可能有人知道您的密码
mail-second-factor-guessed-intro = 有人连续十次为您在 { $service } 的账户输入了正确的密码，随后输入了错误的验证码。
mail-second-factor-guessed-button = 设置新密码
mail-second-factor-guessed-note = 如果是您本人操作，请检查手机的时钟。如果不是，说明有人知道您的密码：请立即设置新密码。
mail-second-factor-locked-subject = 您的身份验证器应用已停用
mail-second-factor-locked-intro = 有人连续一百次为您在 { $service } 的账户输入了错误的验证码。在您以其他方式证明身份之前，应用中的验证码不再有效。
mail-second-factor-locked-button = 设置新密码
mail-second-factor-locked-note = 请用恢复码登录，或通过此链接设置新密码：之后应用即可恢复使用。
mail-recovery-code-used-subject = 一个恢复码已被使用
mail-recovery-code-used-intro = 有人使用您的一个恢复码登录了您在 { $service } 的账户，或更改了账户的保护方式。
mail-recovery-code-used-button = 查看我的恢复码
mail-recovery-code-used-note = 如果是您本人操作，则无需处理。如果不是，请立即设置新密码并生成新的恢复码。
