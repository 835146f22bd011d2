import { composeEngine } from '../../../src/compose.ts';
import type { Engine } from '../../../src/core/engine.ts';

const engines = new Map<string, Engine>();

/** A real engine, as the command line has it; one for each folder. */
export function openEngine(root: string): Engine {
  const engine =
    engines.get(root) ?? composeEngine(root, root, { env: process.env, approval: { confirm: async () => false } });
  engines.set(root, engine);
  return engine;
}
