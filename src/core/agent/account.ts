import type { Implementation, TranscriptEntry } from '../model/implementation.ts';
import { LONGEST, messageOf } from './conversation.ts';
import { plainPath } from './guards/path.ts';
import { estimatedUsage, sizeOf } from './usage.ts';

type EntryOf<T extends TranscriptEntry['type']> = Extract<TranscriptEntry, { type: T }>;

/** What a run has used and done, as its transcript says: nothing else is kept, so a resumed run counts on from there. */
export interface Account {
  readonly run: EntryOf<'run'> | undefined;
  readonly baseline: EntryOf<'baseline'>['checks'] | undefined;
  /** Turns that the model has taken. */
  readonly steps: number;
  readonly usage: Implementation['usage'];
  /** How often each stage failed. */
  readonly failed: ReadonlyMap<string, number>;
  readonly lastVerdict: EntryOf<'verdict'> | undefined;
  readonly refusals: Implementation['refusals'];
  /** Paths that tools have written. */
  readonly written: ReadonlySet<string>;
  /** Milliseconds of work, without the time between a crash and the next start. */
  readonly elapsed: number;
  /** Characters of the conversation so far. */
  readonly sent: number;
  /** Calls of the turn that is under way, by id. */
  readonly calls: ReadonlyMap<string, { readonly name: string; readonly path: string | undefined }>;
  readonly last: string | undefined;
}

/** How a state's `why` begins where a run goes on after a break: the time before it was no work. */
export const RESUMED = 'Resumed';

const WRITERS = ['edit_file', 'create_file', 'delete_file'];

export const NO_ACCOUNT: Account = {
  run: undefined,
  baseline: undefined,
  steps: 0,
  usage: { requests: 0, inputTokens: 0, outputTokens: 0 },
  failed: new Map(),
  lastVerdict: undefined,
  refusals: [],
  written: new Set(),
  elapsed: 0,
  sent: 0,
  calls: new Map(),
  last: undefined,
};

/** The account after one more entry. */
export function count(account: Account, entry: TranscriptEntry): Account {
  return { ...account, ...changeOf(account, entry), elapsed: account.elapsed + worked(account, entry), last: entry.at };
}

function changeOf(account: Account, entry: TranscriptEntry): Partial<Account> {
  switch (entry.type) {
    case 'run':
      return { run: entry };
    case 'baseline':
      return { baseline: entry.checks };
    case 'request': {
      const fresh = entry.messages.flatMap(messageOf);
      return { sent: fresh.reduce((sum, message) => sum + sizeOf(message), account.sent) };
    }
    case 'response': {
      const calls = entry.toolCalls.map(({ id, name, input }) => [id, { name, path: pathOf(input?.path) }] as const);
      return { steps: entry.step, usage: addUsage(account, entry), calls: new Map(calls) };
    }
    case 'tool':
      return entry.refused === null ? taken(account, entry) : refused(account, entry, entry.refused);
    case 'verdict': {
      const times = (account.failed.get(entry.stage) ?? 0) + (entry.holds ? 0 : 1);
      return { lastVerdict: entry, failed: new Map(account.failed).set(entry.stage, times) };
    }
    default:
      return {};
  }
}

function taken(account: Account, { name, callId }: EntryOf<'tool'>): Partial<Account> {
  const path = account.calls.get(callId)?.path;
  if (!WRITERS.includes(name) || path === undefined) return {};
  return { written: new Set([...account.written, path]) };
}

function refused(account: Account, { step, name, result }: EntryOf<'tool'>, code: string): Partial<Account> {
  return { refusals: [...account.refusals, { step, tool: name, code, message: result }] };
}

function addUsage({ usage, sent }: Account, entry: EntryOf<'response'>): Account['usage'] {
  const more = entry.usage ?? estimatedUsage(Math.min(sent, LONGEST), sizeOf(entry));
  return {
    requests: usage.requests + 1,
    inputTokens: usage.inputTokens + more.inputTokens,
    outputTokens: usage.outputTokens + more.outputTokens,
    ...((usage.estimated === true || entry.usage === null) && { estimated: true }),
  };
}

function worked({ last }: Account, entry: TranscriptEntry): number {
  if (last === undefined || (entry.type === 'state' && entry.why.startsWith(RESUMED))) return 0;
  return Math.max(0, Date.parse(entry.at) - Date.parse(last));
}

function pathOf(given: unknown): string | undefined {
  const plain = typeof given === 'string' ? plainPath(given) : undefined;
  return plain !== undefined && 'path' in plain ? plain.path : undefined;
}
