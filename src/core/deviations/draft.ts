import { HumanError } from '../base/errors.ts';
import { type Deviation, deviationSchema, type RegisteredDeviation } from '../model/deviation.ts';
import { editYaml } from '../parse/edit.ts';
import type { YamlValue } from '../parse/render.ts';
import { closest } from '../parse/suggest.ts';
import { inFolder } from '../project/layout.ts';
import type { Snapshot } from '../project/snapshot.ts';

/** What a person gives for a new deviation. */
export interface DeviationInput {
  /** By default made from item and change. */
  readonly id?: string | undefined;
  readonly item: string;
  readonly change: string;
  readonly justification: string;
  /** Goal id to what the deviation does to it; at least one, because those are verified. */
  readonly impact: Readonly<Record<string, string>>;
  /** Rules or files that it covers; at least one, or the exception would grow. */
  readonly scope: readonly string[];
  /** The last day on which it holds. */
  readonly expires: string;
}

/** Checks what a person proposes. Throws HumanError that names everything wrong at once. */
export function draftDeviation(input: DeviationInput, snapshot: Snapshot, today: string): Deviation {
  const problems = [...goalProblems(input, snapshot), ...limitProblems(input, today)];
  const taken = new Set(snapshot.deviations.map(({ value }) => value.id.toLowerCase()));
  const id = input.id ?? freeId(input, taken);
  if (taken.has(id.toLowerCase())) problems.push(`There is a deviation ${id} already.`);
  const parsed = deviationSchema.safeParse({
    id,
    date: today,
    blueprint_item: input.item.trim(),
    change: input.change.trim(),
    justification: input.justification.trim(),
    impact_analysis: input.impact,
    scope: input.scope,
    expires: input.expires,
    status: 'proposed',
  });
  for (const { path, message } of parsed.error?.issues ?? []) problems.push(`${path.join('.')}: ${message}.`);
  if (problems.length === 0 && parsed.data !== undefined) return parsed.data;
  throw new HumanError('deviation.invalid', problems.join(' '), 'See "infrabuilder deviation add --help".');
}

function goalProblems({ item, scope, impact }: DeviationInput, snapshot: Snapshot): string[] {
  const goals = snapshot.goals.map(({ id }) => id);
  const hard = [item, ...scope].filter((one) => goals.includes(one.trim()));
  const found = hard.map((id) => {
    return `${id} is a hard-stop goal, and nobody may deviate from it. Name the rule or blueprint item that changes.`;
  });
  const named = Object.keys(impact);
  if (named.length === 0) found.push('No impact is named. Say for at least one goal what the deviation does to it.');
  for (const id of named.filter((one) => !goals.includes(one))) {
    const like = closest(id, goals);
    found.push(`No goal is called ${id}.${like === undefined ? '' : ` Did you mean ${like}?`}`);
  }
  return found;
}

function limitProblems({ scope, expires }: DeviationInput, today: string): string[] {
  const found: string[] = [];
  if (scope.length === 0) found.push('No scope is named. Say which rules or files it covers.');
  if (expires <= today) found.push(`It would expire on ${expires}, which is not after ${today}.`);
  return found;
}

/** Two people on two branches must not invent the same id for two deviations, so it is made of what it says. */
function freeId({ item, change }: DeviationInput, taken: ReadonlySet<string>): string {
  const words = change.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const base = [
    item
      .trim()
      .replace(/[^A-Za-z0-9_-]+/g, '-')
      .replace(/^[-_]+|-+$/g, ''),
    ...words.slice(0, 4),
  ]
    .filter((part) => part !== '')
    .join('-');
  let id = base;
  for (let at = 2; taken.has(id.toLowerCase()); at++) id = `${base}-${at}`;
  return id;
}

export function deviationFile({ layout }: Snapshot, { id }: Pick<Deviation, 'id'>): string {
  return inFolder(inFolder(layout.docs, 'deviations'), `${id}.yaml`);
}

export function deviationYaml(deviation: Deviation): string {
  return editYaml('', [{ op: 'set', path: [], value: { ...deviation } as unknown as YamlValue }]);
}

/** The file's text with the approval; comments and order stay. Throws HumanError where nobody may approve it. */
export function approvedText(
  text: string,
  { value, recorded }: Pick<RegisteredDeviation, 'value' | 'recorded'>,
  by: string,
  today: string,
): string {
  const { id, status, expires } = value;
  if (!/\p{L}{2}/u.test(by)) {
    throw new HumanError(
      'deviation.no-name',
      'An approval needs the name of a person.',
      'Say who approves: --by NAME.',
    );
  }
  if (status === 'approved' && recorded) throw new HumanError('deviation.approved', `${id} is approved already.`);
  if (status === 'rejected') throw new HumanError('deviation.rejected', `${id} was rejected.`, 'Propose another one.');
  if (expires !== undefined && expires < today) {
    throw new HumanError('deviation.expired', `${id} expired on ${expires}.`, 'Give it a later date, then approve it.');
  }
  return editYaml(text, [
    { op: 'set', path: ['status'], value: 'approved' },
    { op: 'set', path: ['approved_by'], value: by.trim() },
  ]);
}
