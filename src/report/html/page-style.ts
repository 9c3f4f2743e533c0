/**
 * Colours are custom properties, so that charts follow light mode, dark mode and print. Text has a
 * contrast of at least 4.5 with its background, marks of at least 3.
 */
export const colourProperties = `
:root { color-scheme: light dark;
  --paper: #ffffff; --panel: #f6f8fa; --line: #d0d7de; --ink: #1c2128; --soft: #57606a; --link: #0957b0;
  --good: #116329; --good-back: #e6f6ea; --doubtful: #7a4d00; --doubtful-back: #fff6dd; --bad: #a40e26; --bad-back: #ffebe9;
  --series-1: #0b62b0; --series-2: #c04a00; --series-3: #00785c; --series-4: #953c7f; --series-5: #6a5200; --series-6: #4b55c4; }
@media screen and (prefers-color-scheme: dark) { :root {
  --paper: #12161b; --panel: #1a2027; --line: #3a424c; --ink: #e6eaef; --soft: #a3adb8; --link: #79b8ff;
  --good: #6fdc8c; --good-back: #10291a; --doubtful: #f0c350; --doubtful-back: #2d2409; --bad: #ff9a94; --bad-back: #371416;
  --series-1: #6cb2ff; --series-2: #ff9a57; --series-3: #43c9a0; --series-4: #e394d0; --series-5: #dcc24f; --series-6: #aab2ff; } }`;

/** The page's whole style sheet. */
export const pageStyle = `${colourProperties}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0 auto; padding: 1.25rem 1rem 3rem; max-width: 76rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
h2 { margin: 2.75rem 0 .75rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: 1.25rem; }
h3 { margin: 0; font-size: 1rem; }
p { margin: .25rem 0 .75rem; }
a { color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.soft, figcaption p, .notes { color: var(--soft); }
.notes { margin: .5rem 0; padding-left: 1.1rem; font-size: .875rem; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
header p { margin: .25rem 0 1rem; }
.verdict { margin: 0 0 .5rem; padding: .6rem .9rem; border-left: .4rem solid; border-radius: .25rem; font-weight: 600; }
.good { color: var(--good); background: var(--good-back); }
.doubtful { color: var(--doubtful); background: var(--doubtful-back); }
.bad { color: var(--bad); background: var(--bad-back); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .75rem; margin: 1rem 0; }
.facts > div { padding: .6rem .8rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--panel); }
.facts dt { color: var(--soft); font-size: .8125rem; }
.facts dd { margin: 0; font-size: 1.375rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.3; }
.facts dd small { display: block; color: var(--soft); font-size: .8125rem; font-weight: 400; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 1rem 0 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: .25rem 0; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.25rem; align-items: start; }
figure { min-width: 0; margin: 0 0 1.25rem; padding: .9rem; border: 1px solid var(--line); border-radius: .5rem; container-type: inline-size; }
.figures figure { margin: 0; }
figcaption p { margin: .125rem 0 .5rem; font-size: .875rem; }
.chart { color: var(--soft); --plot-background: var(--paper); }
.chart svg { max-width: 100%; height: auto; font-family: inherit; }
.chart.narrow { display: none; }
@container (max-width: 30rem) { .chart.narrow { display: block; } .chart.wide { display: none; } }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 .5rem; padding: 0; list-style: none; font-size: .8125rem; }
.legend li { display: flex; align-items: center; gap: .4rem; }
.scroll { overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; font-size: .875rem; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
caption { padding: .25rem 0; color: var(--soft); text-align: left; }
th, td { padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; white-space: nowrap; }
th { font-weight: 600; }
tbody th { font-weight: 500; }
.numeric { text-align: right; }
td.long, th.long { white-space: normal; min-width: 14rem; overflow-wrap: anywhere; }
details { margin: .5rem 0; }
summary { color: var(--link); font-size: .875rem; cursor: pointer; padding: .25rem 0; }
.plain { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: .25rem 1rem; margin: .5rem 0; }
.plain dt { color: var(--soft); }
.plain dd { margin: 0; }
.lanes { display: block; width: 100%; height: auto; }
footer { margin-top: 3rem; color: var(--soft); font-size: .8125rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav { display: none; }
  h2 { break-after: avoid; } figure, .facts > div, tr { break-inside: avoid; }
  .figures { grid-template-columns: 1fr; }
  .scroll { overflow: visible; } th, td { white-space: normal; padding-right: .5rem; }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { display: none; }
}
`;
