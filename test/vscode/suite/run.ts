import { appendFileSync, writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const TIMEOUT_MS = 90_000;

/**
 * Runs the suite in the extension host. The results go to the file that INFRABUILDER_TEST_REPORT names, line by line,
 * because the host's output is nobody's terminal. Rejects where a test fails.
 */
export async function runSuite(files: readonly (() => Promise<unknown>)[]): Promise<void> {
  const report = process.env.INFRABUILDER_TEST_REPORT;
  const say = (line: string): void => {
    if (report !== undefined) appendFileSync(report, `${line}\n`);
  };
  const mocha = new Mocha({ ui: 'bdd', timeout: TIMEOUT_MS, forbidOnly: true, forbidPending: true });
  const pattern = process.env.INFRABUILDER_TEST_GREP;
  if (pattern !== undefined) mocha.grep(pattern);
  if (report !== undefined) writeFileSync(report, '');
  mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
  for (const load of files) await load();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('suite', (suite) => say(`${'  '.repeat(depth(suite))}${suite.title}`));
    runner.on('pass', (test) => say(`${'  '.repeat(depth(test.parent) + 1)}ok  ${test.title} (${test.duration} ms)`));
    runner.on('fail', (test, error: Error) => {
      say(`${'  '.repeat(depth(test.parent) + 1)}FAIL ${test.title}\n${error.stack ?? error.message}`);
    });
    runner.on('end', () => {
      const { passes = 0, failures: failed = 0 } = runner.stats ?? {};
      say(`PASSED ${passes}`);
      say(`FAILED ${failed}`);
      say('END');
    });
  });
  if (failures > 0) throw new Error(`${failures} tests failed.`);
}

function depth(suite: Mocha.Suite | undefined): number {
  return suite === undefined || suite.root ? 0 : depth(suite.parent) + 1;
}
