import type { Config } from '../../model/config.ts';
import type { Issue } from '../../model/issue.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import { isCheck } from '../shell/checks.ts';
import { emptyRun } from './dropped.ts';
import { finding, quoted } from './finding.ts';

const ALLOWED = /^(\s*)(?:-\s+)?(continue-on-error|allow_failure):\s*true\b/;

/** CI steps that may fail without anybody hearing of it, where they run a check. A whole job counts too. */
export function allowedFailures(file: string, text: string): Issue[] {
  const lines = text.split(/\r?\n/);
  return lines.flatMap((line, index) => {
    const match = ALLOWED.exec(line);
    if (match === null) return [];
    const depth = line.length - line.replace(/^\s*(?:-\s+)?/, '').length;
    const step = blockAround(lines, index, depth);
    if (!step.some((one) => isCheck(one.replace(/^\s*(?:-\s+)?(?:run:\s*)?/, '')))) return [];
    const message = `This check cannot fail: ${match[2]} lets the pipeline be green whatever it says.`;
    return [finding('cannot-fail', 'error', message, { file, line: index + 1, text: line })];
  });
}

/** The lines of the mapping that a line is in, with all that is deeper. */
function blockAround(lines: readonly string[], index: number, depth: number): string[] {
  const inside = (line: string) =>
    line.trim() === '' || line.length - line.replace(/^\s*(?:-\s+)?/, '').length >= depth;
  const startsItem = (line: string) =>
    /^\s*-\s/.test(line) && line.length - line.replace(/^\s*-\s+/, '').length === depth;
  let from = index;
  while (from > 0 && !startsItem(lines[from] ?? '') && inside(lines[from - 1] ?? '')) from--;
  let to = index;
  while (to + 1 < lines.length && inside(lines[to + 1] ?? '') && !startsItem(lines[to + 1] ?? '')) to++;
  return lines.slice(from, to + 1);
}

const NOTHING = /^(?:true|:|echo|printf)$/;

/** `.IGNORE` in a Makefile, and npm scripts that stand for tests but run none. */
export function emptyTargets(file: string, text: string): Issue[] {
  const lines = text.split(/\r?\n/);
  const found: Issue[] = [];
  for (const [index, line] of lines.entries()) {
    const place = { file, line: index + 1, text: line };
    if (/^\.IGNORE\s*:/.test(line)) {
      found.push(
        finding('cannot-fail', 'error', 'This check cannot fail: .IGNORE makes make ignore exit codes.', place),
      );
    }
    const script = /^\s*"(test|check|lint|verify|validate)[\w:-]*":\s*"((?:[^"\\]|\\.)*)"/.exec(line);
    const command = script?.[2]?.replace(/\\"/g, '"') ?? '';
    if (
      file.endsWith('package.json') &&
      script !== null &&
      /^(?:true|:|exit 0|echo\b(?!.*exit 1).*)$/.test(command.trim())
    ) {
      found.push(
        finding('runs-no-test', 'error', `This check cannot fail: it runs nothing. ${quoted(command)}`, place),
      );
    }
  }
  return found;
}

/** Checks of `infrabuilder.yaml` that run nothing or cannot fail. */
export function emptyChecks({ config, configFile, source }: Snapshot): Issue[] {
  if (configFile === undefined) return [];
  return Object.entries(config.checks).flatMap(([name, check]) => {
    const why = whyEmpty(check);
    if (why === undefined) return [];
    const range = source(configFile)?.parsed.locateKey(['checks', name]);
    const message = `The check ${name} cannot fail: ${why} ${quoted(check.run.join(' '))}`;
    const issue = finding('runs-no-test', 'error', message, { file: configFile, line: range?.start.line ?? 1 });
    return [range === undefined ? issue : { ...issue, range }];
  });
}

function whyEmpty({ run }: Config['checks'][string]): string | undefined {
  const [program = ''] = run;
  if (NOTHING.test(program)) return 'it runs nothing.';
  const shell = /^(?:ba|z|k)?sh$/.test(program) && run[1] === '-c' ? (run[2] ?? '') : '';
  if (/\|\|\s*(?:true|:|exit\s+0)\b|;\s*(?:true|exit\s+0)\s*$|^\s*(?:true|exit\s+0)\s*$/.test(shell))
    return 'the shell hides its exit code.';
  return emptyRun(shell === '' ? run.join(' ') : shell);
}
