import { join } from 'node:path';
import { createEngine, type Engine, type EnginePorts } from '../../../src/core/engine.ts';
import type { Files, WorkTree } from '../../../src/core/ports.ts';
import { createFiles } from '../../../src/node/files.ts';
import { createMachine } from '../../../src/node/machine.ts';
import { createProcesses } from '../../../src/node/processes.ts';
import { createSyntaxTrees } from '../../../src/node/syntaxTrees.ts';
import { createTemplates } from '../../../src/node/templates.ts';
import { createWorkTree } from '../../../src/node/tree.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const MODULES = join(REPOSITORY, 'node_modules');

const opened: { dispose(): void }[] = [];

/** Lets go of what the engines made so far hold. */
export function closeEngines(): void {
  for (const one of opened.splice(0)) one.dispose();
}

/** A real engine. `touch` is called before each change of a file that is not a cache, the journal's removal included. */
export function realEngine(root: string, touch: (what: string) => void = () => {}): Engine {
  const real = createFiles(root);
  const processes = createProcesses(root);
  opened.push(processes);
  const files: Files = {
    ...real,
    write: (path, content, options) => {
      if (!path.startsWith('.infrabuilder/evidence/')) touch(`write ${path}`);
      return real.write(path, content, options);
    },
    remove: (path) => {
      touch(`remove ${path}`);
      return real.remove(path);
    },
  };
  const tree = createWorkTree(real);
  const watched: WorkTree = {
    ...tree,
    move: (from, to) => {
      touch(`move ${from}`);
      return tree.move(from, to);
    },
  };
  const unused = {} as Omit<
    EnginePorts,
    'files' | 'processes' | 'clock' | 'approval' | 'tree' | 'machine' | 'trees' | 'templates' | 'version' | 'env'
  >;
  return createEngine({
    ...unused,
    files,
    processes,
    clock: { now: () => new Date(), monotonic: () => performance.now() },
    approval: { confirm: async () => false },
    tree: watched,
    machine: createMachine(processes),
    trees: createSyntaxTrees({
      grammarDir: join(MODULES, '@vscode/tree-sitter-wasm/wasm'),
      engine: join(MODULES, 'web-tree-sitter/web-tree-sitter.wasm'),
    }),
    templates: createTemplates(join(REPOSITORY, 'templates')),
    version: '1.0.0',
    env: process.env,
  });
}
