"""A file from another system comes in, and goes out again."""

from __future__ import annotations

from db.engine import reading
from db.policy import SYSTEM
from db.queries.lists import ListQuery, count

FILE = "名称,等级,城市,电话\n西塘纸行,A,嘉兴,0573 5550 0101\n乌镇染坊,B,桐乡,0573 5550 0102\n南浔笔庄,C,湖州,0572 5550 0103\n"


def test_a_file_with_chinese_headings_comes_in_and_the_whole_import_is_taken_back(visit, house):
    window = visit("lin")
    page = window.go("import-data")
    page.locator("input[type=file]").set_input_files({"name": "客户.csv", "mimeType": "text/csv", "buffer": FILE.encode("gb18030")})
    page.get_by_role("button", name="预检文件").click()
    page.get_by_role("button", name="导入3条记录").click()
    window.says("已导入3条记录。")
    assert found(house, "西塘纸行") == 1
    page.get_by_role("button", name="撤销本次导入").click()
    window.says("已撤销")
    assert found(house, "西塘纸行") == 0


def found(house, name: str) -> int:
    with house.data(), reading(SYSTEM) as session:
        return count(session, "customer", ListQuery(search=name))
