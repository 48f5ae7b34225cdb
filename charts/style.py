"""The picture's colours: legible on white and on black, told apart without red and green alone by place and shape."""

STYLE = """
.gravity-chart{--paper:#fff;--ink:#1b1f24;--soft:#6b7280;--grid:#e5e7eb;--up:#0f8a5f;--down:#c2374b;--shape:#2f5bd0;
--good:#0f8a5f;--bad:#c2374b;--band:#2f5bd0;font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
@media (prefers-color-scheme:dark){.gravity-chart{--paper:#0f1419;--ink:#e6e9ee;--soft:#98a2b3;--grid:#232a33;
--up:#3ecf9a;--down:#ff6b7d;--shape:#7aa2ff;--good:#3ecf9a;--bad:#ff6b7d;--band:#7aa2ff}}
.paper{fill:var(--paper)}.grid{stroke:var(--grid);stroke-width:1;fill:none}
.up{stroke:var(--up);fill:none}.down{stroke:var(--down);fill:none}
.body-up{fill:var(--paper);stroke:var(--up)}.body-down{fill:var(--down);stroke:var(--down)}
.leg{stroke:var(--shape);stroke-width:1.8;fill:none;stroke-linejoin:round}.thick{stroke-width:3}
.ratio{stroke:var(--shape);stroke-width:1;stroke-dasharray:2 3;fill:none}
.edge{stroke:var(--ink);stroke-width:1.4;fill:none}
.fill{fill:var(--shape);fill-opacity:.12}.band{fill:var(--band);fill-opacity:.16}
.dot{fill:var(--shape);stroke:var(--paper)}.target{stroke:var(--good);stroke-dasharray:6 4;fill:none}
.stop{stroke:var(--bad);stroke-dasharray:6 4;fill:none}.bullish{fill:var(--good)}.bearish{fill:var(--bad)}
.neutral{fill:var(--soft)}.known{stroke:var(--soft);stroke-dasharray:1 3;fill:none}
text{fill:var(--ink);font-size:12px}text.soft,text.note{fill:var(--soft)}text.title{font-size:15px;font-weight:600}
text.point{fill:var(--shape);font-weight:600}text.small{font-size:10.5px;fill:var(--soft)}
text.bullish{fill:var(--good);font-weight:600}text.bearish{fill:var(--bad);font-weight:600}text.neutral{fill:var(--soft)}
text.middle{text-anchor:middle}text.end{text-anchor:end}
.over0{stroke:#b7791f}.over1{stroke:#8452cf}.over2{stroke:#1683a8}.over3{stroke:#b83280}.over4{stroke:#5f7f1f}
.over5{stroke:#7a6a58}.over0,.over1,.over2,.over3,.over4,.over5{fill:none;stroke-width:1.3}
""".replace("\n", "")
