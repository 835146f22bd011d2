import type { ScenarioPlan } from '../../core/model/scenarioPlan.ts';
import type { ScenarioRun } from '../../core/model/scenarioRun.ts';
import { DETAILS, figureText, SECTIONS } from './tables.ts';

export function markdownReport(run: ScenarioRun, plan: ScenarioPlan): string {
  const lines = [
    `# End-to-end run: ${run.scenario}`,
    '',
    `**${run.verdict}**: ${oneLine(run.reason)}`,
    '',
    `- Run: ${run.run}, ${run.startedAt}, ${(run.durationMs / 1000).toFixed(0)} s, seed ${run.seed}`,
    `- Machine: ${plan.machine}`,
    `- Window: ${plan.windowSeconds} s after ${plan.warmUpSeconds} s of warm-up, ${plan.replicates} time${plan.replicates === 1 ? '' : 's'}`,
    ...(run.load === undefined
      ? []
      : [`- Load: ${figureText(run.load.achieved)} of ${figureText(run.load.asked)} ${run.load.unit} asked`]),
    ...(run.controlEvents === undefined
      ? []
      : [`- Diagnostic events of the agent without faults: ${run.controlEvents.length}`]),
    '',
  ];
  for (const { title, header, rows } of [...SECTIONS, DETAILS]) {
    const body = rows(run, plan);
    if (body.length === 0) continue;
    lines.push(`## ${title}`, '', row(header), row(header.map(() => '---')), ...body.map(row), '');
  }
  lines.push(
    ...list(
      'Findings',
      run.issues.map(({ message }) => message),
    ),
  );
  lines.push(...list('How this was measured', run.notes ?? []));
  lines.push(
    ...list(
      'Raw data',
      run.artifacts.map((file) => `\`${file}\``),
    ),
  );
  return `${lines.join('\n').trimEnd()}\n`;
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`## ${title}`, '', ...items.map((item) => `- ${oneLine(item)}`), ''];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => oneLine(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' / ');
}
