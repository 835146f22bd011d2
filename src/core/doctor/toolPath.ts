import type { System } from '../ports.ts';

/** Where `doctor --fix` installs, relative to the workspace root. */
export const TOOLS_FOLDER = '.infrabuilder/tools';
export const TOOLS_BIN = `${TOOLS_FOLDER}/bin`;

/** The folder that goes first on the PATH of every check, for the workspace at `root` (absolute). */
export function toolPath(root: string): string {
  return `${root.replace(/[\\/]+$/, '')}/${TOOLS_BIN}`;
}

/** npm puts programs into `bin` below its prefix, on Windows into the prefix itself: both are TOOLS_BIN here. */
export function npmPrefix(root: string, os: System['os']): string {
  return os === 'windows' ? toolPath(root) : toolPath(root).slice(0, -'/bin'.length);
}

/** `env` with the tools' folder first on its PATH, under whatever name the system spells it. */
export function withToolPath(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
  os: System['os'],
): Record<string, string> {
  const name = os === 'windows' ? (Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH') : 'PATH';
  const separator = os === 'windows' ? ';' : ':';
  const path = env[name];
  return { [name]: path ? toolPath(root) + separator + path : toolPath(root) };
}
