import type { Disposable } from '../core/base/disposable.ts';

export interface Reapable {
  /** Begins to end it; its `run` settles soon after. */
  end(): void;
  /** Ends it at once, without waiting. */
  kill(): void;
}

export interface Reaper extends Disposable {
  /** Returns what takes it off the list again. */
  add(item: Reapable): () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const POLL_MS = 20;

/** Marks our own handlers, so that several reapers in one process do not take each other for somebody who decides. */
const OURS = Symbol('reaper');

/**
 * Lets nothing outlive this process. Where nobody else listens to a signal, it ends what runs, waits for it, and then
 * lets the signal have its usual effect; a second signal kills at once. Where somebody listens, they decide, and the exit
 * of the process is what kills.
 */
export function createReaper(): Reaper {
  const items = new Set<Reapable>();
  let ending = false;

  const killAll = (): void => {
    for (const item of items) item.kill();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listeners(signal).some((listener) => !(OURS in listener))) return;
    if (ending) killAll();
    ending = true;
    for (const item of items) item.end();
    const poll = setInterval(() => {
      if (items.size > 0) return;
      clearInterval(poll);
      removeHandlers();
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    }, POLL_MS);
  };
  Object.assign(onSignal, { [OURS]: true });
  const removeHandlers = (): void => {
    process.off('exit', killAll);
    for (const signal of SIGNALS) process.off(signal, onSignal);
  };

  process.on('exit', killAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return {
    add(item) {
      items.add(item);
      return () => items.delete(item);
    },
    dispose() {
      removeHandlers();
      killAll();
    },
  };
}
