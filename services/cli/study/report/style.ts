/** Looks of a report: light and dark by the reader's own setting, one colour for data, words in the colour of text. */
export const style = [
  ':root{color-scheme:light dark;--text:#1c2024;--quiet:#60646c;--page:#fff;--grid:#e4e5e9;--data:#2563a8;--band:#2563a833}',
  '@media(prefers-color-scheme:dark){:root{--text:#e8e9ec;--quiet:#a0a4ac;--page:#15171a;--grid:#2e3136;--data:#6ea8e8;--band:#6ea8e840}}',
  'body{margin:0;background:var(--page);color:var(--text);font:15px/1.45 system-ui,sans-serif}',
  'main{max-width:1000px;margin:0 auto;padding:24px 16px 64px}',
  'h1{font-size:24px;margin:0 0 8px}h2{font-size:18px;margin:36px 0 4px}',
  'h2 span,th span{color:var(--quiet);font-weight:400}h3{font-size:14px;margin:16px 0 4px}',
  '.facts{color:var(--quiet);margin:2px 0 10px;max-width:80ch}.failed{border-left:4px solid #b3261e;padding-left:10px}',
  '.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));gap:8px}svg{width:100%;height:auto}svg.wide{max-width:760px}',
  '.grid{stroke:var(--grid)}.band{fill:var(--band)}.line{fill:none;stroke:var(--data);stroke-width:2}.bar{fill:var(--data)}',
  'svg text{font:11px system-ui,sans-serif;fill:var(--quiet)}svg text.name{fill:var(--text);font-size:12px}.end{text-anchor:end}.middle{text-anchor:middle}',
  '.csv{margin:2px 0}.csv a{color:var(--quiet);font-size:13px}a{color:var(--data)}',
  '.scroll{overflow-x:auto}table{border-collapse:collapse;font-size:14px}',
  'th,td{padding:4px 12px 4px 0;text-align:right;border-bottom:1px solid var(--grid);vertical-align:top}',
  'tbody th,thead th:first-child{text-align:left;font-weight:400}td i{display:block;color:var(--quiet);font-style:normal;font-size:12px}',
].join('');
