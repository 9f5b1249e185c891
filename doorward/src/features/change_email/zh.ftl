# Pages.
new-email = 新电子邮箱
email-until-now = 您目前使用的电子邮箱
change-email = 更改电子邮箱
email-now = 当前为 { $email }。
done-email = 您的电子邮箱已更改。
done-confirm-email = 我们已向新地址发送邮件。点击其中的链接或在此输入其中的验证码后，新地址即生效。
confirm-email = 确认新电子邮箱
confirm-email-meaning = 点击一下，您的账户就会使用此地址。
undo-email-change = 撤销更改
undo-email-change-meaning = 您的账户将恢复原来的地址。原密码将失效，所有设备将退出登录，我们会向您发送一封用于设置新密码的邮件。如果其间有人使用新地址使用过该账户，我们会改为冻结账户，并确定其归属。
done-undone = 原来的地址已恢复，旧密码已失效，所有设备已退出登录。请通过我们发送给您的邮件设置新密码。
end-undo = 停止原地址的权限
end-undo-meaning = 更改后的七天内，原地址可以取回账户。如果账户只属于您，您可以在此终止这一权限。使用超过一周的原地址之后仍可冻结账户。
end-undo-button = 终止
done-undo-ended = 原地址已不能再取回您的账户。
done-undo-kept = 原地址已不能再取回您的账户。使用超过一周的原地址在几天内仍可冻结账户。
request-undo = 撤销地址更改
request-undo-meaning = 请输入您的账户原来的地址，我们会再次发送用于撤销更改的邮件。
former-email = 原电子邮箱
done-undo-asked = 如果此地址的更改仍可撤销，邮件已在发送途中。请点击其中的链接。
done-frozen = 有其他人使用新地址使用过该账户，因此我们已将其冻结：在本服务的管理者确定账户归属之前，任何人都无法登录。我们已向两个地址发送邮件。

# Letters. $service is the name of the service, $to the address of the reader, $new the new address.
mail-confirm-email-subject = 请确认您的新邮箱地址
mail-confirm-email-intro = 有人（希望是您本人）想将 { $to } 用于 { $service } 的账户。请确认这是您的邮箱地址。
mail-confirm-email-button = 确认新地址
mail-confirm-email-note = 如果不是您本人操作，请忽略本邮件：未经您确认，账户将保留原有地址。

mail-email-changed-subject = 您的邮箱地址已更改
mail-email-changed-intro = 您在 { $service } 的账户现在使用地址 { $new }，今后的邮件将发送到该地址。
mail-email-changed-again = 您在 { $service } 的账户地址已更改，今后的邮件不再发送到此地址。
mail-email-changed-button = 撤销更改
mail-email-changed-note = 如果是您本人操作，则无需处理。如果不是，请撤销更改：密码随即失效，我们会向您发送一封用于设置新密码的邮件。请尽快操作：一旦有人在新地址通过邮件设置了密码，此链接就只能冻结账户，或者完全失效。

mail-account-frozen-subject = 您的账户已被冻结
mail-account-frozen-intro = 有两个地址主张您在 { $service } 的账户：原地址撤销了更改，但新地址已在使用。现在任何人都无法登录，密码也已失效。
mail-account-frozen-note = 请联系 { $service } 的管理者，由他们确定账户归属。对本邮件的回复不会被阅读。
