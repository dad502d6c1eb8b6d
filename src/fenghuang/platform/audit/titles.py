"""How people call what the log records. Every action that the code logs stands here (a test compares)."""

from __future__ import annotations

TITLES = {
    "accounts.create_user": "开设账号",
    "accounts.set_password": "设置密码",
    "accounts.change_password": "本人修改密码",
    "accounts.set_active": "停用或启用账号",
    "accounts.change_role": "调整角色或单位",
    "accounts.unlock": "解除登录锁定",
    "accounts.reset_second_factor": "重置两步验证",
    "accounts.end_sessions": "退出全部登录",
    "accounts.invite": "生成邀请链接",
    "accounts.accept_invitation": "接受邀请并设置密码",
    "accounts.import_users": "批量开设账号",
    "accounts.view_as": "开始以他人身份查看",
    "accounts.view_as_end": "结束以他人身份查看",
    "accounts.view_as_page": "以他人身份查看页面",
    "evaluation.evaluate": "亩均评价",
    "incentives.refresh": "重新评价和测算",
    "whatif.save": "保存推演方案",
    "whatif.complete": "完成推演",
    "feeds.submitted": "上传文件",
    "feeds.checked_again": "重新预览上传",
    "feeds.accepted": "确认采用上传",
    "feeds.discarded": "放弃上传",
    "feeds.took_effect": "上传已导入",
    "feeds.delivered": "收到交付",
    "feeds.corrected": "更正一行",
    "feeds.rejected": "不予采用一行",
    "feeds.restored": "恢复核对一行",
    "feeds.withdrawn": "撤销交付",
    "feeds.columns_mapped": "指定列对应关系",
    "feeds.columns_forgotten": "停用列对应关系",
    "feeds.read_row": "查看原始行",
    "feeds.read_upload": "查看上传内容",
    "registry.recorded": "记入企业库",
    "registry.firm_event": "登记企业变更",
    "registry.firm_event_countered": "撤销企业变更登记",
    "registry.read_firm": "查看企业",
    "jobs.enqueue": "提交任务",
    "jobs.cancel": "取消任务",
    "jobs.bury": "任务中断",
    "lists.export": "导出列表",
    "lists.read": "查看列表",
    "lists.save_view": "保存筛选",
    "lists.change_view": "修改筛选",
    "lists.delete_view": "删除筛选",
}


def title(action: str) -> str:
    """The action in words; one that is not listed by its code."""
    return TITLES.get(action, action)
