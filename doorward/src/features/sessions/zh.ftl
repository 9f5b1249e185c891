# Pages.
done-session = 该设备已退出登录。
done-sessions = 其他所有设备已退出登录。
