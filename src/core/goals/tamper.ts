import type { Issue } from '../model/issue.ts';
import { lineRange } from '../model/source.ts';
import type { DiffLine, FileDiff } from '../ports.ts';

/** A change that can make a goal pass without the goal being met. It may be right; then a person says so by name. */
export interface TamperFinding {
  /** Names this very change: the same words elsewhere are another finding. */
  readonly id: string;
  readonly issue: Issue;
}

const TEST_FILE =
  /_test\.go$|\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)(?:test_[^/]*|[^/]*_test)\.py$|(?:^|\/)src\/test\//;
const RULES =
  /(?:^|\/)(?:infrabuilder\.ya?ml|conformance\.yaml|conformance\.baseline\.json|\.golangci\.(?:ya?ml|toml|json)|Makefile|buf\.yaml)$|(?:^|\/)\.github\/workflows\//;
const SCENARIO = /(?:^|\/)scenarios\/[^/]+\.ya?ml$/;

interface LineRule {
  readonly code: string;
  readonly pattern: RegExp;
  readonly testsOnly: boolean;
  readonly message: string;
}

const ADDED: readonly LineRule[] = [
  {
    code: 'tamper.new-skip',
    pattern:
      /\bt\.Skip(?:Now|f)?\(|\btesting\.Short\(\)|\b(?:it|describe|test)\.skip\(|\bx(?:it|describe)\(|@pytest\.mark\.skip|@unittest\.skip|#\[ignore|@Disabled\b/,
    testsOnly: true,
    message: 'A test is skipped that was not skipped when the task was opened.',
  },
  {
    code: 'tamper.new-testmain',
    pattern: /\bfunc TestMain\(/,
    testsOnly: true,
    message: 'A TestMain was added: it decides what a test run exits with.',
  },
  {
    code: 'tamper.exit-in-test',
    pattern: /\bos\.Exit\(|\bprocess\.exit\(|\bsys\.exit\(|\bos\._exit\(/,
    testsOnly: true,
    message: 'A test ends the program: what would run after it does not.',
  },
  {
    code: 'tamper.build-tag',
    pattern: /^\/\/\s?(?:go:build|\+build)\b/,
    testsOnly: true,
    message: 'A build constraint was added to tests: they may not run any more.',
  },
  {
    code: 'tamper.suppression',
    pattern:
      /\/\/\s?nolint\b|\beslint-disable|\bbiome-ignore\b|#\s?noqa\b|#\s?type:\s?ignore|@SuppressWarnings|@ts-(?:ignore|nocheck|expect-error)\b/,
    testsOnly: false,
    message: 'A finding of a linter or compiler was silenced.',
  },
];

const ASSERTION = /\bt\.(?:Error|Fatal|Fail)|\bassert\b|\brequire\.\w+\(|\bexpect\(|\bassert\w*[.!(]/;
const TEST = /^\s*(?:func ((?:Test|Benchmark|Fuzz)\w+)\(|(?:it|test)\(\s*['"`](.+?)['"`]|def (test_\w+)\()/;
const LIMIT = /\b(?:min|max|unit|expect_\w+|duration_\w+|pids\w*|at_seconds|coverage|required_sections)\b/;

/** Looks at what changed since the task was opened. `tests` is for each check how many tests ran then and now. */
export function findTampering(diffs: readonly FileDiff[]): TamperFinding[] {
  return diffs.flatMap((diff) => [
    ...addedLines(diff),
    ...lostTests(diff),
    ...lostAssertions(diff),
    ...changedRules(diff),
  ]);
}

function addedLines({ path, added, removed }: FileDiff): TamperFinding[] {
  const isTest = TEST_FILE.test(path);
  const before = new Set(removed.map(({ text }) => text.trim()));
  return ADDED.filter(({ testsOnly }) => isTest || !testsOnly).flatMap(({ code, pattern, message }) =>
    added
      .filter(({ text }) => pattern.test(text) && !before.has(text.trim()))
      .map((line) => finding(code, `${message} ${quoted(line.text)}`, path, line)),
  );
}

function lostTests({ path, added, removed }: FileDiff): TamperFinding[] {
  if (!TEST_FILE.test(path)) return [];
  const names = (lines: readonly DiffLine[]) => lines.flatMap((line) => ({ name: testName(line.text), line }));
  const kept = new Set(names(added).map(({ name }) => name));
  return names(removed)
    .filter(({ name }) => name !== undefined && !kept.has(name))
    .map(({ name, line }) => finding('tamper.test-removed', `The test ${name} is gone.`, path, line));
}

function lostAssertions({ path, added, removed }: FileDiff): TamperFinding[] {
  if (!TEST_FILE.test(path)) return [];
  const count = (lines: readonly DiffLine[]) => lines.filter(({ text }) => ASSERTION.test(text)).length;
  const lost = count(removed) - count(added);
  const first = removed.find(({ text }) => ASSERTION.test(text));
  if (lost <= 0 || first === undefined) return [];
  const message = `${lost} assertion${lost === 1 ? '' : 's'} fewer than when the task was opened. The first that went: ${quoted(first.text)}`;
  return [finding('tamper.fewer-assertions', message, path, first)];
}

/** Limits, checks, rules and baselines decide what passes. A new scenario is none of this; a changed one may be. */
function changedRules({ path, added, removed }: FileDiff): TamperFinding[] {
  const isScenario = SCENARIO.test(path);
  if (!RULES.test(path) && !isScenario) return [];
  if (removed.length === 0 && isScenario) return [];
  const lines = [...removed, ...added].filter(({ text }) => text.trim() !== '' && !/^\s*#/.test(text));
  const chosen = isScenario ? lines.filter(({ text }) => LIMIT.test(text)) : lines;
  const [first] = chosen;
  if (first === undefined) return [];
  const message = `What decides about passing was changed in ${chosen.length} line${chosen.length === 1 ? '' : 's'}. The first: ${quoted(first.text)}`;
  const all = chosen.map(({ text }) => text).join('\n');
  return [finding('tamper.rules-changed', message, path, { line: first.line, text: all })];
}

/** Executed tests of a check at the start and now. */
export function fewerTests(check: string, before: number, now: number, file: string): TamperFinding | undefined {
  if (now >= before) return undefined;
  const message = `Check ${check} executed ${now} tests; when the task was opened it executed ${before}.`;
  return finding('tamper.fewer-tests', message, file, { line: 1, text: `${check} ${before} ${now}` });
}

function finding(code: string, message: string, path: string, line: DiffLine): TamperFinding {
  const issue: Issue = { code, severity: 'error', message, file: path, range: lineRange(line.line, '') };
  return { id: `${code}:${path}#${shortHash(line.text.trim())}`, issue };
}

function testName(text: string): string | undefined {
  const [, go, script, python] = TEST.exec(text) ?? [];
  return go ?? script ?? python;
}

function quoted(text: string): string {
  const short = text.trim();
  return `"${short.length <= 100 ? short : `${short.slice(0, 100)} …`}"`;
}

/** FNV-1a over UTF-16 units: tells findings apart, protects nothing. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
