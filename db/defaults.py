"""The drop-down values that a new workspace starts with: key, English, Chinese, colour."""

from __future__ import annotations

from sqlalchemy import select

from db.models import Option
from db.session import CrmSession

OPTIONS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "industry": (
        ("manufacturing", "Manufacturing", "制造业", "gray"), ("retail", "Retail", "零售业", "gray"), ("wholesale", "Wholesale", "批发业", "gray"),
        ("hospitality", "Hotels and restaurants", "酒店餐饮", "gray"), ("construction", "Construction", "建筑业", "gray"),
        ("logistics", "Transport and logistics", "交通物流", "gray"), ("software", "Software and internet", "软件与互联网", "gray"),
        ("finance", "Finance", "金融业", "gray"), ("health", "Health", "医疗健康", "gray"), ("education", "Education", "教育", "gray"),
        ("property", "Property", "房地产", "gray"), ("energy", "Energy", "能源", "gray"), ("agriculture", "Agriculture", "农业", "gray"),
        ("public", "Public sector", "政府与公共事业", "gray"), ("other", "Other", "其他", "gray"),
    ),
    "region": (
        ("north", "North", "华北", "gray"), ("northeast", "Northeast", "东北", "gray"), ("east", "East", "华东", "gray"),
        ("central", "Central", "华中", "gray"), ("south", "South", "华南", "gray"), ("southwest", "Southwest", "西南", "gray"),
        ("northwest", "Northwest", "西北", "gray"), ("abroad", "Abroad", "海外", "gray"),
    ),
    "source": (
        ("referral", "Referral", "转介绍", "green"), ("website", "Website", "官网", "blue"), ("search", "Search engine", "搜索引擎", "blue"),
        ("social", "Social media", "社交媒体", "blue"), ("advertisement", "Advertisement", "广告", "violet"), ("fair", "Trade fair", "展会", "violet"),
        ("cold_call", "Cold call", "陌生拜访", "gray"), ("walk_in", "Walk-in", "自然到店", "gray"), ("partner", "Partner", "合作伙伴", "green"),
        ("other", "Other", "其他", "gray"),
    ),
    "method": (
        ("call", "Call", "电话", "blue"), ("visit", "Visit", "拜访", "green"), ("wechat", "WeChat", "微信", "green"), ("email", "E-mail", "邮件", "violet"),
        ("meeting", "Meeting", "会议", "orange"), ("message", "Message", "短信", "gray"), ("other", "Other", "其他", "gray"),
    ),
    "outcome": (
        ("interested", "Interested", "有意向", "green"), ("agreed", "Agreed", "已认可", "green"), ("informed", "Informed", "已告知", "blue"),
        ("postponed", "Postponed", "暂缓", "orange"), ("no_answer", "No answer", "未接通", "gray"), ("declined", "Declined", "已拒绝", "gray"),
        ("complaint", "Complaint", "有投诉", "red"), ("solved", "Problem solved", "问题已解决", "green"),
    ),
    "channel": (
        ("store", "Store", "门店", "blue"), ("sales", "Sales visit", "上门销售", "green"), ("phone", "Phone", "电话", "blue"),
        ("online", "Online shop", "网店", "violet"),
        ("wechat", "WeChat", "微信", "green"), ("email", "E-mail", "邮件", "violet"), ("partner", "Partner", "合作伙伴", "orange"),
        ("other", "Other", "其他", "gray"),
    ),
    "end_reason": (
        ("expired", "Term ended", "到期", "gray"), ("price", "Price", "价格", "orange"), ("service", "Dissatisfied with the service", "对服务不满意", "red"),
        ("quality", "Dissatisfied with the product", "对产品不满意", "red"), ("competitor", "Went to a competitor", "转向竞争对手", "red"),
        ("no_need", "No need any more", "不再需要", "gray"), ("moved", "Moved away", "搬迁", "gray"), ("closed", "Business closed", "停业", "gray"),
        ("other", "Other", "其他", "gray"),
    ),
    "risk": (("low", "Low", "低", "green"), ("medium", "Medium", "中", "orange"), ("high", "High", "高", "red")),
    "credit_grade": (
        ("aaa", "AAA", "AAA", "green"), ("aa", "AA", "AA", "green"), ("a", "A", "A", "blue"), ("b", "B", "B", "orange"), ("c", "C", "C", "red"),
    ),
}


def add_options(session: CrmSession) -> None:
    """Give a workspace that never had a drop-down value the first ones."""
    if session.scalars(select(Option.id).limit(1), execution_options={"with_deleted": True}).first() is not None:
        return
    for list_key, values in OPTIONS.items():
        for position, (key, name_en, name_zh, colour) in enumerate(values, 1):
            session.add(Option(list_key=list_key, key=key, name_en=name_en, name_zh=name_zh, colour=colour, position=position * 10))
