# Pages.
display-name-meaning = 我们用它来称呼您，其他人也可能看到。
save = 保存
done-details = 您的姓名和资料已保存。
