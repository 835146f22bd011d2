import { compareIssues, type Issue } from '../../model/issue.ts';
import { Hints } from '../hints.ts';
import type { Index } from '../index.ts';
import { checkCanaries } from './canaries.ts';
import { checkCycles } from './cycles.ts';
import { checkDeviations } from './deviations.ts';
import { checkDocuments } from './documents.ts';
import { checkDone } from './done.ts';
import { checkGoals } from './goals.ts';
import { Kept } from './kept.ts';
import { checkMappedSlug, checkStories } from './mapping.ts';
import { checkMilestones } from './milestones.ts';
import { checkScenarios } from './scenarios.ts';
import { checkTask } from './tasks.ts';
import { checkWorkspace, emptyWorkspace, isEmpty } from './workspace.ts';

/** Runs the cross checks; those of tasks only where their surroundings have changed since the last run. */
export class Validator {
  readonly #tasks = new Kept();
  readonly #mapped = new Kept();
  #cycles: readonly Issue[] = [];

  /** All issues of the workspace in the order of `compareIssues`. Takes the marks off the index. */
  run(index: Index, today: string): readonly Issue[] {
    const hints = new Hints();
    this.#spread(index);
    for (const file of index.touched) {
      const entry = index.tasks.get(file);
      this.#tasks.check(file, entry === undefined ? [] : checkTask(entry, index, hints));
    }
    for (const slug of index.touchedSlugs) this.#mapped.check(slug, checkMappedSlug(slug, index, hints));
    if (this.#cyclesMayDiffer(index)) this.#cycles = checkCycles(index);
    index.takeMarks();
    if (isEmpty(index)) return [emptyWorkspace()];
    const found = [...index.unreadable.values(), ...this.#cycles, ...this.#tasks.issues(), ...this.#mapped.issues()];
    for (const entry of index.entries()) for (const issue of entry.parsed.issues) found.push(issue);
    found.push(...checkWorkspace(index), ...checkStories(index), ...checkDeviations(index, hints, today));
    for (const check of [checkGoals, checkScenarios, checkMilestones, checkCanaries, checkDone])
      found.push(...check(index, hints));
    if (!index.configBroken) found.push(...checkDocuments(index, hints));
    return found.sort(compareIssues);
  }

  /** Marks what must be checked again beyond what the index has marked. */
  #spread(index: Index): void {
    if (index.allTouched) {
      this.#tasks.clear();
      this.#mapped.clear();
      for (const file of index.tasks.keys()) index.touched.add(file);
      for (const slug of index.mapping?.tasksBySlug.keys() ?? []) index.touchedSlugs.add(slug);
    } else if (index.slugsChanged) {
      // A new slug can be what an unknown one meant.
      for (const file of this.#tasks.withCode('task.unknown-dependency')) index.touched.add(file);
      for (const slug of this.#mapped.withCode('mapping.unknown-task')) index.touchedSlugs.add(slug);
    }
  }

  #cyclesMayDiffer(index: Index): boolean {
    const places = this.#cycles.flatMap((issue) => [issue, ...(issue.related ?? [])]);
    return index.dependenciesChanged || places.some(({ file }) => index.touched.has(file));
  }
}
