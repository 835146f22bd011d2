import type { Run } from './run.ts';

/**
 * The context value of a run's row: what its menu may offer, such as `run.ended.transcript.change.resume`. `all`: the newest
 * first. Of several runs on one copy the newest decides about it.
 */
export function menuOf(run: Run, all: readonly Run[]): string {
  const { end, copy, settled, session } = run;
  if (end === undefined) return 'run.running';
  const words = ['run.ended', ...(hasLog(run) ? ['log'] : [])];
  if (copy === undefined) return words.join('.');
  words.push('transcript');
  const newest = all.find((other) => other.session === session && other.copy === copy);
  if (settled !== undefined || newest !== run) return words.join('.');
  const isDone = end.kind === 'implement' && end.result.outcome === 'done';
  return [...words, 'change', ...(isDone ? [] : ['resume'])].join('.');
}

function hasLog({ end }: Run): boolean {
  return (end?.kind === 'check' && end.result.log !== null) || (end?.kind === 'scenario' && end.result.report !== null);
}
