import { posix } from 'node:path';
import { type GoModule, readGoMod } from './go/modules.ts';
import { scriptAliases } from './scriptAliases.ts';
import type { Alias, Manifests } from './sources.ts';

/** Names by which packages of this tree are imported. `texts` are manifests by path. One that is not valid names none. */
export function readManifests(texts: ReadonlyMap<string, string>): Manifests {
  const go: GoModule[] = [];
  const script: GoModule[] = [];
  const rust: GoModule[] = [];
  const aliases: Alias[] = [];
  for (const [path, text] of texts) {
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    const name = posix.basename(path);
    if (name === 'go.mod') go.push(...readGoMod(text, folder));
    else if (name === 'Cargo.toml') rust.push(...named(crateName(text), folder));
    else {
      if (name === 'package.json') script.push(...named(packageName(text), folder));
      aliases.push(...scriptAliases(name, text, folder));
    }
  }
  aliases.sort((a, b) => b.folder.length - a.folder.length);
  return { go, script, rust, aliases };
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
