# Pages.
trusted-browsers = 受信任的浏览器
trusted-browsers-kept = 不要求验证码的浏览器
trusted-browsers-show = 查看
trusted-browsers-meaning = 在这些浏览器中，一段时间内仅凭密码即可登录。对于您不使用或不认识的浏览器，请取消信任。
trusted-browsers-none = 您没有信任任何浏览器：每次登录都需要验证码。
trusted-until = 信任至
trusted-browser-end = 重新要求验证码
done-trusted-browser = 该浏览器下次登录时将重新要求验证码。
