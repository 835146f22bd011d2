import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError, errorMessage } from '../../core/base/errors.ts';

const run = promisify(execFile);
const BUILD_MS = 120_000;

export interface ToolRequest {
  /** Absolute folder of the Go source: `templates/e2e-workload` of the installation. */
  readonly source: string;
  /** Absolute folder to keep the program in: `.infrabuilder/tools` of the workspace. */
  readonly cache: string;
  /** For tests: Go build tags. */
  readonly tags?: string;
  readonly go?: string;
  readonly signal?: AbortSignal;
}

/** The path of the workload program, built on first use and kept by the digest of its source. Needs Go, no network. */
export async function workloadTool(request: ToolRequest): Promise<string> {
  const extension = process.platform === 'win32' ? '.exe' : '';
  const name = `workload-${await digest(request)}${extension}`;
  const target = join(request.cache, name);
  if (
    await access(target).then(
      () => true,
      () => false,
    )
  )
    return target;
  await mkdir(request.cache, { recursive: true });
  const folder = await mkdtemp(join(request.cache, 'build-'));
  try {
    const built = join(folder, name);
    const args = [
      'build',
      '-trimpath',
      '-buildvcs=false',
      ...(request.tags ? ['-tags', request.tags] : []),
      '-o',
      built,
      '.',
    ];
    await run(request.go ?? 'go', args, {
      cwd: request.source,
      timeout: BUILD_MS,
      windowsHide: true,
      // The source needs the standard library only: nothing may be downloaded, neither modules nor a tool chain.
      env: {
        ...process.env,
        CGO_ENABLED: '0',
        GOFLAGS: '-mod=mod',
        GOTOOLCHAIN: 'local',
        GOPROXY: 'off',
        GOWORK: 'off',
      },
      ...(request.signal ? { signal: request.signal } : {}),
    });
    await rename(built, target);
    return target;
  } catch (error) {
    throw buildError(error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function digest(request: ToolRequest): Promise<string> {
  const hash = createHash('sha256').update(`${process.platform}/${process.arch}/${request.tags ?? ''}\n`);
  const names = (await readdir(request.source)).filter((name) => /\.(go|s|mod)$/.test(name)).sort();
  if (names.length === 0) {
    throw new EnvironmentError(
      'workload.no-source',
      `There is no Go source in ${request.source}.`,
      'Install InfraBuilder again.',
    );
  }
  for (const name of names) hash.update(`${name}\n`).update(await readFile(join(request.source, name)));
  return hash.digest('hex').slice(0, 16);
}

function buildError(error: unknown): Error {
  const { code, stderr } = error as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') {
    return new EnvironmentError(
      'workload.no-go',
      'The workload generator is built with Go, and there is no `go` on the PATH.',
      'Install Go 1.22 or later.',
      {
        cause: error,
      },
    );
  }
  if ((error as Error).name === 'AbortError') return error as Error;
  const output = (stderr ?? '').trim() || errorMessage(error);
  return new EnvironmentError(
    'workload.build-failed',
    `The workload generator cannot be built:\n${output}`,
    'It needs Go 1.22 or later; `go version` shows yours.',
    {
      cause: error,
    },
  );
}
