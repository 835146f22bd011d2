import type { System } from '../ports.ts';

/** How to install a tool, one command or sentence for each way. */
export interface InstallHints {
  readonly apt?: string;
  readonly dnf?: string;
  readonly pacman?: string;
  readonly apk?: string;
  readonly brew?: string;
  readonly winget?: string;
  readonly choco?: string;
  /** Where no package manager has it, or none is known. */
  readonly other: string;
}

/** What `doctor --fix` can run without root. `{bin}` and `{prefix}` stand for folders under `.infrabuilder/tools`. */
export interface Installer {
  /** Program that must be there: go or npm. */
  readonly with: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Name of the installed file, where it is not that of the tool. */
  readonly leaves?: string;
}

/** One row of the table of tools. */
export interface ToolSpec {
  readonly id: string;
  readonly title: string;
  /** Any of these programs will do. */
  readonly programs: readonly string[];
  readonly why: string;
  /** Commands of the CLI that need it. */
  readonly commands: readonly string[];
  /** Undefined: its version is not asked for. */
  readonly versionArgs?: readonly string[];
  readonly parse?: (output: string) => string | undefined;
  readonly minimum?: string;
  /** A part that is asked for apart, such as `docker compose`. */
  readonly part?: {
    readonly title: string;
    readonly args: readonly string[];
    readonly parse: (output: string) => string | undefined;
    readonly why: string;
  };
  readonly systems?: readonly System['os'][];
  readonly install: InstallHints;
  readonly installers: readonly Installer[];
}
