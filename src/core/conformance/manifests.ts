import { posix } from 'node:path';
import { type GoModule, readGoMod } from './go/modules.ts';
import type { Manifests } from './sources.ts';

/** Names by which packages of this tree are imported. `texts` are manifests by path. One that is not valid names none. */
export function readManifests(texts: ReadonlyMap<string, string>): Manifests {
  const go: GoModule[] = [];
  const script: GoModule[] = [];
  const rust: GoModule[] = [];
  for (const [path, text] of texts) {
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    const name = posix.basename(path);
    if (name === 'go.mod') go.push(...readGoMod(text, folder));
    else if (name === 'package.json') script.push(...named(packageName(text), folder));
    else if (name === 'Cargo.toml') rust.push(...named(crateName(text), folder));
  }
  return { go, script, rust };
}

function named(path: string | undefined, folder: string): GoModule[] {
  return path === undefined ? [] : [{ path, folder }];
}

function packageName(text: string): string | undefined {
  try {
    const name = (JSON.parse(text) as { name?: unknown }).name;
    return typeof name === 'string' ? name : undefined;
  } catch {
    return undefined;
  }
}

function crateName(text: string): string | undefined {
  const section = /^\[package\]\s*$([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(text)?.[1] ?? '';
  return /^\s*name\s*=\s*"([^"]+)"/m.exec(section)?.[1];
}
