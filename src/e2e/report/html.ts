import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { ScenarioRun } from '../../core/model/scenarioRun.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { barChart, lineChart } from './chart.ts';
import { type ActCharts, limitOf } from './data.ts';
import { escapeXml as text } from './junit.ts';
import { DETAILS, figureText, SECTIONS } from './tables.ts';

/** One file without a script and without anything from elsewhere. */
export function htmlReport(run: ScenarioRun, plan: ScenarioPlan, charts: readonly ActCharts[]): string {
  const tables = SECTIONS.map(({ title, header, rows }) => table(title, header, rows(run, plan))).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(run.scenario)}: ${run.verdict}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${text(run.scenario)} ${badge(run.verdict)}</h1>
<p class="reason">${text(run.reason)}</p>
<p class="facts">Run ${text(run.run)}, ${text(run.startedAt)}, ${(run.durationMs / 1000).toFixed(0)} s, seed ${run.seed}, ${text(plan.machine)}${run.load === undefined ? '' : `, load ${figureText(run.load.achieved)} of ${figureText(run.load.asked)} ${text(run.load.unit)}`}</p>
</header>
${tables}
${charts.map((act) => actHtml(act, plan)).join('\n')}
${table(DETAILS.title, DETAILS.header, DETAILS.rows(run, plan))}
${list(
  'Findings',
  run.issues.map(({ message }) => message),
)}
${list('How this was measured', run.notes ?? [])}
${list('Raw data', run.artifacts)}
</main>
</body>
</html>
`;
}

function actHtml(act: ActCharts, plan: ScenarioPlan): string {
  const many = act.agents.length > 1;
  const figures = act.agents.map((agent) => {
    const of = (title: string) => (many ? `${title}, ${agent.name}` : title);
    const cpu = limitOf(plan, 'cpu_usage')?.max;
    const memory = limitOf(plan, 'memory_usage')?.max;
    const capture = limitOf(plan, 'topn_capture_ratio')?.min;
    const sketch = limitOf(plan, 'p95p99_error')?.max;
    const recovery = limitOf(plan, 'recovery_time')?.max;
    const time = { seconds: act.seconds, bands: act.bands };
    const line = (value: number | undefined, sign: string) =>
      value === undefined ? [] : [{ value, label: `limit ${sign} ${value}` }];
    const bar = (value: number | undefined) => line(value, '≤')[0];
    return [
      lineChart({
        title: of('CPU'),
        unit: 'percent of one core',
        points: agent.cpu,
        ...time,
        limits: line(cpu, '≤'),
        fromZero: true,
      }),
      lineChart({
        title: of('Memory'),
        unit: 'MB RSS',
        points: agent.memory,
        ...time,
        limits: line(memory, '≤'),
        fromZero: true,
      }),
      lineChart({
        title: of('Capture ratio'),
        unit: 'percent of the score',
        points: agent.capture,
        ...time,
        limits: line(capture, '≥'),
        fromZero: false,
      }),
      lineChart({
        title: of('Processes exported one by one'),
        unit: 'N',
        points: agent.n,
        ...time,
        limits: [],
        fromZero: true,
      }),
      barChart(
        of('Sketch error per quantile'),
        'percent',
        agent.quantiles.map((one) => ({
          label: `${one.metric} p${one.q * 100}, ticks ${one.from}-${one.to - 1}`,
          value: one.percent,
        })),
        bar(sketch),
      ),
      ...(act.bands.length === 0
        ? []
        : [
            barChart(
              of('Recovery after each fault'),
              'seconds until data flowed again',
              agent.recoveries.map(({ fault, seconds }) => ({
                label: fault,
                value: seconds,
                missing: 'did not recover',
              })),
              bar(recovery),
            ),
          ]),
    ].join('\n');
  });
  const profiles = act.profiles.map((top) =>
    table(
      `Top functions by ${top.type}`,
      ['Function', `Flat (${top.unit})`, 'Share'],
      top.functions.map((one) => [one.name, figureText(one.flat), `${one.flatPercent.toFixed(1)} %`]),
    ),
  );
  const title = act.name === '' ? 'Over time' : act.name;
  return `<section><h2>${text(title)}</h2><div class="charts">${figures.join('\n')}</div>${profiles.join('\n')}</section>`;
}

function table(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = header.map((cell) => `<th>${text(cell)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cellHtml(cell)}</td>`).join('')}</tr>`).join('\n');
  return `<section><h2>${text(title)}</h2><div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table></div></section>`;
}

const VERDICTS: ReadonlySet<string> = new Set(['pass', 'fail', 'inconclusive', 'not-run', 'error']);

function cellHtml(cell: string): string {
  return VERDICTS.has(cell) ? badge(cell as Verdict) : text(cell);
}

function badge(verdict: Verdict): string {
  return `<span class="verdict ${verdict}">${verdict}</span>`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return `<section><h2>${text(title)}</h2><ul>${items.map((item) => `<li>${text(item)}</li>`).join('\n')}</ul></section>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --back: #fff; --panel: #f6f8fa; --data: #0969da; --limit: #cf222e; --band: #bf8700; --good: #1a7f37; --bad: #cf222e; --maybe: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --back: #0d1117; --panel: #151b23; --data: #4493f8; --limit: #f85149; --band: #d29922; --good: #3fb950; --bad: #f85149; --maybe: #d29922; } }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1500px; margin: 0 auto; padding: 24px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 17px; margin: 28px 0 8px; }
.reason { margin: 0; font-size: 16px; white-space: pre-wrap; } .facts { margin: 4px 0 0; color: var(--soft); }
.verdict { display: inline-block; padding: 0 8px; border-radius: 10px; border: 1px solid; font-size: 13px; font-weight: 600; vertical-align: middle; }
.pass { color: var(--good); } .fail, .error { color: var(--bad); } .inconclusive, .not-run { color: var(--maybe); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; } th { color: var(--soft); font-weight: 600; white-space: nowrap; }
td:first-child, td:nth-child(2) { white-space: nowrap; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 560px), 1fr)); gap: 16px; }
figure { margin: 0; padding: 12px; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
figcaption { font-weight: 600; margin-bottom: 6px; } figcaption span { color: var(--soft); font-weight: 400; }
svg { width: 100%; height: auto; display: block; } svg text { font: 11px system-ui, sans-serif; fill: var(--soft); }
svg .value { fill: var(--ink); } .grid { stroke: var(--line); stroke-width: 1; }
.line { fill: none; stroke: var(--data); stroke-width: 1.6; stroke-linejoin: round; }
line.limit { stroke: var(--limit); stroke-width: 1.2; stroke-dasharray: 5 4; } svg text.limit { fill: var(--limit); paint-order: stroke; stroke: var(--panel); stroke-width: 3px; }
.band rect { fill: var(--band); opacity: 0.18; } .bar { fill: var(--data); } .bar.over { fill: var(--limit); }
.none { color: var(--soft); } ul { padding-left: 20px; margin: 0; } li { margin: 3px 0; overflow-wrap: anywhere; }
`;
