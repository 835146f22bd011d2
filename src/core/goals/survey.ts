import { changedResources, definitionDigest, InputDigests } from '../evidence/inputs.ts';
import type { Evidence, Ledger, MeasuredEntry } from '../evidence/store.ts';
import type { Resource } from '../model/evidence.ts';
import type { Issue } from '../model/issue.ts';
import { FILE_START } from '../model/source.ts';
import { combineVerdicts } from '../model/verdict.ts';
import type { WorkTree } from '../ports.ts';
import type { Inputs } from './inputs.ts';
import type { Facts, Step } from './step.ts';

/** What evidence says about a step on the work tree as it is now. */
export interface StepState {
  readonly step: Step;
  readonly subject: readonly Resource[];
  readonly configuration: readonly Resource[];
  /** Evidence on these very inputs; of several that did not know of each other the worst. */
  readonly fresh: MeasuredEntry | undefined;
  /** The newest evidence, whatever it was measured on. */
  readonly last: MeasuredEntry | undefined;
  /** What changed since `last`; empty where that is fresh or there is none. */
  readonly changed: readonly string[];
  /** Problems with the evidence itself, and a warning where the same inputs have given different verdicts. */
  readonly issues: readonly Issue[];
}

export interface SurveyPorts {
  readonly evidence: Evidence;
  readonly tree: Pick<WorkTree, 'list'>;
  readonly inputs: Inputs;
}

export interface Survey {
  readonly ledger: Ledger;
  state(step: Step): Promise<StepState>;
}

/** Reads evidence and work tree once; each step is then looked up in memory. */
export async function survey({ evidence, tree, inputs }: SurveyPorts): Promise<Survey> {
  const [ledger, listing] = await Promise.all([evidence.load(), tree.list(inputs.roots, inputs.without)]);
  const digests = new InputDigests(listing);
  const known = new Map<string, Promise<StepState>>();
  return {
    ledger,
    state(step) {
      const found = known.get(step.id) ?? stepState(step, ledger, digests, evidence);
      known.set(step.id, found);
      return found;
    },
  };
}

async function stepState(step: Step, ledger: Ledger, digests: InputDigests, evidence: Evidence): Promise<StepState> {
  const outside = (await step.outside?.()) ?? [];
  const subject = [...(await digests.of(step.inputs)), ...outside];
  const configuration = [await definitionDigest(`definition of ${step.id}`, step.definition)];
  const history = ledger.history(step.id);
  const changes = (entry: MeasuredEntry) => [
    ...changedResources(entry.statement.subject, subject),
    ...changedResources(entry.statement.predicate.configuration, configuration),
  ];
  const same = history.filter((entry) => changes(entry).length === 0);
  const newest = same.filter((entry, at) => !same.slice(at + 1).some((later) => ledger.follows(later, entry)));
  const worst = combineVerdicts(newest.map((entry) => entry.statement.predicate.verdict));
  const chosen = newest.findLast((entry) => entry.statement.predicate.verdict === worst);
  const broken = chosen === undefined ? [] : await evidence.checkOutputs(chosen);
  const last = history.at(-1);
  return {
    step,
    subject,
    configuration,
    fresh: broken.length === 0 ? chosen : undefined,
    last,
    changed: chosen !== undefined || last === undefined ? [] : changes(last),
    issues: [...broken, ...flaky(step, same)],
  };
}

function flaky(step: Step, same: readonly MeasuredEntry[]): Issue[] {
  const verdicts = same.map((entry) => entry.statement.predicate.verdict);
  const failed = verdicts.filter((verdict) => verdict === 'fail').length;
  const last = same.at(-1);
  if (last === undefined || failed === 0 || !verdicts.includes('pass')) return [];
  const message = `${step.id} failed in ${failed} of ${verdicts.length} runs on the very same inputs. Find out why before you trust it.`;
  return [{ code: 'evidence.flaky', severity: 'warning', message, file: last.path, range: FILE_START }];
}

/** A verdict that says something about these inputs. The others are measured again as soon as somebody asks. */
export function isSettled(state: StepState): boolean {
  const verdict = state.fresh?.statement.predicate.verdict;
  return verdict === 'pass' || verdict === 'fail';
}

export function factsOf(entry: MeasuredEntry | undefined): Facts | undefined {
  return entry?.statement.predicate;
}
