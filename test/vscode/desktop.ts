// npm run test:vscode -- --desktop: the tests of the extension host in a desktop VS Code, which is downloaded.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { CACHE } from './harness/paths.ts';

export interface DesktopRequest {
  /** Absolute path of the extension's folder, with the tests in it. */
  readonly extension: string;
  /** Absolute path of a .code-workspace file. */
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  /** The file that the suite reports to. */
  readonly report: string;
}

/** Runs the suite in a desktop VS Code of the version that the extension asks for at least. Returns the report. */
export async function runOnDesktop({ extension, workspace, env, report }: DesktopRequest): Promise<string> {
  const { engines } = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as {
    engines: { vscode: string };
  };
  try {
    await runTests({
      version: engines.vscode.replace('^', ''),
      cachePath: join(CACHE, 'desktop'),
      extensionDevelopmentPath: extension,
      extensionTestsPath: join(extension, 'test', 'index.js'),
      extensionTestsEnv: { ...env },
      launchArgs: [workspace, '--disable-workspace-trust', '--disable-extensions', '--skip-welcome'],
    });
  } catch (error) {
    // A failing test ends VS Code with an exit code; the report says which one.
    console.error(error instanceof Error ? error.message : error);
  }
  return readFileSync(report, 'utf8');
}
