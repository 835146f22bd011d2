import type { FileDiff } from '../../ports.ts';
import { lineDiff } from '../lines.ts';
import { isTestPath } from './protected.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Something that a change may have been made to make a goal pass without meeting it. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

/** Looks at what differs from the base; the gate's own rules, given by the operation. */
export type FindTampering = (diffs: readonly FileDiff[]) => readonly Finding[];

interface ContentRule {
  readonly code: string;
  readonly pattern: RegExp;
  readonly in: 'tests' | 'source' | 'all';
  readonly message: string;
}

const RULES: readonly ContentRule[] = [
  { code: 'guard.generate', pattern: /^\s*\/\/go:generate\b/, in: 'all', message: 'go:generate runs a program' },
  {
    code: 'guard.embed',
    pattern: /^\s*\/\/go:embed\b.*(?:\.\.|\s"?\/)/,
    in: 'all',
    message: 'it embeds a file from outside',
  },
  {
    code: 'guard.cgo',
    pattern: /^\s*#cgo\b|^\s*(?:\/\/|\*)\s*#cgo\b|\bimport\s+"C"|^\s*"C"\s*$/,
    in: 'all',
    message: 'cgo brings in another compiler',
  },
  {
    code: 'guard.linkname',
    pattern: /^\s*\/\/go:linkname\b/,
    in: 'all',
    message: 'go:linkname reaches into other packages',
  },
  { code: 'guard.ldflags', pattern: /-ldflags\b|\bGOFLAGS\b/, in: 'all', message: 'it changes how things are built' },
  {
    code: 'guard.test-detection',
    pattern:
      /\btesting\.Testing\(\)|flag\.Lookup\(\s*"test\.|os\.Args\[0\].*\.test\b|\bPYTEST_CURRENT_TEST\b|\bINFRABUILDER_[A-Z]/,
    in: 'source',
    message: 'code behaves otherwise when it is tested or measured',
  },
  {
    code: 'guard.exit-in-test',
    pattern: /\blog\.Fatal|\bsyscall\.Exit\(|\bruntime\.Goexit\(|\bflag\.Set\(\s*"test\./,
    in: 'tests',
    message: 'a test ends the program or changes how tests run',
  },
];

const GENERATED = /^(?:\/\/|#|--|\/\*|;)\s*(?:Code generated .*DO NOT EDIT\.?|@generated\b)/im;

/** Whether a file may become this text. `base` is what it was before the run; undefined where it is new. */
export function guardContent(
  path: string,
  base: string | undefined,
  text: string,
  findTampering: FindTampering,
): Refusal | undefined {
  if (GENERATED.test(base ?? '') || GENERATED.test(text)) {
    return refusal(
      'guard.generated',
      `${path} says that it is generated, so it is not edited by hand. Nothing was changed.`,
    );
  }
  if (text.includes('\0')) return refusal('guard.binary', `${path} would hold a NUL. Nothing was changed.`);
  const diff = lineDiff(path, base ?? '', text);
  const isTest = isTestPath(path);
  for (const rule of RULES) {
    if (rule.in !== 'all' && (rule.in === 'tests') !== isTest) continue;
    const line = diff.added.find((one) => rule.pattern.test(one.text));
    if (line !== undefined) return refused(rule.code, path, line.line, rule.message, line.text);
  }
  const [found] = findTampering([diff]);
  return found && refused(found.code.replace(/^tamper\./, 'guard.'), path, found.line, found.message, '');
}

function refused(code: string, path: string, line: number, why: string, text: string): Refusal {
  const shown = text === '' ? '' : ` (${text.trim().slice(0, 120)})`;
  return refusal(code, `${path}:${line}: ${why}${shown}. Nothing was changed. Do it without that line.`);
}
