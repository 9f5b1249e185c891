month = { $month }
date = { $year }年{ month }月{ $day }日
ago-now = 刚刚
ago-minutes = { $count } 分钟前
ago-hours = { $count } 小时前
ago-days = { $count } 天前
