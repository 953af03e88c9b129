/// The page's style: system fonts, light and dark, a phone, a desk and paper. Colours keep a contrast of at least 4.5 to 1
/// against their ground, and each verdict has a sign and a word beside its colour.
enum StyleSheet {
    /// The style of one run's page: on paper each page names the run at its foot.
    static func text(run: String) -> String {
        let id = String(
            run.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || "0123456789-".unicodeScalars.contains($0)) })
        return "\(text)@page{@bottom-left{content:\"\(id)\";font:8pt sans-serif}}\n"
    }

    private static let text = """

        :root{color-scheme:light dark;--paper:#fff;--card:#f5f6f8;--ink:#1b1f26;--soft:#545d6a;--line:#cfd5de;--link:#0b4fb3;
        --good:#0f6a37;--goodbg:#e3f4ea;--bad:#a8151b;--badbg:#fdebec;--unsure:#7d4a00;--unsurebg:#fdf1dc;--waived:#4b3a9a;--waivedbg:#eeebfb;
        --land:#dfe4ea;--sea:#f7f9fb}
        @media (prefers-color-scheme:dark){:root{--paper:#14171c;--card:#1d2229;--ink:#e9ecf1;--soft:#aab4c2;--line:#3a424e;--link:#8db8ff;
        --good:#6fdc9b;--goodbg:#12301f;--bad:#ff9a98;--badbg:#3a1618;--unsure:#f2c069;--unsurebg:#35270c;--waived:#bdb0ff;--waivedbg:#252043;
        --land:#323a46;--sea:#191d23}}
        *{box-sizing:border-box}
        html{scroll-padding-top:1rem}
        body{margin:0;overflow-wrap:break-word;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
        header,main,footer,nav{max-width:72rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:1.75rem}
        .skip{position:absolute;left:-100vw}.skip:focus{left:1rem;top:.5rem;background:var(--paper);padding:.5rem}
        h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}
        h2{font-size:1.3rem;margin:2.5rem 0 .5rem;padding-top:1rem;border-top:1px solid var(--line)}
        h3{font-size:1.05rem;margin:1.5rem 0 .4rem}
        p{margin:.4rem 0 .8rem;max-width:70ch}
        a{color:var(--link)}
        .soft{color:var(--soft)}
        code,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em;overflow-wrap:anywhere;unicode-bidi:isolate}
        pre{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.75rem;overflow-x:auto;font-size:.86em;white-space:pre-wrap}
        nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:.75rem 0;padding:0;font-size:.92rem}
        .answer{border:2px solid;border-radius:.6rem;padding:1rem 1.25rem;margin:1rem 0;display:grid;grid-template-columns:auto 1fr;gap:0 1rem;align-items:center}
        .answer .sign{font-size:2.6rem;line-height:1;font-weight:700}
        .answer strong{font-size:1.7rem;line-height:1.2}
        .answer p{margin:.15rem 0 0;grid-column:2}
        .proven,.satisfied,.used{color:var(--good)}.violated,.expired{color:var(--bad)}.notproven,.unresolved,.expiring{color:var(--unsure)}
        .waived,.allowed{color:var(--waived)}
        .answer.proven{background:var(--goodbg)}.answer.violated{background:var(--badbg)}.answer.notproven{background:var(--unsurebg)}
        .answer p,.answer .plain{color:var(--ink)}
        .tag{font-weight:600;white-space:nowrap}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(11.5rem,44%),1fr));gap:.6rem;margin:1rem 0;padding:0}
        .tiles>div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
        .tiles dt{font-size:.88rem}.tiles dd{margin:0;font-size:1.5rem;font-weight:650;font-variant-numeric:tabular-nums}
        .halves{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(22rem,100%),1fr));gap:1rem}
        .halves>div{border:1px solid var(--line);border-radius:.5rem;padding:.25rem 1rem .75rem;min-width:0}
        .halves dt{font-weight:600;margin-top:.6rem}.halves dd{margin:0;overflow-wrap:anywhere}
        .wide{overflow-x:auto;position:relative}a:focus-visible,.wide:focus-visible,summary:focus-visible,input:focus-visible{outline:2px solid var(--link);outline-offset:2px}
        table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem;font-size:.93rem}
        caption{text-align:left;color:var(--soft);padding:.25rem 0}
        th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid var(--line)}
        thead th{background:var(--card);font-weight:600}
        tbody th{font-weight:400}
        td,tbody th{overflow-wrap:break-word}
        .count{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .matrix td:nth-child(n+3),.matrix th:nth-child(n+3){text-align:center;white-space:nowrap}
        .matrix td .cell{display:block}.heard{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        details{margin:.25rem 0}summary{cursor:pointer;color:var(--link)}
        details ul{margin:.3rem 0;padding-left:1.1rem}
        ul.plain{padding-left:1.2rem;margin:.3rem 0 .8rem}
        .basis{border-left:3px solid var(--line);padding-left:.8rem}
        .warning{border:1px solid var(--unsure);background:var(--unsurebg);border-radius:.4rem;padding:.5rem .8rem}
        dl.glossary dt{font-weight:600;margin-top:.5rem}dl.glossary dd{margin:0 0 0 1rem;max-width:70ch}
        footer{margin-top:2.5rem;padding-bottom:2rem;border-top:1px solid var(--line);font-size:.86rem;color:var(--soft)}
        svg{display:block;width:100%;height:auto}svg.timeline{min-width:44rem}
        .filter{margin:.5rem 0}.filter input{font:inherit;padding:.35rem .6rem;min-width:min(22rem,100%);border:1px solid var(--soft);border-radius:.35rem;background:var(--paper);color:var(--ink)}
        button.sort{all:unset;cursor:pointer;font-weight:600}button.sort:focus-visible{outline:2px solid var(--link)}
        .land{fill:var(--land);stroke:var(--paper);stroke-width:.4}.sea{fill:var(--sea)}
        .m-in{fill:var(--good)}.m-out{fill:var(--bad)}.m-un{fill:var(--unsure)}.m-ex{fill:var(--waived)}
        .mark{stroke:var(--paper);stroke-width:1}.flow{opacity:.75}.axis{stroke:var(--line)}.label{fill:var(--ink);font-size:12px;paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}.small{font-size:10px;fill:var(--soft)}
        .legend{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;padding:0}.legend svg{display:inline-block;width:1rem;height:1rem;vertical-align:-.15rem;margin-right:.35rem}
        @media (max-width:40rem){th,td{padding:.35rem .4rem}th[scope=row]{min-width:9rem}h1{font-size:1.4rem}.answer strong{font-size:1.35rem}
        .list,.list caption,.list tbody,.list tr:not([hidden]),.list td,.list th[scope=row]{display:block;min-width:0}.list thead{position:absolute;clip-path:inset(50%)}
        .list tr{border-bottom:1px solid var(--line);padding:.5rem 0}.list td,.list th[scope=row]{border:0;padding:.15rem 0;text-align:left;white-space:normal}}
        @media screen{.long{content-visibility:auto;contain-intrinsic-size:auto 60rem}}
        @media print{:root{color-scheme:light;--paper:#fff;--card:#f5f6f8;--ink:#000;--soft:#444;--line:#bbb;--link:#000;
        --good:#0f6a37;--goodbg:#fff;--bad:#a8151b;--badbg:#fff;--unsure:#7d4a00;--unsurebg:#fff;--waived:#4b3a9a;--waivedbg:#fff;--land:#dfe4ea;--sea:#fff}
        body{font-size:9.5pt;line-height:1.35}nav,.filter,.skip{display:none}header,main,footer{max-width:none;padding:0}
        h1{font-size:16pt}h2{font-size:13pt;margin-top:1.4rem}h3{font-size:10.5pt;margin-top:.9rem}table{font-size:8.5pt}
        th,td{padding:.25rem .4rem}th[scope=row]{min-width:7rem}
        .tiles{grid-template-columns:repeat(5,1fr);gap:.3rem}.tiles>div{padding:.3rem .5rem}.tiles dd{font-size:12pt}.tiles dt{font-size:8pt}
        .answer{margin:.5rem 0}.answer strong{font-size:16pt}.answer .sign{font-size:22pt}
        .halves{grid-template-columns:1fr 1fr}h2,h3,caption,thead,p.soft,.legend{break-after:avoid}h2,h3,caption,p,li{break-inside:avoid}
        tr,.answer,.tiles,svg,.legend,dt{break-inside:avoid}dt{break-after:avoid}thead{display:table-header-group}
        #answer h2{margin-top:.4rem;border:0;padding:0}#promised{break-before:page}.wide{overflow:visible}svg.timeline{min-width:0}
        a{text-decoration:none}}
        @page{margin:16mm 15mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif}}

        """
}
