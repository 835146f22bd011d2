import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Sample {
  /** Absolute path of the workspace. */
  readonly folder: string;
  remove(): void;
}

/** A copy of the embedded workspace in a temporary folder. `extension`: folder with the built command line. */
export function makeSample(extension: string): Sample {
  const parent = mkdtempSync(join(tmpdir(), 'vscode-sample-'));
  const argv = [join(extension, 'dist', 'cli.js'), 'init', '--sample', '--no-containers', 'sample'];
  execFileSync(process.execPath, argv, { cwd: parent, stdio: ['ignore', 'ignore', 'pipe'] });
  return {
    folder: join(parent, 'sample'),
    remove: () => rmSync(parent, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }),
  };
}
