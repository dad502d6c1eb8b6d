"""How people call what the log records. Every action that the code logs stands here (a test compares)."""

from __future__ import annotations

MOST_WORDS = 3  # of the names that declarations give one action
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
    "accounts.make_token": "生成接口令牌",
    "accounts.revoke_token": "停用接口令牌",
    "accounts.use_token": "使用接口令牌",
    "accounts.reached_beyond": "访问权限外的内容，未获准",
    "evaluation.evaluate": "亩均评价",
    "campaign.start": "开始评价",
    "campaign.adopt": "更换评价方法",
    "campaign.periods": "设定工作日",
    "campaign.collect": "开始归集",
    "campaign.send_to_firms": "送企业核对",
    "campaign.to_townships": "送乡镇确认",
    "campaign.to_scoring": "确认完毕，计分",
    "campaign.publicise": "开始公示",
    "campaign.close_objections": "结束公示",
    "campaign.reconcile": "重新计分并核对",
    "campaign.submit": "报审定",
    "campaign.publish": "公布评价结果",
    "campaign.freeze": "归档",
    "campaign.collect_again": "退回归集",
    "campaign.adjust_again": "退回调整",
    "campaign.send_back": "审定退回",
    "campaign.score": "计分",
    "campaign.object": "登记异议",
    "campaign.answer": "处理异议",
    "campaign.regrade": "调档",
    "campaign.withdraw_regrade": "撤销调档",
    "campaign.confirm_items": "企业确认数据",
    "campaign.contest_item": "企业对数据提出异议",
    "campaign.answer_item": "处理企业核对的异议",
    "campaign.township_confirm": "乡镇确认企业数据",
    "campaign.township_send_back": "乡镇退回企业核对",
    "registry.invite_firms": "为企业批量开户",
    "campaign.read_evidence": "查看证明材料",
    "casework.enter": "列入清单",
    "casework.answer": "部门答复",
    "casework.pause": "暂停计时",
    "casework.resume": "恢复计时",
    "casework.reopen": "重新办理",
    "casework.plan": "编写方案",
    "casework.measure": "登记措施完成",
    "casework.part": "登记分项",
    "casework.settle": "办结分项",
    "casework.drop": "取消分项",
    "casework.comment": "留言",
    "casework.attach": "添加附件",
    "casework.alarm": "时限提醒",
    "casework.period": "设定办理时限",
    "casework.read_attachment": "下载附件",
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


# What the log says in the words of declarations (casework: a step of a register is an action). Filled at start.
_declared: dict[str, list[str]] = {}


def declare(action: str, words: str) -> None:
    """An action that a declaration names; where several call the same one differently all are said."""
    known = _declared.setdefault(action, [])
    if words not in known:
        known.append(words)


def title(action: str) -> str:
    """The action in words; one that is not listed by its code."""
    said = TITLES.get(action) or " / ".join(_declared.get(action, ())[:MOST_WORDS])
    return said or action
