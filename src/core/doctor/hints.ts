import type { System } from '../ports.ts';
import type { InstallHints } from './tool.ts';

/** How to install a tool here: by the package manager that this Linux has, by brew, or by winget or choco. */
export function installHint(hints: InstallHints, os: System['os'], manager: string | undefined): string {
  switch (os) {
    case 'macos':
      return hints.brew ?? hints.other;
    case 'windows':
      return [hints.winget, hints.choco].filter(Boolean).join(', or: ') || hints.other;
    default:
      return pick(hints, manager) ?? hints.other;
  }
}

function pick(hints: InstallHints, manager: string | undefined): string | undefined {
  switch (manager) {
    case 'apt':
    case 'dnf':
    case 'pacman':
    case 'apk':
      return hints[manager];
    default:
      return undefined;
  }
}
