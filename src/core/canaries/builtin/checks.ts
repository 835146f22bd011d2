import { posix } from 'node:path';
import type { Check } from '../../model/check.ts';
import type { GoalOf } from '../../model/goal.ts';
import { type Defect, MARK } from '../defect.ts';
import { goPackage } from './docs.ts';
import { failingTest, skipAll, unformatted, untested } from './goTests.ts';
import type { Builder, Subject } from './subject.ts';

/** A check with the Go files that it reads. */
interface Suite {
  readonly name: string;
  readonly check: Check;
  readonly tests: readonly string[];
  readonly sources: readonly string[];
}

/**
 * G-8: a failing test, a suite whose tests are all skipped, code that no test reaches where coverage counts, and a file that
 * is not formatted where that is checked. The suite with the fewest files is broken, because it is the quickest.
 */
export const checksDefects: Builder<'checks'> = async (goal, subject) => {
  const suites = await suitesOf(goal, subject);
  const go = suites.filter(({ check, tests }) => check.parser === 'gotest' && tests.length > 0).sort(bySize);
  const covered = go.find(({ check }) => check.coverage !== undefined);
  const format = suites.find(({ check, sources }) => check.parser === 'gofmt' && sources.length > 0);
  const defects = [
    ...(go[0] === undefined ? [] : [await failing(goal, go[0], subject), await skipping(goal, go[0], subject)]),
    ...(covered === undefined ? [] : [await uncovered(goal, covered, subject)]),
    ...(format === undefined ? [] : [await misformatted(goal, format, subject)]),
  ];
  if (defects.length > 0) return defects;
  const why = `None of the checks ${goal.checks.join(', ')} is one that a defect is known for. Declare a canary.`;
  return [{ goal: goal.id, title: 'a failing test', origin: 'built-in', why }];
};

async function suitesOf({ checks: names }: GoalOf<'checks'>, { snapshot, tree }: Subject): Promise<Suite[]> {
  const { checks } = snapshot.config;
  const suites = names.flatMap((name) => {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    return check === undefined ? [] : [{ name, check, cwd: posix.normalize(check.cwd).replace(/\/$/, '') }];
  });
  const paths = [...(await tree.list(['.', ...suites.map(({ cwd }) => cwd)])).keys()].sort();
  return suites.map(({ name, check, cwd }) => {
    const prefix = cwd === '.' ? '' : `${cwd}/`;
    const own = paths.filter((path) => path.startsWith(prefix) && isReadByGo(path.slice(prefix.length), check.run));
    const isTest = (path: string) => path.endsWith('_test.go');
    return { name, check, tests: own.filter(isTest), sources: own.filter((path) => !isTest(path)) };
  });
}

/** `./...`, `./sampler/...` and `./sampler` name packages; without any of them all files below the folder count. */
export function isReadByGo(path: string, argv: readonly string[]): boolean {
  if (!path.endsWith('.go') || path.split('/').some((part) => /^[._]|^(?:vendor|testdata)$/.test(part))) return false;
  const named = argv.filter((word) => /^\.{1,3}(?:\/|$)/.test(word)).map((word) => posix.normalize(word));
  const folder = posix.dirname(path);
  return named.length === 0 || named.some((word) => holds(word, folder));
}

function holds(word: string, folder: string): boolean {
  if (word === '.' || word === './' || word === '...') return true;
  const base = word.replace(/\/(?:\.\.\.)?$/, '');
  return folder === base || (word.endsWith('/...') && folder.startsWith(`${base}/`));
}

function bySize(a: Suite, b: Suite): number {
  return a.tests.length + a.sources.length - (b.tests.length + b.sources.length);
}

async function failing(goal: GoalOf<'checks'>, suite: Suite, subject: Subject): Promise<Defect> {
  const { file, packageName } = await beside(suite.tests[0] ?? '', `${MARK}_test.go`, subject);
  return defect(goal, suite, 'a failing test', [{ file, content: failingTest(packageName) }]);
}

async function skipping(goal: GoalOf<'checks'>, suite: Suite, { files }: Subject): Promise<Defect> {
  const changed = await Promise.all(
    suite.tests.map(async (file) => ({ file, content: skipAll((await files.read(file)) ?? '') })),
  );
  const planted = changed.flatMap(({ file, content }) => (content === undefined ? [] : [{ file, content }]));
  return { ...defect(goal, suite, 'all tests skipped', planted), shows: 'no-pass' };
}

/** No more statements than lines can be covered today; so many are added that these are less than the limit. */
async function uncovered(goal: GoalOf<'checks'>, suite: Suite, subject: Subject): Promise<Defect> {
  const least = Math.max(suite.check.coverage?.min ?? 0, 1);
  let lines = 0;
  for (const path of suite.sources) lines += ((await subject.files.read(path)) ?? '').split('\n').length;
  const statements = Math.ceil(lines * (100 / least - 1) + lines / 10) + 10;
  const { file, packageName } = await beside(suite.tests[0] ?? '', `${MARK}.go`, subject);
  const content = untested(packageName.replace(/_test$/, ''), statements);
  return defect(goal, suite, `${statements} statements that no test reaches`, [{ file, content }]);
}

async function misformatted(goal: GoalOf<'checks'>, suite: Suite, subject: Subject): Promise<Defect> {
  const { file, packageName } = await beside(suite.sources[0] ?? '', `${MARK}.go`, subject);
  return defect(goal, suite, 'a file that is not formatted', [{ file, content: unformatted(packageName) }]);
}

async function beside(model: string, name: string, { files }: Subject) {
  const file = posix.join(posix.dirname(model), name);
  return { file, packageName: goPackage((await files.read(model)) ?? '') };
}

function defect(goal: GoalOf<'checks'>, { name }: Suite, title: string, files: Defect['files']): Defect {
  const step = `check:${name}`;
  return { goal: goal.id, title: `${title} (${name})`, origin: 'built-in', files, shows: 'fail', step };
}
