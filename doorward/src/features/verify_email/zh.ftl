# Pages.
done-verify-email = 我们已向您发送邮件。请点击其中的链接继续。
verify-email = 确认电子邮箱
verify-email-meaning = 点击一下，我们就知道您能收到发往此地址的邮件。
done-verified = 您的电子邮箱已确认。

# Letters. $service is the name of the service, $to the address of the reader.
mail-verify-email-subject = 请确认您的邮箱地址
mail-verify-email-intro = 有人（希望是您本人）使用 { $to } 在 { $service } 注册。请确认这是您的邮箱地址。
mail-verify-email-button = 确认邮箱地址
mail-verify-email-note = 如果不是您本人操作，请忽略本邮件。未经您确认，该地址将保持未验证状态。
