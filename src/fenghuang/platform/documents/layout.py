"""Figures of GB/T 9704-2012 党政机关公文格式 that both templates keep (5.1, 5.2 and 7.5 of the standard).

版心 156 mm x 225 mm on A4: 天头 37 mm and 订口 28 mm, so 26 mm and 35 mm are left; 22 lines of 28 characters.
Sizes in points: 二号 22 (title), 三号 16 (text), 四号 14 (page numbers, 一字线 beside them, 7 mm below the 版心).
Tables are not ruled by the standard: 五号 10.5, so that six columns stay legible.
"""

from __future__ import annotations

PAGE = (210, 297)
TOP, LEFT = 37, 28
BODY = (156, 225)
RIGHT, BOTTOM = PAGE[0] - LEFT - BODY[0], PAGE[1] - TOP - BODY[1]
LINES, CHARACTERS = 22, 28
TITLE, TEXT, FOLIO, TABLE = 22, 16, 14, 10.5
FOLIO_BELOW = 7
TWIPS_A_MM = 1440 / 25.4
