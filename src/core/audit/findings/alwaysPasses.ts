import type { Issue } from '../../model/issue.ts';
import { nameOf } from '../../project/layout.ts';
import { isCheck, printsPass } from '../shell/checks.ts';
import type { Line, Unit } from '../shell/script.ts';
import { splitCommands } from '../shell/split.ts';
import { finding } from './finding.ts';

const VERIFIER = /check|verif|validat|test|lint|e2e|harness|audit/i;

/** Scripts that end well whatever they have seen: branches that say the same, and no way to another exit code. */
export function alwaysPasses(unit: Unit): Issue[] {
  const branches = sameBranches(unit);
  const whole = neverFails(unit);
  return [...branches, ...(whole === undefined ? [] : [whole])];
}

/** `if grep ...; then echo PASS; else echo PASS; fi`. */
function sameBranches({ file, lines }: Unit): Issue[] {
  const commands = lines
    .flatMap(({ line, text }) =>
      splitCommands(text).map((part) => ({
        line,
        text: part.text.replace(/^(?:then|else|do)\s+(?=\S)/, (word) => `${word.trim()}\n`),
      })),
    )
    .flatMap(({ line, text }) => text.split('\n').map((one) => ({ line, text: one.trim() })));
  const open: { line: number; branches: { line: number; text: string }[][] }[] = [];
  const found: Issue[] = [];
  for (const { line, text } of commands) {
    const top = open.at(-1);
    if (/^if\b/.test(text)) open.push({ line, branches: [] });
    else if (top !== undefined && /^(?:then|else)\b/.test(text)) top.branches.push([]);
    else if (top !== undefined && /^elif\b/.test(text)) continue;
    else if (top !== undefined && /^fi\b/.test(text)) {
      open.pop();
      const isSame = top.branches.length >= 2 && top.branches.every((branch) => saysPass(branch));
      if (!isSame) continue;
      const message = 'This check cannot fail: each branch says that it passed.';
      found.push(finding('cannot-fail', 'error', message, { file, line: top.line, text: lineAt(lines, top.line) }));
    } else top?.branches.at(-1)?.push({ line, text });
  }
  return found;
}

function saysPass(branch: readonly { readonly text: string }[]): boolean {
  const fails = branch.some(({ text }) => /\b(?:exit|return)\s+(?:[1-9]|"?\$)|\bfalse\b|\w+=/.test(text));
  return !fails && branch.some(({ text }) => printsPass(text));
}

/** A script that checks, but has no statement by which it could end with anything but 0. */
function neverFails(unit: Unit): Issue | undefined {
  const { file, kind, lines, stopsOnError } = unit;
  const checks = lines.filter(({ text }) => splitCommands(text).some((part) => isCheck(part.text)));
  const isVerifier =
    checks.length > 0 ||
    (VERIFIER.test(nameOf(file)) && lines.some(({ text }) => /\b(?:grep|test|diff|\[)\s/.test(text)));
  if (kind !== 'shell' || stopsOnError || !isVerifier) return undefined;
  const last = lines.at(-1);
  const canFail = lines.some(({ text }) =>
    /\b(?:exit|return)\s+(?:[1-9]|"?\$|-)|\b(?:exit|return)\s*(?:$|;)|\|\|\s*(?:exit|return|fail|die)\b|\bset\s+-\w*e|\bexec\s|\bfalse\b|\btrap\b|\b(?:die|fail|bail|abort)\b/.test(
      text,
    ),
  );
  const isFunctionLibrary = lines.length > 0 && last !== undefined && /^\}/.test(last.text);
  if (canFail || last === undefined || isFunctionLibrary) return undefined;
  if (!/^(?:exit\s+0|echo|printf|true|:|fi|done|esac|rm|mv|cp)\b/.test(last.text)) return undefined;
  const message = `This check cannot fail: no statement of ${nameOf(file)} ends it with anything but 0.`;
  return finding('cannot-fail', 'error', message, { file, line: last.line, text: last.text });
}

function lineAt(lines: readonly Line[], line: number): string {
  return lines.find((one) => one.line === line)?.text ?? '';
}
