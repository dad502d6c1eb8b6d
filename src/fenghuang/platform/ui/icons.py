"""The few icons we use, drawn here on a grid of 24: a package of six thousand would be 150 MB to fetch for thirty."""

from __future__ import annotations

_ICONS = {
    "home": '<path d="M4 11.5 12 4l8 7.5"/><path d="M6 10v9h12v-9"/><path d="M10 19v-5h4v5"/>',
    "building": '<path d="M4 20h16"/><path d="M6 20V5h8v15"/><path d="M14 10h4v10"/><path d="M9 8h2M9 12h2M9 16h2"/>',
    "chart": '<path d="M4 20h16"/><path d="M6 20v-7h3v7M11 20V8h3v12M16 20V4h3v16"/>',
    "coins": '<ellipse cx="9" cy="7" rx="5" ry="2.5"/><path d="M4 7v5c0 1.4 2.2 2.5 5 2.5"/><path d="M14 7v3"/>'
    '<ellipse cx="15" cy="13" rx="5" ry="2.5"/><path d="M10 13v5c0 1.4 2.2 2.5 5 2.5s5-1.1 5-2.5v-5"/>',
    "database": '<ellipse cx="12" cy="6" rx="7" ry="3"/><path d="M5 6v12c0 1.7 3.1 3 7 3s7-1.3 7-3V6"/>'
    '<path d="M5 12c0 1.7 3.1 3 7 3s7-1.3 7-3"/>',
    "activity": '<path d="M3 12h4l3-8 4 16 3-8h4"/>',
    "shield": '<path d="M12 3 5 6v5c0 4.5 2.9 8 7 10 4.1-2 7-5.5 7-10V6z"/><path d="m9 12 2 2 4-4"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.8-3.6 3.8-6 7.5-6s6.7 2.4 7.5 6"/>',
    "key": '<circle cx="8" cy="15" r="4"/><path d="m11 12 8-8M16 7l3 3"/>',
    "lock": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "logout": '<path d="M14 4H6v16h8"/><path d="M10 12h11M18 9l3 3-3 3"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 3v1M12 20v1M3 12h1M20 12h1M5.6 5.6l.7.7M17.7 17.7l.7.7'
    'M18.4 5.6l-.7.7M6.3 17.7l-.7.7"/>',
    "moon": '<path d="M20 14.5A8 8 0 1 1 9.5 4a6.5 6.5 0 0 0 10.5 10.5z"/>',
    "contrast": '<circle cx="12" cy="12" r="8.5"/><path d="M12 3.5v17A8.5 8.5 0 0 0 12 3.5z" fill="currentColor"/>',
    "menu": '<path d="M4 6h16M4 12h16M4 18h16"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "cross": '<path d="m7 7 10 10M17 7 7 17"/>',
    "question": '<path d="M8.5 8.5a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.3"/><path d="M12 17.5v.01"/>',
    "alert": '<path d="M12 4 2.5 20h19z"/><path d="M12 10v4.5M12 17.5v.01"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.5M12 7.5v.01"/>',
    "book": '<path d="M12 6c-2-1.5-5-2-8-1.5v14c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5v-14c-3-.5-6 0-8 1.5z"/>'
    '<path d="M12 6v14"/>',
    "scale": '<path d="M12 4v16M8 20h8M5 7h14"/>'
    '<path d="m5 7-2.5 6a2.7 2.7 0 0 0 5 0zM19 7l-2.5 6a2.7 2.7 0 0 0 5 0z"/>',
    "calculator": '<rect x="5" y="3" width="14" height="18" rx="2"/><path d="M8 7h8M8 12h.01M12 12h.01M16 12h.01'
    'M8 16h.01M12 16h.01M16 16h.01"/>',
    "file": '<path d="M13 3H6v18h12V8z"/><path d="M13 3v5h5"/>',
    "download": '<path d="M12 4v11M8 11.5l4 4 4-4"/><path d="M5 20h14"/>',
    "upload": '<path d="M12 16V5M8 8.5l4-4 4 4"/><path d="M5 20h14"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "columns": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M10 4v16M15 4v16"/>',
    "filter": '<path d="M4 5h16l-6 7.5V19l-4 1.5v-8z"/>',
    "map": '<path d="m3 7 6-3 6 3 6-3v13l-6 3-6-3-6 3z"/><path d="M9 4v13M15 7v13"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "inbox": '<path d="M4 13 6.5 5h11L20 13v6H4z"/><path d="M4 13h4.5l1.5 3h4l1.5-3H20"/>',
    "left": '<path d="m14.5 6-6 6 6 6"/>',
    "right": '<path d="m9.5 6 6 6-6 6"/>',
    "refresh": '<path d="M20 11a8 8 0 0 0-14.5-3.5L4 9M4 4v5h5"/>'
    '<path d="M4 13a8 8 0 0 0 14.5 3.5L20 15M20 20v-5h-5"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1"/><path d="M14 10a4 4 0 0 0-5.7 0l-3 3'
    'A4 4 0 0 0 11 18.7l1-1"/>',
    "users": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.6-3.3 3.2-5.5 6.5-5.5s5.9 2.2 6.5 5.5"/>'
    '<path d="M16 4.8a3.5 3.5 0 0 1 0 6.4M18 15c1.9.8 3.1 2.6 3.5 5"/>',
    "bell": '<path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15z"/><path d="M10 20.5h4"/>',
    "target": '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="4.5"/><circle cx="12" cy="12" r=".8"/>',
}


def paths(name: str) -> str:
    """The drawing of an icon; an unknown name is a programming error and says so."""
    return _ICONS[name]
