import type { Issue } from '../../model/issue.ts';
import type { Snapshot } from '../../project/snapshot.ts';
import type { Judged } from '../claim.ts';
import type { Proofs } from '../judge/proofs.ts';
import type { DoneTask } from '../judge/tasks.ts';
import { isTest, scriptKind } from '../kinds.ts';
import type { Repository } from '../repository.ts';
import { fileUse } from '../shell/reads.ts';
import { readUnits } from '../shell/script.ts';
import { allowedFailures, emptyChecks, emptyTargets } from './allowed.ts';
import { alwaysPasses } from './alwaysPasses.ts';
import { contradictions, evidenceProblems, movedByHand, untested } from './claims.ts';
import { impossibleDates } from './dates.ts';
import { droppedVerdicts } from './dropped.ts';
import { copiedFigures, unproducedFigures } from './figures.ts';
import { outdatedResults } from './outdated.ts';
import { recordingsInProgram, recordingsInUnit } from './recordings.ts';
import { hollowTests } from './tests.ts';
import { wrongPlaces } from './wrongPlace.ts';

export interface Material {
  readonly repository: Repository;
  readonly snapshot: Snapshot;
  readonly proofs: Proofs;
  readonly done: readonly DoneTask[];
  readonly judged: readonly Judged[];
  /** Imports of packages that do not exist. */
  readonly broken: readonly Issue[];
}

/** Everything that contradicts a claim, or makes a verdict worth nothing. A new finding is a file beside this and a line here. */
export function findingsOf(material: Material): Issue[] {
  const { repository, snapshot, proofs, judged } = material;
  const statements = judged.map(({ statement }) => statement);
  return [
    ...contradictions(material),
    ...movedByHand(material),
    ...evidenceProblems(material),
    ...untested(material),
    ...repository.paths.flatMap((file) => findingsIn(repository, file)),
    ...emptyChecks(snapshot),
    ...unproducedFigures(repository, statements, proofs.metrics),
    ...copiedFigures(repository, judged),
    ...outdatedResults(repository, snapshot),
    ...impossibleDates(repository),
  ];
}

/** What one file tells about itself. */
export function findingsIn(repository: Repository, file: string): Issue[] {
  const text = repository.read(file);
  if (text === undefined) return [];
  if (isTest(file)) return hollowTests(file, text);
  const kind = scriptKind(file);
  if (kind === undefined) return [];
  if (kind === 'program') return recordingsInProgram(repository, file, text);
  const shared = kind === 'ci' ? allowedFailures(file, text) : kind === 'shell' ? [] : emptyTargets(file, text);
  const own = readUnits(file, text).flatMap((unit) => {
    const use = fileUse(unit);
    return [
      ...droppedVerdicts(unit),
      ...alwaysPasses(unit),
      ...recordingsInUnit(repository, unit, use),
      ...wrongPlaces(repository, unit, use),
    ];
  });
  return withoutDoubles([...shared, ...own]);
}

/** One line, one finding of a kind. */
function withoutDoubles(issues: readonly Issue[]): Issue[] {
  const seen = new Set<string>();
  return issues.filter(({ code, range }) => {
    const key = `${code} ${range.start.line}`;
    return !seen.has(key) && seen.add(key);
  });
}
