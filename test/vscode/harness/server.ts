import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ServerOptions {
  /** The folder of the VS Code server. */
  readonly vscode: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Workspace trust is asked for and enforced. Default: everything is trusted. */
  readonly trust?: boolean;
  /** Default: a free one. */
  readonly port?: number;
  /** Settings of the machine. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A .vsix file to install first. */
  readonly vsix?: string;
}

/** A running VS Code server. */
export interface VsCodeServer {
  /** `127.0.0.1:PORT`. */
  readonly authority: string;
  /** Everything that the extension hosts have logged so far, by file name. */
  logs(): ReadonlyMap<string, string>;
  /** Replaces the settings of the machine. */
  configure(settings: Readonly<Record<string, unknown>>): void;
  stop(): Promise<void>;
}

const START_MS = 60_000;

/** Starts the VS Code server on a free port, with a data folder of its own. */
export async function startServer(options: ServerOptions): Promise<VsCodeServer> {
  const data = mkdtempSync(join(tmpdir(), 'vscode-server-'));
  const machine = join(data, 'data', 'Machine');
  mkdirSync(machine, { recursive: true });
  writeFileSync(join(machine, 'settings.json'), JSON.stringify(options.settings ?? {}));
  const argv = [
    join(options.vscode, 'out', 'server-main.js'),
    '--host',
    '127.0.0.1',
    '--port',
    String(options.port ?? 0),
    '--without-connection-token',
    '--enable-smoke-test-driver',
    '--accept-server-license-terms',
    '--disable-telemetry',
    '--server-data-dir',
    data,
    ...(options.trust === true ? [] : ['--disable-workspace-trust']),
  ];
  if (options.vsix !== undefined) await installVsix(argv[0] ?? '', data, options.vsix);
  const child = spawn(process.execPath, argv, {
    // What VS Code and its extensions leave behind goes with the server.
    env: { ...process.env, TMPDIR: data, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: the extension hosts below it end with it.
    detached: process.platform !== 'win32',
  });
  let output = '';
  const port = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The VS Code server does not start:\n${output}`)), START_MS);
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const found = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`The VS Code server ended with exit code ${code}:\n${output}`)));
  });
  return {
    authority: `127.0.0.1:${port}`,
    configure: (settings) => writeFileSync(join(machine, 'settings.json'), JSON.stringify(settings)),
    logs: () => readLogs(join(data, 'data', 'logs')),
    async stop() {
      await end(child);
      rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Ends the server and all extension hosts that it started. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const signal = (name: NodeJS.Signals): void => {
    try {
      if (process.platform === 'win32') child.kill(name);
      else process.kill(-(child.pid ?? 0), name);
    } catch {
      // It has ended by itself.
    }
  };
  signal('SIGTERM');
  const timer = setTimeout(() => signal('SIGKILL'), 5_000);
  await gone;
  clearTimeout(timer);
  signal('SIGKILL');
}

function installVsix(server: string, data: string, vsix: string): Promise<void> {
  const argv = [
    server,
    '--server-data-dir',
    data,
    '--accept-server-license-terms',
    '--install-extension',
    vsix,
    '--force',
  ];
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0 && output.includes('was successfully installed')) resolve();
      else reject(new Error(`The extension cannot be installed (exit code ${code}):\n${output}`));
    });
  });
}

function readLogs(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!existsSync(folder)) return found;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    const path = join(parentPath, name);
    found.set(path.slice(folder.length + 1), readFileSync(path, 'utf8'));
  }
  return found;
}
