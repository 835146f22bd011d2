import { posix } from 'node:path';
import type { Files } from '../ports.ts';

/** A Go module of the workspace: import path and folder. */
export interface GoModule {
  readonly path: string;
  readonly dir: string;
}

const DEEPEST = 3;
const SKIPPED = /^(?:\.|_|node_modules$|vendor$|testdata$)/;

/** The modules that a command run in `cwd` may speak of: those of the folders above it and up to three levels below. */
export async function findGoModules(files: Files, cwd: string): Promise<GoModule[]> {
  const found: GoModule[] = [];
  for (let dir = posix.normalize(cwd); ; dir = posix.dirname(dir)) {
    await readModule(files, dir, found);
    if (dir === '.') break;
  }
  await below(files, posix.normalize(cwd), DEEPEST, found);
  return found;
}

async function below(files: Files, dir: string, levels: number, found: GoModule[]): Promise<void> {
  if (levels === 0) return;
  for (const entry of await files.list(dir)) {
    if (entry.kind !== 'folder' || SKIPPED.test(entry.name)) continue;
    const child = posix.join(dir, entry.name);
    await readModule(files, child, found);
    await below(files, child, levels - 1, found);
  }
}

async function readModule(files: Files, dir: string, found: GoModule[]): Promise<void> {
  const text = await files.read(posix.join(dir, 'go.mod'));
  const path = /^\s*module\s+"?([^\s"]+)"?/m.exec(text ?? '')?.[1];
  if (path !== undefined) found.push({ path, dir });
}

/** The folder of a package, by the module with the longest path that holds it. */
export function packageFolder(modules: readonly GoModule[], importPath: string): string | undefined {
  let best: GoModule | undefined;
  for (const module of modules) {
    const holds = importPath === module.path || importPath.startsWith(`${module.path}/`);
    if (holds && module.path.length > (best?.path.length ?? -1)) best = module;
  }
  return best === undefined ? undefined : posix.join(best.dir, importPath.slice(best.path.length));
}
