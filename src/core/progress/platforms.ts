import type { MeasuredEntry } from '../evidence/store.ts';
import { platformsOf, type Scenario } from '../model/scenario.ts';
import type { Verdict } from '../model/verdict.ts';

export interface PlatformVerdict {
  /** `linux 5.10`, `windows`. */
  readonly name: string;
  readonly os: string;
  readonly version: string | undefined;
  readonly verdict: Verdict;
}

const SYSTEMS: Readonly<Record<string, string>> = { darwin: 'macos', windows_nt: 'windows' };

/** The platforms that a scenario names, each with the verdict of fresh evidence that was measured there; else not-run. */
export function platformVerdicts(scenario: Scenario, fresh: readonly MeasuredEntry[]): readonly PlatformVerdict[] {
  return platformsOf(scenario).flatMap(({ os, versions }) => {
    const list: readonly (string | undefined)[] = versions.length === 0 ? [undefined] : versions;
    return list.map((version) => {
      const here = fresh.filter((entry) => ranOn(entry, os, version));
      const name = version === undefined ? os : `${os} ${version}`;
      return { name, os, version, verdict: here.at(-1)?.statement.predicate.verdict ?? 'not-run' };
    });
  });
}

/** YAML reads 5.10 as 5.1, so both stand for kernels 5.10 and 5.1. */
function ranOn({ statement }: MeasuredEntry, os: string, version: string | undefined): boolean {
  const { os: type, release } = statement.predicate.machine;
  const system = String(type ?? '').toLowerCase();
  if ((SYSTEMS[system] ?? system) !== os) return false;
  if (version === undefined || /^latest$/i.test(version)) return true;
  const named = String(release ?? '').match(/^\d+(?:\.\d+)?/)?.[0] ?? '';
  return named === version || named === `${version}0`;
}
