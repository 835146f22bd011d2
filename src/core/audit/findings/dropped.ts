import type { Issue } from '../../model/issue.ts';
import { isCheck, printsPass } from '../shell/checks.ts';
import type { Line, Unit } from '../shell/script.ts';
import { splitCommands } from '../shell/split.ts';
import { finding, quoted } from './finding.ts';

const HARMLESS = /^(?:true|:|exit\s+0|return\s+0)\b|^(?:true|:)$/;

/** Checks whose verdict goes nowhere, in one unit of shell commands. Each line is named once. */
export function droppedVerdicts(unit: Unit): Issue[] {
  return unit.lines.flatMap((line, at) => {
    const why = whyDropped(unit, line, unit.lines[at + 1]);
    if (why === undefined) return [];
    const message = `This check cannot fail: ${why} ${quoted(line.text)}`;
    return [
      finding(why.startsWith('it runs no test') ? 'runs-no-test' : 'cannot-fail', 'error', message, {
        file: unit.file,
        line: line.line,
        text: line.text,
      }),
    ];
  });
}

function whyDropped(unit: Unit, line: Line, next: Line | undefined): string | undefined {
  const parts = splitCommands(line.text);
  if (line.signs.includes('-') && parts.some(({ text }) => isCheck(text))) {
    return 'the "-" in front makes make ignore its exit code.';
  }
  for (const [at, { text, operator }] of parts.entries()) {
    const after = parts[at + 1];
    const empty = emptyRun(text);
    if (empty !== undefined) return empty;
    const inside = substituted(text);
    if (inside !== undefined) return inside;
    if (!isCheck(text)) continue;
    if (/\bmake\s+(?:\S+\s+)*(?:-i|--ignore-errors)\b/.test(text)) return 'make is told to ignore errors.';
    if (operator === '|' && !unit.pipefail && !isConditional(parts[0]?.text)) {
      return `the exit code is that of what stands behind the pipe; "set -o pipefail" is missing.`;
    }
    if (operator === '||' && after !== undefined && swallows(parts.slice(at + 1))) {
      return `what stands behind "||" hides its exit code.`;
    }
    const followed = operator === ';' ? after : undefined;
    if (followed !== undefined && HARMLESS.test(followed.text) && at + 2 >= parts.length && !isConditional(text)) {
      return `"${followed.text}" behind it decides the exit code.`;
    }
  }
  const [only] = parts;
  const standsAlone = parts.length === 1 && only !== undefined && isCheck(only.text) && !isConditional(only.text);
  if (standsAlone && !unit.stopsOnError && next !== undefined && printsPass(next.text)) {
    return 'the next line says that it passed, whatever it said; "set -e" is missing.';
  }
  return undefined;
}

/** What is behind `||` neither fails nor remembers. */
function swallows(rest: readonly { readonly text: string }[]): boolean {
  const [first] = rest;
  if (first === undefined) return false;
  if (HARMLESS.test(first.text)) return true;
  return rest.length === 1 && /^(?:echo|printf)\b/.test(first.text);
}

/** `if go test; then`: somebody looks at the exit code. */
function isConditional(text: string | undefined): boolean {
  return /^(?:if|elif|while|until|!)\s/.test(text ?? '');
}

const EMPTY_PATTERN =
  /\s-(?:test\.)?run[= ]\s*['"]?(?:\^\$|XXX+|NONE|none|nothing|\^#|\^NONE\$|\^XXX\$|_|-)['"]?(?=\s|$)/;

/** A test command that is made to run nothing. */
export function emptyRun(command: string): string | undefined {
  if (
    /\bgo\s+test\b/.test(command) &&
    EMPTY_PATTERN.test(`${command} `) &&
    !/\s-(?:test\.)?(?:bench|fuzz)\b/.test(command)
  ) {
    return 'it runs no test: its -run matches none, and go test exits 0 then.';
  }
  return /--passWithNoTests\b|--pass-with-no-tests\b/.test(command)
    ? 'it runs no test and passes where none is found.'
    : undefined;
}

/** `echo "$(go test)"` and `local x=$(go test)` have the exit code of echo and local. */
function substituted(text: string): string | undefined {
  const [, around = '', inside = ''] =
    /^(local|export|readonly|declare|typeset|echo|printf)\b[^$`]*(?:\$\(|`)(.*)$/.exec(text) ?? [];
  if (around === '' || !isCheck(inside.replace(/[`)]["']?\s*$/, ''))) return undefined;
  return `the exit code is that of ${around}, not of the command inside.`;
}
