# Pages.
step-up = 请确认是您本人
step-up-why = 接下来的操作受到特别保护。请再次证明您是 { $email }。
step-up-go-on = 继续
step-up-nothing = 此账户既没有密码，也没有身份验证器应用。请退出登录，然后重新登录。
