import type { Checks } from '../../checks/checks.ts';
import { FILE_START } from '../../model/source.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import type { Execution } from '../claim.ts';

const OUTCOMES: Readonly<Record<Verdict, Execution['outcome']>> = {
  pass: 'holds',
  fail: 'breaks',
  error: 'unknown',
  inconclusive: 'unknown',
  'not-run': 'unknown',
};

/** Runs the checks that `infrabuilder.yaml` declares and of which fresh evidence does not know the verdict. */
export async function runChecks(
  checks: Checks,
  snapshot: Snapshot,
  settled: ReadonlySet<string>,
  {
    signal,
    say,
  }: { readonly signal?: AbortSignal | undefined; readonly say?: ((message: string) => void) | undefined },
): Promise<Execution[]> {
  const { config, configFile, source } = snapshot;
  if (configFile === undefined) return [];
  const found: Execution[] = [];
  for (const [name, check] of Object.entries(config.checks)) {
    if (settled.has(`check:${name}`)) continue;
    say?.(`${name}: ${check.run.join(' ')} (in ${check.cwd})`);
    const range = source(configFile)?.parsed.locateKey(['checks', name]) ?? FILE_START;
    const result = await checks.run(name, check, { signal, definition: { file: configFile, range } });
    const place = result.issues.find(({ severity }) => severity === 'error');
    found.push({
      command: `infrabuilder check ${name}`,
      cwd: check.cwd,
      outcome: OUTCOMES[result.verdict],
      reason: result.reason,
      check: name,
      place: place && { file: place.file, range: place.range },
    });
  }
  return found;
}
