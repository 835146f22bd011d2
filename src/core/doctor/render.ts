import { type DoctorReport, isUsable, type ToolReport } from './diagnose.ts';
import type { FixReport } from './fix.ts';

/** A report for people: a line a tool, with what to do below those that cannot be used. */
export function doctorText(report: DoctorReport): string[] {
  const width = Math.max(...report.tools.map((tool) => tool.title.length));
  const lines = report.tools.flatMap((tool) => toolText(tool, width));
  if (report.ok) return [...lines, 'Everything that the checks need is there.'];
  return [...lines, `Missing for the checks: ${report.missingRequired.join(', ')}.`];
}

/** What `doctor --fix` did, without the report that follows it. */
export function fixText(report: FixReport): string[] {
  const lines = report.installed.map((id) => `installed ${id}`);
  lines.push(
    ...report.failed.map(
      ({ id, command, message }) => `failed    ${id}: ${message}\n          Try it yourself: ${command}`,
    ),
  );
  if (report.declined) lines.push('Nothing was installed.');
  lines.push(...report.advice.map(({ id, install }) => `by hand   ${id}: ${install}`));
  return lines.length === 0 ? ['There is nothing to install.'] : lines;
}

function toolText(tool: ToolReport, width: number): string[] {
  const version = tool.version ?? '';
  const atLeast = tool.minimum === undefined ? '' : ` (at least ${tool.minimum})`;
  const head = `${mark(tool)} ${tool.title.padEnd(width)}  ${`${version}${atLeast}`.trim()}`.trimEnd();
  if (isUsable(tool) && tool.status === 'ok') return [`${head}  ${tool.path ?? ''}`.trimEnd()];
  const indent = ' '.repeat(mark(tool).length + 1 + width + 2);
  const users =
    tool.neededBy.length > 0
      ? tool.neededBy.join(', ')
      : tool.commands.map((name) => `infrabuilder ${name}`).join(', ');
  const details = [
    tool.problem ?? '',
    `Why: ${tool.why}.${users === '' ? '' : ` Needed by ${users}.`}`,
    tool.install === undefined ? '' : `Install: ${tool.install}`,
  ];
  return [head, ...details.filter(Boolean).map((text) => indent + text)];
}

const MARK_WIDTH = 8;

function mark(tool: ToolReport): string {
  const word = tool.status === 'ok' ? 'ok' : isUsable(tool) ? 'found' : tool.required ? 'REQUIRED' : 'optional';
  return word.padEnd(MARK_WIDTH);
}
