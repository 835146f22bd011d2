import { release } from 'node:os';
import type { Platform } from '../../core/model/scenario.ts';
import type { PlannedPlatform } from '../../core/model/scenarioPlan.ts';

export interface Machine {
  /** `linux`, `macos`, `windows`, or as Node names it. */
  readonly os: string;
  readonly release: string;
}

const NAMES: Readonly<Record<string, string>> = { darwin: 'macos', win32: 'windows' };

export function thisMachine(): Machine {
  return { os: NAMES[process.platform] ?? process.platform, release: release() };
}

export function machineText({ os, release }: Machine): string {
  return `${os} ${release}`;
}

/** The platforms of a scenario, one entry per version, and whether this machine is one of them. */
export function platformsHere(platforms: readonly Platform[], machine: Machine): PlannedPlatform[] {
  return platforms.flatMap(({ os, versions }): PlannedPlatform[] => {
    if (versions.length === 0) return [planned(os, undefined, machine)];
    return versions.map((version) => planned(os, version, machine));
  });
}

function planned(os: string, version: string | undefined, machine: Machine): PlannedPlatform {
  const name = version === undefined ? os : `${os} ${version}`;
  if (os !== machine.os) return { name, runs: false, reason: `this machine is ${machineText(machine)}` };
  if (version !== undefined && !isVersion(machine.release, version)) {
    return { name, runs: false, reason: `this machine has ${machineText(machine)}` };
  }
  return { name, runs: true, reason: `this machine is ${machineText(machine)}` };
}

/** `5.10` is 5.10.223-generic, and not 5.1 or 5.100. */
function isVersion(release: string, version: string): boolean {
  return release === version || (release.startsWith(version) && !/^\d/.test(release.slice(version.length)));
}

/** `linux`, `linux-5.10`, `linux 5.10`: whether the machine is that. */
export function isPlatform(machine: Machine, wanted: string): boolean {
  const [, os = '', version = ''] = /^([a-z]+)(?:[- ](.+))?$/i.exec(wanted.trim()) ?? [];
  const name = NAMES[os.toLowerCase()] ?? os.toLowerCase();
  return name === machine.os && (version === '' || isVersion(machine.release, version));
}
