import type { LoopState } from '../model/implementation.ts';

/** What happens to a run. `judged` is the only way to `done`, and the gate alone fills it. */
export type LoopEvent =
  /** The work of a state that the machine does by itself is finished. */
  | { readonly kind: 'ready'; readonly why: string }
  /** The model asks to be verified, in a call or in words. */
  | { readonly kind: 'requested'; readonly why: string }
  | { readonly kind: 'judged'; readonly missing: number; readonly tampering: number; readonly why: string }
  /** The run ends without being done. */
  | { readonly kind: 'stopped'; readonly outcome: 'not-done' | 'needs-person'; readonly why: string };

export interface LoopStep {
  readonly state: LoopState;
  readonly why: string;
}

const AFTER_WORK: Partial<Record<LoopState, LoopState>> = {
  intake: 'plan',
  plan: 'architecture',
  architecture: 'baseline',
  baseline: 'edit',
};
const ENDS: readonly LoopState[] = ['done', 'not-done', 'needs-person'];

/** The state after an event. Throws for an event that the state cannot have: that is a bug, not an outcome. */
export function nextState(state: LoopState, event: LoopEvent): LoopStep {
  const { why } = event;
  if (!ENDS.includes(state)) {
    if (event.kind === 'stopped') return { state: event.outcome, why };
    const after = event.kind === 'ready' ? AFTER_WORK[state] : undefined;
    if (after !== undefined) return { state: after, why };
    if (event.kind === 'requested' && state === 'edit') return { state: 'check', why };
    if (event.kind === 'judged' && (state === 'check' || state === 'verify'))
      return { state: judged(state, event), why };
  }
  throw new Error(`A run in the state ${state} cannot take the event ${event.kind}.`);
}

/** The cheap stage comes first, and only the whole gate says done. */
function judged(state: 'check' | 'verify', { missing, tampering }: { missing: number; tampering: number }): LoopState {
  if (missing > 0 || tampering > 0) return 'edit';
  return state === 'check' ? 'verify' : 'done';
}

export function isEnd(state: LoopState): state is 'done' | 'not-done' | 'needs-person' {
  return ENDS.includes(state);
}
