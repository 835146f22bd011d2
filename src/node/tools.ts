import { accessSync, constants, lstatSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { FoundProgram, System, Tools } from '../core/ports.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SYSTEMS: Partial<Record<NodeJS.Platform, System['os']>> = { linux: 'linux', darwin: 'macos', win32: 'windows' };

export interface ToolsOptions {
  readonly env: Environment;
  /** Folders that come before those of PATH: where InfraBuilder installs tools of its own. */
  readonly first: readonly string[];
}

/** The Tools port: programs as PATH (and PATHEXT, on Windows) finds them. */
export function createTools({ env, first }: ToolsOptions): Tools {
  return {
    system: { os: SYSTEMS[process.platform] ?? 'other', arch: process.arch },
    async find(program) {
      const folders = [...first, ...pathOf(env).split(delimiter)].filter((folder) => folder !== '');
      const candidates = folders.flatMap((folder) =>
        suffixes(program, env).map((suffix) => join(folder, program + suffix)),
      );
      let broken: FoundProgram | undefined;
      for (const path of candidates) {
        const found = inspect(path);
        if (found?.broken === undefined && found !== undefined) return found;
        broken ??= found;
      }
      return broken;
    },
  };
}

/** On Windows the variable may be spelled `Path`. */
function pathOf(env: Environment): string {
  if (env.PATH !== undefined || process.platform !== 'win32') return env.PATH ?? '';
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH');
  return name === undefined ? '' : (env[name] ?? '');
}

function suffixes(program: string, env: Environment): string[] {
  if (process.platform !== 'win32') return [''];
  const known = (env.PATHEXT ?? '.COM;.EXE;.BAT;.CMD').split(';').filter(Boolean);
  return known.some((suffix) => program.toLowerCase().endsWith(suffix.toLowerCase())) ? [''] : known;
}

function inspect(path: string): FoundProgram | undefined {
  try {
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return { path, broken: 'dangling-link' };
    if (!stats.isFile()) return undefined;
    accessSync(path, constants.X_OK);
    return { path, broken: undefined };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return { path, broken: 'not-executable' };
    return code === 'ELOOP' ? { path, broken: 'dangling-link' } : undefined;
  }
}
